//! Where things stand on paper.

use crate::tools::{in_window, is_clear, said as told, text, words};
use crate::{draft, lines, said};

#[test]
fn the_address_and_nothing_else_stands_in_the_window() {
    let most =
        lines(&["Dr Siân Ŵyn-Jones", "Flat 3", "The Old Mill", "12 High Street", "Upper Town", "Anytown", "ZX4 7QT"]);
    let addresses = [
        draft().address,
        lines(&["Ann", "Anytown", "ZX4 7QT"]),
        lines(&["Ann Lee", "12 rue de la Paix", "75002 Paris", "France"]),
        most.clone(),
        most[1..].to_vec(),
    ];
    for address in addresses {
        let pdf = {
            let mut draft = draft();
            draft.address = address.clone();
            draft.print()
        };
        let inside: Vec<String> = in_window(&pdf).into_iter().map(|word| word.text).collect();
        assert_eq!(inside.join(" "), address.join(" "));
        assert!(is_clear(&pdf), "{address:?}");
    }
}

#[test]
fn what_should_be_seen_is_seen_by_the_tests() {
    // The page behind the first has words where the window of the first is.
    let mut draft = draft();
    draft.blocks = said(&format!("Dear ((name)),\n\n{}", "Words and words. ".repeat(700)), "Ann");
    let pdf = draft.print();
    assert!(in_window(&pdf).iter().all(|word| word.page == 1));
    let second = words(&pdf).into_iter().filter(|word| word.page == 2 && word.top < 95.0).count();
    assert!(second > 50, "{second}");
}

#[test]
fn pages_are_numbered_from_the_second_on() {
    let mut draft = draft();
    draft.blocks = said(&format!("Annwyl ((name)),\n\n{}", "Geiriau a geiriau. ".repeat(700)), "Ann");
    for (language, name, of) in [("en", "Page", "of"), ("cy", "Tudalen", "o")] {
        draft.language = language;
        let printed = draft.try_print().expect("a letter");
        assert!(printed.pages > 2);
        let all = words(&printed.pdf);
        for page in 1..=printed.pages {
            let foot: Vec<&str> =
                all.iter().filter(|w| w.page == page && w.top > 277.0).map(|w| w.text.as_str()).collect();
            let number = format!("{name} {page} {of} {}", printed.pages);
            assert_eq!(foot.join(" "), if page == 1 { String::new() } else { number });
        }
        let info = told("pdfinfo", &["FILE"], &printed.pdf);
        assert!(info.contains(&format!("Pages:           {}\n", printed.pages)) && info.contains("A4"), "{info}");
    }
}

#[test]
fn nothing_runs_out_of_its_place_however_long() {
    let long = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch".repeat(6);
    let address = format!("https://example.org/{}?from={}", "a-very-long-path/".repeat(20), "W".repeat(300));
    let body = format!(
        "# {long}\n\nDear ((name)),\n\n{long} **{long}** [our pages]({address})\n\n* {long}\n  1. {long}\n     * {long}\n\n\
         ^ {long}\n\n| {long} | b | c | d |\n|---|---|---|---|\n| {long} | {long} | c | WWWWWWWWWWWWWWWWWWWWWWWWW |\n\n\
         | a | b | c | d | e | f |\n|---|---|---|---|---|---|\n| {long} | 2 | 3 | 4 | 5 | 6 |"
    );
    let mut draft = draft();
    draft.subject = long.clone();
    draft.office.name = long.clone();
    draft.reference = Some("9".repeat(300));
    draft.blocks = said(&body, &long);
    let pdf = draft.print();
    in_window(&pdf);
    assert!(is_clear(&pdf));
    assert!(text(&pdf).contains(&long) && text(&pdf).contains(&address), "it is broken, and nothing of it is lost");
}

//! How programs that read aloud find a letter.

use crate::tools::{said as told, text};
use crate::{draft, said};

const BODY: &str = "# New days\n\nDear ((name)),\n\nyour bins go on **Monday**, *not* on Friday:\n\n* blue\n* green\n\n## To do\n\n\
    1. Put them out.\n2. Take them in.\n\n| Bin | Day |\n|---|---|\n| Blue | Monday |\n\n> Keep it.\n\n---\n\n\
    [Our pages](https://example.org/bins) or [write](mailto:bins@example.org).\n\n![A map](https://example.org/map.png)";

#[test]
fn each_file_says_that_it_is_for_everybody_and_is_sound() {
    for (language, code) in [("en", "en"), ("cy-GB", "cy")] {
        let mut draft = draft();
        draft.language = language;
        draft.blocks = said(BODY, "Ann");
        let pdf = draft.print();
        told("qpdf", &["--check", "FILE"], &pdf);
        let info = told("pdfinfo", &["FILE"], &pdf);
        for line in [
            "Title:           Your bins",
            "Author:          Anytown Council",
            "Tagged:          yes",
            "Suspects:        no",
        ] {
            assert!(info.contains(line), "{line}: {info}");
        }
        let meta = told("pdfinfo", &["-meta", "FILE"], &pdf);
        assert!(meta.contains("<pdfuaid:part>1</pdfuaid:part>"), "{meta}");
        let whole = String::from_utf8_lossy(&crate::tools::told(
            "qpdf",
            &["--qdf", "--object-streams=disable", "FILE", "-"],
            &pdf,
        ))
        .into_owned();
        assert!(whole.contains(&format!("/Lang ({code})")), "{language}");
        let fonts = told("pdffonts", &["FILE"], &pdf);
        let fonts: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(
            !fonts.is_empty()
                && fonts.iter().all(|font| font.contains("LiberationSans") && font.contains("yes yes yes")),
            "{fonts:?}"
        );
    }
}

#[test]
fn what_it_says_is_read_in_order_with_what_it_is() {
    let mut draft = draft();
    draft.blocks = said(BODY, "Ann");
    let pdf = draft.print();
    let read = told("pdfinfo", &["-struct-text", "FILE"], &pdf);
    let mut from = 0;
    for one in [
        "Anytown Council",
        "Ms Ann Lee",
        "ZX4 7QT",
        "1 December 2026",
        "Our reference: B-17",
        "Your bins",
        "H1",
        "New days",
        "Dear Ann,",
        "Monday",
        "L (block)",
        "blue",
        "green",
        "H2",
        "To do",
        "L (block)",
        "Put them out.",
        "Table",
        "TH",
        "Bin",
        "TD",
        "Blue",
        "Keep it.",
        "Our pages: https://example.org/bins",
        "write: bins@example.org",
        "[A map]",
    ] {
        let found = read[from..].find(one).unwrap_or_else(|| panic!("{one} is not in its place:\n{read}"));
        from += found;
    }
}

#[test]
fn nothing_in_a_text_is_read_as_the_language_of_the_typesetter() {
    let odd = [
        "#panic(\"no\")",
        "#read(\"/etc/passwd\")",
        "#import \"@preview/x:1.0.0\"",
        "$x^2$",
        "@fig",
        "<label>",
        "*bold*",
        "_em_",
        "`raw`",
        "= Heading",
        "- item",
        "+ item",
        "/ term: x",
        "// gone",
        "/* gone */",
        "\\u{41}",
        "\\",
        "\\\\",
        "~",
        "--",
        "---",
        "...",
        "\"quoted\"",
        "'single'",
        "]",
        "[",
        "{",
        "}",
        "}#",
        "\"}],",
        "\\n",
        "%",
        "&amp;",
        "<b>",
        "${x}",
        "((name))",
        "#{1 + 1}",
    ];
    for one in odd {
        let mut draft = draft();
        draft.subject = one.to_owned();
        draft.office.name = format!("Office {one}");
        draft.office.lines = vec![format!("at {one}")];
        draft.address[0] = format!("Ann {one} Lee");
        draft.reference = Some(one.to_owned());
        draft.blocks = said("Dear ((name)) here.", one);
        let pdf = draft.print();
        let (text, one): (String, String) = (text(&pdf), one.split_whitespace().collect());
        for whole in [format!("Office{one}at{one}Ann{one}Lee"), format!("Ourreference:{one}{one}Dear{one}here.")] {
            assert!(text.contains(&whole), "{whole}: {text}");
        }
    }
}

#[test]
fn the_same_letter_gives_the_same_file() {
    let first = draft().print();
    assert_eq!(first, draft().print());
    let mut other = draft();
    other.address[0] = "Ms Ann Leigh".to_owned();
    other.print();
    assert_eq!(first, draft().print(), "whatever was printed between them");
}

//! What can't be printed is refused with a sentence; nothing is cut off.

use commonweal_letters::Problem;
use commonweal_messages::{Block, Inline};

use crate::{Draft, draft, lines, said};

fn why(change: impl FnOnce(&mut Draft)) -> Problem {
    let mut draft = draft();
    change(&mut draft);
    draft.try_print().expect_err("a problem")
}

#[test]
fn what_post_or_readers_would_miss_is_refused() {
    assert_eq!(why(|d| d.subject = " \u{200b}\n".to_owned()), Problem::NoSubject);
    assert_eq!(why(|d| d.office.name = String::new()), Problem::NoOffice);
    assert_eq!(why(|d| d.blocks = Vec::new()), Problem::NoWords);
    assert_eq!(
        why(|d| d.blocks = vec![Block::Rule, Block::Paragraph(vec![Inline::Text("\u{0} ".into())])]),
        Problem::NoWords
    );
    for address in [
        lines(&["Ann", "ZX4 7QT"]),
        lines(&["1", "2", "3", "4", "5", "6", "7", "ZX4 7QT"]),
        lines(&["Ann", "Anytown", "Atlantis"]),
    ] {
        assert!(matches!(why(|d| d.address = address), Problem::Address(_)));
    }
    assert_eq!(why(|d| d.office.lines = vec!["A line".to_owned(); 30]), Problem::OfficeTooHigh);
}

#[test]
fn an_address_line_wider_than_the_window_is_refused_and_one_that_fits_is_not() {
    // As many letters, narrow and wide.
    let mut narrow = draft();
    narrow.address[1] = "i".repeat(60);
    assert!(narrow.try_print().is_ok());
    let problem = why(|d| d.address[1] = "W".repeat(60));
    assert_eq!(problem, Problem::AddressLineTooWide(2));
    assert_eq!(
        problem.to_string(),
        "Line 2 of the address is too wide for the window of an envelope. Make it shorter, or make two lines of it."
    );
}

#[test]
fn what_the_font_lacks_is_named_wherever_it_stands() {
    let emoji = Problem::Character('😀');
    assert_eq!(why(|d| d.subject.push('😀')), emoji);
    assert_eq!(why(|d| d.office.name.push('😀')), emoji);
    assert_eq!(why(|d| d.office.lines[0].push('😀')), emoji);
    assert_eq!(why(|d| d.address[0].push('😀')), emoji);
    assert_eq!(why(|d| d.reference = Some("😀".to_owned())), emoji);
    assert_eq!(why(|d| d.blocks = said("Dear **((name))**", "😀")), emoji);
    assert_eq!(why(|d| d.blocks = said("Dear ((name))", "محمد")), Problem::Character('م'));
}

#[test]
fn a_letter_has_ten_pages_at_most() {
    let pages = |words: usize| {
        let mut draft = draft();
        draft.blocks = said(&format!("((name)) {}", "Words and words. ".repeat(words)), "Ann");
        draft.try_print().map(|printed| printed.pages)
    };
    assert_eq!(pages(2_250), Ok(10));
    assert_eq!(pages(2_600), Err(Problem::TooManyPages));
    // Without setting it.
    assert_eq!(pages(11_000), Err(Problem::TooManyPages));
    assert_eq!(why(|d| d.blocks = vec![Block::Rule; 2_000]), Problem::TooManyPages);
}

#[test]
fn lists_within_lists_go_as_deep_as_something_fits() {
    let nested = |deep: usize, start: Option<u64>| {
        let mut blocks = vec![Block::Paragraph(vec![Inline::Text("W".repeat(90))])];
        for _ in 0..deep {
            blocks = vec![Block::List { start, items: vec![blocks] }];
        }
        let mut draft = draft();
        draft.blocks = blocks;
        draft.try_print().map(|printed| {
            crate::tools::in_window(&printed.pdf);
        })
    };
    assert_eq!(nested(16, None), Ok(()));
    assert_eq!(nested(4, Some(999_999_999)), Ok(()));
    assert_eq!(nested(16, Some(999_999_999)), Err(Problem::TooDeep));
}

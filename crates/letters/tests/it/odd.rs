//! Whatever stands in names, addresses and messages: a file that everybody can read with everything in its place, or a sentence.

use std::cell::Cell;

use commonweal_letters::Problem;
use commonweal_messages::{Block, Inline};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::tools::{in_window, is_clear, told};
use crate::{Draft, draft};

/// What can be printed.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z ŵŷâéñßþ’“”–—…£€]{0,60}",
        2 => "[#$\\\\*_`@<>\\[\\]{}()\"'/=+~^&%|:;,.!?-]{1,12}",
        1 => "[a-zA-ZWŵ/.-]{80,400}",
        1 => "[א-ת ]{1,40}",
        1 => "[а-яА-Яα-ωΑ-Ω]{1,120}",
        1 => "[\u{0}-\u{20}\u{7f}-\u{a0}\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{fe0f}]{1,10}",
        1 => "([a-zA-Z][\u{300}-\u{304}]){1,60}",
    ]
}

/// What mostly can't.
fn strange() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a-z][\u{300}-\u{30c}]{2,4}", "[\u{e000}-\u{f8ff}😀漢م]{1,3}"]
}

fn inline() -> impl Strategy<Value = Vec<Inline>> {
    let leaf = prop_oneof![
        5 => text().prop_map(Inline::Text),
        1 => Just(Inline::LineBreak),
        1 => text().prop_map(|alternative| Inline::Image { source: "https://example.org/x.png".into(), alternative }),
    ];
    let one = leaf.prop_recursive(3, 8, 3, |inner| {
        let some = prop::collection::vec(inner, 0..3);
        prop_oneof![
            some.clone().prop_map(Inline::Strong),
            some.clone().prop_map(Inline::Emphasis),
            ("https://example.org/[a-z/]{0,200}", some).prop_map(|(to, content)| Inline::Link { to, content }),
        ]
    });
    prop::collection::vec(one, 0..4)
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let leaf = prop_oneof![
        4 => inline().prop_map(Block::Paragraph),
        2 => (0u8..9, inline()).prop_map(|(level, content)| Block::Heading { level, content }),
        1 => Just(Block::Rule),
        1 => (prop::collection::vec(inline(), 0..7), prop::collection::vec(prop::collection::vec(inline(), 0..7), 0..4))
            .prop_map(|(head, rows)| Block::Table { head, rows }),
    ];
    let one = leaf.prop_recursive(4, 12, 3, |inner| {
        let some = prop::collection::vec(inner, 0..4);
        let start =
            prop_oneof![Just(None), (0u64..20).prop_map(Some), Just(Some(999_999_999)), any::<u64>().prop_map(Some)];
        prop_oneof![
            (start, prop::collection::vec(some.clone(), 0..4)).prop_map(|(start, items)| Block::List { start, items }),
            some.prop_map(Block::Quote),
        ]
    });
    prop::collection::vec(one, 0..5)
}

/// Lines that mostly fit a window.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![6 => "[a-zA-Z ŵŷÂÉÑß’–#$*_`\\\\-]{0,30}", 1 => "([A-Z][\u{300}-\u{304}]){1,15}", 1 => text()]
}

fn any_draft(text: BoxedStrategy<String>, line: BoxedStrategy<String>) -> impl Strategy<Value = Draft> {
    let address = (line.clone(), line, prop::option::of("[A-Z][a-z]{2,20}"));
    let office = (text.clone(), prop::collection::vec(text.clone(), 0..4));
    (text.clone(), office, address, prop::option::of(text), blocks()).prop_map(
        |(subject, (name, lines), (first, second, third), reference, blocks)| {
            let mut draft = draft();
            draft.subject.push_str(&subject);
            draft.office.name.push_str(&name);
            draft.office.lines = lines;
            draft.address = [format!("Ann {first}"), format!("12 {second}")].into_iter().chain(third).collect();
            draft.address.push("ZX4 7QT".to_owned());
            draft.reference = reference;
            draft.blocks.extend(blocks);
            draft
        },
    )
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of = (&self.subject, &self.office, &self.address, &self.reference);
        f.debug_struct("Draft").field("of", &of).field("blocks", &self.blocks).finish()
    }
}

/// As many, unless the environment asks for more.
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|asked| asked.parse().ok()).unwrap_or(usual)
}

/// Tries so many letters; how many of them were printed.
fn printed(cases: u32, drafts: impl Strategy<Value = Draft>) -> u32 {
    let config =
        ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() };
    let printed = Cell::new(0);
    let tried = TestRunner::new(config).run(&drafts, |draft| {
        match draft.try_print() {
            Ok(letter) => {
                in_window(&letter.pdf);
                prop_assert!(is_clear(&letter.pdf));
                told("qpdf", &["--check", "FILE"], &letter.pdf);
                printed.set(printed.get() + 1);
            }
            Err(problem) => prop_assert!(!matches!(problem, Problem::Inner(_)), "{problem}"),
        }
        Ok(())
    });
    tried.unwrap_or_else(|failed| panic!("{failed}"));
    printed.get()
}

#[test]
fn whatever_can_be_printed_is_sound() {
    let printed = printed(cases(120), any_draft(text().boxed(), line().boxed()));
    assert!(printed > 40, "{printed}: too few to say anything");
}

#[test]
fn whatever_else_there_is_is_refused_with_a_sentence_or_sound() {
    printed(cases(200), any_draft(prop_oneof![text(), strange()].boxed(), prop_oneof![line(), strange()].boxed()));
}

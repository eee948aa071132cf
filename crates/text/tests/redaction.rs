//! Redaction on the British set of labelled texts, and what holds for any text.

use std::collections::BTreeMap;

use commonweal_text::{KINDS, redact};
use proptest::prelude::*;
use serde_json::Value;

/// Kinds of which at least this part has to be found.
const REQUIRED: &[&str] =
    &["email", "phone", "card", "iban", "nhs_number", "ni_number", "ssn", "address", "postcode", "plate", "ip", "url"];
const RECALL: f64 = 0.95;

struct Labelled {
    text: String,
    spans: Vec<(String, usize, usize)>,
}

fn set() -> Vec<Labelled> {
    include_str!("data/uk_redaction.jsonl")
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).expect("each line is JSON");
            let number = |v: &Value| v.as_u64().expect("an offset") as usize;
            let spans = value["spans"]
                .as_array()
                .expect("spans")
                .iter()
                .map(|s| (s["kind"].as_str().expect("a kind").to_owned(), number(&s["start"]), number(&s["end"])));
            Labelled { text: value["text"].as_str().expect("text").to_owned(), spans: spans.collect() }
        })
        .collect()
}

#[test]
fn the_set_has_enough_texts_and_only_known_kinds() {
    let set = set();
    assert!(set.iter().filter(|l| !l.spans.is_empty()).count() >= 400);
    assert!(set.iter().filter(|l| l.spans.is_empty()).count() >= 150);
    assert!(set.iter().flat_map(|l| &l.spans).all(|(kind, ..)| KINDS.contains(&kind.as_str())));
}

#[test]
fn every_required_kind_is_found_nineteen_times_in_twenty() {
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for labelled in set() {
        let (_, found) = redact(&labelled.text);
        for (kind, start, end) in labelled.spans {
            let count = counts.entry(kind.clone()).or_default();
            count.0 += 1;
            count.1 += u32::from(found.iter().any(|f| f.kind == kind && f.start < end && start < f.end));
        }
    }
    for kind in REQUIRED {
        let (all, found) = counts[*kind];
        assert!(f64::from(found) >= RECALL * f64::from(all), "{kind}: {found} of {all}");
    }
    let (all, found) = counts["name"];
    assert!(f64::from(found) >= 0.9 * f64::from(all), "name: {found} of {all}");
}

#[test]
fn what_only_looks_like_personal_data_is_left() {
    let wrong: Vec<String> = set()
        .into_iter()
        .filter(|l| l.spans.is_empty())
        .map(|l| (redact(&l.text).0, l.text))
        .filter(|(redacted, text)| redacted != text)
        .map(|(redacted, text)| format!("{text} -> {redacted}"))
        .collect();
    assert!(wrong.len() <= 2, "{wrong:#?}");
}

#[test]
fn disguises_are_seen_through() {
    for (from, to) in [
        // Characters that nobody sees, other widths.
        ("ring 07700\u{200b}900\u{ad}123 now", "ring [phone] now"),
        ("mail ann\u{200b}.lee@exam\u{2060}ple.org", "mail [email]"),
        ("Ka\u{ad}ren was late", "[name] was late"),
        ("ring ０７７００９００１２３!", "ring [phone]!"),
        ("ring ٠٧٧٠٠ ٩٠٠١٢٣", "ring [phone]"),
        ("NHS ９４３ ４７６ ５９１９", "NHS [nhs_number]"),
        ("ann＠example．org", "[email]"),
        // Line breaks and separators.
        ("ring 07700\n900123 please", "ring [phone] please"),
        ("ring 07700\r\n900\r\n123 please", "ring [phone] please"),
        ("ring 07700/900/123", "ring [phone]"),
        ("ring 07700_900_123", "ring [phone]"),
        ("ring [07700] [900] [123]", "ring [[phone]]"),
        ("ring 07700 – 900 – 123", "ring [phone]"),
        ("ring 07700‒900−123", "ring [phone]"),
        ("ring 07700 | 900 | 123", "ring [phone]"),
        ("943/476/5919", "[nhs_number]"),
        ("943_476_5919", "[nhs_number]"),
        ("my NHS number is 94/34/76/59/19", "my NHS number is [nhs_number]"),
        ("card 4111_1111_1111_1111", "card [card]"),
        // Digits one by one and in words.
        ("ring 0 7 7 0 0 9 0 0 1 2 3 today", "ring [phone] today"),
        ("ring 0-7-7-0-0-9-0-0-1-2-3", "ring [phone]"),
        ("ring 0.7.7.0.0.9.0.0.1.2.3", "ring [phone]"),
        ("ring 0, 7, 7, 0, 0, 9, 0, 0, 1, 2, 3", "ring [phone]"),
        ("+44 7 7 0 0 9 0 0 1 2 3", "[phone]"),
        ("9 4 3 4 7 6 5 9 1 9", "[nhs_number]"),
        ("oh seven seven zero zero nine oh oh one two three", "[phone]"),
        ("Oh seven double seven, zero nine hundred, bye", "Oh seven double seven, zero nine hundred, bye"),
        ("zero seven seven double oh nine double zero one two three", "[phone]"),
        ("nine four three, four seven six, five nine one nine", "[nhs_number]"),
        ("07700 nine zero zero one two three", "[phone]"),
        // Addresses spelt out.
        ("ann.lee(at)example.org", "[email]"),
        ("ann.lee [at] example [dot] org", "[email]"),
        ("write to ann dot lee at example dot co dot uk today", "write to [email] today"),
        ("ann at gmail dot com.", "[email]."),
        ("ann@example dot org", "[email]"),
        ("ann@example[.]org", "[email]"),
        ("my email is a99 at example dot com", "my email is [email]"),
        // Names in small letters after a cue.
        ("my name is zebulon quackenbush and i waited", "my name is [name] and i waited"),
        ("my name is john quackenbush.", "my name is [name]."),
        ("ask for sarah jones", "ask for [name]"),
        ("name: zebulon quackenbush", "name: [name]"),
    ] {
        assert_eq!(redact(from).0, to, "{from}");
    }
}

#[test]
fn ordinary_numbers_and_words_are_no_disguise() {
    for text in [
        "Open 9-5, 10.30-16.00 and 0900/1700 on 12/03/2024",
        "0800-1700, 0900-1200 and 1000-1600",
        "at 10 dot 30 or at 11 dot 15",
        "£1,234,567.89 and 12_345_678",
        "scores 1 2 3 4 5 4 3 2 1 5 4 3",
        "5 4 3 2 1 5 4 3 2 1 0 5 out of 5",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "one two three four five six seven eight nine ten",
        "nine out of ten, two or three times, one by one",
        "order 0123/4567/8901 is late",
        "case 2024/000123/45-6",
        "numbers 12, 14, 16, 18, 20, 22 and 24",
        "from 2001/2002/2003/2004/2005",
        "sections 1.2.3.4.5.6.7.8.9.1.2",
        "01/02/2024 10:30 03/04/2024 11:45",
        "2024-03-31T10:02:00",
        "Look at example dot com or at gov.uk for help",
        "I looked at amazon dot co dot uk",
        "meet (at) 10.30",
        "my name is spelt wrong",
        "my name is misspelt on the letter",
        "my name is not important",
        "my name is on the list and i waited",
        "soft\u{ad}hyphen and ❤️ and ½ and 20²",
        "rooms 101\n102\n103\n104\n105",
        "1)\n2)\n3)\n4)\n5)\n6)\n7)\n8)\n9)\n0)\n1)",
    ] {
        assert_eq!(redact(text).0, text);
    }
}

#[test]
fn a_disguise_is_taken_out_whole_and_nothing_beside_it() {
    let text = "é ring\u{200b} 0\u{200b}7700–９００\n123\u{200b}! ok";
    let (redacted, spans) = redact(text);
    assert_eq!(redacted, "é ring\u{200b} [phone]\u{200b}! ok");
    assert_eq!(&text[spans[0].start..spans[0].end], "0\u{200b}7700–９００\n123");
}

/// Pieces that the rules look out for, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,11}",
        "[A-Za-z]{1,6}",
        "[ ,.:;@/()+'-]{1,2}",
        Just("call ".to_owned()),
        Just("NHS number ".to_owned()),
        Just("ref ".to_owned()),
        Just("Mr ".to_owned()),
        Just("Karen ".to_owned()),
        Just("High Street ".to_owned()),
        Just("NE1 4XY".to_owned()),
        Just("07700 900123".to_owned()),
        Just("4111 1111 1111 1111".to_owned()),
        Just("999 000 0018".to_owned()),
        Just("[phone] ".to_owned()),
        Just("\n".to_owned()),
        Just("é".to_owned()),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|p| p.concat())
}

/// How somebody writes each digit, and what stands between two of them.
fn disguised(digits: &str, style: usize, glyphs: usize, groups: &[usize]) -> String {
    const WORDS: [&str; 10] = ["oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    const JOINTS: &[&str] = &[" ", "-", ".", "/", "_", "\n", " – ", "−", " | ", "] [", ") (", "\u{200b}", "\u{ad}", ""];
    if style == JOINTS.len() {
        let words: Vec<&str> = digits.bytes().map(|b| WORDS[usize::from(b - b'0')]).collect();
        return words.join(" ");
    }
    let glyph = |c: char| match glyphs {
        1 => char::from_u32(0xff10 + c as u32 - 0x30).expect("a full-width digit"),
        2 => char::from_u32(0x660 + c as u32 - 0x30).expect("an Arabic digit"),
        _ => c,
    };
    let mut out = String::new();
    for (n, c) in digits.chars().enumerate() {
        // One by one where there are no groups.
        if n > 0 && (groups.is_empty() || groups.contains(&n)) {
            out.push_str(JOINTS[style]);
        }
        out.push(glyph(c));
    }
    out
}

/// A number of the NHS with its check digit, from nine digits, if there is one.
fn nhs(nine: [u32; 9]) -> Option<String> {
    let sum: u32 = nine.iter().zip((2..=10).rev()).map(|(d, w)| d * w).sum();
    let check = (11 - sum % 11) % 11;
    let digits: String = nine.iter().map(u32::to_string).collect();
    (check < 10).then(|| format!("{digits}{check}"))
}

proptest! {
    #[test]
    fn phone_numbers_are_found_in_any_disguise(
        rest in "[0-9]{6}", style in 0..=14usize, glyphs in 0..3usize, singly: bool,
        before in prop::sample::select(vec!["Please ring ", "", "it is ", "(", "call me: "]),
        after in prop::sample::select(vec!["", " today", ".", "!", " and ask"]),
    ) {
        let groups: &[usize] = if singly { &[] } else { &[5, 8] };
        let number = disguised(&format!("07700{rest}"), style, glyphs, groups);
        let text = format!("{before}{number}{after}");
        let (redacted, spans) = redact(&text);
        prop_assert!(spans.iter().any(|s| text[s.start..s.end].contains(&number)), "{text:?} -> {redacted:?}");
    }

    #[test]
    fn nhs_numbers_are_found_in_any_disguise(
        nine in prop::array::uniform9(0u32..10), style in 0..=14usize, glyphs in 0..3usize, singly: bool,
    ) {
        let digits = nhs(nine).filter(|d| d.as_bytes()[0] > b'3' && d.bytes().collect::<std::collections::BTreeSet<_>>().len() > 4);
        prop_assume!(digits.as_ref().is_some_and(|d| d.bytes().any(|b| b > b'5')));
        let groups: &[usize] = if singly { &[] } else { &[3, 6] };
        let number = disguised(&digits.expect("assumed"), style, glyphs, groups);
        let text = format!("my NHS number is {number} thanks");
        let (redacted, spans) = redact(&text);
        prop_assert!(spans.iter().any(|s| text[s.start..s.end].contains(&number)), "{text:?} -> {redacted:?}");
    }

    #[test]
    fn email_addresses_are_found_in_any_disguise(
        name in "[a-z]{2,8}[._][a-z]{2,8}|[a-z]{3,8}[0-9]{2}", host in "[a-z]{6,9}", top in prop::sample::select(vec!["com", "org", "co.uk", "org.uk"]),
        sign in prop::sample::select(vec!["@", "(at)", "[at]", " at ", " (at) ", " AT ", "＠", "\u{200b}@"]),
        dot in prop::sample::select(vec![".", " dot ", "[dot]", "(dot)", " DOT ", " [dot] "]),
    ) {
        let text = format!("write to {name}{sign}{host}{dot}{}, please", top.replace('.', dot));
        let (redacted, _) = redact(&text);
        prop_assert!(!redacted.contains(&name) && !redacted.contains(&host), "{text:?} -> {redacted:?}");
    }

    #[test]
    fn text_outside_the_spans_is_unchanged(text in pieces()) {
        let (redacted, spans) = redact(&text);
        let mut out = String::new();
        let mut done = 0;
        for span in &spans {
            prop_assert!(span.start >= done && span.start < span.end);
            out += &text[done..span.start];
            out += &format!("[{}]", span.kind);
            done = span.end;
        }
        out += &text[done..];
        prop_assert_eq!(out, redacted);
    }

    #[test]
    fn any_text_can_be_redacted(text in any::<String>()) {
        redact(&text);
    }

    #[test]
    fn reading_twice_finds_no_number_that_reading_once_left(text in pieces()) {
        let (redacted, _) = redact(&text);
        let numeric = ["card", "iban", "nhs_number", "ni_number", "phone", "ssn"];
        for span in redact(&redacted).1 {
            prop_assert!(!numeric.contains(&span.kind.as_str()), "{:?} in {:?}", span, redacted);
        }
    }
}

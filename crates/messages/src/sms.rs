//! Text messages: what is sent, in how many parts, and what makes it dear.
//!
//! A part holds 140 bytes: 160 characters of seven bits or 70 of sixteen. A longer text is sent in parts that each lose six bytes
//! to a header that says which part it is (3GPP TS 23.040, section 9.2.3.24.1): 153 and 67 are left. A character that
//! takes two places never stands half in one part and half in the next.

use std::collections::BTreeMap;

use crate::block::{Block, Inline};
use crate::gsm::{equivalent, septets};
use crate::language::{is_code, primary};
use crate::template::Template;
use crate::values::Values;
use crate::{Fault, Problem, text};

/// Characters that GOV.UK Notify sends at most: six parts of 153.
pub const NOTIFY_MAX_CHARACTERS: usize = 918;

/// Welsh letters that are not in the alphabet. They make a message dearer, and are right.
const WELSH: &str = "áâëêíîïóôúûŵẁẃẅŷỳýÿÁÀÂËÈÊÍÌÎÏÓÒÔÚÙÛŴẀẂẄŶỲÝŸ";

/// What becomes of typographic characters that are not in the alphabet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Downgrade {
    /// They stay, and the whole text is sent in sixteen bits.
    Nothing,
    /// Quotes, dashes, dots and spaces become plain ones. Letters stay in any case.
    #[default]
    Typographic,
}

/// What is allowed, and how it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmsRules {
    /// Characters at most.
    pub max_characters: usize,
    /// Parts at most.
    pub max_parts: usize,
    /// What becomes of typographic characters.
    pub downgrade: Downgrade,
    /// The language, in which lists are joined.
    pub language: String,
}

/// As GOV.UK Notify sends: 918 characters, in English, with plain quotes and dashes. In sixteen bits these are 14 parts.
impl Default for SmsRules {
    fn default() -> Self {
        Self {
            max_characters: NOTIFY_MAX_CHARACTERS,
            max_parts: 14,
            downgrade: Downgrade::default(),
            language: "en".to_owned(),
        }
    }
}

/// How a text is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Seven bits: the alphabet of TS 23.038.
    Gsm7,
    /// Sixteen bits: everything else.
    Ucs2,
}

impl Encoding {
    /// Places in a text of one part.
    pub const fn single(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// Places in each part of several.
    pub const fn multiple(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// Places that a character takes.
    fn places(self, c: char) -> usize {
        match self {
            // What is not in the alphabet is never sent in it.
            Self::Gsm7 => septets(c).unwrap_or(1),
            Self::Ucs2 => c.len_utf16(),
        }
    }
}

/// A character for which the whole text is sent in sixteen bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forcing {
    /// The character.
    pub character: char,
    /// How often it is there.
    pub count: usize,
    /// What could stand in its place; none for letters and pictures.
    pub equivalent: Option<&'static str>,
    /// Whether it is a letter of Welsh, which must stay what it is.
    pub is_welsh: bool,
}

/// A text message with its parts.
#[derive(Clone, PartialEq, Eq)]
pub struct Sms {
    /// What is sent.
    pub text: String,
    /// How.
    pub encoding: Encoding,
    /// Places that the text takes.
    pub places: usize,
    /// Its parts, in order.
    pub parts: Vec<String>,
    /// What makes it need sixteen bits, in the order of the text.
    pub forcing: Vec<Forcing>,
}

impl Sms {
    /// Counts a text as it is.
    pub fn count(text: &str, downgrade: Downgrade) -> Self {
        let text = match downgrade {
            Downgrade::Nothing => text.to_owned(),
            Downgrade::Typographic => downgraded(text),
        };
        let forcing = forcing(&text);
        let encoding = if forcing.is_empty() { Encoding::Gsm7 } else { Encoding::Ucs2 };
        let places = text.chars().map(|c| encoding.places(c)).sum();
        Self { parts: parts(&text, encoding, places), text, encoding, places, forcing }
    }

    /// What it costs, at a price for each part, in whatever unit the price has.
    pub fn cost(&self, of_a_part: u64) -> u64 {
        of_a_part.saturating_mul(u64::try_from(self.parts.len()).unwrap_or(u64::MAX))
    }
}

/// Without the text, which holds personal data.
impl std::fmt::Debug for Sms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut sms = f.debug_struct("Sms");
        sms.field("encoding", &self.encoding).field("places", &self.places).field("parts", &self.parts.len());
        sms.finish_non_exhaustive()
    }
}

/// A template with its values as a text message: no Markdown, no subject, and each address once.
pub fn sms(template: &Template, values: &Values, rules: &SmsRules) -> Result<Sms, Vec<Fault>> {
    let refused = |problem: Problem| vec![Fault::from(problem)];
    if !is_code(&rules.language) {
        return Err(refused(Problem::LookLanguage));
    }
    let blocks = template.blocks_inline(values, &primary(&rules.language))?;
    let mut lines = Vec::new();
    for (i, block) in blocks.iter().enumerate() {
        if i > 0 {
            lines.push(String::new());
        }
        add_lines(block, &mut lines);
    }
    let sms = Sms::count(lines.join("\n").trim(), rules.downgrade);
    let characters = sms.text.chars().count();
    if characters == 0 {
        return Err(refused(Problem::SmsEmpty));
    }
    if characters > rules.max_characters {
        return Err(refused(Problem::SmsTooLong(characters, rules.max_characters)));
    }
    if sms.parts.len() > rules.max_parts {
        return Err(refused(Problem::SmsTooManyParts(sms.parts.len(), rules.max_parts)));
    }
    Ok(sms)
}

/// A character costs: nothing is indented, wrapped or underlined.
fn add_lines(block: &Block, lines: &mut Vec<String>) {
    let mut add = |content: &[Inline]| lines.extend(text::line(content).split('\n').map(|line| line.trim().to_owned()));
    match block {
        Block::Paragraph(content) | Block::Heading { content, .. } => add(content),
        Block::List { start, items } => {
            for (number, item) in (start.unwrap_or(1)..).zip(items) {
                let from = lines.len();
                for block in item {
                    add_lines(block, lines);
                }
                if let Some(first) = lines.get_mut(from) {
                    let mark = if start.is_some() { format!("{number}. ") } else { "- ".to_owned() };
                    first.insert_str(0, &mark);
                }
            }
        }
        Block::Table { .. } => lines.extend(text::body(std::slice::from_ref(block))),
        Block::Quote(blocks) => {
            for block in blocks {
                add_lines(block, lines);
            }
        }
        Block::Rule => {}
    }
}

fn downgraded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match equivalent(c) {
            Some(other) => plain.push_str(other),
            None => plain.push(c),
        }
    }
    plain
}

fn forcing(text: &str) -> Vec<Forcing> {
    let mut forcing: Vec<Forcing> = Vec::new();
    let mut at = BTreeMap::new();
    for c in text.chars().filter(|c| septets(*c).is_none()) {
        let place = *at.entry(c).or_insert_with(|| {
            forcing.push(Forcing { character: c, count: 0, equivalent: equivalent(c), is_welsh: WELSH.contains(c) });
            forcing.len() - 1
        });
        if let Some(one) = forcing.get_mut(place) {
            one.count += 1;
        }
    }
    forcing
}

fn parts(text: &str, encoding: Encoding, places: usize) -> Vec<String> {
    if places <= encoding.single() {
        return if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    }
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut taken = 0;
    for c in text.chars() {
        let more = encoding.places(c);
        if taken + more > encoding.multiple() {
            parts.push(std::mem::take(&mut part));
            taken = 0;
        }
        part.push(c);
        taken += more;
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(text: &str) -> (Encoding, usize, usize) {
        let sms = Sms::count(text, Downgrade::Nothing);
        (sms.encoding, sms.places, sms.parts.len())
    }

    #[test]
    fn parts_are_counted_at_their_edges() {
        use Encoding::{Gsm7, Ucs2};
        for (text, wanted) in [
            (String::new(), (Gsm7, 0, 0)),
            ("x".repeat(160), (Gsm7, 160, 1)),
            ("x".repeat(161), (Gsm7, 161, 2)),
            ("x".repeat(306), (Gsm7, 306, 2)),
            ("x".repeat(307), (Gsm7, 307, 3)),
            ("x".repeat(918), (Gsm7, 918, 6)),
            ("€".repeat(80), (Gsm7, 160, 1)),
            ("€".repeat(81), (Gsm7, 162, 2)),
            // 153 is odd: an escape and what it escapes don't stand apart, so a place is lost in each part.
            ("€".repeat(153), (Gsm7, 306, 3)),
            ("ŵ".repeat(70), (Ucs2, 70, 1)),
            ("ŵ".repeat(71), (Ucs2, 71, 2)),
            ("ŵ".repeat(134), (Ucs2, 134, 2)),
            ("ŵ".repeat(135), (Ucs2, 135, 3)),
            ("🙂".repeat(35), (Ucs2, 70, 1)),
            ("🙂".repeat(36), (Ucs2, 72, 2)),
            // 67 is odd, too.
            ("🙂".repeat(67), (Ucs2, 134, 3)),
        ] {
            assert_eq!(counted(&text), wanted, "{text}");
        }
    }

    #[test]
    fn a_pair_that_would_straddle_goes_to_the_next_part() {
        let text = format!("{}€{}", "x".repeat(152), "y".repeat(20));
        let sms = Sms::count(&text, Downgrade::Nothing);
        assert_eq!((sms.places, sms.parts.len()), (174, 2));
        assert_eq!((sms.parts[0].len(), sms.parts[1].chars().next()), (152, Some('€')));
    }

    #[test]
    fn typographic_characters_are_replaced_and_letters_stay() {
        let text = "It’s “new” – see…\u{a0}Dŵr Cymru, tŷ";
        let kept = Sms::count(text, Downgrade::Nothing);
        let named: Vec<_> = kept.forcing.iter().map(|f| (f.character, f.equivalent, f.is_welsh)).collect();
        let quoted = |c, plain| (c, Some(plain), false);
        assert_eq!(
            named,
            [
                quoted('’', "'"),
                quoted('“', "\""),
                quoted('”', "\""),
                quoted('–', "-"),
                quoted('…', "..."),
                quoted('\u{a0}', " "),
                ('ŵ', None, true),
                ('ŷ', None, true)
            ]
        );
        let plain = Sms::count(text, Downgrade::Typographic);
        assert_eq!(plain.text, "It's \"new\" - see... Dŵr Cymru, tŷ");
        assert_eq!((plain.encoding, plain.forcing.len()), (Encoding::Ucs2, 2));
        assert_eq!(Sms::count("It’s", Downgrade::Typographic).encoding, Encoding::Gsm7);
    }

    #[test]
    fn a_cost_is_that_of_all_parts() {
        assert_eq!(Sms::count(&"x".repeat(161), Downgrade::Nothing).cost(233), 466);
        assert_eq!(Sms::count("", Downgrade::Nothing).cost(233), 0);
        assert_eq!(Sms::count(&"x".repeat(161), Downgrade::Nothing).cost(u64::MAX), u64::MAX);
    }

    #[test]
    fn a_template_becomes_text_without_markdown() {
        let body = "# Bins\nDear ((name)), your **bins** go on ((days)).\n\n* blue\n* green\n\nSee [the calendar](https://example.org/bins).";
        let template = Template::parse_body(body).expect("a template");
        let mut values = Values::from_pairs([("name", "*Ann* <b>")]).expect("values");
        values.set("days", vec!["Monday", "Friday"]).expect("a value");
        let sent = sms(&template, &values, &SmsRules::default()).expect("an SMS");
        assert_eq!(
            sent.text,
            "Bins\n\nDear *Ann* <b>, your bins go on Monday and Friday.\n\n- blue\n- green\n\nSee the calendar: https://example.org/bins."
        );
        assert_eq!(sent.encoding, Encoding::Gsm7);
    }

    #[test]
    fn what_is_too_long_is_said_with_its_figures() {
        let template = Template::parse_body("((text))").expect("a template");
        let told = |text: String, rules: &SmsRules| {
            let values = Values::from_pairs([("text", text)]).expect("values");
            sms(&template, &values, rules).expect_err("a fault")[0].to_string()
        };
        let mut rules = SmsRules::default();
        assert_eq!(
            told("x".repeat(919), &rules),
            "The text message has 919 characters, and at most 918 can be sent. Shorten it."
        );
        rules.max_parts = 1;
        assert!(told("ŵ".repeat(71), &rules).starts_with("The text message needs 2 parts, and at most 1 may be sent."));
        assert!(told(" ".to_owned(), &rules).starts_with("There is nothing in the text message."));
    }
}

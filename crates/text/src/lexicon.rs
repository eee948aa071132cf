//! Sentiment by rule: a lexicon of words with their strength, and what comes before and after them.
//!
//! After Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of
//! Social Media Text", ICWSM 2014: strengths −4…4; words that strengthen or weaken; negation within
//! three words; "but"; capitals; exclamation marks. The lexicon is theirs (MIT licence, see
//! `data/LICENSES.md`); the code is our own, over folded tokens. The linear model takes the outcome
//! as one of its features, so that a word which no training text holds still counts.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::tokens::{TokenKind, Tokens};

/// Words and emoticons with their mean strength.
static LEXICON: LazyLock<HashMap<&'static str, f32, foldhash::fast::FixedState>> = LazyLock::new(|| {
    let mut all = HashMap::with_capacity_and_hasher(8192, foldhash::fast::FixedState::default());
    for line in include_str!("../data/lexicon.tsv").lines().filter(|l| !l.starts_with("# ")) {
        if let Some((word, strength)) = line.split_once('\t')
            && let Ok(strength) = strength.parse()
        {
            all.insert(word, strength);
        }
    }
    all
});

/// How much a word before an opinion strengthens (+) or weakens (−) it.
fn booster(word: &str) -> f32 {
    const STEP: f32 = 0.293;
    match word {
        "absolutely" | "amazingly" | "awfully" | "completely" | "considerably" | "decidedly" | "deeply"
        | "enormously" | "entirely" | "especially" | "exceptionally" | "extremely" | "fabulously" | "fully"
        | "greatly" | "hella" | "highly" | "hugely" | "incredible" | "incredibly" | "intensely" | "majorly"
        | "more" | "most" | "particularly" | "purely" | "quite" | "really" | "remarkably" | "so" | "substantially"
        | "thoroughly" | "total" | "totally" | "tremendously" | "uber" | "unbelievably" | "unusually" | "utterly"
        | "very" | "iawn" | "muy" => STEP,
        "almost" | "barely" | "hardly" | "kinda" | "less" | "little" | "marginally" | "occasionally" | "partly"
        | "scarcely" | "slightly" | "somewhat" | "sorta" | "fairly" => -STEP,
        _ => 0.0,
    }
}

fn negates(word: &str) -> bool {
    word.ends_with("n't")
        || matches!(
            word,
            "not"
                | "never"
                | "none"
                | "nothing"
                | "nobody"
                | "nowhere"
                | "neither"
                | "nor"
                | "without"
                | "cannot"
                | "cant"
                | "dont"
                | "didnt"
                | "doesnt"
                | "wasnt"
                | "werent"
                | "isnt"
                | "arent"
                | "wont"
                | "wouldnt"
                | "couldnt"
                | "shouldnt"
                | "hasnt"
                | "havent"
                | "hadnt"
                | "aint"
                | "rarely"
                | "seldom"
                | "despite"
                | "ddim"
                | "heb"
                | "sin"
                | "nunca"
        )
}

/// Phrases whose strength is not that of their words; folded.
const PHRASES: &[(&[&str], f32)] = &[
    (&["bad", "ass"], 1.5),
    (&["the", "shit"], 3.0),
    (&["the", "bomb"], 3.0),
    (&["yeah", "right"], -2.0),
    (&["kiss", "of", "death"], -1.5),
    (&["to", "die", "for"], 3.0),
    (&["second", "to", "none"], 3.0),
    (&["spot", "on"], 2.4),
    (&["can't", "fault"], 2.8),
    (&["cannot", "fault"], 2.8),
    (&["couldn't", "fault"], 2.8),
    (&["could", "not", "fault"], 2.8),
    (&["no", "fault"], 1.5),
    (&["no", "faults"], 2.0),
    (&["no", "complaints"], 2.0),
    (&["waste", "of", "time"], -2.4),
    (&["waste", "of", "money"], -2.4),
    (&["fobbed", "off"], -2.2),
    (&["pillar", "to", "post"], -2.0),
    (&["not", "fit", "for", "purpose"], -2.8),
    (&["in", "the", "dark"], -1.5),
    (&["keep", "up", "the", "good", "work"], 2.6),
];

/// Whether a word is the first of a phrase; most are not, and passed over at once.
fn begins_phrase(word: &str) -> bool {
    matches!(
        word,
        "bad"
            | "the"
            | "yeah"
            | "kiss"
            | "to"
            | "second"
            | "spot"
            | "can't"
            | "cannot"
            | "couldn't"
            | "could"
            | "no"
            | "waste"
            | "fobbed"
            | "pillar"
            | "not"
            | "in"
            | "keep"
    )
}

/// The phrase that begins at this token.
fn phrase(tokens: &Tokens, at: usize) -> Option<(usize, f32)> {
    let first = tokens.text(&tokens.list[at]);
    PHRASES.iter().filter(|(words, _)| words[0] == first).find_map(|(words, strength)| {
        let rest = tokens.list.get(at + 1..at + words.len())?;
        rest.iter().zip(&words[1..]).all(|(t, w)| tokens.text(t) == *w).then_some((words.len(), *strength))
    })
}

/// What the rules find.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Opinion {
    /// −1…1.
    pub(crate) compound: f32,
    /// Sum of the strengths in favour.
    pub(crate) positive: f32,
    /// Sum of the strengths against, as a positive number.
    pub(crate) negative: f32,
    /// Strength of the last opinion found: people often end with what matters.
    pub(crate) last: f32,
    /// Token and strength of each opinion.
    pub(crate) found: Vec<(u32, f32)>,
}

/// Reads the opinions in a text.
pub(crate) fn opinion(text: &str, tokens: &Tokens) -> Opinion {
    let mut out = Opinion::default();
    let lexicon = &*LEXICON;
    let words = || tokens.list.iter().filter(|t| t.kind == TokenKind::Word);
    let mixed_case = words().any(|t| t.capitals) && !words().all(|t| t.capitals);
    let mut but = None;
    let mut skip = 0;
    for (at, token) in tokens.list.iter().enumerate() {
        let word = tokens.text(token);
        if matches!(word, "but" | "ond" | "pero") && but.is_none() {
            but = Some(at);
        }
        if at < skip {
            continue;
        }
        let phrase = if begins_phrase(word) { phrase(tokens, at) } else { None };
        if let Some((length, strength)) = phrase {
            skip = at + length;
            out.found.push((at as u32, strength));
            continue;
        }
        let Some(&base) = lexicon.get(word) else { continue };
        let next = tokens.list.get(at + 1).map(|t| tokens.text(t));
        // "no" right before an opinion has no strength of its own, and "kind of" is not praise.
        if (word == "no" && next.is_some_and(|n| lexicon.contains_key(n))) || (word == "kind" && next == Some("of")) {
            continue;
        }
        let mut strength = base;
        let sign = base.signum();
        if mixed_case && token.capitals {
            strength += sign * 0.733;
        }
        for (back, fade) in [(1, 1.0), (2, 0.95), (3, 0.9)] {
            let Some(before) = at.checked_sub(back).map(|i| &tokens.list[i]) else { break };
            if before.kind != TokenKind::Word {
                break;
            }
            let word = tokens.text(before);
            let boost = booster(word);
            if boost != 0.0 && !lexicon.contains_key(word) {
                let loud = if mixed_case && before.capitals { 0.733 } else { 0.0 };
                strength += sign * (boost + boost.signum() * loud) * fade;
            }
            // "never so good" is praise.
            let praise = word == "never"
                && tokens.list.get(at - back + 1).is_some_and(|t| matches!(tokens.text(t), "so" | "this"));
            let at_least = at >= 2 && matches!(tokens.text(&tokens.list[at - 2]), "at" | "very");
            let denied = (negates(word) || (word == "no" && back < 3)) && !praise;
            if denied || (word == "least" && back == 1 && !at_least) {
                strength *= -0.74;
            }
        }
        out.found.push((at as u32, strength));
    }
    if let Some(but) = but {
        for (at, strength) in &mut out.found {
            *strength *= if (*at as usize) < but { 0.5 } else { 1.5 };
        }
    }
    let mut sum: f32 = out.found.iter().map(|(_, s)| s).sum();
    out.positive = out.found.iter().map(|(_, s)| s.max(0.0)).sum();
    out.negative = out.found.iter().map(|(_, s)| (-s).max(0.0)).sum();
    out.last = out.found.last().map_or(0.0, |(_, s)| *s);
    if sum != 0.0 {
        let count = |mark: u8| text.bytes().filter(|b| *b == mark).take(8).count() as f32;
        let asks = count(b'?');
        let marks = count(b'!').min(4.0) * 0.292
            + if asks > 3.0 {
                0.96
            } else if asks > 1.0 {
                asks * 0.18
            } else {
                0.0
            };
        sum += sum.signum() * marks;
    }
    out.compound = (sum / (sum * sum + 15.0).sqrt()).clamp(-1.0, 1.0);
    out
}

/// Whether these characters are an emoticon with a strength.
pub(crate) fn is_emoticon(folded: &str) -> bool {
    LEXICON.contains_key(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compound(text: &str) -> f32 {
        opinion(text, &Tokens::new(text)).compound
    }

    #[test]
    fn strength_follows_the_published_rules() {
        // Values of the published examples (README of vaderSentiment, MIT).
        for (text, expected) in [
            ("VADER is smart, handsome, and funny.", 0.8316),
            ("VADER is smart, handsome, and funny!", 0.8439),
            ("VADER is very smart, handsome, and funny.", 0.8545),
            ("VADER is VERY SMART, handsome, and FUNNY.", 0.9227),
            ("VADER is VERY SMART, handsome, and FUNNY!!!", 0.9342),
            ("The book was good.", 0.4404),
            ("The plot was good, but the characters are uncompelling and the dialog is not great.", -0.7042),
            ("At least it isn't a horrible book.", 0.431),
        ] {
            assert!((compound(text) - expected).abs() < 5e-4, "{text}: {} instead of {expected}", compound(text));
        }
    }

    #[test]
    fn negation_turns_an_opinion_round() {
        assert!(compound("The staff were not helpful") < 0.0);
        assert!(compound("No problems at all") > 0.0);
    }

    #[test]
    fn every_phrase_is_looked_for() {
        assert!(PHRASES.iter().all(|(words, _)| begins_phrase(words[0])));
    }

    #[test]
    fn words_without_opinion_have_none() {
        assert_eq!(compound("The bus leaves at nine"), 0.0);
    }
}

//! Owns answers that name no theme: "nothing", "n/a", "good". They are told by their words alone and kept
//! out of the clusters, which they would flood.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::vectors::FnvMap;

/// What a theme is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Comments about one thing.
    Topic,
    /// No answer: "did not answer", "n/a", "don't know".
    NoAnswer,
    /// Answers that there is nothing to say or to improve: "nothing", "no complaints".
    NothingToSay,
    /// Praise or thanks for nothing in particular: "very good".
    GeneralPraise,
    /// Blame for nothing in particular: "terrible".
    GeneralBlame,
    /// The analyst put topics together or chose what is in it.
    Merged,
}

const FILLER: &str = "a all also am and an any anything are as at be been being by can can't cant cannot could couldn't for \
from had has have i i'm i've im in is it it's its just keep me my of on or our really said say so than that that's the \
there they think this to too up very was we were what with would you your much more far at far else still moment all's \
always quite everyone everybody everything every thing things about which extremely absolutely pretty totally \
completely overall experience service services way well mind come comes springs spring specific particular yes \
i'd do did done been here today time if but not be us go on carry work far";

const NOTHING: &str = "nothing none no nil na n/a not n applicable nope nowt answer answered comment comments complaint \
complaints improvement improvements improve improved suggestion suggestions idea ideas know don't dont sure unsure \
didn't did blank null didnt fault change changes changed add needed need needs unknown remember recall apply \
problem problems issue issues dim byd nada ninguno ninguna sylw sylwadau comentarios couldn't can't cannot better think";

const PRAISE: &str = "good great excellent fine perfect satisfied happy pleased fantastic brilliant amazing wonderful lovely \
superb outstanding exceptional best ok okay alright satisfactory thank thanks thankyou you grateful first class top \
notch 10 faultless splendid marvellous ace super nice enjoyed recommend da iawn gwych diolch ardderchog bueno buena bien \
muy excelente gracias liked like loved";

const BLAME: &str = "bad poor terrible awful appalling rubbish disgusting disgraceful dreadful shocking useless worst horrible \
horrendous abysmal unacceptable disappointing disappointed unsatisfactory dissatisfied unhappy crap joke gwael malo mala \
pésimo terrible horrible shambles";

/// Words by which an answer says that it is none, rather than that there is nothing.
const NOT_ANSWERED: [&str; 17] = [
    "answer",
    "answered",
    "comment",
    "comments",
    "applicable",
    "na",
    "n/a",
    "n",
    "blank",
    "null",
    "know",
    "unsure",
    "sure",
    "unknown",
    "remember",
    "recall",
    "sylw",
];

/// Words that need no "not" to say so.
const ALONE: [&str; 14] = [
    "na", "n/a", "n", "nil", "nope", "nowt", "unsure", "unknown", "blank", "null", "dim", "nada", "ninguno", "ninguna",
];

/// Longest answer, in words, that can be simple.
const LONGEST: usize = 8;

/// Words of a text in small letters with one space between them: equal for answers that are the same
/// but for capitals, stops and spaces.
pub(super) fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '’' | '\'' => out.push('\''),
            '/' => out.push('/'),
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ if !out.is_empty() && !out.ends_with(' ') => out.push(' '),
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Which of the lists hold a word, as bits; `None` if none does.
fn told(word: &str) -> Option<u8> {
    static LISTS: OnceLock<FnvMap<&str, u8>> = OnceLock::new();
    let lists = LISTS.get_or_init(|| {
        let mut map = FnvMap::default();
        for (bit, list) in [(1, FILLER), (2, NOTHING), (4, PRAISE), (8, BLAME)] {
            for word in list.split_ascii_whitespace() {
                *map.entry(word).or_insert(0) |= bit;
            }
        }
        map
    });
    lists.get(word).copied()
}

/// The kind of a simple answer, from its [`key`]; `None` if it may name a theme.
pub(super) fn kind(key: &str) -> Option<Kind> {
    let words: Vec<&str> = key.split(' ').filter(|w| w.chars().any(char::is_alphanumeric)).collect();
    if words.is_empty() {
        return Some(Kind::NoAnswer);
    }
    if words.len() > LONGEST {
        return None;
    }
    let (mut nothing, mut praise, mut blame, mut denied) = (0, 0, 0, false);
    for word in &words {
        let told = told(word)?;
        let (n, p, b) = (told & 2 != 0, told & 4 != 0, told & 8 != 0);
        denied |= matches!(
            *word,
            "not" | "no" | "don't" | "dont" | "didn't" | "nothing" | "none" | "couldn't" | "can't" | "cannot" | "never"
        );
        nothing += usize::from(n);
        praise += usize::from(p);
        blame += usize::from(b);
    }
    let any = |list: &[&str]| words.iter().any(|w| list.contains(w));
    let none = if any(&NOT_ANSWERED) { Kind::NoAnswer } else { Kind::NothingToSay };
    match () {
        () if praise > 0 && !denied && blame == 0 => Some(Kind::GeneralPraise),
        () if blame > 0 && !denied => Some(Kind::GeneralBlame),
        // "could be better", "improve" without a "not" says that something is wrong, not that nothing is.
        () if nothing > 0 && (denied || any(&ALONE)) => Some(none),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Kind> {
        kind(&key(text))
    }

    #[test]
    fn no_answer_and_nothing_to_say_are_apart() {
        for said in ["n/a", "N/A.", "don't know", "...", "-", "Did not answer", "No comment"] {
            assert_eq!(of(said), Some(Kind::NoAnswer), "{said}");
        }
        let nothing = [
            "Nothing",
            "NONE!!",
            "Nothing at all really",
            "no complaints",
            "Can't think of anything",
            "dim byd",
            "Couldn’t be better",
        ];
        for said in nothing {
            assert_eq!(of(said), Some(Kind::NothingToSay), "{said}");
        }
    }

    #[test]
    fn praise_and_blame_for_nothing_in_particular_are_apart() {
        assert_eq!(of("Very good, thank you"), Some(Kind::GeneralPraise));
        assert_eq!(of("Terrible service"), Some(Kind::GeneralBlame));
    }

    #[test]
    fn whatever_names_a_thing_is_left_to_the_clusters() {
        for said in ["good nurses", "no parking", "nothing works on the website", "more staff", "could be better"] {
            assert_eq!(of(said), None, "{said}");
        }
    }
}

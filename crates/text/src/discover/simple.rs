//! Owns answers that name no theme: "nothing", "n/a", "good". They are told by their words alone and kept
//! out of the clusters, which they would flood.

use serde::{Deserialize, Serialize};

/// What a theme is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Comments about one thing.
    Topic,
    /// Answers that there is nothing to say: "nothing", "n/a", "don't know".
    NoAnswer,
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
muy excelente gracias liked like loved everything all thing";

const BLAME: &str = "bad poor terrible awful appalling rubbish disgusting disgraceful dreadful shocking useless worst horrible \
horrendous abysmal unacceptable disappointing disappointed unsatisfactory dissatisfied unhappy crap joke gwael malo mala \
pésimo terrible horrible shambles everything all";

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

/// The kind of a simple answer, from its [`key`]; `None` if it may name a theme.
pub(super) fn kind(key: &str) -> Option<Kind> {
    let words: Vec<&str> = key.split(' ').filter(|w| w.chars().any(char::is_alphanumeric)).collect();
    if words.is_empty() {
        return Some(Kind::NoAnswer);
    }
    if words.len() > LONGEST {
        return None;
    }
    let has = |list: &str, word: &str| list.split_ascii_whitespace().any(|w| w == word);
    let (mut nothing, mut praise, mut blame, mut denied) = (0, 0, 0, false);
    for word in &words {
        let (n, p, b) = (has(NOTHING, word), has(PRAISE, word), has(BLAME, word));
        if !n && !p && !b && !has(FILLER, word) {
            return None;
        }
        denied |= matches!(
            *word,
            "not" | "no" | "don't" | "dont" | "didn't" | "nothing" | "none" | "couldn't" | "can't" | "cannot" | "never"
        );
        nothing += usize::from(n);
        praise += usize::from(p);
        blame += usize::from(b);
    }
    match () {
        // "could be better", "improve": it says that something is wrong, not that nothing is.
        () if !denied && nothing > 0 && praise == 0 && blame == 0 => {
            let names_none = words.iter().any(|w| {
                matches!(
                    *w,
                    "na" | "n/a"
                        | "nil"
                        | "nope"
                        | "nowt"
                        | "n"
                        | "unsure"
                        | "unknown"
                        | "blank"
                        | "null"
                        | "dim"
                        | "nada"
                        | "ninguno"
                        | "ninguna"
                )
            });
            (names_none || words.len() == 1 && words[0] == "sure").then_some(Kind::NoAnswer)
        }
        () if praise > 0 && !denied && blame == 0 => Some(Kind::GeneralPraise),
        () if blame > 0 && !denied => Some(Kind::GeneralBlame),
        () if denied && nothing > 0 => Some(Kind::NoAnswer),
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
    fn nothing_in_many_words_is_no_answer() {
        for said in [
            "Nothing",
            "n/a",
            "N/A.",
            "NONE!!",
            "don't know",
            "Nothing at all really",
            "no complaints",
            "...",
            "-",
            "Can't think of anything",
            "dim byd",
            "Couldn’t be better",
        ] {
            assert_eq!(of(said), Some(Kind::NoAnswer), "{said}");
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

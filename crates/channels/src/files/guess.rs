//! What one column is probably for, by its heading and its values. Columns do not know of each other
//! here; [`super::recognise`] settles between them.

use super::channel_words::channel_of;
use super::content::Profile;
use super::names::{Hint, Named};
use super::ratings::{Scale, find_scale};

/// Things of which a row has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Single {
    Id,
    At,
    Question,
    Service,
    Touchpoint,
    Channel,
    Page,
    Device,
    Language,
    Area,
}

/// Why a column is left out, as far as the summary tells kinds apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// It may say who somebody is.
    Private,
    /// It ticks something: labels that somebody gave.
    Ticks,
    /// It counts or measures things.
    Counts,
    /// Anything else.
    Other,
}

/// What a column is probably for.
#[derive(Clone, Debug)]
pub(crate) enum Guess {
    /// One of the things of which a row has one, with how surely and why. Many columns can compete.
    Single(Single, u8, &'static str),
    /// Words. The weaker ones are only taken when there is nothing better.
    Comment { sure: bool, why: &'static str },
    /// A rating, with how surely it is the main one.
    Rating { scale: Box<Scale>, sure: u8, why: &'static str },
    /// Numbers on a scale under a heading that says nothing: ratings if there are several alike.
    Battery(Box<Scale>),
    /// Something to group by; the name if it is a known one, and how well known.
    Attribute { name: &'static str, sure: u8 },
    /// Left out.
    Leave(Left, String),
}

/// Why a column is left out whose numbers a spreadsheet program cut.
pub(crate) const CUT: &str = "holds long numbers that a spreadsheet program cut (1.20241E+14), so that different ones look the same; \
    format the column as text there and export it again";

fn leave(why: impl Into<String>) -> Guess {
    Guess::Leave(Left::Other, why.into())
}

fn private() -> Guess {
    Guess::Leave(Left::Private, "may say who somebody is".to_owned())
}

/// Words in questions that ask for a rating.
const RATES: &[&str] = &[
    "satisf",
    "rate",
    "rating",
    "score",
    "likely",
    "easy",
    "how ",
    "scale",
    "agree",
    "recommend",
    "good",
    "star",
    "quality",
    "experience",
    "helpful",
    "feel",
    // Welsh
    "fodlon",
    "bodlon",
    "sgor",
    "pa mor",
    "hawdd",
    "debygol",
    "tebygol",
    "cytuno",
    "graddfa",
    "ansawdd",
    "profiad",
    // Spanish
    "puntu",
    "valor",
    "calific",
    "facil",
    "probable",
    "recomend",
    "acuerdo",
    "calidad",
    "experiencia",
];

/// Guesses what a column is for.
pub(crate) fn guess(named: &Named, profile: &Profile) -> Guess {
    if profile.filled == 0 {
        return leave("has no values in the rows looked at");
    }
    if named.words.starts_with("positive ") || named.words.starts_with("negative ") {
        // The drivers that US agencies report under OMB Circular A-11, section 280.
        const DRIVERS: &[&str] =
            &["effectiveness", "ease", "efficiency", "transparency", "humanity", "employee", "other"];
        if profile.ticks() && DRIVERS.iter().any(|d| named.words.ends_with(d)) {
            return Guess::Attribute { name: "", sure: 60 };
        }
    }
    let rates = matches!(named.hint, Some((Hint::Rating, sure)) if sure >= 85);
    let describes = matches!(named.hint, Some((Hint::Attribute(name), _)) if !name.is_empty());
    if profile.ticks() && profile.distinct() == 1 && !rates && !describes && !named.asks {
        return Guess::Leave(Left::Ticks, "only ticks something".to_owned());
    }
    if let Some((hint, sure)) = named.hint
        && let Some(guess) = by_name(hint, sure, named, profile)
    {
        return guess;
    }
    if profile.mostly_structured() {
        return leave("holds what programs write for programs");
    }
    if profile.mostly_private() {
        return private();
    }
    if named.asks {
        return asked(named, profile);
    }
    by_content(named, profile)
}

fn scale_of(named: &Named, profile: &Profile) -> Option<Scale> {
    if profile.overflow { None } else { find_scale(&profile.answers(), &named.heading) }
}

/// A name fits or not by what the values are; where it does not, the values alone decide.
fn by_name(hint: Hint, sure: u8, named: &Named, profile: &Profile) -> Option<Guess> {
    const NAME: &str = "by its name";
    let words = !profile.mostly_numbers() && !profile.mostly_dates(false);
    let single = |single: Single, most: usize| {
        let groups = profile.often()
            && !profile.overflow
            && profile.distinct() <= most
            && profile.longest <= 200
            && !profile.long_text();
        (groups && (words || sure >= 70)).then_some(Guess::Single(single, sure, NAME))
    };
    match hint {
        Hint::Private => Some(private()),
        // A tenant may be there by name, or as yes and no.
        Hint::Person => {
            let hidden = profile.names_people() || profile.mostly_private() || !profile.few(40);
            (hidden && !profile.long_text() && !profile.mostly_numbers()).then(private)
        }
        Hint::Place => Some(Guess::Leave(Left::Private, "says where exactly, which may say who it was".to_owned())),
        Hint::Judgement => Some(leave("is somebody’s or some program’s judgement; the words are read anew here")),
        Hint::Reply => Some(leave("is what was answered, not what was said")),
        Hint::Nothing => Some(leave("holds nothing that is needed here")),
        Hint::Count => {
            let why = "is a number of things or a measurement, not an answer";
            profile.mostly_numbers().then(|| Guess::Leave(Left::Counts, why.to_owned()))
        }
        Hint::OtherDate => profile.mostly_dates(true).then(|| leave("is another date than that on which it was said")),
        Hint::Counter => {
            let counts = profile.integers == profile.filled && profile.unique();
            let counter = counts && (profile.counts_rows() || !named.words.starts_with("unnamed"));
            counter.then(|| leave("only counts the rows of this file, so the next file would repeat it"))
        }
        Hint::Id | Hint::RespondentId => {
            let weak = sure < 30 && (profile.counts_rows() || !profile.unique());
            match () {
                () if weak => None,
                () if profile.scientific * 10 >= profile.filled => Some(leave(CUT)),
                () if profile.unique() => Some(Guess::Single(Single::Id, sure, NAME)),
                () if hint == Hint::RespondentId => Some(private()),
                () if sure >= 90 => Some(leave("is not different in every row, so it is no id of the feedback")),
                () => None,
            }
        }
        Hint::At => {
            let dates = profile.dates.good + profile.dates.numeric;
            if profile.dates.placeholders > 0 && (dates + profile.dates.placeholders) * 2 >= profile.filled {
                // Any other column with dates is better than one that holds none.
                Some(Guess::Single(Single::At, if dates > 0 { sure } else { 10 }, NAME))
            } else if dates * 2 >= profile.filled {
                Some(Guess::Single(Single::At, sure, NAME))
            } else {
                (sure >= 80 && words && !profile.free_text())
                    .then(|| leave("is named like a date, but its values are not dates"))
            }
        }
        Hint::Comment => {
            if let Some(scale) = scale_of(named, profile).filter(|s| s.certain) {
                return Some(Guess::Rating { scale: Box::new(scale), sure, why: "its answers are on a scale" });
            }
            if profile.mostly_numbers() || profile.mostly_dates(false) {
                return None;
            }
            let few_short =
                profile.filled >= 50 && profile.distinct() <= 20 && !profile.overflow && profile.mean_chars() < 30.0;
            let sure = sure >= 90 || profile.long_text() || (sure >= 70 && !few_short);
            Some(Guess::Comment { sure, why: NAME })
        }
        Hint::Question => words.then_some(Guess::Single(Single::Question, sure, NAME)),
        Hint::Rating => {
            let telling = sure >= 65 || profile.distinct() > 1;
            if let Some(scale) = scale_of(named, profile).filter(|_| telling) {
                return Some(Guess::Rating { scale: Box::new(scale), sure, why: NAME });
            }
            let why = "holds numbers off any scale, such as averages or shares, not one person’s answers";
            profile.mostly_numbers().then(|| Guess::Leave(Left::Counts, why.to_owned()))
        }
        Hint::Service => single(Single::Service, 300),
        Hint::Touchpoint => single(Single::Touchpoint, 300),
        Hint::Channel => single(Single::Channel, 40),
        Hint::Language => single(Single::Language, 150),
        Hint::Area => single(Single::Area, 300),
        Hint::Device => Some(Guess::Single(Single::Device, sure, NAME)),
        Hint::Page => {
            (words && (profile.mostly_pages() || sure >= 80)).then_some(Guess::Single(Single::Page, sure, NAME))
        }
        Hint::Attribute(name) => {
            // A type or status may hold ratings or comments; people's characteristics do not.
            if name.is_empty() && (profile.long_text() || scale_of(named, profile).is_some_and(|s| s.certain)) {
                return None;
            }
            (!profile.overflow && profile.longest <= 200 && (!name.is_empty() || (profile.few(300) && profile.often())))
                .then_some(Guess::Attribute { name, sure })
        }
    }
}

/// The answers to a question: a rating, words, or a choice.
fn asked(named: &Named, profile: &Profile) -> Guess {
    let scale = scale_of(named, profile);
    match scale {
        Some(scale) if scale.certain => {
            return Guess::Rating { scale: Box::new(scale), sure: 70, why: "its answers are on a scale" };
        }
        Some(scale) if RATES.iter().any(|w| named.words.contains(w)) && !profile.ticks() => {
            return Guess::Rating { scale: Box::new(scale), sure: 65, why: "the question asks for a rating" };
        }
        _ => {}
    }
    if (profile.long_text() || profile.free_text()) && !profile.mostly_stamps() {
        return Guess::Comment { sure: true, why: "answers to a question, in words" };
    }
    if profile.short_words() && !profile.echoes(&named.words) {
        return Guess::Comment { sure: named.open, why: "answers to a question, in a few words" };
    }
    by_content(named, profile)
}

fn by_content(named: &Named, profile: &Profile) -> Guess {
    if profile.mostly_dates(false) {
        return Guess::Single(Single::At, if profile.dates.good > 0 { 30 } else { 5 }, "looks like dates");
    }
    if profile.mostly_stamps() {
        return leave("looks like dates that are written in a way that is not known here");
    }
    if profile.mostly_pages() {
        return Guess::Single(Single::Page, 30, "looks like web addresses");
    }
    if !profile.often() {
        return leave("has a value in very few rows");
    }
    if profile.long_text() {
        // A heading that names something else makes it less likely that these are words of people.
        return Guess::Comment { sure: named.hint.is_none(), why: "looks like words of people" };
    }
    if profile.ticks() {
        return Guess::Leave(Left::Ticks, "only ticks something".to_owned());
    }
    let scale = scale_of(named, profile);
    if let Some(scale) = scale.clone().filter(|s| s.certain) {
        return Guess::Rating { scale: Box::new(scale), sure: 50, why: "its answers are on a scale" };
    }
    if !profile.overflow && profile.distinct() >= 2 {
        let answers = profile.answers();
        let known: usize = answers.iter().filter(|(v, _)| channel_of(v).is_some()).map(|(_, n)| n).sum();
        if known * 10 >= profile.filled * 9 {
            return Guess::Single(Single::Channel, 30, "looks like channels");
        }
    }
    if profile.mostly_numbers() {
        if let Some(scale) = scale {
            return Guess::Battery(Box::new(scale));
        }
        if profile.scientific * 10 >= profile.filled {
            return leave(CUT);
        }
        let id =
            profile.unique() && profile.integers == profile.filled && !profile.counts_rows() && profile.filled >= 3;
        if id && !named.asks {
            return Guess::Single(Single::Id, 25, "is different in every row");
        }
        return Guess::Leave(Left::Counts, "holds numbers whose meaning its heading does not tell".to_owned());
    }
    let one_word = profile.mean_chars() <= 64.0 && !profile.free_text();
    // Words that are all different are words; an id has the form of one.
    if profile.unique() && profile.filled >= 3 && one_word && profile.mostly_ids() && !named.asks {
        return Guess::Single(Single::Id, 25, "is different in every row");
    }
    if (profile.few(100) || (profile.lists() && !profile.overflow)) && !(profile.free_text() && profile.unique()) {
        return Guess::Attribute { name: "", sure: 30 };
    }
    if profile.free_text() {
        return Guess::Comment { sure: false, why: "looks like words" };
    }
    leave("has too many different values to group by")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::names;

    fn guessed(heading: &str, cells: &[&str]) -> Guess {
        let mut profile = Profile::default();
        let sentences = cells.iter().any(|c| c.len() > 20);
        for _ in 0..if sentences { 1 } else { 10 } {
            cells.iter().for_each(|c| profile.add(c));
        }
        guess(&names::read(heading), &profile)
    }

    #[test]
    fn a_name_must_be_borne_out_by_the_values() {
        assert!(matches!(guessed("Satisfaction", &["4", "5"]), Guess::Rating { .. }));
        assert!(matches!(guessed("Satisfaction", &["71.3", "64.8"]), Guess::Leave(Left::Counts, _)));
        assert!(matches!(guessed("Feedback", &["Very good", "Poor"]), Guess::Rating { .. }));
        assert!(matches!(
            guessed("Feedback", &["Nobody came to help me at all", "x y"]),
            Guess::Comment { sure: true, .. }
        ));
        assert!(matches!(guessed("Date", &["01/02/2024"]), Guess::Single(Single::At, 92, _)));
        assert!(matches!(guessed("Date", &["soon", "later"]), Guess::Leave(..)));
    }

    #[test]
    fn a_question_is_known_by_its_answers() {
        assert!(matches!(guessed("How satisfied are you with the service?", &["4", "2"]), Guess::Rating { .. }));
        let words = ["More staff on the desk please", "Shorter waits would help me a lot"];
        assert!(matches!(guessed("What could we do better?", &words), Guess::Comment { .. }));
        assert!(matches!(
            guessed("What is your age group?", &["16-24", "25-34"]),
            Guess::Attribute { name: "age", .. }
        ));
    }

    #[test]
    fn what_may_say_who_it_was_is_left_out() {
        assert!(matches!(guessed("Contact", &["a@b.example", "c@d.example"]), Guess::Leave(Left::Private, _)));
        assert!(matches!(guessed("Full name", &["Ann", "Bob"]), Guess::Leave(Left::Private, _)));
        assert!(matches!(guessed("Leaseholder", &["Eva Muestra", "Ioan Sampl"]), Guess::Leave(Left::Private, _)));
        assert!(matches!(guessed("Leaseholder", &["Yes", "No", "Shared"]), Guess::Attribute { .. }));
        assert!(matches!(guessed("Beth yw eich enw llawn?", &["x y", "z w"]), Guess::Leave(Left::Private, _)));
    }

    #[test]
    fn different_in_every_row_is_an_id_only_in_the_form_of_one() {
        let once = |heading: &str, cells: &[&str]| {
            let mut profile = Profile::default();
            cells.iter().for_each(|c| profile.add(c));
            guess(&names::read(heading), &profile)
        };
        let words = ["Gate 4 stuck", "Dirty floor", "Kind nurse", "Too far"];
        assert!(matches!(once("Anything to add?", &words), Guess::Comment { .. }));
        assert!(matches!(once("Field 9", &words), Guess::Attribute { .. }));
        assert!(matches!(once("Field 7", &["k1-a", "k2-b", "k3-c"]), Guess::Single(Single::Id, 25, _)));
        let cut = once("Case number", &["1.2E+14", "1.3E+14", "1.20241E+14"]);
        assert!(matches!(cut, Guess::Leave(_, ref why) if why.contains("spreadsheet")), "{cut:?}");
    }

    #[test]
    fn several_ticked_answers_in_one_cell_are_grouped_by() {
        let ticked = ["Hall, Stairs", "Garden", "Stairs", "Hall, Garden, Stairs", "Hall"];
        assert!(matches!(guessed("Which did you use?", &ticked), Guess::Attribute { .. }));
    }
}

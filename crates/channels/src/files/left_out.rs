//! Says which columns are left out though they look like answers, why, and what to do. Nothing that somebody
//! answered is lost in silence.

use commonweal_domain::import::Target;

use super::content::Profile;
use super::guess::Left;
use super::names::{Hint, Named};
use super::ratings::find_scale;
use super::recognise::Column;
use super::record::listed;

/// What a column looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Like {
    Rating,
    Words,
}

/// Sentences about columns that are left out, or taken for something else than what they are called.
pub(crate) fn notes(headings: &[String], columns: &[Column], profiles: &[Profile], named: &[Named]) -> Vec<String> {
    let mut by_reason: Vec<(Like, &str, Vec<&str>)> = Vec::new();
    let mut notes = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        if column.said || profiles[at].filled == 0 {
            continue;
        }
        if let Target::Attribute(_) = column.target {
            notes.extend(taken_for_a_group(&headings[at], &profiles[at], &named[at]));
            continue;
        }
        if column.target != Target::Ignore || matches!(column.left, Some(Left::Private)) {
            continue;
        }
        let Some(like) = looks_like(&profiles[at], &named[at], column.left) else { continue };
        match by_reason.iter_mut().find(|(l, r, _)| *l == like && *r == column.reason) {
            Some((.., names)) => names.push(&headings[at]),
            None => by_reason.push((like, &column.reason, vec![&headings[at]])),
        }
    }
    for (like, reason, names) in by_reason {
        let many = names.len() > 1;
        let first = names[0];
        let what = match like {
            Like::Rating => "ratings",
            Like::Words => "words of people",
        };
        let key = match like {
            Like::Rating => "rating.NAME",
            Like::Words => "comment",
        };
        notes.push(format!(
            "{} {} left out, though {} like {what}: each {reason}. If {} answers, say so, for example {key}={first}.",
            listed(names.iter().copied(), 6),
            if many { "are" } else { "is" },
            if many { "they look" } else { "it looks" },
            if many { "they are" } else { "it holds" },
        ));
    }
    notes
}

fn looks_like(profile: &Profile, named: &Named, left: Option<Left>) -> Option<Like> {
    // What other people or programs made of the answers is no answer.
    let other = matches!(
        named.hint,
        Some((
            Hint::Judgement
                | Hint::Reply
                | Hint::Nothing
                | Hint::Counter
                | Hint::OtherDate
                | Hint::Id
                | Hint::RespondentId,
            _
        ))
    );
    if other || matches!(left, Some(Left::Ticks)) || profile.mostly_dates(false) || profile.mostly_pages() {
        return None;
    }
    let rating = matches!(named.hint, Some((Hint::Rating, _)));
    let words = matches!(named.hint, Some((Hint::Comment, sure)) if sure >= 75);
    let scale =
        !profile.overflow && find_scale(&profile.answers(), &named.heading).is_some_and(|s| s.certain || named.asks);
    if rating || scale {
        return Some(Like::Rating);
    }
    let asked = named.asks && !matches!(named.hint, Some((Hint::Count | Hint::Attribute(_) | Hint::Area, _)));
    (words || profile.long_text() || asked).then_some(Like::Words)
}

/// A column that is called like a rating and whose answers nobody here knows is kept to group by.
fn taken_for_a_group(heading: &str, profile: &Profile, named: &Named) -> Option<String> {
    let called =
        matches!(named.hint, Some((Hint::Rating, sure)) if sure >= 70) || (named.asks && profile.echoes(&named.words));
    if !called || profile.ticks() {
        return None;
    }
    let answers = profile.answers();
    Some(format!(
        "“{heading}” asks for a rating, it seems, but its answers ({}) are on no scale that is known here, so it is kept as \
         something to group by and counts in no figure of satisfaction. Put numbers in their place to have them counted.",
        listed(answers.iter().map(|(a, _)| a.as_str()), 5)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::names;

    fn told(heading: &str, cells: &[&str], target: Target, reason: &str) -> Vec<String> {
        let mut profile = Profile::default();
        cells.iter().for_each(|c| profile.add(c));
        let column = Column { target, reason: reason.to_owned(), scale: None, left: Some(Left::Other), said: false };
        notes(&[heading.to_owned()], &[column], &[profile], &[names::read(heading)])
    }

    #[test]
    fn what_looks_like_an_answer_and_is_left_out_is_said_with_the_reason() {
        let said = told("How clean was it?", &["12", "40"], Target::Ignore, "holds this and that");
        assert!(
            said.len() == 1
                && said[0].contains("“How clean was it?” is left out")
                && said[0].contains("holds this and that"),
            "{said:?}"
        );
        assert!(said[0].contains("How clean was it?."), "{said:?}");
        let said = told("Col 9", &["I waited for an hour and nobody came to us"], Target::Ignore, "is beyond");
        assert!(said[0].contains("words of people"), "{said:?}");
        assert_eq!(told("Updated at", &["2024-05-01"], Target::Ignore, "is another date"), Vec::<String>::new());
    }

    #[test]
    fn a_rating_in_words_that_nobody_knows_is_said_to_be_none() {
        let said =
            told("Overall satisfaction", &["Zufrieden", "Unzufrieden"], Target::Attribute("x".into()), "has few");
        assert!(said.len() == 1 && said[0].contains("“Zufrieden”") && said[0].contains("no scale"), "{said:?}");
        assert_eq!(
            told("Topic", &["Roof", "Keys"], Target::Attribute("topic".into()), "has few"),
            Vec::<String>::new()
        );
    }
}

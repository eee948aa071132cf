//! Files with one row for each answer: the question in one column, what was answered in another, numbers and words
//! mixed. The scale belongs to the question then, not to the column.

use std::collections::BTreeMap;

use commonweal_domain::import::RatingColumn;

use super::names;
use super::ratings::find_scale;
use super::record::{Record, counted};
use super::values::{no_words, trimmed};

/// Questions that are looked at.
const MOST: usize = 200;

/// Scales of those questions whose answers are ratings, by the question as it stands in the file.
pub(crate) fn scales(rows: &[Record], question: usize, answer: usize) -> BTreeMap<String, RatingColumn> {
    let mut by_question: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for row in rows {
        let (asked, said) = (trimmed(row.get(question)), trimmed(row.get(answer)));
        if !asked.is_empty() && !no_words(said) && (by_question.contains_key(asked) || by_question.len() < MOST) {
            *by_question.entry(asked).or_default().entry(said).or_default() += 1;
        }
    }
    let rating = |(asked, said): (&str, BTreeMap<&str, usize>)| {
        let all: usize = said.values().sum();
        if said.len() > 30 || (said.len() == all && all > 11) {
            return None;
        }
        let answers: Vec<(String, usize)> = said.into_iter().map(|(a, n)| (a.to_owned(), n)).collect();
        let scale = find_scale(&answers, asked)?;
        let numbers = answers.iter().all(|(a, _)| a.parse::<f64>().is_ok());
        let asks = numbers || scale.certain || !names::read(asked).open;
        (asks && (scale.certain || numbers)).then(|| (asked.to_owned(), scale.column))
    };
    by_question.into_iter().filter_map(rating).collect()
}

/// Says that rows belong together, where an id comes in several rows, each with another question.
pub(crate) fn note(rows: &[Record], headings: &[String], question: usize) -> Option<String> {
    let mut best: Option<(usize, usize)> = None;
    for column in (0..headings.len()).filter(|&c| c != question) {
        let named = names::read(&headings[column]);
        if !matches!(named.hint, Some((names::Hint::Id | names::Hint::RespondentId, _))) {
            continue;
        }
        let mut asked: BTreeMap<&str, std::collections::BTreeSet<&str>> = BTreeMap::new();
        let mut filled = 0;
        for row in rows {
            let id = trimmed(row.get(column));
            if !id.is_empty() {
                filled += 1;
                asked.entry(id).or_default().insert(trimmed(row.get(question)));
            }
        }
        let different: usize = asked.values().map(|q| q.len()).sum();
        if filled > asked.len() && different == filled && best.is_none_or(|(_, n)| asked.len() < n) {
            best = Some((column, asked.len()));
        }
    }
    let (column, people) = best?;
    Some(format!(
        "The file has one row for each answer: the rows with the same “{}” belong together ({} rows with {} different ones in those looked at). \
         Each row is taken in as feedback of its own, so figures count answers, not people. Export one row for each person, \
         with a column for each question, to count people.",
        headings[column],
        counted(rows.len()),
        counted(people)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(cells: &[[&str; 3]]) -> Vec<Record> {
        let record = |cells: &[&str; 3]| {
            let mut record = Record::default();
            cells.iter().for_each(|c| record.cell(c));
            record
        };
        cells.iter().map(record).collect()
    }

    #[test]
    fn a_question_has_its_scale_and_words_have_none() {
        let rows = rows(&[
            ["a", "How was the hall? (0-10)", "7"],
            ["a", "Anything else?", "Too cold"],
            ["b", "How was the hall? (0-10)", "10"],
            ["b", "Anything else?", "3 chairs broken"],
        ]);
        let found = scales(&rows, 1, 2);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found["How was the hall? (0-10)"].worst, found["How was the hall? (0-10)"].best), (0.0, 10.0));
        let headings = ["Response id", "Question", "Answer"].map(str::to_owned);
        assert!(
            note(&rows, &headings, 1)
                .is_some_and(|n| n.contains("“Response id”") && n.contains("4 rows with 2 different"))
        );
    }

    #[test]
    fn rows_of_one_person_each_do_not_belong_together() {
        let rows = rows(&[["a", "Why?", "x y"], ["b", "Why?", "z"], ["a", "Why?", "again"]]);
        assert_eq!(note(&rows, &["id", "Question", "Answer"].map(str::to_owned), 1), None);
    }
}

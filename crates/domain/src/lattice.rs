//! Which sets of feedback may be asked for where a question is about groups of people, and of which cells each is
//! made.
//!
//! A cell of the lattice has one value of each dimension that it names, words without alternatives, and a month, a
//! quarter, a calendar year or all time. Everything else is a sum of cells, each with the noise that it always has:
//! asking for this and that set of values, or from this and that month on, makes no new noise, so that there is
//! nothing to average out. What is no sum of cells can't be asked.

use chrono::{Datelike, Months, NaiveDate};
use chrono_tz::Tz;

use crate::clock::Instant;
use crate::filter::{Filter, TimeRange};
use crate::invalid::FieldErrors;
use crate::period::start_of;

/// Most cells of one answer.
const MAX_CELLS: usize = 240;

/// The period widened to whole months.
#[must_use]
pub fn whole_months(range: TimeRange, zone: Tz) -> TimeRange {
    let first = |at: Instant| first_of_month(at.with_timezone(&zone).date_naive());
    TimeRange {
        from: range.from.map(|from| start_of(first(from), zone)),
        to: range.to.map(|to| {
            let month = first(to);
            if start_of(month, zone) == to { to } else { start_of(month + Months::new(1), zone) }
        }),
    }
}

/// The months, quarters and years of which a period of whole months is made, in order; all time is one piece.
/// Years without feedback, before `begin` and after `now`, are left out.
pub fn pieces(range: TimeRange, begin: Instant, now: Instant, zone: Tz) -> Vec<TimeRange> {
    if range == TimeRange::default() {
        return vec![range];
    }
    let day = |at: Instant| at.with_timezone(&zone).date_naive();
    let earliest = first_of_year(day(begin));
    let latest = first_of_year(day(now)) + Months::new(12);
    let mut at = range.from.map_or(earliest, day).max(earliest);
    let end = range.to.map_or(latest, day).min(latest);
    let mut found = Vec::new();
    while at < end {
        let fits = |months: u32| at.month0().is_multiple_of(months) && at + Months::new(months) <= end;
        let next = at + Months::new([12, 3].into_iter().find(|months| fits(*months)).unwrap_or(1));
        found.push(TimeRange { from: Some(start_of(at, zone)), to: Some(start_of(next, zone)) });
        at = next;
    }
    found
}

/// The cells of which the set that a filter means is made, its period in these pieces; none where nothing can be
/// meant.
///
/// # Errors
/// What can't be asked about groups of people, each with what can.
pub fn cells(filter: &Filter, pieces: &[TimeRange]) -> Result<Vec<Filter>, FieldErrors> {
    let mut errors = FieldErrors::default();
    if !filter.words.must_not.is_empty() || filter.words.must.iter().any(|any| any.len() > 1) {
        errors.add(
            "q",
            "not_about_people",
            "Where a question is about groups of people, a search can't leave words out or give alternatives: from the \
             difference a single person could be told. Search for words that must all be there.",
        );
    }
    let mut cells = vec![Filter { clauses: Default::default(), ..filter.clone() }];
    for (dimension, clause) in &filter.clauses {
        let name = dimension.label();
        let values: Vec<&String> = clause.is.iter().filter(|value| !clause.is_not.contains(value)).collect();
        if clause.is.is_empty() && !clause.is_not.is_empty() {
            let message = format!(
                "Where a question is about groups of people, “{name}” can't be asked for by what it is not: the difference \
                 would tell of those left out. Choose the values that you mean."
            );
            errors.add(dimension.key().as_ref(), "not_about_people", message);
            continue;
        }
        if dimension.many() && values.len() > 1 {
            let message = format!(
                "Where a question is about groups of people, “{name}” can be asked for one value at a time: one feedback \
                 may have several, and they can't be added up."
            );
            errors.add(dimension.key().as_ref(), "not_about_people", message);
            continue;
        }
        if clause.is.is_empty() {
            continue;
        }
        let narrowed = |cell: &Filter, value: &str| {
            let mut cell = cell.clone();
            cell.clauses.entry(dimension.clone()).or_default().is = vec![value.to_owned()];
            cell
        };
        cells = cells.iter().flat_map(|cell| values.iter().map(move |value| narrowed(cell, value))).collect();
        if cells.len() > MAX_CELLS {
            break;
        }
    }
    if errors.is_empty() && cells.len() * pieces.len() > MAX_CELLS {
        errors.add(
            "filter",
            "too_many_cells",
            format!(
                "The question is about groups of people and asks for {} values and periods together; at most {MAX_CELLS} \
                 are added up. Choose fewer values, or whole years.",
                cells.len() * pieces.len()
            ),
        );
    }
    let cut = |cell: &Filter| {
        let cell = cell.clone();
        pieces.iter().map(move |piece| Filter { range: *piece, ..cell.clone() })
    };
    errors.into_result(())?;
    Ok(cells.iter().flat_map(cut).collect())
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn first_of_year(day: NaiveDate) -> NaiveDate {
    day.with_ordinal(1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dimension;

    const LONDON: Tz = Tz::Europe__London;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    fn range(period: &str) -> TimeRange {
        crate::period::parse(period, at("2024-11-20T12:00:00Z"), LONDON).expect("a period")
    }

    fn cut(period: &str) -> Vec<TimeRange> {
        let whole = whole_months(range(period), LONDON);
        pieces(whole, at("2022-05-10T10:00:00Z"), at("2024-11-20T12:00:00Z"), LONDON)
    }

    #[test]
    fn a_period_is_widened_to_whole_months() {
        assert_eq!(whole_months(range("2024-03-10..2024-04-02"), LONDON), range("2024-03..2024-04"));
        assert_eq!(whole_months(range("2024-03"), LONDON), range("2024-03"));
        assert_eq!(whole_months(range("last-30-days"), LONDON), range("2024-10..2024-11"));
        assert_eq!(whole_months(range("all"), LONDON), range("all"));
    }

    #[test]
    fn periods_are_made_of_years_quarters_and_months() {
        let of = |all: &[&str]| all.iter().map(|period| range(period)).collect::<Vec<_>>();
        assert_eq!(cut("2023"), of(&["2023"]));
        assert_eq!(
            cut("2023-02..2024-04"),
            of(&["2023-02", "2023-03", "2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1", "2024-04"])
        );
        assert_eq!(cut("all"), of(&["all"]));
        assert_eq!(cut("2024-10.."), of(&["2024-Q4"]));
        assert_eq!(cut("..2023"), of(&["2022", "2023"]), "nothing is older");
        assert_eq!(cut("1990..2023"), of(&["2022", "2023"]));
    }

    #[test]
    fn several_values_are_several_cells() {
        let mut filter = Filter::default();
        for value in ["16-24", "25-34"] {
            filter.add(Dimension::Attribute("age".into()), value);
        }
        filter.add(Dimension::Channel, "web");
        let found = cells(&filter, &cut("2023-01..2023-04")).expect("cells");
        assert_eq!(found.len(), 4);
        assert!(found.iter().all(|cell| cell.clauses.values().all(|clause| clause.is.len() == 1)));
    }

    #[test]
    fn what_is_no_sum_of_cells_is_refused() {
        let refused = |add: &dyn Fn(&mut Filter)| {
            let mut filter = Filter::default();
            add(&mut filter);
            cells(&filter, &[TimeRange::default()]).expect_err("refused").0.remove(0).field
        };
        assert_eq!(refused(&|f| f.add(Dimension::Area, "!North")), "area");
        assert_eq!(refused(&|f| f.add(Dimension::Channel, "!web")), "channel");
        assert_eq!(
            refused(&|f| {
                f.add(Dimension::Theme, "late");
                f.add(Dimension::Theme, "upload");
            }),
            "theme"
        );
        for words in ["-parking", "late OR slow"] {
            assert_eq!(refused(&|f| crate::search::parse(words, f).expect("words")), "q");
        }
    }
}

//! What the values of a column look like, gathered row by row without keeping the rows.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::dates::{Fits, NotADate, Written, is_placeholder, written};
use super::record::shortened;
use super::shapes::{
    is_email, is_id, is_ip, is_person, is_phone, is_postcode, is_prose, is_scientific, is_stamp, is_titled,
};
use super::values::{is_page, no_words, plain_words, trimmed};

/// Different values that are kept; a column with more is no grouping.
const MAX_DISTINCT: usize = 300;

/// Rows for which it is kept which value they have, to find columns that say the same.
const CODED_ROWS: usize = 2_000;

/// How dates are written in a column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dates {
    /// Values that are dates in some order.
    pub(crate) good: usize,
    /// Values that are numbers which can be dates when the heading says so.
    pub(crate) numeric: usize,
    pub(crate) year_first: usize,
    pub(crate) day_first: usize,
    pub(crate) month_first: usize,
    pub(crate) both: usize,
    /// Dates that programs write where they kept none.
    pub(crate) placeholders: usize,
    pub(crate) placeholder_example: Option<String>,
    /// An example of each kind that decides something.
    pub(crate) day_first_example: Option<String>,
    pub(crate) month_first_example: Option<String>,
    pub(crate) both_example: Option<String>,
    pub(crate) bad_example: Option<String>,
}

/// What the values of one column look like.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) rows: usize,
    /// Cells with a value.
    pub(crate) filled: usize,
    /// Cells that stand for "no value", as written, with how often.
    pub(crate) markers: BTreeMap<String, usize>,
    distinct: HashMap<String, (u16, usize)>,
    pub(crate) overflow: bool,
    seen: HashSet<u64>,
    pub(crate) doubles: usize,
    chars: usize,
    words: usize,
    pub(crate) longest: usize,
    pub(crate) integers: usize,
    pub(crate) decimals: usize,
    last: Option<i64>,
    first: Option<i64>,
    counting: bool,
    pub(crate) dates: Dates,
    pages: usize,
    /// Cells of a form by which somebody can be found.
    personal: usize,
    people: usize,
    titled: usize,
    stamps: usize,
    ids: usize,
    pub(crate) scientific: usize,
    structured: usize,
    prose: usize,
    pub(crate) samples: Vec<String>,
    codes: Vec<u16>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            rows: 0,
            filled: 0,
            markers: BTreeMap::new(),
            distinct: HashMap::new(),
            overflow: false,
            seen: HashSet::new(),
            doubles: 0,
            chars: 0,
            words: 0,
            longest: 0,
            integers: 0,
            decimals: 0,
            last: None,
            first: None,
            counting: true,
            dates: Dates::default(),
            pages: 0,
            personal: 0,
            people: 0,
            titled: 0,
            stamps: 0,
            ids: 0,
            scientific: 0,
            structured: 0,
            prose: 0,
            samples: Vec::new(),
            codes: Vec::new(),
        }
    }
}

impl Profile {
    /// Takes a cell of the next row into account.
    pub(crate) fn add(&mut self, cell: &str) {
        self.rows += 1;
        let cell = trimmed(cell);
        if no_words(cell) {
            if !cell.is_empty() && (self.markers.len() < 20 || self.markers.contains_key(cell)) {
                *self.markers.entry(cell.to_owned()).or_default() += 1;
            }
            self.code(u16::MAX);
            return;
        }
        self.filled += 1;
        self.distinguish(cell);
        let chars = cell.chars().count();
        self.chars += chars;
        self.longest = self.longest.max(chars);
        self.words += cell.split_whitespace().count();
        if self.samples.len() < 3 && !self.samples.iter().any(|s| s == cell) {
            self.samples.push(shortened(cell, 200));
        }
        self.number(cell);
        self.date(cell);
        self.pages += usize::from(is_page(cell));
        self.personal += usize::from(is_email(cell) || is_postcode(cell) || is_phone(cell) || is_ip(cell));
        self.people += usize::from(is_person(cell));
        self.titled += usize::from(is_titled(cell));
        self.stamps += usize::from(is_stamp(cell));
        self.ids += usize::from(is_id(cell));
        self.scientific += usize::from(is_scientific(cell));
        self.prose += usize::from(is_prose(cell));
        self.structured += usize::from(
            ["{", "[", "<", "POINT"].iter().any(|s| cell.starts_with(s)) && !super::markup::is_markup(cell),
        );
    }

    fn code(&mut self, code: u16) {
        if self.codes.len() < CODED_ROWS {
            self.codes.push(code);
        }
    }

    fn distinguish(&mut self, cell: &str) {
        let mut hasher = DefaultHasher::new();
        cell.hash(&mut hasher);
        // A column with many doubles is no id; there is no need to go on counting.
        if self.doubles < 1_000 && !self.seen.insert(hasher.finish()) {
            self.doubles += 1;
        }
        let known = self.distinct.len();
        let code = match self.distinct.get_mut(cell) {
            Some((code, count)) => {
                *count += 1;
                *code
            }
            None if known < MAX_DISTINCT => {
                let code = known as u16;
                self.distinct.insert(cell.to_owned(), (code, 1));
                code
            }
            None => {
                self.overflow = true;
                u16::MAX
            }
        };
        self.code(code);
    }

    fn number(&mut self, cell: &str) {
        let Ok(value) = cell.parse::<f64>() else {
            self.counting = false;
            return;
        };
        if value.fract() != 0.0 || !value.is_finite() || value.abs() > 9e15 {
            self.decimals += 1;
            self.counting = false;
            return;
        }
        self.integers += 1;
        let value = value as i64;
        self.counting = self.counting && self.last.is_none_or(|l| l + 1 == value);
        self.first = self.first.or(Some(value));
        self.last = Some(value);
    }

    fn date(&mut self, cell: &str) {
        let dates = &mut self.dates;
        if is_placeholder(cell) {
            dates.placeholders += 1;
            dates.placeholder_example.get_or_insert_with(|| cell.to_owned());
            return;
        }
        let keep = |example: &mut Option<String>| {
            if example.is_none() {
                *example = Some(cell.to_owned());
            }
        };
        match written(cell) {
            Ok(date) => {
                let plain = cell.bytes().all(|b| b.is_ascii_digit() || b == b'.');
                if plain || matches!(date, Written::Serial(_)) {
                    dates.numeric += 1;
                    return;
                }
                match date.fits(cell) {
                    Fits::Neither => {
                        keep(&mut dates.bad_example);
                        return;
                    }
                    Fits::YearFirst => dates.year_first += 1,
                    Fits::Any => {}
                    Fits::DayFirst => {
                        dates.day_first += 1;
                        keep(&mut dates.day_first_example);
                    }
                    Fits::MonthFirst => {
                        dates.month_first += 1;
                        keep(&mut dates.month_first_example);
                    }
                    Fits::Both => {
                        dates.both += 1;
                        keep(&mut dates.both_example);
                    }
                }
                dates.good += 1;
            }
            Err(NotADate::Impossible(_) | NotADate::Other) => keep(&mut dates.bad_example),
        }
    }

    /// Different values with how often they occur, most frequent first.
    pub(crate) fn answers(&self) -> Vec<(String, usize)> {
        let mut all: Vec<(String, usize)> = self.distinct.iter().map(|(v, (_, n))| (v.clone(), *n)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all
    }

    pub(crate) fn distinct(&self) -> usize {
        self.distinct.len()
    }

    fn share(&self, part: usize, percent: usize) -> bool {
        self.filled > 0 && part * 100 >= self.filled * percent
    }

    pub(crate) fn mean_chars(&self) -> f64 {
        self.chars as f64 / self.filled.max(1) as f64
    }

    /// Whether all values differ.
    pub(crate) fn unique(&self) -> bool {
        self.filled > 0 && self.doubles == 0
    }

    /// Whether the values are 0, 1, 2 … or 1, 2, 3 … in the order of the rows.
    pub(crate) fn counts_rows(&self) -> bool {
        self.counting && self.filled >= 3 && matches!(self.first, Some(0 | 1))
    }

    pub(crate) fn mostly_numbers(&self) -> bool {
        self.share(self.integers + self.decimals, 90)
    }

    /// Whether the values are dates; with `numbers`, numbers that can be dates count as such.
    pub(crate) fn mostly_dates(&self, numbers: bool) -> bool {
        self.share(self.dates.good + self.dates.placeholders + if numbers { self.dates.numeric } else { 0 }, 80)
    }

    pub(crate) fn mostly_pages(&self) -> bool {
        self.share(self.pages, 80)
    }

    /// Whether the values say who somebody is, by their form.
    pub(crate) fn mostly_private(&self) -> bool {
        self.share(self.personal, 80) || self.share(self.titled, 50)
    }

    /// Whether many of the values look like names of people, under a heading that is about people.
    pub(crate) fn names_people(&self) -> bool {
        self.share(self.people.max(self.titled), 30) || self.share(self.personal, 30)
    }

    /// Whether the values are dates and times in whatever language, read here or not.
    pub(crate) fn mostly_stamps(&self) -> bool {
        self.share(self.stamps, 80)
    }

    /// Whether the values have the form of ids.
    pub(crate) fn mostly_ids(&self) -> bool {
        self.share(self.ids, 95)
    }

    /// Whether the values are words of which most are said once: answers in a few words, if anybody was asked.
    pub(crate) fn short_words(&self) -> bool {
        let repeats = self.doubles.min(self.filled);
        !self.mostly_numbers()
            && !self.mostly_dates(false)
            && !self.mostly_ids()
            && self.words * 2 >= self.filled * 3
            && repeats * 2 < self.filled
            && !self.lists()
    }

    /// Whether most values repeat a longer word of the heading: steps of a scale in whatever language, rather than
    /// words of one's own.
    pub(crate) fn echoes(&self, heading: &str) -> bool {
        let asked: Vec<&str> = heading.split(' ').filter(|w| w.len() >= 5).collect();
        let repeats = |value: &str| {
            let value = plain_words(value);
            asked.iter().any(|w| value.contains(w))
        };
        let times: usize = self.distinct.iter().filter(|(v, _)| repeats(v)).map(|(_, (_, n))| n).sum();
        !self.overflow && self.distinct() >= 2 && self.mean_chars() <= 40.0 && times * 2 >= self.filled
    }

    /// Whether the values are several answers to choose from in one cell: "Lift, Café".
    pub(crate) fn lists(&self) -> bool {
        let parts = |v: &str| {
            v.split([',', ';', '|']).map(|p| p.trim().to_lowercase()).filter(|p| !p.is_empty()).collect::<Vec<_>>()
        };
        let mut times: HashMap<String, usize> = HashMap::new();
        let mut several = 0;
        for (value, (_, n)) in &self.distinct {
            let parts = parts(value);
            several += usize::from(parts.len() > 1) * n;
            for part in parts {
                if part.len() > 60 {
                    return false;
                }
                *times.entry(part).or_default() += n;
            }
        }
        let again: usize = times.values().filter(|n| **n > 1).sum();
        let all: usize = times.values().sum();
        several * 5 >= self.filled && several > 1 && times.len() <= 60 && again * 2 > all
    }

    /// Whether the values are sentences of people rather than answers from a list.
    pub(crate) fn long_text(&self) -> bool {
        let mean_words = self.words as f64 / self.filled.max(1) as f64;
        let repeats = self.filled - self.distinct().min(self.filled);
        let list = !self.overflow && self.filled >= 20 && repeats * 10 > self.filled * 7;
        let sentences = mean_words >= 8.0 || self.share(self.prose, 30);
        !self.mostly_numbers() && self.mean_chars() >= 25.0 && mean_words >= 4.0 && sentences && !list
    }

    /// Whether the values are words that seldom repeat, long or not.
    pub(crate) fn free_text(&self) -> bool {
        let repeats = self.doubles.min(self.filled);
        let prose = self.share(self.prose, 30) && self.longest >= 20;
        !self.mostly_numbers() && prose && self.words > self.filled && (self.overflow || repeats * 2 < self.filled)
    }

    /// Whether many of the values are sentences, if short ones, most of them said once.
    pub(crate) fn some_prose(&self) -> bool {
        self.short_words() && self.share(self.prose, 30)
    }

    /// Whether the values are written by programs for programs.
    pub(crate) fn mostly_structured(&self) -> bool {
        self.share(self.structured, 80)
    }

    /// Whether enough rows have a value for it to be worth grouping by.
    pub(crate) fn often(&self) -> bool {
        self.rows <= 10 || (self.filled >= 3 && self.filled * 100 >= self.rows)
    }

    /// Whether there are few enough different values to group by.
    pub(crate) fn few(&self, most: usize) -> bool {
        let n = self.distinct();
        !self.overflow
            && n <= most
            && (n <= 12 || n * 5 <= self.filled)
            && self.longest <= 200
            && self.mean_chars() <= 60.0
    }

    /// Whether the values only tick something: one value or nothing, or yes and no.
    pub(crate) fn ticks(&self) -> bool {
        const MARKS: &[&str] =
            &["1", "1.0", "0", "0.0", "y", "n", "yes", "no", "x", "true", "false", "t", "f", "✓", "✔"];
        (1..=2).contains(&self.distinct())
            && !self.overflow
            && self.distinct.keys().all(|v| MARKS.contains(&v.to_lowercase().as_str()))
    }

    /// Whether two columns say the same in other words, row by row.
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        if self.distinct() < 3 || self.distinct() != other.distinct() || self.overflow || other.overflow {
            return false;
        }
        // Two columns of which every value is another are no evidence: each must come again to be put together.
        if self.filled < self.distinct() * 2 && self.filled < self.distinct() + 20 {
            return false;
        }
        let (mut there, mut back) = (HashMap::new(), HashMap::new());
        self.codes
            .iter()
            .zip(&other.codes)
            .all(|(a, b)| *there.entry(*a).or_insert(*b) == *b && *back.entry(*b).or_insert(*a) == *a)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(cells: &[&str]) -> Profile {
        let mut p = Profile::default();
        for cell in cells {
            p.add(cell);
        }
        p
    }

    #[test]
    fn ids_counts_and_numbers_are_told_apart() {
        assert!(profile(&["1", "2", "3"]).counts_rows());
        assert!(!profile(&["21001", "21002", "21003"]).counts_rows());
        assert!(profile(&["a-1", "a-2"]).unique() && !profile(&["a", "a"]).unique());
        assert!(profile(&["1.0", "", "1.0"]).ticks() && !profile(&["1", "2"]).ticks());
    }

    #[test]
    fn sentences_are_not_answers_from_a_list() {
        assert!(
            profile(&["The bus was late again and nobody told us", "Staff were lovely and very patient with me"])
                .long_text()
        );
        let list = ["Neither satisfied nor dissatisfied with it", "Somewhat satisfied with it all in all"].repeat(20);
        assert!(!profile(&list).long_text());
    }

    #[test]
    fn columns_that_say_the_same_are_found() {
        let a = profile(&["NYPD", "HPD", "DOT", "NYPD", "DOT", "HPD"]);
        let b = profile(&["Police", "Housing", "Transport", "Police", "Transport", "Housing"]);
        let c = profile(&["Police", "Housing", "Transport", "Housing", "Transport", "Police"]);
        assert!(a.says_the_same_as(&b) && !a.says_the_same_as(&c));
        // Each different from all others is not the same.
        let (d, e) = (profile(&["Roof", "Damp", "Keys", "Lift"]), profile(&["4", "2", "5", "1"]));
        assert!(!d.says_the_same_as(&e));
    }

    #[test]
    fn several_answers_in_one_cell_are_no_words() {
        let ticked = profile(&["Hall, Stairs", "Garden", "Stairs", "Hall, Garden, Stairs", "Hall"]);
        assert!(ticked.lists() && !ticked.short_words());
        let steps = profile(&["Sehr zufrieden", "Unzufrieden", "Zufrieden"]);
        assert!(steps.echoes("wie zufrieden waren sie") && !steps.echoes("was war gut"));
        let said = profile(&["Cold hall", "Nobody there, again", "Too dear", "Rude man"]);
        assert!(!said.lists() && said.short_words());
    }

    #[test]
    fn forms_that_say_who_it_was_are_known() {
        assert!(profile(&["SW1A 1AA", "ne33pl"]).mostly_private());
        assert!(profile(&["a@b.example", "c@d.example"]).mostly_private());
        assert!(!profile(&["SW1A", "NE3"]).mostly_private());
        assert!(profile(&["Mr Sampl", "Late", "Mrs Sampl"]).mostly_private());
        assert!(profile(&["Ann Sampl", "Team A", "Bo Sampl"]).names_people());
    }
}

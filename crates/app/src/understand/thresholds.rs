//! From when on something is said: every "too few", "fresh" and "beyond chance" of the product in one
//! table, each with its reason. Pages, command line, API and use cases take them from here;
//! `docs/reference/thresholds.md` shows the same table, and a test holds it to this one.
//!
//! Not here: the smallest group of people that is shown, which each body sets for itself
//! ([`commonweal_domain::BodySettings::minimum_group`]), and limits that only keep work within bounds.

use commonweal_domain::Filter;
use commonweal_insight::compare::Rule;

/// One threshold as people read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// Name of the constant.
    pub name: &'static str,
    /// Its value as it is written here.
    pub value: &'static str,
    /// Unit of the value.
    pub unit: &'static str,
    /// What it decides.
    pub decides: &'static str,
    /// Why it is so.
    pub why: &'static str,
}

macro_rules! thresholds {
    ($($name:ident: $type:ty = $value:literal, $unit:literal, $decides:literal, $why:literal;)+) => {
        $(
            #[doc = concat!($decides, " In ", $unit, ". ", $why)]
            pub const $name: $type = $value;
        )+

        /// All of them, in the order of the page.
        pub const ALL: &[Threshold] = &[$(
            Threshold {
                name: stringify!($name),
                value: stringify!($value),
                unit: $unit,
                decides: $decides,
                why: $why,
            }
        ),+];
    };
}

thresholds! {
    MIN_BASE: u64 = 30, "answers on either side",
        "A change, a difference or a weakest place is spoken of.",
        "Below it the 95 % interval of a share about one half is wider than a third of the scale.";
    MIN_SHOWN: u64 = 10, "answers",
        "A share or a mean is shown in a list or drawn in a chart.",
        "One answer more or less moves a share of ten by 10 points; fewer are shown as “too few”, with their number.";
    OF_MANY: f64 = 3.0, "standard errors",
        "The lowest, highest or most changed of many is called so.",
        "Who looks at many finds some by chance: of 18 alike one is 1.96 standard errors out more often than not, and one in twenty times 3 (Bonferroni).";
    MIN_GROUP: u64 = 30, "feedback of the group, and of everyone else",
        "A group is compared with everyone else (who is hit).",
        "Below it a ratio says next to nothing. A larger smallest group of the body goes before.";
    MAX_Q: f64 = 0.05, "share of false findings (q)",
        "A difference between groups is said to be beyond chance.",
        "Of twenty differences that are called so at most one is chance (Benjamini and Hochberg 1995), however many were compared.";
    MIN_SERIES: f64 = 10.0, "feedback in the whole history",
        "A service, touchpoint, theme or page is watched for changes.",
        "A series with less has no usual step to be held against.";
    MIN_TOUCHPOINT_WATCHED: f64 = 100.0, "feedback in the whole history",
        "Themes and pages are watched within a touchpoint as well.",
        "Parts of a smaller touchpoint are below the line above, nearly all of them.";
    UNUSUAL_TOUCHPOINT: f64 = 0.02, "chance (p-value)",
        "A touchpoint is looked into where only unusual ones are.",
        "The Overview waits for the answer: one touchpoint in fifty is looked into without need.";
    MIN_DAYS_JUDGED: usize = 15, "days of history",
        "Days are judged by their own past.",
        "Two weeks, each day of the week twice, and the day that is judged.";
    MIN_WEEKS_JUDGED: usize = 9, "weeks of history",
        "Weeks are judged by their own past.",
        "Two months, and the week that is judged.";
    MIN_STEPS_FILLED: f64 = 0.6, "share of the steps",
        "Days or weeks are fine enough to be judged: so many of them have feedback.",
        "Five working days of seven have it.";
    MAX_SPREAD_OF_DAYS: f64 = 0.5, "variance over squared mean, beyond chance",
        "Days are even enough to be judged.",
        "Working days alone give 0.4; dates that were set to the end of their month 0.5 and more.";
    MAX_SPREAD_OF_WEEKS: f64 = 0.34, "variance over squared mean, beyond chance",
        "Weeks are even enough to be judged.",
        "Steady growth from nothing gives 0.3.";
    FRESH_DAYS: i64 = 30, "days",
        "Periods end today, as the newest feedback is no older; otherwise they end with the data.",
        "Somebody who imports last year’s survey wants to see last year.";
    MIN_RECENT: usize = 30, "feedback in the last 12 months of the data",
        "Those 12 months are the usual period; otherwise all time is.",
        "A few stray pieces long after a file of earlier years would say next to nothing.";
    MIN_WORD_COMMENTS: u64 = 5, "comments",
        "A word or phrase is shown. A larger smallest group of the body goes before.",
        "What one or two people write may tell who they are.";
    MIN_WORD_IN_TEXT: u64 = 3, "occurrences",
        "A word of the body’s own text is said to be used more.",
        "Once or twice is an accident of one page.";
    MIN_TEXT_WORDS: u64 = 1000, "words",
        "The body’s own text is long enough to be compared without a warning.",
        "With fewer most differences can’t be told from chance.";
    MIN_DISCOVERY: usize = 30, "comments",
        "Themes are looked for in comments.",
        "Fewer are read sooner than grouped.";
    MIN_TRAINING: usize = 50, "corrected comments",
        "The reading engine learns from corrections.",
        "Five parts of ten each for the scores before and after.";
    MIN_TRAINING_THEME: usize = 8, "corrected comments with the theme",
        "The engine learns this theme; others go by their words.",
        "Fewer leave some of the five parts without an example.";
}

/// When figures under a filter are said to differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    min_base: u64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { min_base: MIN_BASE }
    }
}

impl Rules {
    /// For a filter. Where it says what people are, neither side may be smaller than the smallest group
    /// that the body shows: "all others" is a group too.
    pub fn under(filter: &Filter, minimum_group: u64) -> Self {
        if filter.describes_people() { Self { min_base: MIN_BASE.max(minimum_group) } } else { Self::default() }
    }

    /// Fewest answers on either side.
    pub fn min_base(self) -> u64 {
        self.min_base
    }

    /// For two figures that nobody picked: 95 %.
    pub fn single(self) -> Rule {
        Rule::new(self.min_base)
    }

    /// For the lowest, highest or most changed of many: [`OF_MANY`] standard errors.
    pub fn of_many(self) -> Rule {
        Rule::of_many(self.min_base, OF_MANY)
    }
}

#[cfg(test)]
mod tests {
    use commonweal_domain::Dimension;

    use super::*;

    #[test]
    fn the_page_of_thresholds_shows_these() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/thresholds.md");
        let page = std::fs::read_to_string(page).expect("the page is there");
        let shown: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
        let value = |t: &Threshold| t.value.strip_suffix(".0").unwrap_or(t.value).to_owned();
        let row = |t: &Threshold| format!("| `{}` | {} {} | {} | {} |", t.name, value(t), t.unit, t.decides, t.why);
        let expected: Vec<String> = ALL.iter().map(row).collect();
        assert_eq!(shown, expected, "the table should read:\n{}", expected.join("\n"));
    }

    #[test]
    fn under_a_filter_on_people_neither_side_is_smaller_than_the_smallest_group() {
        let mut people = Filter::default();
        people.add(Dimension::Area, "Town");
        assert_eq!(Rules::under(&people, 50).min_base(), 50);
        assert_eq!(Rules::under(&people, 10).min_base(), MIN_BASE);
        assert_eq!(Rules::under(&Filter::default(), 50).min_base(), MIN_BASE);
    }

    #[test]
    fn no_two_have_one_name() {
        let mut names: Vec<&str> = ALL.iter().map(|t| t.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}

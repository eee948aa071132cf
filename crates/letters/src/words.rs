//! What a letter says by itself, in English and Welsh.

use chrono::{Datelike, NaiveDate};

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WELSH: [&str; 12] = [
    "Ionawr",
    "Chwefror",
    "Mawrth",
    "Ebrill",
    "Mai",
    "Mehefin",
    "Gorffennaf",
    "Awst",
    "Medi",
    "Hydref",
    "Tachwedd",
    "Rhagfyr",
];

/// The words of a language.
pub(crate) struct Words {
    /// Its code, as programs that read aloud know it.
    pub(crate) language: String,
    /// Before the reference.
    pub(crate) reference: &'static str,
    /// Before the number of a page, and between it and how many there are.
    pub(crate) numbers: (&'static str, &'static str),
    months: &'static [&'static str; 12],
}

impl Words {
    /// Of a language; those of English where it has none of its own.
    pub(crate) fn of(language: &str) -> Self {
        let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let is_code = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase());
        if primary == "cy" {
            return Self {
                language: primary,
                reference: "Ein cyfeirnod:",
                numbers: ("Tudalen ", " o "),
                months: &WELSH,
            };
        }
        Self {
            language: if is_code { primary } else { "en".to_owned() },
            reference: "Our reference:",
            numbers: ("Page ", " of "),
            months: &ENGLISH,
        }
    }

    /// A day as it stands above a letter.
    pub(crate) fn date(&self, day: NaiveDate) -> String {
        let month = self.months.get(day.month0() as usize).copied().unwrap_or_default();
        format!("{} {month} {}", day.day(), day.year())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_in_the_language_of_the_letter() {
        let day = NaiveDate::from_ymd_opt(2026, 8, 1).expect("a day");
        assert_eq!(Words::of("en-GB").date(day), "1 August 2026");
        assert_eq!(Words::of("cy").date(day), "1 Awst 2026");
        let codes = ["cy-GB", "EN", "pt-BR", "", "x", "no such code", "é"].map(|code| Words::of(code).language);
        assert_eq!(codes, ["cy", "en", "pt", "en", "en", "en", "en"]);
    }
}

//! What is known of somebody in one source.

use std::fmt;

/// One record as a source has it: everything may be missing. Two records may be of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// What the source calls it. Never used as evidence.
    pub id: String,
    /// All given names, in their order.
    pub given_names: Option<String>,
    /// Family name.
    pub surname: Option<String>,
    /// Day of birth.
    pub birth_date: Option<BirthDate>,
    /// House number and street, and what else belongs to the address but town and postcode.
    pub address: Vec<String>,
    /// Town, suburb or city.
    pub town: Option<String>,
    /// Postcode, ZIP code.
    pub postcode: Option<String>,
    /// Email addresses.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// Numbers that others have given to the person.
    pub external_ids: Vec<ExternalId>,
    /// Those of the emails and phones that are known to be used by several people (a family's, a care home's).
    /// [`Table`](crate::Table) finds out more by itself when it holds many records.
    pub shared_handles: Vec<String>,
    /// How many people are known to live at the address, where that is known: a care home, a hostel.
    pub residents: Option<u32>,
}

/// A number that somebody else has given to a person: NHS number, social security number, customer number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExternalId {
    /// Whose numbers these are. Only numbers of one scheme are compared.
    pub scheme: String,
    /// The number.
    pub value: String,
}

/// A day of birth as it was written, right or not: an impossible day may be one slip away from the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BirthDate(u32);

impl BirthDate {
    /// A date from its parts; day and month 0 if only the year is known. `None` for what can't be meant as a date.
    pub fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        ((1..=9_999).contains(&year) && month < 100 && day < 100).then_some(Self(year * 10_000 + month * 100 + day))
    }

    /// From the eight digits YYYYMMDD.
    pub(crate) const fn from_digits(digits: u32) -> Self {
        Self(digits)
    }

    /// The eight digits YYYYMMDD.
    pub const fn digits(self) -> u32 {
        self.0
    }

    /// The year.
    pub const fn year(self) -> u32 {
        self.0 / 10_000
    }

    /// The month, 0 if it isn't known.
    pub const fn month(self) -> u32 {
        self.0 / 100 % 100
    }

    /// The day of the month, 0 if it isn't known.
    pub const fn day(self) -> u32 {
        self.0 % 100
    }

    /// Whether only the year is known.
    pub const fn is_year_only(self) -> bool {
        self.0.is_multiple_of(10_000)
    }

    /// Reads `1980-03-12`, `19800312`, `12/03/1980`, `12.3.1980`, `12 March 1980`, `1980`; with `month_first`
    /// `03/12/1980` too. `None` for what is no date.
    pub fn parse(text: &str, month_first: bool) -> Option<Self> {
        // A time of day behind the date says nothing of it.
        let text = text.trim();
        let date = text.split_once(['T', ' ']).filter(|(_, rest)| rest.contains(':')).map_or(text, |(date, _)| date);
        let parts: Vec<&str> = date.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
        let number = |part: &str| part.parse::<u32>().ok();
        match parts[..] {
            [whole] if whole.len() == 8 => {
                let digits = number(whole)?;
                Self::new(digits / 10_000, digits / 100 % 100, digits % 100)
            }
            [year] if year.len() == 4 => Self::new(number(year)?, 0, 0),
            [year, month, day] if year.len() == 4 => Self::new(number(year)?, month_of(month)?, number(day)?),
            [a, b, year] if year.len() == 4 => {
                let year = number(year)?;
                match (number(a), number(b)) {
                    (Some(month), Some(day)) if month_first => Self::new(year, month, day),
                    (Some(day), Some(month)) => Self::new(year, month, day),
                    (Some(day), None) => Self::new(year, month_of(b)?, day),
                    (None, Some(day)) => Self::new(year, month_of(a)?, day),
                    (None, None) => None,
                }
            }
            _ => None,
        }
    }
}

/// A month by its number or name (English; Welsh and Spanish ones are no more than numbers in files that we have met).
fn month_of(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    text.parse().ok().or_else(|| {
        let short: String = text.chars().take(3).collect::<String>().to_lowercase();
        (1..).zip(MONTHS).find(|(_, name)| *name == short).map(|(number, _)| number)
    })
}

impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_year_only() {
            write!(f, "{:04}", self.year())
        } else {
            write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::BirthDate;

    #[test]
    fn dates_are_read_as_they_are_written() {
        let day = BirthDate::new(1980, 3, 12);
        for text in [
            "1980-03-12",
            "19800312",
            "12/03/1980",
            "12.3.1980",
            "12 March 1980",
            "March 12, 1980",
            "12-Mar-1980",
            "1980-03-12T00:00:00",
            "12/03/1980 00:00",
        ] {
            assert_eq!(BirthDate::parse(text, false), day, "{text}");
        }
        assert_eq!(BirthDate::parse("03/12/1980", true), day);
        assert_eq!(BirthDate::parse("1980", false), BirthDate::new(1980, 0, 0));
        // FEBRL's generator writes days that do not exist: they are one slip from the right one.
        assert_eq!(BirthDate::parse("19231164", false), BirthDate::new(1923, 11, 64));
        for text in ["", "unknown", "12", "12/1980", "0000", "12/03/80"] {
            assert_eq!(BirthDate::parse(text, false), None, "{text}");
        }
        assert_eq!(day.map(|d| d.to_string()).as_deref(), Some("1980-03-12"));
    }
}

//! Words of a file import: what the columns mean, what each row would become, what became of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contact::named;
use crate::feedback::NewFeedback;
use crate::sentence;
use crate::sentence::Sentence;

named! {
    /// Where an import stands.
    ImportState {
        /// Taken in, not yet begun.
        Waiting = "waiting", "Waiting";
        /// Being read.
        Running = "running", "Running";
        /// All rows handled.
        Done = "done", "Done";
        /// Stopped by an error that no row is to blame for; can be resumed.
        Failed = "failed", "Failed";
        /// Being taken back.
        Undoing = "undoing", "Being undone";
        /// Taken back as a whole.
        Undone = "undone", "Undone";
    }
}

impl ImportState {
    /// Whether an import in this state can be undone: nobody works on it.
    pub const fn may_be_undone(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Waiting)
    }
}

named! {
    /// How a column says who it was.
    KnownBy {
        /// Email address.
        Email = "email", "Email address";
        /// Telephone number.
        Phone = "phone", "Phone number";
        /// What the source of the file calls them.
        Reference = "reference", "Reference";
    }
}

/// What one column of a file means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The sender's own id of the feedback.
    Id,
    /// When it happened.
    At,
    /// Words. The column's heading is the question unless `Question` is mapped.
    Comment,
    /// The question asked for the comment in the same row.
    Question,
    /// A rating; the name is the heading's, or given as `rating.name`.
    Rating(String),
    /// Service by key or name.
    Service,
    /// Touchpoint by key or name.
    Touchpoint,
    /// Channel.
    Channel,
    /// Page address.
    Page,
    /// Device class.
    Device,
    /// Language.
    Language,
    /// Area.
    Area,
    /// A free attribute by this name.
    Attribute(String),
    /// Who it was: the contact points at what is known of them. Nothing else of it is kept with the feedback.
    Person(KnownBy),
    /// Not taken in.
    Ignore,
}

impl Target {
    /// The stable name used by `--map`: `comment`, `rating`, `rating.cleanliness`, `attr.age` …
    pub fn key(&self) -> String {
        match self {
            Self::Id => "id".into(),
            Self::At => "at".into(),
            Self::Comment => "comment".into(),
            Self::Question => "question".into(),
            Self::Rating(name) if name == "overall" => "rating".into(),
            Self::Rating(name) => format!("rating.{name}"),
            Self::Service => "service".into(),
            Self::Touchpoint => "touchpoint".into(),
            Self::Channel => "channel".into(),
            Self::Page => "page".into(),
            Self::Device => "device".into(),
            Self::Language => "language".into(),
            Self::Area => "area".into(),
            Self::Attribute(name) => format!("attr.{name}"),
            Self::Person(column) => format!("person.{}", column.key()),
            Self::Ignore => "ignore".into(),
        }
    }

    /// The target with this stable name.
    pub fn from_key(key: &str) -> Option<Self> {
        Some(match key {
            "id" => Self::Id,
            "at" => Self::At,
            "comment" => Self::Comment,
            "question" => Self::Question,
            "rating" => Self::Rating("overall".into()),
            "service" => Self::Service,
            "touchpoint" => Self::Touchpoint,
            "channel" => Self::Channel,
            "page" => Self::Page,
            "device" => Self::Device,
            "language" => Self::Language,
            "area" => Self::Area,
            "ignore" => Self::Ignore,
            _ => {
                if let Some(name) = key.strip_prefix("rating.") {
                    return crate::filter::valid_attribute_name(name).then(|| Self::Rating(name.into()));
                }
                if let Some(column) = key.strip_prefix("person.") {
                    return KnownBy::from_key(column).map(Self::Person);
                }
                let name = key.strip_prefix("attr.")?;
                return crate::filter::valid_attribute_name(name).then(|| Self::Attribute(name.into()));
            }
        })
    }
}

/// How the file is to be read. Kept per source, so that next month's file needs no asking.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping {
    /// Where such files come from, when somebody has said so: the layout and the ids in it belong to that source. Else
    /// they belong to all files with the same headings.
    pub source: Option<String>,
    /// Whether rows that are there already are changed into what they are read as now. Not kept for the next file.
    pub update: bool,
    /// Sheet of a workbook; the one that looks most like data when absent.
    pub sheet: Option<String>,
    /// Number of the header row, counted from 1; 0 when there is none; found when absent.
    pub header_row: Option<usize>,
    /// Column (by heading, as in the file) to target. Headings not named here are recognised.
    pub columns: BTreeMap<String, Target>,
    /// Values that every row gets where the file has none, by target key, for example
    /// `service` → `Patient transport`.
    pub defaults: BTreeMap<String, String>,
    /// Order of day and month where the file leaves it open.
    pub dates: Option<DateOrder>,
    /// Whether dates that are impossible in that order are read in the other one, because the file
    /// mixes them.
    pub mixed_dates: bool,
    /// Ends of the rating scale `(worst, best)` of every rating column; found from the values when
    /// absent.
    pub scale: Option<(f64, f64)>,
    /// Text of ratings to their numbers in every rating column, for example `Very good` → 5.
    pub rating_words: BTreeMap<String, f64>,
    /// How single rating columns are read, by heading. What was found is kept here; `scale` and
    /// `rating_words`, which somebody has said, go before it.
    pub ratings: BTreeMap<String, RatingColumn>,
    /// Name of the character encoding (WHATWG label); found when absent.
    pub encoding: Option<String>,
    /// Delimiter; found when absent.
    pub delimiter: Option<char>,
}

impl Mapping {
    /// Whether a column says who it was, so that reading the file tells of people.
    pub fn tells_of_people(&self) -> bool {
        self.columns.values().any(|target| matches!(target, Target::Person(_)))
    }
}

/// Reads what answers in words mean as numbers: `Good=5,Fair=3,Bad=1`. Words in quotes may hold commas.
pub fn scale_words(text: &str) -> Result<BTreeMap<String, f64>, Sentence> {
    let mut words = BTreeMap::new();
    let mut quoted = false;
    for part in text.split(|c: char| {
        quoted ^= c == '"';
        !quoted && matches!(c, ',' | ';' | '\n')
    }) {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        let said = part.rsplit_once('=').and_then(|(word, number)| {
            let number = number.trim().parse::<f64>().ok().filter(|n| n.is_finite())?;
            let word = word.trim().trim_matches('"').trim();
            (!word.is_empty()).then(|| (word.to_owned(), number))
        });
        let Some((word, number)) = said else {
            return Err(sentence!("“{part}” says nothing: write WORD=NUMBER, for example Good=5,Fair=3,Bad=1.", part));
        };
        words.insert(word, number);
    }
    let ends = words.values().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    if ends.0 >= ends.1 {
        return Err("At least two words with different numbers make a scale.".into());
    }
    Ok(words)
}

/// How one rating column is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RatingColumn {
    /// The worst answer on the scale.
    pub worst: f64,
    /// The best answer on the scale. May be smaller than `worst`.
    pub best: f64,
    /// Answers in words, in lower case, to their numbers.
    #[serde(default)]
    pub words: BTreeMap<String, f64>,
    /// Answers that are no rating, such as `don't know` or the code `9`, in lower case.
    #[serde(default)]
    pub no_answer: BTreeSet<String>,
}

named! {
    /// Order of day and month in dates such as 03/04/2024.
    DateOrder {
        /// 31/12/2024.
        DayFirst = "day_first", "Day first";
        /// 12/31/2024.
        MonthFirst = "month_first", "Month first";
        /// 2024-12-31.
        YearFirst = "year_first", "Year first";
    }
}

/// What was found in a file before anything is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// In words: format, encoding, delimiter, sheet, header row.
    pub format: String,
    /// Sheets of a workbook.
    pub sheets: Vec<String>,
    /// The mapping with everything that was found filled in.
    pub mapping: Mapping,
    /// Each column: heading, what it is taken for, why, and some values.
    pub columns: Vec<ColumnPreview>,
    /// Up to ten rows and what each would become.
    pub rows: Vec<RowPreview>,
    /// Sentences that somebody should read before going on.
    pub warnings: Vec<String>,
}

/// One column of a preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnPreview {
    /// As in the file.
    pub heading: String,
    /// What it is taken for.
    pub target: Target,
    /// Why, as a short phrase: `by its name`, `looks like dates`, `as you said`.
    pub reason: String,
    /// Up to three values.
    pub samples: Vec<String>,
}

/// One row of a preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowPreview {
    /// Row in the file, counted from 1 with the header.
    pub row: u64,
    /// What it would become, or why it would be rejected.
    pub outcome: Result<NewFeedback, RowProblem>,
}

/// Why a row was not taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowProblem {
    /// Row in the file, counted from 1 with the header.
    pub row: u64,
    /// Heading of the column, when one is to blame.
    pub column: Option<String>,
    /// A full sentence: what was found, what is allowed.
    pub message: String,
}

/// What became of the rows of a file so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ImportRows))]
pub struct ImportCounts {
    /// Data rows read.
    pub rows: u64,
    /// Taken in.
    pub imported: u64,
    /// There already.
    pub duplicates: u64,
    /// Sent back with a reason.
    pub rejected: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_scale_are_read_as_people_write_them() {
        let words = scale_words("Good=5, Fair = 3,\"Bad, really\"=1").expect("a scale");
        assert_eq!(words, [("Bad, really", 1.0), ("Fair", 3.0), ("Good", 5.0)].map(|(w, n)| (w.to_owned(), n)).into());
        for wrong in ["Good", "Good=five,Bad=1", "Good=5", "=5,Bad=1", "Good=5,Bad=5"] {
            assert!(scale_words(wrong).is_err(), "{wrong}");
        }
    }
}

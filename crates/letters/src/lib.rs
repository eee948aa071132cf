//! Letters: what a message says, the address of whoever gets it and from whom it is, set as an A4 letter that everybody can read
//! (PDF/UA-1), whose address stands in the window of an envelope.
//!
//! Everything that differs from letter to letter is handed to the typesetter as values, never as its language, so that nothing in a
//! name or a message can be read as an instruction. The same letter gives the same bytes.
//!
//! ```
//! use commonweal_letters::{Letter, Office, print};
//! use commonweal_messages::{Template, Values, address_lines};
//!
//! let template = Template::parse_body("# New days\n\nDear ((name)),\n\nyour bins go on Monday.").map_err(|f| f[0].clone())?;
//! let mut values = Values::new();
//! values.set("name", "Ann #Lee")?;
//! let blocks = template.blocks(&values, "en").map_err(|f| f[0].clone())?;
//! let address = address_lines(&["Ann Lee", "12 High Street", "Anytown", "ZX4 7QT"]).map_err(|f| f[0].clone())?;
//! let office = Office { name: "Anytown Council".into(), lines: vec!["Town Hall".into(), "Anytown".into()] };
//! let letter = Letter {
//!     id: "1", language: "en", subject: "Your bins", office: &office, address: &address,
//!     date: chrono::NaiveDate::default(), reference: Some("B-17"), blocks: &blocks,
//! };
//! let printed = print(&letter)?;
//! assert!(printed.pdf.starts_with(b"%PDF-1.7") && printed.pages == 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod fonts;
pub mod page;
mod print;
mod problem;
mod text;
mod values;
mod words;
mod world;

use chrono::NaiveDate;
use commonweal_messages::Block;

pub use print::{Printed, print};
pub use problem::Problem;

/// Pages that a letter has at most: five sheets, which an envelope with a window takes.
pub const MAX_PAGES: usize = 10;

/// From whom letters are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// The name of the body.
    pub name: String,
    /// Where it can be written to and reached, line by line.
    pub lines: Vec<String>,
}

/// A letter to one person.
#[derive(Clone, Copy)]
pub struct Letter<'a> {
    /// What tells it from every other letter, and is the same whenever it is printed again. Not shown.
    pub id: &'a str,
    /// Its language, as a code.
    pub language: &'a str,
    /// What it is about.
    pub subject: &'a str,
    /// From whom.
    pub office: &'a Office,
    /// To whom and where, as [`commonweal_messages::address_lines`] has it.
    pub address: &'a [String],
    /// The day that stands on it.
    pub date: NaiveDate,
    /// What whoever answers is asked to name.
    pub reference: Option<&'a str>,
    /// What it says.
    pub blocks: &'a [Block],
}

/// Nothing of whoever it is for.
impl std::fmt::Debug for Letter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("id", &self.id).finish_non_exhaustive()
    }
}

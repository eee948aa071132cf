//! Letters as others read them: poppler and qpdf, which know nothing of how they were set.

mod layout;
mod odd;
mod reading;
mod refused;
mod tools;

use chrono::NaiveDate;
use commonweal_letters::{Letter, Office, Printed, Problem, print};
use commonweal_messages::{Block, Template, Values};

/// A letter that differs from a plain one as a test wants it.
struct Draft {
    language: &'static str,
    subject: String,
    office: Office,
    address: Vec<String>,
    reference: Option<String>,
    blocks: Vec<Block>,
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

/// What Markdown says, with a name put in.
fn said(body: &str, name: &str) -> Vec<Block> {
    let mut values = Values::new();
    values.set("name", name).expect("a value");
    Template::parse_body(body).expect("a template").blocks(&values, "en").expect("blocks")
}

fn draft() -> Draft {
    Draft {
        language: "en",
        subject: "Your bins".to_owned(),
        office: Office {
            name: "Anytown Council".to_owned(),
            lines: lines(&["Town Hall", "1 Market Square", "Anytown", "ZX1 1AA", "01632 960 001"]),
        },
        address: lines(&["Ms Ann Lee", "12 High Street", "Anytown", "ZX4 7QT"]),
        reference: Some("B-17".to_owned()),
        blocks: said("# New days\n\nDear ((name)),\n\nyour bins go on Monday.", "Ann"),
    }
}

impl Draft {
    fn try_print(&self) -> Result<Printed, Problem> {
        print(&Letter {
            id: "0192f0c1-2b3c-7def-8123-456789abcdef",
            language: self.language,
            subject: &self.subject,
            office: &self.office,
            address: &self.address,
            date: NaiveDate::from_ymd_opt(2026, 12, 1).expect("a day"),
            reference: self.reference.as_deref(),
            blocks: &self.blocks,
        })
    }

    fn print(&self) -> Vec<u8> {
        self.try_print().expect("a letter").pdf
    }
}

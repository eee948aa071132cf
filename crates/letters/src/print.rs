//! Sets a letter and writes it as PDF.

use commonweal_messages::address_lines;
use typst::comemo;
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, pdf};

use crate::problem::Problem;
use crate::values::values;
use crate::world::Desk;
use crate::{Letter, MAX_PAGES};

/// For how many letters the typesetter remembers what it worked out: what is the same in all letters stays, what was of one goes.
const REMEMBERED: usize = 5;

/// A letter as it is printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Printed {
    /// The file.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

/// Nothing of what it says.
impl std::fmt::Debug for Printed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Printed").field("pages", &self.pages).finish_non_exhaustive()
    }
}

/// A letter as PDF/UA-1, or why it can't be printed. Takes some milliseconds of computing.
pub fn print(letter: &Letter<'_>) -> Result<Printed, Problem> {
    let address = address_lines(letter.address)
        .map_err(|faults| faults.into_iter().next().map_or(Problem::AddressTooHigh, Problem::Address))?;
    let values = values(letter, &address)?;
    let values = serde_json::to_vec(&values).map_err(|error| Problem::Inner(error.to_string()))?;
    let desk = Desk::new(values).ok_or_else(|| Problem::Inner("no name for its page".to_owned()))?;
    let printed = set(&desk, letter.id);
    comemo::evict(REMEMBERED);
    printed
}

fn set(desk: &Desk, id: &str) -> Result<Printed, Problem> {
    let document = typst::compile::<PagedDocument>(desk).output.map_err(|told| read(&told))?;
    let pages = document.pages().len();
    if pages > MAX_PAGES {
        return Err(Problem::TooManyPages);
    }
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|told| Problem::Inner(told.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(id.to_owned()),
        creator: Smart::Custom(Some("Commonweal".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    let pdf = pdf(&document, &options).map_err(|told| read(&told))?;
    Ok(Printed { pdf, pages })
}

/// What the page itself checks is told as a sentence of its own that begins with `letter:`.
fn read(told: &[SourceDiagnostic]) -> Problem {
    for one in told {
        match one.message.strip_prefix("assertion failed: letter: ") {
            Some("office") => return Problem::OfficeTooHigh,
            Some("address 0") => return Problem::AddressTooHigh,
            Some(line) => {
                if let Some(Ok(number)) = line.strip_prefix("address ").map(str::parse) {
                    return Problem::AddressLineTooWide(number);
                }
            }
            None => {}
        }
    }
    Problem::Inner(told.first().map_or_else(String::new, |one| one.message.to_string()))
}

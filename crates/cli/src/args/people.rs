//! People: what is said of them at the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use commonweal_domain::PeopleImportId;

/// People.
#[derive(Debug, Subcommand)]
pub(crate) enum People {
    /// Keep what a file says of people as records, and find out who they are. The same file again changes nothing.
    Import(PeopleImport),
    /// Learn from the records that are there how they are compared.
    Learn,
    /// Take out everything that is kept of a person, as JSON, to be given to them.
    Export(PeopleExport),
    /// Erase a person, for good. What is left in files is cleared by the server.
    Erase(PeopleErase),
    /// Count the people that a rule means, and how many of them can be reached; never who they are.
    Audience(PeopleAudience),
    /// Find the records of a file, or of two files taken as one, that are of one person (record linkage). Needs no data folder.
    Match(PeopleMatch),
}

#[derive(Debug, Args)]
pub(crate) struct PeopleImport {
    /// CSV, XLSX, XLSM or ODS file; columns are recognised by their headings.
    #[arg(value_name = "FILE", required_unless_present = "undo")]
    pub(crate) file: Option<PathBuf>,
    /// Which source this is from, for example housing: the same id of the same source is the same person.
    #[arg(long, value_name = "NAME", required_unless_present = "undo")]
    pub(crate) source: Option<String>,
    /// Column that says what the source calls a person; the first one otherwise.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id: Option<String>,
    /// Take an import back instead: the records that it made go again, but for those on which something stands.
    #[arg(long, value_name = "ID", conflicts_with_all = ["file", "source", "id"])]
    pub(crate) undo: Option<PeopleImportId>,
}

#[derive(Debug, Args)]
pub(crate) struct PeopleExport {
    /// The person's id, as it stands in the address of their page.
    #[arg(value_name = "PERSON")]
    pub(crate) person: commonweal_domain::PersonId,
    /// Write it to a file, which must not be there yet, instead of printing it.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PeopleErase {
    /// The person's id, as it stands in the address of their page.
    #[arg(value_name = "PERSON")]
    pub(crate) person: commonweal_domain::PersonId,
    /// Why: asked, not_needed, mistake or other.
    #[arg(long, value_name = "REASON", value_parser = erasure_reason)]
    pub(crate) reason: commonweal_domain::ErasureReason,
    /// How much: words (that there was a contact stays, and is nobody's) or everything.
    #[arg(long, value_name = "EXTENT", default_value = "words", value_parser = extent)]
    pub(crate) extent: commonweal_domain::Extent,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}

fn erasure_reason(text: &str) -> Result<commonweal_domain::ErasureReason, String> {
    let given = commonweal_domain::ErasureReason::GIVEN;
    given.into_iter().find(|r| r.key() == text).ok_or_else(|| {
        let keys: Vec<&str> = given.iter().map(|r| r.key()).collect();
        format!("write one of {}", keys.join(", "))
    })
}

fn extent(text: &str) -> Result<commonweal_domain::Extent, String> {
    let given = commonweal_domain::Extent::GIVEN;
    given.into_iter().find(|e| e.key() == text).ok_or_else(|| {
        let keys: Vec<&str> = given.iter().map(|e| e.key()).collect();
        format!("write one of {}", keys.join(", "))
    })
}

#[derive(Debug, Args)]
pub(crate) struct PeopleAudience {
    /// File with the rule as JSON, for example {"language": ["cy"]}.
    #[arg(value_name = "FILE.json")]
    pub(crate) file: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Show figures of small groups as they are, for whoever is at the server.
    #[arg(long)]
    pub(crate) exact: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PeopleMatch {
    /// CSV, XLSX, XLSM or ODS file; a second one is linked with the first as one set.
    #[arg(required = true, num_args = 1..=2, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Column that says what a record is called; the first one otherwise. It is never taken as evidence.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id: Option<String>,
    /// Weight in bits from which on records are of one person: 3 is 9 in 10, 10 is 999 in 1,000.
    #[arg(long, value_name = "W", default_value_t = commonweal_linkage::DEFAULT_JOIN, allow_negative_numbers = true)]
    pub(crate) threshold: f64,
    /// Weigh by this model instead of one learnt from the files.
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// Write the model to a file, to weigh by it again.
    #[arg(long, value_name = "FILE")]
    pub(crate) save_model: Option<PathBuf>,
    /// Print JSON: clusters of two records or more, and the pairs in them.
    #[arg(long)]
    pub(crate) json: bool,
}

//! What the use cases need from outside and others provide: the index, files in, files out, requests to others.
//!
//! Nothing here knows Tantivy, calamine or any other engine; `crates/index`, `crates/channels`,
//! `crates/report`, `crates/outbound`, `crates/mailer`, `crates/imap`, `crates/oidc` and `crates/passkeys` implement these traits, and the command line
//! wires them together.

mod carrier;
mod identity;
mod inbox;
mod passkeys;
mod people;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use chrono_tz::Tz;
use commonweal_domain::import::{Mapping, Preview, RowProblem, Target};
use commonweal_domain::people_import::{PeopleLook, PeopleMapping};
use commonweal_domain::question::{Answer, AsOf, Facet, ListPage, ListQuery, Query};
use commonweal_domain::{Dimension, FeedbackDoc, FeedbackId, Filter, Followed, Instant, NewFeedback};

pub use carrier::{Became, Call, Carried, Carrier, Carriers, Heard, Parcel, Whose};
pub use identity::{Identity, IdentityError, IdentityProvider, SignInBegun, Unproven};
pub use inbox::{Fetched, Inbox, InboxSignIn, Inboxes, Waiting};
pub use passkeys::{Ceremony, Claimed, NewPasskey, NoPasskeys, PasskeyError, PasskeyOwner, RelyingParty};
pub use people::{ColumnFault, HandleRead, PeopleRows, PersonRead, PersonRow};

/// Why the index could not answer or follow.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The question takes more memory than it may.
    #[error("the question needs more memory than it may use: {0}")]
    TooLarge(String),
    /// The question took longer than it may, and was stopped.
    #[error("the question took longer than {} seconds", .0.as_secs_f64())]
    OutOfTime(Duration),
    /// The folder can't be read or written, or its contents are not an index of this version.
    #[error("index: {0}")]
    Broken(String),
    /// No room on the disk.
    #[error("no room on the disk for the index: {0}")]
    DiskFull(String),
    /// It is being built from the store, and holds only a part so far.
    #[error("the index is being built from the store")]
    Building,
    /// Its files are not as they were written: what it would answer could be wrong.
    #[error("the index is damaged: {0}")]
    Damaged(String),
}

/// How an index stands.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexStanding {
    /// How far its last commit has followed.
    pub followed: Followed,
    /// Why it can't be used, where it can't: damage that was found, or a folder that can't be read.
    pub damage: Option<String>,
}

/// An answer with the key of each set of feedback in it: a sum over its feedback of a number made of the id
/// and a seed, so that equal sets have equal keys however they were asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyedAnswer {
    /// The answer.
    pub answer: Answer,
    /// The keys of its groups, in their order.
    pub keys: Vec<u64>,
    /// The key of all that the filter means.
    pub total: u64,
}

/// The counting and search index, asked. Answers are exact and *not* yet protected: every figure
/// is present. What may be shown of groups of people is decided once, by the use case.
#[async_trait]
pub trait FeedbackIndex: Send + Sync {
    /// Answers a question; time steps are those of `zone`. Steps without feedback between the
    /// first and the last (or within the filter's range, when closed) are there with zeros.
    async fn answer(&self, query: &Query, zone: Tz) -> Result<Answer, IndexError>;

    /// Answers a question with the keys of its sets of feedback: what the protection of small groups needs.
    async fn keyed(&self, query: &Query, zone: Tz, seed: u64) -> Result<KeyedAnswer, IndexError>;

    /// The values of several dimensions with counts, each without its own clause, in one call.
    async fn facets(&self, filter: &Filter, dimensions: &[Dimension], limit: usize) -> Result<Vec<Facet>, IndexError>;

    /// One page of the feedback that a filter means.
    async fn list(&self, query: &ListQuery) -> Result<ListPage, IndexError>;

    /// The free attributes that occur in any feedback, sorted.
    async fn attributes(&self) -> Result<Vec<String>, IndexError>;

    /// Up to where the index has followed the store, as the next answer would see it.
    fn as_of(&self) -> AsOf;

    /// How it stands: for whoever checks it against the store.
    fn standing(&self) -> IndexStanding;
}

/// One change to the index.
#[derive(Clone, Debug, PartialEq)]
pub enum IndexOp {
    /// A feedback that can't be in the index yet.
    Insert(FeedbackDoc),
    /// A feedback that may be in the index already.
    Replace(FeedbackDoc),
    /// A feedback that must not be in the index.
    Delete(FeedbackId),
}

/// The index, written. One writer per folder; calls come one after another.
#[async_trait]
pub trait IndexWriter: Send + Sync {
    /// How far the last *committed* state has followed. Survives a crash with the contents.
    fn followed(&self) -> Followed;

    /// Adds changes to what the next commit makes visible.
    async fn apply(&self, ops: Vec<IndexOp>) -> Result<(), IndexError>;

    /// Makes everything applied durable and visible, together with how far that is, in one step.
    async fn commit(&self, followed: Followed, at: Instant) -> Result<(), IndexError>;

    /// Throws everything away, at once and without reading any of it; until the next commit nothing is answered
    /// ([`IndexError::Building`]).
    async fn renew(&self) -> Result<(), IndexError>;

    /// Looks whether every file is as it was written, at leisure. What is found is remembered: until it is
    /// renewed nothing is answered ([`IndexError::Damaged`]).
    async fn check(&self) -> Result<(), IndexError>;

    /// The damage that was found, also by a question that ran into it.
    fn damage(&self) -> Option<String>;

    /// Writes anew what holds deleted feedback, so that nothing of it is left on the disk. Only what is committed is
    /// seen.
    async fn purge(&self) -> Result<(), IndexError>;
}

/// Why a file can't be read at all. Row by row problems are in the rows.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Something about the file is wrong: a full sentence naming file, place, what was found and
    /// what is allowed.
    #[error("{0}")]
    Unreadable(String),
    /// Reading failed.
    #[error("{file}: {source}")]
    Io {
        /// Which file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
}

/// What reading a file needs to know besides the file.
#[derive(Clone, Copy, Debug)]
pub struct FileContext {
    /// Zone of local dates and times in the file.
    pub zone: Tz,
    /// The present: dates after it are rejected.
    pub now: Instant,
    /// What of a row is not taken in, though its columns are right, and why: the use case's rule on
    /// personal data. The row is sent back then.
    pub refuse: fn(&NewFeedback, Tz) -> Option<(Target, String)>,
}

/// Reads spreadsheets and delimited text.
pub trait FileReader: Send + Sync {
    /// Looks at a file: what it is, what its columns mean, what ten rows would become. `mapping`
    /// holds what somebody has said; everything else is found out.
    fn preview(
        &self,
        path: &Path,
        file_name: &str,
        mapping: &Mapping,
        context: FileContext,
    ) -> Result<Preview, FileError>;

    /// Opens a file for import, with the complete mapping that a preview gave.
    fn open(
        &self,
        path: &Path,
        file_name: &str,
        mapping: &Mapping,
        context: FileContext,
    ) -> Result<Box<dyn RowSource>, FileError>;

    /// Looks at a file of people: what it is, what its columns say of somebody.
    fn look_at_people(&self, path: &Path, file_name: &str, mapping: &PeopleMapping) -> Result<PeopleLook, FileError>;

    /// Opens a file of people, with the complete mapping that a look gave.
    fn open_people(
        &self,
        path: &Path,
        file_name: &str,
        mapping: &PeopleMapping,
    ) -> Result<Box<dyn PeopleRows>, FileError>;
}

/// One row of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Row in the file, counted from 1 with the header.
    pub row: u64,
    /// What it becomes, or why not.
    pub outcome: Result<NewFeedback, RowProblem>,
    /// The row as it was; only kept when rejected.
    pub cells: Vec<String>,
    /// SHA-256 over the mapped cells, cut to 16 bytes: equal rows have equal hashes.
    pub content_hash: [u8; 16],
}

/// The rows of an opened file, in order.
pub trait RowSource: Send {
    /// Headings of all columns.
    fn headings(&self) -> &[String];

    /// At most `max` further rows; empty at the end.
    fn next_rows(&mut self, max: usize) -> Result<Vec<Row>, FileError>;

    /// Bytes of the file read so far and in all, for progress.
    fn progress(&self) -> (u64, u64);
}

/// File formats in which tables can be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// Comma-separated, UTF-8 with BOM so that spreadsheet programs read it rightly.
    Csv,
    /// Excel workbook.
    Xlsx,
    /// One JSON object per line.
    Ndjson,
}

impl TableFormat {
    /// The format with this file extension.
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            _ => None,
        }
    }

    /// File extension.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Ndjson => "ndjson",
        }
    }

    /// Media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ndjson => "application/x-ndjson",
        }
    }
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text. Written so that no spreadsheet program takes it for a formula.
    Text(String),
    /// A number.
    Number(f64),
    /// An instant, written in the body's zone.
    Instant(Instant),
}

/// Writes tables as files.
pub trait TableWriter: Send + Sync {
    /// Begins a table. `out` receives bytes as they are ready; memory does not grow with the rows.
    fn begin(
        &self,
        format: TableFormat,
        headings: &[String],
        zone: Tz,
        out: Box<dyn Write + Send>,
    ) -> std::io::Result<Box<dyn TableSink>>;
}

/// A table being written.
pub trait TableSink: Send {
    /// Adds a row with one cell per heading.
    fn row(&mut self, cells: &[Cell]) -> std::io::Result<()>;

    /// Ends the table and hands all its bytes over.
    fn finish(self: Box<Self>) -> std::io::Result<()>;
}

/// One line of a chart. Gaps stay gaps: a missing point is never drawn as zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name, drawn at the end of the line.
    pub label: String,
    /// One point per label of the chart.
    pub points: Vec<Option<f64>>,
    /// Dashed: a period that is compared with.
    pub compared: bool,
}

/// A trend.
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart {
    /// Unique on the page; begins the ids inside the drawing.
    pub id: String,
    /// What it shows, as an accessible name.
    pub title: String,
    /// The finding in words, as an accessible description.
    pub description: String,
    /// One label per step of time.
    pub labels: Vec<String>,
    /// The lines.
    pub series: Vec<Series>,
    /// Ends of the value axis; from zero to the largest value when absent.
    pub range: Option<(f64, f64)>,
    /// Width in CSS pixels.
    pub width: u32,
}

/// How somebody felt at one contact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeltPoint {
    /// When: 0 at the beginning of the chart, 1 at its end.
    pub at: f64,
    /// From 1 (very dissatisfied) to 5 (very satisfied).
    pub value: f64,
    /// Whether they said so by a rating; else it was read from their words.
    pub rated: bool,
}

/// A contact as a mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneMark {
    /// When: 0 at the beginning of the chart, 1 at its end.
    pub at: f64,
    /// Whether it came in.
    pub incoming: bool,
}

/// Contacts of one kind, side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartLane {
    /// What they are.
    pub label: String,
    /// Each of them.
    pub marks: Vec<LaneMark>,
}

/// How somebody felt along their contacts, with the contacts in lanes below.
#[derive(Clone, Debug, PartialEq)]
pub struct LifelineChart {
    /// Unique on the page; begins the ids inside the drawing.
    pub id: String,
    /// What it shows, as an accessible name.
    pub title: String,
    /// The finding in words, as an accessible description.
    pub description: String,
    /// The line, in the order of time.
    pub points: Vec<FeltPoint>,
    /// The lanes, from top to bottom.
    pub lanes: Vec<ChartLane>,
    /// Names of values on the axis at the left.
    pub levels: Vec<(f64, String)>,
    /// Names of instants along the foot, in the order of time.
    pub labels: Vec<(f64, String)>,
    /// Width in CSS pixels.
    pub width: u32,
}

/// Bars, longest first.
#[derive(Clone, Debug, PartialEq)]
pub struct BarChart {
    /// Unique on the page; begins the ids inside the drawing.
    pub id: String,
    /// What it shows, as an accessible name.
    pub title: String,
    /// The finding in words, as an accessible description.
    pub description: String,
    /// Label, value (absent when suppressed) and the value as people read it.
    pub bars: Vec<(String, Option<f64>, String)>,
    /// Width in CSS pixels.
    pub width: u32,
}

/// One ratio with its interval, as a row of a [`RatioChart`].
#[derive(Clone, Debug, PartialEq)]
pub struct RatioRow {
    /// What is compared with everyone else.
    pub label: String,
    /// The ratio, above 0; 1 is no difference.
    pub ratio: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// Ratio and interval as people read them.
    pub shown: String,
    /// Whether it can be told from no difference: the mark is filled then.
    pub clear: bool,
}

/// Ratios with their intervals, one below the other, on a logarithmic axis around 1 (a forest plot).
#[derive(Clone, Debug, PartialEq)]
pub struct RatioChart {
    /// Unique on the page; begins the ids inside the drawing.
    pub id: String,
    /// What it shows, as an accessible name.
    pub title: String,
    /// The finding in words, as an accessible description.
    pub description: String,
    /// The rows, in order.
    pub rows: Vec<RatioRow>,
    /// What stands below the axis to the left of 1 and to the right of it.
    pub sides: (String, String),
    /// Width in CSS pixels.
    pub width: u32,
}

/// Draws charts as SVG: accessible, escaped, without inline style, so that a strict content policy
/// holds. The page puts a table of the same figures beside each.
pub trait ChartDrawer: Send + Sync {
    /// Draws a trend.
    fn line(&self, chart: &LineChart) -> String;

    /// Draws bars.
    fn bars(&self, chart: &BarChart) -> String;

    /// Draws ratios with their intervals.
    fn ratios(&self, chart: &RatioChart) -> String;

    /// Draws how somebody felt along their contacts.
    fn lifeline(&self, chart: &LifelineChart) -> String;
}

/// A request that brings something to another system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// To where, with scheme and host.
    pub address: String,
    /// Headers, in their order.
    pub headers: Vec<(&'static str, String)>,
    /// What it brings.
    pub body: String,
}

/// What another system answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostAnswer {
    /// Status code of HTTP.
    pub status: u16,
    /// How the answer begins; what follows was not read.
    pub beginning: String,
}

/// A request whose answer is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// Where, with scheme and host.
    pub address: String,
    /// Headers, in their order.
    pub headers: Vec<(String, String)>,
    /// What it brings.
    pub body: Vec<u8>,
    /// An answer of more bytes is refused.
    pub most_bytes: usize,
}

/// An answer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAnswer {
    /// Status code of HTTP.
    pub status: u16,
    /// What it is.
    pub content_type: Option<String>,
    /// What it says.
    pub body: Vec<u8>,
}

/// Why there is no answer of another system. All hold a full sentence without the address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebError {
    /// The address may not be asked, or is none.
    #[error("{0}")]
    Refused(String),
    /// Nobody was reached: nothing was sent.
    #[error("{0}")]
    NotReached(String),
    /// It was asked, and no whole answer came: what it did is not known.
    #[error("{0}")]
    Failed(String),
}

/// Sends requests to other systems, at addresses that somebody typed. Follows no redirects, and never asks the
/// server's own network unless the operator allows it.
#[async_trait]
pub trait WebClient: Send + Sync {
    /// Whether an address could be asked, as far as the address itself tells.
    fn check(&self, address: &str) -> Result<(), WebError>;

    /// Sends a request and waits for the answer, some seconds at most. Any status is an answer.
    async fn post(&self, post: Post) -> Result<PostAnswer, WebError>;

    /// Asks for something and reads the whole answer. Any status is an answer.
    async fn ask(&self, request: WebRequest) -> Result<WebAnswer, WebError>;
}

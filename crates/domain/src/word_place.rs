//! Where people's words lie. One list for the page that says so, the documentation and whoever removes them: a new place is
//! added here first.

use serde::{Deserialize, Serialize};

use crate::contact::named;

/// Files that were handed in and never begun are kept so long, in days.
pub const NEVER_BEGUN_DAYS: u32 = 14;
/// The file of an import that was read to its end is kept so long after it, in days.
pub const UPLOAD_DAYS: u32 = 7;
/// Rows that were sent back, and files of imports that broke off, are kept so long, in days.
pub const REJECTED_DAYS: u32 = 90;
/// A part of a file that did not arrive whole is kept so long, in days.
pub const PART_DAYS: u32 = 1;
/// Words of deleted feedback are out of the files of the index after so many days.
pub const INDEX_DAYS: u32 = 1;
/// Events, and what was sent to web hooks, are kept so long, in days.
pub const EVENT_DAYS: u32 = 30;

named! {
    /// A place in which words, or rows as they came, lie or could lie.
    WordPlace {
        /// Comments as everybody with the duty reads them.
        Comments = "comments", "Comments, with personal data taken out";
        /// Words as they were before redaction.
        Originals = "originals", "Words before redaction";
        /// Addresses of people who want to hear back.
        ReplyRequests = "reply_requests", "Addresses of people who want to hear back";
        /// Files that nobody began to import.
        WaitingFiles = "waiting_files", "Files handed in and never begun";
        /// Files of imports that were read to their end.
        ImportedFiles = "imported_files", "Files of imports that ended";
        /// Files of imports that broke off.
        FailedFiles = "failed_files", "Files of imports that broke off";
        /// Files that did not arrive whole.
        PartialFiles = "partial_files", "Parts of files that did not arrive whole";
        /// Rows that were sent back, cell by cell.
        RejectedRows = "rejected_rows", "Rows that were sent back";
        /// Who people are: records, handles, why they are one person.
        People = "people", "Records of people";
        /// The index that is searched.
        Index = "index", "The search index";
        /// What was found in comments: themes with their words, and what models learnt.
        Discoveries = "discoveries", "Themes that were discovered, and models";
        /// Background work.
        Jobs = "jobs", "Background jobs";
        /// Events and deliveries to web hooks.
        Events = "events", "Events and web hooks";
        /// Exports while they are written.
        Exports = "exports", "Exports while they are written";
        /// Room in the database's files that is free again.
        FreePages = "free_pages", "Free room in the database";
        /// The log.
        Log = "log", "The log";
        /// Back-ups.
        Backups = "backups", "Back-ups, and exports that were taken";
    }
}

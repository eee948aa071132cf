//! Messages: what is written to people, in languages and versions. A version is never changed: what was approved and sent
//! stays what it was.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::ids::{MessageId, MessageVersionId, TeamId};

/// What a message says in one language, with `((fields))`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageText {
    /// Its subject.
    pub subject: String,
    /// Its text, as Markdown.
    pub body: String,
}

/// Something that is written to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Id.
    pub id: MessageId,
    /// What it is called here.
    pub name: String,
    /// The team whose it is.
    pub team: Option<TeamId>,
    /// Its newest version.
    pub version: u32,
    /// Who made it, as in the audit trail.
    pub made_by: String,
    /// When.
    pub made_at: Instant,
}

/// What a message says, once and for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageVersion {
    /// Id.
    pub id: MessageVersionId,
    /// Of which message.
    pub message: MessageId,
    /// Which one, from 1.
    pub version: u32,
    /// By the code of the language.
    pub texts: BTreeMap<String, MessageText>,
    /// Who wrote it, as in the audit trail.
    pub made_by: String,
    /// When.
    pub made_at: Instant,
}

/// A version of a message, as the list of them tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionMade {
    /// Id.
    pub id: MessageVersionId,
    /// Which one, from 1.
    pub version: u32,
    /// Who wrote it, as in the audit trail.
    pub made_by: String,
    /// When.
    pub made_at: Instant,
}

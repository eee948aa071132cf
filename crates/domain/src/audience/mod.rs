//! Audiences: rules over people, the same for page, API and command line.
//!
//! A rule is made of conditions, which `all`, `any` and `not` put together. A condition holds for a person when **any** of their
//! records says so, or **one** of their contacts is all that it asks for: rang, about Housing repairs, in June. `not` holds for
//! every person of whom the rule within it does not hold: *not rang in June* are people none of whose contacts was that, also
//! those who never had any. Of what a source said of somebody again and again, the last version says who they are; contacts of
//! all versions count.
//!
//! Periods are days of the body's time zone, the first one in and the last one out: from 1 June to 1 September is June,
//! July and August.
//!
//! Whom nobody may write to (died, erased, a handle that bounces) is not the rule's business: the gate leaves them out.

mod check;
mod parts;
mod read;
mod words;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::{Channel, Direction, Function, named};
use crate::ids::{AudienceId, TeamId};
use crate::invalid::FieldErrors;
use crate::person::Need;
use crate::reading::Sentiment;
use crate::sentence;

pub use check::Known;
pub use parts::{Part, protected};
pub use words::Names;

/// Most levels of `all`, `any` and `not` within each other.
pub const MAX_DEPTH: usize = 4;
/// Most conditions of one rule.
pub const MAX_CONDITIONS: usize = 20;
/// Most values that one condition names of one thing.
pub const MAX_VALUES: usize = 20;
/// Most characters of the name of an audience, and of a value.
pub const MAX_TEXT: usize = 200;
/// The best rating: steps are 1 to 5.
pub const BEST_STEP: u8 = 5;

named! {
    /// How somebody can be written to or rung up.
    Reach {
        /// An email address is known.
        Email = "email", "Email";
        /// A telephone number is known.
        Phone = "phone", "Phone";
        /// A postal address is known.
        Post = "post", "Post";
    }
}

/// Who is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Rule {
    /// All of these hold.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    All(Vec<Rule>),
    /// At least one of these holds.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    Any(Vec<Rule>),
    /// This does not hold.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    Not(Box<Rule>),
    /// A source says one of these of somebody.
    Attribute(AttributeRule),
    /// They live in one of these postcode districts (`CF10`; of a ZIP code its five digits).
    District(Vec<String>),
    /// They want to be written to in one of these languages, by their codes (`cy`).
    Language(Vec<String>),
    /// They need one of these.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    Need(Vec<Need>),
    /// They can be reached by one of these.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    Reach(Vec<Reach>),
    /// They had a contact with the body that is all of this.
    Contact(ContactRule),
}

/// What a source says of somebody, by its own name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttributeRule {
    /// Of what.
    pub name: String,
    /// One of these, whatever their case.
    pub is: Vec<String>,
}

/// One contact. What is not said is open; of several values one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactRule {
    /// Who spoke to whom.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub direction: Vec<Direction>,
    /// By which channel.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub channel: Vec<Channel>,
    /// To be informed, engaged or served.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub function: Vec<Function>,
    /// About which service, by its key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service: Vec<String>,
    /// At which touchpoint, by its key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub touchpoint: Vec<String>,
    /// It brought feedback with this theme, by its key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub theme: Vec<String>,
    /// It brought feedback of this sentiment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub sentiment: Vec<Sentiment>,
    /// It brought feedback with this step of the rating, from 1 (worst) to 5.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rating: Vec<u8>,
    /// It brought feedback from this area.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub area: Vec<String>,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub from: Option<NaiveDate>,
    /// First day that is not meant any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub to: Option<NaiveDate>,
}

impl ContactRule {
    /// Whether it asks for something that only feedback says.
    pub fn asks_for_feedback(&self) -> bool {
        !(self.theme.is_empty() && self.sentiment.is_empty() && self.rating.is_empty() && self.area.is_empty())
    }
}

/// A rule that is kept under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Audience {
    /// Id.
    #[cfg_attr(feature = "openapi", schema(value_type = uuid::Uuid))]
    pub id: AudienceId,
    /// What it is called.
    pub name: String,
    /// Who is meant.
    pub rule: Rule,
    /// The team whose audience it is.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<uuid::Uuid>))]
    pub team: Option<TeamId>,
    /// Who made it, as in the audit trail.
    pub made_by: String,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(value_type = chrono::DateTime<chrono::Utc>))]
    pub made_at: Instant,
    /// When it was changed last.
    #[cfg_attr(feature = "openapi", schema(value_type = chrono::DateTime<chrono::Utc>))]
    pub changed_at: Instant,
    /// 1 at first, and one more with each change.
    pub version: u32,
}

/// The name of an audience as it is kept, or what is wrong with it.
pub fn checked_name(name: &str) -> Result<String, FieldErrors> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > MAX_TEXT || name.chars().any(char::is_control) {
        let sentence = sentence!("Give the audience a name of 1 to {most} characters.", most = MAX_TEXT);
        return Err(FieldErrors::one("name", "bad_audience_name", sentence));
    }
    Ok(name)
}

#[cfg(test)]
mod tests;

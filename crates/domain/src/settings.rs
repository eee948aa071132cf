//! What a body decides about itself in the browser: kept in the database, versioned, audited.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::branding::Branding;
use crate::duty::Duty;
use crate::gate::ContactBudget;
use crate::ramp::LargeSends;

/// Settings of one body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BodySettings {
    /// The body's name as people know it.
    pub name: String,
    /// The body's word for a person it deals with, singular, lower case.
    pub person_word: String,
    /// The body's own time zone; days and weeks are counted in it.
    pub time_zone: Tz,
    /// Groups smaller than this are suppressed in breakdowns.
    pub minimum_group: u64,
    /// How long things are kept.
    pub retention: Retention,
    /// A sentence shown on every console page, for example that the data are samples.
    pub notice: Option<String>,
    /// How its pages look. The stored settings call it by the name that it had first.
    #[serde(rename = "look")]
    pub branding: Branding,
    /// Address of the body's privacy notice, linked from public pages.
    pub privacy_url: Option<String>,
    /// Address of the body's accessibility statement, linked from public pages.
    pub accessibility_url: Option<String>,
    /// To whom weaknesses of its servers are reported: a web address, or an email address. Published in `security.txt`.
    pub security_contact: Option<String>,
    /// How many messages that need agreement somebody gets at most, over all teams and channels.
    pub contact_budget: ContactBudget,
    /// What is done before a large send goes out to everybody.
    pub large_sends: LargeSends,
    /// Whoever has one of these duties, for whatever team, types a code beside the password.
    pub second_step: Vec<Duty>,
}

/// How long a body keeps things, in calendar months since they happened; for ever when nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// Words as they were before redaction.
    pub originals_months: Option<u32>,
    /// Feedback with everything that belongs to it.
    pub feedback_months: Option<u32>,
    /// Who people are, of whom nothing was heard since: neither had they a contact, nor did a source tell of them.
    pub people_months: Option<u32>,
}

impl Default for BodySettings {
    fn default() -> Self {
        Self {
            name: "Our body".to_owned(),
            person_word: "resident".to_owned(),
            time_zone: Tz::Europe__London,
            minimum_group: 10,
            retention: Retention::default(),
            notice: None,
            branding: Branding::default(),
            privacy_url: None,
            accessibility_url: None,
            security_contact: None,
            contact_budget: ContactBudget::default(),
            large_sends: LargeSends::default(),
            second_step: Vec::new(),
        }
    }
}

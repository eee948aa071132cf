//! Erasing a person: why, how much of it goes, and what a body keeps all the same.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::named;
use crate::ids::{PersonId, RecordId};

named! {
    /// Why a person is erased. A choice and no words: it stays when the person is gone.
    ErasureReason {
        /// The person wants it.
        Asked = "asked", "The person asked for it";
        /// What they are kept for has ended.
        NotNeeded = "not_needed", "No longer needed";
        /// They should never have been kept.
        Mistake = "mistake", "Kept by mistake";
        /// Something else.
        Other = "other", "Another reason";
        /// Nothing was heard of them for as long as the body keeps people.
        Retention = "retention", "Kept as long as the body keeps people";
    }
}

impl ErasureReason {
    /// Those that somebody can give.
    pub const GIVEN: [Self; 4] = [Self::Asked, Self::NotNeeded, Self::Mistake, Self::Other];

    /// Whether a keyed hash of each handle is left, so that nobody writes to them by accident. Whom the body forgets by age
    /// alone has asked for nothing.
    pub const fn leaves_hashes(self) -> bool {
        !matches!(self, Self::Retention)
    }
}

named! {
    /// How much goes. Each takes what the ones before it take.
    Extent {
        /// Who it was: records, handles, links, words before redaction, wishes to hear back. Feedback stays as everybody may
        /// read it, and nobody's.
        Identity = "identity", "Who it was";
        /// And the words. That there was a contact stays: when, about which service, with which rating; nobody's.
        Words = "words", "Who it was, and every word";
        /// And that there was anything at all.
        Everything = "everything", "Everything, with ratings and contacts";
    }
}

impl Extent {
    /// Those between which somebody chooses.
    pub const GIVEN: [Self; 2] = [Self::Words, Self::Everything];
}

named! {
    /// What is told of a record beside what its source said.
    Mark {
        /// The person has died.
        Deceased = "deceased", "Deceased";
        /// Somebody with the same handle was erased before: do not contact.
        ErasedBefore = "erased_before", "Erased before";
    }
}

/// A mark on a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordMark {
    /// On which.
    pub record: RecordId,
    /// Which.
    pub mark: Mark,
    /// Of which kind what was erased before is: a kind of handle, or [`SOURCE_KEY`]; empty otherwise.
    pub about: String,
    /// When it was made; when somebody was erased, of [`Mark::ErasedBefore`].
    pub at: Instant,
    /// By whom, as in the audit trail.
    pub actor: String,
    /// The day of death, if it is known.
    pub day: Option<NaiveDate>,
    /// What somebody wrote to it.
    pub note: Option<String>,
}

/// What a source calls somebody, as a kind of handle: the same key of the same source is the same somebody.
pub const SOURCE_KEY: &str = "source_key";

/// A person to be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Who.
    pub person: PersonId,
    /// How much.
    pub extent: Extent,
    /// Why.
    pub reason: ErasureReason,
    /// When.
    pub at: Instant,
    /// By whom, as in the audit trail.
    pub actor: String,
}

/// How much was erased, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedCounts {
    /// Records.
    pub records: u64,
    /// Ways to reach the person.
    pub handles: u64,
    /// Contacts: erased, or nobody's from then on.
    pub contacts: u64,
    /// Feedback, likewise.
    pub feedback: u64,
    /// Comments.
    pub comments: u64,
}

/// What stays when a person is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StaysKept {
    /// Stable name.
    pub key: &'static str,
    /// What.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
    /// Until when.
    pub until: &'static str,
}

const TRAIL: StaysKept = StaysKept {
    key: "audit",
    what: "Lines of the audit trail: that the person was seen, changed and erased, when and by whom. They hold numbers and no words.",
    why: "The body has to show what was done with personal data, and that it was erased.",
    until: "As long as the audit trail is kept.",
};
const HASHES: StaysKept = StaysKept {
    key: "hashes",
    what: "A keyed hash of each email address, phone number, account and reference. None of them can be read from it.",
    why: "If a source tells of the same address again, the body sees that it must not write there.",
    until: "For as long as the body runs this system.",
};
const BACKUPS: StaysKept = StaysKept {
    key: "backups",
    what: "Backups that were made before.",
    why: "They are sealed as a whole. Whoever puts one back erases again what was erased since.",
    until: "Until they are thrown away by the body's own rule for backups.",
};
const CONTACTS: StaysKept = StaysKept {
    key: "contacts",
    what: "That there was a contact: the day, the channel, the service and the rating. It is nobody's.",
    why: "What was counted stays true.",
    until: "As long as the body keeps feedback.",
};

impl Extent {
    /// What stays, and why. What a law makes the body keep comes here.
    pub fn stays(self, reason: ErasureReason) -> Vec<StaysKept> {
        let mut all = vec![TRAIL, BACKUPS];
        if reason.leaves_hashes() {
            all.push(HASHES);
        }
        if self != Self::Everything {
            all.push(CONTACTS);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_extent_takes_what_the_ones_before_it_take() {
        assert!(Extent::Identity < Extent::Words && Extent::Words < Extent::Everything);
        assert!(!Extent::GIVEN.contains(&Extent::Identity), "who asks to be erased wants their words to go");
    }

    #[test]
    fn what_stays_is_named() {
        let keys = |extent: Extent, reason| extent.stays(reason).iter().map(|kept| kept.key).collect::<Vec<_>>();
        assert_eq!(keys(Extent::Words, ErasureReason::Asked), ["audit", "backups", "hashes", "contacts"]);
        assert_eq!(keys(Extent::Everything, ErasureReason::Asked), ["audit", "backups", "hashes"]);
        assert_eq!(keys(Extent::Identity, ErasureReason::Retention), ["audit", "backups", "contacts"]);
        assert!(!ErasureReason::GIVEN.contains(&ErasureReason::Retention));
    }
}

//! Safeguarding alerts: words after which a person should look at a comment. An alert never acts by
//! itself, so the rules favour finding too much over missing something, within reason: figures of
//! speech and hearsay about the weather are left out by what stands around the words.
//!
//! A denial ("I am not suicidal") still raises [`AlertKind::RiskToLife`], since whoever says so has
//! thought of it. Elsewhere a "no" or "not" right before the words cancels them: "no damp" is none.

mod pattern;
mod plain_words;
mod rules;
mod slurs;

use pattern::Rules;
use std::sync::LazyLock;

/// Why somebody should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertKind {
    /// Suicide, self-harm, gas, carbon monoxide, electricity, cold with a baby in the house.
    RiskToLife,
    /// Violence against, neglect or exploitation of a child or an adult.
    Abuse,
    /// Hatred because of what somebody is.
    Hate,
    /// Damp and mould in a home.
    DampAndMould,
    /// A threat to, or an attack on, somebody who works for the public.
    ThreatToStaff,
}

impl AlertKind {
    /// All kinds, gravest first.
    pub const ALL: &[Self] = &[Self::RiskToLife, Self::Abuse, Self::ThreatToStaff, Self::Hate, Self::DampAndMould];

    /// Key by which the kind is kept; it never changes.
    pub const fn key(self) -> &'static str {
        match self {
            Self::RiskToLife => "risk_to_life",
            Self::Abuse => "abuse",
            Self::Hate => "hate",
            Self::DampAndMould => "damp_and_mould",
            Self::ThreatToStaff => "threat_to_staff",
        }
    }

    /// Name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::RiskToLife => "Risk to life",
            Self::Abuse => "Possible abuse or neglect",
            Self::Hate => "Hate or discrimination",
            Self::DampAndMould => "Damp and mould",
            Self::ThreatToStaff => "Threat to staff",
        }
    }
}

/// Words that a person has to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Why.
    pub kind: AlertKind,
    /// First byte of the words.
    pub start: usize,
    /// Byte after their last.
    pub end: usize,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::read(&[rules::RULES, plain_words::RULES, slurs::RULES]));

/// The alerts of a comment, in order of their words; of one kind, none overlap.
pub fn alerts(text: &str) -> Vec<Alert> {
    let mut found = RULES.find(text);
    found.sort_by_key(|a| (a.kind, a.start, a.end));
    found.dedup_by(|next, kept| {
        let same = next.kind == kept.kind && next.start < kept.end;
        if same {
            kept.end = kept.end.max(next.end);
        }
        same
    });
    found.sort_by_key(|a| (a.start, a.end));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_speech_raise_nothing() {
        for text in [
            "dying for a cuppa",
            "this queue is killing me",
            "bored to death",
            "shoot me an email",
            "dead on time",
            "staff saved my life",
            "nearly died laughing",
            "a damp day in the park",
        ] {
            assert_eq!(alerts(text), [], "{text}");
        }
    }

    #[test]
    fn an_alert_is_the_place_of_its_words() {
        let text = "é my neighbour beats his kids";
        let found = alerts(text);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].kind.key(), &text[found[0].start..found[0].end]), ("abuse", "beats his kids"));
    }

    #[test]
    fn a_denial_of_suicide_is_worth_a_look_and_a_denial_of_damp_is_not() {
        assert_eq!(alerts("I am not suicidal").len(), 1);
        assert_eq!(alerts("no damp in the bedroom at all"), []);
    }

    #[test]
    fn every_rule_can_be_read() {
        assert!(RULES.len() > 100);
    }
}

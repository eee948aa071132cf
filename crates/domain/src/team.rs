//! Teams: the departments of the body, and who is in them.

use serde::{Deserialize, Serialize};

use crate::contact::named;
use crate::ids::{TeamId, UserId};
use crate::invalid::FieldErrors;
use crate::sentence;

/// Most characters of a team's name.
pub const MAX_NAME: usize = 80;

named! {
    /// What a team is there for.
    TeamFunction {
        /// Tells people what they need to know.
        Inform = "inform", "Inform";
        /// Asks, discusses and decides together with people.
        Engage = "engage", "Engage";
        /// Answers questions and puts right what went wrong.
        Serve = "serve", "Serve";
        /// Answers calls and messages of all kinds.
        ContactCentre = "contact_centre", "Contact centre";
        /// Does the work itself: collects, repairs, inspects, pays.
        Operations = "operations", "Operations";
        /// Website and apps.
        Web = "web", "Web";
        /// Computers and networks.
        It = "it", "IT";
        /// Teaches colleagues.
        Training = "training", "Training";
        /// Decides for the body.
        Leadership = "leadership", "Leadership";
    }
}

/// A department of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Id.
    pub id: TeamId,
    /// Name, each once whatever its case.
    pub name: String,
    /// What it is there for.
    pub function: TeamFunction,
}

/// Somebody in a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Name shown to colleagues.
    pub name: String,
    /// Whether the user may not sign in any more.
    pub disabled: bool,
}

/// A team's name as it is kept, or what is wrong with it.
pub fn checked_name(name: &str) -> Result<String, FieldErrors> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        let sentence = sentence!("Give the team a name of 1 to {most} characters.", most = MAX_NAME);
        return Err(FieldErrors::one("name", "bad_name", sentence));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_without_needless_space_and_refused_when_it_says_nothing() {
        assert_eq!(checked_name("  Council \t tax ").as_deref(), Ok("Council tax"));
        assert_eq!(checked_name(&"a".repeat(MAX_NAME)).map(|name| name.len()), Ok(MAX_NAME));
        for bad in ["", " ", "a\u{7}b", &"a".repeat(MAX_NAME + 1)] {
            assert_eq!(checked_name(bad).expect_err("refused").0[0].code, "bad_name");
        }
    }
}

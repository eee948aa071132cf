//! What a service says beyond the standard claims.

use std::collections::HashMap;

use openidconnect::AdditionalClaims;
use serde::{Deserialize, Serialize};

/// All other claims, as they came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Claims(HashMap<String, serde_json::Value>);

impl AdditionalClaims for Claims {}

impl Claims {
    /// Keycloak and others nest them: `realm_access.roles`.
    fn at(&self, path: &str) -> Option<&serde_json::Value> {
        // A name may hold dots itself, as those that are addresses do.
        if let Some(whole) = self.0.get(path) {
            return Some(whole);
        }
        let mut parts = path.split('.');
        let top = self.0.get(parts.next()?)?;
        parts.try_fold(top, |at, name| at.get(name))
    }

    /// Whether a claim says yes, in one of the ways in which services write it.
    pub(crate) fn says_yes(&self, path: &str) -> bool {
        match self.at(path) {
            Some(serde_json::Value::Bool(yes)) => *yes,
            Some(serde_json::Value::Number(n)) => n.as_u64() == Some(1),
            Some(serde_json::Value::String(text)) => matches!(text.as_str(), "true" | "1"),
            _ => false,
        }
    }

    /// The texts of a claim: a list, or one alone.
    pub(crate) fn texts(&self, path: &str) -> Vec<String> {
        match self.at(path) {
            Some(serde_json::Value::Array(all)) => all.iter().filter_map(|v| v.as_str()).map(str::to_owned).collect(),
            Some(serde_json::Value::String(one)) => vec![one.clone()],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_found_where_services_put_them() {
        let claims: Claims = serde_json::from_str(
            r#"{"groups": ["a", "b", 7], "role": "c", "realm_access": {"roles": ["d"]}, "https://example.org/groups": ["e"]}"#,
        )
        .expect("claims");
        for (path, found) in [
            ("groups", vec!["a", "b"]),
            ("role", vec!["c"]),
            ("realm_access.roles", vec!["d"]),
            ("https://example.org/groups", vec!["e"]),
            ("nothing", vec![]),
            ("realm_access.nothing", vec![]),
        ] {
            assert_eq!(claims.texts(path), found, "{path}");
        }
    }

    #[test]
    fn only_what_says_so_is_a_yes() {
        let claims: Claims = serde_json::from_str(
            r#"{"a": true, "b": "true", "c": 1, "d": "1", "e": false, "f": "false", "g": 0, "h": [true], "i": null, "j": "yes"}"#,
        )
        .expect("claims");
        let yes: Vec<&str> = "abcdefghijk".split("").filter(|name| claims.says_yes(name)).collect();
        assert_eq!(yes, ["a", "b", "c", "d"]);
    }
}

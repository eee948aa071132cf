//! What each user wants the console to be like.

use serde::{Deserialize, Serialize};

/// How many rows a list may have on one page.
pub const ROWS: [u32; 4] = [10, 25, 50, 100];

/// What one user wants. A field that was not kept is as usual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Whether single keys do something (WCAG 2.1.4 asks that they can be switched off).
    pub shortcuts: bool,
    /// Rows on one page of a list; one of [`ROWS`].
    pub rows: u32,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { shortcuts: true, rows: 25 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_kept_is_as_usual() {
        let kept: Preferences = serde_json::from_str(r#"{"rows":50,"of_a_later_version":1}"#).expect("readable");
        assert_eq!(kept, Preferences { shortcuts: true, rows: 50 });
    }
}

//! Codeframes as files, and the one that comes with the program.

use serde::{Deserialize, Serialize};

use crate::themes::{ThemeCoder, ThemeRule};

/// A theme as a file has it: `[{"key": …, "name": …, "description": …, "words": […]}]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeframeTheme {
    /// Stable key; made from the name when empty.
    #[serde(default)]
    pub key: String,
    /// Name shown to people.
    pub name: String,
    /// What it covers.
    #[serde(default)]
    pub description: String,
    /// Words and phrases that name it; `queue*` stands for all words that begin so.
    #[serde(default)]
    pub words: Vec<String>,
    /// How discovery recognises it, for a theme that was found in comments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<serde_json::Value>,
}

/// Name of the codeframe that comes with the program.
pub const PUBLIC_SERVICES: &str = "Public services";

/// Themes that any public service hears of. Our own work, CC0.
pub fn public_services() -> Vec<CodeframeTheme> {
    serde_json::from_str(include_str!("../codeframes/public_services.json")).unwrap_or_default()
}

/// A coder for the themes of a file.
pub fn coder(themes: &[CodeframeTheme]) -> ThemeCoder {
    let rules: Vec<ThemeRule> = themes
        .iter()
        .map(|t| ThemeRule { key: t.key.clone(), words: t.words.clone(), found: t.found.clone() })
        .collect();
    ThemeCoder::new(&rules, None)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn the_shipped_codeframe_can_be_read() {
        let themes = super::public_services();
        assert!(themes.len() > 20, "{}", themes.len());
        let keys: BTreeSet<&str> = themes.iter().map(|t| t.key.as_str()).collect();
        assert_eq!(keys.len(), themes.len());
        assert!(themes.iter().all(|t| !t.words.is_empty() && !t.description.is_empty()));
    }
}

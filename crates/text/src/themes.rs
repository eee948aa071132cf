//! Themes of a comment from the body's codeframe: a trained model where there is one, and for each
//! theme the words that name it.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};

use crate::discover::{self, CentroidCoder};
use crate::features::Features;
use crate::model::Linear;
use crate::tokens::{TokenKind, Tokens};

/// A theme of a codeframe, as the reading engine needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeRule {
    /// Its key.
    #[serde(default)]
    pub key: String,
    /// Words and phrases that name it; `queue*` stands for all words that begin so.
    #[serde(default)]
    pub words: Vec<String>,
    /// How discovery recognises it, for a theme that was found in comments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<serde_json::Value>,
}

/// Assigns themes.
#[derive(Clone, Debug, Default)]
pub struct ThemeCoder {
    rules: Vec<ThemeRule>,
    keys: Vec<String>,
    /// Themes by the first word of a phrase that names them; the rest of the phrase follows.
    whole: HashMap<String, Vec<(Vec<String>, usize)>, FixedState>,
    /// Themes by the beginning of a word.
    starts: Vec<(String, usize)>,
    /// A model and, per output of it, the theme it stands for.
    model: Option<(Linear, Vec<Option<usize>>)>,
    /// Recognises themes that were found in comments, and, per theme of it, the theme it stands for.
    found: Option<(Arc<CentroidCoder>, Vec<usize>)>,
}

/// Most themes of one comment: what is about everything is about nothing.
const MAX: usize = 6;

impl ThemeCoder {
    /// A coder for these themes. Outputs of the model that are no key of theirs are left out; themes
    /// that the model does not know go by their words.
    pub fn new(rules: &[ThemeRule], model: Option<Linear>) -> Self {
        let keys: Vec<String> = rules.iter().map(|r| r.key.clone()).collect();
        let mut whole: HashMap<String, Vec<(Vec<String>, usize)>, FixedState> = HashMap::default();
        let mut starts = Vec::new();
        for (theme, rule) in rules.iter().enumerate() {
            for phrase in &rule.words {
                let tokens = Tokens::new(phrase);
                let mut words: Vec<String> = tokens.list.iter().map(|t| tokens.text(t).to_owned()).collect();
                if words.is_empty() {
                    continue;
                }
                if words.len() == 1 && phrase.trim_end().ends_with('*') {
                    starts.push((words.remove(0), theme));
                } else {
                    let first = words.remove(0);
                    whole.entry(first).or_default().push((words, theme));
                }
            }
        }
        starts.sort();
        let model = model.map(|model| {
            let outputs = model.labels().iter().map(|l| keys.iter().position(|k| k == l)).collect();
            (model, outputs)
        });
        let themes_found = rules.iter().enumerate().filter_map(|(theme, rule)| {
            let found: discover::AcceptedTheme = serde_json::from_value(rule.found.clone()?).ok()?;
            Some((discover::AcceptedTheme { key: rule.key.clone(), ..found }, theme))
        });
        let (themes, places): (Vec<_>, Vec<usize>) = themes_found.unzip();
        let found = (!themes.is_empty()).then(|| (Arc::new(CentroidCoder::new(&themes)), places));
        Self { rules: rules.to_vec(), keys, whole, starts, model, found }
    }

    /// The themes as they were given.
    pub fn rules(&self) -> &[ThemeRule] {
        &self.rules
    }

    /// Keys of the themes, in the order of the codeframe.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// Themes of a comment, surest first.
    pub(crate) fn read(&self, text: &str, tokens: &Tokens, features: &Features) -> Vec<String> {
        let mut strength = vec![0.0f32; self.keys.len()];
        let mut learnt = vec![false; self.keys.len()];
        if let Some((model, outputs)) = &self.model {
            let p = model.any_of(features);
            for ((p, threshold), theme) in p.iter().zip(&model.header.thresholds).zip(outputs) {
                let Some(theme) = theme else { continue };
                learnt[*theme] = true;
                strength[*theme] = p / threshold;
            }
        }
        self.by_words(tokens, &learnt, &mut strength);
        if let Some((coder, places)) = &self.found {
            for (key, sure) in coder.themes(text) {
                let theme = places.iter().copied().find(|p| self.keys[*p] == key);
                if let Some(theme) = theme.filter(|t| !learnt[*t]) {
                    // Given at all, a theme holds; how sure it is puts it in order.
                    strength[theme] = strength[theme].max(1.0 + sure - 0.5);
                }
            }
        }
        let mut found: Vec<usize> = (0..strength.len()).filter(|i| strength[*i] >= 1.0).collect();
        if found.is_empty()
            && let Some(best) = (0..strength.len()).max_by(|a, b| strength[*a].total_cmp(&strength[*b]))
            && strength[best] >= 0.7
        {
            found.push(best);
        }
        found.sort_by(|a, b| strength[*b].total_cmp(&strength[*a]).then(a.cmp(b)));
        found.truncate(MAX);
        found.into_iter().map(|i| self.keys[i].clone()).collect()
    }

    fn by_words(&self, tokens: &Tokens, learnt: &[bool], strength: &mut [f32]) {
        for (at, token) in tokens.list.iter().enumerate().filter(|(_, t)| t.kind == TokenKind::Word) {
            let word = tokens.text(token);
            let mut hit = |theme: usize| {
                if !learnt[theme] {
                    strength[theme] = (strength[theme] + 0.5).max(1.0);
                }
            };
            for (rest, theme) in self.whole.get(word).into_iter().flatten() {
                let follows = tokens.list.get(at + 1..at + 1 + rest.len());
                if follows.is_some_and(|f| f.iter().zip(rest).all(|(t, r)| tokens.text(t) == r)) {
                    hit(*theme);
                }
            }
            // Beginnings that sort before the word and share its first letter.
            let end = self.starts.partition_point(|(start, _)| start.as_str() <= word);
            for (start, theme) in
                self.starts[..end].iter().rev().take_while(|(s, _)| s.as_bytes()[0] == word.as_bytes()[0])
            {
                if word.starts_with(start.as_str()) {
                    hit(*theme);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::opinion;
    use crate::question::Asks;

    fn themes(coder: &ThemeCoder, text: &str) -> Vec<String> {
        let tokens = Tokens::new(text);
        let features = Features::new(&tokens, &opinion(text, &tokens), Asks::Unknown, None);
        coder.read(text, &tokens, &features)
    }

    fn rule(key: &str, words: &[&str]) -> ThemeRule {
        ThemeRule { key: key.to_owned(), words: words.iter().map(|w| (*w).to_owned()).collect(), found: None }
    }

    #[test]
    fn words_name_a_theme() {
        let coder = ThemeCoder::new(
            &[rule("waiting", &["wait*", "queue*", "on hold"]), rule("parking", &["parking", "car park"])],
            None,
        );
        assert_eq!(themes(&coder, "Waited for AGES on hold, no car park"), ["waiting", "parking"]);
        assert_eq!(themes(&coder, "Hold the line"), [""; 0]);
        assert_eq!(themes(&coder, "the parkin was tasty"), [""; 0]);
    }
}

//! The reading engine as this body has set it up: its codeframes and the models it trained.

use std::sync::Arc;

use commonweal_domain::records::{Codeframe, StoredModel};
use commonweal_store::Store;
use commonweal_text::model::Linear;
use commonweal_text::{Reader, ThemeCoder, ThemeRule};

use super::labels::{Names, of_themes};
use crate::{App, Result};

/// Name of the model of sentiment that a body trained.
pub(crate) const SENTIMENT: &str = "sentiment";
/// Name of the model of themes that a body trained.
pub(crate) const THEMES: &str = "themes";

/// Puts the reader together from what the store holds; with it come the names of its themes.
pub(crate) async fn load(store: &Store) -> Result<(Reader, Names)> {
    let (codeframes, models) = (store.codeframes().await?, store.models().await?);
    let mut reader = Reader::default();
    if let Some(model) = unpacked(&models, SENTIMENT) {
        reader = reader.with_sentiment_of_the_body(model);
    }
    let reader = reader.with_themes(ThemeCoder::new(&rules(&codeframes), unpacked(&models, THEMES)));
    Ok((reader, of_themes(&codeframes)))
}

/// The reader as it would be with other rules for themes.
pub(crate) async fn with_rules(store: &Store, rules: &[ThemeRule]) -> Result<Reader> {
    let models = store.models().await?;
    let mut reader = Reader::default();
    if let Some(model) = unpacked(&models, SENTIMENT) {
        reader = reader.with_sentiment_of_the_body(model);
    }
    Ok(reader.with_themes(ThemeCoder::new(rules, unpacked(&models, THEMES))))
}

/// A model that was made for an older program is passed over, and said in the log: readings go on
/// without it.
fn unpacked(models: &[StoredModel], name: &str) -> Option<Linear> {
    let stored = models.iter().find(|m| m.name == name)?;
    Linear::from_bytes(&stored.body)
        .inspect_err(|e| tracing::warn!(model = name, error = %e, "a trained model can't be used; train it again"))
        .ok()
}

/// How the themes of the codeframes are recognised. A theme without a rule goes by its name.
pub(crate) fn rules(codeframes: &[Codeframe]) -> Vec<ThemeRule> {
    let themes = codeframes.iter().flat_map(|c| &c.themes);
    themes
        .filter(|theme| !theme.retired())
        .map(|theme| {
            let stored = theme.rule.as_ref().and_then(|rule| serde_json::from_value::<ThemeRule>(rule.clone()).ok());
            let by_name = || ThemeRule { words: vec![theme.name.clone()], ..ThemeRule::default() };
            ThemeRule { key: theme.key.clone(), ..stored.unwrap_or_else(by_name) }
        })
        .collect()
}

impl App {
    /// Takes up codeframes and models that were changed, here or by another server.
    pub(crate) async fn reload_reader(&self) -> Result<()> {
        let (reader, names) = load(&self.inner.store).await?;
        *self.inner.reader.write() = Arc::new(reader);
        *self.inner.theme_names.write() = names;
        Ok(())
    }
}

//! Themes by the names that people know: for lists, and for what somebody typed.

use commonweal_domain::ThemeId;
use commonweal_domain::records::Theme;
use commonweal_domain::search::tokens;

use crate::l10n::Say;
use crate::ui::frame::Visit;

/// All themes of all codeframes.
pub(crate) struct ThemesNamed(Vec<Theme>);

impl ThemesNamed {
    pub(crate) async fn of(visit: &Visit) -> Result<Self, commonweal_app::Error> {
        let frames = visit.app().codeframes(&visit.actor).await?;
        let mut all: Vec<Theme> = frames.into_iter().flat_map(|f| f.themes).collect();
        all.sort_by_cached_key(|t| t.name.to_lowercase());
        Ok(Self(all))
    }

    /// By name.
    pub(crate) fn all(&self) -> &[Theme] {
        &self.0
    }

    /// The name for a key; the key itself where the theme is gone.
    pub(crate) fn name(&self, key: &str) -> String {
        self.0.iter().find(|t| t.key == key).map_or_else(|| key.to_owned(), |t| t.name.clone())
    }

    pub(crate) fn by_key(&self, key: &str) -> Option<&Theme> {
        self.0.iter().find(|t| t.key == key)
    }

    /// The theme that somebody typed: its name or key, whatever the capital letters and accents.
    pub(crate) fn typed(&self, text: &str) -> Option<&Theme> {
        let wanted = plain(text);
        self.0.iter().find(|t| plain(&t.name) == wanted || plain(&t.key) == wanted)
    }

    /// The themes that somebody typed, parted by commas; or the sentence about the first that is not
    /// there. A name that has a comma in it is found as well.
    pub(crate) fn list(&self, text: &str, say: Say) -> Result<Vec<ThemeId>, String> {
        if let Some(one) = self.typed(text) {
            return Ok(vec![one.id]);
        }
        let parts = text.split([',', ';', '\n']).map(str::trim).filter(|p| !p.is_empty());
        parts.map(|part| self.typed(part).map(|t| t.id).ok_or_else(|| self.unknown(part, say))).collect()
    }

    /// There is no such theme; which one may have been meant.
    pub(crate) fn unknown(&self, typed: &str, say: Say) -> String {
        let shown: String = typed.chars().take(60).collect();
        let wanted = plain(typed);
        let near = |t: &&Theme| !wanted.is_empty() && plain(&t.name).contains(&wanted);
        match self.0.iter().find(near) {
            Some(near) => {
                say.with("feedback-theme-near", &[("typed", shown.into()), ("near", near.name.as_str().into())])
            }
            None => say.with("feedback-theme-unknown", &[("typed", shown.into())]),
        }
    }
}

/// Words only, as search compares them.
fn plain(text: &str) -> String {
    tokens(text).map(|t| t.text).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn themes() -> ThemesNamed {
        let theme = |n: u128, key: &str, name: &str| Theme {
            id: uuid::Uuid::from_u128(n).into(),
            key: key.into(),
            name: name.into(),
            description: String::new(),
            rule: None,
        };
        ThemesNamed(vec![
            theme(1, "waiting", "Waiting times"),
            theme(2, "roads", "Roads, paths"),
            theme(3, "cafe", "Café"),
        ])
    }

    #[test]
    fn themes_are_found_by_what_people_type() {
        let ids = |text: &str| {
            let found = themes().list(text, crate::l10n::console());
            found.map(|all| all.iter().map(|t| t.0.as_u128()).collect::<Vec<_>>())
        };
        assert_eq!(ids("waiting TIMES, cafe"), Ok(vec![1, 3]));
        assert_eq!(ids("Roads, paths"), Ok(vec![2]));
        assert_eq!(ids(" , "), Ok(vec![]));
        let near = ids("waiting").expect("it is the key");
        assert_eq!(near, [1]);
        assert!(ids("times").expect_err("not a whole name").contains("Waiting times"));
        assert!(ids("parakeets").expect_err("none").contains("parakeets"));
    }
}

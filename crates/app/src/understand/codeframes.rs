//! The codeframe: what themes there are and how the reading engine recognises them.

use commonweal_domain::records::{Codeframe, Theme, key_of};
use commonweal_domain::{Actor, AuditAction, CodeframeId, Event, Permission, sentence};
use commonweal_text::ThemeRule;
use commonweal_text::codeframe::public_services;
pub use commonweal_text::codeframe::{CodeframeTheme, PUBLIC_SERVICES};
use serde_json::json;

use super::explore::invalid;
use crate::app::authorise;
use crate::change::{Audited, audited};
use crate::{App, Error, Result};

/// Most words and phrases of one theme.
const MAX_WORDS: usize = 500;

impl App {
    /// All codeframes with their themes.
    pub async fn codeframes(&self, actor: &Actor) -> Result<Vec<Codeframe>> {
        authorise(actor, Permission::ReadFigures)?;
        Ok(self.inner.store.codeframes().await?)
    }

    /// Gives a body that is new the codeframe that comes with the program, so that its first comments
    /// are coded already. One that has feedback has decided to do without.
    pub async fn begin_codeframe(&self) -> Result<()> {
        // The reader was made from the codeframes, so a body that has one need not be asked again.
        if !self.reader().theme_rules().is_empty() {
            return Ok(());
        }
        let store = &self.inner.store;
        if !store.codeframes().await?.is_empty() || store.feedback_count().await? > 0 {
            return Ok(());
        }
        match self.add_codeframe(&Actor::Operator, PUBLIC_SERVICES, &public_services()).await {
            // Another server began at the same time.
            Err(e) if e.code() == "conflict" => self.reload_reader().await,
            other => other.map(|_| ()),
        }
    }

    /// Adds a codeframe; comments that come in from now on are coded by it.
    pub async fn add_codeframe(&self, actor: &Actor, name: &str, themes: &[CodeframeTheme]) -> Result<Codeframe> {
        authorise(actor, Permission::ManageCodeframes)?;
        if name.trim().is_empty() || name.chars().count() > 120 {
            return Err(invalid("name", "bad_name", "The name of a codeframe has 1 to 120 characters."));
        }
        let themes = themes.iter().map(|t| self.theme(t)).collect::<Result<Vec<_>>>()?;
        let codeframe = Codeframe { id: self.inner.ids.new_id().into(), name: name.trim().to_owned(), themes };
        let (new, now) = (&codeframe, self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.codeframes().create(new).await?;
                w.events().emit(now, &[Event::CodeframeChanged { codeframe: new.id }]).await?;
                let what = json!({"name": new.name, "themes": new.themes.len()});
                Ok(((), audited(AuditAction::CodeframeAdded, new.id).with(what)))
            })
        })
        .await?;
        self.reload_reader().await?;
        Ok(codeframe)
    }

    /// Adds themes to the codeframe of this name, which is made when there is none; themes whose key
    /// is there already get the new name and rule.
    pub async fn put_themes(&self, actor: &Actor, codeframe: &str, themes: &[CodeframeTheme]) -> Result<Codeframe> {
        authorise(actor, Permission::ManageCodeframes)?;
        let all = self.inner.store.codeframes().await?;
        let Some(frame) = all.iter().find(|c| c.name == codeframe) else {
            return self.add_codeframe(actor, codeframe, themes).await;
        };
        let mut put = Vec::with_capacity(themes.len());
        for theme in themes {
            let mut new = self.theme(theme)?;
            if let Some(old) = frame.themes.iter().find(|t| t.key == new.key) {
                new.id = old.id;
            }
            put.push(new);
        }
        let keys: Vec<&str> = put.iter().map(|t| t.key.as_str()).collect();
        let line = audited(AuditAction::ThemesSaved, frame.id).with(json!({"themes": keys}));
        self.save_themes(actor, frame.id, &put, line).await?;
        let all = self.inner.store.codeframes().await?;
        all.into_iter().find(|c| c.id == frame.id).ok_or(Error::NotFound("codeframe"))
    }

    /// Saves themes of a codeframe and reads by them from now on.
    pub(super) async fn save_themes(
        &self,
        actor: &Actor,
        codeframe: CodeframeId,
        themes: &[Theme],
        line: Audited,
    ) -> Result<()> {
        let (line, now) = (&line, self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.codeframes().put_themes(codeframe, themes).await?;
                w.events().emit(now, &[Event::CodeframeChanged { codeframe }]).await?;
                Ok(((), line.clone()))
            })
        })
        .await?;
        self.reload_reader().await
    }

    fn theme(&self, theme: &CodeframeTheme) -> Result<Theme> {
        let name = theme.name.trim();
        if name.is_empty() || name.chars().count() > 120 {
            return Err(invalid("name", "bad_name", "The name of a theme has 1 to 120 characters."));
        }
        if theme.words.len() > MAX_WORDS {
            let sentence =
                sentence!("The theme `{name}` has more than {most} words and phrases.", name, most = MAX_WORDS);
            return Err(invalid("words", "too_many", sentence));
        }
        let key = if theme.key.is_empty() { key_of(name) } else { key_of(&theme.key) };
        let rule = ThemeRule { key: key.clone(), words: theme.words.clone(), found: theme.found.clone() };
        Ok(Theme {
            id: self.inner.ids.new_id().into(),
            key,
            name: name.to_owned(),
            description: theme.description.clone(),
            rule: serde_json::to_value(rule).ok(),
        })
    }
}

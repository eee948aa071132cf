//! The codeframe changed by hand: what a theme's words would find, tried before anything is saved; adding,
//! changing and retiring a theme.

use commonweal_domain::records::{Codeframe, Theme, key_of};
use commonweal_domain::{Actor, AuditAction, Budget, FeedbackDoc, FeedbackId, Filter, Permission, sentence};
use commonweal_text::codeframe::CodeframeTheme;
use commonweal_text::{Input, Reader, ThemeRule};
use serde_json::json;

use super::engine;
use super::explore::invalid;
use super::stream::with_words;
use crate::app::authorise;
use crate::change::audited;
use crate::compute::{Cost, compute};
use crate::{App, Error, Result};

/// Newest feedback in which words are tried.
pub const TRIED: usize = 2_000;
/// Examples of what the words would find.
const EXAMPLES: usize = 5;

/// A theme as somebody writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThemeDraft {
    /// Key of the theme that is changed; empty for a new one.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What belongs in it.
    pub description: String,
    /// Words and phrases that name it; `queue*` stands for all words that begin so.
    pub words: Vec<String>,
}

/// What the words of a draft would find among the newest comments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// Comments that were looked at.
    pub read: u64,
    /// Of these, comments that would get the theme.
    pub found: u64,
    /// Comments that would get it and do not by the codeframe as it is.
    pub gained: u64,
    /// Comments that get it by the codeframe as it is and would not.
    pub lost: u64,
    /// Some of those that would get it, those gained first.
    pub examples: Vec<(FeedbackId, String)>,
}

impl App {
    /// What the newest comments would be given by a draft, against the codeframe as it is.
    pub async fn try_theme(&self, actor: &Actor, draft: &ThemeDraft) -> Result<Tried> {
        authorise(actor, Permission::ManageCodeframes)?;
        let codeframes = self.inner.store.codeframes().await?;
        let (_, file) = self.checked_theme(&codeframes, draft)?;
        let key = if file.key.is_empty() { key_of(&file.name) } else { file.key.clone() };
        let mut rules = engine::rules(&codeframes);
        let rule = ThemeRule { key: key.clone(), words: file.words.clone(), found: file.found.clone() };
        match rules.iter_mut().find(|r| r.key == key) {
            Some(old) => *old = rule,
            None => rules.push(rule),
        }
        let (now, then) = (self.reader(), engine::with_rules(&self.inner.store, &rules).await?);
        self.bounded(actor, Cost::READING, |budget| async move {
            let filter = with_words(&Filter::default());
            let (comments, _) = self.stream(&budget, &filter, TRIED, Vec::new(), take).await?;
            compute(&budget, move |budget| tried(&comments, &now, &then, &key, budget)).await
        })
        .await
    }

    /// Saves a draft: a new theme, or the changed one. Comments that come in are coded by it from now on.
    pub async fn save_theme(&self, actor: &Actor, codeframe: &str, draft: &ThemeDraft) -> Result<String> {
        authorise(actor, Permission::ManageCodeframes)?;
        let codeframes = self.inner.store.codeframes().await?;
        let (frame, file) = self.checked_theme(&codeframes, draft)?;
        let codeframe = frame.map_or(codeframe, |f| f.name.as_str());
        let key = if file.key.is_empty() { key_of(&file.name) } else { file.key.clone() };
        self.put_themes(actor, codeframe, &[file]).await?;
        Ok(key)
    }

    /// Takes a theme out of use, or back into use. Comments that come in are not given it any more; those
    /// that have it keep it until all comments are read again, and what persons said stays.
    pub async fn retire_theme(&self, actor: &Actor, key: &str, retired: bool) -> Result<()> {
        authorise(actor, Permission::ManageCodeframes)?;
        let codeframes = self.inner.store.codeframes().await?;
        let (frame, theme) = found(&codeframes, key).ok_or(Error::NotFound("theme"))?;
        if theme.retired() == retired {
            return Ok(());
        }
        let mut changed = theme.clone();
        changed.set_retired(retired);
        let action = if retired { AuditAction::ThemeRetired } else { AuditAction::ThemeRestored };
        let line = audited(action, frame.id).with(json!({"theme": key}));
        self.save_themes(actor, frame.id, &[changed], line).await
    }

    /// A draft as the codeframe takes it, with the codeframe of the theme that it changes.
    fn checked_theme<'a>(
        &self,
        codeframes: &'a [Codeframe],
        draft: &ThemeDraft,
    ) -> Result<(Option<&'a Codeframe>, CodeframeTheme)> {
        let name = draft.name.trim();
        if name.is_empty() || name.chars().count() > 120 {
            return Err(invalid("name", "bad_name", "Give the theme a name of 1 to 120 characters."));
        }
        let words: Vec<String> = draft.words.iter().map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect();
        if let Some(wrong) = words.iter().find(|w| !w.chars().any(char::is_alphanumeric) || w.chars().count() > 120) {
            let sentence = sentence!(
                "“{wrong}” names nothing. Write a word, a phrase, or the beginning of a word with a star.",
                wrong,
            );
            return Err(invalid("words", "bad_word", sentence));
        }
        let (frame, old) = match draft.key.as_str() {
            "" => (None, None),
            key => {
                let (frame, theme) = found(codeframes, key).ok_or(Error::NotFound("theme"))?;
                (Some(frame), Some(theme))
            }
        };
        if old.is_none() && found(codeframes, &key_of(name)).is_some() {
            let sentence =
                sentence!("There is a theme “{name}” already. Change that one, or choose another name.", name);
            return Err(invalid("name", "taken", sentence));
        }
        let rule = old.and_then(|t| t.rule.clone()).and_then(|r| serde_json::from_value::<ThemeRule>(r).ok());
        let found = rule.and_then(|r| r.found);
        if words.is_empty() && found.is_none() {
            return Err(invalid("words", "no_words", "Give at least one word or phrase that names the theme."));
        }
        Ok((
            frame,
            CodeframeTheme {
                key: draft.key.clone(),
                name: name.to_owned(),
                description: draft.description.trim().to_owned(),
                words,
                found,
            },
        ))
    }
}

fn found<'a>(codeframes: &'a [Codeframe], key: &str) -> Option<(&'a Codeframe, &'a Theme)> {
    codeframes.iter().find_map(|c| Some((c, c.themes.iter().find(|t| t.key == key)?)))
}

/// A comment to try words on: feedback, question, words, score of the rating.
type Comment = (FeedbackId, Option<String>, String, Option<f64>);

fn take(comments: &mut Vec<Comment>, docs: Vec<FeedbackDoc>, _: &Budget) -> Result<()> {
    for doc in docs {
        let score = doc.score();
        comments.extend(doc.comments.into_iter().map(|c| (doc.id, c.question, c.text, score)));
    }
    Ok(())
}

fn tried(comments: &[Comment], now: &Reader, then: &Reader, key: &str, budget: &Budget) -> Result<Tried> {
    let mut answer = Tried { read: comments.len() as u64, ..Tried::default() };
    let mut kept = Vec::new();
    for (feedback, question, text, score) in comments {
        budget.check()?;
        let input = Input { text, question: question.as_deref(), score: *score, language: None };
        let has = |reader: &Reader| reader.read(input).themes.iter().any(|t| t == key);
        let (had, has) = (has(now), has(then));
        answer.found += u64::from(has);
        answer.gained += u64::from(has && !had);
        answer.lost += u64::from(had && !has);
        let list = match (has, had) {
            (true, false) => &mut answer.examples,
            (true, true) => &mut kept,
            (false, _) => continue,
        };
        if list.len() < EXAMPLES {
            list.push((*feedback, text.clone()));
        }
    }
    kept.truncate(EXAMPLES - answer.examples.len());
    answer.examples.append(&mut kept);
    Ok(answer)
}

//! Themes found in a set of comments: an analyst renames, merges, splits and drops them, and accepts
//! those that are worth keeping into the codeframe, by which comments are coded from then on.

use commonweal_domain::records::{Codeframe, DiscoveryName, StoredDiscovery};
use commonweal_domain::{
    Actor, AuditAction, Budget, DiscoveryId, FeedbackDoc, FeedbackId, Filter, Permission, sentence,
};
use commonweal_text::codeframe::CodeframeTheme;
use commonweal_text::discover::{DiscoverInput, Discovery, NamedTheme, Options, SplitError, UnknownTheme, discover};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::explore::invalid;
use super::stream::with_words;
use super::thresholds::MIN_DISCOVERY;
use crate::app::authorise;
use crate::change::{Audited, audited};
use crate::compute::{Cost, compute};
use crate::{App, Error, Result};

/// Most feedback that themes are found in, the newest first.
pub const MAX_READ: usize = 50_000;

/// A discovery with where its comments are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Id.
    pub id: DiscoveryId,
    /// Name that the analyst gave.
    pub name: String,
    /// Whether there was more feedback than is read.
    pub capped: bool,
    /// The feedback and place of each comment, in the order of the discovery's assignments.
    pub comments: Vec<(FeedbackId, u8)>,
    /// The themes.
    pub discovery: Discovery,
}

/// What an analyst does with the themes of a discovery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "action")]
pub enum ThemeEdit {
    /// Gives a theme a name.
    Rename {
        /// Key of the theme.
        key: String,
        /// Its name.
        name: String,
    },
    /// Puts themes together under the first.
    Merge {
        /// Keys of the themes.
        keys: Vec<String>,
    },
    /// Parts a theme.
    Split {
        /// Key of the theme.
        key: String,
        /// In how many; as many as its comments ask for otherwise.
        into: Option<usize>,
    },
    /// Drops a theme; it stays dropped when themes are found again.
    Drop {
        /// Key of the theme.
        key: String,
    },
}

impl App {
    /// Finds themes in the comments that a filter means. With `again`, finds them anew for that
    /// discovery and keeps what the analyst decided there.
    pub async fn discover(
        &self,
        actor: &Actor,
        name: &str,
        filter: &Filter,
        k: Option<usize>,
        again: Option<DiscoveryId>,
    ) -> Result<Found> {
        authorise(actor, Permission::ManageCodeframes)?;
        if k.is_some_and(|k| !(2..=100).contains(&k)) {
            return Err(invalid("k", "out_of_range", "The number of themes is between 2 and 100."));
        }
        let before = match again {
            Some(id) => Some(self.found(actor, id).await?),
            None => None,
        };
        let named = before.as_ref().map(|b| b.discovery.remember()).unwrap_or_default();
        let (comments, discovery, capped) =
            self.bounded(actor, Cost::READING, |budget| self.discover_within(budget, filter, k, named)).await?;
        let id = before.as_ref().map_or_else(|| self.inner.ids.new_id().into(), |b| b.id);
        let name = match (name.trim(), before) {
            ("", Some(before)) => before.name,
            ("", None) => "Themes found".to_owned(),
            (name, _) => name.chars().take(120).collect(),
        };
        let found = Found { id, name, capped, comments, discovery };
        let what = json!({"comments": found.comments.len(), "themes": found.discovery.themes.len()});
        self.keep(actor, &found, Some(audited(AuditAction::ThemesDiscovered, id).with(what))).await?;
        Ok(found)
    }

    /// Reads the comments and finds their themes. Tells too whether there were more than are read.
    async fn discover_within(
        &self,
        budget: Budget,
        filter: &Filter,
        k: Option<usize>,
        named: Vec<NamedTheme>,
    ) -> Result<(Vec<(FeedbackId, u8)>, Discovery, bool)> {
        self.refuse_few(filter).await?;
        let (read, reach) =
            self.stream(&budget, &with_words(filter), MAX_READ, Comments::default(), Comments::take).await?;
        if read.texts.len() < MIN_DISCOVERY {
            let sentence = sentence!(
                "Themes can be found in {least} comments or more; the filter means {count}.",
                least = MIN_DISCOVERY,
                count = read.texts.len(),
            );
            return Err(invalid("filter", "too_few", sentence));
        }
        compute(&budget, move |budget| {
            let options = Options { k, named: &named, ..Options::default() };
            let discovery = discover(&inputs(&read.texts, &read.scores), &options, budget)?;
            Ok((read.places, discovery, reach.capped))
        })
        .await
    }

    /// All discoveries by name, last changed first.
    pub async fn discoveries(&self, actor: &Actor) -> Result<Vec<DiscoveryName>> {
        authorise(actor, Permission::ReadFeedback)?;
        Ok(self.inner.store.discoveries().await?)
    }

    /// One discovery.
    pub async fn found(&self, actor: &Actor, id: DiscoveryId) -> Result<Found> {
        authorise(actor, Permission::ReadFeedback)?;
        let stored = self.inner.store.discovery(id).await?;
        serde_json::from_value(stored.body).map_err(Error::internal)
    }

    /// Words of some comments of a discovery, redacted, in their order.
    pub async fn words_of(&self, actor: &Actor, comments: &[(FeedbackId, u8)]) -> Result<Vec<String>> {
        authorise(actor, Permission::ReadFeedback)?;
        let mut words = Vec::with_capacity(comments.len());
        for some in comments.chunks(500) {
            let ids: Vec<FeedbackId> = some.iter().map(|c| c.0).collect();
            let docs = self.inner.store.docs(&ids).await?;
            words.extend(some.iter().map(|(id, n)| {
                let doc = docs.iter().find(|d| d.id == *id);
                doc.and_then(|d| d.comments.get(usize::from(*n))).map(|c| c.text.clone()).unwrap_or_default()
            }));
        }
        Ok(words)
    }

    /// Changes the themes of a discovery.
    pub async fn edit_themes(&self, actor: &Actor, id: DiscoveryId, edit: &ThemeEdit) -> Result<Found> {
        authorise(actor, Permission::ManageCodeframes)?;
        let mut found = self.found(actor, id).await?;
        let d = &mut found.discovery;
        match edit {
            ThemeEdit::Rename { key, name } if !name.trim().is_empty() => d.rename(key, name.trim()),
            ThemeEdit::Rename { .. } => return Err(invalid("name", "bad_name", "Say the new name of the theme.")),
            ThemeEdit::Merge { keys } => d.merge(&keys.iter().map(String::as_str).collect::<Vec<_>>()),
            ThemeEdit::Drop { key } => d.drop_theme(key),
            ThemeEdit::Split { key, into } => {
                let texts = self.words_of(actor, &found.comments).await?;
                let scores = vec![None; texts.len()];
                let (key, into, mut moved) = (key.clone(), *into, found.discovery.clone());
                found.discovery = self
                    .bounded(actor, Cost::READING, |budget| async move {
                        compute(&budget, move |budget| {
                            match moved.split(&key, &inputs(&texts, &scores), into, budget) {
                                Ok(_) => Ok(moved),
                                Err(SplitError::Unknown(e)) => Err(unknown(&e)),
                                Err(SplitError::Cancelled(e)) => Err(e.into()),
                            }
                        })
                        .await
                    })
                    .await?;
                Ok(())
            }
        }
        .map_err(|e| unknown(&e))?;
        self.keep(actor, &found, None).await?;
        Ok(found)
    }

    /// Takes a theme of a discovery into a codeframe. Comments that come in are coded by it. Gives the
    /// codeframe and the key that the theme has there.
    pub async fn accept_theme(
        &self,
        actor: &Actor,
        id: DiscoveryId,
        key: &str,
        name: Option<&str>,
        codeframe: &str,
    ) -> Result<(Codeframe, String)> {
        authorise(actor, Permission::ManageCodeframes)?;
        let mut found = self.found(actor, id).await?;
        let theme = found.discovery.theme(key).ok_or_else(|| unknown(&UnknownTheme(key.to_owned())))?;
        let name = name.map_or_else(|| theme.title().to_owned(), str::to_owned);
        let accepted = found.discovery.accept(key, &name, "").map_err(|e| unknown(&e))?;
        // A key of another kind of theme is not taken over: its comments would change their meaning.
        let all = self.inner.store.codeframes().await?;
        let taken = |key: &str| {
            let theme = all.iter().flat_map(|c| &c.themes).find(|t| t.key == key);
            theme.is_some_and(|t| {
                t.rule.as_ref().is_none_or(|r| r.get("found").is_none_or(|f| f["key"] != accepted.key))
            })
        };
        let base = commonweal_domain::records::key_of(&name);
        let free = std::iter::once(base.clone()).chain((2..100).map(|n| format!("{base}-{n}"))).find(|k| !taken(k));
        let theme = CodeframeTheme {
            key: free.unwrap_or(base),
            name,
            description: format!("Found in comments: {}.", found.name),
            words: Vec::new(),
            found: serde_json::to_value(&accepted).ok(),
        };
        let key = theme.key.clone();
        let put = self.put_themes(actor, codeframe, &[theme]).await?;
        self.keep(actor, &found, None).await?;
        Ok((put, key))
    }

    async fn keep(&self, actor: &Actor, found: &Found, line: Option<Audited>) -> Result<()> {
        let body = serde_json::to_value(found).map_err(Error::internal)?;
        let stored =
            StoredDiscovery { id: found.id, name: found.name.clone(), body, actor: actor.audit_name(), at: self.now() };
        let (stored, line) = (&stored, &line);
        self.change(actor, move |w| {
            Box::pin(async move {
                w.models().put_discovery(stored).await?;
                Ok(((), line.clone()))
            })
        })
        .await
    }
}

/// Comments as they are read, with where they are from.
#[derive(Default)]
struct Comments {
    places: Vec<(FeedbackId, u8)>,
    texts: Vec<String>,
    scores: Vec<Option<f64>>,
}

impl Comments {
    fn take(&mut self, docs: Vec<FeedbackDoc>, _: &Budget) -> Result<()> {
        for doc in docs {
            for (n, comment) in doc.comments.into_iter().enumerate() {
                self.places.push((doc.id, u8::try_from(n).unwrap_or(u8::MAX)));
                self.scores.push(comment.reading.sentiment_score);
                self.texts.push(comment.text);
            }
        }
        Ok(())
    }
}

fn inputs<'a>(texts: &'a [String], scores: &[Option<f64>]) -> Vec<DiscoverInput<'a>> {
    let pairs = texts.iter().zip(scores);
    pairs.map(|(text, score)| DiscoverInput { text, sentiment_score: score.map(|s| s as f32) }).collect()
}

fn unknown(e: &UnknownTheme) -> Error {
    invalid("key", "unknown_theme", sentence!("This discovery has no theme `{key}`.", key = &e.0))
}

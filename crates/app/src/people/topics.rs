//! Topics: what people can agree to be told about.

use commonweal_domain::topic::MAX_TOPICS;
use commonweal_domain::{Actor, AuditAction, FieldErrors, Permission, Subject, Topic, TopicInput, sentence};
use commonweal_store::StoreError;
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

impl App {
    /// All topics, by their English names.
    pub async fn topics(&self, actor: &Actor) -> Result<Vec<Topic>> {
        authorise(actor, Permission::ReadPeople)?;
        Ok(self.inner.store.topics().await?)
    }

    /// A topic.
    pub async fn topic(&self, actor: &Actor, key: &str) -> Result<Topic> {
        authorise(actor, Permission::ReadPeople)?;
        Ok(self.inner.store.topic(key).await?)
    }

    /// Adds a topic, to which people can agree from then on.
    pub async fn add_topic(&self, actor: &Actor, input: TopicInput) -> Result<Topic> {
        authorise(actor, Permission::ManagePeople)?;
        let topic = input.checked(None, 1, true)?;
        if self.inner.store.topics().await?.len() >= MAX_TOPICS {
            let sentence = sentence!(
                "There are {most} topics already, and all of them stand on one page of the public. Give one that is closed other words instead.",
                most = MAX_TOPICS,
            );
            return Err(Error::Conflict { code: "too_many_topics", message: sentence });
        }
        let added = &topic;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people().add_topic(added).await.map_err(taken)?;
                Ok(((), audited(AuditAction::TopicAdded, Subject::of("topic", &added.key))))
            })
        })
        .await?;
        Ok(topic)
    }

    /// Gives a topic other words, as long as nobody has meanwhile. Whoever agreed before agreed to the words before.
    pub async fn change_topic(&self, actor: &Actor, key: &str, version: u32, input: TopicInput) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let before = self.inner.store.topic(key).await?;
        let topic = input.checked(Some(key), version + 1, before.open)?;
        if before.version == version
            && (&topic.english, &topic.welsh, topic.lane) == (&before.english, &before.welsh, before.lane)
        {
            return Ok(());
        }
        let changed = &topic;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people().change_topic(changed).await?;
                let line = audited(AuditAction::TopicChanged, Subject::of("topic", &changed.key));
                Ok(((), line.with(json!({"version": changed.version}))))
            })
        })
        .await
    }

    /// Opens a topic, or closes it: then nobody can agree to it any more, and whoever did is told no more about it.
    pub async fn set_topic_open(&self, actor: &Actor, key: &str, open: bool) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        self.inner.store.topic(key).await?;
        self.change(actor, move |w| {
            Box::pin(async move {
                let line = audited(AuditAction::TopicOpenChanged, Subject::of("topic", key));
                let changed = w.people().set_topic_open(key, open).await?;
                Ok(((), changed.then(|| line.with(json!({"open": open})))))
            })
        })
        .await
    }
}

fn taken(e: StoreError) -> Error {
    match e {
        StoreError::Conflict { what: "topic" } => {
            let why = "There is a topic of this name already. Choose another name.";
            FieldErrors::one("name", "topic_taken", why).into()
        }
        other => other.into(),
    }
}

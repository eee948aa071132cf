//! What a page needs to plan a send: what there is to choose from, and whom to ask.

use std::collections::HashMap;

use commonweal_domain::{
    Actor, Message, MessageVersion, MessageVersionId, Permission, PersonId, RecordId, Sender, Team, TeamId, Topic,
};

use crate::app::authorise;
use crate::people::audiences::AudienceSeen;
use crate::{App, Result};

/// What there is to choose from for a send.
#[derive(Clone, Debug)]
pub struct SendChoices {
    /// Ways out that send.
    pub senders: Vec<Sender>,
    /// Topics to which people can agree.
    pub topics: Vec<Topic>,
    /// Audiences that are kept.
    pub audiences: Vec<AudienceSeen>,
    /// Teams whose send it may be.
    pub teams: Vec<Team>,
}

impl App {
    /// What there is to choose from.
    pub async fn send_choices(&self, actor: &Actor) -> Result<SendChoices> {
        authorise(actor, Permission::ManageDispatches)?;
        let store = &self.inner.store;
        let mut senders = store.senders().await?;
        senders.retain(|sender| sender.setup.enabled);
        let mut topics = store.topics().await?;
        topics.retain(|topic| topic.open);
        let audiences = self.audiences(actor).await?;
        Ok(SendChoices { senders, topics, audiences, teams: store.teams().await? })
    }

    /// A version of a message that is to be sent, with the message.
    pub async fn message_to_send(&self, actor: &Actor, id: MessageVersionId) -> Result<(Message, MessageVersion)> {
        authorise(actor, Permission::ManageDispatches)?;
        let version = self.inner.store.message_version(id).await?;
        Ok((self.inner.store.message(version.message).await?, version))
    }

    /// Whom to ask of a team: the names of those who are in it.
    pub async fn whom_to_ask(&self, actor: &Actor, team: TeamId) -> Result<Vec<String>> {
        authorise(actor, Permission::ManageDispatches)?;
        let members = self.inner.store.members(team).await?;
        Ok(members.into_iter().filter(|member| !member.disabled).map(|member| member.name).collect())
    }

    /// To whom deliveries go, for whoever may see people.
    pub async fn people_of_deliveries(
        &self,
        actor: &Actor,
        records: &[RecordId],
    ) -> Result<HashMap<RecordId, PersonId>> {
        authorise(actor, Permission::ReadPeople)?;
        Ok(self.inner.store.persons_of(records).await?)
    }
}

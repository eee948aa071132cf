//! What people ask for of what is held about them: listed, and decided.

use commonweal_domain::{
    Actor, AuditAction, FieldErrors, Permission, PersonId, PersonRecord, PersonRequest, PersonRequestId, RequestState,
    Subject,
};
use commonweal_store::StoreError;
use serde_json::json;

use super::checked_reason;
use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

/// Requests that a list shows at most.
pub const MAX_REQUESTS: usize = 500;

/// A request in the list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestListed {
    /// The request.
    pub request: PersonRequest,
    /// Whose it is.
    pub person: PersonId,
    /// What the sources say of them, oldest first.
    pub records: Vec<PersonRecord>,
}

impl App {
    /// What waits to be decided, what has waited longest first. That it was looked at is written down.
    pub async fn person_requests(&self, actor: &Actor) -> Result<Vec<RequestListed>> {
        authorise(actor, Permission::ManagePeople)?;
        let open = self.inner.store.open_requests(MAX_REQUESTS as u64).await?;
        let persons: Vec<PersonId> = open.iter().map(|(_, person)| *person).collect();
        let named = self.named(&persons).await?;
        let line = audited(AuditAction::PeopleSearched, Subject::all("people"));
        self.note(actor, line.with(json!({"list": "requests", "found": open.len()}))).await?;
        let listed = |(request, person): (PersonRequest, PersonId)| RequestListed {
            request,
            person,
            records: named.get(&person).cloned().unwrap_or_default(),
        };
        Ok(open.into_iter().map(listed).collect())
    }

    /// How much waits to be decided.
    pub async fn person_requests_count(&self, actor: &Actor) -> Result<u64> {
        authorise(actor, Permission::ManagePeople)?;
        Ok(self.inner.store.open_requests_count().await?)
    }

    /// Whose a request is.
    pub async fn person_of_request(&self, actor: &Actor, id: PersonRequestId) -> Result<PersonId> {
        authorise(actor, Permission::ManagePeople)?;
        let record = self.inner.store.person_request(id).await?.record;
        let of = self.inner.store.persons_of(&[record]).await?;
        of.get(&record).copied().ok_or(Error::NotFound("person"))
    }

    /// Says what became of a request. One that is refused needs a reason, which the person is told.
    pub async fn decide_request(
        &self,
        actor: &Actor,
        id: PersonRequestId,
        to: RequestState,
        answer: &str,
    ) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let answer = checked_reason("answer", answer)?;
        let mut errors = FieldErrors::default();
        if to == RequestState::Open {
            errors.add("state", "required", "Say whether it was done or is refused.");
        }
        if to == RequestState::Refused && answer.is_empty() {
            errors.add("answer", "required", "Say why it is refused: the person is told so.");
        }
        errors.into_result(())?;
        let person = self.person_of_request(actor, id).await?;
        let (now, by) = (self.now(), &actor.audit_name());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people().decide_request(id, to, answer, (by, now)).await.map_err(decided_before)?;
                let line = audited(AuditAction::RequestDecided, id);
                Ok(((), line.with(json!({"person": person, "state": to.key()}))))
            })
        })
        .await
    }
}

fn decided_before(e: StoreError) -> Error {
    match e {
        StoreError::Conflict { what: "request" } => {
            Error::Conflict { code: "request_decided", message: "Somebody has decided this meanwhile.".into() }
        }
        other => other.into(),
    }
}

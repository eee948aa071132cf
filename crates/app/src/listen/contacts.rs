//! Contacts without feedback, handed in by other systems: calls, deliveries, visits.

use commonweal_domain::{Actor, AuditAction, ContactId, FieldErrors, NewContact, Permission};
use commonweal_store::{NewContactRecord, WriteBatch};

use super::dedupe;
use super::door::admit_contact;
use super::intake::few_enough;
use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, IdempotencyKey, Receipt, Result};

impl App {
    /// Writes contacts into the ledger. When this returns, they are on the disk. The same id from the
    /// same actor is the same contact.
    pub async fn record_contacts(
        &self,
        actor: &Actor,
        items: Vec<NewContact>,
        key: Option<IdempotencyKey>,
    ) -> Result<Vec<Receipt<ContactId>>> {
        authorise(actor, Permission::SubmitFeedback)?;
        few_enough(items.len(), "contacts")?;
        let services = self.inner.journeys.all();
        let mut admitted = Vec::with_capacity(items.len());
        let mut errors = FieldErrors::default();
        for (n, item) in items.into_iter().enumerate() {
            match admit_contact(item, &format!("/{n}"), &services) {
                Ok(item) => admitted.push(item),
                Err(wrong) => errors.0.extend(wrong.0),
            }
        }
        let items = errors.into_result(admitted)?;
        let key = key.map(|k| (k.of(actor), k.body));
        if let Some((key, body)) = key
            && let Some(receipts) = self.answered_before(key, body).await?
        {
            return Ok(receipts);
        }
        let known = self.known_as(actor, (0..).zip(&items).filter_map(|(n, item)| Some((n, item.person()?)))).await?;
        let (inner, source) = (&self.inner, actor.audit_name());
        let mut contacts = Vec::with_capacity(items.len());
        for item in items {
            let place = inner.journeys.place(&inner.store, &*inner.ids, item.place()).await?;
            let item = item.into_inner();
            contacts.push(NewContactRecord {
                id: inner.ids.new_id().into(),
                at: item.at.unwrap_or_else(|| self.now()),
                service: place.service.map(|(id, _)| id),
                touchpoint: place.touchpoint.map(|(id, _)| id),
                channel: item.channel,
                direction: item.direction,
                function: item.function,
                capacity: item.capacity,
                source: source.clone(),
                dedupe: item.source_id.map(|id| dedupe::by_id(source.as_bytes(), &id)),
                known_by: item.person.as_ref().and_then(|person| known.get(person).copied()),
            });
        }
        let batch = WriteBatch { contacts, ..WriteBatch::default() };
        self.write_once(batch, key, |done| done.contacts.iter().map(Into::into).collect()).await
    }

    /// Takes a contact back that was handed in by mistake. Whoever may administer may take back any,
    /// everybody else what they handed in themselves. A contact that brought feedback stays and goes
    /// with it.
    pub async fn delete_contact(&self, actor: &Actor, contact: ContactId) -> Result<()> {
        authorise(actor, Permission::SubmitFeedback)?;
        let name = actor.audit_name();
        let source = (!actor.may(Permission::Administer)).then_some(name.as_str());
        self.change(actor, move |w| {
            Box::pin(async move {
                if w.contacts().delete(&[contact], source).await?.is_empty() {
                    return Err(Error::NotFound("contact"));
                }
                Ok(((), audited(AuditAction::ContactDeleted, contact)))
            })
        })
        .await
    }
}

//! What a person had to do with the body, over the API.

use axum::Json;
use axum::extract::{Path, State};
use chrono::{DateTime, Utc};
use commonweal_app::people::timeline::felt;
use commonweal_app::people::{PersonSeen, Seeing, Touch};
use commonweal_app::{App, Error};
use commonweal_domain::{Actor, Capacity, Channel, Direction, Function, Permission, PersonId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Schema;
use uuid::Uuid;

use super::records::person_id;
use crate::api::paging::{self, PagingParams};
use crate::api::refusals::{Missing, Refused};
use crate::api::schema::one_of;
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;

fn channel() -> Schema {
    one_of(Channel::ALL, Channel::key).into()
}

fn direction() -> Schema {
    one_of(Direction::ALL, Direction::key).into()
}

fn function() -> Schema {
    one_of(Function::ALL, Function::key).into()
}

fn capacity() -> Schema {
    one_of(Capacity::ALL, Capacity::key).into()
}

/// A contact of a person.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonContact {
    /// Id.
    pub id: Uuid,
    /// By which record its person was known.
    pub record: Uuid,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Channel.
    #[schema(schema_with = channel)]
    pub channel: &'static str,
    /// Who spoke to whom.
    #[schema(schema_with = direction)]
    pub direction: &'static str,
    /// Function of the body.
    #[schema(schema_with = function)]
    pub function: &'static str,
    /// Whether the person used a service or had a say.
    #[schema(schema_with = capacity)]
    pub capacity: &'static str,
    /// Name of the service.
    pub service: Option<String>,
    /// Name of the touchpoint.
    pub touchpoint: Option<String>,
    /// The feedback that it brought.
    pub feedback: Option<Uuid>,
    /// What was said in it, redacted. Only for whoever may read feedback.
    pub said: Option<SaidAtContact>,
}

/// What was said at a contact.
#[derive(Serialize, ToSchema)]
pub(crate) struct SaidAtContact {
    /// The words, redacted.
    pub comments: Vec<String>,
    /// From 1 (very dissatisfied) to 5 (very satisfied); null where neither rating nor words say.
    pub satisfaction: Option<f64>,
    /// Whether that is their rating; else it was read from their words.
    pub rated: Option<bool>,
}

/// Contacts of a person.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonContacts {
    /// One page, newest first.
    pub contacts: Vec<PersonContact>,
    /// Address of the next page; null on the last one.
    pub next: Option<String>,
}

/// Lists the contacts of a person.
///
/// All that point at one of the person's records, over all functions and channels, newest first. That it was read is
/// written down. A session needs a reason first, given on the person's page in the console. Needs the scope `people:read`;
/// what was said is there with `feedback:read` alone.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/contacts",
    operation_id = "list_person_contacts",
    tag = "People",
    params(("id" = Uuid, Path, description = "The person's id."), PagingParams),
    responses((status = 200, description = "One page.", body = PersonContacts), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn list(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(person): Path<String>,
    Strict(mut params): Strict,
) -> WebResult<Json<PersonContacts>> {
    actor.require(Permission::ReadPeople)?;
    let list = format!("api contacts of {person}");
    let page = paging::take(&mut params, list.as_bytes());
    params.finish("limit, cursor").map_err(Failure::query)?;
    let seen = opened(&state.app, &actor.0, person_id(&person)?).await?;
    let contacts = state.app.contacts_of_person(&actor.0, &seen, &page).await?;
    let next = contacts.next.map(|cursor| {
        let parameters = serde_urlencoded::to_string(paging::next(cursor, &page, list.as_bytes())).unwrap_or_default();
        format!("/api/v1/people/{person}/contacts?{parameters}")
    });
    Ok(Json(PersonContacts { contacts: contacts.items.into_iter().map(Into::into).collect(), next }))
}

/// A person whom the caller may see now. Who was merged leads to whom they are now, in as many steps as there were merges.
pub(super) async fn opened(app: &App, actor: &Actor, mut id: PersonId) -> Result<Box<PersonSeen>, Error> {
    loop {
        match app.person(actor, id).await? {
            Seeing::Open(seen) => return Ok(seen),
            Seeing::Moved(to) if to != id => id = to,
            Seeing::Moved(_) => return Err(Error::NotFound("person")),
            Seeing::Closed => {
                let message = "Say why you need to see this person first: open the person’s page in the console.";
                return Err(Error::Conflict { code: "reason_needed", message: message.into() });
            }
        }
    }
}

impl From<Touch> for PersonContact {
    fn from(touch: Touch) -> Self {
        let contact = touch.contact;
        let said = touch.said.map(|doc| {
            let felt = felt(&doc);
            SaidAtContact {
                satisfaction: felt.map(|f| f.satisfaction),
                rated: felt.map(|f| f.rated),
                comments: doc.comments.into_iter().map(|c| c.text).collect(),
            }
        });
        Self {
            id: contact.id.0,
            record: contact.record.0,
            at: contact.at,
            channel: contact.channel.key(),
            direction: contact.direction.key(),
            function: contact.function.key(),
            capacity: contact.capacity.key(),
            service: touch.service,
            touchpoint: touch.touchpoint,
            feedback: contact.feedback.map(|f| f.0),
            said,
        }
    }
}

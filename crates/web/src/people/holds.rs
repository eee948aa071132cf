//! Holds: put on a person, changed, ended, and the list of them.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::people::{PersonSeen, Seeing};
use commonweal_domain::{
    FieldErrors, Hold, HoldId, HoldReason, HoldTerms, Instant, Lane, Permission, PersonId, UserId,
};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::people::record::name;
use crate::people::standing::{lanes, until};
use crate::people::wished::{end_of_day, last_day};
use crate::ui::components::{Choice, Choices, Input, Select, SelectItem, Textarea};
use crate::ui::form::{Errors, Fields};
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};

#[derive(Template)]
#[template(path = "people/hold.html")]
struct HoldPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    person: String,
    name: String,
    title: String,
    /// Where the form is sent.
    action: String,
    /// Where the hold is ended, if there is one.
    end: Option<String>,
    lanes: Choices,
    reason: Select,
    note: Textarea,
    ends: Input,
    owner: Select,
}

#[derive(Template)]
#[template(path = "people/holds.html")]
struct HoldsPage {
    frame: Frame,
    say: Say,
    holds: Vec<Row>,
}

struct Row {
    person: String,
    name: String,
    lanes: String,
    until: String,
    owner: String,
}

/// For whom a form is.
struct Of<'a> {
    seen: &'a PersonSeen,
    hold: Option<&'a Hold>,
}

async fn page(visit: &Visit, of: Of<'_>, errors: Errors, sent: Option<&Fields>) -> WebResult<HoldPage> {
    let say = l10n::console();
    let (person, terms) = (of.seen.id.to_string(), of.hold.map(|hold| &hold.terms));
    let chosen: Vec<String> = match (sent, terms) {
        (Some(sent), _) => sent.all("lanes").map(str::to_owned).collect(),
        (None, Some(terms)) => terms.lanes.iter().map(|lane| lane.key().to_owned()).collect(),
        (None, None) => [Lane::Engagement, Lane::News].map(|lane| lane.key().to_owned()).to_vec(),
    };
    let text = |field: &str, kept: String| sent.map_or(kept, |sent| sent.get(field).to_owned());
    let owners = visit.app().hold_owners(&visit.actor).await?;
    let me = visit.user.id.to_string();
    let lane = |lane: &Lane| {
        Choice::new(lane.key(), say.name(*lane).as_str()).checked(chosen.iter().any(|key| key == lane.key()))
    };
    let reasons = HoldReason::ALL.iter().map(|r| SelectItem::new(r.key(), r.label()));
    let last = terms.and_then(|t| t.ends).map_or_else(String::new, |end| last_day(end, visit.zone()).to_string());
    let name = name(&of.seen.records);
    let title = say.t(if of.hold.is_some() { "hold-change-title" } else { "hold-put-title" });
    let head = say.with("hold-head", &[("title", title.as_str().into()), ("name", name.as_str().into())]);
    Ok(HoldPage {
        frame: visit.frame(errors.headed(head, say)).await?,
        action: of.hold.map_or_else(|| format!("/people/{person}/hold"), |hold| format!("/people/holds/{}", hold.id)),
        end: of.hold.map(|hold| format!("/people/holds/{}/end", hold.id)),
        lanes: Choices::checkboxes("lanes", say.t("hold-lanes").as_str())
            .hint(say.t("hold-lanes-hint").as_str())
            .items(Lane::ALL.iter().filter(|lane| lane.may_be_held()).map(lane))
            .error(errors.of("lanes")),
        reason: Select::new("reason", say.t("hold-reason").as_str())
            .item(SelectItem::new("", say.t("hold-reason-choose").as_str()))
            .items(reasons)
            .value(text("reason", terms.map_or_else(String::new, |t| t.reason.key().to_owned())))
            .error(errors.of("reason")),
        note: Textarea::new("note", say.t("person-note").as_str())
            .hint(say.t("hold-note-hint").as_str())
            .rows(2_u32)
            .value(text("note", terms.map_or_else(String::new, |t| t.note.clone())))
            .error(errors.of("note")),
        ends: Input::new("ends", say.t("hold-ends").as_str())
            .hint(say.t("hold-ends-hint").as_str())
            .kind("date")
            .classes("govuk-input--width-10")
            .value(text("ends", last))
            .error(errors.of("ends")),
        owner: Select::new("owner", say.t("hold-owner").as_str())
            .hint(say.t("hold-owner-hint").as_str())
            .items(owners.iter().map(|(id, name)| SelectItem::new(id.to_string(), name.as_str())))
            .value(text("owner", terms.map_or(me, |t| t.owner.to_string())))
            .error(errors.of("owner")),
        person,
        name,
        title,
        say,
        errors,
    })
}

fn read(visit: &Visit, sent: &Fields, begins: Instant) -> Result<HoldTerms, FieldErrors> {
    let say = l10n::console();
    let mut errors = FieldErrors::default();
    let reason = HoldReason::from_key(sent.get("reason"));
    if reason.is_none() {
        errors.add("reason", "required", say.t("hold-reason-missing"));
    }
    let ends = match sent.get("ends") {
        "" => None,
        day => {
            let end = end_of_day(day, visit.zone());
            if end.is_none() {
                errors.add("ends", "not_a_day", say.t("hold-ends-wrong"));
            }
            end
        }
    };
    let owner: Option<UserId> = sent.get("owner").parse().ok();
    if owner.is_none() {
        errors.add("owner", "required", say.t("hold-owner-missing"));
    }
    let (Some(reason), Some(owner), true) = (reason, owner, errors.is_empty()) else { return Err(errors) };
    let lanes = sent.all("lanes").filter_map(Lane::from_key).collect();
    Ok(HoldTerms { lanes, reason, note: sent.get("note").to_owned(), begins, ends, owner })
}

/// The person, or where whoever has given no reason is sent.
pub(super) async fn opened(visit: &Visit, id: PersonId) -> WebResult<Result<Box<PersonSeen>, Response>> {
    visit.require(Permission::ManagePeople)?;
    Ok(match visit.app().person(&visit.actor, id).await? {
        Seeing::Open(seen) => Ok(seen),
        Seeing::Moved(to) => Err(Redirect::to(&format!("/people/{to}")).into_response()),
        Seeing::Closed => Err(Redirect::to(&format!("/people/{id}")).into_response()),
    })
}

/// The form to put a hold.
pub(crate) async fn form(visit: Visit, Path(id): Path<PersonId>) -> WebResult<Response> {
    let seen = match opened(&visit, id).await? {
        Ok(seen) => seen,
        Err(elsewhere) => return Ok(elsewhere),
    };
    Ok(Page(page(&visit, Of { seen: &seen, hold: None }, Errors::default(), None).await?).into_response())
}

/// Puts a hold.
pub(crate) async fn put(visit: Visit, Path(id): Path<PersonId>, sent: Fields) -> WebResult<Response> {
    let seen = match opened(&visit, id).await? {
        Ok(seen) => seen,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let outcome = match read(&visit, &sent, visit.app().now()) {
        Ok(terms) => visit.app().put_hold(&visit.actor, id, terms).await.map(drop),
        Err(errors) => Err(errors.into()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&with_done(&format!("/people/{id}"), "hold-put")).into_response()),
        Err(e) => Ok(invalid(page(&visit, Of { seen: &seen, hold: None }, Errors::of_error(e)?, Some(&sent)).await?)),
    }
}

/// A hold with its person, or where whoever has given no reason is sent.
async fn found(visit: &Visit, id: HoldId) -> WebResult<Result<(Hold, Box<PersonSeen>), Response>> {
    visit.require(Permission::ManagePeople)?;
    let (hold, person, seeing) = visit.app().hold(&visit.actor, id).await?;
    Ok(match seeing {
        Seeing::Open(seen) => Ok((hold, seen)),
        _ => Err(Redirect::to(&format!("/people/{person}")).into_response()),
    })
}

/// The form to change a hold.
pub(crate) async fn show(visit: Visit, Path(id): Path<HoldId>) -> WebResult<Response> {
    let (hold, seen) = match found(&visit, id).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    Ok(Page(page(&visit, Of { seen: &seen, hold: Some(&hold) }, Errors::default(), None).await?).into_response())
}

/// Changes a hold.
pub(crate) async fn change(visit: Visit, Path(id): Path<HoldId>, sent: Fields) -> WebResult<Response> {
    let (hold, seen) = match found(&visit, id).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let outcome = match read(&visit, &sent, hold.terms.begins) {
        Ok(terms) => visit.app().change_hold(&visit.actor, id, terms).await,
        Err(errors) => Err(errors.into()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&with_done(&format!("/people/{}", seen.id), "hold-changed")).into_response()),
        Err(e) => {
            let of = Of { seen: &seen, hold: Some(&hold) };
            Ok(invalid(page(&visit, of, Errors::of_error(e)?, Some(&sent)).await?))
        }
    }
}

/// Ends a hold.
pub(crate) async fn end(visit: Visit, Path(id): Path<HoldId>) -> WebResult<Response> {
    let (hold, seen) = match found(&visit, id).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    match visit.app().end_hold(&visit.actor, id).await {
        Ok(()) => Ok(Redirect::to(&with_done(&format!("/people/{}", seen.id), "hold-ended")).into_response()),
        Err(e) => Ok(invalid(page(&visit, Of { seen: &seen, hold: Some(&hold) }, Errors::of_error(e)?, None).await?)),
    }
}

/// All holds that are not over. Why they were put stands on the pages of the persons.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    let say = l10n::console();
    let holds = visit.app().holds(&visit.actor).await?;
    let owners = visit.app().hold_owners(&visit.actor).await?;
    let row = |h: commonweal_app::people::HoldListed| Row {
        person: h.person.to_string(),
        name: name(&h.records),
        lanes: lanes(&h.hold.terms.lanes, say),
        until: until(h.hold.terms.ends, visit.zone(), say),
        owner: owners.get(&h.hold.terms.owner).cloned().unwrap_or_else(|| say.t("standing-by-colleague")),
    };
    let frame = visit.frame(say.t("holds-head")).await?;
    Ok(Page(HoldsPage { frame, holds: holds.into_iter().map(row).collect(), say }).into_response())
}

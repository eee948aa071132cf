//! What is noted of a person beside their records, and the ways to what can be done for them: on their page.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::people::{PersonSeen, Seeing, birth_date};
use commonweal_domain::{BirthDate, FieldErrors, HandleKind, Mark, Permission, PersonId, RecordMark, erasure};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::people::record::name;
use crate::ui::components::{Input, Textarea};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};

/// What the person's page says of it.
pub(super) struct Care {
    /// That they died, and when, where it is known; empty when nobody said so.
    pub(super) deceased: String,
    pub(super) deceased_note: String,
    /// That somebody with the same address was erased: one sentence for each kind.
    pub(super) erased_before: Vec<String>,
    pub(super) may_mark: bool,
    pub(super) may_erase: bool,
}

pub(super) fn care(seen: &PersonSeen, visit: &Visit, say: Say) -> Care {
    let death = seen.marks.iter().find(|mark| mark.mark == Mark::Deceased);
    let deceased = death.map(|mark| match mark.day {
        Some(day) => say.with("care-deceased-on", &[("day", format::day(day).into())]),
        None => say.t("care-deceased"),
    });
    let mut erased_before: Vec<String> = Vec::new();
    for mark in seen.marks.iter().filter(|mark| mark.mark == Mark::ErasedBefore) {
        let sentence = erased_sentence(mark, visit, say);
        if !erased_before.contains(&sentence) {
            erased_before.push(sentence);
        }
    }
    Care {
        deceased: deceased.unwrap_or_default(),
        deceased_note: death.and_then(|mark| mark.note.clone()).unwrap_or_default(),
        erased_before,
        may_mark: visit.may(Permission::ManagePeople),
        may_erase: visit.may(Permission::ErasePeople),
    }
}

fn erased_sentence(mark: &RecordMark, visit: &Visit, say: Say) -> String {
    let at = [("at", format::date(mark.at, visit.zone()).into())];
    match HandleKind::from_key(&mark.about) {
        Some(HandleKind::Email) => say.with("care-erased-email", &at),
        Some(HandleKind::Phone) => say.with("care-erased-phone", &at),
        Some(HandleKind::Account) => say.with("care-erased-account", &at),
        None if mark.about == erasure::SOURCE_KEY => say.with("care-erased-key", &at),
        None => say.with("care-erased", &at),
    }
}

/// A person who may be seen now, or where whoever asks is sent first.
pub(super) enum Reached {
    Seen(Box<PersonSeen>),
    Elsewhere(Response),
}

pub(super) async fn reached(visit: &Visit, id: PersonId) -> WebResult<Reached> {
    Ok(match visit.app().person(&visit.actor, id).await? {
        Seeing::Open(seen) => Reached::Seen(seen),
        Seeing::Moved(to) => Reached::Elsewhere(Redirect::to(&format!("/people/{to}")).into_response()),
        Seeing::Closed => Reached::Elsewhere(Redirect::to(&format!("/people/{id}")).into_response()),
    })
}

#[derive(Template)]
#[template(path = "people/deceased.html")]
struct DeceasedPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    name: String,
    day: Input,
    note: Textarea,
    /// Whether it is told already.
    told: bool,
}

async fn page(visit: &Visit, seen: &PersonSeen, errors: Errors, sent: &Fields) -> WebResult<DeceasedPage> {
    let say = l10n::console();
    let name = name(&seen.records);
    Ok(DeceasedPage {
        frame: visit.frame(errors.headed(say.with("deceased-head", &[("name", name.as_str().into())]), say)).await?,
        id: seen.id.to_string(),
        day: Input::new("day", say.t("deceased-day").as_str())
            .hint(say.t("deceased-day-hint").as_str())
            .value(sent.get("day"))
            .autocomplete("off")
            .error(errors.of("day")),
        note: Textarea::new("note", say.t("person-note").as_str())
            .hint(say.t("deceased-note-hint").as_str())
            .value(sent.get("note"))
            .rows(2_u32)
            .error(errors.of("note")),
        told: seen.marks.iter().any(|mark| mark.mark == Mark::Deceased),
        name,
        say,
        errors,
    })
}

/// The form.
pub(crate) async fn form(visit: Visit, Path(id): Path<PersonId>) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    Ok(match reached(&visit, id).await? {
        Reached::Seen(seen) => Page(page(&visit, &seen, Errors::default(), &Fields(Vec::new())).await?).into_response(),
        Reached::Elsewhere(response) => response,
    })
}

/// Marks a person as deceased.
pub(crate) async fn mark(visit: Visit, Path(id): Path<PersonId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let text = sent.get("day");
    let day = match (text.is_empty(), birth_date(text)) {
        (true, _) => Ok(None),
        (false, Some(BirthDate::Day(day))) => Ok(Some(day)),
        (false, _) => Err(FieldErrors::one("day", "not_a_date", l10n::console().t("deceased-day-wrong"))),
    };
    let outcome = match day {
        Ok(day) => visit.app().mark_deceased(&visit.actor, id, day, sent.get("note")).await,
        Err(wrong) => Err(wrong.into()),
    };
    settled(&visit, id, outcome, "person-deceased", async |seen, errors| page(&visit, seen, errors, &sent).await).await
}

/// Takes it back.
pub(crate) async fn unmark(visit: Visit, Path(id): Path<PersonId>) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let outcome = visit.app().unmark_deceased(&visit.actor, id).await;
    let none = Fields(Vec::new());
    settled(&visit, id, outcome, "person-not-deceased", async |seen, errors| page(&visit, seen, errors, &none).await)
        .await
}

/// On to the person's page, or the same page again; to the question for a reason where one is needed.
pub(super) async fn settled<P: Template>(
    visit: &Visit,
    id: PersonId,
    outcome: Result<(), Error>,
    done: &str,
    again: impl AsyncFnOnce(&PersonSeen, Errors) -> WebResult<P>,
) -> WebResult<Response> {
    let person = format!("/people/{id}");
    match outcome {
        Ok(()) => Ok(Redirect::to(&with_done(&person, done)).into_response()),
        Err(Error::Conflict { code: "reason_needed", .. }) => Ok(Redirect::to(&person).into_response()),
        Err(e) => {
            let errors = Errors::of_error(e)?;
            Ok(match reached(visit, id).await? {
                Reached::Seen(seen) => invalid(again(&seen, errors).await?),
                Reached::Elsewhere(response) => response,
            })
        }
    }
}

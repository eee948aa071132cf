//! Erasing a person: what goes, what stays and why, asked for in words before it is done.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::people::PersonSeen;
use commonweal_domain::{ErasedCounts, ErasureReason, Extent, FieldErrors, Permission, PersonId};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::people::care::{Reached, reached};
use crate::people::record::name;
use crate::ui::components::{Choice, Choices, Input};
use crate::ui::form::{Errors, Fields};
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};

/// What has to be typed, in whatever letters.
const WORD: &str = "erase";

#[derive(Template)]
#[template(path = "people/erase.html")]
struct ErasePage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    name: String,
    goes: Vec<String>,
    stays: Vec<Stays>,
    extent: Choices,
    reason: Choices,
    confirm: Input,
}

struct Stays {
    what: &'static str,
    why: &'static str,
    until: &'static str,
}

fn goes(counts: &ErasedCounts, say: Say) -> Vec<String> {
    vec![
        say.count("erase-goes-records", counts.records),
        say.count("erase-goes-handles", counts.handles),
        say.count("erase-goes-comments", counts.comments),
        say.count("erase-goes-contacts", counts.contacts),
        say.t("erase-goes-rest"),
    ]
}

async fn page(visit: &Visit, seen: &PersonSeen, errors: Errors, sent: &Fields) -> WebResult<ErasePage> {
    let say = l10n::console();
    let counts = visit.app().would_erase(&visit.actor, seen.id).await?;
    let stays = Extent::Words.stays(ErasureReason::Asked);
    let name = name(&seen.records);
    let asked = sent.get("extent");
    let extent = Extent::GIVEN.iter().map(|extent| {
        let hint = match extent {
            Extent::Everything => say.t("erase-extent-everything"),
            _ => say.t("erase-extent-words"),
        };
        let chosen = asked == extent.key() || (asked.is_empty() && *extent == Extent::Words);
        Choice::new(extent.key(), extent.label()).hint(hint.as_str()).checked(chosen)
    });
    let given = sent.get("reason");
    let reason = ErasureReason::GIVEN.iter().map(|r| Choice::new(r.key(), r.label()).checked(given == r.key()));
    Ok(ErasePage {
        frame: visit.frame(errors.headed(say.with("erase-head", &[("name", name.as_str().into())]), say)).await?,
        id: seen.id.to_string(),
        goes: goes(&counts, say),
        stays: stays.iter().map(|s| Stays { what: s.what, why: s.why, until: s.until }).collect(),
        extent: Choices::radios("extent", say.t("erase-extent").as_str()).items(extent).error(errors.of("extent")),
        reason: Choices::radios("reason", say.t("erase-reason").as_str()).items(reason).error(errors.of("reason")),
        confirm: Input::new("confirm", say.with("erase-confirm", &[("word", WORD.into())]).as_str())
            .hint(say.t("erase-confirm-hint").as_str())
            .autocomplete("off")
            .spellcheck(false)
            .error(errors.of("confirm")),
        name,
        say,
        errors,
    })
}

/// The form.
pub(crate) async fn form(visit: Visit, Path(id): Path<PersonId>) -> WebResult<Response> {
    visit.require(Permission::ErasePeople)?;
    Ok(match reached(&visit, id).await? {
        Reached::Seen(seen) => Page(page(&visit, &seen, Errors::default(), &Fields(Vec::new())).await?).into_response(),
        Reached::Elsewhere(response) => response,
    })
}

/// Erases, when the word was typed.
pub(crate) async fn erase(visit: Visit, Path(id): Path<PersonId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ErasePeople)?;
    let say = l10n::console();
    let mut errors = FieldErrors::default();
    let extent = Extent::from_key(sent.get("extent"));
    let reason = ErasureReason::from_key(sent.get("reason"));
    if extent.is_none() {
        errors.add("extent", "required", say.t("erase-extent-choose"));
    }
    if reason.is_none() {
        errors.add("reason", "required", say.t("erase-reason-choose"));
    }
    if !sent.get("confirm").eq_ignore_ascii_case(WORD) {
        errors.add("confirm", "required", say.with("erase-confirm-wrong", &[("word", WORD.into())]));
    }
    let outcome = match (errors.into_result(()), extent, reason) {
        (Ok(()), Some(extent), Some(reason)) => {
            visit.app().erase_person(&visit.actor, id, reason, extent).await.map(drop)
        }
        (Err(errors), ..) => Err(Error::from(errors)),
        (Ok(()), ..) => Err(Error::NotFound("person")),
    };
    match outcome {
        Ok(()) => {
            visit.count_again();
            Ok(Redirect::to(&with_done("/people", "person-erased")).into_response())
        }
        Err(Error::Conflict { code: "reason_needed", .. }) => {
            Ok(Redirect::to(&format!("/people/{id}")).into_response())
        }
        Err(e) => {
            let errors = Errors::of_error(e)?;
            Ok(match reached(&visit, id).await? {
                Reached::Seen(seen) => invalid(page(&visit, &seen, errors, &sent).await?),
                Reached::Elsewhere(response) => response,
            })
        }
    }
}

//! API keys of other systems.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{NaiveDate, TimeDelta};
use commonweal_app::Error;
use commonweal_app::govern::keys::OVERLAP_HOURS;
use commonweal_domain::permission::Scope;
use commonweal_domain::records::ApiKey;
use commonweal_domain::{ApiKeyId, FieldErrors, Instant};

use crate::http::error::WebResult;
use crate::l10n;
use crate::ui::choice::Choice;
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "govern/keys.html")]
struct KeysPage {
    frame: Frame,
    errors: Errors,
    /// Name and secret of the key that was just made: shown this once.
    made: Option<(String, String)>,
    keys: Vec<KeyRow>,
    name: String,
    scopes: Vec<Choice>,
    last_day: String,
    /// Hours for which the secret before is taken, as the form to replace one offers them.
    overlap_hours: String,
}

struct KeyRow {
    id: String,
    name: String,
    scopes: String,
    made: String,
    used: String,
    /// When it ends; empty when it does not.
    expires: String,
    expired: bool,
    /// Until when the secret before is taken; empty when it is not.
    old_until: String,
    revoked: Option<String>,
}

async fn page(visit: &Visit, errors: Errors, made: Option<(String, String)>, fields: &Fields) -> WebResult<KeysPage> {
    let keys = visit.app().keys(&visit.actor).await?;
    let (say, now) = (l10n::console(), visit.app().now());
    let date = |at: Instant| format::date(at, visit.zone());
    let row = |k: ApiKey| KeyRow {
        id: k.id.to_string(),
        scopes: k.scopes.iter().map(|s| s.label()).collect::<Vec<_>>().join(", "),
        made: date(k.created_at),
        used: k.used_at.map_or_else(|| say.t("keys-never-used"), date),
        // The day on which it is good still.
        expires: k.expires_at.map(|at| date(at - TimeDelta::seconds(1))).unwrap_or_default(),
        expired: k.expires_at.is_some_and(|at| at <= now),
        old_until: k
            .old_until
            .filter(|until| *until > now)
            .map(|until| format::date_time(until, visit.zone()))
            .unwrap_or_default(),
        revoked: k.revoked_at.map(date),
        name: k.name,
    };
    let title = if errors.items.is_empty() { "keys-head" } else { "keys-head-error" };
    Ok(KeysPage {
        frame: visit.frame(l10n::console().t(title)).await?,
        keys: keys.into_iter().map(row).collect(),
        name: fields.get("name").to_owned(),
        scopes: Scope::ALL
            .iter()
            .map(|s| Choice::new(s.key(), s.label(), fields.all("scopes").any(|f| f == s.key())))
            .collect(),
        last_day: fields.get("last_day").to_owned(),
        overlap_hours: OVERLAP_HOURS.to_string(),
        errors,
        made,
    })
}

/// All keys and the form to make one.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    Ok(Page(page(&visit, Errors::default(), None, &Fields::default()).await?).into_response())
}

/// Makes a key. The answer is the page itself and not a redirect: the secret can't be had again.
pub(crate) async fn add(visit: Visit, fields: Fields) -> WebResult<Response> {
    let scopes: Vec<Scope> = fields.all("scopes").filter_map(Scope::from_key).collect();
    let made = match last_day(fields.get("last_day")) {
        Ok(last_day) => visit.app().add_key(&visit.actor, fields.get("name"), scopes, last_day).await,
        Err(errors) => Err(errors.into()),
    };
    shown_once(&visit, made, &fields).await
}

/// Gives a key another secret. The answer is the page itself, as when it was made.
pub(crate) async fn rotate(visit: Visit, Path(id): Path<ApiKeyId>, fields: Fields) -> WebResult<Response> {
    // What is no number is too many hours, and refused as such.
    let hours = fields.get("overlap_hours").parse().unwrap_or(u32::MAX);
    let made = visit.app().rotate_key(&visit.actor, id, hours).await;
    shown_once(&visit, made, &fields).await
}

/// The page with a secret that is shown this once, or with what is wrong.
async fn shown_once(visit: &Visit, made: Result<(ApiKey, String), Error>, fields: &Fields) -> WebResult<Response> {
    match made {
        Ok((key, secret)) => {
            let made = Some((key.name, secret));
            Ok(Page(page(visit, Errors::default(), made, &Fields::default()).await?).into_response())
        }
        Err(e) => {
            let errors = Errors::of_error(e)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page(visit, errors, None, fields).await?)).into_response())
        }
    }
}

/// The day that was typed, if one was.
fn last_day(text: &str) -> Result<Option<NaiveDate>, FieldErrors> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        let sentence = l10n::console().with("keys-bad-day", &[("typed", text.into())]);
        FieldErrors::one("last_day", "not_a_day", sentence)
    })
}

/// Takes a key back.
pub(crate) async fn revoke(visit: Visit, Path(id): Path<ApiKeyId>) -> WebResult<Response> {
    visit.app().revoke_key(&visit.actor, id).await?;
    Ok(Redirect::to(&with_done("/settings/keys", "key-revoked")).into_response())
}

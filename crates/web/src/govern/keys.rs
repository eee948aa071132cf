//! API keys of other systems.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_domain::ApiKeyId;
use commonweal_domain::permission::Scope;

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
}

struct KeyRow {
    id: String,
    name: String,
    scopes: String,
    made: String,
    revoked: Option<String>,
}

async fn page(visit: &Visit, errors: Errors, made: Option<(String, String)>, fields: &Fields) -> WebResult<KeysPage> {
    let keys = visit.app().keys(&visit.actor).await?;
    let row = |k: commonweal_domain::records::ApiKey| KeyRow {
        id: k.id.to_string(),
        scopes: k.scopes.iter().map(|s| s.label()).collect::<Vec<_>>().join(", "),
        made: format::date(k.created_at, visit.zone()),
        revoked: k.revoked_at.map(|at| format::date(at, visit.zone())),
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
    match visit.app().add_key(&visit.actor, fields.get("name"), scopes).await {
        Ok((key, secret)) => {
            let made = Some((key.name, secret));
            Ok(Page(page(&visit, Errors::default(), made, &Fields::default()).await?).into_response())
        }
        Err(e) => {
            let errors = Errors::of_error(e)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page(&visit, errors, None, &fields).await?)).into_response())
        }
    }
}

/// Takes a key back.
pub(crate) async fn revoke(visit: Visit, Path(id): Path<ApiKeyId>) -> WebResult<Response> {
    visit.app().revoke_key(&visit.actor, id).await?;
    Ok(Redirect::to(&with_done("/settings/keys", "key-revoked")).into_response())
}

//! Users: add, give a role, set a password, shut out and let in again.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_domain::{FieldErrors, Permission, Role, UserId};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "govern/users.html")]
struct UsersPage {
    frame: Frame,
    say: Say,
    /// Each role with what it may do besides what the ones before it may.
    may: Vec<(&'static str, Vec<String>)>,
    errors: Errors,
    users: Vec<UserRow>,
    roles: Vec<(&'static str, &'static str, bool)>,
    name: String,
    email: String,
}

struct UserRow {
    id: String,
    name: String,
    email: String,
    added: String,
    disabled: bool,
    me: bool,
    /// Id of the field for a new password.
    password: String,
    role: &'static str,
    roles: Vec<(&'static str, &'static str, bool)>,
}

fn roles(chosen: Role) -> Vec<(&'static str, &'static str, bool)> {
    Role::ALL.iter().map(|r| (r.key(), r.label(), *r == chosen)).collect()
}

/// What each role adds to the ones before it, as the table of permissions has it.
fn may(say: Say) -> Vec<(&'static str, Vec<String>)> {
    let mut before: Option<Role> = None;
    let mut all = Vec::new();
    for role in Role::ALL {
        let added = Permission::ALL.iter().filter(|p| role.may(**p) && before.is_none_or(|b| !b.may(**p)));
        all.push((role.label(), added.map(|p| say.t(&format!("users-may-{}", p.key().replace('_', "-")))).collect()));
        before = Some(*role);
    }
    all
}

async fn page(visit: &Visit, errors: Errors, fields: &Fields) -> WebResult<UsersPage> {
    let users = visit.app().users(&visit.actor).await?;
    let row = |u: commonweal_domain::records::User| UserRow {
        id: u.id.to_string(),
        password: format!("password-{}", u.id),
        added: format::date(u.created_at, visit.zone()),
        me: u.id == visit.user.id,
        role: u.role.label(),
        roles: roles(u.role),
        name: u.name,
        email: u.email,
        disabled: u.disabled,
    };
    let role = Role::from_key(fields.get("role")).unwrap_or(Role::Viewer);
    let say = l10n::console();
    let title = say.t(if errors.items.is_empty() { "users-head" } else { "users-head-error" });
    Ok(UsersPage {
        may: may(say),
        say,
        frame: visit.frame(title).await?,
        users: users.into_iter().map(row).collect(),
        roles: roles(role),
        name: fields.get("name").to_owned(),
        email: fields.get("email").to_owned(),
        errors,
    })
}

/// All users and the form to add one.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    Ok(Page(page(&visit, Errors::default(), &Fields::default()).await?).into_response())
}

/// Adds a user.
pub(crate) async fn add(visit: Visit, fields: Fields) -> WebResult<Response> {
    let role = Role::from_key(fields.get("role"));
    let outcome = match role {
        Some(role) => {
            let (email, name) = (fields.get("email"), fields.get("name"));
            visit.app().add_user(&visit.actor, email, name, role, fields.exact("password")).await.map(drop)
        }
        None => Err(Error::Invalid(FieldErrors::one("role", "unknown", l10n::console().t("users-role-missing")))),
    };
    // A taken address is the one conflict there can be, and it belongs to that field.
    let outcome = outcome.map_err(|e| match e {
        Error::Conflict { .. } => Error::Invalid(FieldErrors::one("email", "taken", l10n::console().t("users-taken"))),
        other => other,
    });
    settle(&visit, outcome, "user-added", &fields).await
}

/// Gives a user another role.
pub(crate) async fn set_role(visit: Visit, Path(id): Path<UserId>, fields: Fields) -> WebResult<Response> {
    let outcome = match Role::from_key(fields.get("role")) {
        Some(role) => visit.app().set_role(&visit.actor, id, role).await,
        None => Err(Error::Invalid(FieldErrors::one("", "unknown", l10n::console().t("users-role-missing")))),
    };
    settle(&visit, outcome, "role-changed", &Fields::default()).await
}

/// Shuts a user out, or lets them in again.
pub(crate) async fn set_disabled(visit: Visit, Path(id): Path<UserId>, fields: Fields) -> WebResult<Response> {
    let disabled = fields.get("disabled") == "yes";
    let outcome = visit.app().set_disabled(&visit.actor, id, disabled).await;
    settle(&visit, outcome, if disabled { "user-disabled" } else { "user-enabled" }, &Fields::default()).await
}

/// Sets a new password.
pub(crate) async fn set_password(visit: Visit, Path(id): Path<UserId>, fields: Fields) -> WebResult<Response> {
    // The field stands in the user's row; the one called `password` is that of the form to add.
    let outcome = visit.app().set_password(&visit.actor, id, fields.exact("new_password")).await.map_err(|e| match e {
        Error::Invalid(errors) => {
            let mut all = FieldErrors::default();
            for error in errors.0 {
                all.add(format!("password-{id}"), &error.code, error.message);
            }
            Error::Invalid(all)
        }
        other => other,
    });
    settle(&visit, outcome, "password-set", &Fields::default()).await
}

async fn settle(
    visit: &Visit,
    outcome: commonweal_app::Result<()>,
    code: &str,
    fields: &Fields,
) -> WebResult<Response> {
    let (status, errors) = match outcome {
        Ok(()) => return Ok(Redirect::to(&with_done("/settings/users", code)).into_response()),
        Err(e @ Error::Conflict { .. }) => (StatusCode::CONFLICT, Errors::of_error(e)?),
        Err(e) => (StatusCode::UNPROCESSABLE_ENTITY, Errors::of_error(e)?),
    };
    Ok((status, Page(page(visit, errors, fields).await?)).into_response())
}

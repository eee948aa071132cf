//! Users: add, give duties, make one-time links, shut out and let in again.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use commonweal_app::Error;
use commonweal_domain::records::User;
use commonweal_domain::{FieldErrors, Grants, Permission, UserId};

use super::duties;
use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::components::{Choices, Input};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::settled::settled;

#[derive(Template)]
#[template(path = "govern/users.html")]
struct UsersPage {
    frame: Frame,
    say: Say,
    /// What everybody may, then each duty with what it permits.
    may: Vec<(String, Vec<String>)>,
    errors: Errors,
    users: Vec<UserRow>,
    name: Input,
    email: Input,
    duties: Vec<Choices>,
    /// The sign-in service that alone lets people in.
    only: Option<String>,
    way: Option<Way>,
}

/// How somebody gets in who was just added, or whose access was just reset.
struct Way {
    name: String,
    by: By,
}

enum By {
    /// A one-time link: shown this once.
    Link(String),
    /// The body's own sign-in service alone, of this name.
    Outside(String),
}

impl Way {
    fn of(visit: &Visit, name: String, token: &str) -> Self {
        let by = only_outside(visit).map_or_else(
            || By::Link(format!("{}/join/{token}", visit.state.config.public_url.trim_end_matches('/'))),
            By::Outside,
        );
        Self { name, by }
    }
}

/// The sign-in service that alone lets people in, if there is one.
fn only_outside(visit: &Visit) -> Option<String> {
    let app = visit.app();
    app.outside_name().filter(|_| app.only_outside()).map(str::to_owned)
}

struct UserRow {
    id: String,
    name: String,
    email: String,
    added: String,
    disabled: bool,
    second_step: bool,
    passkeys: u64,
    me: bool,
    duties: String,
}

#[derive(Template)]
#[template(path = "govern/user.html")]
struct UserPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    user: UserRow,
    /// Ids and names of the teams that the user is in.
    teams: Vec<(String, String)>,
    /// Whether there is any team.
    any_team: bool,
    duties: Vec<Choices>,
    /// What the sign-in service knows of the user, where there is one.
    outside: Option<String>,
    only: Option<String>,
    way: Option<Way>,
}

fn row(user: &User, visit: &Visit, duties: String) -> UserRow {
    UserRow {
        id: user.id.to_string(),
        name: user.name.clone(),
        email: user.email.clone(),
        added: format::date(user.created_at, visit.zone()),
        disabled: user.disabled,
        second_step: user.second_step,
        passkeys: user.passkeys,
        me: user.id == visit.user.id,
        duties,
    }
}

async fn page(visit: &Visit, errors: Errors, fields: &Fields, way: Option<Way>) -> WebResult<UsersPage> {
    let say = l10n::console();
    let users = visit.app().users(&visit.actor).await?;
    let teams = visit.app().teams(&visit.actor).await?;
    let title = say.t(if errors.items.is_empty() { "users-head" } else { "users-head-error" });
    // What was chosen and is no duty is chosen no more.
    let chosen = duties::chosen(fields, say).unwrap_or_default();
    let text = |name: &str, label: &str| {
        Input::new(name, say.t(label).as_str()).value(fields.get(name)).autocomplete("off").error(errors.of(name))
    };
    Ok(UsersPage {
        may: duties::table(say),
        frame: visit.frame(title).await?,
        users: users.iter().map(|u| row(u, visit, duties::named(&u.grants, &teams, say))).collect(),
        name: text("name", "users-name"),
        email: text("email", "users-email").kind("email"),
        duties: duties::fields(&chosen, &teams, &errors, say),
        say,
        errors,
        only: only_outside(visit),
        way,
    })
}

/// All users and the form to add one.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    Ok(Page(page(&visit, Errors::default(), &Fields::default(), None).await?).into_response())
}

/// Adds a user. The answer is the page itself and not a redirect: the link can't be had again.
pub(crate) async fn add(visit: Visit, fields: Fields) -> WebResult<Response> {
    let say = l10n::console();
    let outcome = match duties::chosen(&fields, say) {
        Ok(grants) => {
            let (email, name) = (fields.get("email"), fields.get("name"));
            visit.app().add_user(&visit.actor, email, name, grants).await
        }
        Err(unknown) => Err(unknown),
    };
    // A taken address is the one conflict there can be, and it belongs to that field.
    let outcome = outcome.map_err(|e| match e {
        Error::Conflict { .. } => Error::Invalid(FieldErrors::one("email", "taken", say.t("users-taken"))),
        other => other,
    });
    match outcome {
        Ok((user, token)) => {
            let way = Some(Way::of(&visit, user.name, &token));
            Ok(Page(page(&visit, Errors::default(), &Fields::default(), way).await?).into_response())
        }
        Err(e) => {
            let errors = Errors::of_error(e)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page(&visit, errors, &fields, None).await?)).into_response())
        }
    }
}

/// One user. With `chosen`, the duties that were just chosen in the place of those that are kept.
async fn one(visit: &Visit, id: UserId, errors: Errors, chosen: Option<Grants>) -> WebResult<UserPage> {
    let say = l10n::console();
    let user = visit.app().user(&visit.actor, id).await?;
    let teams = visit.app().teams(&visit.actor).await?;
    let in_teams = visit.app().teams_of(&visit.actor, id).await?;
    let title = say.with("user-head", &[("name", user.name.as_str().into())]);
    Ok(UserPage {
        frame: visit.frame(errors.headed(title, say)).await?,
        user: row(&user, visit, duties::named(&user.grants, &teams, say)),
        any_team: !teams.is_empty(),
        teams: in_teams.into_iter().map(|team| (team.id.to_string(), team.name)).collect(),
        duties: duties::fields(&chosen.unwrap_or(user.grants), &teams, &errors, say),
        outside: known_outside(visit, id).await?,
        only: only_outside(visit),
        say,
        errors,
        way: None,
    })
}

/// Whether the sign-in service knows the user yet.
async fn known_outside(visit: &Visit, id: UserId) -> WebResult<Option<String>> {
    let Some(name) = visit.app().outside_name() else { return Ok(None) };
    let known = visit.app().is_known_outside(&visit.actor, id).await?;
    let key = if known { "user-known-outside" } else { "user-unknown-outside" };
    Ok(Some(l10n::console().with(key, &[("name", name.into())])))
}

/// One user: what they do here, and whether they may sign in.
pub(crate) async fn show(visit: Visit, Path(id): Path<UserId>) -> WebResult<Response> {
    Ok(Page(one(&visit, id, Errors::default(), None).await?).into_response())
}

fn address(id: UserId) -> String {
    format!("/settings/users/{id}")
}

/// Gives a user the chosen duties in the place of those before.
pub(crate) async fn set_duties(visit: Visit, Path(id): Path<UserId>, fields: Fields) -> WebResult<Response> {
    let (outcome, chosen) = match duties::chosen(&fields, l10n::console()) {
        Ok(grants) => (visit.app().set_duties(&visit.actor, id, &grants).await, Some(grants)),
        Err(unknown) => (Err(unknown), None),
    };
    // Whoever takes the duty away from themselves may not see the page any more.
    let own = id == visit.user.id && chosen.as_ref().is_some_and(|grants| !grants.may(Permission::Administer.into()));
    let to = if own { "/me".to_owned() } else { address(id) };
    settled(outcome, (&to, "duties-changed"), async |errors| one(&visit, id, errors, chosen).await).await
}

/// Shuts a user out, or lets them in again.
pub(crate) async fn set_disabled(visit: Visit, Path(id): Path<UserId>, fields: Fields) -> WebResult<Response> {
    let disabled = fields.get("disabled") == "yes";
    let outcome = visit.app().set_disabled(&visit.actor, id, disabled).await;
    let code = if disabled { "user-disabled" } else { "user-enabled" };
    settled(outcome, (&address(id), code), async |errors| one(&visit, id, errors, None).await).await
}

/// After something was done to one user: the user's page with it said, or with what was wrong.
pub(crate) async fn settled_one(
    visit: &Visit,
    id: UserId,
    outcome: commonweal_app::Result<()>,
    code: &str,
) -> WebResult<Response> {
    settled(outcome, (&address(id), code), async |errors| one(visit, id, errors, None).await).await
}

/// Takes the password away and makes a one-time link. The answer is the page itself: the link can't be had again.
pub(crate) async fn reset(visit: Visit, Path(id): Path<UserId>) -> WebResult<Response> {
    match visit.app().reset_access(&visit.actor, id).await {
        Ok(token) => {
            let mut page = one(&visit, id, Errors::default(), None).await?;
            page.way = Some(Way::of(&visit, page.user.name.clone(), &token));
            Ok(Page(page).into_response())
        }
        Err(e) => {
            let errors = Errors::of_error(e)?;
            Ok((StatusCode::CONFLICT, Page(one(&visit, id, errors, None).await?)).into_response())
        }
    }
}

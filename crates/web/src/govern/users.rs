//! Users: add, give duties, set a password, shut out and let in again.

use askama::Template;
use axum::extract::Path;
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
    password: Input,
    duties: Vec<Choices>,
}

struct UserRow {
    id: String,
    name: String,
    email: String,
    added: String,
    disabled: bool,
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
    password: Input,
}

fn row(user: &User, visit: &Visit, duties: String) -> UserRow {
    UserRow {
        id: user.id.to_string(),
        name: user.name.clone(),
        email: user.email.clone(),
        added: format::date(user.created_at, visit.zone()),
        disabled: user.disabled,
        me: user.id == visit.user.id,
        duties,
    }
}

async fn page(visit: &Visit, errors: Errors, fields: &Fields) -> WebResult<UsersPage> {
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
        password: password("password", "users-first-password", &errors, say),
        duties: duties::fields(&chosen, &teams, &errors, say),
        say,
        errors,
    })
}

/// A field for a new password, empty.
fn password(name: &str, label: &str, errors: &Errors, say: Say) -> Input {
    Input::new(name, say.t(label).as_str())
        .hint(say.t("users-first-password-hint").as_str())
        .kind("password")
        .autocomplete("new-password")
        .error(errors.of(name))
}

/// All users and the form to add one.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    Ok(Page(page(&visit, Errors::default(), &Fields::default()).await?).into_response())
}

/// Adds a user.
pub(crate) async fn add(visit: Visit, fields: Fields) -> WebResult<Response> {
    let say = l10n::console();
    let outcome = match duties::chosen(&fields, say) {
        Ok(grants) => {
            let (email, name) = (fields.get("email"), fields.get("name"));
            visit.app().add_user(&visit.actor, email, name, grants, fields.exact("password")).await.map(drop)
        }
        Err(unknown) => Err(unknown),
    };
    // A taken address is the one conflict there can be, and it belongs to that field.
    let outcome = outcome.map_err(|e| match e {
        Error::Conflict { .. } => Error::Invalid(FieldErrors::one("email", "taken", say.t("users-taken"))),
        other => other,
    });
    settled(outcome, ("/settings/users", "user-added"), async |errors| page(&visit, errors, &fields).await).await
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
        password: password("new_password", "users-new-password", &errors, say),
        say,
        errors,
    })
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

/// Sets a new password.
pub(crate) async fn set_password(visit: Visit, Path(id): Path<UserId>, fields: Fields) -> WebResult<Response> {
    let outcome = visit.app().set_password(&visit.actor, id, fields.exact("new_password")).await;
    let again = async |errors: Errors| one(&visit, id, errors.renamed("password", "new_password"), None).await;
    settled(outcome, (&address(id), "password-set"), again).await
}

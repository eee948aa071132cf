//! Teams: which there are, and who is in them.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use commonweal_app::Error;
use commonweal_domain::{FieldErrors, Permission, TeamFunction, TeamId, UserId};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::components::{Input, Select, SelectItem};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::settled::settled;

#[derive(Template)]
#[template(path = "govern/teams.html")]
struct TeamsPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    teams: Vec<TeamRow>,
    /// For whom may add a team.
    fields: Option<TeamFields>,
}

struct TeamRow {
    id: String,
    name: String,
    function: &'static str,
    members: String,
    /// Whether the visitor may open it.
    mine: bool,
}

struct TeamFields {
    name: Input,
    function: Select,
}

#[derive(Template)]
#[template(path = "govern/team.html")]
struct TeamPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    title: String,
    function: &'static str,
    fields: TeamFields,
    members: Vec<MemberRow>,
    /// Who could be put into it; nothing when everybody is.
    candidates: Option<Select>,
    may_delete: bool,
}

struct MemberRow {
    user: String,
    name: String,
    disabled: bool,
}

fn fields(name: &str, function: &str, errors: &Errors, say: Say) -> TeamFields {
    let functions = TeamFunction::ALL
        .iter()
        .map(|f| SelectItem::new(f.key(), say.t(&format!("team-function-{}", f.key().replace('_', "-"))).as_str()));
    let none = SelectItem::new("", say.t("team-function-choose").as_str());
    TeamFields {
        name: Input::new("name", say.t("team-name").as_str()).value(name).autocomplete("off").error(errors.of("name")),
        function: Select::new("function", say.t("team-function").as_str())
            .hint(say.t("team-function-hint").as_str())
            .items(std::iter::once(none).chain(functions))
            .value(function)
            .error(errors.of("function")),
    }
}

/// The function that was chosen.
fn function(fields: &Fields) -> Result<TeamFunction, Error> {
    let missing = || FieldErrors::one("function", "missing", l10n::console().t("team-function-missing"));
    TeamFunction::from_key(fields.get("function")).ok_or_else(|| missing().into())
}

/// A taken name is the one conflict there can be, and it belongs to that field.
fn at_the_name(e: Error) -> Error {
    match e {
        Error::Conflict { code, message } => Error::Invalid(FieldErrors::one("name", code, message)),
        other => other,
    }
}

async fn page(visit: &Visit, errors: Errors, sent: &Fields) -> WebResult<TeamsPage> {
    let say = l10n::console();
    let row = |summary: commonweal_app::govern::teams::TeamSummary| TeamRow {
        mine: visit.may(Permission::ManageTeams.on(summary.team.id)),
        id: summary.team.id.to_string(),
        function: summary.team.function.label(),
        members: format::count(summary.members),
        name: summary.team.name,
    };
    let may_add = visit.may(Permission::ManageTeams);
    Ok(TeamsPage {
        frame: visit.frame(errors.headed(say.t("teams-head"), say)).await?,
        teams: visit.app().teams(&visit.actor).await?.into_iter().map(row).collect(),
        fields: may_add.then(|| fields(sent.get("name"), sent.get("function"), &errors, say)),
        say,
        errors,
    })
}

/// All teams, and the form to add one.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    Ok(Page(page(&visit, Errors::default(), &Fields::default()).await?).into_response())
}

/// Adds a team.
pub(crate) async fn add(visit: Visit, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageTeams)?;
    let outcome = match function(&sent) {
        Ok(function) => visit.app().add_team(&visit.actor, sent.get("name"), function).await.map(drop),
        Err(missing) => Err(missing),
    };
    let again = async |errors| page(&visit, errors, &sent).await;
    settled(outcome.map_err(at_the_name), ("/settings/teams", "team-added"), again).await
}

async fn one(visit: &Visit, id: TeamId, errors: Errors, sent: Option<&Fields>) -> WebResult<TeamPage> {
    let say = l10n::console();
    let (team, members) = visit.app().team(&visit.actor, id).await?;
    let candidates = visit.app().candidates(&visit.actor, id, &members).await?;
    let (name, function) = match sent {
        Some(sent) => (sent.get("name"), sent.get("function")),
        None => (team.name.as_str(), team.function.key()),
    };
    let none = SelectItem::new("", say.t("team-candidate-choose").as_str());
    let candidate = |m: &commonweal_domain::Member| SelectItem::new(m.user.to_string(), m.name.as_str());
    Ok(TeamPage {
        frame: visit.frame(errors.headed(say.with("team-head", &[("name", team.name.as_str().into())]), say)).await?,
        id: id.to_string(),
        fields: fields(name, function, &errors, say),
        candidates: (!candidates.is_empty()).then(|| {
            Select::new("user", say.t("team-candidate").as_str())
                .items(std::iter::once(none).chain(candidates.iter().map(candidate)))
                .error(errors.of("user"))
        }),
        members: members
            .into_iter()
            .map(|m| MemberRow { user: m.user.to_string(), name: m.name, disabled: m.disabled })
            .collect(),
        may_delete: visit.may(Permission::ManageTeams),
        function: team.function.label(),
        title: team.name,
        say,
        errors,
    })
}

/// One team.
pub(crate) async fn show(visit: Visit, Path(id): Path<TeamId>) -> WebResult<Response> {
    Ok(Page(one(&visit, id, Errors::default(), None).await?).into_response())
}

fn address(id: TeamId) -> String {
    format!("/settings/teams/{id}")
}

/// Gives a team another name and function.
pub(crate) async fn change(visit: Visit, Path(id): Path<TeamId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageTeams.on(id))?;
    let outcome = match function(&sent) {
        Ok(function) => visit.app().change_team(&visit.actor, id, sent.get("name"), function).await.map(drop),
        Err(missing) => Err(missing),
    };
    let again = async |errors| one(&visit, id, errors, Some(&sent)).await;
    settled(outcome.map_err(at_the_name), (&address(id), "team-changed"), again).await
}

/// Deletes a team, once it is said that this is meant.
pub(crate) async fn delete(visit: Visit, Path(id): Path<TeamId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageTeams)?;
    let outcome = match sent.get("confirmed") {
        "yes" => visit.app().delete_team(&visit.actor, id).await,
        _ => Err(FieldErrors::one("confirmed", "missing", l10n::console().t("team-delete-confirm-missing")).into()),
    };
    let again = async |errors| one(&visit, id, errors, None).await;
    settled(outcome, ("/settings/teams", "team-deleted"), again).await
}

/// Puts a user into a team.
pub(crate) async fn add_member(visit: Visit, Path(id): Path<TeamId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageTeams.on(id))?;
    let outcome = match sent.get("user").parse::<UserId>() {
        Ok(user) => visit.app().add_member(&visit.actor, id, user).await,
        Err(_) => Err(FieldErrors::one("user", "missing", l10n::console().t("team-candidate-missing")).into()),
    };
    let again = async |errors| one(&visit, id, errors, None).await;
    settled(outcome, (&address(id), "member-added"), again).await
}

/// Takes a user out of a team.
pub(crate) async fn remove_member(visit: Visit, Path((id, user)): Path<(TeamId, UserId)>) -> WebResult<Response> {
    let outcome = visit.app().remove_member(&visit.actor, id, user).await;
    settled(outcome, (&address(id), "member-removed"), async |errors| one(&visit, id, errors, None).await).await
}

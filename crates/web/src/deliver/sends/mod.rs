//! Sends: all of them, and those that wait for whoever is signed in.

pub(super) mod new;
pub(super) mod show;
pub(super) mod stop;

use askama::Template;
use axum::response::{IntoResponse, Response};
use commonweal_app::App;
use commonweal_app::deliver::DispatchFilter;
use commonweal_domain::{Actor, Dispatch, DispatchState, Lane, Permission, TeamId};

use crate::http::capability::Later;
use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::choice::Choice;
use crate::ui::form::Fields;
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::pager::{self, Pager};

/// Sends, or deliveries of one, on one page.
const ROWS: usize = 50;
/// Seconds between two looks at a send that goes out.
const REFRESH_S: u32 = 5;

#[derive(Template)]
#[template(path = "deliver/sends.html")]
struct SendsPage {
    frame: Frame,
    say: Say,
    states: Vec<Choice>,
    lanes: Vec<Choice>,
    teams: Vec<Choice>,
    filtered: bool,
    sends: Vec<Row>,
    first_page: bool,
    pager: Pager,
    may_plan: bool,
}

#[derive(Template)]
#[template(path = "deliver/approvals.html")]
struct ApprovalsPage {
    frame: Frame,
    say: Say,
    sends: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    lane: &'static str,
    team: String,
    state: &'static str,
    class: &'static str,
    people: String,
    when: String,
}

/// Names of teams, by their ids.
pub(super) struct Teams(Vec<(TeamId, String)>);

impl Teams {
    pub(super) async fn all(visit: &Visit) -> WebResult<Self> {
        let all = visit.app().teams(&visit.actor).await?;
        Ok(Self(all.into_iter().map(|summary| (summary.team.id, summary.team.name)).collect()))
    }

    pub(super) fn name(&self, team: Option<TeamId>) -> String {
        let found = team.and_then(|id| self.0.iter().find(|(there, _)| *there == id));
        found.map_or_else(String::new, |(_, name)| name.clone())
    }
}

/// How many sends wait for whoever is signed in to approve them.
pub(super) fn to_approve(app: App, actor: Actor) -> Later<u64> {
    Box::pin(async move { Ok(app.dispatches_to_approve(&actor).await?.len() as u64) })
}

pub(super) fn class_of(state: DispatchState) -> &'static str {
    use DispatchState as S;
    match state {
        S::AwaitingApproval | S::Paused => "cw-tag--alert",
        S::Failed | S::Declined | S::Cancelled => "cw-tag--negative",
        S::Finished => "cw-tag--positive",
        S::Draft | S::Planning | S::Running => "",
    }
}

fn row(dispatch: Dispatch, teams: &Teams, visit: &Visit) -> Row {
    Row {
        id: dispatch.id.to_string(),
        lane: dispatch.lane.label(),
        team: teams.name(dispatch.team),
        state: dispatch.state.label(),
        class: class_of(dispatch.state),
        people: format::count(dispatch.planned),
        when: format::date_time(dispatch.starts_at, visit.zone()),
        name: dispatch.name,
    }
}

/// All sends, newest first, or those that the address asks for.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    let say = l10n::console();
    let asked = Fields::parse(visit.query());
    let filter = DispatchFilter {
        state: DispatchState::from_key(asked.get("state")),
        team: asked.get("team").parse().ok(),
        lane: Lane::from_key(asked.get("lane")),
    };
    let chosen: Vec<String> = ["state", "team", "lane"]
        .into_iter()
        .filter(|name| !asked.get(name).is_empty())
        .map(|name| format!("{name}={}", asked.get(name)))
        .filter(|pair| pair.bytes().all(|b| b.is_ascii_alphanumeric() || b"=-_".contains(&b)))
        .collect();
    let address = if chosen.is_empty() { "/sends".to_owned() } else { format!("/sends?{}", chosen.join("&")) };
    // A cursor is good for the list that it was made in.
    let name = format!("sends {address}");
    let request = pager::asked(visit.query(), &name, ROWS);
    let page = visit.app().dispatches_like(&visit.actor, &filter, &request).await?;
    let pager = Pager::at(&page, &request, &name, &address);
    let teams = Teams::all(&visit).await?;
    let states = DispatchState::ALL.iter().filter(|state| **state != DispatchState::Draft);
    let page = SendsPage {
        frame: visit.frame(say.t("sends-head")).await?,
        states: states.map(|s| Choice::new(s.key(), s.label(), filter.state == Some(*s))).collect(),
        lanes: Lane::ALL.iter().map(|l| Choice::new(l.key(), l.label(), filter.lane == Some(*l))).collect(),
        teams: teams
            .0
            .iter()
            .map(|(id, name)| Choice::new(id.to_string(), name.clone(), filter.team == Some(*id)))
            .collect(),
        filtered: !chosen.is_empty(),
        sends: page.items.into_iter().map(|dispatch| row(dispatch, &teams, &visit)).collect(),
        first_page: request.is_first(),
        pager,
        may_plan: visit.may(Permission::ManageDispatches),
        say,
    };
    Ok(Page(page).into_response())
}

/// Sends that wait for a second person, and which whoever is signed in may be.
pub(crate) async fn approvals(visit: Visit) -> WebResult<Response> {
    let say = l10n::console();
    let waiting = visit.app().dispatches_to_approve(&visit.actor).await?;
    let teams = Teams::all(&visit).await?;
    let sends = waiting.into_iter().map(|dispatch| row(dispatch, &teams, &visit)).collect();
    Ok(Page(ApprovalsPage { frame: visit.frame(say.t("sends-approvals-head")).await?, say, sends }).into_response())
}

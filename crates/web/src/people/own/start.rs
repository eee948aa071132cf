//! The first page: is this yours? And, during a visit, the way to the others.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::people::{OwnHand, VISIT_MINUTES};

use super::frame::Guest;
use crate::http::error::WebResult;
use crate::people::wished::{language_name, last_day};
use crate::ui::components::{Button, NotificationBanner};
use crate::ui::form::Fields;
use crate::ui::public::{Frame, known};

#[derive(Template)]
#[template(path = "people/own/start.html")]
struct StartPage {
    frame: Frame,
    /// Said because the visit before is over.
    over: bool,
    sent_for: String,
    visit: String,
    action: String,
    mine: Button,
    not_mine: Button,
}

#[derive(Template)]
#[template(path = "people/own/overview.html")]
struct OverviewPage {
    frame: Frame,
    done: Option<NotificationBanner>,
    came_by: String,
    /// What they agreed to, a line for each topic.
    agreed: Vec<String>,
    /// What they want.
    wished: Vec<String>,
    topics: String,
    writing: String,
    held: String,
    stop: String,
    not_mine: String,
    leave: String,
}

/// What was done, by the code that the address carries.
fn done(guest: &Guest) -> Option<NotificationBanner> {
    let say = guest.say();
    let words = match guest.query.get("done") {
        "topics" => "own-done-topics",
        "writing" => "own-done-writing",
        "nothing" => "own-done-nothing",
        "stopped" => "own-done-stopped",
        "asked" => "own-done-asked",
        _ => return None,
    };
    let today = guest.app().now().with_timezone(&guest.zone()).date_naive();
    let text = say.with(words, &[("day", say.date(today).into())]);
    Some(NotificationBanner::success(say.t("own-done").as_str(), text.as_str()))
}

fn overview(guest: &Guest, own: &OwnHand) -> OverviewPage {
    let say = guest.say();
    let line = |topic: &commonweal_domain::Topic| {
        let by: Vec<String> = commonweal_domain::topic::CHANNELS
            .iter()
            .filter(|channel| own.now.agrees(&topic.key, **channel))
            .map(|channel| say.name(*channel))
            .collect();
        let name = topic.words(known(guest.language)).name.as_str();
        (!by.is_empty()).then(|| format!("{name}: {}", by.join(", ")))
    };
    let now = &own.now;
    let mut wished = Vec::new();
    if let Some(pause) = &now.pause {
        wished.push(match pause.value.until {
            None => say.t("own-paused"),
            Some(end) => say.with("own-paused-until", &[("day", say.date(last_day(end, guest.zone())).into())]),
        });
    }
    if let Some(quiet) = &now.quiet {
        let (from, to) = (quiet.value.from.format("%H:%M").to_string(), quiet.value.to.format("%H:%M").to_string());
        wished.push(say.with("own-quiet-now", &[("from", from.into()), ("to", to.into())]));
    }
    if let Some(language) = &now.language {
        wished.push(language_name(&language.value, say));
    }
    wished.extend(now.needs.iter().map(|need| say.name(*need)));
    if let Some(channel) = &now.channel {
        wished.push(say.with("own-channel-now", &[("channel", say.name(channel.value).into())]));
    }
    OverviewPage {
        frame: guest.frame(say.t("own-title"), ""),
        done: done(guest),
        came_by: say.with("own-came-by", &[("handle", own.handle.masked().into())]),
        agreed: own.topics.iter().filter_map(line).collect(),
        wished,
        topics: guest.address("/topics"),
        writing: guest.address("/writing"),
        held: guest.address("/held"),
        stop: guest.address("/stop"),
        not_mine: guest.address("/not-mine"),
        leave: guest.address("/leave"),
    }
}

/// The first page. Looking at it changes nothing.
pub(super) async fn show(guest: Guest) -> WebResult<Response> {
    if guest.visits().await
        && let Ok(own) = guest.own().await?
    {
        return Ok(guest.answer(StatusCode::OK, overview(&guest, &own)));
    }
    let Some(handle) = guest.app().handle_of_link(&guest.token).await? else { return guest.gone() };
    let say = guest.say();
    let body = guest.app().settings().name;
    let minutes = VISIT_MINUTES.unsigned_abs();
    let page = StartPage {
        frame: guest.frame(say.t("own-start"), ""),
        over: !guest.query.get("over").is_empty(),
        sent_for: say.with("own-start-for", &[("body", body.into()), ("handle", handle.into())]),
        visit: say.count("own-start-visit", minutes),
        action: guest.address(""),
        mine: Button::new(say.t("own-start-mine").as_str()).name("act").value("mine"),
        not_mine: Button::new(say.t("own-start-not").as_str())
            .name("act")
            .value("not-mine")
            .classes("govuk-button--secondary"),
    };
    Ok(guest.answer(StatusCode::OK, page))
}

/// Yes, this is mine: it proves the handle and begins a visit. Or: it is not.
pub(super) async fn prove(guest: Guest, sent: Fields) -> WebResult<Response> {
    let outcome = match sent.get("act") {
        "mine" => guest.app().prove_by_link(&guest.token).await.map(Some),
        "not-mine" => guest.app().disown_by_link(&guest.token).await.map(|()| None),
        _ => return Ok(Redirect::to(&guest.address("")).into_response()),
    };
    match outcome {
        Ok(Some(ticket)) => Ok(guest.begin(ticket, Redirect::to(&guest.address("")).into_response())),
        Ok(None) => Ok(guest.end(guest.notice(StatusCode::OK, "own-disowned", "own-disowned-words"))),
        Err(Error::NotFound(_)) => guest.gone(),
        Err(other) => Err(other.into()),
    }
}

/// Ends the visit.
pub(super) async fn leave(guest: Guest) -> WebResult<Response> {
    Ok(guest.end(guest.notice(StatusCode::OK, "own-left", "own-left-words")))
}

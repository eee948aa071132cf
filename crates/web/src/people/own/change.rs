//! What somebody is told about, and how they are written to: seen and changed by themselves.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use commonweal_app::Error;
use commonweal_app::people::{OwnHand, Ticked};

use super::frame::Guest;
use crate::http::error::WebResult;
use crate::people::wished::{self, WishFields};
use crate::ui::components::{BackLink, Choices, ErrorSummary, Problem};
use crate::ui::form::{ErrorItem, Errors, Fields};
use crate::ui::public::{Frame, known};

/// How it is written down that somebody said something on these pages.
const HOW: &str = "their own preferences page";

#[derive(Template)]
#[template(path = "people/own/topics.html")]
struct TopicsPage {
    frame: Frame,
    back: BackLink,
    action: String,
    shown: Vec<String>,
    topics: Vec<Choices>,
}

#[derive(Template)]
#[template(path = "people/own/writing.html")]
struct WritingPage {
    frame: Frame,
    back: BackLink,
    summary: Option<ErrorSummary>,
    action: String,
    fields: WishFields,
}

pub(super) fn back(guest: &Guest) -> BackLink {
    BackLink::new(guest.address("").as_str(), guest.say().t("own-back").as_str())
}

/// What is wrong, in the guest's language.
pub(super) fn mistakes(guest: &Guest, error: Error) -> WebResult<Errors> {
    let errors = match error {
        Error::Invalid(errors) => errors,
        other => return Err(other.into()),
    };
    let say = guest.say();
    let item = |e: &commonweal_domain::FieldError| ErrorItem { field: e.field.clone(), message: say.error(e) };
    Ok(Errors { items: errors.0.iter().map(item).collect() })
}

/// What is wrong, above the form.
pub(super) fn summary(guest: &Guest, errors: &Errors) -> Option<ErrorSummary> {
    let problem = |item: &ErrorItem| Problem::new(item.message.as_str(), format!("#{}", item.field));
    let summary = || ErrorSummary::new(guest.say().t("public-problem").as_str(), errors.items.iter().map(problem));
    // The browser itself puts the focus there: no script is needed.
    (!errors.items.is_empty()).then(|| summary().attribute("tabindex", "-1").attribute("autofocus", ""))
}

/// The title of a page on which something is wrong says so.
pub(super) fn headed(guest: &Guest, title: String, errors: &Errors) -> String {
    match errors.items.is_empty() {
        true => title,
        false => guest.say().with("public-error-title", &[("title", title.into())]),
    }
}

/// What somebody is told about.
pub(super) async fn topics(guest: Guest) -> WebResult<Response> {
    let own = match guest.own().await? {
        Ok(own) => own,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let say = guest.say();
    let page = TopicsPage {
        frame: guest.frame(say.t("own-topics"), "/topics"),
        back: back(&guest),
        action: guest.address("/topics"),
        shown: own.topics.iter().map(|topic| topic.key.clone()).collect(),
        topics: own.topics.iter().map(|topic| wished::boxes(topic, &own.now, None, say)).collect(),
    };
    Ok(guest.answer(StatusCode::OK, page))
}

/// The words beside a box, as they stand on the page: this is what somebody agrees to.
fn wording(guest: &Guest, own: &OwnHand, topic: &str, channel: commonweal_domain::Channel) -> String {
    let say = guest.say();
    let of = own.topics.iter().find(|t| t.key == topic).map(|t| t.words(known(guest.language)));
    let (name, description) = of.map_or(("", ""), |words| (words.name.as_str(), words.description.as_str()));
    format!("{} – {name}: {description} – {}", say.t("own-topics-what"), say.name(channel))
}

/// Ticks and unticks.
pub(super) async fn tick(guest: Guest, sent: Fields) -> WebResult<Response> {
    let own = match guest.own().await? {
        Ok(own) => own,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let ticked: Vec<Ticked> = wished::ticked(&sent, &own.topics)
        .into_iter()
        .map(|(topic, channel, agreed)| {
            let wording = wording(&guest, &own, &topic, channel);
            (topic, channel, agreed, wording)
        })
        .collect();
    let changed = guest.app().tick_topics(&own, ticked, HOW).await?;
    Ok(guest.done(if changed > 0 { "topics" } else { "nothing" }))
}

fn writing_page(guest: &Guest, own: &OwnHand, errors: &Errors, sent: Option<&Fields>) -> WritingPage {
    let say = guest.say();
    WritingPage {
        frame: guest.frame(headed(guest, say.t("own-writing"), errors), "/writing"),
        back: back(guest),
        summary: summary(guest, errors),
        action: guest.address("/writing"),
        fields: wished::fields(&own.now, sent, guest.zone(), say, errors),
    }
}

/// How somebody is written to.
pub(super) async fn writing(guest: Guest) -> WebResult<Response> {
    Ok(match guest.own().await? {
        Ok(own) => guest.answer(StatusCode::OK, writing_page(&guest, &own, &Errors::default(), None)),
        Err(elsewhere) => elsewhere,
    })
}

/// Changes how somebody is written to.
pub(super) async fn wish(guest: Guest, sent: Fields) -> WebResult<Response> {
    let own = match guest.own().await? {
        Ok(own) => own,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let outcome = match wished::wishes(&sent, guest.zone()) {
        Ok(wishes) => guest.app().wish_oneself(&own, wishes).await,
        Err(errors) => Err(errors.into()),
    };
    match outcome {
        Ok(0) => Ok(guest.done("nothing")),
        Ok(_) => Ok(guest.done("writing")),
        Err(e) => {
            let errors = mistakes(&guest, e)?;
            let page = writing_page(&guest, &own, &errors, Some(&sent));
            Ok(guest.answer(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// Takes everything back.
pub(super) async fn stop(guest: Guest) -> WebResult<Response> {
    let own = match guest.own().await? {
        Ok(own) => own,
        Err(elsewhere) => return Ok(elsewhere),
    };
    guest.app().stop_everything(&own, HOW, &guest.say().t("own-stop-do")).await?;
    Ok(guest.done("stopped"))
}

/// The handle is no longer theirs.
pub(super) async fn disown(guest: Guest) -> WebResult<Response> {
    let own = match guest.own().await? {
        Ok(own) => own,
        Err(elsewhere) => return Ok(elsewhere),
    };
    guest.app().disown(&own).await?;
    Ok(guest.end(guest.notice(StatusCode::OK, "own-disowned", "own-disowned-words")))
}

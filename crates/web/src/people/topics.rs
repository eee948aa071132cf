//! Topics: what people can agree to be told about.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use commonweal_domain::{Lane, Permission, Topic, TopicInput, TopicWords};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::components::{Choice, Choices, Input, Textarea};
use crate::ui::form::{Errors, Fields};
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::settled::settled;

#[derive(Template)]
#[template(path = "people/topics.html")]
struct TopicsPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    topics: Vec<Row>,
    /// For whoever may add one.
    fields: Option<TopicFields>,
}

struct Row {
    key: String,
    name: String,
    welsh: String,
    lane: String,
    state: String,
}

#[derive(Template)]
#[template(path = "people/topic.html")]
struct TopicPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    key: String,
    title: String,
    version: u32,
    open: bool,
    fields: TopicFields,
}

struct TopicFields {
    name: Input,
    description: Textarea,
    name_cy: Input,
    description_cy: Textarea,
    lane: Choices,
}

fn fields(sent: &Fields, errors: &Errors, say: Say) -> TopicFields {
    let line = |name: &'static str, words: &str| {
        Input::new(name, say.t(words).as_str()).value(sent.get(name)).autocomplete("off").error(errors.of(name))
    };
    let lines = |name: &'static str, words: &str| {
        let hint = say.t("topic-description-hint");
        Textarea::new(name, say.t(words).as_str())
            .hint(hint.as_str())
            .rows(2_u32)
            .value(sent.get(name))
            .error(errors.of(name))
    };
    let lanes = Lane::ALL.iter().filter(|lane| lane.needs_consent());
    TopicFields {
        name: line("name", "topic-name"),
        description: lines("description", "topic-description"),
        name_cy: line("name_cy", "topic-name-cy").attribute("lang", "cy"),
        description_cy: lines("description_cy", "topic-description-cy"),
        lane: Choices::radios("lane", say.t("topic-lane").as_str())
            .items(lanes.map(|l| Choice::new(l.key(), say.name(*l).as_str()).checked(l.key() == sent.get("lane"))))
            .error(errors.of("lane")),
    }
}

fn input(sent: &Fields) -> TopicInput {
    let words = |name: &str, description: &str| TopicWords {
        name: sent.get(name).to_owned(),
        description: sent.get(description).to_owned(),
    };
    TopicInput {
        english: words("name", "description"),
        welsh: words("name_cy", "description_cy"),
        lane: Lane::from_key(sent.get("lane")),
    }
}

/// A topic as its form would send it.
fn as_sent(topic: &Topic) -> Fields {
    let pairs = [
        ("name", topic.english.name.as_str()),
        ("description", topic.english.description.as_str()),
        ("name_cy", topic.welsh.name.as_str()),
        ("description_cy", topic.welsh.description.as_str()),
        ("lane", topic.lane.key()),
    ];
    Fields(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
}

async fn page(visit: &Visit, errors: Errors, sent: &Fields) -> WebResult<TopicsPage> {
    let say = l10n::console();
    let row = |topic: Topic| Row {
        lane: say.name(topic.lane),
        state: say.t(if topic.open { "topic-open" } else { "topic-closed" }),
        key: topic.key,
        name: topic.english.name,
        welsh: topic.welsh.name,
    };
    Ok(TopicsPage {
        topics: visit.app().topics(&visit.actor).await?.into_iter().map(row).collect(),
        frame: visit.frame(errors.headed(say.t("topics-head"), say)).await?,
        fields: visit.may(Permission::ManagePeople).then(|| fields(sent, &errors, say)),
        say,
        errors,
    })
}

/// All topics, and the form to add one.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    Ok(Page(page(&visit, Errors::default(), &Fields::default()).await?).into_response())
}

/// Adds a topic.
pub(crate) async fn add(visit: Visit, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let outcome = visit.app().add_topic(&visit.actor, input(&sent)).await.map(drop);
    let again = async |errors| page(&visit, errors, &sent).await;
    settled(outcome, ("/people/topics", "topic-added"), again).await
}

async fn one(visit: &Visit, key: &str, errors: Errors, sent: Option<&Fields>) -> WebResult<TopicPage> {
    visit.require(Permission::ManagePeople)?;
    let say = l10n::console();
    let topic = visit.app().topic(&visit.actor, key).await?;
    let kept = as_sent(&topic);
    let head = say.with("topic-head", &[("name", topic.english.name.as_str().into())]);
    Ok(TopicPage {
        frame: visit.frame(errors.headed(head, say)).await?,
        fields: fields(sent.unwrap_or(&kept), &errors, say),
        key: topic.key,
        title: topic.english.name,
        version: topic.version,
        open: topic.open,
        say,
        errors,
    })
}

/// A topic.
pub(crate) async fn show(visit: Visit, Path(key): Path<String>) -> WebResult<Response> {
    Ok(Page(one(&visit, &key, Errors::default(), None).await?).into_response())
}

/// Gives a topic other words.
pub(crate) async fn change(visit: Visit, Path(key): Path<String>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let version = sent.get("version").parse().unwrap_or_default();
    let outcome = visit.app().change_topic(&visit.actor, &key, version, input(&sent)).await;
    let again = async |errors| one(&visit, &key, errors, Some(&sent)).await;
    settled(outcome, ("/people/topics", "topic-saved"), again).await
}

/// Opens or closes a topic.
pub(crate) async fn set_open(visit: Visit, Path(key): Path<String>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let open = sent.get("open") == "yes";
    let outcome = visit.app().set_topic_open(&visit.actor, &key, open).await;
    let code = if open { "topic-opened" } else { "topic-closed" };
    let again = async |errors| one(&visit, &key, errors, None).await;
    settled(outcome, ("/people/topics", code), again).await
}

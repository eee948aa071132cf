//! Entry: what came by phone, letter, on paper or in person, one after another.
//!
//! What stays the same from one to the next (channel, day, place, the questions of a paper form) is
//! carried by the address; the focus is where the next one begins.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::listen::entry::SOURCE;
use commonweal_app::understand::labels::Labels;
use commonweal_app::{Entered, EntryInput, Error};
use commonweal_domain::filter::NONE;
use commonweal_domain::records::Service;
use commonweal_domain::{Capacity, Channel, Dimension, FeedbackDoc, FeedbackId, Filter, Permission};

use crate::http::error::WebResult;
use crate::http::observe::RequestId;
use crate::l10n::{self, Say};
use crate::ui::choice::{Choice, choices};
use crate::ui::comments::CommentItem;
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;
use crate::ui::pager::{self, Pager};

/// Answers that one form takes.
const ANSWERS: usize = 3;
/// Values of an area or attribute that are offered while typing.
const OFFERED: usize = 300;
/// Attributes of the body that have a field of their own.
const ATTRIBUTES: usize = 12;

/// Channels in the order in which staff key them in; the others follow.
const COMMON_CHANNELS: [Channel; 6] =
    [Channel::Phone, Channel::Letter, Channel::Paper, Channel::InPerson, Channel::Email, Channel::Event];

/// Languages that may be stated, the commonest first.
/// Entries of today on one page.
const ROWS: usize = 50;
/// The list that a cursor is good for.
const LIST: &str = "entries";
const LANGUAGES: &[&str] = &[
    "en", "cy", "ar", "bn", "bg", "zh", "cs", "da", "nl", "fi", "fr", "de", "el", "gu", "he", "hi", "hu", "ga", "it",
    "ja", "ko", "lv", "lt", "ps", "fa", "pl", "pt", "pa", "ro", "ru", "gd", "sk", "so", "es", "sv", "ta", "tr", "uk",
    "ur", "vi",
];

#[derive(Template)]
#[template(path = "listen/entry.html")]
struct EntryPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    heading: String,
    /// Where the form goes.
    action: String,
    /// Whether something that was saved is changed.
    change: bool,
    /// The form's own key: sent twice it saves once.
    key: String,
    /// The feedback that was saved just now.
    saved: Option<String>,
    channels: Vec<Choice>,
    day: String,
    today: String,
    time: String,
    places: Vec<PlaceGroup>,
    no_place: bool,
    may_add_services: bool,
    ratings: Vec<Choice>,
    unrated: bool,
    answers: Vec<Answer>,
    more_open: bool,
    languages: Vec<Choice>,
    capacities: Vec<Choice>,
    about: Vec<About>,
    about_open: bool,
    person: String,
    focus_channel: bool,
    entries: Vec<EntryRow>,
    first_page: bool,
    pager: Pager,
    entries_title: String,
}

struct PlaceGroup {
    name: String,
    options: Vec<Choice>,
}

struct Answer {
    number: usize,
    /// Suffix of the ids: nothing for the first.
    id: String,
    question: String,
    words: String,
}

/// A field about the person: area or an attribute.
struct About {
    id: String,
    field: String,
    label: String,
    value: String,
    offered: Vec<String>,
}

struct EntryRow {
    item: CommentItem,
    id: String,
    at: String,
}

#[derive(Template)]
#[template(path = "listen/entry_take_back.html")]
struct TakeBackPage {
    frame: Frame,
    say: Say,
    id: String,
    item: CommentItem,
}

/// What stays from one entry to the next, as the address says it.
fn remembered(asked: &Fields) -> EntryInput {
    EntryInput {
        channel: asked.get("channel").to_owned(),
        day: asked.get("day").to_owned(),
        place: asked.get("place").to_owned(),
        answers: asked.all("question").take(ANSWERS).map(|q| (q.to_owned(), String::new())).collect(),
        ..EntryInput::default()
    }
}

/// What somebody typed.
fn typed(fields: &Fields) -> EntryInput {
    let mut questions = fields.all("question").map(str::trim);
    EntryInput {
        channel: fields.get("channel").to_owned(),
        day: fields.get("day").to_owned(),
        time: fields.get("time").to_owned(),
        place: fields.get("place").to_owned(),
        rating: fields.get("rating").to_owned(),
        answers: fields
            .all("words")
            .map(|words| (questions.next().unwrap_or_default().to_owned(), words.to_owned()))
            .collect(),
        language: fields.get("language").to_owned(),
        area: fields.get("area").to_owned(),
        capacity: fields.get("capacity").to_owned(),
        attributes: fields
            .0
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix("attribute.")?.to_owned(), value.trim().to_owned())))
            .filter(|(_, value)| !value.is_empty())
            .collect(),
    }
}

/// What was saved, as somebody would type it.
fn of_doc(doc: &FeedbackDoc, visit: &Visit) -> EntryInput {
    let here = doc.at.with_timezone(&visit.zone());
    let midnight = here.time() == chrono::NaiveTime::MIN;
    EntryInput {
        channel: doc.channel.key().to_owned(),
        day: here.date_naive().to_string(),
        time: if midnight { String::new() } else { here.format("%H:%M").to_string() },
        place: doc.touchpoint.clone().or_else(|| doc.service.clone()).unwrap_or_default(),
        rating: doc.ratings.first().map(|r| r.step().to_string()).unwrap_or_default(),
        answers: doc.comments.iter().map(|c| (c.question.clone().unwrap_or_default(), c.text.clone())).collect(),
        // What was read from the words is read again.
        language: doc
            .language
            .clone()
            .filter(|l| doc.comments.iter().all(|c| c.reading.language.as_ref() != Some(l)))
            .unwrap_or_default(),
        area: doc.area.clone().unwrap_or_default(),
        capacity: doc.capacity.key().to_owned(),
        attributes: doc.attributes.clone().into_iter().collect(),
    }
}

/// Where the next one is entered.
fn next_address(input: &EntryInput, saved: FeedbackId) -> String {
    let mut pairs = vec![("channel", input.channel.clone()), ("day", input.day.clone())];
    if !input.place.is_empty() {
        pairs.push(("place", input.place.clone()));
    }
    pairs.extend(input.answers.iter().map(|(q, _)| q).filter(|q| !q.is_empty()).map(|q| ("question", q.clone())));
    pairs.push(("saved", saved.to_string()));
    format!("/listen/entry?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
}

/// The empty form, with what stays from the one before.
pub(crate) async fn form(visit: Visit, Extension(request): Extension<RequestId>) -> WebResult<Response> {
    visit.require(Permission::SubmitFeedback)?;
    let asked = Fields::parse(visit.query());
    let input = remembered(&asked);
    let mut page = page(&visit, &input, Errors::default(), request.0.to_string()).await?;
    page.saved = page.entries.iter().map(|k| k.id.clone()).find(|id| id == asked.get("saved"));
    Ok(Page(page).into_response())
}

/// Saves, and goes on to the next one.
pub(crate) async fn save(
    visit: Visit,
    Extension(request): Extension<RequestId>,
    fields: Fields,
) -> WebResult<Response> {
    let input = typed(&fields);
    let outcome = visit.app().enter(&visit.actor, &input, &key(&fields)?, None).await;
    match outcome {
        Ok(id) => Ok(Redirect::to(&next_address(&input, id)).into_response()),
        Err(e) => {
            let (status, key) = again(&e, &fields, request);
            let page = page(&visit, &input, Errors::of_error(e)?, key).await?;
            Ok((status, Page(page)).into_response())
        }
    }
}

/// The form with what was saved, to change it.
pub(crate) async fn change_form(
    visit: Visit,
    Path(id): Path<FeedbackId>,
    Extension(request): Extension<RequestId>,
) -> WebResult<Response> {
    let doc = visit.app().own_entry(&visit.actor, id).await?;
    let input = of_doc(&doc, &visit);
    Ok(Page(change_page(&visit, id, &input, Errors::default(), request.0.to_string()).await?).into_response())
}

/// Saves the change.
pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<FeedbackId>,
    Extension(request): Extension<RequestId>,
    fields: Fields,
) -> WebResult<Response> {
    let input = typed(&fields);
    match visit.app().enter(&visit.actor, &input, &key(&fields)?, Some(id)).await {
        Ok(changed) => Ok(Redirect::to(&next_address(&input, changed)).into_response()),
        Err(e) => {
            let (status, key) = again(&e, &fields, request);
            Ok((status, Page(change_page(&visit, id, &input, Errors::of_error(e)?, key).await?)).into_response())
        }
    }
}

/// Asks whether it is to be taken back.
pub(crate) async fn ask_take_back(visit: Visit, Path(id): Path<FeedbackId>) -> WebResult<Response> {
    let doc = visit.app().own_entry(&visit.actor, id).await?;
    let say = l10n::console();
    let page = TakeBackPage {
        frame: visit.frame(say.t("entry-take-back-title")).await?,
        id: id.to_string(),
        item: CommentItem::of(
            &doc,
            &Default::default(),
            &visit.app().labels(),
            visit.zone(),
            format!("/understand/feedback/{}", doc.id),
        ),
        say,
    };
    Ok(Page(page).into_response())
}

/// Takes it back.
pub(crate) async fn take_back(visit: Visit, Path(id): Path<FeedbackId>) -> WebResult<Response> {
    visit.app().take_back(&visit.actor, id).await?;
    Ok(Redirect::to(&with_done("/listen/entry", "entry-taken-back")).into_response())
}

/// The key of the form that was sent. One that was made up without a form is refused.
fn key(fields: &Fields) -> WebResult<String> {
    let key = fields.get("key");
    if (1..=100).contains(&key.len()) {
        return Ok(key.to_owned());
    }
    Err(Error::Invalid(commonweal_domain::FieldErrors::one("", "no_key", l10n::console().t("entry-no-key"))).into())
}

/// How a form that was not saved comes back: with its key, or with a new one when that is taken.
fn again(error: &Error, fields: &Fields, request: RequestId) -> (StatusCode, String) {
    match error {
        Error::Conflict { .. } => (StatusCode::CONFLICT, request.0.to_string()),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, fields.get("key").to_owned()),
    }
}

async fn change_page(
    visit: &Visit,
    id: FeedbackId,
    input: &EntryInput,
    errors: Errors,
    key: String,
) -> WebResult<EntryPage> {
    let mut page = page(visit, input, errors, key).await?;
    let title = page.say.t("entry-change-title");
    page.frame.title = if page.errors.items.is_empty() {
        title.clone()
    } else {
        page.say.with("entry-error-title", &[("title", title.clone().into())])
    };
    page.heading = title;
    page.action = format!("/listen/entry/{id}/change");
    (page.change, page.focus_channel) = (true, false);
    Ok(page)
}

async fn page(visit: &Visit, input: &EntryInput, errors: Errors, key: String) -> WebResult<EntryPage> {
    let say = l10n::console();
    let app = visit.app();
    let services = app.services(&visit.actor)?;
    let labels = app.labels();
    let today = app.now().with_timezone(&visit.zone()).date_naive().to_string();
    let request = pager::asked(visit.query(), LIST, ROWS);
    let (entered, count) =
        tokio::try_join!(app.entries_today(&visit.actor, &request), app.entries_today_count(&visit.actor))?;
    let title = say.t("entry-title");
    let title_or_error = if errors.items.is_empty() {
        title.clone()
    } else {
        say.with("entry-error-title", &[("title", title.clone().into())])
    };
    let about = about(visit, input, say).await?;
    let mut answers: Vec<Answer> = input.answers.iter().cloned().enumerate().map(answer).collect();
    while answers.len() < ANSWERS {
        answers.push(answer((answers.len(), Default::default())));
    }
    let chosen_capacity = if input.capacity.is_empty() { Capacity::Customer.key() } else { &input.capacity };
    Ok(EntryPage {
        frame: visit.frame(title_or_error).await?,
        heading: title,
        action: "/listen/entry".to_owned(),
        change: false,
        key,
        saved: None,
        channels: channels(&input.channel),
        day: if input.day.is_empty() && errors.of("day").is_none() { today.clone() } else { input.day.clone() },
        today,
        time: input.time.clone(),
        places: services.iter().map(|s| place_group(s, &input.place, say)).collect(),
        no_place: services.is_empty(),
        may_add_services: visit.may(Permission::ManageServices),
        ratings: ["1", "2", "3", "4", "5"]
            .map(|v| Choice::new(v, say.t(&format!("entry-rating-{v}")), input.rating == v))
            .to_vec(),
        unrated: !matches!(input.rating.as_str(), "1" | "2" | "3" | "4" | "5"),
        more_open: answers.iter().skip(1).any(|a| !a.words.is_empty())
            || answers.iter().any(|a| !a.question.is_empty()),
        answers,
        languages: LANGUAGES
            .iter()
            .map(|code| Choice::new(*code, labels.value(&Dimension::Language, code), *code == input.language))
            .collect(),
        capacities: choices(Capacity::ALL, Capacity::from_key(chosen_capacity), Capacity::key, |c| {
            say.t(&format!("entry-capacity-{}", c.key()))
        }),
        about_open: about.iter().any(|a| !a.value.is_empty())
            || !input.language.is_empty()
            || chosen_capacity != Capacity::Customer.key()
            || errors
                .items
                .iter()
                .any(|e| e.field.starts_with("attribute-") || e.field == "area" || e.field == "language"),
        about,
        person: visit.settings.person_word.clone(),
        focus_channel: Channel::from_key(&input.channel).is_none(),
        entries_title: say.count("entry-today", count),
        first_page: request.is_first(),
        pager: Pager::at(&entered, &request, LIST, "/listen/entry"),
        entries: entered.items.into_iter().map(|k| entry_row(k, &labels, visit)).collect(),
        errors,
        say,
    })
}

fn answer((place, (question, words)): (usize, (String, String))) -> Answer {
    let id = if place == 0 { String::new() } else { format!("-{}", place + 1) };
    Answer { number: place + 1, id, question, words }
}

fn channels(chosen: &str) -> Vec<Choice> {
    let others = Channel::ALL.iter().filter(|c| !COMMON_CHANNELS.contains(c));
    let all = COMMON_CHANNELS.iter().chain(others);
    choices(all, Channel::from_key(chosen), Channel::key, Channel::label)
}

fn place_group(service: &Service, chosen: &str, say: Say) -> PlaceGroup {
    let place = |key: &str, label: String| Choice::new(key, label, key == chosen);
    let whole = place(&service.key, say.with("entry-place-whole", &[("service", service.name.clone().into())]));
    let parts = service.touchpoints.iter().map(|t| place(&t.key, format!("{}: {}", service.name, t.name)));
    PlaceGroup { name: service.name.clone(), options: std::iter::once(whole).chain(parts).collect() }
}

/// Area and the attributes that the body has already, each with the values that occur.
async fn about(visit: &Visit, input: &EntryInput, say: Say) -> WebResult<Vec<About>> {
    let mut names = visit.app().attributes(&visit.actor).await?;
    names.truncate(ATTRIBUTES);
    // One that was typed before must not be lost because the index does not know it yet.
    for (name, _) in &input.attributes {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let mut dimensions = vec![Dimension::Area];
    dimensions.extend(names.iter().cloned().map(Dimension::Attribute));
    let facets = visit.app().facets(&visit.actor, &Filter::default(), &dimensions, OFFERED).await?;
    let field = |dimension: &Dimension| {
        let (id, field, label, value) = match dimension {
            Dimension::Attribute(name) => {
                let value = input.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
                (
                    format!("attribute-{name}"),
                    format!("attribute.{name}"),
                    format::capital(&name.replace('_', " ")),
                    value.unwrap_or_default(),
                )
            }
            _ => ("area".to_owned(), "area".to_owned(), say.t("entry-area"), input.area.clone()),
        };
        let mut offered: Vec<String> = facets
            .iter()
            .filter(|f| f.dimension == *dimension)
            .flat_map(|f| f.options.iter().filter(|o| o.value != NONE).map(|o| o.value.clone()))
            .collect();
        offered.sort_by_key(|value| value.to_lowercase());
        About { id, field, label, value, offered }
    };
    Ok(dimensions.iter().map(field).collect())
}

fn entry_row(entered: Entered, labels: &Labels, visit: &Visit) -> EntryRow {
    EntryRow {
        id: entered.doc.id.to_string(),
        at: format::moment(entered.entered_at, visit.app().now(), visit.zone()),
        item: CommentItem::of(
            &entered.doc,
            &Default::default(),
            labels,
            visit.zone(),
            format!("/understand/feedback/{}?source={SOURCE}", entered.doc.id),
        ),
    }
}

//! Audiences: rules over people, made from rows of conditions, with how many people they mean and never who.

mod rows;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::people::{AudienceCount, AudienceDraft, AudienceSeen};
use commonweal_domain::audience::{Known, Reach, Rule};
use commonweal_domain::{
    AudienceId, Channel, Dimension, Direction, FieldErrors, Function, Need, Permission, Sentiment,
};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::components::{Choice, Choices, Input, Select, SelectItem};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};
use crate::ui::settled::settled;
use rows::{KINDS, MAX_ROWS, field};

#[derive(Template)]
#[template(path = "people/audiences.html")]
struct ListPage {
    frame: Frame,
    say: Say,
    audiences: Vec<Line>,
    may_add: bool,
}

struct Line {
    id: String,
    name: String,
    sentence: String,
    changed: String,
}

#[derive(Template)]
#[template(path = "people/audience.html")]
struct AudiencePage {
    frame: Frame,
    say: Say,
    errors: Errors,
    title: String,
    /// Where the form is sent; what is there is deleted below it.
    address: String,
    version: Option<u32>,
    sentence: Option<String>,
    counted: Option<Counted>,
    /// For whom may change it; nothing where the form can't say the rule.
    form: Option<Form>,
    /// The rule as JSON, where the form can't say it.
    json: Option<String>,
    may_delete: bool,
}

struct Form {
    name: Input,
    together: Choices,
    rows: Vec<Row>,
    add: Option<Select>,
}

struct Row {
    number: usize,
    title: String,
    kind: &'static str,
    not: Choices,
    parts: Vec<Part>,
}

#[expect(clippy::large_enum_variant, reason = "a page has a few dozen of them")]
enum Part {
    Input(Input),
    Select(Select),
    Choices(Choices),
}

/// How many people, as it is shown.
struct Counted {
    title: String,
    sentence: String,
    widened: bool,
    why: Vec<String>,
    reach: Vec<(String, String)>,
    protection: String,
}

fn counted(count: &AudienceCount, say: Say) -> Counted {
    let about = |n: u64| match count.protection {
        Some(_) => say.with("audience-about", &[("count", format::count(n).into())]),
        None => format::count(n),
    };
    let shown = |n: Option<u64>| n.map_or_else(|| say.t("audience-not-shown"), about);
    Counted {
        title: match count.count {
            Some(n) => say.with("audience-people", &[("count", about(n).into())]),
            None => say.t("audience-people-hidden"),
        },
        sentence: count.sentence.clone(),
        widened: count.widened,
        why: count.withheld.iter().map(|w| w.message.clone()).collect(),
        reach: count.reach.iter().map(|reach| (reach.by.label().to_owned(), shown(reach.count))).collect(),
        protection: count.protection.map_or_else(String::new, |p| {
            say.with(
                "audience-protected",
                &[("minimum", format::count(p.minimum).into()), ("step", format::count(p.rounded_to).into())],
            )
        }),
    }
}

/// All audiences.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    let say = l10n::console();
    let line = |seen: AudienceSeen| Line {
        id: seen.audience.id.to_string(),
        name: seen.audience.name,
        sentence: seen.sentence,
        changed: format::date(seen.audience.changed_at, visit.zone()),
    };
    let audiences = visit.app().audiences(&visit.actor).await?.into_iter().map(line).collect();
    let may_add = visit.may(Permission::ManageAudiences);
    let frame = visit.frame(say.t("audiences-head")).await?;
    Ok(Page(ListPage { frame, say, audiences, may_add }).into_response())
}

fn row(visit: &Visit, known: &Known, kind: &'static str, number: usize, sent: &Fields, errors: &Errors) -> Row {
    let say = l10n::console();
    let named = |name: &str| field(name, number);
    let text = |name: &str, label: &str, hint: &str| {
        let (of, mut input) = (named(name), Input::new(named(name), say.t(label).as_str()));
        input = input.value(sent.get(&of)).autocomplete("off").spellcheck(false).error(errors.of(&of));
        Part::Input(if hint.is_empty() { input } else { input.hint(say.t(hint).as_str()) })
    };
    let select = |name: &str, label: &str, items: Vec<(String, String)>| {
        let of = named(name);
        let open = SelectItem::new("", say.t("audience-any-value").as_str());
        let items = items.into_iter().map(|(key, label)| SelectItem::new(key, label.as_str()));
        let select = Select::new(of.as_str(), say.t(label).as_str()).items(std::iter::once(open).chain(items));
        Part::Select(select.value(sent.get(&of)).error(errors.of(&of)))
    };
    let keyed = |all: &[(&'static str, &'static str)]| {
        all.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned())).collect::<Vec<_>>()
    };
    let boxes = |name: &str, label: &str, items: Vec<(String, String)>| {
        let of = named(name);
        let chosen: Vec<&str> = sent.all(&of).collect();
        let items = items
            .iter()
            .map(|(key, label)| Choice::new(key.as_str(), label.as_str()).checked(chosen.contains(&key.as_str())));
        Part::Choices(Choices::checkboxes(of.as_str(), say.t(label).as_str()).items(items).error(errors.of(&of)))
    };
    let labels = visit.app().labels();
    let places = |dimension: Dimension, keys: &std::collections::BTreeSet<String>| {
        keys.iter().map(|key| (key.clone(), labels.value(&dimension, key))).collect::<Vec<_>>()
    };
    let parts = match kind {
        "attribute" => {
            let names = known.attributes.iter().map(|name| (name.clone(), name.clone())).collect();
            vec![select("name", "audience-attribute", names), text("values", "audience-values", "audience-values-hint")]
        }
        "district" => vec![text("values", "audience-districts", "audience-districts-hint")],
        "language" => vec![text("values", "audience-languages", "audience-languages-hint")],
        "need" => {
            vec![boxes(
                "need",
                "people-needs",
                keyed(&Need::ALL.iter().map(|n| (n.key(), n.label())).collect::<Vec<_>>()),
            )]
        }
        "reach" => vec![boxes(
            "reach",
            "audience-reach",
            keyed(&Reach::ALL.iter().map(|r| (r.key(), r.label())).collect::<Vec<_>>()),
        )],
        _ => vec![
            select(
                "direction",
                "audience-direction",
                keyed(&Direction::ALL.iter().map(|d| (d.key(), d.label())).collect::<Vec<_>>()),
            ),
            select(
                "channel",
                "audience-channel",
                keyed(&Channel::ALL.iter().map(|c| (c.key(), c.label())).collect::<Vec<_>>()),
            ),
            select(
                "function",
                "audience-function",
                keyed(&Function::ALL.iter().map(|f| (f.key(), f.label())).collect::<Vec<_>>()),
            ),
            select("service", "audience-service", places(Dimension::Service, &known.services)),
            text("from", "audience-from", "audience-day-hint"),
            text("to", "audience-to", "audience-day-hint"),
            select("theme", "audience-theme", places(Dimension::Theme, &known.themes)),
            select(
                "sentiment",
                "audience-sentiment",
                keyed(&Sentiment::ALL.iter().map(|s| (s.key(), s.label())).collect::<Vec<_>>()),
            ),
            select("rating", "audience-rating", (1..=5).map(|step| (step.to_string(), step.to_string())).collect()),
            text("area", "audience-area", "audience-values-hint"),
        ],
    };
    let not = named("not");
    let contrary = Choice::new("yes", say.t("audience-not").as_str()).checked(sent.get(&not) == "yes");
    Row {
        number,
        title: say.with(
            "audience-condition",
            &[("number", (number as u64 + 1).into()), ("kind", kind_label(kind, say).into())],
        ),
        kind,
        not: Choices::checkbox(not, contrary),
        parts,
    }
}

fn kind_label(kind: &str, say: Say) -> String {
    match kind {
        "attribute" => say.t("audience-kind-attribute"),
        "district" => say.t("audience-kind-district"),
        "language" => say.t("audience-kind-language"),
        "need" => say.t("audience-kind-need"),
        "reach" => say.t("audience-kind-reach"),
        _ => say.t("audience-kind-contact"),
    }
}

async fn form(visit: &Visit, sent: &Fields, errors: &Errors) -> WebResult<Form> {
    let say = l10n::console();
    let known = Box::pin(visit.app().rules_can_name(&visit.actor)).await?;
    let kinds = rows::kinds(sent);
    let kinds_to_add = KINDS.iter().map(|kind| SelectItem::new(*kind, kind_label(kind, say).as_str()));
    let together = if sent.get("together") == "any" { "any" } else { "all" };
    let choice = |value: &str, words: String| Choice::new(value, words.as_str()).checked(together == value);
    Ok(Form {
        name: Input::new("name", say.t("audience-name").as_str())
            .value(sent.get("name"))
            .autocomplete("off")
            .error(errors.of("name")),
        together: Choices::radios("together", say.t("audience-together").as_str())
            .items([choice("all", say.t("audience-all")), choice("any", say.t("audience-any"))]),
        add: (kinds.len() < MAX_ROWS)
            .then(|| Select::new("add", say.t("audience-add").as_str()).items(kinds_to_add).error(errors.of("add"))),
        rows: kinds.into_iter().enumerate().map(|(n, kind)| row(visit, &known, kind, n, sent, errors)).collect(),
    })
}

async fn page(
    visit: &Visit,
    seen: Option<&AudienceSeen>,
    sent: Option<&Fields>,
    errors: Errors,
    count: Option<AudienceCount>,
) -> WebResult<AudiencePage> {
    let say = l10n::console();
    let may = visit.may(Permission::ManageAudiences);
    let filled = match (sent, seen) {
        (Some(sent), _) => Some(sent.clone()),
        (None, Some(seen)) => rows::fields(&seen.audience.name, &seen.audience.rule),
        (None, None) => Some(Fields::default()),
    };
    let json = match (seen, &filled) {
        (Some(seen), None) => serde_json::to_string_pretty(&seen.audience.rule).ok(),
        _ => None,
    };
    let form = match filled.filter(|_| may) {
        Some(filled) => Some(form(visit, &filled, &errors).await?),
        None => None,
    };
    let title = seen.map_or_else(|| say.t("audience-new-title"), |seen| seen.audience.name.clone());
    Ok(AudiencePage {
        frame: visit.frame(errors.headed(say.with("audience-head", &[("name", title.as_str().into())]), say)).await?,
        address: seen.map_or_else(|| "/people/audiences/new".to_owned(), |seen| address(seen.audience.id)),
        version: seen.map(|seen| seen.audience.version),
        sentence: seen.map(|seen| seen.sentence.clone()),
        counted: count.as_ref().map(|count| counted(count, say)),
        may_delete: may && seen.is_some(),
        title,
        form,
        json,
        say,
        errors,
    })
}

fn address(id: AudienceId) -> String {
    format!("/people/audiences/{id}")
}

/// A form for a new one.
pub(crate) async fn new(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::ManageAudiences)?;
    Ok(Page(Box::pin(page(&visit, None, None, Errors::default(), None)).await?).into_response())
}

/// One audience with how many people it means.
pub(crate) async fn show(visit: Visit, Path(id): Path<AudienceId>) -> WebResult<Response> {
    let seen = visit.app().audience(&visit.actor, id).await?;
    let (count, errors) = match Box::pin(visit.app().count_audience(&visit.actor, &seen.audience.rule)).await {
        Ok(count) => (Some(count), Errors::default()),
        // What it named is there no more.
        Err(Error::Invalid(errors)) => (None, Errors::of_no_field(errors)),
        Err(other) => return Err(other.into()),
    };
    Ok(Page(Box::pin(page(&visit, Some(&seen), None, errors, count)).await?).into_response())
}

/// What was pressed on the form of a new one.
pub(crate) async fn add(visit: Visit, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageAudiences)?;
    act(&visit, None, &sent).await
}

/// What was pressed on the form of one that is there.
pub(crate) async fn change(visit: Visit, Path(id): Path<AudienceId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageAudiences)?;
    let seen = visit.app().audience(&visit.actor, id).await?;
    act(&visit, Some(&seen), &sent).await
}

/// Adds a row, takes one out, counts, or saves.
async fn act(visit: &Visit, seen: Option<&AudienceSeen>, sent: &Fields) -> WebResult<Response> {
    let pressed = sent.get("do");
    if pressed == "add" || pressed.starts_with("remove-") {
        let sent = rows::rearranged(sent, pressed);
        return Ok(Page(Box::pin(page(visit, seen, Some(&sent), Errors::default(), None)).await?).into_response());
    }
    let done = match rows::rule(sent) {
        Err(errors) => Err(Error::Invalid(errors)),
        Ok(rule) if pressed == "save" => Box::pin(save(visit, seen, sent, rule)).await.map(Done::Saved),
        Ok(rule) => Box::pin(visit.app().count_audience(&visit.actor, &rule)).await.map(Done::Counted),
    };
    match done {
        Ok(Done::Saved(to)) => Ok(Redirect::to(&with_done(&to, "audience-saved")).into_response()),
        Ok(Done::Counted(count)) => {
            Ok(Page(Box::pin(page(visit, seen, Some(sent), Errors::default(), Some(count))).await?).into_response())
        }
        Err(e) => {
            let errors = rows::at_rows(Errors::of_error(e)?);
            Ok(invalid(Box::pin(page(visit, seen, Some(sent), errors, None)).await?))
        }
    }
}

enum Done {
    Saved(String),
    Counted(AudienceCount),
}

async fn save(visit: &Visit, seen: Option<&AudienceSeen>, sent: &Fields, rule: Rule) -> Result<String, Error> {
    let draft = AudienceDraft {
        name: sent.get("name").to_owned(),
        rule,
        team: seen.and_then(|seen| seen.audience.team),
        version: sent.get("version").parse().ok(),
    };
    let kept = visit.app().save_audience(&visit.actor, seen.map(|seen| seen.audience.id), &draft).await?;
    Ok(address(kept.audience.id))
}

/// Deletes one, once it is said that this is meant.
pub(crate) async fn delete(visit: Visit, Path(id): Path<AudienceId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageAudiences)?;
    let outcome = match sent.get("confirmed") {
        "yes" => visit.app().delete_audience(&visit.actor, id).await,
        _ => Err(FieldErrors::one("confirmed", "missing", l10n::console().t("audience-delete-confirm-missing")).into()),
    };
    let seen = match &outcome {
        Ok(()) => None,
        Err(_) => Some(visit.app().audience(&visit.actor, id).await?),
    };
    let again = async |errors| Box::pin(page(&visit, seen.as_ref(), None, errors, None)).await;
    settled(outcome, ("/people/audiences", "audience-deleted"), again).await
}

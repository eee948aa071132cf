//! Planning a send, in two steps: what, to whom and when; then what would become of everybody, before anything goes out.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{NaiveDate, NaiveTime, TimeZone};
use commonweal_app::Error;
use commonweal_app::deliver::{DispatchDraft, Says, SendChoices};
use commonweal_domain::dispatch::{HeldBy, Overlap};
use commonweal_domain::{
    DispatchId, DryRun, FieldErrors, Function, Instant, Lane, MessageText, MessageVersionId, Permission,
};

use super::Teams;
use super::show::{money, reason};
use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::components::{Choice, Choices, Hint, Input, Select, SelectItem, Textarea};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};

/// The fields that the second step carries along.
const FIELDS: [&str; 16] = [
    "name",
    "version",
    "subject",
    "body",
    "subject_cy",
    "body_cy",
    "audience",
    "lane",
    "topic",
    "sender",
    "team",
    "held",
    "starts_day",
    "starts_time",
    "ends_day",
    "from",
];

#[derive(Template)]
#[template(path = "deliver/send_new.html")]
struct NewPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    name: Input,
    /// A message that is kept: its version, and what it says.
    kept: Option<(String, String)>,
    english: Option<(Input, Textarea)>,
    welsh: Option<(Input, Textarea)>,
    welsh_open: bool,
    audience: Select,
    lane: Choices,
    topic: Select,
    sender: Select,
    team: Select,
    held: Choices,
    starts: (Input, Input),
    ends: Input,
    lacks: Vec<String>,
}

#[derive(Template)]
#[template(path = "deliver/send_check.html")]
struct CheckPage {
    frame: Frame,
    say: Say,
    name: String,
    fields: Vec<(String, String)>,
    lead: String,
    now: String,
    later: Vec<(String, String)>,
    all_later: String,
    never: Vec<(String, String)>,
    all_never: String,
    audience: String,
    held: Vec<Held>,
    drop: bool,
    overlaps: Vec<String>,
    facts: Vec<String>,
    /// Whether anybody would get it.
    worth: bool,
}

/// By whose messages people are held back, and whom to ask.
struct Held {
    sentence: String,
    /// The send; empty for what belongs to none.
    send: String,
    name: String,
    ask: String,
}

/// The form; filled from an earlier send, or with a message that is kept, where the address names one.
pub(crate) async fn form(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::ManageDispatches)?;
    let asked = Fields::parse(visit.query());
    let sent = match asked.get("from").parse::<DispatchId>() {
        Ok(from) => as_before(&visit, from).await?,
        Err(_) => asked,
    };
    Ok(Page(Box::pin(page(&visit, &sent, Errors::default())).await?).into_response())
}

/// What was sent for an earlier send, as far as a form can say it.
async fn as_before(visit: &Visit, from: DispatchId) -> WebResult<Fields> {
    let seen = visit.app().dispatch(&visit.actor, from).await?;
    let dispatch = seen.dispatch;
    let choices = visit.app().send_choices(&visit.actor).await?;
    let audience = choices.audiences.iter().find(|a| Some(&a.audience.rule) == dispatch.audience.as_ref());
    let text = |code: &str| seen.version.texts.get(code).cloned().unwrap_or_default();
    let (english, welsh) = (text("en"), text("cy"));
    let all = [
        ("name", dispatch.name),
        ("subject", english.subject),
        ("body", english.body),
        ("subject_cy", welsh.subject),
        ("body_cy", welsh.body),
        ("audience", audience.map(|a| a.audience.id.to_string()).unwrap_or_default()),
        ("lane", dispatch.lane.key().to_owned()),
        ("topic", dispatch.topic.unwrap_or_default()),
        ("sender", dispatch.sender.to_string()),
        ("team", dispatch.team.map(|team| team.to_string()).unwrap_or_default()),
        ("held", if dispatch.drop_held { "drop" } else { "wait" }.to_owned()),
    ];
    Ok(Fields(all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}

fn select(
    sent: &Fields,
    errors: &Errors,
    (name, label): (&str, String),
    items: Vec<(String, String)>,
    none: String,
) -> Select {
    let none = SelectItem::new("", none.as_str());
    let items = items.into_iter().map(|(key, label)| SelectItem::new(key, label.as_str()));
    Select::new(name, label.as_str())
        .items(std::iter::once(none).chain(items))
        .value(sent.get(name))
        .error(errors.of(name))
}

async fn page(visit: &Visit, sent: &Fields, errors: Errors) -> WebResult<NewPage> {
    let say = l10n::console();
    let choices = visit.app().send_choices(&visit.actor).await?;
    let text = |name: &str, label: String| {
        Input::new(name, label.as_str()).value(sent.get(name)).autocomplete("off").error(errors.of(name))
    };
    let area = |name: &str, label: String| {
        Textarea::new(name, label.as_str()).value(sent.get(name)).rows(10_u32).error(errors.of(name))
    };
    let kept = match sent.get("version").parse::<MessageVersionId>() {
        Ok(id) => {
            let (message, version) = visit.app().message_to_send(&visit.actor, id).await?;
            let what = [("name", message.name.as_str().into()), ("version", version.version.into())];
            Some((id.to_string(), say.with("sends-kept", &what)))
        }
        Err(_) => None,
    };
    let written = kept.is_none();
    let SendChoices { senders, topics, audiences, teams } = choices;
    let mut lacks = Vec::new();
    if senders.is_empty() {
        lacks.push(say.t("sends-no-sender"));
    }
    if audiences.is_empty() {
        lacks.push(say.t("sends-no-audience"));
    }
    let hint = |lane: Lane| match lane {
        Lane::Statutory => say.t("sends-lane-statutory"),
        Lane::Safety => say.t("sends-lane-safety"),
        Lane::Service => say.t("sends-lane-service"),
        Lane::Engagement => say.t("sends-lane-engagement"),
        Lane::News => say.t("sends-lane-news"),
    };
    let lanes = Lane::ALL.iter().rev().map(|lane| {
        Choice::new(lane.key(), lane.label())
            .hint(Hint::from(hint(*lane).as_str()))
            .checked(sent.get("lane") == lane.key())
    });
    let drop = sent.get("held") == "drop";
    let held = [
        Choice::new("wait", say.t("sends-held-wait").as_str()).checked(!drop),
        Choice::new("drop", say.t("sends-held-drop").as_str()).checked(drop),
    ];
    let day = |name: &str, label: String| {
        let hint = say.t("sends-day-hint");
        text(name, label).hint(hint.as_str()).classes("govuk-input--width-10")
    };
    let senders = senders.into_iter().map(|s| (s.id.to_string(), s.setup.name)).collect();
    let topics = topics.into_iter().map(|t| (t.key, t.english.name)).collect();
    let audiences = audiences.into_iter().map(|a| (a.audience.id.to_string(), a.audience.name)).collect();
    let teams = teams.into_iter().map(|t| (t.id.to_string(), t.name)).collect();
    let choose = || say.t("sends-choose");
    let body_hint = say.t("sends-body-hint");
    Ok(NewPage {
        frame: visit.frame(errors.headed(say.t("sends-new-head"), say)).await?,
        name: text("name", say.t("sends-name")).hint(say.t("sends-name-hint").as_str()),
        english: written.then(|| {
            (text("subject", say.t("sends-subject")), area("body", say.t("sends-body")).hint(body_hint.as_str()))
        }),
        welsh: written
            .then(|| (text("subject_cy", say.t("sends-subject-cy")), area("body_cy", say.t("sends-body-cy")))),
        welsh_open: !sent.get("subject_cy").is_empty() || !sent.get("body_cy").is_empty() || errors.has("body_cy"),
        audience: select(sent, &errors, ("audience", say.t("sends-audience-choose")), audiences, choose()),
        lane: Choices::radios("lane", say.t("sends-lane-choose").as_str()).items(lanes).error(errors.of("lane")),
        topic: select(sent, &errors, ("topic", say.t("sends-topic-choose")), topics, say.t("sends-topic-none"))
            .hint(say.t("sends-topic-hint").as_str()),
        sender: select(sent, &errors, ("sender", say.t("sends-sender-choose")), senders, choose()),
        team: select(sent, &errors, ("team", say.t("sends-team-choose")), teams, say.t("sends-team-none"))
            .hint(say.t("sends-team-hint").as_str()),
        held: Choices::radios("held", say.t("sends-held").as_str()).items(held).hint(say.t("sends-held-hint").as_str()),
        starts: (
            day("starts_day", say.t("sends-starts-day")),
            text("starts_time", say.t("sends-starts-time"))
                .hint(say.t("sends-time-hint").as_str())
                .classes("govuk-input--width-5"),
        ),
        ends: day("ends_day", say.t("sends-ends-day")),
        kept,
        lacks,
        errors,
        say,
    })
}

/// What a form says that was sent.
async fn draft(visit: &Visit, sent: &Fields) -> Result<DispatchDraft, Error> {
    let say = l10n::console();
    let mut errors = FieldErrors::default();
    let choices = visit.app().send_choices(&visit.actor).await?;
    let audience = sent.get("audience").parse().ok();
    let audience = choices.audiences.into_iter().find(|a| Some(a.audience.id) == audience);
    let sender = sent.get("sender").parse().ok();
    let sender = choices.senders.into_iter().find(|s| Some(s.id) == sender);
    let lane = Lane::from_key(sent.get("lane"));
    let when = |day: &str, time: &str, errors: &mut FieldErrors| {
        at(visit, (sent.get(day), sent.get(time)), (day, time), errors)
    };
    let starts_at = when("starts_day", "starts_time", &mut errors);
    // People name the last day that they mean.
    let ends_at = when("ends_day", "", &mut errors).map(|begins| begins + chrono::TimeDelta::days(1));
    for (missing, field, sentence) in [
        (audience.is_none(), "audience", "sends-audience-missing"),
        (sender.is_none(), "sender", "sends-sender-missing"),
        (lane.is_none(), "lane", "sends-lane-missing"),
    ] {
        if missing {
            errors.add(field, "required", say.known(sentence).unwrap_or_default());
        }
    }
    let version = sent.get("version").parse::<MessageVersionId>().ok();
    let says = match version {
        Some(id) => Says::Version(id),
        None => Says::Texts(texts(sent)),
    };
    // The rule of the name is asked here too, so that everything that is wrong is said at once.
    if let Err(wrong) = commonweal_domain::dispatch::checked_name(sent.get("name")) {
        errors.0.extend(wrong.0);
    }
    let (Some(audience), Some(sender), Some(lane), true) = (audience, sender, lane, errors.is_empty()) else {
        return Err(errors.into());
    };
    let topic = Some(sent.get("topic")).filter(|topic| !topic.is_empty() && lane.needs_consent());
    Ok(DispatchDraft {
        name: sent.get("name").to_owned(),
        says,
        lane,
        topic: topic.map(str::to_owned),
        function: match lane {
            Lane::Engagement => Function::Engage,
            Lane::Service => Function::Serve,
            Lane::Statutory | Lane::Safety | Lane::News => Function::Inform,
        },
        sender: sender.id,
        audience: audience.audience.rule,
        team: sent.get("team").parse().ok(),
        starts_at,
        ends_at,
        drop_held: sent.get("held") == "drop",
    })
}

fn texts(sent: &Fields) -> BTreeMap<String, MessageText> {
    let text = |subject: &str, body: &str| MessageText {
        subject: sent.get(subject).to_owned(),
        body: sent.get(body).replace("\r\n", "\n"),
    };
    let mut texts = BTreeMap::from([("en".to_owned(), text("subject", "body"))]);
    let welsh = text("subject_cy", "body_cy");
    if !welsh.subject.is_empty() || !welsh.body.is_empty() {
        texts.insert("cy".to_owned(), welsh);
    }
    texts
}

/// A day and a time by the body's clock. Without a day it is now, without a time the day's beginning.
fn at(visit: &Visit, (day, time): (&str, &str), (of, at): (&str, &str), errors: &mut FieldErrors) -> Option<Instant> {
    let say = l10n::console();
    if day.is_empty() {
        if !time.is_empty() {
            errors.add(of, "required", say.t("sends-day-missing"));
        }
        return None;
    }
    let Ok(date) = day.parse::<NaiveDate>() else {
        errors.add(of, "not_a_date", say.t("sends-day-wrong"));
        return None;
    };
    let clock = if time.is_empty() { Ok(NaiveTime::MIN) } else { NaiveTime::parse_from_str(time, "%H:%M") };
    let Ok(clock) = clock else {
        errors.add(at, "not_a_time", say.t("sends-time-wrong"));
        return None;
    };
    let found = visit.zone().from_local_datetime(&date.and_time(clock)).earliest();
    if found.is_none() {
        errors.add(at, "not_a_time", say.t("sends-time-skipped"));
    }
    found.map(|local| local.to_utc())
}

/// Shows what would become of everybody, goes back to the form, or plans.
pub(crate) async fn act(visit: Visit, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageDispatches)?;
    if sent.get("do") == "change" {
        return Ok(Page(Box::pin(page(&visit, &sent, Errors::default())).await?).into_response());
    }
    let outcome = match draft(&visit, &sent).await {
        Ok(draft) if sent.get("do") == "plan" => {
            Box::pin(visit.app().plan_dispatch(&visit.actor, draft)).await.map(Err)
        }
        Ok(draft) => {
            let head = l10n::console().with("sends-check-head", &[("name", draft.name.as_str().into())]);
            let parts = (visit.frame(head).await?, Teams::all(&visit).await?);
            Box::pin(checked(&visit, &sent, &draft, parts)).await.map(Ok)
        }
        Err(e) => Err(e),
    };
    match outcome {
        Ok(Ok(page)) => Ok(Page(page).into_response()),
        Ok(Err(planned)) => {
            Ok(Redirect::to(&with_done(&format!("/sends/{}", planned.id), "send-planned")).into_response())
        }
        Err(e) => {
            let conflict = matches!(e, Error::Conflict { .. });
            let mut errors = Errors::of_error(e)?;
            for item in &mut errors.items {
                // A rule knows texts by their languages and places in the rule of an audience.
                item.field = match item.field.as_str() {
                    "texts" | "texts/en" => "body".to_owned(),
                    "texts/cy" => "body_cy".to_owned(),
                    field if field.starts_with("audience") => "audience".to_owned(),
                    "starts_at" => "starts_day".to_owned(),
                    "ends_at" => "ends_day".to_owned(),
                    field => field.to_owned(),
                };
            }
            let page = Box::pin(page(&visit, &sent, errors)).await?;
            match conflict {
                true => Ok((StatusCode::CONFLICT, Page(page)).into_response()),
                false => Ok(invalid(page)),
            }
        }
    }
}

async fn checked(
    visit: &Visit,
    sent: &Fields,
    draft: &DispatchDraft,
    (frame, teams): (Frame, Teams),
) -> Result<CheckPage, Error> {
    let say = l10n::console();
    visit.app().check_dispatch(&visit.actor, draft).await?;
    let run = visit.app().dry_run(&visit.actor, draft).await?;
    let listed = |by: &BTreeMap<String, u64>| {
        let mut all: Vec<_> = by.iter().collect();
        all.sort_by_key(|(why, n)| (std::cmp::Reverse(**n), (*why).clone()));
        all.into_iter().map(|(why, n)| (reason(why), format::count(*n))).collect::<Vec<_>>()
    };
    let mut held = Vec::new();
    for one in &run.held_by {
        held.push(held_by(visit, one, &teams).await?);
    }
    let overlap = |other: &Overlap| {
        let (team, state) = (teams.name(other.team), other.state.label());
        let told = [
            ("people", other.people.into()),
            ("count", format::count(other.people).into()),
            ("name", other.name.as_str().into()),
            ("team", team.as_str().into()),
            ("state", state.into()),
        ];
        if team.is_empty() { say.with("sends-overlap-alone", &told) } else { say.with("sends-overlap", &told) }
    };
    let told = [
        ("audience", format::count(run.audience)),
        ("now", format::count(run.now)),
        ("later", format::count(run.all_later())),
        ("never", format::count(run.all_never())),
    ];
    let told: Vec<_> = told.iter().map(|(name, n)| (*name, n.as_str().into())).collect();
    let lead = if draft.starts_at.is_some() {
        say.with("sends-sentence-then", &told)
    } else {
        say.with("sends-sentence", &told)
    };
    Ok(CheckPage {
        frame,
        name: draft.name.clone(),
        fields: FIELDS
            .iter()
            .map(|name| ((*name).to_owned(), sent.get(name).to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        lead,
        now: format::count(run.now),
        later: listed(&run.later),
        all_later: format::count(run.all_later()),
        never: listed(&run.never),
        all_never: format::count(run.all_never()),
        audience: format::count(run.audience),
        held,
        drop: draft.drop_held,
        overlaps: run.overlaps.iter().map(overlap).collect(),
        facts: facts(visit, &run),
        worth: run.now + run.all_later() > 0,
        say,
    })
}

async fn held_by(visit: &Visit, held: &HeldBy, teams: &Teams) -> Result<Held, Error> {
    let say = l10n::console();
    let team = teams.name(held.team);
    let until = held.until.with_timezone(&visit.zone()).format("%A %-d %B %Y").to_string();
    let days = visit.settings.contact_budget.days;
    let name = if held.dispatch.is_some() { held.name.clone() } else { say.t("sends-held-other") };
    let told = [
        ("people", held.people.into()),
        ("count", format::count(held.people).into()),
        ("name", name.as_str().into()),
        ("team", team.as_str().into()),
        ("days", days.into()),
        ("until", until.as_str().into()),
    ];
    let sentence = match (held.sent, team.is_empty()) {
        (true, false) => say.with("sends-held-had", &told),
        (true, true) => say.with("sends-held-had-alone", &told),
        (false, false) => say.with("sends-held-before", &told),
        (false, true) => say.with("sends-held-before-alone", &told),
    };
    let ask = match held.team {
        Some(id) => visit.app().whom_to_ask(&visit.actor, id).await?,
        None => Vec::new(),
    };
    let ask = match (ask.is_empty(), team.is_empty()) {
        (false, _) => say.with("sends-ask", &[("people", ask.join(", ").into()), ("team", team.as_str().into())]),
        (true, false) => say.with("sends-ask-nobody", &[("team", team.as_str().into())]),
        (true, true) => String::new(),
    };
    let send = held.dispatch.map(|id| id.to_string()).unwrap_or_default();
    Ok(Held { sentence, send, name, ask })
}

/// How long it takes, what it costs, and what happens before it goes to everybody.
fn facts(visit: &Visit, run: &DryRun) -> Vec<String> {
    let say = l10n::console();
    let mut facts = Vec::new();
    if run.needs_approval {
        facts.push(say.t("sends-will-approval"));
    }
    if let Some(first) = run.first {
        let minutes = visit.settings.large_sends.ramp_minutes;
        facts.push(say.with("sends-will-ramp", &[("first", format::count(first).into()), ("minutes", minutes.into())]));
    }
    facts.push(match run.seconds {
        0 => say.t("sends-takes-unknown"),
        seconds => say.with("sends-takes", &[("span", format::roughly(seconds as f64).into())]),
    });
    if run.cost > 0 {
        facts.push(say.with("sends-will-cost", &[("cost", money(run.cost).into())]));
    }
    facts
}

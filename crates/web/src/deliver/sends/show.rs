//! One send: what became of everybody for whom it is meant, how it goes on, and who approved it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::deliver::DispatchSeen;
use commonweal_domain::approval::{Approval, Verdict};
use commonweal_domain::delivery::{Bounce, Fault, Skip, Wait};
use commonweal_domain::{
    Delivery, DeliveryState, DispatchId, DispatchState, MessageVersionId, Permission, Problem, Reconciliation,
};

use super::{REFRESH_S, ROWS, Teams, class_of};
use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::choice::Choice;
use crate::ui::components::Textarea;
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;
use crate::ui::pager::{self, Pager};

#[derive(Template)]
#[template(path = "deliver/send.html")]
struct SendPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    name: String,
    about: String,
    state: &'static str,
    class: &'static str,
    /// What is to be known of where it stands.
    notes: Vec<String>,
    /// What stopped it, or why it could not be planned.
    problem: String,
    progress: Option<(u64, u64, String)>,
    sums: Vec<Sum>,
    audience: String,
    adds_up: bool,
    facts: Vec<(String, String)>,
    texts: Vec<Text>,
    newer: bool,
    approvals: Vec<Said>,
    /// The version that is looked at, for whoever may approve it.
    approve: Option<(String, Textarea)>,
    may_pause: bool,
    may_resume: bool,
    may_retry: bool,
    may_stop: bool,
    /// Whether it can be made again, being over without having gone to everybody.
    may_repeat: bool,
}

/// A line of what became of everybody, with its reasons.
struct Sum {
    name: String,
    people: String,
    reasons: Vec<(String, String)>,
}

struct Text {
    language: String,
    code: String,
    subject: String,
    body: String,
}

struct Said {
    verdict: &'static str,
    class: &'static str,
    about: String,
    note: String,
}

#[derive(Template)]
#[template(path = "deliver/deliveries.html")]
struct DeliveriesPage {
    frame: Frame,
    say: Say,
    id: String,
    name: String,
    states: Vec<Choice>,
    rows: Vec<DeliveryRow>,
    first_page: bool,
    pager: Pager,
    sees_people: bool,
}

struct DeliveryRow {
    id: String,
    state: &'static str,
    why: String,
    attempts: String,
    when: String,
    /// Whom it is for; empty once they are erased.
    person: String,
}

/// Why somebody does not get something, or not yet, in words.
pub(super) fn reason(key: &str) -> String {
    let say = l10n::console();
    match key {
        "due" => say.t("sends-reason-due"),
        "attempting" => say.t("sends-reason-attempting"),
        other => Wait::from_key(other)
            .map(|why| why.label())
            .or_else(|| Skip::from_key(other).map(|why| why.label()))
            .or_else(|| Fault::from_key(other).map(|why| why.label()))
            .or_else(|| Bounce::from_key(other).map(|why| why.label()))
            .map_or_else(|| other.to_owned(), str::to_owned),
    }
}

fn sum(name: String, n: u64, by: &BTreeMap<String, u64>) -> Sum {
    let mut reasons: Vec<(&String, &u64)> = by.iter().collect();
    reasons.sort_by_key(|(why, n)| (std::cmp::Reverse(**n), (*why).clone()));
    let reasons = reasons.into_iter().map(|(why, n)| (reason(why), format::count(*n))).collect();
    Sum { name, people: format::count(n), reasons }
}

fn sums(all: &Reconciliation, say: Say) -> Vec<Sum> {
    let total = |by: &BTreeMap<String, u64>| by.values().sum();
    let none = BTreeMap::new();
    let mut out = sum(say.t("sends-handed-over"), all.handed_over, &none);
    let known = [
        (say.t("sends-delivered"), all.delivered),
        (say.t("sends-bounced"), all.bounced),
        (say.t("sends-complained"), all.complained),
    ];
    out.reasons = known.into_iter().filter(|(_, n)| *n > 0).map(|(name, n)| (name, format::count(n))).collect();
    vec![
        out,
        sum(say.t("sends-not-sent"), total(&all.skipped), &all.skipped),
        sum(say.t("sends-failed"), total(&all.failed), &all.failed),
        sum(say.t("sends-pending"), total(&all.pending), &all.pending),
        sum(say.t("sends-not-known"), all.not_known, &none),
    ]
}

/// An amount of money, without its currency: the body's.
pub(super) fn money(millionths: u64) -> String {
    format!("{}.{:02}", format::count(millionths / 1_000_000), millionths % 1_000_000 / 10_000)
}

fn notes(seen: &DispatchSeen, visit: &Visit) -> Vec<String> {
    let say = l10n::console();
    let dispatch = &seen.dispatch;
    let at = |instant| format::date_time(instant, visit.zone());
    let mut notes = Vec::new();
    match dispatch.state {
        DispatchState::Planning => notes.push(say.t("sends-note-planning")),
        DispatchState::AwaitingApproval => notes.push(say.t("sends-note-approval")),
        DispatchState::Running => {
            if dispatch.starts_at > visit.app().now() {
                notes.push(say.with("sends-note-begins", &[("at", at(dispatch.starts_at).into())]));
            }
            match (dispatch.ramp_left, dispatch.ramp_until) {
                (Some(0), Some(until)) => {
                    notes.push(say.with("sends-note-rests", &[("at", at(until).into())]));
                }
                (Some(left), _) => notes.push(say.count("sends-note-first", left)),
                (None, _) => {}
            }
        }
        DispatchState::Paused => notes.push(say.t("sends-note-paused")),
        _ => {}
    }
    if dispatch.drop_held {
        notes.push(say.t("sends-note-drop"));
    }
    notes
}

fn problem(problem: &Problem) -> String {
    let say = l10n::console();
    match problem {
        Problem::NotPlanned { why } => say.with("sends-problem-plan", &[("why", why.as_str().into())]),
        Problem::Limit(halt) => {
            let told = [("n", format::count(halt.of_those)), ("out", format::count(halt.out))];
            let told: Vec<_> = told.iter().map(|(name, n)| (*name, n.as_str().into())).collect();
            match halt.excess {
                commonweal_domain::ramp::Excess::Bounces => say.with("sends-problem-bounces", &told),
                commonweal_domain::ramp::Excess::Complaints => say.with("sends-problem-complaints", &told),
            }
        }
    }
}

fn said(approval: Approval, visit: &Visit) -> Said {
    let at = format::date_time(approval.at, visit.zone());
    Said {
        verdict: approval.verdict.label(),
        class: if approval.verdict == Verdict::Approved { "cw-tag--positive" } else { "cw-tag--negative" },
        about: at,
        note: approval.note,
    }
}

async fn page(visit: &Visit, id: DispatchId, errors: Errors, note: &str) -> WebResult<SendPage> {
    let say = l10n::console();
    let seen = visit.app().dispatch(&visit.actor, id).await?;
    let teams = Teams::all(visit).await?;
    let (dispatch, all) = (&seen.dispatch, &seen.reconciliation);
    let zone = visit.zone();
    let manages = visit.may(Permission::ManageDispatches);
    let moving = matches!(dispatch.state, DispatchState::Planning | DispatchState::Running);
    let title = say.with("sends-one-head", &[("name", dispatch.name.as_str().into())]);
    let mut frame = visit.frame(errors.headed(title, say)).await?;
    frame.refresh = (moving && errors.items.is_empty()).then_some(REFRESH_S);
    let done = all.audience - all.still_pending().min(all.audience);
    let mut facts = vec![
        (say.t("sends-lane"), dispatch.lane.label().to_owned()),
        (say.t("sends-sender"), seen.sender.setup.name.clone()),
        (say.t("sends-starts"), format::date_time(dispatch.starts_at, zone)),
        (say.t("sends-ends"), format::date_time(dispatch.ends_at, zone)),
    ];
    if let Some(rule) = &dispatch.audience {
        facts.insert(0, (say.t("sends-audience"), visit.app().in_words(rule)));
    }
    if let Some(topic) = &dispatch.topic {
        facts.push((say.t("sends-topic"), topic.clone()));
    }
    if seen.sender.setup.cost > 0 {
        facts.push((say.t("sends-cost"), money(seen.spent)));
    }
    let team = teams.name(dispatch.team);
    let about = match team.is_empty() {
        true => say.with("sends-about-alone", &[("at", format::date_time(dispatch.made_at, zone).into())]),
        false => say.with(
            "sends-about",
            &[("team", team.as_str().into()), ("at", format::date_time(dispatch.made_at, zone).into())],
        ),
    };
    let texts = seen.version.texts.iter().map(|(code, text)| Text {
        language: match code.as_str() {
            "en" => say.t("sends-english"),
            "cy" => say.t("sends-welsh"),
            other => other.to_owned(),
        },
        code: code.clone(),
        subject: text.subject.clone(),
        body: text.body.clone(),
    });
    let approve = seen.may_approve.then(|| {
        let label = say.t("sends-verdict-note");
        let field = Textarea::new("note", label.as_str())
            .hint(say.t("sends-verdict-note-hint").as_str())
            .rows(3_u32)
            .value(note)
            .error(errors.of("note"));
        (dispatch.content.to_string(), field)
    });
    Ok(SendPage {
        id: id.to_string(),
        about,
        state: dispatch.state.label(),
        class: class_of(dispatch.state),
        notes: notes(&seen, visit),
        problem: dispatch.problem.as_ref().map(problem).unwrap_or_default(),
        progress: (moving || dispatch.state == DispatchState::Paused)
            .then(|| (done, all.audience.max(1), format::of(done, all.audience))),
        sums: sums(all, say),
        audience: format::count(all.audience),
        adds_up: all.adds_up(),
        facts,
        texts: texts.collect(),
        newer: seen.newest > seen.version.version,
        approve,
        may_pause: manages && dispatch.state == DispatchState::Running,
        may_resume: manages && dispatch.state == DispatchState::Paused,
        may_retry: manages
            && !all.failed.is_empty()
            && matches!(dispatch.state, DispatchState::Running | DispatchState::Paused | DispatchState::Finished),
        may_stop: manages && !dispatch.state.is_over(),
        may_repeat: manages
            && matches!(dispatch.state, DispatchState::Declined | DispatchState::Failed | DispatchState::Cancelled),
        name: dispatch.name.clone(),
        approvals: seen.approvals.into_iter().map(|approval| said(approval, visit)).collect(),
        frame,
        errors,
        say,
    })
}

/// One send.
pub(crate) async fn show(visit: Visit, Path(id): Path<DispatchId>) -> WebResult<Response> {
    Ok(Page(Box::pin(page(&visit, id, Errors::default(), "")).await?).into_response())
}

/// What a button did: the page again with a sentence, or with why it did nothing.
async fn after(visit: &Visit, id: DispatchId, done: Result<(), Error>, code: &str, note: &str) -> WebResult<Response> {
    visit.count_again();
    let error = match done {
        Ok(()) => return Ok(Redirect::to(&with_done(&format!("/sends/{id}"), code)).into_response()),
        Err(error) => error,
    };
    let status = match error {
        Error::Conflict { .. } => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let errors = Errors::of_error(error)?;
    Ok((status, Page(Box::pin(page(visit, id, errors, note)).await?)).into_response())
}

/// Begins nothing more.
pub(crate) async fn pause(visit: Visit, Path(id): Path<DispatchId>) -> WebResult<Response> {
    let done = visit.app().pause_dispatch(&visit.actor, id).await;
    after(&visit, id, done, "send-paused", "").await
}

/// Goes on.
pub(crate) async fn resume(visit: Visit, Path(id): Path<DispatchId>) -> WebResult<Response> {
    let done = visit.app().resume_dispatch(&visit.actor, id).await;
    after(&visit, id, done, "send-resumed", "").await
}

/// Sends what failed again.
pub(crate) async fn retry(visit: Visit, Path(id): Path<DispatchId>) -> WebResult<Response> {
    let done = visit.app().retry_dispatch(&visit.actor, id).await.map(drop);
    after(&visit, id, done, "send-retried", "").await
}

/// What a second person says of it.
pub(crate) async fn verdict(visit: Visit, Path(id): Path<DispatchId>, sent: Fields) -> WebResult<Response> {
    let (app, note) = (visit.app(), sent.get("note"));
    // Of no version where none is named: then it is another than the one that was looked at.
    let version: MessageVersionId =
        sent.get("version").parse().unwrap_or_else(|_| MessageVersionId::from(uuid::Uuid::nil()));
    let (done, code) = match sent.get("verdict") {
        "approved" => (app.approve_dispatch(&visit.actor, id, version, note).await, "send-approved"),
        _ => (app.decline_dispatch(&visit.actor, id, version, note).await, "send-declined"),
    };
    after(&visit, id, done, code, note).await
}

/// The deliveries of a send, newest first. No address stands there.
pub(crate) async fn deliveries(visit: Visit, Path(id): Path<DispatchId>) -> WebResult<Response> {
    let say = l10n::console();
    let asked = Fields::parse(visit.query());
    let state = DeliveryState::from_key(asked.get("state"));
    let first = match state {
        Some(state) => format!("/sends/{id}/deliveries?state={}", state.key()),
        None => format!("/sends/{id}/deliveries"),
    };
    let request = pager::asked(visit.query(), &first, ROWS);
    let seen = visit.app().dispatch(&visit.actor, id).await?;
    let found = visit.app().deliveries(&visit.actor, Some(id), state, &request).await?;
    let pager = Pager::at(&found, &request, &first, &first);
    let sees_people = visit.may(Permission::ReadPeople);
    let people = match sees_people {
        true => {
            let records: Vec<_> = found.items.iter().filter_map(|d| d.record).collect();
            visit.app().people_of_deliveries(&visit.actor, &records).await?
        }
        false => Default::default(),
    };
    let row = |d: Delivery| DeliveryRow {
        id: d.id.to_string(),
        state: d.state.label(),
        why: d.reason.as_deref().map(reason).unwrap_or_default(),
        attempts: format::count(d.attempts.into()),
        when: format::date_time(d.changed_at, visit.zone()),
        person: d.record.and_then(|record| people.get(&record)).map(ToString::to_string).unwrap_or_default(),
    };
    let name = seen.dispatch.name;
    let page = DeliveriesPage {
        frame: visit.frame(say.with("sends-deliveries-head", &[("name", name.as_str().into())])).await?,
        id: id.to_string(),
        name,
        states: DeliveryState::ALL.iter().map(|s| Choice::new(s.key(), s.label(), state == Some(*s))).collect(),
        rows: found.items.into_iter().map(row).collect(),
        first_page: request.is_first(),
        pager,
        sees_people,
        say,
    };
    Ok(Page(page).into_response())
}

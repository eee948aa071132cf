//! Alerts: comments that a person should look at, by kind, with what raised them, and who has looked.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::understand::alerts::{AlertItem, AlertState, alert_kinds, alerting};
use commonweal_app::{App, Error};
use commonweal_domain::filter::NONE;
use commonweal_domain::reading::CONTRADICTION;
use commonweal_domain::{Actor, Dimension, FeedbackId, Permission};

use crate::http::capability::Later;
use crate::http::error::WebResult;
use crate::l10n::{Say, console};
use crate::ui::asked::Asked;
use crate::ui::comments::{Score, Segment, foreign, marked};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;
use crate::ui::pager::{self, Pager};

/// Alerts on a page.
const SHOWN: usize = 25;

#[derive(Template)]
#[template(path = "understand/alerts.html")]
struct AlertsPage {
    say: Say,
    frame: Frame,
    what: String,
    errors: Errors,
    states: Vec<Choice>,
    kinds: Vec<Choice>,
    rows: Vec<Row>,
    pager: Pager,
    more: bool,
    may_mark: bool,
    empty: Option<(String, String)>,
    as_of: String,
}

struct Choice {
    text: String,
    count: String,
    href: String,
    current: bool,
}

struct Row {
    id: String,
    href: String,
    kinds: Vec<String>,
    words: Vec<(String, Vec<Segment>)>,
    rating: Option<Score>,
    place: String,
    at: String,
    at_machine: String,
    review: Option<Review>,
    note: String,
    act: String,
}

struct Review {
    who: String,
    note: String,
    undo: String,
}

/// What the address asks.
struct Query {
    state: AlertState,
    kind: Option<String>,
}

impl Query {
    fn of(query: &str) -> Self {
        let fields = Fields::parse(query);
        let state = if fields.get("state") == "looked" { AlertState::Reviewed } else { AlertState::Open };
        let kind = Some(fields.get("kind").to_owned()).filter(|kind| !kind.is_empty());
        Self { state, kind }
    }

    fn address(&self, path: &str) -> String {
        let mut pairs = Vec::new();
        if self.state == AlertState::Reviewed {
            pairs.push(("state", "looked"));
        }
        pairs.extend(self.kind.as_deref().map(|kind| ("kind", kind)));
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    fn with(&self, state: AlertState, kind: Option<&str>) -> String {
        Self { state, kind: kind.map(str::to_owned) }.address("/understand/alerts")
    }

    /// The list that a cursor is good for.
    fn list(&self) -> String {
        let state = if self.state == AlertState::Reviewed { "looked" } else { "open" };
        format!("alerts {state} {}", self.kind.as_deref().unwrap_or_default())
    }
}

/// How many nobody has looked at yet.
pub(crate) fn waiting(app: App, actor: Actor) -> Later<u64> {
    Box::pin(async move { app.open_alerts(&actor, None).await })
}

/// The page.
pub(crate) async fn show(visit: Visit) -> WebResult<Response> {
    Ok(Page(page(&visit, Errors::default(), None).await?).into_response())
}

/// Marks a feedback's alerts as looked at.
pub(crate) async fn review(visit: Visit, Path(id): Path<FeedbackId>, fields: Fields) -> WebResult<Response> {
    let back = Query::of(visit.query()).address("/understand/alerts");
    match visit.app().review_alert(&visit.actor, id, fields.get("note")).await {
        Ok(()) => {
            visit.count_again();
            Ok(Redirect::to(&with_done(&back, "alert-reviewed")).into_response())
        }
        Err(e @ Error::Invalid(_)) => {
            let errors = Errors::of_error(e)?;
            let retry = Some((id, fields.get("note").to_owned()));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page(&visit, errors, retry).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Takes that back.
pub(crate) async fn reopen(visit: Visit, Path(id): Path<FeedbackId>) -> WebResult<Response> {
    visit.app().reopen_alert(&visit.actor, id).await?;
    visit.count_again();
    let back = Query::of(visit.query()).address("/understand/alerts");
    Ok(Redirect::to(&with_done(&back, "alert-reopened")).into_response())
}

async fn page(visit: &Visit, errors: Errors, retry: Option<(FeedbackId, String)>) -> WebResult<AlertsPage> {
    let (say, app, query) = (console(), visit.app(), Query::of(visit.query()));
    let (request, any) = (pager::asked(visit.query(), &query.list(), SHOWN), alerting(&alert_kinds()));
    let (found, open, facets) = tokio::try_join!(
        app.alerts(&visit.actor, query.state, query.kind.as_deref(), &request),
        app.open_alerts(&visit.actor, query.kind.as_deref()),
        app.facets(&visit.actor, &any, &[Dimension::Alert], 100),
    )?;
    let labels = app.labels();
    let held: Vec<String> = facets.first().map(|f| &f.options).into_iter().flatten().map(|o| o.value.clone()).collect();
    let none = held.iter().all(|value| value == NONE);
    let states = [
        (AlertState::Open, "alerts-open", format::count(open)),
        (AlertState::Reviewed, "alerts-looked-at", String::new()),
    ];
    let mut kinds = Vec::new();
    for key in std::iter::once(None).chain(alert_kinds().into_iter().map(Some)) {
        let current = query.kind.as_deref() == key;
        if !current && key.is_some_and(|key| held.iter().all(|value| value != key)) {
            continue;
        }
        let count = match query.state {
            AlertState::Open if current => format::count(open),
            AlertState::Open => format::count(app.open_alerts(&visit.actor, key).await?),
            AlertState::Reviewed => String::new(),
        };
        let text = key.map_or_else(|| say.t("alerts-safeguarding"), |key| labels.value(&Dimension::Alert, key));
        kinds.push(Choice { text, count, href: query.with(query.state, key), current });
    }
    let what = match query.kind.as_deref() {
        Some(CONTRADICTION) => say.t("alerts-what-contradiction"),
        _ => say.t("alerts-what"),
    };
    let pager = Pager::at(&found, &request, &query.list(), &query.address("/understand/alerts"));
    let empty = (found.items.is_empty() && request.is_first()).then(|| {
        let id = match query.state {
            _ if none => "alerts-empty",
            AlertState::Open => "alerts-empty-open",
            AlertState::Reviewed => "alerts-empty-looked-at",
        };
        (say.t(id), say.t("alerts-empty-what"))
    });
    let row = |item: AlertItem| row(visit, &query, item, retry.as_ref());
    let title = if errors.items.is_empty() { say.t("alerts-title") } else { say.t("alerts-title-error") };
    Ok(AlertsPage {
        say,
        frame: visit.frame(title).await?,
        what,
        errors,
        states: states
            .into_iter()
            .map(|(state, id, count)| Choice {
                text: say.t(id),
                count,
                href: query.with(state, query.kind.as_deref()),
                current: query.state == state,
            })
            .collect(),
        kinds,
        pager,
        more: !found.items.is_empty(),
        rows: found.items.into_iter().map(row).collect(),
        may_mark: visit.may(Permission::CorrectReadings),
        empty,
        as_of: visit.as_of(app.as_of()),
    })
}

fn row(visit: &Visit, query: &Query, item: AlertItem, retry: Option<&(FeedbackId, String)>) -> Row {
    let (say, zone, labels) = (console(), visit.zone(), visit.app().labels());
    let AlertItem { doc, kinds, marks, review } = item;
    let raised = doc.comments.iter().zip(&marks).filter(|(c, _)| !c.reading.alerts.is_empty());
    let words = raised.map(|(c, marks)| (foreign(c, &doc), marked(c, marks))).collect();
    let here = doc.touchpoint.as_ref().map(|t| labels.value(&Dimension::Touchpoint, t));
    let place = here.or_else(|| doc.service.as_ref().map(|s| labels.value(&Dimension::Service, s)));
    let own = Asked::nothing(zone).only(&Dimension::Alert, &kinds.iter().map(String::as_str).collect::<Vec<_>>());
    let review = review.map(|review| Review {
        who: say.with(
            "alerts-looked-by",
            &[("name", review.actor.into()), ("when", format::moment(review.at, visit.app().now(), zone).into())],
        ),
        note: review.note,
        undo: query.address(&format!("/understand/alerts/{}/reopen", doc.id)),
    });
    Row {
        id: doc.id.to_string(),
        href: format!("/understand/feedback/{}?{}", doc.id, own.query()),
        kinds: labels.values(&Dimension::Alert, &kinds),
        words,
        rating: doc.ratings.first().map(Score::of),
        place: place.unwrap_or_default(),
        at: format::date_time(doc.at, zone),
        at_machine: format::machine(doc.at),
        review,
        note: retry.filter(|(id, _)| *id == doc.id).map(|(_, note)| note.clone()).unwrap_or_default(),
        act: query.address(&format!("/understand/alerts/{}/review", doc.id)),
    }
}

//! People who asked by a form to hear back: personal data, seen by few, each look audited.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::App;
use commonweal_domain::form::ReplyRequest;
use commonweal_domain::{Actor, FeedbackId, Form, FormId, Permission};

use crate::http::capability::Later;
use crate::http::error::WebResult;
use crate::l10n::{Say, console};
use crate::ui::form::Fields;
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;
use crate::ui::pager::{self, Pager};

/// Wishes on one page.
const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "listen/form_replies.html")]
struct RepliesPage {
    frame: Frame,
    say: Say,
    heading: String,
    form: String,
    rows: Vec<Row>,
    first_page: bool,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "listen/replies.html")]
struct WaitingPage {
    frame: Frame,
    say: Say,
    rows: Vec<FormRow>,
}

struct FormRow {
    href: String,
    title: String,
    people: String,
}

struct Row {
    feedback: String,
    address: String,
    words: String,
    lang: &'static str,
    at: String,
    done: Option<String>,
    whose: String,
}

/// How many people wait to hear back.
pub(crate) fn unanswered(app: App, actor: Actor) -> Later<u64> {
    Box::pin(async move { app.waiting_replies_count(&actor).await })
}

/// The forms by which people asked who still wait. Says nothing personal, so that no look at it is written down.
pub(crate) async fn waiting(visit: Visit) -> WebResult<Response> {
    let say = console();
    let row = |(form, people): (Form, u64)| FormRow {
        href: format!("/listen/forms/{}/replies", form.id),
        title: form.design.title,
        people: format::count(people),
    };
    let rows = visit.app().waiting_replies(&visit.actor).await?.into_iter().map(row).collect();
    Ok(Page(WaitingPage { frame: visit.frame(say.t("forms-replies-all")).await?, say, rows }).into_response())
}

/// Who asked to hear back by one form.
pub(crate) async fn list(visit: Visit, Path(id): Path<FormId>) -> WebResult<Response> {
    visit.require(Permission::ReadOriginals)?;
    let form = visit.app().form_of_replies(&visit.actor, id).await?;
    let (list, address) = (format!("replies {id}"), format!("/listen/forms/{id}/replies"));
    let request = pager::asked(visit.query(), &list, ROWS);
    let found = visit.app().reply_requests(&visit.actor, id, &request).await?;
    let pager = Pager::at(&found, &request, &list, &address);
    let say = console();
    let row = |r: ReplyRequest| Row {
        feedback: r.feedback.to_string(),
        whose: say.with("forms-replies-of", &[("address", r.address.as_str().into())]),
        address: r.address,
        words: r.words,
        lang: r.language.key(),
        at: format::date_time(r.at, visit.zone()),
        done: r.done_at.map(|at| format::date_time(at, visit.zone())),
    };
    let heading = say.with("forms-replies-title", &[("title", form.design.title.as_str().into())]);
    let page = RepliesPage {
        frame: visit.frame(heading.clone()).await?,
        say,
        heading,
        form: format!("/listen/forms/{id}"),
        rows: found.items.into_iter().map(row).collect(),
        first_page: request.is_first(),
        pager,
    };
    Ok(Page(page).into_response())
}

/// Marks a wish as answered or as waiting again, or removes it.
pub(crate) async fn change(
    visit: Visit,
    Path((id, feedback)): Path<(FormId, FeedbackId)>,
    fields: Fields,
) -> WebResult<Response> {
    let code = match fields.get("do") {
        "remove" => {
            visit.app().remove_reply(&visit.actor, feedback).await?;
            "reply-removed"
        }
        what => {
            visit.app().mark_reply(&visit.actor, feedback, what != "wait").await?;
            "reply-marked"
        }
    };
    visit.count_again();
    Ok(Redirect::to(&with_done(&format!("/listen/forms/{id}/replies"), code)).into_response())
}

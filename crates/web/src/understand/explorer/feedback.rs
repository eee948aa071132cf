//! One feedback on a page of its own, and the forms that are sent from it or from the Explorer.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_domain::{CommentId, FeedbackId, Verdict};

use crate::http::error::{Failure, WebResult};
use crate::l10n::{self, Say};
use crate::ui::asked::Asked;
use crate::ui::filter_url::Context;
use crate::ui::form::{Errors, Fields};
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;
use crate::understand::explorer;
use crate::understand::explorer::correction::{self, Typed};
use crate::understand::explorer::detail::{Detail, Sent, with_query};
use crate::understand::explorer::list::{self, Neighbours};
use crate::understand::themes::named::ThemesNamed;

#[derive(Template)]
#[template(path = "understand/feedback.html")]
struct DetailPage {
    frame: Frame,
    say: Say,
    back: String,
    neighbours: Neighbours,
    errors: Errors,
    detail: Detail,
    as_of: String,
}

/// The page.
pub(crate) async fn show(visit: Visit, Path(id): Path<FeedbackId>) -> WebResult<Response> {
    Ok(Page(page(&visit, &asked(&visit), id, Sent::default()).await?).into_response())
}

/// Corrects, confirms, or goes back to what the machine read.
pub(crate) async fn correct(
    visit: Visit,
    Path((id, comment)): Path<(FeedbackId, CommentId)>,
    fields: Fields,
) -> WebResult<Response> {
    let say = l10n::console();
    visit.require(commonweal_domain::Permission::CorrectReadings)?;
    let detail = visit.app().feedback(&visit.actor, id).await?;
    let there = detail.comments.iter().position(|c| c.id == comment);
    let place = there.ok_or_else(|| Failure::from(commonweal_app::Error::NotFound("comment")))?;
    let themes = ThemesNamed::of(&visit).await?;
    let done = match correction::verdict(say, &fields, &detail.doc.comments[place], &themes, place + 1) {
        Err(errors) => Err(errors),
        Ok(verdict) => {
            let code = match verdict {
                Verdict::Confirm => "confirmed",
                Verdict::Undo => "correction-undone",
                _ => "corrected",
            };
            match visit.app().correct(&visit.actor, comment, verdict, correction::seen(&fields)).await {
                Ok(_) => Ok(code),
                Err(e) => {
                    let made = visit.app().corrections(&visit.actor, &[comment]).await?;
                    let history = correction::history(&visit, say, &made.iter().collect::<Vec<_>>(), &themes);
                    Err(correction::refused(say, e, &history, place + 1)?)
                }
            }
        }
    };
    match done {
        Ok(code) => {
            let asked = asked(&visit);
            let here = match asked.open {
                Some(_) => asked.explorer(),
                None => with_query(&format!("/understand/feedback/{id}"), visit.query()),
            };
            Ok(Redirect::to(&with_done(&here, code)).into_response())
        }
        Err(errors) => {
            let typed = Some(Typed::of(comment, &fields));
            answer(&visit, id, Sent { errors, typed, original: None }, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// Shows a comment as it was before redaction. Sent as a form, because each look is written down.
pub(crate) async fn original(visit: Visit, Path((id, comment)): Path<(FeedbackId, CommentId)>) -> WebResult<Response> {
    let text = visit.app().original(&visit.actor, comment).await?;
    answer(&visit, id, Sent { original: Some((comment, text)), ..Sent::default() }, StatusCode::OK).await
}

/// A question that can't be read is no reason not to show the feedback.
fn asked(visit: &Visit) -> Asked {
    Asked::read(visit.query(), Context { zone: visit.zone(), now: visit.app().now() }).0
}

/// The page from which a form was sent: the Explorer, when the feedback stood beside its list.
async fn answer(visit: &Visit, id: FeedbackId, sent: Sent, status: StatusCode) -> WebResult<Response> {
    let asked = asked(visit);
    if asked.open == Some(id) {
        return explorer::page(visit, &asked, sent, status).await;
    }
    Ok((status, Page(page(visit, &asked, id, sent).await?)).into_response())
}

async fn page(visit: &Visit, asked: &Asked, id: FeedbackId, sent: Sent) -> WebResult<DetailPage> {
    let say = l10n::console();
    let detail = Detail::of(visit, asked, id, &sent).await?;
    let from_list = !visit.query().is_empty();
    let neighbours = match from_list {
        true => {
            let page = list::page(visit, asked).await?;
            let at = visit.app().feedback(&visit.actor, id).await?.doc.at;
            Neighbours::of(visit, asked, &page, (at, id), |asked, id| asked.feedback(id)).await?
        }
        false => Neighbours::default(),
    };
    Ok(DetailPage {
        frame: visit.frame(sent.errors.headed(detail.heading.clone(), say)).await?,
        say,
        back: format!("{}#f-{id}", asked.closed().explorer()),
        neighbours,
        errors: sent.errors,
        detail,
        as_of: visit.as_of(visit.app().as_of()),
    })
}

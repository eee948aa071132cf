//! Suppressed addresses: to which nothing is sent. Which ones they are is not kept; whoever knows one can ask after it.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::deliver::SuppressionSeen;
use commonweal_app::deliver::suppressions::BY_HAND;
use commonweal_domain::{HandleKind, LiftReason, Permission, SuppressionReason};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::components::{Choice, Choices, Input};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};
use crate::ui::pager::{self, Pager};

/// Rows on one page.
const ROWS: usize = 50;
/// The list, for its cursors.
const LIST: &str = "suppressions";
const ADDRESS: &str = "/suppressions";

#[derive(Template)]
#[template(path = "deliver/suppressions.html")]
struct SuppressionsPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    rows: Vec<Row>,
    first_page: bool,
    pager: Pager,
    /// For whoever may ask after one.
    find: Option<Input>,
    found: Option<Found>,
}

struct Row {
    kind: String,
    reason: String,
    since: String,
    until: String,
    send: Option<(String, String)>,
}

/// What is known of the address that was asked after.
struct Found {
    address: String,
    row: Option<Row>,
    /// How to lift it, or to write it down.
    choices: Choices,
}

fn row(seen: SuppressionSeen, visit: &Visit, say: Say) -> Row {
    Row {
        kind: match seen.kind {
            Some(HandleKind::Email) => say.t("suppressions-email"),
            Some(HandleKind::Phone) => say.t("suppressions-phone"),
            _ => say.t("suppressions-other"),
        },
        reason: say.name(seen.reason),
        since: format::date(seen.at, visit.zone()),
        until: seen.expires_at.map_or_else(|| say.t("suppressions-for-good"), |at| format::date(at, visit.zone())),
        send: seen.send.map(|(id, name)| (format!("/sends/{id}"), name)),
    }
}

async fn page(
    visit: &Visit,
    errors: Errors,
    asked: Option<(&Fields, Option<SuppressionSeen>)>,
) -> WebResult<SuppressionsPage> {
    let say = l10n::console();
    let request = pager::asked(visit.query(), LIST, ROWS);
    let all = visit.app().suppressions(&visit.actor, &request).await?;
    let pager = Pager::at(&all, &request, LIST, ADDRESS);
    let typed = asked.as_ref().map_or("", |(sent, _)| sent.get("address"));
    let find = Input::new("address", say.t("suppressions-find").as_str())
        .hint(say.t("suppressions-find-hint").as_str())
        .value(typed)
        .autocomplete("off")
        .spellcheck(false)
        .error(errors.of("address"));
    let found = asked.filter(|_| !errors.has("address")).map(|(sent, seen)| {
        let choices = match &seen {
            Some(seen) => Choices::radios("why", say.t("suppressions-why-lift").as_str())
                .items(
                    LiftReason::ALL
                        .iter()
                        .filter(|why| seen.reason.may_be_lifted(**why))
                        .map(|why| Choice::new(why.key(), say.name(*why).as_str())),
                )
                .error(errors.of("why")),
            None => Choices::radios("reason", say.t("suppressions-why-add").as_str())
                .items(BY_HAND.iter().map(|reason| Choice::new(reason.key(), by_hand(*reason, say).as_str())))
                .error(errors.of("reason")),
        };
        Found { address: sent.get("address").to_owned(), row: seen.map(|seen| row(seen, visit, say)), choices }
    });
    Ok(SuppressionsPage {
        frame: visit.frame(errors.headed(say.t("suppressions-head"), say)).await?,
        rows: all.items.into_iter().map(|seen| row(seen, visit, say)).collect(),
        first_page: request.is_first(),
        pager,
        find: visit.may(Permission::ManageDispatches).then_some(find),
        found,
        say,
        errors,
    })
}

/// What somebody who rings up says, rather than what a server does.
fn by_hand(reason: SuppressionReason, say: Say) -> String {
    match reason {
        SuppressionReason::Stopped => say.t("suppressions-by-hand-stopped"),
        other => say.name(other),
    }
}

/// What is suppressed.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    Ok(Page(page(&visit, Errors::default(), None).await?).into_response())
}

/// Asks after an address. It is sent as a form, so that it stands in no address of a page.
pub(crate) async fn find(visit: Visit, sent: Fields) -> WebResult<Response> {
    match visit.app().find_suppression(&visit.actor, sent.get("address")).await {
        Ok(seen) => Ok(Page(page(&visit, Errors::default(), Some((&sent, seen))).await?).into_response()),
        Err(error) => refused(&visit, error, &sent).await,
    }
}

/// The page with what is wrong, and what is known of the address if it is one.
async fn refused(visit: &Visit, error: Error, sent: &Fields) -> WebResult<Response> {
    let errors = Errors::of_error(error)?;
    let seen = visit.app().find_suppression(&visit.actor, sent.get("address")).await.unwrap_or_default();
    Ok(invalid(page(visit, errors, Some((sent, seen))).await?))
}

/// Lets messages go there again.
pub(crate) async fn lift(visit: Visit, sent: Fields) -> WebResult<Response> {
    let why = LiftReason::from_key(sent.get("why"));
    match visit.app().lift_suppression(&visit.actor, sent.get("address"), why).await {
        Ok(()) => Ok(Redirect::to(&with_done(ADDRESS, "suppression-lifted")).into_response()),
        Err(error) => refused(&visit, error, &sent).await,
    }
}

/// Sends nothing there any more.
pub(crate) async fn add(visit: Visit, sent: Fields) -> WebResult<Response> {
    let reason = SuppressionReason::from_key(sent.get("reason"));
    match visit.app().suppress(&visit.actor, sent.get("address"), reason).await {
        Ok(()) => Ok(Redirect::to(&with_done(ADDRESS, "suppression-added")).into_response()),
        Err(error) => refused(&visit, error, &sent).await,
    }
}

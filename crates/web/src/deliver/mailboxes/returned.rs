//! What came back: how many mails of which kind, what became of them, and the newest one by one. Nothing of what they said.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse, Response};
use commonweal_domain::{MailboxId, Returned};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::pager::{self, Pager};

/// Rows on one page.
const ROWS: usize = 50;
/// The list, for its cursors.
const LIST: &str = "returned";
const ADDRESS: &str = "/returned";

#[derive(Template)]
#[template(path = "deliver/returned.html")]
struct ReturnedPage {
    frame: Frame,
    say: Say,
    counts: Vec<Count>,
    /// How many nobody could assign: a person looks at them.
    left: Option<String>,
    rows: Vec<Row>,
    first_page: bool,
    pager: Pager,
}

struct Count {
    kind: String,
    outcome: String,
    mails: String,
}

struct Row {
    at: String,
    kind: String,
    outcome: String,
    mailbox: String,
}

/// What came back.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    let say = l10n::console();
    let request = pager::asked(visit.query(), LIST, ROWS);
    let all = visit.app().returned_mails(&visit.actor, &request).await?;
    let pager = Pager::at(&all, &request, LIST, ADDRESS);
    let mut found = visit.app().returned_counts(&visit.actor).await?;
    found.sort_by_key(|one| std::cmp::Reverse(one.mails));
    let left: u64 = found.iter().filter(|one| one.outcome.is_left()).map(|one| one.mails).sum();
    let names: HashMap<MailboxId, String> = visit.app().mailbox_names(&visit.actor).await?.into_iter().collect();
    let row = |one: Returned| Row {
        at: format::date_time(one.at, visit.zone()),
        kind: say.name(one.kind),
        outcome: say.name(one.outcome),
        mailbox: match one.mailbox {
            Some(id) => names.get(&id).cloned().unwrap_or_else(|| say.t("returned-removed")),
            None => say.t("returned-file"),
        },
    };
    let counts = found
        .iter()
        .map(|one| Count { kind: say.name(one.kind), outcome: say.name(one.outcome), mails: format::count(one.mails) })
        .collect();
    Ok(Page(ReturnedPage {
        frame: visit.frame(say.t("returned-head")).await?,
        counts,
        left: (left > 0).then(|| say.with("returned-left", &[("n", left.into())])),
        rows: all.items.into_iter().map(row).collect(),
        first_page: request.is_first(),
        pager,
        say,
    })
    .into_response())
}

//! Mailboxes that are read for what comes back: listed, tried, read now, switched off, removed; what they are set up with is in
//! `form`, what came in `returned`.

pub(crate) mod form;
pub(crate) mod returned;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::deliver::{MailboxDraft, MailboxSeen};
use commonweal_domain::{FieldErrors, Mailbox, MailboxId, Permission};

use self::form::MailboxForm;
use super::setup::secret;
use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};
use crate::ui::settled::settled;

const ADDRESS: &str = "/mailboxes";

#[derive(Template)]
#[template(path = "deliver/mailboxes.html")]
struct ListPage {
    frame: Frame,
    say: Say,
    mailboxes: Vec<Row>,
    may_add: bool,
}

struct Row {
    id: String,
    name: String,
    read: String,
    state: State,
}

/// Whether a mailbox is read, as a tag.
struct State {
    words: String,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "deliver/mailbox_new.html")]
struct NewPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    form: MailboxForm,
}

#[derive(Template)]
#[template(path = "deliver/mailbox.html")]
struct MailboxPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    title: String,
    state: State,
    enabled: bool,
    read: String,
    /// Why it could not be read the last time.
    wrong: Option<String>,
    /// What came of trying or reading it just now.
    tried: Option<Tried>,
    form: MailboxForm,
}

/// What came of trying a mailbox.
struct Tried {
    title: String,
    words: String,
    is_good: bool,
}

fn state(mailbox: &Mailbox, say: Say) -> State {
    let (words, class) = match (mailbox.setup.enabled, &mailbox.read.error) {
        (false, _) => ("mailboxes-state-off", "cw-tag--negative"),
        (true, Some(_)) => ("mailboxes-state-wrong", "cw-tag--negative"),
        (true, None) => ("mailboxes-state-on", "cw-tag--positive"),
    };
    State { words: say.t(words), class }
}

fn read_when(mailbox: &Mailbox, visit: &Visit, say: Say) -> String {
    let at = mailbox.read.checked_at.map(|at| format::date_time(at, visit.zone()));
    at.unwrap_or_else(|| say.t("mailboxes-never"))
}

/// All mailboxes.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    let say = l10n::console();
    let all = visit.app().mailboxes(&visit.actor).await?;
    let mailboxes = all
        .into_iter()
        .map(|mailbox| Row {
            id: mailbox.id.to_string(),
            read: read_when(&mailbox, &visit, say),
            state: state(&mailbox, say),
            name: mailbox.setup.name,
        })
        .collect();
    let may_add = visit.may(Permission::Administer);
    Ok(Page(ListPage { frame: visit.frame(say.t("mailboxes-head")).await?, say, mailboxes, may_add }).into_response())
}

async fn new_page(visit: &Visit, sent: &Fields, errors: Errors) -> WebResult<NewPage> {
    let say = l10n::console();
    let form = MailboxForm::of(sent, false, &errors);
    Ok(NewPage { frame: visit.frame(errors.headed(say.t("mailbox-new-head"), say)).await?, say, errors, form })
}

/// The form of a new mailbox.
pub(crate) async fn new(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::Administer)?;
    Ok(Page(new_page(&visit, &form::empty(), Errors::default()).await?).into_response())
}

/// Adds a mailbox.
pub(crate) async fn add(visit: Visit, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::Administer)?;
    let kept = match form::read_new(&sent) {
        Ok(setup) => {
            let draft = MailboxDraft { setup, secret: secret(&sent), version: None };
            visit.app().save_mailbox(&visit.actor, None, draft).await.map_err(taken)
        }
        Err(errors) => Err(errors.into()),
    };
    match kept {
        Ok(mailbox) => Ok(Redirect::to(&with_done(&address(mailbox.id), "mailbox-added")).into_response()),
        Err(error) => {
            let errors = form::named(Errors::of_error(error)?);
            Ok(invalid(new_page(&visit, &sent, errors).await?))
        }
    }
}

/// A new mailbox has no version that could be another by now: it is the name that is taken.
fn taken(error: Error) -> Error {
    match error {
        Error::Conflict { .. } => FieldErrors::one("name", "taken", l10n::console().t("mailbox-name-taken")).into(),
        other => other,
    }
}

fn address(id: MailboxId) -> String {
    format!("{ADDRESS}/{id}")
}

async fn page(
    visit: &Visit,
    id: MailboxId,
    errors: Errors,
    sent: Option<&Fields>,
    tried: Option<Tried>,
) -> WebResult<MailboxPage> {
    let say = l10n::console();
    let MailboxSeen { mailbox, has_secret } = visit.app().mailbox(&visit.actor, id).await?;
    let errors = form::named(errors);
    let fields = sent.cloned().unwrap_or_else(|| form::as_sent(&mailbox));
    let title = say.with("mailbox-head", &[("name", mailbox.setup.name.as_str().into())]);
    Ok(MailboxPage {
        frame: visit.frame(errors.headed(title, say)).await?,
        id: id.to_string(),
        state: state(&mailbox, say),
        enabled: mailbox.setup.enabled,
        read: read_when(&mailbox, visit, say),
        form: MailboxForm::of(&fields, has_secret, &errors),
        wrong: mailbox.read.error,
        title: mailbox.setup.name,
        say,
        errors,
        tried,
    })
}

/// One mailbox.
pub(crate) async fn show(visit: Visit, Path(id): Path<MailboxId>) -> WebResult<Response> {
    Ok(Page(page(&visit, id, Errors::default(), None, None).await?).into_response())
}

/// Changes a mailbox.
pub(crate) async fn change(visit: Visit, Path(id): Path<MailboxId>, sent: Fields) -> WebResult<Response> {
    let there = visit.app().mailbox(&visit.actor, id).await?.mailbox;
    let outcome = match form::read(&sent, there.setup.enabled) {
        Ok(setup) => {
            let version = sent.get("version").parse().ok();
            let draft = MailboxDraft { setup, secret: secret(&sent), version };
            visit.app().save_mailbox(&visit.actor, Some(id), draft).await.map(drop)
        }
        Err(errors) => Err(errors.into()),
    };
    let again = async |errors| page(&visit, id, errors, Some(&sent), None).await;
    settled(outcome, (&address(id), "mailbox-changed"), again).await
}

/// Reads a mailbox by itself, or no more until it is switched on again.
pub(crate) async fn switch(visit: Visit, Path(id): Path<MailboxId>, sent: Fields) -> WebResult<Response> {
    let Mailbox { mut setup, version, .. } = visit.app().mailbox(&visit.actor, id).await?.mailbox;
    setup.enabled = sent.get("enabled") == "yes";
    let done = if setup.enabled { "mailbox-on" } else { "mailbox-off" };
    let draft = MailboxDraft { setup, secret: None, version: Some(version) };
    let outcome = visit.app().save_mailbox(&visit.actor, Some(id), draft).await.map(drop);
    settled(outcome, (&address(id), done), async |errors| page(&visit, id, errors, None, None).await).await
}

async fn shown(visit: &Visit, id: MailboxId, tried: Tried) -> WebResult<Response> {
    Ok(Page(page(visit, id, Errors::default(), None, Some(tried)).await?).into_response())
}

/// Tries whether a mailbox is reached and lets us in.
pub(crate) async fn test(visit: Visit, Path(id): Path<MailboxId>) -> WebResult<Response> {
    let say = l10n::console();
    let tried = match visit.app().test_mailbox(&visit.actor, id).await? {
        Ok(words) => Tried { title: say.t("mailbox-reached"), words, is_good: true },
        Err(words) => Tried { title: say.t("mailbox-not-reached"), words, is_good: false },
    };
    shown(&visit, id, tried).await
}

/// Reads what is new in a mailbox.
pub(crate) async fn read(visit: Visit, Path(id): Path<MailboxId>) -> WebResult<Response> {
    let say = l10n::console();
    match visit.app().read_mailbox(&visit.actor, id).await {
        Ok(Ok(n)) => {
            let words = say.with("mailbox-read-what", &[("n", n.into())]);
            shown(&visit, id, Tried { title: say.t("mailbox-was-read"), words, is_good: true }).await
        }
        Ok(Err(words)) => shown(&visit, id, Tried { title: say.t("mailbox-not-read"), words, is_good: false }).await,
        Err(refused) => {
            let again = async |errors| page(&visit, id, errors, None, None).await;
            settled(Err(refused), (&address(id), "mailbox-changed"), again).await
        }
    }
}

/// Removes a mailbox, once it is said that this is meant.
pub(crate) async fn remove(visit: Visit, Path(id): Path<MailboxId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::Administer)?;
    let outcome = match sent.get("confirmed") {
        "yes" => visit.app().remove_mailbox(&visit.actor, id).await,
        _ => Err(FieldErrors::one("confirmed", "missing", l10n::console().t("mailbox-remove-missing")).into()),
    };
    let again = async |errors| page(&visit, id, errors, None, None).await;
    settled(outcome, (ADDRESS, "mailbox-removed"), again).await
}

//! Senders: the ways by which messages go out. Listed, tried, switched off, deleted; what they are set up with is in `form`.

pub(crate) mod form;
mod service;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::deliver::{SenderDraft, SenderSeen, SentLately};
use commonweal_domain::{DeliveryState, FieldErrors, Permission, Sender, SenderId, SenderKind};

use self::form::SenderForm;
use super::setup::secret;
use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};
use crate::ui::settled::settled;

#[derive(Template)]
#[template(path = "deliver/senders.html")]
struct ListPage {
    frame: Frame,
    say: Say,
    senders: Vec<Row>,
    may_add: bool,
}

struct Row {
    id: String,
    name: String,
    kind: String,
    from: String,
    state: State,
}

/// Whether a sender sends, as a tag.
struct State {
    words: String,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "deliver/sender_kind.html")]
struct KindPage {
    frame: Frame,
    say: Say,
    kinds: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "deliver/sender_new.html")]
struct NewPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    form: SenderForm,
}

#[derive(Template)]
#[template(path = "deliver/sender.html")]
struct SenderPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    title: String,
    kind: String,
    state: State,
    enabled: bool,
    facts: Vec<(String, String)>,
    /// How many, by what became of them.
    lately: Vec<(String, String)>,
    refused: Option<String>,
    /// What came of trying it just now.
    tried: Option<Tried>,
    /// For whoever may change it.
    form: Option<SenderForm>,
    sends_email: bool,
    /// Whether a service tells what became of its messages.
    is_service: bool,
}

/// What came of trying a sender.
struct Tried {
    title: String,
    words: String,
    /// What is shown this once.
    facts: Vec<(String, String)>,
    is_good: bool,
}

fn state(sender: &Sender, say: Say) -> State {
    let (words, class) = match (sender.setup.enabled, &sender.setup.test_only_to) {
        (false, _) => ("senders-state-off", "cw-tag--negative"),
        (true, Some(_)) => ("senders-state-test", ""),
        (true, None) => ("senders-state-on", "cw-tag--positive"),
    };
    State { words: say.t(words), class }
}

/// All senders.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    let say = l10n::console();
    let row = |sender: Sender| Row {
        id: sender.id.to_string(),
        kind: say.name(sender.setup.kind),
        state: state(&sender, say),
        from: sender.setup.from,
        name: sender.setup.name,
    };
    let senders = visit.app().senders(&visit.actor).await?.into_iter().map(row).collect();
    let may_add = visit.may(Permission::Administer);
    Ok(Page(ListPage { frame: visit.frame(say.t("senders-head")).await?, say, senders, may_add }).into_response())
}

/// The form of a new sender; first of which kind it is.
pub(crate) async fn new(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::Administer)?;
    match form::chosen(&Fields::parse(visit.query())) {
        Some(kind) => {
            let form = SenderForm::of(kind, &form::empty(kind), false, &Errors::default());
            Ok(Page(new_page(&visit, form, Errors::default()).await?).into_response())
        }
        None => {
            let say = l10n::console();
            let kinds = SenderKind::ALL.iter().map(|kind| (kind.key(), say.name(*kind))).collect();
            let frame = visit.frame(say.t("sender-new-head")).await?;
            Ok(Page(KindPage { frame, say, kinds }).into_response())
        }
    }
}

async fn new_page(visit: &Visit, form: SenderForm, errors: Errors) -> WebResult<NewPage> {
    let say = l10n::console();
    Ok(NewPage { frame: visit.frame(errors.headed(say.t("sender-new-head"), say)).await?, say, errors, form })
}

/// Adds a sender.
pub(crate) async fn add(visit: Visit, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::Administer)?;
    let Some(kind) = form::chosen(&sent) else { return new(visit).await };
    let outcome = match form::read(&sent, commonweal_domain::SenderSetup::new(kind)) {
        Ok(setup) => {
            let draft = SenderDraft { setup, secret: secret(&sent), version: None };
            visit.app().save_sender(&visit.actor, None, draft).await.map_err(taken)
        }
        Err(errors) => Err(errors.into()),
    };
    match outcome {
        Ok(sender) => Ok(Redirect::to(&with_done(&address(sender.id), "sender-added")).into_response()),
        Err(error) => {
            let errors = form::named(Errors::of_error(error)?, kind);
            Ok(invalid(new_page(&visit, SenderForm::of(kind, &sent, false, &errors), errors).await?))
        }
    }
}

/// A new sender has no version that could be another by now: it is the name that is taken.
fn taken(error: Error) -> Error {
    match error {
        Error::Conflict { .. } => FieldErrors::one("name", "taken", l10n::console().t("sender-name-taken")).into(),
        other => other,
    }
}

fn address(id: SenderId) -> String {
    format!("/senders/{id}")
}

async fn page(
    visit: &Visit,
    id: SenderId,
    errors: Errors,
    sent: Option<&Fields>,
    tried: Option<Tried>,
) -> WebResult<SenderPage> {
    let say = l10n::console();
    let SenderSeen { sender, has_secret, lately } = visit.app().sender(&visit.actor, id).await?;
    let setup = &sender.setup;
    let errors = form::named(errors, setup.kind);
    let form = visit.may(Permission::Administer).then(|| {
        let fields = sent.cloned().unwrap_or_else(|| form::as_sent(&sender));
        SenderForm::of(setup.kind, &fields, has_secret, &errors)
    });
    let title = say.with("sender-head", &[("name", setup.name.as_str().into())]);
    Ok(SenderPage {
        frame: visit.frame(errors.headed(title, say)).await?,
        id: id.to_string(),
        kind: say.name(setup.kind),
        state: state(&sender, say),
        enabled: setup.enabled,
        facts: form::facts(setup, say),
        lately: outcomes(&lately, say),
        refused: lately.refused.map(|(at, code)| {
            let at = format::date_time(at, visit.zone());
            say.with("sender-refused", &[("at", at.into()), ("code", code.into())])
        }),
        is_service: setup.kind.is_gateway(),
        sends_email: setup.kind.channel() == commonweal_domain::Channel::Email,
        title: sender.setup.name,
        say,
        errors,
        tried,
        form,
    })
}

/// What became of what it tried lately, in the order in which somebody asks after it.
fn outcomes(lately: &SentLately, say: Say) -> Vec<(String, String)> {
    use DeliveryState as S;
    let sum = |of: &[S]| lately.states.iter().filter(|(state, _)| of.contains(state)).map(|(_, n)| n).sum::<u64>();
    let rows = [
        ("sender-lately-handed-over", sum(&[S::HandedOver, S::Delivered, S::Bounced, S::Complained])),
        ("sender-lately-failed", sum(&[S::Failed])),
        ("sender-lately-again", sum(&[S::Planned, S::Attempting])),
        ("sender-lately-unknown", sum(&[S::Unknown])),
    ];
    match rows.iter().all(|(_, n)| *n == 0) {
        true => Vec::new(),
        false => rows.iter().map(|(words, n)| (say.t(words), format::count(*n))).collect(),
    }
}

/// One sender.
pub(crate) async fn show(visit: Visit, Path(id): Path<SenderId>) -> WebResult<Response> {
    Ok(Page(page(&visit, id, Errors::default(), None, None).await?).into_response())
}

/// Changes a sender.
pub(crate) async fn change(visit: Visit, Path(id): Path<SenderId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::Administer)?;
    let there = visit.app().sender(&visit.actor, id).await?.sender;
    let outcome = match form::read(&sent, there.setup) {
        Ok(setup) => {
            let version = sent.get("version").parse().ok();
            let draft = SenderDraft { setup, secret: secret(&sent), version };
            visit.app().save_sender(&visit.actor, Some(id), draft).await.map(drop)
        }
        Err(errors) => Err(errors.into()),
    };
    let again = async |errors| page(&visit, id, errors, Some(&sent), None).await;
    settled(outcome, (&address(id), "sender-changed"), again).await
}

/// Lets a sender send, or sends nothing by it any more.
pub(crate) async fn switch(visit: Visit, Path(id): Path<SenderId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::Administer)?;
    let Sender { mut setup, version, .. } = visit.app().sender(&visit.actor, id).await?.sender;
    setup.enabled = sent.get("enabled") == "yes";
    let done = if setup.enabled { "sender-on" } else { "sender-off" };
    let draft = SenderDraft { setup, secret: None, version: Some(version) };
    let outcome = visit.app().save_sender(&visit.actor, Some(id), draft).await.map(drop);
    settled(outcome, (&address(id), done), async |errors| page(&visit, id, errors, None, None).await).await
}

fn tried(outcome: Result<String, String>, good: (&str, &str), bad: &str, say: Say) -> Tried {
    match outcome {
        Ok(said) => {
            let words = say.with(good.1, &[("said", said.into())]);
            Tried { title: say.t(good.0), words, facts: Vec::new(), is_good: true }
        }
        Err(wrong) => Tried { title: say.t(bad), words: wrong, facts: Vec::new(), is_good: false },
    }
}

/// Tries whether a sender is reached.
pub(crate) async fn test(visit: Visit, Path(id): Path<SenderId>) -> WebResult<Response> {
    let outcome = visit.app().test_sender(&visit.actor, id).await?;
    let good = ("sender-reached", "sender-reached-what");
    let tried = tried(outcome, good, "sender-not-reached", l10n::console());
    Ok(Page(page(&visit, id, Errors::default(), None, Some(tried)).await?).into_response())
}

/// Sends a message to whoever is signed in.
pub(crate) async fn test_message(visit: Visit, Path(id): Path<SenderId>) -> WebResult<Response> {
    let say = l10n::console();
    match visit.app().send_test_message(&visit.actor, id).await {
        Ok(outcome) => {
            let good = ("sender-sent", "sender-sent-what");
            let tried = tried(outcome, good, "sender-not-sent", say);
            Ok(Page(page(&visit, id, Errors::default(), None, Some(tried)).await?).into_response())
        }
        Err(refused) => {
            let again = async |errors| page(&visit, id, errors, None, None).await;
            settled(Err(refused), (&address(id), "sender-changed"), again).await
        }
    }
}

/// Makes what the sender's service needs to tell what became of messages, and shows it this once.
pub(crate) async fn receipts(visit: Visit, Path(id): Path<SenderId>) -> WebResult<Response> {
    let say = l10n::console();
    match visit.app().make_receipts_token(&visit.actor, id).await {
        Ok(made) => {
            let place = made.address.unwrap_or_else(|| say.t("sender-receipts-nowhere"));
            let mut facts = vec![(say.t("sender-receipts-address"), place)];
            let words = match made.token {
                Some(token) => {
                    facts.push((say.t("sender-token"), token));
                    say.t("sender-receipts-once")
                }
                None => say.t("sender-receipts-signed"),
            };
            let made = Tried { title: say.t("sender-receipts-made"), words, facts, is_good: true };
            Ok(Page(page(&visit, id, Errors::default(), None, Some(made)).await?).into_response())
        }
        Err(refused) => {
            let again = async |errors| page(&visit, id, errors, None, None).await;
            settled(Err(refused), (&address(id), "sender-changed"), again).await
        }
    }
}

/// Deletes a sender that was never used, once it is said that this is meant.
pub(crate) async fn delete(visit: Visit, Path(id): Path<SenderId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::Administer)?;
    let outcome = match sent.get("confirmed") {
        "yes" => visit.app().delete_sender(&visit.actor, id).await,
        _ => Err(FieldErrors::one("confirmed", "missing", l10n::console().t("sender-delete-missing")).into()),
    };
    let again = async |errors| page(&visit, id, errors, None, None).await;
    settled(outcome, ("/senders", "sender-deleted"), again).await
}

//! Web hooks: other systems that are told what happens, and what they answered.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::{App, HookInput};
use commonweal_domain::hook::{DeliveryState, Hook, HookDelivery};
use commonweal_domain::{Actor, EventKind, HookDeliveryId, HookId, Permission};

use crate::http::capability::Later;
use crate::http::error::WebResult;
use crate::l10n;
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};
use crate::ui::pager::{self, Pager};

/// Deliveries on one page.
const ROWS: usize = 50;
/// Seconds after which the page is loaded again while something is under way.
const REFRESH_S: u32 = 2;

#[derive(Template)]
#[template(path = "govern/hooks.html")]
struct HooksPage {
    frame: Frame,
    hooks: Vec<HookRow>,
}

struct HookRow {
    id: String,
    name: String,
    address: String,
    events: String,
    on: bool,
    waiting: String,
}

/// What is said of a web hook, as a form shows it.
struct HookFields {
    name: String,
    address: String,
    kinds: Vec<(&'static str, String, bool)>,
}

#[derive(Template)]
#[template(path = "govern/hook_new.html")]
struct NewPage {
    frame: Frame,
    errors: Errors,
    fields: HookFields,
}

#[derive(Template)]
#[template(path = "govern/hook.html")]
struct HookPage {
    frame: Frame,
    errors: Errors,
    id: String,
    name: String,
    fields: HookFields,
    /// The secret that was just made: shown this once.
    secret: Option<String>,
    on: bool,
    gone: Option<String>,
    waiting: String,
    old_until: Option<String>,
    deliveries: Vec<DeliveryRow>,
    first_page: bool,
    pager: Pager,
    /// Beginnings of the kinds of events at which the page is renewed; nothing where it is not.
    live: String,
    /// Up to where the page knows what happened.
    since: String,
}

struct DeliveryRow {
    id: String,
    what: String,
    when: String,
    state: &'static str,
    class: &'static str,
    sent: String,
    answer: String,
    may_retry: bool,
}

#[derive(Template)]
#[template(path = "govern/hook_delete.html")]
struct DeletePage {
    frame: Frame,
    id: String,
    name: String,
    waiting: String,
}

/// What an event says, by the message of its kind.
fn event(kind: &str) -> String {
    let id = format!("hooks-event-{}", kind.replace(['.', '_'], "-"));
    l10n::console().known(&id).unwrap_or_else(|| kind.to_owned())
}

impl HookFields {
    fn of(input: &HookInput) -> Self {
        // A test goes to the web hook that is tested, whatever it wants.
        let kinds = EventKind::ALL.iter().map(|(kind, ..)| kind.key()).filter(|key| !key.starts_with("hook."));
        Self {
            name: input.name.clone(),
            address: input.address.clone(),
            kinds: kinds.map(|key| (key, event(key), input.kinds.iter().any(|k| k == key))).collect(),
        }
    }
}

fn input(fields: &Fields) -> HookInput {
    HookInput {
        name: fields.get("name").to_owned(),
        address: fields.get("address").to_owned(),
        kinds: fields.all("kinds").map(str::to_owned).collect(),
    }
}

fn said(hook: &Hook) -> HookInput {
    let kinds = hook.kinds.iter().map(|kind| kind.key().to_owned()).collect();
    HookInput { name: hook.name.clone(), address: hook.address.clone(), kinds }
}

/// How many were turned off because their receivers are gone.
pub(super) fn gone(app: App, actor: Actor) -> Later<u64> {
    Box::pin(async move { app.gone_hooks_count(&actor).await })
}

/// All web hooks.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    let say = l10n::console();
    let row = |(hook, waiting): (Hook, u64)| HookRow {
        id: hook.id.to_string(),
        events: match hook.kinds.len() {
            0 => say.t("hooks-all-events"),
            n => say.count("hooks-events", n as u64),
        },
        waiting: format::count(waiting),
        on: hook.enabled,
        name: hook.name,
        address: hook.address,
    };
    let hooks = visit.app().hooks(&visit.actor).await?.into_iter().map(row).collect();
    Ok(Page(HooksPage { frame: visit.frame(say.t("hooks-head")).await?, hooks }).into_response())
}

/// The form for a new one.
pub(crate) async fn new(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::Administer)?;
    let frame = visit.frame(l10n::console().t("hooks-new-head")).await?;
    let fields = HookFields::of(&HookInput::default());
    Ok(Page(NewPage { frame, errors: Errors::default(), fields }).into_response())
}

/// Adds one. The answer is its page and not a redirect: the secret can't be had again.
pub(crate) async fn add(visit: Visit, fields: Fields) -> WebResult<Response> {
    let input = input(&fields);
    match visit.app().add_hook(&visit.actor, &input).await {
        Ok((hook, secret)) => {
            let shown = Shown { secret: Some(secret), ..Shown::default() };
            Ok(Page(page(&visit, hook.id, shown).await?).into_response())
        }
        Err(e) => {
            let errors = Errors::of_error(e)?;
            let frame = visit.frame(l10n::console().t("hooks-new-head-error")).await?;
            Ok(invalid(NewPage { frame, errors, fields: HookFields::of(&input) }))
        }
    }
}

/// What a page of a web hook shows besides what is kept.
#[derive(Default)]
struct Shown {
    errors: Errors,
    input: Option<HookInput>,
    secret: Option<String>,
}

impl Shown {
    /// Whether the page may be loaded again: what was just made, or typed and refused, would be lost by it.
    fn may_be_renewed(&self) -> bool {
        self.secret.is_none() && self.input.is_none()
    }
}

async fn page(visit: &Visit, id: HookId, shown: Shown) -> WebResult<HookPage> {
    // Before anything is read: what happens in between is told once too often, and never missed.
    let since = visit.app().happened_until(&visit.actor).await?.to_string();
    let moving = visit.app().hook_is_moving(&visit.actor, id).await?;
    let (hook, waiting) = visit.app().hook(&visit.actor, id).await?;
    let (list, address) = (format!("deliveries {id}"), format!("/settings/hooks/{id}"));
    let request = pager::asked(visit.query(), &list, ROWS);
    let deliveries = visit.app().hook_deliveries(&visit.actor, id, &request).await?;
    let pager = Pager::at(&deliveries, &request, &list, &address);
    let renewed = request.is_first() && shown.may_be_renewed();
    let title = if shown.errors.items.is_empty() { "hooks-one-head" } else { "hooks-one-head-error" };
    let title = l10n::console().with(title, &[("name", hook.name.as_str().into())]);
    let zone = visit.zone();
    let old_until = hook.old_secret_until.filter(|until| *until > visit.app().now());
    let mut frame = visit.frame(title).await?;
    frame.refresh = (renewed && moving).then_some(REFRESH_S);
    Ok(HookPage {
        frame,
        errors: shown.errors,
        id: id.to_string(),
        fields: HookFields::of(&shown.input.unwrap_or_else(|| said(&hook))),
        secret: shown.secret,
        on: hook.enabled,
        gone: hook.gone_at.map(|at| format::date_time(at, zone)),
        waiting: format::count(waiting),
        old_until: old_until.map(|at| format::date_time(at, zone)),
        deliveries: deliveries.items.into_iter().map(|delivery| row(visit, delivery)).collect(),
        first_page: request.is_first(),
        pager,
        live: if renewed { kinds_sent(&hook) } else { String::new() },
        since,
        name: hook.name,
    })
}

/// The kinds of events that are sent to a web hook, tests too.
fn kinds_sent(hook: &Hook) -> String {
    let wanted = |kind: &EventKind| hook.kinds.is_empty() || hook.kinds.contains(kind) || kind.key() == "hook.tested";
    let kinds = EventKind::ALL.iter().map(|(kind, ..)| *kind).filter(wanted);
    kinds.map(EventKind::key).collect::<Vec<_>>().join(" ")
}

fn row(visit: &Visit, delivery: HookDelivery) -> DeliveryRow {
    let (say, zone) = (l10n::console(), visit.zone());
    let last = delivery.last.as_ref();
    let status = last.map(|last| match last.status {
        Some(status) => say.with("hooks-status", &[("status", status.to_string().into())]),
        None => say.t("hooks-no-answer"),
    });
    let said = last.map(|last| last.said.clone()).filter(|said| !said.is_empty());
    let again = (delivery.state == DeliveryState::Pending && delivery.attempts > 0)
        .then(|| say.with("hooks-again", &[("at", format::date_time(delivery.next_at, zone).into())]));
    DeliveryRow {
        id: delivery.id.to_string(),
        what: event(&delivery.kind),
        when: format::date_time(delivery.created_at, zone),
        state: delivery.state.label(),
        class: match delivery.state {
            DeliveryState::Delivered => "cw-tag--positive",
            DeliveryState::Failed => "cw-tag--negative",
            DeliveryState::Pending => "",
        },
        sent: say.count("hooks-times", delivery.attempts.into()),
        answer: [status, said, again].into_iter().flatten().collect::<Vec<_>>().join(" "),
        may_retry: delivery.state != DeliveryState::Delivered && delivery.attempts > 0,
    }
}

/// One web hook, with what was sent to it.
pub(crate) async fn show(visit: Visit, Path(id): Path<HookId>) -> WebResult<Response> {
    Ok(Page(page(&visit, id, Shown::default()).await?).into_response())
}

/// Changes what it is called, where it leads and what it gets.
pub(crate) async fn change(visit: Visit, Path(id): Path<HookId>, fields: Fields) -> WebResult<Response> {
    let input = input(&fields);
    match visit.app().change_hook(&visit.actor, id, &input).await {
        Ok(()) => Ok(Redirect::to(&with_done(&format!("/settings/hooks/{id}"), "hook-changed")).into_response()),
        Err(e) => {
            let shown = Shown { errors: Errors::of_error(e)?, input: Some(input), ..Shown::default() };
            Ok(invalid(page(&visit, id, shown).await?))
        }
    }
}

/// Turns it on or off.
pub(crate) async fn set_enabled(visit: Visit, Path(id): Path<HookId>, fields: Fields) -> WebResult<Response> {
    let on = fields.get("enabled") == "yes";
    visit.app().set_hook_enabled(&visit.actor, id, on).await?;
    visit.count_again();
    let done = if on { "hook-on" } else { "hook-off" };
    Ok(Redirect::to(&with_done(&format!("/settings/hooks/{id}"), done)).into_response())
}

/// Sends it a test.
pub(crate) async fn test(visit: Visit, Path(id): Path<HookId>) -> WebResult<Response> {
    visit.app().test_hook(&visit.actor, id).await?;
    Ok(Redirect::to(&with_done(&format!("/settings/hooks/{id}"), "hook-tested")).into_response())
}

/// Gives it another secret. The answer is its page and not a redirect: the secret can't be had again.
pub(crate) async fn roll_secret(visit: Visit, Path(id): Path<HookId>) -> WebResult<Response> {
    let secret = visit.app().roll_hook_secret(&visit.actor, id).await?;
    Ok(Page(page(&visit, id, Shown { secret: Some(secret), ..Shown::default() }).await?).into_response())
}

/// Asks whether it is to be deleted.
pub(crate) async fn ask_delete(visit: Visit, Path(id): Path<HookId>) -> WebResult<Response> {
    let (hook, waiting) = visit.app().hook(&visit.actor, id).await?;
    let title = l10n::console().with("hooks-delete-head", &[("name", hook.name.as_str().into())]);
    let frame = visit.frame(title).await?;
    let waiting = l10n::console().count("hooks-delete-what", waiting);
    Ok(Page(DeletePage { frame, id: id.to_string(), name: hook.name, waiting }).into_response())
}

/// Deletes it.
pub(crate) async fn delete(visit: Visit, Path(id): Path<HookId>) -> WebResult<Response> {
    visit.app().delete_hook(&visit.actor, id).await?;
    visit.count_again();
    Ok(Redirect::to(&with_done("/settings/hooks", "hook-deleted")).into_response())
}

/// Sends something again that was not taken.
pub(crate) async fn retry(visit: Visit, Path((hook, delivery)): Path<(HookId, HookDeliveryId)>) -> WebResult<Response> {
    visit.app().retry_delivery(&visit.actor, hook, delivery).await?;
    Ok(Redirect::to(&with_done(&format!("/settings/hooks/{hook}"), "hook-retried")).into_response())
}

//! What a sender that is the interface of a service has besides: GOV.UK Notify, services of Twilio's shape, and any other that is
//! described.

use commonweal_domain::gateway::{Gateway, NOTIFY_ADDRESS, Notify, SmsApi, SmsHttp, TWILIO_ADDRESS};
use commonweal_domain::{FieldErrors, SenderKind};

use crate::deliver::setup;
use crate::l10n;
use crate::ui::components::{Choice, Choices, Input, Textarea};
use crate::ui::form::{Errors, Fields};

/// Fields as the rules and as the form call them.
const NAMES: [(&str, &str); 4] = [
    ("gateway/address", "service_address"),
    ("gateway/template", "template"),
    ("gateway/reply_to", "service_reply_to"),
    ("gateway/account", "account"),
];
const REQUEST: &str = "request";

/// The fields of a service.
pub(super) struct ServiceFields {
    pub(super) address: Option<Input>,
    pub(super) template: Option<Input>,
    pub(super) reply_to: Option<Input>,
    pub(super) takes_answers: Option<Choices>,
    pub(super) account: Option<Input>,
    pub(super) request: Option<Textarea>,
    pub(super) secret: Input,
}

impl ServiceFields {
    pub(super) fn of(kind: SenderKind, sent: &Fields, has_secret: bool, errors: &Errors) -> Option<Self> {
        let say = l10n::console();
        let notify = kind.names_itself();
        let line = |name, label, hint| setup::line(sent, errors, name, label, hint);
        let secret = match (has_secret, kind) {
            (true, _) => "sender-secret-kept",
            (false, SenderKind::SmsHttp) => "sender-secret-request",
            (false, _) => "sender-secret-none",
        };
        let answers = Choice::new("yes", say.t("sender-takes-answers").as_str())
            .hint(say.t("sender-takes-answers-hint").as_str())
            .checked(sent.get("takes_answers") == "yes");
        kind.is_gateway().then(|| Self {
            address: (kind != SenderKind::SmsHttp)
                .then(|| line("service_address", "sender-service-address", "sender-service-address-hint")),
            template: notify.then(|| {
                let hint = match kind {
                    SenderKind::NotifyEmail => "sender-template-email-hint",
                    _ => "sender-template-sms-hint",
                };
                line("template", "sender-template", hint)
            }),
            reply_to: notify
                .then(|| line("service_reply_to", "sender-service-reply-to", "sender-service-reply-to-hint")),
            takes_answers: (kind == SenderKind::NotifySms).then(|| Choices::checkbox("takes_answers", answers)),
            account: (kind == SenderKind::SmsApi).then(|| line("account", "sender-account", "sender-account-hint")),
            request: (kind == SenderKind::SmsHttp).then(|| {
                Textarea::new(REQUEST, say.t("sender-request").as_str())
                    .hint(say.t("sender-request-hint").as_str())
                    .rows(12_u32)
                    .spellcheck(false)
                    .value(sent.get(REQUEST))
                    .error(errors.of(REQUEST))
            }),
            secret: setup::password(errors, if notify { "sender-api-key" } else { "sender-token" }, secret),
        })
    }
}

/// What the form of a new one begins with.
pub(super) fn empty(kind: SenderKind) -> Vec<(&'static str, String)> {
    match kind {
        SenderKind::NotifyEmail | SenderKind::NotifySms => vec![("service_address", NOTIFY_ADDRESS.to_owned())],
        SenderKind::SmsApi => vec![("service_address", TWILIO_ADDRESS.to_owned())],
        SenderKind::SmsHttp => {
            let example = SmsHttp {
                method: "POST".to_owned(),
                address: "https://sms.example.org/messages".to_owned(),
                headers: vec![("authorization".to_owned(), "Bearer ((secret))".to_owned())],
                content_type: "application/json".to_owned(),
                body: r#"{"to":"((to))","from":"((from))","text":"((text))"}"#.to_owned(),
                ..SmsHttp::default()
            };
            vec![(REQUEST, described(&example))]
        }
        SenderKind::Smtp | SenderKind::Files => Vec::new(),
    }
}

fn described(http: &SmsHttp) -> String {
    serde_json::to_string_pretty(http).unwrap_or_default()
}

/// A service as its form would send it.
pub(super) fn as_sent(gateway: &Gateway) -> Vec<(&'static str, String)> {
    match gateway {
        Gateway::Notify(notify) => {
            let mut pairs = vec![
                ("service_address", notify.address.clone()),
                ("template", notify.template.clone()),
                ("service_reply_to", notify.reply_to.clone().unwrap_or_default()),
            ];
            if notify.takes_answers {
                pairs.push(("takes_answers", "yes".to_owned()));
            }
            pairs
        }
        Gateway::SmsApi(api) => vec![("service_address", api.address.clone()), ("account", api.account.clone())],
        Gateway::SmsHttp(http) => vec![(REQUEST, described(http))],
    }
}

/// What was sent; what is wrong with it the rules say, but for a description that can't be read.
pub(super) fn read(sent: &Fields, kind: SenderKind, errors: &mut FieldErrors) -> Option<Gateway> {
    let text = |name: &str| sent.get(name).to_owned();
    match kind {
        SenderKind::NotifyEmail | SenderKind::NotifySms => Some(Gateway::Notify(Notify {
            address: text("service_address"),
            template: text("template"),
            reply_to: Some(text("service_reply_to")).filter(|id| !id.is_empty()),
            takes_answers: kind == SenderKind::NotifySms && sent.get("takes_answers") == "yes",
        })),
        SenderKind::SmsApi => {
            Some(Gateway::SmsApi(SmsApi { address: text("service_address"), account: text("account") }))
        }
        SenderKind::SmsHttp => {
            let http = serde_json::from_str(sent.get(REQUEST)).unwrap_or_else(|e| {
                let say = l10n::console();
                errors.add(REQUEST, "json", say.with("sender-request-wrong", &[("why", e.to_string().into())]));
                SmsHttp::default()
            });
            Some(Gateway::SmsHttp(Box::new(http)))
        }
        SenderKind::Smtp | SenderKind::Files => None,
    }
}

/// What the rules call a field of a service, as the form does.
pub(super) fn named(field: &str, kind: SenderKind) -> Option<&'static str> {
    if kind == SenderKind::SmsHttp {
        return field.starts_with("gateway").then_some(REQUEST);
    }
    NAMES.iter().find(|(rule, _)| *rule == field).map(|(_, name)| *name)
}

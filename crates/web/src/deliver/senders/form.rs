//! What a sender is set up with, as a form: what all of them have, and what those of its kind have.

use commonweal_domain::sender::{DomainLimit, MailServer, Security};
use commonweal_domain::{Channel, FieldErrors, Sender, SenderKind, SenderSetup};

use super::service::{self, ServiceFields};
use crate::deliver::setup::{self, fields};
use crate::l10n::{self, Say};
use crate::ui::components::{Choice, Choices, Input, Select, SelectItem, Textarea};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;

/// Ports by which mail servers take messages, TLS from the first byte or after STARTTLS.
const PORT: &str = "587";
/// Connections that a new mail server gets.
const CONNECTIONS: &str = "4";
/// Digits behind the point of a cost.
const DIGITS: usize = 6;

/// The form.
pub(super) struct SenderForm {
    pub(super) kind: &'static str,
    pub(super) version: String,
    pub(super) name: Input,
    /// Nothing where the service decides that.
    pub(super) from: Option<Input>,
    pub(super) from_name: Option<Input>,
    pub(super) reply_to: Option<Input>,
    pub(super) return_to: Option<Input>,
    pub(super) server: Option<ServerFields>,
    pub(super) service: Option<ServiceFields>,
    pub(super) per_second: Input,
    pub(super) per_day: Input,
    pub(super) domain_limits: Option<Textarea>,
    pub(super) cost: Input,
    pub(super) test: Choices,
    pub(super) testers: Textarea,
}

/// What a mail server has besides.
pub(super) struct ServerFields {
    pub(super) host: Input,
    pub(super) port: Input,
    pub(super) security: Select,
    pub(super) user: Input,
    pub(super) secret: Input,
    pub(super) connections: Input,
}

impl SenderForm {
    pub(super) fn of(kind: SenderKind, sent: &Fields, has_secret: bool, errors: &Errors) -> Self {
        let say = l10n::console();
        let hinted = |name, label, hint| setup::line(sent, errors, name, label, hint);
        let number =
            |name, label, hint| hinted(name, label, hint).inputmode("numeric").classes("govuk-input--width-10");
        let email = kind.channel() == Channel::Email;
        // A service has names and addresses of its own.
        let mails = email && !kind.is_gateway();
        let test = Choice::new("yes", say.t("sender-test").as_str())
            .hint(say.t("sender-test-hint").as_str())
            .checked(sent.get("test") == "yes");
        Self {
            kind: kind.key(),
            version: sent.get("version").to_owned(),
            name: hinted("name", "sender-name", "sender-name-hint"),
            from: (!kind.names_itself()).then(|| {
                if email {
                    hinted("from", "sender-from", "sender-from-hint")
                } else {
                    hinted("from", "sender-from-number", "sender-from-number-hint")
                }
            }),
            from_name: mails.then(|| hinted("from_name", "sender-from-name", "sender-from-name-hint")),
            reply_to: mails.then(|| hinted("reply_to", "sender-reply-to", "sender-reply-to-hint")),
            return_to: (kind == SenderKind::Smtp)
                .then(|| hinted("return_to", "sender-return-to", "sender-return-to-hint")),
            server: (kind == SenderKind::Smtp).then(|| ServerFields {
                host: hinted("host", "sender-host", "sender-host-hint"),
                port: number("port", "sender-port", "sender-port-hint"),
                security: Select::new("security", say.t("sender-security").as_str())
                    .items(Security::ALL.iter().map(|s| SelectItem::new(s.key(), say.name(*s).as_str())))
                    .value(sent.get("security"))
                    .error(errors.of("security")),
                user: hinted("user", "sender-user", "sender-user-hint"),
                secret: setup::password(
                    errors,
                    "sender-secret",
                    if has_secret { "sender-secret-kept" } else { "sender-secret-none" },
                ),
                connections: number("connections", "sender-connections", "sender-connections-hint"),
            }),
            service: ServiceFields::of(kind, sent, has_secret, errors),
            per_second: number("per_second", "sender-per-second", "sender-no-limit"),
            per_day: number("per_day", "sender-per-day", "sender-no-limit"),
            domain_limits: email.then(|| {
                Textarea::new("domain_limits", say.t("sender-domain-limits").as_str())
                    .hint(say.t("sender-domain-limits-hint").as_str())
                    .rows(3_u32)
                    .spellcheck(false)
                    .value(sent.get("domain_limits"))
                    .error(errors.of("domain_limits"))
            }),
            cost: hinted("cost", "sender-cost", "sender-cost-hint")
                .inputmode("decimal")
                .classes("govuk-input--width-10"),
            test: Choices::checkbox("test", test).error(errors.of("test")),
            testers: Textarea::new("testers", say.t("sender-testers").as_str())
                .hint(say.t("sender-testers-hint").as_str())
                .rows(3_u32)
                .spellcheck(false)
                .value(sent.get("testers"))
                .error(errors.of("testers")),
        }
    }
}

/// The kind that was chosen.
pub(super) fn chosen(sent: &Fields) -> Option<SenderKind> {
    SenderKind::from_key(sent.get("kind"))
}

/// What the form of a new one begins with: in test mode, so that nothing goes out by mistake.
pub(super) fn empty(kind: SenderKind) -> Fields {
    let mut pairs = vec![("test", "yes".to_owned())];
    if kind == SenderKind::Smtp {
        let security = Security::StartTls.key();
        pairs.extend([
            ("port", PORT.to_owned()),
            ("connections", CONNECTIONS.to_owned()),
            ("security", security.to_owned()),
        ]);
    }
    pairs.extend(service::empty(kind));
    fields(pairs)
}

/// A sender as its form would send it. What it signs in with is not there.
pub(super) fn as_sent(sender: &Sender) -> Fields {
    let setup = &sender.setup;
    let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    let mut pairs = vec![
        ("version", sender.version.to_string()),
        ("name", setup.name.clone()),
        ("from", setup.from.clone()),
        ("from_name", setup.from_name.clone()),
        ("reply_to", setup.reply_to.clone().unwrap_or_default()),
        ("return_to", setup.return_to.clone().unwrap_or_default()),
        ("domain_limits", domains(&setup.domain_limits)),
        ("per_second", number(setup.per_second.map(Into::into))),
        ("per_day", number(setup.per_day)),
        ("cost", cost(setup.cost)),
    ];
    if let Some(server) = &setup.server {
        pairs.extend([
            ("host", server.host.clone()),
            ("port", server.port.to_string()),
            ("security", server.security.key().to_owned()),
            ("user", server.user.clone().unwrap_or_default()),
            ("connections", server.connections.to_string()),
        ]);
    }
    pairs.extend(setup.gateway.iter().flat_map(service::as_sent));
    if let Some(testers) = &setup.test_only_to {
        pairs.extend([("test", "yes".to_owned()), ("testers", testers.join("\n"))]);
    }
    fields(pairs)
}

/// What was sent, on top of what is there. What the form does not show stays.
pub(super) fn read(sent: &Fields, mut setup: SenderSetup) -> Result<SenderSetup, FieldErrors> {
    let say = l10n::console();
    let mut errors = FieldErrors::default();
    let maybe = |name: &str| Some(sent.get(name).to_owned()).filter(|text| !text.is_empty());
    let mut limit = |name: &'static str| -> Option<u64> {
        let text = sent.get(name);
        match text.replace([',', ' '], "").parse() {
            _ if text.is_empty() => None,
            Ok(number) => Some(number),
            Err(_) => {
                errors.add(name, "not_a_number", say.t("sender-not-a-number"));
                None
            }
        }
    };
    setup.per_second = limit("per_second").map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    setup.per_day = limit("per_day");
    sent.get("name").clone_into(&mut setup.name);
    let email = setup.kind.channel() == Channel::Email;
    if !setup.kind.names_itself() {
        sent.get("from").clone_into(&mut setup.from);
    }
    if email && !setup.kind.is_gateway() {
        sent.get("from_name").clone_into(&mut setup.from_name);
        setup.reply_to = maybe("reply_to");
    }
    if setup.kind == SenderKind::Smtp {
        setup.return_to = maybe("return_to");
    }
    if email {
        match limits(sent.get("domain_limits")) {
            Ok(limits) => setup.domain_limits = limits,
            Err(line) => {
                let wrong = say.with("sender-domain-limit-wrong", &[("line", line.into())]);
                errors.add("domain_limits", "limit", wrong);
            }
        }
    }
    match micros(sent.get("cost")) {
        Some(cost) => setup.cost = cost,
        None => errors.add("cost", "not_an_amount", say.t("sender-not-an-amount")),
    }
    setup.test_only_to = (sent.get("test") == "yes").then(|| {
        let lines = sent.get("testers").split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect::<Vec<_>>()
    });
    if setup.test_only_to.as_ref().is_some_and(Vec::is_empty) {
        errors.add("testers", "required", say.t("sender-testers-missing"));
    }
    if setup.kind == SenderKind::Smtp {
        let mut small = |name: &'static str| match sent.get(name).parse::<u16>() {
            Ok(number) if number > 0 => number,
            _ => {
                errors.add(name, "not_a_number", say.t("sender-not-a-number"));
                1
            }
        };
        setup.server = Some(MailServer {
            host: sent.get("host").to_owned(),
            port: small("port"),
            connections: small("connections").into(),
            security: Security::from_key(sent.get("security")).unwrap_or(Security::StartTls),
            user: maybe("user"),
        });
    }
    let described = errors.0.len();
    setup.gateway = service::read(sent, setup.kind, &mut errors);
    // All that is wrong is said at once; of what can't be read the rules know nothing.
    let unread = errors.0.len() > described;
    if let Err(mut found) = setup.clone().checked() {
        found.0.retain(|e| !unread || !e.field.starts_with("gateway"));
        errors.0.extend(found.0);
    }
    errors.into_result(setup)
}

/// What the rules call a field, as the form does.
pub(super) fn named(mut errors: Errors, kind: SenderKind) -> Errors {
    for item in &mut errors.items {
        if let Some(field) = item.field.strip_prefix("server/") {
            item.field = field.to_owned();
        } else if item.field.starts_with("test_only_to") {
            item.field = "testers".to_owned();
        } else if item.field.starts_with("domain_limits") {
            item.field = "domain_limits".to_owned();
        } else if let Some(name) = service::named(&item.field, kind) {
            item.field = name.to_owned();
        }
    }
    errors
}

/// Limits of domains as people write them, one on each line.
fn domains(limits: &[DomainLimit]) -> String {
    limits.iter().map(|limit| format!("{} = {}", limit.domain, limit.per_second)).collect::<Vec<_>>().join("\n")
}

/// The same, or the line that is none.
fn limits(text: &str) -> Result<Vec<DomainLimit>, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let limit = |line: &str| {
        let (domain, number) = line.split_once('=')?;
        Some(DomainLimit { domain: domain.trim().to_owned(), per_second: number.trim().parse().ok()? })
    };
    lines.map(|line| limit(line).ok_or_else(|| line.to_owned())).collect()
}

/// What whoever may not change a sender sees of it.
pub(super) fn facts(setup: &SenderSetup, say: Say) -> Vec<(String, String)> {
    let limit = |n: Option<u64>| n.map_or_else(|| say.t("sender-unlimited"), format::count);
    let mut facts = Vec::new();
    if !setup.from.is_empty() {
        facts.push((say.t("sender-from"), setup.from.clone()));
    }
    facts.extend(setup.reply_to.clone().map(|to| (say.t("sender-reply-to"), to)));
    facts.extend([
        (say.t("sender-per-second"), limit(setup.per_second.map(Into::into))),
        (say.t("sender-per-day"), limit(setup.per_day)),
        (say.t("sender-cost"), if setup.cost == 0 { say.t("sender-free") } else { cost(setup.cost) }),
    ]);
    facts
}

/// An amount in millionths as people write it: `0.0123`.
fn cost(micros: u64) -> String {
    if micros == 0 {
        return String::new();
    }
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An amount as people write it, in millionths; nothing when it is none.
fn micros(text: &str) -> Option<u64> {
    if text.is_empty() {
        return Some(0);
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > DIGITS || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    format!("{whole}{part:0<6}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_domains_are_read_as_they_are_written() {
        let read = limits(" gmail.com=20\n\nexample.org = 5\n").expect("read");
        assert_eq!(domains(&read), "gmail.com = 20\nexample.org = 5");
        assert_eq!(limits(&domains(&read)), Ok(read));
        for wrong in ["gmail.com", "gmail.com = many", "gmail.com = -1"] {
            assert_eq!(limits(wrong), Err(wrong.to_owned()));
        }
    }

    #[test]
    fn an_amount_is_read_as_it_is_written() {
        for (text, amount) in [("", 0), ("0.0123", 12_300), ("2", 2_000_000), (".5", 500_000), ("1.000001", 1_000_001)]
        {
            assert_eq!(micros(text), Some(amount), "{text}");
            assert_eq!(micros(&cost(amount)), Some(amount), "{text}");
        }
        for text in ["1p", "£1", "0.0000001", "-1", ".", "1,5"] {
            assert_eq!(micros(text), None, "{text}");
        }
    }
}

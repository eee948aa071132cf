//! What a mailbox is set up with, as a form.

use commonweal_domain::mailbox::{INBOX, TokenIssuer};
use commonweal_domain::sender::Security;
use commonweal_domain::{FieldErrors, Mailbox, MailboxSetup};

use crate::deliver::setup::{self, fields};
use crate::l10n;
use crate::ui::components::{Input, Select, SelectItem};
use crate::ui::form::{Errors, Fields};

/// The port of IMAP with TLS from the first byte (RFC 8314).
const PORT: u16 = 993;
/// Fields by which a token is got, as the rules and as the form call them.
const TOKEN: [(&str, &str); 3] =
    [("token/url", "token_url"), ("token/client", "token_client"), ("token/scope", "token_scope")];

/// The form.
pub(super) struct MailboxForm {
    pub(super) version: String,
    pub(super) name: Input,
    pub(super) host: Input,
    pub(super) port: Input,
    pub(super) security: Select,
    pub(super) user: Input,
    pub(super) secret: Input,
    /// Whether the part about tokens is open: most mailboxes take a password.
    pub(super) has_token: bool,
    pub(super) token_url: Input,
    pub(super) token_client: Input,
    pub(super) token_scope: Input,
    pub(super) folder: Input,
    pub(super) done_folder: Input,
}

impl MailboxForm {
    pub(super) fn of(sent: &Fields, has_secret: bool, errors: &Errors) -> Self {
        let say = l10n::console();
        let line = |name, label, hint| setup::line(sent, errors, name, label, hint);
        Self {
            version: sent.get("version").to_owned(),
            name: line("name", "mailbox-name", "mailbox-name-hint"),
            host: line("host", "mailbox-host", "mailbox-host-hint"),
            port: line("port", "mailbox-port", "mailbox-port-hint")
                .inputmode("numeric")
                .classes("govuk-input--width-10"),
            security: Select::new("security", say.t("mailbox-security").as_str())
                .items(Security::ALL.iter().map(|s| SelectItem::new(s.key(), say.name(*s).as_str())))
                .value(sent.get("security"))
                .error(errors.of("security")),
            user: line("user", "mailbox-user", "mailbox-user-hint"),
            secret: setup::password(
                errors,
                "mailbox-secret",
                if has_secret { "mailbox-secret-kept" } else { "mailbox-secret-none" },
            ),
            has_token: TOKEN.iter().any(|(_, name)| !sent.get(name).is_empty() || errors.has(name)),
            token_url: line("token_url", "mailbox-token-url", "mailbox-token-url-hint"),
            token_client: line("token_client", "mailbox-token-client", "mailbox-token-client-hint"),
            token_scope: line("token_scope", "mailbox-token-scope", "mailbox-token-scope-hint"),
            folder: line("folder", "mailbox-folder", "mailbox-folder-hint"),
            done_folder: line("done_folder", "mailbox-done-folder", "mailbox-done-folder-hint"),
        }
    }
}

/// What the form of a new one begins with.
pub(super) fn empty() -> Fields {
    fields(vec![("port", PORT.to_string()), ("security", Security::Tls.key().to_owned()), ("folder", INBOX.to_owned())])
}

/// A mailbox as its form would send it. What it is signed in to with is not there.
pub(super) fn as_sent(mailbox: &Mailbox) -> Fields {
    let setup = &mailbox.setup;
    let mut pairs = vec![
        ("version", mailbox.version.to_string()),
        ("name", setup.name.clone()),
        ("host", setup.host.clone()),
        ("port", setup.port.to_string()),
        ("security", setup.security.key().to_owned()),
        ("user", setup.user.clone()),
        ("folder", setup.folder.clone()),
        ("done_folder", setup.done_folder.clone().unwrap_or_default()),
    ];
    if let Some(token) = &setup.token {
        pairs.extend([
            ("token_url", token.url.clone()),
            ("token_client", token.client.clone()),
            ("token_scope", token.scope.clone().unwrap_or_default()),
        ]);
    }
    fields(pairs)
}

/// What was sent of a new mailbox: one that can't be signed in to is none.
pub(super) fn read_new(sent: &Fields) -> Result<MailboxSetup, FieldErrors> {
    let read = read(sent, true);
    if setup::secret(sent).is_some() {
        return read;
    }
    let mut errors = read.err().unwrap_or_default();
    errors.add("secret", "required", l10n::console().t("mailbox-secret-missing"));
    Err(errors)
}

/// What was sent; what is wrong with it the rules say.
pub(super) fn read(sent: &Fields, enabled: bool) -> Result<MailboxSetup, FieldErrors> {
    let text = |name: &str| sent.get(name).to_owned();
    let maybe = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    let token = TOKEN.iter().any(|(_, name)| !sent.get(name).is_empty()).then(|| TokenIssuer {
        url: text("token_url"),
        client: text("token_client"),
        scope: maybe("token_scope"),
    });
    let mut errors = FieldErrors::default();
    let port = sent.get("port").parse().unwrap_or_else(|_| {
        errors.add("port", "not_a_number", l10n::console().t("mailbox-port-wrong"));
        // All else that is wrong is said at once.
        PORT
    });
    let setup = MailboxSetup {
        name: text("name"),
        host: text("host"),
        port,
        security: Security::from_key(sent.get("security")).unwrap_or(Security::Tls),
        user: text("user"),
        token,
        folder: text("folder"),
        done_folder: maybe("done_folder"),
        enabled,
    };
    if let Err(found) = setup.clone().checked() {
        errors.0.extend(found.0);
    }
    errors.into_result(setup)
}

/// What the rules call a field, as the form does.
pub(super) fn named(mut errors: Errors) -> Errors {
    for item in &mut errors.items {
        if let Some((_, name)) = TOKEN.iter().find(|(rule, _)| *rule == item.field) {
            item.field = (*name).to_owned();
        }
    }
    errors
}

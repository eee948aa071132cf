//! Configuration: built-in defaults, then a TOML file, then `COMMONWEAL__SECTION__KEY` from the
//! environment, then flags. One struct per section; the reference in `docs/reference` is made from
//! [`REFERENCE`], and a test holds that it names every key there is.

pub(crate) mod backup;
pub(crate) mod mail;
pub(crate) mod oidc;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use commonweal_app::FormLimits;
use commonweal_app::govern::SecretKeys;
use serde::{Deserialize, Serialize};

use backup::BackupSection;
use mail::MailSection;
use oidc::{OidcSection, Secret};

/// Everything that an operator decides before the program starts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    pub(crate) server: Server,
    pub(crate) store: StoreSection,
    pub(crate) index: IndexSection,
    pub(crate) log: Log,
    pub(crate) metrics: Metrics,
    pub(crate) limits: Limits,
    pub(crate) hooks: Hooks,
    pub(crate) mail: MailSection,
    pub(crate) secrets: Secrets,
    pub(crate) backup: BackupSection,
    pub(crate) oidc: OidcSection,
}

/// The web server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Server {
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: Option<String>,
    pub(crate) trusted_proxies: Vec<ipnet::IpNet>,
    pub(crate) max_body_bytes: usize,
    pub(crate) max_upload_bytes: usize,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            trusted_proxies: Vec::new(),
            max_body_bytes: 8 << 20,
            max_upload_bytes: 2 << 30,
        }
    }
}

/// The operational store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StoreSection {
    pub(crate) url: Option<String>,
    pub(crate) max_connections: u32,
    pub(crate) migrate: bool,
}

impl Default for StoreSection {
    fn default() -> Self {
        Self { url: None, max_connections: 8, migrate: true }
    }
}

/// The counting and search index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct IndexSection {
    pub(crate) path: Option<PathBuf>,
    pub(crate) writer_memory_bytes: usize,
    pub(crate) threads: usize,
}

impl Default for IndexSection {
    fn default() -> Self {
        Self { path: None, writer_memory_bytes: 128 << 20, threads: 0 }
    }
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Log {
    pub(crate) format: LogFormat,
    pub(crate) filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned() }
    }
}

/// Form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line, for collectors.
    Json,
}

/// Figures for a monitoring system, on a listener of their own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Metrics {
    pub(crate) listen: Option<SocketAddr>,
}

/// Web hooks, by which other systems are told what happens.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Hooks {
    pub(crate) allow_private: bool,
}

/// Keys with which secrets are sealed in the database.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Secrets {
    pub(crate) keys: Vec<String>,
}

/// How much one caller may ask for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limits {
    pub(crate) api_requests_per_second: NonZeroU32,
    pub(crate) refused_requests_per_second: NonZeroU32,
    pub(crate) form_least_seconds: u32,
    pub(crate) form_hours: u32,
    pub(crate) form_answers_before_asking: u32,
    pub(crate) form_answers_per_address: u32,
    pub(crate) question_seconds: NonZeroU32,
    pub(crate) connections: usize,
    pub(crate) connections_per_address: usize,
}

const FORMS: FormLimits = FormLimits::DEFAULT;

impl Default for Limits {
    fn default() -> Self {
        Self {
            api_requests_per_second: NonZeroU32::new(10_000).unwrap_or(NonZeroU32::MIN),
            refused_requests_per_second: NonZeroU32::new(5).unwrap_or(NonZeroU32::MIN),
            form_least_seconds: FORMS.least_seconds,
            form_hours: FORMS.hours,
            form_answers_before_asking: FORMS.ask_beyond,
            form_answers_per_address: FORMS.refuse_beyond,
            question_seconds: NonZeroU32::new(30).unwrap_or(NonZeroU32::MIN),
            connections: 10_000,
            connections_per_address: 500,
        }
    }
}

impl Limits {
    /// Longest time for one question.
    pub(crate) fn question_time(&self) -> Duration {
        Duration::from_secs(self.question_seconds.get().into())
    }
}

/// Key, unit or form, meaning: the reference that people read.
pub(crate) const REFERENCE: &[(&str, &str, &str)] = &[
    (
        "server.listen",
        "address:port",
        "Where the server listens. Put a proxy that speaks TLS in front of it before others can reach it.",
    ),
    (
        "server.public_url",
        "URL",
        "The address by which people reach the server. With `https://`, cookies are marked secure, browsers are told to stay with TLS, and people can sign in with passkeys, which belong to the host that stands here.",
    ),
    (
        "server.trusted_proxies",
        "list of networks",
        "Proxies whose `X-Forwarded-For` is believed, for example `[\"127.0.0.1/32\"]`; in the environment separated by commas.",
    ),
    ("server.max_body_bytes", "bytes", "Largest body of an API request."),
    ("server.max_upload_bytes", "bytes", "Largest file that can be handed in through the console."),
    (
        "store.url",
        "URL",
        "`sqlite:PATH` or `postgres://user:password@host/database?schema=name`. Without it, `commonweal.db` in the data folder.",
    ),
    (
        "store.max_connections",
        "count",
        "Most connections to the database (on SQLite: for reading, beside the one that writes).",
    ),
    (
        "store.migrate",
        "true or false",
        "Whether outstanding migrations are applied at the start. With `false` the server refuses to start while there are any.",
    ),
    (
        "index.path",
        "folder",
        "Folder of the search and counting index. Without it, `index` in the data folder. It can be rebuilt at any time.",
    ),
    ("index.writer_memory_bytes", "bytes", "Memory for writing the index."),
    ("index.threads", "count", "Threads that answer questions; 0 for as many as there are cores."),
    ("log.format", "`text` or `json`", "Form of the log lines on standard error."),
    (
        "log.filter",
        "tracing filter",
        "What is logged, for example `info` or `info,commonweal_app=debug`. Log lines never hold personal data.",
    ),
    (
        "metrics.listen",
        "address:port",
        "Where Prometheus can fetch figures; not served when absent. Keep it inside your network.",
    ),
    ("limits.api_requests_per_second", "count", "API requests per second, over time, that one key or user may make."),
    (
        "limits.refused_requests_per_second",
        "count",
        "API requests per second without a valid key that are answered for one address.",
    ),
    (
        "limits.form_least_seconds",
        "seconds",
        "Public forms sent sooner than this after they were shown come back to be sent once more.",
    ),
    (
        "limits.form_hours",
        "hours",
        "Public forms sent later than this after they were shown come back to be sent once more.",
    ),
    (
        "limits.form_answers_before_asking",
        "count",
        "Answers to public forms from one address within ten minutes beyond which each has to be sent once more. Leave room for a kiosk, a library, an office.",
    ),
    (
        "limits.form_answers_per_address",
        "count",
        "Answers to public forms from one address within ten minutes beyond which more are refused for a while.",
    ),
    (
        "limits.question_seconds",
        "seconds",
        "How long one question (a page of the console, a call of the API, `commonweal query`) may be worked on before it is given up. What nobody waits for any more is given up at once.",
    ),
    (
        "limits.connections",
        "count",
        "Most connections to the web server at once; one more is closed at once. Fewer where the system gives the process fewer open files.",
    ),
    (
        "limits.connections_per_address",
        "count",
        "Most of them from one address (in IPv6: one network of 64 bits). Trusted proxies are not counted so: let the proxy limit who comes through it.",
    ),
    (
        "hooks.allow_private",
        "true or false",
        "Whether web hooks and the services of senders may lead into the server's own network, also without TLS. With `true`, whoever may set up web hooks can make the server send requests to your other machines.",
    ),
    (
        "mail.allow_plain",
        "true or false",
        "Whether mail may be handed to a server on another machine over a connection that others can read. Without it a sender or a mailbox without TLS has to be on the same machine.",
    ),
    (
        "mail.dkim",
        "list of DOMAIN:SELECTOR:FILE",
        "Keys with which mails from a domain are signed (DKIM): an RSA or Ed25519 private key in PEM each, and the selector under which its public key stands in the DNS. Several of one domain sign together. Without any, signing is left to the mail server. See [email](email.md).",
    ),
    (
        "secrets.keys",
        "list of ID:KEY",
        "Keys with which the secrets of the database are sealed (AES-256-GCM): those that sign forms, cookies and web hooks, and open second steps. The first one seals, all open. `commonweal secrets new-key ID` makes one. To replace a key, put the new one before it, start, and take the old one away when `commonweal doctor` names the new one. Best said by the environment, `COMMONWEAL__SECRETS__KEYS`, and kept elsewhere than back-ups. Without keys these secrets stand in the database as they are.",
    ),
    (
        "backup.recipients",
        "list of texts",
        "To whom back-ups are encrypted: recipients of [age](https://age-encryption.org), `age1…`, each of whom alone can open them. Empty: back-ups are not encrypted. See [back-ups](operations.md#back-ups).",
    ),
    (
        "oidc.issuer",
        "address",
        "Your own sign-in service, if it speaks OpenID Connect: its address as it names itself, without `/.well-known/openid-configuration`. There, allow `PUBLIC_URL/sign-in/back` as the address to come back to. Needs `server.public_url`. See [signing in](sign-in.md#by-your-own-sign-in-service).",
    ),
    ("oidc.name", "text", "What people call it: “Sign in with NAME”."),
    ("oidc.client_id", "text", "As what Commonweal is known there. Needed with `oidc.issuer`."),
    (
        "oidc.client_secret",
        "text",
        "Commonweal’s secret there; better by the environment (`COMMONWEAL__OIDC__CLIENT_SECRET`) than in a file. None for a public client: PKCE is used in any case.",
    ),
    ("oidc.scopes", "list of texts", "What is asked for beside `openid`."),
    ("oidc.groups_claim", "text", "The claim that holds the groups somebody is in; `a.b` for one within another."),
    (
        "oidc.email_verified_claim",
        "text",
        "The claim by which the service vouches for an email address. Another than the standard’s for services that do without it, as Entra ID: `xms_edov`, which has to be asked for there as an optional claim.",
    ),
    (
        "oidc.newcomers",
        "list of texts",
        "Duties of whoever comes for the first time and is no user yet. Empty: nobody becomes a user by themselves, but for those whose groups stand for duties (`oidc.duties`).",
    ),
    (
        "oidc.domains",
        "list of texts",
        "Who signs in by the service has an email address of one of these domains (`example.org`), for which it vouches. Empty: any.",
    ),
    (
        "oidc.only",
        "true or false",
        "Whether people sign in by the service alone. Passwords and one-time links are worth nothing then.",
    ),
    (
        "oidc.allow_private",
        "true or false",
        "Whether the service may lie in the server’s own network, also without TLS.",
    ),
    (
        "oidc.duties",
        "table of lists",
        "What groups stand for here: `\"cx-analysts\" = [\"analyst\"]`, `\"housing\" = [\"manager:Housing\"]` for one team. Where it names any, duties are what the groups say, at each sign-in by the service, and whoever has one becomes a user by themselves. Empty: duties are given in the console.",
    ),
];

/// Reads the configuration. `file` must exist when given; otherwise `commonweal.toml` in the data
/// folder is read if it is there.
pub(crate) fn load(file: Option<&Path>, data: &Path) -> Result<Config> {
    let beside = data.join("commonweal.toml");
    let file = match file {
        Some(file) => Some(file.to_owned()),
        None => beside.try_exists().unwrap_or(false).then_some(beside),
    };
    let mut builder = config::Config::builder();
    if let Some(file) = &file {
        if !file.try_exists().unwrap_or(false) {
            bail!("The configuration file {} does not exist.", file.display());
        }
        builder = builder.add_source(config::File::from(file.as_path()).format(config::FileFormat::Toml));
    }
    builder = builder.add_source(
        config::Environment::with_prefix("COMMONWEAL")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(true)
            // The lists there are, for example `COMMONWEAL__SERVER__TRUSTED_PROXIES=10.0.0.0/8,192.0.2.1/32`.
            .list_separator(",")
            .with_list_parse_key("server.trusted_proxies")
            .with_list_parse_key("secrets.keys")
            .with_list_parse_key("backup.recipients")
            .with_list_parse_key("mail.dkim"),
    );
    let place = file.as_ref().map_or_else(|| "the environment".to_owned(), |f| f.display().to_string());
    let config: Config = builder.build().and_then(config::Config::try_deserialize).with_context(|| {
        format!("The configuration in {place} can't be used. `commonweal config dump` shows what is allowed.")
    })?;
    check(&config)?;
    Ok(config)
}

/// What no single field can tell.
fn check(config: &Config) -> Result<()> {
    oidc::check(config)?;
    config.backup.recipients()?;
    if let Some(url) = &config.server.public_url
        && !(url.starts_with("http://") || url.starts_with("https://"))
    {
        bail!("server.public_url is `{url}`; it must begin with http:// or https://.");
    }
    if let Some(url) = &config.store.url
        && !["sqlite:", "postgres:", "postgresql:"].iter().any(|p| url.starts_with(p))
    {
        bail!("store.url must begin with sqlite: or postgres://.");
    }
    if config.limits.connections == 0 || config.limits.connections_per_address == 0 {
        bail!(
            "limits.connections and limits.connections_per_address must be at least 1: with 0 nobody could be answered."
        );
    }
    if config.store.max_connections == 0 {
        bail!("store.max_connections is 0; it must be at least 1.");
    }
    if config.index.writer_memory_bytes < (32 << 20) {
        bail!(
            "index.writer_memory_bytes is {}; it must be at least 33554432 (32 MiB).",
            config.index.writer_memory_bytes
        );
    }
    config.secret_keys().map(drop)
}

impl Config {
    /// The keys with which secrets are sealed.
    pub(crate) fn secret_keys(&self) -> Result<SecretKeys> {
        SecretKeys::read(self.secrets.keys.iter().map(String::as_str)).map_err(anyhow::Error::msg)
    }
}

/// The configuration as TOML, passwords masked.
pub(crate) fn dump(config: &Config) -> Result<String> {
    let mut shown = config.clone();
    if let Some(url) = &mut shown.store.url {
        *url = masked(url);
    }
    for key in &mut shown.secrets.keys {
        let id = key.split_once(':').map_or("", |(id, _)| id);
        *key = format!("{id}:…");
    }
    if let Some(secret) = &mut shown.oidc.client_secret {
        *secret = Secret("…".to_owned());
    }
    Ok(toml::to_string_pretty(&shown)?)
}

/// A database address without its password.
pub(crate) fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((login, host)) => {
            let user = login.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:…@{host}")
        }
        None => url.to_owned(),
    }
}

/// The reference page.
pub(crate) fn reference() -> String {
    let mut page = String::from(
        "# Configuration\n\nMade by `commonweal config reference`; do not edit by hand.\n\n\
         Order: built-in defaults, then a TOML file (`--config FILE`, else `commonweal.toml` in the data folder), then \
         the environment (`COMMONWEAL__SECTION__KEY`, for example `COMMONWEAL__SERVER__LISTEN=0.0.0.0:8080`), then flags. \
         `commonweal config check` tells whether it can be used; `commonweal config dump` prints what is in force.\n\n\
         | Key | Form | Default | Meaning |\n|---|---|---|---|\n",
    );
    let defaults = toml::Value::try_from(Config::default()).unwrap_or(toml::Value::Boolean(false));
    for (key, form, meaning) in REFERENCE {
        let default = key.split('.').try_fold(&defaults, |v, part| v.get(part)).map(ToString::to_string);
        let default = default.map_or_else(|| "none".to_owned(), |d| format!("`{d}`"));
        page.push_str(&format!("| `{key}` | {form} | {default} | {meaning} |\n"));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_names_every_key() {
        let full = Config {
            server: Server { public_url: Some("x".into()), ..Server::default() },
            store: StoreSection { url: Some("x".into()), ..StoreSection::default() },
            index: IndexSection { path: Some("x".into()), ..IndexSection::default() },
            metrics: Metrics { listen: Some(SocketAddr::from(([127, 0, 0, 1], 1))) },
            oidc: OidcSection {
                issuer: Some("x".into()),
                client_id: Some("x".into()),
                client_secret: Some(Secret("x".into())),
                ..OidcSection::default()
            },
            ..Config::default()
        };
        let toml::Value::Table(sections) = toml::Value::try_from(full).expect("a table") else { panic!("a table") };
        let mut keys: Vec<String> = Vec::new();
        for (section, value) in &sections {
            keys.extend(value.as_table().expect("a section").keys().map(|key| format!("{section}.{key}")));
        }
        keys.sort();
        let mut named: Vec<String> = REFERENCE.iter().map(|(k, ..)| (*k).to_owned()).collect();
        named.sort();
        assert_eq!(keys, named);
    }

    #[test]
    fn the_reference_page_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/configuration.md");
        let page = std::fs::read_to_string(path).expect("the page");
        assert_eq!(page, reference(), "write it anew with `commonweal config reference`");
    }

    #[test]
    fn passwords_are_masked() {
        assert_eq!(masked("postgres://ann:secret@db/x"), "postgres://ann:…@db/x");
        assert_eq!(masked("sqlite:data/x.db"), "sqlite:data/x.db");
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("commonweal.toml"), "[server]\nlissen = \"x\"\n").expect("written");
        let error = format!("{:#}", load(None, folder.path()).expect_err("unknown"));
        assert!(error.contains("lissen"), "{error}");
    }
}

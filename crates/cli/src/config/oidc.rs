//! The body's own sign-in service, by OpenID Connect.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use commonweal_app::govern::outside::{NamedDuty, Outside, Rules};
use commonweal_app::system::SystemClock;
use serde::{Deserialize, Serialize};

use super::Config;

/// Who the service is and what the body wants of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct OidcSection {
    pub(crate) issuer: Option<String>,
    pub(crate) name: String,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<Secret>,
    pub(crate) scopes: Vec<String>,
    pub(crate) groups_claim: String,
    pub(crate) email_verified_claim: String,
    pub(crate) newcomers: Vec<String>,
    pub(crate) domains: Vec<String>,
    pub(crate) only: bool,
    pub(crate) allow_private: bool,
    pub(crate) duties: BTreeMap<String, Vec<String>>,
}

impl Default for OidcSection {
    fn default() -> Self {
        Self {
            issuer: None,
            name: "your organisation".to_owned(),
            client_id: None,
            client_secret: None,
            scopes: vec!["email".to_owned(), "profile".to_owned()],
            groups_claim: "groups".to_owned(),
            email_verified_claim: "email_verified".to_owned(),
            newcomers: Vec::new(),
            domains: Vec::new(),
            only: false,
            allow_private: false,
            duties: BTreeMap::new(),
        }
    }
}

/// Text that is shown nowhere.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// What no single field can tell.
pub(super) fn check(config: &Config) -> Result<()> {
    let section = &config.oidc;
    let rules = rules(section)?;
    let Some(issuer) = &section.issuer else {
        if section.only {
            bail!("oidc.only is true and oidc.issuer is not set: nobody could sign in.");
        }
        return Ok(());
    };
    if !(issuer.starts_with("https://") || section.allow_private && issuer.starts_with("http://")) {
        bail!("oidc.issuer is `{issuer}`; it must begin with https://, so that nobody reads or changes what is sent.");
    }
    if section.client_id.is_none() {
        bail!("oidc.issuer is set and oidc.client_id is not: say as what Commonweal is known there.");
    }
    if config.server.public_url.is_none() {
        bail!("oidc.issuer is set and server.public_url is not: the service has to know where people come back to.");
    }
    if let Some(domain) = rules.domains.iter().find(|domain| domain.is_empty() || domain.contains('@')) {
        bail!("oidc.domains holds `{domain}`; a domain is what stands behind the @ of an email address.");
    }
    Ok(())
}

fn rules(section: &OidcSection) -> Result<Rules> {
    let named = |duties: &[String]| -> Result<Vec<NamedDuty>> {
        duties.iter().map(|duty| duty.parse().map_err(anyhow::Error::msg)).collect()
    };
    let mut of_groups = BTreeMap::new();
    for (group, duties) in &section.duties {
        of_groups.insert(group.clone(), named(duties).with_context(|| format!("oidc.duties, group `{group}`"))?);
    }
    Ok(Rules {
        duties: of_groups,
        newcomers: named(&section.newcomers).context("oidc.newcomers")?,
        domains: section.domains.clone(),
        only: section.only,
    })
}

/// The service as the use cases ask it; none where the configuration names none.
pub(crate) fn outside(section: &OidcSection) -> Result<Option<Outside>> {
    let (Some(issuer), Some(client_id)) = (&section.issuer, &section.client_id) else { return Ok(None) };
    let options = commonweal_oidc::Options {
        issuer: issuer.clone(),
        name: section.name.clone(),
        client_id: client_id.clone(),
        client_secret: section.client_secret.clone().map(|Secret(text)| text),
        scopes: section.scopes.clone(),
        groups_claim: section.groups_claim.clone(),
        email_verified_claim: section.email_verified_claim.clone(),
    };
    let web = Arc::new(commonweal_outbound::Outbound::new(section.allow_private)?);
    let provider = Box::new(commonweal_oidc::Oidc::new(options, web, Arc::new(SystemClock)));
    Ok(Some(Outside::new(provider, rules(section)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(toml: &str) -> String {
        let config: Config = toml::from_str(toml).expect("its form is good");
        check(&config).err().map(|e| format!("{e:#}")).unwrap_or_default()
    }

    #[test]
    fn what_cannot_work_is_said_before_the_server_starts() {
        let good = "[server]\npublic_url = \"https://voice.example.org\"\n[oidc]\nclient_id = \"cw\"\n";
        let https = format!("{good}issuer = \"https://login.example.org\"\n");
        assert_eq!(said(&https), "");
        for (toml, told) in [
            ("[oidc]\nonly = true\n".to_owned(), "nobody could sign in"),
            ("[oidc]\nissuer = \"https://a.example\"\n".to_owned(), "oidc.client_id is not"),
            ("[oidc]\nissuer = \"https://a.example\"\nclient_id = \"cw\"\n".to_owned(), "server.public_url is not"),
            (format!("{good}issuer = \"http://login.example.org\"\n"), "must begin with https://"),
            (format!("{https}domains = [\"ann@example.org\"]\n"), "behind the @"),
            (format!("{https}newcomers = [\"boss\"]\n"), "oidc.newcomers: there is no duty `boss`; there are "),
            (
                format!("{https}[oidc.duties]\ncx = [\"administrator:Housing\"]\n"),
                "oidc.duties, group `cx`: the duty `administrator` is for the whole body",
            ),
        ] {
            assert!(said(&toml).contains(told), "{toml}: {}", said(&toml));
        }
        assert_eq!(said(&format!("{https}[oidc.duties]\ncx = [\"analyst\", \"manager:Housing\"]\n")), "");
        let own = format!("{good}issuer = \"http://10.0.0.1\"\nallow_private = true\n");
        assert_eq!(said(&own), "");
    }

    #[test]
    fn the_secret_is_not_shown() {
        let section = OidcSection { client_secret: Some(Secret("hush".into())), ..OidcSection::default() };
        assert!(!format!("{section:?}").contains("hush"));
        let config = Config { oidc: section, ..Config::default() };
        assert!(!super::super::dump(&config).expect("written").contains("hush"));
    }
}

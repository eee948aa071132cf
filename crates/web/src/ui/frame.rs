//! What every console page has around its contents: who is here, what they may go to, what was just
//! done.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono_tz::Tz;
use commonweal_app::{App, Error};
use commonweal_domain::question::AsOf;
use commonweal_domain::records::User;
use commonweal_domain::{Actor, BatchId, BodySettings, Permission, Preferences};

use crate::http::assets::asset;
use crate::http::error::{Failure, WebResult};
use crate::http::session::SignedIn;
use crate::http::state::WebState;
use crate::l10n::{self, Say};
use crate::ui::format;

/// Most saved views in the navigation; the rest is one click further.
const VIEWS_SHOWN: usize = 8;

/// Somebody who is signed in, on a page.
pub(crate) struct Visit {
    pub(crate) state: WebState,
    pub(crate) user: User,
    pub(crate) actor: Actor,
    pub(crate) settings: BodySettings,
    pub(crate) preferences: Preferences,
    path: String,
    query: String,
    done: Option<String>,
    changed: Option<BatchId>,
}

impl FromRequestParts<WebState> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        let SignedIn { user, actor } = SignedIn::from_request_parts(parts, state).await?;
        let query = parts.uri.query().unwrap_or_default();
        let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let (code, changed) = (value("done"), value("changed").and_then(|id| id.parse().ok()));
        Ok(Self {
            preferences: state.app.preferences(&actor).await?,
            user,
            actor,
            settings: state.app.settings(),
            path: parts.uri.path().to_owned(),
            query: without_done(query),
            done: code.and_then(done),
            changed,
            state: state.clone(),
        })
    }
}

/// What may be said after something was done, by the code that the address carries: `done-CODE` is
/// said. A fixed list, so that nobody can put words of their own on a page by a link.
const DONE: [&str; 44] = [
    "view-saved",
    "view-forgotten",
    "corrected",
    "look-saved",
    "confirmed",
    "correction-undone",
    "themes-taken-back",
    "themes-partly-taken-back",
    "preferences-saved",
    "settings-saved",
    "user-added",
    "role-changed",
    "user-disabled",
    "user-enabled",
    "password-set",
    "password-changed",
    "key-revoked",
    "service-added",
    "touchpoint-moved",
    "form-added",
    "form-saved",
    "form-opened",
    "form-closed",
    "reply-marked",
    "reply-removed",
    "retention-saved",
    "service-renamed",
    "service-removed",
    "touchpoint-renamed",
    "touchpoint-removed",
    "entry-taken-back",
    "theme-saved",
    "theme-retired",
    "theme-back",
    "reread-begun",
    "themes-found",
    "found-renamed",
    "found-split",
    "found-dropped",
    "found-merged",
    "found-accepted",
    "alert-looked-at",
    "alert-reopened",
    "job-retried",
];

/// The sentence for a code.
fn done(code: &str) -> Option<String> {
    let code = DONE.into_iter().find(|known| *known == code)?;
    Some(l10n::console().t(&format!("done-{code}")))
}

/// A query string without the code of what was done, so that the page is the same with and without.
fn without_done(query: &str) -> String {
    let said = |pair: &&str| pair.starts_with("done=") || pair.starts_with("changed=");
    query.split('&').filter(|pair| !said(pair)).collect::<Vec<_>>().join("&")
}

/// An address with the code of what was done.
pub(crate) fn with_done(address: &str, code: &str) -> String {
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}done={code}")
}

/// Addresses of the built assets.
pub(crate) struct Assets {
    pub(crate) icon: String,
    pub(crate) style: String,
    pub(crate) script: String,
    /// The stylesheet of the body's look, unless that is the usual one.
    pub(crate) look: Option<String>,
}

impl Assets {
    fn now(settings: &BodySettings) -> Self {
        Self {
            icon: asset("favicon.svg"),
            style: asset("console.css"),
            script: asset("console.js"),
            look: crate::ui::branding::address(&settings.look),
        }
    }
}

/// Links of the navigation under one heading.
pub(crate) struct NavGroup {
    pub(crate) heading: String,
    pub(crate) items: Vec<NavItem>,
}

/// One link of the navigation.
pub(crate) struct NavItem {
    pub(crate) href: String,
    pub(crate) text: String,
    pub(crate) current: bool,
    /// How much waits there; empty for nothing.
    pub(crate) count: String,
}

/// What the layout shows.
pub(crate) struct Frame {
    pub(crate) say: Say,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) notice: Option<String>,
    pub(crate) user: String,
    pub(crate) nav: Vec<NavGroup>,
    pub(crate) assets: Assets,
    pub(crate) done: Option<String>,
    /// Whether single keys do something.
    pub(crate) shortcuts: bool,
    /// Seconds after which a page without a script loads itself again.
    pub(crate) refresh: Option<u32>,
}

impl Visit {
    pub(crate) fn app(&self) -> &App {
        &self.state.app
    }

    pub(crate) fn zone(&self) -> Tz {
        self.settings.time_zone
    }

    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.actor.may(permission)
    }

    /// For pages that show a form only: the use case behind the form asks again.
    pub(crate) fn require(&self, permission: Permission) -> WebResult<()> {
        if self.may(permission) { Ok(()) } else { Err(Error::Denied(permission).into()) }
    }

    /// What the address says after the question mark.
    pub(crate) fn query(&self) -> &str {
        &self.query
    }

    /// The change of many comments that was just made here.
    pub(crate) fn changed(&self) -> Option<BatchId> {
        self.changed
    }

    /// The frame of a page. `title` tells it apart from every other page.
    pub(crate) async fn frame(&self, title: impl Into<String>) -> WebResult<Frame> {
        Ok(Frame {
            say: l10n::console(),
            title: title.into(),
            body: self.settings.name.clone(),
            notice: self.settings.notice.clone().filter(|n| !n.trim().is_empty()),
            user: self.user.name.clone(),
            nav: self.navigation().await?,
            assets: Assets::now(&self.settings),
            done: self.done.clone(),
            shortcuts: self.preferences.shortcuts,
            refresh: None,
        })
    }

    async fn navigation(&self) -> WebResult<Vec<NavGroup>> {
        let mut groups = vec![self.group(
            "",
            &[
                ("/", "frame-nav-overview", Permission::ReadFeedback),
                ("/explorer", "frame-nav-explorer", Permission::ReadFeedback),
                ("/themes", "frame-nav-themes", Permission::ReadFeedback),
                ("/alerts", "frame-nav-alerts", Permission::ReadFeedback),
                ("/words", "frame-nav-words", Permission::ReadFeedback),
                ("/hit", "frame-nav-who-is-hit", Permission::ReadFeedback),
                ("/entry", "frame-nav-entry", Permission::SubmitFeedback),
                ("/imports", "frame-nav-imports", Permission::ImportFiles),
                ("/forms", "frame-nav-forms", Permission::ManageServices),
            ],
        )];
        if let Some(alerts) = groups.iter_mut().flat_map(|g| &mut g.items).find(|item| item.href == "/alerts") {
            let open = self.app().open_alerts(&self.actor, None).await?;
            alerts.count = if open > 0 { format::count(open) } else { String::new() };
        }
        let views = self.app().views(&self.actor).await?;
        if !views.is_empty() {
            let mut items: Vec<NavItem> = views
                .iter()
                .take(VIEWS_SHOWN)
                .map(|v| NavItem {
                    href: format!("/explorer?{}", v.address),
                    text: v.name.clone(),
                    current: self.path == "/explorer" && self.query == v.address,
                    count: String::new(),
                })
                .collect();
            items.push(NavItem {
                href: "/views".into(),
                text: l10n::console().t("frame-nav-all-saved-views"),
                current: self.path == "/views",
                count: String::new(),
            });
            groups.push(NavGroup { heading: l10n::console().t("frame-nav-saved-views"), items });
        }
        let settings = self.group(
            "frame-nav-settings",
            &[
                ("/settings", "frame-nav-the-body", Permission::Administer),
                ("/settings/look", "frame-nav-look", Permission::Administer),
                ("/settings/services", "frame-nav-services", Permission::ManageServices),
                ("/settings/codeframe", "frame-nav-codeframe", Permission::ManageServices),
                ("/settings/users", "frame-nav-users", Permission::Administer),
                ("/settings/keys", "frame-nav-api-keys", Permission::Administer),
                ("/settings/retention", "frame-nav-retention", Permission::Administer),
                ("/settings/audit", "frame-nav-audit-trail", Permission::ReadAudit),
                ("/jobs", "frame-nav-jobs", Permission::ImportFiles),
            ],
        );
        if !settings.items.is_empty() {
            groups.push(settings);
        }
        Ok(groups)
    }

    /// Links under a heading, by the ids of their words; none for the first group.
    fn group(&self, heading: &str, links: &[(&str, &str, Permission)]) -> NavGroup {
        let say = l10n::console();
        let items = links.iter().filter(|(_, _, needed)| self.may(*needed)).map(|(href, id, _)| NavItem {
            href: (*href).to_owned(),
            text: say.t(id),
            current: self.is_at(href),
            count: String::new(),
        });
        let items = items.collect();
        let heading = if heading.is_empty() { String::new() } else { say.t(heading) };
        NavGroup { heading, items }
    }

    /// Whether the page belongs to this link of the navigation.
    fn is_at(&self, href: &str) -> bool {
        match href {
            "/" | "/settings" => self.path == href,
            "/explorer" => self.path == href || self.path.starts_with("/feedback/"),
            other => self.path == other || self.path.strip_prefix(other).is_some_and(|rest| rest.starts_with('/')),
        }
    }

    /// The line at the foot of pages with numbers.
    pub(crate) fn as_of(&self, as_of: AsOf) -> String {
        let say = l10n::console();
        let upto = match as_of.at {
            Some(at) => say.with("frame-as-of", &[("at", format::moment(at, self.app().now(), self.zone()).into())]),
            None => say.t("frame-as-of-nothing"),
        };
        let zone = self.zone().name().into();
        let limits = say.with("frame-limits", &[("zone", zone), ("group", self.settings.minimum_group.into())]);
        format!("{upto} {limits}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_in_the_list_is_said_and_all_of_it_can_be() {
        for code in DONE {
            let said = done(code);
            assert!(said.is_some_and(|s| s.ends_with('.') && !s.starts_with("done-")), "{code}");
        }
        assert_eq!(done("your-password-has-expired"), None);
    }
}

//! What every console page has around its contents: who is here, what they may go to, what was just
//! done.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono_tz::Tz;
use commonweal_app::{App, Error};
use commonweal_domain::question::AsOf;
use commonweal_domain::records::User;
use commonweal_domain::{Actor, BatchId, BodySettings, Permission, Preferences};

use crate::WebState;
use crate::assets::asset;
use crate::console::format;
use crate::error::{Failure, WebResult};
use crate::session::SignedIn;

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
    done: Option<&'static str>,
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

/// What is said after something was done, by the code that the address carries. Fixed sentences, so
/// that nobody can put words of their own on a page by a link.
fn done(code: &str) -> Option<&'static str> {
    Some(match code {
        "view-saved" => "The view is saved. It stands in the menu.",
        "view-forgotten" => "The view is gone.",
        "corrected" => "The correction is saved. It stands when the machine reads again; counts follow within seconds.",
        "look-saved" => "The look is saved. Every page has it from now on.",
        "confirmed" => "It is kept that this is right. It stands when the machine reads again.",
        "correction-undone" => "The machine’s reading stands again; counts follow within seconds.",
        "themes-taken-back" => "The change of themes is taken back; counts follow within seconds.",
        "themes-partly-taken-back" => {
            "The change of themes is taken back, but not where somebody has corrected the themes since."
        }
        "preferences-saved" => "Your settings are saved.",
        "settings-saved" => "The settings are saved.",
        "user-added" => "The user is added and may sign in.",
        "role-changed" => "The role is changed.",
        "user-disabled" => "The user may not sign in any more; their sessions are ended.",
        "user-enabled" => "The user may sign in again.",
        "password-set" => "The new password is set; the user’s sessions are ended.",
        "key-revoked" => "The key is revoked. Whoever uses it is refused from now on.",
        "service-added" => "The service is saved.",
        "touchpoint-moved" => "The order is changed.",
        "form-added" => "The form is made and takes answers. Its address stands below.",
        "form-saved" => "The form is changed.",
        "form-opened" => "The form is open again.",
        "form-closed" => "The form is closed.",
        "reply-marked" => "The wish is marked.",
        "reply-removed" => "The address is removed. The feedback stays.",
        "retention-saved" => "How long things are kept is saved. What is older goes within the next hours.",
        "service-renamed" => "The new name is saved.",
        "service-removed" => "The service is removed.",
        "touchpoint-renamed" => "The new name is saved.",
        "touchpoint-removed" => "The touchpoint is removed.",
        "entry-taken-back" => "The entry is taken back: its words are deleted, and counts follow within seconds.",
        "theme-saved" => "The theme is saved. Comments that come in are coded by it.",
        "theme-retired" => "The theme is retired. Comments that come in are not given it any more.",
        "theme-back" => "The theme is back in use.",
        "reread-begun" => "All comments will be read again. You may leave this page.",
        "themes-found" => "Themes were found. Look at them, and take those worth keeping into the codeframe.",
        "found-renamed" => "The theme has its new name.",
        "found-split" => "The theme is split where its comments ask for it.",
        "found-dropped" => "The theme is dropped, and stays so when themes are found again.",
        "found-merged" => "The themes are one now.",
        "found-accepted" => "The theme is in the codeframe. Comments that come in are coded by it.",
        "alert-looked-at" => "Marked as looked at. It stands under “Looked at”, where that can be taken back.",
        "alert-reopened" => "It waits for somebody to look again.",
        "job-retried" => "The job will be tried again.",
        _ => return None,
    })
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
            look: crate::look::address(&settings.look),
        }
    }
}

/// Links of the navigation under one heading.
pub(crate) struct NavGroup {
    pub(crate) heading: &'static str,
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
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) notice: Option<String>,
    pub(crate) user: String,
    pub(crate) nav: Vec<NavGroup>,
    pub(crate) assets: Assets,
    pub(crate) done: Option<&'static str>,
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
            title: title.into(),
            body: self.settings.name.clone(),
            notice: self.settings.notice.clone().filter(|n| !n.trim().is_empty()),
            user: self.user.name.clone(),
            nav: self.navigation().await?,
            assets: Assets::now(&self.settings),
            done: self.done,
            shortcuts: self.preferences.shortcuts,
            refresh: None,
        })
    }

    async fn navigation(&self) -> WebResult<Vec<NavGroup>> {
        let mut groups = vec![self.group(
            "",
            &[
                ("/", "Overview", Permission::ReadFeedback),
                ("/explorer", "Explorer", Permission::ReadFeedback),
                ("/themes", "Themes", Permission::ReadFeedback),
                ("/alerts", "Alerts", Permission::ReadFeedback),
                ("/words", "Words", Permission::ReadFeedback),
                ("/hit", "Who is hit", Permission::ReadFeedback),
                ("/entry", "Entry", Permission::SubmitFeedback),
                ("/imports", "Imports", Permission::ImportFiles),
                ("/forms", "Forms", Permission::ManageServices),
            ],
        )];
        if let Some(alerts) = groups.iter_mut().flat_map(|g| &mut g.items).find(|item| item.href == "/alerts") {
            let open = self.app().open_alerts(&self.actor).await?;
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
                text: "All saved views".into(),
                current: self.path == "/views",
                count: String::new(),
            });
            groups.push(NavGroup { heading: "Saved views", items });
        }
        let settings = self.group(
            "Settings",
            &[
                ("/settings", "The body", Permission::Administer),
                ("/settings/look", "Look", Permission::Administer),
                ("/settings/services", "Services", Permission::ManageServices),
                ("/settings/codeframe", "Codeframe", Permission::ManageServices),
                ("/settings/users", "Users", Permission::Administer),
                ("/settings/keys", "API keys", Permission::Administer),
                ("/settings/retention", "Retention", Permission::Administer),
                ("/settings/audit", "Audit trail", Permission::ReadAudit),
                ("/jobs", "Jobs", Permission::ImportFiles),
            ],
        );
        if !settings.items.is_empty() {
            groups.push(settings);
        }
        Ok(groups)
    }

    fn group(&self, heading: &'static str, links: &[(&str, &str, Permission)]) -> NavGroup {
        let items = links.iter().filter(|(_, _, needed)| self.may(*needed)).map(|(href, text, _)| NavItem {
            href: (*href).to_owned(),
            text: (*text).to_owned(),
            current: self.is_at(href),
            count: String::new(),
        });
        NavGroup { heading, items: items.collect() }
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
        let upto = match as_of.at {
            Some(at) => format!("Data up to {}.", format::moment(at, self.app().now(), self.zone())),
            None => "Nothing has been counted yet.".to_owned(),
        };
        format!(
            "{upto} Times in {}. Groups of fewer than {} people are not shown, nor what would give them away.",
            self.zone(),
            format::count(self.settings.minimum_group)
        )
    }
}

//! What every console page has around its contents: who is here, what they may go to, what was just
//! done.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono_tz::Tz;
use commonweal_app::{App, Error};
use commonweal_domain::question::AsOf;
use commonweal_domain::records::User;
use commonweal_domain::{Actor, BatchId, BodySettings, Preferences, Wanted};

use crate::http::assets::asset;
use crate::http::error::{Failure, WebResult};
use crate::http::session::SignedIn;
use crate::http::state::WebState;
use crate::l10n::{self, Say};
use crate::ui::format;
use crate::ui::navigation::Navigation;

/// Somebody who is signed in, on a page.
pub(crate) struct Visit {
    pub(crate) state: WebState,
    pub(crate) user: User,
    pub(crate) actor: Actor,
    pub(crate) settings: BodySettings,
    pub(crate) preferences: Preferences,
    pub(crate) path: String,
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

/// What is said after something was done, by the code that the address carries: the message `done-CODE`.
/// Nothing is said for a code without a message, so that nobody can put words of their own on a page by a
/// link.
fn done(code: &str) -> Option<String> {
    l10n::console().known(&format!("done-{code}"))
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
    /// The stylesheet of the body's branding, unless that is the usual one.
    pub(crate) branding: Option<String>,
}

impl Assets {
    fn now(settings: &BodySettings) -> Self {
        Self {
            icon: asset("favicon.svg"),
            style: asset("console.css"),
            script: asset("console.js"),
            branding: crate::ui::branding::address(&settings.branding),
        }
    }
}

/// What the layout shows.
pub(crate) struct Frame {
    pub(crate) say: Say,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) notice: Option<String>,
    pub(crate) user: String,
    pub(crate) nav: Navigation,
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

    /// Whether whoever is signed in may do it: with a permission alone, for the whole body.
    pub(crate) fn may(&self, wanted: impl Into<Wanted>) -> bool {
        self.actor.may(wanted)
    }

    /// For pages that show a form only: the use case behind the form asks again.
    pub(crate) fn require(&self, wanted: impl Into<Wanted>) -> WebResult<()> {
        let wanted = wanted.into();
        if self.may(wanted) { Ok(()) } else { Err(Error::Denied(wanted.permission).into()) }
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
            nav: Navigation::of(self).await?,
            assets: Assets::now(&self.settings),
            done: self.done.clone(),
            shortcuts: self.preferences.shortcuts,
            refresh: None,
        })
    }

    /// How much waits behind the links of the navigation is counted again: it was just changed.
    pub(crate) fn count_again(&self) {
        self.state.badges.forget(&self.actor);
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
    fn only_what_has_a_message_is_said() {
        assert!(done("settings-saved").is_some_and(|said| said.ends_with('.')));
        for code in ["your-password-has-expired", "", "-", "settings-saved.x", "<b>"] {
            assert_eq!(done(code), None, "{code}");
        }
    }
}

//! What a capability brings to the server. Each says it in one place, and the server is put together from
//! the list of them: a new page, link or operation is a line in its own capability and nowhere else.

use std::future::Future;
use std::pin::Pin;

use commonweal_app::{App, Result};
use commonweal_domain::{Actor, Permission};
use utoipa_axum::router::OpenApiRouter;

use crate::http::routes::Route;
use crate::http::state::WebState;

/// What one capability brings.
pub struct Capability {
    /// Pages and forms of the console.
    pub console: &'static [Route],
    /// Pages and forms of the public: no session of a user.
    pub public: &'static [Route],
    /// What the pages of other people may ask for and send, without a cookie.
    pub embedded: &'static [Route],
    /// Operations in the shape of another service's API, so that client libraries made for that work here.
    pub foreign: &'static [Route],
    /// Its links in the console's navigation.
    pub navigation: &'static [Entry],
    /// What of it may wait for whoever is signed in.
    pub(crate) waits: &'static [Waiting],
    /// Addresses that its pages had before, as patterns, and what they are now; the first that fits counts.
    pub moved: &'static [(&'static str, &'static str)],
    /// Links of its own that whoever is signed in has made.
    pub(crate) own_links: Option<OwnLinks>,
    /// Operations of the API whose answers are worth compressing.
    pub(crate) api: fn() -> OpenApiRouter<WebState>,
    /// Operations of the API that take or send much: nothing stands between them and the network.
    pub(crate) api_streams: fn() -> OpenApiRouter<WebState>,
}

impl Capability {
    /// Nothing, to begin with.
    pub(crate) const NONE: Self = Self {
        console: &[],
        public: &[],
        embedded: &[],
        foreign: &[],
        navigation: &[],
        waits: &[],
        moved: &[],
        own_links: None,
        api: OpenApiRouter::new,
        api_streams: OpenApiRouter::new,
    };
}

/// Parts of the console, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// How the body is doing.
    Overview,
    /// What people say, and what follows from it.
    Understand,
    /// Where it comes in.
    Listen,
    /// What goes out to them.
    Inform,
    /// Who they are, and what they had to do with the body.
    People,
    /// How the installation is set up, and who may do what.
    Settings,
}

impl Section {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Overview, Self::Understand, Self::Listen, Self::Inform, Self::People, Self::Settings];

    /// The message that names it.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Overview => "section-overview",
            Self::Understand => "section-understand",
            Self::Listen => "section-listen",
            Self::Inform => "section-inform",
            Self::People => "section-people",
            Self::Settings => "section-settings",
        }
    }
}

/// What comes from a use case some time later.
pub(crate) type Later<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// How much waits behind an address for whoever is signed in.
pub(crate) type Badge = fn(App, Actor) -> Later<u64>;

/// A link of the console's navigation, shown to whoever may open it.
pub struct Entry {
    pub(crate) section: Section,
    pub(crate) address: &'static str,
    /// The message that names it.
    pub(crate) words: &'static str,
    pub(crate) needs: Permission,
    /// Another permission with which it may be opened.
    pub(crate) or: Option<Permission>,
    /// Beginnings of addresses that belong to it besides its own.
    pub(crate) covers: &'static [&'static str],
    /// Whether addresses below its own are other pages'.
    pub(crate) alone: bool,
    pub(crate) badge: Option<Badge>,
}

impl Entry {
    /// A link to a page and what lies below its address.
    pub(crate) const fn new(section: Section, address: &'static str, words: &'static str, needs: Permission) -> Self {
        Self { section, address, words, needs, or: None, covers: &[], alone: false, badge: None }
    }

    /// Pages at these addresses, and what lies below them, belong to it too.
    pub(crate) const fn covers(mut self, covers: &'static [&'static str]) -> Self {
        self.covers = covers;
        self
    }

    /// Whoever has this permission may open it too.
    pub(crate) const fn or(mut self, needs: Permission) -> Self {
        self.or = Some(needs);
        self
    }

    /// What lies below its address does not belong to it.
    pub(crate) const fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// With how much waits there.
    pub(crate) const fn badge(mut self, badge: Badge) -> Self {
        self.badge = Some(badge);
        self
    }

    /// Whether a page belongs to this link.
    pub(crate) fn holds(&self, path: &str) -> bool {
        let below = |beginning: &str| path.strip_prefix(beginning).is_some_and(|rest| rest.starts_with('/'));
        path == self.address
            || !self.alone && below(self.address)
            || self.covers.iter().any(|other| path == *other || below(other))
    }
}

/// Something that may wait for whoever is signed in: a line at the beginning of the Overview.
pub(crate) struct Waiting {
    /// The part of the console that it belongs to: lines stand in the order of these.
    pub(crate) section: Section,
    /// Where it is dealt with.
    pub(crate) address: &'static str,
    /// The message that says how much there is.
    pub(crate) words: &'static str,
    /// What lets somebody deal with it.
    pub(crate) needs: Permission,
    pub(crate) count: Badge,
}

/// Links that whoever is signed in has made, under a heading in one section.
pub(crate) struct OwnLinks {
    pub(crate) section: Section,
    /// The message that stands above them.
    pub(crate) heading: &'static str,
    /// Where all of them are, and the message that says so.
    pub(crate) all: (&'static str, &'static str),
    pub(crate) find: fn(App, Actor) -> Later<Vec<OwnLink>>,
}

/// One of them.
pub(crate) struct OwnLink {
    pub(crate) text: String,
    pub(crate) href: String,
}

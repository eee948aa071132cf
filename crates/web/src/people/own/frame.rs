//! What all these pages share: the link, the language, the visit.

use std::time::Duration;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use chrono_tz::Tz;
use commonweal_app::people::{OwnHand, VISIT_MINUTES};
use commonweal_app::{App, Error};

use crate::http::address::ClientAddress;
use crate::http::config::WebConfig;
use crate::http::error::{Failure, WebResult};
use crate::http::session::cookie;
use crate::http::state::WebState;
use crate::l10n::{Language, Say};
use crate::ui::form::Fields;
use crate::ui::page::Page;
use crate::ui::public::{Frame, language, spoken_in};

/// A request for one of the pages.
pub(super) struct Guest {
    pub(super) state: WebState,
    pub(super) token: String,
    pub(super) language: Language,
    pub(super) query: Fields,
    jar: CookieJar,
    address: ClientAddress,
}

/// Why there is nothing to see.
#[derive(askama::Template)]
#[template(path = "people/own/notice.html")]
struct NoticePage {
    frame: Frame,
    words: String,
}

impl FromRequestParts<WebState> for Guest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Response> {
        let token: Result<Path<String>, _> = Path::from_request_parts(parts, state).await;
        let Ok(Path(token)) = token else { return Err(Failure::not_found().into_response()) };
        let query = Fields::parse(parts.uri.query().unwrap_or_default());
        let Ok(address) = ClientAddress::from_request_parts(parts, state).await;
        let guest = Self {
            language: language(query.get("lang"), &parts.headers, &Language::ALL),
            jar: CookieJar::from_headers(&parts.headers),
            state: state.clone(),
            token,
            query,
            address,
        };
        if !matches!(parts.method, Method::GET | Method::HEAD) {
            guest.count().map_err(|flood| guest.flood(&flood))?;
        }
        Ok(guest)
    }
}

/// By which a visit is known, and no other page than these is asked with it.
fn cookie_name(config: &WebConfig) -> &'static str {
    if config.secure_cookies { "__Host-cw_preferences" } else { "cw_preferences" }
}

impl Guest {
    pub(super) fn app(&self) -> &App {
        &self.state.app
    }

    pub(super) fn say(&self) -> Say {
        Say { language: self.language }
    }

    pub(super) fn zone(&self) -> Tz {
        self.app().settings().time_zone
    }

    /// Counts what is sent, and links that lead nowhere, as answers to forms are.
    fn count(&self) -> Result<(), Error> {
        self.app().count_guest(self.address.network(), &self.state.config.forms)
    }

    /// The address of one of the pages in a language.
    pub(super) fn address_in(&self, below: &str, language: Language) -> String {
        format!("/preferences/{}{below}?lang={}", self.token, language.code())
    }

    /// The address of one of the pages.
    pub(super) fn address(&self, below: &str) -> String {
        self.address_in(below, self.language)
    }

    pub(super) fn frame(&self, title: String, below: &str) -> Frame {
        Frame::new(&self.state, title, self.language, &Language::ALL, |l| self.address_in(below, l))
    }

    /// A page in the guest's language.
    pub(super) fn answer<T: askama::Template>(&self, status: StatusCode, page: T) -> Response {
        spoken_in(self.language, (status, Page(page)).into_response())
    }

    /// On to the first page, which says what was done.
    pub(super) fn done(&self, code: &str) -> Response {
        Redirect::to(&format!("{}&done={code}", self.address(""))).into_response()
    }

    /// A page that says a few words.
    pub(super) fn notice(&self, status: StatusCode, title: &str, words: &str) -> Response {
        let words = self.say().t(words);
        self.answer(status, NoticePage { frame: self.frame(self.say().t(title), ""), words })
    }

    /// There is no such link, or none any more. Whoever tries many has to wait.
    pub(super) fn gone(&self) -> WebResult<Response> {
        Ok(match self.count() {
            Ok(()) => self.notice(StatusCode::NOT_FOUND, "own-gone", "own-gone-words"),
            Err(flood) => self.flood(&flood),
        })
    }

    /// Somebody has to wait.
    fn flood(&self, error: &Error) -> Response {
        let mut response = self.notice(StatusCode::TOO_MANY_REQUESTS, "own-flood", "own-flood-words");
        if let Error::TooMany { retry_after_s } = error {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_s));
        }
        response
    }

    /// The ticket of the visit that this browser is on, if it is on one.
    fn ticket(&self) -> &str {
        self.jar.get(cookie_name(&self.state.config)).map_or("", Cookie::value)
    }

    /// What the guest sees of themselves, or the page that stands in the place of it.
    pub(super) async fn own(&self) -> WebResult<Result<Box<OwnHand>, Response>> {
        match Box::pin(self.app().own_hand(&self.token, self.ticket())).await {
            Ok(own) => Ok(Ok(Box::new(own))),
            Err(Error::NotFound("link")) => Ok(Err(self.gone()?)),
            Err(Error::Unauthenticated) => {
                let over = if self.ticket().is_empty() { "" } else { "&over=1" };
                Ok(Err(Redirect::to(&format!("{}{over}", self.address(""))).into_response()))
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Whether this browser is on a visit by this link.
    pub(super) async fn visits(&self) -> bool {
        !self.ticket().is_empty() && Box::pin(self.app().own_hand(&self.token, self.ticket())).await.is_ok()
    }

    /// Begins the visit of a ticket.
    pub(super) fn begin(&self, ticket: String, mut response: Response) -> Response {
        let mut kept = cookie(&self.state.config, cookie_name(&self.state.config), ticket);
        kept.set_max_age(Duration::from_secs(VISIT_MINUTES.unsigned_abs() * 60).try_into().ok());
        set(&mut response, &kept);
        response
    }

    /// Ends the visit.
    pub(super) fn end(&self, mut response: Response) -> Response {
        let mut gone = cookie(&self.state.config, cookie_name(&self.state.config), String::new());
        gone.make_removal();
        set(&mut response, &gone);
        response
    }
}

fn set(response: &mut Response, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::try_from(cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

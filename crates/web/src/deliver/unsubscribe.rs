//! Unsubscribing by the link in a message (RFC 8058): a page that only asks, and a button, which mail programs press by
//! themselves. No cookie, no account, no redirect.

use askama::Template;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use commonweal_app::Error;
use commonweal_app::deliver::Unsubscribing;

use crate::http::address::ClientAddress;
use crate::http::error::{Failure, WebResult};
use crate::http::state::WebState;
use crate::l10n::{Language, Say};
use crate::ui::components::Button;
use crate::ui::form::Fields;
use crate::ui::page::Page;
use crate::ui::public::{Frame, known, language, spoken_in};

#[derive(Template)]
#[template(path = "deliver/unsubscribe.html")]
struct UnsubscribePage {
    frame: Frame,
    words: String,
    /// Where to say so, while there is something to unsubscribe from.
    ask: Option<(String, Button)>,
}

/// Whoever follows the link.
pub(super) struct Guest {
    state: WebState,
    token: String,
    language: Language,
    address: ClientAddress,
}

impl FromRequestParts<WebState> for Guest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Response> {
        let token: Result<Path<String>, _> = Path::from_request_parts(parts, state).await;
        let Ok(Path(token)) = token else { return Err(Failure::not_found().into_response()) };
        let query = Fields::parse(parts.uri.query().unwrap_or_default());
        let Ok(address) = ClientAddress::from_request_parts(parts, state).await;
        let language = language(query.get("lang"), &parts.headers, &Language::ALL);
        Ok(Self { state: state.clone(), token, language, address })
    }
}

impl Guest {
    fn say(&self) -> Say {
        Say { language: self.language }
    }

    fn in_language(&self, language: Language) -> String {
        format!("/unsubscribe/{}?lang={}", self.token, language.code())
    }

    fn answer(&self, status: StatusCode, title: &str, words: String, ask: Option<(String, Button)>) -> Response {
        let frame =
            Frame::new(&self.state, self.say().t(title), self.language, &Language::ALL, |l| self.in_language(l));
        spoken_in(self.language, (status, Page(UnsubscribePage { frame, words, ask })).into_response())
    }

    /// The name of the topic in the guest's language.
    fn about(&self, found: &Unsubscribing) -> String {
        found.topic.words(known(self.language)).name.clone()
    }

    /// There is no such link. Whoever tries many has to wait.
    fn gone(&self) -> Response {
        match self.state.app.count_guest(self.address.network(), &self.state.config.forms) {
            Ok(()) => {
                self.answer(StatusCode::NOT_FOUND, "unsubscribe-gone", self.say().t("unsubscribe-gone-words"), None)
            }
            Err(flood) => {
                let words = self.say().t("unsubscribe-flood-words");
                let mut response = self.answer(StatusCode::TOO_MANY_REQUESTS, "unsubscribe-flood", words, None);
                if let Error::TooMany { retry_after_s } = flood {
                    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
                }
                response
            }
        }
    }

    fn over(&self, found: &Unsubscribing) -> Response {
        let words = self.say().with("unsubscribe-done-words", &[("topic", self.about(found).into())]);
        self.answer(StatusCode::OK, "unsubscribe-done", words, None)
    }
}

/// Asks. Looking at it changes nothing.
pub(super) async fn ask(guest: Guest) -> WebResult<Response> {
    match guest.state.app.unsubscribing(&guest.token).await {
        Ok(found) if found.subscribed => {
            let words = guest.say().with("unsubscribe-words", &[("topic", guest.about(&found).into())]);
            let button = Button::new(guest.say().t("unsubscribe-button").as_str());
            let action = guest.in_language(guest.language);
            Ok(guest.answer(StatusCode::OK, "unsubscribe-title", words, Some((action, button))))
        }
        Ok(found) => Ok(guest.over(&found)),
        Err(Error::NotFound(_)) => Ok(guest.gone()),
        Err(other) => Err(other.into()),
    }
}

/// Unsubscribes, whoever asks: a person, or their mail program by itself.
pub(super) async fn unsubscribe(guest: Guest) -> WebResult<Response> {
    match guest.state.app.unsubscribe(&guest.token).await {
        Ok(found) => Ok(guest.over(&found)),
        Err(Error::NotFound(_)) => Ok(guest.gone()),
        Err(other) => Err(other.into()),
    }
}

//! What the feedback widget asks of us from pages of other people: its script, what a form asks, and
//! the answer.
//!
//! Browsers let a page of another origin in only when we name it, and we name those alone that the
//! form lists. These addresses know no cookie and no session, so there is nothing that a page could
//! do in somebody's name; that is why they stand outside the check for requests of other sites.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use commonweal_app::{Answered, Error, Sent};
use commonweal_domain::form::{ANSWER_CHARS, AnsweredWords};
use commonweal_domain::{FieldError, FieldErrors, Form, FormAnswer, FormLanguage, RatingStyle};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::http::address::ClientAddress;
use crate::http::assets;
use crate::http::error::{Failure, Finished};
use crate::http::routes::Route;
use crate::http::state::WebState;
use crate::l10n::{Language, Say};
use crate::listen::public::form::{REDACTED, device};
use crate::listen::public::questions::Questions;
use crate::listen::public::view::first_field;
use crate::ui::form::Fields;
use crate::ui::public::spoken;

/// Everything that pages of other people may ask; the test of permissions visits each one.
pub const ROUTES: &[Route] = &[
    Route::get("/w/{file}", || get(script)),
    Route::get("/w/forms/{form_key}", || get(show)),
    Route::post("/w/forms/{form_key}", || post(answer).options(preflight).layer(DefaultBodyLimit::max(MAX_BYTES))),
];

/// Largest answer in bytes: two fields full of the longest letters, each written as an escape.
const MAX_BYTES: usize = 2 * ANSWER_CHARS * 12 + 4_096;

/// The script: `/w/v1.js`, whatever is newest of the first kind, or by the hash of its contents.
async fn script(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let (name, keep) = match file.strip_suffix(".js").ok_or_else(Failure::not_found)? {
        "v1" => ("widget.js".to_owned(), "public, max-age=3600"),
        hash if hash.len() == 10 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            (format!("widget.{hash}.js"), "public, max-age=31536000, immutable")
        }
        _ => return Err(Failure::not_found()),
    };
    let mut response = assets::file(&name, &headers).ok_or_else(Failure::not_found)?;
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    // Scripts with an integrity hash, and modules in any case, are fetched as CORS requests.
    out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}

/// Who asks, and whether the form may be shown there.
struct Asker {
    origin: Option<HeaderValue>,
    allowed: bool,
}

impl Asker {
    /// A request without an origin comes from no other page: from one of ours, or from a program.
    fn of(state: &WebState, form: &Form, headers: &HeaderMap) -> Self {
        let origin = headers.get(header::ORIGIN).cloned();
        let allowed = match origin.as_ref().map(|o| o.to_str()) {
            None => true,
            Some(Ok(origin)) => origin == state.config.public_url || form.stands_on(origin),
            Some(Err(_)) => false,
        };
        Self { origin, allowed }
    }

    /// The response as this asker may read it. A refusal may be read too: it holds one sentence that
    /// everybody may know, and without it nobody could tell why there is no form.
    fn told(&self, status: StatusCode, body: &Value) -> Response {
        let mut response = (status, axum::Json(body)).into_response();
        response.extensions_mut().insert(Finished);
        self.name(&mut response);
        response
    }

    fn refusal(&self) -> Response {
        let origin = self.origin.as_ref().and_then(|o| o.to_str().ok()).unwrap_or_default();
        let detail = format!(
            "This form may not be shown on {origin}. Whoever looks after the form can add {origin} to its list of \
             websites."
        );
        self.told(StatusCode::FORBIDDEN, &json!({"detail": detail}))
    }

    fn name(&self, response: &mut Response) {
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = &self.origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        }
    }
}

/// The form and who asks for it, or what they are told instead.
async fn asked(
    state: &WebState,
    key: &str,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<(Form, Asker), Response> {
    match state.app.public_form(key).await {
        Ok(form) => {
            let asker = Asker::of(state, &form, headers);
            if asker.allowed { Ok((form, asker)) } else { Err(asker.refusal()) }
        }
        Err(e) => {
            let language = Language::from_code(Fields::parse(query.unwrap_or_default()).get("lang"));
            let detail = Say { language: language.unwrap_or(Language::English) }.refusal(&e);
            let failure = Failure::from(e);
            failure.log("the widget's form could not be read");
            let asker = Asker { origin: headers.get(header::ORIGIN).cloned(), allowed: false };
            Err(asker.told(failure.status(), &json!({"detail": detail})))
        }
    }
}

/// A browser asks beforehand whether a page may send an answer. It learns no more than yes or no.
async fn preflight(State(state): State<WebState>, Path(key): Path<String>, headers: HeaderMap) -> Response {
    let asker = match asked(&state, &key, None, &headers).await {
        Ok((_, asker)) => asker,
        Err(response) => return response,
    };
    let mut response = StatusCode::NO_CONTENT.into_response();
    asker.name(&mut response);
    let out = response.headers_mut();
    out.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    out.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    out.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}

fn language(form: &Form, query: Option<&str>) -> (FormLanguage, Say) {
    let query = Fields::parse(query.unwrap_or_default());
    let language = form.language(FormLanguage::from_key(query.get("lang")));
    (language, Say { language: spoken(language) })
}

/// What the form asks, in the language of the page where it has that, and what the answer must bring
/// back.
async fn show(
    State(state): State<WebState>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (form, asker) = match asked(&state, &key, query.as_deref(), &headers).await {
        Ok(asked) => asked,
        Err(response) => return Ok(response),
    };
    let (language, say) = language(&form, query.as_deref());
    if !form.open {
        return Ok(closed(&asker, say));
    }
    // A look at the headers alone is no showing of the form.
    let token = if method == Method::HEAD { String::new() } else { state.app.form_token(&form).await? };
    let questions = Questions::of(&form, say.language);
    let rating = (form.design.rating != RatingStyle::None)
        .then(|| json!({"question": questions.rating, "choices": questions.choices}));
    let body = json!({
        "lang": say.language.tag(),
        "title": form.heading(language),
        "rating": rating,
        "good": questions.good,
        "better": questions.better,
        "token": token,
        "words": {
            "hint": say.t("public-words-hint"),
            "send": say.t("public-send"),
            "cancel": say.t("widget-cancel"),
            "failed": say.t("widget-failed"),
        },
    });
    Ok(asker.told(StatusCode::OK, &body))
}

fn closed(asker: &Asker, say: Say) -> Response {
    let words = say.t("public-closed-words");
    let detail = format!("{}. {words}", say.t("public-closed"));
    asker.told(StatusCode::GONE, &json!({"detail": detail, "message": detail}))
}

/// What the widget sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Posted {
    token: String,
    rating: Option<u8>,
    #[serde(default)]
    good: String,
    #[serde(default)]
    better: String,
    page: Option<String>,
}

/// Takes an answer.
async fn answer(
    State(state): State<WebState>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
    address: ClientAddress,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (form, asker) = match asked(&state, &key, query.as_deref(), &headers).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let (language, say) = language(&form, query.as_deref());
    let posted: Posted = match serde_json::from_slice(&body) {
        Ok(posted) => posted,
        Err(_) => {
            let detail =
                "This is not an answer of the widget: send an object with token, rating, good, better and page.";
            return asker.told(StatusCode::BAD_REQUEST, &json!({"detail": detail}));
        }
    };
    let questions = Questions::of(&form, say.language);
    let words = |field: &'static str, question: String, text: String| AnsweredWords { field, question, text };
    let answer = FormAnswer {
        rating: posted.rating,
        words: vec![words("good", questions.good, posted.good), words("better", questions.better, posted.better)],
        page: posted.page,
        reply: None,
        language,
        kiosk: false,
        device: device(&headers).map(str::to_owned),
    };
    let sent = Sent { token: posted.token, trap: false, address: address.network() };
    match state.app.answer_form(&key, answer, sent, &state.config.forms).await {
        Ok(Answered::Taken(receipt)) => {
            let mut message = format!("{}. {}", say.t("public-thanks"), say.t("public-thanks-words"));
            if receipt.changed.iter().any(|c| c.code == REDACTED) {
                message = format!("{message} {}", say.t("public-thanks-redacted"));
            }
            asker.told(StatusCode::OK, &json!({"taken": true, "message": message}))
        }
        Ok(Answered::AskAgain(token)) => {
            asker.told(StatusCode::UNPROCESSABLE_ENTITY, &json!({"token": token, "message": say.t("widget-again")}))
        }
        Ok(Answered::TurnedAway(full)) => {
            let message = say.t(if full.for_today { "widget-full-today" } else { "widget-full-minute" });
            refused_for_now(&asker, &message, full.retry_after_s)
        }
        Err(Error::Invalid(errors)) => asker.told(StatusCode::UNPROCESSABLE_ENTITY, &wrong(&form, say, &errors)),
        Err(Error::Conflict { code: "form_closed", .. }) => closed(&asker, say),
        Err(Error::TooMany { retry_after_s }) => {
            let minutes = retry_after_s.div_ceil(60).max(1);
            let message = say.with("widget-flood", &[("minutes", minutes.into())]);
            refused_for_now(&asker, &message, retry_after_s)
        }
        Err(other) => {
            let failure = Failure::from(other);
            failure.log("an answer of the widget could not be taken");
            asker.told(failure.status(), &json!({"message": say.t("widget-failed")}))
        }
    }
}

fn refused_for_now(asker: &Asker, message: &str, retry_after_s: u64) -> Response {
    let mut response = asker.told(StatusCode::TOO_MANY_REQUESTS, &json!({"message": message}));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
    response
}

/// What is wrong, in the language of the form, by the field at which it is said.
fn wrong(form: &Form, say: Say, errors: &FieldErrors) -> Value {
    let one = |e: &FieldError| {
        let at = if e.field.is_empty() { first_field(form) } else { &e.field };
        json!({"field": at, "message": say.error(e)})
    };
    let all: Vec<Value> = errors.0.iter().map(one).collect();
    json!({"errors": all, "message": all.first().map(|e| e["message"].clone())})
}

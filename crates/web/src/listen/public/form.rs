//! The page of a form: shown, answered, thanked for.
//!
//! Whatever goes wrong, the words that somebody wrote come back with the page.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::{Answered, Error, Sent};
use commonweal_domain::form::{AnsweredWords, NewReplyRequest};
use commonweal_domain::personal::page_address;
use commonweal_domain::{FieldErrors, Form, FormAnswer};

use crate::http::address::ClientAddress;
use crate::http::error::{Failure, WebResult};
use crate::http::state::WebState;
use crate::l10n::{Language, Say};
use crate::listen::public::questions::Questions;
use crate::listen::public::view::{Filled, FormPage, Notice};
use crate::ui::form::Fields;
use crate::ui::page::Page;
use crate::ui::public::{Frame, known, language, offered, spoken_in};

/// How a receipt says that personal data in words was replaced.
pub(super) const REDACTED: &str = "redacted";

/// Thanks, after an answer was taken.
#[derive(askama::Template)]
#[template(path = "listen/public/thanks.html")]
struct ThanksPage {
    frame: Frame,
    consent: bool,
    /// Personal data was taken out of the words.
    redacted: bool,
    again: Option<String>,
}

/// Says why there is nothing to fill in.
#[derive(askama::Template)]
#[template(path = "listen/public/notice.html")]
struct NoticePage {
    frame: Frame,
    words: String,
    /// What somebody wrote who came too late.
    kept: Vec<String>,
}

/// A request for the page of one form.
struct Asked {
    form: Form,
    offered: Vec<Language>,
    language: Language,
    query: Fields,
}

/// Finds the form, or makes the page that says there is none.
async fn asked(
    state: &WebState,
    key: &str,
    query: Option<String>,
    headers: &HeaderMap,
) -> WebResult<Result<Asked, Response>> {
    let query = Fields::parse(query.as_deref().unwrap_or_default());
    match state.app.public_form(key).await {
        Ok(form) => {
            let offered = offered(&form);
            let language = language(query.get("lang"), headers, &offered);
            Ok(Ok(Asked { form, offered, language, query }))
        }
        Err(Error::NotFound(_)) => {
            let all = Language::ALL;
            let language = language(query.get("lang"), headers, &all);
            let say = Say { language };
            // The key is ours to write again: it is what the router found in the path.
            let address = |l: Language| format!("?lang={}", l.code());
            let frame = Frame::new(state, say.t("public-unknown"), language, &all, address);
            let page = NoticePage { words: say.t("public-unknown-words"), kept: Vec::new(), frame };
            Ok(Err(spoken_in(language, (StatusCode::NOT_FOUND, Page(page)).into_response())))
        }
        Err(other) => Err(other.into()),
    }
}

impl Asked {
    fn say(&self) -> Say {
        Say { language: self.language }
    }

    /// The address of a page of this form in a language, with what the next page must know.
    fn address(&self, below: &str, language: Language, page: &str, kiosk: bool) -> String {
        let mut pairs = vec![("lang", language.code())];
        if !page.is_empty() {
            pairs.push(("page", page));
        }
        if kiosk {
            pairs.push(("kiosk", "1"));
        }
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        format!("/f/{}{below}?{query}", self.form.key)
    }

    fn page(&self, state: &WebState, filled: Filled<'_>) -> FormPage {
        let heading = self.form.heading(known(self.language)).to_owned();
        let failed = filled.notice.is_some() || !filled.errors.is_empty();
        let title = if failed { self.say().with("public-error-title", &[("title", heading.into())]) } else { heading };
        let address = |l: Language| self.address("", l, &filled.page, filled.kiosk);
        let frame = Frame::new(state, title, self.language, &self.offered, address);
        FormPage::new(&self.form, frame, filled)
    }

    /// The page that says that the form is closed, with what somebody wrote in vain.
    fn closed(&self, state: &WebState, kept: Vec<String>) -> Response {
        let address = |l: Language| self.address("", l, "", false);
        let frame = Frame::new(state, self.say().t("public-closed"), self.language, &self.offered, address);
        let page = NoticePage { words: self.say().t("public-closed-words"), kept, frame };
        spoken_in(self.language, (StatusCode::GONE, Page(page)).into_response())
    }
}

/// The form, to be filled in.
pub(super) async fn show(
    State(state): State<WebState>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> WebResult<Response> {
    let asked = match asked(&state, &key, query, &headers).await? {
        Ok(asked) => asked,
        Err(response) => return Ok(response),
    };
    if !asked.form.open {
        return Ok(asked.closed(&state, Vec::new()));
    }
    let nothing = Fields::default();
    let filled = Filled {
        fields: &nothing,
        page: page_meant(&state, asked.query.get("page"), &headers),
        kiosk: is_kiosk(&asked.query),
        token: state.app.form_token(&asked.form).await?,
        errors: FieldErrors::default(),
        notice: None,
        action: asked.address("", asked.language, "", false),
    };
    Ok(spoken_in(asked.language, Page(asked.page(&state, filled)).into_response()))
}

/// Takes an answer, or gives the form back as it was filled in.
pub(super) async fn answer(
    State(state): State<WebState>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
    address: ClientAddress,
    headers: HeaderMap,
    fields: Fields,
) -> WebResult<Response> {
    let asked = match asked(&state, &key, query, &headers).await? {
        Ok(asked) => asked,
        Err(response) => return Ok(response),
    };
    let kiosk = is_kiosk(&fields);
    let answer = read(&asked, &fields, kiosk, &headers);
    let sent = Sent {
        token: fields.get("token").to_owned(),
        trap: !fields.get("more").is_empty(),
        address: address.network(),
    };
    let outcome = state.app.answer_form(&key, answer, sent, &state.config.forms).await;
    let say = asked.say();
    let notice = |title: &str, words: String| Some(Notice { title: say.t(title), words });
    let mut again = Filled {
        fields: &fields,
        page: fields.get("page").to_owned(),
        kiosk,
        token: fields.get("token").to_owned(),
        errors: FieldErrors::default(),
        notice: None,
        action: asked.address("", asked.language, "", false),
    };
    let (status, retry_after_s) = match outcome {
        Ok(Answered::Taken(receipt)) => {
            let mut thanks = asked.address("/thanks", asked.language, "", kiosk);
            if receipt.changed.iter().any(|c| c.code == REDACTED) {
                thanks.push_str("&redacted=1");
            }
            return Ok(Redirect::to(&thanks).into_response());
        }
        Ok(Answered::AskAgain(token)) => {
            again.token = token;
            again.notice = notice("public-again", say.t("public-again-words"));
            (StatusCode::UNPROCESSABLE_ENTITY, None)
        }
        Ok(Answered::TurnedAway(full)) => {
            let words = if full.for_today { "public-full-today" } else { "public-full-minute" };
            again.notice = notice("public-full", say.t(words));
            (StatusCode::TOO_MANY_REQUESTS, Some(full.retry_after_s))
        }
        Err(Error::Invalid(errors)) => {
            again.errors = errors;
            (StatusCode::UNPROCESSABLE_ENTITY, None)
        }
        Err(Error::Conflict { code: "form_closed", .. }) => {
            let kept = ["good", "better", "wrong"].map(|f| fields.get(f).to_owned());
            return Ok(asked.closed(&state, kept.into_iter().filter(|t| !t.is_empty()).collect()));
        }
        Err(Error::TooMany { retry_after_s }) => {
            let minutes = retry_after_s.div_ceil(60).max(1);
            again.notice = notice("public-flood", say.with("public-flood-words", &[("minutes", minutes.into())]));
            (StatusCode::TOO_MANY_REQUESTS, Some(retry_after_s))
        }
        Err(other) => {
            let failure = Failure::from(other);
            failure.log("an answer could not be taken");
            again.notice = notice("public-failed", say.t("public-failed-words"));
            (failure.status(), failure.retry_after_s())
        }
    };
    let mut response = spoken_in(asked.language, (status, Page(asked.page(&state, again))).into_response());
    if let Some(seconds) = retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

/// Thanks.
pub(super) async fn thanks(
    State(state): State<WebState>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> WebResult<Response> {
    let asked = match asked(&state, &key, query, &headers).await? {
        Ok(asked) => asked,
        Err(response) => return Ok(response),
    };
    let kiosk = is_kiosk(&asked.query);
    let address = |l: Language| asked.address("/thanks", l, "", kiosk);
    let frame = Frame::new(&state, asked.say().t("public-thanks"), asked.language, &asked.offered, address);
    let again = asked.form.open.then(|| asked.address("", asked.language, "", kiosk));
    let redacted = !asked.query.get("redacted").is_empty();
    let page = ThanksPage { frame, consent: asked.form.design.consent, redacted, again };
    Ok(spoken_in(asked.language, Page(page).into_response()))
}

/// What somebody filled in, with the questions as they stood on the page.
fn read(asked: &Asked, fields: &Fields, kiosk: bool, headers: &HeaderMap) -> FormAnswer {
    let questions = Questions::of(&asked.form, asked.language);
    let words =
        |field: &'static str, question: String| AnsweredWords { field, question, text: fields.exact(field).to_owned() };
    let mut all = vec![words("good", questions.good), words("better", questions.better)];
    if asked.form.design.page_report {
        all.push(words("wrong", questions.wrong));
    }
    let rating = fields.get("rating");
    FormAnswer {
        // What is no number is on no scale, and refused as such.
        rating: (!rating.is_empty()).then(|| rating.parse().unwrap_or(u8::MAX)),
        words: all,
        page: Some(fields.get("page").to_owned()),
        reply: Some(NewReplyRequest {
            agreed: !fields.get("agree").is_empty(),
            address: fields.get("email").to_owned(),
            words: questions.consent,
        }),
        language: known(asked.language),
        kiosk,
        device: device(headers).map(str::to_owned),
    }
}

fn is_kiosk(fields: &Fields) -> bool {
    fields.0.iter().any(|(name, _)| name == "kiosk")
}

/// The page that is meant: the one that the link names, else the one that people come from, unless it
/// is one of ours.
fn page_meant(state: &WebState, named: &str, headers: &HeaderMap) -> String {
    if !named.is_empty() {
        return page_address(named);
    }
    let from = headers.get(header::REFERER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let page = page_address(from);
    let own = page.strip_prefix(&state.config.public_url).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if own { String::new() } else { page }
}

/// The class of the device, as far as the browser says it by itself.
pub(super) fn device(headers: &HeaderMap) -> Option<&'static str> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let agent = text("user-agent");
    if agent.contains("iPad") || agent.contains("Tablet") || (agent.contains("Android") && !agent.contains("Mobile")) {
        Some("tablet")
    } else if text("sec-ch-ua-mobile") == "?1" || agent.contains("Mobi") {
        Some("phone")
    } else if agent.contains("Windows NT") || agent.contains("Macintosh") || agent.contains("X11;") {
        Some("desktop")
    } else {
        None
    }
}

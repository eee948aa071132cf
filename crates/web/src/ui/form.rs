//! Forms that come back: what was wrong, beside the field and in the summary above the form.

use axum::extract::FromRequest;
use axum::extract::Request;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use commonweal_app::Error;
use commonweal_domain::FieldErrors;

use crate::http::error::Failure;
use crate::http::state::WebState;
use crate::l10n::{Say, console};

/// What is wrong with a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Errors {
    pub(crate) items: Vec<ErrorItem>,
}

/// One thing that is wrong. An empty field means the form as a whole.
#[derive(Clone, Debug)]
pub(crate) struct ErrorItem {
    pub(crate) field: String,
    pub(crate) message: String,
}

impl Errors {
    /// Of the form as a whole.
    pub(crate) fn whole(message: impl Into<String>) -> Self {
        Self { items: vec![ErrorItem { field: String::new(), message: message.into() }] }
    }

    /// Errors that no field of the page is to blame for.
    pub(crate) fn of_no_field(errors: FieldErrors) -> Self {
        let say = console();
        let items = errors.0.iter().map(|e| ErrorItem { field: String::new(), message: say.error(e) });
        Self { items: items.collect() }
    }

    /// What the sender can put right: shown with the form. Everything else is the page's failure.
    pub(crate) fn of_error(error: Error) -> Result<Self, Error> {
        match error {
            Error::Invalid(errors) => Ok(errors.into()),
            conflict @ Error::Conflict { .. } => Ok(Self::whole(console().refusal(&conflict))),
            other => Err(other),
        }
    }

    /// The title of the page, which says first that something is wrong (GOV.UK's error summary).
    pub(crate) fn headed(&self, title: String, say: Say) -> String {
        if self.items.is_empty() { title } else { format!("{} {title}", say.t("parts-error")) }
    }

    /// The same with another name for a field: a rule does not know what a form calls it.
    pub(crate) fn renamed(mut self, from: &str, to: &str) -> Self {
        self.items.iter_mut().filter(|item| item.field == from).for_each(|item| to.clone_into(&mut item.field));
        self
    }

    /// The message for a field.
    pub(crate) fn of(&self, field: &str) -> Option<&str> {
        self.items.iter().find(|i| i.field == field).map(|i| i.message.as_str())
    }

    pub(crate) fn has(&self, field: &str) -> bool {
        self.of(field).is_some()
    }

    /// Value of `aria-describedby`: the hint, then the error.
    pub(crate) fn described(&self, field: &str, hint: bool) -> String {
        let mut ids = Vec::new();
        if hint {
            ids.push(format!("{field}-hint"));
        }
        if self.has(field) {
            ids.push(format!("{field}-error"));
        }
        ids.join(" ")
    }
}

impl From<FieldErrors> for Errors {
    fn from(errors: FieldErrors) -> Self {
        let say = console();
        let items = errors.0.into_iter().map(|e| ErrorItem { message: say.error(&e), field: e.field });
        Self { items: items.collect() }
    }
}

/// The fields of a form that was sent, in order; a name may occur several times.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

impl Fields {
    /// Fields of a query string or a form body.
    pub(crate) fn parse(encoded: &str) -> Self {
        Self(serde_urlencoded::from_str(encoded).unwrap_or_default())
    }

    /// The first value of a field, trimmed; empty when it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    /// The first value as it was sent: passwords may begin with a space.
    pub(crate) fn exact(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// All values of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

impl FromRequest<WebState> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Response> {
        let body = Bytes::from_request(request, state).await.map_err(BytesRejection::into_response)?;
        let text = std::str::from_utf8(&body).map_err(|_| {
            let status = axum::http::StatusCode::BAD_REQUEST;
            Failure::new(status, "bad_form", "The form is not in UTF-8.").into_response()
        })?;
        Ok(Self::parse(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_may_be_given_several_times() {
        let fields = Fields::parse("scope=a&scope=b%20c&name=+Ann+&password=+x");
        assert_eq!(fields.all("scope").collect::<Vec<_>>(), ["a", "b c"]);
        assert_eq!(fields.get("name"), "Ann");
        assert_eq!(fields.exact("password"), " x");
        assert_eq!(fields.get("nothing"), "");
    }

    #[test]
    fn a_field_is_described_by_its_hint_and_its_error() {
        let errors: Errors = FieldErrors::one("email", "x", "Give an address.").into();
        assert_eq!(errors.described("email", true), "email-hint email-error");
        assert_eq!(errors.described("name", true), "name-hint");
        assert_eq!(errors.described("name", false), "");
    }
}

//! Pages from askama templates as responses.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::http::error::Failure;

/// A template as an HTML response. Pages hold what only their reader may see, so nobody keeps a copy
/// (the headers say so unless the handler set others).
pub struct Page<T>(pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => {
                ([(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], html).into_response()
            }
            Err(e) => Failure::from(commonweal_app::Error::internal(e)).into_response(),
        }
    }
}

/// A form that came back with errors: the page with status 422.
pub fn invalid<T: Template>(template: T) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Page(template)).into_response()
}

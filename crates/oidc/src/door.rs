//! The way out: the web client that all requests of ours go through, as the library wants it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use commonweal_ports::{WebClient, WebError, WebRequest};
use openidconnect::http::Response;
use openidconnect::http::header::CONTENT_TYPE;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use tokio::sync::Semaphore;

/// Bytes that an answer of the service may have: keys and claims, no files.
const ANSWER_BYTES: usize = 1 << 20;
/// Requests under way at once. Whoever comes back with codes that they made up keeps nothing else busy.
const AT_ONCE: usize = 8;

pub(crate) struct Door {
    web: Arc<dyn WebClient>,
    places: Semaphore,
}

impl Door {
    pub(crate) fn new(web: Arc<dyn WebClient>) -> Self {
        Self { web, places: Semaphore::new(AT_ONCE) }
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, WebError> {
        let _place = self.places.acquire().await.map_err(|e| WebError::Failed(format!("{e}.")))?;
        let (parts, body) = request.into_parts();
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let asked = WebRequest {
            method: parts.method.as_str().to_owned(),
            address: parts.uri.to_string(),
            headers: headers.collect(),
            body,
            most_bytes: ANSWER_BYTES,
        };
        let answer = self.web.ask(asked).await?;
        let mut response = Response::builder().status(answer.status);
        if let Some(kind) = answer.content_type {
            response = response.header(CONTENT_TYPE, kind);
        }
        response.body(answer.body).map_err(|e| WebError::Failed(format!("The answer can’t be read: {e}.")))
    }
}

impl<'c> AsyncHttpClient<'c> for Door {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WebError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

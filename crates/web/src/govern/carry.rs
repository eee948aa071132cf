//! What somebody typed outlives their session: a form that was sent after the session had ended is
//! carried through the sign-in and can be sent once more.
//!
//! Carried are only forms that a page of this server sent, within a limit, without passwords, files
//! never. They go into the sign-in page and come back from it; the server keeps nothing. Nothing is
//! sent on without a press of a button, by whoever has signed in then, so that nobody's words are sent
//! in somebody else's name unseen.

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use crate::govern::sign_in;
use crate::http::error::{Failure, wants_json};
use crate::http::session::safe_next;
use crate::http::state::WebState;
use crate::ui::form::Fields;

/// Longest form that is carried, in bytes: a letter with several long answers.
const LIMIT: usize = 512 * 1024;

/// A form on its way through the sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Carried {
    /// Where it was to go.
    pub(crate) to: String,
    /// Its fields.
    pub(crate) fields: Vec<(String, String)>,
    /// Whether a password was left out, which has to be typed again.
    pub(crate) without_password: bool,
}

impl Carried {
    /// A form for an address; nothing when that can't be returned to.
    fn of(to: &str, fields: Vec<(String, String)>) -> Option<Self> {
        let to = safe_next(to)?.to_owned();
        let all = fields.len();
        let fields: Vec<_> = fields.into_iter().filter(|(name, _)| !name.to_lowercase().contains("password")).collect();
        Some(Self { to, without_password: fields.len() < all, fields })
    }

    /// What the sign-in page sent back. Looked at afresh: anybody may send anything.
    pub(crate) fn sent_back(fields: &Fields) -> Option<Self> {
        let encoded = fields.exact("carry");
        if encoded.is_empty() || encoded.len() > LIMIT {
            return None;
        }
        let mut carried = Self::of(fields.exact("carry_to"), Fields::parse(encoded).0)?;
        carried.without_password |= fields.exact("carry_part") == "yes";
        Some(carried)
    }

    /// The fields as one, for the sign-in page.
    pub(crate) fn encoded(&self) -> String {
        serde_urlencoded::to_string(&self.fields).unwrap_or_default()
    }
}

/// Around the console's pages: answers a form whose sender must sign in with the sign-in page that
/// carries it.
pub(crate) async fn through_sign_in(State(state): State<WebState>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST
        || !from_our_page(request.headers())
        || wants_json(request.uri(), request.headers())
    {
        return next.run(request).await;
    }
    let here =
        request.headers().get(header::REFERER).and_then(|r| r.to_str().ok()).and_then(path_of).unwrap_or_default();
    let to = request.uri().path_and_query().map(|p| p.as_str().to_owned()).unwrap_or_default();
    let (sent, request) = match copied(request).await {
        Ok(both) => both,
        Err(failure) => return failure.into_response(),
    };
    let response = next.run(request).await;
    if !response.extensions().get::<Failure>().is_some_and(Failure::wants_sign_in) {
        return response;
    }
    let carried = sent.and_then(|body| Carried::of(&to, Fields::parse(&body).0)).filter(|c| !c.fields.is_empty());
    match carried {
        Some(carried) => sign_in::ended(&state, carried),
        None => {
            // A file, too much, or a mere button: back to the page it was sent from.
            let mut asked = vec![("ended", "yes")];
            asked.extend(safe_next(&here).map(|here| ("next", here)));
            let query = serde_urlencoded::to_string(asked).unwrap_or_default();
            Redirect::to(&format!("/sign-in?{query}")).into_response()
        }
    }
}

/// The body as text beside the request, where it is a form that is not too long.
async fn copied(request: Request) -> Result<(Option<String>, Request), Failure> {
    let headers = request.headers();
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("application/x-www-form-urlencoded"));
    // Browsers say how long a form is; what does not is left as it is.
    let length = request.body().size_hint().upper();
    if !is_form || length.is_none_or(|l| l > LIMIT as u64) {
        return Ok((None, request));
    }
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, LIMIT).await.map_err(|_| {
        Failure::new(StatusCode::BAD_REQUEST, "bad_request", "The form did not arrive as a whole. Send it once more.")
    })?;
    let text = String::from_utf8(bytes.to_vec()).ok();
    Ok((text, Request::from_parts(parts, Body::from(bytes))))
}

/// Whether a browser sent it from a page of ours. What another site sends is refused before (see
/// [`crate::http::security::cross_site`]); what says nothing of where it is from is not from a page.
fn from_our_page(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => headers.contains_key(header::ORIGIN),
    }
}

/// Path and query of an address with scheme and host.
fn path_of(address: &str) -> Option<String> {
    let rest = address.split_once("://")?.1;
    Some(rest[rest.find('/')?..].split('#').next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn passwords_are_not_carried() {
        let fields = pairs(&[("email", "ann@example.org"), ("password", "secret"), ("new_Password", "secret")]);
        let carried = Carried::of("/settings/users", fields).expect("carried");
        assert_eq!((carried.encoded().as_str(), carried.without_password), ("email=ann%40example.org", true));
    }

    #[test]
    fn a_form_goes_nowhere_but_here() {
        for to in ["https://evil.example/", "//evil.example", "/\\evil.example", "/sign-in", ""] {
            assert_eq!(Carried::of(to, pairs(&[("a", "b")])), None, "{to}");
            let sent = Fields(pairs(&[("carry_to", to), ("carry", "a=b")]));
            assert_eq!(Carried::sent_back(&sent), None, "{to}");
        }
        let long = "a=".to_owned() + &"x".repeat(LIMIT);
        assert_eq!(Carried::sent_back(&Fields(pairs(&[("carry_to", "/listen/entry"), ("carry", &long)]))), None);
    }

    #[test]
    fn the_way_back_is_the_path_of_the_page() {
        assert_eq!(
            path_of("https://voice.example.org/listen/imports/new?x=1#y").as_deref(),
            Some("/listen/imports/new?x=1")
        );
        assert_eq!(path_of("https://voice.example.org"), None);
        assert_eq!(path_of("about:blank"), None);
    }
}

//! Who sends a request: a session in a cookie, or an API key.

use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use commonweal_app::Error;
use commonweal_app::govern::sign_in::ABSOLUTE_HOURS;
use commonweal_domain::records::User;
use commonweal_domain::{Actor, Wanted};

use crate::http::address::ClientAddress;
use crate::http::config::WebConfig;
use crate::http::error::Failure;
use crate::http::state::WebState;

/// Somebody who is signed in to the console. Anybody else is sent to the sign-in page, and back to
/// where they wanted to go afterwards.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// The same, as use cases want it.
    pub actor: Actor,
}

/// Somebody who may or may not be signed in.
#[derive(Clone, Debug)]
pub struct MaybeSignedIn(pub Option<SignedIn>);

/// Whoever calls the API: a key in `Authorization: Bearer cw_…`, or a signed-in browser. Counted
/// against the caller's limit.
#[derive(Clone, Debug)]
pub struct ApiActor(pub Actor);

impl ApiActor {
    /// Refuses whoever may not do it before a word is read of what was sent; the use case asks again.
    pub(crate) fn require(&self, wanted: impl Into<Wanted>) -> Result<(), Error> {
        let wanted = wanted.into();
        if self.0.may(wanted) { Ok(()) } else { Err(Error::Denied(wanted.permission)) }
    }
}

impl FromRequestParts<WebState> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        match of_cookie(&parts.headers, state).await? {
            Some(signed_in) => Ok(signed_in),
            // Only what can be asked for again by its address can be returned to.
            None if parts.method == Method::GET || parts.method == Method::HEAD => {
                let here = parts.uri.path_and_query().map(|p| p.as_str());
                Err(Failure::sign_in(here.filter(|h| *h != "/").and_then(safe_next)))
            }
            None => Err(Failure::sign_in(None)),
        }
    }
}

impl FromRequestParts<WebState> for MaybeSignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        Ok(Self(of_cookie(&parts.headers, state).await?))
    }
}

impl FromRequestParts<WebState> for ApiActor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        let actor = match parts.headers.get(header::AUTHORIZATION) {
            Some(value) => {
                let secret = value.to_str().ok().and_then(bearer);
                match secret {
                    Some(secret) => state.app.key_actor(secret).await,
                    None => Ok(None),
                }
            }
            None => of_cookie(&parts.headers, state).await.map(|s| s.map(|s| s.actor)),
        };
        let refusal = match actor {
            Ok(Some(actor)) => {
                state.limits.take(&actor)?;
                return Ok(Self(actor));
            }
            Ok(None) => Error::Unauthenticated,
            Err(refusal @ Error::KeyRefused { .. }) => refusal,
            Err(e) => return Err(e.into()),
        };
        let address = ClientAddress::from_request_parts(parts, state).await.unwrap_or_else(|e| match e {});
        state.limits.refuse(address)?;
        Err(refusal.into())
    }
}

/// The secret of `Bearer SECRET`; the scheme's case does not matter (RFC 9110, 11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

/// Signs somebody in and gives the cookie to set, and who it is. A session that this browser had before is ended,
/// so that nobody can prepare one for somebody else. `stay` keeps the cookie when the browser closes.
pub async fn begin(
    state: &WebState,
    jar: CookieJar,
    address: ClientAddress,
    email: &str,
    password: &str,
    stay: bool,
) -> Result<(CookieJar, User), Error> {
    let fresh = state.app.sign_in(email, password, &address.network().to_string()).await?;
    if let Some(before) = jar.get(cookie_name(&state.config)) {
        state.app.sign_out(before.value()).await?;
    }
    let mut cookie = cookie(&state.config, fresh.token);
    if stay {
        cookie.set_max_age(Duration::from_secs(ABSOLUTE_HOURS.unsigned_abs() * 3_600).try_into().ok());
    }
    Ok((jar.add(cookie), fresh.user))
}

/// Ends the session of this browser, if there is one, and takes the cookie back.
pub async fn end(state: &WebState, jar: CookieJar) -> Result<CookieJar, Error> {
    if let Some(before) = jar.get(cookie_name(&state.config)) {
        state.app.sign_out(before.value()).await?;
    }
    Ok(jar.remove(cookie(&state.config, String::new())))
}

async fn of_cookie(headers: &HeaderMap, state: &WebState) -> Result<Option<SignedIn>, Error> {
    let jar = CookieJar::from_headers(headers);
    let Some(token) = jar.get(cookie_name(&state.config)).map(Cookie::value) else {
        return Ok(None);
    };
    let user = state.app.session(token).await?;
    Ok(user.map(|user| SignedIn { actor: user.actor(), user }))
}

/// With the prefix `__Host-` browsers make sure that no other host and no unencrypted page set it.
fn cookie_name(config: &WebConfig) -> &'static str {
    if config.secure_cookies { "__Host-cw" } else { "cw" }
}

fn cookie(config: &WebConfig, token: String) -> Cookie<'static> {
    Cookie::build((cookie_name(config), token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.secure_cookies)
        .build()
}

/// The address, if it is one on this server that may be returned to after signing in.
///
/// Browsers read `//host` and `/\\host` as another host, and leave tabs and line breaks out before
/// they look: so only a slash that is not followed by another one, and no character that could be
/// read in two ways.
pub fn safe_next(next: &str) -> Option<&str> {
    let rest = next.strip_prefix('/')?;
    let plain = next.len() <= 4_000 && next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    (plain && !rest.starts_with('/') && !rest.starts_with("sign-in")).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_on_this_server_are_returned_to() {
        for good in ["/", "/understand/explorer?q=bus%20stop&channel=%21web", "/listen/imports/1"] {
            assert_eq!(safe_next(good), Some(good));
        }
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "evil.example",
            " /a",
            "/a b",
            "/sign-in?next=/sign-in",
        ] {
            assert_eq!(safe_next(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_scheme_of_a_key_may_be_written_in_any_case() {
        assert_eq!(bearer("Bearer cw_abc"), Some("cw_abc"));
        assert_eq!(bearer("bearer cw_abc"), Some("cw_abc"));
        assert_eq!(bearer("Basic cw_abc"), None);
        assert_eq!(bearer("cw_abc"), None);
    }
}

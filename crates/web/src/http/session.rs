//! Who sends a request: a session in a cookie, or an API key. And by which browser somebody signs in.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponseParts, ResponseParts};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use commonweal_app::Error;
use commonweal_app::govern::devices::DEVICE_DAYS;
use commonweal_app::govern::outside::CameBack;
use commonweal_app::govern::sign_in::{self, ABSOLUTE_HOURS, Origin, SignIn};
use commonweal_domain::records::User;
use commonweal_domain::{Actor, Wanted};

use crate::http::address::ClientAddress;
use crate::http::browser;
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

/// Somebody who may or may not be signed in, whether or not they have to do something else first.
#[derive(Clone, Debug)]
pub struct MaybeSignedIn(pub Option<SignedIn>);

/// Whoever calls the API: a key in `Authorization: Bearer cw_…`, or a signed-in browser. Counted
/// against the caller's limit.
#[derive(Clone, Debug)]
pub struct ApiActor(pub Actor);

/// The browser in which somebody signs in: from where, and whether it is known here.
#[derive(Clone, Debug)]
pub struct Browser(pub Origin);

/// The cookies of a sign-in: that of the session, then the one by which the browser is known the next time.
#[derive(Clone, Debug)]
pub struct Cookies {
    session: CookieJar,
    device: Cookie<'static>,
}

impl IntoResponseParts for Cookies {
    type Error = Infallible;

    fn into_response_parts(self, response: ResponseParts) -> Result<ResponseParts, Infallible> {
        // One after the other: a jar that holds both sets them in any order.
        let mut response = self.session.into_response_parts(response)?;
        if let Ok(device) = HeaderValue::try_from(self.device.to_string()) {
            response.headers_mut().append(header::SET_COOKIE, device);
        }
        Ok(response)
    }
}

impl FromRequestParts<WebState> for Browser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Infallible> {
        let address = ClientAddress::from_request_parts(parts, state).await?.network().to_string();
        let jar = CookieJar::from_headers(&parts.headers);
        let device = jar.get(device_cookie_name(&state.config)).map(|c| c.value().to_owned()).unwrap_or_default();
        let said = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Ok(Self(Origin { address, device, browser: browser::label(said) }))
    }
}

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
            Some(signed_in) => match led(state, &signed_in.user) {
                Some(first) => Err(first),
                None => Ok(signed_in),
            },
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
            None => match of_cookie(&parts.headers, state).await {
                Ok(Some(signed_in)) => match led(state, &signed_in.user) {
                    Some(first) => return Err(first),
                    None => Ok(Some(signed_in.actor)),
                },
                Ok(None) => Ok(None),
                Err(e) => Err(e),
            },
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
pub(crate) fn bearer(value: &str) -> Option<&str> {
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

/// What comes after the right password.
pub enum Begun {
    /// A session: the cookies to set, and who it is.
    In(Box<(Cookies, User)>),
    /// A code is to be typed, with this ticket.
    Code(String),
}

/// Signs somebody in with a password. `stay` keeps the session when the browser closes.
pub async fn begin(
    state: &WebState,
    jar: CookieJar,
    browser: Browser,
    email: &str,
    password: &str,
    stay: bool,
) -> Result<Begun, Error> {
    match state.app.sign_in(email, password, browser.0).await? {
        SignIn::Done(fresh) => Ok(Begun::In(Box::new(begun(state, jar, fresh, stay).await?))),
        SignIn::Code { ticket } => Ok(Begun::Code(ticket)),
    }
}

/// The same with the password that whoever has a one-time link chooses by it.
pub(crate) async fn begin_by_link(
    state: &WebState,
    jar: CookieJar,
    browser: Browser,
    token: &str,
    password: &str,
) -> Result<Begun, Error> {
    match state.app.use_link(token, password, browser.0).await? {
        SignIn::Done(fresh) => Ok(Begun::In(Box::new(begun(state, jar, fresh, false).await?))),
        SignIn::Code { ticket } => Ok(Begun::Code(ticket)),
    }
}

/// Goes on after the password with a code.
pub(crate) async fn begin_by_code(
    state: &WebState,
    jar: CookieJar,
    browser: Browser,
    (ticket, code): (&str, &str),
    stay: bool,
) -> Result<(Cookies, User), Error> {
    let fresh = state.app.pass_second_step(ticket, code, browser.0).await?;
    begun(state, jar, fresh, stay).await
}

/// Ends a sign-in at the body's own service: what comes now, and where to go on.
pub(crate) async fn begin_outside(
    state: &WebState,
    jar: CookieJar,
    browser: Browser,
    back: &str,
    came: CameBack<'_>,
) -> Result<(Begun, String), Error> {
    let (signed_in, next) = state.app.end_outside(back, came, browser.0).await?;
    let begun = match signed_in {
        SignIn::Done(fresh) => Begun::In(Box::new(begun(state, jar, fresh, false).await?)),
        SignIn::Code { ticket } => Begun::Code(ticket),
    };
    Ok((begun, next))
}

/// Signs in with what a device answered.
pub(crate) async fn begin_by_passkey(
    state: &WebState,
    jar: CookieJar,
    browser: Browser,
    (ticket, answer): (&str, &str),
    stay: bool,
) -> Result<(Cookies, User), Error> {
    let fresh = state.app.sign_in_with_passkey(ticket, answer, browser.0).await?;
    begun(state, jar, fresh, stay).await
}

/// What a browser keeps until somebody comes back.
#[derive(Clone, Copy)]
pub(crate) enum Kept {
    /// From the body's own service.
    Outside,
    /// With the answer of a device.
    Passkey,
}

impl Kept {
    /// Name of its cookie.
    fn name(self, config: &WebConfig) -> &'static str {
        match (self, config.secure_cookies) {
            (Self::Outside, true) => "__Host-cw_out",
            (Self::Outside, false) => "cw_out",
            (Self::Passkey, true) => "__Host-cw_passkey",
            (Self::Passkey, false) => "cw_passkey",
        }
    }

    /// Keeps it.
    pub(crate) fn keep(self, state: &WebState, jar: CookieJar, ticket: String) -> CookieJar {
        jar.add(cookie(&state.config, self.name(&state.config), ticket))
    }

    /// What was kept.
    pub(crate) fn ticket<'a>(self, state: &WebState, jar: &'a CookieJar) -> &'a str {
        jar.get(self.name(&state.config)).map_or("", Cookie::value)
    }

    /// Forgets it.
    pub(crate) fn forget(self, state: &WebState, jar: CookieJar) -> CookieJar {
        jar.remove(cookie(&state.config, self.name(&state.config), String::new()))
    }
}

/// Changes the own password, which ends every session, and begins another here.
pub(crate) async fn begin_anew(
    state: &WebState,
    jar: CookieJar,
    browser: Browser,
    actor: &Actor,
    (current, new): (&str, &str),
) -> Result<Cookies, Error> {
    let fresh = state.app.change_own_password(actor, current, new, browser.0).await?;
    Ok(begun(state, jar, fresh, false).await?.0)
}

/// The token of the session of this browser; empty where there is none.
pub(crate) fn token<'a>(state: &WebState, jar: &'a CookieJar) -> &'a str {
    jar.get(cookie_name(&state.config)).map_or("", Cookie::value)
}

/// The cookies of a session that has begun. One that this browser had before is ended, so that nobody can prepare one
/// for somebody else.
async fn begun(
    state: &WebState,
    jar: CookieJar,
    fresh: sign_in::SignedIn,
    stay: bool,
) -> Result<(Cookies, User), Error> {
    if let Some(before) = jar.get(cookie_name(&state.config)) {
        state.app.sign_out(before.value()).await?;
    }
    let mut session = cookie(&state.config, cookie_name(&state.config), fresh.token);
    if stay {
        session.set_max_age(Duration::from_secs(ABSOLUTE_HOURS.unsigned_abs() * 3_600).try_into().ok());
    }
    let mut device = cookie(&state.config, device_cookie_name(&state.config), fresh.device);
    device.set_max_age(Duration::from_secs(DEVICE_DAYS.unsigned_abs() * 86_400).try_into().ok());
    Ok((Cookies { session: jar.add(session), device }, fresh.user))
}

/// Ends the session of this browser, if there is one, and takes the cookie back.
pub async fn end(state: &WebState, jar: CookieJar) -> Result<CookieJar, Error> {
    if let Some(before) = jar.get(cookie_name(&state.config)) {
        state.app.sign_out(before.value()).await?;
    }
    // The browser stays known: whoever signs out is not a stranger the next time.
    Ok(jar.remove(cookie(&state.config, cookie_name(&state.config), String::new())))
}

/// Whether another knows the password with which somebody signs in. Where the body's own service alone is good, it opens
/// nothing.
pub(crate) fn must_change(state: &WebState, user: &User) -> bool {
    user.must_change && !state.app.only_outside()
}

/// What somebody has to do before anything else: choose a password that nobody else knows, then set up the second step
/// that the body demands of their duties.
fn led(state: &WebState, user: &User) -> Option<Failure> {
    if must_change(state, user) {
        return Some(Failure::must_change_password());
    }
    state.app.second_step_is_missing(user).then(Failure::second_step_missing)
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

/// Name of the cookie by which a browser is known.
fn device_cookie_name(config: &WebConfig) -> &'static str {
    if config.secure_cookies { "__Host-cw_device" } else { "cw_device" }
}

pub(crate) fn cookie(config: &WebConfig, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value))
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

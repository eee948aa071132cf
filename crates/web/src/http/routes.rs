//! One list of routes from which both the router and the test of permissions are made, so that no
//! route can be served without standing in the list.

use axum::Router;
use axum::routing::MethodRouter;

use crate::http::state::WebState;

/// One method of one path.
#[derive(Clone, Copy)]
pub struct Route {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path as axum writes it: `/listen/imports/{import}`. A name in braces says what stands there.
    pub path: &'static str,
    /// A form that may be sent there, so that what is answered depends on who asks. Names in braces stand for
    /// things as in the path, `{new}` for something that is never twice the same.
    pub form: &'static str,
    /// What may stand after the question mark, in the same way.
    pub query: &'static str,
    /// Makes the handler, for this method only.
    handler: fn() -> MethodRouter<WebState>,
}

impl Route {
    /// A page: `Route::get("/listen/imports", || get(list))`.
    pub const fn get(path: &'static str, handler: fn() -> MethodRouter<WebState>) -> Self {
        Self { method: "GET", path, form: "", query: "", handler }
    }

    /// What a form sends: `Route::post("/sign-out", || post(sign_out))`.
    pub const fn post(path: &'static str, handler: fn() -> MethodRouter<WebState>) -> Self {
        Self { method: "POST", path, form: "", query: "", handler }
    }

    /// With a form that may be sent there.
    pub const fn sends(mut self, form: &'static str) -> Self {
        self.form = form;
        self
    }

    /// With what may stand after the question mark.
    pub const fn asks(mut self, query: &'static str) -> Self {
        self.query = query;
        self
    }
}

/// The router for a list.
pub fn router<'a>(routes: impl IntoIterator<Item = &'a Route>) -> Router<WebState> {
    routes.into_iter().fold(Router::new(), |router, route| router.route(route.path, (route.handler)()))
}

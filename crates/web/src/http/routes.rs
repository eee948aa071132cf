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
    /// The path as axum writes it: `/imports/{id}`.
    pub path: &'static str,
    /// Makes the handler, for this method only.
    handler: fn() -> MethodRouter<WebState>,
}

impl Route {
    /// A page: `Route::get("/imports", || get(list))`.
    pub const fn get(path: &'static str, handler: fn() -> MethodRouter<WebState>) -> Self {
        Self { method: "GET", path, handler }
    }

    /// What a form sends: `Route::post("/sign-out", || post(sign_out))`.
    pub const fn post(path: &'static str, handler: fn() -> MethodRouter<WebState>) -> Self {
        Self { method: "POST", path, handler }
    }
}

/// The router for a list.
pub fn router<'a>(routes: impl IntoIterator<Item = &'a Route>) -> Router<WebState> {
    routes.into_iter().fold(Router::new(), |router, route| router.route(route.path, (route.handler)()))
}

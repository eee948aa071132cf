//! Pages of the API's lists: how long, and where one begins.

use commonweal_domain::{Cursor, PageRequest, Start};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use crate::api::parameters::{number, query, text};
use crate::ui::cursor;
use crate::ui::params::Params;

/// Most items on a page.
pub(crate) const MAX_ITEMS: usize = 1_000;
const DEFAULT_LIMIT: usize = 100;

/// The parameters of every list that comes in pages.
pub(crate) struct PagingParams;

impl IntoParams for PagingParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            query("limit", number(1, MAX_ITEMS), "How many on a page; 100 when not given."),
            query(
                "cursor",
                text().pattern(Some("^[A-Za-z0-9_-]{1,200}$")).build(),
                "Where the page begins, from `next` of the page before. Valid only with the same filter and order.",
            ),
        ]
    }
}

/// Takes which page of a list is asked for. `list` names the list with its filter and order.
pub(crate) fn take(params: &mut Params, list: &[u8]) -> PageRequest {
    let limit = params.number("limit", 1, MAX_ITEMS).unwrap_or(DEFAULT_LIMIT);
    let start = match params.one("cursor").map(|text| cursor::read(&text, list)) {
        None => Start::First,
        Some(Some(cursor)) => Start::After(cursor),
        Some(None) => {
            params.errors.add(
                "cursor",
                "bad_cursor",
                "This cursor was not made for this filter and order. Take `next` of the page before as it is, or begin without a cursor.",
            );
            Start::First
        }
    };
    PageRequest { start, limit }
}

/// The parameters of the next page.
pub(crate) fn next(cursor: Cursor, page: &PageRequest, list: &[u8]) -> [(&'static str, String); 2] {
    [("limit", page.limit.to_string()), ("cursor", cursor::write(cursor, list))]
}

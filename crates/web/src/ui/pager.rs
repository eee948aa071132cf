//! Pages of lists: where the address says that one begins, and the ways to those beside it.

use commonweal_domain::{Page, PageRequest, Start};

use crate::ui::cursor;
use crate::ui::form::Fields;

/// The ways to the pages beside one; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pager {
    pub(crate) previous: String,
    pub(crate) next: String,
}

/// Which page of a list a query string asks for. The first where it names none, or one of another list.
pub(crate) fn asked(query: &str, list: &str, limit: usize) -> PageRequest {
    let fields = Fields::parse(query);
    let cursor = |name: &str| cursor::read(fields.get(name), list.as_bytes());
    let start = match (cursor("after"), cursor("before")) {
        (Some(after), _) => Start::After(after),
        (None, Some(before)) => Start::Before(before),
        (None, None) => Start::First,
    };
    PageRequest { start, limit }
}

/// The parameter that says where a page begins; none for the first.
pub(crate) fn parameter(start: Start, list: &str) -> Option<(&'static str, String)> {
    match start {
        Start::First => None,
        Start::After(cursor) => Some(("after", cursor::write(cursor, list.as_bytes()))),
        Start::Before(cursor) => Some(("before", cursor::write(cursor, list.as_bytes()))),
    }
}

impl Pager {
    /// The ways from a page, by the address of each.
    pub(crate) fn of<T>(page: &Page<T>, request: &PageRequest, address: impl Fn(Start) -> String) -> Self {
        let previous = match page.previous {
            Some(cursor) => address(Start::Before(cursor)),
            // What stood here is gone: back to the beginning.
            None if page.items.is_empty() && !request.is_first() => address(Start::First),
            None => String::new(),
        };
        Self { previous, next: page.next.map(|cursor| address(Start::After(cursor))).unwrap_or_default() }
    }

    /// The same where the pages of a list differ from `first`, the address of the first one, by where they begin only.
    pub(crate) fn at<T>(page: &Page<T>, request: &PageRequest, list: &str, first: &str) -> Self {
        Self::of(page, request, |start| match parameter(start, list) {
            None => first.to_owned(),
            Some((name, cursor)) => {
                let sign = if first.contains('?') { '&' } else { '?' };
                format!("{first}{sign}{name}={cursor}")
            }
        })
    }

    /// Whether the list has more than one page.
    pub(crate) fn is_needed(&self) -> bool {
        !self.previous.is_empty() || !self.next.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use commonweal_domain::Cursor;

    use super::*;

    #[test]
    fn the_ways_lead_to_where_the_pages_begin() {
        let cursors: Vec<Cursor> = [9, 8, 7].map(Cursor::numbered).to_vec();
        let first = PageRequest::first(2);
        let pager = Pager::at(&Page::of(cursors.clone(), &first, |c| *c), &first, "lines", "/lines?about=user");
        assert_eq!(pager.previous, "");
        let query = pager.next.strip_prefix("/lines?").expect("the same page");
        assert_eq!(asked(query, "lines", 2), PageRequest::after(Cursor::numbered(8), 2));
        assert_eq!(asked(query, "jobs", 2), first, "of another list");
        let second = asked(query, "lines", 2);
        let pager = Pager::at(&Page::of(cursors[2..].to_vec(), &second, |c| *c), &second, "lines", "/lines");
        assert_eq!(pager.next, "");
        let query = pager.previous.strip_prefix("/lines?").expect("the same page");
        assert_eq!(asked(query, "lines", 2), PageRequest::before(Cursor::numbered(7), 2));
    }

    #[test]
    fn from_a_page_that_is_gone_the_way_leads_to_the_beginning() {
        let gone = PageRequest::after(Cursor::numbered(1), 2);
        let pager = Pager::at(&Page::<Cursor>::default(), &gone, "lines", "/lines");
        assert_eq!(pager, Pager { previous: "/lines".into(), next: String::new() });
        let none = PageRequest::first(2);
        assert!(!Pager::at(&Page::<Cursor>::default(), &none, "lines", "/lines").is_needed());
    }
}

//! Pages of the Explorer's list, and what stands before and after one feedback in it.

use commonweal_app::{Error, FeedbackPage};
use commonweal_domain::question::{ListQuery, Order};
use commonweal_domain::{FeedbackId, Instant};

use crate::ui::asked::{Asked, Cursor};
use crate::ui::frame::Visit;

/// Where a feedback stands in a list.
type Place = (Instant, FeedbackId);

/// One page of the list. The page before is the same list read backwards.
pub(crate) async fn page(visit: &Visit, asked: &Asked) -> Result<FeedbackPage, Error> {
    let (order, after) = match asked.cursor {
        None => (asked.order, None),
        Some(Cursor::After(at, id)) => (asked.order, Some((at, id))),
        Some(Cursor::Before(at, id)) => (backwards(asked.order), Some((at, id))),
    };
    let limit = visit.preferences.rows as usize;
    let query = ListQuery { filter: asked.filter().clone(), order, after, limit };
    let mut page = visit.app().list(&visit.actor, &query).await?;
    if matches!(asked.cursor, Some(Cursor::Before(..))) {
        page.items.reverse();
        page.page.items.reverse();
    }
    Ok(page)
}

fn backwards(order: Order) -> Order {
    match order {
        Order::Newest => Order::Oldest,
        Order::Oldest => Order::Newest,
    }
}

/// Whether there is something before and after a page. Read backwards, "more" is what stands before.
pub(crate) fn more(asked: &Asked, page: &FeedbackPage) -> (bool, bool) {
    match asked.cursor {
        None => (false, page.more),
        Some(Cursor::After(..)) => (true, page.more),
        Some(Cursor::Before(..)) => (page.more, true),
    }
}

/// The ways to what stands before and after one feedback within the list; empty where nothing does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Neighbours {
    pub(crate) previous: String,
    pub(crate) next: String,
}

impl Neighbours {
    /// `page` is the page of the list that `asked` means. What is open need not stand in it: it may
    /// have left the list because it was corrected. Behind the edge of the page the way leads on with
    /// the neighbouring page.
    pub(crate) async fn of(
        visit: &Visit,
        asked: &Asked,
        page: &FeedbackPage,
        open: Place,
        address: impl Fn(&Asked, FeedbackId) -> String,
    ) -> Result<Self, Error> {
        let items = &page.page.items;
        let (before, after) = split(items, asked.order, open);
        let (has_before, has_after) = more(asked, page);
        let mut found = Self::default();
        match (before, items.first()) {
            (Some((_, id)), _) => found.previous = address(asked, id),
            (None, Some(first)) if has_before => {
                if let Some((_, id)) = beyond(visit, asked, backwards(asked.order), *first).await? {
                    found.previous = address(&asked.at_place(Cursor::Before(first.0, first.1)), id);
                }
            }
            _ => {}
        }
        match (after, items.last()) {
            (Some((_, id)), _) => found.next = address(asked, id),
            (None, Some(last)) if has_after => {
                if let Some((_, id)) = beyond(visit, asked, asked.order, *last).await? {
                    found.next = address(&asked.at_place(Cursor::After(last.0, last.1)), id);
                }
            }
            _ => {}
        }
        Ok(found)
    }
}

/// What stands next before and after a place in a page.
fn split(items: &[Place], order: Order, open: Place) -> (Option<Place>, Option<Place>) {
    let earlier = |a: &Place, b: &Place| match order {
        Order::Newest => a > b,
        Order::Oldest => a < b,
    };
    let before = items.iter().rev().find(|item| earlier(item, &open));
    let after = items.iter().find(|item| earlier(&open, item));
    (before.copied(), after.copied())
}

/// The first in the list behind a place.
async fn beyond(visit: &Visit, asked: &Asked, order: Order, after: Place) -> Result<Option<Place>, Error> {
    let query = ListQuery { filter: asked.filter().clone(), order, after: Some(after), limit: 1 };
    Ok(visit.app().list(&visit.actor, &query).await?.page.items.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(at: i64) -> Place {
        (Instant::from_timestamp(at, 0).expect("an instant"), FeedbackId(uuid::Uuid::from_u128(at as u128)))
    }

    #[test]
    fn neighbours_are_found_also_of_what_has_left_the_list() {
        let newest = [place(9), place(7), place(5)];
        assert_eq!(split(&newest, Order::Newest, place(7)), (Some(place(9)), Some(place(5))));
        assert_eq!(split(&newest, Order::Newest, place(6)), (Some(place(7)), Some(place(5))));
        assert_eq!(split(&newest, Order::Newest, place(9)), (None, Some(place(7))));
        let oldest = [place(5), place(7), place(9)];
        assert_eq!(split(&oldest, Order::Oldest, place(9)), (Some(place(7)), None));
    }
}

//! Pages of the Explorer's list, and what stands before and after one feedback in it.

use commonweal_app::{Error, FeedbackPage};
use commonweal_domain::question::{ListQuery, Order};
use commonweal_domain::{FeedbackId, Instant, PageRequest, Permission, Start};

use crate::ui::asked::Asked;
use crate::ui::frame::Visit;

/// Where a feedback stands in a list.
type Place = (Instant, FeedbackId);

/// One page of the list.
pub(crate) async fn page(visit: &Visit, asked: &Asked) -> Result<FeedbackPage, Error> {
    // Whoever sees figures alone has an Explorer without the list.
    if !visit.may(Permission::ReadFeedback) {
        return Ok(FeedbackPage::default());
    }
    visit.app().list(&visit.actor, &query(asked, request(visit, asked))).await
}

/// Which page of the list an address asks for.
pub(crate) fn request(visit: &Visit, asked: &Asked) -> PageRequest {
    PageRequest { start: asked.start, limit: visit.preferences.rows as usize }
}

fn query(asked: &Asked, page: PageRequest) -> ListQuery {
    ListQuery { filter: asked.filter().clone(), order: asked.order, page }
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
        let (before, after) = split(&page.keys.items, asked.order, open);
        let way = async |beside: Option<Place>, beyond: Option<Start>| match (beside, beyond) {
            (Some((_, id)), _) => Ok::<String, Error>(address(asked, id)),
            (None, Some(start)) => {
                let page = visit.app().list(&visit.actor, &query(asked, PageRequest { start, limit: 1 })).await?;
                let first = page.keys.items.first();
                Ok(first.map(|(_, id)| address(&asked.at_place(start), *id)).unwrap_or_default())
            }
            (None, None) => Ok(String::new()),
        };
        Ok(Self {
            previous: way(before, page.keys.previous.map(Start::Before)).await?,
            next: way(after, page.keys.next.map(Start::After)).await?,
        })
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

//! Lists with many feedback at one instant, as imports of whole days bring them.

use commonweal_domain::Filter;
use commonweal_domain::question::{ListQuery, Order};
use commonweal_ports::FeedbackIndex;

use super::model::*;

#[tokio::test]
async fn feedback_of_one_instant_is_listed_by_id() {
    let docs: Vec<_> = (0..9_000).map(|n| doc((n * 7_919) % 9_000, if n % 3 == 0 { 0 } else { 1 })).collect();
    let folder = Folder::with(&docs).await;
    let mut expected: Vec<_> = docs.iter().map(|d| (d.at, d.id)).collect();
    expected.sort();
    for order in [Order::Oldest, Order::Newest] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let query = ListQuery { filter: Filter::default(), order, after, limit: 700 };
            let page = folder.reader.list(&query).await.expect("a page");
            found.extend(page.items.iter().copied());
            after = page.items.last().copied();
            if !page.more {
                break;
            }
        }
        assert!(found == expected, "{order:?}");
        expected.reverse();
    }
}

#[tokio::test]
async fn an_empty_index_has_an_empty_page() {
    let folder = Folder::with(&[]).await;
    let query = ListQuery { filter: Filter::default(), order: Order::Newest, after: None, limit: 10 };
    let page = folder.reader.list(&query).await.expect("a page");
    assert!(page.items.is_empty() && !page.more);
}

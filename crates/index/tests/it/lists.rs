//! Lists with many feedback at one instant, as imports of whole days bring them.

use commonweal_domain::question::{ListQuery, Order};
use commonweal_domain::{Filter, PageRequest};
use commonweal_ports::FeedbackIndex;

use super::model::*;

#[tokio::test]
async fn feedback_of_one_instant_is_listed_by_id() {
    let docs: Vec<_> = (0..9_000).map(|n| doc((n * 7_919) % 9_000, if n % 3 == 0 { 0 } else { 1 })).collect();
    let folder = Folder::with(&docs).await;
    let mut expected: Vec<_> = docs.iter().map(|d| (d.at, d.id)).collect();
    expected.sort();
    for order in [Order::Oldest, Order::Newest] {
        let mut query = ListQuery { filter: Filter::default(), order, page: PageRequest::first(700) };
        let mut pages = Vec::new();
        loop {
            let keys = folder.reader.list(&query).await.expect("a page").keys;
            pages.push(keys.clone());
            let Some(cursor) = keys.next else { break };
            query.page = PageRequest::after(cursor, 700);
        }
        let found: Vec<_> = pages.iter().flat_map(|page| page.items.iter().copied()).collect();
        assert!(found == expected, "{order:?}");
        // The way back leads over the same pages.
        for pair in pages.windows(2).rev() {
            query.page = PageRequest::before(pair[1].previous.expect("a page before"), 700);
            let keys = folder.reader.list(&query).await.expect("a page").keys;
            assert!(keys == pair[0], "{order:?}, backwards");
        }
        expected.reverse();
    }
}

#[tokio::test]
async fn an_empty_index_has_an_empty_page() {
    let folder = Folder::with(&[]).await;
    let query = ListQuery { filter: Filter::default(), order: Order::Newest, page: PageRequest::first(10) };
    let page = folder.reader.list(&query).await.expect("a page");
    assert_eq!(page.keys, Default::default());
}

//! What was worked out and holds as long as the index stands where it stood then. Several questions of one page ask the same
//! of it at the same time: one works it out, and the others wait for that.

use std::collections::VecDeque;
use std::sync::Arc;

use commonweal_domain::question::AsOf;
use futures::future::BoxFuture;
use parking_lot::Mutex;
use tokio::sync::OnceCell;

use crate::Result;

/// Answers remembered at a time: those that a few pages at once ask for.
const MAX_REMEMBERED: usize = 64;

/// For what, up to where the index had followed, and the answer once it is there.
type Entry<K, T> = (AsOf, K, Arc<OnceCell<T>>);

/// The last things that were worked out.
#[derive(Debug)]
pub(crate) struct Remembered<K, T>(Mutex<VecDeque<Entry<K, T>>>);

impl<K, T> Default for Remembered<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: PartialEq, T: Clone> Remembered<K, T> {
    /// What is remembered, or what `work` gives. `as_of` is read before the work begins: what the index takes in
    /// meanwhile is worked out again. What fails is not remembered. The work comes in a box: it is large, and every question
    /// carries it along.
    pub(crate) async fn or(&self, as_of: AsOf, of: K, work: BoxFuture<'_, Result<T>>) -> Result<T> {
        let cell = {
            let mut known = self.0.lock();
            match known.iter().find(|(at, for_what, _)| *at == as_of && *for_what == of) {
                Some((.., cell)) => Arc::clone(cell),
                None => {
                    let cell = Arc::new(OnceCell::new());
                    known.push_front((as_of, of, Arc::clone(&cell)));
                    known.truncate(MAX_REMEMBERED);
                    cell
                }
            }
        };
        cell.get_or_try_init(|| work).await.cloned()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::Error;

    fn at(change: i64) -> AsOf {
        AsOf { change, at: None }
    }

    #[tokio::test]
    async fn it_holds_until_the_index_moves_or_something_else_is_asked() {
        let remembered = Remembered::default();
        for (as_of, of, gives, expected) in
            [(1, "a", 1, 1), (1, "a", 2, 1), (1, "b", 3, 3), (1, "a", 4, 1), (2, "b", 5, 5), (1, "b", 6, 3)]
        {
            let found = remembered.or(at(as_of), of, Box::pin(async move { Ok(gives) })).await.expect("worked out");
            assert_eq!(found, expected, "{as_of} {of}");
        }
        for n in 0..MAX_REMEMBERED {
            let of = if n == 0 { "c" } else { "d" };
            remembered.or(at(n as i64), of, Box::pin(async { Ok(0) })).await.expect("worked out");
        }
        assert_eq!(
            remembered.or(at(1), "a", Box::pin(async { Ok(7) })).await.expect("worked out"),
            7,
            "the oldest are forgotten"
        );
    }

    #[tokio::test]
    async fn who_asks_at_the_same_time_waits_for_the_one_that_works_and_failures_are_not_kept() {
        let (remembered, times) = (Remembered::default(), AtomicU32::new(0));
        let work = || -> BoxFuture<'_, Result<u32>> {
            Box::pin(async {
                tokio::task::yield_now().await;
                Ok(times.fetch_add(1, Ordering::Relaxed))
            })
        };
        let (one, other) = tokio::join!(remembered.or(at(1), "a", work()), remembered.or(at(1), "a", work()));
        assert_eq!((one.expect("worked out"), other.expect("worked out")), (0, 0));
        let failed = remembered.or(at(2), "a", Box::pin(async { Err(Error::NotFound("figure")) })).await;
        assert!(failed.is_err());
        assert_eq!(remembered.or(at(2), "a", Box::pin(async { Ok(9) })).await.expect("worked out"), 9);
    }
}

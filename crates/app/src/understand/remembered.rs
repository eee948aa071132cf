//! What was worked out from everything there is, and holds as long as the index stands where it stood then.

use std::future::Future;
use std::sync::Arc;

use commonweal_domain::question::AsOf;
use parking_lot::RwLock;

use crate::Result;

/// The last thing that was worked out, for what it was asked, and up to where the index had followed.
#[derive(Debug)]
pub(crate) struct Remembered<K, T>(RwLock<Option<(AsOf, K, Arc<T>)>>);

impl<K, T> Default for Remembered<K, T> {
    fn default() -> Self {
        Self(RwLock::new(None))
    }
}

impl<K: PartialEq, T> Remembered<K, T> {
    /// What is remembered, or what `work` gives. `as_of` is read before the work begins: what the index takes in
    /// meanwhile is worked out again.
    pub(crate) async fn or(&self, as_of: AsOf, of: K, work: impl Future<Output = Result<T>>) -> Result<Arc<T>> {
        if let Some((known, for_what, found)) = self.0.read().as_ref()
            && *known == as_of
            && *for_what == of
        {
            return Ok(Arc::clone(found));
        }
        let found = Arc::new(work.await?);
        *self.0.write() = Some((as_of, of, Arc::clone(&found)));
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_holds_until_the_index_moves_or_something_else_is_asked() {
        let remembered = Remembered::default();
        let at = |change| AsOf { change, at: None };
        for (as_of, of, gives, expected) in
            [(1, "a", 1, 1), (1, "a", 2, 1), (1, "b", 3, 3), (1, "b", 4, 3), (2, "b", 5, 5), (1, "b", 6, 6)]
        {
            let found = remembered.or(at(as_of), of, async { Ok(gives) }).await.expect("worked out");
            assert_eq!(*found, expected, "{as_of} {of}");
        }
    }
}

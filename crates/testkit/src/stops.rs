//! Stops: work that is given up somewhere on its way, as when a server is killed.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

/// Lets work go on until it has waited so many times, and drops it then; its result, if it ended before.
/// Tried with 1, 2, 3 … it stops at each place at which the work waits for anything.
pub async fn stopped_after<F: Future>(waits: usize, work: F) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut left = waits;
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => {
            left = left.saturating_sub(1);
            if left == 0 { Poll::Ready(None) } else { Poll::Pending }
        }
    })
    .await
}

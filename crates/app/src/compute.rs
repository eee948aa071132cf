//! Work that a request starts and that may take long: it ends when it is done, when nobody waits for it any
//! more, when its time is over, or when the server stops.

use std::future::Future;
use std::time::Duration;

use commonweal_domain::{Budget, Cancelled};
use tokio_util::sync::CancellationToken;

use crate::listen::imports::blocking;
use crate::{App, Error, Result};

/// How long one question may take when nobody has said otherwise.
pub const QUESTION_TIME: Duration = Duration::from_secs(30);

/// What holds for all work of this kind.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Longest time for one question.
    time: Duration,
    /// Cancelled when the server stops.
    stopping: CancellationToken,
}

impl Limits {
    pub(crate) fn new(time: Duration) -> Self {
        Self { time, stopping: CancellationToken::new() }
    }

    /// Whether what takes as long as its reader likes, such as a file that is sent, may go on.
    ///
    /// # Errors
    /// [`Error::stopping`] when the server stops.
    pub(crate) fn check(&self) -> Result<()> {
        if self.stopping.is_cancelled() { Err(Error::stopping()) } else { Ok(()) }
    }

    /// Runs what somebody waits for. It gets the budget to hand on to everything that computes; the budget is
    /// cancelled as soon as this future ends or is dropped, whatever the reason.
    pub(crate) async fn hold<T, F>(&self, ask: impl FnOnce(Budget) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let budget = Budget::unlimited();
        let _cancel = budget.cancel_on_drop();
        tokio::select! {
            biased;
            () = self.stopping.cancelled() => Err(Error::stopping()),
            done = tokio::time::timeout(self.time, ask(budget)) => done.unwrap_or_else(|_| Err(Error::out_of_time(self.time))),
        }
    }
}

impl App {
    /// See [`Limits::hold`].
    pub(crate) async fn bounded<T, F>(&self, ask: impl FnOnce(Budget) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        self.inner.limits.hold(ask).await
    }

    /// Gives up all questions in hand, and all that come: the server stops.
    pub fn give_up_questions(&self) {
        self.inner.limits.stopping.cancel();
    }
}

/// Computes on a thread that may take its time. The work asks the budget now and then whether it may go on.
pub(crate) async fn compute<T: Send + 'static>(
    budget: &Budget,
    work: impl FnOnce(&Budget) -> Result<T> + Send + 'static,
) -> Result<T> {
    let budget = budget.clone();
    blocking(move || {
        // It may have waited for a thread for longer than anybody waited for it.
        budget.check()?;
        work(&budget)
    })
    .await
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Self::given_up()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Goes on until it is cancelled, and then says so.
    fn endless(budget: &Budget, begun: &mpsc::Sender<()>, ended: &mpsc::Sender<u64>) -> Result<()> {
        begun.send(()).map_err(Error::internal)?;
        loop {
            if let Err(cancelled) = budget.check() {
                ended.send(budget.checks()).map_err(Error::internal)?;
                return Err(cancelled.into());
            }
            std::thread::yield_now();
        }
    }

    /// A question that never ends by itself, with what it says when it begins and when it ends.
    async fn asked(limits: &Limits, (begun, ended): (mpsc::Sender<()>, mpsc::Sender<u64>)) -> Result<()> {
        limits.hold(|budget| async move { compute(&budget, move |budget| endless(budget, &begun, &ended)).await }).await
    }

    async fn received<T: Send + 'static>(from: mpsc::Receiver<T>) -> T {
        tokio::task::spawn_blocking(move || from.recv().expect("it is said")).await.expect("it is waited for")
    }

    const LONG: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn work_whose_caller_left_ends() {
        let (begin, begun) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let caller = tokio::spawn(async move { asked(&Limits::new(LONG), (begin, end)).await });
        received(begun).await;
        caller.abort();
        assert!(caller.await.expect_err("it was aborted").is_cancelled());
        received(ended).await;
    }

    #[tokio::test]
    async fn work_whose_time_is_over_ends_with_what_to_do() {
        let (begin, _begun) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let refused = asked(&Limits::new(Duration::from_millis(5)), (begin, end)).await.expect_err("its time is over");
        assert_eq!(refused.code(), "out_of_time");
        assert!(refused.to_string().contains("Narrow it down"), "{refused}");
        received(ended).await;
    }

    #[tokio::test]
    async fn work_ends_when_the_server_stops_and_none_begins() {
        let limits = std::sync::Arc::new(Limits::new(LONG));
        let (begin, begun) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let shared = std::sync::Arc::clone(&limits);
        let caller = tokio::spawn(async move { asked(&shared, (begin, end)).await });
        received(begun).await;
        limits.stopping.cancel();
        assert_eq!(caller.await.expect("it ended").expect_err("it was given up").code(), "stopping");
        received(ended).await;
        let late = limits.hold(|_| async { Ok(()) }).await;
        assert_eq!(late.expect_err("none begins").code(), "stopping");
    }

    #[tokio::test]
    async fn what_nobody_waits_for_does_not_begin() {
        let budget = Budget::unlimited();
        budget.cancel();
        let outcome: Result<()> = compute(&budget, |_| unreachable!("nobody waits")).await;
        assert_eq!(outcome.expect_err("given up").code(), "given_up");
    }

    #[tokio::test]
    async fn what_is_done_in_time_is_answered() {
        let done = Limits::new(LONG).hold(|budget| async move { compute(&budget, |_| Ok(7)).await }).await;
        assert_eq!(done.expect("in time"), 7);
    }
}

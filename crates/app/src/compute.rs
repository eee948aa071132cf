//! Work that a request starts and that may take long: it ends when it is done, when nobody waits for it any
//! more, when its time is over, or when the server stops.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use commonweal_domain::{Actor, Budget, Cancelled, Filter};
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::in_hand::{InHand, Slot};
use crate::listen::imports::blocking;
use crate::{App, Error, Result};

/// How long one question may take when nobody has said otherwise.
pub const QUESTION_TIME: Duration = Duration::from_secs(30);

/// What one caller's questions may cost together while they are worked on. More of them wait for one another, within the time
/// that each has: who asks a hundred at a time waits, and not everybody else.
const SHARE: u32 = 64;
/// Files of one caller that are written at once; each holds some thousand feedback in memory.
const FILES: usize = 2;
/// Callers remembered before those with nothing in hand are forgotten.
const CALLERS: usize = 1_000;

/// What a question will cost, told before it is worked on, in parts of [`SHARE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost(u32);

impl Cost {
    /// Four at once, as a page of the console asks them.
    const QUESTION: u32 = SHARE / 4;
    /// Reads comments, not only what was counted of them.
    pub(crate) const READING: Self = Self(SHARE / 2);

    /// Of a question about what a filter means. Each word is looked up in every part of the index: who searches for as
    /// many as one may does so alone.
    pub(crate) fn of(filter: &Filter) -> Self {
        let words = u32::try_from(filter.words.count()).unwrap_or(SHARE);
        Self(Self::QUESTION.saturating_add(words.saturating_sub(FEW_WORDS)).min(SHARE))
    }
}

/// Words that make no question dearer.
const FEW_WORDS: u32 = 4;

/// The share of each caller, for which their questions wait.
#[derive(Debug)]
struct Shares {
    each: u32,
    callers: Mutex<HashMap<Uuid, Arc<Semaphore>>>,
}

impl Shares {
    fn of(each: u32) -> Self {
        Self { each, callers: Mutex::default() }
    }

    /// The caller's own share, if they have one.
    fn share(&self, actor: &Actor) -> Option<Arc<Semaphore>> {
        // The command line has a machine to itself.
        let id = actor.caller()?;
        let mut callers = self.callers.lock();
        if callers.len() > CALLERS {
            callers.retain(|_, share| Arc::strong_count(share) > 1);
        }
        Some(Arc::clone(callers.entry(id).or_insert_with(|| Arc::new(Semaphore::new(self.each as usize)))))
    }

    /// Waits until there is so much left of the caller's share.
    async fn take(&self, actor: &Actor, cost: Cost) -> Result<Option<OwnedSemaphorePermit>> {
        match self.share(actor) {
            Some(share) => share.acquire_many_owned(cost.0).await.map(Some).map_err(Error::internal),
            None => Ok(None),
        }
    }
}

/// What holds for all work of this kind.
#[derive(Debug)]
pub(crate) struct Limits {
    questions: Shares,
    files: InHand<Uuid>,
    /// Longest time for one question.
    time: Duration,
    /// Cancelled when the server stops.
    stopping: CancellationToken,
}

impl Limits {
    pub(crate) fn new(time: Duration) -> Self {
        Self { questions: Shares::of(SHARE), files: InHand::default(), time, stopping: CancellationToken::new() }
    }

    /// Whether what takes as long as its reader likes, such as a file that is sent, may go on.
    ///
    /// # Errors
    /// [`Error::stopping`] when the server stops.
    pub(crate) fn check(&self) -> Result<()> {
        if self.stopping.is_cancelled() { Err(Error::stopping()) } else { Ok(()) }
    }

    /// A place for a file that is written for this caller.
    ///
    /// # Errors
    /// [`Error::TooMany`] when they have taken all that they may.
    pub(crate) fn file(&self, actor: &Actor) -> Result<Option<Slot<Uuid>>> {
        let Some(caller) = actor.caller() else { return Ok(None) };
        self.files.begin(caller, FILES).map(Some).ok_or(Error::TooMany { retry_after_s: 30 })
    }

    /// Runs what somebody waits for, when it is their turn. It gets the budget to hand on to everything that computes; the budget is
    /// cancelled as soon as this future ends or is dropped, whatever the reason.
    pub(crate) async fn hold<T, F>(&self, actor: &Actor, cost: Cost, ask: impl FnOnce(Budget) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let budget = Budget::unlimited();
        let _cancel = budget.cancel_on_drop();
        let ask = async {
            let _part = self.questions.take(actor, cost).await?;
            ask(budget).await
        };
        tokio::select! {
            biased;
            () = self.stopping.cancelled() => Err(Error::stopping()),
            done = tokio::time::timeout(self.time, ask) => done.unwrap_or_else(|_| Err(Error::out_of_time(self.time))),
        }
    }
}

impl App {
    /// See [`Limits::hold`].
    pub(crate) async fn bounded<T, F>(&self, actor: &Actor, cost: Cost, ask: impl FnOnce(Budget) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        self.inner.limits.hold(actor, cost, ask).await
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
        limits
            .hold(&Actor::Operator, Cost::READING, |budget| async move {
                compute(&budget, move |budget| endless(budget, &begun, &ended)).await
            })
            .await
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
        let late = limits.hold(&Actor::Operator, Cost::READING, |_| async { Ok(()) }).await;
        assert_eq!(late.expect_err("none begins").code(), "stopping");
    }

    #[tokio::test]
    async fn who_asks_very_much_at_once_waits_and_others_do_not() {
        let limits = Arc::new(Limits::new(LONG));
        let key = |n: u128| Actor::Key { id: commonweal_domain::ApiKeyId(Uuid::from_u128(n)), scopes: Vec::new() };
        let (begin, begun) = mpsc::channel();
        let (end, _ended) = mpsc::channel();
        let (ordinary, at_once) = (Cost::of(&Filter::default()), 4);
        let many: Vec<_> = (0..3 * at_once)
            .map(|_| {
                let (limits, begin, end) = (Arc::clone(&limits), begin.clone(), end.clone());
                tokio::spawn(async move {
                    let ask =
                        |budget| async move { compute(&budget, move |budget| endless(budget, &begin, &end)).await };
                    limits.hold(&key(1), ordinary, ask).await
                })
            })
            .collect();
        let begun = tokio::task::spawn_blocking(move || {
            for _ in 0..at_once {
                begun.recv().expect("it begins");
            }
            begun
        });
        let begun = begun.await.expect("as many as may begin");
        assert_eq!(
            limits.hold(&key(2), ordinary, |_| async { Ok(7) }).await.expect("another has a share of their own"),
            7
        );
        assert!(begun.try_recv().is_err(), "no more of the first have begun");
        for one in many {
            one.abort();
        }
    }

    #[test]
    fn a_search_of_many_words_takes_the_whole_share_of_its_caller() {
        let cost = |words: usize| {
            let mut filter = Filter::default();
            let typed: Vec<String> = (0..words).map(|n| format!("w{n}")).collect();
            commonweal_domain::search::parse(&typed.join(" "), &mut filter).expect("a search");
            Cost::of(&filter).0
        };
        assert_eq!((cost(0), cost(3), cost(4)), (SHARE / 4, SHARE / 4, SHARE / 4), "as people search");
        assert!(cost(30) > SHARE / 2);
        assert_eq!(cost(commonweal_domain::search::MAX_WORDS), SHARE);
    }

    #[tokio::test]
    async fn a_caller_takes_few_files_at_once() {
        let limits = Limits::new(LONG);
        let key = Actor::Key { id: commonweal_domain::ApiKeyId(Uuid::from_u128(1)), scopes: Vec::new() };
        let held: Vec<_> = (0..FILES).map(|_| limits.file(&key).expect("there is a place")).collect();
        assert!(matches!(limits.file(&key), Err(Error::TooMany { .. })));
        assert!(limits.file(&Actor::Operator).expect("the command line has no share").is_none());
        drop(held);
        assert!(limits.file(&key).is_ok());
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
        let done = Limits::new(LONG)
            .hold(&Actor::Operator, Cost::READING, |budget| async move { compute(&budget, |_| Ok(7)).await })
            .await;
        assert_eq!(done.expect("in time"), 7);
    }
}

//! Sign-ins that failed, in the audit trail and the log.
//!
//! Counted in memory and written a little later, a few lines for however many: a flood fills neither, and how long an
//! answer takes doesn't tell whether there is such an account. An account that exists is named by its user's id; all
//! others are one. What was typed, and from where, is kept nowhere.

use std::collections::HashMap;
use std::time::Duration;

use chrono::TimeDelta;
use commonweal_domain::{Actor, AuditAction, Instant, Subject, UserId};
use parking_lot::Mutex;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::throttle::WINDOW_MINUTES;
use crate::change::{Audited, audited};
use crate::{App, Result};

/// How often what failed is written down.
const EVERY: Duration = Duration::from_secs(5);
/// A line is written at the first failure, and when there are so many times as many as at the last one.
const GROWS: u64 = 8;

/// Failures that are counted and not all written down.
#[derive(Default)]
pub(crate) struct Failures(Mutex<State>);

#[derive(Default)]
struct State {
    /// By user; nobody stands for all accounts that don't exist.
    windows: HashMap<Option<UserId>, Window>,
    due: Vec<Due>,
}

/// Failures of a quarter of an hour.
struct Window {
    since: Instant,
    failures: u64,
    /// As many as the last line says.
    told: u64,
    limited: bool,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Due {
    user: Option<UserId>,
    /// Failures so far in this quarter of an hour.
    failures: u64,
    /// Whether one had to wait for the first time.
    limited: bool,
}

impl Failures {
    /// Counts a failure, with which a limit was reached or not.
    pub(crate) fn count(&self, user: Option<UserId>, limited: bool, now: Instant) {
        let State { windows, due } = &mut *self.0.lock();
        let fresh = || Window { since: now, failures: 0, told: 0, limited: false };
        let window = windows.entry(user).or_insert_with(fresh);
        if ended(window, now) {
            due.extend(rest(user, window));
            *window = fresh();
        }
        window.failures += 1;
        let first_limit = limited && !window.limited;
        window.limited |= limited;
        if first_limit || window.failures == 1 || window.failures >= window.told.saturating_mul(GROWS) {
            window.told = window.failures;
            due.push(Due { user, failures: window.failures, limited: first_limit });
        }
    }

    /// What is to be written down now.
    fn due(&self, now: Instant) -> Vec<Due> {
        let State { windows, due } = &mut *self.0.lock();
        windows.retain(|user, window| {
            let over = ended(window, now);
            if over {
                due.extend(rest(*user, window));
            }
            !over
        });
        std::mem::take(due)
    }

    /// Keeps what could not be written down for the next time.
    fn again(&self, lines: Vec<Due>) {
        self.0.lock().due.splice(0..0, lines);
    }
}

fn ended(window: &Window, now: Instant) -> bool {
    now >= window.since + TimeDelta::minutes(WINDOW_MINUTES)
}

/// How many there were in the end, where no line says so.
fn rest(user: Option<UserId>, window: &Window) -> Option<Due> {
    (window.failures > window.told).then_some(Due { user, failures: window.failures, limited: false })
}

impl Due {
    fn line(&self) -> Audited {
        let subject = self.user.map_or_else(|| Subject::all("session"), Subject::from);
        let details = json!({"failures": self.failures, "minutes": WINDOW_MINUTES, "limited": self.limited});
        audited(AuditAction::SignInFailed, subject).with(details)
    }
}

impl App {
    /// Writes down which sign-ins failed since the last time.
    pub async fn keep_sign_in_failures(&self) -> Result<()> {
        let due = self.inner.sign_in_failures.due(self.now());
        if due.is_empty() {
            return Ok(());
        }
        let lines: &Vec<Audited> = &due.iter().map(Due::line).collect();
        let kept = self.change(&Actor::Anonymous, move |_| Box::pin(async move { Ok(((), lines.clone())) })).await;
        match kept {
            Ok(()) => {
                for Due { user, failures, limited } in due {
                    tracing::warn!(account_exists = user.is_some(), failures, limited, "sign-ins failed");
                }
                Ok(())
            }
            Err(e) => {
                self.inner.sign_in_failures.again(due);
                Err(e)
            }
        }
    }

    /// Does so every few seconds until told to stop, and then once more.
    pub async fn keep_sign_in_failures_until(&self, stop: CancellationToken) {
        loop {
            let stopped = tokio::select! {
                () = stop.cancelled() => true,
                () = tokio::time::sleep(EVERY) => false,
            };
            if let Err(e) = self.keep_sign_in_failures().await {
                tracing::error!(error = %e, "sign-ins that failed can't be written down");
            }
            if stopped {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn noon() -> Instant {
        "2024-04-10T12:00:00Z".parse().expect("an instant")
    }

    fn told(failures: &Failures, now: Instant) -> Vec<(u64, bool)> {
        failures.due(now).into_iter().map(|due| (due.failures, due.limited)).collect()
    }

    #[test]
    fn a_flood_is_a_few_lines_and_none_of_it_is_lost() {
        let (failures, now) = (Failures::default(), noon());
        let ann = Some(Uuid::from_u128(1).into());
        failures.count(ann, false, now);
        assert_eq!(told(&failures, now), [(1, false)]);
        for n in 2..=1_000 {
            failures.count(ann, n == 9 || n == 20, now);
        }
        assert_eq!(told(&failures, now), [(8, false), (9, true), (72, false), (576, false)]);
        let later = now + TimeDelta::minutes(WINDOW_MINUTES);
        assert_eq!(told(&failures, later), [(1_000, false)]);
        failures.count(ann, false, later);
        assert_eq!(told(&failures, later), [(1, false)]);
        assert_eq!(told(&failures, later + TimeDelta::days(1)), [], "a line says it already");
    }

    #[test]
    fn all_accounts_that_do_not_exist_are_one() {
        let (failures, now) = (Failures::default(), noon());
        for _ in 0..7 {
            failures.count(None, false, now);
        }
        failures.count(Some(Uuid::from_u128(1).into()), false, now);
        let due = failures.due(now);
        assert_eq!(
            due.iter().map(|due| (due.user.is_some(), due.failures)).collect::<Vec<_>>(),
            [(false, 1), (true, 1)]
        );
        failures.again(due.clone());
        assert_eq!(failures.due(now), due, "what could not be written is kept");
    }
}

//! How many answers a form takes, wherever they come from: counted in memory, so that a flood costs no writing,
//! and noted in the database a little later, by which several servers agree on a day.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use commonweal_domain::{Actor, Form, FormDay, FormId, FormPace, Instant, Permission, period};
use commonweal_store::Silent;
use parking_lot::Mutex;

use crate::Result;
use crate::app::{App, authorise};

/// What was counted is noted so soon.
const NOTED_AFTER: Duration = Duration::from_secs(2);
/// Days that the page of a form looks back.
const LOOKED_BACK_DAYS: i64 = 30;

/// That a form takes no more for the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full {
    /// When it takes more again, in seconds.
    pub retry_after_s: u64,
    /// Whether it is full for this day, and not for this minute alone.
    pub for_today: bool,
}

/// How much a form turned away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TurnedAway {
    /// On this day of the body's.
    pub today: u64,
    /// In the last 30 days, this one with them.
    pub lately: u64,
}

/// Counts of one form.
#[derive(Debug, Default)]
struct Count {
    minute: i64,
    in_minute: u32,
    /// What was taken on this day as the database has it, by all servers.
    noted: u64,
    /// What is to be noted still.
    more: FormDay,
}

/// Counts of all forms that were answered here.
#[derive(Debug, Default)]
pub(crate) struct FormCounts {
    forms: Mutex<HashMap<FormId, Count>>,
    /// Whether somebody is about to note them.
    awaited: AtomicBool,
}

impl FormCounts {
    /// Whether a form is counted for this day already.
    fn knows(&self, form: FormId, day: i64) -> bool {
        self.forms.lock().get(&form).is_some_and(|count| count.more.day == day)
    }

    /// Begins a day of a form; what is left to note of the day before.
    fn begin(&self, form: FormId, day: i64, noted: u64) -> Option<FormDay> {
        let mut forms = self.forms.lock();
        let count = forms.entry(form).or_default();
        if count.more.day == day {
            return None;
        }
        let before = std::mem::replace(&mut count.more, FormDay { day, ..FormDay::default() });
        count.noted = noted;
        (before.taken + before.turned_away > 0).then_some(before)
    }

    /// Counts one answer as taken or as turned away.
    fn count(&self, form: FormId, pace: FormPace, now: Instant) -> std::result::Result<(), bool> {
        let minute = now.timestamp().div_euclid(60);
        let mut forms = self.forms.lock();
        let count = forms.entry(form).or_default();
        if count.minute != minute {
            (count.minute, count.in_minute) = (minute, 0);
        }
        let for_today = count.noted + count.more.taken >= u64::from(pace.per_day);
        if for_today || count.in_minute >= pace.per_minute {
            count.more.turned_away += 1;
            return Err(for_today);
        }
        count.in_minute += 1;
        count.more.taken += 1;
        Ok(())
    }

    /// Everything that is to be noted.
    fn to_note(&self) -> Vec<(FormId, FormDay)> {
        let mut forms = self.forms.lock();
        let taken = |(form, count): (&FormId, &mut Count)| {
            let nothing = FormDay { day: count.more.day, ..FormDay::default() };
            let more = std::mem::replace(&mut count.more, nothing);
            // Until it is noted it counts all the same.
            count.noted += more.taken;
            (more.taken + more.turned_away > 0).then_some((*form, more))
        };
        forms.iter_mut().filter_map(taken).collect()
    }

    /// What all servers took, after this one had its part noted.
    fn noted(&self, form: FormId, day: i64, taken: u64) {
        if let Some(count) = self.forms.lock().get_mut(&form).filter(|count| count.more.day == day) {
            count.noted = taken;
        }
    }

    /// What could not be noted is tried again.
    fn give_back(&self, form: FormId, more: FormDay) {
        if let Some(count) = self.forms.lock().get_mut(&form).filter(|count| count.more.day == more.day) {
            count.noted = count.noted.saturating_sub(more.taken);
            count.more.taken += more.taken;
            count.more.turned_away += more.turned_away;
        }
    }
}

impl App {
    /// Lets an answer to a form in as long as the form takes any.
    pub(crate) async fn within_pace(&self, form: &Form) -> Result<std::result::Result<(), Full>> {
        let (now, zone) = (self.now(), self.settings().time_zone);
        let day = period::day_number(now, zone);
        let counts = &self.inner.form_paces;
        if !counts.knows(form.id, day) {
            let days = self.inner.store.form_days(form.id, day).await?;
            let noted = days.iter().find(|d| d.day == day).map_or(0, |d| d.taken);
            if let Some(before) = counts.begin(form.id, day, noted) {
                self.note_count(form.id, before).await;
            }
        }
        let counted = counts.count(form.id, form.design.pace, now);
        self.note_counts_soon();
        Ok(counted.map_err(|for_today| {
            let next = if for_today {
                let tomorrow = period::date_of(day + 1).map(|date| period::start_of(date, zone));
                tomorrow.unwrap_or(now + TimeDelta::days(1)) - now
            } else {
                TimeDelta::seconds(60 - now.timestamp().rem_euclid(60))
            };
            Full { retry_after_s: next.num_seconds().max(1).unsigned_abs(), for_today }
        }))
    }

    /// How much a form turned away because it takes no more.
    pub async fn turned_away(&self, actor: &Actor, form: FormId) -> Result<TurnedAway> {
        authorise(actor, Permission::ManageForms)?;
        self.note_counts().await;
        let today = period::day_number(self.now(), self.settings().time_zone);
        let days = self.inner.store.form_days(form, today - LOOKED_BACK_DAYS + 1).await?;
        Ok(TurnedAway {
            today: days.iter().filter(|d| d.day == today).map(|d| d.turned_away).sum(),
            lately: days.iter().map(|d| d.turned_away).sum(),
        })
    }

    fn note_counts_soon(&self) {
        if self.inner.form_paces.awaited.swap(true, Ordering::AcqRel) {
            return;
        }
        // It does not keep alive what is over.
        let inner = Arc::downgrade(&self.inner);
        tokio::spawn(async move {
            tokio::time::sleep(NOTED_AFTER).await;
            if let Some(inner) = inner.upgrade() {
                inner.form_paces.awaited.store(false, Ordering::Release);
                Self { inner }.note_counts().await;
            }
        });
    }

    /// Notes what was counted here.
    pub(crate) async fn note_counts(&self) {
        for (form, more) in self.inner.form_paces.to_note() {
            self.note_count(form, more).await;
        }
    }

    async fn note_count(&self, form: FormId, more: FormDay) {
        let noted = self
            .change_silently(Silent::Upkeep, move |w| Box::pin(async move { Ok(w.forms().count(form, more).await?) }))
            .await;
        match noted {
            Ok(taken) => self.inner.form_paces.noted(form, more.day, taken),
            Err(e) => {
                tracing::warn!(code = e.code(), "what a form took could not be noted; it is tried again");
                self.inner.form_paces.give_back(form, more);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        let noon: Instant = "2024-04-10T12:00:00Z".parse().expect("an instant");
        noon + TimeDelta::seconds(seconds)
    }

    #[test]
    fn a_form_is_full_for_a_minute_and_then_for_the_day() {
        let (counts, form) = (FormCounts::default(), FormId(uuid::Uuid::nil()));
        let pace = FormPace { per_minute: 2, per_day: 5 };
        assert!(!counts.knows(form, 7));
        assert_eq!(counts.begin(form, 7, 1), None);
        let counted: Vec<_> = [0, 1, 2, 60, 61, 62].map(|s| counts.count(form, pace, at(s))).into();
        assert_eq!(counted, [Ok(()), Ok(()), Err(false), Ok(()), Ok(()), Err(true)]);
        assert_eq!(counts.to_note(), [(form, FormDay { day: 7, taken: 4, turned_away: 2 })]);
        assert_eq!(counts.to_note(), []);
        assert_eq!(counts.count(form, pace, at(120)), Err(true), "noted or not, it counts");
        // Another server's part comes with the sum.
        counts.noted(form, 7, 3);
        assert_eq!(counts.count(form, pace, at(180)), Ok(()));
        // What could not be noted comes again, and a new day begins anew.
        let (_, more) = counts.to_note().remove(0);
        counts.give_back(form, more);
        assert_eq!(counts.begin(form, 8, 0), Some(FormDay { day: 7, taken: 1, turned_away: 1 }));
        assert_eq!(counts.count(form, pace, at(240)), Ok(()));
    }
}

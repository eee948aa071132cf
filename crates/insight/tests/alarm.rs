//! What the change alarm does, as facts on small made-up series.

use commonweal_domain::Budget;
use commonweal_insight::alarm::{
    Alarm, Calibration, Direction, Limit, Refusal, ScanOptions, Series, Step, assess, past_p_values, run_evidence,
    scan, shared_profile,
};

/// A small generator, so that the made-up series are the same on every machine.
struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        // SplitMix64: Steele, Lea and Flood (2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A Poisson count, by multiplying uniforms (Knuth), in slices of mean 20 at most.
    fn poisson(&mut self, mean: f64) -> f64 {
        if mean > 20.0 {
            return self.poisson(20.0) + self.poisson(mean - 20.0);
        }
        let limit = (-mean).exp();
        let mut product = self.uniform();
        let mut count = 0.0;
        while product > limit {
            product *= self.uniform();
            count += 1.0;
        }
        count
    }

    /// Overdispersed by `1 / 8`: a Poisson count of a mean that is itself gamma of shape 8.
    fn count(&mut self, mean: f64) -> f64 {
        let gamma: f64 = (0..8).map(|_| -self.uniform().max(1e-12).ln()).sum::<f64>() / 8.0;
        self.poisson(mean * gamma)
    }

    fn counts(&mut self, means: impl IntoIterator<Item = f64>) -> Vec<f64> {
        means.into_iter().map(|mean| self.count(mean)).collect()
    }
}

fn days(counts: &[f64]) -> Series {
    Series::new(Step::Day, 0, counts.iter().copied())
}

fn at_rate(rate: f64) -> ScanOptions {
    ScanOptions { limit: Limit::Rate(rate), ..ScanOptions::default() }
}

fn one(series: Series) -> Option<Alarm> {
    scan(&[series], &at_rate(0.01), &Budget::unlimited()).expect("not cancelled").alarms.into_iter().next()
}

#[test]
fn a_planted_spike_alarms_with_its_size_and_its_first_step() {
    let mut dice = Dice(1);
    let mut counts = dice.counts([12.0; 60]);
    counts.extend([14.0, 40.0, 45.0, 38.0]);
    let alarm = one(days(&counts)).expect("an alarm");
    assert_eq!(alarm.direction, Direction::Rose);
    assert_eq!((alarm.since, alarm.at), (61, 63));
    assert_eq!(alarm.observed, 38.0);
    assert!((8.0..20.0).contains(&alarm.expected), "{alarm:?}");
    assert!(alarm.interval.0 < alarm.expected && alarm.interval.1 < alarm.observed, "{alarm:?}");
    assert!((60.0..105.0).contains(&alarm.excess), "{alarm:?}");
    assert!((2.0..5.0).contains(&alarm.ratio), "{alarm:?}");
    assert!(alarm.strongest_evidence <= alarm.evidence && alarm.evidence < alarm.p && alarm.nominal_p <= alarm.p);
}

#[test]
fn a_spike_that_is_over_no_longer_alarms() {
    let mut dice = Dice(2);
    let mut counts = dice.counts([12.0; 60]);
    counts.extend([60.0, 55.0, 12.0]);
    assert_eq!(one(days(&counts)), None);
}

#[test]
fn an_earlier_spike_does_not_hide_the_next() {
    let mut dice = Dice(3);
    let mut counts = dice.counts([12.0; 60]);
    let mut quiet = counts.clone();
    counts.extend([80.0, 75.0]);
    quiet.extend([12.0, 12.0]);
    let between = dice.counts([12.0; 9]);
    counts.extend(&between);
    quiet.extend(&between);
    counts.push(70.0);
    quiet.push(70.0);
    let after_a_spike = one(days(&counts)).expect("an alarm");
    let after_none = one(days(&quiet)).expect("an alarm");
    assert!(after_a_spike.expected < 1.35 * after_none.expected, "{after_a_spike:?} {after_none:?}");
}

#[test]
fn a_sustained_shift_alarms_at_first_and_then_becomes_the_level() {
    let mut dice = Dice(4);
    let mut counts = dice.counts([12.0; 60]);
    counts.extend(dice.counts([36.0; 40]));
    assert!(one(days(&counts[..62])).is_some());
    assert!((75..100).all(|end| one(days(&counts[..end])).is_none()));
    let late = assess(&days(&counts), &at_rate(0.01)).expect("enough history");
    assert!((28.0..44.0).contains(&late.expected), "{late:?}");
}

#[test]
fn small_p_values_in_a_row_weigh_more_than_one_and_a_quiet_step_ends_them() {
    assert_eq!(run_evidence([0.01]), 0.02);
    assert!((run_evidence([0.05, 0.05, 0.05]) - 0.001).abs() < 1e-12);
    assert_eq!(run_evidence([0.01, 0.9, 0.001]), 0.02);
    assert_eq!(run_evidence([0.6, 1e-9]), 1.0);
    assert_eq!(run_evidence([]), 1.0);
    // Over independent steps it is reached no more often than it says.
    let mut dice = Dice(16);
    let steps: Vec<f64> = (0..40_000).map(|_| dice.uniform()).collect();
    let evidence = |at: usize| run_evidence((0..24).map(|back| steps[at - back]));
    let share = (24..40_000).filter(|&at| evidence(at) <= 0.01).count() as f64 / 39_976.0;
    assert!((0.006..0.0105).contains(&share), "{share}");
}

#[test]
fn a_sustained_shift_of_an_hourly_series_closes_within_days() {
    let mut dice = Dice(14);
    let mean = |hour: usize| if (8..18).contains(&(hour % 24)) { 12.0 } else { 1.0 };
    let mut counts = dice.counts((0..24 * 28).map(mean));
    counts.extend(dice.counts((0..24 * 14).map(|hour| 3.0 * mean(hour))));
    let of = |end: usize| one(Series::new(Step::Hour, 0, counts[..end].iter().copied()));
    assert!((24 * 28 + 10..24 * 28 + 16).any(|end| of(end).is_some()));
    let late = (24 * 37..24 * 42).filter(|&end| of(end).is_some()).count();
    assert!(late <= 3, "{late} of 120 hours in alarm ten days after");
}

#[test]
fn small_series_take_their_pattern_from_all_of_them() {
    let mut dice = Dice(15);
    let mean = |hour: usize| if (8..18).contains(&(hour % 24)) { 0.3 } else { 0.01 };
    let hours = |counts: Vec<f64>| Series::new(Step::Hour, 0, counts);
    let quiet: Vec<Vec<f64>> = (0..60).map(|_| dice.counts((0..24 * 21).map(mean))).collect();
    let profile = shared_profile(&quiet.iter().cloned().map(hours).collect::<Vec<_>>());
    assert!((profile.iter().sum::<f64>() - 168.0).abs() < 1e-9);
    assert!(profile[10] > 10.0 * profile[3], "{} {}", profile[10], profile[3]);

    // Three comments at night are stranger than three at noon, and a small series knows it.
    let p_at = |hour: usize| {
        let mut counts = quiet[0].clone();
        counts.truncate(24 * 20 + hour);
        counts.push(3.0);
        assess(&hours(counts).with_profile(&profile), &at_rate(0.01)).expect("enough history").nominal_p
    };
    assert!(p_at(3) < 0.1 * p_at(12), "{} {}", p_at(3), p_at(12));

    // What happens to all of them now is not yet a pattern.
    let struck = quiet.iter().cloned().map(|mut counts| {
        counts[24 * 20 + 3] = 50.0;
        hours(counts)
    });
    let after = shared_profile(&struck.collect::<Vec<_>>());
    assert!((after[24 * 6 + 3] - profile[24 * 6 + 3]).abs() < 1e-9);
    assert!(shared_profile(&[]).is_empty());
}

#[test]
fn a_busy_day_of_the_week_does_not_alarm() {
    let mut dice = Dice(5);
    let week = [60.0, 25.0, 20.0, 20.0, 20.0, 6.0, 4.0];
    let counts = dice.counts((0..112).map(|day| week[day % 7]));
    let mondays: Vec<usize> = (49..112).step_by(7).collect();
    let alarms = mondays.iter().filter(|&&monday| one(days(&counts[..=monday])).is_some()).count();
    assert!(alarms <= 1, "{alarms} of {} Mondays", mondays.len());
    // The same count on a Sunday does.
    let mut sunday = counts[..=48].to_vec();
    sunday[48] = 60.0;
    assert!(one(days(&sunday)).is_some());
}

#[test]
fn a_busy_hour_of_the_day_does_not_alarm_and_a_bad_morning_says_since_when() {
    let mut dice = Dice(6);
    let mean = |hour: usize| if (8..18).contains(&(hour % 24)) { 12.0 } else { 0.5 };
    let mut counts = dice.counts((0..24 * 21).map(mean));
    let nine_on: Vec<usize> = (24 * 14 + 8..24 * 21).step_by(24).collect();
    let of = |counts: &[f64]| one(Series::new(Step::Hour, 0, counts.iter().copied()));
    assert!(nine_on.iter().filter(|&&hour| of(&counts[..=hour]).is_some()).count() <= 1);
    counts.extend(dice.counts((0..10).map(mean)));
    counts.extend([45.0, 50.0, 41.0]);
    let alarm = of(&counts).expect("an alarm");
    assert_eq!(alarm.since % 24, 10);
    assert_eq!(alarm.at - alarm.since, 2);
}

#[test]
fn a_fall_alarms_only_when_falls_are_asked_for() {
    let mut dice = Dice(7);
    let mut counts = dice.counts([40.0; 60]);
    counts.push(1.0);
    assert_eq!(one(days(&counts)), None);
    let options = ScanOptions { falls: true, ..at_rate(0.01) };
    let found = scan(&[days(&counts)], &options, &Budget::unlimited()).expect("not cancelled").alarms;
    assert_eq!(found[0].direction, Direction::Fell);
    assert!(found[0].excess < -20.0 && found[0].ratio < 0.2, "{found:?}");
}

#[test]
fn too_little_history_is_refused_with_the_reason() {
    let refusal = |series: &Series| assess(series, &ScanOptions::default()).expect_err("a refusal");
    assert_eq!(refusal(&days(&[])), Refusal::Empty);
    let short = refusal(&days(&[3.0; 14]));
    assert_eq!(short, Refusal::TooShort { have: 13, need: 14, step: Step::Day });
    assert_eq!(short.to_string(), "14 days of history are needed, there are 13");
    let mut gap = vec![3.0; 30];
    gap.push(f64::NAN);
    assert_eq!(refusal(&days(&gap)), Refusal::LastStepUnknown);
    let mut counts = vec![3.0; 14];
    counts.push(3.0);
    assert!(assess(&days(&counts), &ScanOptions::default()).is_ok());
    let all = scan(&[days(&[]), days(&counts)], &ScanOptions::default(), &Budget::unlimited()).expect("not cancelled");
    assert_eq!(all.refused, [(0, Refusal::Empty)]);
}

#[test]
fn fourteen_days_are_enough_to_see_a_large_spike() {
    let mut counts = Dice(8).counts([10.0; 14]);
    counts.push(70.0);
    assert!(one(days(&counts)).is_some());
}

#[test]
fn unknown_steps_are_skipped_and_not_taken_for_zero() {
    let mut counts = Dice(9).counts([20.0; 60]);
    counts.push(20.0);
    let expected = |counts: &[f64]| assess(&days(counts), &at_rate(0.01)).expect("enough history").expected;
    let without_gap = expected(&counts);
    counts[52..60].fill(f64::NAN);
    let with_gap = expected(&counts);
    counts[52..60].fill(0.0);
    let with_zeros = expected(&counts);
    assert!((with_gap / without_gap - 1.0).abs() < 0.4, "{without_gap} {with_gap}");
    assert!(with_zeros < 0.5 * with_gap, "{with_zeros} {with_gap}");
}

#[test]
fn more_visits_explain_more_complaints() {
    let mut dice = Dice(10);
    let mut counts = dice.counts([12.0; 60]);
    counts.push(90.0);
    let visits = (0..61).map(|day| if day == 60 { 7_000.0 } else { 1_000.0 });
    assert!(one(days(&counts)).is_some());
    assert_eq!(one(days(&counts).with_exposure(visits)), None);
}

#[test]
fn a_silent_series_is_quiet_and_one_comment_does_not_wake_it() {
    let mut counts = vec![0.0; 60];
    assert_eq!(one(days(&counts)), None);
    counts.push(1.0);
    assert_eq!(one(days(&counts)), None);
    counts.push(9.0);
    assert!(one(days(&counts)).is_some());
}

#[test]
fn alarms_come_largest_difference_first_and_name_their_series() {
    let mut dice = Dice(11);
    let mut spiked = |mean: f64, last: f64| {
        let mut counts = dice.counts([mean; 60]);
        counts.push(last);
        days(&counts)
    };
    let series = [spiked(5.0, 40.0), spiked(50.0, 52.0), spiked(50.0, 300.0)];
    let found = scan(&series, &at_rate(0.001), &Budget::unlimited()).expect("not cancelled");
    assert_eq!(found.alarms.iter().map(|alarm| alarm.series).collect::<Vec<_>>(), [2, 0]);
}

#[test]
fn a_false_alarm_budget_holds_over_many_quiet_series_and_lets_a_real_one_through() {
    let mut dice = Dice(12);
    let mut series: Vec<Series> = (0..700)
        .map(|index| {
            let mean = [0.1, 0.5, 2.0, 8.0, 30.0][index % 5];
            days(&dice.counts([mean; 90]))
        })
        .collect();
    let mut counts = dice.counts([8.0; 89]);
    counts.push(90.0);
    series.push(days(&counts));
    // Seven false alarms a week are one on the day that is judged.
    let options = ScanOptions { limit: Limit::FalseAlarmsPerWeek(7.0), ..ScanOptions::default() };
    let found = scan(&series, &options, &Budget::unlimited()).expect("not cancelled");
    assert_eq!(found.alarms[0].series, 700);
    assert!(found.alarms.len() <= 4, "{}", found.alarms.len());
    let share = ScanOptions { limit: Limit::FalseShare(0.1), ..ScanOptions::default() };
    let found = scan(&series, &share, &Budget::unlimited()).expect("not cancelled");
    assert_eq!(found.alarms[0].series, 700);
    assert!(found.alarms.len() <= 2, "{}", found.alarms.len());
}

#[test]
fn quiet_made_up_series_have_honest_p_values_before_calibration() {
    let mut dice = Dice(13);
    let pasts: Vec<_> = (0..200)
        .map(|index| {
            let level = [2.0, 10.0, 50.0][index % 3];
            let weekly = (0..120).map(|day| level * if day % 7 < 5 { 1.2 } else { 0.5 });
            past_p_values(&days(&dice.counts(weekly)))
        })
        .collect();
    let all: Vec<f64> = pasts.iter().flat_map(|past| past.upper.iter().copied()).collect();
    let share = |level: f64| all.iter().filter(|p| **p <= level).count() as f64 / all.len() as f64;
    assert!((0.035..0.065).contains(&share(0.05)), "{}", share(0.05));
    assert!((0.005..0.017).contains(&share(0.01)), "{}", share(0.01));
    // A body with such series gets a calibration close to none.
    let own = Calibration::shipped().refit(&pasts, 500.0);
    assert!(own.upper.rate(0.01) < 0.7 * Calibration::shipped().upper.rate(0.01));
}

//! What holds of the alarm for any counts whatever.

use commonweal_domain::Budget;
use commonweal_insight::alarm::{Calibration, Limit, NegBin, ScanOptions, Series, Step, Watcher, past_p_values, scan};
use proptest::prelude::*;

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![Just(Step::Hour), Just(Step::Day), Just(Step::Week), Just(Step::Month)]
}

fn any_count() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (0..50_u32).prop_map(f64::from),
        2 => any::<u32>().prop_map(f64::from),
        1 => any::<f64>(),
        1 => Just(f64::NAN),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_counts_make_the_scan_panic_or_give_a_p_value_outside_zero_to_one(
        step in steps(),
        start in any::<usize>(),
        counts in prop::collection::vec(any_count(), 0..150),
        falls in any::<bool>(),
    ) {
        let series = Series::new(step, start % 1000, counts);
        let options = ScanOptions { limit: Limit::Rate(0.5), least_excess: 0.0, keep: 0.5, falls, ..ScanOptions::default() };
        let found = scan(std::slice::from_ref(&series), &options, &Budget::unlimited()).expect("not cancelled");
        prop_assert_eq!(found.alarms.len().min(1) + found.refused.len().min(1), found.alarms.len() + found.refused.len());
        for alarm in found.alarms {
            prop_assert!((0.0..=1.0).contains(&alarm.p));
            prop_assert!(alarm.strongest_evidence <= alarm.evidence && alarm.since <= alarm.at);
            prop_assert!(alarm.interval.0 <= alarm.interval.1);
            prop_assert!(alarm.expected.is_finite() && alarm.ratio.is_finite());
        }
        let past = past_p_values(&series);
        for p in past.upper.iter().chain(&past.lower) {
            prop_assert!((0.0..=1.0).contains(p));
        }
        let own = Calibration::shipped().refit(&[past], 0.0);
        prop_assert!((0.0..=1.0).contains(&own.upper.rate(0.003)));
    }

    #[test]
    fn a_higher_count_never_has_a_larger_upper_p_nor_a_smaller_lower_p(
        counts in prop::collection::vec(0..200_u32, 20..80),
        low in 0..100_000_u32,
        more in 1..1_000_u32,
    ) {
        let mut watcher = Watcher::new(Step::Day);
        for (day, count) in counts.iter().enumerate() {
            watcher.observe(day % 7, 1.0, Some(f64::from(*count)));
        }
        let prediction = watcher.predict(counts.len() % 7, 1.0).expect("days were seen");
        let (low, high) = (f64::from(low), f64::from(low + more));
        prop_assert!(prediction.upper_p(high) <= prediction.upper_p(low) + 1e-12);
        prop_assert!(prediction.lower_p(high) >= prediction.lower_p(low) - 1e-12);
    }

    #[test]
    fn the_two_mid_p_values_add_up_to_one(
        mean in 1e-3..1e5_f64,
        size in 1e-2..1e5_f64,
        place in 0.0..3.0_f64,
    ) {
        let counts = NegBin::new(mean, size);
        let count = (place * mean).round();
        prop_assert!((counts.upper_mid_p(count) + counts.lower_mid_p(count) - 1.0).abs() < 1e-7);
    }

    #[test]
    fn a_smaller_p_value_never_has_a_higher_rate(
        p_values in prop::collection::vec(0.0..1.0_f64, 0..800),
        prior in 0.0..1000.0_f64,
        small in -12.0..0.0_f64,
        step in 0.0..3.0_f64,
    ) {
        let past = commonweal_insight::alarm::PastP { upper: p_values, lower: Vec::new() };
        let table = Calibration::shipped().refit(&[past], prior).upper;
        let smaller = table.rate(10_f64.powf(small - step));
        prop_assert!(smaller <= table.rate(10_f64.powf(small)) + 1e-12);
        prop_assert!(smaller >= 0.0);
    }
}

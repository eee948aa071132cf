//! How long a scan of 10,000 daily series of ninety days takes.
//!
//! ```sh
//! cargo run --release -p commonweal-insight --example alarm_speed
//! ```

use commonweal_domain::Budget;
use commonweal_insight::alarm::{Calibration, ScanOptions, Series, Step, past_p_values, scan};
use std::time::Instant;

fn main() {
    let mut state = 1_u64;
    let mut next = || {
        // Knuth's multiplier for a 64-bit linear congruential generator; good enough to fill a
        // table with counts of different size.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    };
    let series: Vec<Series> = (0..10_000)
        .map(|index| {
            let mean = [0.1, 1.0, 5.0, 30.0][index % 4];
            let counts: Vec<f64> = (0..90).map(|_| (2.0 * mean * next()).round()).collect();
            Series::new(Step::Day, 0, counts)
        })
        .collect();
    let start = Instant::now();
    let found = scan(&series, &ScanOptions::default(), &Budget::unlimited()).expect("not cancelled");
    println!("scan: {:.2} s, {} alarms", start.elapsed().as_secs_f64(), found.alarms.len());
    let start = Instant::now();
    let past: Vec<_> = series.iter().map(past_p_values).collect();
    let own = Calibration::shipped().refit(&past, 500.0);
    println!("recalibration: {:.2} s, 1 % becomes {:.4}", start.elapsed().as_secs_f64(), own.upper.rate(0.01));
}

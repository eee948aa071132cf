//! The calibration constants that come with the library.
//!
//! Printed by `alarm_calibration <fms.csv> --fit`; do not edit by hand.

use super::calibration::{TAIL_KNOTS, TailTable};

const STEP: f64 = 0.562_341_325_190_349_1;

const fn powers() -> [f64; TAIL_KNOTS] {
    let mut rates = [0.0; TAIL_KNOTS];
    let mut index = 0;
    let mut value = 1.0;
    while index < TAIL_KNOTS {
        value *= STEP;
        rates[index] = value;
        index += 1;
    }
    rates
}

pub(super) const UPPER: TailTable = TailTable { rates: powers(), slope: 1.0 };
pub(super) const LOWER: TailTable = TailTable { rates: powers(), slope: 1.0 };

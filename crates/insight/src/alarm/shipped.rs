//! The calibration constants that come with the library.
//!
//! Printed by `examples/alarm_calibration <counts.csv> --fit`; not edited by hand. Fitted on
//! monthly FixMyStreet reports from 2013 to 2017 of one half of the local authorities
//! (mySociety, Open Data Commons Attribution Licence).

use super::calibration::TailTable;

pub(super) const UPPER: TailTable = TailTable {
    rates: [
        5.83e-1, 3.46e-1, 2.07e-1, 1.3e-1, 8.43e-2, 5.6e-2, 3.85e-2, 2.75e-2, 2e-2, 1.52e-2, 1.15e-2, 8.94e-3, 6.93e-3,
        5.74e-3, 4.2e-3, 3.08e-3, 2.25e-3, 1.65e-3, 1.21e-3, 8.84e-4, 6.47e-4, 4.74e-4, 3.47e-4, 2.54e-4,
    ],
    slope: 0.542,
};

pub(super) const LOWER: TailTable = TailTable {
    rates: [
        5.13e-1, 2.41e-1, 1.16e-1, 6.07e-2, 3.16e-2, 1.66e-2, 8.17e-3, 5.36e-3, 2.89e-3, 1.56e-3, 8.44e-4, 4.56e-4,
        2.46e-4, 1.33e-4, 7.19e-5, 3.88e-5, 2.1e-5, 1.13e-5, 6.12e-6, 3.31e-6, 1.79e-6, 9.64e-7, 5.21e-7, 2.81e-7,
    ],
    slope: 1.07,
};

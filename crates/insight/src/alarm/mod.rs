//! The change alarm: "complaints about the upload page went up since ten o'clock".
//!
//! One series is the number of comments per hour, day, week or month about one thing. Each
//! step is predicted from the steps before it ([`Watcher`]), the count that came is held
//! against that prediction ([`Prediction::upper_p`]), the p-value is turned into the rate at
//! which real, untouched series reach it ([`Calibration`]), several small ones in a row are
//! weighed together ([`run_evidence`]), and [`scan`] says which of many series to show, keeping
//! to a budget of false alarms.
//!
//! Many small series of one body are best given the pattern of hours and days they have in
//! common ([`shared_profile`], [`Series::with_profile`]), and after some weeks the calibration
//! of their own past ([`past_p_values`], [`Calibration::refit`]).
//!
//! ```
//! use commonweal_domain::Budget;
//! use commonweal_insight::alarm::{Limit, ScanOptions, Series, Step, scan};
//!
//! let mut counts = vec![4_u32, 6, 5, 3, 5, 4, 6, 5, 4, 4, 7, 5, 3, 6, 5, 4];
//! counts.push(31);
//! let options = ScanOptions { limit: Limit::Rate(0.01), ..ScanOptions::default() };
//! let found = scan(&[Series::new(Step::Day, 0, counts)], &options, &Budget::unlimited())?;
//! assert_eq!(found.alarms[0].since, 16);
//! assert!(found.alarms[0].excess > 20.0);
//! # Ok::<(), commonweal_domain::Cancelled>(())
//! ```
//!
//! The forecast is a negative-binomial local-level model with discounted memories, in the
//! manner of West and Harrison (*Bayesian Forecasting and Dynamic Models*, 1997, chapters 6
//! and 14). That past outliers count less is taken from Farrington, Andrews, Beale and
//! Catchpole (1996), *A statistical algorithm for the early detection of outbreaks of
//! infectious disease*, J. R. Stat. Soc. A 159:547-563.

pub mod baselines;
mod beta;
mod calibration;
mod level;
mod negbin;
mod profile;
mod run;
mod scan;
mod season;
mod series;
mod shipped;
mod spread;
mod tuning;
mod watcher;

pub use calibration::{Calibration, TAIL_KNOTS, TailTable};
pub use negbin::NegBin;
pub use profile::shared_profile;
pub use run::run_evidence;
pub use scan::{Alarm, Direction, Limit, PastP, Scan, ScanOptions, assess, past_p_values, scan};
pub use series::{Refusal, Series, Step};
pub use watcher::{Prediction, Watcher};

//! Statistics on counts and answers: words, impact, change, drivers, weighting, margins, comparisons.
//! Pure functions, usable as a library; each gives the source of its formula.

pub mod alarm;
pub mod compare;
pub mod distributions;
pub mod drivers;
pub mod impact;
mod linear;
pub mod margin;
pub mod multiple;
pub mod pairs;
mod tokens;
pub mod weighting;
pub mod words;

//! Statistics on counts and answers: words, impact, change, drivers, weighting, margins. Pure
//! functions, usable as a library; each gives the source of its formula.

pub mod alarm;

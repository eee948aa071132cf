//! Tests of the statistics against other implementations, published values and what must always hold.

mod budget;
mod drivers;
mod impact;
mod oracle;
mod properties;
mod surveys;
mod words;

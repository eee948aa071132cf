//! The reading engine: text in, reading out. Pure functions, usable as a library.

//! Files of every kind through the port, as the use cases read them.

mod help;

mod field;
mod mapping;
mod people;
mod real;
mod refusals;
mod roundtrip;
mod text_files;
mod workbooks;

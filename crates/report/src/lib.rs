//! Files and charts out: tables as CSV, XLSX and NDJSON, charts as SVG.
//!
//! Owns how figures look once they leave the program. Knows nothing of where they come from; it
//! implements the ports [`TableWriter`](commonweal_ports::TableWriter) and
//! [`ChartDrawer`](commonweal_ports::ChartDrawer).

pub mod charts;
pub mod tables;

//! Tables and charts as others see them: files are read back by other programs' readers.

mod charts;
mod tables;

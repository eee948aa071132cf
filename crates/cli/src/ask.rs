//! What can be asked besides counting: the subcommands of `commonweal query`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use commonweal_domain::question::Interval;

use crate::args::Filters;

#[derive(Debug, Subcommand)]
pub(crate) enum Ask {
    /// What the data show, the weightiest first, in a sentence each.
    Findings(Findings),
    /// What people feel at each touchpoint of each service.
    Journey(Journey),
    /// Which words people use, against the body's own text.
    Words(Words),
    /// Who meets an issue more often than everyone else; without an issue, each theme.
    Hit(Hit),
    /// What rose (or fell) beyond what its own past lets one expect.
    Changes(Changes),
    /// What drives satisfaction.
    Drivers(Drivers),
}

#[derive(Debug, Args)]
pub(crate) struct Findings {
    #[command(flatten)]
    pub(crate) filters: Filters,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Journey {
    #[command(flatten)]
    pub(crate) filters: Filters,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Words {
    /// Text files of the body, such as its pages on the subject; `-` for standard input.
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pub(crate) against: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) filters: Filters,
    /// Compare phrases of two words as well.
    #[arg(long)]
    pub(crate) phrases: bool,
    /// Most words on either side.
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: usize,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Hit {
    /// What people may have met, as DIMENSION=VALUE: theme=waiting, rating=1. May be repeated.
    #[arg(long, value_name = "DIMENSION=VALUE")]
    pub(crate) issue: Vec<String>,
    #[command(flatten)]
    pub(crate) filters: Filters,
    /// Most groups shown.
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: usize,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Changes {
    #[command(flatten)]
    pub(crate) filters: Filters,
    /// What to count by: hour, day, week or month (default: day, week or month, as suits the data).
    #[arg(long, value_parser = step)]
    pub(crate) step: Option<Interval>,
    /// Days of history (default: 21 for hours, 90 for days, two years for weeks, five for months).
    #[arg(long)]
    pub(crate) days: Option<u32>,
    /// Look for falls too.
    #[arg(long)]
    pub(crate) falls: bool,
    /// Most changes.
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: usize,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Drivers {
    #[command(flatten)]
    pub(crate) filters: Filters,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

fn step(text: &str) -> Result<Interval, String> {
    Interval::from_key(text).ok_or_else(|| "this is no step; write hour, day, week or month".to_owned())
}

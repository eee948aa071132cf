//! What was measured, as JSON that later steps add to.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::process::Memory;
use crate::questions::Kind;

/// Everything. Steps that have not run are empty.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Results {
    pub(crate) machine: Machine,
    /// Feedback in the large store.
    pub(crate) rows: u64,
    pub(crate) data: Option<Data>,
    /// Imports by engine: `sqlite`, `postgres`.
    pub(crate) imports: BTreeMap<String, Import>,
    /// The import of the large store.
    pub(crate) large_import: Option<ImportRun>,
    /// Intake by engine.
    pub(crate) intake: BTreeMap<String, Intake>,
    pub(crate) start: Option<Start>,
    pub(crate) questions: Vec<Questions>,
    pub(crate) sustained: Option<Sustained>,
    pub(crate) export: Option<Export>,
    pub(crate) rebuild: Option<Rebuild>,
    pub(crate) sizes: BTreeMap<String, u64>,
    pub(crate) postgres: Option<Postgres>,
    pub(crate) pages: Option<Pages>,
    pub(crate) lanes: Option<Lanes>,
    pub(crate) abuse: Option<Abuse>,
    pub(crate) protected: Option<Protected>,
    #[serde(default)]
    pub(crate) people: Option<People>,
    #[serde(default)]
    pub(crate) finding: Vec<Finding>,
    #[serde(default)]
    pub(crate) sending: Vec<Sending>,
    /// Counting people by rules, by engine.
    pub(crate) audiences: BTreeMap<String, Audiences>,
}

/// Counting people by rules.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Audiences {
    pub(crate) persons: u64,
    pub(crate) records: u64,
    pub(crate) contacts: u64,
    /// Seconds until the first answer, while people are read from the store.
    pub(crate) read: f64,
    pub(crate) before: Memory,
    pub(crate) after: Memory,
    pub(crate) latency: Quantiles,
    /// Counts that could be shown.
    pub(crate) shown: usize,
    pub(crate) slowest: String,
}

/// On what it was measured.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) date: String,
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory: u64,
    pub(crate) system: String,
    pub(crate) commonweal: String,
    pub(crate) rustc: String,
    /// Load of the machine (mean of one minute) when each step began.
    #[serde(default)]
    pub(crate) load: BTreeMap<String, f64>,
}

/// The data that were made.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Data {
    pub(crate) sources: usize,
    pub(crate) mean_words: f64,
    pub(crate) bytes: u64,
    pub(crate) import_rows: u64,
    pub(crate) import_bytes: u64,
}

/// Imports of the same file into new folders.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Import {
    pub(crate) rows: u64,
    pub(crate) runs: Vec<ImportRun>,
    /// The same file a second time: seconds, and how many it added.
    pub(crate) again: Option<(f64, u64)>,
}

/// One import.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ImportRun {
    /// From the start of the command until it ended, with everything committed and countable.
    pub(crate) seconds: f64,
    /// Seconds of computing on all cores.
    pub(crate) computed: f64,
    pub(crate) peak: u64,
    pub(crate) peak_own: u64,
}

/// Intake over HTTP.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Intake {
    pub(crate) connections: usize,
    pub(crate) seconds: f64,
    /// One feedback per request.
    pub(crate) runs: Vec<Rate>,
    /// The same with an Idempotency-Key.
    pub(crate) keyed: Vec<Rate>,
    /// The same server's `/healthz`, in turn with the others.
    pub(crate) empty: Vec<Rate>,
    /// One connection alone.
    pub(crate) alone: Option<Rate>,
    /// Acknowledged, and then counted in the index.
    pub(crate) acknowledged: u64,
    pub(crate) counted: u64,
}

/// How quick requests were.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rate {
    pub(crate) per_second: f64,
    pub(crate) latency: Quantiles,
}

/// Milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Quantiles {
    pub(crate) n: usize,
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

impl Quantiles {
    /// Of seconds, in any order.
    pub(crate) fn of(seconds: &[f64]) -> Self {
        let mut sorted = seconds.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |q: f64| {
            // The nearest rank: the smallest value that at least this share does not exceed.
            let rank = (q * sorted.len() as f64).ceil().max(1.0) as usize;
            sorted.get(rank - 1).copied().unwrap_or_default() * 1_000.0
        };
        Self { n: sorted.len(), p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1.0) }
    }
}

/// Seconds until ready.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Start {
    /// The very first, which makes the database.
    pub(crate) first: f64,
    pub(crate) empty: Vec<f64>,
    pub(crate) large: Vec<f64>,
    /// With nothing of the files in the page cache.
    pub(crate) large_cold: Option<f64>,
    pub(crate) idle: Memory,
    pub(crate) large_memory: Memory,
}

/// Questions of one kind.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Questions {
    pub(crate) kind: Kind,
    /// Just started, files not in the page cache.
    pub(crate) cold: Quantiles,
    /// Questions not asked before, of a server that runs.
    pub(crate) new: Quantiles,
    /// Those asked again.
    pub(crate) again: Quantiles,
    /// Seconds of each of the new ones, in order.
    pub(crate) new_seconds: Vec<f64>,
    /// What counts were answered, for comparison.
    pub(crate) totals: Vec<Option<i64>>,
    /// The slowest of the new ones.
    pub(crate) slowest: String,
}

/// Many people asking at once.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Sustained {
    pub(crate) seconds: f64,
    pub(crate) clients: usize,
    pub(crate) asked: usize,
    pub(crate) latency: Quantiles,
    /// Memory after all questions.
    pub(crate) memory: Memory,
}

/// Export as CSV.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Export {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    pub(crate) seconds: Vec<f64>,
    pub(crate) before: Memory,
    /// Most own memory while it ran.
    pub(crate) peak_own: u64,
}

/// Pages as browsers ask for them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Pages {
    /// Feedback in the store.
    pub(crate) rows: u64,
    pub(crate) pages: Vec<Page>,
    /// Files that other websites load, by name, with bytes compressed.
    pub(crate) files: Vec<(String, u64)>,
}

/// One page.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Page {
    pub(crate) name: String,
    /// Seen without a sign-in.
    pub(crate) public: bool,
    /// Asked for the first time after the server has started.
    pub(crate) first: f64,
    pub(crate) latency: Quantiles,
    /// Bytes of the page itself, of its stylesheets and of its scripts, as sent with gzip.
    pub(crate) html: u64,
    pub(crate) styles: u64,
    pub(crate) scripts: u64,
    /// Address of the slowest.
    pub(crate) slowest: String,
}

impl Page {
    /// All that a browser loads but pictures and fonts.
    pub(crate) fn weight(&self) -> u64 {
        self.html + self.styles + self.scripts
    }
}

/// Imports alone, and the same beside a reading of all comments again.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Lanes {
    /// Comments that are read again.
    pub(crate) comments: u64,
    /// Rows of each import.
    pub(crate) rows: u64,
    /// Seconds from the begin of an import to its end.
    pub(crate) alone: Vec<f64>,
    /// The same while comments are read again.
    pub(crate) beside: Vec<f64>,
}

/// Ordinary readers alone, and the same beside callers who take what they can.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Abuse {
    /// Feedback in the store.
    pub(crate) rows: u64,
    /// People who read.
    pub(crate) readers: usize,
    /// How long it took, both together.
    pub(crate) seconds: u64,
    pub(crate) alone: Quantiles,
    pub(crate) beside: Quantiles,
    /// The most of the server's own memory.
    pub(crate) own_alone: u64,
    pub(crate) own_beside: u64,
    /// Requests and connections of the others that were refused or shut.
    pub(crate) refused: u64,
}

/// Pages for somebody who sees figures as they are, and for somebody for whom small groups are protected.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Protected {
    /// Feedback in the store.
    pub(crate) rows: u64,
    /// The name of each page, with figures as they are and protected.
    pub(crate) pages: Vec<(String, Quantiles, Quantiles)>,
}

impl Protected {
    /// The median of what protection costs, page by page.
    pub(crate) fn ratio(&self) -> f64 {
        median(&self.pages.iter().map(|(_, exact, protected)| protected.p50 / exact.p50).collect::<Vec<_>>())
    }
}

/// Finding and showing people among very many, on one engine.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Finding {
    pub(crate) engine: String,
    pub(crate) persons: u64,
    pub(crate) records: u64,
    pub(crate) contacts: u64,
    /// Records that came in, of people who were known.
    pub(crate) arrived: u64,
    /// Of those, how many were found to be of the right person.
    pub(crate) right: u64,
    /// From the request that brings a record to the answer that says whose it is.
    pub(crate) found: Quantiles,
    /// A person's page.
    pub(crate) shown: Quantiles,
    /// Peak of the server's resident memory.
    pub(crate) peak: u64,
}

/// Sending to very many, on one engine.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Sending {
    pub(crate) engine: String,
    pub(crate) persons: u64,
    /// For how many people the send was planned.
    pub(crate) planned: u64,
    /// Seconds from the start of the server until all of them were.
    pub(crate) planning: f64,
    /// Messages of the send that the mail server took in a second.
    pub(crate) per_second: f64,
    /// The same of `smtp-source`, before and after.
    pub(crate) compared: f64,
    /// Single messages during the send: from the request until the mail server took it.
    pub(crate) single: Quantiles,
    /// The server's resident memory when measuring began and ended.
    pub(crate) resident: (u64, u64),
    /// Seconds from SIGTERM to the end.
    pub(crate) stopped: f64,
}

/// Record linkage.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct People {
    /// Records of the file on which the command is timed.
    pub(crate) records: u64,
    pub(crate) quality: Vec<PeopleQuality>,
    pub(crate) cases: Vec<PeopleCase>,
    pub(crate) runs: Vec<PeopleRun>,
}

/// How good linking is on records whose truth is known: precision, recall and F1 each.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PeopleQuality {
    pub(crate) name: String,
    pub(crate) records: u64,
    /// Pairs that were compared.
    pub(crate) compared: u64,
    /// By exact rules, to compare with.
    pub(crate) exact: [f64; 3],
    /// Pairs in clusters.
    pub(crate) pairs: [f64; 3],
    /// Persons that came out whole.
    pub(crate) whole: [f64; 3],
    /// Pairs from a weight on.
    pub(crate) curve: Vec<(f64, [f64; 3])>,
}

/// A hard case, with guards and without.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PeopleCase {
    pub(crate) name: String,
    pub(crate) records: u64,
    pub(crate) guarded: [f64; 3],
    pub(crate) unguarded: [f64; 3],
    pub(crate) exact: [f64; 3],
}

/// One run of the command.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PeopleRun {
    pub(crate) seconds: f64,
    pub(crate) computed: f64,
    pub(crate) peak: u64,
    pub(crate) clusters: u64,
    pub(crate) pairs: [f64; 3],
}

/// The index built anew.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Rebuild {
    pub(crate) seconds: f64,
    /// Seconds of computing on all cores.
    pub(crate) computed: f64,
    pub(crate) peak: u64,
    pub(crate) peak_own: u64,
}

/// The same questions asked of PostgreSQL.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Postgres {
    pub(crate) version: String,
    pub(crate) settings: String,
    pub(crate) fill_seconds: f64,
    pub(crate) prepare_seconds: f64,
    pub(crate) bytes: u64,
    pub(crate) questions: Vec<Sql>,
}

/// Questions of one kind in SQL.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Sql {
    pub(crate) kind: Kind,
    pub(crate) latency: Quantiles,
    /// How many took longer than a minute and were given up.
    pub(crate) given_up: usize,
    /// Our latencies of the very same questions.
    pub(crate) ours: Quantiles,
    /// Median of the ratios of the same question's times.
    pub(crate) ratio: f64,
    /// Of the counts compared, how many were equal.
    pub(crate) compared: usize,
    pub(crate) equal: usize,
}

impl Results {
    pub(crate) fn load(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = std::fs::read_to_string(path)?;
        serde_json::from_str(&text).with_context(|| format!("{} is not of this version; remove it.", path.display()))
    }

    pub(crate) fn save(&self, path: &Path) -> Result<()> {
        Ok(std::fs::write(path, serde_json::to_string_pretty(self)?)?)
    }
}

impl Machine {
    /// Looks at this machine. No names, no paths.
    pub(crate) fn look(binary: &Path) -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let said = |program: &std::ffi::OsStr, argument: &str| {
            let out = std::process::Command::new(program).arg(argument).output().map(|o| o.stdout).unwrap_or_default();
            String::from_utf8_lossy(&out).trim().to_owned()
        };
        let cpu = read("/proc/cpuinfo");
        let processor = cpu.lines().find_map(|l| l.strip_prefix("model name")).unwrap_or_default();
        let memory = read("/proc/meminfo");
        let kb = memory
            .lines()
            .find_map(|l| l.strip_prefix("MemTotal:"))
            .and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok());
        Self {
            date: chrono::Utc::now().format("%Y-%m-%d").to_string(),
            processor: processor.trim_start_matches([' ', '\t', ':']).to_owned(),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            memory: kb.unwrap_or(0) * 1024,
            system: format!("Linux {}", read("/proc/sys/kernel/osrelease").trim()),
            commonweal: said(binary.as_os_str(), "--version"),
            rustc: said("rustc".as_ref(), "--version"),
            load: BTreeMap::new(),
        }
    }
}

/// Mean load of the last minute.
pub(crate) fn load_now() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|v| v.parse().ok()).unwrap_or(0.0)
}

/// The middle one.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[n / 2],
        n => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_by_the_nearest_rank() {
        let seconds: Vec<f64> = (1..=200).rev().map(|n| f64::from(n) / 1_000.0).collect();
        let q = Quantiles::of(&seconds);
        assert_eq!((q.p50, q.p95, q.p99, q.max), (100.0, 190.0, 198.0, 200.0));
        assert_eq!(Quantiles::of(&[]).max, 0.0);
    }
}

//! What an index may use of the machine.

use std::time::Duration;

/// Limits and sizes. The default suits a machine with two cores.
#[derive(Clone, Debug)]
pub struct Options {
    /// Memory in which the writer gathers documents before it writes a segment, in bytes. At least
    /// 15 MB for each writing thread; less is raised to that.
    pub writer_memory_bytes: usize,
    /// Threads that turn documents into segments. Each leaves a segment at every commit.
    pub writer_threads: usize,
    /// Threads that answer questions. All questions share them.
    pub query_threads: usize,
    /// Memory for the sets of documents that clauses stand for, kept between questions, in bytes.
    pub cache_bytes: usize,
    /// Most memory for the figures of one question, in bytes.
    pub query_memory_bytes: usize,
    /// Longest time for one question.
    pub query_time: Duration,
}

impl Default for Options {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get);
        Self {
            writer_memory_bytes: 128 << 20,
            writer_threads: 1,
            query_threads: cores.min(16),
            cache_bytes: 128 << 20,
            query_memory_bytes: 256 << 20,
            query_time: Duration::from_secs(30),
        }
    }
}

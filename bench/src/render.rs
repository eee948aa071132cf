//! The page that people read, from the results.

use crate::audiences;
use crate::people_page;
use crate::process::Memory;
use crate::questions::Kind;
use crate::results::{Intake, Quantiles, Questions, Rate, Results, median};

/// A budget with what was measured.
struct Budget {
    what: &'static str,
    budget: String,
    measured: String,
    met: bool,
}

/// The whole page.
pub(crate) fn page(results: &Results, notes: &str) -> String {
    let mut page = String::from(
        "# Benchmarks\n\nMade by `make bench` from what it measured; do not edit by hand (what was found stands in \
         `bench/notes.md`).\n\n",
    );
    machine(results, &mut page);
    budgets(results, &mut page);
    data(results, &mut page);
    imports(results, &mut page);
    intakes(results, &mut page);
    questions(results, &mut page);
    postgres(results, &mut page);
    rest(results, &mut page);
    pages(results, &mut page);
    people_page::write(results, &mut page);
    audiences::write(results, &mut page);
    page.push_str(notes.trim());
    page.push('\n');
    page
}

/// Server time and weight of every page.
fn pages(results: &Results, page: &mut String) {
    let Some(measured) = &results.pages else { return };
    let rows = millions(measured.rows);
    page.push_str(&format!(
        "## Pages\n\nAsked over HTTP of a server on SQLite with {rows} feedback, one after another over one kept connection, with \
         gzip as browsers do, signed in where the page wants it. *First*: the first page asked of a server that has just \
         started. Then each page so many times with other periods, words and filters in turn; milliseconds from the \
         request's first byte to the answer's last. Bytes are those sent, compressed, without pictures and fonts; \
         stylesheet and script are loaded once and kept. Budget: 200 ms; a console page 50 kB, a public page 25 kB.\n\n\
         | Page | Asked | First | p50 | p95 | Longest | HTML | Stylesheet | Script | Together |\n|---|---|---|---|---|---|---|---|---|---|\n",
    ));
    for p in &measured.pages {
        let limit = if p.public { 25_000 } else { 50_000 };
        let bold = |text: String, over: bool| if over { format!("**{text}**") } else { text };
        let slow = bold(format!("{:.0}", p.latency.p95), p.latency.p95 > 200.0);
        let heavy = bold(kb(p.weight()), p.weight() > limit);
        page.push_str(&format!(
            "| {} | {} | {:.0} | {:.0} | {slow} | {:.0} | {} | {} | {} | {heavy} |\n",
            p.name,
            p.latency.n,
            p.first * 1_000.0,
            p.latency.p50,
            p.latency.max,
            kb(p.html),
            kb(p.styles),
            kb(p.scripts),
        ));
    }
    page.push('\n');
    for (name, bytes) in &measured.files {
        page.push_str(&format!("`{name}`, which other websites load: {}.\n\n", kb(*bytes)));
    }
}

fn kb(bytes: u64) -> String {
    format!("{:.1} kB", bytes as f64 / 1_000.0)
}

fn machine(results: &Results, page: &mut String) {
    let m = &results.machine;
    let loads: Vec<f64> = m.load.values().copied().collect();
    let highest = loads.iter().copied().fold(0.0, f64::max);
    page.push_str(&format!(
        "Measured on {} with {} ({}) on {} cores of {}, {:.0} GB of memory, {}. The programs that measure ran on the same \
         cores. The load of the machine when the steps began was between {:.1} and {highest:.1}: what ran just before is in it.\n\n",
        m.date,
        m.commonweal,
        m.rustc.split(" (").next().unwrap_or(&m.rustc),
        m.cores,
        m.processor,
        m.memory as f64 / 1e9,
        m.system,
        loads.iter().copied().fold(f64::INFINITY, f64::min).min(highest),
    ));
}

fn budgets(results: &Results, page: &mut String) {
    let all = all_budgets(results);
    page.push_str("## Budgets\n\n| What | Budget | Measured | |\n|---|---|---|---|\n");
    for b in all {
        let met = if b.met { "met" } else { "**missed**" };
        page.push_str(&format!("| {} | {} | {} | {met} |\n", b.what, b.budget, b.measured));
    }
    page.push('\n');
}

fn all_budgets(results: &Results) -> Vec<Budget> {
    let mut all = Vec::new();
    let rows = millions(results.rows);
    for (engine, import) in &results.imports {
        let seconds = median(&import.runs.iter().map(|r| r.seconds).collect::<Vec<_>>());
        let peak = import.runs.iter().map(|r| r.peak_own).max().unwrap_or(0);
        let scale = import.rows as f64 / 1e6;
        all.push(Budget {
            what: if engine == "sqlite" { "import of a CSV file, SQLite" } else { "import of a CSV file, PostgreSQL" },
            budget: format!("{:.0} s for {} rows, 600 MB", 60.0 * scale, millions(import.rows)),
            measured: format!("{seconds:.1} s, {} of its own", mb(peak)),
            met: seconds <= 60.0 * scale && peak <= 600_000_000,
        });
    }
    for (engine, a) in &results.audiences {
        all.push(Budget {
            what: if engine == "sqlite" { "count of an audience, SQLite" } else { "count of an audience, PostgreSQL" },
            budget: "p95 under 500 ms at 1 million people, 10 million contacts".into(),
            measured: format!("p95 {:.0} ms at {} people", a.latency.p95, millions(a.persons)),
            met: a.latency.p95 < 500.0,
        });
    }
    for (engine, intake) in &results.intake {
        let rate = middle(&intake.runs);
        let share = rate.per_second / middle(&intake.empty).per_second;
        all.push(Budget {
            what: if engine == "sqlite" { "HTTP intake, SQLite" } else { "HTTP intake, PostgreSQL" },
            budget: "5,000/s, p99 under 50 ms, 40 % of an empty handler".into(),
            measured: format!(
                "{}/s, p99 {:.1} ms, {:.0} %",
                thousands(rate.per_second as u64),
                rate.latency.p99,
                share * 100.0
            ),
            met: rate.per_second >= 5_000.0 && rate.latency.p99 < 50.0 && share >= 0.4,
        });
    }
    for q in &results.questions {
        let limit = if q.kind == Kind::List { 300.0 } else { 250.0 };
        let worst = q.cold.p95.max(q.new.p95).max(q.again.p95);
        all.push(Budget {
            what: match q.kind {
                Kind::Count => "count with any filter",
                Kind::Trend => "trend with any filter",
                Kind::Facets => "facet set with any filter",
                Kind::CrossTable => "cross-table with any filter (no budget of its own)",
                Kind::List => "comment list page with filter and search",
            },
            budget: format!("p95 under {limit:.0} ms at {rows}"),
            measured: format!("p95 {:.0} ms cold, {:.0} ms new, {:.0} ms again", q.cold.p95, q.new.p95, q.again.p95),
            met: worst < limit,
        });
    }
    if let Some(export) = &results.export {
        let seconds = median(&export.seconds);
        let scale = export.rows as f64 / 1e6;
        let grown = export.peak_own.saturating_sub(export.before.own);
        all.push(Budget {
            what: "export as CSV, streamed",
            budget: format!("{:.0} s for {} rows, constant memory", 30.0 * scale, millions(export.rows)),
            measured: format!("{seconds:.1} s, {} more than before", mb(grown)),
            met: seconds <= 30.0 * scale && grown < 200_000_000,
        });
    }
    if let Some(start) = &results.start {
        let (empty, large) = (median(&start.empty), median(&start.large));
        all.push(Budget {
            what: "start with an empty store",
            budget: "0.3 s".into(),
            measured: format!("{empty:.2} s"),
            met: empty <= 0.3,
        });
        all.push(Budget {
            what: "start with the large store",
            budget: format!("2 s at {rows}"),
            measured: format!("{large:.2} s, {:.2} s cold", start.large_cold.unwrap_or_default()),
            met: large.max(start.large_cold.unwrap_or_default()) <= 2.0,
        });
        all.push(Budget {
            what: "memory idle",
            budget: "80 MB".into(),
            measured: format!("{} ({} of its own)", mb(start.idle.resident), mb(start.idle.own)),
            met: start.idle.resident <= 80_000_000,
        });
    }
    if let Some(sustained) = &results.sustained {
        all.push(Budget {
            what: "memory with the large store after many questions",
            budget: format!("1 GB at {rows}, mapped index pages not counted"),
            measured: mb(sustained.memory.own),
            met: sustained.memory.own <= 1_000_000_000,
        });
    }
    all
}

fn data(results: &Results, page: &mut String) {
    let Some(data) = &results.data else { return };
    page.push_str(&format!(
        "## Data\n\n{} feedback made from {} real comments (NHS Friends and Family Test, see `sample-data/`), always the same \
         for the same seed. The real comments are shorter than the 30 words of the budgets, so several of the same rating \
         are put together: {:.1} words on average, lengths spread as those of real comments are (log-normal). That makes \
         the number of *different* words smaller than among as many real comments, and frequent words more frequent, which \
         is the harder case for counting. Each has an id, a time in three years (weekly, daily and yearly rhythm, slow \
         growth), one of 12 services × 5 touchpoints, 14 channels, a rating that goes with its words, a page out of 2,000 \
         and a device out of 3 where the channel is digital, one of 40 areas, and mostly one of 8 age bands; all as \
         skewed as in life. CSV: {:.2} GB.\n\n",
        thousands(results.rows),
        thousands(data.sources as u64),
        data.mean_words,
        data.bytes as f64 / 1e9,
    ));
}

fn imports(results: &Results, page: &mut String) {
    if results.imports.is_empty() {
        return;
    }
    page.push_str(
        "## Import\n\n`commonweal import` of a CSV file into a new folder, from the start of the command to its end: \
         everything is then committed and counted by the index, which is checked. Computing is the time on all \
         cores together. Memory is the kernel's highest mark \
         for the process; what is its own leaves out mapped files.\n\n\
         | Engine | Rows | Seconds (median; runs) | of computing | Rows/s | Peak resident | Peak of its own | Same file again |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for (engine, import) in &results.imports {
        let seconds: Vec<f64> = import.runs.iter().map(|r| r.seconds).collect();
        let runs: Vec<String> = seconds.iter().map(|s| format!("{s:.1}")).collect();
        page.push_str(&format!(
            "| {engine} | {} | {:.1} ({}) | {:.1} | {} | {} | {} | {} |\n",
            thousands(import.rows),
            median(&seconds),
            runs.join(", "),
            median(&import.runs.iter().map(|r| r.computed).collect::<Vec<_>>()),
            thousands((import.rows as f64 / median(&seconds)) as u64),
            mb(import.runs.iter().map(|r| r.peak).max().unwrap_or(0)),
            mb(import.runs.iter().map(|r| r.peak_own).max().unwrap_or(0)),
            import.again.map_or_else(|| "–".to_owned(), |(s, added)| format!("{s:.1} s, adds {added}")),
        ));
    }
    if let Some(large) = &results.large_import {
        page.push_str(&format!(
            "| sqlite | {} | {:.1} | {:.1} | {} | {} | {} | – |\n",
            thousands(results.rows),
            large.seconds,
            large.computed,
            thousands((results.rows as f64 / large.seconds) as u64),
            mb(large.peak),
            mb(large.peak_own),
        ));
    }
    page.push('\n');
}

fn intakes(results: &Results, page: &mut String) {
    let Some(first) = results.intake.values().next() else { return };
    page.push_str(&format!(
        "## Intake over HTTP\n\n`POST /api/v1/feedback` with one feedback of about 30 words per request over {} kept \
         connections, each sending the next request when the one before is answered; answered means committed and synced. \
         The sender shares the cores with the server. The empty handler is `GET /healthz` of the same server. All are \
         measured in turn, {:.0} s each; medians. Afterwards every acknowledged feedback is counted.\n\n\
         | Engine | What | Requests/s | p50 | p95 | p99 | Of the empty handler |\n|---|---|---|---|---|---|---|\n",
        first.connections, first.seconds
    ));
    for (engine, intake) in &results.intake {
        let empty = middle(&intake.empty).per_second;
        let lines = [
            ("empty handler", middle(&intake.empty)),
            ("one feedback", middle(&intake.runs)),
            ("with an Idempotency-Key", middle(&intake.keyed)),
            ("one connection alone", intake.alone.clone().unwrap_or_else(none)),
        ];
        for (what, rate) in lines {
            page.push_str(&format!(
                "| {engine} | {what} | {} | {:.1} ms | {:.1} ms | {:.1} ms | {:.0} % |\n",
                thousands(rate.per_second as u64),
                rate.latency.p50,
                rate.latency.p95,
                rate.latency.p99,
                rate.per_second / empty * 100.0
            ));
        }
    }
    page.push_str(&format!(
        "\nAcknowledged and counted: {}.\n\n",
        acknowledged(&results.intake.values().collect::<Vec<_>>())
    ));
}

fn acknowledged(all: &[&Intake]) -> String {
    all.iter()
        .map(|i| format!("{} and {}", thousands(i.acknowledged), thousands(i.counted)))
        .collect::<Vec<_>>()
        .join("; ")
}

fn questions(results: &Results, page: &mut String) {
    if results.questions.is_empty() {
        return;
    }
    page.push_str(&format!(
        "## Questions\n\nAsked through the HTTP API at {} feedback on SQLite, one after another, {} of each kind, made up \
         with a seed: none to three clauses over services, touchpoints, channels, ratings, devices, pages, areas and age \
         bands (one or two values, some of them \"is not\"), half with a period from a week to a year, half with words (one, \
         two, either, without, phrase, beginning; frequent and rare). *Cold*: the server has just been started and none of \
         its files is in the page cache. *New*: other questions to the same server. *Again*: those once more. A trend has \
         count, mean rating and satisfied by day, week or month; a facet set has nine dimensions, each without its own \
         clause; a list page has 25 comments. Milliseconds.\n\n\
         | Kind | Cold p50 | p95 | max | New p50 | p95 | max | Again p50 | p95 | max |\n|---|---|---|---|---|---|---|---|---|---|\n",
        thousands(results.rows),
        results.questions[0].new.n
    ));
    for q in &results.questions {
        page.push_str(&question(q));
    }
    if let Some(s) = &results.sustained {
        page.push_str(&format!(
            "\n{} people at once asking new questions of all kinds for {:.0} s: {} questions, {:.0} a second, p50 {:.0} ms, \
             p95 {:.0} ms, max {:.0} ms. Memory afterwards: {}.\n",
            s.clients,
            s.seconds,
            thousands(s.asked as u64),
            s.asked as f64 / s.seconds,
            s.latency.p50,
            s.latency.p95,
            s.latency.max,
            memory(&s.memory)
        ));
    }
    page.push('\n');
}

fn question(q: &Questions) -> String {
    let three = |x: &crate::results::Quantiles| format!("{:.1} | {:.1} | {:.1}", x.p50, x.p95, x.max);
    format!("| {} | {} | {} | {} |\n", q.kind.label(), three(&q.cold), three(&q.new), three(&q.again))
}

fn postgres(results: &Results, page: &mut String) {
    let Some(p) = &results.postgres else { return };
    page.push_str(&format!(
        "## The same questions in SQL\n\nPostgreSQL {} on the same rows in our own tables with our own indexes, filled by COPY \
         in {:.0} s, and indexes for this comparison: GIN over `to_tsvector('simple', text)`, and the time of contacts (with VACUUM ANALYZE {:.0} s); {:.1} GB. Settings: {}; \
         the rest as it comes. The same *new* questions in the same order (as many of each kind as fit five minutes), asked \
         over one connection without HTTP; a statement is given up after 60 s and counted as that long. Facets are counted \
         in one pass by GROUPING SETS, with one more statement for each dimension that the filter names. Words are matched \
         by PostgreSQL's own parser, which takes words with hyphens, apostrophes and addresses apart differently; counts are \
         compared.\n\n\
         | Kind | Questions | SQL p50 | p95 | max | Ours p50 | p95 | max | Median ratio | Counts equal |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
        p.version,
        p.fill_seconds,
        p.prepare_seconds,
        p.bytes as f64 / 1e9,
        p.settings
    ));
    for q in &p.questions {
        page.push_str(&format!(
            "| {} | {}{} | {:.0} | {:.0} | {:.0} | {:.1} | {:.1} | {:.1} | {:.0} × | {} |\n",
            q.kind.label(),
            q.latency.n,
            if q.given_up > 0 { format!(" ({} given up)", q.given_up) } else { String::new() },
            q.latency.p50,
            q.latency.p95,
            q.latency.max,
            q.ours.p50,
            q.ours.p95,
            q.ours.max,
            q.ratio,
            if q.compared > 0 { format!("{} of {}", q.equal, q.compared) } else { "–".to_owned() },
        ));
    }
    page.push('\n');
}

fn rest(results: &Results, page: &mut String) {
    page.push_str("## Start, memory, export, rebuild, sizes\n\n| What | Measured |\n|---|---|\n");
    let mut line = |what: &str, measured: String| page.push_str(&format!("| {what} | {measured} |\n"));
    if let Some(s) = &results.start {
        line("first start, which makes the database, until `/readyz`", format!("{:.2} s", s.first));
        line("start with an empty store", list(&s.empty));
        line(&format!("start at {}", millions(results.rows)), list(&s.large));
        line("the same, nothing in the page cache", format!("{:.2} s", s.large_cold.unwrap_or_default()));
        line("memory 10 s after the start, empty store", memory(&s.idle));
        line(&format!("memory after the start at {}", millions(results.rows)), memory(&s.large_memory));
    }
    if let Some(e) = &results.export {
        line(
            &format!("export of {} rows as CSV over HTTP ({:.2} GB)", thousands(e.rows), e.bytes as f64 / 1e9),
            format!("{}; own memory {} before, {} at most", list(&e.seconds), mb(e.before.own), mb(e.peak_own)),
        );
    }
    if let Some(r) = &results.rebuild {
        line(
            &format!("`commonweal index rebuild` at {}", millions(results.rows)),
            format!(
                "{:.0} s ({:.0} s of computing), {} feedback/s, peak {} of its own",
                r.seconds,
                r.computed,
                thousands((results.rows as f64 / r.seconds) as u64),
                mb(r.peak_own)
            ),
        );
    }
    if let Some(l) = &results.lanes {
        line(&format!("import of {} rows, begun in the console", thousands(l.rows)), list(&l.alone));
        line(
            &format!("the same while {} comments are read again", thousands(l.comments)),
            format!("{}; ratio of the medians {:.2}", list(&l.beside), median(&l.beside) / median(&l.alone)),
        );
    }
    if let Some(p) = &results.protected {
        let of = |(name, exact, protected): &(String, Quantiles, Quantiles)| {
            format!("{name} {:.1} and {:.1} ms", exact.p50, protected.p50)
        };
        line(
            &format!(
                "pages at {} for who sees figures as they are, and for whom small groups are protected",
                thousands(p.rows)
            ),
            format!("{}; median of the ratios {:.2}", p.pages.iter().map(of).collect::<Vec<_>>().join(", "), p.ratio()),
        );
    }
    if let Some(a) = &results.abuse {
        line(
            &format!(
                "{} people reading pages at {}, in turn alone and beside one key with six searches of 60 words, one with 64 exports \
                 that it does not read, 1,000 silent connections from eight addresses and 50 bodies sent a byte a second; \
                 {} s in all",
                a.readers,
                millions(a.rows),
                a.seconds
            ),
            format!(
                "p95 {:.0} ms alone, {:.0} ms beside, ratio {:.2} (p50 {:.0} and {:.0} ms, {} and {} pages); own memory {} and {} \
                 at most",
                a.alone.p95,
                a.beside.p95,
                a.beside.p95 / a.alone.p95,
                a.alone.p50,
                a.beside.p50,
                thousands(a.alone.n as u64),
                thousands(a.beside.n as u64),
                mb(a.own_alone),
                mb(a.own_beside)
            ),
        );
    }
    let size = |name: &str| results.sizes.get(name).copied();
    if let (Some(store), Some(index)) = (size("store"), size("index")) {
        line(
            &format!("on disk at {}", millions(results.rows)),
            format!("store {:.2} GB, index {:.2} GB", store as f64 / 1e9, index as f64 / 1e9),
        );
    }
    page.push('\n');
}

fn list(seconds: &[f64]) -> String {
    let all: Vec<String> = seconds.iter().map(|s| format!("{s:.2}")).collect();
    format!("{:.2} s ({})", median(seconds), all.join(", "))
}

fn none() -> Rate {
    Rate { per_second: 0.0, latency: crate::results::Quantiles::default() }
}

/// The run with the median rate.
fn middle(runs: &[Rate]) -> Rate {
    let mut sorted = runs.to_vec();
    sorted.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    sorted.get(sorted.len() / 2).cloned().unwrap_or_else(none)
}

fn memory(m: &Memory) -> String {
    format!("{} resident, {} of its own", mb(m.resident), mb(m.own))
}

pub(crate) fn mb(bytes: u64) -> String {
    format!("{:.0} MB", bytes as f64 / 1e6)
}

pub(crate) fn millions(rows: u64) -> String {
    if rows.is_multiple_of(1_000_000) && rows > 0 { format!("{} million", rows / 1_000_000) } else { thousands(rows) }
}

/// A number with commas between its thousands.
pub(crate) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Postgres;

    #[test]
    fn a_page_without_results_says_so_much_and_no_more() {
        let page = page(&Results { postgres: Some(Postgres::default()), ..Results::default() }, "## Found\n");
        assert!(page.ends_with("## Found\n"));
    }

    #[test]
    fn numbers_are_readable() {
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(12), "12");
        assert_eq!(millions(10_000_000), "10 million");
    }
}

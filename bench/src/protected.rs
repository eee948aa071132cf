//! What it costs that small groups are protected: the same pages for somebody who sees figures as they are and for
//! somebody who does not, in turn.

use anyhow::Result;

use crate::data;
use crate::http::{Client, encoded};
use crate::pages::link;
use crate::results::{Protected, Quantiles, Results};
use crate::steps::{Bench, imported};

/// Pages with figures; `{month}` and `{word}` become others each time.
const PAGES: &[(&str, &str)] = &[
    ("Overview", "/?period={month}"),
    ("Explorer", "/understand/explorer?period={month}"),
    ("Explorer, an age", "/understand/explorer?period={month}&attr.age_band=65-74"),
    ("Explorer, an age and an area", "/understand/explorer?period={month}&attr.age_band=25-34&area=Ward%2001"),
    ("Explorer, searched", "/understand/explorer?q={word}"),
    ("Themes", "/understand/themes?period={month}"),
    ("A theme", "/understand/themes/waiting?period={month}"),
    ("Words", "/understand/words?period={month}"),
    ("Who is hit", "/understand/impact?period={month}&says={word}"),
];
const WORDS: &[&str] = &["wait", "staff", "appointment", "kind", "letter"];
/// How often each page is asked for by each.
const TIMES: usize = 24;

/// Takes the measurement on a store of `import_rows`, which it makes when it is not there.
pub(crate) fn measure(bench: &Bench, results: &mut Results) -> Result<()> {
    let program = imported(bench)?;
    let links = [
        link(&program, "exact@example.org", &["reader", "statistician"])?,
        link(&program, "protected@example.org", &["reader"])?,
    ];
    let server = program.serve()?;
    let mut both = Vec::new();
    for link in &links {
        let mut browser = Client::joined(server.address, link, "copper lantern drizzle seven")?;
        browser.uncompressed();
        both.push(browser);
    }
    let mut measured = Protected { rows: bench.import_rows, pages: Vec::new() };
    for (name, path) in PAGES {
        let mut seconds = [Vec::new(), Vec::new()];
        // The first time is for what has to come from the disk.
        for n in 0..=TIMES {
            let path = path.replace("{month}", &data::month(n)).replace("{word}", &encoded(WORDS[n % WORDS.len()]));
            // Each goes first in turn: the second finds what the first has read.
            for who in [n % 2, 1 - n % 2] {
                let took = both[who].get(&path)?.took.as_secs_f64();
                if n > 0 {
                    seconds[who].push(took);
                }
            }
        }
        let [exact, protected] = seconds.map(|all| Quantiles::of(&all));
        eprintln!(
            "    {name:30} {:5.1} ms, protected {:5.1} ms: {:.2}",
            exact.p50,
            protected.p50,
            protected.p50 / exact.p50
        );
        measured.pages.push(((*name).to_owned(), exact, protected));
    }
    eprintln!("    median of the ratios {:.2}", measured.ratio());
    server.stop()?;
    results.protected = Some(measured);
    Ok(())
}

//! How many comments are read per second on one thread, everything on.
//!
//! `cargo run --release -p commonweal-text --example speed < comments.txt`: one comment per line.

use std::io::Read;
use std::time::Instant;

use commonweal_text::codeframe::{coder, public_services};
use commonweal_text::{Input, Reader, alerts, language, lexicon_strength, redact};

fn main() -> std::io::Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let comments: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    let words: usize = comments.iter().map(|c| c.split_whitespace().count()).sum();
    println!("{} comments, {:.1} words each", comments.len(), words as f64 / comments.len() as f64);
    let start = Instant::now();
    let reader = Reader::default().with_themes(coder(&public_services()));
    reader.read(Input { text: comments[0], ..Input::default() });
    println!("made ready in {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    let time = |name: &str, work: &dyn Fn(&str) -> usize| {
        let mut rates: Vec<f64> = (0..5)
            .map(|_| {
                let start = Instant::now();
                let sum: usize = comments.iter().map(|c| work(c)).sum();
                assert!(sum > 0);
                comments.len() as f64 / start.elapsed().as_secs_f64()
            })
            .collect();
        rates.sort_by(f64::total_cmp);
        println!("{name}: {:.0} comments a second (median of 5), {:.1} µs each", rates[2], 1e6 / rates[2]);
    };
    time("everything", &|c| reader.read(Input { text: c, ..Input::default() }).redacted.len() + 1);
    time("redaction", &|c| redact(c).0.len() + 1);
    time("alerts", &|c| alerts(c).len() + 1);
    time("language", &|c| language(c).map_or(1, str::len));
    time("rules of sentiment", &|c| (lexicon_strength(c) * 2.0 + 3.0) as usize);
    Ok(())
}

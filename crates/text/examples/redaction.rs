//! Measures redaction and alerts.
//!
//! ```text
//! cargo run --release -p commonweal-text --example redaction -- synth.json [uk.jsonl]
//! cargo run --release -p commonweal-text --example redaction -- --clean file.csv column
//! cargo run --release -p commonweal-text --example redaction -- --alerts file.csv column
//! cargo run --release -p commonweal-text --example redaction -- --misses synth.json [uk.jsonl]
//! ```
//!
//! The first prints a Markdown table for each file of labelled texts, the second everything that is
//! redacted in a column of texts, with rates per 1,000 and the time that a text takes, the third the
//! same for alerts, the last what was missed or taken wrongly. A column is a name, or a number from 0 in a file without heading.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Instant;

use commonweal_text::{KINDS, alerts, redact};
use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

struct Labelled {
    text: String,
    /// Kind, first byte, byte after the last.
    spans: Vec<(String, usize, usize)>,
}

#[derive(Default)]
struct Count {
    gold: usize,
    overlap: usize,
    exact: usize,
    any: usize,
    taken: usize,
    right: usize,
}

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--clean", file, column] => clean(file, column),
        ["--alerts", file, column] => raised(file, column),
        ["--misses", files @ ..] if !files.is_empty() => files.iter().try_for_each(|f| misses(f)),
        files if !files.is_empty() && !files[0].starts_with('-') => files.iter().try_for_each(|f| table(f)),
        _ => Err("usage: redaction [--misses] FILE... | --clean FILE COLUMN | --alerts FILE COLUMN".into()),
    }
}

/// Our kind for a type of the synthetic set.
fn kind(label: &str) -> Option<&str> {
    Some(match label {
        "STREET_ADDRESS" => "address",
        "CREDIT_CARD" => "card",
        "EMAIL_ADDRESS" => "email",
        "IBAN_CODE" => "iban",
        "IP_ADDRESS" => "ip",
        "PERSON" => "name",
        "PHONE_NUMBER" => "phone",
        "US_SSN" => "ssn",
        own => KINDS.iter().find(|k| **k == own)?,
    })
}

fn labelled(file: &str) -> Result<Vec<Labelled>> {
    let content = std::fs::read_to_string(file)?;
    let mut texts = Vec::new();
    if file.ends_with("jsonl") {
        for line in content.lines() {
            let value: Value = serde_json::from_str(line)?;
            let text = value["text"].as_str().ok_or("no text")?.to_owned();
            let spans = value["spans"].as_array().ok_or("no spans")?.iter().filter_map(|s| {
                let place = |key: &str| s[key].as_u64().map(|n| n as usize);
                Some((kind(s["kind"].as_str()?)?.to_owned(), place("start")?, place("end")?))
            });
            texts.push(Labelled { spans: spans.collect(), text });
        }
        return Ok(texts);
    }
    let all: Value = serde_json::from_str(&content)?;
    for value in all.as_array().ok_or("not a list")? {
        let text = value["full_text"].as_str().ok_or("no text")?.to_owned();
        let mut places: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
        places.push(text.len());
        let spans = value["spans"].as_array().ok_or("no spans")?.iter().filter_map(|s| {
            let place = |key: &str| places.get(s[key].as_u64()? as usize).copied();
            Some((kind(s["entity_type"].as_str()?)?.to_owned(), place("start_position")?, place("end_position")?))
        });
        texts.push(Labelled { spans: spans.collect(), text });
    }
    Ok(texts)
}

fn table(file: &str) -> Result<()> {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let texts = labelled(file)?;
    for labelled in &texts {
        let (_, found) = redact(&labelled.text);
        for (kind, start, end) in &labelled.spans {
            let count = counts.entry(kind.clone()).or_default();
            let touching = || found.iter().filter(|f| f.start < *end && *start < f.end);
            let related = |k: &str| k == kind || (kind == "address" && k == "postcode");
            count.gold += 1;
            count.any += usize::from(touching().next().is_some());
            count.overlap += usize::from(touching().any(|f| related(&f.kind)));
            count.exact += usize::from(touching().any(|f| related(&f.kind) && (f.start, f.end) == (*start, *end)));
        }
        for f in &found {
            let count = counts.entry(f.kind.clone()).or_default();
            count.taken += 1;
            count.right +=
                usize::from(labelled.spans.iter().any(|(k, s, e)| *k == f.kind && *s < f.end && f.start < *e));
        }
    }
    println!("{} texts of {file}\n", texts.len());
    println!("| kind | n | recall (overlap) | recall (exact span) | redacted as any kind | precision | F1 |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (kind, c) in counts {
        let part = |a: usize, b: usize| if b == 0 { f64::NAN } else { a as f64 / b as f64 };
        let (recall, precision) = (part(c.overlap, c.gold), part(c.right, c.taken));
        println!(
            "| {kind} | {} | {recall:.3} | {:.3} | {:.3} | {precision:.3} | {:.3} |",
            c.gold,
            part(c.exact, c.gold),
            part(c.any, c.gold),
            2.0 * recall * precision / (recall + precision)
        );
    }
    println!();
    Ok(())
}

fn misses(file: &str) -> Result<()> {
    for labelled in labelled(file)? {
        let (_, found) = redact(&labelled.text);
        for (kind, start, end) in &labelled.spans {
            if !found.iter().any(|f| f.kind == *kind && f.start < *end && *start < f.end) {
                println!("missed\t{kind}\t{:?}\t{:?}", &labelled.text[*start..*end], labelled.text);
            }
        }
        for f in &found {
            if !labelled.spans.iter().any(|(k, s, e)| *k == f.kind && *s < f.end && f.start < *e) {
                println!("wrong\t{}\t{:?}\t{:?}", f.kind, &labelled.text[f.start..f.end], labelled.text);
            }
        }
    }
    Ok(())
}

fn column(file: &str, column: &str) -> Result<Vec<String>> {
    let number = column.parse::<usize>().ok();
    let delimiter = if file.ends_with("tsv") { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(number.is_none())
        .delimiter(delimiter)
        .quoting(delimiter == b',')
        .flexible(true)
        .from_path(file)?;
    let at = match number {
        Some(n) => n,
        None => reader.headers()?.iter().position(|h| h == column).ok_or("no such column")?,
    };
    let mut texts = Vec::new();
    for record in reader.records() {
        texts.extend(record?.get(at).map(str::to_owned));
    }
    Ok(texts)
}

fn clean(file: &str, name: &str) -> Result<()> {
    let texts = column(file, name)?;
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut touched = 0;
    for text in &texts {
        let (_, found) = redact(text);
        touched += usize::from(!found.is_empty());
        for f in found {
            println!("{}\t{}", f.kind, shown(text, f.start, f.end));
            *kinds.entry(f.kind).or_default() += 1;
        }
    }
    let start = Instant::now();
    let mut spans = 0;
    for _ in 0..10 {
        spans += texts.iter().map(|t| redact(t).1.len()).sum::<usize>();
    }
    let micros = start.elapsed().as_secs_f64() * 1e6 / 10.0;
    let words: usize = texts.iter().map(|t| t.split_whitespace().count()).sum();
    println!("\n{} texts, {touched} with something redacted, {} spans", texts.len(), spans / 10);
    println!(
        "redact: {:.2} µs a text of {:.1} words, {:.2} µs for 30 words\n",
        micros / texts.len() as f64,
        words as f64 / texts.len() as f64,
        micros * 30.0 / words as f64
    );
    println!("| kind | spans | per 1,000 |\n| --- | ---: | ---: |");
    for (kind, n) in kinds {
        println!("| {kind} | {n} | {:.2} |", n as f64 * 1000.0 / texts.len() as f64);
    }
    Ok(())
}

/// A place with a little of what is around it.
fn shown(text: &str, start: usize, end: usize) -> String {
    let around = |at: usize, by: isize| {
        let mut at = at.saturating_add_signed(by).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    format!("{}>>{}<<{}", &text[around(start, -60)..start], &text[start..end], &text[end..around(end, 60)])
        .replace('\n', " ")
}

fn raised(file: &str, name: &str) -> Result<()> {
    let texts = column(file, name)?;
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for text in &texts {
        let found = alerts(text);
        let mut seen = Vec::new();
        for a in found {
            println!("{}\t{}", a.kind.key(), shown(text, a.start, a.end));
            if !seen.contains(&a.kind) {
                seen.push(a.kind);
                *kinds.entry(a.kind.key()).or_default() += 1;
            }
        }
    }
    let start = Instant::now();
    let mut count = 0;
    for _ in 0..10 {
        count += texts.iter().map(|t| alerts(t).len()).sum::<usize>();
    }
    let micros = start.elapsed().as_secs_f64() * 1e6 / 10.0;
    let words: usize = texts.iter().map(|t| t.split_whitespace().count()).sum();
    println!("\n{} texts, {} alerts, {:.2} µs for 30 words\n", texts.len(), count / 10, micros * 30.0 / words as f64);
    println!("| kind | texts | per 1,000 |\n| --- | ---: | ---: |");
    for (kind, n) in kinds {
        println!("| {kind} | {n} | {:.2} |", n as f64 * 1000.0 / texts.len() as f64);
    }
    Ok(())
}

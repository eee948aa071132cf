//! Measures theme discovery and word vectors on data sets with labels given by people, beside k-means on
//! TF-IDF, and prints tables in Markdown.
//!
//! ```sh
//! cargo run --release -p commonweal-text --example discovery -- FOLDER [all [SET] | quick [SET] | themes FILE COLUMN | speed]
//! ```
//!
//! The folder holds `nhs_phase1_trustAB.csv`, `nhs_v6_NEAS_80.csv`, `banking77_train.csv`, `cfpb_half.csv` and
//! `plainlanguage_pairs_half.csv`; a file that isn't there is left out.

#[path = "support/baseline.rs"]
mod baseline;
#[path = "support/measures.rs"]
mod measures;

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use commonweal_domain::Budget;
use commonweal_text::discover::{DiscoverInput, Discovery, Kind, Options, discover};
use commonweal_text::vectors::{Vectors, cosine};

use baseline::Baseline;
use measures::{Documents, adjusted_rand, diversity, nmi, purity};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Texts, and for each way of labelling them the label of each text.
struct Set {
    name: &'static str,
    texts: Vec<String>,
    labels: Vec<(&'static str, usize, Vec<u32>)>,
}

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = args.first().map(Path::new) else { return Err("give the folder that holds the data".into()) };
    match args.get(1).map(String::as_str) {
        Some("themes") => return show(&folder.join(&args[2]), &args[3], args.get(4).and_then(|k| k.parse().ok())),
        Some("speed") => return speed(folder),
        _ => {}
    }
    let quick = args.get(1).is_some_and(|a| a == "quick");
    let only = args.get(2).cloned().unwrap_or_default();
    let sets: Vec<Set> = sets(folder).into_iter().filter(|s| s.name.starts_with(&only)).collect();
    println!(
        "| set | k | method | NMI | purity | NPMI | diversity | ARI seeds | ARI parts | NMI parts | unassigned | seconds |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    let seeds = if quick { 2 } else { 5 };
    for set in &sets {
        let documents = Documents::new(&set.texts);
        for (at, (labelling, k, labels)) in set.labels.iter().enumerate() {
            let name = format!("{} ({labelling})", set.name);
            let report = |k, method: &str, run: &Method<'_>| {
                report(&Case { name: &name, k, method, labels, documents: &documents, set }, run, seeds)
            };
            if !quick {
                report(*k, "TF-IDF k-means", &|texts, seed| by_baseline(texts, *k, seed));
            }
            report(*k, "discover", &|texts, seed| by_discovery(texts, Some(*k), seed));
            if at + 1 == set.labels.len() {
                report(0, "discover, own k", &|texts, seed| by_discovery(texts, None, seed));
            }
        }
    }
    pairs(folder)
}

/// What a method gives: a cluster for each text, the words of each cluster, and how many texts are in none.
struct Grouping {
    cluster: Vec<u32>,
    words: Vec<Vec<String>>,
    unassigned: usize,
}

fn by_baseline(texts: &[&str], k: usize, seed: u64) -> Grouping {
    let made = Baseline::new(texts, k, seed);
    Grouping { words: made.words(texts, k), cluster: made.cluster, unassigned: 0 }
}

fn by_discovery(texts: &[&str], k: Option<usize>, seed: u64) -> Grouping {
    let inputs: Vec<DiscoverInput<'_>> =
        texts.iter().map(|text| DiscoverInput { text, sentiment_score: None }).collect();
    // At the same k in all: what simple answers take is taken from the topics.
    let simple = |d: &Discovery| d.themes.iter().filter(|t| t.kind != Kind::Topic).count();
    let run =
        |k| discover(&inputs, &Options { k, seed, ..Options::default() }, &Budget::unlimited()).expect("not cancelled");
    let mut found = run(k);
    if let Some(k) = k.filter(|_| simple(&found) > 0) {
        found = run(Some(k - simple(&found)));
    }
    let none = found.themes.len();
    Grouping {
        cluster: found.assignments.iter().map(|a| a.first().map_or(none, |a| a.theme) as u32).collect(),
        words: found
            .themes
            .iter()
            .filter(|t| t.kind == Kind::Topic)
            .map(|t| t.keywords.iter().map(|k| k.word.clone()).collect())
            .collect(),
        unassigned: found.unassigned,
    }
}

/// A way to group texts, given a seed.
type Method<'a> = dyn Fn(&[&str], u64) -> Grouping + 'a;

/// What is measured, and by which labels.
struct Case<'a> {
    name: &'a str,
    /// Number of clusters; 0 if the method chooses it.
    k: usize,
    method: &'a str,
    labels: &'a [u32],
    documents: &'a Documents,
    set: &'a Set,
}

fn report(case: &Case<'_>, run: &Method<'_>, seeds: u64) {
    let &Case { name, k, method, labels, documents, set } = case;
    let texts: Vec<&str> = set.texts.iter().map(String::as_str).collect();
    let began = Instant::now();
    let results: Vec<Grouping> = (1..=seeds).map(|s| run(&texts, s)).collect();
    let seconds = began.elapsed().as_secs_f64() / seeds as f64;
    let mean = |f: &dyn Fn(&Grouping) -> f64| results.iter().map(f).sum::<f64>() / seeds as f64;
    let mut rand = Vec::new();
    for (i, a) in results.iter().enumerate() {
        rand.extend(results[..i].iter().map(|b| adjusted_rand(&a.cluster, &b.cluster)));
    }
    // Two draws of two thirds each, each with its own seed: what both hold is compared.
    let (mut parts_rand, mut parts_nmi) = (Vec::new(), Vec::new());
    for draw in 0..seeds.min(3) {
        let held = |i: usize, side: u64| !hash(i as u64 * 2 + side + draw * 1_000_003).is_multiple_of(3);
        let [a, b] = [0u64, 1].map(|side| {
            let places: Vec<usize> = (0..texts.len()).filter(|i| held(*i, side)).collect();
            let part: Vec<&str> = places.iter().map(|i| texts[*i]).collect();
            let found = run(&part, 10 + draw * 2 + side);
            places.into_iter().zip(found.cluster).collect::<HashMap<usize, u32>>()
        });
        let both: Vec<(u32, u32)> = (0..texts.len()).filter_map(|i| Some((*a.get(&i)?, *b.get(&i)?))).collect();
        let (x, y): (Vec<u32>, Vec<u32>) = both.into_iter().unzip();
        parts_rand.push(adjusted_rand(&x, &y));
        parts_nmi.push(nmi(&x, &y));
    }
    let average = |v: &[f64]| v.iter().sum::<f64>() / v.len().max(1) as f64;
    let clusters = if k > 0 { k.to_string() } else { format!("{:.0}", mean(&|r| r.words.len() as f64)) };
    println!(
        "| {name} | {clusters} | {method} | {:.3} | {:.3} | {:.3} | {:.2} | {:.3} | {:.3} | {:.3} | {:.1} % | {seconds:.2} |",
        mean(&|r| nmi(labels, &r.cluster)),
        mean(&|r| purity(labels, &r.cluster)),
        mean(&|r| documents.npmi(&r.words)),
        mean(&|r| diversity(&r.words)),
        average(&rand),
        average(&parts_rand),
        average(&parts_nmi),
        100.0 * mean(&|r| r.unassigned as f64) / texts.len() as f64,
    );
}

/// A number that looks drawn by chance, from another.
fn hash(x: u64) -> u64 {
    let z = (x.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) >> 7
}

type Row = HashMap<String, String>;

fn rows(path: &Path) -> Outcome<Vec<Row>> {
    let mut reader = csv::Reader::from_path(path)?;
    let heads = reader.headers()?.clone();
    let mut out = Vec::new();
    for row in reader.records() {
        out.push(heads.iter().map(str::to_owned).zip(row?.iter().map(str::to_owned)).collect());
    }
    Ok(out)
}

fn numbered<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let mut seen: HashMap<&str, u32> = HashMap::new();
    labels
        .map(|l| {
            let n = seen.len() as u32;
            *seen.entry(l).or_insert(n)
        })
        .collect()
}

fn sets(folder: &Path) -> Vec<Set> {
    let mut out = Vec::new();
    if let Ok(rows) = rows(&folder.join("nhs_phase1_trustAB.csv")) {
        let rows: Vec<Row> =
            rows.into_iter().filter(|r| !r["feedback"].trim().is_empty() && r["feedback"] != "NA").collect();
        let of = |column: &str| numbered(rows.iter().map(|r| r[column].as_str()));
        out.push(Set {
            name: "NHS phase 1",
            texts: rows.iter().map(|r| r["feedback"].clone()).collect(),
            labels: vec![("9 labels", 20, of("label")), ("subcategories", 40, of("subcategory"))],
        });
    }
    if let Ok(rows) = rows(&folder.join("nhs_v6_NEAS_80.csv")) {
        // The columns after "Not assigned" are labels; only comments with exactly one can be scored.
        let said = |r: &Row| {
            r.iter()
                .filter(|(k, v)| !NOT_LABELS.contains(&k.as_str()) && v.parse::<f64>().is_ok_and(|v| v > 0.0))
                .map(|(k, _)| k.clone())
                .collect::<Vec<_>>()
        };
        let single: Vec<(String, String)> = rows
            .iter()
            .filter_map(|r| match &said(r)[..] {
                [one] => Some((r["FFT answer"].clone(), one.clone())),
                _ => None,
            })
            .collect();
        let labels = numbered(single.iter().map(|(_, l)| l.as_str()));
        out.push(Set {
            name: "NHS v6",
            texts: single.iter().map(|(t, _)| t.clone()).collect(),
            labels: vec![("one label", 20, labels)],
        });
    }
    for (name, file, text, label, k) in [
        ("Banking77", "banking77_train.csv", "text", "category", 77),
        ("CFPB", "cfpb_half.csv", "Consumer complaint narrative", "Product", 12),
    ] {
        if let Ok(rows) = rows(&folder.join(file)) {
            let labels = numbered(rows.iter().map(|r| r[label].as_str()));
            // CFPB blacks out names as "XXXX".
            out.push(Set {
                name,
                texts: rows.iter().map(|r| r[text].replace("XX", "")).collect(),
                labels: vec![(label, k, labels)],
            });
        }
    }
    out
}

const NOT_LABELS: [&str; 12] = [
    "Comment ID",
    "Trust",
    "Respondent ID",
    "Date",
    "Service type 1",
    "Service type 2",
    "FFT categorical answer",
    "FFT question",
    "FFT answer",
    "Person identifiable info?",
    "Comment sentiment",
    "Not assigned",
];

/// Finding the plain term for an official one among all plain terms.
fn pairs(folder: &Path) -> Outcome<()> {
    let Ok(rows) = rows(&folder.join("plainlanguage_pairs_half.csv")) else { return Ok(()) };
    let plain = |r: &Row| r["plain_terms"].split(';').map(|t| t.trim().to_owned()).collect::<Vec<_>>();
    let mut all: Vec<String> = rows.iter().flat_map(plain).collect();
    all.sort();
    all.dedup();
    println!("\n| plain-language pairs ({}) | R@1 | R@5 | MRR |\n|---|---|---|---|", rows.len());
    let vectors = Vectors::shared();
    let measure = |name: &str, like: &dyn Fn(&str, &str) -> f64| {
        let ranks: Vec<f64> = rows
            .iter()
            .map(|r| {
                let mut scored: Vec<(f64, &String)> = all.iter().map(|p| (like(&r["agency_term"], p), p)).collect();
                scored.sort_by(|a, b| b.0.total_cmp(&a.0));
                let gold = plain(r);
                scored.iter().position(|(_, p)| gold.contains(p)).map_or(f64::INFINITY, |at| at as f64 + 1.0)
            })
            .collect();
        let share = |f: &dyn Fn(f64) -> f64| ranks.iter().map(|r| f(*r)).sum::<f64>() / ranks.len() as f64;
        println!(
            "| {name} | {:.3} | {:.3} | {:.3} |",
            share(&|r| f64::from(r <= 1.0)),
            share(&|r| f64::from(r <= 5.0)),
            share(&|r| 1.0 / r)
        );
    };
    measure("word vectors", &|a, b| f64::from(cosine(&vectors.embed(a), &vectors.embed(b))));
    measure("character n-grams (2 to 4)", &|a, b| measures::characters_alike(a, b));
    Ok(())
}

/// Prints the themes of one file, to be read.
fn show(path: &Path, column: &str, k: Option<usize>) -> Outcome<()> {
    let rows = rows(path)?;
    let inputs: Vec<DiscoverInput<'_>> =
        rows.iter().map(|r| DiscoverInput { text: &r[column], sentiment_score: None }).collect();
    let began = Instant::now();
    let found = discover(&inputs, &Options { k, ..Options::default() }, &Budget::unlimited()).expect("not cancelled");
    println!(
        "{} comments, {} themes, {} unassigned, {:.2} s",
        inputs.len(),
        found.themes.len(),
        found.unassigned,
        began.elapsed().as_secs_f64()
    );
    for theme in &found.themes {
        let words: Vec<&str> = theme.keywords.iter().map(|k| k.word.as_str()).collect();
        println!(
            "\n**{}** `{}` {} - {}\n  {}",
            theme.label,
            theme.key,
            theme.size,
            words.join(", "),
            theme.phrases.join(" | ")
        );
        for r in theme.representatives.iter().take(3) {
            println!("  > {}", inputs[*r].text.chars().take(140).collect::<String>().replace('\n', " "));
        }
    }
    Ok(())
}

/// How long 20,000 and 200,000 comments take, and how fast texts become vectors.
fn speed(folder: &Path) -> Outcome<()> {
    let texts: Vec<String> = sets(folder).into_iter().filter(|s| s.name != "CFPB").flat_map(|s| s.texts).collect();
    let began = Instant::now();
    let mut embedder = Vectors::shared().embedder();
    let unpacked = began.elapsed();
    let began = Instant::now();
    let words: usize = texts.iter().map(|t| t.split_whitespace().count()).sum();
    let sum: f32 = texts.iter().map(|t| embedder.embed(t)[0]).sum();
    println!(
        "unpacking {:.0} ms; {:.0} words a second (sum {sum:.1})",
        unpacked.as_secs_f64() * 1e3,
        words as f64 / began.elapsed().as_secs_f64()
    );
    for n in [20_000usize, 200_000] {
        // Every text again with another ending, so that none is told to be equal to one before.
        let many: Vec<String> = (0..n)
            .map(|i| {
                format!(
                    "{} {}",
                    texts[i % texts.len()],
                    texts[(i * 7 + i / texts.len()) % texts.len()].chars().take(60).collect::<String>()
                )
            })
            .collect();
        let inputs: Vec<DiscoverInput<'_>> =
            many.iter().map(|text| DiscoverInput { text, sentiment_score: Some(0.5) }).collect();
        for k in [None, Some(30)] {
            let began = Instant::now();
            let found =
                discover(&inputs, &Options { k, ..Options::default() }, &Budget::unlimited()).expect("not cancelled");
            println!("{n} comments, k {k:?}: {:.2} s, {} themes", began.elapsed().as_secs_f64(), found.themes.len());
        }
    }
    Ok(())
}

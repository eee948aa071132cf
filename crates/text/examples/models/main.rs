//! Trains the shipped models from the data in `training/`, and measures such models as docs/models.md
//! reports them.
//!
//! `cargo run --release -p commonweal-text --example models -- train` writes `models/*.cwm`.
//! `… --example models -- evaluate DATA [sentiment,emotion,themes]` trains on parts and prints tables;
//! DATA holds `vader_gt/` and `goemotions/dev.tsv`, which are not shipped.

mod recipes;

use std::path::{Path, PathBuf};

use commonweal_text::model::Linear;
use commonweal_text::train::*;
use commonweal_text::{Input, Models, Reader};
use recipes::*;

fn class_of(reader: &Reader, known: &Known, with_question: bool, with_rating: bool) -> usize {
    let reading = reader.read(Input {
        text: &known.text,
        question: known.question.as_deref().filter(|_| with_question),
        score: known.score.filter(|_| with_rating),
        language: Some("en"),
    });
    CLASSES.iter().position(|c| reading.sentiment.is_some_and(|s| s.key() == *c)).unwrap_or(2)
}

fn three(class: usize) -> usize {
    [0, 0, 1, 2, 2][class]
}

fn reader(model: &Linear) -> Reader {
    Reader::with_models(Models::default()).with_sentiment(model.clone())
}

/// Macro-F1 with its interval, drawing respondents.
fn report(
    name: &str,
    rows: &[&Known],
    labels: usize,
    answer: impl Fn(&Known) -> usize,
    truth: impl Fn(&Known) -> usize,
) {
    let mut groups: std::collections::BTreeMap<String, Vec<(usize, usize)>> = Default::default();
    for (n, k) in rows.iter().enumerate() {
        let key = if k.respondent.is_empty() { n.to_string() } else { k.respondent.clone() };
        groups.entry(key).or_default().push((truth(k), answer(k)));
    }
    let groups: Vec<_> = groups.into_values().collect();
    let all: Vec<_> = groups.iter().flatten().copied().collect();
    let s = score_one_of(&all, labels);
    let i = bootstrap(&groups, 500, 1, |p| score_one_of(p, labels).macro_f1);
    let f1: Vec<String> = s.f1.iter().map(|f| format!("{f:.2}")).collect();
    println!(
        "| {name} | {} | {:.3} | {:.3} ({:.3} to {:.3}) | {} |",
        all.len(),
        s.accuracy,
        i.value,
        i.low,
        i.high,
        f1.join(" / ")
    );
}

fn ground_truth(path: &Path) -> Result<Vec<Known>, Failure> {
    let text = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
    Ok(text
        .lines()
        .filter_map(|l| {
            let mut cells = l.splitn(3, '\t').skip(1);
            let mean = cells.next()?.parse::<f64>().ok()? / 4.0;
            let class = if mean >= 0.05 {
                4
            } else if mean <= -0.05 {
                0
            } else {
                2
            };
            Some(Known { text: cells.next()?.to_owned(), class: Some(class), ..Known::default() })
        })
        .collect())
}

fn main() -> Result<(), Failure> {
    let said: Vec<String> = std::env::args().skip(1).collect();
    let (data, what) = match said.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["train"] => (PathBuf::new(), "train"),
        ["train", "sentiment"] => (PathBuf::new(), "train sentiment"),
        ["evaluate", data] => (PathBuf::from(data), ""),
        ["evaluate", data, what] => (PathBuf::from(data), what),
        _ => return Err("usage: models train [sentiment] | models evaluate DATA [sentiment,emotion,themes]".into()),
    };
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("training");
    let go = go_emotions(&here.join("goemotions_train.tsv.gz"))?;
    let v6 = nhs_v6(&here.join("nhs_v6.csv.gz"))?;
    let one = nhs_phase1(&here.join("nhs_phase1.csv.gz"))?;
    let own = service_phrases(&here.join("service_phrases.txt"))?;
    if what.starts_with("train") {
        return ship(what, &go, &v6, &one, &own);
    }
    for set in [&go, &v6, &one, &own] {
        println!("{}: {} rows, SHA-256 {}", set.source.name, set.source.rows, set.source.sha256);
    }
    println!();
    if what.is_empty() || what.contains("sentiment") {
        sentiment(&data, &go, &v6, &one, &own)?;
    }
    if what.is_empty() || what.contains("emotion") {
        emotion(&data, &go)?;
    }
    if what.is_empty() || what.contains("themes") {
        themes(&v6)?;
    }
    Ok(())
}

fn sentiment(data: &Path, go: &Set, v6: &Set, one: &Set, own: &Set) -> Result<(), Failure> {
    let (tweets, films) = (
        ground_truth(&data.join("vader_gt/tweets_GroundTruth.txt"))?,
        ground_truth(&data.join("vader_gt/movieReviewSnippets_GroundTruth.txt"))?,
    );
    let rated = |held: bool| v6.rows.iter().filter(move |k| k.class.is_some() && held_out(&k.respondent) == held);
    let mut general = general_sentiment(go);
    general.extend(phrase_sentiment(own));
    let start = std::time::Instant::now();
    let without = train(&sentiment_recipe(vec![]), &general)?;
    eprintln!("without NHS: {} examples, {:.0} s", general.len(), start.elapsed().as_secs_f64());
    let mut all = general.clone();
    all.extend(labelled_sentiment(rated(false), V6_WEIGHT));
    all.extend(labelled_sentiment(one.rows.iter(), PHASE1_WEIGHT));
    let start = std::time::Instant::now();
    let with = train(&sentiment_recipe(vec![]), &all)?;
    eprintln!("with NHS: {} examples, {:.0} s", all.len(), start.elapsed().as_secs_f64());

    println!("| three classes | n | accuracy | macro-F1 | F1 each |\n|---|---|---|---|---|");
    let nhs: Vec<&Known> = v6.rows.iter().filter(|k| k.class.is_some()).collect();
    let held: Vec<&Known> = rated(true).collect();
    let truth = |k: &Known| three(k.class.unwrap_or(2));
    let (a, b) = (reader(&without), reader(&with));
    report("NHS v6, no NHS text, words only", &nhs, 3, |k| three(class_of(&a, k, false, false)), truth);
    report("NHS v6, no NHS text, with question", &nhs, 3, |k| three(class_of(&a, k, true, false)), truth);
    report("NHS v6 held out, no NHS text, with question", &held, 3, |k| three(class_of(&a, k, true, false)), truth);
    report("NHS v6 held out, trained, words only", &held, 3, |k| three(class_of(&b, k, false, false)), truth);
    report("NHS v6 held out, trained, with question", &held, 3, |k| three(class_of(&b, k, true, false)), truth);
    report("NHS v6 held out, trained, question and rating", &held, 3, |k| three(class_of(&b, k, true, true)), truth);
    for (name, set) in [("tweets", &tweets), ("films", &films)] {
        let rows: Vec<&Known> = set.iter().collect();
        let rule = |k: &Known| match commonweal_text::lexicon_strength(&k.text) {
            c if c >= 0.05 => 2,
            c if c <= -0.05 => 0,
            _ => 1,
        };
        report(&format!("{name}, rules alone"), &rows, 3, rule, truth);
        for (model, reader) in [("no NHS text", &a), ("with NHS", &b)] {
            report(&format!("{name}, {model}"), &rows, 3, |k| three(class_of(reader, k, false, false)), truth);
        }
    }
    println!("\n| five classes | n | accuracy | macro-F1 | F1 each |\n|---|---|---|---|---|");
    let truth = |k: &Known| k.class.unwrap_or(2);
    report("NHS v6 held out, no NHS text", &held, 5, |k| class_of(&a, k, true, false), truth);
    report("NHS v6 held out, trained, words only", &held, 5, |k| class_of(&b, k, false, false), truth);
    report("NHS v6 held out, trained, with question", &held, 5, |k| class_of(&b, k, true, false), truth);
    report("NHS v6 held out, trained, question and rating", &held, 5, |k| class_of(&b, k, true, true), truth);
    println!();
    Ok(())
}

fn emotion(data: &Path, go: &Set) -> Result<(), Failure> {
    let examples = emotion_examples(go);
    let (tune, fit): (Vec<_>, Vec<_>) = examples.iter().cloned().enumerate().partition(|(n, _)| n % 8 == 0);
    let strip = |v: Vec<(usize, Example)>| v.into_iter().map(|(_, e)| e).collect::<Vec<_>>();
    let (tune, fit) = (strip(tune), strip(fit));
    let start = std::time::Instant::now();
    let mut model = train(&emotion_recipe(vec![]), &fit)?;
    tune_thresholds(&mut model, &tune, 20);
    eprintln!("emotion: {} examples, {:.0} s", fit.len(), start.elapsed().as_secs_f64());
    let dev = emotion_examples(&go_emotions(&data.join("goemotions/dev.tsv"))?);
    many("GoEmotions dev, Ekman", &model, &dev, EMOTIONS.len());
    Ok(())
}

fn many(name: &str, model: &Linear, examples: &[Example], labels: usize) {
    let pairs: Vec<Vec<(Vec<usize>, Vec<usize>)>> =
        examples.iter().map(|e| vec![(e.labels.clone(), labels_of(model, e))]).collect();
    let flat: Vec<_> = pairs.iter().flatten().cloned().collect();
    let s = score_any_of(&flat, labels);
    let micro = bootstrap(&pairs, 300, 1, |p| score_any_of(p, labels).micro_f1);
    let all = bootstrap(&pairs, 300, 1, |p| score_any_of(p, labels).macro_f1);
    println!(
        "| {name} | {} | micro {:.3} ({:.3} to {:.3}) | macro {:.3} ({:.3} to {:.3}) | exact {:.3} |",
        examples.len(),
        micro.value,
        micro.low,
        micro.high,
        all.value,
        all.low,
        all.high,
        s.exact
    );
    let each: Vec<String> = model.labels().iter().zip(&s.f1).map(|(l, f)| format!("{l} {f:.2}")).collect();
    println!("{}\n", each.join(", "));
}

fn themes(v6: &Set) -> Result<(), Failure> {
    let mut counts: std::collections::BTreeMap<&str, usize> = Default::default();
    v6.rows.iter().flat_map(|k| &k.themes).for_each(|t| *counts.entry(t).or_default() += 1);
    let labels: Vec<String> = counts.iter().filter(|(_, n)| **n >= 10).map(|(t, _)| (*t).to_owned()).collect();
    let rows = |held: bool| v6.rows.iter().filter(move |k| !k.themes.is_empty() && held_out(&k.respondent) == held);
    let fit = theme_examples(rows(false), &labels);
    let held = theme_examples(rows(true), &labels);
    let recipe = theme_recipe("nhs", labels.clone(), vec![]);
    let model = train_with_thresholds(&recipe, &fit, 5)?;
    many("NHS v6 themes held out", &model, &held, labels.len());
    Ok(())
}

/// Trains what is shipped, on everything.
fn ship(what: &str, go: &Set, v6: &Set, one: &Set, own: &Set) -> Result<(), Failure> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = [go, own, one, v6].map(|s| s.source.clone()).to_vec();
    let recipe = sentiment_recipe(sources);
    let examples = |respondents: &dyn Fn(&str) -> bool| {
        let mut examples = general_sentiment(go);
        examples.extend(phrase_sentiment(own));
        examples.extend(labelled_sentiment(one.rows.iter(), PHASE1_WEIGHT));
        examples.extend(labelled_sentiment(v6.rows.iter().filter(|k| respondents(&k.respondent)), V6_WEIGHT));
        examples
    };
    // How sure it may be is found on people that a first model has not seen.
    let mut first = train(&recipe, &examples(&|r| !held_out(r)))?;
    tune_temperature(&mut first, &labelled_sentiment(v6.rows.iter().filter(|k| held_out(&k.respondent)), 1.0));
    let mut model = train(&recipe, &examples(&|_| true))?;
    model.set_temperature(first.header().temperature);
    write(&here.join("models/sentiment.cwm"), &model.to_bytes())?;
    if what == "train sentiment" {
        return Ok(());
    }

    let model = train_with_thresholds(&emotion_recipe(vec![go.source.clone()]), &emotion_examples(go), 5)?;
    write(&here.join("models/emotion.cwm"), &model.to_bytes())?;
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes)?;
    println!("{}: {} bytes", path.display(), bytes.len());
    Ok(())
}

//! The data and the recipes of the shipped models, for the examples that train and measure them.

use std::io::Read;
use std::path::Path;

use commonweal_text::model::Source;
use commonweal_text::train::{Example, Kind, Recipe, phrases};
use sha2::{Digest, Sha256};

pub(crate) type Failure = Box<dyn std::error::Error>;

/// What one comment of each set weighs; found by trying on the part of the NHS comments that the
/// others are measured on.
pub(crate) const GENERAL_WEIGHT: f64 = 2.0;
pub(crate) const V6_WEIGHT: f64 = 12.0;
pub(crate) const PHASE1_WEIGHT: f64 = 0.3;
/// How far rare classes of labelled comments are made up for: 0 not, 1 wholly.
const BALANCE: f64 = 0.6;

/// Ekman's emotions and neutral, in the order of the models.
pub(crate) const EMOTIONS: [&str; 7] = ["anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise"];
pub(crate) const CLASSES: [&str; 5] = ["very_negative", "negative", "neutral", "positive", "very_positive"];

/// GoEmotions' labels with the class of sentiment that each stands for, and its Ekman emotion.
pub(crate) const GO: [(&str, usize, usize); 28] = [
    ("admiration", 4, 3),
    ("amusement", 3, 3),
    ("anger", 0, 0),
    ("annoyance", 1, 0),
    ("approval", 3, 3),
    ("caring", 3, 3),
    ("confusion", 2, 6),
    ("curiosity", 2, 6),
    ("desire", 2, 3),
    ("disappointment", 1, 5),
    ("disapproval", 1, 0),
    ("disgust", 0, 1),
    ("embarrassment", 1, 5),
    ("excitement", 4, 3),
    ("fear", 1, 2),
    ("gratitude", 4, 3),
    ("grief", 0, 5),
    ("joy", 4, 3),
    ("love", 4, 3),
    ("nervousness", 1, 2),
    ("optimism", 3, 3),
    ("pride", 4, 3),
    ("realization", 2, 6),
    ("relief", 3, 3),
    ("remorse", 1, 5),
    ("sadness", 1, 5),
    ("surprise", 2, 6),
    ("neutral", 2, 4),
];

/// A comment with everything that is known of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) text: String,
    pub(crate) question: Option<String>,
    pub(crate) score: Option<f64>,
    /// Class of sentiment, 0…4.
    pub(crate) class: Option<usize>,
    pub(crate) respondent: String,
    pub(crate) themes: Vec<String>,
    /// Numbers of Ekman emotions.
    pub(crate) emotions: Vec<usize>,
}

pub(crate) struct Set {
    pub(crate) rows: Vec<Known>,
    pub(crate) source: Source,
}

fn unpacked(path: &Path) -> Result<(String, String), Failure> {
    let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let sha: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    let mut text = String::new();
    if path.extension().is_some_and(|e| e == "gz") {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
    } else {
        text = String::from_utf8(bytes)?;
    }
    Ok((text, sha))
}

fn source(name: &str, rows: usize, licence: &str, sha256: String) -> Source {
    Source { name: name.to_owned(), rows: rows as u64, licence: licence.to_owned(), sha256 }
}

/// GoEmotions: text, label numbers, id, separated by tabs.
pub(crate) fn go_emotions(path: &Path) -> Result<Set, Failure> {
    let (text, sha) = unpacked(path)?;
    let mut rows = Vec::new();
    for line in text.lines() {
        let mut cells = line.split('\t');
        let (Some(text), Some(labels)) = (cells.next(), cells.next()) else { continue };
        let labels: Vec<usize> = labels.split(',').filter_map(|l| l.parse().ok()).filter(|l| *l < 28).collect();
        let classes: Vec<usize> = labels.iter().map(|l| GO[*l].1).filter(|c| *c != 2).collect();
        let (worst, best) = (classes.iter().min().copied().unwrap_or(2), classes.iter().max().copied().unwrap_or(2));
        let class = match (worst < 2, best > 2) {
            (true, true) => None,
            (true, false) => Some(worst),
            _ => Some(best),
        };
        let mut emotions: Vec<usize> = labels.iter().map(|l| GO[*l].2).collect();
        emotions.sort_unstable();
        emotions.dedup();
        rows.push(Known { text: text.to_owned(), class, emotions, ..Known::default() });
    }
    let source = source("GoEmotions (train)", rows.len(), "Apache-2.0 / CC BY 4.0", sha);
    Ok(Set { rows, source })
}

/// NHS comments of the version 6 framework.
pub(crate) fn nhs_v6(path: &Path) -> Result<Set, Failure> {
    let (text, sha) = unpacked(path)?;
    let mut rows = Vec::new();
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        let record = record?;
        let number = |i: usize| record[i].parse::<usize>().ok();
        rows.push(Known {
            respondent: record[0].to_owned(),
            question: Some(record[1].to_owned()),
            text: record[2].to_owned(),
            score: number(3).filter(|n| (1..=5).contains(n)).map(|n| (5 - n) as f64 / 4.0),
            class: number(4).filter(|n| (1..=5).contains(n)).map(|n| 5 - n),
            themes: record[5].split('|').filter(|t| !t.is_empty()).map(str::to_owned).collect(),
            emotions: Vec::new(),
        });
    }
    let source = source("NHS Friends and Family Test, version 6 framework", rows.len(), "MIT", sha);
    Ok(Set { rows, source })
}

/// NHS comments of phase 1; criticality −5…5 becomes a class.
pub(crate) fn nhs_phase1(path: &Path) -> Result<Set, Failure> {
    let (text, sha) = unpacked(path)?;
    let mut rows = Vec::new();
    for (n, record) in csv::Reader::from_reader(text.as_bytes()).records().enumerate() {
        let record = record?;
        let class = record[5].parse::<i32>().ok().and_then(|c| match c {
            -5..=-3 => Some(0),
            -2..=-1 => Some(1),
            0 => Some(2),
            1..=2 => Some(3),
            3..=5 => Some(4),
            _ => None,
        });
        rows.push(Known {
            text: record[2].to_owned(),
            class,
            respondent: format!("{} {n}", &record[0]),
            themes: vec![record[3].to_owned()],
            ..Known::default()
        });
    }
    let source = source("NHS Friends and Family Test, phase 1", rows.len(), "MIT", sha);
    Ok(Set { rows, source })
}

/// Our own phrases about public services.
pub(crate) fn service_phrases(path: &Path) -> Result<Set, Failure> {
    let (text, sha) = unpacked(path)?;
    let rows: Vec<Known> = phrases(&text, 1)?
        .into_iter()
        .map(|p| Known {
            text: p.text,
            question: p.question.map(str::to_owned),
            class: Some(p.class),
            ..Known::default()
        })
        .collect();
    let source = source("Phrases about public services", rows.len(), "CC0 (own work)", sha);
    Ok(Set { rows, source })
}

/// Whether a respondent belongs to the fifth that training never sees.
pub(crate) fn held_out(respondent: &str) -> bool {
    Sha256::digest(respondent.as_bytes()).iter().map(|b| u32::from(*b)).sum::<u32>().is_multiple_of(5)
}

fn example(known: &Known, labels: Vec<usize>, weight: f64) -> Example {
    Example { text: known.text.clone(), question: known.question.clone(), score: known.score, labels, weight }
}

/// General comments for sentiment: those that the lexicon does not contradict, since labels of
/// emotion are only distant labels of sentiment; as many of each side, and neutral ones in which
/// the lexicon finds nothing.
pub(crate) fn general_sentiment(set: &Set) -> Vec<Example> {
    let (mut left, mut out) = ([7000, 7000, 5000], Vec::new());
    for known in &set.rows {
        let Some(class) = known.class else { continue };
        let c = commonweal_text::lexicon_strength(&known.text);
        let (side, agrees) = match class {
            0 | 1 => (0, c <= -0.05),
            2 => (2, c.abs() < 0.02),
            _ => (1, c >= 0.05),
        };
        if agrees && left[side] > 0 {
            left[side] -= 1;
            out.push(example(known, vec![class], GENERAL_WEIGHT));
        }
    }
    out
}

/// Our own phrases; the few neutral ones count more.
pub(crate) fn phrase_sentiment(set: &Set) -> Vec<Example> {
    let weight = |class: Option<usize>| if class == Some(2) { 3.0 } else { 1.0 };
    set.rows.iter().map(|k| example(k, vec![k.class.unwrap_or(2)], weight(k.class))).collect()
}

/// Comments with all that is known of them, and again without the rating, and without question and
/// rating: so the model can do without either.
pub(crate) fn labelled_sentiment<'a>(rows: impl Iterator<Item = &'a Known>, weight: f64) -> Vec<Example> {
    let mut out = Vec::new();
    let rows: Vec<&Known> = rows.filter(|k| k.class.is_some()).collect();
    let mut counts = [0.0f64; 5];
    rows.iter().for_each(|k| counts[k.class.unwrap_or(2)] += 1.0);
    for known in &rows {
        let class = known.class.unwrap_or(2);
        let weight = weight * (rows.len() as f64 / 5.0 / counts[class]).powf(BALANCE);
        let full = example(known, vec![class], weight);
        let forms = 1 + usize::from(full.score.is_some()) + usize::from(full.question.is_some());
        let weight = weight / forms as f64;
        if full.question.is_some() {
            out.push(Example { question: None, score: None, weight, ..full.clone() });
        }
        if full.score.is_some() {
            out.push(Example { score: None, weight, ..full.clone() });
        }
        out.push(Example { weight, ..full });
    }
    out
}

pub(crate) fn sentiment_recipe(sources: Vec<Source>) -> Recipe {
    let mut recipe = Recipe::new("sentiment", CLASSES.map(str::to_owned).to_vec(), Kind::OneOf);
    recipe.sources = sources;
    recipe
}

pub(crate) fn emotion_recipe(sources: Vec<Source>) -> Recipe {
    let mut recipe = Recipe::new("emotion", EMOTIONS.map(str::to_owned).to_vec(), Kind::AnyOf);
    recipe.sources = sources;
    recipe.balance = 0.5;
    recipe
}

pub(crate) fn emotion_examples(set: &Set) -> Vec<Example> {
    set.rows.iter().map(|k| example(k, k.emotions.clone(), 1.0)).collect()
}

pub(crate) fn theme_recipe(name: &str, labels: Vec<String>, sources: Vec<Source>) -> Recipe {
    let mut recipe = Recipe::new(name, labels, Kind::AnyOf);
    recipe.sources = sources;
    recipe.word_bits = 16;
    recipe.piece_bits = 16;
    recipe.balance = 0.5;
    recipe
}

pub(crate) fn theme_examples<'a>(rows: impl Iterator<Item = &'a Known>, labels: &[String]) -> Vec<Example> {
    rows.map(|k| {
        let of = k.themes.iter().filter_map(|t| labels.iter().position(|l| l == t)).collect();
        Example { score: None, ..example(k, of, 1.0) }
    })
    .collect()
}

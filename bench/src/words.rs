//! Real comments as raw material: longer ones are put together from several of equal judgement.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use commonweal_random::Random;

use crate::random::{Weighted, normal};

/// Words of a comment on average in the budgets of ARCHITECTURE.md.
const MEAN_WORDS: f64 = 30.0;
/// Answers that say nothing and would only dilute.
const EMPTY: &[&str] = &["did not answer", "nothing", "none", "no", "n/a", "nothing at all"];

/// Comments by rating, with the length at which putting together stops.
pub(crate) struct Comments {
    /// Index 0 for those without a rating, 1 to 5 for the others.
    by_rating: Vec<Vec<String>>,
    /// Share of each rating among all, 1 to 5.
    pub(crate) ratings: Vec<f64>,
    scale: f64,
}

/// What the comments can be searched for.
pub(crate) struct Vocabulary {
    /// Words of plain letters by how many source comments hold them, most first.
    pub(crate) words: Vec<String>,
    /// Two words that stand beside each other in some comment, most frequent first.
    pub(crate) phrases: Vec<String>,
}

impl Comments {
    /// Reads the columns `comment` and `rating` of CSV files.
    pub(crate) fn load(files: &[std::path::PathBuf]) -> Result<Self> {
        let mut by_rating: Vec<Vec<String>> = vec![Vec::new(); 6];
        for file in files {
            load_one(file, &mut by_rating).with_context(|| format!("{} can't be used.", file.display()))?;
        }
        let known: usize = by_rating[1..].iter().map(Vec::len).sum();
        if by_rating[1..].iter().any(Vec::is_empty) {
            bail!("There must be comments of each rating from 1 to 5 in the columns `comment` and `rating`.");
        }
        let ratings = by_rating[1..].iter().map(|c| c.len() as f64 / known as f64).collect();
        let mut comments = Self { by_rating, ratings, scale: 1.0 };
        comments.calibrate();
        Ok(comments)
    }

    /// Finds the target length with which comments come out at the mean that is wanted: the last
    /// one added makes them longer than their target by an amount that depends on the source.
    fn calibrate(&mut self) {
        let ratings = Weighted::new(&self.ratings);
        let (mut low, mut high) = (0.02, 2.0);
        for _ in 0..14 {
            self.scale = (low + high) / 2.0;
            let mut random = Random::new(11);
            let mut text = String::new();
            let words: usize = (0..20_000)
                .map(|_| {
                    // As often as ratings occur: satisfied people say less.
                    self.make(1 + ratings.draw(&mut random), &mut random, &mut text);
                    text.split_whitespace().count()
                })
                .sum();
            if words as f64 / 20_000.0 > MEAN_WORDS { high = self.scale } else { low = self.scale }
        }
    }

    /// Makes a comment that goes with a rating. Lengths follow a log-normal distribution, as those
    /// of real comments do.
    pub(crate) fn make(&self, rating: usize, random: &mut Random, text: &mut String) {
        text.clear();
        let target = (MEAN_WORDS * self.scale * (0.8 * normal(random) - 0.32).exp()).clamp(1.0, 300.0);
        let mut words = 0;
        loop {
            // One in eight says nothing about the rating, as the unrated ones do.
            let from = if !self.by_rating[0].is_empty() && random.chance(0.125) { 0 } else { rating };
            let part = random.one_of(&self.by_rating[from]);
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(part);
            words += part.split_whitespace().count();
            if words as f64 >= target {
                return;
            }
            if !text.ends_with(['.', '!', '?']) {
                text.push('.');
            }
        }
    }

    /// How many source comments there are.
    pub(crate) fn sources(&self) -> usize {
        self.by_rating.iter().map(Vec::len).sum()
    }

    /// What can be searched for.
    pub(crate) fn vocabulary(&self) -> Vocabulary {
        let (mut words, mut phrases) = (HashMap::new(), HashMap::new());
        for comment in self.by_rating.iter().flatten() {
            let tokens: Vec<String> = comment.split_whitespace().map(str::to_lowercase).collect();
            let plain = |t: &String| t.len() > 2 && t.bytes().all(|b| b.is_ascii_lowercase());
            for token in tokens.iter().filter(|t| plain(t)) {
                *words.entry(token.clone()).or_insert(0u32) += 1;
            }
            for pair in tokens.windows(2).filter(|p| plain(&p[0]) && plain(&p[1])) {
                *phrases.entry(pair.join(" ")).or_insert(0u32) += 1;
            }
        }
        Vocabulary { words: ranked(words), phrases: ranked(phrases) }
    }
}

fn ranked(counts: HashMap<String, u32>) -> Vec<String> {
    let mut all: Vec<(String, u32)> = counts.into_iter().filter(|(_, n)| *n > 1).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.into_iter().map(|(text, _)| text).collect()
}

fn load_one(file: &Path, by_rating: &mut [Vec<String>]) -> Result<()> {
    let mut reader = csv::Reader::from_path(file)?;
    let headings = reader.headers()?.clone();
    let column = |name: &str| headings.iter().position(|h| h.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name));
    let comment = column("comment").context("It has no column `comment`.")?;
    let rating = column("rating").context("It has no column `rating`.")?;
    for record in reader.records() {
        let record = record?;
        let text = record.get(comment).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        let bare = text.to_lowercase();
        if text.is_empty() || EMPTY.contains(&bare.trim_end_matches(['.', '!'])) {
            continue;
        }
        let rating: usize = record.get(rating).unwrap_or_default().trim().parse().unwrap_or(0);
        by_rating[if rating <= 5 { rating } else { 0 }].push(text);
    }
    Ok(())
}

//! Fits a model: multinomial or one-against-the-rest logistic regression with a ridge penalty,
//! rounded to bytes.

use super::lbfgs::minimise;
use super::rows::{Places, Rows};
use crate::features::{DENSE, Features, VERSION};
use crate::lexicon::opinion;
use crate::model::{Header, Linear, Source, next_id, stride_for};
use crate::question::Asks;
use crate::shipped::Models;
use crate::tokens::Tokens;

/// Whether a comment has one label or any number of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Exactly one: the classes of sentiment.
    OneOf,
    /// Any number: themes.
    AnyOf,
}

/// How a model is made.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// What the model is for.
    pub name: String,
    /// The labels.
    pub labels: Vec<String>,
    /// One label per comment, or any number.
    pub kind: Kind,
    /// 2 to this power rows for words.
    pub word_bits: u32,
    /// The same for pieces of words; 0 for none.
    pub piece_bits: u32,
    /// Weight of the pieces against the words.
    pub piece_weight: f32,
    /// Features that fewer examples have are left out.
    pub least: u32,
    /// Penalty on the squares of the weights (1/C of other programs).
    pub ridge: f64,
    /// 0 counts all examples alike; 1 makes rare labels weigh as much as common ones.
    pub balance: f64,
    /// Most rounds of the optimiser.
    pub rounds: usize,
    /// The data that the examples come from, for the model's header.
    pub sources: Vec<Source>,
}

impl Recipe {
    /// The usual recipe.
    pub fn new(name: &str, labels: Vec<String>, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            labels,
            kind,
            word_bits: 18,
            piece_bits: 17,
            piece_weight: 0.7,
            least: 2,
            ridge: 1.0,
            balance: 0.0,
            rounds: 150,
            sources: Vec::new(),
        }
    }
}

/// A comment whose labels are known.
#[derive(Clone, Debug, Default)]
pub struct Example {
    /// The words.
    pub text: String,
    /// The question that was asked.
    pub question: Option<String>,
    /// The rating, 0…1.
    pub score: Option<f64>,
    /// Numbers of its labels.
    pub labels: Vec<usize>,
    /// How much it counts; usually 1.
    pub weight: f64,
}

impl Example {
    fn features(&self) -> Features {
        let tokens = Tokens::new(&self.text);
        Features::new(&tokens, &opinion(&self.text, &tokens), Asks::of(self.question.as_deref()), self.score)
    }
}

/// Why there is nothing to train.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrainError {
    /// No examples, or no two different labels among them.
    #[error("training needs examples of at least two labels; there are {0} examples of {1}")]
    TooLittle(usize, usize),
    /// A label number that the recipe does not have.
    #[error("an example has label number {0}, but there are only {1} labels")]
    UnknownLabel(usize, usize),
}

/// Trains a model.
pub fn train(recipe: &Recipe, examples: &[Example]) -> Result<Linear, TrainError> {
    train_from(recipe, examples, &[])
}

/// Trains a model whose scores are added to given ones, per example and label; none means zeros.
fn train_from(recipe: &Recipe, examples: &[Example], offsets: &[Vec<f64>]) -> Result<Linear, TrainError> {
    let k = recipe.labels.len();
    let mut totals = vec![0.0; k];
    for example in examples {
        for &label in &example.labels {
            *totals.get_mut(label).ok_or(TrainError::UnknownLabel(label, k))? += example.weight;
        }
    }
    let used = totals.iter().filter(|n| **n > 0.0).count();
    if examples.is_empty() || used == 0 || (recipe.kind == Kind::OneOf && used < 2) {
        return Err(TrainError::TooLittle(examples.len(), used));
    }
    let (words, pieces, columns) = vocabulary(recipe, examples);
    let mut rows = Rows::default();
    let mut scratch = Vec::new();
    for example in examples {
        rows.push(&example.features(), &[(&words, 1.0), (&pieces, recipe.piece_weight)], &mut scratch);
    }
    let all: f64 = examples.iter().map(|e| e.weight).sum();
    // What one example of a label weighs against the others.
    let share = |label: usize| match recipe.kind {
        Kind::OneOf => (all / (used as f64 * totals[label].max(1.0))).powf(recipe.balance),
        Kind::AnyOf => ((all - totals[label]).max(1.0) / totals[label].max(1.0)).powf(recipe.balance),
    };
    let shares: Vec<f64> = (0..k).map(share).collect();
    let mut weights = vec![0.0; columns * k];
    minimise(&mut weights, recipe.rounds, 1e-6, |w, gradient| {
        loss(
            &Problem { kind: recipe.kind, ridge: recipe.ridge, examples, rows: &rows, shares: &shares, offsets },
            w,
            gradient,
        )
    });
    Ok(rounded(recipe, &words, &pieces, &weights))
}

/// Trains a model of many labels on all examples, with thresholds that were tuned on parts which
/// the model that was asked had not seen (cross-validation in `folds` parts).
pub fn train_with_thresholds(recipe: &Recipe, examples: &[Example], folds: usize) -> Result<Linear, TrainError> {
    let folds = folds.max(2);
    let mut answers = Vec::with_capacity(examples.len());
    for fold in 0..folds {
        let part = |held: bool| -> Vec<Example> {
            examples.iter().enumerate().filter(|(n, _)| (n % folds == fold) == held).map(|(_, e)| e.clone()).collect()
        };
        let model = train(recipe, &part(false))?;
        answers.extend(part(true).into_iter().map(|e| (model.any_of(&e.features()), e.labels)));
    }
    let mut model = train(recipe, examples)?;
    model.header.thresholds = thresholds(&answers, recipe.labels.len(), 5);
    Ok(model)
}

/// Learns on top of the shipped model of sentiment what it gets wrong: a second, small model whose
/// scores are added to its scores. Also gives, for each example, the class that such a model says
/// which had not seen the example (cross-validation in `folds` parts).
pub fn learn_on_top(recipe: &Recipe, examples: &[Example], folds: usize) -> Result<(Linear, Vec<usize>), TrainError> {
    let shipped = Models::shipped().sentiment.clone();
    let k = recipe.labels.len();
    let base = |e: &Example| match &shipped {
        Some(model) => model.score(&e.features(), None).values.iter().map(|z| f64::from(*z)).collect(),
        None => vec![0.0; k],
    };
    let offsets: Vec<Vec<f64>> = examples.iter().map(base).collect();
    let folds = folds.max(2);
    let mut unseen = vec![0; examples.len()];
    for fold in 0..folds {
        let rest: Vec<usize> = (0..examples.len()).filter(|n| n % folds != fold).collect();
        let part: Vec<Example> = rest.iter().map(|n| examples[*n].clone()).collect();
        let part_offsets: Vec<Vec<f64>> = rest.iter().map(|n| offsets[*n].clone()).collect();
        let model = train_from(recipe, &part, &part_offsets)?;
        for n in (0..examples.len()).filter(|n| n % folds == fold) {
            let more = model.score(&examples[n].features(), None).values;
            let z = |j: usize| offsets[n][j] + f64::from(more[j]);
            unseen[n] = (0..k).max_by(|a, b| z(*a).total_cmp(&z(*b))).unwrap_or(0);
        }
    }
    Ok((train_from(recipe, examples, &offsets)?, unseen))
}

/// Numbers of the labels that a model of many gives a comment: those above their threshold, or the
/// one nearest to it.
pub fn labels_of(model: &Linear, example: &Example) -> Vec<usize> {
    let p = model.any_of(&example.features());
    let over = |i: &usize| p[*i] / model.header.thresholds[*i];
    let found: Vec<usize> = (0..p.len()).filter(|i| over(i) >= 1.0).collect();
    if found.is_empty() {
        return (0..p.len()).max_by(|a, b| over(a).total_cmp(&over(b))).into_iter().collect();
    }
    found
}

fn vocabulary(recipe: &Recipe, examples: &[Example]) -> (Places, Places, usize) {
    let table = |bits: u32| vec![0u32; if bits == 0 { 0 } else { 1 << bits }];
    let (mut words, mut pieces) = (table(recipe.word_bits), table(recipe.piece_bits));
    let (mut last_words, mut last_pieces) = (table(recipe.word_bits), table(recipe.piece_bits));
    for (n, example) in examples.iter().enumerate() {
        let features = example.features();
        let example = n as u32 + 1;
        for gram in &features.words {
            Places::count(&mut words, &mut last_words, gram.hash, recipe.word_bits, example);
        }
        if recipe.piece_bits > 0 {
            for word in &features.spellings {
                features.pieces(word, |hash| {
                    Places::count(&mut pieces, &mut last_pieces, hash, recipe.piece_bits, example);
                });
            }
        }
    }
    let mut columns = DENSE as u32;
    let n = examples.len();
    let words = Places::keep(recipe.word_bits, &words, n, recipe.least, &mut columns);
    let pieces = Places::keep(recipe.piece_bits, &pieces, n, recipe.least, &mut columns);
    (words, pieces, columns as usize)
}

/// What is to be made smallest.
struct Problem<'a> {
    kind: Kind,
    ridge: f64,
    examples: &'a [Example],
    rows: &'a Rows,
    shares: &'a [f64],
    offsets: &'a [Vec<f64>],
}

/// Penalised negative log-likelihood and its gradient; the bias has no penalty.
fn loss(problem: &Problem<'_>, w: &[f64], gradient: &mut [f64]) -> f64 {
    let Problem { kind, ridge, examples, rows, shares, offsets } = *problem;
    let k = shares.len();
    let half = rows.len() / 2;
    let part = |range: std::ops::Range<usize>| {
        let mut gradient = vec![0.0; w.len()];
        let mut value = 0.0;
        let (mut z, mut residual) = (vec![0.0; k], vec![0.0; k]);
        for i in range {
            match offsets.get(i) {
                Some(given) => z.copy_from_slice(given),
                None => z.fill(0.0),
            }
            for (column, v) in rows.row(i) {
                z.iter_mut().zip(&w[column * k..]).for_each(|(z, w)| *z += v * w);
            }
            value += residuals(kind, &examples[i], shares, &z, &mut residual);
            for (column, v) in rows.row(i) {
                gradient[column * k..].iter_mut().zip(&residual).for_each(|(g, r)| *g += v * r);
            }
        }
        (value, gradient)
    };
    let ((a, first), (b, second)) = std::thread::scope(|scope| {
        let second = scope.spawn(|| part(half..rows.len()));
        let first = part(0..half);
        (first, second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let mut value = a + b;
    for (i, g) in gradient.iter_mut().enumerate() {
        *g = first[i] + second[i];
        if i >= k {
            value += 0.5 * ridge * w[i] * w[i];
            *g += ridge * w[i];
        }
    }
    value
}

/// Loss of one example; writes its derivative by each score.
fn residuals(kind: Kind, example: &Example, shares: &[f64], z: &[f64], residual: &mut [f64]) -> f64 {
    match kind {
        Kind::OneOf => {
            let Some(&label) = example.labels.first() else {
                residual.fill(0.0);
                return 0.0;
            };
            let largest = z.iter().fold(f64::MIN, |a, b| a.max(*b));
            let sum: f64 = z.iter().map(|z| (z - largest).exp()).sum();
            let weight = example.weight * shares[label];
            for (j, (r, z)) in residual.iter_mut().zip(z).enumerate() {
                *r = weight * ((z - largest).exp() / sum - f64::from(u8::from(j == label)));
            }
            weight * (sum.ln() + largest - z[label])
        }
        Kind::AnyOf => {
            let mut value = 0.0;
            for (j, (r, z)) in residual.iter_mut().zip(z).enumerate() {
                let has = example.labels.contains(&j);
                let weight = example.weight * if has { shares[j] } else { 1.0 };
                let signed = if has { *z } else { -z };
                let p = 1.0 / (1.0 + signed.exp());
                value += weight * if signed > 0.0 { (-signed).exp().ln_1p() } else { signed.exp().ln_1p() - signed };
                *r = weight * if has { -p } else { p };
            }
            value
        }
    }
}

/// The model with its weights rounded to bytes, each output with its own step.
fn rounded(recipe: &Recipe, words: &Places, pieces: &Places, weights: &[f64]) -> Linear {
    let k = recipe.labels.len();
    let mut largest = vec![1e-9f64; k];
    for column in weights[DENSE * k..].chunks_exact(k) {
        largest.iter_mut().zip(column).for_each(|(l, w)| *l = l.max(w.abs()));
    }
    let units: Vec<f32> = largest.iter().map(|l| (l / 127.0) as f32).collect();
    let stride = stride_for(k);
    let table = |places: &Places| {
        let mut table = vec![0i8; places.idf.len() * stride];
        for (at, &column) in places.column.iter().enumerate().filter(|(_, c)| **c != u32::MAX) {
            let row = &mut table[at * stride..];
            row[0] = places.idf[at] as i8;
            for j in 0..k {
                row[j + 1] = (weights[column as usize * k + j] / f64::from(units[j])).round() as i8;
            }
        }
        table
    };
    let (words, pieces) = (table(words), table(pieces));
    Linear {
        header: Header {
            name: recipe.name.clone(),
            features: VERSION,
            made_by: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
            sources: recipe.sources.clone(),
            labels: recipe.labels.clone(),
            thresholds: if recipe.kind == Kind::AnyOf { vec![0.5; k] } else { Vec::new() },
            temperature: 1.0,
            units,
            word_bits: recipe.word_bits,
            piece_bits: recipe.piece_bits,
            piece_weight: recipe.piece_weight,
        },
        id: next_id(),
        stride,
        words,
        pieces,
        dense: weights[..DENSE * k].iter().map(|w| *w as f32).collect(),
    }
}

/// Sets, for each label of a model of many, the threshold that gives the best F1 on examples that
/// the model has not seen. Labels with fewer than `least` examples get the median of the others.
pub fn tune_thresholds(model: &mut Linear, examples: &[Example], least: usize) {
    let answers: Vec<_> = examples.iter().map(|e| (model.any_of(&e.features()), e.labels.clone())).collect();
    model.header.thresholds = thresholds(&answers, model.header.labels.len(), least);
}

fn thresholds(answers: &[(Vec<f32>, Vec<usize>)], k: usize, least: usize) -> Vec<f32> {
    let best = |label: usize| {
        let mut points: Vec<(f32, bool)> = answers.iter().map(|(p, is)| (p[label], is.contains(&label))).collect();
        points.sort_by(|a, b| b.0.total_cmp(&a.0));
        let all = points.iter().filter(|p| p.1).count();
        if all < least {
            return None;
        }
        let (mut right, mut best) = (0usize, (0.0, 0.5f32));
        for (taken, (p, has)) in points.iter().enumerate() {
            right += usize::from(*has);
            let f1 = 2.0 * right as f64 / (taken + 1 + all) as f64;
            if f1 > best.0 {
                let next = points.get(taken + 1).map_or(*p, |n| n.0);
                best = (f1, f32::midpoint(*p, next));
            }
        }
        Some(best.1.clamp(0.05, 0.95))
    };
    let found: Vec<Option<f32>> = (0..k).map(best).collect();
    let mut known: Vec<f32> = found.iter().flatten().copied().collect();
    known.sort_by(f32::total_cmp);
    let usual = known.get(known.len() / 2).copied().unwrap_or(0.5);
    found.into_iter().map(|t| t.unwrap_or(usual)).collect()
}

/// Sets the temperature of a model of one label that makes its probabilities most likely on
/// examples that the model has not seen (Guo and others, "On Calibration of Modern Neural
/// Networks", 2017).
pub fn tune_temperature(model: &mut Linear, examples: &[Example]) {
    model.header.temperature = 1.0;
    let scored: Vec<(Vec<f32>, usize)> =
        examples.iter().filter_map(|e| Some((model.score(&e.features(), None).values, *e.labels.first()?))).collect();
    let cost = |t: f64| -> f64 {
        scored
            .iter()
            .map(|(z, label)| {
                let largest = z.iter().fold(f32::MIN, |a, b| a.max(*b));
                let sum: f64 = z.iter().map(|z| (f64::from(z - largest) / t).exp()).sum();
                sum.ln() - f64::from(z[*label] - largest) / t
            })
            .sum()
    };
    // Costs have one valley: narrow it down by thirds.
    let (mut low, mut high) = (0.3f64, 6.0f64);
    for _ in 0..40 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if cost(a) < cost(b) {
            high = b;
        } else {
            low = a;
        }
    }
    if !scored.is_empty() {
        model.header.temperature = f64::midpoint(low, high) as f32;
    }
}

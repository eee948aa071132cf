//! Teaches the reading engine what persons corrected, and tells what it was worth: scores before and
//! after, on comments that the training in question had not seen.

use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::records::StoredModel;
use commonweal_domain::{Actor, AuditAction, FeedbackId, Permission, Sentiment, Subject};
use commonweal_text::train::{Example, Interval, Kind, Recipe, bootstrap, learn_on_top, score_any_of, score_one_of};
use commonweal_text::{Input, ThemeCoder};
use serde_json::json;

use super::engine;
use super::thresholds::{MIN_TRAINING, MIN_TRAINING_THEME};
use crate::app::authorise;
use crate::change::audited;
use crate::listen::imports::blocking;
use crate::{App, Result};

/// Parts of the cross-validation.
const FOLDS: usize = 5;

/// What training came to, for one model.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// `sentiment` or `themes`.
    pub name: &'static str,
    /// How many corrected comments there are.
    pub comments: usize,
    /// Why nothing was learnt, as a sentence.
    pub refused: Option<String>,
    /// Macro-F1 of the engine as it read before (for themes: micro-F1).
    pub before: Option<Interval>,
    /// The same after training, on parts that it had not seen.
    pub after: Option<Interval>,
    /// Whether the model is now in use.
    pub saved: bool,
}

/// A judged comment with what the engine goes by.
struct Known {
    feedback: FeedbackId,
    example: Example,
}

impl App {
    /// Trains on the comments that persons judged. Saves a model when it reads better than what is in
    /// use, or always when `force`.
    pub async fn train(&self, actor: &Actor, force: bool) -> Result<Vec<Trained>> {
        authorise(actor, Permission::ManageCodeframes)?;
        let (sentiment, themes, keys) = self.judged().await?;
        let fresh = self.clone();
        // Seconds of arithmetic: not on a thread that answers requests.
        let (models, mut results) = blocking(move || Ok(fresh.learn(&sentiment, &themes, &keys))).await?;
        for (result, model) in results.iter_mut().zip(models) {
            let better = result.after.zip(result.before).is_some_and(|(after, before)| after.value > before.value);
            let Some(body) = model.filter(|_| better || force) else { continue };
            let score = |i: Option<Interval>| i.map(|i| json!({"value": i.value, "low": i.low, "high": i.high}));
            let about = json!({
                "comments": result.comments, "before": score(result.before), "after": score(result.after),
                "by": actor.audit_name(),
            });
            let model = &StoredModel { name: result.name.to_owned(), body, about, at: self.now() };
            self.change(actor, move |w| {
                Box::pin(async move {
                    w.models().put(model).await?;
                    let subject = Subject::of("model", &model.name);
                    Ok(((), audited(AuditAction::ModelTrained, subject).with(model.about.clone())))
                })
            })
            .await?;
            result.saved = true;
        }
        self.reload_reader().await?;
        Ok(results)
    }

    /// The judged comments as examples for sentiment and for themes, and the keys of the themes.
    async fn judged(&self) -> Result<(Vec<Known>, Vec<Known>, Vec<String>)> {
        let keys: Vec<String> =
            self.inner.store.codeframes().await?.into_iter().flat_map(|c| c.themes).map(|t| t.key).collect();
        let judged = self.inner.store.judged_comments().await?;
        let (mut sentiment, mut themes) = (Vec::new(), Vec::new());
        for some in judged.chunks(500) {
            let mut ids: Vec<FeedbackId> = some.iter().map(|j| j.feedback).collect();
            ids.dedup();
            let docs = self.inner.store.docs(&ids).await?;
            for j in some {
                let Some(doc) = docs.iter().find(|d| d.id == j.feedback) else { continue };
                let Some(comment) = doc.comments.get(j.position) else { continue };
                let class = comment.reading.sentiment.and_then(|s| Sentiment::ALL.iter().position(|c| *c == s));
                if let Some(class) = class.filter(|_| j.sentiment) {
                    sentiment.push(known(doc.id, comment, doc.score(), vec![class]));
                }
                if j.themes {
                    let labels = comment.reading.themes.iter().filter_map(|t| keys.iter().position(|k| k == t));
                    themes.push(known(doc.id, comment, doc.score(), labels.collect()));
                }
            }
        }
        Ok((sentiment, themes, keys))
    }

    fn learn(&self, sentiment: &[Known], themes: &[Known], keys: &[String]) -> (Vec<Option<Vec<u8>>>, Vec<Trained>) {
        let (a, first) = self.learn_sentiment(sentiment);
        let (b, second) = self.learn_themes(themes, keys);
        (vec![a, b], vec![first, second])
    }

    /// Learns what the shipped model gets wrong, on top of it.
    fn learn_sentiment(&self, known: &[Known]) -> (Option<Vec<u8>>, Trained) {
        let classes = Sentiment::ALL.len();
        if known.len() < MIN_TRAINING {
            return refused(engine::SENTIMENT, known.len(), "a sentiment");
        }
        let reader = self.reader();
        let said = |e: &Example| {
            let reading = reader.read(input(e));
            let class = reading.sentiment.unwrap_or(Sentiment::Neutral);
            Sentiment::ALL.iter().position(|c| *c == class).unwrap_or(2)
        };
        let mut recipe =
            Recipe::new(engine::SENTIMENT, Sentiment::ALL.iter().map(|s| s.key().to_owned()).collect(), Kind::OneOf);
        recipe.word_bits = 16;
        recipe.piece_bits = 16;
        let examples: Vec<Example> = known.iter().map(|k| k.example.clone()).collect();
        let Ok((model, unseen)) = learn_on_top(&recipe, &examples, FOLDS) else {
            return refused(engine::SENTIMENT, known.len(), "at least two different sentiments");
        };
        let score = |answers: &dyn Fn(usize) -> usize| {
            let pairs = known.iter().enumerate().map(|(n, k)| (k.feedback, (k.example.labels[0], answers(n))));
            interval(pairs, |p| score_one_of(p, classes).macro_f1)
        };
        let result = Trained {
            name: engine::SENTIMENT,
            comments: known.len(),
            refused: None,
            before: Some(score(&|n| said(&known[n].example))),
            after: Some(score(&|n| unseen[n])),
            saved: false,
        };
        (Some(model.to_bytes()), result)
    }

    /// Learns the themes that persons gave often enough; the others go on by their words.
    fn learn_themes(&self, known: &[Known], keys: &[String]) -> (Option<Vec<u8>>, Trained) {
        if known.len() < MIN_TRAINING {
            return refused(engine::THEMES, known.len(), "themes");
        }
        let often = |label: usize| known.iter().filter(|k| k.example.labels.contains(&label)).count();
        let labels: Vec<usize> = (0..keys.len()).filter(|l| often(*l) >= MIN_TRAINING_THEME).collect();
        if labels.is_empty() {
            let why = format!("a theme that at least {MIN_TRAINING_THEME} comments have");
            return refused(engine::THEMES, known.len(), &why);
        }
        let mut recipe = Recipe::new(engine::THEMES, labels.iter().map(|l| keys[*l].clone()).collect(), Kind::AnyOf);
        recipe.word_bits = 16;
        recipe.piece_bits = 16;
        recipe.balance = 0.5;
        let narrowed: Vec<Example> = known
            .iter()
            .map(|k| {
                let of = k.example.labels.iter().filter_map(|l| labels.iter().position(|own| own == l));
                Example { labels: of.collect(), score: None, ..k.example.clone() }
            })
            .collect();
        let reader = self.reader();
        let number = |themes: Vec<String>| -> Vec<usize> {
            themes.iter().filter_map(|t| keys.iter().position(|k| k == t)).collect()
        };
        let rules = reader.theme_rules().to_vec();
        let read_by = |model: Option<commonweal_text::model::Linear>, which: &[usize]| -> Vec<Vec<usize>> {
            let reader = (*reader).clone().with_themes(ThemeCoder::new(&rules, model));
            which.iter().map(|n| number(reader.read(input(&known[*n].example)).themes)).collect()
        };
        let all: Vec<usize> = (0..known.len()).collect();
        let before: Vec<Vec<usize>> = known.iter().map(|k| number(reader.read(input(&k.example)).themes)).collect();
        let mut after = vec![Vec::new(); known.len()];
        for fold in 0..FOLDS {
            let (held, rest): (Vec<usize>, Vec<usize>) = all.iter().partition(|n| *n % FOLDS == fold);
            let part: Vec<Example> = rest.iter().map(|n| narrowed[*n].clone()).collect();
            let Ok(model) = commonweal_text::train::train_with_thresholds(&recipe, &part, 3) else { continue };
            for (n, themes) in held.iter().zip(read_by(Some(model), &held)) {
                after[*n] = themes;
            }
        }
        let Ok(model) = commonweal_text::train::train_with_thresholds(&recipe, &narrowed, FOLDS) else {
            return refused(engine::THEMES, known.len(), "themes");
        };
        let score = |answers: &[Vec<usize>]| {
            let pairs = known.iter().zip(answers).map(|(k, a)| (k.feedback, (k.example.labels.clone(), a.clone())));
            interval(pairs, |p| score_any_of(p, keys.len()).micro_f1)
        };
        let result = Trained {
            name: engine::THEMES,
            comments: known.len(),
            refused: None,
            before: Some(score(&before)),
            after: Some(score(&after)),
            saved: false,
        };
        (Some(model.to_bytes()), result)
    }
}

fn known(feedback: FeedbackId, comment: &CommentDoc, score: Option<f64>, labels: Vec<usize>) -> Known {
    let question = comment.question.clone();
    Known { feedback, example: Example { text: comment.text.clone(), question, score, labels, weight: 1.0 } }
}

fn input(e: &Example) -> Input<'_> {
    Input { text: &e.text, question: e.question.as_deref(), score: e.score, language: None }
}

fn refused(name: &'static str, comments: usize, what: &str) -> (Option<Vec<u8>>, Trained) {
    let sentence = format!(
        "Training needs at least {MIN_TRAINING} comments for which a person has said {what}; there are {comments}."
    );
    (None, Trained { name, comments, refused: Some(sentence), before: None, after: None, saved: false })
}

/// A score with its interval; comments of one feedback are drawn together.
fn interval<T: Clone>(pairs: impl Iterator<Item = (FeedbackId, T)>, score: impl Fn(&[T]) -> f64) -> Interval {
    let mut groups: std::collections::BTreeMap<FeedbackId, Vec<T>> = std::collections::BTreeMap::new();
    for (feedback, pair) in pairs {
        groups.entry(feedback).or_default().push(pair);
    }
    bootstrap(&groups.into_values().collect::<Vec<_>>(), 300, 1, score)
}

//! Sentiment of a comment: a class, a score, how sure that is, the words that drove it, and whether
//! the words contradict the rating.

use commonweal_domain::reading::Sentiment;

use crate::features::{COMPOUND, DENSE, Features, RATING};
use crate::lexicon::Opinion;
use crate::model::{Linear, Scores, dense_part};
use crate::question::Asks;
use crate::shipped::Models;
use crate::tokens::{TokenKind, Tokens};

/// What each of the five classes counts in a score of −1…1.
const STEPS: [f32; 5] = [-1.0, -0.5, 0.0, 0.5, 1.0];
/// A rating beyond the outer quarter (on five points the best or the worst) against words that are this
/// likely on the other side is a contradiction. Whoever gives four of five often names what was missing.
const SURE: f32 = 0.8;
/// At most so many words are named.
const MAX_WORDS: usize = 4;

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) class: Sentiment,
    pub(crate) score: f64,
    pub(crate) confidence: f64,
    pub(crate) words: Vec<String>,
    pub(crate) contradiction: bool,
}

/// Reads the sentiment of a text with words. `asks` is what the question asks for, `rating` is 0…1.
pub(crate) fn read(
    models: &Models,
    text: &str,
    tokens: &Tokens,
    opinion: &Opinion,
    features: &Features,
    asks: Asks,
    rating: Option<f64>,
) -> Found {
    let mut credits = vec![0.0f32; tokens.list.len()];
    let (p, by_words) = match models.sentiment.as_deref() {
        Some(model) => {
            let mut scores = model.score(features, Some((&STEPS, &mut credits)));
            if let Some(learnt) = &models.learnt {
                let more = learnt.score(features, Some((&STEPS, &mut credits)));
                scores.values.iter_mut().zip(more.values).for_each(|(s, m)| *s += m);
            }
            let p = model.one_of(&scores);
            let by_words = rating.map(|_| {
                let parts = [Some(model), models.learnt.as_deref()];
                model.one_of(&without_rating(parts.into_iter().flatten(), features, &scores))
            });
            credit_opinions(model, opinion, &mut credits);
            (p, by_words)
        }
        None => {
            opinion.found.iter().for_each(|(token, strength)| credits[*token as usize] += strength);
            (by_rule(opinion, rating), None)
        }
    };
    let class = (0..5).max_by(|a, b| p[*a].total_cmp(&p[*b])).unwrap_or(2);
    let score: f32 = p.iter().zip(STEPS).map(|(p, step)| p * step).sum();
    let contradiction = by_words.zip(rating).is_some_and(|(p, rating)| contradict(asks, rating, &p));
    Found {
        class: Sentiment::ALL[class],
        score: f64::from(score.clamp(-1.0, 1.0)),
        confidence: f64::from(p[class].clamp(0.0, 1.0)),
        words: driving(text, tokens, &credits, score),
        contradiction,
    }
}

/// Whether words of which the classes are this likely contradict the rating. They do not where the
/// question asks for that side: whoever is happy names something bad when asked what could be better.
fn contradict(asks: Asks, rating: f64, p: &[f32]) -> bool {
    let bad = rating > 0.75 && p[0] + p[1] >= SURE;
    let good = rating < 0.25 && p[3] + p[4] >= SURE;
    (bad && asks != Asks::Improve) || (good && asks != Asks::Praise)
}

/// What the words alone give: every model's part of the rating is taken out, also of the one that the
/// body trained on its corrections.
fn without_rating<'a>(models: impl Iterator<Item = &'a Linear>, features: &Features, scores: &Scores) -> Scores {
    let mut rating = vec![0.0; scores.values.len()];
    for model in models {
        dense_part(&model.dense, &features.dense, RATING..DENSE, &mut rating);
    }
    Scores { values: scores.values.iter().zip(rating).map(|(all, part)| all - part).collect() }
}

/// Gives each opinion of the lexicon its share of what the rules contribute to the model.
fn credit_opinions(model: &Linear, opinion: &Opinion, credits: &mut [f32]) {
    let along = |i: usize| -> f32 { model.dense[i * 5..i * 5 + 5].iter().zip(STEPS).map(|(w, s)| w * s).sum() };
    let sum = opinion.positive + opinion.negative;
    if sum > 0.0 {
        let slope = along(COMPOUND.start).max(0.2) * 2.0;
        for (token, strength) in &opinion.found {
            credits[*token as usize] += slope * strength / (sum + 4.0);
        }
    }
}

/// Without a model: the rules, as classes.
fn by_rule(opinion: &Opinion, rating: Option<f64>) -> Vec<f32> {
    let c = match rating {
        Some(rating) => f32::midpoint(opinion.compound, rating as f32 * 2.0 - 1.0),
        None => opinion.compound,
    };
    let class = match c {
        c if c <= -0.6 => 0,
        c if c <= -0.05 => 1,
        c if c < 0.05 => 2,
        c if c < 0.6 => 3,
        _ => 4,
    };
    (0..5).map(|i| if i == class { 0.6 } else { 0.1 }).collect()
}

/// The words that pushed the score the way it went, in the order of the text.
fn driving(text: &str, tokens: &Tokens, credits: &[f32], score: f32) -> Vec<String> {
    let toward = |i: usize| credits[i] * score.signum();
    let mut order: Vec<usize> = (0..tokens.list.len())
        .filter(|&i| toward(i) > 0.0 && tokens.list[i].kind != TokenKind::Placeholder && tokens.list[i].place.len() > 1)
        .collect();
    let keep = MAX_WORDS.min(order.len());
    if keep == 0 {
        return Vec::new();
    }
    if keep < order.len() {
        order.select_nth_unstable_by(keep - 1, |a, b| toward(*b).total_cmp(&toward(*a)));
        order.truncate(keep);
    }
    let most = order.iter().map(|i| toward(*i)).fold(0.0, f32::max);
    order.retain(|i| toward(*i) >= most * 0.25);
    order.sort_unstable();
    let mut words: Vec<String> = Vec::with_capacity(order.len());
    for i in order {
        let word = text[tokens.list[i].place.clone()].chars().take(40).collect::<String>();
        if !words.iter().any(|w| w.eq_ignore_ascii_case(&word)) {
            words.push(word);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, Reader};

    #[test]
    fn an_answer_to_what_is_asked_for_contradicts_nothing() {
        let read = |question, text, score| {
            let input = Input { text, question: Some(question), score: Some(score), ..Input::default() };
            Reader::default().read(input).contradiction
        };
        let (bad, good) = ("Terrible. Rude, useless, a disgusting waste of time.", "Excellent, kind, wonderful staff.");
        let (improve, praise, open) = ("What could we do better?", "What was good?", "Please tell us why");
        assert!(!read(improve, bad, 1.0), "asked for what is bad");
        assert!(read(improve, good, 0.0), "the scale was taken the wrong way round");
        assert!(!read(praise, good, 0.0), "asked for what is good");
        assert!(read(praise, bad, 1.0));
        assert!(read(open, bad, 1.0) && read(open, good, 0.0));
        assert!(!read(open, bad, 0.75), "four of five leave room for something bad");
    }

    #[test]
    fn where_words_cannot_be_read_the_rating_decides_and_alone_they_say_nothing() {
        let reader = Reader::default();
        for text in [
            "خدمة ممتازة وموظفون لطفاء",
            "Zażółć gęślą jaźń – dziękuję",
            "ਬਹੁਤ ਵਧੀਆ ਸੇਵਾ",
            "Bardzo miło, ale nie na czas",
        ] {
            let read = |score| reader.read(Input { text, score, ..Input::default() });
            assert_eq!(read(Some(1.0)).sentiment, Some(Sentiment::VeryPositive), "{text}");
            assert_eq!(read(Some(0.0)).sentiment, Some(Sentiment::VeryNegative), "{text}");
            assert_eq!(read(None).sentiment, None, "{text}");
        }
        let stated = Input { text: "Merci infiniment", score: Some(0.75), language: Some("fr"), ..Input::default() };
        assert_eq!(reader.read(stated).sentiment, Some(Sentiment::Positive));
    }

    #[test]
    fn words_contradict_the_rating_also_when_the_body_has_taught_how_much_ratings_count() {
        let comment = "Terrible. Rude, useless, a disgusting waste of time. I am furious.";
        let input = Input { text: comment, score: Some(1.0), ..Input::default() };
        assert!(Reader::default().read(input).contradiction, "with the shipped model");

        // A body's model that knows nothing but ratings: the best one is very positive, whatever the words.
        let mut ratings_only = Linear::clone(Models::shipped().sentiment.as_ref().expect("a shipped model"));
        ratings_only.words.fill(0);
        ratings_only.pieces.fill(0);
        ratings_only.dense.fill(0.0);
        ratings_only.dense[RATING * 5..(RATING + 1) * 5].copy_from_slice(&[-20.0, -20.0, 0.0, 10.0, 20.0]);
        let reading = Reader::default().with_sentiment_of_the_body(ratings_only).read(input);
        assert_eq!(reading.sentiment, Some(Sentiment::VeryPositive), "the rating decides");
        assert!(reading.contradiction, "the words still say the opposite");
    }
}

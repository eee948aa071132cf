//! Feedback made up from real comments.

use std::error::Error;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::*;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

pub(crate) const SERVICES: [&str; 12] = [
    "council-tax",
    "housing-repairs",
    "blue-badge",
    "waste",
    "parking",
    "planning",
    "libraries",
    "benefits",
    "school-places",
    "social-care",
    "highways",
    "registrars",
];
pub(crate) const TOUCHPOINTS: [&str; 5] = ["find-out", "apply", "wait", "use", "complain"];
pub(crate) const AGES: [&str; 8] = ["under-16", "16-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-plus"];
const EMOTIONS: [&str; 6] = ["anger", "disgust", "fear", "joy", "sadness", "surprise"];
const QUESTIONS: [&str; 3] = ["What could we do better?", "What did we do well?", "Why did you give this score?"];
const DEVICES: [&str; 3] = ["phone", "desktop", "tablet"];
const LANGUAGES: [&str; 6] = ["en", "cy", "pl", "pa", "ur", "ro"];
const ALERTS: [&str; 4] = ["self-harm", "violence", "neglect", "fraud"];

/// Makes the same feedback for the same number.
pub(crate) struct Maker {
    comments: Vec<String>,
}

impl Maker {
    /// Reads columns of comments.
    pub(crate) fn read(files: &[(PathBuf, String)]) -> Result<Self, Box<dyn Error>> {
        let mut comments = Vec::new();
        for (file, column) in files {
            let mut rows = csv::ReaderBuilder::new().flexible(true).from_path(file)?;
            let place = rows
                .byte_headers()?
                .iter()
                .position(|h| String::from_utf8_lossy(h).trim_start_matches('\u{feff}') == column);
            let place = place.ok_or(format!("{} has no column {column}", file.display()))?;
            for row in rows.byte_records() {
                let text = String::from_utf8_lossy(row?.get(place).unwrap_or_default()).trim().to_owned();
                if text.len() > 2 {
                    comments.push(text);
                }
            }
        }
        Ok(Self { comments })
    }

    pub(crate) fn comments(&self) -> usize {
        self.comments.len()
    }

    pub(crate) fn comment(&self, random: &mut impl Rng) -> &str {
        &self.comments[random.random_range(0..self.comments.len())]
    }

    /// When the feedback begin and end.
    pub(crate) fn span() -> (DateTime<Utc>, DateTime<Utc>) {
        let end = DateTime::from_timestamp(1_735_689_600, 0).unwrap_or_default();
        (end - TimeDelta::days(3 * 365), end)
    }

    pub(crate) fn feedback(&self, n: u64) -> FeedbackDoc {
        let mut random = SmallRng::seed_from_u64(n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let r = &mut random;
        let (begin, end) = Self::span();
        let seconds = (end - begin).num_seconds() as f64;
        // Three years as exports bring them: half in order of time, half from many files at once;
        // more in later years.
        let place = if n.is_multiple_of(2) { (n % 1_000_000) as f64 / 1e6 } else { r.random::<f64>() };
        let at = begin + TimeDelta::microseconds((seconds * place.sqrt() * 1e6) as i64 + r.random_range(0..1_000_000));
        let service = skewed(r, SERVICES.len());
        let rating = if r.random_bool(0.85) { Some([5, 4, 1, 3, 2][skewed(r, 5)]) } else { None };
        FeedbackDoc {
            id: FeedbackId(Uuid::from_u64_pair((n << 12) | 0x7000, (1 << 63) | r.random::<u64>() >> 2)),
            at,
            received_at: at,
            touchpoint: r.random_bool(0.9).then(|| format!("{}/{}", SERVICES[service], TOUCHPOINTS[skewed(r, 5)])),
            service: r.random_bool(0.97).then(|| SERVICES[service].to_owned()),
            channel: Channel::ALL[skewed(r, Channel::ALL.len())],
            direction: Direction::In,
            function: if r.random_bool(0.8) { Function::Serve } else { Function::Engage },
            capacity: if r.random_bool(0.9) { Capacity::Customer } else { Capacity::Citizen },
            language: r.random_bool(0.9).then(|| LANGUAGES[skewed(r, LANGUAGES.len())].to_owned()),
            device: r.random_bool(0.6).then(|| DEVICES[skewed(r, 3)].to_owned()),
            page: r.random_bool(0.6).then(|| format!("https://www.example.org/services/page-{}", skewed(r, 2_000))),
            area: r.random_bool(0.9).then(|| format!("ward-{:02}", skewed(r, 40))),
            source: if r.random_bool(0.7) { format!("import-{}", skewed(r, 200)) } else { "api".to_owned() },
            import: None,
            ratings: rating
                .map(|v| Rating { name: "overall".into(), value: f64::from(v), worst: 1.0, best: 5.0 })
                .into_iter()
                .collect(),
            comments: self.words(r),
            attributes: attributes(r),
        }
    }

    /// A contact without feedback, as a document that says nothing else: a call, a delivery, a visit.
    pub(crate) fn contact(&self, n: u64) -> FeedbackDoc {
        let bare = self.feedback(n);
        let mut random = SmallRng::seed_from_u64(n);
        FeedbackDoc {
            id: FeedbackId(Uuid::from_u64_pair(
                (n << 12) | 0x7000,
                (1 << 63) | (1 << 62) | random.random::<u64>() >> 2,
            )),
            direction: if random.random_bool(0.6) { Direction::In } else { Direction::Out },
            function: Function::ALL[skewed(&mut random, Function::ALL.len())],
            language: None,
            device: None,
            page: None,
            area: None,
            source: "api".to_owned(),
            ratings: Vec::new(),
            comments: Vec::new(),
            attributes: Attributes::new(),
            ..bare
        }
    }

    fn words(&self, r: &mut SmallRng) -> Vec<CommentDoc> {
        let number = [1, 1, 1, 0, 2][skewed(r, 5)];
        (0..number)
            .map(|_| {
                // Two together have about the 30 words of a usual comment.
                let text = format!("{} {}", self.comment(r), self.comment(r));
                let sentiment = Sentiment::ALL[[3, 4, 1, 2, 0][skewed(r, 5)]];
                let score = f64::from(sentiment as u8) * 0.4 - 0.8 + r.random_range(-0.19..0.19);
                CommentDoc {
                    question: Some(QUESTIONS[skewed(r, 3)].to_owned()),
                    text,
                    reading: Reading {
                        sentiment: Some(sentiment),
                        sentiment_score: Some((score * 1000.0).round() / 1000.0),
                        emotion: r.random_bool(0.4).then(|| EMOTIONS[skewed(r, 6)].to_owned()),
                        themes: (0..skewed(r, 5)).map(|_| format!("theme-{:02}", skewed(r, 30))).collect(),
                        alerts: if r.random_bool(0.01) { vec![ALERTS[skewed(r, 4)].to_owned()] } else { Vec::new() },
                        ..Reading::default()
                    },
                }
            })
            .collect()
    }
}

fn attributes(r: &mut SmallRng) -> Attributes {
    let mut all = Attributes::new();
    if r.random_bool(0.7) {
        all.insert("age_band".to_owned(), AGES[7 - skewed(r, 8)].to_owned());
    }
    if r.random_bool(0.5) {
        all.insert("disability".to_owned(), ["no", "yes"][skewed(r, 2)].to_owned());
    }
    if r.random_bool(0.3) {
        all.insert("tenure".to_owned(), ["owner", "council", "private", "shared"][skewed(r, 4)].to_owned());
    }
    all
}

/// A number below `n`, small ones more often (about as in Zipf's law).
pub(crate) fn skewed(r: &mut impl Rng, n: usize) -> usize {
    let place = ((n as f64 + 1.0).powf(r.random::<f64>()) - 1.0) as usize;
    place.min(n - 1)
}

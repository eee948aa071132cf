//! Feedback made up, and the index as a plain list that is asked by definition.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::TimeDelta;
use chrono_tz::Tz;
use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::filter::NONE;
use commonweal_domain::period::{step_key, step_start};
use commonweal_domain::question::{Figures, Grouping, Measure, Value};
use commonweal_domain::*;
use commonweal_index::{Opened, Options, Reader, Writer};
use commonweal_ports::{IndexOp, IndexWriter};
use uuid::Uuid;

pub(crate) const LONDON: Tz = Tz::Europe__London;

/// The beginning of made-up time: the day before clocks go back in London.
pub(crate) fn begin() -> Instant {
    "2023-10-28T12:00:00Z".parse().expect("an instant")
}

pub(crate) fn after(minutes: i64) -> Instant {
    begin() + TimeDelta::minutes(minutes)
}

pub(crate) fn id(n: u64) -> FeedbackId {
    FeedbackId(Uuid::from_u64_pair(n / 7, n))
}

/// A feedback with nothing but what is said.
pub(crate) fn doc(n: u64, minutes: i64) -> FeedbackDoc {
    FeedbackDoc {
        id: id(n),
        at: after(minutes),
        received_at: after(minutes),
        service: None,
        touchpoint: None,
        channel: Channel::Web,
        direction: Direction::In,
        function: Function::Serve,
        capacity: Capacity::Customer,
        language: None,
        device: None,
        page: None,
        area: None,
        source: "api".to_owned(),
        import: None,
        ratings: Vec::new(),
        comments: Vec::new(),
        attributes: Attributes::new(),
    }
}

pub(crate) fn comment(text: &str) -> CommentDoc {
    CommentDoc { question: None, text: text.to_owned(), reading: Reading::default() }
}

pub(crate) fn with_words(n: u64, texts: &[&str]) -> FeedbackDoc {
    FeedbackDoc { comments: texts.iter().map(|t| comment(t)).collect(), ..doc(n, n as i64) }
}

/// A folder of its own, opened.
pub(crate) struct Folder {
    pub(crate) reader: Reader,
    pub(crate) writer: Writer,
    pub(crate) at: tempfile::TempDir,
}

pub(crate) fn options() -> Options {
    Options { writer_memory_bytes: 15 << 20, query_threads: 2, ..Options::default() }
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self::opened(options())
    }

    /// With memory for large segments.
    pub(crate) fn roomy() -> Self {
        Self::opened(Options { writer_memory_bytes: 600 << 20, ..options() })
    }

    fn opened(options: Options) -> Self {
        let at = tempfile::tempdir().expect("a folder");
        match commonweal_index::open(at.path(), options).expect("opens") {
            Opened::Fresh(reader, writer) => Self { reader, writer, at },
            _ => panic!("there is no index yet"),
        }
    }

    pub(crate) async fn with(docs: &[FeedbackDoc]) -> Self {
        let folder = Self::new();
        folder.add(docs.iter().cloned().map(IndexOp::Insert).collect()).await;
        folder.commit(1).await;
        folder
    }

    pub(crate) async fn add(&self, ops: Vec<IndexOp>) {
        self.writer.apply(ops).await.expect("applied");
    }

    pub(crate) async fn commit(&self, change: i64) {
        self.writer.commit(followed(change), begin()).await.expect("committed");
    }
}

pub(crate) fn followed(change: i64) -> Followed {
    Followed { feed: Uuid::from_u128(7), position: FeedPosition { transaction: 0, change }, ..Followed::default() }
}

/// What the index should hold.
#[derive(Clone, Default)]
pub(crate) struct Model(pub(crate) HashMap<FeedbackId, FeedbackDoc>);

impl Model {
    pub(crate) fn apply(&mut self, op: &IndexOp) {
        match op {
            IndexOp::Insert(doc) | IndexOp::Replace(doc) => drop(self.0.insert(doc.id, doc.clone())),
            IndexOp::Delete(id) => drop(self.0.remove(id)),
        }
    }

    pub(crate) fn meant<'a>(&'a self, filter: &'a Filter) -> impl Iterator<Item = &'a FeedbackDoc> + 'a {
        self.0.values().filter(|d| filter.matches(d))
    }

    /// In order of time, then of id.
    pub(crate) fn sorted(&self, filter: &Filter) -> Vec<(Instant, FeedbackId)> {
        let mut items: Vec<_> = self.meant(filter).map(|d| (d.at, d.id)).collect();
        items.sort();
        items
    }

    pub(crate) fn attributes(&self) -> Vec<String> {
        self.0.values().flat_map(|d| d.attributes.keys().cloned()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Figures of all groups with feedback, by keys; and of all.
    pub(crate) fn figures(
        &self,
        filter: &Filter,
        group_by: &[Grouping],
        measures: &[Measure],
        zone: Tz,
    ) -> (BTreeMap<Vec<String>, Figures>, Figures) {
        let mut groups: BTreeMap<Vec<String>, Vec<&FeedbackDoc>> = BTreeMap::new();
        let mut all = Vec::new();
        for doc in self.meant(filter) {
            all.push(doc);
            let mut keys: Vec<Vec<String>> = vec![Vec::new()];
            for grouping in group_by {
                let values = keys_of(grouping, doc, zone);
                keys = keys
                    .iter()
                    .flat_map(|k| values.iter().map(move |v| k.iter().cloned().chain([v.clone()]).collect()))
                    .collect();
            }
            for key in keys {
                groups.entry(key).or_default().push(doc);
            }
        }
        (groups.into_iter().map(|(k, docs)| (k, figures(&docs, measures))).collect(), figures(&all, measures))
    }
}

pub(crate) fn keys_of(grouping: &Grouping, doc: &FeedbackDoc, zone: Tz) -> BTreeSet<String> {
    match grouping {
        Grouping::Time(interval) => [step_key(step_start(doc.at, *interval, zone), *interval, zone)].into(),
        Grouping::Dimension(dimension) => {
            let values = dimension.values(doc);
            if values.is_empty() { [NONE.to_owned()].into() } else { values.into_iter().collect() }
        }
    }
}

/// The figures of some feedback, by the definition of each measure.
pub(crate) fn figures(docs: &[&FeedbackDoc], measures: &[Measure]) -> Figures {
    let mean = |values: Vec<f64>| Value {
        value: (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64),
        base: Some(values.len() as u64),
    };
    let share = |values: Vec<bool>| mean(values.into_iter().map(|v| f64::from(u8::from(v))).collect());
    let value = |measure: &Measure| match measure {
        Measure::Count => Value { value: Some(docs.len() as f64), base: Some(docs.len() as u64) },
        Measure::Contacts => Value::default(),
        Measure::Comments => Value {
            value: Some(docs.iter().filter(|d| !d.comments.is_empty()).count() as f64),
            base: Some(docs.len() as u64),
        },
        Measure::Rating => {
            let mean = mean(docs.iter().filter_map(|d| d.score()).collect());
            Value { value: mean.value.map(|v| 1.0 + 4.0 * v), ..mean }
        }
        Measure::Satisfied => share(docs.iter().filter_map(|d| d.step()).map(|s| s >= 4).collect()),
        Measure::Sentiment => mean(docs.iter().filter_map(|d| d.sentiment_score()).collect()),
        Measure::Negative => share(
            docs.iter()
                .filter_map(|d| d.sentiment())
                .map(|s| matches!(s, Sentiment::Negative | Sentiment::VeryNegative))
                .collect(),
        ),
    };
    Figures { count: Some(docs.len() as u64), values: measures.iter().map(value).collect() }
}

/// Equal but for the last digits of means: the index keeps scores in 720,720,000 parts.
pub(crate) fn assert_same(found: &Figures, expected: &Figures, what: &str) {
    assert_eq!(found.count, expected.count, "{what}");
    assert_eq!(found.values.len(), expected.values.len(), "{what}");
    for (f, e) in found.values.iter().zip(&expected.values) {
        assert_eq!(f.base, e.base, "{what}");
        match (f.value, e.value) {
            (Some(f), Some(e)) => assert!((f - e).abs() < 1e-8, "{what}: {f} is not {e}"),
            (f, e) => assert_eq!(f, e, "{what}"),
        }
    }
}

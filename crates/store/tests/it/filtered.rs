//! `filtered` and `count_filtered` mean what `Filter::matches` means.

use std::collections::HashSet;

use commonweal_domain::filter::NONE;
use commonweal_domain::question::Order;
use commonweal_domain::search::parse;
use commonweal_domain::{
    Capacity, Channel, Dimension, Direction, FeedbackDoc, Filter, Function, Rating, Reading, Sentiment, TimeRange,
};
use commonweal_store::{NewRecord, Store};
use commonweal_testkit::duties::ANALYST;
use commonweal_testkit::{kept, on_both_engines};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::data::{at, codeframe, correction, id, record, say, user, write};

const LANGUAGES: &[&str] = &["en", "cy", "pl"];
const AREAS: &[&str] = &["Ward 1", "Tŷ'r \"Ward\" 2", "ward 1"];
const AGES: &[&str] = &["18-24", "65+"];
const QUESTIONS: &[&str] = &["What went well?", "What else?"];
const WORDS: &[&str] = &["upload", "bus stop", "Café", "don't", "photo"];

fn some_of(values: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    proptest::option::of(proptest::sample::select(values).prop_map(str::to_owned))
}

fn key_of<T: Copy + std::fmt::Debug>(all: &'static [T]) -> impl Strategy<Value = T> {
    // Few values, so that filters find something.
    proptest::sample::select(&all[..all.len().min(3)])
}

fn rating() -> impl Strategy<Value = Rating> {
    (0..=10_i32, any::<bool>()).prop_map(|(value, turned)| Rating {
        name: "overall".into(),
        value: f64::from(value) / 2.0,
        worst: if turned { 5.0 } else { 0.0 },
        best: if turned { 0.0 } else { 5.0 },
    })
}

fn reading() -> impl Strategy<Value = Reading> {
    let themes = proptest::sample::subsequence(vec!["upload".to_owned(), "staff".to_owned()], 0..=2);
    let alerts = proptest::sample::subsequence(vec!["self_harm".to_owned()], 0..=1);
    let score = proptest::option::of(-1.0..=1.0_f64);
    (some_of(LANGUAGES), score, some_of(&["joy", "anger"]), themes, alerts).prop_map(
        |(language, score, emotion, themes, alerts)| Reading {
            language,
            sentiment: score.map(Sentiment::from_score),
            sentiment_score: score,
            emotion,
            themes,
            alerts,
            engine: "test".into(),
            ..Reading::default()
        },
    )
}

/// Number `n`: everything but ids at random.
fn any_record(n: u64) -> impl Strategy<Value = NewRecord> {
    let contact = (
        // Whole seconds, so that several share an instant and the order by id counts.
        0..40_i64,
        key_of(Channel::ALL),
        key_of(Direction::ALL),
        key_of(Function::ALL),
        key_of(Capacity::ALL),
        proptest::option::of(0..4_u64),
    );
    let context =
        (some_of(LANGUAGES), some_of(&["phone", "desktop"]), some_of(&["https://x/a"]), some_of(AREAS), some_of(AGES));
    let ratings = proptest::collection::vec(rating(), 0..3);
    let text = proptest::collection::vec(proptest::sample::select(WORDS), 0..4).prop_map(|words| words.join(" "));
    let comments = proptest::collection::vec((some_of(QUESTIONS), text, reading()), 0..3);
    (contact, context, ratings, comments).prop_map(move |(contact, context, ratings, comments)| {
        let mut r = record(n);
        let (seconds, channel, direction, function, capacity, touchpoint) = contact;
        r.doc.at = at(seconds);
        (r.doc.channel, r.doc.direction, r.doc.function, r.doc.capacity) = (channel, direction, function, capacity);
        // Four touchpoints of two services.
        r.service = touchpoint.map(|t| id(1 + t / 2));
        r.touchpoint = touchpoint.filter(|t| t % 2 == 1).map(|t| id(11 + t));
        let (language, device, page, area, age) = context;
        (r.doc.language, r.doc.device, r.doc.page, r.doc.area) = (language, device, page, area);
        r.doc.attributes = age.map(|a| ("age".to_owned(), a)).into_iter().collect();
        r.doc.ratings = ratings;
        r.comment_ids = (0..comments.len() as u64).map(|c| id(n * 10 + 2 + c)).collect();
        r.originals = vec![None; comments.len()];
        r.doc.comments = comments
            .into_iter()
            .map(|(question, text, reading)| commonweal_domain::feedback::CommentDoc { question, text, reading })
            .collect();
        r
    })
}

fn dimension() -> impl Strategy<Value = Dimension> {
    let mut all = Dimension::FIXED.to_vec();
    all.push(Dimension::Attribute("age".into()));
    all.push(Dimension::Attribute("no_such".into()));
    proptest::sample::select(all)
}

/// A filter whose values mostly occur in these documents.
fn any_filter(docs: &[FeedbackDoc]) -> impl Strategy<Value = Filter> + use<> {
    let docs = docs.to_vec();
    let words = proptest::sample::select(&["", "upload", "-upload", "\"bus stop\"", "cafe OR photo", "up* -dont"][..]);
    let range = (proptest::option::of(0..40_i64), proptest::option::of(0..40_i64), 0..2_000_i64);
    let clause = (dimension(), proptest::collection::vec((any::<prop::sample::Index>(), any::<bool>(), 0..8_u8), 1..4));
    let clauses = proptest::collection::vec(clause, 0..3);
    (words, range, clauses).prop_map(move |(words, (from, to, nanos), clauses)| {
        let mut filter = Filter::default();
        parse(words, &mut filter).expect("a valid search");
        let nanos = chrono::TimeDelta::nanoseconds(nanos);
        filter.range = TimeRange { from: from.map(|s| at(s) + nanos), to: to.map(|s| at(s) - nanos) };
        for (dimension, wanted) in clauses {
            for (which, not, odd) in wanted {
                let known = dimension.values(which.get(&docs)).into_iter().next();
                let value = match odd {
                    0 => NONE.to_owned(),
                    1 => "zero\0byte".to_owned(),
                    _ => known.unwrap_or_else(|| NONE.to_owned()),
                };
                filter.add(dimension.clone(), &if not { format!("!{value}") } else { value });
            }
        }
        filter
    })
}

async fn prepare(store: &Store, runner: &mut TestRunner) -> Vec<FeedbackDoc> {
    let frame = codeframe(store).await;
    for (service, name) in [(1, "Blue Badge"), (2, "Council tax")] {
        kept!(store, services.ensure(name, id(service))).await.expect("made");
        for n in [0, 1] {
            kept!(store, services.ensure_touchpoint(id(service), &format!("Step {n}"), id(11 + (service - 1) * 2 + n)))
                .await
                .expect("made");
        }
    }
    let records: Vec<NewRecord> =
        (0..150).map(|n| any_record(n).new_tree(runner).expect("a strategy without filters").current()).collect();
    let comments: Vec<_> = records.iter().filter_map(|r| r.comment_ids.first().copied()).collect();
    write(store, records).await;
    // Corrections count as what they say.
    let ada = user(store, 700_000, ANALYST).await;
    for (n, comment) in comments.iter().enumerate().step_by(5) {
        let sentiment = Sentiment::ALL[n % Sentiment::ALL.len()];
        kept!(
            store,
            readings.correct(&[correction(*comment, ada, say(Some(sentiment), Some(&[frame.themes[n % 2].id])), 1)])
        )
        .await
        .expect("corrected");
    }
    store.docs_after(None, 1_000).await.expect("read")
}

async fn paged(store: &Store, filter: &Filter, order: Order, limit: u64) -> Vec<FeedbackDoc> {
    let (mut all, mut after): (Vec<FeedbackDoc>, _) = (Vec::new(), None);
    loop {
        let page = store.filtered(filter, after, order, limit).await.expect("answered");
        assert!(page.len() as u64 <= limit);
        let Some(last) = page.last() else { return all };
        after = Some((last.at, last.id));
        all.extend(page);
    }
}

on_both_engines! {
    async fn filtered_feedback_is_exactly_what_the_filter_matches(db: TestDb) {
        let mut runner = TestRunner::deterministic();
        let docs = prepare(&db.store, &mut runner).await;
        assert_eq!(docs.len(), 150);
        let mut sizes = HashSet::new();
        for n in 0..120_u64 {
            let filter = any_filter(&docs).new_tree(&mut runner).expect("a strategy without filters").current();
            let order = if n % 2 == 0 { Order::Newest } else { Order::Oldest };
            let mut expected: Vec<FeedbackDoc> = docs.iter().filter(|d| filter.matches(d)).cloned().collect();
            expected.sort_by_key(|d| (d.at, d.id));
            if order == Order::Newest {
                expected.reverse();
            }
            let got = paged(&db.store, &filter, order, 1 + n % 60).await;
            let ids = |docs: &[FeedbackDoc]| docs.iter().map(|d| d.id).collect::<Vec<_>>();
            assert_eq!(ids(&got), ids(&expected), "{filter:?}");
            assert_eq!(got, expected);
            assert_eq!(db.store.count_filtered(&filter).await.expect("counted"), expected.len() as u64, "{filter:?}");
            sizes.insert(expected.len());
        }
        assert!(sizes.len() > 20, "the filters tell feedback apart: {sizes:?}");
    }
}

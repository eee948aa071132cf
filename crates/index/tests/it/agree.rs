//! On generated feedback and generated questions the index says what the definitions say.

use commonweal_domain::PageRequest;
use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::filter::{NONE, TimeRange};
use commonweal_domain::question::{Grouping, Interval, ListQuery, Measure, Order, Query};
use commonweal_domain::search::{Atom, Words};
use commonweal_domain::*;
use commonweal_ports::{FeedbackIndex, IndexOp};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::model::*;

/// Few different values, so that questions find something; some that try the edges.
fn value() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "c", "", "\0", "\0a", NONE, "Ärger/ü", "a/b"]).prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    let words = vec!["bus", "stop", "Bus", "the", "don't", "dont", "Straße", "tŷ", "ty", "stops", "b", "\u{345}", "—"];
    let word = (select(words), select(vec![" ", " ", " ", "-"]));
    vec(word, 0..7).prop_map(|words| words.into_iter().flat_map(|(word, then)| [word, then]).collect())
}

fn attribute_name() -> impl Strategy<Value = String> {
    select(vec!["age", "age_band", "x"]).prop_map(str::to_owned)
}

fn reading() -> impl Strategy<Value = Reading> {
    let sentiment = option::of((select(Sentiment::ALL), option::of(-1.0..=1.0f64)));
    (sentiment, option::of(value()), vec(value(), 0..3), vec(value(), 0..2)).prop_map(
        |(sentiment, emotion, themes, alerts)| Reading {
            sentiment: sentiment.map(|s| s.0),
            sentiment_score: sentiment.and_then(|s| s.1),
            emotion,
            themes,
            alerts,
            ..Reading::default()
        },
    )
}

fn rating() -> impl Strategy<Value = Rating> {
    let scale = select(vec![(1.0, 5.0), (0.0, 10.0), (10.0, 1.0), (0.0, 1.0), (3.0, 3.0), (0.0, 7.3)]);
    (scale, -0.1..1.1f64, any::<bool>()).prop_map(|((worst, best), place, whole)| {
        let value: f64 = worst + (best - worst) * place;
        Rating { name: "overall".into(), value: if whole { value.round() } else { value }, worst, best }
    })
}

fn comments() -> impl Strategy<Value = Vec<CommentDoc>> {
    let one = (option::of(value()), text(), reading());
    vec(one.prop_map(|(question, text, reading)| CommentDoc { question, text, reading }), 0..3)
}

/// Instants that meet: whole hours often, over the night when clocks go back.
fn instant() -> impl Strategy<Value = Instant> {
    prop_oneof![
        (0..40i64).prop_map(|h| after(h * 60)),
        (0..40_000_000_000i64).prop_map(|us| begin() + chrono::TimeDelta::microseconds(us * 4)),
    ]
}

prop_compose! {
    fn feedback()(
        n in 0..50u64,
        at in instant(),
        (service, touchpoint, language, device, page, area) in
            (option::of(value()), option::of(value()), option::of(value()), option::of(value()), option::of(value()), option::of(value())),
        (channel, direction, function, capacity) in
            (select(Channel::ALL), select(Direction::ALL), select(Function::ALL), select(Capacity::ALL)),
        source in value(),
        ratings in vec(rating(), 0..3),
        comments in comments(),
        attributes in btree_map(attribute_name(), value(), 0..3),
    ) -> FeedbackDoc {
        FeedbackDoc {
            service, touchpoint, language, device, page, area, channel, direction, function, capacity,
            source, ratings, comments, attributes, at, ..doc(n, 0)
        }
    }
}

fn dimension() -> impl Strategy<Value = Dimension> {
    let attribute = select(vec!["age", "age_band", "x", "unheard_of"]);
    prop_oneof![
        4 => select(Dimension::FIXED),
        1 => attribute.prop_map(|name| Dimension::Attribute(name.to_owned())),
    ]
}

/// Values that the dimension can have, and others.
fn value_of(dimension: &Dimension) -> BoxedStrategy<String> {
    let keys: Vec<&str> = match dimension {
        Dimension::Channel => Channel::ALL.iter().map(|v| v.key()).collect(),
        Dimension::Direction => Direction::ALL.iter().map(|v| v.key()).collect(),
        Dimension::Function => Function::ALL.iter().map(|v| v.key()).collect(),
        Dimension::Capacity => Capacity::ALL.iter().map(|v| v.key()).collect(),
        Dimension::Sentiment => Sentiment::ALL.iter().map(|v| v.key()).collect(),
        Dimension::Rating => vec!["1", "2", "3", "4", "5"],
        Dimension::HasWords => vec!["yes", "no"],
        _ => return value().boxed(),
    };
    prop_oneof![4 => select(keys).prop_map(str::to_owned), 1 => value()].boxed()
}

fn clause() -> impl Strategy<Value = (Dimension, Clause)> {
    dimension().prop_flat_map(|dimension| {
        let (is, is_not) = (vec(value_of(&dimension), 0..4), vec(value_of(&dimension), 0..2));
        (Just(dimension), is, is_not).prop_map(|(dimension, mut is, mut is_not)| {
            for list in [&mut is, &mut is_not] {
                list.sort();
                list.dedup();
            }
            (dimension, Clause { is, is_not })
        })
    })
}

fn atom() -> impl Strategy<Value = Atom> {
    let word = select(vec!["bus", "stop", "the", "dont", "strasse", "ty", "b", "stops", "nowhere", ""])
        .prop_map(str::to_owned);
    prop_oneof![
        2 => word.clone().prop_map(Atom::Word),
        2 => word.clone().prop_map(Atom::Forms),
        1 => select(vec!["bu", "st", "s", "", "zz"]).prop_map(|p| Atom::Prefix(p.to_owned())),
        3 => vec(word, 0..4).prop_map(Atom::Phrase),
    ]
}

fn words() -> impl Strategy<Value = Words> {
    (vec(vec(atom(), 0..3), 0..2), vec(atom(), 0..2)).prop_map(|(must, must_not)| Words { must, must_not })
}

fn range() -> impl Strategy<Value = TimeRange> {
    (option::of(instant()), option::of(instant()), 0..3i64)
        .prop_map(|(from, to, ns)| TimeRange { from: from.map(|f| f + chrono::TimeDelta::nanoseconds(ns)), to })
}

fn filter() -> impl Strategy<Value = Filter> {
    let nothing = Just(TimeRange::default());
    let no_words = Just(Words::default());
    (prop_oneof![2 => nothing, 1 => range()], prop_oneof![2 => no_words, 1 => words()], vec(clause(), 0..3))
        .prop_map(|(range, words, clauses)| Filter { range, words, clauses: clauses.into_iter().collect() })
}

fn grouping() -> impl Strategy<Value = Grouping> {
    prop_oneof![
        3 => dimension().prop_map(Grouping::Dimension),
        1 => select(Interval::ALL).prop_map(Grouping::Time),
    ]
}

fn op() -> impl Strategy<Value = (bool, FeedbackDoc)> {
    (prop::bool::weighted(0.15), feedback())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Fills an index in several commits, with corrections and deletions.
async fn fill(batches: &[Vec<(bool, FeedbackDoc)>]) -> (Folder, Model) {
    let folder = Folder::new();
    let mut model = Model::default();
    for (n, batch) in batches.iter().enumerate() {
        let mut ops = Vec::new();
        for (delete, doc) in batch {
            let op = match (delete, model.0.contains_key(&doc.id)) {
                (true, _) => IndexOp::Delete(doc.id),
                (false, true) => IndexOp::Replace(doc.clone()),
                (false, false) => IndexOp::Insert(doc.clone()),
            };
            model.apply(&op);
            ops.push(op);
        }
        // In one call or in two: the meaning is the same.
        let half = ops.split_off(ops.len() / 2);
        folder.add(ops).await;
        folder.add(half).await;
        folder.commit(n as i64).await;
    }
    (folder, model)
}

fn cases() -> ProptestConfig {
    ProptestConfig { cases: 40, max_shrink_iters: 200, ..ProptestConfig::default() }
}

fn batches() -> impl Strategy<Value = Vec<Vec<(bool, FeedbackDoc)>>> {
    vec(vec(op(), 0..25), 1..12)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_filter_means_in_the_index_what_it_means_by_definition(batches in batches(), filters in vec(filter(), 24)) {
        runtime().block_on(async {
            let (folder, model) = fill(&batches).await;
            for settled in [false, true] {
                if settled {
                    folder.writer.settle().await.expect("merged");
                }
                for filter in &filters {
                    let query = ListQuery { filter: filter.clone(), order: Order::Oldest, page: PageRequest::first(10_000) };
                    let page = folder.reader.list(&query).await.expect("a page");
                    assert_eq!(page.keys.items, model.sorted(filter), "{filter:?}");
                    assert_eq!(page.keys.next, None);
                }
                assert_eq!(folder.reader.attributes().await.expect("attributes"), model.attributes());
            }
        });
    }

    #[test]
    fn facets_count_what_the_definitions_say(batches in batches(), filters in vec(filter(), 8)) {
        runtime().block_on(async {
            let (folder, model) = fill(&batches).await;
            let mut dimensions = Dimension::FIXED.to_vec();
            dimensions.extend(["age", "x", "unheard_of"].map(|name| Dimension::Attribute(name.to_owned())));
            for filter in &filters {
                let facets = folder.reader.facets(filter, &dimensions, 1_000).await.expect("facets");
                for (facet, dimension) in facets.iter().zip(&dimensions) {
                    assert_eq!(&facet.dimension, dimension);
                    let grouping = [Grouping::Dimension(dimension.clone())];
                    let (expected, _) = model.figures(&filter.without(dimension), &grouping, &[], LONDON);
                    let mut expected: Vec<(String, Option<u64>)> =
                        expected.into_iter().map(|(mut keys, f)| (keys.remove(0), f.count)).collect();
                    expected.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
                    let found: Vec<_> = facet.options.iter().map(|o| (o.value.clone(), o.count)).collect();
                    assert_eq!(found, expected, "{dimension} under {filter:?}");
                    assert_eq!(facet.others, 0);
                }
            }
        });
    }

    #[test]
    fn figures_of_all_groups_are_what_the_definitions_say(
        batches in batches(),
        questions in vec((filter(), vec(grouping(), 0..3), proptest::sample::subsequence(Measure::ALL.to_vec(), 0..=6)), 10),
    ) {
        runtime().block_on(async {
            let (folder, model) = fill(&batches).await;
            for (filter, group_by, measures) in &questions {
                let query = Query {
                    filter: filter.clone(),
                    group_by: group_by.clone(),
                    measures: measures.clone(),
                    compare_range: None,
                    limit: 1_000,
                };
                let answer = folder.reader.answer(&query, LONDON).await.expect("an answer");
                let (mut expected, total) = model.figures(filter, group_by, measures, LONDON);
                let what = format!("{group_by:?} under {filter:?}");
                assert_same(&answer.total, &total, &what);
                if group_by.is_empty() {
                    assert!(answer.groups.is_empty());
                    continue;
                }
                for group in &answer.groups {
                    match expected.remove(&group.keys) {
                        Some(figures) => assert_same(&group.figures, &figures, &format!("{:?} of {what}", group.keys)),
                        None => assert_eq!(group.figures.count, Some(0), "{:?} of {what}", group.keys),
                    }
                }
                assert!(expected.is_empty(), "{expected:?} is missing of {what}");
            }
        });
    }

    #[test]
    fn pages_follow_one_another_without_gap_or_repeat(
        batches in batches(),
        filter in filter(),
        newest in any::<bool>(),
        limit in 1..8usize,
    ) {
        runtime().block_on(async {
            let (folder, model) = fill(&batches).await;
            let mut expected = model.sorted(&filter);
            if newest {
                expected.reverse();
            }
            let order = if newest { Order::Newest } else { Order::Oldest };
            let mut query = ListQuery { filter: filter.clone(), order, page: PageRequest::first(limit) };
            let mut found = Vec::new();
            loop {
                let keys = folder.reader.list(&query).await.expect("a page").keys;
                found.extend(keys.items.iter().copied());
                let Some(cursor) = keys.next else { break };
                assert_eq!(keys.items.len(), limit);
                query.page = PageRequest::after(cursor, limit);
            }
            assert_eq!(found, expected);
        });
    }
}

//! Enough feedback that work is cut into parts and shared between threads.

use commonweal_domain::PageRequest;
use commonweal_domain::filter::TimeRange;
use commonweal_domain::question::{Grouping, Interval, ListQuery, Measure, Order, Query};
use commonweal_domain::*;
use commonweal_ports::{FeedbackIndex, IndexOp};

use super::model::*;

/// More than a part of 65,536 documents in one segment, others beside it, with deletions.
const MANY: u64 = 85_000;

fn feedback(n: u64) -> FeedbackDoc {
    let theme = |n: u64| format!("theme-{}", n % 13);
    let mut made = doc(n, (n * 7_919 % 200_000) as i64);
    made.service = (!n.is_multiple_of(5)).then(|| format!("service-{}", n % 17 % 5));
    made.page = Some(format!("/page/{}", n % 3_001));
    made.channel = Channel::ALL[(n / 3) as usize % Channel::ALL.len()];
    if !n.is_multiple_of(4) {
        let word = ["late", "early", "never"][n as usize % 3];
        made.comments = vec![comment(&format!("the bus was {word} again, stop {}", n % 257))];
        made.comments[0].reading.themes = (0..n % 3).map(|t| theme(n / 2 + t * 5)).collect();
        made.comments[0].reading.sentiment = Some(Sentiment::ALL[n as usize % 5]);
        made.comments[0].reading.sentiment_score = Some((n % 101) as f64 / 50.0 - 1.0);
    }
    if !n.is_multiple_of(3) {
        made.ratings = vec![Rating { name: "overall".into(), value: (n % 11) as f64, worst: 0.0, best: 10.0 }];
    }
    if n.is_multiple_of(2) {
        made.attributes.insert("age_band".to_owned(), format!("{}0s", n % 9));
    }
    made
}

fn filters() -> Vec<Filter> {
    let mut filters = vec![Filter::default()];
    let mut add = |typed: &str, range: Option<(i64, i64)>| {
        let mut filter = Filter::default();
        search::parse(typed, &mut filter).expect("understood");
        if let Some((from, to)) = range {
            filter.range = TimeRange { from: Some(after(from)), to: Some(after(to)) };
        }
        filters.push(filter);
    };
    add("channel:web -service:service-1", None);
    add("-service:service-1", None);
    add("\"bus was late\"", None);
    add("stop 25*", Some((20_000, 90_000)));
    add("-never attr.age_band:20s", None);
    add("page:/page/7 OR late", None);
    add("service:service-2 theme:theme-3 late", Some((0, 150_000)));
    filters.last_mut().expect("there are some").add(Dimension::Theme, "theme-4");
    filters
}

#[tokio::test]
async fn parts_and_threads_make_no_difference() {
    let folder = Folder::roomy();
    let mut model = Model::default();
    let mut change = 0;
    for batch in [0..74_000, 74_000..MANY - 100, MANY - 100..MANY] {
        folder.add(batch.map(|n| IndexOp::Insert(feedback(n))).collect()).await;
        change += 1;
        folder.commit(change).await;
    }
    let gone: Vec<IndexOp> = (0..MANY).step_by(97).map(|n| IndexOp::Delete(id(n))).collect();
    let moved: Vec<IndexOp> =
        (5..MANY).step_by(1_009).map(|n| IndexOp::Replace(FeedbackDoc { id: id(n), ..feedback(n + 1) })).collect();
    let ops: Vec<IndexOp> =
        (0..MANY).map(|n| IndexOp::Insert(feedback(n))).chain(gone.clone()).chain(moved.clone()).collect();
    ops.iter().for_each(|op| model.apply(op));
    folder.add(gone).await;
    folder.add(moved).await;
    folder.commit(change + 1).await;
    for filter in filters() {
        check(&folder, &model, &filter).await;
    }
}

async fn check(folder: &Folder, model: &Model, filter: &Filter) {
    let list = ListQuery { filter: filter.clone(), order: Order::Newest, page: PageRequest::first(9_999) };
    let page = folder.reader.list(&list).await.expect("a page");
    let mut expected = model.sorted(filter);
    expected.reverse();
    assert_eq!(page.keys.next.is_some(), expected.len() > 9_999);
    expected.truncate(9_999);
    assert!(page.keys.items == expected, "{filter:?}");
    let dimension = |d: Dimension| Grouping::Dimension(d);
    let tables = [
        vec![],
        vec![dimension(Dimension::Page)],
        vec![dimension(Dimension::Theme), dimension(Dimension::Channel)],
        vec![dimension(Dimension::Attribute("age_band".into())), dimension(Dimension::Theme)],
        vec![Grouping::Time(Interval::Day), dimension(Dimension::Service)],
        vec![dimension(Dimension::Sentiment), dimension(Dimension::Rating)],
    ];
    for group_by in tables {
        let query = Query {
            filter: filter.clone(),
            group_by: group_by.clone(),
            measures: Measure::ALL.to_vec(),
            compare_range: None,
            limit: 10_000,
        };
        let answer = folder.reader.answer(&query, LONDON).await.expect("an answer");
        let (mut groups, total) = model.figures(filter, &group_by, Measure::ALL, LONDON);
        assert_same(&answer.total, &total, &format!("all under {filter:?}"));
        for group in &answer.groups {
            if let Some(figures) = groups.remove(&group.keys) {
                assert_same(&group.figures, &figures, &format!("{:?} under {filter:?}", group.keys));
            } else {
                assert_eq!(group.figures.count, Some(0), "{:?} under {filter:?}", group.keys);
            }
        }
        assert!(groups.is_empty() || group_by.is_empty(), "{} groups are missing under {filter:?}", groups.len());
    }
    let dimensions: Vec<Dimension> =
        Dimension::FIXED.iter().cloned().chain([Dimension::Attribute("age_band".into())]).collect();
    for facet in folder.reader.facets(filter, &dimensions, 10_000).await.expect("facets") {
        let by = [Grouping::Dimension(facet.dimension.clone())];
        let (groups, _) = model.figures(&filter.without(&facet.dimension), &by, &[], LONDON);
        assert_eq!(facet.options.len(), groups.len());
        for option in facet.options {
            assert_eq!(
                option.count,
                groups[&vec![option.value.clone()]].count,
                "{} of {}",
                option.value,
                facet.dimension
            );
        }
    }
}

//! The form of answers: order, empty steps, comparison, limits.

use chrono_tz::Tz;
use commonweal_domain::PageRequest;
use commonweal_domain::filter::{NONE, TimeRange};
use commonweal_domain::question::{Answer, Grouping, Interval, Measure, Query};
use commonweal_domain::*;
use commonweal_ports::{FeedbackIndex, IndexError, IndexOp};

use super::model::*;

fn query(group_by: &[Grouping]) -> Query {
    Query {
        filter: Filter::default(),
        group_by: group_by.to_vec(),
        measures: vec![Measure::Count, Measure::Rating],
        compare_range: None,
        limit: 100,
    }
}

fn keys(answer: &Answer) -> Vec<String> {
    answer.groups.iter().map(|g| g.keys.join(" · ")).collect()
}

fn counts(answer: &Answer) -> Vec<u64> {
    answer.groups.iter().map(|g| g.figures.count.expect("not suppressed here")).collect()
}

fn by(dimension: Dimension) -> Grouping {
    Grouping::Dimension(dimension)
}

fn of_service(n: u64, minutes: i64, service: &str) -> FeedbackDoc {
    FeedbackDoc { service: Some(service.to_owned()), ..doc(n, minutes) }
}

fn rated(n: u64, minutes: i64, stars: f64) -> FeedbackDoc {
    let ratings = vec![Rating { name: "overall".into(), value: stars, worst: 1.0, best: 5.0 }];
    FeedbackDoc { ratings, ..doc(n, minutes) }
}

#[tokio::test]
async fn groups_come_largest_first_then_by_name_and_the_rest_is_counted() {
    let services = ["b", "a", "c", "c", "d", "e"];
    let docs: Vec<_> = services.iter().enumerate().map(|(n, s)| of_service(n as u64, 0, s)).collect();
    let folder = Folder::with(&docs).await;
    let question = Query { limit: 3, ..query(&[by(Dimension::Service)]) };
    let answer = folder.reader.answer(&question, LONDON).await.expect("an answer");
    assert_eq!(keys(&answer), ["c", "a", "b"]);
    assert_eq!(answer.others, 2);
    assert_eq!(answer.total.count, Some(6));
}

#[tokio::test]
async fn a_feedback_with_several_themes_counts_once_under_each_and_once_in_all() {
    let mut several = with_words(1, &["one", "two"]);
    several.comments[0].reading.themes = vec!["staff".into(), "waiting".into()];
    several.comments[1].reading.themes = vec!["staff".into()];
    let folder = Folder::with(&[several, doc(2, 0)]).await;
    let answer = folder.reader.answer(&query(&[by(Dimension::Theme)]), LONDON).await.expect("an answer");
    assert_eq!(keys(&answer), [NONE, "staff", "waiting"]);
    assert_eq!(counts(&answer), [1, 1, 1]);
    assert_eq!(answer.total.count, Some(2));
}

#[tokio::test]
async fn steps_without_feedback_between_the_first_and_the_last_are_there_with_zeros() {
    let folder = Folder::with(&[doc(1, 0), doc(2, 3 * 24 * 60)]).await;
    let answer = folder.reader.answer(&query(&[Grouping::Time(Interval::Day)]), LONDON).await.expect("an answer");
    assert_eq!(keys(&answer), ["2023-10-28", "2023-10-29", "2023-10-30", "2023-10-31"]);
    assert_eq!(counts(&answer), [1, 0, 0, 1]);
    assert_eq!(answer.groups[1].figures.values[1].value, None, "no base, no mean");
}

#[tokio::test]
async fn a_closed_period_shows_all_its_steps_and_the_hour_that_comes_twice_twice() {
    let folder = Folder::with(&[doc(1, 0)]).await;
    let mut question = query(&[Grouping::Time(Interval::Hour)]);
    let day = |text: &str| text.parse().expect("an instant");
    question.filter.range =
        TimeRange { from: Some(day("2023-10-28T23:00:00Z")), to: Some(day("2023-10-30T00:00:00Z")) };
    let answer = folder.reader.answer(&question, LONDON).await.expect("an answer");
    assert_eq!(answer.groups.len(), 25);
    assert_eq!(keys(&answer)[1..3], ["2023-10-29T01:00+01:00", "2023-10-29T01:00+00:00"]);
}

#[tokio::test]
async fn no_feedback_in_an_open_period_is_no_step() {
    let folder = Folder::with(&[]).await;
    for grouping in [Grouping::Time(Interval::Hour), by(Dimension::Page)] {
        let answer = folder.reader.answer(&query(&[grouping]), LONDON).await.expect("an answer");
        assert!(answer.groups.is_empty());
        assert_eq!(answer.total.count, Some(0));
    }
}

#[tokio::test]
async fn a_trend_by_service_has_every_step_for_every_service() {
    let day = 24 * 60;
    let folder = Folder::with(&[of_service(1, 0, "a"), of_service(2, 2 * day, "a"), of_service(3, day, "b")]).await;
    let question = query(&[Grouping::Time(Interval::Day), by(Dimension::Service)]);
    let answer = folder.reader.answer(&question, LONDON).await.expect("an answer");
    assert_eq!(
        keys(&answer),
        ["2023-10-28 · a", "2023-10-28 · b", "2023-10-29 · a", "2023-10-29 · b", "2023-10-30 · a", "2023-10-30 · b"]
    );
    assert_eq!(counts(&answer), [1, 0, 0, 1, 1, 0]);
}

#[tokio::test]
async fn steps_are_compared_by_place_and_values_by_name() {
    let day = 24 * 60;
    let docs =
        [rated(1, 0, 1.0), rated(2, day, 2.0), rated(3, 7 * day, 4.0), rated(4, 8 * day, 5.0), rated(5, 8 * day, 4.0)];
    let folder = Folder::with(&docs).await;
    let at = |minutes| Some(after(minutes));
    let mut question = query(&[Grouping::Time(Interval::Day)]);
    question.filter.range = TimeRange { from: at(7 * day - 60), to: at(9 * day - 60) };
    question.compare_range = Some(TimeRange { from: at(-60), to: at(2 * day - 60) });
    let answer = folder.reader.answer(&question, Tz::UTC).await.expect("an answer");
    assert_eq!(counts(&answer), [1, 2, 0]);
    let before: Vec<_> = answer.groups.iter().map(|g| g.before.as_ref().expect("compared").clone()).collect();
    assert_eq!(before.iter().map(|f| f.count).collect::<Vec<_>>(), [Some(1), Some(1), Some(0)]);
    assert_eq!(before[1].values[1].value, Some(2.0));
    let mean = answer.total.values[1].value.expect("rated");
    assert!((mean - 13.0 / 3.0).abs() < 1e-12, "{mean}");
    assert_eq!(answer.total_before.expect("compared").values[1].value, Some(1.5));

    question.group_by = vec![by(Dimension::Rating)];
    let answer = folder.reader.answer(&question, Tz::UTC).await.expect("an answer");
    assert_eq!(keys(&answer), ["4", "5"]);
    assert!(answer.groups.iter().all(|g| g.before.as_ref().expect("compared").count == Some(0)));
}

#[tokio::test]
async fn too_many_steps_or_groupings_are_refused_with_advice() {
    let folder = Folder::with(&[doc(1, 0), doc(2, 60 * 24 * 365 * 10)]).await;
    let hours = folder.reader.answer(&query(&[Grouping::Time(Interval::Hour)]), LONDON).await;
    assert!(matches!(hours, Err(IndexError::TooLarge(text)) if text.contains("coarser step")));
    let three = query(&[by(Dimension::Page), by(Dimension::Area), by(Dimension::Device)]);
    assert!(matches!(folder.reader.answer(&three, LONDON).await, Err(IndexError::TooLarge(_))));
}

#[tokio::test]
async fn hours_of_a_few_days_are_answered_though_other_feedback_is_ten_years_away() {
    let mut far = doc(2, 60 * 24 * 365 * 10);
    far.channel = Channel::Phone;
    let folder = Folder::with(&[doc(1, 0), far, doc(3, 150)]).await;
    let mut question = query(&[Grouping::Time(Interval::Hour)]);
    question.filter.add(Dimension::Channel, "web");
    let answer = folder.reader.answer(&question, LONDON).await.expect("an answer");
    assert_eq!(counts(&answer), [1, 0, 1]);
}

#[tokio::test]
async fn a_question_keeps_within_its_memory() {
    let at = tempfile::tempdir().expect("a folder");
    let options = commonweal_index::Options { query_memory_bytes: 20_000, ..options() };
    let Ok(commonweal_index::Opened::Fresh(reader, writer)) = commonweal_index::open(at.path(), options) else {
        panic!("a fresh index");
    };
    let docs = (0..2_000).map(|n| FeedbackDoc { page: Some(format!("/{n}")), ..doc(n, 0) });
    let folder = Folder { reader, writer, at };
    folder.add(docs.map(IndexOp::Insert).collect()).await;
    folder.commit(1).await;
    let question = Query { limit: 10_000, ..query(&[by(Dimension::Page)]) };
    assert!(matches!(folder.reader.answer(&question, LONDON).await, Err(IndexError::TooLarge(_))));
}

#[tokio::test]
async fn words_are_found_as_they_are_folded_and_phrases_stay_within_a_comment() {
    let docs = [
        with_words(1, &["The bus", "stop it"]),
        with_words(2, &["Don’t stop at the BUS STOP, please"]),
        with_words(3, &["no words of that kind", "Ysbyty Tŷ Bach"]),
    ];
    let folder = Folder::with(&docs).await;
    let cases: [(&str, &[u64]); 9] = [
        ("\"bus stop\"", &[2]),
        ("bus stop", &[1, 2]),
        ("dont", &[2]),
        ("ty", &[3]),
        ("ysb*", &[3]),
        ("stop -please", &[1]),
        ("it OR kind", &[1, 3]),
        ("-\"bus stop\" -ty", &[1]),
        ("\"stop at the bus stop\"", &[2]),
    ];
    for (typed, expected) in cases {
        let mut question = query(&[by(Dimension::Source)]);
        search::parse(typed, &mut question.filter).expect("understood");
        let answer = folder.reader.answer(&question, LONDON).await.expect("an answer");
        assert_eq!(answer.total.count, Some(expected.len() as u64), "{typed}");
        let listed = folder
            .reader
            .list(&question::ListQuery {
                filter: question.filter,
                order: question::Order::Oldest,
                page: PageRequest::first(10),
            })
            .await
            .expect("a page");
        let expected: Vec<_> = expected.iter().map(|n| id(*n)).collect();
        assert_eq!(listed.keys.items.iter().map(|(_, id)| *id).collect::<Vec<_>>(), expected, "{typed}");
    }
}

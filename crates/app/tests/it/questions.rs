//! Questions: figures with bases, comparisons, small groups.

use commonweal_app::Question;
use commonweal_domain::question::{Compare, Grouping, Interval, Measure};
use commonweal_domain::{Actor, Channel, Dimension, Filter, period};
use commonweal_testkit::app::{TestApp, feedback, instant};
use commonweal_testkit::duties::ANALYST;
use commonweal_testkit::on_both_engines;

async fn sample(t: &TestApp) {
    people(t, 12, 40).await;
}

/// Three people of the oldest, so many of the next, and the rest of the youngest age band.
async fn people(t: &TestApp, next: u32, all: u32) {
    let mut items = Vec::new();
    for n in 0..all {
        let age = if n < 3 {
            "85+"
        } else if n < 3 + next {
            "65-84"
        } else {
            "18-64"
        };
        let at = if n % 2 == 0 { "2024-03-10T12:00:00Z" } else { "2024-02-10T12:00:00Z" };
        items.push(
            feedback()
                .rating(f64::from(n % 5 + 1))
                .channel(if n % 4 == 0 { Channel::Phone } else { Channel::Web })
                .attribute("age_band", age)
                .at(at)
                .done(),
        );
    }
    t.submit(items).await;
    t.index().await;
}

fn by(dimension: Dimension) -> Question {
    Question { group_by: vec![Grouping::Dimension(dimension)], ..Question::default() }
}

on_both_engines! {
    async fn a_small_group_of_people_can_not_be_worked_out(db: TestDb) {
        let t = TestApp::with(db).await;
        sample(&t).await;
        let answer = t.app.answer(&Actor::Operator, &by(Dimension::Attribute("age_band".into()))).await.expect("an answer");
        let shown: Vec<_> = answer.groups.iter().map(|g| (g.keys[0].as_str(), g.figures.count)).collect();
        assert!(shown.iter().all(|(age, count)| *age != "85+" && count.is_some_and(|n| n % 5 == 0)), "{shown:?}");
        assert!(answer.total.count.is_some_and(|n| n % 5 == 0), "total less groups is no count of people");
        let exact = t.app.answer(&Actor::OperatorExact, &by(Dimension::Attribute("age_band".into()))).await.expect("an answer");
        assert_eq!(exact.groups.iter().map(|g| g.figures.count).collect::<Vec<_>>(), [Some(25), Some(12), Some(3)]);
        assert_eq!((exact.total.count, exact.protection), (Some(40), None));
    }

    async fn asking_again_or_in_other_words_gives_the_same_noise(db: TestDb) {
        let t = TestApp::with(db).await;
        // So many that noise hides none of the two.
        people(&t, 60, 200).await;
        let age = Dimension::Attribute("age_band".into());
        let grouped = t.app.answer(&Actor::Operator, &by(age.clone())).await.expect("an answer");
        let middle = grouped.groups.iter().find(|g| g.keys[0] == "18-64").expect("large enough").figures.count;
        let mut filtered = Question::default();
        filtered.filter.add(age.clone(), "18-64");
        let mut in_words = filtered.clone();
        in_words.filter.add(Dimension::Direction, "in");
        for question in [filtered, in_words] {
            assert_eq!(t.app.answer(&Actor::Operator, &question).await.expect("an answer").total.count, middle);
        }
        // Several values are the sum of theirs, unrounded: no new noise, and nothing to average out.
        let question = Question { measures: vec![Measure::Count, Measure::Rating, Measure::Satisfied], ..by(Dimension::Channel) };
        let mut both = question.clone();
        both.filter.add(age.clone(), "18-64");
        both.filter.add(age, "65-84");
        let refused = t.app.answer(&Actor::Operator, &both).await.expect_err("everybody else is three people");
        assert!(refused.to_string().contains("less than 10"), "{refused}");
    }

    async fn leaving_a_small_group_out_shows_nothing_either(db: TestDb) {
        let t = TestApp::with(db).await;
        sample(&t).await;
        let mut question = by(Dimension::Channel);
        question.filter.add(Dimension::Attribute("age_band".into()), "!85+");
        let refused = t.app.answer(&Actor::Operator, &question).await.expect_err("what people are not");
        assert!(refused.to_string().contains("Choose the values that you mean"), "{refused}");
    }

    async fn a_month_is_compared_with_the_month_before(db: TestDb) {
        let t = TestApp::with(db).await;
        sample(&t).await;
        let zone = t.app.settings().time_zone;
        let range = period::parse("2024-03", instant("2024-04-10T12:00:00Z"), zone).expect("a period");
        let question = Question {
            filter: Filter { range, ..Filter::default() },
            measures: vec![Measure::Count, Measure::Rating],
            compare: Some(Compare::PeriodBefore),
            ..Question::default()
        };
        let answer = t.app.answer(&Actor::Operator, &question).await.expect("an answer");
        assert_eq!((answer.total.count, answer.total_before.and_then(|b| b.count)), (Some(20), Some(20)));
        assert_eq!(answer.total.values[1].base, Some(20));
    }

    async fn a_trend_has_a_step_for_every_day_of_a_closed_period(db: TestDb) {
        let t = TestApp::with(db).await;
        sample(&t).await;
        let zone = t.app.settings().time_zone;
        let range = period::parse("2024-03", instant("2024-04-10T12:00:00Z"), zone).expect("a period");
        let filter = Filter { range, ..Filter::default() };
        let question = Question { filter, group_by: vec![Grouping::Time(Interval::Day)], limit: 100, ..Question::default() };
        let answer = t.app.answer(&Actor::Operator, &question).await.expect("an answer");
        assert_eq!(answer.groups.len(), 31);
        assert_eq!(answer.groups[9].figures.count, Some(20));
    }

    async fn a_comparison_without_a_closed_period_is_refused_with_the_remedy(db: TestDb) {
        let t = TestApp::with(db).await;
        let question = Question { compare: Some(Compare::YearBefore), ..Question::default() };
        let refused = t.app.answer(&Actor::Operator, &question).await.expect_err("open period");
        assert!(refused.to_string().contains("beginning and an end"), "{refused}");
    }

    async fn a_correction_stays_and_is_counted(db: TestDb) {
        use commonweal_domain::{Sentiment, Verdict};
        let t = TestApp::with(db).await;
        let id = t.submit(vec![feedback().rating(5.0).comment("Great, another two hours in the queue").done()]).await[0].id;
        let analyst = t.user(ANALYST).await;
        let actor = analyst.actor();
        let comment = t.app.feedback(&actor, id).await.expect("there").comments[0].id;
        t.app.correct(&actor, comment, Verdict::Say { sentiment: Some(Sentiment::Negative), themes: None }, None).await.expect("corrected");
        t.index().await;
        let answer = t.app.answer(&actor, &by(Dimension::Sentiment)).await.expect("an answer");
        assert_eq!(answer.groups[0].keys, ["negative"]);
    }
}

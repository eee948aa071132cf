//! Findings: what they say can be asked again, they agree with the other answers, and small groups do not
//! show in them.

use commonweal_app::understand::findings::{Baseline, FigureKind, Finding, FindingKind, Outcome};
use commonweal_app::{Error, Findings, Question};
use commonweal_domain::permission::Scope;
use commonweal_domain::question::Measure;
use commonweal_domain::{Actor, ApiKeyId, Dimension, Filter, NewFeedback, period};
use commonweal_testkit::app::{FeedbackBuilder, TestApp, feedback, instant};
use commonweal_testkit::on_both_engines;

async fn fill(t: &TestApp, items: Vec<NewFeedback>) {
    for batch in items.chunks(500) {
        t.submit(batch.to_vec()).await;
    }
    t.index().await;
}

fn at(touchpoint: &str, rating: f64) -> FeedbackBuilder {
    feedback().service("Blue Badge").touchpoint(touchpoint).rating(rating).at("2024-03-10T10:00:00Z")
}

/// Two months: in the second many more wait, and those who wait are not satisfied.
fn waiting() -> Vec<NewFeedback> {
    let mut items = Vec::new();
    for n in 0..200_u32 {
        let waits = n < 20;
        let words = if waits { "I waited and waited" } else { "The staff were friendly and kind" };
        let item = at(if waits { "Wait" } else { "Apply" }, if waits { 1.0 } else { 5.0 });
        items.push(item.comment(words).at("2024-02-01T10:00:00Z").done());
    }
    for n in 0..200_u32 {
        let waits = n < 90;
        let words = if waits { "I waited and waited" } else { "The staff were friendly and kind" };
        let rating = if waits && n % 5 != 0 { 1.0 } else { 5.0 };
        let item = at(if waits { "Wait" } else { "Apply" }, rating).comment(words);
        items.push(item.attribute("age_band", if n % 2 == 0 { "65+" } else { "18-64" }).done());
    }
    items
}

fn of_kind(found: &Findings, kind: FindingKind) -> Option<&Finding> {
    found.findings.iter().find(|finding| finding.kind == kind)
}

async fn march(t: &TestApp) -> Filter {
    let range = period::parse("2024-03", t.app.now(), t.app.settings().time_zone).expect("a period");
    Filter { range, ..Filter::default() }
}

async fn counted(t: &TestApp, filter: &Filter) -> u64 {
    let question = Question { filter: filter.clone(), ..Question::default() };
    t.app.answer(&Actor::Operator, &question).await.expect("an answer").total.count.expect("it is shown")
}

on_both_engines! {
    async fn findings_say_what_changed_where_people_are_least_satisfied_and_which_theme_costs_most(db: TestDb) {
        let t = TestApp::with(db).await;
        t.app.begin_codeframe().await.expect("a codeframe");
        fill(&t, waiting()).await;
        let found = t.app.findings(&Actor::Operator, &march(&t).await).await.expect("findings");
        let first = &found.findings[0];
        assert_eq!((first.kind, first.outcome), (FindingKind::Satisfaction, Outcome::Lower));
        assert_eq!(first.now.value, Some(128.0 / 200.0));
        assert_eq!(first.against.map(|a| (a.baseline, a.figure.value)), Some((Baseline::PeriodBefore, Some(0.9))));

        let weakest = of_kind(&found, FindingKind::WeakestPlace).expect("a place");
        assert_eq!(weakest.subject(&Dimension::Touchpoint), Some("blue-badge/wait"));
        assert_eq!(weakest.now.base, Some(90));
        let journey = t.app.journey(&Actor::Operator, &found.question).await.expect("a journey");
        assert_eq!(journey.weakest.as_ref(), Some(weakest), "the journey names the same place");

        let costliest = of_kind(&found, FindingKind::CostliestTheme).expect("a theme");
        let changed = of_kind(&found, FindingKind::ThemeChange).expect("a theme");
        assert_eq!(costliest.about, changed.about, "more people wait, and they are the dissatisfied ones");
        assert_eq!(changed.outcome, Outcome::Higher);
        assert_eq!(changed.since, Some(instant("2024-03-01T00:00:00Z")));
        assert!(of_kind(&found, FindingKind::PraisedTheme).is_some());
    }

    async fn what_a_finding_says_can_be_asked_again_by_its_filters(db: TestDb) {
        let t = TestApp::with(db).await;
        t.app.begin_codeframe().await.expect("a codeframe");
        fill(&t, waiting()).await;
        let found = t.app.findings(&Actor::Operator, &march(&t).await).await.expect("findings");
        assert!(found.findings.len() >= 5, "{found:#?}");
        for finding in &found.findings {
            let now = finding.now.value.expect("a figure");
            match finding.figure {
                FigureKind::Satisfied => {
                    let question = Question {
                        filter: finding.of.clone(),
                        measures: vec![Measure::Satisfied],
                        ..Question::default()
                    };
                    let asked = t.app.answer(&Actor::Operator, &question).await.expect("an answer").total.values[0];
                    assert!((asked.value.expect("a share") - now).abs() < 1e-12, "{finding:#?}");
                    assert_eq!(asked.base, finding.now.base, "{finding:#?}");
                }
                FigureKind::Mentioned | FigureKind::Met => {
                    let (part, base) = (counted(&t, &finding.filter).await, counted(&t, &finding.of).await);
                    assert!((part as f64 / base as f64 - now).abs() < 1e-12, "{part} of {base}: {finding:#?}");
                }
                FigureKind::Count | FigureKind::NegativeCount => {
                    assert!((counted(&t, &finding.filter).await as f64 - now).abs() < 1e-9, "{finding:#?}");
                }
            }
            assert!(counted(&t, &finding.filter).await > 0, "its comments can be listed: {finding:#?}");
            let written = serde_json::to_string(finding).expect("a finding can be written");
            let read = serde_json::from_str::<Finding>(&written).expect("and read back");
            // Figures come back but for their last digit.
            let said = |f: &Finding| (f.kind, f.about.clone(), f.outcome, f.of.clone(), f.filter.clone(), f.since, f.as_of);
            assert_eq!(said(&read), said(finding));
            assert!((read.now.value.expect("a figure") - now).abs() < 1e-12, "{finding:#?}");
        }
    }

    async fn small_groups_do_not_show_in_findings(db: TestDb) {
        let t = TestApp::with(db).await;
        t.app.begin_codeframe().await.expect("a codeframe");
        let mut items = waiting();
        // Seven people of a village, all of whom wait; with the body's minimum of 10 they are not shown.
        items.extend((0..7).map(|_| at("Wait", 1.0).comment("I waited and waited").area("Little Village").done()));
        items.extend((0..40).map(|_| at("Apply", 5.0).comment("Friendly staff").area("Town").done()));
        fill(&t, items).await;
        let mut few = march(&t).await;
        few.add(Dimension::Area, "Little Village");
        let refused = t.app.findings(&Actor::Operator, &few).await.expect_err("so few people that nothing may be told");
        assert!(refused.to_string().contains("Little Village"), "{refused}");
        let all = t.app.findings(&Actor::Operator, &march(&t).await).await.expect("findings");
        let text = serde_json::to_string(&all).expect("it can be written");
        assert!(!text.contains("Little Village"), "{text}");

        // Under a filter on people figures that rest on a few are not held against anything.
        let mut town = march(&t).await;
        town.add(Dimension::Area, "Town");
        for finding in t.app.findings(&Actor::Operator, &town).await.expect("findings").findings {
            assert!(finding.now.base.is_none_or(|base| base >= 10), "{finding:#?}");
        }
    }

    async fn without_feedback_nothing_is_found(db: TestDb) {
        let t = TestApp::with(db).await;
        let found = t.app.findings(&Actor::Operator, &Filter::default()).await.expect("an answer");
        assert_eq!(found.findings, []);
        assert_eq!(t.app.periods(&Actor::Operator, &Filter::default()).await.expect("an answer"), None);
    }

    async fn findings_need_the_permission_to_read(db: TestDb) {
        let t = TestApp::with(db).await;
        let writer = Actor::Key { id: ApiKeyId(uuid::Uuid::nil()), scopes: vec![Scope::FeedbackWrite] };
        let refused = t.app.findings(&writer, &Filter::default()).await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
    }
}

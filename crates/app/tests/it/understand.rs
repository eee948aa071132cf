//! What is worked out from answers: the journey, words, who is hit, what changed, what drives
//! satisfaction. Expected figures are worked out by hand.

use commonweal_app::{ChangesOptions, Error, Question, WordVectors, WordsOptions};
use commonweal_domain::permission::Scope;
use commonweal_domain::question::{Grouping, Interval, ListQuery, Measure, Order};
use commonweal_domain::records::{Codeframe, Theme};
use commonweal_domain::{
    Actor, ApiKeyId, Channel, CodeframeId, Dimension, Filter, NewFeedback, PageRequest, ThemeId, Verdict, period,
};
use commonweal_testkit::app::{FeedbackBuilder, TestApp, feedback, instant};
use commonweal_testkit::duties::ANALYST;
use commonweal_testkit::{kept, on_both_engines};

fn everything() -> Filter {
    Filter::default()
}

fn only(dimension: Dimension, value: &str) -> Filter {
    let mut filter = Filter::default();
    filter.add(dimension, value);
    filter
}

async fn fill(t: &TestApp, items: impl IntoIterator<Item = FeedbackBuilder>) {
    let items: Vec<NewFeedback> = items.into_iter().map(FeedbackBuilder::done).collect();
    for batch in items.chunks(500) {
        t.submit(batch.to_vec()).await;
    }
    t.index().await;
}

fn badge(touchpoint: &str) -> FeedbackBuilder {
    feedback().service("Blue Badge").touchpoint(touchpoint)
}

/// The reason of a refusal.
fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.expect_err("it is refused").to_string()
}

struct Vectors;

impl WordVectors for Vectors {
    fn vector(&self, term: &str) -> Option<Vec<f32>> {
        match term {
            "bins" | "refuse" => Some(vec![1.0, 0.0]),
            "council" => Some(vec![0.0, 1.0]),
            _ => None,
        }
    }
}

on_both_engines! {
    async fn a_journey_has_the_figures_of_the_explorer_in_the_services_order(db: TestDb) {
        let t = TestApp::with(db).await;
        let names = ["Find out", "Apply", "Wait"].map(str::to_owned);
        t.app.add_service(&Actor::Operator, "Blue Badge", &names).await.expect("a service");
        let wait = (0..6).map(|n| badge("Wait").rating(f64::from(1 + n % 2)).channel(Channel::Phone));
        let apply = (0..4).map(|n| badge("Apply").rating(if n == 0 { 2.0 } else { 4.0 }).channel(Channel::Web));
        let nowhere = feedback().service("Blue Badge").rating(5.0);
        fill(&t, wait.chain(apply).chain([nowhere, feedback().rating(3.0)])).await;

        let journey = t.app.journey(&Actor::Operator, &everything()).await.expect("a journey");
        assert_eq!(journey.services.len(), 1);
        let service = &journey.services[0];
        let points: Vec<_> = service.touchpoints.iter().map(|p| (p.name.as_str(), p.figures.count)).collect();
        assert_eq!(points, [("Find out", Some(0)), ("Apply", Some(4)), ("Wait", Some(6))]);
        assert_eq!((service.figures.count, service.elsewhere.count), (Some(11), Some(1)));
        assert_eq!((journey.without_service.count, journey.total.count), (Some(1), Some(12)));
        let apply = &service.touchpoints[1];
        assert_eq!((apply.channels.len(), apply.channels[0].channel.as_str()), (1, "web"));
        assert_eq!((apply.figures.satisfied.value, apply.figures.satisfied.base), (Some(0.75), Some(4)));
        // 2, 4, 4, 4: mean 3.5, deviation 1, Student's t with 3 degrees of freedom 3.182.
        let rating = apply.figures.rating;
        assert_eq!(rating.value, Some(3.5));
        assert!((rating.low.expect("an interval") - (3.5 - 3.182_446 / 2.0)).abs() < 1e-5, "{rating:?}");
        assert_eq!(rating.high, Some(5.0), "no rating is above 5");

        let question = Question {
            group_by: vec![Grouping::Dimension(Dimension::Touchpoint)],
            measures: vec![Measure::Satisfied, Measure::Rating, Measure::Sentiment, Measure::Negative],
            ..Question::default()
        };
        let answer = t.app.answer(&Actor::Operator, &question).await.expect("an answer");
        for group in answer.groups.iter().filter(|g| g.keys[0] != "(none)") {
            let point = service.touchpoints.iter().find(|p| p.key == group.keys[0]).expect("a touchpoint");
            assert_eq!(point.figures.count, group.figures.count);
            let values = [point.figures.satisfied, point.figures.rating, point.figures.sentiment, point.figures.negative];
            for (ours, theirs) in values.iter().zip(&group.figures.values) {
                assert_eq!((ours.value, ours.base), (theirs.value, theirs.base));
            }
        }
    }

    async fn a_journey_of_few_people_is_not_shown(db: TestDb) {
        let t = TestApp::with(db).await;
        let many = (0..30).map(|_| badge("Apply").rating(4.0).area("North"));
        fill(&t, many.chain((0..3).map(|_| badge("Wait").rating(1.0).area("North"))).chain((0..30).map(|_| badge("Wait").rating(1.0).area("South")))).await;
        let journey = t.app.journey(&Actor::Operator, &only(Dimension::Area, "North")).await.expect("a journey");
        let waits = journey.services[0].touchpoints.iter().find(|p| p.name == "Wait").expect("a touchpoint");
        assert_eq!((waits.figures.count, waits.channels.len()), (None, 0), "{journey:?}");
        assert!(journey.total.count.is_some_and(|n| n % 5 == 0), "{journey:?}");
        assert!(journey.suppressed >= 1);
    }

    async fn a_word_that_only_the_public_uses_is_found_with_its_place(db: TestDb) {
        let t = TestApp::with(db).await;
        let say = |n: u32| if n < 20 { "The bins were not emptied again this week" } else { "The council was helpful this week" };
        fill(&t, (0..40).map(|n| feedback().rating(2.0).comment(say(n)))).await;
        let body = vec!["The council collects refuse this week. Refuse is taken away. Put your refuse out for the council.".repeat(5)];
        let options = WordsOptions::default();
        let answer = t.app.words(&Actor::Operator, &everything(), &body, &options, Some(&Vectors)).await.expect("words");
        let bins = answer.by_public.iter().find(|w| w.word == "bins").expect("bins");
        assert_eq!((bins.public_count, bins.public_comments, bins.body_count), (20, 20, 0));
        assert_eq!((answer.comments, answer.public_words), (40, 20 * 8 + 20 * 6));
        assert!((bins.public_per_thousand - 1000.0 * 20.0 / 280.0).abs() < 1e-9);
        assert_eq!(bins.examples.len(), 3);
        assert_eq!((bins.examples[0].before.as_str(), bins.examples[0].word.as_str()), ("The ", "bins"));
        let refuse = answer.by_body.iter().find(|w| w.word == "refuse").expect("refuse");
        assert_eq!((refuse.public_count, refuse.body_count), (0, 15));
        assert!(bins.z > 0.0 && refuse.z < 0.0);
        let pair = &answer.pairs.expect("pairs")[0];
        assert_eq!((pair.they.as_str(), pair.you[0].word.as_str(), pair.you[0].mutual), ("bins", "refuse", true));
    }

    async fn a_word_of_few_comments_is_not_among_the_publics(db: TestDb) {
        let t = TestApp::with(db).await;
        let say = |n: u32| if n < 9 { "zebra zebra zebra zebra zebra" } else { "the queue was long" };
        fill(&t, (0..40).map(|n| feedback().comment(say(n)))).await;
        let body = vec!["Nothing of the kind is written here at all. ".repeat(20)];
        let answer = t.app.words(&Actor::Operator, &everything(), &body, &WordsOptions::default(), None).await.expect("words");
        let words: Vec<&str> = answer.by_public.iter().map(|w| w.word.as_str()).collect();
        assert!(words.contains(&"queue") && !words.contains(&"zebra"), "nine comments are fewer than ten: {words:?}");
        assert_eq!((answer.minimum, answer.pairs), (10, None));
        let none = t.app.words(&Actor::Operator, &everything(), &[], &WordsOptions::default(), None).await;
        assert!(refusal(none).contains("no words in the text"), "the body said nothing");
        let nobody = t.app.words(&Actor::Operator, &only(Dimension::Service, "x"), &body, &WordsOptions::default(), None).await;
        assert!(refusal(nobody).contains("no words in the feedback"));
    }

    async fn the_group_that_is_hit_is_found_and_a_small_one_is_not_shown(db: TestDb) {
        let t = TestApp::with(db).await;
        // Dissatisfied are 80 of 200 who are 65+, 10 of 100, 20 of 200, and all of a tiny group of 5.
        let old = (0..200).map(|n| feedback().rating(if n < 80 { 1.0 } else { 5.0 }).attribute("age_band", "65+"));
        let young = (0..100).map(|n| feedback().rating(if n < 10 { 1.0 } else { 5.0 }).attribute("age_band", "18-34"));
        let mid = (0..200).map(|n| feedback().rating(if n < 20 { 1.0 } else { 5.0 }).attribute("age_band", "35-64"));
        let tiny = (0..5).map(|_| feedback().rating(1.0).attribute("age_band", "under 18"));
        let unknown = (0..50).map(|_| feedback().rating(1.0));
        fill(&t, old.chain(young).chain(mid).chain(tiny).chain(unknown)).await;
        let answer = t.app.who_is_hit(&Actor::Operator, &everything(), &only(Dimension::Rating, "1")).await.expect("who");
        assert_eq!((answer.asked, answer.hit), (555, Some(165)));
        let first = &answer.rows[0];
        assert_eq!((first.attribute.as_str(), first.group.as_str()), ("attr.age_band", "65+"));
        assert!(first.distinguishable && first.q < 0.001);
        for (shown, exact) in [(first.group_hit, 80), (first.group_all, 200)] {
            assert!(shown % 5 == 0 && shown.abs_diff(exact) <= 20, "with noise: {first:?}");
        }
        let (rate, other) = (first.group_hit as f64 / first.group_all as f64, first.rest_hit as f64 / first.rest_all as f64);
        assert!((first.risk_ratio - rate / other).abs() < 1e-9);
        assert!((first.excess - (first.group_hit as f64 - first.group_all as f64 * other)).abs() < 1e-9);
        assert!(answer.rows.iter().all(|r| r.group != "under 18"), "{:?}", answer.rows);
        // As they are, the small group is left out as well: too few to compare.
        let exact = t.app.who_is_hit(&Actor::OperatorExact, &everything(), &only(Dimension::Rating, "1")).await.expect("who");
        let first = &exact.rows[0];
        assert_eq!((first.group_hit, first.group_all, first.rest_hit, first.rest_all), (80, 200, 35, 305));
        assert_eq!((exact.rows.len(), exact.suppressed), (2, 2), "the tiny group, and one that would give it away");
        let twice = t.app.who_is_hit(&Actor::Operator, &only(Dimension::Rating, "1"), &only(Dimension::Rating, "1")).await;
        assert!(refusal(twice).contains("`rating`"));
    }

    async fn without_an_issue_every_theme_is_tested(db: TestDb) {
        let t = TestApp::with(db).await;
        let phones = (0..60).map(|_| feedback().rating(1.0).comment("upload spins").channel(Channel::Phone));
        let web = (0..60).map(|_| feedback().rating(4.0).comment("all was well").channel(Channel::Web));
        fill(&t, phones.chain(web)).await;
        themed(&t, &[("upload", "upload")], 40).await;
        let answer = t.app.who_is_hit(&Actor::Operator, &everything(), &everything()).await.expect("who");
        let first = &answer.rows[0];
        assert_eq!((first.issue.as_str(), first.attribute.as_str(), first.group.as_str()), ("upload", "channel", "phone"));
        assert_eq!((first.group_hit, first.group_all, first.rest_hit, first.rest_all), (40, 60, 0, 60));
        assert_eq!(answer.hit, None);
    }

    async fn a_planted_spike_is_found_with_its_touchpoint_and_theme(db: TestDb) {
        let t = TestApp::with(db).await;
        t.clock.set(instant("2024-04-10T12:00:00Z"));
        let mut items = Vec::new();
        for day in 0..60_i64 {
            let at = |n: i64| (instant("2024-02-10T09:00:00Z") + chrono::TimeDelta::days(day) + chrono::TimeDelta::minutes(n)).to_rfc3339();
            let usual = 6 + day % 3;
            items.extend((0..usual).map(|n| badge("Find out").rating(4.0).comment("fine").at(&at(n))));
            items.extend((0..4 + day % 2).map(|n| badge("Apply").rating(4.0).comment("fine").at(&at(n))));
            items.extend((0..day % 2).map(|n| badge("Apply").rating(2.0).comment("upload is slow").at(&at(n))));
            // The last complete day before the tenth of April is the ninth, day 59.
            if day == 59 {
                items.extend((0..25).map(|n| badge("Apply").rating(1.0).comment("upload spins and spins").at(&at(n))));
            }
        }
        fill(&t, items).await;
        themed(&t, &[("upload", "upload")], 1_000).await;
        let answer = t.app.changes(&Actor::Operator, &everything(), &ChangesOptions::default()).await.expect("changes");
        let about: Vec<String> = answer.changes.iter().map(|c| c.about.iter().map(|a| a.value.as_str()).collect::<Vec<_>>().join(" + ")).collect();
        assert_eq!(about, ["blue-badge/apply + upload"], "told once, by its narrowest name");
        let apply = &answer.changes[0];
        let also: Vec<String> = apply.also.iter().map(|c| c.about.iter().map(|a| a.value.as_str()).collect::<Vec<_>>().join(" + ")).collect();
        assert!(also.contains(&"blue-badge/apply".to_owned()) && also.contains(&"blue-badge".to_owned()), "{also:?}");
        assert!(!also.iter().any(|a| a.contains("find-out")), "{also:?}");
        assert_eq!((apply.direction, answer.step, apply.steps), ("rose", Interval::Day, 1));
        assert_eq!(apply.since, instant("2024-04-08T23:00:00Z"));
        assert!(apply.expected > 0.2 && apply.expected < 2.0 && apply.p < 0.01, "{apply:?}");
        assert_eq!(apply.examples.len(), 3);
        assert!(apply.examples[0].text.contains("upload"), "{:?}", apply.examples);
        let behind = Question { filter: apply.filter.clone(), ..Question::default() };
        assert_eq!(t.app.answer(&Actor::Operator, &behind).await.expect("an answer").total.count, Some(26));
        let quick = ChangesOptions { quick: true, ..ChangesOptions::default() };
        let at_once = t.app.changes(&Actor::Operator, &everything(), &quick).await.expect("changes");
        assert_eq!(at_once.changes[0].about, apply.about, "the quick way looks into what is unusual");
        assert!(at_once.changes[0].examples.is_empty() && at_once.judged <= answer.judged, "{at_once:?}");

        // A day earlier nothing had happened, and too short a history is refused with its bounds.
        let zone = t.app.settings().time_zone;
        let range = period::parse("2024-04-08", t.app.now(), zone).expect("a period");
        let before = Filter { range, ..Filter::default() };
        let quiet = t.app.changes(&Actor::Operator, &before, &ChangesOptions::default()).await.expect("changes");
        assert!(quiet.changes.is_empty() && quiet.judged > 3, "{quiet:?}");
        let short = t.app.changes(&Actor::Operator, &before, &ChangesOptions { step: Some(Interval::Day), days: Some(3), ..ChangesOptions::default() }).await;
        assert!(refusal(short).contains("15 to 1,000 days"));
    }

    async fn dates_at_the_end_of_each_month_are_judged_by_the_month(db: TestDb) {
        let t = TestApp::with(db).await;
        t.clock.set(instant("2024-04-02T12:00:00Z"));
        let zone = chrono_tz::Tz::UTC;
        let mut items = Vec::new();
        for month in 0..18_u32 {
            let first = chrono::NaiveDate::from_ymd_opt(2022, 10, 1).expect("a day") + chrono::Months::new(month);
            let last = first + chrono::Months::new(1) - chrono::Days::new(1);
            let at = period::start_of(last, zone).to_rfc3339();
            let usual = 24 + month % 4;
            let count = if month == 17 { usual * 4 } else { usual };
            items.extend((0..count).map(|_| badge("Apply").rating(3.0).at(&at)));
            items.extend((0..20 + month % 3).map(|_| badge("Find out").rating(4.0).at(&at)));
        }
        fill(&t, items).await;
        let answer = t.app.changes(&Actor::Operator, &everything(), &ChangesOptions::default()).await.expect("changes");
        assert_eq!((answer.step, answer.from), (Interval::Month, instant("2022-10-31T23:00:00Z").max(answer.from)));
        assert_eq!(answer.changes.len(), 1, "{:?}", answer.changes);
        let found = &answer.changes[0];
        assert_eq!((found.about[0].value.as_str(), found.steps, found.observed), ("blue-badge/apply", 1, 100.0));
        assert_eq!(found.since, instant("2024-03-01T00:00:00Z"));
        assert!(found.expected > 20.0 && found.expected < 32.0, "{found:?}");
        let early = ChangesOptions { step: Some(Interval::Month), ..ChangesOptions::default() };
        let range = period::parse("..2023-06", t.app.now(), zone).expect("a period");
        let short = t.app.changes(&Actor::Operator, &Filter { range, ..Filter::default() }, &early).await.expect("changes");
        assert_eq!(short.judged, 0);
        assert!(short.not_judged[0].reason.contains("12 months of history are needed"), "{:?}", short.not_judged);
    }

    async fn a_spike_in_an_hour_is_found_by_the_hour(db: TestDb) {
        let t = TestApp::with(db).await;
        t.clock.set(instant("2024-03-20T11:05:00Z"));
        let mut items = Vec::new();
        for hour in 0..24 * 20_i64 {
            let at = (instant("2024-02-29T11:00:00Z") + chrono::TimeDelta::hours(hour)).to_rfc3339();
            let count = if hour == 24 * 20 - 1 { 30 } else { 1 + hour % 2 };
            items.extend((0..count).map(|_| badge("Apply").rating(3.0).at(&at)));
        }
        fill(&t, items).await;
        let options = ChangesOptions { step: Some(Interval::Hour), ..ChangesOptions::default() };
        let answer = t.app.changes(&Actor::Operator, &everything(), &options).await.expect("changes");
        assert_eq!((answer.step, answer.until), (Interval::Hour, instant("2024-03-20T11:00:00Z")));
        assert_eq!(answer.changes[0].since, instant("2024-03-20T10:00:00Z"));
        assert_eq!(answer.changes[0].about[0].value, "blue-badge/apply", "equal series are one, the narrowest");
    }

    async fn ratings_drive_satisfaction_and_the_planted_one_comes_first(db: TestDb) {
        let t = TestApp::with(db).await;
        // The main rating follows the second rating; the third has nothing to do with it.
        let items = (0..125_u32).map(|n| {
            let wait = f64::from(1 + n % 5);
            feedback().rating(wait).rating(if n % 10 == 0 { 3.0 } else { wait }).rating(f64::from(1 + (n / 5) % 5))
        });
        fill(&t, items).await;
        let answer = t.app.drivers(&Actor::Operator, &everything()).await.expect("drivers");
        assert_eq!((answer.kind, answer.cases, answer.dropped), ("ratings", 125, 0));
        let names: Vec<&str> = answer.drivers.iter().map(|d| d.name.as_str()).collect();
        assert_eq!(names, ["part_1", "part_2"]);
        assert!(answer.drivers[0].share > 0.9, "{answer:?}");
        assert!((answer.drivers[1].mean_rating - 3.0).abs() < 1e-9);
        let again = t.app.drivers(&Actor::Operator, &everything()).await.expect("drivers");
        assert_eq!(again, answer, "the seed is fixed");
    }

    async fn themes_drive_satisfaction_where_there_is_one_rating(db: TestDb) {
        let t = TestApp::with(db).await;
        let say = |n: u32| match n % 4 { 0 => "upload broken", 1 => "polite staff", 2 => "upload broken, polite staff", _ => "nothing more" };
        let rate = |n: u32| if n.is_multiple_of(2) { 1.0 } else { 4.0 + f64::from(n % 3 % 2) };
        fill(&t, (0..80).map(|n| feedback().rating(rate(n)).comment(say(n)))).await;
        themed(&t, &[("upload", "upload")], 100).await;
        let few = t.app.drivers(&Actor::Operator, &everything()).await;
        assert!(refusal(few).contains("no two themes"), "one theme alone");
        themed(&t, &[("upload", "upload"), ("staff", "polite")], 100).await;
        let answer = t.app.drivers(&Actor::Operator, &everything()).await.expect("drivers");
        assert_eq!((answer.kind, answer.cases), ("themes", 80));
        let first = &answer.drivers[0];
        assert_eq!((first.name.as_str(), first.base, first.mentioned), ("upload", 40, Some(0.5)));
        assert!((first.mean_rating - 1.0).abs() < 1e-9 && first.correlation < -0.9, "{first:?}");
    }

    async fn drivers_are_refused_with_too_little(db: TestDb) {
        let t = TestApp::with(db).await;
        fill(&t, (0..15).map(|n| feedback().rating(f64::from(1 + n % 5)).rating(2.0).rating(3.0))).await;
        let refused = t.app.drivers(&Actor::Operator, &everything()).await;
        assert!(refusal(refused).contains("at least 20 people"));
    }

    async fn whoever_may_not_read_gets_none_of_it(db: TestDb) {
        let t = TestApp::with(db).await;
        let writer = Actor::Key { id: ApiKeyId(uuid::Uuid::nil()), scopes: vec![Scope::FeedbackWrite] };
        let (app, all) = (&t.app, everything());
        assert!(matches!(app.journey(&writer, &all).await, Err(Error::Denied(_))));
        assert!(matches!(app.words(&writer, &all, &[], &WordsOptions::default(), None).await, Err(Error::Denied(_))));
        assert!(matches!(app.who_is_hit(&writer, &all, &all).await, Err(Error::Denied(_))));
        assert!(matches!(app.changes(&writer, &all, &ChangesOptions::default()).await, Err(Error::Denied(_))));
        assert!(matches!(app.drivers(&writer, &all).await, Err(Error::Denied(_))));
        assert!(matches!(app.journey(&Actor::Anonymous, &all).await, Err(Error::Unauthenticated)));
    }
}

/// States themes for the feedback, at most so many, whose words hold the themes' words.
async fn themed(t: &TestApp, rules: &[(&str, &str)], most: usize) {
    let known: Vec<Theme> =
        t.db.store.codeframes().await.expect("codeframes").into_iter().flat_map(|c| c.themes).collect();
    let mut themes = Vec::new();
    for (key, word) in rules {
        let id = match known.iter().find(|theme| theme.key == *key) {
            Some(theme) => theme.id,
            None => {
                let id = ThemeId(uuid::Uuid::now_v7());
                let theme = Theme {
                    id,
                    key: (*key).to_owned(),
                    name: (*key).to_owned(),
                    description: String::new(),
                    rule: None,
                };
                let codeframe =
                    Codeframe { id: CodeframeId(uuid::Uuid::now_v7()), name: (*key).to_owned(), themes: vec![theme] };
                kept!(t.db.store, codeframes.create(&codeframe)).await.expect("a codeframe");
                id
            }
        };
        themes.push((id, *word));
    }
    let analyst = t.user(ANALYST).await;
    let actor = analyst.actor();
    let query = ListQuery { filter: everything(), order: Order::Newest, page: PageRequest::first(10_000) };
    let mut left = most;
    for doc in t.app.list(&Actor::Operator, &query).await.expect("a list").items {
        let Some(comment) = doc.comments.first() else { continue };
        let about: Vec<ThemeId> =
            themes.iter().filter(|(_, word)| comment.text.contains(word)).map(|(id, _)| *id).collect();
        if about.is_empty() || left == 0 {
            continue;
        }
        left -= 1;
        let comment = t.app.feedback(&Actor::Operator, doc.id).await.expect("there").comments[0].id;
        t.app
            .correct(&actor, comment, Verdict::Say { sentiment: None, themes: Some(about) }, None)
            .await
            .expect("corrected");
    }
    t.index().await;
}

//! Attacks on small groups, each through the API as somebody would make it who sees figures alone.

use axum::http::StatusCode;
use commonweal_domain::permission::Scope;
use commonweal_domain::{Channel, Duty};
use commonweal_testkit::app::{FeedbackBuilder, feedback};
use commonweal_testkit::on_both_engines;
use serde_json::Value;

use crate::support::Server;

fn aged(age: &str, n: u32) -> FeedbackBuilder {
    feedback().rating(f64::from(1 + n % 5)).attribute("age", age).at(&format!("2024-03-{:02}T10:00:00Z", 1 + n % 28))
}

/// 180 people of four age bands, and three of whom the age itself was written down: they rated 1, and one of them wrote
/// a word that nobody else did.
async fn people(server: &Server) {
    let bands = [("16-24", 60), ("25-34", 50), ("35-44", 40), ("45-54", 30)];
    let mut items: Vec<_> = bands.iter().flat_map(|(age, count)| (0..*count).map(|n| aged(age, n).done())).collect();
    for n in 0..3 {
        let at = format!("2024-03-{:02}T10:00:00Z", 10 + n);
        let item = feedback().rating(1.0).channel(Channel::Letter).attribute("age", "17").at(&at);
        items.push(if n == 0 { item.comment("the zebra crossing").done() } else { item.done() });
    }
    server.test.submit(items).await;
    server.test.index().await;
}

/// An area with thirty people in May and four in April, among many others.
async fn areas(server: &Server) {
    let of = |area: &str, month: u32, count: u32| {
        let area = area.to_owned();
        (0..count).map(move |n| {
            let at = format!("2024-{month:02}-{:02}T10:00:00Z", 1 + n % 9);
            feedback().rating(f64::from(1 + n % 5)).comment("late").area(&area).at(&at).done()
        })
    };
    let all = of("North", 3, 30).chain(of("North", 2, 4)).chain(of("South", 3, 60)).chain(of("South", 2, 60));
    server.test.submit(all.chain(of("Hamlet", 3, 3)).collect()).await;
    server.test.index().await;
}

fn counts(answer: &Value) -> Vec<(String, Option<u64>)> {
    let groups = answer["groups"].as_array().expect("groups");
    groups.iter().map(|g| (g["keys"][0].as_str().expect("a key").to_owned(), g["figures"]["count"].as_u64())).collect()
}

on_both_engines! {
    async fn what_is_left_of_the_total_is_not_a_small_group(db: TestDb) {
        let server = Server::on(db).await;
        people(&server).await;
        let program = server.program(&[Scope::FiguresRead]).await;
        let answer = program.get("/api/v1/query?group_by=attr.age&limit=4").await.json();
        let shown = counts(&answer);
        assert_eq!(shown.len(), 4, "{answer}");
        assert!(shown.iter().all(|(age, count)| age != "17" && count.is_some_and(|n| n % 5 == 0)), "{answer}");
        assert_eq!(answer["total"]["count"].as_u64().expect("a total") % 5, 0, "rounded as the groups are");
        assert!(answer["rest"]["count"].is_null(), "three people are left");
        assert_eq!((&answer["protection"]["minimum"], &answer["protection"]["rounded_to"]), (&10.into(), &5.into()));
        // Two groups beyond the limit are told together.
        let two = program.get("/api/v1/query?group_by=attr.age&limit=2").await.json();
        assert!(two["rest"]["count"].as_u64().is_some_and(|n| (50..=100).contains(&n)), "{two}");
    }

    async fn a_group_is_not_told_by_what_it_adds_to_another(db: TestDb) {
        let server = Server::on(db).await;
        people(&server).await;
        let program = server.program(&[Scope::FiguresRead]).await;
        let one = program.get("/api/v1/query?attr.age=16-24&measure=rating").await.json();
        assert!(one["total"]["count"].as_u64().is_some_and(|n| n % 5 == 0), "{one}");
        let both = program.get("/api/v1/query?attr.age=16-24&attr.age=17&measure=rating").await;
        assert_eq!((both.status, both.mistakes()), (StatusCode::BAD_REQUEST, vec!["attr.age:too_few".to_owned()]));
        let but = program.get("/api/v1/query?attr.age=%2117").await;
        assert_eq!(but.mistakes(), ["attr.age:not_about_people"]);
        let all = "attr.age=16-24&attr.age=25-34&attr.age=35-44&attr.age=45-54";
        let all = program.get(&format!("/api/v1/query?{all}")).await;
        assert_eq!(all.mistakes(), ["attr.age:too_few"], "everybody else is three people");
    }

    async fn the_period_before_is_protected_as_the_period_is(db: TestDb) {
        let server = Server::on(db).await;
        areas(&server).await;
        let program = server.program(&[Scope::FiguresRead]).await;
        let answer = program.get("/api/v1/query?area=North&period=2024-03&compare=period_before").await.json();
        assert!(answer["total_before"]["count"].is_null(), "{answer}");
        let south = program.get("/api/v1/query?area=South&period=2024-03&compare=period_before&group_by=month").await;
        assert!(south.json()["total"]["count"].as_u64().is_some(), "{}", south.text());
    }

    async fn days_are_not_told_by_running_sums(db: TestDb) {
        let server = Server::on(db).await;
        areas(&server).await;
        let program = server.program(&[Scope::FiguresRead]).await;
        let by_day = program.get("/api/v1/query?area=North&period=2024-03&group_by=day").await;
        assert_eq!(by_day.mistakes(), ["group_by:not_about_people"]);
        let until = async |day: u32| {
            program.get(&format!("/api/v1/query?area=North&period=2024-03-01..2024-03-{day:02}")).await.json()
        };
        let (one, two) = (until(4).await, until(5).await);
        assert_eq!(one["total"], two["total"], "both are of all of March");
        // Midnight in London, where summer time has begun.
        assert_eq!(one["protection"]["to"], "2024-03-31T23:00:00Z", "and say so: {one}");
    }

    async fn facets_do_not_describe_a_small_group(db: TestDb) {
        let server = Server::on(db).await;
        people(&server).await;
        let program = server.program(&[Scope::FiguresRead]).await;
        let of = "dimension=rating&dimension=channel&dimension=attr.age";
        let facets = program.get(&format!("/api/v1/facets?attr.age=17&{of}")).await.json();
        let without = program.get(&format!("/api/v1/facets?{of}")).await.json();
        for (narrowed, whole) in facets["facets"].as_array().expect("facets").iter().zip(without["facets"].as_array().expect("facets")) {
            let values = |facet: &Value| -> Vec<String> {
                facet["options"].as_array().expect("options").iter().map(|o| o["value"].to_string()).collect()
            };
            assert_eq!(values(narrowed), values(whole), "nothing is narrowed by what people are");
            assert!(narrowed["options"].as_array().expect("options").iter().all(|o| o["count"].is_null()), "{narrowed}");
            assert!(!values(narrowed).contains(&"\"17\"".to_owned()), "too few to be named");
        }
        let channel = program.get("/api/v1/query?attr.age=17&group_by=channel").await;
        assert_eq!(channel.mistakes(), ["attr.age:too_few"]);
    }

    async fn a_word_does_not_tell_how_old_its_writer_is(db: TestDb) {
        let server = Server::on(db).await;
        people(&server).await;
        let program = server.program(&[Scope::FiguresRead]).await;
        let answer = program.get("/api/v1/query?q=zebra&group_by=attr.age").await.json();
        assert_eq!((counts(&answer), answer["suppressed"].as_u64()), (vec![], Some(0)), "{answer}");
        let known = program.get("/api/v1/query?q=zebra").await.json();
        assert_eq!(known["total"]["count"], 1, "that one comment says it tells nothing of people");
        let left_out = program.get("/api/v1/query?q=-zebra&attr.age=16-24").await;
        assert_eq!(left_out.mistakes(), ["q:not_about_people"]);
    }

    async fn comments_of_few_people_are_not_listed_nor_taken_out(db: TestDb) {
        let server = Server::on(db).await;
        areas(&server).await;
        let program = server.program(&[Scope::FeedbackRead, Scope::FeedbackExport]).await;
        for address in ["/api/v1/feedback?area=Hamlet", "/api/v1/feedback?area=%21Hamlet&period=2024-03", "/api/v1/export.csv?area=Hamlet"] {
            let refused = program.get(address).await;
            assert_eq!((refused.status, refused.mistakes()), (StatusCode::BAD_REQUEST, vec!["area:too_few".to_owned()]), "{address}");
        }
        assert_eq!(program.get("/api/v1/feedback?area=South").await.status, StatusCode::OK);
    }

    async fn whoever_sees_figures_alone_reads_no_comment(db: TestDb) {
        let server = Server::on(db).await;
        areas(&server).await;
        let program = server.program(&[Scope::FiguresRead]).await;
        for address in ["/api/v1/query", "/api/v1/facets", "/api/v1/journey"] {
            assert_eq!(program.get(address).await.status, StatusCode::OK, "{address}");
        }
        for address in ["/api/v1/feedback", "/api/v1/changes", "/api/v1/drivers", "/api/v1/export.csv"] {
            assert_eq!(program.get(address).await.status, StatusCode::FORBIDDEN, "{address}");
        }
        let nobody = server.user(&[]).await;
        for address in ["/", "/understand/explorer", "/understand/explorer?area=South", "/understand/impact"] {
            let page = nobody.get(address).await;
            assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.text());
            assert!(!page.text().contains("/understand/feedback/"), "{address} lists no comment");
        }
        let reader = server.user(&[Duty::Reader]).await;
        assert!(reader.get("/understand/explorer").await.text().contains("late"));
    }

    async fn exact_figures_are_for_those_who_may_see_them(db: TestDb) {
        let server = Server::on(db).await;
        people(&server).await;
        let statistician = server.user(&[Duty::Statistician]).await;
        let answer = statistician.get("/api/v1/query?group_by=attr.age&limit=5").await.json();
        assert_eq!(counts(&answer).last(), Some(&("17".to_owned(), Some(3))));
        assert!(answer["protection"].is_null());
        let administrator = server.user(commonweal_domain::duty::OF_THE_FIRST_USER).await;
        let protected = administrator.get("/api/v1/query?group_by=attr.age&limit=5").await.json();
        assert!(!protected["protection"].is_null(), "not even whoever administers sees them by that");
    }
}

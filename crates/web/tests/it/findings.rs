//! Pages of findings: who is hit, words, themes.

use axum::http::StatusCode;
use commonweal_domain::{Channel, Role};
use commonweal_testkit::app::feedback;
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::on_both_engines;

use crate::support::Server;

/// 200 on a phone, of whom 60 wait; 200 at a desk, of whom 20 do.
async fn waiting(server: &Server) {
    let mut items = Vec::new();
    for n in 0..400_u32 {
        let phone = n < 200;
        let waits = if phone { n < 60 } else { n < 220 };
        let words = if waits { "I waited for hours" } else { "Lovely people" };
        let item = feedback().rating(if waits { 1.0 } else { 5.0 }).service("Blue Badge").touchpoint("Apply");
        let item = item.attribute("age_band", if phone { "65+" } else { "18-64" }).channel(Channel::Web);
        items.push(item.comment(words).at("2024-03-10T10:00:00Z").done());
    }
    server.test.submit(items).await;
    server.test.index().await;
}

on_both_engines! {
    async fn who_is_hit_tells_the_finding_and_links_to_its_comments(db: TestDb) {
        let server = Server::on(db).await;
        waiting(&server).await;
        let viewer = server.user(Role::Viewer).await;
        let page = viewer.get("/hit?issue=rating%3D1%2C2").await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        assert!(text.contains("People aged 65+ rate 1 or 2 of 5 3.0 times as often"), "{text}");
        assert!(text.contains("60 of 200") && text.contains("20 of 200"), "the figures behind it");
        assert!(text.contains("<svg") && text.contains("cw-chart__mark"), "a chart");
        let address = "/explorer?rating=1&#38;rating=2&#38;attr.age_band=65%2B";
        assert!(text.contains(address), "each number is a link: {text}");
        let list = viewer.get("/explorer?rating=1&rating=2&attr.age_band=65%2B").await.text();
        assert!(list.contains("60 pieces of feedback"), "the link leads to as many as the number says");
    }
}

#[tokio::test]
async fn without_an_issue_every_theme_is_tested_and_words_may_be_one() {
    let server = Server::on(TestDb::sqlite().await).await;
    server.test.app.begin_codeframe().await.expect("a codeframe");
    waiting(&server).await;
    let viewer = server.user(Role::Viewer).await;
    let text = viewer.get("/hit").await.text();
    assert!(text.contains(" mention “") && text.contains(" times as often</h2>"), "{text}");
    assert!(text.contains("/hit?issue=theme%3D"), "each theme leads to itself: {text}");
    let text = viewer.get("/hit?says=hours").await.text();
    assert!(text.contains("People aged 65+ write “hours” 3.0 times as often"), "{text}");
}

#[tokio::test]
async fn what_is_wrong_with_an_issue_stands_beside_its_field() {
    let server = Server::on(TestDb::sqlite().await).await;
    waiting(&server).await;
    let viewer = server.user(Role::Viewer).await;
    for address in ["/hit?issue=late", "/hit?issue=rating%3D9", "/hit?rating=1&issue=rating%3D1"] {
        let page = viewer.get(address).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        let text = page.text();
        assert!(text.contains("There is a problem") && text.contains("aria-invalid"), "{address}: {text}");
    }
    assert_eq!(viewer.get("/hit?colour=red").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(viewer.get("/hit?issue=&says=&q=").await.location(), "/hit", "fields left empty vanish");
}

#[tokio::test]
async fn where_nothing_says_who_people_are_the_page_says_what_to_import() {
    let server = Server::on(TestDb::sqlite().await).await;
    let manager = server.user(Role::Manager).await;
    assert!(manager.get("/hit").await.text().contains("No feedback yet"));
    let items = (0..80).map(|_| feedback().rating(1.0).comment("late").at("2024-03-10T10:00:00Z").done()).collect();
    server.test.submit(items).await;
    server.test.index().await;
    let text = manager.get("/hit").await.text();
    assert!(text.contains("Nothing here says who people are") && text.contains("/imports/new"), "{text}");
    let text = manager.get("/hit?rating=5").await.text();
    assert!(text.contains("Nothing matches these filters"), "{text}");
}

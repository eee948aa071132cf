//! Pages of findings: who is hit, words, themes.

use axum::http::StatusCode;
use commonweal_domain::{Channel, Duty};
use commonweal_testkit::app::feedback;
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::duties::{MANAGER, VIEWER};
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
        // Who sees figures of groups of people as they are: what others see has noise.
        let viewer = server.user(&[Duty::Reader, Duty::Statistician]).await;
        let page = viewer.get("/understand/impact?issue=rating%3D1%2C2").await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        assert!(text.contains("People aged 65+ rate 1 or 2 of 5 3.0 times as often"), "{text}");
        assert!(text.contains("60 of 200") && text.contains("20 of 200"), "the figures behind it");
        assert!(text.contains("<svg") && text.contains("cw-chart__mark"), "a chart");
        let address = "/understand/explorer?rating=1&#38;rating=2&#38;attr.age_band=65%2B";
        assert!(text.contains(address), "each number is a link: {text}");
        let list = viewer.get("/understand/explorer?rating=1&rating=2&attr.age_band=65%2B").await.text();
        assert!(list.contains("60 pieces of feedback"), "the link leads to as many as the number says");
    }
}

#[tokio::test]
async fn without_an_issue_every_theme_is_tested_and_words_may_be_one() {
    let server = Server::on(TestDb::sqlite().await).await;
    server.test.app.begin_codeframe().await.expect("a codeframe");
    waiting(&server).await;
    // Figures of groups of people as they are: what others see has noise of its own in each body.
    let viewer = server.user(&[Duty::Reader, Duty::Statistician]).await;
    let text = viewer.get("/understand/impact").await.text();
    assert!(text.contains(" mention “") && text.contains(" times as often</h2>"), "{text}");
    assert!(text.contains("/understand/impact?issue=theme%3D"), "each theme leads to itself: {text}");
    let text = viewer.get("/understand/impact?says=hours").await.text();
    assert!(text.contains("People aged 65+ write “hours” 3.0 times as often"), "{text}");
}

#[tokio::test]
async fn what_is_wrong_with_an_issue_stands_beside_its_field() {
    let server = Server::on(TestDb::sqlite().await).await;
    waiting(&server).await;
    let viewer = server.user(VIEWER).await;
    for address in [
        "/understand/impact?issue=late",
        "/understand/impact?issue=rating%3D9",
        "/understand/impact?rating=1&issue=rating%3D1",
    ] {
        let page = viewer.get(address).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        let text = page.text();
        assert!(text.contains("There is a problem") && text.contains("aria-invalid"), "{address}: {text}");
    }
    assert_eq!(viewer.get("/understand/impact?colour=red").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        viewer.get("/understand/impact?issue=&says=&q=").await.location(),
        "/understand/impact",
        "fields left empty vanish"
    );
}

#[tokio::test]
async fn where_nothing_says_who_people_are_the_page_says_what_to_import() {
    let server = Server::on(TestDb::sqlite().await).await;
    let manager = server.user(MANAGER).await;
    assert!(manager.get("/understand/impact").await.text().contains("No feedback yet"));
    let items = (0..80).map(|_| feedback().rating(1.0).comment("late").at("2024-03-10T10:00:00Z").done()).collect();
    server.test.submit(items).await;
    server.test.index().await;
    let text = manager.get("/understand/impact").await.text();
    assert!(text.contains("Nothing here says who people are") && text.contains("/listen/imports/new"), "{text}");
    let text = manager.get("/understand/impact?rating=5").await.text();
    assert!(text.contains("Nothing matches these filters"), "{text}");
}

on_both_engines! {
    async fn words_that_mark_comments_lead_to_them(db: TestDb) {
        let server = Server::on(db).await;
        waiting(&server).await;
        let viewer = server.user(VIEWER).await;
        let all = viewer.get("/understand/words").await.text();
        assert!(all.contains("most</h2>") && all.contains("Most frequent words"), "{all}");
        assert!(!all.contains("Elsewhere"), "there is nothing to compare with");
        let page = viewer.get("/understand/words?rating=1").await.text();
        assert!(page.contains("mark these comments</h2>"), "{page}");
        assert!(page.contains("80 comments were compared with 320 others"), "{page}");
        assert!(page.contains("/understand/explorer?q=%22waited%22&#38;rating=1"), "{page}");
        assert!(page.contains("<mark>waited</mark>"), "{page}");
        let few = viewer.get("/understand/words?rating=3").await.text();
        assert!(few.contains("Nothing matches these filters"), "{few}");
    }
}

#[tokio::test]
async fn a_text_of_the_body_is_compared_and_given_back() {
    let server = Server::on(TestDb::sqlite().await).await;
    waiting(&server).await;
    let viewer = server.user(VIEWER).await;
    let own = "Applicants must submit documentary evidence. ".repeat(8);
    let form = serde_urlencoded::to_string([("text", own.as_str()), ("phrases", "yes")]).expect("a form");
    let page = viewer.post("/understand/words?period=2024-03", &form).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_eq!(page.header("cache-control"), "private, no-cache", "Back must find it again");
    let text = page.text();
    assert!(text.contains("your text says “") && text.contains("applicants"), "{text}");
    assert!(text.contains(own.trim()), "the text stands in its field");
    assert!(text.contains("Nothing of your text is stored"), "{text}");
    assert!(text.contains("400 pieces of feedback with words"), "{text}");

    let empty = viewer.post("/understand/words", "text=++").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("#text") && empty.text().contains("Paste the text"), "{}", empty.text());
    let numbers = viewer.post("/understand/words", "text=1+2+3").await;
    assert_eq!(numbers.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(numbers.text().contains("There are no words in the text"), "{}", numbers.text());
    let long = format!("text={}", "word+".repeat(401_000));
    let answer = viewer.post("/understand/words", &long).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("more than 2,000,000 bytes"));
}

#[tokio::test]
async fn a_text_in_another_language_is_called_so() {
    let server = Server::on(TestDb::sqlite().await).await;
    let words = "I waited for hours in the queue and nobody told me what was happening";
    let items = (0..40).map(|_| feedback().rating(2.0).comment(words).at("2024-03-10T10:00:00Z").done()).collect();
    server.test.submit(items).await;
    server.test.index().await;
    let viewer = server.user(VIEWER).await;
    let welsh = "Mae'n rhaid i chi anfon eich cais atom cyn diwedd y mis, ac fe fyddwn yn ysgrifennu atoch chi gyda'n penderfyniad. ".repeat(4);
    let form = serde_urlencoded::to_string([("text", welsh)]).expect("a form");
    let text = viewer.post("/understand/words", &form).await.text();
    assert!(text.contains("Your text is in Welsh, most of the comments in English"), "{text}");
}

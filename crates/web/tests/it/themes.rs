//! Themes, the codeframe, and themes found in comments, as pages.

use axum::http::StatusCode;
use commonweal_app::understand::codeframes::CodeframeTheme;
use commonweal_domain::Actor;
use commonweal_testkit::app::feedback;
use commonweal_testkit::duties::{MANAGER, VIEWER};
use commonweal_testkit::on_both_engines;
use tokio_util::sync::CancellationToken;

use crate::support::Server;

async fn codeframe(server: &Server) {
    let theme = |name: &str, words: &[&str]| CodeframeTheme {
        name: name.into(),
        description: format!("All about {}.", name.to_lowercase()),
        words: words.iter().map(|w| (*w).to_owned()).collect(),
        ..CodeframeTheme::default()
    };
    let themes = [theme("Waiting", &["wait*"]), theme("Staff", &["people"]), theme("Lifts", &["lift"])];
    server.test.app.put_themes(&Actor::Operator, "Ours", &themes).await.expect("a codeframe");
}

/// In February 20 of 100 wait, in March 60; the rest praise the people. Half by each touchpoint.
async fn two_months(server: &Server) {
    let mut items = Vec::new();
    for (month, waits) in [("02", 20_u32), ("03", 60)] {
        for n in 0..100_u32 {
            let words = if n < waits { "I waited for hours" } else { "Lovely people" };
            let item = feedback().rating(if n < waits { 1.0 } else { 5.0 }).service("Blue Badge");
            let item = item.touchpoint(if n < 50 { "Apply" } else { "Renew" }).comment(words);
            items.push(item.at(&format!("2024-{month}-10T10:00:00Z")).done());
        }
    }
    server.test.submit(items).await;
    server.test.index().await;
}

on_both_engines! {
    async fn themes_have_their_share_their_change_and_their_comments(db: TestDb) {
        let server = Server::on(db).await;
        codeframe(&server).await;
        two_months(&server).await;
        // A change is named where the period before was asked in from its beginning.
        let early = feedback().rating(5.0).service("Blue Badge").comment("Lovely people").at("2024-01-31T10:00:00Z");
        server.test.submit(vec![early.done()]).await;
        server.test.index().await;
        let viewer = server.user(VIEWER).await;
        let text = viewer.get("/understand/themes?period=2024-03").await.text();
        assert!(text.contains("“Waiting” rose from 20% to 60% of comments"), "{text}");
        assert!(text.contains("+40 points") && text.contains("Not mentioned here: Lifts."), "{text}");
        assert!(text.contains("/understand/explorer?period=2024-03&#38;theme=waiting\">60</a>"), "{text}");
        assert!(!text.contains("/settings/codeframe"), "a viewer changes no themes");
        let sorted = viewer.get("/understand/themes?period=2024-03&sort=name").await.text();
        let (staff, waiting) = (sorted.find(">Staff</a>"), sorted.find(">Waiting</a>"));
        assert!(staff < waiting && sorted.contains("aria-sort=\"ascending\""), "{sorted}");
        assert_eq!(viewer.get("/understand/themes?sort=colour").await.status, StatusCode::BAD_REQUEST);
    }

    async fn a_theme_has_a_page_of_its_own(db: TestDb) {
        let server = Server::on(db).await;
        codeframe(&server).await;
        two_months(&server).await;
        let viewer = server.user(VIEWER).await;
        let text = viewer.get("/understand/themes/waiting?period=2024-03").await.text();
        assert!(text.contains("All about waiting."), "{text}");
        assert!(text.contains("0% of those who mention it are satisfied, against 100% of everyone else"), "{text}");
        assert!(text.contains("It is mentioned most in “Blue Badge: Apply”: 100% of comments there, 20% elsewhere"), "{text}");
        assert!(text.contains(">waited</a>") && text.contains("I <mark>waited</mark>") || text.contains("I waited for hours"));
        let none = viewer.get("/understand/themes/lifts").await;
        assert!(none.status == StatusCode::OK && none.text().contains("No comment mentions this theme here"));
        assert_eq!(viewer.get("/understand/themes/gone").await.status, StatusCode::NOT_FOUND);
        assert_eq!(viewer.get("/understand/themes/%3Cb%3E").await.status, StatusCode::NOT_FOUND);
    }

    async fn words_are_tried_before_a_theme_is_saved(db: TestDb) {
        let server = Server::on(db).await;
        codeframe(&server).await;
        two_months(&server).await;
        let manager = server.user(MANAGER).await;
        let form = "name=Time&description=&words=hours%0D%0A+%0D%0Aminute*&codeframe=Ours";
        let tried = manager.post("/settings/codeframe/add", &format!("{form}&do=try")).await.text();
        assert!(tried.contains("80 of the newest 200 comments would get this theme"), "{tried}");
        assert!(tried.contains("80 of them do not have it now; 0 that have it now would lose it"), "{tried}");
        assert!(tried.contains("I waited for hours") && tried.contains("value=\"Time\""), "{tried}");
        assert!(!manager.get("/settings/codeframe").await.text().contains(">Time<"), "nothing is saved yet");
        let saved = manager.post("/settings/codeframe/add", &format!("{form}&do=save")).await;
        assert_eq!(saved.location(), "/settings/codeframe?done=theme-saved");
        let again = manager.post("/settings/codeframe/add", &format!("{form}&do=save")).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text().contains("There is a theme “Time” already"), "{}", again.text());
        let none = manager.post("/settings/codeframe/add", "name=Empty&words=+&do=save").await;
        assert!(none.text().contains("Give at least one word"), "{}", none.text());
        let odd = manager.post("/settings/codeframe/add", "name=Odd&words=*&do=try").await;
        assert!(odd.text().contains("names nothing"), "{}", odd.text());
    }

    async fn a_retired_theme_is_given_no_more_and_stays_until_all_is_read_again(db: TestDb) {
        let server = Server::on(db).await;
        codeframe(&server).await;
        two_months(&server).await;
        let manager = server.user(MANAGER).await;
        manager.post("/settings/codeframe/themes/waiting/retire", "retired=yes").await;
        let new = feedback().comment("I waited again").at("2024-03-11T10:00:00Z").done();
        server.test.submit(vec![new]).await;
        server.test.index().await;
        let all = "/understand/explorer?theme=waiting";
        assert!(manager.get(all).await.text().contains("80 of 201 pieces of feedback"), "it keeps what it has");
        assert!(manager.get("/settings/codeframe").await.text().contains("Retired"));
        let begun = manager.post("/settings/codeframe/reread", "").await;
        assert_eq!(begun.location(), "/settings/codeframe?done=reread-begun");
        assert!(manager.get("/settings/codeframe").await.text().contains("Waiting to begin"));
        let stop = CancellationToken::new();
        while server.test.app.work_once("a test", &stop).await.expect("a job") {}
        server.test.index().await;
        let done = manager.get("/settings/codeframe").await.text();
        assert!(done.contains(": 201 comments."), "{done}");
        assert!(manager.get(all).await.text().contains("Nothing matches"), "read again, nobody has it");
        manager.post("/settings/codeframe/themes/waiting/retire", "retired=no").await;
        assert!(!manager.get("/settings/codeframe").await.text().contains("Retired"));
    }

    async fn found_themes_are_looked_at_and_taken_into_the_codeframe(db: TestDb) {
        let server = Server::on(db).await;
        two_months(&server).await;
        let manager = server.user(MANAGER).await;
        assert!(manager.get("/understand/discoveries").await.text().contains("200 pieces of feedback would be read"));
        let few = manager.post("/understand/discoveries?rating=3", "name=Few").await;
        assert_eq!(few.status, StatusCode::UNPROCESSABLE_ENTITY);
        let wrong = manager.post("/understand/discoveries", "k=many").await;
        assert!(wrong.text().contains("between 2 and 100"), "{}", wrong.text());
        let found = manager.post("/understand/discoveries", "name=Both").await;
        let address = found.location().split('?').next().expect("an address").to_owned();
        let page = manager.get(&address).await.text();
        assert!(page.contains("in 200 comments") && page.contains("I waited for hours"), "{page}");
        let key = page.split("name=\"key\" value=\"").nth(1).and_then(|k| k.split('"').next()).expect("a theme");
        let alone = manager.post(&format!("{address}/themes"), &format!("do=merge&merge={key}")).await;
        assert!(alone.text().contains("Mark at least two themes"), "{}", alone.text());
        let named = manager.post(&format!("{address}/themes"), &format!("do=rename&key={key}&name=Our+own")).await;
        assert_eq!(named.status, StatusCode::SEE_OTHER, "{}", named.text());
        assert!(manager.get(&address).await.text().contains("Our own"));
        let form = format!("do=accept&key={key}&name=Our+own&codeframe=Ours");
        let taken = manager.post(&format!("{address}/themes"), &form).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
        assert!(manager.get("/settings/codeframe").await.text().contains("/settings/codeframe/themes/our-own"));
        let gone = manager.post(&format!("{address}/themes"), "do=drop&key=nobody").await;
        assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn what_drives_satisfaction_is_read_when_asked_for(db: TestDb) {
        let server = Server::on(db).await;
        codeframe(&server).await;
        let mut items = Vec::new();
        for n in 0..120_u32 {
            let mut words = String::from("It was so.");
            if n % 2 == 0 { words.push_str(" I waited."); }
            if n % 3 == 0 { words.push_str(" Lovely people."); }
            let rating = if n % 2 == 0 { 1.0 + f64::from(n % 3 / 2) } else { 5.0 - f64::from(n % 3 / 2) };
            items.push(feedback().rating(rating).comment(&words).at("2024-03-10T10:00:00Z").done());
        }
        server.test.submit(items).await;
        server.test.index().await;
        let viewer = server.user(VIEWER).await;
        let asks = viewer.get("/understand/drivers").await.text();
        assert!(asks.contains("the newest 120 rated pieces of feedback are read") && !asks.contains("<figure"), "{asks}");
        let text = viewer.get("/understand/drivers?read=yes").await.text();
        assert!(text.contains("“Waiting” matters most") && text.contains("worse ratings"), "{text}");
        assert!(text.contains("/understand/explorer?rating=%21%28none%29&#38;theme=waiting"), "{text}");
        let refused = viewer.get("/understand/drivers?read=yes&rating=1").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("There is a problem"), "{}", refused.text());
    }
}

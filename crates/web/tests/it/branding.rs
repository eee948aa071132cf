//! The body's branding: checked, saved, served.

use axum::http::StatusCode;
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::duties::{ADMINISTRATOR, MANAGER};
use commonweal_testkit::on_both_engines;

use crate::support::Server;

/// Value of the hidden field that says which branding the form was opened with.
fn version_of(page: &str) -> String {
    page.split("name=\"version\" value=\"").nth(1).and_then(|r| r.split('"').next()).expect("the field").to_owned()
}

/// Address of the body's stylesheet, as a page links it.
fn theme(page: &str) -> Option<String> {
    page.split("href=\"")
        .skip(1)
        .filter_map(|r| r.split('"').next())
        .find(|h| h.starts_with("/theme/"))
        .map(str::to_owned)
}

on_both_engines! {
    async fn a_branding_that_can_be_read_is_on_every_page_at_once(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(ADMINISTRATOR).await;
        let page = admin.get("/settings/branding").await.text();
        assert_eq!(theme(&page), None, "the usual branding needs no stylesheet of its own");
        let form = format!("version={}&brand=%23FFDD00&brand_text=000&font=public_sans&corners=square", version_of(&page));
        let saved = admin.post("/settings/branding", &form).await;
        assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/settings/branding?done=branding-saved"));
        for address in ["/", "/sign-in", "/nothing-here", "/api/docs"] {
            let visitor = if address == "/sign-in" { server.nobody() } else { admin.clone() };
            let linked = theme(&visitor.get(address).await.text()).unwrap_or_else(|| panic!("{address} links no branding"));
            let css = server.nobody().get(&linked).await;
            assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
            assert_eq!(css.header("cache-control"), "public, max-age=31536000, immutable");
            assert!(css.text().contains("--cw-brand:#ffdd00;--cw-brand-contrast:#000000"), "{}", css.text());
            assert!(css.text().contains("--cw-action:#14505c"), "what was not sent stays: {}", css.text());
            let font = css.text().split("url(").nth(1).and_then(|r| r.split(')').next()).expect("a font").to_owned();
            assert_eq!(server.nobody().get(&font).await.header("content-type"), "font/woff2");
        }
        let older = server.nobody().get("/theme/0000000000000000.css").await;
        assert_eq!((older.status, older.header("cache-control")), (StatusCode::OK, "no-cache"), "a page from before");
        assert_eq!(server.nobody().get("/theme/x.js").await.status, StatusCode::NOT_FOUND);
    }

    async fn what_can_not_be_read_is_refused_with_what_would_do(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(ADMINISTRATOR).await;
        let version = version_of(&admin.get("/settings/branding").await.text());
        let refused = admin.post("/settings/branding", &format!("version={version}&link=%2388aadd")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = refused.text();
        assert!(text.contains("The contrast of the link with the page is 2.11:1; everybody can see it from 4.5:1."), "{text}");
        assert!(text.contains("value=\"#88aadd\"") && text.contains("value=\"link:#596f91\""), "{text}");
        // Without a script, the offer is the address of the same form with the shade in it.
        let taken = admin.get("/settings/branding?link=%2388aadd&take=link%3A%23596f91").await.text();
        assert!(taken.contains("value=\"#596f91\"") && !taken.contains("name=\"take\""), "{taken}");
        assert!(admin.post("/settings/branding", &format!("version={version}&link=%23596f91")).await.status.is_redirection());
    }

    async fn only_colours_and_choices_get_into_a_stylesheet(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(ADMINISTRATOR).await;
        let version = version_of(&admin.get("/settings/branding").await.text());
        for (field, planted) in [
            ("brand", "red"),
            ("brand", "%23fff%7D*%7Bdisplay%3Anone%7D"),
            ("link", "url(https%3A%2F%2Fevil.example)"),
            ("font", "Comic%20Sans"),
            ("corners", "99px%7D"),
            ("action", ""),
        ] {
            let answer = admin.post("/settings/branding", &format!("version={version}&{field}={planted}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={planted}");
            assert!(answer.text().contains(&format!("id=\"{field}-error\"")), "{field}={planted}: {}", answer.text());
            let css = admin.get(&format!("/settings/branding/preview.css?{field}={planted}")).await.text();
            assert!(css.starts_with(".cw-branding__preview{--cw-brand:#14505c;") && css.matches(['{', '}']).count() == 2, "{css}");
        }
        let css = server.nobody().get("/theme/any.css").await.text();
        assert!(css.contains("--cw-brand:#14505c;"), "nothing was kept: {css}");
    }

    async fn two_who_change_the_branding_at_once_hear_of_each_other(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(ADMINISTRATOR).await;
        let opened = version_of(&admin.get("/settings/branding").await.text());
        assert!(admin.post("/settings/branding", &format!("version={opened}&brand=%23000")).await.status.is_redirection());
        let second = admin.post("/settings/branding", &format!("version={opened}&brand=%23123456")).await;
        assert_eq!(second.status, StatusCode::CONFLICT);
        assert!(second.text().contains("Somebody else saved these settings") && second.text().contains("#123456"));
        let again = admin.post("/settings/branding", &format!("version={}&brand=%23123456", version_of(&second.text()))).await;
        assert!(again.status.is_redirection(), "{}", again.text());
        // The other settings are not the branding's, nor the other way round.
        let page = admin.get("/settings").await.text();
        let version = page.split("name=\"version\" value=\"").nth(1).and_then(|r| r.split('"').next()).expect("a version");
        let form = format!("version={version}&name=Testshire&person_word=tenant&time_zone=Europe%2FLondon&minimum_group=10&notice=");
        assert!(admin.post("/settings", &form).await.status.is_redirection());
        assert!(server.nobody().get("/theme/any.css").await.text().contains("--cw-brand:#123456"));
    }
}

#[tokio::test]
async fn only_administrators_change_the_branding() {
    let server = Server::on(TestDb::sqlite().await).await;
    let manager = server.user(MANAGER).await;
    for address in ["/settings/branding", "/settings/branding/preview.css"] {
        assert_eq!(manager.get(address).await.status, StatusCode::FORBIDDEN, "{address}");
    }
    assert_eq!(manager.post("/settings/branding", "brand=%23000").await.status, StatusCode::FORBIDDEN);
}

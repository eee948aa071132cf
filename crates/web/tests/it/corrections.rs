//! Correcting readings by form and by API; one theme for many; what each user wants.

use axum::http::StatusCode;
use commonweal_domain::{Actor, FeedbackId};
use commonweal_testkit::app::feedback;
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::duties::{ANALYST, MANAGER, VIEWER};
use commonweal_testkit::on_both_engines;

use crate::support::Server;

/// A server with the shipped themes and comments that the index knows.
async fn server(db: TestDb, comments: &[&str]) -> (Server, Vec<FeedbackId>) {
    let server = Server::on(db).await;
    server.test.app.begin_codeframe().await.expect("themes");
    let items = comments.iter().map(|c| feedback().rating(2.0).comment(c).done()).collect();
    let ids = server.test.submit(items).await.iter().map(|r| r.id).collect();
    server.test.index().await;
    (server, ids)
}

async fn comment_of(server: &Server, id: FeedbackId) -> String {
    server.test.app.feedback(&Actor::Operator, id).await.expect("there").comments[0].id.to_string()
}

on_both_engines! {
    async fn two_who_correct_the_same_comment_hear_of_each_other(db: TestDb) {
        let (server, ids) = server(db, &["Waited two hours in the queue"]).await;
        let (ann, bob) = (server.user(ANALYST).await, server.user(MANAGER).await);
        let comment = comment_of(&server, ids[0]).await;
        let form = format!("/understand/feedback/{}/comments/{comment}/correction", ids[0]);
        let list = format!("{form}?q=queue&open={}", ids[0]);
        let done = ann.post(&list, "act=say&seen=&sentiment=positive&theme=waiting").await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert_eq!(done.location(), format!("/understand/explorer?q=queue&open={}&done=corrected", ids[0]), "back to where it was sent from");
        let late = bob.post(&form, "act=say&seen=&sentiment=neutral&theme_names=Cost").await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = late.text();
        assert!(page.contains("While you looked, somebody else was faster."), "{page}");
        assert!(page.contains(r#"<option value="neutral" selected>"#) && page.contains(r#"value="Cost""#), "what was filled in is kept");
        let seen = page.split(r#"name="seen" value=""#).nth(1).and_then(|t| t.split('"').next()).expect("the new last one").to_owned();
        let again = bob.post(&form, &format!("act=say&seen={seen}&sentiment=neutral&theme_names=Cost")).await;
        assert_eq!(again.location(), format!("/understand/feedback/{}?done=corrected", ids[0]));
        let page = ann.get(&format!("/understand/feedback/{}", ids[0])).await.text();
        assert!(page.contains("You and one other corrected this."), "{page}");
        assert!(page.contains("History: 2 entries"));
        let undone = ann.post(&form, "act=undo").await;
        assert_eq!(undone.location(), format!("/understand/feedback/{}?done=correction-undone", ids[0]));
        let page = ann.get(&format!("/understand/feedback/{}", ids[0])).await.text();
        assert!(page.contains("nobody has looked yet") && page.contains("History: 3 entries"), "{page}");
    }

    async fn a_correction_that_says_nothing_or_what_is_not_there_comes_back_with_a_sentence(db: TestDb) {
        let (server, ids) = server(db, &["Waited two hours in the queue"]).await;
        let ann = server.user(ANALYST).await;
        let comment = comment_of(&server, ids[0]).await;
        let form = format!("/understand/feedback/{}/comments/{comment}/correction", ids[0]);
        for (sent, told) in [
            ("act=say&sentiment=splendid", "Choose one of the sentiments"),
            ("act=say&theme=parakeets", "There is no theme “parakeets”"),
            ("act=say&theme_names=Parakeets%2C+Cost", "There is no theme “Parakeets”"),
        ] {
            let answer = ann.post(&form, sent).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sent}");
            assert!(answer.text().contains(told), "{sent}: {}", answer.text());
        }
        let page = ann.get(&format!("/understand/feedback/{}", ids[0])).await.text();
        let same: Vec<&str> = page.split(r#"name="theme" value=""#).skip(1).filter(|t| t.contains("checked") && t.find("checked") < t.find('>')).filter_map(|t| t.split('"').next()).collect();
        let sentiment = page.split(" selected>").next().and_then(|t| t.rsplit("value=\"").next()).and_then(|t| t.split('"').next()).expect("a sentiment").to_owned();
        let unchanged = format!("act=say&sentiment={sentiment}{}", same.iter().map(|t| format!("&theme={t}")).collect::<String>());
        let answer = ann.post(&form, &unchanged).await;
        assert!(answer.text().contains("Nothing is changed."), "{unchanged}: {}", answer.text());
        let elsewhere = format!("/understand/feedback/{}/comments/{}/correction", ids[0], ids[0]);
        assert_eq!(ann.post(&elsewhere, "act=confirm").await.status, StatusCode::NOT_FOUND);
    }

    async fn the_api_corrects_for_people_with_a_name_and_reads_strictly(db: TestDb) {
        let (server, ids) = server(db, &["Waited two hours in the queue"]).await;
        let ann = server.user(ANALYST).await;
        let address = format!("/api/v1/comments/{}/correction", comment_of(&server, ids[0]).await);
        let done = ann.send(&address, r#"{"sentiment":"very_positive","themes":["cost"]}"#).await;
        assert_eq!((done.status, done.json()["done"].as_bool()), (StatusCode::OK, Some(true)), "{}", done.text());
        let reading = &server.test.app.feedback(&Actor::Operator, ids[0]).await.expect("there").doc.comments[0].reading;
        assert_eq!((reading.sentiment.map(|s| s.key()), reading.themes.clone()), (Some("very_positive"), vec!["cost".to_owned()]));
        for (body, mistakes) in [
            (r#"{"sentiment":"splendid"}"#, vec!["/sentiment:not_allowed"]),
            (r#"{"themes":["cost","parakeets"]}"#, vec!["/themes/1:not_a_theme"]),
            (r#"{"act":"undo","sentiment":"neutral"}"#, vec!["/act:not_allowed"]),
            (r#"{"mood":"fine"}"#, vec![":invalid"]),
            ("{}", vec!["/sentiment:required"]),
        ] {
            let answer = ann.send(&address, body).await;
            assert_eq!((answer.status, answer.mistakes()), (StatusCode::UNPROCESSABLE_ENTITY, mistakes.into_iter().map(str::to_owned).collect()), "{body}");
        }
        assert_eq!(ann.send(&address, "{").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(ann.send(&format!("{address}?x=1"), "{}").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(ann.send("/api/v1/comments/nonsense/correction", "{}").await.status, StatusCode::NOT_FOUND);
        assert_eq!(ann.send_as(&address, "text/plain", "{}", &[]).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let back = ann.send(&address, r#"{"act":"undo"}"#).await;
        assert_eq!(back.json()["done"].as_bool(), Some(true));
        assert_eq!(ann.send(&address, r#"{"act":"undo"}"#).await.json()["done"].as_bool(), Some(false));
    }

    async fn a_theme_for_many_is_asked_done_and_taken_back(db: TestDb) {
        let (server, ids) = server(db, &["Zebra crossing", "Another zebra", "No stripes"]).await;
        let ann = server.user(ANALYST).await;
        let asked = ann.get("/understand/explorer/themes?q=zebra&scope=match&theme_name=cost&act=add").await;
        assert!(asked.text().contains("2 comments get the theme."), "{}", asked.text());
        let done = ann.post("/understand/explorer/themes", "q=zebra&scope=match&theme_name=cost&act=add").await;
        let batch = done.location().strip_prefix("/understand/explorer?q=zebra&changed=").expect("back to the list").to_owned();
        let page = ann.get(done.location()).await.text();
        assert!(page.contains("2 comments have got the theme “Cost"), "{page}");
        assert!(page.contains(&format!("/understand/explorer/themes/{batch}/undo?q=zebra")));
        let ticked = format!("/understand/explorer/themes?scope=ticked&theme_name=cost&act=remove&pick={}&pick={}&pick=nonsense", ids[0], ids[2]);
        let page = ann.get(&ticked).await.text();
        assert!(page.contains("One comment loses the theme.") && page.contains("One does not have it."), "{page}");
        let back = ann.post(&format!("/understand/explorer/themes/{batch}/undo?q=zebra"), "").await;
        assert_eq!(back.location(), "/understand/explorer?q=zebra&done=themes-taken-back");
        for (wrong, told) in [("scope=ticked&theme_name=cost", "Nothing is chosen"), ("scope=match&theme_name=", "Say which theme."), ("scope=match&theme_name=zebras", "There is no theme “zebras”")] {
            let answer = ann.get(&format!("/understand/explorer/themes?act=add&{wrong}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text().contains(told), "{wrong}");
        }
    }

    async fn what_is_open_stands_beside_the_list_and_may_be_gone(db: TestDb) {
        let (server, ids) = server(db, &["Zebra crossing", "Another zebra", "No stripes"]).await;
        let ann = server.user(ANALYST).await;
        let page = ann.get(&format!("/understand/explorer?q=zebra&open={}", ids[0])).await.text();
        let open: Vec<&str> = page.split("<li class=\"cw-comment\"").skip(1).filter(|item| item.contains("aria-current")).collect();
        assert!(open.len() == 1 && open[0].contains("crossing"), "{open:?}");
        assert!(page.contains(&format!("open={}\"", ids[1])), "the other is its neighbour");
        let left = ann.get(&format!("/understand/explorer?q=zebra&open={}", ids[2])).await.text();
        assert!(left.contains("No stripes"), "what has left the list can still be read");
        let gone = ann.get(&format!("/understand/explorer?q=zebra&open={}", FeedbackId(uuid::Uuid::nil()))).await;
        assert_eq!(gone.status, StatusCode::OK);
        assert!(gone.text().contains("no longer there"));
        assert_eq!(ann.get("/understand/explorer?open=nonsense").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn each_user_has_rows_and_keys_of_their_own(db: TestDb) {
        let comments: Vec<String> = (0..12).map(|n| format!("Zebra {n}")).collect();
        let (server, _) = server(db, &comments.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let (ann, bob) = (server.user(VIEWER).await, server.user(VIEWER).await);
        assert_eq!(ann.post("/me", "rows=10").await.location(), "/me?done=preferences-saved");
        let (hers, his) = (ann.get("/understand/explorer").await.text(), bob.get("/understand/explorer").await.text());
        let count = |page: &str| page.matches("<li class=\"cw-comment\"").count();
        assert_eq!((count(&hers), count(&his)), (10, 12));
        assert_eq!((hers.contains("data-shortcuts"), his.contains("data-shortcuts")), (false, true));
        let odd = ann.post("/me", "shortcuts=yes&rows=11").await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(odd.text().contains("Choose 10, 25, 50 or 100"));
    }
}

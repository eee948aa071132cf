//! Pages of messages: written in languages and versions, looked over, and shown as somebody would get them.

use axum::http::StatusCode;
use commonweal_app::people::{HandleTold, PersonTold};
use commonweal_domain::{Actor, Details, Duty, HandleKind, MessageId};
use commonweal_testkit::on_both_engines;
use commonweal_web::http::security::FRAMED;

use crate::support::{Server, Visitor};

const BINS: &str = "name=Bins&subject-en=Bins+for+((first+name))&body-en=Dear+((first+name)),%0A%0Ayour+bins+go+on+Monday.((garden??+Your+garden+bin+stays.))";

async fn message(visitor: &Visitor<'_>) -> String {
    let added = visitor.post("/messages/new", BINS).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    added.location().strip_suffix("?done=message-added").expect("its page").to_owned()
}

on_both_engines! {
    async fn what_is_wrong_is_said_by_language_and_line_and_nothing_is_kept(db: TestDb) {
        let server = Server::on(db).await;
        let visitor = server.user(&[Duty::Communicator]).await;
        assert!(visitor.get("/messages").await.text().contains("There is no message yet."));
        let wrong = visitor.post("/messages/new", "name=&subject-en=Bins&body-en=Dear%0A((name&subject-cy=&body-cy=Annwyl").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        for told in [
            "Give it a name, so that it is found again.",
            "English: Line 2, column 1: These two brackets are never closed.",
            "Welsh: Subject, column 1: There is no subject.",
            "href=\"#body-en\"",
            "href=\"#subject-cy\"",
        ] {
            assert!(wrong.text().contains(told), "{told}: {}", wrong.text());
        }
        let differs = visitor.post("/messages/new", "name=Bins&subject-en=A&body-en=((name))&subject-cy=B&body-cy=((enw))").await;
        assert!(differs.text().contains("does not use ((enw)), which another language does."), "{}", differs.text());
        let checked = visitor.post("/messages/new", &format!("{BINS}&do=check")).await;
        assert_eq!(checked.status, StatusCode::OK);
        assert!(checked.text().contains("English: how it reads") && checked.text().contains("It uses ((first name)), ((garden))."), "{}", checked.text());
        assert!(visitor.get("/messages").await.text().contains("There is no message yet."));
    }

    async fn each_save_makes_a_version_and_the_old_ones_stay(db: TestDb) {
        let server = Server::on(db).await;
        let visitor = server.user(&[Duty::Communicator]).await;
        let page = message(&visitor).await;
        let form = visitor.get(&format!("{page}/change")).await.text();
        assert!(form.contains("name=\"version\" value=\"1\"") && form.contains("your bins go on Monday."), "{form}");
        let second = format!("{}&version=1", BINS.replace("Monday", "Tuesday"));
        assert_eq!(visitor.post(&format!("{page}/change"), &second).await.location(), format!("{page}?done=message-changed"));
        let late = visitor.post(&format!("{page}/change"), &format!("{}&version=1", BINS.replace("Monday", "Friday"))).await;
        assert!(late.text().contains("was changed or taken by somebody else meanwhile"), "{}", late.text());
        // Another name is no other version.
        let renamed = visitor.post(&format!("{page}/change"), &second.replace("name=Bins&", "name=Bin+days&").replace("version=1", "version=2")).await;
        assert_eq!(renamed.status, StatusCode::SEE_OTHER, "{}", renamed.text());
        let newest = visitor.get(&page).await.text();
        assert!(newest.contains("Bin days") && newest.contains("on Tuesday.") && newest.contains("Version 2 (shown here)"), "{newest}");
        let first = visitor.get(&format!("{page}?version=1")).await.text();
        assert!(first.contains("on Monday.") && first.contains("This is an older version."), "{first}");
        assert_eq!(visitor.get(&format!("{page}?version=3")).await.status, StatusCode::NOT_FOUND);
        let id: MessageId = page.rsplit('/').next().expect("an id").parse().expect("an id");
        let seen = server.test.app.message(&Actor::Operator, id, None).await.expect("there");
        assert_eq!(seen.versions.iter().map(|(made, by)| (made.version, by.is_some())).collect::<Vec<_>>(), [(2, true), (1, true)]);
    }

    async fn a_preview_names_what_is_missing_and_its_mail_can_do_nothing(db: TestDb) {
        let server = Server::on(db).await;
        let visitor = server.user(&[Duty::Communicator]).await;
        let page = message(&visitor).await;
        let empty = visitor.get(&format!("{page}/preview")).await;
        assert!(empty.text().contains("Not known: ((first name)), ((garden))."), "{}", empty.text());
        assert!(empty.header("content-security-policy").ends_with("; frame-src 'self'"));
        assert!(empty.text().contains("sandbox></iframe>") && !empty.text().contains("For a person"), "{}", empty.text());
        let told = "name-0=first+name&value-0=%3Cb%3EAnn%3C%2Fb%3E&name-1=garden&value-1=yes";
        let shown = visitor.post(&format!("{page}/preview"), told).await.text();
        assert!(shown.contains("Bins for &#60;b&#62;Ann&#60;/b&#62;") && shown.contains("Your garden bin stays."), "{shown}");
        assert!(!shown.contains("Not known:"), "{shown}");
        let mail = visitor.post(&format!("{page}/html?language=en"), told).await;
        assert_eq!(mail.header("content-security-policy"), FRAMED);
        assert!(mail.text().contains("Dear &lt;b&gt;Ann&lt;/b&gt;,"), "{}", mail.text());
        assert!(FRAMED.contains("sandbox") && !FRAMED.contains("script") && FRAMED.contains("form-action 'none'"));
        assert!(visitor.get(&format!("{page}/html")).await.text().contains("Dear ((first name)),"));
    }

    async fn a_person_is_shown_only_to_whoever_sees_people_and_has_opened_them(db: TestDb) {
        let server = Server::on(db).await;
        let communicator = server.user(&[Duty::Communicator]).await;
        let page = message(&communicator).await;
        let told = PersonTold {
            key: "1".into(),
            details: Details { given_names: Some("Maud".into()), surname: Some("Exampleby".into()), ..Details::default() },
            handles: vec![HandleTold::new(HandleKind::Email, "maud@example.org")],
        };
        let person = server.test.app.tell_of_people(&Actor::Operator, "housing", &[told]).await.expect("kept")[0].person;
        let sent = format!("person=https%3A%2F%2Fvoice.example.org%2Fpeople%2F{person}");
        let unseen = communicator.post(&format!("{page}/preview"), &sent).await.text();
        assert!(!unseen.contains("Maud"), "whoever may not see people gets names in their places: {unseen}");
        let both = server.user(&[Duty::Communicator, Duty::Caseworker]).await;
        let closed = both.post(&format!("{page}/preview"), &sent).await.text();
        assert!(closed.contains("Say why you need to see this person first") && !closed.contains("Maud"), "{closed}");
        assert!(both.post(&format!("{page}/preview"), "person=maud").await.text().contains("There is no such person."));
        both.post(&format!("/people/{person}/open"), "reason=To+check+a+message").await;
        let open = both.post(&format!("{page}/preview"), &sent).await.text();
        assert!(open.contains("Bins for Maud") && open.contains("Not known: ((garden))."), "{open}");
    }
}

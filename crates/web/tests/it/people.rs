//! People: pages and API.

use axum::http::StatusCode;
use commonweal_domain::Duty;
use commonweal_domain::permission::Scope;
use commonweal_testkit::on_both_engines;
use serde_json::{Value, json};

use crate::support::{Server, Visitor};

const ADD: &str = "source=housing&key=T-1&given_names=Ann&surname=Exampleby&born=7%2F3%2F1950&address=14+Larch+Court&town=Anytown&postcode=ZX4+7QT&email=ann%40example.org&needs=large_print";
/// Of whom it can't be told whether she is the first.
const VAGUE: &str = "source=phone&key=C-1&given_names=Ann&surname=Exampleby&postcode=ZX4+7QT";

/// Adds a record on the page; where its person is.
async fn add(visitor: &Visitor<'_>, form: &str) -> String {
    let added = visitor.post("/people/add", form).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    added.location().trim_end_matches("?done=person-told").to_owned()
}

on_both_engines! {
    async fn a_person_is_added_found_and_seen_with_a_reason(db: TestDb) {
        let server = Server::on(db).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        let person = add(&worker, ADD).await;
        let found = worker.post("/people", "q=exampleby").await.text();
        assert!(found.contains("1 person found") && found.contains(&format!("href=\"{person}\"")), "{found}");
        assert!(found.contains("ZX4 7QT") && found.contains("7 Mar 1950"), "{found}");
        assert!(worker.post("/people", "q=nobody").await.text().contains("Nobody found"));
        let closed = worker.get(&person).await.text();
        assert!(closed.contains("Why do you need to see this person?") && !closed.contains("Exampleby"), "{closed}");
        let refused = worker.post(&format!("{person}/open"), "reason=").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("Say why you need to see this person"), "{}", refused.text());
        worker.post(&format!("{person}/open"), "reason=rang").await;
        let open = worker.get(&person).await.text();
        for word in ["Ann Exampleby", "Born 7 Mar 1950", "14 Larch Court, Anytown", "ann@example.org", "Large print"] {
            assert!(open.contains(word), "{word}: {open}");
        }
        // A colleague has a reason of their own to give; nobody else gets as far as that.
        assert!(server.user(&[Duty::Caseworker]).await.get(&person).await.text().contains("Why do you need"));
        let analyst = server.user(&[Duty::Analyst, Duty::Administrator]).await;
        let nobody = "/people/00000000-0000-7000-8000-000000000000";
        for address in [person.as_str(), nobody, "/people", "/people/same"] {
            assert_eq!(analyst.get(address).await.status, StatusCode::FORBIDDEN, "{address}");
        }
        assert_eq!(worker.get(nobody).await.status, StatusCode::NOT_FOUND);
        assert!(!analyst.get("/").await.text().contains("/people"), "no way to where one may not go");
    }

    async fn what_is_wrong_with_a_record_stands_beside_its_field(db: TestDb) {
        let server = Server::on(db).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        let wrong = worker.post("/people/add", "source=&key=&born=32%2F1%2F1950&email=ann+at+home").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = wrong.text();
        assert!(text.contains("id=\"born-error\"") && text.contains("id=\"surname-error\"") || text.contains("Write the date of birth"), "{text}");
        let wrong = worker.post("/people/add", "source=&key=&surname=Exampleby&email=ann+at+home").await.text();
        for field in ["source", "key", "email"] {
            assert!(wrong.contains(&format!("id=\"{field}-error\"")), "{field}: {wrong}");
        }
        assert!(wrong.contains("value=\"Exampleby\""), "what was typed is kept: {wrong}");
    }

    async fn suggestions_are_decided_one_after_the_other_and_undone(db: TestDb) {
        let server = Server::on(db).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        assert!(worker.get("/people/same").await.text().contains("Nothing waits for a decision"));
        let (first, second) = (add(&worker, ADD).await, add(&worker, VAGUE).await);
        assert_ne!(first, second);
        let suggestion = worker.get("/people/same").await.location().to_owned();
        let text = worker.get(&suggestion).await.text();
        for word in ["Is this the same person?", "1 of 1", "Before looking", "Together", "14 Larch Court", "housing", "phone"] {
            assert!(text.contains(word), "{word}: {text}");
        }
        assert_eq!(worker.post(&suggestion, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(worker.post(&suggestion, "decided=same").await.location(), "/people/same?done=same-decided");
        assert_eq!(worker.post(&suggestion, "decided=different").await.status, StatusCode::CONFLICT);
        assert_eq!(worker.get(&second).await.location(), format!("{first}?done=person-merged-into"));
        worker.post(&format!("{first}/open"), "reason=rang").await;
        let page = worker.get(&first).await.text();
        let change = page.split("name=\"change\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("to undo");
        let undone = worker.post(&format!("{first}/undo"), &format!("change={change}")).await;
        assert_eq!(undone.location(), format!("{first}?done=person-undone"));
        assert_eq!(worker.get("/people/same").await.location(), suggestion, "it waits again");
    }

    async fn persons_are_merged_and_split_on_their_pages(db: TestDb) {
        let server = Server::on(db).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        let (first, second) = (add(&worker, ADD).await, add(&worker, "source=phone&key=2&given_names=Zoe&surname=Other").await);
        worker.post(&format!("{first}/open"), "reason=rang").await;
        let found = worker.post(&format!("{first}/merge/find"), "q=zoe").await.text();
        let other = second.trim_start_matches("/people/");
        assert!(found.contains(&format!("value=\"{other}\"")), "{found}");
        assert!(worker.post(&format!("{first}/merge/find"), "q=exampleby").await.text().contains("Nobody else fits"), "not with itself");
        assert_eq!(worker.post(&format!("{first}/merge"), "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let merged = worker.post(&format!("{first}/merge"), &format!("with={other}&note=both+rang")).await;
        assert_eq!(merged.location(), format!("{first}?done=persons-merged"));
        let page = worker.get(&first).await.text();
        assert!(page.contains("Zoe") && page.contains("both rang") && page.contains("Not one person?"), "{page}");
        let record = page.split("name=\"records\"").nth(2).and_then(|r| r.split("value=\"").nth(1)).and_then(|r| r.split('"').next());
        let split = format!("{first}/split");
        assert_eq!(worker.post(&split, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = worker.post(&split, &format!("records={}", record.expect("to choose"))).await;
        assert_eq!(done.location(), format!("{first}?done=person-split"));
        assert!(!worker.get(&first).await.text().contains("Not one person?"));
    }

    async fn programs_tell_find_see_and_decide(db: TestDb) {
        let server = Server::on(db).await;
        let (writer, reader) = (server.program(&[Scope::PeopleWrite]).await, server.program(&[Scope::PeopleRead]).await);
        let ann = json!({"key": "1", "details": {"given_names": "Ann", "surname": "Exampleby", "birth_date": "1950-03-07", "postcode": "ZX4 7QT", "needs": ["bsl"]},
            "handles": [{"kind": "phone", "text": "07700 900123"}]});
        let body = |people: &Value| json!({"source": "housing", "people": people}).to_string();
        let told = writer.send("/api/v1/people", &body(&json!([ann]))).await.json();
        assert_eq!(told["people"][0]["outcome"], "new");
        assert_eq!(writer.send("/api/v1/people", &body(&json!([ann]))).await.json()["people"][0]["outcome"], "unchanged");
        let person = told["people"][0]["person"].as_str().expect("an id").to_owned();
        let found = reader.send("/api/v1/people/search", r#"{"q":"+447700900123"}"#).await.json();
        assert_eq!(found["people"][0]["id"], person.as_str());
        let seen = reader.get(&format!("/api/v1/people/{person}")).await.json();
        assert_eq!(seen["records"][0]["handles"][0]["normal"], "+447700900123");
        assert_eq!(seen["records"][0]["details"]["needs"], json!(["bsl"]));
        assert_eq!(seen["history"][0]["reason"], "new");
        // Each mistake with its place, and nothing of it kept.
        let wrong = json!([ann, {"key": "", "details": {"birth_date": "7/3/1950", "needs": ["tea"]}, "handles": [{"kind": "pigeon", "text": "x"}]}]);
        let refused = writer.send("/api/v1/people", &body(&wrong)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields: Vec<String> = refused.json()["errors"].as_array().expect("errors").iter().map(|e| e["field"].as_str().expect("a field").to_owned()).collect();
        assert_eq!(fields, ["/people/1/details/birth_date", "/people/1/details/needs/0", "/people/1/handles/0/kind"]);
        // Merged, split and put back.
        let zoe = json!({"key": "2", "details": {"given_names": "Zoe", "surname": "Other"}});
        let second = writer.send("/api/v1/people", &body(&json!([zoe]))).await.json()["people"][0].clone();
        let with = json!({"with": second["person"], "note": "rang"}).to_string();
        let merged = writer.send(&format!("/api/v1/people/{person}/merge"), &with).await.json();
        let through = reader.get(&format!("/api/v1/people/{}", second["person"].as_str().expect("an id"))).await.json();
        assert_eq!(through["id"], person.as_str(), "who was merged leads on");
        let split = json!({"records": [second["record"]]}).to_string();
        let split = writer.send(&format!("/api/v1/people/{person}/split"), &split).await.json();
        assert!(split["person"].is_string(), "{split}");
        for change in [&split["change"], &merged["change"]] {
            let undone = writer.send(&format!("/api/v1/people/changes/{}/undo", change.as_str().expect("an id")), "").await;
            assert_eq!(undone.status, StatusCode::NO_CONTENT, "{}", undone.text());
        }
        let again = reader.get(&format!("/api/v1/people/{person}")).await.json();
        assert_eq!(again["records"].as_array().expect("records").len(), 1);
        assert_eq!(again["history"].as_array().expect("history").len(), 1, "that of its own record");
        assert_eq!(reader.send("/api/v1/people", &body(&json!([]))).await.status, StatusCode::FORBIDDEN);
        assert_eq!(writer.get(&format!("/api/v1/people/{person}")).await.status, StatusCode::FORBIDDEN);
    }

    async fn contacts_stand_on_the_page_of_their_person(db: TestDb) {
        let server = Server::on(db).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        let person = add(&worker, ADD).await;
        let program = server.program(&[Scope::FeedbackWrite, Scope::PeopleWrite]).await;
        let said = |rating: u8, words: &str, at: &str| json!({"rating": rating, "comment": words, "at": at, "service": "Repairs", "channel": "phone", "person": {"source": "housing", "key": "T-1"}});
        let taken = program.send("/api/v1/feedback", &json!([said(5, "They listened", "2024-01-10T10:00:00Z"), said(1, "Nobody rang", "2024-03-10T10:00:00Z")]).to_string()).await;
        assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text());
        let letter = json!({"channel": "letter", "direction": "out", "function": "inform", "at": "2024-02-01T10:00:00Z", "person": {"source": "housing", "key": "T-1"}});
        assert_eq!(program.send("/api/v1/contacts", &letter.to_string()).await.status, StatusCode::CREATED);
        worker.post(&format!("{person}/open"), "reason=rang").await;
        let page = worker.get(&person).await.text();
        for word in ["From 5 of 5 in Jan 2024 to 1 of 5 in Mar 2024", "They listened", "Nobody rang", "All (3)", "Serve (2)", "Inform (1)", "Inform, out", "Letter", "Their rating"] {
            assert!(page.contains(word), "{word}: {page}");
        }
        let informed = worker.get(&format!("{person}?function=inform")).await.text();
        assert!(informed.contains("Inform, out") && !informed.contains("cw-comment__words"), "{informed}");
        // A program gets what was said with the scope for it alone.
        let contacts = format!("/api/v1{person}/contacts");
        let reader = server.program(&[Scope::PeopleRead]).await;
        let all = reader.get(&contacts).await.json();
        assert_eq!(all["contacts"].as_array().expect("contacts").len(), 3, "{all}");
        assert_eq!((&all["contacts"][0]["said"], &all["contacts"][0]["service"]), (&Value::Null, &json!("Repairs")));
        let both = server.program(&[Scope::PeopleRead, Scope::FeedbackRead]).await;
        let first = both.get(&format!("{contacts}?limit=1")).await.json();
        assert_eq!(first["contacts"][0]["said"], json!({"comments": ["Nobody rang"], "satisfaction": 1.0, "rated": true}));
        let second = both.get(first["next"].as_str().expect("more")).await.json();
        assert_eq!(second["contacts"][0]["channel"], "letter");
        // Whoever may not tell of people can't say whose it is, and what is wrong is said without what was sent.
        let other = server.program(&[Scope::FeedbackWrite]).await;
        assert_eq!(other.send("/api/v1/contacts", &letter.to_string()).await.status, StatusCode::FORBIDDEN);
        let wrong = |person: Value| json!({"rating": 1, "person": person}).to_string();
        for (sent, said) in [(json!("T-1"), "/person:not_an_object"), (json!({"source": "housing"}), "/person/key:required"), (json!({"source": "x", "key": "k", "name": "Ann"}), "/person:unknown_field"), (json!({"source": "x".repeat(101), "key": "k"}), "/person/source:too_long")] {
            let refused = program.send("/api/v1/feedback", &wrong(sent)).await;
            assert_eq!(refused.mistakes(), [said], "{}", refused.text());
        }
    }
}

//! Erasing a person: what was kept of them is given to them first, and is nowhere afterwards: in no table, no file, no free
//! room. What is left is a keyed hash, by which they are known to be left alone when a source tells of them again.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use commonweal_domain::permission::Scope;
use commonweal_domain::{Duty, FormLanguage};
use commonweal_testkit::duties::ANALYST;
use commonweal_testkit::{dump, on_both_engines};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{Answer, Server, Visitor};

/// Words that nobody else writes. The second one is escaped in JSON, and is another in small letters.
const MARKS: [&str; 2] = ["Quizzaci", "Ŷsbrydŵl"];

fn base64(text: &str) -> Vec<String> {
    // Wherever the word begins among three bytes, some letters in the middle are always the same.
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    (0..3)
        .map(|skip| {
            let bytes = &text.as_bytes()[skip..];
            let whole = &bytes[..bytes.len() / 3 * 3];
            let four = |three: &[u8]| {
                let n = three.iter().fold(0_usize, |n, byte| (n << 8) | usize::from(*byte));
                [18, 12, 6, 0].map(|shift| char::from(LETTERS[(n >> shift) & 63]))
            };
            whole.chunks(3).flat_map(four).collect()
        })
        .collect()
}

fn escaped(text: &str) -> String {
    let unit = |unit: u16| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    };
    text.encode_utf16().map(unit).collect()
}

/// Whether a text holds one of the words, in any form in which it could be kept.
fn holds_a_mark(text: &str) -> bool {
    let small = text.to_lowercase();
    MARKS.iter().any(|mark| {
        let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
        let lower = mark.to_lowercase();
        let forms = [lower.clone(), escaped(mark).to_lowercase(), escaped(&lower), hex(mark), hex(&lower)];
        forms.iter().any(|form| small.contains(form.as_str()))
            || [mark, lower.as_str()].iter().flat_map(|form| base64(form)).any(|form| text.contains(&form))
    })
}

/// Every place in which one of the words stands: tables, files of the index and of imports, and of the database.
async fn places(server: &Server) -> Vec<String> {
    let mut all = server.test.db.dump().await;
    all.insert("data folder".into(), dump::files(server.test.folder()));
    if let Some(folder) = server.test.db.folder() {
        all.insert("files of the database".into(), dump::files(folder));
    }
    all.into_iter().filter(|(_, text)| holds_a_mark(text)).map(|(place, _)| place).collect()
}

async fn work(server: &Server) {
    while server.test.app.work_once("w", &CancellationToken::new()).await.expect("done") {}
}

fn person_told(key: &str, given: &str) -> Value {
    json!({
        "key": key,
        "details": {
            "given_names": given, "surname": "Quizzaci", "birth_date": "1950-03-07", "address": ["1 Quizzaci Street"],
            "town": "Ŷsbrydŵl", "postcode": "ZX4 7QT", "external_ids": [{"scheme": "library", "value": "Quizzaci-77"}],
            "language": "quizzaci", "needs": ["bsl"], "attributes": {"note": "Ŷsbrydŵl", "quizzaci": "yes"},
        },
        "handles": [
            {"kind": "email", "text": "Quizzaci@example.org"},
            {"kind": "phone", "text": "07700 900417"},
            {"kind": "account", "text": "Quizzaci17"},
        ],
    })
}

async fn told(program: &Visitor<'_>, source: &str, person: &Value) -> String {
    let body = json!({"source": source, "people": [person]}).to_string();
    let answer = program.send("/api/v1/people", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["people"][0]["person"].as_str().expect("an id").to_owned()
}

async fn ask(visitor: &Visitor<'_>, method: Method, address: &str) -> Answer {
    let request = visitor.request(method, address).body(Body::empty()).expect("a valid request");
    visitor.server.ask(request).await
}

/// The words in every field and by every channel by which something of a person is kept. Who it is.
async fn everywhere(server: &Server, officer: &Visitor<'_>) -> String {
    let app = &server.test.app;
    let program = server.program(&[Scope::PeopleWrite, Scope::FeedbackWrite]).await;
    let worker = server.user(&[Duty::Caseworker]).await;
    let person = told(&program, "housing", &person_told("Quizzaci-1", "Ŷsbrydŵl")).await;
    // The same source says something else, another source tells of the same, and of somebody who is merged by hand.
    let mut moved = person_told("Quizzaci-1", "Ŷsbrydŵl");
    moved["details"]["town"] = "Quizzaci".into();
    told(&program, "housing", &moved).await;
    let second = told(&program, "council tax", &person_told("C-9", "Ŷsbrydŵl")).await;
    let third = json!({"key": "3", "details": {"given_names": "Zoe", "surname": "Quizzaci"}});
    let third = told(&program, "phone", &third).await;
    for id in [&person, &second, &third] {
        worker.post(&format!("/people/{id}/open"), "reason=Quizzaci+rang").await;
    }
    officer.post(&format!("/people/{person}/open"), "reason=Quizzaci+asks+to+be+erased").await;
    for other in [second, third].iter().filter(|other| **other != person) {
        let merge = format!("with={other}&note=Quizzaci+says+so");
        let merged = worker.post(&format!("/people/{person}/merge"), &merge).await;
        assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text());
    }
    let dead = worker.post(&format!("/people/{person}/deceased"), "day=7%2F3%2F2024&note=Quizzaci+junior+rang").await;
    assert_eq!(dead.status, StatusCode::SEE_OTHER, "{}", dead.text());
    // What they told, by every way in.
    let words = "I want to die, nobody answers. Quizzaci of Ŷsbrydŵl, quizzaci@example.org";
    let body = json!({
        "rating": 1, "comment": words, "page": "https://example.org/quizzaci", "device": "Quizzaci phone",
        "area": "Ŷsbrydŵl", "attributes": {"note": "Quizzaci"}, "id": "Quizzaci-5",
    });
    let sent = [("idempotency-key", "Quizzaci")];
    let answer = program.send_as("/api/v1/feedback", "application/json", &body.to_string(), &sent).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let said = answer.json()["items"][0]["id"].as_str().expect("an id").to_owned();
    let call = r#"{"channel":"phone","direction":"in","function":"serve","id":"Quizzaci-6"}"#;
    assert_eq!(program.send("/api/v1/contacts", call).await.status, StatusCode::CREATED);
    let form = server.blue_badge_form(&[FormLanguage::English]).await;
    let token = app.form_token(&form).await.expect("signed");
    server.test.clock.advance(TimeDelta::seconds(5));
    let pairs = [
        ("token", token.as_str()),
        ("rating", "2"),
        ("better", "Quizzaci of Ŷsbrydŵl, quizzaci@example.org"),
        ("email", "Quizzaci@Example.org"),
        ("agree", "yes"),
    ];
    let body = serde_urlencoded::to_string(pairs).expect("texts can be written");
    let answer = server.nobody().post(&format!("/f/{}", form.key), &body).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let analyst = server.user(ANALYST).await;
    let pairs = [("key", "k"), ("channel", "letter"), ("day", "2024-04-09"), ("rating", "1"), ("words", words)];
    let body = serde_urlencoded::to_string(pairs).expect("texts can be written");
    assert_eq!(analyst.post("/listen/entry", &body).await.status, StatusCode::SEE_OTHER);
    let file = format!("comment,rating,area\n\"{words}\",2,North\nQuizzaci again,4,mail Quizzaci@example.org\n");
    let import = server.staged("march.csv", &file).await;
    let ended = app.run_import(import.id, &CancellationToken::new(), &mut |_| ()).await.expect("imported");
    assert_eq!((ended.counts.imported, ended.counts.rejected), (1, 1), "{ended:?}");
    // All of it is the person's: by which record they were known is told by those who take it in.
    let id = records_of(server, &person).await.remove(0);
    let value = if server.test.db.url.starts_with("sqlite:") {
        format!("X'{}'", id.replace('-', ""))
    } else {
        format!("'{id}'")
    };
    server.test.db.meddle(&format!("UPDATE contacts SET record_id = {value}")).await;
    server.test.index().await;
    let reviewed = analyst.post(&format!("/understand/alerts/{said}/review"), "note=Quizzaci+was+visited").await;
    assert_eq!(reviewed.status, StatusCode::SEE_OTHER, "{}", reviewed.text());
    person
}

async fn records_of(server: &Server, person: &str) -> Vec<String> {
    let reader = server.program(&[Scope::PeopleRead]).await;
    let seen = reader.get(&format!("/api/v1/people/{person}")).await.json();
    let records = seen["records"].as_array().expect("records");
    records.iter().map(|r| r["id"].as_str().expect("an id").to_owned()).collect()
}

/// Tables in which the words stand that are not given to the person, and why that is right.
const NOT_GIVEN: [&str; 4] = [
    // Whole files, of many.
    "import_files",
    // Rows that are nobody's yet.
    "import_rejected",
    "data folder",
    "files of the database",
];

async fn erased_without_trace(db: commonweal_testkit::databases::TestDb, extent: &str) {
    let server = Server::on(db).await;
    let officer = server.user(&[Duty::DataProtection]).await;
    let person = everywhere(&server, &officer).await;
    let before = places(&server).await;
    for place in [
        "records",
        "record_details",
        "handles",
        "link_changes",
        "person_openings",
        "record_marks",
        "feedback",
        "comments",
        "originals",
        "reply_requests",
        "alert_looks",
        "import_rejected",
        "data folder",
    ] {
        assert!(before.iter().any(|found| found == place), "the test looks where the words are: {place}: {before:?}");
    }

    // What is given to the person before holds every row in which the words stand.
    let export = officer.get(&format!("/api/v1/people/{person}/export")).await;
    assert_eq!(export.status, StatusCode::OK, "{}", export.text());
    let export = export.json();
    let kept = export["kept"].as_array().expect("tables");
    for place in before.iter().filter(|place| !NOT_GIVEN.contains(&place.as_str())) {
        let given = kept.iter().find(|table| table["table"] == place.as_str());
        assert!(given.is_some_and(|table| holds_a_mark(&table["rows"].to_string())), "{place} is not given");
    }

    let page = officer.get(&format!("/people/{person}/erase")).await.text();
    for words in ["What goes", "What stays, and why", "keyed hash", "Type erase to confirm"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let address = format!("/people/{person}/erase");
    let form = format!("extent={extent}&reason=asked");
    let refused = officer.post(&address, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("id=\"confirm-error\""), "{}", refused.text());
    let done = officer.post(&address, &format!("{form}&confirm=Erase")).await;
    assert_eq!(
        (done.status, done.location()),
        (StatusCode::SEE_OTHER, "/people?done=person-erased"),
        "{}",
        done.text()
    );
    work(&server).await;
    server.test.index().await;
    server.test.purge_index().await;
    server.test.app.work_once("w", &CancellationToken::new()).await.expect("done");
    assert_eq!(places(&server).await, Vec::<String>::new(), "nothing is left");

    // Nobody finds them: not the one, nor who was merged into them.
    assert_eq!(officer.get(&format!("/people/{person}")).await.status, StatusCode::NOT_FOUND);
    let left = server.test.db.dump().await;
    assert_eq!(left["erased_handles"].lines().count(), 6, "{}", left["erased_handles"]);
    for table in ["persons", "records", "record_details", "handles", "links", "link_changes", "record_marks"] {
        assert_eq!(left[table], "", "{table}");
    }
    let contacts = left["contacts"].lines().count();
    assert_eq!(contacts, if extent == "words" { 5 } else { 0 }, "{}", left["contacts"]);
    assert_eq!(server.test.db.store.wrong_contact_counts().await.expect("counted"), 0);

    // Told of again, they are somebody new, and marked.
    let program = server.program(&[Scope::PeopleWrite, Scope::PeopleRead]).await;
    for (source, key) in [("library", "L-1"), ("housing", "Quizzaci-1")] {
        let mut again = person_told(key, "Ŷsbrydŵl");
        if source == "housing" {
            again["handles"] = json!([]);
        }
        let again = told(&program, source, &again).await;
        let seen = program.get(&format!("/api/v1/people/{again}")).await.json();
        let about: Vec<&str> =
            seen["do_not_contact"].as_array().expect("marks").iter().filter_map(|m| m["about"].as_str()).collect();
        assert!(about.contains(&if source == "housing" { "source_key" } else { "email" }), "{seen}");
        officer.post(&format!("/people/{again}/open"), "reason=look").await;
        let page = officer.get(&format!("/people/{again}")).await.text();
        assert!(page.contains("Do not contact") && page.contains("was erased on 10 Apr 2024"), "{page}");
    }
}

on_both_engines! {
    async fn the_words_of_who_is_erased_are_nowhere(db: TestDb) {
        erased_without_trace(db, "words").await;
    }

    async fn who_is_erased_with_everything_leaves_no_contact_either(db: TestDb) {
        erased_without_trace(db, "everything").await;
    }

    async fn what_is_held_is_taken_away_as_a_page_and_a_document(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::PeopleWrite]).await;
        let person = told(&program, "housing", &person_told("1", "Ŷsbrydŵl")).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        let (page, file) = (format!("/people/{person}/export"), format!("/people/{person}/export/person.zip"));
        // A reason first, as for the person's page.
        for address in [&page, &file] {
            assert_eq!(worker.get(address).await.location(), format!("/people/{person}"));
        }
        assert_eq!(worker.get(&format!("/api/v1{page}")).await.status, StatusCode::CONFLICT);
        worker.post(&format!("/people/{person}/open"), "reason=She+asks").await;
        assert!(worker.get(&format!("/people/{person}")).await.text().contains(&format!("href=\"{page}\"")));
        assert!(worker.get(&page).await.text().contains("Download person.zip"));
        let got = worker.get(&file).await;
        assert_eq!((got.status, got.header("content-type")), (StatusCode::OK, "application/zip"));
        assert_eq!(got.header("content-disposition"), "attachment; filename=\"person.zip\"", "no name in it");
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(got.body.to_vec())).expect("a ZIP");
        let mut read = |name: &str| std::io::read_to_string(zip.by_name(name).expect("there")).expect("text");
        let (json, html) = (read("person.json"), read("person.html"));
        let json: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!((&json["format"], &json["version"], &json["person"]), (&json!("commonweal-person"), &json!(1), &json!(person)));
        for words in ["Quizzaci@example.org", "1 Quizzaci Street", "Who you are, as each source says it", "She asks", "Library"] {
            assert!(html.contains(words) || html.to_lowercase().contains(&words.to_lowercase()), "{words}: {html}");
        }
        let user = worker.get("/me").await.text();
        assert!(!html.contains("Caseworker") && user.contains("Caseworker"), "who works here is not told: {html}");
        assert_eq!(worker.get(&format!("/people/{person}/erase")).await.status, StatusCode::FORBIDDEN);
        let trail = server.test.db.dump().await.remove("audit").expect("a trail");
        assert!(trail.contains("person.exported") && !holds_a_mark(&trail), "{trail}");
    }

    async fn programs_erase_and_tell_of_a_death(db: TestDb) {
        let server = Server::on(db).await;
        let writer = server.program(&[Scope::PeopleWrite, Scope::PeopleRead]).await;
        let eraser = server.program(&[Scope::PeopleErase]).await;
        let person = told(&writer, "housing", &person_told("1", "Ann")).await;
        let address = format!("/api/v1/people/{person}");
        let put = |body: &'static str| {
            let request = writer.request(Method::PUT, &format!("{address}/deceased")).header("content-type", "application/json");
            writer.server.ask(request.body(Body::from(body)).expect("a valid request"))
        };
        assert_eq!(put(r#"{"day":"2030-01-01"}"#).await.mistakes(), ["/day:in_future"]);
        assert_eq!(put(r#"{"day":"2024-03-07","note":"her sister rang"}"#).await.status, StatusCode::NO_CONTENT);
        let seen = writer.get(&address).await.json();
        assert_eq!((&seen["deceased"]["day"], &seen["deceased"]["note"]), (&json!("2024-03-07"), &json!("her sister rang")));
        assert_eq!(ask(&writer, Method::DELETE, &format!("{address}/deceased")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(writer.get(&address).await.json()["deceased"], Value::Null);
        assert_eq!(ask(&writer, Method::DELETE, &format!("{address}?reason=asked")).await.status, StatusCode::FORBIDDEN);
        let asked = [("", 400), ("?reason=curious", 400), ("?reason=retention", 422), ("?reason=asked&extent=identity", 422)];
        for (query, status) in asked {
            let refused = ask(&eraser, Method::DELETE, &format!("{address}{query}")).await;
            assert_eq!(refused.status.as_u16(), status, "{query}: {}", refused.text());
        }
        let erased = ask(&eraser, Method::DELETE, &format!("{address}?reason=mistake&extent=everything")).await;
        assert_eq!(erased.status, StatusCode::OK, "{}", erased.text());
        let erased = erased.json();
        assert_eq!((&erased["records"], &erased["handles"]), (&json!(1), &json!(3)), "{erased}");
        assert_eq!(ask(&eraser, Method::DELETE, &format!("{address}?reason=mistake")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(writer.get(&address).await.status, StatusCode::NOT_FOUND);
    }
}

#[test]
fn a_mark_is_seen_in_every_form() {
    for text in [
        "xx quizzaci xx",
        "QUIZZACI",
        "ŶSBRYDŴL",
        "ŷsbrydŵl",
        r#"{"town":"\u0176sbryd\u0175l"}"#,
        "5175697a7a616369",
        "UXVpenphY2k=",
        "IFF1aXp6YWNp",
    ] {
        assert!(holds_a_mark(text), "{text}");
    }
    assert!(!holds_a_mark("nothing of the kind"));
}

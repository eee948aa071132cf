//! Personal data in any field of anything that is handed in ends nowhere but in the originals of words.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use chrono::TimeDelta;
use commonweal_domain::permission::Scope;
use commonweal_domain::{Actor, Dimension, Filter, FormLanguage};
use commonweal_testkit::duties::ANALYST;
use commonweal_testkit::{dump, on_both_engines};
use serde_json::{Value, json};

use crate::support::{Server, Visitor};

const FEEDBACK: &str = "/api/v1/feedback";
const CONTACTS: &str = "/api/v1/contacts";

/// Personal data that nobody else has: an email address, a phone number, an NHS number.
struct Secrets(u32);

impl Secrets {
    fn next(&mut self) -> [String; 3] {
        self.0 += 1;
        let nine = format!("9{:08}", self.0 * 7_919);
        let sum: u32 = nine.bytes().zip((2..=10).rev()).map(|(b, w)| u32::from(b - b'0') * w).sum();
        let check = (11 - sum % 11) % 11;
        if check == 10 {
            return self.next();
        }
        let all = format!("{nine}{check}");
        let nhs = format!("{} {} {}", &all[..3], &all[3..6], &all[6..]);
        [format!("zed{0}.quark@example.org", self.0), format!("07700 90{:04}", 1_000 + self.0), nhs]
    }
}

/// How a secret may be written where it came through: as it was, or without blanks.
fn shapes(secret: &str) -> Vec<String> {
    let bare = secret.replace(' ', "");
    vec![
        secret.to_owned(),
        bare.clone(),
        secret.replace(' ', "-"),
        secret.replace(' ', "%20"),
        secret.replace('@', "%40"),
    ]
}

/// Fails where one of the secrets is to be found.
fn nowhere(places: &BTreeMap<String, String>, secrets: &[String]) {
    let shapes: Vec<String> = secrets.iter().flat_map(|s| shapes(s)).collect();
    for (place, text) in places {
        let found: Vec<&String> = shapes.iter().filter(|shape| text.contains(shape.as_str())).collect();
        assert!(found.is_empty(), "{found:?} in {place}");
    }
}

/// Everything that is kept, shown, exported or logged, by where it is. Of the tables all but those that
/// hold personal data on purpose: words before redaction, wishes to hear back.
async fn everything(server: &Server) -> BTreeMap<String, String> {
    server.test.index().await;
    let app = &server.test.app;
    let mut all = server.test.db.dump().await;
    for table in ["originals", "reply_requests"] {
        assert!(all.remove(table).is_some(), "there is a table {table}");
    }
    assert!(all.len() > 20, "all tables are there: {:?}", all.keys());
    all.insert("data folder".into(), dump::files(server.test.folder()));
    let mut dimensions = Dimension::FIXED.to_vec();
    dimensions
        .extend(app.attributes(&Actor::Operator).await.expect("attributes").into_iter().map(Dimension::Attribute));
    let facets = app.facets(&Actor::Operator, &Filter::default(), &dimensions, 1_000).await.expect("facets");
    all.insert("facets".into(), format!("{facets:?}"));
    let program = server.program(&[Scope::FeedbackRead, Scope::FeedbackExport]).await;
    for address in [
        "/api/v1/export.csv",
        "/api/v1/export.ndjson",
        "/api/v1/feedback?limit=1000",
        "/api/v1/services",
        "/api/v1/events?limit=1000",
    ] {
        let answer = program.get(address).await;
        all.insert(address.into(), answer.text());
    }
    let analyst = server.user(ANALYST).await;
    for address in ["/understand/explorer", "/listen/entry", "/listen/services"] {
        all.insert(address.into(), analyst.get(address).await.text());
    }
    all.insert("log".into(), crate::logs::captured());
    all
}

/// A request for each field, with personal data in it, and what becomes of it.
fn requests(secret: &str) -> Vec<(&'static str, Value, &'static str)> {
    let bare = secret.replace(' ', "");
    let path = secret.replace(' ', "%20");
    let mut all = vec![
        ("/id", json!({"rating": 1, "id": secret}), "kept"),
        ("/service", json!({"rating": 1, "service": secret}), "/service:personal_data"),
        ("/touchpoint", json!({"rating": 1, "touchpoint": format!("Desk, {secret}")}), "/touchpoint:personal_data"),
        (
            "/question",
            json!({"comment": "ok", "question": format!("Did {secret} help, my NHS number?")}),
            "/comments/0/question",
        ),
        ("/comment", json!({"comment": format!("It is {secret}, my NHS number")}), "/comments/0/text"),
        (
            "/comments/0",
            json!({"comments": [{"question": format!("Is my NHS number {secret}?"), "text": format!("My NHS number is {secret}")}]}),
            "/comments/0/question",
        ),
        ("/page user", json!({"rating": 1, "page": format!("https://{bare}:pw@a.example/x")}), "kept"),
        ("/page path", json!({"rating": 1, "page": format!("https://a.example/letters/{path}/x")}), "/page"),
        ("/page plain path", json!({"rating": 1, "page": format!("/letters/{bare}")}), "/page"),
        ("/page query", json!({"rating": 1, "page": format!("https://a.example/x?me={path}")}), "/page"),
        ("/page fragment", json!({"rating": 1, "page": format!("https://a.example/x#{path}")}), "/page"),
        ("/device", json!({"rating": 1, "device": secret}), "/device:personal_data"),
        ("/language", json!({"rating": 1, "language": secret}), "/language:personal_data"),
        ("/area", json!({"rating": 1, "area": secret}), "/area:personal_data"),
        ("/attributes/band", json!({"rating": 1, "attributes": {"band": secret}}), "/attributes/band:personal_data"),
        ("/attributes/email", json!({"rating": 1, "attributes": {"email": secret}}), "/attributes/email:personal_data"),
        (
            "/attributes/nhs_number",
            json!({"rating": 1, "attributes": {"nhs_number": secret}}),
            "/attributes/nhs_number:personal_data",
        ),
        (
            "/attributes/contact_phone",
            json!({"rating": 1, "attributes": {"contact_phone": secret}}),
            "/attributes/contact_phone:personal_data",
        ),
    ];
    if bare.bytes().all(|b| b.is_ascii_digit()) {
        let name = format!("n{bare}");
        all.push(("/attributes name", json!({"rating": 1, "attributes": {name.clone(): "x"}}), "refused"));
        all.push((
            "/ratings/0/name",
            json!({"ratings": [{"name": name, "value": 1}]}),
            "/ratings/0/name:personal_data",
        ));
    }
    all
}

async fn send(program: &Visitor<'_>, field: &str, body: &Value, expected: &str) {
    // The key may hold personal data as well.
    let key: String = body.to_string().chars().filter(char::is_ascii_graphic).take(255).collect();
    let answer = program.send_as(FEEDBACK, "application/json", &body.to_string(), &[("idempotency-key", &key)]).await;
    let (status, text) = (answer.status, answer.text());
    if expected == "refused" || expected.contains(':') {
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {text}");
        assert!(expected == "refused" || answer.mistakes().contains(&expected.to_owned()), "{field}: {text}");
    } else {
        assert_eq!(status, StatusCode::CREATED, "{field}: {text}");
        let changed = answer.json()["items"][0]["changed"].as_array().cloned().unwrap_or_default();
        let said = changed.iter().any(|c| c["field"] == expected);
        assert!(said || expected == "kept", "{field} is said to be changed: {text}");
        let again =
            program.send_as(FEEDBACK, "application/json", &body.to_string(), &[("idempotency-key", &key)]).await;
        assert_eq!(again.json(), answer.json(), "the first answer again");
    }
}

on_both_engines! {
    async fn no_field_of_the_api_lets_personal_data_through(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackWrite]).await;
        let mut secrets = Secrets(100);
        let mut all = Vec::new();
        for kind in 0..3 {
            for field in 0..requests("").len() {
                let secret = secrets.next()[kind].clone();
                let Some((field, body, expected)) = requests(&secret).into_iter().nth(field) else { continue };
                // A list of two, of which the other is right, says the place within the list.
                let answer = program.send(FEEDBACK, &json!([{"rating": 3}, body.clone()]).to_string()).await;
                if expected.contains(':') {
                    assert!(answer.mistakes().contains(&format!("/1{expected}")), "{field}: {}", answer.text());
                }
                send(&program, field, &body, expected).await;
                all.push(secret);
            }
            for field in ["id", "service", "touchpoint"] {
                let secret = secrets.next()[kind].clone();
                let mut body = json!({"channel": "phone", "direction": "in", "function": "serve"});
                body[field] = secret.clone().into();
                let answer = program.send(CONTACTS, &body.to_string()).await;
                match field {
                    "id" => assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text()),
                    _ => assert_eq!(answer.mistakes(), [format!("/{field}:personal_data")]),
                }
                all.push(secret);
            }
        }
        nowhere(&everything(&server).await, &all);
    }

    async fn no_field_of_a_public_form_lets_personal_data_through(db: TestDb) {
        let server = Server::on(db).await;
        let form = server.blue_badge_form(&[FormLanguage::English]).await;
        let mut secrets = Secrets(300);
        let mut all = Vec::new();
        for kind in 0..3 {
            for field in ["good", "better", "wrong", "page", "page path", "email"] {
                let secret = secrets.next()[kind].clone();
                let words = format!("My NHS number or how to reach me is {secret}");
                let page = if field == "page" { format!("https://a.example/x?a={secret}#{secret}") } else { format!("https://a.example/{secret}/x") };
                let token = server.test.app.form_token(&form).await.expect("signed");
                server.test.clock.advance(TimeDelta::seconds(5));
                let mut pairs = vec![("token", token.as_str()), ("rating", "2")];
                match field {
                    "page" | "page path" => pairs.push(("page", &page)),
                    "email" => pairs.extend([("email", secret.as_str()), ("agree", "yes")]),
                    _ => pairs.push((field, &words)),
                }
                let body = serde_urlencoded::to_string(pairs).expect("texts can be written");
                let answer = server.nobody().post(&format!("/f/{}", form.key), &body).await;
                if field == "email" && kind > 0 {
                    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", answer.text());
                } else {
                    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{field}: {}", answer.text());
                }
                if ["good", "better", "wrong"].contains(&field) {
                    assert!(answer.location().contains("redacted=1"), "{}", answer.location());
                    let thanks = server.nobody().get(answer.location()).await.text();
                    assert!(thanks.contains("We replaced what could say who somebody is"), "{thanks}");
                }
                all.push(secret);
            }
        }
        nowhere(&everything(&server).await, &all);
    }

    async fn entry_and_files_let_no_personal_data_through(db: TestDb) {
        let server = Server::on(db).await;
        let mut secrets = Secrets(500);
        let mut all = Vec::new();
        let analyst = server.user(ANALYST).await;
        for kind in 0..3 {
            for field in ["question", "words", "area", "attribute.age_band", "attribute.email", "language"] {
                let secret = secrets.next()[kind].clone();
                let value = if field == "words" || field == "question" { format!("My NHS number or so is {secret}?") } else { secret.clone() };
                let mut pairs = vec![("key", secret.as_str()), ("channel", "letter"), ("day", "2024-04-09"), ("rating", "1"), (field, &value)];
                if field == "question" {
                    pairs.push(("words", "Late"));
                }
                let body = serde_urlencoded::to_string(pairs).expect("texts can be written");
                let answer = analyst.post("/listen/entry", &body).await;
                let right = if field == "words" || field == "question" { StatusCode::SEE_OTHER } else { StatusCode::UNPROCESSABLE_ENTITY };
                assert_eq!(answer.status, right, "{field}: {}", answer.text());
                all.push(secret);
            }
        }
        let [email, phone, nhs] = secrets.next();
        let file = format!("comment,Email address,area,page\nLate,{email},North,https://a.example/{nhs}/x\nMy NHS number is {nhs},,South,\nSlow,,{phone},\n");
        let import = server.staged("f.csv", &file).await;
        let stop = tokio_util::sync::CancellationToken::new();
        let ended = server.test.app.run_import(import.id, &stop, &mut |_| ()).await.expect("it is imported");
        assert_eq!((ended.counts.imported, ended.counts.rejected), (2, 1));
        let back = server.test.app.rejected_rows(&Actor::Operator, import.id, 0, 10).await.expect("rows");
        assert_eq!(back[0].column.as_deref(), Some("area"));
        assert!(back[0].reason.contains("a phone number") && !back[0].reason.contains(&phone), "{}", back[0].reason);
        all.extend([email, phone, nhs]);
        let mut places = everything(&server).await;
        // The file, and rows of it that are sent back to be mended, are the importer's own.
        places.remove("import_rejected");
        places.remove("import_files");
        std::fs::remove_dir_all(server.test.app.import_folder()).expect("the folder of files is there");
        places.insert("data folder".into(), dump::files(server.test.folder()));
        // What was typed comes back with the page that says what is wrong with it, and no other.
        nowhere(&places, &all);
    }
}

//! Imports of people: handed in, looked at, changed, begun, followed, undone, on the pages and over the API.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use commonweal_domain::Duty;
use commonweal_domain::permission::Scope;
use commonweal_testkit::on_both_engines;
use tokio_util::sync::CancellationToken;

use crate::support::{Answer, Server, Visitor};

const TENANTS: &str = "\
Ref,First name,Surname,Email,Tenure
T-1,Ann,Exampleby,ann@example.org,own
T-2,Rhys,Okafor,rhys at home,rent
,Bo,Nameless,,rent
";

async fn hand_in(visitor: &Visitor<'_>, source: &str, name: &str, text: &str) -> Answer {
    let body = format!(
        "--b\r\ncontent-disposition: form-data; name=\"source\"\r\n\r\n{source}\r\n--b\r\ncontent-disposition: form-data; \
         name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n--b--\r\n"
    );
    let request = visitor
        .request(Method::POST, "/people/imports/new")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .body(Body::from(body))
        .expect("a valid request");
    visitor.server.ask(request).await
}

async fn work(server: &Server) {
    while server.test.app.work_once("w", &CancellationToken::new()).await.expect("works") {}
}

on_both_engines! {
    async fn a_list_is_looked_at_taken_in_and_undone(db: TestDb) {
        let server = Server::on(db).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        assert!(worker.get("/people/imports").await.text().contains("No file of people has been taken in yet"));
        let staged = hand_in(&worker, "housing", "tenants.csv", TENANTS).await;
        assert_eq!(staged.status, StatusCode::SEE_OTHER, "{}", staged.text());
        let at = staged.location().to_owned();
        let preview = worker.get(&at).await.text();
        for words in [
            "3 rows were looked at",
            "1 of them would be sent back",
            "1 of them would be taken in without",
            "Nobody is known from",
            "Ann Exampleby",
            "ann@example.org",
            "Nothing is known of this heading",
            "There is no id.",
        ] {
            assert!(preview.contains(words), "{words}: {preview}");
        }
        assert!(!preview.contains("Tenure: own"), "what nobody chose is left out");
        let changed = worker.post(&format!("{at}/preview"), "col.Tenure=attr.Tenure").await;
        assert_eq!(changed.status, StatusCode::OK);
        // The hidden fields say of which sheet and heading row the columns are: without them they are found anew.
        let form = "header_row=1&shown_header=1&dates=day&col.Tenure=attr.Tenure";
        let changed = worker.post(&format!("{at}/preview"), form).await.text();
        assert!(changed.contains("Tenure: own"), "{changed}");
        let wrong = worker.post(&format!("{at}/begin"), "header_row=one&shown_header=one").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains("header_row-error"), "{}", wrong.text());
        let twice = format!("{form}&col.Surname=key");
        let wrong = worker.post(&format!("{at}/begin"), &twice).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains("are both said to be the id"), "{}", wrong.text());
        let begun = worker.post(&format!("{at}/begin"), form).await;
        assert_eq!((begun.status, begun.location()), (StatusCode::SEE_OTHER, at.as_str()));
        assert!(worker.get(&at).await.text().contains("This page renews itself"));
        work(&server).await;
        let done = worker.get(&at).await.text();
        for words in ["Done", "Rows that were not taken in, or in part", "Taken in without this", "Sent back", "Download these rows"] {
            assert!(done.contains(words), "{words}: {done}");
        }
        assert!(!done.contains("rhys at home") && !done.contains("Nameless"), "rows are in the file alone: {done}");
        let file = worker.get(&format!("{at}/rejected.csv")).await;
        assert!(file.header("content-disposition").contains("tenants-rejected.csv"), "{}", file.header("content-disposition"));
        assert!(file.text().contains("rhys at home"), "{}", file.text());
        let list = worker.get("/people/imports").await.text();
        assert!(list.contains("tenants.csv") && list.contains("housing"), "{list}");
        assert!(worker.get("/people/imports/new").await.text().contains("<option value=\"housing\">"));
        // The same file says that it was there, and brings nothing.
        let again = hand_in(&worker, "housing", "tenants.csv", TENANTS).await.location().to_owned();
        let preview = worker.get(&again).await.text();
        assert!(preview.contains("This file was taken in before") && preview.contains("2 people are known"), "{preview}");
        worker.post(&format!("{again}/begin"), form).await;
        work(&server).await;
        assert!(worker.get(&again).await.text().contains("Nothing in this file was new."));
        // Undone after a page that asks.
        let ask = worker.get(&format!("{at}/undo")).await.text();
        assert!(ask.contains("2 records that this file made will be taken out again"), "{ask}");
        worker.post(&format!("{at}/undo"), "").await;
        work(&server).await;
        let undone = worker.get(&at).await.text();
        assert!(undone.contains("Everything that this file brought was taken out again"), "{undone}");
        assert!(worker.post("/people", "q=exampleby").await.text().contains("Nobody found"));
    }

    async fn what_is_wrong_with_what_is_handed_in_stands_beside_its_field(db: TestDb) {
        let server = Server::on(db).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        let nameless = hand_in(&worker, " ", "tenants.csv", TENANTS).await;
        assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nameless.text().contains("id=\"source-error\""), "{}", nameless.text());
        let empty = hand_in(&worker, "housing", "tenants.csv", "").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text().contains("id=\"file-error\"") && empty.text().contains("value=\"housing\""), "{}", empty.text());
        let nothing = hand_in(&worker, "housing", "", "").await;
        assert!(nothing.text().contains("Choose a file."), "{}", nothing.text());
        // A list of which nothing is known can be looked at, and is not begun as it is.
        let odd = hand_in(&worker, "housing", "colours.csv", "nr,colour\n1,red\n").await.location().to_owned();
        let begun = worker.post(&format!("{odd}/begin"), "").await;
        assert_eq!(begun.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(begun.text().contains("No column says who somebody is"), "{}", begun.text());
        let gone = "/people/imports/00000000-0000-7000-8000-000000000000";
        assert_eq!(worker.get(gone).await.status, StatusCode::NOT_FOUND);
        let analyst = server.user(&[Duty::Analyst, Duty::Listener, Duty::Administrator]).await;
        for address in ["/people/imports", "/people/imports/new", odd.as_str(), gone] {
            assert_eq!(analyst.get(address).await.status, StatusCode::FORBIDDEN, "{address}");
        }
        assert_eq!(hand_in(&analyst, "housing", "tenants.csv", TENANTS).await.status, StatusCode::FORBIDDEN);
    }

    async fn how_imports_stand_is_told_over_the_api(db: TestDb) {
        let server = Server::on(db).await;
        let waiting = server.staged_people("tenants.csv", TENANTS).await;
        let program = server.program(&[Scope::PeopleWrite]).await;
        let list = program.get("/api/v1/people/imports").await.json();
        assert_eq!(list["imports"][0]["id"], waiting.id.to_string());
        assert_eq!((&list["imports"][0]["state"], &list["imports"][0]["source"]), (&"waiting".into(), &"housing".into()));
        let one = program.get(&format!("/api/v1/people/imports/{}", waiting.id)).await.json();
        assert_eq!((&one["counts"]["rows"], &one["kept"]), (&0.into(), &0.into()));
        assert_eq!(program.get("/api/v1/people/imports/none").await.status, StatusCode::NOT_FOUND);
        let reader = server.program(&[Scope::PeopleRead]).await;
        assert_eq!(reader.get("/api/v1/people/imports").await.status, StatusCode::FORBIDDEN);
    }
}

//! Files going out.

use std::collections::BTreeSet;

use commonweal_domain::permission::Scope;
use commonweal_domain::{Actor, Channel, PageRequest};
use commonweal_testkit::app::feedback;
use commonweal_testkit::on_both_engines;
use serde_json::Value;

use crate::support::Server;

on_both_engines! {
    async fn an_export_has_exactly_what_the_list_has(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead, Scope::FeedbackExport]).await;
        let items = (0..250).map(|n| {
            let channel = if n % 3 == 0 { Channel::Phone } else { Channel::Web };
            feedback().rating(f64::from(1 + n % 5)).comment(&format!("number {n}, \"quoted\"\nand a second line")).channel(channel).done()
        });
        server.test.submit(items.collect()).await;
        server.test.index().await;
        let filter = "channel=phone&rating=%211";
        let list = program.get(&format!("/api/v1/feedback?{filter}&limit=1000&order=oldest")).await.json();
        let listed: Vec<(String, String)> = list["items"].as_array().expect("items").iter().map(|i| (text(&i["id"]), text(&i["comments"][0]["text"]))).collect();
        assert!(list["next"].is_null() && listed.len() > 50, "{}", listed.len());
        let file = program.get(&format!("/api/v1/export.ndjson?{filter}")).await;
        assert_eq!(file.header("content-type"), "application/x-ndjson");
        let exported: Vec<(String, String)> = file.text().lines().map(|line| {
            let row: Value = serde_json::from_str(line).expect("a JSON object per line");
            (text(&row["id"]), text(&row["comment"]))
        }).collect();
        assert_eq!(exported, listed);
        let csv = program.get(&format!("/api/v1/export.csv?{filter}")).await;
        let ids: BTreeSet<String> = listed.into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids.iter().filter(|id| csv.text().contains(id.as_str())).count(), ids.len());
        let trail = server.test.app.audit_trail(&Actor::Operator, None, &PageRequest::first(10)).await.expect("the trail").items;
        for action in ["feedback.export_begun", "feedback.exported"] {
            assert_eq!(trail.iter().filter(|l| l.entry.action == action).count(), 2, "{action}");
        }
    }

    async fn a_file_has_a_name_with_the_local_date(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackExport]).await;
        // Half past midnight in London.
        server.test.clock.set("2024-07-01T23:30:00Z".parse().expect("an instant"));
        for (extension, kind, begins) in [
            ("csv", "text/csv; charset=utf-8", &b"\xef\xbb\xbf"[..]),
            ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
            ("ndjson", "application/x-ndjson", b""),
        ] {
            let answer = program.get(&format!("/api/v1/export.{extension}")).await;
            assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
            assert_eq!(answer.header("content-type"), kind);
            assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"feedback-2024-07-02.{extension}\""));
            assert!(answer.body.starts_with(begins), "{extension}");
        }
    }

    async fn no_cell_is_a_formula(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackExport]).await;
        let attacks = ["=HYPERLINK(\"https://evil.example\",\"click\")", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1+1)", "\t=1+1"];
        server.test.submit(attacks.iter().map(|a| feedback().comment(a).area(a.trim()).done()).collect()).await;
        server.test.index().await;
        let answer = program.get("/api/v1/export.csv").await;
        let text = answer.text();
        for cell in text.lines().skip(1).flat_map(|line| line.split(',')) {
            let first = cell.trim_start_matches(['"', '\t', ' ']).chars().next();
            assert!(!matches!(first, Some('=' | '+' | '@')), "{cell:?} in {text}");
        }
        assert!(text.contains("HYPERLINK"), "the words are there all the same");
    }

    async fn who_may_read_may_not_take_out(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        let answer = program.get("/api/v1/export.csv").await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (403, "denied"));
        assert_eq!(answer.header("content-disposition"), "", "a refusal is not a file");
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

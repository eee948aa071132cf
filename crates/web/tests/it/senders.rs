//! Pages of senders: what is shown to whom, what is refused in which words, and that what they sign in with is never shown.

use axum::http::StatusCode;
use commonweal_domain::{Actor, Duty};
use commonweal_testkit::on_both_engines;

use crate::support::Server;

const MAIL: &str = "kind=smtp&name=Mail&from=voice%40example.org&host=smtp.example.org&port=587&security=starttls&user=voice&secret=quackenbush&connections=4";

on_both_engines! {
    async fn a_sender_is_added_changed_switched_off_and_deleted_and_its_password_never_shown(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(&[Duty::Administrator]).await;
        assert!(admin.get("/senders").await.text().contains("There is no sender yet. Nothing can go out"));
        assert!(admin.get("/senders/new").await.text().contains("href=\"/senders/new?kind=smtp\""));
        let wrong = admin.post("/senders/new", "kind=smtp&name=&from=voice&port=x&connections=4&per_day=many&cost=2p&test=yes&secret=quackenbush").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        for told in [
            "Give the sender a name.",
            "Name the mail server.",
            "Write a whole number, such as 20.",
            "Write an amount with at most six digits behind the point, such as 0.0123.",
            "Give at least one address for testing, or leave test mode.",
            "href=\"#host\"",
        ] {
            assert!(wrong.text().contains(told), "{told}: {}", wrong.text());
        }
        assert!(!wrong.text().contains("quackenbush"));
        let address = admin.post("/senders/new", &MAIL.replace("voice%40example.org", "voice")).await;
        assert!(address.text().contains("This is not an email address."), "{}", address.text());
        let added = admin.post("/senders/new", MAIL).await;
        let page = added.location().strip_suffix("?done=sender-added").expect("its page").to_owned();
        let taken = admin.post("/senders/new", MAIL).await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(taken.text().contains("There is a sender of this name already."), "{}", taken.text());
        let shown = admin.get(&page).await.text();
        assert!(shown.contains("One is kept. Leave this empty to keep it") && !shown.contains("quackenbush"), "{shown}");
        assert!(shown.contains("Nothing was sent."), "{shown}");
        let changed = admin.post(&page, &MAIL.replace("&secret=quackenbush", "&secret=&cost=0.0123&per_day=1%2C000&version=1")).await;
        assert_eq!(changed.location(), format!("{page}?done=sender-changed"));
        let sender = server.test.app.senders(&Actor::Operator).await.expect("senders").remove(0);
        assert_eq!((sender.setup.cost, sender.setup.per_day), (12_300, Some(1_000)));
        assert!(server.test.app.sender(&Actor::Operator, sender.id).await.expect("there").has_secret, "it stays");
        let old = admin.post(&page, &format!("{MAIL}&version=1")).await;
        assert_eq!(old.status, StatusCode::CONFLICT);
        assert_eq!(admin.post(&format!("{page}/enabled"), "enabled=no").await.location(), format!("{page}?done=sender-off"));
        assert!(admin.get("/senders").await.text().contains("Switched off"));
        let asked = admin.post(&format!("{page}/delete"), "").await;
        assert!(asked.text().contains("To delete the sender, tick the box that says so."), "{}", asked.text());
        assert_eq!(admin.post(&format!("{page}/delete"), "confirmed=yes").await.location(), "/senders?done=sender-deleted");
        assert_eq!(admin.get(&page).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_service_is_set_up_as_its_kind_wants_it_and_what_is_wrong_stands_at_its_field(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(&[Duty::Administrator]).await;
        let kinds = admin.get("/senders/new").await.text();
        for kind in ["smtp", "files", "notify_email", "notify_sms", "sms_api", "sms_http"] {
            assert!(kinds.contains(&format!("href=\"/senders/new?kind={kind}\"")), "{kind}");
        }
        let begun = admin.get("/senders/new?kind=notify_sms").await.text();
        assert!(begun.contains("value=\"https://api.notifications.service.gov.uk\""), "{begun}");
        assert!(!begun.contains("name=\"from\"") && !begun.contains("name=\"domain_limits\""), "{begun}");
        let wrong = admin.post("/senders/new", "kind=notify_sms&name=Texts&service_address=&template=mine&secret=quackenbush").await;
        for told in ["href=\"#service_address\"", "href=\"#template\"", "This is no id as GOV.UK Notify shows it"] {
            assert!(wrong.text().contains(told), "{told}: {}", wrong.text());
        }
        assert!(!wrong.text().contains("quackenbush"));
        let notify = "kind=notify_sms&name=Texts&service_address=https%3A%2F%2Fapi.notifications.service.gov.uk&template=f33517ff-2a88-4f6e-b855-c550268ce08a&takes_answers=yes&secret=quackenbush";
        let page = admin.post("/senders/new", notify).await.location().replace("?done=sender-added", "");
        let shown = admin.get(&page).await.text();
        assert!(shown.contains("f33517ff-2a88-4f6e-b855-c550268ce08a") && !shown.contains("quackenbush"), "{shown}");
        let id: commonweal_domain::SenderId = page.rsplit('/').next().expect("an id").parse().expect("an id");
        let setup = server.test.app.sender(&Actor::Operator, id).await.expect("there").sender.setup;
        assert!(setup.takes_answers());
        let made = admin.post(&format!("{page}/receipts"), "").await.text();
        assert!(made.contains(&format!("https://voice.example.org/deliver/receipts/{id}")), "{made}");
        assert!(made.contains("The token is never shown again."), "{made}");
        // Text that is no JSON, and JSON that describes no request that can be sent.
        let described = |json: &str| {
            let json = json.replace('{', "%7B").replace('}', "%7D").replace('"', "%22");
            format!("kind=sms_http&name=Own&from=60777&request={json}")
        };
        let unread = admin.post("/senders/new", &described("{")).await.text();
        assert!(unread.contains("This can’t be read as a description of a request") && unread.contains("#request"), "{unread}");
        assert!(!unread.contains("Say where the number goes"), "{unread}");
        let lacking = admin.post("/senders/new", &described(r#"{"method":"GET","address":"https://sms.example.org/"}"#)).await.text();
        assert!(lacking.contains("Say where the number goes") && lacking.contains("#request"), "{lacking}");
        let good = described(r#"{"method":"GET","address":"https://sms.example.org/?to=((to))%26text=((text))"}"#);
        let added = admin.post("/senders/new", &good).await;
        let own = added.location().replace("?done=sender-added", "");
        assert!(admin.get(&own).await.text().contains("sms.example.org/?to=((to))"), "{}", added.text());
        let limits = format!("{MAIL}&domain_limits=example.com+%3D+5%0D%0Aexample.net&return_to=returns%40example.org");
        let refused = admin.post("/senders/new", &limits).await.text();
        assert!(refused.contains("“example.net” is no limit of a domain."), "{refused}");
        let mail = admin.post("/senders/new", &limits.replace("example.net", "example.net%3D2")).await;
        let mail = admin.get(&mail.location().replace("?done=sender-added", "")).await.text();
        assert!(mail.contains("example.com = 5\nexample.net = 2") && mail.contains("returns@example.org"), "{mail}");
    }

    async fn a_communicator_sees_senders_and_changes_none(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(&[Duty::Administrator]).await;
        let page = admin.post("/senders/new", MAIL).await.location().replace("?done=sender-added", "");
        let communicator = server.user(&[Duty::Communicator]).await;
        let list = communicator.get("/senders").await.text();
        assert!(list.contains("smtp") || list.contains("Mail server (SMTP)"), "{list}");
        assert!(!list.contains("Add a sender"), "{list}");
        let shown = communicator.get(&page).await.text();
        assert!(shown.contains("Only an administrator can change this."), "{shown}");
        assert!(!shown.contains("name=\"secret\"") && !shown.contains("smtp.example.org"), "{shown}");
        for (to, what) in [("", MAIL), ("/enabled", "enabled=no"), ("/test", ""), ("/test-message", ""), ("/delete", "confirmed=yes")] {
            assert_eq!(communicator.post(&format!("{page}{to}"), what).await.status, StatusCode::FORBIDDEN, "{to}");
        }
        assert_eq!(server.user(&[Duty::Analyst]).await.get("/senders").await.status, StatusCode::FORBIDDEN);
    }

    async fn a_test_message_goes_to_whoever_asks_for_it_and_to_nobody_else(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(&[Duty::Administrator]).await;
        let page = admin.post("/senders/new", "kind=files&name=Files&from=voice%40example.org&test=yes&testers=tess%40example.org").await;
        let page = page.location().replace("?done=sender-added", "");
        let sent = admin.post(&format!("{page}/test-message"), "").await;
        assert!(sent.text().contains("The test message is on its way to you"), "{}", sent.text());
        let arrived = server.test.post.arrived();
        assert_eq!(arrived.len(), 1);
        assert!(arrived[0].text.contains("It went to nobody else."), "{}", arrived[0].text);
        let users = server.test.app.users(&Actor::Operator).await.expect("users");
        assert!(users.iter().any(|user| user.email == arrived[0].to), "a user");
        assert!(admin.post(&format!("{page}/test"), "").await.text().contains("The connection works"));
        let people = server.test.app.find_people(&Actor::Operator, &arrived[0].to).await.expect("may");
        assert!(people.is_empty(), "a colleague does not become one of the people");
    }
}

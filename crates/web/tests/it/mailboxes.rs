//! Pages of mailboxes and of what came back: who sees and changes what, that no password is shown, and that reading one now shows
//! what came.

use axum::http::StatusCode;
use commonweal_domain::{Actor, Duty};
use commonweal_testkit::on_both_engines;

use crate::support::Server;

const RETURNS: &str = "name=Returns&host=imap.example.org&port=993&security=tls&user=returns&secret=quackenbush&folder=INBOX&done_folder=Done";

on_both_engines! {
    async fn a_mailbox_is_added_changed_switched_off_and_removed_and_its_password_never_shown(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(&[Duty::Administrator]).await;
        assert!(admin.get("/mailboxes").await.text().contains("No mailbox is read yet. Without one"));
        assert!(admin.get("/mailboxes/new").await.text().contains("value=\"993\""));
        let wrong = admin.post("/mailboxes/new", "name=&host=&port=x&folder=INBOX&done_folder=INBOX&token_client=us").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        for told in [
            "Give the mailbox a name.",
            "Name the IMAP server.",
            "Write the port as a number, such as 993.",
            "Messages can’t be moved to the folder in which they lie.",
            "Write the password of the mailbox",
            "Say at which address tokens are got.",
            "href=\"#token_url\"",
            "<details class=\"cw-more\" open>",
        ] {
            assert!(wrong.text().contains(told), "{told}: {}", wrong.text());
        }
        let added = admin.post("/mailboxes/new", RETURNS).await;
        let page = added.location().strip_suffix("?done=mailbox-added").expect("its page").to_owned();
        let taken = admin.post("/mailboxes/new", RETURNS).await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(taken.text().contains("There is a mailbox of this name already.") && !taken.text().contains("quackenbush"));
        let shown = admin.get(&page).await.text();
        assert!(shown.contains("One is kept. Leave this empty to keep it") && !shown.contains("quackenbush"), "{shown}");
        assert!(!shown.contains("<details class=\"cw-more\" open>"), "{shown}");
        let kept = RETURNS.replace("secret=quackenbush", "secret=&version=1");
        let changed = admin.post(&page, &kept.replace("port=993", "port=143").replace("=tls", "=starttls")).await;
        assert_eq!(changed.location(), format!("{page}?done=mailbox-changed"));
        let mailbox = server.test.app.mailboxes(&Actor::Operator).await.expect("mailboxes").remove(0);
        assert_eq!((mailbox.setup.port, mailbox.setup.enabled), (143, true));
        assert!(server.test.app.mailbox(&Actor::Operator, mailbox.id).await.expect("there").has_secret, "it stays");
        assert_eq!(admin.post(&page, &kept).await.status, StatusCode::CONFLICT);
        assert_eq!(admin.post(&format!("{page}/enabled"), "enabled=no").await.location(), format!("{page}?done=mailbox-off"));
        assert!(admin.get("/mailboxes").await.text().contains("Switched off"));
        // Changing it does not switch it on.
        let again = admin.post(&page, &RETURNS.replace("secret=quackenbush", "secret=&version=3")).await;
        assert_eq!(again.location(), format!("{page}?done=mailbox-changed"), "{}", again.text());
        assert!(admin.get(&page).await.text().contains("Switched off"));
        let asked = admin.post(&format!("{page}/remove"), "").await;
        assert!(asked.text().contains("To remove the mailbox, tick the box that says so."), "{}", asked.text());
        assert_eq!(admin.post(&format!("{page}/remove"), "confirmed=yes").await.location(), "/mailboxes?done=mailbox-removed");
        assert_eq!(admin.get(&page).await.status, StatusCode::NOT_FOUND);
    }

    async fn what_lies_in_a_mailbox_is_read_now_and_counted(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(&[Duty::Administrator]).await;
        let page = admin.post("/mailboxes/new", RETURNS).await.location().replace("?done=mailbox-added", "");
        assert!(admin.post(&format!("{page}/test"), "").await.text().contains("The mailbox is reached"));
        assert!(admin.post(&format!("{page}/read"), "").await.text().contains("Nothing new lay there."));
        let mail = "From: ann@example.net\nTo: voice@example.org\nMessage-ID: <1@x>\nSubject: Quackenbush\n\nMy words.\n";
        server.test.inboxes.put(mail.to_owned());
        let read = admin.post(&format!("{page}/read"), "").await.text();
        assert!(read.contains("One message was read.") && !read.contains("<dd>Never</dd>"), "{read}");
        let communicator = server.user(&[Duty::Communicator]).await;
        let came = communicator.get("/returned").await.text();
        for told in ["One mail could not be assigned to a message.", "It does not say which message it is about", "Returns"] {
            assert!(came.contains(told), "{told}: {came}");
        }
        assert!(!came.contains("Quackenbush") && !came.contains("My words") && !came.contains("ann@"), "{came}");
    }

    async fn a_communicator_sees_mailboxes_and_changes_none(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(&[Duty::Administrator]).await;
        let page = admin.post("/mailboxes/new", RETURNS).await.location().replace("?done=mailbox-added", "");
        let communicator = server.user(&[Duty::Communicator]).await;
        let list = communicator.get("/mailboxes").await.text();
        assert!(list.contains("Returns") && !list.contains("Add a mailbox") && !list.contains("imap.example.org"), "{list}");
        assert_eq!(communicator.get(&page).await.status, StatusCode::FORBIDDEN);
        for (to, what) in [("", RETURNS), ("/enabled", "enabled=no"), ("/test", ""), ("/read", ""), ("/remove", "confirmed=yes")] {
            assert_eq!(communicator.post(&format!("{page}{to}"), what).await.status, StatusCode::FORBIDDEN, "{to}");
        }
        let analyst = server.user(&[Duty::Analyst]).await;
        for page in ["/mailboxes", "/returned"] {
            assert_eq!(analyst.get(page).await.status, StatusCode::FORBIDDEN, "{page}");
        }
    }
}

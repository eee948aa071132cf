//! Mail that comes back: what each means for the message that it is about, and what nobody can make it mean.

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::deliver::{Addressee, MailboxDraft, Said, SenderDraft, SingleMessage, Taken};
use commonweal_domain::sender::{Security, SenderSetup};
use commonweal_domain::{
    Actor, Channel, DeliveryState, Direction, DispatchId, Duty, ErasureReason, Extent, Function, Lane, MailboxId,
    MailboxSetup, PageRequest, PersonId, ReturnedKind, ReturnedOutcome, SenderId, Sentiment,
};
use commonweal_ports::Parcel;
use commonweal_testkit::app::TestApp;
use commonweal_testkit::on_both_engines;

use serde_json::json;

use crate::deliveries::{agree, became, by, draft, person, send, sender, setup, texts, topic};
use crate::single::told;

const OPERATOR: Actor = Actor::Operator;

async fn out(t: &TestApp) -> SenderId {
    sender(t, SenderSetup { return_to: Some("returns@example.org".into()), ..setup("mail") }).await
}

fn mailbox_setup() -> MailboxSetup {
    MailboxSetup {
        name: "Returns".into(),
        host: "imap.example.org".into(),
        port: 993,
        security: Security::Tls,
        user: "returns".into(),
        token: None,
        folder: "INBOX".into(),
        done_folder: Some("Done".into()),
        enabled: true,
    }
}

async fn mailbox(t: &TestApp) -> MailboxId {
    let draft = MailboxDraft { setup: mailbox_setup(), secret: Some("quackenbush".into()), version: None };
    t.app.save_mailbox(&OPERATOR, None, draft).await.expect("saved").id
}

/// The last message to somebody.
fn to(t: &TestApp, beginning: &str) -> Parcel {
    t.post.arrived().into_iter().rfind(|p| p.to.starts_with(beginning)).expect("a message")
}

fn returned_to(parcel: &Parcel) -> String {
    parcel.return_path.clone().expect("an address of its own")
}

/// A report that a message could not be delivered; of whom it tells is not who got the message.
fn report(to: &str, action: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example.net\nTo: {to}\nMessage-ID: <{action}.{status}.{to}>\n\
         Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"x\"\n\n--x\nContent-Type: text/plain\n\n\
         Your message could not be delivered.\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n\
         Final-Recipient: rfc822; somebody.else@example.net\nAction: {action}\nStatus: {status}\n\n--x--\n"
    )
}

fn complaint(from: &str, kind: &str) -> String {
    format!(
        "From: fbl@provider.example\nTo: abuse@example.org\nMessage-ID: <{kind}{from}>\nSubject: complaint\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=\"x\"\n\n--x\nContent-Type: text/plain\n\nA complaint.\n\
         --x\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nUser-Agent: x/1\nVersion: 1\nOriginal-Mail-From: <{from}>\n\n--x--\n"
    )
}

/// What a person or a machine writes in answer to a message.
fn answer(parcel: &Parcel, from: &str, more: &str, text: &str) -> String {
    let id = parcel.delivery;
    format!(
        "From: {from}\nTo: voice@example.org\nMessage-ID: <{}.{id}@x.example>\nIn-Reply-To: <{id}@example.org>\n\
         Subject: Re: Your street\n{more}\n{text}\n\nOn 3 Apr 2026, at 16:19, Anytown <voice@example.org> wrote:\n> Dear Ann\n",
        text.len()
    )
}

async fn take(t: &TestApp, raw: &str) -> Taken {
    t.app.take_returned(&OPERATOR, raw.as_bytes()).await.expect("read")
}

async fn outcome(t: &TestApp, raw: &str) -> ReturnedOutcome {
    let taken = take(t, raw).await;
    assert!(taken.is_new);
    taken.returned.outcome
}

/// Of one more send: how many got it, and why others did not.
async fn next_send(t: &TestApp, out: SenderId) -> (u64, std::collections::BTreeMap<String, u64>) {
    let sent = send(t, draft(out, Lane::Service, None)).await;
    let all = became(t, sent.id).await;
    (all.handed_over, all.skipped)
}

on_both_engines! {
    async fn an_address_that_does_not_work_gets_nothing_more(db: TestDb) {
        let t = TestApp::with(db).await;
        person(&t, "ann@example.org").await;
        person(&t, "bea@example.org").await;
        let out = out(&t).await;
        let sent = send(&t, draft(out, Lane::Service, None)).await;
        let ann = to(&t, "ann");
        let back = returned_to(&ann);
        assert!(back.starts_with("returns+b") && back.ends_with("@example.org"), "{back}");
        assert_ne!(back, returned_to(&to(&t, "bea")));
        assert_eq!(ann.unsubscribe_mail, None, "there is no topic to leave");
        let id = mailbox(&t).await;
        t.inboxes.put(report(&back, "failed", "5.1.1"));
        assert_eq!(t.app.read_mailbox(&OPERATOR, id).await.expect("read"), Ok(1));
        assert_eq!(t.inboxes.lies(), [(true, Some("Done".into()))]);
        let all = became(&t, sent.id).await;
        assert_eq!((all.handed_over, all.bounced), (2, 1));
        let page = PageRequest::first(9);
        let bounced = t.app.deliveries(&OPERATOR, Some(sent.id), Some(DeliveryState::Bounced), &page).await.expect("seen");
        assert_eq!(bounced.items.iter().map(|d| (d.id, d.reason.as_deref())).collect::<Vec<_>>(), [(ann.delivery, Some("hard"))]);
        let came = t.app.returned_mails(&OPERATOR, &page).await.expect("listed").items;
        assert_eq!(
            came.iter().map(|r| (r.kind, r.outcome, r.delivery, r.mailbox)).collect::<Vec<_>>(),
            [(ReturnedKind::Bounce, ReturnedOutcome::HardBounce, Some(ann.delivery), Some(id))]
        );
        assert_eq!(next_send(&t, out).await, (1, by(&[("hard_bounce", 1)])));
        // The same mail from a file is the same.
        assert!(!take(&t, &report(&back, "failed", "5.1.1").replace('\n', "\r\n")).await.is_new);
        // Addresses are given to others, and mended.
        t.clock.advance(TimeDelta::days(366));
        assert_eq!(next_send(&t, out).await, (2, by(&[])));
    }

    async fn of_a_single_message_it_is_told_once_what_a_mail_says_became_of_it(db: TestDb) {
        let t = TestApp::with(db).await;
        let out = out(&t).await;
        let said = t.app.add_message(&OPERATOR, "Ready", texts("Your permit is ready.")).await.expect("written");
        let names = ["ann", "bea", "cat", "dee"];
        let list = names.map(|name| Addressee { to: format!("{name}@example.org"), values: Default::default() });
        let message = SingleMessage {
            lane: Lane::Service,
            function: Function::Serve,
            sender: Some(out),
            channel: Channel::Email,
            said: Said::Version(said.id),
            to: list.to_vec(),
            reference: Some("case 7".into()),
            requested: true,
        };
        t.app.send_single(&OPERATOR, &message, None).await.expect("taken");
        t.app.deliver_due().await.expect("delivered");
        let [ann, bea, cat, dee] = names.map(|name| to(&t, name));
        let mails = [
            report(&returned_to(&ann), "failed", "5.1.1"),
            report(&returned_to(&bea), "delivered", "2.0.0"),
            complaint(&returned_to(&cat), "abuse"),
            // Said in another mail, of what is known by then.
            report(&returned_to(&ann), "failed", "5.1.10"),
            // Nothing has become of it yet.
            report(&returned_to(&dee), "delayed", "4.4.1"),
        ];
        for mail in mails.iter().chain(&mails) {
            take(&t, mail).await;
        }
        let all = told(&t).await.into_iter().filter(|(kind, _)| kind != "delivery.handed_over");
        let event = |of: &Parcel, state: &str, reason: Option<&str>| {
            let said = json!({
                "delivery": of.delivery, "reference": "case 7", "state": state, "reason": reason, "channel": "email",
            });
            (format!("delivery.{state}"), said)
        };
        assert_eq!(all.collect::<Vec<_>>(), [
            event(&ann, "bounced", Some("hard")),
            event(&bea, "delivered", None),
            event(&cat, "complained", None),
        ]);
    }

    async fn what_could_not_be_delivered_for_now_counts_until_it_is_too_often(db: TestDb) {
        let t = TestApp::with(db).await;
        person(&t, "ann@example.org").await;
        let out = out(&t).await;
        for n in 1..=5 {
            assert_eq!(next_send(&t, out).await, (1, by(&[])), "send {n}");
            let back = returned_to(&to(&t, "ann"));
            if n == 2 {
                // On its way still, and then given up: one delivery.
                assert_eq!(outcome(&t, &report(&back, "delayed", "4.4.1")).await, ReturnedOutcome::Delayed);
            }
            let expected = if n == 5 { ReturnedOutcome::Unreachable } else { ReturnedOutcome::SoftBounce };
            assert_eq!(outcome(&t, &report(&back, "failed", "5.2.2")).await, expected, "send {n}");
        }
        assert_eq!(next_send(&t, out).await, (0, by(&[("unreachable", 1)])));
        t.clock.advance(TimeDelta::days(31));
        assert_eq!(next_send(&t, out).await, (1, by(&[])));
        // The others are longer ago than they count.
        let back = returned_to(&to(&t, "ann"));
        assert_eq!(outcome(&t, &report(&back, "failed", "4.2.2")).await, ReturnedOutcome::SoftBounce);
        // The message, not the address; and a report of success.
        next_send(&t, out).await;
        let back = returned_to(&to(&t, "ann"));
        assert_eq!(outcome(&t, &report(&back, "failed", "5.7.1")).await, ReturnedOutcome::MessageRefused);
        let sent = send(&t, draft(out, Lane::Service, None)).await;
        let back = returned_to(&to(&t, "ann"));
        assert_eq!(outcome(&t, &report(&back, "delivered", "2.0.0")).await, ReturnedOutcome::Arrived);
        assert_eq!(became(&t, sent.id).await.delivered, 1);
    }

    async fn who_complains_or_writes_to_leave_gets_no_more_of_it(db: TestDb) {
        let t = TestApp::with(db).await;
        let street = topic(&t).await;
        for name in ["ann", "bea", "cat"] {
            let one = person(&t, &format!("{name}@example.org")).await;
            agree(&t, one, &street, true).await;
        }
        let out = out(&t).await;
        let news = || draft(out, Lane::News, Some(&street));
        let sent = send(&t, news()).await;
        let (ann, bea, cat) = (to(&t, "ann"), to(&t, "bea"), to(&t, "cat"));
        assert_eq!(outcome(&t, &complaint(&returned_to(&cat), "not-spam")).await, ReturnedOutcome::Noted);
        assert_eq!(outcome(&t, &complaint(&returned_to(&ann), "abuse")).await, ReturnedOutcome::Complained);
        let leave = bea.unsubscribe_mail.clone().expect("an address to leave by");
        assert!(leave.starts_with("returns+u"), "{leave}");
        // Somebody who makes addresses up ends nobody’s subscription, and somebody looks at what they wrote.
        let box_of = mailbox(&t).await;
        let forged = cat.unsubscribe_mail.clone().expect("an address").replacen("+u", "+b", 1);
        t.inboxes.put(format!("From: eve@example.com\nTo: {forged}\nMessage-ID: <1@x>\nSubject: unsubscribe\n\n"));
        t.inboxes.put(format!("From: bea@example.org\nTo: {}\nMessage-ID: <2@x>\nSubject: unsubscribe\n\n", leave.to_uppercase()));
        assert_eq!(t.app.read_mailbox(&OPERATOR, box_of).await.expect("read"), Ok(2));
        assert_eq!(t.inboxes.lies(), [(false, None), (true, Some("Done".into()))]);
        assert_eq!(became(&t, sent.id).await.complained, 1);
        t.clock.advance(TimeDelta::days(800));
        let all = became(&t, send(&t, news()).await.id).await;
        assert_eq!((all.handed_over, all.skipped), (1, by(&[("complaint", 1), ("no_consent", 1)])));
        assert_eq!(to(&t, "cat").to, "cat@example.org");
        // By the words of an answer, too.
        let stop = answer(&to(&t, "cat"), "cat@example.org", "", "STOP");
        assert_eq!(outcome(&t, &stop).await, ReturnedOutcome::Unsubscribed);
        let counts = t.app.returned_counts(&OPERATOR).await.expect("counted");
        let unsubscribed = counts.iter().find(|c| c.outcome == ReturnedOutcome::Unsubscribed).map(|c| c.mails);
        assert_eq!(unsubscribed, Some(2));
    }

    async fn what_people_answer_is_kept_with_the_message_and_read(db: TestDb) {
        let t = TestApp::with(db).await;
        let ann = person(&t, "ann@example.org").await;
        person(&t, "bea@example.org").await;
        let out = out(&t).await;
        let sent = send(&t, draft(out, Lane::Service, None)).await;
        let parcel = to(&t, "ann");
        let away = answer(&parcel, "ann@example.org", "Auto-Submitted: auto-replied\n", "I am away.");
        assert_eq!(outcome(&t, &away).await, ReturnedOutcome::Noted);
        let words = "This is wonderful, thank you so much for the excellent work!";
        let kept = take(&t, &answer(&parcel, "Ann <Ann@example.org>", "", words)).await.returned;
        assert_eq!((kept.kind, kept.outcome, kept.delivery), (ReturnedKind::Reply, ReturnedOutcome::Answered, Some(parcel.delivery)));
        let contact = kept.contact.expect("a contact");
        assert_eq!(t.db.store.answered_delivery(contact).await.expect("read"), Some(parcel.delivery));
        // Of the person to whom it went, with the words as all words are kept.
        let lines = timeline(&t, ann).await;
        assert_eq!(lines, [(contact.0, Direction::In, Some(words.to_owned())), (parcel.delivery.0, Direction::Out, None)]);
        // Somebody else who answers is somebody else.
        let angry = answer(&parcel, "dan@example.org", "", "This is terrible. I hate it and it makes me very angry.");
        let other = take(&t, &angry).await.returned.contact.expect("a contact");
        assert_eq!(timeline(&t, ann).await.len(), 2);
        assert!(t.db.store.answered_delivery(other).await.expect("read").is_some());
        // In no words at all.
        let empty = answer(&to(&t, "bea"), "bea@example.org", "", "");
        assert_eq!(outcome(&t, &empty).await, ReturnedOutcome::Answered);
        let replies = t.app.replies_of_dispatch(&Actor::OperatorExact, sent.id).await.expect("counted");
        assert_eq!((replies.replies, replies.unread), (3, 1));
        let moods = replies.by_sentiment.expect("told");
        let good: u64 = [Sentiment::Positive, Sentiment::VeryPositive].iter().filter_map(|s| moods.get(s)).sum();
        let bad: u64 = [Sentiment::Negative, Sentiment::VeryNegative].iter().filter_map(|s| moods.get(s)).sum();
        assert_eq!((good, bad), (1, 1), "{moods:?}");
        // So few that it would say who said what.
        let protected = t.app.replies_of_dispatch(&OPERATOR, sent.id).await.expect("counted");
        assert_eq!((protected.replies, protected.by_sentiment), (3, None));
        let nowhere = t.app.replies_of_dispatch(&OPERATOR, DispatchId(uuid::Uuid::nil())).await;
        assert!(matches!(nowhere, Err(Error::NotFound(_))), "{nowhere:?}");

        t.app.erase_person(&OPERATOR, ann, ErasureReason::Asked, Extent::Everything).await.expect("erased");
        let replies = t.app.replies_of_dispatch(&Actor::OperatorExact, sent.id).await.expect("counted");
        assert_eq!(replies.replies, 2);
        let page = PageRequest::first(9);
        let left = t.app.returned_mails(&OPERATOR, &page).await.expect("listed").items;
        assert_eq!(left.iter().filter(|r| r.kind == ReturnedKind::Reply && r.contact.is_none()).count(), 1);
    }

    async fn what_says_nothing_of_ours_changes_nothing_and_is_counted(db: TestDb) {
        let t = TestApp::with(db).await;
        person(&t, "ann@example.org").await;
        let out = out(&t).await;
        let sent = send(&t, draft(out, Lane::Service, None)).await;
        let parcel = to(&t, "ann");
        let id = parcel.delivery;
        let forged = returned_to(&parcel).replacen("+b", "+bb", 1);
        for (raw, expected) in [
            (report(&forged, "failed", "5.1.1"), ReturnedOutcome::NoDelivery),
            (report("ann@example.org", "failed", "5.1.1"), ReturnedOutcome::NoDelivery),
            ("From: eve@example.com\nTo: voice@example.org\nSubject: Hello\n\nHello.\n".into(), ReturnedOutcome::NoDelivery),
            (
                answer(&parcel, "eve@example.com", "", "Hello.").replace(&id.to_string(), &uuid::Uuid::from_u128(7).to_string()),
                ReturnedOutcome::UnknownDelivery,
            ),
            ("What is this?\n".into(), ReturnedOutcome::NoMail),
        ] {
            assert_eq!(outcome(&t, &raw).await, expected, "{raw}");
        }
        let all = became(&t, sent.id).await;
        assert_eq!((all.handed_over, all.bounced), (1, 0));
        let counts = t.app.returned_counts(&OPERATOR).await.expect("counted");
        assert_eq!(counts.iter().map(|c| c.mails).sum::<u64>(), 5);
    }

    async fn of_a_message_of_which_nobody_knew_whether_it_went_out_a_bounce_tells(db: TestDb) {
        let t = TestApp::with(db).await;
        let street = topic(&t).await;
        let lost = person(&t, "lost@example.org").await;
        agree(&t, lost, &street, true).await;
        let out = out(&t).await;
        let sent = send(&t, draft(out, Lane::News, Some(&street))).await;
        assert_eq!(became(&t, sent.id).await.not_known, 1);
        assert_eq!(timeline(&t, lost).await.len(), 0);
        // By the id of the message, as what came back has it.
        let parcel = to(&t, "lost");
        let raw = report("voice@example.org", "failed", "5.1.1").replace(
            "\n\n--x--",
            &format!("\n\n--x\nContent-Type: text/rfc822-headers\n\nFrom: voice@example.org\nMessage-ID: <{}@example.org>\n\n--x--", parcel.delivery),
        );
        assert_eq!(outcome(&t, &raw).await, ReturnedOutcome::HardBounce);
        let all = became(&t, sent.id).await;
        assert_eq!((all.not_known, all.handed_over, all.bounced), (0, 1, 1));
        assert_eq!(timeline(&t, lost).await.len(), 1);
    }

    async fn a_stop_before_a_message_is_put_away_loses_and_repeats_nothing(db: TestDb) {
        let t = TestApp::with(db).await;
        person(&t, "ann@example.org").await;
        let out = out(&t).await;
        let sent = send(&t, draft(out, Lane::Service, None)).await;
        let id = mailbox(&t).await;
        t.inboxes.put(report(&returned_to(&to(&t, "ann")), "failed", "5.1.1"));
        t.inboxes.set_breaking(true);
        assert_eq!(t.app.read_mailbox(&OPERATOR, id).await.expect("tried"), Err("The connection broke.".into()));
        assert_eq!(became(&t, sent.id).await.bounced, 1, "what was read is kept");
        let seen = &t.app.mailboxes(&OPERATOR).await.expect("listed")[0];
        assert_eq!(seen.read.error.as_deref(), Some("The connection broke."));
        assert_eq!(t.inboxes.lies(), [(false, None)]);
        t.inboxes.set_breaking(false);
        assert_eq!(t.app.read_mailbox(&OPERATOR, id).await.expect("read"), Ok(0));
        assert_eq!(t.inboxes.lies(), [(true, Some("Done".into()))]);
        assert_eq!(t.inboxes.given(), [1], "fetched once");
        // Numbered anew, everything that is there is looked at again, and known again.
        t.inboxes.put(report(&returned_to(&to(&t, "ann")), "failed", "5.1.1"));
        t.inboxes.renumber();
        assert_eq!(t.app.read_mailbox(&OPERATOR, id).await.expect("read"), Ok(1));
        let page = PageRequest::first(9);
        assert_eq!(t.app.returned_mails(&OPERATOR, &page).await.expect("listed").items.len(), 1);
        assert_eq!(t.inboxes.lies()[1], (true, Some("Done".into())));
    }

    async fn a_server_reads_what_comes_by_itself_and_one_alone(db: TestDb) {
        let t = TestApp::with(db).await;
        person(&t, "ann@example.org").await;
        let out = out(&t).await;
        let sent = send(&t, draft(out, Lane::Service, None)).await;
        let id = mailbox(&t).await;
        let stop = tokio_util::sync::CancellationToken::new();
        let (app, ended) = (t.app.clone(), stop.clone());
        let working = tokio::spawn(async move { app.work(ended).await });
        t.inboxes.put(report(&returned_to(&to(&t, "ann")), "failed", "5.1.1"));
        while became(&t, sent.id).await.bounced == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let other = t.app.read_mailbox(&OPERATOR, id).await;
        assert!(matches!(other, Err(Error::Conflict { code: "mailbox_read", .. })), "{other:?}");
        stop.cancel();
        working.await.expect("it ends");
        assert_eq!(t.app.read_mailbox(&OPERATOR, id).await.expect("read"), Ok(0), "it was let go of");
    }

    async fn mailboxes_are_set_up_by_whoever_administers(db: TestDb) {
        let t = TestApp::with(db).await;
        let id = mailbox(&t).await;
        assert_eq!(t.app.test_mailbox(&OPERATOR, id).await.expect("tried"), Ok("Ready.".into()));
        let draft = |setup, secret: Option<&str>| MailboxDraft { setup, secret: secret.map(str::to_owned), version: None };
        let wrong = MailboxSetup { done_folder: Some("INBOX".into()), ..mailbox_setup() };
        assert!(matches!(t.app.save_mailbox(&OPERATOR, Some(id), draft(wrong, None)).await, Err(Error::Invalid(_))));
        let again = t.app.save_mailbox(&OPERATOR, None, draft(mailbox_setup(), None)).await;
        assert!(matches!(&again, Err(Error::Conflict { .. })), "{again:?}");
        t.app.save_mailbox(&OPERATOR, Some(id), draft(mailbox_setup(), None)).await.expect("changed");
        assert_eq!(t.app.test_mailbox(&OPERATOR, id).await.expect("tried"), Ok("Ready.".into()), "the password stays");
        t.app.save_mailbox(&OPERATOR, Some(id), draft(mailbox_setup(), Some("old"))).await.expect("changed");
        let refused = t.app.test_mailbox(&OPERATOR, id).await.expect("tried").expect_err("it is not the password");
        assert!(!refused.contains("old"), "{refused}");
        let communicator = t.user(&[Duty::Communicator]).await.actor();
        assert_eq!(t.app.mailboxes(&communicator).await.expect("they may look").len(), 1);
        let reader = t.user(&[Duty::Analyst]).await.actor();
        for who in [&communicator, &reader] {
            assert!(matches!(t.app.save_mailbox(who, None, draft(mailbox_setup(), None)).await, Err(Error::Denied(_))));
            assert!(matches!(t.app.test_mailbox(who, id).await, Err(Error::Denied(_))));
            assert!(matches!(t.app.read_mailbox(who, id).await, Err(Error::Denied(_))));
            assert!(matches!(t.app.remove_mailbox(who, id).await, Err(Error::Denied(_))));
            assert!(matches!(t.app.take_returned(who, b"x").await, Err(Error::Denied(_))));
        }
        assert!(matches!(t.app.mailboxes(&reader).await, Err(Error::Denied(_))));
        t.app.remove_mailbox(&OPERATOR, id).await.expect("removed");
        assert_eq!(t.app.mailboxes(&OPERATOR).await.expect("listed"), []);
        for (address, code) in [("nobody", "email"), ("re+turns@example.org", "no_room"), ("this.name.is.too.long.for.it@example.org", "no_room")] {
            let setup = SenderSetup { return_to: Some(address.into()), ..setup("other") };
            let refused = t.app.save_sender(&OPERATOR, None, SenderDraft { setup, secret: None, version: None }).await;
            let Err(Error::Invalid(errors)) = refused else { panic!("{address}: {refused:?}") };
            assert_eq!(errors.0.iter().map(|e| (e.field.as_str(), e.code.as_str())).collect::<Vec<_>>(), [("return_to", code)]);
        }
    }
}

/// Contacts of somebody, newest first: who spoke to whom, and in which words.
async fn timeline(t: &TestApp, person: PersonId) -> Vec<(uuid::Uuid, Direction, Option<String>)> {
    let records = t.db.store.records_of(person).await.expect("read");
    let ids: Vec<_> = records.iter().map(|record| record.id).collect();
    let contacts = t.db.store.contacts_of_records(&ids, None, &PageRequest::first(9)).await.expect("read").items;
    let mut lines = Vec::new();
    for contact in contacts {
        let doc = match contact.feedback {
            Some(id) => t.db.store.docs(&[id]).await.expect("read").pop(),
            None => None,
        };
        lines.push((contact.id.0, contact.direction, doc.and_then(|doc| doc.comments.first().map(|c| c.text.clone()))));
    }
    lines
}

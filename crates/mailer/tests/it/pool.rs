//! Connections that are used again, and those that must not be.

use std::time::Duration;

use commonweal_mailer::sink::Behaviour;
use commonweal_mailer::{Outcome, Pool, Security, Smtp, Stage};
use tokio::task::JoinSet;

use crate::{pool, raw, settings, sink, started};

async fn send(pool: &Pool, to: &str) -> Outcome {
    pool.send("", to, &raw(to)).await
}

fn accepted(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Accepted { .. })
}

#[tokio::test]
async fn one_connection_carries_many_mails_and_refusals_between() {
    for offers in [vec!["PIPELINING".to_owned()], Vec::new()] {
        let rules = ["rcpt:550:gone*", "message:554:spam*", "data:451:wait*"];
        let rules = rules.map(|rule| rule.parse().expect("a rule")).to_vec();
        let sink = started(Behaviour { rules, offers, keep: true, ..Behaviour::default() }).await;
        let pool = pool(&sink);
        for n in 0..2 {
            assert!(accepted(&send(&pool, &format!("ann{n}@example.com")).await));
            for (to, wanted) in [("gone@example.com", 550), ("spam@example.com", 554), ("wait@example.com", 451)] {
                let outcome = send(&pool, to).await;
                assert!(matches!(&outcome, Outcome::Refused { code, .. } if *code == wanted), "{to}: {outcome:?}");
                // What was left of it does not reach the next.
                assert!(accepted(&send(&pool, &format!("bob{n}@example.com")).await));
            }
        }
        assert_eq!(sink.connections(), 1);
        let to: Vec<String> = sink.messages().into_iter().map(|message| message.to).collect();
        assert_eq!(to.len(), 8, "{to:?}");
        assert!(to.iter().all(|to| to.starts_with("ann") || to.starts_with("bob")), "{to:?}");
    }
}

#[tokio::test]
async fn a_server_that_has_had_enough_gets_a_new_connection() {
    // By a 421, and by closing without a word.
    for rule in ["mail:421:after 3", "mail:drop:after 3", "rcpt:421:after 3", "data:drop:after 3"] {
        let sink = sink(&[rule]).await;
        let pool = pool(&sink);
        for n in 0..10 {
            let outcome = send(&pool, &format!("ann{n}@example.com")).await;
            assert!(accepted(&outcome), "{rule} {n}: {outcome:?}");
        }
        assert_eq!((sink.accepted(), sink.connections()), (10, 4), "{rule}");
    }
}

#[tokio::test]
async fn what_may_have_been_accepted_is_not_sent_again() {
    let sink = sink(&["message:lost:after 1"]).await;
    let pool = pool(&sink);
    assert!(accepted(&send(&pool, "ann@example.com").await));
    let outcome = send(&pool, "bob@example.com").await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert_eq!((sink.accepted(), sink.connections()), (2, 1));
    // The connection is gone, the pool is not.
    assert!(accepted(&send(&pool, "eve@example.com").await));
}

#[tokio::test]
async fn a_server_that_went_away_and_came_back() {
    let sink = sink(&[]).await;
    let pool = pool(&sink);
    assert!(accepted(&send(&pool, "ann@example.com").await));
    sink.set_up(false);
    let mut outcome = send(&pool, "ann@example.com").await;
    // It closes when it gets to it.
    for _ in 0..100 {
        if !accepted(&outcome) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        outcome = send(&pool, "ann@example.com").await;
    }
    assert!(outcome.is_certainly_not_accepted(), "{outcome:?}");
    sink.set_up(true);
    for _ in 0..100 {
        outcome = send(&pool, "ann@example.com").await;
        if accepted(&outcome) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{outcome:?}");
}

#[tokio::test]
async fn a_cancelled_send_takes_its_connection_with_it() {
    let sink = started(Behaviour { delay: Duration::from_secs(1), keep: true, ..Behaviour::default() }).await;
    let mut smtp = settings(sink.address().port());
    smtp.max_connections = 1;
    let pool = Pool::new(smtp).expect("settings");
    let cancelled = tokio::time::timeout(Duration::from_millis(200), send(&pool, "ann@example.com")).await;
    assert!(cancelled.is_err());
    // Its place is free again, and the answer to the first is not taken for one to the second.
    assert!(accepted(&send(&pool, "bob@example.com").await));
    assert_eq!(sink.connections(), 2);
    assert!(sink.messages().iter().any(|message| message.to == "bob@example.com"));
}

#[tokio::test]
async fn a_late_answer_is_not_taken_for_that_to_another_mail() {
    let rules = vec!["rcpt:550:gone*".parse().expect("a rule")];
    let sink = started(Behaviour { rules, delay: Duration::from_millis(600), ..Behaviour::default() }).await;
    let mut smtp = settings(sink.address().port());
    smtp.times.data = Duration::from_millis(200);
    let pool = Pool::new(smtp).expect("settings");
    let outcome = send(&pool, "ann@example.com").await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    tokio::time::sleep(Duration::from_millis(800)).await;
    let outcome = send(&pool, "gone@example.com").await;
    assert!(matches!(outcome, Outcome::Refused { stage: Stage::Recipient, .. }), "{outcome:?}");
    assert_eq!((sink.accepted(), sink.connections()), (1, 2));
}

#[tokio::test]
async fn no_more_connections_than_allowed_and_each_not_for_ever() {
    let sink = sink(&[]).await;
    let mut smtp = settings(sink.address().port());
    (smtp.max_connections, smtp.max_per_connection) = (4, 5);
    let pool = Pool::new(smtp).expect("settings");
    let mut sending = JoinSet::new();
    for n in 0..40 {
        let pool = pool.clone();
        sending.spawn(async move { send(&pool, &format!("ann{n}@example.com")).await });
    }
    assert!(sending.join_all().await.iter().all(accepted));
    assert_eq!(sink.accepted(), 40);
    // 40 mails, 5 over each.
    assert!((8..=11).contains(&sink.connections()), "{}", sink.connections());
}

#[tokio::test]
async fn idle_connections_are_left() {
    let sink = sink(&[]).await;
    let mut smtp = settings(sink.address().port());
    smtp.idle = Duration::from_millis(60);
    let pool = Pool::new(smtp).expect("settings");
    assert!(accepted(&send(&pool, "ann@example.com").await));
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(accepted(&send(&pool, "bob@example.com").await));
    assert_eq!(sink.connections(), 2);
    pool.close().await;
    let outcome = send(&pool, "eve@example.com").await;
    assert!(matches!(&outcome, Outcome::NotTried { why, .. } if why == "Sending was ended."), "{outcome:?}");
}

#[tokio::test]
async fn trying_settings_out_says_what_there_is() {
    let sink = sink(&[]).await;
    let greeting = pool(&sink).test().await.expect("a greeting");
    assert_eq!((greeting.name.as_str(), greeting.max_bytes), ("sink.example.org", Some(50_000_000)));
    assert!(!greeting.is_secret && greeting.takes_several_commands && !greeting.takes_utf8_addresses);
    let mut smtp = settings(sink.address().port());
    smtp.security = Security::StartTls;
    let not = Pool::new(smtp).expect("settings").test().await.expect_err("no STARTTLS");
    assert_eq!(not.to_string(), "At making the connection secret: the server does not offer STARTTLS.");
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let refused = |change: fn(&mut Smtp), why: &str| {
        let mut smtp = Smtp::new("mail.example.org", 587, Security::StartTls);
        change(&mut smtp);
        let said = Pool::new(smtp).expect_err("refused").to_string();
        assert!(said.starts_with(why), "{said}");
    };
    refused(|s| s.security = Security::None, "Mail would go over the network in the clear.");
    refused(|s| s.host = "mail.example.org:587".to_owned(), "The host of the mail server must be a name");
    refused(|s| s.host = String::new(), "The host of the mail server must be a name");
    refused(|s| s.port = 0, "The port of the mail server must be");
    refused(|s| s.hello = Some("a b".to_owned()), "The name to introduce ourselves by");
    refused(|s| s.extra_ca = Some(b"no".to_vec()), "The file of certificate authorities holds no certificate");
    refused(|s| s.max_connections = 0, "There must be 1 to 1000 connections");
    let mut plain = Smtp::new("mail.example.org", 25, Security::None);
    plain.allow_plain = true;
    assert!(Pool::new(plain).is_ok());
    assert!(Pool::new(Smtp::new("localhost", 25, Security::None)).is_ok());
}

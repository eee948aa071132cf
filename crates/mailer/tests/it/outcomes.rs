//! The table of outcomes, row by row, against a server that goes wrong at each place.

use std::time::Duration;

use commonweal_mailer::sink::{Behaviour, Sink};
use commonweal_mailer::{Outcome, Pool, Stage};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::{pool, raw, settings, sink, started};

const TO: &str = "ann@example.com";

async fn send(pool: &Pool, to: &str) -> Outcome {
    pool.send("b+x@bounces.example.org", to, &raw(to)).await
}

fn refused(code: u16, stage: Stage) -> Outcome {
    Outcome::Refused {
        permanent: code >= 500,
        code,
        enhanced: Some(format!("{}.7.0", code / 100)),
        text: "As it was told".to_owned(),
        stage,
    }
}

/// What becomes of a mail at a new connection, and how many the sink noted.
async fn at(rule: &str, offers: &[&str]) -> (Outcome, u64) {
    let rules = vec![rule.parse().expect("a rule")];
    let offers = offers.iter().map(|offer| (*offer).to_owned()).collect();
    let sink = started(Behaviour { rules, offers, ..Behaviour::default() }).await;
    let mut smtp = settings(sink.address().port());
    (smtp.times.command, smtp.times.data) = (Duration::from_millis(300), Duration::from_millis(300));
    let outcome = send(&Pool::new(smtp).expect("settings"), TO).await;
    (outcome, sink.accepted())
}

#[tokio::test]
async fn a_mail_that_is_accepted() {
    let sink = sink(&[]).await;
    let outcome = send(&pool(&sink), TO).await;
    assert_eq!(outcome, Outcome::Accepted { code: 250, text: "Ok: noted".to_owned() });
    let messages = sink.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!((messages[0].from.as_str(), messages[0].to.as_str()), ("b+x@bounces.example.org", TO));
    assert_eq!(messages[0].message, raw(TO));
}

#[tokio::test]
async fn a_clear_no_is_refused_wherever_it_comes() {
    for offers in [&["PIPELINING"][..], &[]] {
        for (place, stage) in
            [("mail", Stage::Sender), ("rcpt", Stage::Recipient), ("data", Stage::Data), ("message", Stage::Message)]
        {
            for code in [450, 550] {
                assert_eq!(
                    at(&format!("{place}:{code}"), offers).await,
                    (refused(code, stage), 0),
                    "{place} {code} {offers:?}"
                );
            }
            // Closing says no as clearly, and nothing of the recipient.
            let (outcome, noted) = at(&format!("{place}:421"), offers).await;
            assert!(
                matches!(&outcome, Outcome::Refused { permanent: false, code: 421, stage: s, .. } if *s == stage)
                    && noted == 0,
                "{place} {outcome:?}"
            );
        }
    }
}

#[tokio::test]
async fn before_the_message_nothing_was_tried() {
    for offers in [&["PIPELINING"][..], &[]] {
        for (place, stage) in [
            ("greeting", Stage::Greeting),
            ("hello", Stage::Hello),
            ("mail", Stage::Sender),
            ("rcpt", Stage::Recipient),
            ("data", Stage::Data),
        ] {
            for fault in ["drop", "hang", "garbage"] {
                let (outcome, noted) = at(&format!("{place}:{fault}"), offers).await;
                let Outcome::NotTried { stage: found, why } = &outcome else { panic!("{place} {fault}: {outcome:?}") };
                let words = match fault {
                    "drop" => "the server closed the connection",
                    "hang" => "the server did not answer within 0.3 seconds",
                    _ => "something that is not SMTP",
                };
                assert!(*found == stage && why.contains(words) && noted == 0, "{place} {fault}: {outcome:?}");
            }
        }
    }
    for (rule, stage) in
        [("greeting:421", Stage::Greeting), ("greeting:554", Stage::Greeting), ("hello:550", Stage::Hello)]
    {
        let (outcome, _) = at(rule, &[]).await;
        assert!(
            matches!(&outcome, Outcome::NotTried { stage: s, why } if *s == stage && why.contains("the server answered")),
            "{outcome:?}"
        );
    }
    // Leave to send the message is 354 and nothing else.
    let (outcome, _) = at("data:250", &[]).await;
    assert!(matches!(outcome, Outcome::NotTried { stage: Stage::Data, .. }), "{outcome:?}");
}

#[tokio::test]
async fn after_the_message_began_nobody_knows() {
    for (fault, noted) in [("drop", 0), ("lost", 1), ("hang", 0), ("garbage", 0), ("354", 0)] {
        let (outcome, found) = at(&format!("message:{fault}"), &["PIPELINING"]).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }) && found == noted, "{fault}: {outcome:?}, {found} noted");
        assert!(!outcome.is_certainly_not_accepted());
    }
}

/// The file is what tests count by after sender or sink were killed.
#[tokio::test]
async fn what_a_sink_accepts_stands_in_its_file_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("accepted.tsv");
    let rules = ["message:lost:lost*", "message:drop:cut*", "rcpt:550:gone*", "message:451:wait*"];
    let rules = rules.map(|rule| rule.parse().expect("a rule")).to_vec();
    let sink = started(Behaviour { rules, log: Some(log.clone()), ..Behaviour::default() }).await;
    let pool = pool(&sink);
    for (to, accepted) in [("ann@example.com", true), ("lost@example.com", false), ("cut@example.com", false)] {
        assert_eq!(matches!(send(&pool, to).await, Outcome::Accepted { .. }), accepted, "{to}");
    }
    for to in ["gone@example.com", "wait@example.com"] {
        assert!(matches!(send(&pool, to).await, Outcome::Refused { .. }), "{to}");
    }
    let lines = std::fs::read_to_string(log).expect("a file");
    let lines: Vec<Vec<&str>> = lines.lines().map(|line| line.split('\t').collect()).collect();
    let id = "<0192f0c1-2b3c-7def-8123-456789abcdef@example.org>";
    let noted: Vec<_> =
        lines.iter().map(|line| (line[0], line[1], line[2].parse::<u64>().is_ok(), line.len())).collect();
    assert_eq!(noted, [("ann@example.com", id, true, 3), ("lost@example.com", id, true, 3)]);
}

#[tokio::test]
async fn a_server_that_is_not_there() {
    let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let outcome = send(&Pool::new(settings(port)).expect("settings"), TO).await;
    let Outcome::NotTried { stage: Stage::Connect, why } = &outcome else { panic!("{outcome:?}") };
    assert!(
        why.starts_with(&format!(
            "At connecting: 127.0.0.1 port {port} can't be reached: the connection broke: Connection refused"
        )),
        "{why}"
    );
    assert!(outcome.is_certainly_not_accepted());
}

/// A server that says these things, each after it was asked something.
async fn scripted(answers: Vec<&'static [u8]>) -> Pool {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        for answer in answers {
            if stream.write_all(answer).await.is_err() {
                return;
            }
            let mut asked = [0; 4_096];
            if stream.read(&mut asked).await.unwrap_or(0) == 0 {
                return;
            }
        }
    });
    Pool::new(settings(port)).expect("settings")
}

#[tokio::test]
async fn words_in_any_letters_are_an_answer() {
    let answers: Vec<&[u8]> = vec![
        b"220 hi\r\n",
        b"250 hi\r\n",
        b"250 ok\r\n",
        b"250 ok\r\n",
        b"354 go\r\n",
        b"550-5.7.1 Refus\xe9\r\n550 5.7.1 d\xe9sol\xe9\r\n",
    ];
    let outcome = send(&scripted(answers).await, TO).await;
    assert_eq!(
        outcome,
        Outcome::Refused {
            permanent: true,
            code: 550,
            enhanced: Some("5.7.1".to_owned()),
            text: "Refus\u{fffd} d\u{fffd}sol\u{fffd}".to_owned(),
            stage: Stage::Message
        }
    );
}

#[tokio::test]
async fn answers_without_end_are_no_answers() {
    let endless: &[u8] = Box::leak(vec![b'2'; 100_000].into_boxed_slice());
    let outcome = send(&scripted(vec![endless]).await, TO).await;
    assert!(matches!(outcome, Outcome::NotTried { stage: Stage::Greeting, .. }), "{outcome:?}");
    let many: &[u8] = Box::leak("220-more\r\n".repeat(10_000).into_bytes().into_boxed_slice());
    let outcome = send(&scripted(vec![many]).await, TO).await;
    assert!(matches!(outcome, Outcome::NotTried { stage: Stage::Greeting, .. }), "{outcome:?}");
    let mixed: &[u8] = b"220-one\r\n250 other\r\n";
    let outcome = send(&scripted(vec![mixed]).await, TO).await;
    assert!(matches!(outcome, Outcome::NotTried { stage: Stage::Greeting, .. }), "{outcome:?}");
}

#[tokio::test]
async fn what_a_server_never_takes_is_not_sent() {
    let offers = vec!["SIZE 100".to_owned()];
    let sink = started(Behaviour { offers, ..Behaviour::default() }).await;
    let pool = pool(&sink);
    let why = |outcome: &Outcome| match outcome {
        Outcome::Unsendable { why } => why.clone(),
        other => panic!("{other:?}"),
    };
    assert!(why(&send(&pool, TO).await).starts_with("The message is larger than this mail server takes"));
    let small = b"From: a@example.org\r\n\r\nHi\r\n";
    assert!(why(&pool.send("", "siân@example.com", small).await).starts_with("The address has letters outside ASCII"));
    assert!(
        why(&pool.send("", TO, "From: a@example.org\r\n\r\nŵ\r\n".as_bytes()).await)
            .starts_with("The message holds bytes outside ASCII")
    );
    assert!(why(&pool.send("", "ann", small).await).starts_with("The recipient is not an email address"));
    assert!(why(&pool.send("x", TO, small).await).starts_with("The return path is not an email address"));
    assert!(why(&pool.send("", TO, b"From: a@example.org\n\nHi\n").await).contains("line break"));
    assert!(
        why(&pool.send("", "ann@example.com>\r\nRCPT TO:<eve@example.org", small).await).contains("control character")
    );
    // None of it harmed the connection.
    assert!(matches!(pool.send("", TO, small).await, Outcome::Accepted { .. }));
    assert_eq!((sink.accepted(), sink.connections()), (1, 1));
}

#[tokio::test]
async fn letters_of_all_scripts_go_where_they_are_taken() {
    let offers = ["8BITMIME", "SMTPUTF8"].map(str::to_owned).to_vec();
    let sink = started(Behaviour { offers, keep: true, ..Behaviour::default() }).await;
    let mut mail = crate::plain("siân@bücher.example");
    mail.to.name = "Siân".to_owned();
    let outcome = pool(&sink).send("", &mail.to.address, &mail.compose().expect("a message")).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    assert_eq!(sink.messages()[0].to, "siân@xn--bcher-kva.example");
}

#[tokio::test]
async fn greylisted_means_later() {
    let sink: Sink = started(Behaviour { greylist: true, ..Behaviour::default() }).await;
    let pool = pool(&sink);
    let first = send(&pool, TO).await;
    assert!(
        matches!(first, Outcome::Refused { permanent: false, code: 450, stage: Stage::Recipient, .. }),
        "{first:?}"
    );
    assert!(matches!(send(&pool, TO).await, Outcome::Accepted { .. }));
    assert_eq!(sink.connections(), 1);
}

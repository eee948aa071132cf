//! Mails in a folder.

use commonweal_mailer::{FileDrop, Outcome, Stage};

use crate::raw;

#[tokio::test]
async fn each_mail_is_one_whole_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let drop = FileDrop::new(folder.path()).expect("it is there");
    let message = raw("ann@example.com");
    for _ in 0..2 {
        let outcome = drop.send("b+x@example.org", "ann@example.com", &message).await;
        let name = "0192f0c1-2b3c-7def-8123-456789abcdef@example.org.eml".to_owned();
        assert_eq!(outcome, Outcome::Accepted { code: 250, text: name });
    }
    let files: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").flatten().map(|f| f.path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let written = std::fs::read(&files[0]).expect("a file");
    let before = b"Return-Path: <b+x@example.org>\r\nX-Envelope-To: ann@example.com\r\n";
    assert_eq!(written, [before, &*message].concat());
}

#[tokio::test]
async fn what_cannot_be_written_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let drop = FileDrop::new(folder.path()).expect("it is there");
    assert!(matches!(drop.send("", "ann", &raw("ann@example.com")).await, Outcome::Unsendable { .. }));
    assert!(matches!(
        drop.send("", "ann@example.com", b"From: a@example.org\r\n\r\n").await,
        Outcome::Unsendable { .. }
    ));
    let path = folder.path().to_owned();
    folder.close().expect("removed");
    let outcome = drop.send("", "ann@example.com", &raw("ann@example.com")).await;
    assert!(matches!(outcome, Outcome::NotTried { stage: Stage::File, .. }), "{outcome:?}");
    let problem = FileDrop::new(&path).expect_err("it is gone").to_string();
    assert!(problem.ends_with("is no folder. Make it first."), "{problem}");
}

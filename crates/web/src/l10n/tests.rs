//! No page may ask for a word that is not there, none may be left that no page asks for, and what the
//! public reads is there in every language.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

mod rules;

fn below(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()) {
        if entry.is_dir() {
            below(&entry, ending, found);
        } else if entry.extension().is_some_and(|e| e == ending) {
            found.push(entry);
        }
    }
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), ending, &mut found);
    found.sort();
    found
}

/// Ids with the names of their arguments, of one language.
fn messages(code: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for path in files(&format!("locales/{code}"), "ftl") {
        let text = fs::read_to_string(&path).expect("a file of messages");
        assert!(FluentResource::try_new(text.clone()).is_ok(), "{} has mistakes", path.display());
        let mut id = String::new();
        for line in text.lines() {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                id = line.split(['=', ' ']).next().unwrap_or_default().to_owned();
                let twice = all.insert(id.clone(), BTreeSet::new()).is_some();
                assert!(!twice, "`{id}` is there twice");
            }
            if let Some(arguments) = all.get_mut(&id).filter(|_| !line.starts_with('#')) {
                let names = line.split('$').skip(1).map(|rest| {
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect()
                });
                arguments.extend(names);
            }
        }
    }
    all
}

/// Everything in double quotes in templates and code.
fn quoted() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for path in files("templates", "html").into_iter().chain(files("src", "rs")) {
        let text = fs::read_to_string(&path).expect("a source");
        all.extend(text.split('"').map(str::to_owned));
    }
    all
}

#[test]
fn every_message_that_a_page_asks_for_is_there() {
    let english = messages("en");
    for path in files("templates", "html").into_iter().chain(files("src", "rs")) {
        let text = fs::read_to_string(&path).expect("a source");
        for call in [".t(\"", ".with(\"", ".count(\""] {
            for rest in text.split(call).skip(1) {
                let id = rest.split('"').next().unwrap_or_default();
                let is_id = id.contains('-') && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
                assert!(!is_id || english.contains_key(id), "{} asks for `{id}`", path.display());
            }
        }
    }
}

#[test]
fn no_message_is_left_that_nobody_asks_for() {
    let quoted = quoted();
    // `format!("month-{}")` asks for all that begin so.
    let beginnings: Vec<&str> =
        quoted.iter().filter_map(|q| q.split_once('{')).map(|(b, _)| b).filter(|b| b.ends_with('-')).collect();
    for id in messages("en").keys() {
        let asked = quoted.contains(id) || beginnings.iter().any(|b| id.starts_with(b));
        assert!(asked, "nobody asks for `{id}`");
    }
}

/// What is said after a redirect is asked for by its code alone, which is why the test above takes every such
/// message for asked for.
#[test]
fn what_is_said_after_something_was_done_is_a_sentence_that_a_page_asks_for() {
    let quoted = quoted();
    for id in messages("en").keys().filter(|id| id.starts_with("done-")) {
        let code = id.trim_start_matches("done-");
        assert!(quoted.contains(code), "nothing leads to `{id}`");
        assert!(console().t(id).ends_with('.'), "`{id}` is a sentence");
    }
    for path in files("src", "rs") {
        let text = fs::read_to_string(&path).expect("a source");
        for call in text.split("with_done(").skip(1) {
            // The code is the last thing in quotes before the call ends; some are in a variable.
            let call = call.split([';', '\n']).next().unwrap_or_default();
            let Some((_, code)) = call.split_once(", \"") else { continue };
            let code = code.split('"').next().unwrap_or_default();
            assert!(console().known(&format!("done-{code}")).is_some(), "{} says `{code}`", path.display());
        }
    }
}

/// These messages are asked for by what the program knows, and not by their names.
#[test]
fn everything_that_leaves_a_line_in_the_trail_and_every_event_has_a_name() {
    for kind in commonweal_domain::AuditAction::kinds() {
        assert!(console().known(&format!("audit-about-{kind}")).is_some(), "audit-about-{kind}");
    }
    for (kind, ..) in commonweal_domain::EventKind::ALL {
        let id = format!("hooks-event-{}", kind.key().replace(['.', '_'], "-"));
        assert!(console().known(&id).is_some(), "{id}");
    }
}

/// Messages whose English stands beside the rule that refuses, or beside the enumeration.
const ELSEWHERE: [&str; 2] = ["error-", "name-"];

#[test]
fn what_the_public_reads_is_there_in_every_language() {
    let (english, welsh) = (messages("en"), messages("cy"));
    let public = files("locales/en", "ftl").into_iter().filter(|p| {
        let name = p.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        name == "common.ftl" || name.starts_with("public")
    });
    for path in public {
        let text = fs::read_to_string(&path).expect("a file of messages");
        for line in text.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase())) {
            let id = line.split(['=', ' ']).next().unwrap_or_default();
            assert_eq!(welsh.get(id), english.get(id), "`{id}` of {} in Welsh", path.display());
        }
    }
    let elsewhere = |id: &str| ELSEWHERE.iter().any(|beginning| id.starts_with(beginning));
    let known = |id: &String| english.contains_key(id) || elsewhere(id);
    assert!(welsh.keys().all(known), "Welsh says nothing that English does not");
    assert!(!english.keys().any(|id| elsewhere(id)), "the English of a refusal or a name stands elsewhere");
}

#[test]
fn the_language_is_the_best_that_is_offered() {
    use Language::{English, Welsh};
    let both = [English, Welsh];
    assert_eq!(Language::accepted("cy-GB,cy;q=0.9,en;q=0.5", &both), Welsh);
    assert_eq!(Language::accepted("en-US,en;q=0.9,cy;q=0.8", &both), English);
    assert_eq!(Language::accepted("fr, en;q=0.1, CY;q=0.2", &both), Welsh);
    assert_eq!(Language::accepted("cy;q=0", &both), English);
    assert_eq!(Language::accepted("cy", &[English]), English);
    assert_eq!(Language::accepted("*;q=,;;", &[Welsh, English]), Welsh);
}

#[test]
fn dates_are_written_in_the_language_of_the_page() {
    let day = NaiveDate::from_ymd_opt(2026, 10, 21).expect("a date");
    assert_eq!(console().date(day), "21 October 2026");
    assert_eq!(Say { language: Language::Welsh }.date(day), "21 Hydref 2026");
}

//! Bounces that are only words: who did not get the message, and why, as far as the words say it.
//!
//! No program is known by name. What they have in common is the place: an address at the beginning of a line, alone or before what
//! the other system said; an address in a sentence about failing; the returned message's own `To`.

use std::sync::LazyLock;

use regex::Regex;

use super::{MAX_RECIPIENTS, Original, Recipient, original};
use crate::headers::{Headers, addresses, cut, leading_address};
use crate::status::{find_reply, find_status, gives_reason, known, of_subject};

/// Bytes of the words that are looked at.
const MAX_WORDS_BYTES: usize = 64 * 1024;
/// Bytes of what the other system said that are kept: words have no end of their own.
const MAX_SAID_BYTES: usize = 600;

/// A notice without a delivery report.
pub(crate) struct Notice<'a> {
    pub(crate) headers: &'a Headers,
    /// Whether its subject says that something failed or is late.
    pub(crate) subject: Option<Outcome>,
    /// Its words.
    pub(crate) words: &'a str,
    /// The returned message, where it came as a part.
    pub(crate) returned: Option<Original>,
}

/// What came of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Failed,
    Delayed,
}

/// What a notice says.
pub(crate) struct Told {
    pub(crate) recipients: Vec<Recipient>,
    pub(crate) original: Option<Original>,
    /// Whether the words speak of a failed or delayed delivery.
    pub(crate) of_failure: bool,
}

static FAILED: LazyLock<Regex> = LazyLock::new(|| {
    let phrases = [
        "permanent (?:fatal )?(?:error|failure)",
        "failed permanently",
        "permanently (?:failed|rejected)",
        "(?:could|can) ?not be (?:delivered|reached|sent)",
        "couldn['’]t be (?:delivered|sent)",
        "was not delivered",
        "were not delivered",
        "not (?:be )?able to deliver",
        "(?:un)?able to deliver (?:your|the|this)? ?(?:mail|e-mail|email|message)",
        "wasn['’]t able to deliver",
        "error (?:was |has )?(?:occurred|encountered)? ?(?:while|when)? ?(?:trying to|attempting to)? ?deliver",
        "(?:delivery|delivering|message|mail)[^\\n]{0,60} (?:has |have )?failed",
        "did not reach",
        "undeliver(?:ed|able)",
        "returned (?:mail|to sender|message)",
        "deliver[a-z]* (?:failure|problem|error)s?",
        "delivery errors",
        "was rejected",
        "fatal errors?",
        "failed addresses",
        "giving up",
        "not listed in",
        "unknown user",
        "no valid recipients",
        "errors? delivering",
        "aborted after",
        "nicht zugestellt",
        "unzustellbar",
        "n['’]a pas pu être",
        "non remis",
        "no se (?:pudo|ha podido) entregar",
        "no entregado",
        "non (?:è stato|recapit)",
        "não (?:pôde|foi) (?:ser )?entregue",
        "(?:kon|kan) niet worden",
        "не (?:может быть|было|удалось) достав",
        "送信できません",
        "送信に失敗",
        "配信できません",
        "配送できません",
    ];
    Regex::new(&format!("(?i){}", phrases.join("|"))).expect("the patterns can be read")
});
static DELAYED: LazyLock<Regex> = LazyLock::new(|| {
    let phrases = [
        "has been delayed",
        "delivery (?:is |was |has been )?delayed",
        "delay reason",
        "not yet been delivered",
        "warning message only",
        "will (?:be retried|continue to try|keep trying)",
        "delivery attempts will continue",
        "still (?:being )?(?:queued|trying)",
        "temporary (?:failure|error|problem)",
        "wird weiter versucht",
        "a été retardé",
    ];
    Regex::new(&format!("(?i){}", phrases.join("|"))).expect("the patterns can be read")
});
/// What one mail system said to the other, where it can be nothing else.
static REFUSED_AT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b[45][0-5][0-9][ -]#?[45]\.[0-7]\.[0-9]{1,3}\b|said: ?[45][0-5][0-9][ -]")
        .expect("the pattern can be read")
});
/// A line that a reply code may begin.
static CODE_FIRST: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[ \t<>]{0,12}[45][0-5][0-9][ -]").expect("the pattern can be read"));

/// Whether words tell what one mail system said to another. A number in a sentence is no reply code: where it stands before a status
/// code, or begins a line that gives a reason, it is.
fn tells_of_refusal(words: &str) -> bool {
    REFUSED_AT.is_match(words) || words.lines().any(|line| CODE_FIRST.is_match(line) && gives_reason(line))
}

/// What makes a line with an address one about failing.
static ABOUT_FAILING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)deliver|fail|reject|recipient|rcpt|unknown|no such|error|not exist|invalid|refused|returned|userid|reach|expanded from|address:|gone|\b[45][0-9]{2}[ -]|送信|配信|宛先",
    )
    .expect("the pattern can be read")
});
/// Lines that say where to ask, or who sent it.
static NOT_ABOUT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)contact|assistance|\bhelp|support|mail from|^\W*(?:from|sender|reply-to|original sender)\b|postmaster@|sent (?:by|from)|https?://\S*@")
        .expect("the pattern can be read")
});

/// Reads the words of a notice.
pub(crate) fn read(notice: Notice<'_>) -> Told {
    let words = cut(notice.words, MAX_WORDS_BYTES);
    let (before, after, returned) = match notice.returned {
        Some(returned) => (words, "", Some(returned)),
        None => match original::among_words(words) {
            Some((start, end)) => (&words[..start], &words[end..], original::read(&words[start..end])),
            None => (words, "", None),
        },
    };
    let senders = senders(notice.headers, returned.as_ref());
    let failed = FAILED.is_match(before);
    let outcome = match (DELAYED.is_match(before), failed) {
        // “Will be retried” is said of delays alone.
        (true, _) => Some(Outcome::Delayed),
        (false, true) => Some(Outcome::Failed),
        (false, false) => notice.subject,
    };
    let of_failure = outcome.is_some() && outcome != notice.subject || failed || tells_of_refusal(before);
    let found = find(notice.headers, (before, after, words.len() - after.len()), returned.as_ref(), &senders);
    let mut recipients: Vec<Recipient> = Vec::new();
    for (n, (address, at)) in found.iter().enumerate() {
        // What is said of them ends at the next one, and before the returned message or at the end.
        let part = if at.is_none_or(|at| at < before.len()) {
            0..before.len()
        } else {
            words.len() - after.len()..words.len()
        };
        let next = found[n + 1..].iter().find_map(|(_, at)| *at).filter(|at| part.contains(at));
        let said = at.and_then(|at| words.get(at..next.unwrap_or(part.end))).unwrap_or_default();
        // Of one alone, all words are said; those from the address on first.
        let all = if found.len() == 1 { &words[part] } else { said };
        let said = if said.is_empty() { all } else { said };
        recipients.push(recipient(address, said, all, outcome));
    }
    Told { recipients, original: returned, of_failure }
}

fn recipient(address: &str, said: &str, all: &str, outcome: Option<Outcome>) -> Recipient {
    let status_in = |text| find_status(text).filter(|status| !status.starts_with('2'));
    let status = status_in(said).or_else(|| status_in(all)).unwrap_or_default();
    let permanent = status.starts_with('5') || find_reply(all).is_some_and(|code| code >= 500);
    let action = match outcome {
        Some(Outcome::Delayed) if !permanent => "delayed",
        None if !permanent => "",
        _ => "failed",
    };
    let class =
        known(action, status, said).or_else(|| known(action, status, all)).unwrap_or_else(|| of_subject(status));
    let behind = said.find(address).map_or(said, |at| &said[at + address.len()..]);
    let diagnostic =
        behind.trim_start_matches(['>', ':', '"', '\'', ' ', '\n']).split_whitespace().collect::<Vec<_>>().join(" ");
    Recipient {
        address: address.to_owned(),
        action: action.to_owned(),
        status: status.to_owned(),
        class,
        diagnostic: cut(&diagnostic, MAX_SAID_BYTES).to_owned(),
        ..Recipient::default()
    }
}

/// Who sent the message, and who is told: they are seldom the ones who did not get it.
fn senders(headers: &Headers, returned: Option<&Original>) -> Vec<String> {
    const OF_NOTICE: &[&str] = &["to", "from", "sender", "return-path", "delivered-to", "envelope-to", "reply-to"];
    let mut senders = headers.addresses(OF_NOTICE);
    if let Some(returned) = returned {
        senders.extend(returned.headers().addresses(&["from", "sender", "return-path", "reply-to", "errors-to"]));
    }
    senders
}

/// Addresses, each with the place in the words where its line begins.
type Found = Vec<(String, Option<usize>)>;

/// The recipients by the surest sign that there is: words before and behind the returned message, and where those behind begin.
fn find(
    headers: &Headers,
    (before, after, offset): (&str, &str, usize),
    returned: Option<&Original>,
    senders: &[String],
) -> Found {
    let is_sender = |address: &str| senders.iter().any(|sender| sender.eq_ignore_ascii_case(address));
    let named = headers.addresses(&["x-failed-recipients", "x-actual-recipient"]);
    let leading = at_line_begins(before);
    if !named.is_empty() {
        let place =
            |address: &String| leading.iter().find(|(a, _)| a.eq_ignore_ascii_case(address)).and_then(|(_, at)| *at);
        return named.iter().map(|address| (address.clone(), place(address))).collect();
    }
    let others =
        |found: &Found| -> Found { found.iter().filter(|(address, _)| !is_sender(address)).cloned().collect() };
    let of_original = |found: Vec<String>| -> Found {
        let mut found: Found = found.into_iter().filter(|a| !is_sender(a)).map(|a| (a, None)).collect();
        // Of several, nobody knows which.
        found.truncate(if found.len() > 1 { 0 } else { 1 });
        found
    };
    let behind = |found: Found| -> Found { found.into_iter().map(|(a, at)| (a, at.map(|at| at + offset))).collect() };
    let tries: [&dyn Fn() -> Found; 8] = [
        &|| others(&leading),
        &|| others(&in_sentences(before, true)),
        &|| behind(others(&at_line_begins(after))),
        &|| behind(others(&in_sentences(after, true))),
        &|| returned.map(|r| of_original(r.to.clone())).unwrap_or_default(),
        &|| returned.map(|r| of_original(received_for(r.headers()))).unwrap_or_default(),
        &|| others(&in_sentences(before, false)),
        // Somebody may have written to themselves.
        &|| leading.clone(),
    ];
    tries.iter().map(|find| find()).find(|found| !found.is_empty()).unwrap_or_default()
}

/// `Received: … for <kit@x.example>`.
fn received_for(headers: &Headers) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for value in headers.all("received") {
        if let Some(address) =
            value.split_once(" for ").and_then(|(_, rest)| leading_address(rest.trim_start_matches([' ', '<'])))
            && !found.iter().any(|f| f.eq_ignore_ascii_case(address.0))
        {
            found.push(address.0.to_owned());
        }
    }
    found
}

/// Addresses with which lines begin, but for signs before them.
fn at_line_begins(words: &str) -> Found {
    const SIGNS: &[char] = &[' ', '\t', '<', '>', '"', '\'', '*', '-', '•', '·', '[', '(', '|', '\u{a0}'];
    let mut found = Found::new();
    for (at, line) in lines(words) {
        let text = line.trim_start_matches(SIGNS);
        let Some((address, rest)) = leading_address(text) else { continue };
        if rest.contains("wrote") || NOT_ABOUT.is_match(line) && !rest.starts_with([':', '>', '"']) {
            continue;
        }
        add(&mut found, address, at);
    }
    found
}

/// Addresses in sentences; in those about failing alone, if so wanted.
fn in_sentences(words: &str, about_failing: bool) -> Found {
    let mut found = Found::new();
    for (at, line) in lines(words) {
        if NOT_ABOUT.is_match(line) || about_failing && !ABOUT_FAILING.is_match(line) {
            continue;
        }
        for address in addresses(line) {
            add(&mut found, address, at);
        }
    }
    found
}

fn lines(words: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    words.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end())
    })
}

fn add(found: &mut Found, address: &str, at: usize) {
    if found.len() < MAX_RECIPIENTS.min(100) && !found.iter().any(|(known, _)| known.eq_ignore_ascii_case(address)) {
        found.push((address.to_owned(), Some(at)));
    }
}

#[cfg(test)]
mod tests {
    use super::{Notice, read};
    use crate::headers::Headers;
    use crate::{Class, Recipient};

    fn told(words: &str) -> Vec<Recipient> {
        let mut headers = Headers::default();
        headers.push("To", "sender@own.example");
        headers.push("From", "MAILER-DAEMON@mx.example");
        read(Notice { headers: &headers, subject: None, words, returned: None }).recipients
    }

    fn short(found: &[Recipient]) -> Vec<(&str, &str, &str, Class)> {
        found.iter().map(|r| (r.address.as_str(), r.action.as_str(), r.status.as_str(), r.class)).collect()
    }

    #[test]
    fn each_recipient_has_their_own_reason() {
        let found = told(
            "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n<a@x.example>:\nRemote host said: 550 5.1.1 \
             unknown\n\n<b@x.example>:\nSorry (#4.4.1)\nThis message has been in the queue too long.\n\n--- Below is a copy.\n\n\
             Return-Path: <sender@own.example>\nTo: a@x.example, b@x.example\nSubject: c@x.example failed\n\nd@x.example\n",
        );
        assert_eq!(
            short(&found),
            [("a@x.example", "failed", "5.1.1", Class::Hard), ("b@x.example", "failed", "4.4.1", Class::Soft)]
        );
        assert!(found[0].diagnostic.starts_with("Remote host said: 550"), "{}", found[0].diagnostic);
    }

    #[test]
    fn a_sentence_will_do_and_the_sender_is_not_meant() {
        let found = told(
            "There was an error delivering your mail to <a@x.example>.\nmx did not like MAIL FROM <sender@own.example>\n",
        );
        assert_eq!(short(&found), [("a@x.example", "failed", "", Class::Unknown)]);
        let found = told("Delivery has been delayed:\n\n   a@x.example\n\nMessage will be retried for 2 more day(s)\n");
        assert_eq!(short(&found), [("a@x.example", "delayed", "", Class::Soft)]);
    }

    #[test]
    fn the_returned_message_tells_whom_it_was_for_unless_there_are_several() {
        let returned =
            |to: &str| format!("Undeliverable.\n\nFrom: sender@own.example\nTo: {to}\nSubject: x\n\nhello\n");
        assert_eq!(short(&told(&returned("a@x.example"))), [("a@x.example", "failed", "", Class::Unknown)]);
        assert!(told(&returned("a@x.example, b@x.example")).is_empty());
        assert!(told("For assistance, contact help@mx.example. It failed.\n").is_empty());
    }
}

//! The message that came back: what is left of its headers, wherever a mail system puts them.

use std::fmt;

use serde::Serialize;

use crate::headers::Headers;
use crate::mime::headers_of;

/// What is known of the message that a report is about. A delivery is found again by its `Message-ID`, or by a header of one's own.
#[derive(Clone, PartialEq, Eq, Serialize, Default)]
#[non_exhaustive]
pub struct Original {
    /// `Message-ID`, without brackets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Ids of `In-Reply-To` and `References`, without brackets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Addresses of `From`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    /// Addresses of `To`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(skip)]
    headers: Headers,
}

impl Original {
    /// The first value of any other field that came back, whatever the letters of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.first(&name.to_ascii_lowercase())
    }

    /// One of which only the id is known.
    pub(crate) fn by_id(id: &str) -> Self {
        let id = id.trim().trim_matches(['<', '>']);
        Self { message_id: Some(id.to_owned()).filter(|id| !id.is_empty()), ..Self::default() }
    }

    pub(crate) fn of(headers: &Headers) -> Option<Self> {
        let original = Self {
            message_id: headers.ids("message-id").into_iter().next(),
            references: both(headers),
            from: headers.addresses(&["from"]),
            to: headers.addresses(&["to", "apparently-to"]),
            subject: headers.first("subject").map(str::to_owned).filter(|s| !s.is_empty()),
            headers: headers.clone(),
        };
        (headers.iter().next().is_some()).then_some(original)
    }

    pub(crate) fn headers(&self) -> &Headers {
        &self.headers
    }
}

/// Without addresses and subject: they are personal.
impl fmt::Debug for Original {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Original").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// Ids of `In-Reply-To` and `References`, each once.
pub(crate) fn both(headers: &Headers) -> Vec<String> {
    let mut ids = headers.ids("in-reply-to");
    for id in headers.ids("references") {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// Fields that a message has. Two of the first six and three in all make a block of headers.
const USUAL: &[&str] = &[
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "return-path",
    "received",
    "reply-to",
    "sender",
    "cc",
    "delivered-to",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "authentication-results",
    "received-spf",
    "dkim-signature",
    "domainkey-signature",
    "user-agent",
    "precedence",
    "errors-to",
    "feedback-id",
    "importance",
];
/// How many of them, from the first on, tell a message from other lists of fields.
const TELLING: usize = 6;

/// Where the headers of a message begin among words, and where they end, in bytes.
pub(crate) fn among_words(text: &str) -> Option<(usize, usize)> {
    let mut run: Option<Run> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.trim().is_empty() {
            if let Some(run) = run.take().filter(Run::is_message) {
                return Some((run.start, start));
            }
            continue;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let name = line.split_once(':').map(|(name, _)| name.trim_end().to_ascii_lowercase());
        let place = name.as_deref().and_then(|name| USUAL.iter().position(|usual| *usual == name));
        match (&mut run, place) {
            (Some(run), Some(place)) => run.add(place),
            (None, Some(place)) => {
                let mut begun = Run { start, telling: 0, fields: 0 };
                begun.add(place);
                run = Some(begun);
            }
            // Any other field goes on with a block but begins none.
            (Some(_), None) if name.is_some_and(|n| !n.is_empty() && !n.contains(' ')) => {}
            (current, None) => {
                if let Some(run) = current.take().filter(Run::is_message) {
                    return Some((run.start, start));
                }
            }
        }
    }
    run.filter(Run::is_message).map(|run| (run.start, text.len()))
}

struct Run {
    start: usize,
    /// One bit for each of the telling fields.
    telling: u8,
    fields: usize,
}

impl Run {
    fn add(&mut self, place: usize) {
        self.fields += 1;
        if place < TELLING {
            self.telling |= 1 << place;
        }
    }

    fn is_message(&self) -> bool {
        self.fields >= 3 && self.telling.count_ones() >= 2
    }
}

/// The headers in such a place.
pub(crate) fn read(text: &str) -> Option<Original> {
    Original::of(&headers_of(text))
}

#[cfg(test)]
mod tests {
    use super::{among_words, read};

    #[test]
    fn headers_among_words_are_a_block_at_the_margin() {
        let text = "Your message\n  To: a@x.example\n  Subject: x\n  Date: y\nfailed.\n\nReceived: by x\n\tfor y\nX-Own: 7\nFrom: s@x.example\nTo: a@x.example\n\nHello\n";
        let (start, end) = among_words(text).expect("a block");
        assert!(text[start..].starts_with("Received"));
        let original = read(&text[start..end]).expect("headers");
        assert_eq!((original.to, original.from), (vec!["a@x.example".to_owned()], vec!["s@x.example".to_owned()]));
        assert_eq!(among_words("Dear all,\nFrom: now on\nTo: be sure\n\nDate: never\n"), None);
    }
}

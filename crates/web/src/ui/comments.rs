//! Feedback as lists show it: words with what was found in them, rating, sentiment, context.

use commonweal_app::Labels;
use commonweal_app::understand::bulk::shown;
use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::search::Words;
use commonweal_domain::{Dimension, FeedbackDoc, Rating, Sentiment};

use crate::l10n;
use crate::ui::format;
use chrono_tz::Tz;

/// Longest piece of a comment in a list, in characters.
const SHOWN: usize = 500;
/// Characters before the first word that was found when the beginning is cut off.
const LEAD: usize = 100;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What somebody wrote.
    Plain,
    /// What was searched for.
    Mark,
    /// What stands in place of something that could identify somebody.
    Redacted,
}

/// A piece of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) text: String,
    pub(crate) kind: Kind,
}

impl Segment {
    pub(crate) fn is_mark(&self) -> bool {
        self.kind == Kind::Mark
    }

    pub(crate) fn is_redacted(&self) -> bool {
        self.kind == Kind::Redacted
    }
}

/// A rating: dots out of five and in words.
#[derive(Clone, Debug)]
pub(crate) struct Score {
    pub(crate) step: u8,
    pub(crate) text: String,
}

impl Score {
    /// As it was given where the scale is one that people know, else in five steps.
    pub(crate) fn of(rating: &Rating) -> Self {
        let step = rating.step();
        let known = (rating.worst == 0.0 || rating.worst == 1.0) && rating.best > rating.worst + 1.0;
        let text = if known { format!("{} of {}", rating.value, rating.best) } else { format!("{step} of 5") };
        Self { step, text }
    }
}

/// A coloured word; the colour is never the only sign.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    pub(crate) class: &'static str,
    pub(crate) text: &'static str,
}

impl Tag {
    pub(crate) fn of(sentiment: Sentiment) -> Self {
        let class = match sentiment {
            Sentiment::VeryNegative | Sentiment::Negative => "cw-tag--negative",
            Sentiment::Neutral => "",
            Sentiment::Positive | Sentiment::VeryPositive => "cw-tag--positive",
        };
        Self { class, text: sentiment.label() }
    }
}

/// One feedback in a list.
pub(crate) struct CommentItem {
    pub(crate) id: String,
    pub(crate) href: String,
    /// Whether it stands open beside the list.
    pub(crate) current: bool,
    pub(crate) segments: Vec<Segment>,
    /// Language of the words when it is not that of the page.
    pub(crate) lang: String,
    pub(crate) rating: Option<Score>,
    pub(crate) sentiment: Option<Tag>,
    pub(crate) themes: Vec<String>,
    pub(crate) context: Vec<String>,
    pub(crate) at: String,
    pub(crate) at_machine: String,
}

impl CommentItem {
    /// `href` leads to the feedback in full.
    pub(crate) fn of(doc: &FeedbackDoc, words: &Words, labels: &Labels, zone: Tz, href: String) -> Self {
        let comment = shown(doc, words).and_then(|place| doc.comments.get(place));
        let segments = match comment {
            Some(comment) => excerpt(comment, words),
            None => vec![Segment { text: l10n::console().t("explorer-rating-only"), kind: Kind::Plain }],
        };
        let mut context = Vec::new();
        match (&doc.touchpoint, &doc.service) {
            (Some(t), _) => context.push(labels.value(&Dimension::Touchpoint, t)),
            (None, Some(s)) => context.push(labels.value(&Dimension::Service, s)),
            (None, None) => {}
        }
        if doc.channel != commonweal_domain::Channel::Other {
            context.push(doc.channel.label().to_owned());
        }
        if doc.comments.len() > 1 {
            let more = doc.comments.len() as u64 - 1;
            context.push(l10n::console().count("explorer-more-answers", more));
        }
        let id = doc.id;
        Self {
            id: id.to_string(),
            href,
            current: false,
            lang: comment.map(|c| foreign(c, doc)).unwrap_or_default(),
            segments,
            rating: doc.ratings.first().map(Score::of),
            sentiment: doc.sentiment().map(Tag::of),
            themes: labels.values(&Dimension::Theme, &Dimension::Theme.values(doc)),
            context,
            at: format::date_time(doc.at, zone),
            at_machine: format::machine(doc.at),
        }
    }
}

/// The language of the words for screen readers and browsers, when it is not English.
pub(crate) fn foreign(comment: &CommentDoc, doc: &FeedbackDoc) -> String {
    let language = comment.reading.language.as_deref().or(doc.language.as_deref()).unwrap_or_default();
    let code = (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase());
    if code && language != "en" && language != "eng" { language.to_owned() } else { String::new() }
}

/// The whole comment in pieces.
pub(crate) fn whole(comment: &CommentDoc, words: &Words) -> Vec<Segment> {
    segments(&comment.text, 0, comment.text.len(), &ranges(comment, words))
}

/// The whole comment with other words marked than those that were searched for: bytes of its text.
pub(crate) fn marked(comment: &CommentDoc, marks: &[(usize, usize)]) -> Vec<Segment> {
    let mut all = ranges(comment, &Words::default());
    for (start, end) in marks {
        if all.iter().all(|(from, to, _)| end <= from || start >= to) {
            all.push((*start, *end, Kind::Mark));
        }
    }
    all.sort_unstable_by_key(|(start, _, _)| *start);
    segments(&comment.text, 0, comment.text.len(), &all)
}

/// As much of a comment as a list shows, with what was found in sight.
fn excerpt(comment: &CommentDoc, words: &Words) -> Vec<Segment> {
    let text = &comment.text;
    let ranges = ranges(comment, words);
    let total = text.chars().count();
    if total <= SHOWN {
        return segments(text, 0, text.len(), &ranges);
    }
    let first = ranges.iter().find(|(_, _, kind)| *kind == Kind::Mark).map_or(0, |(start, _, _)| *start);
    let before = text[..first].chars().count();
    let skipped = if before < SHOWN - LEAD { 0 } else { before - LEAD };
    let start = if skipped == 0 { 0 } else { word_start(text, nth(text, skipped)) };
    let end = word_end(text, nth(text, skipped + SHOWN));
    let mut all = segments(text, start, end, &ranges);
    let dots = |text: &str| Segment { text: text.to_owned(), kind: Kind::Plain };
    if start > 0 {
        all.insert(0, dots("… "));
    }
    if end < text.len() {
        all.push(dots(" …"));
    }
    all
}

/// Byte at which the character with this number begins.
fn nth(text: &str, n: usize) -> usize {
    text.char_indices().nth(n).map_or(text.len(), |(at, _)| at)
}

/// The next beginning of a word, if one is near.
fn word_start(text: &str, at: usize) -> usize {
    text[at..].char_indices().take(40).find(|(_, c)| c.is_whitespace()).map_or(at, |(n, c)| at + n + c.len_utf8())
}

/// The last end of a word before this place, if one is near.
fn word_end(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    text[..at].char_indices().rev().take(40).find(|(_, c)| c.is_whitespace()).map_or(at, |(n, _)| n)
}

/// What was found and what was redacted, in order and not overlapping.
fn ranges(comment: &CommentDoc, words: &Words) -> Vec<(usize, usize, Kind)> {
    let mut all: Vec<(usize, usize, Kind)> = Vec::new();
    // The redacted text stands in brackets where something was taken out; the offsets kept with the
    // reading are those of the original.
    let mut from = 0;
    for span in &comment.reading.spans {
        let mark = format!("[{}]", span.kind);
        if let Some(place) = comment.text[from..].find(&mark) {
            all.push((from + place, from + place + mark.len(), Kind::Redacted));
            from += place + mark.len();
        }
    }
    let free = |s: usize, e: usize, all: &[(usize, usize, Kind)]| all.iter().all(|(a, b, _)| e <= *a || s >= *b);
    for (start, end) in words.highlights(&comment.text) {
        if free(start, end, &all) {
            all.push((start, end, Kind::Mark));
        }
    }
    all.sort_unstable_by_key(|(start, _, _)| *start);
    all
}

fn segments(text: &str, start: usize, end: usize, ranges: &[(usize, usize, Kind)]) -> Vec<Segment> {
    let mut all = Vec::new();
    let mut at = start;
    let mut push = |from: usize, to: usize, kind: Kind| {
        if from < to {
            all.push(Segment { text: text[from..to].to_owned(), kind });
        }
    };
    for &(from, to, kind) in ranges.iter().filter(|(s, e, _)| *s >= start && *e <= end) {
        push(at, from, Kind::Plain);
        push(from, to, kind);
        at = to;
    }
    push(at, end, Kind::Plain);
    all
}

#[cfg(test)]
mod tests {
    use commonweal_domain::reading::RedactedSpan;
    use commonweal_domain::{Filter, Reading, search};

    use super::*;

    fn comment(text: &str) -> CommentDoc {
        CommentDoc { question: None, text: text.to_owned(), reading: Reading::default() }
    }

    fn words(typed: &str) -> Words {
        let mut filter = Filter::default();
        search::parse(typed, &mut filter).expect("a search");
        filter.words
    }

    fn shown(segments: &[Segment]) -> String {
        let one = |s: &Segment| match s.kind {
            Kind::Plain => s.text.clone(),
            Kind::Mark => format!("<{}>", s.text),
            Kind::Redacted => format!("({})", s.text),
        };
        segments.iter().map(one).collect()
    }

    #[test]
    fn what_was_found_and_what_was_redacted_are_told_apart() {
        let mut c = comment("Upload it to [email], not [phone] or [email]");
        let span = |kind: &str| RedactedSpan { kind: kind.into(), start: 0, end: 1 };
        c.reading.spans = vec![span("email"), span("phone")];
        assert_eq!(shown(&whole(&c, &words("upload email"))), "<Upload> it to ([email]), not ([phone]) or [<email>]");
    }

    #[test]
    fn a_long_comment_is_cut_between_words_with_what_was_found_in_sight() {
        let c = comment(&format!("{} upload {}", "früher ".repeat(200), "später ".repeat(200)));
        let text = shown(&excerpt(&c, &words("upload")));
        assert!(text.starts_with("… früher") && text.ends_with("später …") && text.contains("<upload>"), "{text}");
        assert!(text.chars().count() < SHOWN + 20);
        assert!(shown(&excerpt(&c, &words("nothing"))).starts_with("früher"));
    }

    #[test]
    fn a_scale_that_people_know_is_shown_as_it_was_given() {
        let score = |value, worst, best| Score::of(&Rating { name: "overall".into(), value, worst, best });
        assert_eq!((score(7.0, 0.0, 10.0).text.as_str(), score(7.0, 0.0, 10.0).step), ("7 of 10", 4));
        assert_eq!((score(1.0, 5.0, 1.0).text.as_str(), score(1.0, 5.0, 1.0).step), ("5 of 5", 5));
        assert_eq!(score(1.0, 0.0, 1.0).text, "5 of 5");
    }
}

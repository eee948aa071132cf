//! A text on its way through the rules: its tokens, what has been found so far, and the few looks
//! around a token that the rules share. Each look is bounded.

use super::lexicon::{CUES, INSIDE, NEUTRAL, OPAQUE, REF};
use super::tokens::{Token, Tokens};

/// Something to be redacted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) kind: &'static str,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// How many words back a word may say what a number is.
const WINDOW: usize = 6;

/// Text, tokens and findings.
pub(super) struct Scan<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) tokens: Vec<Token>,
    pub(super) shouting: bool,
    /// In order.
    pub(super) found: Vec<Found>,
    /// Token at which each finding begins, so that a look back passes it in one step.
    firsts: Vec<usize>,
    /// End of the last finding; nothing may begin before it.
    pub(super) floor: usize,
    /// Start of the next email or web address; nothing may end after it.
    pub(super) ceiling: usize,
}

#[cfg(test)]
thread_local! {
    /// Looks at a token or a gap, for the tests that hold the rules to linear work.
    pub(super) static LOOKS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
fn count() {
    LOOKS.with(|n| n.set(n.get() + 1));
}

#[cfg(not(test))]
const fn count() {}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str, tokens: Tokens) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            tokens: tokens.list,
            shouting: tokens.shouting,
            found: Vec::new(),
            firsts: Vec::new(),
            floor: 0,
            ceiling: text.len(),
        }
    }

    /// Keeps a finding that begins at or a little before this token; the next token after it.
    pub(super) fn take(&mut self, at: usize, found: Found) -> usize {
        // An email found by its `@` begins before the token where the loop stands at most by what
        // the loop has passed already.
        let mut first = at.min(self.tokens.len());
        while first > 0 && self.tokens[first - 1].end > found.start {
            first -= 1;
        }
        let mut next = first;
        while let Some(token) = self.tokens.get_mut(next).filter(|t| t.start < found.end) {
            token.flags = if next == first { OPAQUE } else { INSIDE };
            next += 1;
        }
        if next > first {
            self.firsts.push(first);
        }
        self.floor = found.end;
        self.found.push(found);
        next.max(at)
    }

    /// Whether the last finding is of this kind.
    pub(super) fn last_is(&self, kind: &str) -> bool {
        self.found.last().is_some_and(|f| f.kind == kind)
    }

    pub(super) fn token(&self, at: usize) -> Option<&Token> {
        count();
        self.tokens.get(at)
    }

    pub(super) fn word(&self, at: usize) -> &'a str {
        count();
        self.tokens.get(at).map_or("", |t| &self.text[t.start..t.end])
    }

    /// Whether the word here is this one, in any case.
    pub(super) fn says(&self, at: usize, word: &str) -> bool {
        self.word(at).eq_ignore_ascii_case(word)
    }

    /// What stands between a token and the one before it.
    pub(super) fn gap(&self, at: usize) -> &'a str {
        count();
        let start = at.checked_sub(1).map_or(0, |before| self.tokens.get(before).map_or(self.text.len(), |t| t.end));
        let end = self.tokens.get(at).map_or(self.text.len(), |t| t.start);
        &self.text[start..end]
    }

    /// Whether one or two blanks, and nothing else, stand before a token.
    pub(super) fn spaced(&self, at: usize) -> bool {
        at > 0 && matches!(self.gap(at), " " | "  " | "   " | "\u{a0}")
    }

    /// Whether a sentence ends before a token.
    pub(super) fn breaks(&self, at: usize) -> bool {
        let gap = self.gap(at);
        if gap.len() > 24 {
            return true;
        }
        let abbreviated = at > 0 && self.tokens[at - 1].is(CUES | NEUTRAL);
        gap.contains(['!', '?', ';']) || gap.contains("\n\n") || (gap.starts_with(". ") && !abbreviated)
    }

    /// A word or number of one to three letters here, and a digit right after it.
    pub(super) fn digit_follows(&self, at: usize) -> bool {
        self.tokens
            .get(at + 1)
            .is_some_and(|next| next.start - self.tokens[at].end <= 3 && self.bytes[next.start].is_ascii_digit())
    }

    /// Tokens before this one, nearest first; what has been found counts as one.
    pub(super) fn back(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let mut spans = self.firsts.len();
        let mut next = at;
        std::iter::from_fn(move || {
            count();
            next = next.checked_sub(1)?;
            if self.tokens[next].is(INSIDE) || (spans > 0 && self.firsts[spans - 1] == next) {
                spans = spans.checked_sub(1)?;
                next = self.firsts[spans];
            }
            Some(next)
        })
    }

    /// The nearest word before this token that says what a number is (0 if none does), and all that
    /// do. The look ends with the sentence.
    pub(super) fn cues(&self, at: usize) -> (u64, u64) {
        let (mut nearest, mut all) = (0, 0);
        let mut after = at;
        for before in self.back(at).take(WINDOW) {
            if self.breaks(after) {
                break;
            }
            let flags = self.tokens[before].flags & CUES;
            all |= flags;
            if nearest == 0 {
                nearest = flags;
            }
            after = before;
        }
        (nearest, all)
    }

    /// Whether the words before this token say that it is a reference of some sort: `order number
    /// is …`, `case …`, `#…`.
    pub(super) fn referenced(&self, at: usize) -> bool {
        if self.gap(at).ends_with('#') {
            return true;
        }
        let mut after = at;
        for before in self.back(at).take(5) {
            if self.breaks(after) {
                return false;
            }
            if self.tokens[before].is(REF) {
                return true;
            }
            if !self.tokens[before].is(NEUTRAL) {
                return false;
            }
            after = before;
        }
        false
    }

    /// Whether a number is the tail of something longer, such as `12:` or `v1.` before it.
    pub(super) fn joined(&self, at: usize) -> bool {
        at > 0 && {
            let before = &self.tokens[at - 1];
            !before.is(OPAQUE | INSIDE)
                && self.bytes[before.end - 1].is_ascii_digit()
                && matches!(self.gap(at), "." | "-" | "/" | ":" | ",")
        }
    }

    /// Whether a sum of money stands here.
    pub(super) fn priced(&self, at: usize) -> bool {
        self.gap(at).ends_with(['£', '$', '€'])
    }
}

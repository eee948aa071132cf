//! Reads the rules and finds them in a text. A rule is a sequence of words with bounded gaps, in one
//! sentence, together with words that must or must not stand near.
//!
//! ```text
//! kind ^ a|b 2 c|d -e|f <g|h +i|j *k|l
//! ```
//!
//! `a|b` then `c|d` with at most two words between them; no `e` or `f` within four words after and
//! no `g` or `h` within four words before; `i` or `j` within fourteen words on either side; `k` or `l`
//! within six words before. `^`: a "not" before the words cancels nothing. `@x` is the class of words
//! named x, which a line `@x = …` defines. A line that begins with `#` is a remark.

use std::collections::HashMap;

use super::{Alert, AlertKind};
use crate::redact::lexicon::Hash;

/// How far around the words other words count.
const AFTER: usize = 4;
const BEFORE: usize = 4;
const NEAR: usize = 14;
const LEAD: usize = 6;
/// Words before a finding in which a "no" cancels it.
const DENIAL: usize = 2;
const DENIALS: &str = "no|not|never|without|isn|wasn|aren|isnt|wasnt|dim|sin|nunca";

/// Words of the rules, by number.
type Set = Vec<u16>;

struct Rule {
    kind: AlertKind,
    /// Words to skip at most before each step, and the step.
    steps: Vec<(usize, Set)>,
    not_after: Set,
    not_before: Set,
    near: Set,
    lead: Set,
    denial_counts: bool,
}

/// All rules, ready to be looked for.
pub(super) struct Rules {
    words: HashMap<u64, u16, ByHash>,
    rules: Vec<Rule>,
    /// Rules that begin with each word.
    first: Vec<Vec<u16>>,
    denials: Set,
}

type ByHash = std::hash::BuildHasherDefault<Same>;

/// The key is a hash already.
#[derive(Default)]
pub(super) struct Same(u64);

impl std::hash::Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |h, b| h.rotate_left(8) ^ u64::from(*b));
    }

    fn write_u64(&mut self, n: u64) {
        // The table takes its bucket and its tag from opposite ends.
        self.0 = n ^ n.rotate_left(32);
    }
}

struct Word {
    /// Number of the word, 0 if no rule has it.
    id: u16,
    /// A sentence ends before it.
    breaks: bool,
    start: usize,
    end: usize,
}

impl Rules {
    /// Reads rules. A line that is none is left out; a test holds the lists to that.
    pub(super) fn read(lists: &[&str]) -> Self {
        let mut all =
            Self { words: HashMap::default(), rules: Vec::new(), first: vec![Vec::new()], denials: Vec::new() };
        let mut classes: HashMap<&str, String> = HashMap::new();
        all.denials = all.set(DENIALS, &classes);
        for line in lists.iter().flat_map(|l| l.lines()).map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'))
        {
            if let Some((name, words)) = line.split_once(" = ") {
                classes.insert(name, words.split_whitespace().collect::<Vec<_>>().join("|"));
                continue;
            }
            if let Some(rule) = all.rule(line, &classes) {
                for &word in &rule.steps[0].1 {
                    all.first[usize::from(word)].push(all.rules.len() as u16);
                }
                all.rules.push(rule);
            }
        }
        all
    }

    fn rule(&mut self, line: &str, classes: &HashMap<&str, String>) -> Option<Rule> {
        let mut parts = line.split_whitespace();
        let key = parts.next()?;
        let kind = *AlertKind::ALL.iter().find(|k| k.key() == key)?;
        let mut rule = Rule {
            kind,
            steps: Vec::new(),
            not_after: Vec::new(),
            not_before: Vec::new(),
            near: Vec::new(),
            lead: Vec::new(),
            denial_counts: true,
        };
        let mut gap = 0;
        for part in parts {
            if part == "^" {
                rule.denial_counts = false;
            } else if let Ok(n) = part.parse() {
                gap = n;
            } else if let Some(words) = part.strip_prefix('-') {
                rule.not_after = self.set(words, classes);
            } else if let Some(words) = part.strip_prefix('<') {
                rule.not_before = self.set(words, classes);
            } else if let Some(words) = part.strip_prefix('+') {
                rule.near = self.set(words, classes);
            } else if let Some(words) = part.strip_prefix('*') {
                rule.lead = self.set(words, classes);
            } else {
                let step = self.set(part, classes);
                rule.steps.push((gap, step));
                gap = 0;
            }
        }
        (!rule.steps.is_empty()).then_some(rule)
    }

    fn set(&mut self, words: &str, classes: &HashMap<&str, String>) -> Set {
        let mut set = Set::new();
        for word in words.split('|') {
            if let Some(class) = word.strip_prefix('@').and_then(|_| classes.get(word)) {
                set.extend(self.set(&class.clone(), classes));
            } else {
                let next = self.first.len() as u16;
                let id = *self.words.entry(Hash::of(word).value()).or_insert(next);
                if id == next {
                    self.first.push(Vec::new());
                }
                set.push(id);
            }
        }
        set.sort_unstable();
        set.dedup();
        set
    }

    /// Number of rules.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.rules.len()
    }

    /// Every place where a rule holds.
    pub(super) fn find(&self, text: &str) -> Vec<Alert> {
        let words = self.words(text);
        let mut found = Vec::new();
        for (at, word) in words.iter().enumerate() {
            for &rule in &self.first[usize::from(word.id)] {
                let rule = &self.rules[usize::from(rule)];
                if let Some(last) = self.holds(rule, &words, at) {
                    found.push(Alert { kind: rule.kind, start: word.start, end: words[last].end });
                }
            }
        }
        found
    }

    /// The last word of the rule, if it holds from this word on.
    fn holds(&self, rule: &Rule, words: &[Word], at: usize) -> Option<usize> {
        let mut last = at;
        for (gap, step) in &rule.steps[1..] {
            last = (last + 1..words.len())
                .take(gap + 1)
                .take_while(|&i| !words[i].breaks)
                .find(|&i| has(step, words[i].id))?;
        }
        let before = |n: usize, set: &Set| {
            !set.is_empty()
                && (1..=n.min(at)).take_while(|k| !words[at + 1 - k].breaks).any(|k| has(set, words[at - k].id))
        };
        let after = |n: usize, set: &Set| {
            !set.is_empty()
                && (last + 1..words.len()).take(n).take_while(|&i| !words[i].breaks).any(|i| has(set, words[i].id))
        };
        // What is near may be in the next sentence.
        let near = |set: &Set| {
            let from = at.saturating_sub(NEAR);
            words[from..words.len().min(last + 1 + NEAR)].iter().any(|w| has(set, w.id))
        };
        let denied = rule.denial_counts && before(DENIAL, &self.denials);
        let cancelled = denied || after(AFTER, &rule.not_after) || before(BEFORE, &rule.not_before);
        let wanted = (rule.near.is_empty() || near(&rule.near)) && (rule.lead.is_empty() || before(LEAD, &rule.lead));
        (!cancelled && wanted).then_some(last)
    }

    fn words(&self, text: &str) -> Vec<Word> {
        let bytes = text.as_bytes();
        let mut words = Vec::with_capacity(text.len() / 5 + 4);
        let mut breaks = false;
        // The end of what has been read: only the iterator moves through the text.
        let mut read_to = 0;
        for (start, first) in text.char_indices() {
            if start < read_to {
                continue;
            }
            let mut hash = Hash::new();
            let mut end = start;
            for b in bytes[start..].iter().take_while(|b| b.is_ascii_alphanumeric()) {
                hash = hash.take(b.to_ascii_lowercase());
                end += 1;
            }
            if bytes.get(end).is_some_and(|b| *b >= 0x80) {
                let rest = text[end..].char_indices().find(|(_, c)| !c.is_alphanumeric());
                let further = rest.map_or(text.len(), |(i, _)| end + i);
                if further > end {
                    end = further;
                    // Longer ones are in no rule.
                    hash = if end - start <= 32 { Hash::of(&text[start..end]) } else { Hash::new() };
                }
            }
            if end == start {
                let next = bytes.get(start + 1);
                breaks |= matches!(first, '!' | '?' | ';')
                    || (first == '.' && next.is_none_or(|b| b.is_ascii_whitespace()))
                    || (first == '\n' && next == Some(&b'\n'));
                continue;
            }
            read_to = end;
            let id = self.words.get(&hash.value()).copied().unwrap_or(0);
            words.push(Word { id, breaks, start, end });
            breaks = false;
        }
        words
    }
}

fn has(set: &Set, id: u16) -> bool {
    id != 0 && set.binary_search(&id).is_ok()
}

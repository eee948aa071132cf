//! Owns the comments made ready: equal answers told once, simple answers set aside, the rest cut into
//! units (sentences or whole short comments) of numbered terms.

use commonweal_domain::{Budget, Cancelled};

use crate::vectors::FnvMap;

use super::DiscoverInput;
use super::segment::segments;
use super::simple::{self, Kind};
use super::words::{Role, Terms, Word};

/// A term, its role and whether punctuation parts it from the one before, in four bytes: there are
/// millions of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token(u32);

impl Token {
    fn new(word: &Word) -> Self {
        let role = match word.role {
            Role::Content => 0,
            Role::Light => 1,
            Role::Stop => 2,
        };
        Self(word.term << 3 | role << 1 | u32::from(word.parted))
    }

    pub(super) fn term(self) -> u32 {
        self.0 >> 3
    }

    pub(super) fn role(self) -> Role {
        match self.0 >> 1 & 3 {
            0 => Role::Content,
            1 => Role::Light,
            _ => Role::Stop,
        }
    }

    pub(super) fn parted(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Comments with the same words.
pub(super) struct Group {
    /// The first of them, by its place in the input.
    pub(super) first: usize,
    pub(super) count: u32,
    /// Set when the answer is simple; it has no units then.
    pub(super) kind: Option<Kind>,
    pub(super) units: std::ops::Range<usize>,
}

/// A part of a comment.
pub(super) struct Unit<'a> {
    pub(super) text: &'a str,
    pub(super) group: usize,
    /// Whether it is the whole of a comment that has parts too; it comes after them.
    pub(super) whole: bool,
    /// Whether clusters are made of it: a sentence of a story says less of its theme than the story does.
    pub(super) clustered: bool,
    tokens: std::ops::Range<usize>,
}

/// All comments, made ready.
pub(super) struct Corpus<'a> {
    pub(super) terms: Terms,
    pub(super) groups: Vec<Group>,
    /// Group of each comment.
    pub(super) group_of: Vec<usize>,
    pub(super) units: Vec<Unit<'a>>,
    tokens: Vec<Token>,
}

impl<'a> Corpus<'a> {
    pub(super) fn new(comments: &[DiscoverInput<'a>], budget: &Budget) -> Result<Self, Cancelled> {
        let mut made = Self {
            terms: Terms::default(),
            groups: Vec::new(),
            group_of: Vec::with_capacity(comments.len()),
            units: Vec::new(),
            tokens: Vec::new(),
        };
        let mut seen: FnvMap<String, usize> = FnvMap::default();
        for (at, comment) in comments.iter().enumerate() {
            budget.check()?;
            let key = simple::key(comment.text);
            if let Some(&group) = seen.get(&key) {
                made.groups[group].count += 1;
                made.group_of.push(group);
                continue;
            }
            let group = made.groups.len();
            let kind = simple::kind(&key);
            let from = made.units.len();
            if kind.is_none() {
                made.add_units(comment.text, group);
            }
            made.groups.push(Group { first: at, count: 1, kind, units: from..made.units.len() });
            made.group_of.push(group);
            seen.insert(key, group);
        }
        Ok(made)
    }

    fn add_units(&mut self, text: &'a str, group: usize) {
        let (begin, first) = (self.tokens.len(), self.units.len());
        let parts = segments(text);
        for part in &parts {
            let from = self.tokens.len();
            self.tokens.extend(self.terms.read(part).iter().map(Token::new));
            let tokens = from..self.tokens.len();
            self.units.push(Unit { text: part, group, whole: false, clustered: true, tokens });
        }
        if parts.len() > 1 {
            let tokens = begin..self.tokens.len();
            for part in &mut self.units[first..] {
                part.clustered = false;
            }
            self.units.push(Unit { text, group, whole: true, clustered: true, tokens });
        }
    }

    pub(super) fn tokens(&self, unit: usize) -> &[Token] {
        self.units.get(unit).and_then(|u| self.tokens.get(u.tokens.clone())).unwrap_or_default()
    }

    /// How much a unit counts: an answer sent many times counts for more, but less than in proportion, or a
    /// campaign of one letter would be all themes.
    pub(super) fn weight(&self, unit: usize) -> f32 {
        self.units.get(unit).map_or(0.0, |u| (self.groups[u.group].count as f32).sqrt())
    }
}

//! Fills the gaps of a template. Values come in here as text and as nothing else.

use std::collections::BTreeMap;
use std::mem::take;

use crate::block::{Block, Inline, plain, push_text};
use crate::gaps::Gap;
use crate::language::joined;
use crate::link::Address;
use crate::template::MAX_RENDERED_BYTES;
use crate::tree::{Element, Node};
use crate::values::{Value, Values};
use crate::{Fault, Problem};

/// How values get into a template.
pub(crate) struct Fill<'a> {
    gaps: &'a [Gap],
    values: &'a Values,
    /// What is read of each value, by its key.
    items: BTreeMap<&'a str, Vec<String>>,
    language: &'a str,
    /// Whether a list by itself becomes bullet points.
    has_bullets: bool,
    /// Bytes that may still come in.
    left: usize,
    is_over: bool,
    problems: Vec<Problem>,
}

impl<'a> Fill<'a> {
    pub(crate) fn new(gaps: &'a [Gap], values: &'a Values, language: &'a str, has_bullets: bool) -> Self {
        let mut items = BTreeMap::new();
        for gap in gaps {
            let read = || values.get(&gap.key).map(Value::items).unwrap_or_default();
            items.entry(gap.key.as_str()).or_insert_with(read);
        }
        let (left, is_over) = (MAX_RENDERED_BYTES, false);
        Self { gaps, values, items, language, has_bullets, left, is_over, problems: Vec::new() }
    }

    /// The blocks of a template, each with something to read in it.
    pub(crate) fn body(mut self, elements: &[Element]) -> Result<Vec<Block>, Vec<Fault>> {
        let blocks = self.elements(elements);
        self.done(blocks)
    }

    /// A text of one line in which nothing but gaps means anything.
    pub(crate) fn line(mut self, nodes: &[Node]) -> Result<String, Vec<Fault>> {
        let line = plain(&self.nodes(nodes, true), " ");
        self.done(line.trim().to_owned())
    }

    fn done<T>(self, value: T) -> Result<T, Vec<Fault>> {
        if self.problems.is_empty() {
            return Ok(value);
        }
        Err(self.problems.into_iter().map(Fault::from).collect())
    }

    fn problem(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn elements(&mut self, elements: &[Element]) -> Vec<Block> {
        let mut blocks = Vec::new();
        for element in elements {
            match element {
                Element::Paragraph(nodes) => self.paragraph(nodes, &mut blocks),
                Element::Heading { level, nodes, .. } => {
                    let content = tidy(self.nodes(nodes, true));
                    if !content.is_empty() {
                        blocks.push(Block::Heading { level: *level, content });
                    }
                }
                Element::List { start, items } => {
                    let items = items.iter().map(|item| self.elements(item));
                    let items: Vec<_> = items.filter(|blocks| !blocks.is_empty()).collect();
                    if !items.is_empty() {
                        blocks.push(Block::List { start: *start, items });
                    }
                }
                Element::Table { head, rows } => {
                    let head = self.cells(head);
                    let rows = rows.iter().map(|row| self.cells(row));
                    let rows = rows.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
                    blocks.push(Block::Table { head, rows });
                }
                Element::Quote(elements) => {
                    let inner = self.elements(elements);
                    if !inner.is_empty() {
                        blocks.push(Block::Quote(inner));
                    }
                }
                Element::Rule => blocks.push(Block::Rule),
                Element::Optional { gap, elements } => {
                    if self.is_shown(*gap) {
                        blocks.extend(self.elements(elements));
                    }
                }
            }
        }
        blocks
    }

    fn cells(&mut self, cells: &[Vec<Node>]) -> Vec<Vec<Inline>> {
        cells.iter().map(|cell| tidy(self.nodes(cell, true))).collect()
    }

    /// A paragraph, or several with the lists between them.
    fn paragraph(&mut self, nodes: &[Node], blocks: &mut Vec<Block>) {
        let push = |line: &mut Vec<Inline>, blocks: &mut Vec<Block>| {
            let content = tidy(take(line));
            if !content.is_empty() {
                blocks.push(Block::Paragraph(content));
            }
        };
        let mut line = Vec::new();
        for (i, node) in nodes.iter().enumerate() {
            let before = i.checked_sub(1).and_then(|before| nodes.get(before));
            match self.bullets(node, before, nodes.get(i + 1)) {
                Some(items) => {
                    push(&mut line, blocks);
                    let item = |text: String| {
                        let mut line = Vec::new();
                        push_lines(&text, false, &mut line);
                        vec![Block::Paragraph(line)]
                    };
                    let items: Vec<_> = items.into_iter().map(item).collect();
                    if !items.is_empty() {
                        blocks.push(Block::List { start: None, items });
                    }
                }
                None => self.node(node, false, &mut line),
            }
        }
        push(&mut line, blocks);
    }

    /// The items of a list that stands on a line of its own, or that a colon announces.
    fn bullets(&mut self, node: &Node, before: Option<&Node>, after: Option<&Node>) -> Option<Vec<String>> {
        let Node::Gap(gap) = node else { return None };
        let begins = match before {
            None | Some(Node::Break) => true,
            Some(Node::Text { text, .. }) => text.trim_end().ends_with(':'),
            Some(_) => false,
        };
        let ends = matches!(after, None | Some(Node::Break));
        if !(self.has_bullets && begins && ends) {
            return None;
        }
        match self.value(*gap) {
            Some(Value::List(_)) => Some(self.items(*gap)),
            _ => None,
        }
    }

    fn nodes(&mut self, nodes: &[Node], is_line: bool) -> Vec<Inline> {
        let mut line = Vec::new();
        for node in nodes {
            self.node(node, is_line, &mut line);
        }
        line
    }

    fn node(&mut self, node: &Node, is_line: bool, line: &mut Vec<Inline>) {
        match node {
            Node::Text { text, .. } => push_text(line, text),
            Node::Gap(gap) => {
                let text = self.text(*gap);
                push_lines(&text, is_line, line);
            }
            Node::Optional { gap, nodes } => {
                if self.is_shown(*gap) {
                    for node in nodes {
                        self.node(node, is_line, line);
                    }
                }
            }
            Node::Strong(nodes) => {
                let content = self.nodes(nodes, is_line);
                if has_content(&content) {
                    line.push(Inline::Strong(content));
                }
            }
            Node::Emphasis(nodes) => {
                let content = self.nodes(nodes, is_line);
                if has_content(&content) {
                    line.push(Inline::Emphasis(content));
                }
            }
            Node::Link { to, nodes } => {
                let to = self.address(to);
                let mut content = tidy(self.nodes(nodes, true));
                if content.is_empty() {
                    content.push(Inline::Text(to.clone()));
                }
                line.push(Inline::Link { to, content });
            }
            Node::Image { source, alternative } => {
                let alternative = plain(&self.nodes(alternative, true), " ").trim().to_owned();
                line.push(Inline::Image { source: source.clone(), alternative });
            }
            Node::Break if is_line => push_text(line, " "),
            Node::Break => line.push(Inline::LineBreak),
        }
    }

    fn address(&mut self, to: &Address) -> String {
        to.filled(|gap| {
            let text = self.items(gap).join(",");
            // What goes up in a path. Other values are percent-encoded and mean nothing there.
            if !text.is_empty() && text.bytes().all(|b| b == b'.') {
                let name = self.name(gap);
                self.problem(Problem::ValueInLink(name));
            }
            text
        })
    }

    /// The text of a gap.
    fn text(&mut self, gap: usize) -> String {
        joined(&self.items(gap), self.language)
    }

    /// What is read of a value; nothing once it is enough.
    fn items(&mut self, gap: usize) -> Vec<String> {
        if self.is_over || self.value(gap).is_none() {
            return Vec::new();
        }
        let key = self.gaps.get(gap).map(|gap| gap.key.as_str()).unwrap_or_default();
        let Some(items) = self.items.get(key) else { return Vec::new() };
        match self.left.checked_sub(items.iter().map(|item| item.len() + 1).sum()) {
            Some(left) => {
                self.left = left;
                items.clone()
            }
            None => {
                self.is_over = true;
                self.problem(Problem::RenderedTooLarge);
                Vec::new()
            }
        }
    }

    fn is_shown(&mut self, gap: usize) -> bool {
        self.value(gap).is_some_and(Value::is_yes)
    }

    /// The value of a gap; that there is none is remembered.
    fn value(&mut self, gap: usize) -> Option<&'a Value> {
        let gap = self.gaps.get(gap)?;
        let value = self.values.get(&gap.key);
        if value.is_none() {
            self.problem(Problem::ValueMissing(gap.name.clone()));
        }
        value
    }

    fn name(&self, gap: usize) -> String {
        self.gaps.get(gap).map(|gap| gap.name.clone()).unwrap_or_default()
    }
}

/// Adds a text that may have several lines.
fn push_lines(text: &str, is_line: bool, line: &mut Vec<Inline>) {
    for (i, part) in text.split('\n').enumerate() {
        match (i, is_line) {
            (0, _) => {}
            (_, true) => push_text(line, " "),
            (_, false) => line.push(Inline::LineBreak),
        }
        push_text(line, part);
    }
}

fn has_content(line: &[Inline]) -> bool {
    line.iter().any(|one| match one {
        Inline::Text(text) => !text.trim().is_empty(),
        Inline::Strong(content) | Inline::Emphasis(content) => has_content(content),
        Inline::Link { .. } | Inline::Image { .. } => true,
        Inline::LineBreak => false,
    })
}

/// Without lines on which nothing stands, and without spaces at the ends of lines.
fn tidy(line: Vec<Inline>) -> Vec<Inline> {
    let mut tidied = Vec::with_capacity(line.len());
    let mut lines = line.split(|one| *one == Inline::LineBreak).filter(|line| has_content(line));
    if let Some(first) = lines.next() {
        push_trimmed(first, &mut tidied);
    }
    for line in lines {
        tidied.push(Inline::LineBreak);
        push_trimmed(line, &mut tidied);
    }
    tidied
}

fn push_trimmed(line: &[Inline], tidied: &mut Vec<Inline>) {
    let is_blank = |one: &Inline| matches!(one, Inline::Text(text) if text.trim().is_empty());
    let first = line.iter().position(|one| !is_blank(one)).unwrap_or(line.len());
    let end = line.iter().rposition(|one| !is_blank(one)).map_or(first, |last| last + 1);
    for (i, one) in line.iter().enumerate().take(end).skip(first) {
        match one {
            Inline::Text(text) => {
                let text = if i == first { text.trim_start() } else { text };
                let text = if i + 1 == end { text.trim_end() } else { text };
                tidied.push(Inline::Text(text.to_owned()));
            }
            other => tidied.push(other.clone()),
        }
    }
}

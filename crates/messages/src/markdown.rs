//! Reads Markdown into the tree of a template. Only here is anything parsed.

use std::collections::BTreeMap;

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag};

use crate::Problem;
use crate::gaps::{Gap, Scanned, marked, scan};
use crate::link;
use crate::problem::Findings;
use crate::template::MAX_DEPTH;
use crate::tree::{Element, Node, has_link, has_words, words};
use crate::values::is_unseen;

/// What begins an address in text.
const BARE: &[&str] = &["https://", "http://"];

/// Reads a text whose gaps were found; `base` is where it begins in the source.
pub(crate) fn read(scanned: &Scanned, base: usize, findings: &mut Findings) -> Vec<Element> {
    let mut reader = Reader { scanned, base, findings, stack: vec![Open::new(Kind::Root, 0)], blocks: BTreeMap::new() };
    for (event, range) in Parser::new_ext(&scanned.text, Options::ENABLE_TABLES).into_offset_iter() {
        if !reader.event(event, range.start) {
            break;
        }
    }
    reader.finish()
}

/// What stands around.
#[derive(Debug)]
enum Kind {
    Root,
    Paragraph,
    Heading(u8),
    Quote,
    List(Option<u64>),
    Item,
    Table,
    Head,
    Row,
    Cell,
    Code,
    Strong,
    Emphasis,
    Link(String, LinkType),
    Image(String),
    /// What is left out, with a fault.
    Refused,
}

/// Something that has begun, with what was found in it so far.
#[derive(Debug)]
struct Open {
    kind: Kind,
    at: usize,
    elements: Vec<Element>,
    nodes: Vec<Node>,
    items: Vec<Vec<Element>>,
    cells: Vec<Vec<Node>>,
    head: Vec<Vec<Node>>,
    rows: Vec<Vec<Vec<Node>>>,
}

impl Open {
    fn new(kind: Kind, at: usize) -> Self {
        Self {
            kind,
            at,
            elements: Vec::new(),
            nodes: Vec::new(),
            items: Vec::new(),
            cells: Vec::new(),
            head: Vec::new(),
            rows: Vec::new(),
        }
    }
}

struct Reader<'a> {
    scanned: &'a Scanned,
    base: usize,
    findings: &'a mut Findings,
    stack: Vec<Open>,
    /// Optional text that is more than a line, by its gap, until its place is found to be good.
    blocks: BTreeMap<usize, Vec<Element>>,
}

impl Reader<'_> {
    /// Takes what comes next; false when it makes no sense to go on.
    fn event(&mut self, event: Event<'_>, start: usize) -> bool {
        let at = self.base + self.scanned.origin(start);
        match event {
            Event::Start(tag) => {
                if self.stack.len() > MAX_DEPTH {
                    self.findings.fault(at, Problem::TooDeep);
                    return false;
                }
                let kind = self.kind(tag, start, at);
                if matches!(
                    kind,
                    Kind::Paragraph | Kind::Heading(_) | Kind::Quote | Kind::List(_) | Kind::Table | Kind::Code
                ) {
                    self.flush();
                }
                self.stack.push(Open::new(kind, at));
            }
            Event::End(_) => self.close(),
            Event::Text(text) | Event::Code(text) => self.text(&text, at),
            Event::SoftBreak | Event::HardBreak => self.push(Node::Break),
            Event::Rule => {
                self.flush();
                self.push_element(Element::Rule);
            }
            Event::Html(_) | Event::InlineHtml(_) => self.findings.fault(at, Problem::RawHtml),
            // Not asked for.
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
        true
    }

    fn kind(&mut self, tag: Tag<'_>, start: usize, at: usize) -> Kind {
        match tag {
            Tag::Paragraph => Kind::Paragraph,
            Tag::Heading { level, .. } => {
                let level = number(level);
                if level > 3 {
                    self.findings.fault(at, Problem::HeadingTooDeep);
                }
                let source = self.scanned.text.get(start..).unwrap_or_default();
                if !source.trim_start().starts_with('#') {
                    self.findings.advise(at, Problem::HeadingUnderlined);
                }
                Kind::Heading(level)
            }
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::List(start) => Kind::List(start),
            Tag::Item => Kind::Item,
            Tag::Table(_) => Kind::Table,
            Tag::TableHead => Kind::Head,
            Tag::TableRow => Kind::Row,
            Tag::TableCell => Kind::Cell,
            Tag::CodeBlock(_) => Kind::Code,
            Tag::Strong => Kind::Strong,
            Tag::Emphasis => Kind::Emphasis,
            Tag::Link { dest_url, link_type, .. } => Kind::Link(dest_url.into_string(), link_type),
            Tag::Image { dest_url, .. } => Kind::Image(dest_url.into_string()),
            Tag::HtmlBlock => Kind::Refused,
            // Not asked for.
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => Kind::Refused,
        }
    }

    fn push(&mut self, node: Node) {
        if let Some(open) = self.stack.last_mut() {
            open.nodes.push(node);
        }
    }

    fn push_element(&mut self, element: Element) {
        if let Some(open) = self.stack.last_mut() {
            open.elements.push(element);
        }
    }

    /// Text comes in pieces, one for each character that might have meant something.
    fn text(&mut self, text: &CowStr<'_>, at: usize) {
        let Some(open) = self.stack.last_mut() else { return };
        // What was written as its number.
        let text: String = text.chars().filter(|c| !is_unseen(*c)).collect();
        if matches!(open.kind, Kind::Code) {
            // Lines that were indented or fenced: there is no code in messages, only text whose lines stay.
            for (i, line) in text.split('\n').enumerate() {
                if i > 0 {
                    open.nodes.push(Node::Break);
                }
                open.nodes.push(Node::Text { text: line.to_owned(), at });
            }
            return;
        }
        match open.nodes.last_mut() {
            Some(Node::Text { text: before, .. }) => before.push_str(&text),
            _ => open.nodes.push(Node::Text { text, at }),
        }
    }

    fn is_in_link(&self) -> bool {
        self.stack.iter().any(|open| matches!(open.kind, Kind::Link(..)))
    }

    /// What was found right in a list item, or in what else holds blocks, is a paragraph.
    fn flush(&mut self) {
        let Some(open) = self.stack.last_mut() else { return };
        let nodes = std::mem::take(&mut open.nodes);
        if let Some(element) = self.paragraph(nodes, false) {
            self.push_element(element);
        }
    }

    fn paragraph(&mut self, nodes: Vec<Node>, is_link: bool) -> Option<Element> {
        let nodes = self.expand(nodes, is_link);
        if let [Node::Gap(gap)] = nodes.as_slice()
            && let Some(elements) = self.blocks.remove(gap)
        {
            return Some(Element::Optional { gap: *gap, elements });
        }
        has_words(&nodes).then_some(Element::Paragraph(nodes))
    }

    fn close(&mut self) {
        // The root is never closed here: starts and ends are balanced.
        let Some(mut open) = self.stack.pop() else { return };
        let nodes = std::mem::take(&mut open.nodes);
        match open.kind {
            Kind::Root => self.stack.push(Open { nodes, ..open }),
            Kind::Paragraph | Kind::Code => {
                if let Some(element) = self.paragraph(nodes, false) {
                    self.push_element(element);
                }
            }
            Kind::Heading(level) => {
                let nodes = self.expand(nodes, false);
                if has_words(&nodes) {
                    self.push_element(Element::Heading { level, nodes, at: open.at });
                }
            }
            Kind::Quote | Kind::Item => {
                self.stack.push(Open { nodes, ..open });
                self.flush();
                let Some(open) = self.stack.pop() else { return };
                match open.kind {
                    Kind::Quote => self.push_element(Element::Quote(open.elements)),
                    _ => {
                        if let Some(list) = self.stack.last_mut() {
                            list.items.push(open.elements);
                        }
                    }
                }
            }
            Kind::List(start) => self.push_element(Element::List { start, items: open.items }),
            Kind::Cell => {
                let nodes = self.expand(nodes, false);
                if let Some(row) = self.stack.last_mut() {
                    row.cells.push(nodes);
                }
            }
            Kind::Head => {
                if let Some(table) = self.stack.last_mut() {
                    table.head = open.cells;
                }
            }
            Kind::Row => {
                if let Some(table) = self.stack.last_mut() {
                    table.rows.push(open.cells);
                }
            }
            Kind::Table => self.push_element(Element::Table { head: open.head, rows: open.rows }),
            Kind::Strong => {
                let nodes = self.expand(nodes, false);
                self.push(Node::Strong(nodes));
            }
            Kind::Emphasis => {
                let nodes = self.expand(nodes, false);
                self.push(Node::Emphasis(nodes));
            }
            Kind::Link(to, link_type) => self.link(&to, link_type, nodes, open.at),
            Kind::Image(source) => {
                let alternative = self.expand(nodes, true);
                if !has_words(&alternative) {
                    self.findings.fault(open.at, Problem::ImageNoAlternative);
                }
                match link::image(&source) {
                    Ok(source) => self.push(Node::Image { source, alternative }),
                    Err(problem) => self.findings.fault(open.at, problem),
                }
            }
            Kind::Refused => {}
        }
    }

    fn link(&mut self, to: &str, link_type: LinkType, nodes: Vec<Node>, at: usize) {
        let to = if link_type == LinkType::Email { format!("mailto:{to}") } else { to.to_owned() };
        let nodes = self.expand(nodes, true);
        let to = match link::link(&to, &self.scanned.gaps) {
            Ok(to) => to,
            Err(problem) => return self.findings.fault(at, problem),
        };
        if !has_words(&nodes) {
            return self.findings.fault(at, Problem::LinkEmpty);
        }
        // From optional text, which is read by itself.
        if has_link(&nodes) {
            return self.findings.fault(at, Problem::LinkInLink);
        }
        crate::check::link_text(&words(&nodes), &to, link_type == LinkType::Email, at, self.findings);
        self.push(Node::Link { to, nodes });
    }

    /// Makes links of bare addresses, and gaps of their marks.
    fn expand(&mut self, nodes: Vec<Node>, is_link: bool) -> Vec<Node> {
        let is_link = is_link || self.is_in_link();
        let mut expanded = Vec::with_capacity(nodes.len());
        for node in nodes {
            let Node::Text { text, at } = node else {
                expanded.push(node);
                continue;
            };
            let mut done = 0;
            while let Some((start, end)) = bare_address(&text, done).filter(|_| !is_link) {
                self.marks(&text, done, start, at, &mut expanded);
                let address = text.get(start..end).unwrap_or_default();
                let mut nodes = Vec::new();
                self.marks(&text, start, end, at, &mut nodes);
                match link::link(address, &self.scanned.gaps) {
                    Ok(to) => {
                        self.findings.advise(at + start, Problem::LinkBare);
                        expanded.push(Node::Link { to, nodes });
                    }
                    Err(problem) => self.findings.fault(at + start, problem),
                }
                done = end;
            }
            self.marks(&text, done, text.len(), at, &mut expanded);
        }
        expanded
    }

    /// A stretch of text with gaps in place of their marks.
    fn marks(&mut self, text: &str, start: usize, end: usize, at: usize, nodes: &mut Vec<Node>) {
        let text = text.get(start..end).unwrap_or_default();
        let mut done = 0;
        for (i, c) in text.char_indices() {
            let Some(gap) = marked(c) else { continue };
            push_text(text.get(done..i), at + start + done, nodes);
            done = i + c.len_utf8();
            let scanned = self.scanned;
            match scanned.gaps.get(gap) {
                Some(Gap { optional: None, .. }) => nodes.push(Node::Gap(gap)),
                Some(Gap { optional: Some((source, from)), .. }) => nodes.push(self.optional(gap, source, *from)),
                None => push_text(Some("\u{fffd}"), at, nodes),
            }
        }
        push_text(text.get(done..), at + start + done, nodes);
    }

    /// Optional text is read by itself, so that what it begins also ends in it.
    fn optional(&mut self, gap: usize, source: &str, from: usize) -> Node {
        let trimmed = source.trim_start();
        let (before, from) = (source.len() - trimmed.len(), self.base + from + (source.len() - trimmed.len()));
        let scanned = scan(trimmed.trim_end(), true, &mut Findings::default());
        let mut elements = read(&scanned, from, self.findings);
        let space = |spaces: &str| spaces.chars().any(char::is_whitespace).then(|| " ".to_owned());
        let lead = space(source.get(..before).unwrap_or_default());
        let trail = space(trimmed.get(trimmed.trim_end().len()..).unwrap_or_default());
        match elements.as_slice() {
            [] => Node::Optional { gap, nodes: Vec::new() },
            [Element::Paragraph(_)] => {
                let mut nodes = Vec::new();
                nodes.extend(lead.map(|text| Node::Text { text, at: from }));
                if let Some(Element::Paragraph(inner)) = elements.pop() {
                    nodes.extend(inner);
                }
                nodes.extend(trail.map(|text| Node::Text { text, at: from }));
                Node::Optional { gap, nodes }
            }
            _ => {
                self.blocks.insert(gap, elements);
                Node::Gap(gap)
            }
        }
    }

    fn finish(mut self) -> Vec<Element> {
        while self.stack.len() > 1 {
            self.close();
        }
        self.flush();
        for gap in self.blocks.keys() {
            let at = self.scanned.gaps.get(*gap).map_or(0, |gap| gap.at);
            self.findings.fault(self.base + at, Problem::OptionalNotAlone);
        }
        self.stack.pop().map(|open| open.elements).unwrap_or_default()
    }
}

fn push_text(text: Option<&str>, at: usize, nodes: &mut Vec<Node>) {
    match (text, nodes.last_mut()) {
        (None | Some(""), _) => {}
        (Some(text), Some(Node::Text { text: before, .. })) => before.push_str(text),
        (Some(text), _) => nodes.push(Node::Text { text: text.to_owned(), at }),
    }
}

const fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The next address in a text from an offset on: where it begins and ends.
fn bare_address(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let (start, _) = rest.match_indices("http").find(|(at, _)| {
        let begins = rest.get(*at..).is_some_and(|rest| BARE.iter().any(|scheme| rest.starts_with(scheme)));
        begins && !rest.get(..*at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_alphanumeric()))
    })?;
    let address = rest.get(start..)?;
    let end =
        address.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '|' | '`')).unwrap_or(address.len());
    let mut address = address.get(..end)?;
    let mut unpaired = address.matches(')').count().saturating_sub(address.matches('(').count());
    // What ends the sentence is not part of the address, nor is a bracket that was opened before it.
    while let Some(last) = address.chars().next_back() {
        match last {
            ')' if unpaired > 0 => unpaired -= 1,
            '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '’' | '”' | ']' => {}
            _ => break,
        }
        address = address.get(..address.len() - last.len_utf8())?;
    }
    Some((from + start, from + start + address.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_address_ends_before_the_sentence_does() {
        for (text, wanted) in [
            ("see https://example.org/a.", "https://example.org/a"),
            ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
            ("http://example.org, then", "http://example.org"),
            ("xhttps://a.b https://c.d", "https://c.d"),
        ] {
            let (start, end) = bare_address(text, 0).expect(text);
            assert_eq!(&text[start..end], wanted);
        }
        assert_eq!(bare_address("no address", 0), None);
    }
}

//! Writes a message as plain text.

use crate::block::{Block, Inline, plain};
use crate::look::Look;

/// Where lines are broken. An address is never broken, however long.
pub const WIDTH: usize = 76;

/// A whole message.
pub(crate) fn write(blocks: &[Block], look: &Look) -> String {
    let mut lines = body(blocks);
    let footer = &look.footer;
    lines.push(String::new());
    lines.push("-".repeat(WIDTH));
    lines.push(String::new());
    let mut paragraph = |text: &str| {
        if !text.trim().is_empty() {
            wrap(text.trim(), "", "", &mut lines);
        }
    };
    paragraph(&look.name);
    paragraph(&footer.why);
    for line in &footer.lines {
        paragraph(line);
    }
    for link in footer.unsubscribe.iter().chain(&footer.links) {
        paragraph(&with_address(link.text.trim(), &link.to));
    }
    for line in &footer.postal_address {
        paragraph(line);
    }
    finish(lines)
}

/// The lines of blocks, with an empty one between two blocks.
pub(crate) fn body(blocks: &[Block]) -> Vec<String> {
    let mut lines = Vec::new();
    write_blocks(blocks, WIDTH, &mut lines);
    lines
}

/// Without spaces at ends of lines; one line break at the end.
fn finish(lines: Vec<String>) -> String {
    let mut text = lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
}

fn write_blocks(blocks: &[Block], width: usize, lines: &mut Vec<String>) {
    for (i, block) in blocks.iter().enumerate() {
        if i > 0 {
            lines.push(String::new());
            // A heading begins something.
            if matches!(block, Block::Heading { .. }) {
                lines.push(String::new());
            }
        }
        write_block(block, width, lines);
    }
}

fn write_block(block: &Block, width: usize, lines: &mut Vec<String>) {
    match block {
        Block::Paragraph(content) => wrap_to(&line(content), "", "", width, lines),
        Block::Heading { level, content } => {
            let from = lines.len();
            wrap_to(&line(content), "", "", width, lines);
            let longest = lines.iter().skip(from).map(|line| line.chars().count()).max().unwrap_or(0);
            let under = match level {
                1 => "=",
                2 => "-",
                _ => "~",
            };
            lines.push(under.repeat(longest.min(width)));
        }
        Block::List { start, items } => list(*start, items, width, lines),
        Block::Table { head, rows } => table(head, rows, width, lines),
        Block::Quote(blocks) => indented(blocks, "    ", "    ", width, lines),
        Block::Rule => lines.push("-".repeat(width.min(40))),
    }
}

fn list(start: Option<u64>, items: &[Vec<Block>], width: usize, lines: &mut Vec<String>) {
    // Items of several paragraphs stand apart.
    let is_loose =
        items.iter().any(|item| item.iter().filter(|block| matches!(block, Block::Paragraph(_))).count() > 1);
    for (number, item) in (start.unwrap_or(1)..).zip(items) {
        let mark = if start.is_some() { format!("{number}. ") } else { "* ".to_owned() };
        let rest = " ".repeat(mark.chars().count());
        if is_loose && number != start.unwrap_or(1) {
            lines.push(String::new());
        }
        let mut blocks = item.as_slice();
        if let [Block::Paragraph(content), more @ ..] = blocks {
            wrap_to(&line(content), &mark, &rest, width, lines);
            blocks = more;
        } else {
            lines.push(mark.clone());
        }
        if let [Block::Paragraph(_), ..] = blocks {
            lines.push(String::new());
        }
        indented(blocks, &rest, &rest, width, lines);
    }
}

fn indented(blocks: &[Block], first: &str, rest: &str, width: usize, lines: &mut Vec<String>) {
    let mut inner = Vec::new();
    write_blocks(blocks, width.saturating_sub(rest.len()).max(20), &mut inner);
    for (i, line) in inner.into_iter().enumerate() {
        let mark = if i == 0 { first } else { rest };
        lines.push(if line.is_empty() { line } else { format!("{mark}{line}") });
    }
}

/// One line for each cell, with what stands above it in front: read in this order by who listens, too.
fn table(head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], width: usize, lines: &mut Vec<String>) {
    for (i, row) in rows.iter().enumerate() {
        if i > 0 {
            lines.push(String::new());
        }
        for (n, cell) in row.iter().enumerate() {
            let name = head.get(n).map(|name| line(name)).unwrap_or_default();
            let cell = line(cell);
            match (name.is_empty(), cell.is_empty()) {
                (_, true) => {}
                (true, false) => wrap_to(&cell, "", "  ", width, lines),
                (false, false) => wrap_to(&format!("{name}: {cell}"), "", "  ", width, lines),
            }
        }
    }
    if rows.is_empty() {
        let names: Vec<String> = head.iter().map(|name| line(name)).filter(|name| !name.is_empty()).collect();
        wrap_to(&names.join(", "), "", "", width, lines);
    }
}

/// A line as text, with the addresses of its links.
pub(crate) fn line(content: &[Inline]) -> String {
    let mut text = String::new();
    for one in content {
        match one {
            Inline::Text(more) => text.push_str(more),
            Inline::Strong(content) | Inline::Emphasis(content) => text.push_str(&line(content)),
            Inline::Link { to, content } => text.push_str(&link_as_text(content, to)),
            Inline::Image { alternative, .. } => {
                text.push('[');
                text.push_str(alternative);
                text.push(']');
            }
            Inline::LineBreak => text.push('\n'),
        }
    }
    text
}

/// What a link says where nobody can follow it: its text with the address, or the address alone where the text says no more.
pub fn link_as_text(content: &[Inline], to: &str) -> String {
    with_address(&plain(content, " "), to)
}

/// `text: address`, or the address alone where the text says no more.
fn with_address(text: &str, to: &str) -> String {
    let shown = match to.split_once(':') {
        Some(("mailto", rest)) => rest.split('?').next().unwrap_or(rest),
        Some(("tel", rest)) => rest,
        _ => to,
    };
    let text = text.trim();
    let same = |text: &str| {
        let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric() || *c == '+').collect::<String>();
        text == shown || (to.starts_with("tel:") && bare(text) == bare(shown))
    };
    if text.starts_with("https://") && to.starts_with("https://") {
        return to.to_owned();
    }
    if same(text) { text.to_owned() } else { format!("{text}: {shown}") }
}

fn wrap(text: &str, first: &str, rest: &str, lines: &mut Vec<String>) {
    wrap_to(text, first, rest, WIDTH, lines);
}

/// Breaks a text at spaces, after as many characters as fit; a longer word stands alone.
fn wrap_to(text: &str, first: &str, rest: &str, width: usize, lines: &mut Vec<String>) {
    let mut lead = first;
    for given in text.split('\n') {
        let mut line = lead.to_owned();
        let mut length = line.chars().count();
        let mut is_begun = false;
        for word in given.split([' ', '\t']).filter(|word| !word.is_empty()) {
            let more = word.chars().count();
            if is_begun && length + 1 + more > width {
                lines.push(std::mem::replace(&mut line, rest.to_owned()));
                length = rest.chars().count();
                is_begun = false;
            }
            if is_begun {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += more;
            is_begun = true;
        }
        lines.push(line);
        lead = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, width: usize) -> Vec<String> {
        let mut lines = Vec::new();
        wrap_to(text, "* ", "  ", width, &mut lines);
        lines
    }

    #[test]
    fn lines_break_at_spaces_and_never_within_an_address() {
        assert_eq!(wrapped("one two three", 9), ["* one two", "  three"]);
        let address = "https://example.org/a-very-long-address";
        assert_eq!(wrapped(&format!("see {address} now"), 12), ["* see", &format!("  {address}"), "  now"]);
        assert_eq!(wrapped("a\nb", 9), ["* a", "  b"]);
        // A space that must not be broken at is none.
        assert_eq!(wrapped("one two\u{a0}three", 9), ["* one", "  two\u{a0}three"]);
    }

    #[test]
    fn a_link_says_its_address_once() {
        assert_eq!(with_address("the guide", "https://example.org/g"), "the guide: https://example.org/g");
        assert_eq!(with_address("https://example.org/g", "https://example.org/g"), "https://example.org/g");
        assert_eq!(with_address("Write to us", "mailto:a@example.org?subject=x"), "Write to us: a@example.org");
        assert_eq!(with_address("a@example.org", "mailto:a@example.org"), "a@example.org");
        assert_eq!(with_address("020 7946 0000", "tel:02079460000"), "020 7946 0000");
    }
}

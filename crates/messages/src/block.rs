//! What a message is when its gaps are filled: a small tree of blocks, from which all forms are written.

use serde::{Deserialize, Serialize};

/// A piece of a message that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading.
    Heading {
        /// 1 to 3.
        level: u8,
        /// What it says.
        content: Vec<Inline>,
    },
    /// A list.
    List {
        /// The number of the first item; none for bullets.
        start: Option<u64>,
        /// The items.
        items: Vec<Vec<Block>>,
    },
    /// A table of data.
    Table {
        /// The cells that say what stands below them.
        head: Vec<Vec<Inline>>,
        /// The rows; each has as many cells as the head.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// Text that is set off from the rest.
    Quote(Vec<Block>),
    /// A line across; in a letter, where a page may end.
    Rule,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// Text without a line break.
    Text(String),
    /// What matters.
    Strong(Vec<Inline>),
    /// What is stressed.
    Emphasis(Vec<Inline>),
    /// A link.
    Link {
        /// Where it goes: `https:`, `mailto:` or `tel:`.
        to: String,
        /// What it says.
        content: Vec<Inline>,
    },
    /// An image.
    Image {
        /// Where it is: `https:` or `cid:`.
        source: String,
        /// What it shows, for people who can't see it.
        alternative: String,
    },
    /// The next line of the same paragraph.
    LineBreak,
}

/// What is read of a line, with line breaks as they are given.
pub(crate) fn plain(line: &[Inline], line_break: &str) -> String {
    let mut text = String::new();
    add_plain(line, line_break, &mut text);
    text
}

fn add_plain(line: &[Inline], line_break: &str, text: &mut String) {
    for one in line {
        match one {
            Inline::Text(more) => text.push_str(more),
            Inline::Strong(content) | Inline::Emphasis(content) | Inline::Link { content, .. } => {
                add_plain(content, line_break, text);
            }
            Inline::Image { alternative, .. } => text.push_str(alternative),
            Inline::LineBreak => text.push_str(line_break),
        }
    }
}

/// Adds text, to the text before it if there is any.
pub(crate) fn push_text(line: &mut Vec<Inline>, more: &str) {
    match line.last_mut() {
        _ if more.is_empty() => {}
        Some(Inline::Text(text)) => text.push_str(more),
        _ => line.push(Inline::Text(more.to_owned())),
    }
}

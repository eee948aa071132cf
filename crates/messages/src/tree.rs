//! A template as it was read: the tree of a message with gaps still in it.

use crate::link::Address;

/// A block with gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    Paragraph(Vec<Node>),
    Heading {
        level: u8,
        nodes: Vec<Node>,
        at: usize,
    },
    List {
        start: Option<u64>,
        items: Vec<Vec<Element>>,
    },
    Table {
        head: Vec<Vec<Node>>,
        rows: Vec<Vec<Vec<Node>>>,
    },
    Quote(Vec<Element>),
    Rule,
    /// Shown if the value of a gap is yes.
    Optional {
        gap: usize,
        elements: Vec<Element>,
    },
}

/// A piece of a line with gaps. Gaps go by their number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Text {
        text: String,
        at: usize,
    },
    Gap(usize),
    /// Shown if the value of a gap is yes.
    Optional {
        gap: usize,
        nodes: Vec<Node>,
    },
    Strong(Vec<Node>),
    Emphasis(Vec<Node>),
    Link {
        to: Address,
        nodes: Vec<Node>,
    },
    Image {
        source: String,
        alternative: Vec<Node>,
    },
    Break,
}

/// Whether there is anything to read.
pub(crate) fn has_words(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Text { text, .. } => !text.trim().is_empty(),
        Node::Gap(_) => true,
        Node::Optional { nodes, .. } | Node::Strong(nodes) | Node::Emphasis(nodes) | Node::Link { nodes, .. } => {
            has_words(nodes)
        }
        Node::Image { alternative, .. } => has_words(alternative),
        Node::Break => false,
    })
}

/// Whether there is a link.
pub(crate) fn has_link(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Link { .. } => true,
        Node::Optional { nodes, .. } | Node::Strong(nodes) | Node::Emphasis(nodes) => has_link(nodes),
        Node::Text { .. } | Node::Gap(_) | Node::Image { .. } | Node::Break => false,
    })
}

/// What is read, as far as it is known before values come in.
pub(crate) fn words(nodes: &[Node]) -> String {
    let mut text = String::new();
    for node in nodes {
        match node {
            Node::Text { text: more, .. } => text.push_str(more),
            Node::Optional { nodes, .. } | Node::Strong(nodes) | Node::Emphasis(nodes) | Node::Link { nodes, .. } => {
                text.push_str(&words(nodes));
            }
            Node::Image { alternative, .. } => text.push_str(&words(alternative)),
            Node::Gap(_) => text.push('\u{fffd}'),
            Node::Break => text.push(' '),
        }
    }
    text
}

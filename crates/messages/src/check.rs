//! What a template needs so that everybody can read it: headings that don't skip, links that say where they lead to.

use crate::Problem;
use crate::link::Address;
use crate::problem::Findings;
use crate::tree::Element;

/// Texts that say nothing of where a link leads to, in English and Welsh.
const VAGUE: &[&str] = &[
    "click",
    "click here",
    "click this",
    "click this link",
    "continue",
    "details",
    "find out more",
    "follow this link",
    "go",
    "here",
    "info",
    "learn more",
    "link",
    "more",
    "more details",
    "more info",
    "more information",
    "open",
    "page",
    "read",
    "read more",
    "see more",
    "the link",
    "this",
    "this link",
    "this page",
    "website",
    "cliciwch",
    "cliciwch yma",
    "cliciwch ar y ddolen hon",
    "darllen mwy",
    "dolen",
    "mwy",
    "mwy o wybodaeth",
    "rhagor",
    "rhagor o wybodaeth",
    "y ddolen hon",
    "yma",
];

/// Headings come in order: people who listen to a message jump from one to the next and rely on their levels.
pub(crate) fn headings(elements: &[Element], findings: &mut Findings) {
    walk(elements, 0, findings);
}

/// Gives the level of the last heading.
fn walk(elements: &[Element], mut level: u8, findings: &mut Findings) -> u8 {
    for element in elements {
        match element {
            Element::Heading { level: next, at, .. } => {
                if level == 0 && *next > 1 {
                    findings.fault(*at, Problem::HeadingFirst);
                } else if *next > level + 1 {
                    findings.fault(*at, Problem::HeadingSkips(level, *next));
                }
                level = *next;
            }
            Element::List { items, .. } => {
                for item in items {
                    level = walk(item, level, findings);
                }
            }
            Element::Quote(elements) => level = walk(elements, level, findings),
            // What may be hidden can't be what a deeper heading stands below.
            Element::Optional { elements, .. } => level = level.min(walk(elements, level, findings)),
            Element::Paragraph(_) | Element::Table { .. } | Element::Rule => {}
        }
    }
    level
}

/// Looks at the text of a link.
pub(crate) fn link_text(text: &str, to: &Address, is_mailbox: bool, at: usize, findings: &mut Findings) {
    let text = text.trim().trim_end_matches(['.', '!', ':', '>', '›', '»', '…']).trim_end().to_lowercase();
    if VAGUE.contains(&text.as_str()) {
        findings.advise(at, Problem::LinkVague);
    } else if !is_mailbox && is_address(&text) {
        // Gaps are the same on both sides as far as can be seen before they are filled.
        let target = to.filled(|_| "\u{fffd}".to_owned()).to_lowercase();
        let (shown, goes) = (site(&text), site(&target));
        // Names of sites in other scripts are written in ASCII in the address.
        findings.advise_or_fault(at, shown == goes || !shown.is_ascii());
    }
}

/// Whether a text reads as an address of a site.
fn is_address(text: &str) -> bool {
    let begins = ["https://", "http://", "www."].iter().any(|beginning| text.starts_with(beginning));
    begins && !text.contains(char::is_whitespace)
}

/// The name of the site that an address goes to.
fn site(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

impl Findings {
    /// An address as the text of a link: hard to listen to if it is the one that the link goes to, and a deceit if not.
    fn advise_or_fault(&mut self, at: usize, is_same: bool) {
        if is_same { self.advise(at, Problem::LinkBare) } else { self.fault(at, Problem::LinkMisleads) }
    }
}

//! Words of HTML, in lines as they would be seen, with what is quoted marked by `>` as in plain text: so that one set of rules finds
//! what a person wrote. Nothing of the HTML itself is kept.

use mail_parser::decoders::html::add_html_token;

/// How deep quotations are marked.
const MAX_DEPTH: usize = 8;
/// Elements whose content nobody sees.
const UNSEEN: &[&str] = &["style", "script", "title", "template", "xml"];
/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "address", "article", "body", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "li", "main", "ol", "p", "pre", "section", "table", "tbody", "thead", "tr", "ul",
];

/// Text of HTML. Takes time in proportion to its length, whatever it is.
pub(crate) fn to_text(html: &str) -> String {
    let mut out = Lines::default();
    let mut rest = html;
    // Elements that are known not to be closed any more: looked for once.
    let mut never_closed: Vec<&str> = Vec::new();
    let mut no_comment_end = false;
    while let Some((text, from)) = rest.find('<').map(|at| rest.split_at(at)) {
        out.text(text);
        if let Some(inner) = from.strip_prefix("<!--").filter(|_| !no_comment_end) {
            match inner.find("-->") {
                Some(end) => rest = &inner[end + 3..],
                None => {
                    no_comment_end = true;
                    rest = inner;
                }
            }
            continue;
        }
        let is_tag = from[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        if !is_tag {
            out.text("<");
            rest = &from[1..];
            continue;
        }
        // Without an end, the message was cut off within a tag.
        let Some(end) = from.find('>') else { return out.out };
        let tag = &from[1..end];
        rest = &from[end + 1..];
        let closing = tag.starts_with('/');
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).take(12).collect();
        let name = name.to_ascii_lowercase();
        if let Some(unseen) = UNSEEN.iter().find(|unseen| **unseen == name && !closing && !tag.ends_with('/')) {
            if never_closed.contains(unseen) {
                continue;
            }
            match find_closing(rest, unseen) {
                Some(end) => rest = &rest[end..],
                None => never_closed.push(unseen),
            }
            continue;
        }
        out.tag(&name, closing, tag);
    }
    out.text(rest);
    out.out
}

/// Where `</name` stands, whatever its letters.
fn find_closing(text: &str, name: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text[at..].find("</") {
        let start = at + found;
        at = start + 2;
        if text.as_bytes()[at..].get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes())) {
            return Some(start);
        }
    }
    None
}

#[derive(Default)]
struct Lines {
    out: String,
    /// Whether something stands on the current line.
    begun: bool,
    /// Whether a space is due before the next word.
    space: bool,
    depth: usize,
    preformatted: bool,
}

impl Lines {
    fn text(&mut self, text: &str) {
        let decoded = decoded(text);
        for c in decoded.chars() {
            if self.preformatted && c == '\n' {
                self.end_line();
            } else if c.is_whitespace() || c == '\u{a0}' {
                self.space = true;
            } else if !matches!(c, '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{ad}') {
                if !self.begun {
                    self.begin();
                } else if self.space {
                    self.out.push(' ');
                }
                self.space = false;
                self.out.push(c);
            }
        }
    }

    fn begin(&mut self) {
        for _ in 0..self.depth.min(MAX_DEPTH) {
            self.out.push_str("> ");
        }
        self.begun = true;
    }

    fn end_line(&mut self) {
        // Blank lines within a quotation belong to it.
        if !self.begun && self.depth > 0 {
            self.begin();
        }
        self.out.push('\n');
        self.begun = false;
        self.space = false;
    }

    fn own_line(&mut self) {
        if self.begun {
            self.end_line();
        }
    }

    fn tag(&mut self, name: &str, closing: bool, tag: &str) {
        match name {
            "br" => self.end_line(),
            "blockquote" => {
                self.own_line();
                self.depth = if closing { self.depth.saturating_sub(1) } else { self.depth + 1 };
            }
            "hr" => {
                self.own_line();
                self.text("________________________________");
                self.end_line();
            }
            "td" | "th" => self.space = true,
            "p" if closing => {
                self.own_line();
                self.end_line();
            }
            // Word writes each line as a paragraph, and a blank line as one with a space in it.
            "p" if tag.contains("MsoNormal") || tag.contains("MsoPlainText") => self.own_line(),
            "p" => {
                self.own_line();
                if !self.out.is_empty() && !self.out.ends_with("\n\n") {
                    self.end_line();
                }
            }
            _ if BLOCKS.contains(&name) => {
                self.own_line();
                if name == "pre" {
                    self.preformatted = !closing;
                }
                if name == "li" && !closing {
                    self.text("• ");
                }
            }
            _ => {}
        }
    }
}

/// With entities such as `&eacute;` as letters.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = rest.bytes().skip(1).take(32).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
        if name > 0 && rest.as_bytes().get(name + 1) == Some(&b';') {
            add_html_token(&mut out, &rest.as_bytes()[..name + 2], false);
            rest = &rest[name + 2..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::to_text;

    #[test]
    fn lines_are_those_that_are_seen() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body><div>Hello&nbsp;&amp; w&eacute;lcome</div><div>again<br>and \n again</div>\
                    <!-- no --><p>5 < 6 &unknown; &x</p><ul><li>one<li>two</ul></body></html>";
        assert_eq!(to_text(html).trim(), "Hello & wélcome\nagain\nand again\n\n5 < 6 &unknown; &x\n\n• one\n• two");
    }

    #[test]
    fn quotations_are_marked() {
        let html = "Yes<blockquote>Do you?<br><br>Ann<blockquote>older</blockquote></blockquote>indeed";
        assert_eq!(to_text(html), "Yes\n> Do you?\n> \n> Ann\n> > older\nindeed");
    }

    #[test]
    fn what_is_broken_loses_no_words() {
        assert_eq!(to_text("<style>a <b>Hello"), "a Hello");
        assert_eq!(to_text("<!-- Hello <i>you"), "Hello you");
        assert_eq!(to_text("Hello <b"), "Hello");
    }
}

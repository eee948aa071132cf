//! Comments that carry the markup of web pages, as help desks export them, as plain text.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// Elements after which a new line begins.
const BLOCKS: &[&str] =
    &["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote", "hr"];
/// Elements that only say how their words look.
const INLINE: &[&str] = &[
    "a", "b", "i", "u", "s", "em", "strong", "span", "font", "small", "big", "code", "pre", "sup", "sub", "td", "th",
    "tbody", "thead", "img", "html", "body", "head", "meta", "title", "center", "label", "section", "article",
    "strike", "mark", "q",
];
/// Elements whose contents nobody reads.
const UNREAD: &[&str] = &["style", "script"];

/// Bytes within which a tag has to end, so that a text of nothing but beginnings costs no more than others.
const LONGEST_TAG: usize = 2_000;

/// References to characters that occur in exports, without `&` and `;`.
const REFERENCES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("pound", "£"),
    ("euro", "€"),
    ("eacute", "é"),
    ("ntilde", "ñ"),
    ("ocirc", "ô"),
    ("ycirc", "ŷ"),
    ("wcirc", "ŵ"),
];

/// The name of the element whose tag begins here, and what follows the tag.
fn tag(text: &str) -> Option<(&'static str, bool, &str)> {
    let rest = text.strip_prefix('<')?;
    let (closing, rest) = rest.strip_prefix('/').map_or((false, rest), |r| (true, r));
    let name: String =
        rest.chars().take_while(char::is_ascii_alphanumeric).take(12).collect::<String>().to_ascii_lowercase();
    let known = BLOCKS.iter().chain(INLINE).chain(UNREAD).find(|n| **n == name)?;
    let rest = &rest[name.len()..];
    // "<b" in "a<b and c" is no tag: a tag goes on with its end or a blank and has an end.
    let end = memchr(b'>', &rest.as_bytes()[..rest.len().min(LONGEST_TAG)])?;
    let inner = &rest[..end];
    let plain = inner.trim_matches([' ', '/', '\n', '\t', '\r']).is_empty();
    let attributes = inner.starts_with([' ', '\n', '\t', '\r']) && inner.contains('=');
    ((plain || attributes) && !inner.contains('<')).then_some((known, closing, &rest[end + 1..]))
}

/// The character that a reference at the beginning stands for, and what follows it.
fn reference(text: &str) -> Option<(Cow<'static, str>, &str)> {
    let end = memchr(b';', text.as_bytes().get(..12.min(text.len()))?)?;
    let name = text.get(1..end)?;
    let rest = &text[end + 1..];
    if let Some((_, to)) = REFERENCES.iter().find(|(from, _)| *from == name) {
        return Some((Cow::Borrowed(to), rest));
    }
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    let c = char::from_u32(code).filter(|c| !c.is_control() || *c == '\n')?;
    Some((Cow::Owned(c.to_string()), rest))
}

/// Whether a cell begins with a tag of a web page.
pub(crate) fn is_markup(cell: &str) -> bool {
    tag(cell).is_some()
}

/// The words as somebody read them: tags gone, lines where they were, references as characters. Text without
/// either is given back as it is.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr2(b'<', b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    out.push_str(&text[..first]);
    // Each piece begins with one of the two marks, so that the pieces are the text, one after another.
    let mut unread: Option<&'static str> = None;
    let mut skip = first;
    for (at, _) in text.match_indices(['<', '&']) {
        if at < skip {
            continue;
        }
        if unread.is_none() {
            out.push_str(&text[skip..at]);
        }
        let piece = &text[at..];
        skip = at;
        if let Some((name, closing, rest)) = tag(piece) {
            changed = true;
            skip = text.len() - rest.len();
            match unread {
                Some(open) if closing && open == name => unread = None,
                Some(_) => {}
                None if UNREAD.contains(&name) && !closing => unread = Some(name),
                None if BLOCKS.contains(&name) => line(&mut out, name == "br"),
                None => {}
            }
        } else if let Some((c, rest)) = reference(piece).filter(|_| unread.is_none()) {
            changed = true;
            skip = text.len() - rest.len();
            out.push_str(&c);
        }
    }
    if !changed {
        return Cow::Borrowed(text);
    }
    if unread.is_none() {
        out.push_str(&text[skip..]);
    }
    Cow::Owned(out.trim().to_owned())
}

/// A new line; one is enough between paragraphs, while `<br><br>` leaves one empty.
fn line(out: &mut String, always: bool) {
    let blanks: &[char] = if always { &[' ', '\t'] } else { &[' ', '\t', '\n', '\r'] };
    let kept = out.trim_end_matches(blanks).len();
    out.truncate(kept);
    if !out.is_empty() {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_lines_stay() {
        assert_eq!(
            plain("<div>Good day,<br/>the <i>lift</i> is out.</div><div>Mend it&nbsp;!</div>"),
            "Good day,\nthe lift is out.\nMend it !"
        );
        assert_eq!(plain("<p class=\"x\">A &amp; E</p>\n<p>Ward&#32;5 &lt;not 6&gt;</p>"), "A & E\nWard 5 <not 6>");
        assert_eq!(plain("<style>p {color: red}</style>Fish &amp; chips"), "Fish & chips");
    }

    #[test]
    fn words_with_such_marks_stay_as_they_are() {
        for text in
            ["5 < 6 & 7 > 3", "a<b and c>d", "R&D; fine", "<3 this place", "AT&T", "I <love it", "&unknown; x", "x &"]
        {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn a_cell_of_a_program_is_no_page() {
        assert!(is_markup("<p>Hello</p>") && !is_markup("<xml>") && !is_markup("{\"a\":1}"));
    }
}

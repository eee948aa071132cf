//! Addresses of links and images: which are taken, and how values get into them.
//!
//! A value may stand in the path, the query or the fragment, never before them: whose site a link goes to is written in the
//! template. It is percent-encoded there, so it can't begin another part of the address.

use std::fmt::Write;

use url::Url;

use crate::Problem;
use crate::gaps::{Gap, is_mark, marked};

/// An address with gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Gap(usize),
}

impl Address {
    /// The address with its values, each as it is given for the number of a gap.
    pub(crate) fn filled(&self, mut value: impl FnMut(usize) -> String) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(more) => text.push_str(more),
                Piece::Gap(gap) => text.push_str(&encoded_value(&value(*gap))),
            }
        }
        text
    }

    /// Whether nothing in it is a gap: then this is it.
    pub(crate) fn fixed(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }
}

/// Reads the address of a link, with marks in place of gaps.
pub(crate) fn link(address: &str, gaps: &[Gap]) -> Result<Address, Problem> {
    let address = address.trim();
    let of_gap = |c| marked(c).and_then(|number| gaps.get(number));
    if address.chars().filter_map(of_gap).any(|gap| gap.optional.is_some()) {
        return Err(Problem::LinkOptional);
    }
    let Some((scheme, rest)) = address.split_once(':') else {
        let begins = address.chars().next().is_some_and(is_mark);
        return Err(if begins { Problem::LinkGap } else { Problem::LinkScheme });
    };
    let (fixed, rest) = match scheme.to_ascii_lowercase().as_str() {
        "https" => site(rest)?,
        "mailto" => mailbox(rest)?,
        "tel" => (number(rest)?, ""),
        "http" => return Err(Problem::LinkInsecure),
        scheme if scheme.chars().any(is_mark) => return Err(Problem::LinkGap),
        _ => return Err(Problem::LinkScheme),
    };
    let mut pieces = vec![Piece::Text(fixed)];
    for c in rest.chars() {
        match (marked(c), pieces.last_mut()) {
            (Some(gap), _) => pieces.push(Piece::Gap(gap)),
            (None, Some(Piece::Text(text))) => encode(c, text),
            (None, _) => {
                let mut text = String::new();
                encode(c, &mut text);
                pieces.push(Piece::Text(text));
            }
        }
    }
    Ok(Address(pieces))
}

/// Scheme and name of a site, and what comes behind it.
fn site(rest: &str) -> Result<(String, &str), Problem> {
    let rest = rest.strip_prefix("//").ok_or(Problem::LinkMalformed)?;
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    if name.chars().any(is_mark) {
        return Err(Problem::LinkGap);
    }
    let url = Url::parse(&format!("https://{name}/")).map_err(|_| Problem::LinkMalformed)?;
    let has_dot = url.host_str().is_some_and(|host| host.contains('.') || host.starts_with('['));
    if !url.username().is_empty() || url.password().is_some() || name.contains('@') || !has_dot {
        return Err(Problem::LinkMalformed);
    }
    Ok((url.origin().ascii_serialization(), rest))
}

/// A mail address, and what comes behind it.
fn mailbox(rest: &str) -> Result<(String, &str), Problem> {
    let end = rest.find('?').unwrap_or(rest.len());
    let (mailbox, rest) = rest.split_at(end);
    if mailbox.chars().any(is_mark) {
        return Err(Problem::LinkGap);
    }
    let one = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | ',' | ';' | ':' | '#' | '@');
    match mailbox.split_once('@') {
        Some((local, domain))
            if !local.is_empty() && domain.contains('.') && local.chars().chain(domain.chars()).all(one) =>
        {
            Ok((format!("mailto:{mailbox}"), rest))
        }
        _ => Err(Problem::LinkMalformed),
    }
}

/// A telephone number, without what people put between digits.
fn number(rest: &str) -> Result<String, Problem> {
    if rest.chars().any(is_mark) {
        return Err(Problem::LinkGap);
    }
    let digits: String = rest.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '\u{a0}')).collect();
    let fits = digits.strip_prefix('+').unwrap_or(&digits);
    if (3..=15).contains(&fits.len()) && fits.bytes().all(|b| b.is_ascii_digit()) {
        Ok(format!("tel:{digits}"))
    } else {
        Err(Problem::LinkMalformed)
    }
}

/// Reads the address of an image.
pub(crate) fn image(source: &str) -> Result<String, Problem> {
    let source = source.trim();
    if source.chars().any(is_mark) {
        return Err(Problem::ImageGap);
    }
    if let Some(id) = source.strip_prefix("cid:") {
        let one = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '+');
        return if !id.is_empty() && id.chars().all(one) { Ok(source.to_owned()) } else { Err(Problem::LinkMalformed) };
    }
    match link(source, &[]) {
        Ok(address) => match address.fixed() {
            Some(fixed) if fixed.starts_with("https:") => Ok(fixed.to_owned()),
            _ => Err(Problem::ImageScheme),
        },
        Err(Problem::LinkScheme) => Err(Problem::ImageScheme),
        Err(problem) => Err(problem),
    }
}

/// Writes a character of an address that its author wrote.
fn encode(c: char, text: &mut String) {
    let stays = c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}');
    if stays { text.push(c) } else { percent(c, text) }
}

/// A value, with nothing in it that means anything in an address.
fn encoded_value(value: &str) -> String {
    let mut text = String::new();
    for c in value.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~') {
            text.push(c);
        } else {
            percent(c, &mut text);
        }
    }
    text
}

fn percent(c: char, text: &mut String) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        // Writing to a string doesn't fail.
        let _ = write!(text, "%{byte:02X}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(optional: bool) -> Gap {
        let optional = optional.then(|| ("text".to_owned(), 0));
        Gap { name: "ref".to_owned(), key: "ref".to_owned(), optional, at: 0 }
    }

    fn read(address: &str) -> Result<String, Problem> {
        let address = address.replace("((ref))", "\u{f0000}");
        link(&address, &[gap(false)]).map(|address| address.filled(|_| "a/b?c=ŵ&\"<".to_owned()))
    }

    #[test]
    fn links_go_to_sites_mailboxes_and_telephones() {
        for (address, wanted) in [
            ("https://www.example.org", "https://www.example.org"),
            ("HTTPS://WWW.Example.org:8443/A b?q=\"x\"#ŵ", "https://www.example.org:8443/A%20b?q=%22x%22#%C5%B5"),
            ("https://dŵr.example.org/", "https://xn--dr-bva.example.org/"),
            ("https://example.org/pay?ref=((ref))&x=1", "https://example.org/pay?ref=a%2Fb%3Fc%3D%C5%B5%26%22%3C&x=1"),
            ("mailto:ann@example.org?subject=((ref))", "mailto:ann@example.org?subject=a%2Fb%3Fc%3D%C5%B5%26%22%3C"),
            ("tel:020 7946 0000", "tel:02079460000"),
            ("tel:+44 (20) 7946-0000", "tel:+442079460000"),
        ] {
            assert_eq!(read(address).as_deref(), Ok(wanted), "{address}");
        }
    }

    #[test]
    fn what_would_lead_elsewhere_is_refused() {
        for (address, code) in [
            ("http://example.org", "link-insecure"),
            ("javascript:alert(1)", "link-scheme"),
            ("data:text/html,x", "link-scheme"),
            ("www.example.org", "link-scheme"),
            ("/page", "link-scheme"),
            ("", "link-scheme"),
            ("((ref))", "link-gap"),
            ("((ref)):x", "link-gap"),
            ("https://((ref))", "link-gap"),
            ("https://((ref)).example.org/", "link-gap"),
            ("https://example.org((ref))", "link-gap"),
            ("https://example.org:((ref))/", "link-gap"),
            ("mailto:((ref))@example.org", "link-gap"),
            ("tel:((ref))", "link-gap"),
            ("https://example.org@evil.example/", "link-malformed"),
            ("https://user:secret@example.org/", "link-malformed"),
            ("https:example.org", "link-malformed"),
            ("https://exa mple.org/", "link-malformed"),
            ("https://localhost/", "link-malformed"),
            ("https:///x", "link-malformed"),
            ("mailto:ann", "link-malformed"),
            ("mailto:a@example.org,b@example.org", "link-malformed"),
            ("tel:hello", "link-malformed"),
        ] {
            assert_eq!(read(address).map_err(|problem| problem.code()), Err(code), "{address}");
        }
        assert_eq!(link("https://example.org/\u{f0000}", &[gap(true)]), Err(Problem::LinkOptional));
    }

    #[test]
    fn images_come_from_where_nobody_is_told_who_looks() {
        assert_eq!(image("cid:logo@1").as_deref(), Ok("cid:logo@1"));
        assert_eq!(image("https://example.org/a.png").as_deref(), Ok("https://example.org/a.png"));
        for (source, code) in [
            ("https://example.org/a.png?who=\u{f0000}", "image-gap"),
            ("data:image/png;base64,AA", "image-scheme"),
            ("a.png", "image-scheme"),
            ("mailto:a@example.org", "image-scheme"),
            ("http://example.org/a.png", "link-insecure"),
            ("cid:", "link-malformed"),
        ] {
            assert_eq!(image(source).map_err(|problem| problem.code()), Err(code), "{source}");
        }
    }
}

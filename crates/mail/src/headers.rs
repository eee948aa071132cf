//! Header fields: found by name, and what addresses and ids stand in them.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// Fields that are kept of one set of headers.
const MAX_FIELDS: usize = 500;
/// Bytes of one value that are kept.
const MAX_VALUE_BYTES: usize = 8 * 1024;
/// Addresses that are kept of one kind of field.
const MAX_ADDRESSES: usize = 200;
/// Ids that are kept of one field: threads grow without end.
const MAX_IDS: usize = 100;

/// Fields in their order, unfolded and decoded.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Headers(Vec<(String, String)>);

impl Headers {
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        if self.0.len() < MAX_FIELDS {
            self.0.push((name.trim().to_ascii_lowercase(), cut(value.trim(), MAX_VALUE_BYTES).to_owned()));
        }
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Addresses in all fields of these names, each once.
    pub(crate) fn addresses(&self, names: &[&str]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for name in names {
            for value in self.all(name) {
                for address in mailboxes(value) {
                    if found.len() < MAX_ADDRESSES && !found.iter().any(|f| f.eq_ignore_ascii_case(address)) {
                        found.push(address.to_owned());
                    }
                }
            }
        }
        found
    }

    /// Ids of a field such as `References`, without their brackets.
    pub(crate) fn ids(&self, name: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for value in self.all(name) {
            for id in value.split('<').skip(1).filter_map(|rest| rest.split('>').next()).map(str::trim) {
                if !id.is_empty() && found.len() < MAX_IDS {
                    found.push(id.to_owned());
                }
            }
            // Some leave the brackets out.
            if found.is_empty() && value.contains('@') && !value.contains([' ', '<']) {
                found.push(value.to_owned());
            }
        }
        found
    }
}

/// The beginning of a text, at most so many bytes, on a whole character.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// An address in running text. With a dot in its domain: names of machines are no way to reach anybody.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:"[^"@<>\r\n]+"|[\p{L}\p{N}_!#$%&'*+/=?^`{|}~.-]+)@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+"#)
        .expect("the pattern can be read")
});
/// Bytes of an address: RFC 5321 has 64 before the @ and 255 behind, and letters beyond ASCII may take more.
const MAX_ADDRESS_BYTES: usize = 512;

/// Addresses in running text, in their order.
pub(crate) fn addresses(text: &str) -> impl Iterator<Item = &str> {
    ADDRESS.find_iter(text).filter(|found| found.len() <= MAX_ADDRESS_BYTES).map(|found| tidy(found.as_str()))
}

/// A text with spaces where addresses were.
pub(crate) fn without_addresses(text: &str) -> Cow<'_, str> {
    ADDRESS.replace_all(text, " ")
}

/// The address with which a text begins, with what stands behind it.
pub(crate) fn leading_address(text: &str) -> Option<(&str, &str)> {
    let found = ADDRESS.find(cut(text, MAX_ADDRESS_BYTES)).filter(|found| found.start() == 0)?;
    Some((tidy(found.as_str()), &text[found.end()..]))
}

/// Without what stands around an address in words.
fn tidy(address: &str) -> &str {
    address.trim_start_matches(['\'', '`', '/', '=', '*']).trim_end_matches('-')
}

/// Addresses of a field such as `To`: those in brackets, else those that stand alone. A name in quotes may look like an
/// address and is none.
fn mailboxes(value: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for entry in entries(value) {
        let inside = entry.rsplit_once('<').and_then(|(_, rest)| rest.split('>').next());
        match inside.filter(|i| i.contains('@')) {
            Some(inside) => found.push(inside.trim()),
            None => found.extend(addresses(entry).next()),
        }
    }
    found
}

/// A list at its commas, but for those in quotes.
fn entries(value: &str) -> Vec<&str> {
    let (mut entries, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in value.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' | ';' if !quoted => {
                entries.push(&value[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    entries.push(&value[start..]);
    entries
}

#[cfg(test)]
mod tests {
    use super::{Headers, addresses, leading_address};

    #[test]
    fn addresses_are_found_where_they_stand() {
        let mut headers = Headers::default();
        headers.push("To", "\"Lee, Ann\" <ann@a.example>, bob@b.example (Bob); \"c@c.example\" <real@c.example>");
        headers.push("Delivered-To", "<ANN@a.example>");
        assert_eq!(headers.addresses(&["to", "delivered-to"]), ["ann@a.example", "bob@b.example", "real@c.example"]);
        let text = "RCPT TO:<kit@x.example>: 'tom@y.example'. root@localhost \"a b\"@z.example";
        assert_eq!(addresses(text).collect::<Vec<_>>(), ["kit@x.example", "tom@y.example", "\"a b\"@z.example"]);
        assert_eq!(leading_address("kit@x.example: gone"), Some(("kit@x.example", ": gone")));
        assert_eq!(leading_address("to kit@x.example"), None);
    }

    #[test]
    fn ids_lose_their_brackets() {
        let mut headers = Headers::default();
        headers.push("References", "<a@x> <b@x>\t<c@x>");
        headers.push("Message-ID", "bare@x");
        assert_eq!(headers.ids("references"), ["a@x", "b@x", "c@x"]);
        assert_eq!(headers.ids("message-id"), ["bare@x"]);
    }
}

//! Addresses as they stand in headers and in the envelope.

use std::fmt;

use crate::Problem;
use crate::problem::no_control;

/// Bytes of a whole address (RFC 5321, as its erratum 1690 says).
const MAX_ADDRESS_BYTES: usize = 254;
/// Bytes before the @ (RFC 5321).
const MAX_LOCAL_BYTES: usize = 64;
/// Characters of a name beside an address.
const MAX_NAME_CHARS: usize = 200;

/// An address with the name of whoever reads or writes there.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// The name, in any script; may be empty.
    pub name: String,
    /// The address: `name@example.org`; the domain in any script.
    pub address: String,
}

impl Mailbox {
    /// An address with a name, which may be empty. Nothing is checked here: [`compose`](crate::compose) says what is wrong.
    pub fn new(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self { name: name.into(), address: address.into() }
    }

    pub(crate) fn checked(&self, what: &'static str) -> Result<(&str, Address), Problem> {
        no_control(what, &self.name)?;
        if self.name.chars().count() > MAX_NAME_CHARS {
            return Err(Problem::TooLong { what, most: MAX_NAME_CHARS, unit: "characters" });
        }
        Ok((self.name.trim(), Address::read(what, &self.address)?))
    }
}

/// Without what it holds: who gets mail is personal.
impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailbox(…)")
    }
}

/// A checked address: plain words and dots before the @, an ASCII domain behind it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Address {
    text: String,
    at: usize,
}

impl Address {
    pub(crate) fn read(what: &'static str, text: &str) -> Result<Self, Problem> {
        no_control(what, text)?;
        let refused = || Problem::Address(what);
        let (local, domain) = text.rsplit_once('@').ok_or_else(refused)?;
        // Without quotes, which no provider gives out and which many servers read differently.
        let fits = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || is_word(c);
        let words = local.split('.').all(|word| !word.is_empty() && word.chars().all(fits));
        if !words || local.len() > MAX_LOCAL_BYTES {
            return Err(refused());
        }
        let domain = ascii_domain(domain).map_err(|_| refused())?;
        let address = Self { text: format!("{local}@{domain}"), at: local.len() };
        if address.text.len() > MAX_ADDRESS_BYTES { Err(refused()) } else { Ok(address) }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the part before the @ is ASCII; the domain always is.
    pub(crate) fn is_ascii(&self) -> bool {
        self.text[..self.at].is_ascii()
    }
}

/// Letters and digits of other scripts (RFC 6531), nothing that can't be seen.
fn is_word(c: char) -> bool {
    !c.is_ascii() && c.is_alphanumeric()
}

/// A domain in small ASCII letters (IDNA), with a dot or alone (`localhost`), never an IP address.
pub(crate) fn ascii_domain(domain: &str) -> Result<String, Problem> {
    let domain = idna::domain_to_ascii_strict(domain).map_err(|_| Problem::Domain)?;
    let last = domain.rsplit('.').next().unwrap_or_default();
    if domain.is_empty() || last.is_empty() || last.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::Domain);
    }
    Ok(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, Problem> {
        Address::read("The address", text).map(|address| address.text)
    }

    #[test]
    fn domains_become_ascii_and_names_stay() {
        assert_eq!(read("Ann.Lee+Bins@Bücher.example").as_deref(), Ok("Ann.Lee+Bins@xn--bcher-kva.example"));
        assert_eq!(read("o'neil@EXAMPLE.org").as_deref(), Ok("o'neil@example.org"));
        let emile = Address::read("The address", "émile@example.org").expect("an address");
        assert!(!emile.is_ascii());
        assert!(Address::read("The address", "ann@bücher.example").expect("an address").is_ascii());
    }

    #[test]
    fn what_no_server_takes_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        for text in [
            "",
            "ann",
            "@example.org",
            "ann@",
            ".ann@example.org",
            "ann.@example.org",
            "a..b@example.org",
            "ann lee@example.org",
            "\"ann\"@example.org",
            "ann@[192.0.2.1]",
            "ann@192.0.2.1",
            "ann@exam ple.org",
            "ann@example..org",
            "ann@example.org.",
            "<ann@example.org>",
            "ann@example.org>",
            "a,b@example.org",
            "ann\u{200b}@example.org",
            &long,
        ] {
            assert_eq!(read(text), Err(Problem::Address("The address")), "{text:?}");
        }
        assert_eq!(read("ann@example.org\r\nRCPT TO:<eve@example.org>"), Err(Problem::Control("The address")));
        assert_eq!(read("ann\n@example.org"), Err(Problem::Control("The address")));
    }
}

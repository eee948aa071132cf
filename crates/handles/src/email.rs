//! Email addresses.
//!
//! Two forms of one address: as it is shown, which keeps the capitals somebody gave their name, and as it is compared, which
//! has none: no mail service in use tells `Ann` from `ann`, though the standard would allow it. Dots and tags behind `+`
//! stay: with some providers they mean the same box, with others another person's, and a message to the wrong one is worse than
//! two records of one person.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::Problem;

/// Bytes of a whole address (RFC 5321, as its erratum 1690 says).
pub const MAX_EMAIL_BYTES: usize = 254;
/// Bytes before the @ (RFC 5321).
pub const MAX_LOCAL_BYTES: usize = 64;
/// Bytes that are looked at at all: an address with what may stand around it.
const MAX_TEXT_BYTES: usize = 2_000;

/// What people write on both sides of an @ when they don't want to give an address.
const PLACEHOLDERS: &[&str] = &[
    "a",
    "aa",
    "aaa",
    "abc",
    "anon",
    "anonymous",
    "asdf",
    "email",
    "example",
    "fake",
    "me",
    "mail",
    "n",
    "na",
    "nil",
    "no",
    "noemail",
    "nomail",
    "none",
    "nobody",
    "nothing",
    "notgiven",
    "notknown",
    "null",
    "refused",
    "test",
    "unknown",
    "withheld",
    "x",
    "xx",
    "xxx",
    "xyz",
];
/// Names that are reserved so that they lead nowhere (RFC 2606, RFC 6762), or never leave a network.
const UNREACHABLE: &[&str] =
    &["invalid", "local", "localhost", "localdomain", "internal", "lan", "home", "corp", "onion"];
/// Boxes that nobody reads, without what stands between the words.
const NOBODY: &[&str] = &["mailerdaemon", "bounce", "bounces", "nobody", "devnull", "nospam", "unsubscribe"];

/// An email address that mail can be sent to, as far as its form tells.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email {
    shown: String,
    normal: String,
}

impl Email {
    /// As it is shown and written to: capitals before the @ as they were typed.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// As it is compared: equal for two ways of writing one address.
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// The domain, in ASCII.
    pub fn domain(&self) -> &str {
        self.normal.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether nobody reads what is sent there (`noreply@…`): no way to reach a person, though a valid address.
    pub fn is_nobody(&self) -> bool {
        let local = self.normal.rsplit_once('@').map_or("", |(local, _)| local);
        let word: String = local.split('+').next().unwrap_or(local).replace(['.', '-', '_'], "");
        ["noreply", "donotreply", "dontreply"].iter().any(|beginning| word.starts_with(beginning))
            || NOBODY.contains(&word.as_str())
    }
}

/// Without the address: it is personal, and what is printed for debugging ends in logs.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

/// Normalises an email address: the address alone, with nothing around it but `mailto:` or angle brackets.
pub fn email(text: &str) -> Result<Email, Problem> {
    let text = bare(text);
    if text.is_empty() {
        return Err(Problem::EmailEmpty);
    }
    if text.len() > MAX_TEXT_BYTES {
        return Err(Problem::EmailTooLong);
    }
    if text.contains(char::is_whitespace) {
        return Err(Problem::EmailSpace);
    }
    let (local, domain) = text.split_once('@').ok_or(Problem::EmailAt)?;
    if local.is_empty() || domain.is_empty() || domain.contains('@') {
        return Err(Problem::EmailAt);
    }
    let local: String = local.nfc().collect();
    check_local(&local)?;
    let small: String = local.to_lowercase().nfc().collect();
    let domain = ascii_domain(domain)?;
    let (shown, normal) = (format!("{local}@{domain}"), format!("{small}@{domain}"));
    // Small letters may take more bytes than capitals.
    if local.len().max(small.len()) > MAX_LOCAL_BYTES || shown.len().max(normal.len()) > MAX_EMAIL_BYTES {
        return Err(Problem::EmailTooLong);
    }
    let label = domain.split('.').next().unwrap_or_default();
    if PLACEHOLDERS.contains(&plain(&small).as_str())
        && PLACEHOLDERS.contains(&plain(label).as_str())
        && label != "example"
    {
        return Err(Problem::EmailPlaceholder);
    }
    Ok(Email { shown, normal })
}

/// Without spaces around, angle brackets and `mailto:` with its question.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let text = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text).trim();
    match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => {
            text[7..].split('?').next().unwrap_or_default().trim()
        }
        _ => text,
    }
}

/// Without what is put between words.
fn plain(word: &str) -> String {
    word.replace(['.', '-', '_'], "")
}

fn check_local(local: &str) -> Result<(), Problem> {
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err(Problem::EmailDots);
    }
    // Letters of every script, as RFC 6531 has them; neither quotes, which no provider gives out, nor what can't be seen.
    let fits = |c: char| {
        if c.is_ascii() {
            c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
        } else {
            c.is_alphanumeric() || is_combining_mark(c)
        }
    };
    local.chars().all(fits).then_some(()).ok_or(Problem::EmailCharacter)
}

/// The domain in small ASCII letters (IDNA), if mail can go there.
fn ascii_domain(domain: &str) -> Result<String, Problem> {
    let domain = idna::domain_to_ascii_strict(domain).map_err(|_| Problem::EmailDomain)?;
    let last = domain.rsplit('.').next().unwrap_or_default();
    if UNREACHABLE.contains(&last) {
        return Err(Problem::EmailUnreachable);
    }
    // One label alone is a machine of the own network; digits at the end are an address of a machine.
    let fits = domain.contains('.') && last.len() >= 2 && !last.bytes().all(|b| b.is_ascii_digit());
    fits.then_some(domain).ok_or(Problem::EmailDomain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> Result<String, Problem> {
        email(text).map(|email| email.normal().to_owned())
    }

    fn refused(problem: Problem, texts: &[&str]) {
        for text in texts {
            assert_eq!(email(text), Err(problem), "{text:?}");
        }
    }

    #[test]
    fn what_stands_around_an_address_goes() {
        for text in [
            "ann.lee@example.org",
            "  ann.lee@example.org\r\n",
            "mailto:ann.lee@example.org",
            "MAILTO:ann.lee@example.org?subject=Bins&body=a@b",
            "<ann.lee@example.org>",
            "< mailto:ann.lee@example.org >",
            "\u{a0}ann.lee@example.org\u{a0}",
        ] {
            assert_eq!(normal(text).as_deref(), Ok("ann.lee@example.org"), "{text:?}");
        }
    }

    #[test]
    fn capitals_are_shown_and_not_compared() {
        let ann = email("Ann.Lee+Bins@Example.ORG").expect("an email address");
        assert_eq!(ann.shown(), "Ann.Lee+Bins@example.org");
        assert_eq!(ann.normal(), "ann.lee+bins@example.org");
        assert_eq!(ann.domain(), "example.org");
        assert_eq!(normal("ANN@EXAMPLE.ORG"), normal("ann@example.org"));
        assert_eq!(normal("ÉMILE@example.org"), normal("e\u{301}mile@example.org"));
    }

    #[test]
    fn dots_and_tags_stay() {
        assert_ne!(normal("annlee@gmail.com"), normal("ann.lee@gmail.com"));
        assert_ne!(normal("ann+a@example.org"), normal("ann@example.org"));
        assert_ne!(normal("ann@googlemail.com"), normal("ann@gmail.com"));
    }

    #[test]
    fn domains_become_ascii() {
        assert_eq!(normal("ann@Bücher.example").as_deref(), Ok("ann@xn--bcher-kva.example"));
        assert_eq!(normal("ann@xn--bcher-kva.example"), normal("ann@bu\u{308}cher.example"));
        assert_eq!(normal("ann@例え.テスト").as_deref(), Ok("ann@xn--r8jz45g.xn--zckzah"));
        assert_eq!(normal("ann@example。org").as_deref(), Ok("ann@example.org"));
    }

    #[test]
    fn what_cannot_be_delivered_is_refused() {
        refused(Problem::EmailEmpty, &["", "  ", "<>", "mailto:", "mailto:?subject=a"]);
        refused(
            Problem::EmailSpace,
            &["Ann Lee <ann@example.org>", "ann lee@example.org", "a@example.org b@example.org"],
        );
        refused(
            Problem::EmailAt,
            &["ann", "ann@", "@example.org", "ann@@example.org", "ann@b@example.org", "ann＠example.org"],
        );
        refused(Problem::EmailDots, &[".ann@example.org", "ann.@example.org", "ann..lee@example.org"]);
        refused(
            Problem::EmailCharacter,
            &[
                "ann,lee@example.org",
                "\"ann\"@example.org",
                "ann(b)@example.org",
                "a\u{7}nn@example.org",
                "ann\u{200b}@example.org",
            ],
        );
        refused(
            Problem::EmailDomain,
            &[
                "ann@example",
                "ann@[192.0.2.1]",
                "ann@192.0.2.1",
                "ann@-example.org",
                "ann@example.org.",
                "ann@exa_mple.org",
            ],
        );
        refused(Problem::EmailDomain, &["ann@example..org", "ann@.org", "ann@example.o", "ann@exam\u{0}ple.org"]);
        refused(Problem::EmailUnreachable, &["ann@host.invalid", "ann@mail.local", "ann@LOCALHOST", "ann@dc1.corp"]);
        refused(Problem::EmailDomain, &["none@none", "a@b"]);
    }

    #[test]
    fn stand_ins_are_refused_and_names_like_them_are_not() {
        refused(
            Problem::EmailPlaceholder,
            &[
                "none@none.com",
                "Test@Test.com",
                "x@x.com",
                "no-email@noemail.co.uk",
                "no@none.org",
                "na@na.na",
                "a@a.com",
            ],
        );
        for text in ["none@example.org", "test@example.com", "x@council.example", "ann@test.org"] {
            assert!(email(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn lengths_are_those_of_mail_servers() {
        let of = |local: usize, domain: usize| {
            let labels = format!("{}.", "a".repeat(49)).repeat(domain / 50);
            email(&format!("{}@{labels}{}.org", "b".repeat(local), "c".repeat(domain % 50)))
        };
        assert!(of(64, 20).is_ok() && of(64, 185).is_ok());
        assert_eq!(of(65, 20), Err(Problem::EmailTooLong));
        assert_eq!(of(64, 187), Err(Problem::EmailTooLong));
        // Its small form has more bytes.
        assert_eq!(email(&format!("{}@example.org", "İ".repeat(32))), Err(Problem::EmailTooLong));
        assert_eq!(email(&"a".repeat(3_000)), Err(Problem::EmailTooLong));
    }

    #[test]
    fn nobody_reads_some_boxes() {
        for text in ["noreply@example.org", "No-Reply@example.org", "do_not_reply@example.org", "noreply+7@example.org"]
        {
            assert!(email(text).expect("an email address").is_nobody(), "{text:?}");
        }
        assert!(email("mailer-daemon@example.org").expect("an email address").is_nobody());
        for text in ["ann@example.org", "noreen@example.org", "info@example.org", "reply@example.org"] {
            assert!(!email(text).expect("an email address").is_nobody(), "{text:?}");
        }
    }

    #[test]
    fn debugging_shows_no_address() {
        assert_eq!(format!("{:?}", email("ann@example.org")), "Ok(Email(…))");
    }
}

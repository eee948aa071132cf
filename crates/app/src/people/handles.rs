//! Ways to reach somebody, as people write them and as they are compared.

use chrono_tz::Tz;
use commonweal_domain::{FieldErrors, Handle, HandleKind, Instant};
use commonweal_handles::{Country, email, phone};

/// What somebody wrote as a way to reach a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandleTold {
    /// Of which kind.
    pub kind: HandleKind,
    /// As it was written.
    pub text: String,
    /// When its holder proved that it is theirs, if they did.
    pub verified_at: Option<Instant>,
}

impl HandleTold {
    /// A way to reach somebody that nobody has proved.
    pub fn new(kind: HandleKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), verified_at: None }
    }
}

/// The handle that is meant, or what is wrong with it.
pub(super) fn read(told: &HandleTold, country: Country) -> Result<Handle, FieldErrors> {
    let wrong =
        |problem: commonweal_handles::Problem| FieldErrors::one(told.kind.key(), "not_a_handle", problem.to_string());
    let (shown, normal) = match told.kind {
        HandleKind::Email => {
            let read = email(&told.text).map_err(wrong)?;
            (read.shown().to_owned(), read.normal().to_owned())
        }
        HandleKind::Phone => {
            let read = phone(&told.text, country).map_err(wrong)?;
            (read.shown().to_owned(), read.normal().to_owned())
        }
        HandleKind::Account => (told.text.trim().to_owned(), told.text.trim().to_lowercase()),
    };
    Ok(Handle { kind: told.kind, shown, normal, verified_at: told.verified_at })
}

/// A text that somebody looks for people by, as each kind of handle keeps it, where it can be one.
pub(super) fn looked_for(text: &str, country: Country) -> Option<String> {
    let read =
        email(text).map(|e| e.normal().to_owned()).or_else(|_| phone(text, country).map(|p| p.normal().to_owned()));
    read.ok()
}

/// The country whose numbers and postcodes are written without saying so: that of the body's time zone.
pub(crate) fn country_of(zone: Tz) -> Country {
    match zone {
        Tz::Europe__Dublin => Country::Ie,
        Tz::Europe__Madrid | Tz::Atlantic__Canary | Tz::Africa__Ceuta => Country::Es,
        zone if zone.name().starts_with("America/") || zone.name().starts_with("US/") => Country::Us,
        _ => Country::Gb,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_kept_as_written_and_compared_in_one_form() {
        let told = |kind, text: &str| read(&HandleTold::new(kind, text), Country::Gb);
        let ann = told(HandleKind::Email, " Ann@Example.ORG ").expect("an address");
        assert_eq!(ann.normal, "ann@example.org");
        assert_eq!(told(HandleKind::Phone, "07700 900 123").expect("a number").normal, "+447700900123");
        assert_eq!(told(HandleKind::Account, " T-17 ").expect("an account").normal, "t-17");
        let refused = told(HandleKind::Email, "ann at example").expect_err("no address");
        assert_eq!((refused.0[0].field.as_str(), refused.0[0].code.as_str()), ("email", "not_a_handle"));
        assert!(!refused.to_string().contains("ann"), "what was written is nobody else's");
    }

    #[test]
    fn the_country_is_that_of_the_body() {
        assert_eq!(country_of(Tz::Europe__London), Country::Gb);
        assert_eq!(country_of(Tz::America__New_York), Country::Us);
        assert_eq!(country_of(Tz::Europe__Dublin), Country::Ie);
    }
}

//! Unique Property Reference Numbers: the number that every addressable place in Great Britain has.

use std::fmt;

use crate::Problem;

/// Digits of a UPRN.
pub const MAX_UPRN_DIGITS: usize = 12;

/// The number of a property. Without zeros before it: some registers write all twelve digits, others don't.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uprn(u64);

impl Uprn {
    /// The number.
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// As it is stored and compared.
impl fmt::Display for Uprn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Without the number: it names somebody's home, and what is printed for debugging ends in logs.
impl fmt::Debug for Uprn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Uprn(…)")
    }
}

/// Reads a UPRN of 1 to 12 digits, with or without zeros before it.
pub fn uprn(text: &str) -> Result<Uprn, Problem> {
    let text = text.trim();
    let fits = (1..=MAX_UPRN_DIGITS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let number = if fits { text.parse().unwrap_or(0) } else { 0 };
    if number == 0 { Err(Problem::Uprn) } else { Ok(Uprn(number)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_before_a_uprn_mean_nothing() {
        for text in ["10001234", "000010001234", " 10001234 "] {
            assert_eq!(uprn(text).map(|uprn| uprn.to_string()).as_deref(), Ok("10001234"), "{text:?}");
        }
        assert_eq!(uprn("999999999999").map(Uprn::number), Ok(999_999_999_999));
        assert_eq!(format!("{:?}", uprn("1")), "Ok(Uprn(…))");
    }

    #[test]
    fn what_is_no_uprn_is_refused() {
        for text in ["", " ", "0", "000000000000", "1234567890123", "12 34", "-1", "+1", "1.5", "U123", "１２"] {
            assert_eq!(uprn(text), Err(Problem::Uprn), "{text:?}");
        }
    }
}

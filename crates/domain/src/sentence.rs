//! Sentences that say why something is refused, with the values that stand in them.
//!
//! The English stands beside its rule, where whoever changes the rule sees it; the API, the command line and the log
//! show it as it is. The values are kept by name besides, so that another language says the same in a sentence of its
//! own, which it finds by the error's code.

use std::fmt;

/// A value that stands in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A whole number, which each language writes and counts in its own way.
    Number(i64),
    /// Text that is the same in every language: what somebody typed, a name, a key.
    Text(String),
}

/// Values by their names in a sentence.
pub type Arguments = Vec<(&'static str, Argument)>;

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => f.write_str(&grouped(*n)),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Argument {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Argument {
    fn from(n: u32) -> Self {
        Self::Number(n.into())
    }
}

impl From<u64> for Argument {
    fn from(n: u64) -> Self {
        Self::Number(n.try_into().unwrap_or(i64::MAX))
    }
}

impl From<usize> for Argument {
    fn from(n: usize) -> Self {
        (n as u64).into()
    }
}

/// A whole number with commas between thousands: `3,310`.
pub fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A full sentence in English, and the values that stand in it. Made from plain text, or by [`sentence!`](crate::sentence!)
/// where a value stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// As the API, the command line and the log show it.
    pub english: String,
    /// The values in it, for other languages.
    pub arguments: Arguments,
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl From<&str> for Sentence {
    fn from(english: &str) -> Self {
        Self { english: english.to_owned(), arguments: Arguments::new() }
    }
}

impl From<String> for Sentence {
    fn from(english: String) -> Self {
        Self { english, arguments: Arguments::new() }
    }
}

/// A [`Sentence`] with values in it, each named once: `sentence!("There are {count}; {most} are allowed.", count, most
/// = LIMIT)`. A name alone is a variable of this name. A place without its value doesn't compile, nor a value without
/// its place.
#[macro_export]
macro_rules! sentence {
    (@value $name:ident) => { $name };
    (@value $name:ident = $value:expr) => { $value };
    ($english:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {{
        $(let $name = $crate::sentence::Argument::from($crate::sentence!(@value $name $(= $value)?));)+
        $crate::sentence::Sentence {
            english: ::std::format!($english, $($name = $name),+),
            arguments: ::std::vec![$((::std::stringify!($name), $name)),+],
        }
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_in_the_english_and_beside_it() {
        let (length, field) = (10_001_usize, "good");
        let said =
            sentence!("`{field}` has {length} characters; {most} are allowed.", field, length, most = 10_000_u32);
        assert_eq!(said.english, "`good` has 10,001 characters; 10,000 are allowed.");
        let arguments =
            [("field", "good".into()), ("length", Argument::Number(10_001)), ("most", Argument::Number(10_000))];
        assert_eq!(said.arguments, arguments);
    }

    #[test]
    fn what_somebody_typed_is_never_read_as_a_place() {
        let typed = "{most} {";
        assert_eq!(sentence!("“{typed}” is not a day.", typed).english, "“{most} {” is not a day.");
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([0, 999, 1_000, -1_234_567].map(grouped), ["0", "999", "1,000", "−1,234,567"]);
    }
}

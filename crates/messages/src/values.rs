//! What fills the gaps of a template.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::Problem;

/// Bytes of one value; of a list, of all its items.
pub const MAX_VALUE_BYTES: usize = 64 * 1024;
/// Values of one message.
pub const MAX_VALUES: usize = 100;

/// What shows optional text, in any case.
const YES: &[&str] = &["yes", "y", "true", "t", "1", "include", "show"];

/// What a gap is filled with. Always text, whatever stands in it: never Markdown, HTML or a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// One text.
    Text(String),
    /// Several, which become bullet points, or “a, b and c” within a sentence.
    List(Vec<String>),
}

impl Value {
    /// Whether optional text that asks for this value is shown.
    pub fn is_yes(&self) -> bool {
        match self {
            Self::Text(text) => YES.iter().any(|yes| text.trim().eq_ignore_ascii_case(yes)),
            Self::List(_) => false,
        }
    }

    /// Whether there is nothing to read in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => clean(text).trim().is_empty(),
            Self::List(items) => items.iter().all(|item| clean(item).trim().is_empty()),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            // An item costs something even when it is empty.
            Self::List(items) => items.iter().map(|item| item.len() + 1).sum(),
        }
    }

    /// What is read: without empty items, and without characters that only machines read.
    pub(crate) fn items(&self) -> Vec<String> {
        let texts = match self {
            Self::Text(text) => std::slice::from_ref(text),
            Self::List(items) => items,
        };
        texts.iter().map(|text| clean(text).trim().to_owned()).filter(|text| !text.is_empty()).collect()
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<String>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

/// As other systems send them: a text, a number, yes or no, or a list of those.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum One {
            Text(String),
            Yes(bool),
            Whole(i64),
            Large(u64),
            Part(f64),
        }

        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Any {
            One(One),
            List(Vec<One>),
        }

        let text = |one| match one {
            One::Text(text) => text,
            One::Yes(true) => "yes".to_owned(),
            One::Yes(false) => "no".to_owned(),
            One::Whole(number) => number.to_string(),
            One::Large(number) => number.to_string(),
            One::Part(number) => number.to_string(),
        };
        Ok(match Any::deserialize(deserializer)? {
            Any::One(one) => Self::Text(text(one)),
            Any::List(items) => Self::List(items.into_iter().map(text).collect()),
        })
    }
}

/// Values by name. Names are the same whatever their case, spaces, `_` and `-`.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Values {
    by_key: BTreeMap<String, Value>,
}

impl Values {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives a value; one of the same name is replaced.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) -> Result<(), Problem> {
        let value = value.into();
        let key = key(name);
        if key.is_empty() {
            return Err(Problem::GapNameEmpty);
        }
        if name.chars().count() > crate::template::MAX_NAME_CHARS {
            return Err(Problem::GapNameTooLong);
        }
        if value.bytes() > MAX_VALUE_BYTES {
            return Err(Problem::ValueTooLong(name.to_owned()));
        }
        if self.by_key.len() >= MAX_VALUES && !self.by_key.contains_key(&key) {
            return Err(Problem::TooManyValues);
        }
        self.by_key.insert(key, value);
        Ok(())
    }

    /// Values from pairs of name and value.
    pub fn from_pairs<N: AsRef<str>, V: Into<Value>>(pairs: impl IntoIterator<Item = (N, V)>) -> Result<Self, Problem> {
        let mut values = Self::new();
        for (name, value) in pairs {
            values.set(name.as_ref(), value)?;
        }
        Ok(values)
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.by_key.get(&key(name))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }
}

/// Names only: values are personal data, and what is printed for debugging ends in logs.
impl std::fmt::Debug for Values {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.by_key.keys()).finish()
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pairs = BTreeMap::<String, Value>::deserialize(deserializer)?;
        Self::from_pairs(pairs).map_err(serde::de::Error::custom)
    }
}

/// What two names have in common that mean the same value.
pub(crate) fn key(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// Without characters that nobody sees and that change how the rest reads: controls, marks that turn the direction of what
/// follows, and those that stand for gaps while a template is read. Line breaks stay.
pub(crate) fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\u{2028}' | '\u{2029}' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' => Some('\n'),
            '\t' => Some(' '),
            c if is_unseen(c) => None,
            c if crate::gaps::is_mark(c) => Some('\u{fffd}'),
            c => Some(c),
        })
        .collect()
}

/// Whether nobody sees a character, and what follows may read otherwise for it.
pub(crate) fn is_unseen(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => true,
        // Not characters at all.
        '\u{fdd0}'..='\u{fdef}' => true,
        c => c.is_control() || u32::from(c) & 0xfffe == 0xfffe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_whatever_their_case_and_gaps() {
        let mut values = Values::new();
        values.set("First_Name", "Ann").expect("a value");
        for name in ["first name", "FIRSTNAME", "first-name", " First  Name "] {
            assert_eq!(values.get(name), Some(&Value::from("Ann")), "{name}");
        }
        assert_eq!(values.get("first.name"), None);
        values.set("first name", "Bob").expect("a value");
        assert_eq!((values.len(), values.get("firstname")), (1, Some(&Value::from("Bob"))));
    }

    #[test]
    fn what_is_too_much_is_refused() {
        let mut values = Values::new();
        assert_eq!(values.set("a", "x".repeat(MAX_VALUE_BYTES + 1)), Err(Problem::ValueTooLong("a".to_owned())));
        assert_eq!(values.set("- _", "x"), Err(Problem::GapNameEmpty));
        let many = vec![String::new(); MAX_VALUE_BYTES + 1];
        assert_eq!(values.set("b", many), Err(Problem::ValueTooLong("b".to_owned())));
        for n in 0..MAX_VALUES {
            values.set(&n.to_string(), "x").expect("a value");
        }
        assert_eq!(values.set("one more", "x"), Err(Problem::TooManyValues));
        assert_eq!(values.set("7", "y"), Ok(()));
    }

    #[test]
    fn yes_is_said_in_seven_ways() {
        for yes in ["yes", "Y", "TRUE", "t", "1", "Include", "show", " yes "] {
            assert!(Value::from(yes).is_yes(), "{yes}");
        }
        for no in ["", "no", "0", "false", "ja", "yes please", "11"] {
            assert!(!Value::from(no).is_yes(), "{no}");
        }
        assert!(!Value::from(vec!["yes"]).is_yes());
    }

    #[test]
    fn values_are_read_from_json_and_not_printed() {
        let json = r#"{"First name": "Ann", "under 18": true, "n": 3, "rate": 1.5, "bring": ["a", 2]}"#;
        let values: Values = serde_json::from_str(json).expect("values");
        assert!(values.get("under18").is_some_and(Value::is_yes));
        assert_eq!(values.get("bring"), Some(&Value::from(vec!["a", "2"])));
        assert_eq!(format!("{values:?}"), r#"{"bring", "firstname", "n", "rate", "under18"}"#);
        let again: Values = serde_json::from_str(&serde_json::to_string(&values).expect("JSON")).expect("values");
        assert_eq!(again, values);
        assert!(serde_json::from_str::<Values>(r#"{"a": {"b": 1}}"#).is_err());
    }

    #[test]
    fn what_nobody_sees_goes() {
        assert_eq!(clean("a\u{202e}b\u{0}c\r\nd\te\u{f0000}"), "abc\nd e\u{fffd}");
        assert_eq!(Value::from(vec![" a ", "", "\u{200f}"]).items(), ["a", "\u{200f}"]);
        assert!(Value::from("\u{202e} \n").is_blank());
    }
}

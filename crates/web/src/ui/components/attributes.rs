//! Further classes and attributes of a component.

use std::borrow::Cow;
use std::fmt;

use askama::filters::HtmlSafe;

use super::content::escaped;

/// Attributes in order. Names are constants of the program, values are escaped.
#[derive(Clone, Debug, Default)]
pub struct Attributes(Vec<(Cow<'static, str>, String)>);

impl Attributes {
    /// Gives an attribute a value.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.0.push((Cow::Borrowed(name), value.into()));
    }

    pub(crate) fn append(&mut self, others: &Self) {
        self.0.extend(others.0.iter().cloned());
    }

    /// A message for a script of govuk-frontend, by plural category.
    pub(crate) fn translate(&mut self, key: &'static str, messages: &std::collections::BTreeMap<String, String>) {
        for (category, message) in messages {
            debug_assert!(category.bytes().all(|b| b.is_ascii_lowercase()), "a plural category of CLDR");
            self.0.push((Cow::Owned(format!("data-i18n.{key}.{category}")), message.clone()));
        }
    }

    #[cfg(test)]
    pub(crate) fn push(&mut self, name: String, value: String) {
        self.0.push((Cow::Owned(name), value));
    }
}

impl fmt::Display for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.0 {
            write!(f, " {name}=\"")?;
            escaped(f, value)?;
            f.write_str("\"")?;
        }
        Ok(())
    }
}

impl HtmlSafe for Attributes {}

/// Classes beside the component's own; written with a space before them.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub struct Classes(String);

impl Classes {
    pub(crate) fn contains(&self, part: &str) -> bool {
        self.0.contains(part)
    }
}

impl<T: Into<String>> From<T> for Classes {
    fn from(classes: T) -> Self {
        Self(classes.into())
    }
}

impl fmt::Display for Classes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        f.write_str(" ")?;
        escaped(f, &self.0)
    }
}

impl HtmlSafe for Classes {}

//! What stands in a component: text, or other templates.

use std::borrow::Cow;
use std::fmt;

use askama::Template;
use askama::filters::{Html, HtmlSafe, escape};

/// Text, which is escaped, or HTML that a template has made.
#[derive(Clone, Debug)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Content {
    /// Text as a person typed it or reads it.
    Text(String),
    /// HTML from a template. Made by [`Content::rendered`] only.
    #[doc(hidden)]
    Html(Markup),
}

/// HTML that a template has made; nothing outside can make one of a string.
#[derive(Clone, Debug)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub struct Markup(String);

impl Content {
    /// What a component or another template writes.
    pub fn rendered(template: &impl Template) -> Self {
        match template.render() {
            Ok(html) => Self::Html(Markup(html)),
            Err(e) => {
                tracing::error!(error = %e, "a part of a page can't be written");
                Self::default()
            }
        }
    }

    /// Several parts, one after the other.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::Html(Markup(parts.into_iter().map(|part| part.to_string()).collect()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) | Self::Html(Markup(text)) => text.is_empty(),
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Html(_) => None,
        }
    }

    pub(crate) fn is_html(&self) -> bool {
        matches!(self, Self::Html(_))
    }
}

impl Default for Content {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => escaped(f, text),
            Self::Html(Markup(html)) => f.write_str(html),
        }
    }
}

impl HtmlSafe for Content {}

/// Writes text so that HTML shows it as it is, between tags as in attributes.
pub(crate) fn escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    // Its error has no values.
    match escape(text, Html) {
        Ok(safe) => write!(f, "{safe}"),
        Err(never) => match never {},
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&&str> for Content {
    fn from(text: &&str) -> Self {
        Self::Text((*text).to_owned())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Content {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Cow<'_, str>> for Content {
    fn from(text: Cow<'_, str>) -> Self {
        Self::Text(text.into_owned())
    }
}

impl From<&Content> for Content {
    fn from(content: &Content) -> Self {
        content.clone()
    }
}

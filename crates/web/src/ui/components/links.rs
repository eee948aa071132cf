//! Ways on: buttons, the link back, the link past the menus, the same page in another language.

use askama::Template;

use super::{Attributes, Classes, Content, setters};

/// Does something when pressed; with an address it is a link that looks like a button.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/button.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Button {
    content: Content,
    href: String,
    #[cfg_attr(test, serde(rename = "type"))]
    kind: String,
    name: String,
    value: String,
    id: String,
    disabled: bool,
    prevent_double_click: Option<bool>,
    #[cfg_attr(test, serde(rename = "isStartButton"))]
    start: bool,
    classes: Classes,
    attributes: Attributes,
}

impl Button {
    /// Sends the form that it stands in.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    fn own_kind(&self) -> &str {
        if self.kind.is_empty() { "submit" } else { &self.kind }
    }
}

setters!(Button {
    /// Leads there instead of sending a form.
    val href: String;
    /// `submit` unless another is given.
    val kind: String;
    /// Sent with the form when this button was pressed.
    val name: String;
    /// Sent with the form when this button was pressed.
    val value: String;
    /// For links to it.
    val id: String;
    /// It can't be pressed.
    flag disabled;
    /// A second press within a second is not taken; needs govuk-frontend's script.
    opt prevent_double_click: bool;
    /// Begins something long, with an arrow.
    flag start;
    /// Beside its own: `govuk-button--secondary` …
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

/// Back to where one came from.
#[derive(Clone, Debug, Default, Template)]
#[template(
    source = r#"<a href="{{ href }}" class="govuk-back-link{{ classes }}"{{ attributes }}>{% if content.is_empty() %}Back{% else %}{{ content }}{% endif %}</a>"#,
    ext = "html"
)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct BackLink {
    #[cfg_attr(test, serde(default = "super::tests::nowhere"))]
    href: String,
    content: Content,
    classes: Classes,
    attributes: Attributes,
}

impl BackLink {
    /// Leads to `href`.
    pub fn new(href: impl Into<String>, content: impl Into<Content>) -> Self {
        Self { href: href.into(), content: content.into(), ..Self::default() }
    }
}

setters!(BackLink {
    /// Beside its own.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

/// Past what is the same on every page; the first thing that the Tab key comes to.
#[derive(Clone, Debug, Default, Template)]
#[template(
    source = r#"<a href="{{ href }}" class="govuk-skip-link{{ classes }}"{{ attributes }} data-module="govuk-skip-link">{{ content }}</a>"#,
    ext = "html"
)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct SkipLink {
    #[cfg_attr(test, serde(default = "super::tests::to_content"))]
    href: String,
    content: Content,
    classes: Classes,
    attributes: Attributes,
}

impl SkipLink {
    /// Leads to `href`, for example `#main`.
    pub fn new(href: impl Into<String>, content: impl Into<Content>) -> Self {
        Self { href: href.into(), content: content.into(), ..Self::default() }
    }
}

setters!(SkipLink {
    /// Beside its own.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

/// The same page in other languages.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/language_navigation.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct LanguageNavigation {
    #[cfg_attr(test, serde(default = "super::tests::language"))]
    aria_label: String,
    items: Vec<Language>,
    classes: Classes,
    attributes: Attributes,
}

/// One language.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Language {
    content: Content,
    href: String,
    lang: String,
    href_lang: String,
    dir: String,
    current: bool,
    language_description_text: String,
    classes: Classes,
    attributes: Attributes,
}

impl Language {
    /// A language by its own name, its tag (BCP 47) and the page in it.
    pub fn new(name: impl Into<Content>, lang: impl Into<String>, href: impl Into<String>) -> Self {
        Self { content: name.into(), lang: lang.into(), href: href.into(), ..Self::default() }
    }

    fn is_current(&self) -> bool {
        self.current || self.href.is_empty()
    }

    fn href_lang(&self) -> &str {
        if self.href_lang.is_empty() { &self.lang } else { &self.href_lang }
    }
}

setters!(Language {
    /// The page is in this language.
    flag current;
    /// What only screen readers say after the name, in the language of the page.
    val language_description_text: String;
    /// `rtl` for languages that are written so.
    val dir: String;
});

impl LanguageNavigation {
    /// The languages, and what the list is called.
    pub fn new(aria_label: impl Into<String>, items: impl IntoIterator<Item = Language>) -> Self {
        Self { aria_label: aria_label.into(), items: items.into_iter().collect(), ..Self::default() }
    }
}

setters!(LanguageNavigation {
    /// Beside its own.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

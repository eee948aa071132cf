//! What fields are made of: label, hint, error message, fieldset, and the group around them.

use askama::Template;

use super::{Attributes, Classes, Content, setters};

/// Names a field.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/label.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Label {
    content: Content,
    #[cfg_attr(test, serde(rename = "for"))]
    for_id: String,
    classes: Classes,
    is_page_heading: bool,
    attributes: Attributes,
}

setters!(Label {
    /// Whose label it is, by id; fields put in their own.
    val for_id: String;
    /// Beside its own.
    val classes: Classes;
    /// The label is the page's heading of the first level, too.
    flag is_page_heading;
    /// A further attribute.
    attribute attribute;
});

impl<T: Into<Content>> From<T> for Label {
    fn from(content: T) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

impl Label {
    pub(crate) fn of(&self, id: &str) -> Self {
        Self { for_id: id.to_owned(), ..self.clone() }
    }
}

/// Helps to fill in a field.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/hint.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Hint {
    content: Content,
    id: String,
    classes: Classes,
    attributes: Attributes,
}

setters!(Hint {
    /// Fields put in their own.
    val id: String;
    /// Beside its own.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

impl<T: Into<Content>> From<T> for Hint {
    fn from(content: T) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

impl Hint {
    pub(crate) fn of(&self, id: String) -> Self {
        Self { id, ..self.clone() }
    }

    /// With a class of the field that it belongs to before its own.
    pub(crate) fn within(&self, id: String, class: &str) -> Self {
        Self { id, classes: format!("{class}{}", self.classes).into(), ..self.clone() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.content.is_empty()
    }
}

/// What is wrong with a field and what to do.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/govuk/error_message.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct ErrorMessage {
    content: Content,
    id: String,
    classes: Classes,
    visually_hidden_text: String,
    attributes: Attributes,
}

impl Default for ErrorMessage {
    fn default() -> Self {
        Self {
            content: Content::default(),
            id: String::new(),
            classes: Classes::default(),
            visually_hidden_text: "Error".to_owned(),
            attributes: Attributes::default(),
        }
    }
}

setters!(ErrorMessage {
    /// Fields put in their own.
    val id: String;
    /// Beside its own.
    val classes: Classes;
    /// Said before the message to those who don't see its colour: “Error”, in the page's language.
    val visually_hidden_text: String;
    /// A further attribute.
    attribute attribute;
});

impl<T: Into<Content>> From<T> for ErrorMessage {
    fn from(content: T) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

impl ErrorMessage {
    pub(crate) fn of(&self, id: String) -> Self {
        Self { id, ..self.clone() }
    }
}

/// Names a group of fields.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Legend {
    content: Content,
    classes: Classes,
    is_page_heading: bool,
}

setters!(Legend {
    /// Beside its own, for example `govuk-fieldset__legend--l`.
    val classes: Classes;
    /// The legend is the page's heading of the first level, too.
    flag is_page_heading;
});

impl<T: Into<Content>> From<T> for Legend {
    fn from(content: T) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

/// Fields that belong together, under one legend.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/fieldset.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Fieldset {
    legend: Legend,
    content: Content,
    pub(crate) described_by: String,
    classes: Classes,
    role: String,
    attributes: Attributes,
}

setters!(Fieldset {
    /// What stands in it.
    val content: Content;
    /// Ids of what describes it, beside hint and error of the field.
    val described_by: String;
    /// Beside its own.
    val classes: Classes;
    /// `group` when it is described and holds text fields: else some screen readers don't say so.
    val role: String;
    /// A further attribute.
    attribute attribute;
});

impl<T: Into<Legend>> From<T> for Fieldset {
    fn from(legend: T) -> Self {
        Self { legend: legend.into(), ..Self::default() }
    }
}

/// What is around a field, from its label to its control.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct FormGroup {
    pub(crate) classes: Classes,
    pub(crate) attributes: Attributes,
    #[cfg_attr(test, serde(alias = "beforeInputs"))]
    pub(crate) before_input: Content,
    #[cfg_attr(test, serde(alias = "afterInputs"))]
    pub(crate) after_input: Content,
}

setters!(FormGroup {
    /// Beside its own.
    val classes: Classes;
    /// What stands before the control.
    val before_input: Content;
    /// What stands after the control.
    val after_input: Content;
    /// A further attribute.
    attribute attribute;
});

/// Label, hint and error message of one field, in this order.
#[derive(Template)]
#[template(
    source = "{{ label }}{% if let Some(hint) = hint %}{{ hint }}{% endif %}{% if let Some(error) = error %}{{ error }}{% endif %}",
    ext = "html"
)]
pub(crate) struct Head {
    label: Label,
    hint: Option<Hint>,
    error: Option<ErrorMessage>,
}

impl askama::filters::HtmlSafe for Head {}

impl Head {
    pub(crate) fn new(id: &str, label: &Label, hint: Option<&Hint>, error: Option<&ErrorMessage>) -> Self {
        Self {
            label: label.of(id),
            hint: hint.map(|hint| hint.of(format!("{id}-hint"))),
            error: error.map(|error| error.of(format!("{id}-error"))),
        }
    }
}

/// Value of `aria-describedby`: what the page names, then the hint, then the error.
pub(crate) fn described(named: &str, id: &str, hint: bool, error: bool) -> String {
    let mut ids: Vec<String> = Vec::new();
    if !named.is_empty() {
        ids.push(named.to_owned());
    }
    if hint {
        ids.push(format!("{id}-hint"));
    }
    if error {
        ids.push(format!("{id}-error"));
    }
    ids.join(" ")
}

//! Facts as a list of names and values, each with what can be done about it.

use askama::Template;

use super::{Attributes, Classes, Content, setters};

/// Names and values.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/summary_list.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct SummaryList {
    rows: Vec<SummaryRow>,
    classes: Classes,
    attributes: Attributes,
}

/// One fact.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct SummaryRow {
    key: Cell,
    value: Cell,
    actions: Actions,
    classes: Classes,
}

#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
struct Cell {
    content: Content,
    classes: Classes,
}

#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
struct Actions {
    items: Vec<Action>,
    classes: Classes,
}

/// What can be done about a fact.
#[derive(Clone, Debug, Default, Template)]
#[template(
    source = r#"<a class="govuk-link{{ classes }}" href="{{ href }}"{{ attributes }}>{{ content }}{% if !visually_hidden_text.is_empty() %}<span class="govuk-visually-hidden"> {{ visually_hidden_text }}</span>{% endif %}</a>"#,
    ext = "html"
)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Action {
    content: Content,
    href: String,
    visually_hidden_text: String,
    classes: Classes,
    attributes: Attributes,
}

impl askama::filters::HtmlSafe for Action {}

impl Action {
    /// A link, and what it is about for those who hear it alone: “Change”, “name”.
    pub fn new(content: impl Into<Content>, href: impl Into<String>, about: impl Into<String>) -> Self {
        Self { content: content.into(), href: href.into(), visually_hidden_text: about.into(), ..Self::default() }
    }
}

setters!(Action {
    /// Beside its own.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

impl SummaryRow {
    /// A fact.
    pub fn new(key: impl Into<Content>, value: impl Into<Content>) -> Self {
        let cell = |content| Cell { content, ..Cell::default() };
        Self { key: cell(key.into()), value: cell(value.into()), ..Self::default() }
    }

    /// What can be done about it.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.items.push(action);
        self
    }
}

setters!(SummaryRow {
    /// Beside its own.
    val classes: Classes;
});

impl SummaryList {
    /// Facts in this order.
    pub fn new(rows: impl IntoIterator<Item = SummaryRow>) -> Self {
        Self { rows: rows.into_iter().collect(), ..Self::default() }
    }

    fn any_actions(&self) -> bool {
        self.rows.iter().any(|row| !row.actions.items.is_empty())
    }
}

setters!(SummaryList {
    /// Beside its own.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

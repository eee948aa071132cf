//! Fields to choose from: radios, checkboxes, a list that unfolds.

use askama::Template;

use super::parts::{Head, described};
use super::{Attributes, Classes, Content, ErrorMessage, Fieldset, FormGroup, Hint, Label, setters};

/// One of several (`Choices::radios`) or any of several (`Choices::checkboxes`).
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/choices.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Choices {
    kind: Kind,
    name: String,
    id_prefix: String,
    fieldset: Option<Fieldset>,
    hint: Option<Hint>,
    error_message: Option<ErrorMessage>,
    form_group: FormGroup,
    classes: Classes,
    described_by: String,
    items: Vec<Choice>,
    #[cfg_attr(test, serde(alias = "value", deserialize_with = "super::tests::one_or_many"))]
    values: Vec<String>,
    attributes: Attributes,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
enum Kind {
    #[default]
    Radios,
    Checkboxes,
}

impl Kind {
    const fn plural(self) -> &'static str {
        match self {
            Self::Radios => "radios",
            Self::Checkboxes => "checkboxes",
        }
    }

    const fn control(self) -> &'static str {
        match self {
            Self::Radios => "radio",
            Self::Checkboxes => "checkbox",
        }
    }
}

/// One thing to choose.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Choice {
    value: String,
    content: Content,
    id: String,
    name: String,
    label: LabelOf,
    hint: Option<Hint>,
    checked: Option<bool>,
    disabled: bool,
    conditional: Content,
    divider: String,
    behaviour: String,
    attributes: Attributes,
}

/// Class and attributes of an item's label, whose text is the item's.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
struct LabelOf {
    classes: Classes,
    attributes: Attributes,
}

impl Choice {
    /// A choice that sends `value`.
    pub fn new(value: impl Into<String>, text: impl Into<Content>) -> Self {
        Self { value: value.into(), content: text.into(), ..Self::default() }
    }

    /// A word such as “or” between choices.
    pub fn divider(text: impl Into<String>) -> Self {
        Self { divider: text.into(), ..Self::default() }
    }

    /// Whether it is chosen, whatever the values of the whole are.
    #[must_use]
    pub fn checked(mut self, yes: impl super::Flag) -> Self {
        self.checked = Some(yes.is());
        self
    }
}

setters!(Choice {
    /// When it is not the group's name and a number.
    val id: String;
    /// When it is not the group's name; checkboxes only.
    val name: String;
    /// Helps to decide.
    opt hint: Hint;
    /// It can't be chosen.
    flag disabled;
    /// What is asked further when this is chosen. Without a script it is always there.
    val conditional: Content;
    /// `exclusive`: choosing this takes the others back.
    val behaviour: String;
    /// A further attribute of the control.
    attribute attribute;
});

/// A choice as the template needs it.
struct Item<'a> {
    choice: &'a Choice,
    id: String,
    name: &'a str,
    checked: bool,
    hint: Option<Hint>,
    described: String,
}

impl Choices {
    /// One of several, under a legend.
    pub fn radios(name: impl Into<String>, legend: impl Into<Fieldset>) -> Self {
        Self { kind: Kind::Radios, name: name.into(), fieldset: Some(legend.into()), ..Self::default() }
    }

    /// Any of several, under a legend.
    pub fn checkboxes(name: impl Into<String>, legend: impl Into<Fieldset>) -> Self {
        Self { kind: Kind::Checkboxes, name: name.into(), fieldset: Some(legend.into()), ..Self::default() }
    }

    /// One box to tick, which needs no legend.
    pub fn checkbox(name: impl Into<String>, choice: Choice) -> Self {
        Self { kind: Kind::Checkboxes, name: name.into(), items: vec![choice], ..Self::default() }
    }

    /// One more to choose.
    #[must_use]
    pub fn item(mut self, choice: Choice) -> Self {
        self.items.push(choice);
        self
    }

    /// More to choose.
    #[must_use]
    pub fn items(mut self, choices: impl IntoIterator<Item = Choice>) -> Self {
        self.items.extend(choices);
        self
    }

    /// What is chosen, by value.
    #[must_use]
    pub fn chosen<T: Into<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.values = values.into_iter().map(Into::into).collect();
        self
    }

    fn prefix(&self) -> &str {
        if self.id_prefix.is_empty() { &self.name } else { &self.id_prefix }
    }

    /// What describes the group: named by the page, hint, error.
    fn described(&self) -> String {
        let of_fieldset = self.fieldset.as_ref().map(|f| f.described_by.as_str()).filter(|d| !d.is_empty());
        let named = of_fieldset.unwrap_or(&self.described_by);
        described(named, self.prefix(), self.hint.is_some(), self.error_message.is_some())
    }

    fn head(&self) -> Head {
        Head::new(self.prefix(), &Label::default(), self.hint.as_ref(), self.error_message.as_ref())
    }

    fn shown(&self) -> Vec<Item<'_>> {
        let of_group = match (self.kind, &self.fieldset) {
            // A box that stands alone has no fieldset that could be described.
            (Kind::Checkboxes, None) => self.described(),
            _ => String::new(),
        };
        let item = |(index, choice): (usize, &'_ Choice)| -> (String, String) {
            let id = match (choice.id.as_str(), index) {
                ("", 0) => self.prefix().to_owned(),
                ("", index) => format!("{}-{}", self.prefix(), index + 1),
                (id, _) => id.to_owned(),
            };
            let hint = if choice.hint.as_ref().is_some_and(|h| !h.is_empty()) {
                format!("{id}-item-hint")
            } else {
                String::new()
            };
            (id, hint)
        };
        let class = format!("govuk-{}__hint", self.kind.plural());
        self.items
            .iter()
            .enumerate()
            .map(|(index, choice)| {
                let (id, hint) = item((index, choice));
                Item {
                    choice,
                    name: if choice.name.is_empty() { &self.name } else { &choice.name },
                    checked: choice.checked.unwrap_or_else(|| self.values.contains(&choice.value)),
                    described: format!("{of_group} {hint}").trim().to_owned(),
                    hint: choice.hint.as_ref().filter(|_| !hint.is_empty()).map(|h| h.within(hint.clone(), &class)),
                    id,
                }
            })
            .collect()
    }

    fn group(&self) -> Group<'_> {
        Group { choices: self, kind: self.kind }
    }

    fn whole(&self) -> Content {
        let group = Content::rendered(&self.group());
        match &self.fieldset {
            Some(fieldset) => Content::rendered(&fieldset.clone().described_by(self.described()).content(group)),
            None => group,
        }
    }
}

/// Hint, error and the choices themselves.
#[derive(Template)]
#[template(path = "ui/govuk/choices_group.html")]
struct Group<'a> {
    choices: &'a Choices,
    kind: Kind,
}

setters!(Choices {
    /// When ids don't begin with the name.
    val id_prefix: String;
    /// Helps to choose.
    opt hint: Hint;
    /// What is wrong, if something is.
    error error;
    /// Around it.
    val form_group: FormGroup;
    /// Beside its own: `govuk-radios--inline`, `govuk-checkboxes--small` …
    val classes: Classes;
    /// Ids of what describes it beside hint and error.
    val described_by: String;
    /// A further attribute.
    attribute attribute;
});

/// A list that unfolds.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/select.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Select {
    name: String,
    id: String,
    label: Label,
    hint: Option<Hint>,
    error_message: Option<ErrorMessage>,
    form_group: FormGroup,
    classes: Classes,
    described_by: String,
    disabled: bool,
    items: Vec<SelectItem>,
    value: Option<String>,
    attributes: Attributes,
}

/// One thing to choose in a list.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct SelectItem {
    value: Option<String>,
    content: Content,
    selected: Option<bool>,
    disabled: bool,
    attributes: Attributes,
}

impl SelectItem {
    /// A choice that sends `value`.
    pub fn new(value: impl Into<String>, text: impl Into<Content>) -> Self {
        Self { value: Some(value.into()), content: text.into(), ..Self::default() }
    }

    /// Whether it is chosen, whatever the value of the whole is.
    #[must_use]
    pub fn selected(mut self, yes: impl super::Flag) -> Self {
        self.selected = Some(yes.is());
        self
    }
}

setters!(SelectItem {
    /// It can't be chosen.
    flag disabled;
    /// A further attribute.
    attribute attribute;
});

impl Select {
    /// A list with this name, which is its id as well.
    pub fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }

    /// One more to choose.
    #[must_use]
    pub fn item(mut self, item: SelectItem) -> Self {
        self.items.push(item);
        self
    }

    /// More to choose.
    #[must_use]
    pub fn items(mut self, items: impl IntoIterator<Item = SelectItem>) -> Self {
        self.items.extend(items);
        self
    }

    fn own_id(&self) -> &str {
        if self.id.is_empty() { &self.name } else { &self.id }
    }

    fn head(&self) -> Head {
        Head::new(self.own_id(), &self.label, self.hint.as_ref(), self.error_message.as_ref())
    }

    fn described(&self) -> String {
        described(&self.described_by, self.own_id(), self.hint.is_some(), self.error_message.is_some())
    }

    fn is_selected(&self, item: &SelectItem) -> bool {
        let sent = item.value.as_deref().or_else(|| item.content.text());
        item.selected.unwrap_or_else(|| sent.is_some() && self.value.as_deref() == sent)
    }
}

setters!(Select {
    /// When it is not the name.
    val id: String;
    /// Helps to choose.
    opt hint: Hint;
    /// What is wrong with it, if something is.
    error error;
    /// Around it.
    val form_group: FormGroup;
    /// Beside its own.
    val classes: Classes;
    /// Ids of what describes it beside hint and error.
    val described_by: String;
    /// It can't be used.
    flag disabled;
    /// What is chosen.
    opt value: String;
    /// A further attribute of the control.
    attribute attribute;
});

//! A date that people know by heart: day, month and year, each in a field of its own.

use askama::Template;

use super::parts::{Head, described};
use super::{Attributes, Classes, Content, ErrorMessage, Fieldset, FormGroup, Hint, Input, Label, setters};

/// Day, month and year.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/govuk/date_input.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct DateInput {
    id: String,
    name_prefix: String,
    fieldset: Option<Fieldset>,
    hint: Option<Hint>,
    error_message: Option<ErrorMessage>,
    form_group: FormGroup,
    classes: Classes,
    #[cfg_attr(test, serde(deserialize_with = "super::tests::unless_false"))]
    day: Option<DatePart>,
    #[cfg_attr(test, serde(deserialize_with = "super::tests::unless_false"))]
    month: Option<DatePart>,
    #[cfg_attr(test, serde(deserialize_with = "super::tests::unless_false"))]
    year: Option<DatePart>,
    #[cfg_attr(test, serde(skip))]
    values: [String; 3],
    attributes: Attributes,
}

/// One of the three fields, where it differs from the usual.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct DatePart {
    label: String,
    classes: Classes,
    value: Option<String>,
    error: Option<bool>,
    autocomplete: Option<String>,
    attributes: Attributes,
}

impl DatePart {
    /// A field with this label, which has this in it.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: Some(value.into()), ..Self::default() }
    }

    /// Whether what is wrong is in this field. Unless one field says so, all three are marked.
    #[must_use]
    pub fn wrong(mut self, yes: impl super::Flag) -> Self {
        self.error = Some(yes.is());
        self
    }

    fn is_wrong(&self) -> bool {
        self.error == Some(true) || self.classes.contains("govuk-input--error")
    }
}

setters!(DatePart {
    /// What the browser may fill in (WCAG 1.3.5).
    opt autocomplete: String;
    /// Beside its own.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

impl Default for DateInput {
    fn default() -> Self {
        Self {
            id: String::new(),
            name_prefix: String::new(),
            fieldset: None,
            hint: None,
            error_message: None,
            form_group: FormGroup::default(),
            classes: Classes::default(),
            day: Some(DatePart::default()),
            month: Some(DatePart::default()),
            year: Some(DatePart::default()),
            values: [const { String::new() }; 3],
            attributes: Attributes::default(),
        }
    }
}

impl DateInput {
    /// Three fields whose names begin with `name` and a hyphen.
    pub fn new(name: impl Into<String>, legend: impl Into<Fieldset>) -> Self {
        let name = name.into();
        Self { id: name.clone(), name_prefix: name, fieldset: Some(legend.into()), ..Self::default() }
    }

    #[cfg(test)]
    pub(crate) fn valued(mut self, values: [String; 3]) -> Self {
        self.values = values;
        self
    }

    fn parts(&self) -> impl Iterator<Item = (&DatePart, &'static str, usize)> {
        let parts = [(&self.day, "day", 0), (&self.month, "month", 1), (&self.year, "year", 2)];
        parts.into_iter().filter_map(|(part, name, index)| part.as_ref().map(|part| (part, name, index)))
    }

    fn inputs(&self) -> Vec<Input> {
        let named = self.parts().any(|(part, ..)| part.is_wrong());
        self.parts().map(|(part, name, index)| self.input(part, name, index, named)).collect()
    }

    fn input(&self, part: &DatePart, name: &str, index: usize, named: bool) -> Input {
        let marked = part.classes.contains("govuk-input--error");
        let wrong = part.is_wrong() || (part.error != Some(false) && self.error_message.is_some() && !named);
        let mut classes = String::from("govuk-date-input__input");
        if wrong && !marked {
            classes.push_str(" govuk-input--error");
        }
        if !part.classes.contains("govuk-input--width-") {
            classes.push_str(if name == "year" { " govuk-input--width-4" } else { " govuk-input--width-2" });
        }
        classes.push_str(&part.classes.to_string());
        let label = match part.label.as_str() {
            "" => format!("{}{}", name[..1].to_uppercase(), &name[1..]),
            label => label.to_owned(),
        };
        let full_name = match self.name_prefix.as_str() {
            "" => name.to_owned(),
            prefix => format!("{prefix}-{name}"),
        };
        let mut input = Input::new(full_name, Label::from(label).classes("govuk-date-input__label"))
            .id(format!("{}-{name}", self.id))
            .classes(classes)
            .inputmode("numeric")
            .with(part.attributes.clone());
        let typed = part.value.as_ref().or(Some(&self.values[index]).filter(|v| !v.is_empty()));
        if let Some(value) = typed {
            input = input.value(value);
        }
        if let Some(autocomplete) = &part.autocomplete {
            input = input.autocomplete(autocomplete);
        }
        input
    }

    fn described(&self) -> String {
        let named = self.fieldset.as_ref().map_or("", |f| f.described_by.as_str());
        described(named, &self.id, self.hint.is_some(), self.error_message.is_some())
    }

    fn head(&self) -> Head {
        Head::new(&self.id, &Label::default(), self.hint.as_ref(), self.error_message.as_ref())
    }

    fn whole(&self) -> Content {
        let group = Content::rendered(&Group { date: self });
        match &self.fieldset {
            // Without the role some screen readers don't say what describes text fields.
            Some(f) => Content::rendered(&f.clone().described_by(self.described()).role("group").content(group)),
            None => group,
        }
    }
}

/// Hint, error and the fields themselves.
#[derive(Template)]
#[template(path = "ui/govuk/date_input_group.html")]
struct Group<'a> {
    date: &'a DateInput,
}

setters!(DateInput {
    /// Helps to fill it in: an example.
    opt hint: Hint;
    /// What is wrong with it, if something is.
    error error;
    /// Around it.
    val form_group: FormGroup;
    /// Beside its own.
    val classes: Classes;
    /// The day.
    opt day: DatePart;
    /// The month.
    opt month: DatePart;
    /// The year.
    opt year: DatePart;
    /// A further attribute.
    attribute attribute;
});

//! Fields to write in: one line, several lines, several lines with a limit.

use askama::Template;

use super::parts::{Head, described};
use super::{Attributes, Classes, Content, ErrorMessage, FormGroup, Hint, Label, setters};

/// One line.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/input.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Input {
    name: String,
    id: String,
    label: Label,
    hint: Option<Hint>,
    error_message: Option<ErrorMessage>,
    form_group: FormGroup,
    classes: Classes,
    #[cfg_attr(test, serde(rename = "type"))]
    kind: String,
    value: Option<String>,
    described_by: String,
    disabled: bool,
    spellcheck: Option<bool>,
    autocomplete: Option<String>,
    autocapitalize: Option<String>,
    pattern: Option<String>,
    inputmode: Option<String>,
    prefix: Option<Affix>,
    suffix: Option<Affix>,
    input_wrapper: Wrapper,
    attributes: Attributes,
}

/// A unit before or after what is written.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Affix {
    content: Content,
    classes: Classes,
    attributes: Attributes,
}

impl<T: Into<Content>> From<T> for Affix {
    fn from(content: T) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
struct Wrapper {
    classes: Classes,
    attributes: Attributes,
}

impl Input {
    /// A field with this name, which is its id as well.
    pub fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }

    pub(crate) fn with(mut self, attributes: Attributes) -> Self {
        self.attributes.append(&attributes);
        self
    }

    fn own_id(&self) -> &str {
        if self.id.is_empty() { &self.name } else { &self.id }
    }

    fn own_kind(&self) -> &str {
        if self.kind.is_empty() { "text" } else { &self.kind }
    }

    fn head(&self) -> Head {
        Head::new(self.own_id(), &self.label, self.hint.as_ref(), self.error_message.as_ref())
    }

    fn described(&self) -> String {
        described(&self.described_by, self.own_id(), self.hint.is_some(), self.error_message.is_some())
    }

    fn wrapped(&self) -> bool {
        let beside = !self.form_group.before_input.is_empty() || !self.form_group.after_input.is_empty();
        self.affix(&self.prefix).is_some() || self.affix(&self.suffix).is_some() || beside
    }

    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn affix<'a>(&self, affix: &'a Option<Affix>) -> Option<&'a Affix> {
        affix.as_ref().filter(|affix| !affix.content.is_empty())
    }
}

setters!(Input {
    /// When it is not the name.
    val id: String;
    /// Helps to fill it in.
    opt hint: Hint;
    /// What is wrong with it, if something is.
    error error;
    /// Around it.
    val form_group: FormGroup;
    /// Beside its own, for example `govuk-input--width-10`.
    val classes: Classes;
    /// `text` unless another is given.
    val kind: String;
    /// What stands in it.
    opt value: String;
    /// Ids of what describes it beside hint and error.
    val described_by: String;
    /// It can't be filled in.
    flag disabled;
    /// Whether the browser looks for spelling mistakes; its own decision unless given.
    opt spellcheck: bool;
    /// What the browser may fill in (WCAG 1.3.5).
    opt autocomplete: String;
    /// Which letters a keyboard on screen makes large.
    opt autocapitalize: String;
    /// What it must look like.
    opt pattern: String;
    /// Which keyboard is shown on screen.
    opt inputmode: String;
    /// Stands before it, for example `£`.
    opt prefix: Affix;
    /// Stands after it, for example `per week`.
    opt suffix: Affix;
    /// A further attribute of the control.
    attribute attribute;
});

/// Several lines.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/textarea.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Textarea {
    name: String,
    id: String,
    label: Label,
    hint: Option<Hint>,
    error_message: Option<ErrorMessage>,
    form_group: FormGroup,
    classes: Classes,
    value: String,
    #[cfg_attr(test, serde(deserialize_with = "super::tests::number"))]
    rows: Option<u32>,
    described_by: String,
    disabled: bool,
    spellcheck: Option<bool>,
    autocomplete: Option<String>,
    attributes: Attributes,
}

impl Textarea {
    /// A field with this name, which is its id as well.
    pub fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }

    fn own_id(&self) -> &str {
        if self.id.is_empty() { &self.name } else { &self.id }
    }

    fn lines(&self) -> u32 {
        self.rows.unwrap_or(5)
    }

    fn head(&self) -> Head {
        Head::new(self.own_id(), &self.label, self.hint.as_ref(), self.error_message.as_ref())
    }

    // As in govuk-frontend, `described_by` stands before hint and error.
    fn described(&self) -> String {
        described(&self.described_by, self.own_id(), self.hint.is_some(), self.error_message.is_some())
    }
}

setters!(Textarea {
    /// When it is not the name.
    val id: String;
    /// Helps to fill it in.
    opt hint: Hint;
    /// What is wrong with it, if something is.
    error error;
    /// Around it.
    val form_group: FormGroup;
    /// Beside its own.
    val classes: Classes;
    /// What stands in it.
    val value: String;
    /// How many lines are seen; 5 unless given.
    opt rows: u32;
    /// Ids of what describes it beside hint and error.
    val described_by: String;
    /// It can't be filled in.
    flag disabled;
    /// Whether the browser looks for spelling mistakes; its own decision unless given.
    opt spellcheck: bool;
    /// What the browser may fill in (WCAG 1.3.5).
    opt autocomplete: String;
    /// A further attribute of the control.
    attribute attribute;
});

/// Several lines of which no more than so many characters, or words, are taken. Without a script it
/// says how many; with one it counts down.
#[derive(Clone, Debug, Default, Template)]
#[template(source = "{{ self.textarea() }}", ext = "html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct CharacterCount {
    name: String,
    id: String,
    label: Label,
    hint: Option<Hint>,
    error_message: Option<ErrorMessage>,
    form_group: FormGroup,
    classes: Classes,
    value: String,
    #[cfg_attr(test, serde(deserialize_with = "super::tests::number"))]
    rows: Option<u32>,
    spellcheck: Option<bool>,
    #[cfg_attr(test, serde(deserialize_with = "super::tests::number"))]
    maxlength: Option<u32>,
    #[cfg_attr(test, serde(deserialize_with = "super::tests::number"))]
    maxwords: Option<u32>,
    #[cfg_attr(test, serde(deserialize_with = "super::tests::number"))]
    threshold: Option<u32>,
    textarea_description_text: Option<String>,
    count_message: Wrapper,
    counted: Counted,
    attributes: Attributes,
}

/// What a script says while it counts, by plural category (CLDR); English unless given.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Counted {
    /// So many more characters may be written.
    pub characters_under_limit_text: Plural,
    /// No more characters may be written.
    pub characters_at_limit_text: Option<String>,
    /// So many characters are too many.
    pub characters_over_limit_text: Plural,
    /// So many more words may be written.
    pub words_under_limit_text: Plural,
    /// No more words may be written.
    pub words_at_limit_text: Option<String>,
    /// So many words are too many.
    pub words_over_limit_text: Plural,
}

/// A message by plural category: `one`, `other` … `%{count}` stands for the number.
pub type Plural = std::collections::BTreeMap<String, String>;

impl CharacterCount {
    /// A field with this name, which is its id as well, that takes `most` characters.
    pub fn new(name: impl Into<String>, label: impl Into<Label>, most: u32) -> Self {
        Self { name: name.into(), label: label.into(), maxlength: Some(most), ..Self::default() }
    }

    fn own_id(&self) -> &str {
        if self.id.is_empty() { &self.name } else { &self.id }
    }

    /// Without a limit the message is empty, and a script that knows the limit says it.
    fn message(&self) -> Hint {
        let usual = if self.maxwords.is_some() {
            "You can enter up to %{count} words"
        } else {
            "You can enter up to %{count} characters"
        };
        let text = self.textarea_description_text.as_deref().unwrap_or(usual);
        let most = self.maxwords.or(self.maxlength).map(|most| text.replace("%{count}", &most.to_string()));
        let class = format!("govuk-character-count__message{}", self.count_message.classes);
        Hint::from(most.unwrap_or_default()).id(format!("{}-info", self.own_id())).classes(class)
    }

    fn data(&self) -> Attributes {
        let mut data = Attributes::default();
        data.set("data-module", "govuk-character-count");
        let numbers =
            [("data-maxlength", self.maxlength), ("data-maxwords", self.maxwords), ("data-threshold", self.threshold)];
        for (name, number) in numbers {
            if let Some(number) = number {
                data.set(name, number.to_string());
            }
        }
        if self.maxwords.is_some() {
            data.set("data-count-type", "words");
        }
        if let (None, Some(text)) = (self.maxwords.or(self.maxlength), &self.textarea_description_text) {
            data.set("data-i18n.textarea-description.other", text);
        }
        let counted = &self.counted;
        data.translate("characters-under-limit", &counted.characters_under_limit_text);
        data.translate("characters-over-limit", &counted.characters_over_limit_text);
        data.translate("words-under-limit", &counted.words_under_limit_text);
        data.translate("words-over-limit", &counted.words_over_limit_text);
        if let Some(text) = &counted.characters_at_limit_text {
            data.set("data-i18n.characters-at-limit", text);
        }
        if let Some(text) = &counted.words_at_limit_text {
            data.set("data-i18n.words-at-limit", text);
        }
        data
    }

    fn textarea(&self) -> Textarea {
        let group = &self.form_group;
        let after = [Content::rendered(&self.message()), group.after_input.clone()];
        let mut attributes = self.data();
        attributes.append(&group.attributes);
        Textarea {
            name: self.name.clone(),
            id: self.own_id().to_owned(),
            label: self.label.clone(),
            hint: self.hint.clone(),
            error_message: self.error_message.clone(),
            form_group: FormGroup {
                classes: format!("govuk-character-count{}", group.classes).into(),
                attributes,
                before_input: group.before_input.clone(),
                after_input: Content::all(after),
            },
            classes: format!("govuk-js-character-count{}", self.classes).into(),
            value: self.value.clone(),
            rows: self.rows,
            described_by: format!("{}-info", self.own_id()),
            disabled: false,
            spellcheck: self.spellcheck,
            autocomplete: None,
            attributes: self.attributes.clone(),
        }
    }
}

setters!(CharacterCount {
    /// When it is not the name.
    val id: String;
    /// Helps to fill it in.
    opt hint: Hint;
    /// What is wrong with it, if something is.
    error error;
    /// Around it.
    val form_group: FormGroup;
    /// Beside its own.
    val classes: Classes;
    /// What stands in it.
    val value: String;
    /// How many lines are seen; 5 unless given.
    opt rows: u32;
    /// Whether the browser looks for spelling mistakes; its own decision unless given.
    opt spellcheck: bool;
    /// Take so many words instead of characters.
    opt maxwords: u32;
    /// Begin to count when so much of it is used, in per cent.
    opt threshold: u32;
    /// How much may be written, said under the field; `%{count}` stands for the number.
    opt textarea_description_text: String;
    /// What is said while it is counted.
    val counted: Counted;
    /// A further attribute of the control.
    attribute attribute;
});

//! What tells people something: errors, success, warnings, help that unfolds.

use askama::Template;

use super::{Attributes, Classes, Content, setters};

/// All that is wrong with a form, above it, each with a link to its field.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/error_summary.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct ErrorSummary {
    title: Content,
    description: Content,
    error_list: Vec<Problem>,
    disable_auto_focus: Option<bool>,
    classes: Classes,
    attributes: Attributes,
}

/// One thing that is wrong.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Problem {
    content: Content,
    href: String,
    attributes: Attributes,
}

impl Problem {
    /// What is wrong and where: `#field`, or nothing when it is the form as a whole.
    pub fn new(content: impl Into<Content>, href: impl Into<String>) -> Self {
        Self { content: content.into(), href: href.into(), ..Self::default() }
    }
}

impl ErrorSummary {
    /// The title “There is a problem”, in the page's language, and what is wrong.
    pub fn new(title: impl Into<Content>, problems: impl IntoIterator<Item = Problem>) -> Self {
        Self { title: title.into(), error_list: problems.into_iter().collect(), ..Self::default() }
    }
}

setters!(ErrorSummary {
    /// What to do about all of it.
    val description: Content;
    /// The focus does not go there when the page opens.
    opt disable_auto_focus: bool;
    /// Beside its own.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

/// Something that people must know, for example that what they did is done.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/notification_banner.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct NotificationBanner {
    content: Content,
    title: Content,
    #[cfg_attr(test, serde(deserialize_with = "super::tests::number"))]
    title_heading_level: Option<u8>,
    title_id: String,
    #[cfg_attr(test, serde(rename = "type"))]
    kind: String,
    role: String,
    disable_auto_focus: Option<bool>,
    classes: Classes,
    attributes: Attributes,
}

impl NotificationBanner {
    /// A title and what it is about.
    pub fn new(title: impl Into<Content>, content: impl Into<Content>) -> Self {
        Self { title: title.into(), content: content.into(), ..Self::default() }
    }

    /// Something that went well.
    pub fn success(title: impl Into<Content>, content: impl Into<Content>) -> Self {
        Self { kind: "success".to_owned(), ..Self::new(title, content) }
    }

    fn is_success(&self) -> bool {
        self.kind == "success"
    }

    fn own_role(&self) -> &str {
        match (self.role.as_str(), self.is_success()) {
            ("", true) => "alert",
            ("", false) => "region",
            (role, _) => role,
        }
    }

    fn own_title_id(&self) -> &str {
        if self.title_id.is_empty() { "govuk-notification-banner-title" } else { &self.title_id }
    }

    fn level(&self) -> u8 {
        self.title_heading_level.unwrap_or(2)
    }

    fn title(&self) -> Content {
        match (self.title.is_empty(), self.is_success()) {
            (false, _) => self.title.clone(),
            (true, true) => "Success".into(),
            (true, false) => "Important".into(),
        }
    }
}

setters!(NotificationBanner {
    /// Level of its heading; 2 unless given.
    opt title_heading_level: u8;
    /// Id of its heading, for a second banner on a page.
    val title_id: String;
    /// `alert` for success, `region` for others unless given.
    val role: String;
    /// The focus does not go there when the page opens.
    opt disable_auto_focus: bool;
    /// Beside its own.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

/// Says that something is finished, at the end of a form.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/panel.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Panel {
    title: Content,
    content: Content,
    #[cfg_attr(test, serde(deserialize_with = "super::tests::number"))]
    heading_level: Option<u8>,
    classes: Classes,
    attributes: Attributes,
}

impl Panel {
    /// What is finished, and what more there is to say.
    pub fn new(title: impl Into<Content>, content: impl Into<Content>) -> Self {
        Self { title: title.into(), content: content.into(), ..Self::default() }
    }

    fn level(&self) -> u8 {
        self.heading_level.unwrap_or(1)
    }
}

setters!(Panel {
    /// Level of its heading; 1 unless given.
    opt heading_level: u8;
    /// Beside its own.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

/// Help that unfolds.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/details.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Details {
    summary: Content,
    content: Content,
    id: String,
    open: bool,
    classes: Classes,
    attributes: Attributes,
}

impl Details {
    /// What is always seen, and what unfolds.
    pub fn new(summary: impl Into<Content>, content: impl Into<Content>) -> Self {
        Self { summary: summary.into(), content: content.into(), ..Self::default() }
    }
}

setters!(Details {
    /// For links to it.
    val id: String;
    /// It is unfolded.
    flag open;
    /// Beside its own.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

/// Text set off from what is around it.
#[derive(Clone, Debug, Default, Template)]
#[template(
    source = r#"<div{% if !id.is_empty() %} id="{{ id }}"{% endif %} class="govuk-inset-text{{ classes }}"{{ attributes }}>{{ content }}</div>"#,
    ext = "html"
)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct InsetText {
    content: Content,
    id: String,
    classes: Classes,
    attributes: Attributes,
}

impl InsetText {
    /// With this in it.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

setters!(InsetText {
    /// For links to it.
    val id: String;
    /// Beside its own.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

/// Something with consequences.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "ui/govuk/warning_text.html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct WarningText {
    content: Content,
    icon_fallback_text: String,
    classes: Classes,
    attributes: Attributes,
}

impl WarningText {
    /// “Warning” in the page's language, which only screen readers say, and the consequence.
    pub fn new(word: impl Into<String>, content: impl Into<Content>) -> Self {
        Self { content: content.into(), icon_fallback_text: word.into(), ..Self::default() }
    }

    fn word(&self) -> &str {
        if self.icon_fallback_text.is_empty() { "Warning" } else { &self.icon_fallback_text }
    }
}

setters!(WarningText {
    /// Beside its own.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

/// In what state something is.
#[derive(Clone, Debug, Default, Template)]
#[template(source = r#"<strong class="govuk-tag{{ classes }}"{{ attributes }}>{{ content }}</strong>"#, ext = "html")]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Tag {
    content: Content,
    classes: Classes,
    attributes: Attributes,
}

impl Tag {
    /// With this word.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

setters!(Tag {
    /// Beside its own, for example `govuk-tag--green`.
    val classes: Classes;
    /// A further attribute.
    attribute attribute;
});

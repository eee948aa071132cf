//! The components of govuk-frontend that we use, as types: `{{ Input::new("email", label).hint(hint) }}`.
//!
//! Each writes the same HTML as the component of the same name in govuk-frontend, which its own
//! examples prove (`tests.rs`). Text is escaped wherever it stands; HTML gets in only as another
//! template ([`Content::rendered`]), never as a string.

mod attributes;
mod choices;
mod content;
mod date_input;
mod fields;
mod links;
mod notices;
mod parts;
mod summary_list;
#[cfg(test)]
mod tests;

pub use attributes::{Attributes, Classes};
pub use choices::{Choice, Choices, Select, SelectItem};
pub use content::Content;
pub use date_input::{DateInput, DatePart};
pub use fields::{Affix, CharacterCount, Counted, Input, Plural, Textarea};
pub use links::{BackLink, Button, Language, LanguageNavigation, SkipLink};
pub use notices::{Details, ErrorSummary, InsetText, NotificationBanner, Panel, Problem, Tag, WarningText};
pub use parts::{ErrorMessage, Fieldset, FormGroup, Hint, Label, Legend};
pub use summary_list::{Action, SummaryList, SummaryRow};

/// Builder methods: `opt` puts a value in, `val` replaces one, `flag` takes a yes or no.
macro_rules! setters {
    ($type:ty { $($(#[$doc:meta])* $kind:ident $name:ident $(: $value:ty)?;)* }) => {
        impl $type {
            $(crate::ui::components::setters!(@one $(#[$doc])* $kind $name $(: $value)?);)*
        }
    };
    (@one $(#[$doc:meta])* opt $name:ident: $value:ty) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: impl Into<$value>) -> Self {
            self.$name = Some($name.into());
            self
        }
    };
    (@one $(#[$doc:meta])* val $name:ident: $value:ty) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: impl Into<$value>) -> Self {
            self.$name = $name.into();
            self
        }
    };
    (@one $(#[$doc:meta])* flag $name:ident) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: impl crate::ui::components::Flag) -> Self {
            self.$name = $name.is();
            self
        }
    };
    // The message of a field that is wrong, when it is.
    (@one $(#[$doc:meta])* error $name:ident) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name<T: Into<crate::ui::components::ErrorMessage>>(mut self, $name: Option<T>) -> Self {
            self.error_message = $name.map(Into::into);
            self
        }
    };
    // Further attributes of the component's outermost element, or of the control in it.
    (@one $(#[$doc:meta])* attribute $name:ident) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, name: &'static str, value: impl Into<String>) -> Self {
            self.attributes.set(name, value);
            self
        }
    };
}
pub(crate) use setters;

/// Yes or no, also by reference, as templates hand it over.
pub trait Flag {
    /// Whether it is yes.
    fn is(self) -> bool;
}

impl Flag for bool {
    fn is(self) -> bool {
        self
    }
}

impl Flag for &bool {
    fn is(self) -> bool {
        *self
    }
}

/// Types whose template escapes what is put into it: pages show them with `{{ … }}`.
macro_rules! safe {
    ($($type:ty),* $(,)?) => { $(impl askama::filters::HtmlSafe for $type {})* };
}
safe!(BackLink, Button, CharacterCount, Choices, DateInput, Details, ErrorMessage, ErrorSummary, Fieldset);
safe!(Hint, Input, InsetText, Label, LanguageNavigation, NotificationBanner, Panel, Select, SkipLink);
safe!(SummaryList, Tag, Textarea, WarningText);

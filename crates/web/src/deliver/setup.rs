//! What the forms by which something is set up have in common: lines of text, and a password that is typed and never shown.

use crate::l10n;
use crate::ui::components::Input;
use crate::ui::form::{Errors, Fields};

/// A line that is typed as it is: nothing is filled in or corrected.
pub(super) fn line(sent: &Fields, errors: &Errors, name: &str, label: &str, hint: &str) -> Input {
    let say = l10n::console();
    Input::new(name, say.t(label).as_str())
        .hint(say.t(hint).as_str())
        .value(sent.get(name))
        .autocomplete("off")
        .spellcheck(false)
        .error(errors.of(name))
}

/// A password or key. What was typed does not come back.
pub(super) fn password(errors: &Errors, label: &str, hint: &str) -> Input {
    let say = l10n::console();
    Input::new("secret", say.t(label).as_str())
        .hint(say.t(hint).as_str())
        .kind("password")
        .autocomplete("new-password")
        .error(errors.of("secret"))
}

/// What was typed as a password or key; nothing where it is to stay.
pub(super) fn secret(sent: &Fields) -> Option<String> {
    Some(sent.exact("secret").to_owned()).filter(|secret| !secret.is_empty())
}

/// Values as a form would send them.
pub(super) fn fields(pairs: Vec<(&str, String)>) -> Fields {
    Fields(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

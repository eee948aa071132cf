//! A page with nothing to show: it says why, and what next.

use commonweal_domain::Permission;

use crate::l10n::console;
use crate::ui::frame::Visit;

/// Nothing to show: why, and what next.
pub(crate) struct Empty {
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) actions: Vec<Action>,
}

/// A way on.
pub(crate) struct Action {
    pub(crate) text: String,
    pub(crate) href: String,
}

/// There is feedback, but none that fits; `clear` is the page without any filter.
pub(crate) fn no_match(clear: &str) -> Empty {
    let say = console();
    Empty {
        title: say.t("empty-match"),
        text: say.t("empty-match-what"),
        actions: vec![Action { text: say.t("empty-match-clear"), href: clear.to_owned() }],
    }
}

/// The first page that somebody sees after setting up.
pub(crate) fn no_data(visit: &Visit) -> Empty {
    let (say, may_import) = (console(), visit.may(Permission::ImportFiles));
    let import = || Action { text: say.t("empty-feedback-import"), href: "/listen/imports/new".to_owned() };
    Empty {
        title: say.t("empty-feedback"),
        text: say.t(if may_import { "empty-feedback-what" } else { "empty-feedback-what-others" }),
        // Whoever may set the body up is led through it.
        actions: [
            visit
                .may(Permission::Administer)
                .then(|| Action { text: say.t("empty-feedback-set-up"), href: "/welcome".to_owned() }),
            may_import.then(import),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

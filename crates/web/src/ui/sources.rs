//! The names of sources of feedback, for filters and facts.

use commonweal_domain::{Actor, Permission};

use crate::l10n;
use crate::ui::frame::Visit;

/// The name that people know for where feedback came from: an import's file, a form's title, `API`,
/// `Console`.
pub(crate) async fn names(visit: &Visit) -> commonweal_app::Result<Vec<(String, String)>> {
    let say = l10n::console();
    let mut names = vec![
        ("api".to_owned(), say.t("source-api")),
        ("console".to_owned(), say.t("source-console")),
        ("mail".to_owned(), say.t("source-mail")),
    ];
    if matches!(visit.actor, Actor::User { .. }) && visit.may(Permission::ImportFiles) {
        let imports = visit.app().import_names(&visit.actor).await?;
        names.extend(imports.into_iter().map(|(id, file)| (id.to_string(), file)));
    }
    let forms = visit.app().form_names(&visit.actor).await?;
    names
        .extend(forms.into_iter().map(|(source, title)| (source, say.with("source-form", &[("title", title.into())]))));
    Ok(names)
}

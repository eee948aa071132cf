//! What waits for whoever is signed in, put together from what each capability brings: what their duties let
//! them deal with, and nothing else.

use futures::future::try_join_all;

use crate::http::capability::Section;
use crate::http::error::WebResult;
use crate::l10n::console;
use crate::ui::frame::Visit;

/// One line of it.
pub(crate) struct Wait {
    pub(crate) href: &'static str,
    pub(crate) text: String,
}

/// All that waits, in the order of the sections; empty when nothing does.
pub(crate) async fn waits(visit: &Visit) -> WebResult<Vec<Wait>> {
    let of = |section| {
        let all = visit.state.capabilities.iter().flat_map(|capability| capability.waits);
        all.filter(move |waiting| waiting.section == section)
    };
    let all = Section::ALL.into_iter().flat_map(of);
    let theirs = all.filter(|waiting| visit.may(waiting.needs.somewhere()));
    let counted = try_join_all(theirs.map(|waiting| async move {
        let count = visit.state.badges.of(waiting.address, waiting.count, visit.app(), &visit.actor).await?;
        Ok::<_, commonweal_app::Error>((waiting, count))
    }));
    let some = counted.await?.into_iter().filter(|(_, count)| *count > 0);
    Ok(some
        .map(|(waiting, count)| Wait { href: waiting.address, text: console().count(waiting.words, count) })
        .collect())
}

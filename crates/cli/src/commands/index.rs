//! `commonweal index`: build what is worked out from the store anew, or bring the index up to date.

use anyhow::Result;
use commonweal_domain::{Actor, BuiltBecause};
use commonweal_store::{Silent, Trail};

use crate::args::Index;
use crate::commands::serve::stop_signal;
use crate::wire::Opened;

pub(crate) async fn run(opened: &Opened, command: &Index) -> Result<()> {
    let mut projector = opened.projector()?;
    match command {
        Index::Rebuild => {
            // The counts of contacts by day are worked out from the ledger, as the index is.
            let store = opened.app.store();
            let wrong = store.wrong_contact_counts().await?;
            if wrong > 0 {
                let work = store.begin_work().await?;
                work.contacts().recount().await?;
                work.commit(Trail::Silent(Silent::Upkeep)).await?;
                println!("{wrong} counts of contacts by day were not right; all are counted anew.");
            }
            projector
                .rebuild(BuiltBecause::Asked, &stop_signal(), |done| {
                    if done.is_multiple_of(100_000) {
                        eprintln!("{done} feedback");
                    }
                })
                .await?;
            projector.catch_up().await?;
        }
        Index::CatchUp => projector.catch_up().await?,
    }
    let question = commonweal_app::Question::default();
    let count = opened.app.answer(&Actor::Operator, &question).await?.total.count.unwrap_or(0);
    println!("The index holds {count} feedback, up to change {}.", opened.app.as_of().change);
    Ok(())
}

//! `commonweal index`: build the index anew, or bring it up to date.

use anyhow::Result;
use commonweal_domain::Actor;

use crate::args::Index;
use crate::wire::Opened;

pub(crate) async fn run(opened: &Opened, command: &Index) -> Result<()> {
    let mut projector = opened.projector().await?;
    match command {
        Index::Rebuild => {
            projector
                .rebuild(|done| {
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

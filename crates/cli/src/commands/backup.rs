//! `commonweal backup` and `restore`.

use std::path::Path;

use anyhow::{Context, Result, bail};
use commonweal_app::App;

/// Writes a back-up beside the running server and reads it again.
pub(crate) async fn backup(app: &App, file: &Path) -> Result<()> {
    if file.try_exists().unwrap_or(false) {
        bail!("{} exists; a back-up does not overwrite anything.", file.display());
    }
    // The name is only given to a whole file: an interrupted back-up is never taken for one.
    let part = file.with_extension("part");
    app.store().backup(&part).await.with_context(|| format!("No back-up was written to {}.", file.display()))?;
    std::fs::rename(&part, file).with_context(|| format!("{} can't be given its name.", file.display()))?;
    let bytes = std::fs::metadata(file)?.len();
    println!(
        "Back-up written to {} ({bytes} bytes). Files that were imported at the command line are not in it.",
        file.display()
    );
    Ok(())
}

/// Puts a back-up in the place of an empty database.
pub(crate) async fn restore(file: &Path, url: &str) -> Result<()> {
    if !file.try_exists().unwrap_or(false) {
        bail!("There is no file {}.", file.display());
    }
    commonweal_store::restore(file, url).await.with_context(|| {
        format!(
            "{} was not restored. A back-up is restored into a new, empty data folder or database (--data DIR).",
            file.display()
        )
    })?;
    println!("Restored. The index is built at the next start.");
    Ok(())
}

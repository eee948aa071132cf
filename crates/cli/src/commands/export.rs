//! `commonweal export`: exactly what is filtered, as a file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use commonweal_app::App;
use commonweal_ports::TableFormat;

use super::query::filter;
use crate::args::Export;

pub(crate) async fn run(app: &App, args: &Export) -> Result<()> {
    let filter = filter(app, &args.filters)?;
    let standard_output = args.file.as_os_str() == "-";
    let format = if standard_output {
        TableFormat::Csv
    } else {
        let extension = args.file.extension().and_then(|e| e.to_str()).unwrap_or_default();
        match TableFormat::from_extension(extension) {
            Some(format) => format,
            None => bail!("{}: the file's name must end in .csv, .xlsx or .ndjson.", args.file.display()),
        }
    };
    let rows = app.export(&args.filters.actor(), &filter, format, output(&args.file)?, |_| ()).await?;
    if !standard_output {
        eprintln!("{rows} feedback written to {}.", args.file.display());
    }
    Ok(())
}

/// Where what is taken out is written: a new file, or standard output for `-`.
pub(super) fn output(file: &Path) -> Result<Box<dyn Write + Send>> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(std::io::stdout()));
    }
    let made = File::create_new(file)
        .with_context(|| format!("{} can't be made; an existing file is not overwritten.", file.display()))?;
    Ok(Box::new(BufWriter::with_capacity(1 << 20, made)))
}

//! Prints what reading a file would make of it: `cargo run -p commonweal-channels --example look FILE [MAP…]`.

use std::path::Path;

use commonweal_channels::files::{Files, mapping_from_arguments};
use commonweal_domain::import::Target;
use commonweal_ports::{FileContext, FileReader};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (file, maps) = arguments.split_first().ok_or("name a file")?;
    let mapping = mapping_from_arguments(maps)?;
    let context = FileContext { zone: chrono_tz::Europe::London, now: chrono::Utc::now(), refuse: |_, _| None };
    let path = Path::new(file);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let began = std::time::Instant::now();
    let preview = Files.preview(path, &name, &mapping, context)?;
    println!("{} ({:?})", preview.format, began.elapsed());
    for column in preview.columns.iter().filter(|c| c.target != Target::Ignore) {
        println!(
            "  {:<28} <- {} ({}) {:?}",
            column.target.key(),
            column.heading,
            column.reason,
            column.samples.first()
        );
    }
    for column in preview.columns.iter().filter(|c| c.target == Target::Ignore) {
        println!("  ignore <- {} ({})", column.heading, column.reason);
    }
    for warning in &preview.warnings {
        println!("! {warning}");
    }
    for row in preview.rows.iter().take(2) {
        println!("  {row:?}");
    }
    let began = std::time::Instant::now();
    let mut rows = Files.open(path, &name, &preview.mapping, context)?;
    let (mut good, mut bad) = (0_u64, 0_u64);
    let mut first_bad = None;
    loop {
        let batch = rows.next_rows(2_000)?;
        if batch.is_empty() {
            break;
        }
        for row in batch {
            match row.outcome {
                Ok(_) => good += 1,
                Err(problem) => {
                    bad += 1;
                    first_bad = first_bad.or(Some(problem));
                }
            }
        }
    }
    println!("{good} rows taken, {bad} sent back, {:?}; first: {first_bad:?}", began.elapsed());
    Ok(())
}

//! How many letters are printed a second, and how large they are: `cargo run --release --example rate -p commonweal-letters -- 1000`.
//! With a second argument, the last one is written to this file.

use std::time::Instant;

use commonweal_letters::{Letter, Office, print};
use commonweal_messages::{Template, Values, address_lines};

const BODY: &str = "# Your bins\n\nDear ((name)),\n\nfrom **Monday 7 December** your bins are emptied on other days:\n\n\
    | Bin | Day | From |\n|---|---|---|\n| Blue | Monday | 7 December |\n| Green | Tuesday | 8 December |\n\n\
    ## What to do\n\n1. Put them out before *seven* in the morning.\n2. Close their lids.\n3. Take them in again.\n\n\
    ^ Nothing changes for garden waste.\n\n---\n\nMore about it: [our pages](https://example.org/bins/days?from=letter).\n\n\
    Yours sincerely,\n\nWaste and streets";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let many: u32 = arguments.next().map_or(Ok(200), |many| many.parse())?;
    let file = arguments.next();
    let template = Template::parse_body(BODY).map_err(|faults| faults[0].clone())?;
    let office = Office {
        name: "Anytown Council".into(),
        lines: ["Town Hall", "1 Market Square", "Anytown", "ZX1 1AA", "", "01632 960 001"].map(str::to_owned).into(),
    };
    let begun = Instant::now();
    let mut bytes = 0;
    for n in 0..many {
        let mut values = Values::new();
        values.set("name", format!("Ann Lee {n}"))?;
        let blocks = template.blocks(&values, "en").map_err(|faults| faults[0].clone())?;
        let address = [format!("Ms Ann Lee {n}"), format!("{n} High Street"), "Anytown".into(), "ZX4 7QT".into()];
        let address = address_lines(&address).map_err(|faults| faults[0].clone())?;
        let (id, reference) = (n.to_string(), format!("B-{n}"));
        let letter = Letter {
            id: &id,
            language: "en",
            subject: "The days on which your bins are emptied change",
            office: &office,
            address: &address,
            date: chrono::NaiveDate::from_ymd_opt(2026, 12, 1).unwrap_or_default(),
            reference: Some(&reference),
            blocks: &blocks,
        };
        let printed = print(&letter)?;
        bytes += printed.pdf.len();
        if let Some(file) = file.as_ref().filter(|_| n + 1 == many) {
            std::fs::write(file, &printed.pdf)?;
        }
    }
    let took = begun.elapsed().as_secs_f64();
    println!(
        "{many} letters in {took:.2} s: {:.1} a second, {} bytes each",
        f64::from(many) / took,
        bytes / many as usize
    );
    Ok(())
}

//! Holds the reader to a folder of messages and a table of what is in them, as `tests/truth.py` makes it:
//!
//! ```sh
//! python3 crates/mail/tests/truth.py FOLDER > bounces.tsv
//! cargo run -p commonweal-mail --example measure -- FOLDER bounces.tsv
//! ```
//!
//! Prints each row of a report that was read otherwise, each message without a report of which no recipient was found, and figures.

use std::collections::BTreeMap;
use std::path::PathBuf;

use commonweal_mail::{Kind, Mail, read};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(table)) = (args.next(), args.next()) else {
        return Err("Say a folder of .eml files and a table.".into());
    };
    let table = std::fs::read_to_string(table)?;
    let mut rows: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        rows.entry(cells[0]).or_default().push(cells);
    }
    let (mut reported, mut right, mut complaints, mut complaints_right) = (0, 0, 0, 0);
    let (mut words, mut found) = (0, 0);
    let mut kinds: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (file, rows) in rows {
        let mail = match read(&std::fs::read(folder.join(file))?) {
            Ok(mail) => mail,
            Err(problem) => {
                println!("{file}: {problem}");
                continue;
            }
        };
        *kinds.entry((rows[0][1], mail.kind.key())).or_default() += 1;
        match rows[0][1] {
            "unstructured" => {
                words += 1;
                found += usize::from(!mail.recipients.is_empty());
                println!("{file}: {} ({}): {}", mail.kind.key(), mail.sign, told(&mail));
            }
            "arf" => {
                complaints += 1;
                let kind = mail.feedback.as_ref().map(|f| f.kind.as_str());
                let good = mail.kind == Kind::Complaint
                    && kind == Some(rows[0][3])
                    && (rows[0][2].is_empty() || has(&mail, &rows[0]));
                complaints_right += usize::from(good);
                if !good {
                    println!("! {file}: {:?} {kind:?}", mail);
                }
            }
            _ => {
                for row in &rows {
                    reported += 1;
                    let good = has(&mail, row);
                    right += usize::from(good);
                    if !good {
                        println!("! {file}: {} {} {} was read as {}", row[2], row[3], row[4], told(&mail));
                    }
                }
            }
        }
    }
    println!("\nRecipients of delivery reports with address, action and status: {right} of {reported}");
    println!("Feedback reports with kind and recipient: {complaints_right} of {complaints}");
    println!("Without a report, a recipient found: {found} of {words}");
    for ((truth, kind), n) in kinds {
        println!("{truth} read as {kind}: {n}");
    }
    Ok(())
}

fn has(mail: &Mail, row: &[&str]) -> bool {
    mail.recipients.iter().any(|r| {
        r.address.eq_ignore_ascii_case(row[2]) && r.action == row[3] && (row[1] == "arf" || r.status == row[4])
    })
}

fn told(mail: &Mail) -> String {
    let told = mail.recipients.iter().map(|r| format!("{} {} {} {}", r.address, r.action, r.status, r.class.key()));
    told.collect::<Vec<_>>().join(" | ")
}

//! `commonweal people import` and `learn`: what a file says of people becomes records.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use commonweal_app::App;
use commonweal_app::people::{HandleTold, MAX_TOLD, Outcome, PersonTold};
use commonweal_channels::files::PeopleFile;
use commonweal_domain::{Actor, Details, ExternalId, HandleKind};

use super::people_files::{month_first, record};
use crate::args::PeopleImport;

/// Rows whose mistakes are told one by one; more are counted.
const MAX_TOLD_MISTAKES: usize = 20;

/// What became of a file.
#[derive(Default)]
struct Done {
    new: usize,
    updated: usize,
    unchanged: usize,
    /// Rows that say nothing of anybody.
    silent: usize,
    unread_dates: usize,
    /// Ways to reach somebody that can't be ones, by the reason, and the rows of the first ones.
    left_out: BTreeMap<String, (usize, Vec<u64>)>,
}

/// Tells what a file says. The same file again changes nothing.
pub(crate) async fn import(app: &App, args: &PeopleImport) -> Result<()> {
    let path: &Path = &args.file;
    if !path.is_file() {
        bail!("There is no file {}.", path.display());
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let month_first = month_first(path, &name, args.id.as_deref())?;
    let mut file = PeopleFile::open(path, &name, args.id.as_deref())?;
    for note in file.notes() {
        eprintln!("{note}");
    }
    let mut done = Done::default();
    let mut waiting: Vec<PersonTold> = Vec::new();
    while file.advance()? {
        if file.id().is_empty() {
            bail!(
                "Row {} has no id in the column “{}”; {} records before it are kept. Give each row one, or say with --id which \
                 column has them, and import the file again: what is there already stays as it is.",
                file.row(),
                file.id_heading(),
                done.new + done.updated + done.unchanged
            );
        }
        match told(app, &file, month_first, &mut done) {
            Some(told) => waiting.push(told),
            None => done.silent += 1,
        }
        if waiting.len() == MAX_TOLD {
            tell(app, &args.source, std::mem::take(&mut waiting), &mut done).await?;
        }
    }
    tell(app, &args.source, waiting, &mut done).await?;
    let unused: Vec<&str> = file
        .columns()
        .filter(|(heading, field)| field.is_none() && *heading != file.id_heading())
        .map(|(h, _)| h)
        .collect();
    report(&done, &unused);
    Ok(())
}

async fn tell(app: &App, source: &str, people: Vec<PersonTold>, done: &mut Done) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    for told in app.tell_of_people(&Actor::Operator, source, &people).await? {
        match told.outcome {
            Outcome::New => done.new += 1,
            Outcome::Updated => done.updated += 1,
            Outcome::Unchanged => done.unchanged += 1,
        }
    }
    Ok(())
}

/// What a row says; nothing when it says nothing of anybody.
fn told(app: &App, file: &PeopleFile, month_first: bool, done: &mut Done) -> Option<PersonTold> {
    let read = record(file, month_first, &mut done.unread_dates);
    let birth_date = read.birth_date.and_then(|date| {
        let known = date.to_string().parse().ok();
        done.unread_dates += usize::from(known.is_none());
        known
    });
    let mut handles = Vec::new();
    let emails = read.emails.into_iter().map(|text| HandleTold::new(HandleKind::Email, text));
    let phones = read.phones.into_iter().map(|text| HandleTold::new(HandleKind::Phone, text));
    for handle in emails.chain(phones).filter(|h| !h.text.trim().is_empty()) {
        match app.check_handle(&handle) {
            Ok(()) => handles.push(handle),
            Err(wrong) => {
                let reason = wrong.0.first().map_or_else(String::new, |e| e.message.clone());
                let (times, rows) = done.left_out.entry(reason).or_default();
                // A cell that falls into several is one mistake.
                if rows.last() != Some(&file.row()) {
                    *times += 1;
                    if rows.len() < MAX_TOLD_MISTAKES {
                        rows.push(file.row());
                    }
                }
            }
        }
    }
    let external_ids = read.external_ids.into_iter().map(|id| ExternalId { scheme: id.scheme, value: id.value });
    let details = Details {
        given_names: read.given_names,
        surname: read.surname,
        birth_date,
        address: read.address,
        town: read.town,
        postcode: read.postcode,
        external_ids: external_ids.collect(),
        ..Details::default()
    };
    let says = details != Details::default() || !handles.is_empty();
    says.then(|| PersonTold { key: file.id().to_owned(), details, handles })
}

fn report(done: &Done, unused: &[&str]) {
    println!("{} new, {} updated, {} as before.", done.new, done.updated, done.unchanged);
    if done.silent > 0 {
        println!("Rows that say nothing of anybody, left out: {}.", done.silent);
    }
    if done.unread_dates > 0 {
        println!("Dates of birth that can't be read as dates, left out: {}.", done.unread_dates);
    }
    for (reason, (times, rows)) in &done.left_out {
        let rows: Vec<String> = rows.iter().map(u64::to_string).collect();
        let more = if *times > rows.len() { ", and more" } else { "" };
        println!("Ways to reach somebody, left out in {times} rows: {reason} (rows {}{more})", rows.join(", "));
    }
    if !unused.is_empty() {
        println!("Columns that were not used: {}.", unused.join(", "));
    }
}

/// Learns from the records that are there how they are compared.
pub(crate) async fn learn(app: &App) -> Result<()> {
    let records = app.learn_linkage(&Actor::Operator).await?;
    println!(
        "Comparing was learnt from {records} records. Persons stay as they are; records that come in are compared so."
    );
    Ok(())
}

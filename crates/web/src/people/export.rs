//! What is kept of a person, to be taken away: one ZIP with a document for programs and a page for people.

use std::io::{Cursor, Write};

use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::people::PersonExport;
use commonweal_domain::{Permission, PersonId, StaysKept};
use serde_json::{Map, Value};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::people::care::{Reached, reached};
use crate::people::record::{Fact, name};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "people/export.html")]
struct ExportPage {
    frame: Frame,
    say: Say,
    id: String,
    name: String,
}

/// The page in the ZIP: it stands alone, and is the person's.
#[derive(Template)]
#[template(path = "people/exported.html")]
struct Exported<'e> {
    say: Say,
    body: &'e str,
    made: String,
    tables: Vec<ExportedTable>,
    /// Of what nothing is kept.
    nothing: Vec<&'static str>,
    stays: &'e [StaysKept],
}

struct ExportedTable {
    what: &'static str,
    rows: Vec<ExportedRow>,
}

struct ExportedRow {
    number: usize,
    facts: Vec<Fact>,
}

/// Columns that say something to programs alone: ids and hashes.
fn is_for_programs(column: &str, value: &Value) -> bool {
    let is_id = column == "id" || column.ends_with("_id") || matches!(column, "key" | "hash" | "dedupe");
    let named = matches!(column, "service_id" | "touchpoint_id" | "theme_id" | "form_id" | "import_id");
    (is_id && !named) || value.is_null()
}

/// A value in one line, as people read it.
fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| format!("{}: {}", label(name), in_words(value));
            fields.iter().map(field).collect::<Vec<_>>().join("; ")
        }
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Null => String::new(),
        Value::Number(number) => number.to_string(),
    }
}

/// A column as a heading: `given_names` is Given names.
fn label(column: &str) -> String {
    let words = column.trim_end_matches("_id").replace('_', " ");
    format::capital(&words)
}

/// What a row says to people; an instant as a day with its time.
fn facts(row: &Map<String, Value>, visit: &Visit) -> Vec<Fact> {
    let value = |column: &str, value: &Value| {
        let instant = value.as_str().filter(|_| column == "at" || column.ends_with("_at"));
        match instant.and_then(|text| text.parse().ok()) {
            Some(at) => format::date_time(at, visit.zone()),
            None => in_words(value),
        }
    };
    let shown = row.iter().filter(|(column, value)| !is_for_programs(column, value));
    shown.map(|(column, said)| Fact { name: label(column), value: value(column, said) }).collect()
}

fn exported(export: &PersonExport, visit: &Visit) -> WebResult<String> {
    let tables = export.kept.iter().filter(|table| !table.rows.is_empty()).map(|table| ExportedTable {
        what: table.what,
        rows: (1..)
            .zip(&table.rows)
            .map(|(number, row)| ExportedRow { number, facts: facts(row, visit) })
            .filter(|row| !row.facts.is_empty())
            .collect(),
    });
    let page = Exported {
        say: l10n::console(),
        body: &export.body,
        made: format::date_time(export.made_at, visit.zone()),
        tables: tables.collect(),
        nothing: export.kept.iter().filter(|table| table.rows.is_empty()).map(|table| table.what).collect(),
        stays: &export.stays,
    };
    Ok(page.render().map_err(Error::internal)?)
}

fn zipped(files: [(&str, &[u8]); 2]) -> Result<Vec<u8>, Error> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, SimpleFileOptions::default()).map_err(Error::internal)?;
        zip.write_all(bytes).map_err(Error::internal)?;
    }
    Ok(zip.finish().map_err(Error::internal)?.into_inner())
}

/// What it holds, and the way to it.
pub(crate) async fn form(visit: Visit, Path(id): Path<PersonId>) -> WebResult<Response> {
    visit.require(Permission::ReadPeople)?;
    let seen = match reached(&visit, id).await? {
        Reached::Seen(seen) => seen,
        Reached::Elsewhere(response) => return Ok(response),
    };
    let (say, name) = (l10n::console(), name(&seen.records));
    let frame = visit.frame(say.with("export-head", &[("name", name.as_str().into())])).await?;
    Ok(Page(ExportPage { frame, id: id.to_string(), name, say }).into_response())
}

/// The file. It is called by no name: it may lie in a folder that others see.
pub(crate) async fn download(visit: Visit, Path(id): Path<PersonId>) -> WebResult<Response> {
    let export = match visit.app().export_person(&visit.actor, id).await {
        Err(Error::Conflict { code: "reason_needed", .. }) => {
            return Ok(Redirect::to(&format!("/people/{id}")).into_response());
        }
        other => other?,
    };
    let json = serde_json::to_vec_pretty(&export.json()).map_err(Error::internal)?;
    let page = exported(&export, &visit)?;
    let zip = zipped([("person.json", &json), ("person.html", page.as_bytes())])?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"person.zip\""),
    ];
    Ok((headers, zip).into_response())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{in_words, is_for_programs, label};

    #[test]
    fn what_stands_in_a_column_is_said_in_words() {
        let details = json!({"given_names": "Ann", "address": ["1 Quay Street", "Anytown"], "deaf": true});
        assert_eq!(in_words(&details), "Address: 1 Quay Street, Anytown; Deaf: yes; Given names: Ann");
        assert_eq!(label("service_id"), "Service");
        assert!(is_for_programs("record_id", &json!("x")) && is_for_programs("note", &json!(null)));
        assert!(!is_for_programs("service_id", &json!("Housing")));
    }
}

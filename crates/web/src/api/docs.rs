//! The document of the API as a page that people can read, made from the document itself.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::{Map, Value};
use std::sync::OnceLock;

use crate::api::document::document;
use crate::http::capability::Capability;
use crate::http::state::WebState;
use crate::ui::page::Page;

/// Kinds of problems with their meaning, in the order of their status.
const PROBLEMS: &[(&str, u16, &str)] = &[
    ("bad_query", 400, "A parameter or header is unknown, missing or not allowed; errors says which and what is."),
    ("malformed_json", 400, "The body is not valid JSON; errors says at which line and column."),
    ("bad_request", 400, "The request can’t be understood."),
    ("unauthenticated", 401, "There is no key and no session, or one that is not valid or was taken back."),
    ("denied", 403, "The key has not the scope, or the user not the role, that this needs."),
    (
        "password_must_change",
        403,
        "The user signed in with a password that another knows, and has to choose one first.",
    ),
    ("second_step_missing", 403, "The body asks for a second step of signing in, which the user has to set up first."),
    ("cross_site", 403, "A browser sent the request on behalf of another website."),
    ("not_found", 404, "There is nothing at this address."),
    ("method_not_allowed", 405, "The address exists, but not for this method; the header Allow says which."),
    ("conflict", 409, "Somebody else changed the same thing meanwhile."),
    ("idempotency_key_reused", 409, "The Idempotency-Key was used before for another body."),
    ("too_large", 413, "The body is larger than this server takes."),
    ("unsupported_media_type", 415, "The body is in a format that is not taken."),
    ("invalid", 422, "Something in the body is not valid; errors says what and where. Nothing was taken in."),
    ("too_many", 429, "Too many requests; the header Retry-After says how long to wait."),
    ("internal", 500, "Something is broken on the server; its log has the reference."),
    ("busy", 503, "There is more to write than the server can at the moment. Nothing was taken in; try again."),
    ("out_of_time", 503, "The question took longer than it may and was given up; ask a narrower one."),
    ("stopping", 503, "The server is being stopped; ask again in a minute."),
    ("index_building", 503, "Figures are being built from the database. What is sent in is taken in meanwhile."),
    (
        "index_damaged",
        503,
        "Files of the index are damaged. No figures are given until they have been built from the database again.",
    ),
    ("disk_full", 503, "There is no room on the server’s disk. Nothing was taken in; try again later."),
    ("store_unavailable", 503, "The database can’t be reached. Nothing was taken in; try again."),
];

#[derive(Template)]
#[template(path = "api/docs.html")]
struct Docs {
    body_name: String,
    branding: Option<String>,
    address: String,
    about: &'static [String],
    groups: &'static [Group],
    schemas: &'static [Shape],
    problems: &'static [(&'static str, u16, &'static str)],
}

/// Operations that belong together.
struct Group {
    name: String,
    what: String,
    operations: Vec<Operation>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: String,
    parameters: Vec<Line>,
    body: Vec<Line>,
    answers: Vec<Line>,
}

/// A named shape.
struct Shape {
    name: String,
    what: String,
    kind: Kind,
    fields: Vec<Line>,
    example: Option<String>,
}

/// One row of a table.
struct Line {
    name: String,
    required: bool,
    kind: Kind,
    what: String,
}

/// A kind of value, in words, with the shape it links to.
#[derive(Default)]
struct Kind {
    text: String,
    link: Option<String>,
}

/// The document in the order in which people read it, made once.
struct Contents {
    about: Vec<String>,
    groups: Vec<Group>,
    shapes: Vec<Shape>,
}

impl Contents {
    fn of(document: &Value) -> Self {
        Self {
            about: marked(&document["info"], "description").split("\n\n").map(str::to_owned).collect(),
            groups: groups(document),
            shapes: shapes(document),
        }
    }
}

fn made_of(capabilities: &[Capability]) -> &'static Contents {
    static CONTENTS: OnceLock<Contents> = OnceLock::new();
    CONTENTS.get_or_init(|| Contents::of(&serde_json::to_value(document(capabilities)).unwrap_or(Value::Null)))
}

/// The page.
pub(crate) async fn page(State(state): State<WebState>) -> Response {
    let contents = made_of(state.capabilities);
    Page(Docs {
        branding: crate::ui::branding::address(&state.app.settings().branding),
        body_name: state.app.settings().name,
        address: state.config.public_url.clone(),
        about: &contents.about,
        groups: &contents.groups,
        schemas: &contents.shapes,
        problems: PROBLEMS,
    })
    .into_response()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().trim().to_owned()
}

/// A description as HTML: what stands between backticks is code.
fn marked(value: &Value, key: &str) -> String {
    let mut html = String::new();
    for (n, piece) in text(value, key).split('`').enumerate() {
        if n > 0 {
            html.push_str(if n % 2 == 1 { "<code>" } else { "</code>" });
        }
        html.push_str(&piece.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
    }
    html
}

fn groups(document: &Value) -> Vec<Group> {
    let empty = Map::new();
    let paths = document["paths"].as_object().unwrap_or(&empty);
    let mut groups: Vec<Group> = document["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|tag| Group { name: text(tag, "name"), what: marked(tag, "description"), operations: Vec::new() })
        .collect();
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap_or(&empty) {
            let tag = operation["tags"][0].as_str().unwrap_or_default();
            if let Some(group) = groups.iter_mut().find(|g| g.name == tag) {
                group.operations.push(self::operation(path, method, operation));
            }
        }
    }
    groups
}

fn operation(path: &str, method: &str, operation: &Value) -> Operation {
    let parameters = operation["parameters"].as_array().into_iter().flatten().map(|p| Line {
        name: if p["in"] == "path" { format!("{{{}}}", text(p, "name")) } else { text(p, "name") },
        required: p["required"].as_bool().unwrap_or(false),
        kind: kind(&p["schema"]),
        what: marked(p, "description"),
    });
    Operation {
        id: text(operation, "operationId"),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(operation, "summary"),
        description: marked(operation, "description"),
        parameters: parameters.collect(),
        body: contents(&operation["requestBody"]["content"], ""),
        answers: answers(&operation["responses"]),
    }
}

fn answers(responses: &Value) -> Vec<Line> {
    let empty = Map::new();
    let mut lines = Vec::new();
    for (status, response) in responses.as_object().unwrap_or(&empty) {
        let what = marked(response, "description");
        lines.extend(
            contents(&response["content"], &what).into_iter().map(|line| Line { name: status.clone(), ..line }),
        );
    }
    lines
}

fn contents(content: &Value, what: &str) -> Vec<Line> {
    let empty = Map::new();
    let contents = content.as_object().unwrap_or(&empty);
    let line = |(media_type, content): (&String, &Value)| Line {
        name: media_type.clone(),
        required: false,
        kind: kind(&content["schema"]),
        what: what.to_owned(),
    };
    contents.iter().map(line).collect()
}

fn shapes(document: &Value) -> Vec<Shape> {
    let empty = Map::new();
    let schemas = document["components"]["schemas"].as_object().unwrap_or(&empty);
    let shape = |(name, schema): (&String, &Value)| {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let fields = schema["properties"].as_object().unwrap_or(&empty).iter().map(|(name, field)| Line {
            name: name.clone(),
            required: required.contains(&name.as_str()),
            kind: kind(field),
            what: marked(field, "description"),
        });
        Shape {
            name: name.clone(),
            what: marked(schema, "description"),
            kind: if schema["oneOf"].is_array() { kind(schema) } else { Kind::default() },
            fields: fields.collect(),
            example: schema["examples"][0].as_object().and_then(|e| serde_json::to_string_pretty(e).ok()),
        }
    };
    schemas.iter().map(shape).collect()
}

/// What kind of value a schema describes, in words.
fn kind(schema: &Value) -> Kind {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        return Kind { text: name.to_owned(), link: Some(name.to_owned()) };
    }
    if let Some(choices) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
        let kinds: Vec<Kind> = choices.iter().map(kind).collect();
        let text = kinds.iter().map(|k| k.text.as_str()).collect::<Vec<_>>().join(", or ");
        return Kind { text, link: kinds.into_iter().find_map(|k| k.link) };
    }
    if let Some(values) = schema["enum"].as_array() {
        // The form with an exclamation mark is explained beside it.
        let plain = values.iter().filter(|v| !v.as_str().is_some_and(|v| v.starts_with('!')));
        let names: Vec<String> = plain.map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect();
        return Kind { text: format!("one of {}", names.join(", ")), link: None };
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => vec!["any value"],
    };
    if types.contains(&"array") {
        let items = kind(&schema["items"]);
        return Kind { text: format!("list of {}{}", items.text, bounds(schema, "Items", "items")), link: items.link };
    }
    let mut words: Vec<String> =
        types.iter().map(|t| t.replace("string", "text").replace("object", "names and values")).collect();
    match schema["format"].as_str() {
        Some("uuid") => words[0] = "UUID".to_owned(),
        Some("date-time") => words[0] = "date and time with offset (RFC 3339)".to_owned(),
        _ => {}
    }
    let mut text = words.join(" or ");
    text.push_str(&bounds(schema, "Length", "characters"));
    text.push_str(&match (&schema["minimum"], &schema["maximum"]) {
        (Value::Number(least), Value::Number(most)) => format!(", {least} to {most}"),
        (Value::Number(least), _) => format!(", at least {least}"),
        _ => String::new(),
    });
    Kind { text, link: None }
}

fn bounds(schema: &Value, what: &str, unit: &str) -> String {
    match (&schema[format!("min{what}")], &schema[format!("max{what}")]) {
        (Value::Number(least), Value::Number(most)) => format!(", {least} to {most} {unit}"),
        (_, Value::Number(most)) => format!(", at most {most} {unit}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Contents {
        Contents::of(&serde_json::to_value(crate::document()).expect("plain data"))
    }

    #[test]
    fn the_page_shows_every_operation_and_every_shape() {
        let made = made();
        let operations: usize = made.groups.iter().map(|g| g.operations.len()).sum();
        let document = serde_json::to_value(crate::document()).expect("plain data");
        let paths = document["paths"].as_object().expect("paths");
        let described: usize = paths.values().map(|item| item.as_object().expect("an item").len()).sum();
        assert_eq!(operations, described);
        assert_eq!(made.shapes.len(), document["components"]["schemas"].as_object().expect("schemas").len());
    }

    #[test]
    fn every_link_between_shapes_leads_somewhere() {
        let made = made();
        let names: Vec<&str> = made.shapes.iter().map(|s| s.name.as_str()).collect();
        let lines = made
            .groups
            .iter()
            .flat_map(|g| &g.operations)
            .flat_map(|o| o.parameters.iter().chain(&o.body).chain(&o.answers))
            .chain(made.shapes.iter().flat_map(|s| &s.fields));
        for link in lines.filter_map(|l| l.kind.link.as_deref()) {
            assert!(names.contains(&link), "{link}");
        }
    }
}

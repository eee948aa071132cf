//! Questions as addresses of the JSON API.

use crate::http::encoded;
use crate::questions::{Ask, FACET_VALUES, FACETS, Kind, PAGE, Words};

/// Path and query string that ask a question.
pub(crate) fn address(ask: &Ask) -> String {
    let mut query: Vec<(String, String)> = Vec::new();
    for clause in &ask.clauses {
        for value in &clause.values {
            let value = if clause.not { format!("!{value}") } else { value.clone() };
            query.push((clause.dim.key().to_owned(), value));
        }
    }
    if let Some((from, last)) = ask.period {
        query.push(("period".to_owned(), format!("{from}..{last}")));
    }
    if let Some(words) = &ask.words {
        query.push(("q".to_owned(), searched(words)));
    }
    let figures = ["count", "rating", "satisfied"];
    let mut add = |name: &str, value: &str| query.push((name.to_owned(), value.to_owned()));
    let path = match ask.kind {
        Kind::Count => {
            figures.iter().for_each(|m| add("measure", m));
            "/api/v1/query"
        }
        Kind::Trend => {
            figures.iter().for_each(|m| add("measure", m));
            add("group_by", ask.interval);
            "/api/v1/query"
        }
        Kind::CrossTable => {
            figures.iter().for_each(|m| add("measure", m));
            ask.by.iter().for_each(|dim| add("group_by", dim.key()));
            "/api/v1/query"
        }
        Kind::Facets => {
            FACETS.iter().for_each(|dim| add("dimension", dim.key()));
            add("limit", &FACET_VALUES.to_string());
            "/api/v1/facets"
        }
        Kind::List => {
            add("limit", &PAGE.to_string());
            "/api/v1/feedback"
        }
    };
    let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// All feedback as CSV.
pub(crate) const EXPORT: &str = "/api/v1/export.csv";

fn searched(words: &Words) -> String {
    match words {
        Words::One(a) => a.clone(),
        Words::Both(a, b) => format!("{a} {b}"),
        Words::Either(a, b) => format!("{a} OR {b}"),
        Words::Without(a, b) => format!("{a} -{b}"),
        Words::Phrase(p) => format!("\"{p}\""),
        Words::Prefix(p) => format!("{p}*"),
    }
}

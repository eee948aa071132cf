//! The same questions in SQL, as somebody would write them who has the tables in PostgreSQL.

use chrono::{Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::London;

use crate::questions::{Ask, Clause, Dim, FACET_VALUES, FACETS, Kind, PAGE, Words};

/// The tables: only those are joined that a question needs.
const FROM: &str = "feedback f JOIN contacts c ON c.id = f.contact_id \
                    LEFT JOIN ratings r ON r.feedback_id = f.id AND r.position = 0";
const FIGURES: &str = "count(*) AS n, avg(r.value) AS mean, avg((r.value >= 4)::int) AS satisfied";
/// Where local days begin: the instant in microseconds that the tables keep, as local time.
const LOCAL: &str = "to_timestamp(c.at / 1000000.0) AT TIME ZONE 'Europe/London'";

/// The column of a dimension.
fn column(dim: Dim) -> &'static str {
    match dim {
        Dim::Service => "c.service_id",
        Dim::Touchpoint => "c.touchpoint_id",
        Dim::Channel => "c.channel",
        Dim::Rating => "r.value",
        Dim::Device => "f.device",
        Dim::Page => "f.page",
        Dim::Area => "f.area",
        Dim::Source => "f.source",
        Dim::AgeBand => "f.attributes->>'age_band'",
    }
}

/// The statements that answer a question.
pub(crate) fn statements(ask: &Ask) -> Vec<String> {
    let place = |except: Option<Dim>| filter(ask, except);
    match ask.kind {
        Kind::Count => vec![format!("SELECT {FIGURES} FROM {FROM} {}", place(None))],
        Kind::Trend => vec![format!(
            "SELECT date_trunc('{}', {LOCAL}) AS step, {FIGURES} FROM {FROM} {} GROUP BY 1 ORDER BY 1",
            ask.interval,
            place(None)
        )],
        Kind::CrossTable => {
            let [a, b] = ask.by.map(column);
            vec![format!("SELECT {a}, {b}, {FIGURES} FROM {FROM} {} GROUP BY 1, 2", place(None))]
        }
        Kind::Facets => facets(ask),
        Kind::List => vec![format!(
            "SELECT f.id, c.at, c.channel, s.name, t.name, r.value, f.page, f.device, f.area, f.attributes, \
             (SELECT string_agg(m.text, ' ') FROM comments m WHERE m.feedback_id = f.id) \
             FROM {FROM} LEFT JOIN services s ON s.id = c.service_id LEFT JOIN touchpoints t ON t.id = c.touchpoint_id \
             {} ORDER BY c.at DESC, f.id DESC LIMIT {PAGE}",
            place(None)
        )],
    }
}

/// One pass counts all dimensions that the filter says nothing of; each other one is counted
/// without its own clause.
fn facets(ask: &Ask) -> Vec<String> {
    let asked = |dim: &Dim| ask.clauses.iter().any(|c| c.dim == *dim);
    let free: Vec<String> = FACETS.iter().filter(|d| !asked(d)).map(|d| format!("({})", column(*d))).collect();
    let columns = free.join(", ").replace(['(', ')'], "");
    let mut all = vec![format!(
        "SELECT {columns}, count(*) AS n FROM {FROM} {} GROUP BY GROUPING SETS ({})",
        filter(ask, None),
        free.join(", ")
    )];
    for dim in FACETS.iter().filter(|d| asked(d)) {
        all.push(format!(
            "SELECT {}, count(*) AS n FROM {FROM} {} GROUP BY 1 ORDER BY 2 DESC LIMIT {FACET_VALUES}",
            column(*dim),
            filter(ask, Some(*dim))
        ));
    }
    all
}

fn filter(ask: &Ask, except: Option<Dim>) -> String {
    let mut all: Vec<String> = ask.clauses.iter().filter(|c| Some(c.dim) != except).map(condition).collect();
    if let Some((from, last)) = ask.period {
        all.push(format!("c.at >= {} AND c.at < {}", micros(from), micros(last + Days::new(1))));
    }
    if let Some(words) = &ask.words {
        all.push(searched(words));
    }
    if all.is_empty() { String::new() } else { format!("WHERE {}", all.join(" AND ")) }
}

/// The first instant of a local day.
fn micros(day: NaiveDate) -> i64 {
    let local = day.and_time(NaiveTime::MIN);
    London.from_local_datetime(&local).earliest().map_or(0, |at| at.with_timezone(&Utc).timestamp_micros())
}

fn condition(clause: &Clause) -> String {
    let quoted: Vec<String> = clause.values.iter().map(|v| quote(v)).collect();
    let list = quoted.join(", ");
    let column = column(clause.dim);
    let condition = match clause.dim {
        Dim::Service => format!("{column} IN (SELECT id FROM services WHERE key IN ({list}))"),
        Dim::Touchpoint => format!("{column} IN (SELECT id FROM touchpoints WHERE key IN ({list}))"),
        Dim::Rating => format!("{column} IN ({})", clause.values.join(", ")),
        _ => format!("{column} IN ({list})"),
    };
    // Who has no value is not one of them either.
    if clause.not { format!("({condition}) IS NOT TRUE") } else { condition }
}

fn searched(words: &Words) -> String {
    let found = |query: String| {
        format!(
            "f.id IN (SELECT m.feedback_id FROM comments m WHERE to_tsvector('simple', m.text) @@ to_tsquery('simple', {}))",
            quote(&query)
        )
    };
    match words {
        Words::One(a) => found(a.clone()),
        Words::Both(a, b) => found(format!("{a} & {b}")),
        Words::Either(a, b) => found(format!("{a} | {b}")),
        Words::Without(a, b) => found(format!("{a} & !{b}")),
        Words::Phrase(p) => found(p.replace(' ', " <-> ")),
        Words::Prefix(p) => found(format!("{p}:*")),
    }
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

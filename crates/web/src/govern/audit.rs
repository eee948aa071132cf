//! The audit trail, newest first.

use std::collections::HashMap;

use askama::Template;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use commonweal_domain::AuditAction;

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::choice::Choice;
use crate::ui::form::Fields;
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::pager::{self, Pager};

/// Lines on one page.
const LINES: usize = 100;

#[derive(Template)]
#[template(path = "govern/audit.html")]
struct AuditPage {
    frame: Frame,
    say: Say,
    kinds: Vec<Choice>,
    lines: Vec<Line>,
    first_page: bool,
    pager: Pager,
}

struct Line {
    at: String,
    machine: String,
    actor: String,
    action: String,
    subject: String,
    details: String,
}

/// One page of the trail.
pub(crate) async fn list(visit: Visit, uri: Uri) -> WebResult<Response> {
    let asked = Fields::parse(uri.query().unwrap_or_default());
    let say = l10n::console();
    let mut kinds: Vec<(&str, String)> =
        AuditAction::kinds().into_iter().map(|kind| (kind, say.t(&format!("audit-about-{kind}")))).collect();
    kinds.sort_by_key(|(_, label)| label.to_lowercase());
    let about = kinds.iter().map(|(kind, _)| *kind).find(|kind| *kind == asked.get("about"));
    let list = format!("audit {}", about.unwrap_or_default());
    let request = pager::asked(uri.query().unwrap_or_default(), &list, LINES);
    let trail = visit.app().audit_trail(&visit.actor, about, &request).await?;
    let users = visit.app().users(&visit.actor).await?;
    let names: HashMap<String, String> = users.into_iter().map(|u| (format!("user:{}", u.id), u.name)).collect();
    let first = about.map_or_else(|| "/settings/audit".to_owned(), |about| format!("/settings/audit?about={about}"));
    let pager = Pager::at(&trail, &request, &list, &first);
    let named = |who: &str| names.get(who).cloned();
    let lines = trail.items.into_iter().map(|line| Line {
        at: format::date_time(line.entry.at, visit.zone()),
        machine: format::machine(line.entry.at),
        actor: named(&line.entry.actor).unwrap_or_else(|| match line.entry.actor.as_str() {
            "operator" => say.t("audit-operator"),
            "anonymous" => say.t("audit-nobody"),
            other => other.to_owned(),
        }),
        action: words(&line.entry.action),
        subject: named(&line.entry.subject).unwrap_or_else(|| match line.entry.subject.split_once(':') {
            Some((what, id)) => format!("{}:{id}", kind(what)),
            None => line.entry.subject,
        }),
        details: details(&line.entry.details),
    });
    let page = AuditPage {
        frame: visit.frame(say.t("audit-head")).await?,
        kinds: kinds.into_iter().map(|(kind, label)| Choice::new(kind, label, about == Some(kind))).collect(),
        say,
        lines: lines.collect(),
        first_page: request.is_first(),
        pager,
    };
    Ok(Page(page).into_response())
}

/// What pages call a kind of thing, where the trail has another name for it.
fn kind(key: &str) -> &str {
    if key == "dispatch" { "send" } else { key }
}

/// `user.role_changed` as words: `User: role changed`.
fn words(action: &str) -> String {
    let text = action.replace('_', " ");
    match text.split_once('.') {
        Some((what, done)) => format!("{}: {done}", format::capital(kind(what))),
        None => format::capital(&text),
    }
}

/// `{"role": "analyst", "rows": 5}` as words: `role analyst, rows 5`.
fn details(value: &serde_json::Value) -> String {
    let plain = |v: &serde_json::Value| match v {
        serde_json::Value::String(s) => s.clone(),
        serde_json::Value::Array(all) => all
            .iter()
            .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(" and "),
        serde_json::Value::Bool(b) => if *b { "yes" } else { "no" }.to_owned(),
        other => other.to_string(),
    };
    match value {
        serde_json::Value::Object(fields) => {
            let all: Vec<String> =
                fields.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| format!("{k} {}", plain(v))).collect();
            all.join(", ")
        }
        serde_json::Value::Null => String::new(),
        other => plain(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_as_words() {
        assert_eq!(words("user.role_changed"), "User: role changed");
        assert_eq!(
            details(&serde_json::json!({"role": "analyst", "disabled": true, "none": null, "scopes": ["a", "b"]})),
            "disabled yes, role analyst, scopes a and b"
        );
    }
}

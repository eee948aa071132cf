//! `commonweal query findings` for people: each finding in a sentence, with the way to its comments.

use chrono_tz::Tz;
use commonweal_app::understand::findings::{FigureKind, FindingKind, Outcome};
use commonweal_app::{App, Finding, Findings, Labels};
use commonweal_domain::{Filter, TimeRange};

use super::understand::{data_up_to, percent};

pub(super) fn shown(app: &App, found: &Findings) -> String {
    let (labels, zone) = (app.labels(), app.settings().time_zone);
    let mut text = String::new();
    if found.findings.is_empty() {
        text.push_str("Too little is known here, or nothing stands out beyond chance.\n");
    }
    for finding in &found.findings {
        text.push_str(&format!(
            "{}\n    commonweal query --list{}\n",
            sentence(finding, &labels),
            flags(&finding.filter, zone)
        ));
    }
    text + &data_up_to(app, found.as_of)
}

/// A finding in a sentence.
pub(super) fn sentence(finding: &Finding, labels: &Labels) -> String {
    let names: Vec<String> = finding.about.iter().map(|s| labels.value(&s.dimension, &s.value)).collect();
    let name = |place: usize| names.get(place).map_or("All feedback", String::as_str);
    let (now, other) = (finding.now.value.unwrap_or(0.0), finding.against.and_then(|a| a.figure.value).unwrap_or(0.0));
    let (share, against, base) = (percent(now), percent(other), finding.now.base.unwrap_or(0));
    let higher = finding.outcome == Outcome::Higher;
    match finding.kind {
        FindingKind::Satisfaction => match finding.outcome {
            Outcome::Higher => format!("Satisfaction rose from {against} to {share} of {base} who rated."),
            Outcome::Lower => format!("Satisfaction fell from {against} to {share} of {base} who rated."),
            Outcome::NotClear => {
                format!("{share} of {base} who rated are satisfied, with no clear change from {against} before.")
            }
            Outcome::TooFew => format!("{share} of {base} who rated are satisfied."),
        },
        FindingKind::WeakestPlace => format!(
            "People are least satisfied at {}: {share} of {base} who rated, against {against} of the others.",
            name(0)
        ),
        FindingKind::CostliestTheme | FindingKind::PraisedTheme | FindingKind::ThemeSatisfaction => format!(
            "“{}” goes with {} satisfaction: {share} of {base} who write about it are satisfied, {against} of the others.",
            name(0),
            if higher { "more" } else { "less" }
        ),
        FindingKind::ThemeChange => format!(
            "{} people write about “{}”: {share} of the comments, {against} before.",
            if higher { "More" } else { "Fewer" },
            name(0)
        ),
        FindingKind::ThemePlace => {
            format!(
                "“{}” is mentioned most at {}: {share} of {base} comments there, {against} elsewhere.",
                name(0),
                name(1)
            )
        }
        FindingKind::UnusualCount => format!(
            "{}{}: {now:.0} against {other:.1} expected.",
            if names.is_empty() { "All feedback".to_owned() } else { names.join(", ") },
            if finding.figure == FigureKind::NegativeCount { " (negative only)" } else { "" }
        ),
        FindingKind::Impact => format!(
            "“{}” meets “{}” {:.1} times as often as everyone else: {share} of {base} against {against}.",
            name(0),
            name(1),
            finding.ratio.and_then(|r| r.value).unwrap_or(0.0)
        ),
    }
}

/// The flags that mean the feedback of a filter. The command line knows whole days only.
pub(super) fn flags(filter: &Filter, zone: Tz) -> String {
    let TimeRange { from, to } = filter.range;
    let day = |at: commonweal_domain::Instant| at.with_timezone(&zone).format("%Y-%m-%d").to_string();
    let first = from.map(day).unwrap_or_default();
    let last = to.map(|to| day(to - chrono::TimeDelta::seconds(1))).unwrap_or_default();
    let mut flags = match (first.is_empty() && last.is_empty(), first == last) {
        (true, _) => String::new(),
        (false, true) => format!(" --period {first}"),
        (false, false) => format!(" --period {first}..{last}"),
    };
    for (dimension, clause) in &filter.clauses {
        flags.extend(clause.is.iter().map(|value| format!(" --filter '{dimension}={value}'")));
        flags.extend(clause.is_not.iter().map(|value| format!(" --filter '{dimension}=!{value}'")));
    }
    let words = filter.words.to_string();
    if !words.is_empty() {
        flags.push_str(&format!(" -q '{words}'"));
    }
    flags
}

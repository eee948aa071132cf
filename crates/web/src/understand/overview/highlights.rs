//! In short: the weightiest findings as sentences, each with its way to the comments.

use commonweal_app::understand::findings::{FigureKind, FindingKind, Outcome, Share, Standing};
use commonweal_app::{Finding, Labels};
use commonweal_domain::{Dimension, Filter};
use fluent_bundle::FluentValue;

use crate::l10n::console;
use crate::ui::asked::Asked;
use crate::ui::format;
use crate::understand::overview::changed;

/// Most sentences.
const MAX_SENTENCES: usize = 4;

/// What the data show, with the way to its comments.
#[derive(Debug)]
pub(super) struct Sentence {
    pub(super) text: String,
    pub(super) link: String,
    pub(super) href: String,
}

/// The sentences, the weightiest first.
pub(super) fn sentences(findings: &[Finding], asked: &Asked, names: &Labels) -> Vec<Sentence> {
    findings.iter().filter_map(|finding| sentence(finding, asked, names)).take(MAX_SENTENCES).collect()
}

fn sentence(finding: &Finding, asked: &Asked, names: &Labels) -> Option<Sentence> {
    let say = console();
    let name = finding.about.first().map(|s| names.value(&s.dimension, &s.value)).unwrap_or_default();
    let (text, link) = match finding.kind {
        FindingKind::Satisfaction => (satisfaction(finding), "overview-short-read-all"),
        FindingKind::WeakestPlace => (shares("overview-short-weak", "place", &name, finding)?, "overview-short-why"),
        FindingKind::CostliestTheme => {
            (shares("overview-short-theme-weak", "theme", &name, finding)?, "overview-short-why")
        }
        FindingKind::PraisedTheme => {
            (shares("overview-short-theme-strong", "theme", &name, finding)?, "overview-short-praise")
        }
        FindingKind::ThemeChange => {
            let higher = finding.outcome == Outcome::Higher;
            let id = if higher { "overview-short-theme-more" } else { "overview-short-theme-less" };
            (shares(id, "theme", &name, finding)?, "overview-short-read")
        }
        FindingKind::UnusualCount => return Some(unusual(finding, asked, names)),
        FindingKind::ThemeSatisfaction | FindingKind::ThemePlace | FindingKind::Impact => return None,
    };
    let link = say.with(link, &[("what", name.into())]);
    Some(Sentence { text, link, href: within(asked, &finding.filter).explorer() })
}

fn satisfaction(finding: &Finding) -> String {
    let percent = |share: Option<Share>| share.map(|s| format::percent(s.value)).unwrap_or_default();
    let told = [
        ("now", percent(finding.share()).into()),
        ("before", percent(finding.other_share()).into()),
        ("base", finding.now.base.unwrap_or(0).into()),
    ];
    let id = match Standing::of(finding.share(), finding.other_share()) {
        Standing::Rose => "overview-short-rose",
        Standing::Fell => "overview-short-fell",
        Standing::Steady => "overview-short-steady",
        Standing::NotClear => "overview-short-unclear",
        Standing::Nobody | Standing::TooFew | Standing::Alone | Standing::TooFewBefore => "overview-short-satisfied",
    };
    console().with(id, &told)
}

/// A sentence that holds a share against another.
fn shares(id: &str, what: &str, name: &str, finding: &Finding) -> Option<String> {
    let (own, other) = (finding.share()?, finding.other_share()?);
    let other = format::percent(other.value);
    let told: [(&str, FluentValue<'_>); 7] = [
        (what, name.to_owned().into()),
        ("share", format::percent(own.value).into()),
        ("now", format::percent(own.value).into()),
        ("base", own.base.into()),
        ("rest", other.clone().into()),
        ("others", other.clone().into()),
        ("before", other.into()),
    ];
    Some(console().with(id, &told))
}

/// A count out of the usual.
fn unusual(finding: &Finding, asked: &Asked, names: &Labels) -> Sentence {
    let say = console();
    let label = |wanted: &dyn Fn(&Dimension) -> bool| {
        finding.about.iter().find(|s| wanted(&s.dimension)).map(|s| names.value(&s.dimension, &s.value))
    };
    let is_place = |d: &Dimension| matches!(d, Dimension::Touchpoint | Dimension::Service);
    let thing = label(&|d| !is_place(d));
    let what = changed::name(thing, label(&is_place), finding.figure == FigureKind::NegativeCount);
    let expected = finding.against.and_then(|a| a.figure.value).unwrap_or(0.0);
    let told = [
        ("what", what.clone().into()),
        ("observed", finding.now.value.unwrap_or(0.0).round().into()),
        ("expected", expected.round().into()),
        ("when", format::range(finding.filter.range, asked.zone()).into()),
    ];
    let higher = finding.outcome == Outcome::Higher;
    let id = if higher { "overview-short-change-rose" } else { "overview-short-change-fell" };
    Sentence {
        text: say.with(id, &told),
        link: say.with("overview-short-read", &[("what", what.into())]),
        href: within(asked, &finding.filter).explorer(),
    }
}

/// The same question with another filter: the named period stays where it is the same.
pub(super) fn within(asked: &Asked, filter: &Filter) -> Asked {
    let same = asked.filter().range == filter.range;
    let named = asked.url.period.clone().filter(|_| same);
    asked.during(filter.range, named.as_deref()).with(|f| f.clauses = filter.clauses.clone())
}

//! Who is hit: which groups of people meet an issue more often than everyone else. The issue, the filter
//! and the period stand in the address.

pub(crate) mod wording;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::understand::impact::Hit;
use commonweal_app::{Error, WhoIsHit};
use commonweal_domain::filter::NONE;
use commonweal_domain::question::Measure;
use commonweal_domain::{Dimension, Filter};
use commonweal_ports::{RatioChart, RatioRow};

use crate::http::error::{Failure, WebResult};
use crate::l10n::Say;
use crate::ui::asked::Asked;
use crate::ui::choice::Choice;
use crate::ui::empty::{Action, Empty, no_data};
use crate::ui::form::Errors;
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::params::Params;
use crate::ui::scope::{self, Scope, ScopeView};
use crate::understand::impact::wording::{Issue, Wording};

/// Rows of the drawing.
const DRAWN: usize = 12;
/// Rows of the table, unless all are asked for.
const LISTED: usize = 25;
/// Widths of the drawings, in CSS pixels.
const WIDE: u32 = 640;
const NARROW: u32 = 250;

#[derive(Template)]
#[template(path = "understand/impact.html")]
struct HitPage {
    frame: Frame,
    say: Say,
    what: String,
    scope: ScopeView,
    errors: Errors,
    /// Parameters that the form of the issue leaves as they are.
    issue_hidden: Vec<(String, String)>,
    issue_groups: Vec<IssueGroup>,
    says: String,
    empty: Option<Empty>,
    found: Option<Found>,
    as_of: String,
}

/// Issues of one kind, to choose from.
struct IssueGroup {
    label: String,
    options: Vec<Choice>,
}

/// What was found.
struct Found {
    title: String,
    lead: String,
    /// How many meet the issue; nothing when every theme was tested.
    hit: String,
    hit_href: String,
    each_theme: bool,
    wide: String,
    narrow: String,
    drawn: String,
    rows: Vec<HitRow>,
    /// Where all rows are shown; empty when they are.
    all: String,
    all_text: String,
    notes: Vec<String>,
}

/// One group against everyone else.
struct HitRow {
    attribute: String,
    group: String,
    issue: String,
    issue_href: String,
    hit: String,
    hit_href: String,
    share: String,
    rest: String,
    rest_href: String,
    rest_share: String,
    ratio: String,
    interval: String,
    excess: String,
    clear: bool,
}

/// The page.
pub(crate) async fn show(visit: Visit) -> WebResult<Response> {
    if let Some(tidy) = scope::tidy_address(&visit, "/understand/impact", false) {
        return Ok(Redirect::to(&tidy).into_response());
    }
    let mut params = Params::parse(visit.query());
    let asked = scope::filter(&visit, &mut params);
    let issue = Issue::take(&mut params, &visit);
    let all = params.one("all").is_some();
    let errors = scope::finish(params, ", issue, says, all");
    if errors.0.iter().any(|e| e.field != "issue" && e.field != "says") {
        return Err(Failure::query(errors));
    }
    let own = issue.pairs();
    let scope = Scope::of(&visit, asked, "/understand/impact", &own, false).await?;
    let mut page = HitPage::bare(&visit, &scope, &issue).await?;
    if !errors.is_empty() {
        page.errors = errors.into();
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    if scope.periods.is_none() {
        page.empty = Some(nothing(&visit, &scope));
        return Ok(Page(page).into_response());
    }
    match visit.app().who_is_hit(&visit.actor, scope.asked.filter(), &issue.filter).await {
        Ok(found) => page.fill(&visit, &scope, &issue, found, all).await?,
        // What is asked can be asked otherwise.
        Err(Error::Invalid(errors)) => {
            page.errors = errors.into();
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
        Err(other) => return Err(other.into()),
    }
    Ok(Page(page).into_response())
}

/// No feedback: none at all, or none under the filter.
fn nothing(visit: &Visit, scope: &Scope) -> Empty {
    if scope.asked.is_everything() { no_data(visit) } else { scope.no_match() }
}

impl HitPage {
    async fn bare(visit: &Visit, scope: &Scope, issue: &Issue) -> WebResult<Self> {
        let say = crate::l10n::console();
        let title = match issue.is_none() {
            true => say.t("hit-title"),
            false => say.with("hit-title-of", &[("issue", issue.name(scope).into())]),
        };
        Ok(Self {
            frame: visit.frame(title).await?,
            say,
            what: String::new(),
            scope: scope.view.clone(),
            errors: Errors::default(),
            issue_hidden: scope.asked.url.pairs(visit.zone()),
            issue_groups: issue_groups(visit, scope, issue).await?,
            says: issue.says.clone(),
            empty: None,
            found: None,
            as_of: visit.as_of(visit.app().as_of()),
        })
    }

    async fn fill(&mut self, visit: &Visit, scope: &Scope, issue: &Issue, found: WhoIsHit, all: bool) -> WebResult<()> {
        self.what = scope.what(visit, found.asked);
        self.as_of = visit.as_of(found.as_of);
        if found.asked == 0 {
            self.empty = Some(scope.no_match());
            return Ok(());
        }
        if found.tested == 0 {
            self.empty = Some(self.not_comparable(visit, scope, &found).await?);
            return Ok(());
        }
        let words = Wording { say: self.say, scope, issue };
        let rows: Vec<HitRow> = found.rows.iter().map(|row| hit_row(row, &words)).collect();
        let shown = if all { rows.len() } else { LISTED.min(rows.len()) };
        let mut own = issue.pairs();
        own.push(("all".to_owned(), "yes".to_owned()));
        let title = words.title(&found);
        let drawn: Vec<&Hit> = found.rows.iter().take(DRAWN).collect();
        let chart = |size: &str, width: u32| {
            visit.app().charts().ratios(&RatioChart {
                id: format!("hit-{size}"),
                title: self.say.t("hit-chart-title"),
                description: title.clone(),
                rows: drawn.iter().map(|row| drawn_row(row, &words)).collect(),
                sides: (self.say.t("hit-chart-less"), self.say.t("hit-chart-more")),
                width,
            })
        };
        let meets = scope.asked.with(|filter| issue.add_to(filter));
        self.found = Some(Found {
            lead: words.lead(&found),
            hit: found
                .hit
                .map(|n| self.say.with("hit-meet", &[("hit", n.into()), ("all", found.asked.into())]))
                .unwrap_or_default(),
            hit_href: meets.explorer(),
            each_theme: issue.is_none(),
            wide: chart("wide", WIDE),
            narrow: chart("narrow", NARROW),
            drawn: if drawn.len() < found.rows.len() {
                self.say.with("hit-drawn", &[("drawn", drawn.len().into()), ("all", found.rows.len().into())])
            } else {
                String::new()
            },
            all: if shown < rows.len() {
                scope::address(&scope.asked, "/understand/impact", &own)
            } else {
                String::new()
            },
            all_text: self.say.count("hit-show-all", rows.len() as u64),
            rows: rows.into_iter().take(shown).collect(),
            notes: notes(self.say, &found),
            title,
        });
        Ok(())
    }

    /// Nobody can be compared: says what is missing and what would help.
    async fn not_comparable(&self, visit: &Visit, scope: &Scope, found: &WhoIsHit) -> WebResult<Empty> {
        let say = self.say;
        // Channel and language are always known of some; whether anything else says who people are
        // decides what would help.
        let people = found.attributes.iter().filter_map(|key| Dimension::from_key(key));
        let people: Vec<Dimension> = people.filter(|d| d.describes_people() || *d == Dimension::Device).collect();
        let known = visit.app().facets(&visit.actor, scope.asked.filter(), &people, 2).await?;
        let small = known.iter().any(|facet| facet.options.iter().any(|o| o.value != NONE));
        let mut actions = Vec::new();
        if !small && visit.may(commonweal_domain::Permission::ImportFiles) {
            let href = "/listen/imports/new".to_owned();
            actions.push(Action { text: say.t("hit-none-import"), href });
        }
        actions.push(Action { text: say.t("hit-none-explorer"), href: self.scope.explorer.clone() });
        let id = if small { ("hit-small-title", "hit-small-text") } else { ("hit-none-title", "hit-none-text") };
        Ok(Empty {
            title: say.t(id.0),
            text: say.with(id.1, &[("minimum", found.minimum.into()), ("groups", found.suppressed.into())]),
            actions,
        })
    }
}

/// What can be asked: every theme, or one theme, alert, sentiment or rating that occurs.
async fn issue_groups(visit: &Visit, scope: &Scope, issue: &Issue) -> WebResult<Vec<IssueGroup>> {
    let say = crate::l10n::console();
    let chosen = issue.token();
    let option = |token: &str, name: String| Choice::new(token, name, token == chosen);
    let mut first = vec![option("", say.t("hit-issue-every"))];
    let of = |d: &Dimension| !scope.asked.filter().clauses.contains_key(d);
    let mut feelings = Vec::new();
    if of(&Dimension::Sentiment) {
        feelings.push(option(&counted(Measure::Negative), say.t("hit-issue-negative")));
        feelings.push(option("sentiment=positive,very_positive", say.t("hit-issue-positive")));
    }
    if of(&Dimension::Rating) {
        feelings.push(option("rating=1,2", say.t("hit-issue-low")));
        feelings.push(option(&counted(Measure::Satisfied), say.t("hit-issue-high")));
    }
    let mut groups = vec![(say.t("hit-issue-feeling"), feelings)];
    let dimensions: Vec<Dimension> = [Dimension::Theme, Dimension::Alert].into_iter().filter(|d| of(d)).collect();
    for facet in visit.app().facets(&visit.actor, scope.asked.filter(), &dimensions, 200).await? {
        let values = facet.options.iter().filter(|o| o.value != NONE);
        let key = facet.dimension.key();
        let options = values.map(|o| option(&format!("{key}={}", o.value), scope.label(&facet.dimension, &o.value)));
        groups.push((facet.dimension.label().into_owned(), options.collect()));
    }
    // What the address asks stays chosen, also when the list has no such entry.
    let known = chosen.is_empty() || groups.iter().any(|(_, options)| options.iter().any(|o| o.chosen));
    if !known {
        first.push(option(&chosen, issue.name(scope)));
    }
    let all = std::iter::once((String::new(), first)).chain(groups).filter(|(_, options)| !options.is_empty());
    Ok(all.map(|(label, options)| IssueGroup { label, options }).collect())
}

/// What a measure counts, as the address asks for it.
fn counted(measure: Measure) -> String {
    let counted = measure.counted();
    counted.map(|c| format!("{}={}", c.dimension, c.values.join(","))).unwrap_or_default()
}

fn drawn_row(row: &Hit, words: &Wording<'_>) -> RatioRow {
    RatioRow {
        label: words.row_label(row),
        ratio: row.risk_ratio,
        low: row.ratio_low,
        high: row.ratio_high,
        shown: words.say.with(
            "hit-ratio",
            &[
                ("ratio", exact(row.risk_ratio).into()),
                ("low", exact(row.ratio_low).into()),
                ("high", exact(row.ratio_high).into()),
            ],
        ),
        clear: row.distinguishable,
    }
}

/// A ratio in a sentence: one decimal below 10, two below a tenth.
pub(crate) fn times(ratio: f64) -> String {
    match ratio {
        r if r < 0.095 => format!("{r:.2}"),
        r if r < 9.95 => format!("{r:.1}"),
        r => format::count(r.round() as u64),
    }
}

/// A ratio among others: near 1 one decimal would hide on which side an interval ends.
pub(crate) fn exact(ratio: f64) -> String {
    if ratio < 1.995 { format!("{ratio:.2}") } else { times(ratio) }
}

fn hit_row(row: &Hit, words: &Wording<'_>) -> HitRow {
    let scope = words.scope;
    let share = |part: u64, whole: u64| format::percent(part as f64 / whole.max(1) as f64);
    let (group, rest) = behind(row, scope, words.issue);
    HitRow {
        attribute: row.attribute_label.clone(),
        group: words.group(row),
        issue: if row.issue.is_empty() { String::new() } else { scope.label(&Dimension::Theme, &row.issue) },
        issue_href: if row.issue.is_empty() {
            String::new()
        } else {
            scope::address(&scope.asked, "/understand/impact", &[("issue".to_owned(), format!("theme={}", row.issue))])
        },
        hit: format::of(row.group_hit, row.group_all),
        hit_href: group.explorer(),
        share: share(row.group_hit, row.group_all),
        rest: format::of(row.rest_hit, row.rest_all),
        rest_href: rest.explorer(),
        rest_share: share(row.rest_hit, row.rest_all),
        ratio: exact(row.risk_ratio),
        interval: words
            .say
            .with("hit-interval", &[("low", exact(row.ratio_low).into()), ("high", exact(row.ratio_high).into())]),
        excess: match row.excess.round() {
            e if e > 0.0 => format!("+{}", format::count(e as u64)),
            e if e < 0.0 => format!("−{}", format::count(-e as u64)),
            _ => "0".to_owned(),
        },
        clear: row.distinguishable,
    }
}

/// The feedback behind the two shares of a row: of the group, and of everyone else of whom the
/// attribute is known.
fn behind(row: &Hit, scope: &Scope, issue: &Issue) -> (Asked, Asked) {
    let meets = scope.asked.with(|filter| {
        issue.add_to(filter);
        if !row.issue.is_empty() {
            add(filter, Dimension::Theme, &row.issue, true);
        }
    });
    let Some(attribute) = Dimension::from_key(&row.attribute) else { return (meets.clone(), meets) };
    let group = meets.with(|filter| add(filter, attribute.clone(), &row.group, true));
    let rest = meets.with(|filter| {
        add(filter, attribute.clone(), &row.group, false);
        add(filter, attribute.clone(), NONE, false);
    });
    (group, rest)
}

/// Adds a value as it is, whatever it begins with.
pub(crate) fn add(filter: &mut Filter, dimension: Dimension, value: &str, is: bool) {
    let clause = filter.clauses.entry(dimension).or_default();
    let list = if is { &mut clause.is } else { &mut clause.is_not };
    if let Err(place) = list.binary_search_by(|v| v.as_str().cmp(value)) {
        list.insert(place, value.to_owned());
    }
}

fn notes(say: Say, found: &WhoIsHit) -> Vec<String> {
    let attributes: Vec<String> =
        found.attributes.iter().filter_map(|key| Some(Dimension::from_key(key)?.label().into_owned())).collect();
    let mut notes = vec![
        say.with("hit-note-tested", &[("tested", found.tested.into()), ("clear", found.distinguishable.into())]),
        say.with("hit-note-attributes", &[("attributes", attributes.join(", ").into())]),
    ];
    if found.suppressed > 0 {
        notes.push(
            say.with("hit-note-small", &[("groups", found.suppressed.into()), ("minimum", found.minimum.into())]),
        );
    }
    notes.push(say.t("hit-note-cause"));
    notes
}

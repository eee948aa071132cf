//! Themes: what comments are about, how much and how that changed; each number leads to its comments.

pub(crate) mod codeframe;
pub(crate) mod discoveries;
pub(crate) mod drivers;
pub(crate) mod named;
pub(crate) mod theme;

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Question;
use commonweal_domain::filter::NONE;
use commonweal_domain::question::{Answer, Compare, Figures, Group, Grouping, Measure, Value};
use commonweal_domain::{Dimension, Permission, period};

use crate::http::error::WebResult;
use crate::l10n::Say;
use crate::ui::asked::Asked;
use crate::ui::empty::{Empty, no_data};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::params::Params;
use crate::ui::scope::{self, Scope, ScopeView};
use crate::understand::change::{self, Change, Share};
use crate::understand::trend;

/// Themes at most.
const MOST: usize = 500;

#[derive(Template)]
#[template(path = "understand/themes.html")]
struct ThemesPage {
    frame: Frame,
    say: Say,
    what: String,
    scope: ScopeView,
    empty: Option<Empty>,
    title: String,
    lead: String,
    columns: Vec<Column>,
    rows: Vec<ThemeRow>,
    /// Themes of the codeframe that no comment mentions.
    silent: String,
    compared: String,
    /// What drives satisfaction, in the same feedback.
    drivers: String,
    may_manage: bool,
    as_of: String,
}

/// A heading by which the table can be sorted.
struct Column {
    text: String,
    href: String,
    /// `ascending` or `descending` when the table is sorted by it.
    sorted: &'static str,
    number: bool,
}

struct ThemeRow {
    name: String,
    here: String,
    spark: String,
    count: String,
    href: String,
    share: String,
    change: String,
    change_class: &'static str,
    change_note: String,
    negative: String,
    negative_href: String,
    satisfied: String,
    satisfied_href: String,
}

/// By what the table is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Name,
    Count,
    Change,
    Negative,
    Satisfied,
}

impl By {
    const ALL: &'static [Self] = &[Self::Name, Self::Count, Self::Change, Self::Negative, Self::Satisfied];

    const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Count => "count",
            Self::Change => "change",
            Self::Negative => "negative",
            Self::Satisfied => "satisfied",
        }
    }

    /// Names go up, numbers down, unless turned round.
    const fn ascends(self) -> bool {
        matches!(self, Self::Name)
    }
}

/// The figures of one theme.
struct Figured<'a> {
    key: &'a str,
    name: String,
    figures: &'a Figures,
    before: Option<&'a Figures>,
}

/// The page.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    if let Some(tidy) = scope::tidy_address(&visit, "/understand/themes", true) {
        return Ok(Redirect::to(&tidy).into_response());
    }
    let mut params = Params::parse(visit.query());
    let asked = scope::filter(&visit, &mut params);
    let (by, turned) = sorting(&mut params);
    scope::accept(params, ", sort")?;
    let own = own(by, turned);
    let scope = Scope::of(&visit, asked, "/understand/themes", &own, true).await?;
    let say = scope.view.say;
    let mut page = ThemesPage {
        frame: visit.frame(say.t("themes-title")).await?,
        say,
        what: String::new(),
        scope: scope.view.clone(),
        empty: None,
        title: String::new(),
        lead: String::new(),
        columns: columns(say, &scope, by, turned),
        rows: Vec::new(),
        silent: String::new(),
        compared: String::new(),
        drivers: scope.asked.at("/understand/drivers"),
        may_manage: visit.may(Permission::ManageServices),
        as_of: visit.as_of(visit.app().as_of()),
    };
    match scope.span {
        Some(_) => page.fill(&visit, &scope, by, turned).await?,
        None if scope.asked.filter().clauses.is_empty() && scope.asked.filter().words.is_empty() => {
            page.empty = Some(no_data(&visit));
        }
        None => page.empty = Some(scope.no_match()),
    }
    Ok(Page(page).into_response())
}

/// The order that the address asks for: `sort=change`, or `sort=-change` turned round.
fn sorting(params: &mut Params) -> (By, bool) {
    let Some(text) = params.one("sort") else { return (By::Count, false) };
    let (turned, key) = match text.strip_prefix('-') {
        Some(key) => (true, key),
        None => (false, text.as_str()),
    };
    match By::ALL.iter().find(|by| by.key() == key) {
        Some(by) => (*by, turned),
        None => {
            let allowed: Vec<&str> = By::ALL.iter().map(|by| by.key()).collect();
            let told = [("sort", key.to_owned().into()), ("allowed", allowed.join(", ").into())];
            params.errors.add("sort", "not_allowed", crate::l10n::console().with("themes-sort-wrong", &told));
            (By::Count, false)
        }
    }
}

fn own(by: By, turned: bool) -> Vec<(String, String)> {
    match (by, turned) {
        (By::Count, false) => Vec::new(),
        (by, turned) => vec![("sort".to_owned(), format!("{}{}", if turned { "-" } else { "" }, by.key()))],
    }
}

fn columns(say: Say, scope: &Scope, by: By, turned: bool) -> Vec<Column> {
    let column = |one: &By| {
        let now = *one == by;
        let sorted = match (now, one.ascends() != turned) {
            (false, _) => "",
            (true, true) => "ascending",
            (true, false) => "descending",
        };
        Column {
            text: say.t(&format!("themes-column-{}", one.key())),
            href: scope::address(&scope.asked, "/understand/themes", &own(*one, now && !turned)),
            sorted,
            number: *one != By::Name,
        }
    };
    By::ALL.iter().map(column).collect()
}

/// How themes are counted: in all, in the period before, and step by step.
pub(crate) struct Counted {
    pub(crate) themes: Answer,
    pub(crate) steps: Answer,
    pub(crate) compare: Option<Compare>,
}

/// Measures of the answer about themes, behind the count.
const MEASURES: [Measure; 3] = [Measure::Comments, Measure::Satisfied, Measure::Negative];

pub(crate) async fn counted(visit: &Visit, asked: &Asked, days: i64) -> Result<Counted, commonweal_app::Error> {
    let app = visit.app();
    let range = asked.filter().range;
    let compare = period::compared(range, Compare::PeriodBefore, visit.zone()).map(|_| Compare::PeriodBefore);
    let interval = trend::suited(days);
    let question = |group_by: Vec<Grouping>, measures: &[Measure], compare, limit| Question {
        filter: asked.filter().clone(),
        group_by,
        measures: measures.to_vec(),
        compare,
        limit,
    };
    let by_theme = || Grouping::Dimension(Dimension::Theme);
    let (all, steps) = (
        question(vec![by_theme()], &MEASURES, compare, MOST),
        question(vec![by_theme(), Grouping::Time(interval)], &[Measure::Count], None, MOST),
    );
    let (themes, steps) = tokio::try_join!(app.answer(&visit.actor, &all), app.answer(&visit.actor, &steps))?;
    Ok(Counted { themes, steps, compare })
}

impl ThemesPage {
    async fn fill(&mut self, visit: &Visit, scope: &Scope, by: By, turned: bool) -> WebResult<()> {
        let say = self.say;
        let Some(edges) = scope.span else { return Ok(()) };
        let days = crate::ui::periods::Periods::of(edges, visit).days(scope.asked.filter().range);
        let found = counted(visit, &scope.asked, days).await?;
        let total = comments(&found.themes.total);
        self.what = scope.counted("words-what", visit, total.unwrap_or(0));
        self.as_of = visit.as_of(found.themes.as_of);
        let groups = || found.themes.groups.iter().filter(|g| g.keys[0] != NONE);
        if total == Some(0) || groups().next().is_none() {
            self.empty = Some(self.no_themes(scope, total == Some(0)));
            return Ok(());
        }
        let total_before = found.themes.total_before.as_ref().and_then(comments).filter(|n| *n > 0);
        let mut all: Vec<Figured<'_>> = groups()
            .map(|g| Figured {
                key: &g.keys[0],
                name: scope.label(&Dimension::Theme, &g.keys[0]),
                figures: &g.figures,
                before: g.before.as_ref().filter(|_| total_before.is_some()),
            })
            .collect();
        (self.title, self.lead) = finding(say, &all, total, total_before);
        sort(&mut all, by, turned, total, total_before);
        self.rows = all.iter().map(|f| row(say, f, scope, &found.steps.groups, total, total_before)).collect();
        let before = found.compare.and_then(|c| period::compared(scope.asked.filter().range, c, visit.zone()));
        self.compared = match (before, total_before) {
            (Some(range), Some(n)) => say
                .with("themes-compared", &[("period", format::range(range, visit.zone()).into()), ("count", n.into())]),
            _ => say.t("themes-not-compared"),
        };
        self.silent = self.silent(visit, &all).await?;
        Ok(())
    }

    async fn silent(&self, visit: &Visit, all: &[Figured<'_>]) -> WebResult<String> {
        let codeframes = visit.app().codeframes(&visit.actor).await?;
        let themes = codeframes.iter().flat_map(|c| &c.themes);
        let names: Vec<String> =
            themes.filter(|t| !all.iter().any(|f| f.key == t.key)).map(|t| t.name.clone()).collect();
        Ok(match names.is_empty() {
            true => String::new(),
            false => self.say.with("themes-silent", &[("themes", names.join(", ").into())]),
        })
    }

    fn no_themes(&self, scope: &Scope, no_words: bool) -> Empty {
        if no_words {
            return scope.no_match();
        }
        let mut actions = Vec::new();
        if self.may_manage {
            let href = "/settings/codeframe".to_owned();
            actions.push(crate::ui::empty::Action { text: self.say.t("themes-none-codeframe"), href });
        }
        Empty { title: self.say.t("themes-none-title"), text: self.say.t("themes-none-text"), actions }
    }
}

/// Feedback with words: of that the shares are.
pub(crate) fn comments(figures: &Figures) -> Option<u64> {
    figures.values.first().and_then(|v| v.value).map(|v| v.round().max(0.0) as u64)
}

fn share(figures: &Figures, total: Option<u64>) -> Option<Share> {
    let (count, base) = (figures.count?, total.filter(|n| *n > 0)?);
    Some(Share { value: (count as f64 / base as f64).min(1.0), base })
}

/// What can be said of a theme's share of comments in two periods. Among many themes some change by
/// chance, so three standard errors are asked for.
fn share_change(f: &Figured<'_>, total: Option<u64>, before: Option<u64>) -> (Change, Option<f64>) {
    match (share(f.figures, total), f.before.and_then(|b| share(b, before))) {
        (Some(now), Some(then)) => (change::of_many(now, then), Some(now.value - then.value)),
        _ => (Change::TooFew, None),
    }
}

/// The finding: what rose most, or what is mentioned most.
fn finding(say: Say, all: &[Figured<'_>], total: Option<u64>, before: Option<u64>) -> (String, String) {
    let moved = |f: &&Figured<'_>| matches!(share_change(f, total, before).0, Change::Rose | Change::Fell);
    // The largest change; of two alike the one that rose.
    let by = |f: &&Figured<'_>| {
        let difference = share_change(f, total, before).1.unwrap_or(0.0);
        difference.abs() + if difference > 0.0 { 1e-9 } else { 0.0 }
    };
    let percent = |f: &Figures, of| share(f, of).map(|s| format::percent(s.value)).unwrap_or_default();
    let most = all.iter().max_by_key(|f| f.figures.count.unwrap_or(0));
    let mentioned = |f: &Figured<'_>| {
        let told = [("theme", f.name.clone().into()), ("share", percent(f.figures, total).into())];
        say.with("themes-finding-most", &told)
    };
    let Some(most) = most else { return (say.t("themes-title"), String::new()) };
    let Some(clearest) = all.iter().filter(moved).max_by(|a, b| by(a).total_cmp(&by(b))) else {
        return (mentioned(most), String::new());
    };
    let told = [
        ("theme", clearest.name.clone().into()),
        ("now", percent(clearest.figures, total).into()),
        ("then", clearest.before.map(|b| percent(b, before)).unwrap_or_default().into()),
    ];
    let rose = share_change(clearest, total, before).0 == Change::Rose;
    (say.with(if rose { "themes-finding-rose" } else { "themes-finding-fell" }, &told), mentioned(most))
}

fn sort(all: &mut [Figured<'_>], by: By, turned: bool, total: Option<u64>, before: Option<u64>) {
    let value = |f: &Figured<'_>| match by {
        By::Name => None,
        By::Count => f.figures.count.map(|n| n as f64),
        By::Change => share_change(f, total, before).1,
        By::Negative => enough(f.figures.values[2]),
        By::Satisfied => enough(f.figures.values[1]),
    };
    let ascending = by.ascends() != turned;
    all.sort_by(|a, b| {
        let order = match (value(a), value(b)) {
            _ if by == By::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
            (Some(x), Some(y)) => x.total_cmp(&y),
            // What is not known stands last either way.
            (None, Some(_)) => return std::cmp::Ordering::Greater,
            (Some(_), None) => return std::cmp::Ordering::Less,
            (None, None) => std::cmp::Ordering::Equal,
        };
        (if ascending { order } else { order.reverse() }).then_with(|| a.name.cmp(&b.name))
    });
}

/// Three answers are not a share.
pub(crate) fn enough(value: Value) -> Option<f64> {
    value.value.filter(|_| value.base.is_some_and(|b| b >= 10))
}

fn row(say: Say, f: &Figured<'_>, scope: &Scope, steps: &[Group], total: Option<u64>, before: Option<u64>) -> ThemeRow {
    let asked = scope.asked.only(&Dimension::Theme, &[f.key]);
    let now = share(f.figures, total);
    let (change, difference) = share_change(f, total, before);
    let then = f.before.and_then(|b| share(b, before));
    let few = || say.t("themes-few");
    let shown = |value: Value| enough(value).map_or_else(few, format::percent);
    let moved = match (now, then, difference) {
        (Some(now), Some(then), Some(_)) => format::points(now.value, then.value),
        _ => String::new(),
    };
    ThemeRow {
        here: scope.asked.at(&format!("/understand/themes/{}", f.key)),
        spark: spark(f.key, steps),
        count: f.figures.count.map_or_else(few, format::count),
        href: asked.explorer(),
        share: now.map_or_else(String::new, |s| format::percent(s.value)),
        change_class: if matches!(change, Change::Rose | Change::Fell) { "cw-change" } else { "" },
        change_note: match change {
            Change::Rose => say.t("themes-rose"),
            Change::Fell => say.t("themes-fell"),
            // That nothing changed needs no doubt.
            Change::NotClear if moved.starts_with(['+', '−']) => say.t("themes-not-clear"),
            Change::NotClear | Change::TooFew => String::new(),
        },
        change: moved,
        negative: shown(f.figures.values[2]),
        negative_href: trend::behind(&asked, Measure::Negative).explorer(),
        satisfied: shown(f.figures.values[1]),
        satisfied_href: trend::behind(&asked, Measure::Satisfied).explorer(),
        name: f.name.clone(),
    }
}

/// A small line of a theme's counts: where a step has none it is zero.
fn spark(key: &str, steps: &[Group]) -> String {
    let mut all: Vec<&str> = steps.iter().filter_map(|g| g.keys.get(1)).map(String::as_str).collect();
    all.sort_unstable();
    all.dedup();
    let of = |step: &&str| {
        let group = steps.iter().find(|g| g.keys[0] == key && g.keys.get(1).is_some_and(|k| k == step));
        Some(group.map_or(0.0, |g| g.figures.count.unwrap_or(0) as f64))
    };
    trend::spark(&all.iter().map(of).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> (By, bool, usize) {
        let mut params = Params::parse(query);
        let (by, turned) = sorting(&mut params);
        (by, turned, params.errors.0.len())
    }

    #[test]
    fn the_order_stands_in_the_address() {
        assert_eq!(asked(""), (By::Count, false, 0));
        assert_eq!(asked("sort=-change"), (By::Change, true, 0));
        assert_eq!(asked("sort=colour"), (By::Count, false, 1));
        assert_eq!(own(By::Change, true), [("sort".to_owned(), "-change".to_owned())]);
        assert!(own(By::Count, false).is_empty());
    }

    #[test]
    fn what_is_not_known_stands_last_either_way() {
        let figures = |count, negative: Option<f64>| Figures {
            count: Some(count),
            values: vec![Value::default(), Value::default(), Value { value: negative, base: Some(50) }],
        };
        let (a, b, c) = (figures(10, Some(0.2)), figures(20, None), figures(30, Some(0.9)));
        let one = |key: &'static str, figures| Figured { key, name: key.to_owned(), figures, before: None };
        let mut all = [one("a", &a), one("b", &b), one("c", &c)];
        for (turned, expected) in [(false, ["c", "a", "b"]), (true, ["a", "c", "b"])] {
            sort(&mut all, By::Negative, turned, Some(100), None);
            assert_eq!(all.iter().map(|f| f.key).collect::<Vec<_>>(), expected);
        }
    }
}

//! Themes: what comments are about, how much and how that changed; each number leads to its comments.

pub(crate) mod codeframe;
pub(crate) mod discoveries;
pub(crate) mod drivers;
pub(crate) mod named;
pub(crate) mod theme;

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Question;
use commonweal_app::understand::findings::{self, Outcome, Share, ThemeFigures, ThemesAnswer};
use commonweal_domain::question::{Group, Grouping, Measure, Value};
use commonweal_domain::{Dimension, Permission};

use crate::http::error::WebResult;
use crate::l10n::Say;
use crate::ui::empty::{Empty, no_data};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::params::Params;
use crate::ui::scope::{self, Scope, ScopeView};
use crate::understand::trend;

/// Themes of which the small lines are drawn, at most.
const MAX: usize = 500;

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

/// A theme under the name that people know.
struct Named<'a> {
    name: String,
    figures: &'a ThemeFigures,
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
        may_manage: visit.may(Permission::ManageCodeframes),
        as_of: visit.as_of(visit.app().as_of()),
    };
    match scope.periods {
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

impl ThemesPage {
    async fn fill(&mut self, visit: &Visit, scope: &Scope, by: By, turned: bool) -> WebResult<()> {
        let say = self.say;
        let Some(periods) = &scope.periods else { return Ok(()) };
        let app = visit.app();
        let (filter, usual) = (scope.asked.filter(), periods.default_interval(scope.asked.filter().range));
        let interval = app.charted_by(&visit.actor, filter, usual);
        let steps = Question {
            filter: scope.asked.filter().clone(),
            group_by: vec![Grouping::Dimension(Dimension::Theme), Grouping::Time(interval)],
            measures: vec![Measure::Count],
            compare: None,
            limit: MAX,
        };
        let (found, steps) = tokio::try_join!(
            app.themes(&visit.actor, scope.asked.filter(), periods),
            app.answer(&visit.actor, &steps)
        )?;
        self.what = scope.counted("words-what", visit, found.total.unwrap_or(0));
        self.as_of = visit.as_of(found.as_of);
        if found.total == Some(0) || found.themes.is_empty() {
            self.empty = Some(self.no_themes(scope, found.total == Some(0)));
            return Ok(());
        }
        let mut all: Vec<Named<'_>> = found
            .themes
            .iter()
            .map(|figures| Named { name: scope.label(&Dimension::Theme, &figures.key), figures })
            .collect();
        (self.title, self.lead) = finding(say, &found, scope);
        sort(&mut all, by, turned);
        self.rows = all.iter().map(|theme| row(say, theme, scope, &steps.groups)).collect();
        self.compared = match (found.before, found.total_before) {
            (Some(before), Some(n)) => {
                let period = format::range(before.range, visit.zone());
                say.with("themes-compared", &[("period", period.into()), ("count", n.into())])
            }
            _ => say.t("themes-not-compared"),
        };
        self.silent = self.silent(visit, &all).await?;
        Ok(())
    }

    async fn silent(&self, visit: &Visit, all: &[Named<'_>]) -> WebResult<String> {
        let codeframes = visit.app().codeframes(&visit.actor).await?;
        let themes = codeframes.iter().flat_map(|c| &c.themes);
        let names: Vec<String> =
            themes.filter(|t| !all.iter().any(|f| f.figures.key == t.key)).map(|t| t.name.clone()).collect();
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

/// The finding: what rose or fell most; and what is mentioned most.
fn finding(say: Say, found: &ThemesAnswer, scope: &Scope) -> (String, String) {
    let label = |key: &str| scope.label(&Dimension::Theme, key);
    let percent = |share: Option<Share>| share.map(|s| format::percent(s.value)).unwrap_or_default();
    let Some(most) = found.most_mentioned() else { return (say.t("themes-title"), String::new()) };
    let told = [("theme", label(&most.key).into()), ("share", percent(most.share).into())];
    let mentioned = say.with("themes-finding-most", &told);
    let Some(changed) = found.most_changed() else { return (mentioned, String::new()) };
    let told = [
        ("theme", label(changed.subject(&Dimension::Theme).unwrap_or_default()).into()),
        ("now", percent(changed.share()).into()),
        ("then", percent(changed.other_share()).into()),
    ];
    let rose = changed.outcome == Outcome::Higher;
    (say.with(if rose { "themes-finding-rose" } else { "themes-finding-fell" }, &told), mentioned)
}

fn sort(all: &mut [Named<'_>], by: By, turned: bool) {
    let value = |theme: &Named<'_>| match by {
        By::Name => None,
        By::Count => theme.figures.count.map(|n| n as f64),
        By::Change => theme.figures.difference(),
        By::Negative => findings::shown(theme.figures.negative),
        By::Satisfied => findings::shown(theme.figures.satisfied),
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

fn row(say: Say, theme: &Named<'_>, scope: &Scope, steps: &[Group]) -> ThemeRow {
    let figures = theme.figures;
    let asked = scope.asked.only(&Dimension::Theme, &[&figures.key]);
    let few = || say.t("themes-few");
    let shown = |value: Value| findings::shown(value).map_or_else(few, format::percent);
    let moved = figures.share.zip(figures.before).map(|(now, then)| format::points(now.value, then.value));
    let moved = moved.unwrap_or_default();
    ThemeRow {
        here: scope.asked.at(&format!("/understand/themes/{}", figures.key)),
        spark: spark(&figures.key, steps),
        count: figures.count.map_or_else(few, format::count),
        href: asked.explorer(),
        share: figures.share.map_or_else(String::new, |s| format::percent(s.value)),
        change_class: if figures.change.is_clear() { "cw-change" } else { "" },
        change_note: match figures.change {
            Outcome::Higher => say.t("themes-rose"),
            Outcome::Lower => say.t("themes-fell"),
            // That nothing changed needs no doubt.
            Outcome::NotClear if moved.starts_with(['+', '−']) => say.t("themes-not-clear"),
            Outcome::NotClear | Outcome::TooFew => String::new(),
        },
        change: moved,
        negative: shown(figures.negative),
        negative_href: asked.behind(Measure::Negative).explorer(),
        satisfied: shown(figures.satisfied),
        satisfied_href: asked.behind(Measure::Satisfied).explorer(),
        name: theme.name.clone(),
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
        let figures = |key: &str, count, negative: Option<f64>| ThemeFigures {
            key: key.to_owned(),
            count: Some(count),
            share: None,
            before: None,
            change: Outcome::TooFew,
            satisfied: Value::default(),
            negative: Value { value: negative, base: Some(50) },
        };
        let (a, b, c) = (figures("a", 10, Some(0.2)), figures("b", 20, None), figures("c", 30, Some(0.9)));
        let mut all = [&a, &b, &c].map(|figures| Named { name: figures.key.clone(), figures });
        for (turned, expected) in [(false, ["c", "a", "b"]), (true, ["a", "c", "b"])] {
            sort(&mut all, By::Negative, turned);
            assert_eq!(all.iter().map(|f| f.figures.key.as_str()).collect::<Vec<_>>(), expected);
        }
    }
}

//! One theme: how much, how people feel, where, in which words, with the newest comments.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::understand::findings::{Share, ThemePlaces, shown, theme_places, theme_satisfaction};
use commonweal_app::{Error, Finding, Question};
use commonweal_domain::filter::NONE;
use commonweal_domain::question::{Answer, Grouping, ListQuery, Measure, Order, Value};
use commonweal_domain::records::key_of;
use commonweal_domain::{Dimension, PageRequest, Permission, Sentiment};

use crate::http::error::{Failure, WebResult};
use crate::l10n::Say;
use crate::ui::asked::Asked;
use crate::ui::comments::CommentItem;
use crate::ui::empty::{Action, Empty};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::scope::{self, Scope, ScopeView};
use crate::understand::trend::{self, Drawing, Trend};

/// Comments shown.
const NEWEST: usize = 5;
/// Places shown.
const PLACES: usize = 10;
/// Feedback of either side from which words are taken, and how many words.
const READ: usize = 1_000;
const WORDS: usize = 12;

#[derive(Template)]
#[template(path = "understand/theme.html")]
struct ThemePage {
    frame: Frame,
    say: Say,
    key: String,
    name: String,
    description: String,
    what: String,
    scope: ScopeView,
    empty: Option<Empty>,
    title: String,
    facts: Vec<Fact>,
    trend: Option<Trend>,
    feelings: Vec<Line>,
    places: Vec<Places>,
    words: Vec<(String, String)>,
    words_what: String,
    words_all: String,
    newest: Vec<CommentItem>,
    next: Vec<Action>,
    as_of: String,
}

/// A key figure.
struct Fact {
    name: String,
    value: String,
    href: String,
    base: String,
}

/// A row with a bar.
struct Line {
    name: String,
    href: String,
    share: String,
    bar: String,
    count: String,
}

/// Where the theme is mentioned, along one dimension.
struct Places {
    title: String,
    caption: String,
    rows: Vec<Line>,
}

/// The page.
pub(crate) async fn show(visit: Visit, Path(key): Path<String>) -> WebResult<Response> {
    let path = format!("/understand/themes/{key}");
    // Keys are made by one rule: whatever else stands there is no theme.
    if key_of(&key) != key {
        return Err(Failure::not_found());
    }
    if let Some(tidy) = scope::tidy_address(&visit, &path, true) {
        return Ok(Redirect::to(&tidy).into_response());
    }
    let asked = scope::only_filter(&visit)?;
    let scope = Scope::of(&visit, asked, &path, &[], true).await?;
    let say = scope.view.say;
    let codeframes = visit.app().codeframes(&visit.actor).await?;
    let theme = codeframes.iter().flat_map(|c| &c.themes).find(|t| t.key == key);
    let asked = scope.asked.only(&Dimension::Theme, &[&key]);
    let ever = asked.during(Default::default(), None);
    if theme.is_none() && count(&visit, &ever).await? == Some(0) {
        return Err(Failure::not_found());
    }
    let name = scope.label(&Dimension::Theme, &key);
    let mut page = ThemePage {
        frame: visit.frame(name.clone()).await?,
        say,
        description: theme.map_or_else(|| say.t("theme-gone"), |t| t.description.clone()),
        what: String::new(),
        scope: scope.view.clone(),
        empty: None,
        title: String::new(),
        facts: Vec::new(),
        trend: None,
        feelings: Vec::new(),
        places: Vec::new(),
        words: Vec::new(),
        words_what: String::new(),
        words_all: String::new(),
        newest: Vec::new(),
        next: next(&visit, say, &asked, &scope, &key, theme.is_some()),
        as_of: visit.as_of(visit.app().as_of()),
        name,
        key,
    };
    page.fill(&visit, &scope, &asked).await?;
    Ok(Page(page).into_response())
}

async fn count(visit: &Visit, asked: &Asked) -> Result<Option<u64>, Error> {
    let question = Question { filter: asked.filter().clone(), ..Question::default() };
    Ok(visit.app().answer(&visit.actor, &question).await?.total.count)
}

fn next(visit: &Visit, say: Say, asked: &Asked, scope: &Scope, key: &str, known: bool) -> Vec<Action> {
    let issue = [("issue".to_owned(), format!("theme={key}"))];
    let mut all = vec![
        Action { text: say.t("theme-newest-all"), href: asked.explorer() },
        Action { text: say.t("theme-who"), href: scope::address(&scope.asked, "/understand/impact", &issue) },
        Action { text: say.t("theme-words-all"), href: asked.at("/understand/words") },
    ];
    if known && visit.may(Permission::ManageCodeframes) {
        all.push(Action { text: say.t("theme-edit"), href: format!("/settings/codeframe/themes/{key}") });
    }
    all
}

impl ThemePage {
    async fn fill(&mut self, visit: &Visit, scope: &Scope, asked: &Asked) -> Result<(), Error> {
        let (app, say) = (visit.app(), self.say);
        let Some(periods) = &scope.periods else {
            self.empty = Some(none(say, scope));
            return Ok(());
        };
        let interval = periods.default_interval(asked.filter().range);
        let interval = app.charted_by(&visit.actor, asked.filter(), interval);
        let measures = [Measure::Comments, Measure::Satisfied, Measure::Negative];
        let question = |asked: &Asked, group_by: Vec<Grouping>| Question {
            filter: asked.filter().clone(),
            group_by,
            measures: measures.to_vec(),
            compare: None,
            limit: 1_000,
        };
        let by = |dimension: Dimension| vec![Grouping::Dimension(dimension)];
        let over_time = question(asked, vec![Grouping::Time(interval)]);
        let everyone = question(&scope.asked, Vec::new());
        let feelings = question(asked, by(Dimension::Sentiment));
        let newest =
            ListQuery { filter: asked.filter().clone(), order: Order::Newest, page: PageRequest::first(NEWEST) };
        let (answer, all, feelings, newest) = tokio::try_join!(
            app.answer(&visit.actor, &over_time),
            app.answer(&visit.actor, &everyone),
            app.answer(&visit.actor, &feelings),
            app.list(&visit.actor, &newest)
        )?;
        let words = value(&all, 0).value.map_or(0, |n| n.round().max(0.0) as u64);
        self.what = scope.counted("words-what", visit, words);
        self.as_of = visit.as_of(answer.as_of);
        if answer.total.count == Some(0) {
            self.empty = Some(none(say, scope));
            return Ok(());
        }
        let rules = app.rules(scope.asked.filter());
        let satisfied = (value(&answer, 1), value(&all, 1));
        let finding =
            theme_satisfaction(&self.key, satisfied.0, satisfied.1, scope.asked.filter(), rules, answer.as_of);
        self.title = title(say, finding.as_ref(), answer.total.count, words);
        self.facts = facts(say, asked, &answer, words);
        self.feelings = lines(say, asked, &feelings);
        let drawing = Drawing {
            id: "trend",
            answer: &answer,
            place: 0,
            measure: Measure::Count,
            interval,
            asked,
            before_name: String::new(),
        };
        let step = [("step", trend::step(interval).into())];
        self.trend = Some(drawing.draw(visit, say.with("theme-trend-title", &step)));
        for dimension in [Dimension::Touchpoint, Dimension::Channel] {
            let here = app.answer(&visit.actor, &question(asked, by(dimension.clone()))).await?;
            let there = app.answer(&visit.actor, &question(&scope.asked, by(dimension.clone()))).await?;
            let found = theme_places(&self.key, &dimension, &here, &there, scope.asked.filter(), rules);
            self.places.extend(found.map(|found| places(say, scope, asked, &dimension, &found)));
        }
        self.newest = newest
            .items
            .iter()
            .map(|d| {
                let href = asked.filter_only().feedback(d.id);
                CommentItem::of(d, &asked.filter().words, &scope.labels, visit.zone(), href)
            })
            .collect();
        let marking = match app.marking_words(&visit.actor, asked.filter(), WORDS, READ).await {
            Ok(marking) => marking,
            // So few people that none of their words may be shown; the rest of the page may.
            Err(Error::Invalid(_)) => return Ok(()),
            Err(other) => return Err(other),
        };
        self.words = marking
            .marking
            .iter()
            .map(|w| (w.word.clone(), crate::understand::words::with_word(asked, &w.word)))
            .collect();
        self.words_what = say.count("theme-words-what", READ as u64);
        self.words_all = asked.at("/understand/words");
        Ok(())
    }
}

fn none(say: Say, scope: &Scope) -> Empty {
    let actions = scope.no_match().actions;
    Empty { title: say.t("theme-none-title"), text: say.t("theme-none-text"), actions }
}

fn value(answer: &Answer, place: usize) -> Value {
    answer.total.values.get(place).copied().unwrap_or_default()
}

/// Satisfaction of those who mention it against everyone else, where it differs beyond chance; else how
/// many mention it.
fn title(say: Say, finding: Option<&Finding>, count: Option<u64>, words: u64) -> String {
    if let Some((here, rest)) = finding.and_then(|f| f.share().zip(f.other_share())) {
        let told = [("satisfied", format::percent(here.value).into()), ("rest", format::percent(rest.value).into())];
        return say.with("theme-title-satisfied", &told);
    }
    let share = count.unwrap_or(0) as f64 / words.max(1) as f64;
    say.with("theme-title-share", &[("share", format::percent(share.min(1.0)).into())])
}

fn facts(say: Say, asked: &Asked, answer: &Answer, words: u64) -> Vec<Fact> {
    let few = || say.t("themes-few");
    let count = answer.total.count;
    let share = count.map(|n| format::percent((n as f64 / words.max(1) as f64).min(1.0)));
    let shown = |value: Value| shown(value).map_or_else(few, format::percent);
    let base = |id: &str, value: Value| say.count(id, value.base.unwrap_or(0));
    let (satisfied, negative) = (answer.total.values[1], answer.total.values[2]);
    vec![
        Fact {
            name: say.t("theme-comments"),
            value: count.map_or_else(few, format::count),
            href: asked.explorer(),
            base: String::new(),
        },
        Fact {
            name: say.t("theme-share"),
            value: share.unwrap_or_else(few),
            href: asked.explorer(),
            base: say.count("theme-of-all", words),
        },
        Fact {
            name: say.t("theme-satisfied"),
            value: shown(satisfied),
            href: asked.behind(Measure::Satisfied).explorer(),
            base: base("theme-of-rated", satisfied),
        },
        Fact {
            name: say.t("theme-negative"),
            value: shown(negative),
            href: asked.behind(Measure::Negative).explorer(),
            base: base("theme-of-read", negative),
        },
    ]
}

/// The five classes of sentiment, the worst first.
fn lines(say: Say, asked: &Asked, answer: &Answer) -> Vec<Line> {
    let total: u64 = answer.groups.iter().filter(|g| g.keys[0] != NONE).filter_map(|g| g.figures.count).sum();
    let line = |sentiment: &Sentiment| {
        let found = answer.groups.iter().find(|g| g.keys[0] == sentiment.key());
        let count = found.map_or(Some(0), |g| g.figures.count);
        let share = count.map(|n| n as f64 / total.max(1) as f64);
        Line {
            name: sentiment.label().to_owned(),
            href: asked.only(&Dimension::Sentiment, &[sentiment.key()]).explorer(),
            share: share.map_or_else(|| say.t("themes-few"), format::percent),
            bar: share.map(|s| format!("{:.0}", s * 100.0)).unwrap_or_default(),
            count: count.map_or_else(|| say.t("themes-few"), format::count),
        }
    };
    Sentiment::ALL.iter().map(line).collect()
}

/// Shares of the comments in each place that mention the theme, the highest first.
fn places(say: Say, scope: &Scope, asked: &Asked, dimension: &Dimension, found: &ThemePlaces) -> Places {
    let told = found.finding.as_ref().and_then(|f| Some((f.subject(dimension)?, f.share()?, f.other_share()?)));
    let title = match told {
        Some((place, own, rest)) => say.with(
            "theme-where-finding",
            &[
                ("place", scope.label(dimension, place).into()),
                ("share", format::percent(own.value).into()),
                ("rest", format::percent(rest.value).into()),
            ],
        ),
        None => say.t("theme-where"),
    };
    let line = |(key, count, share): &(String, u64, Share)| Line {
        name: scope.label(dimension, key),
        href: asked.only(dimension, &[key]).explorer(),
        share: format::percent(share.value),
        bar: format!("{:.0}", share.value * 100.0),
        count: format::of(*count, share.base),
    };
    let rows = found.places.iter().take(PLACES).map(line).collect();
    Places { title, caption: say.t("theme-where-caption"), rows }
}

//! The Explorer: search, filter, count, compare, read, take out. The address is the whole state.

pub(crate) mod bulk;
pub(crate) mod correction;
pub(crate) mod detail;
pub(crate) mod facets;
pub(crate) mod feedback;
pub(crate) mod list;
pub(crate) mod says;
pub(crate) mod views;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::{Error, FeedbackPage, Labels, Question, ThemeAct};
use commonweal_domain::question::{Answer, Compare, Grouping, Interval, Measure, Order};
use commonweal_domain::{Dimension, FeedbackId, Instant, Permission, Start, period};
use commonweal_ports::TableFormat;

use crate::http::error::{Failure, WebResult};
use crate::http::stream;
use crate::l10n::{self, Say};
use crate::ui::asked::{Asked, tidied, typed};
use crate::ui::chips::{Chip, chips};
use crate::ui::choice::{Choice, choices};
use crate::ui::comments::CommentItem;
use crate::ui::empty::{Action, Empty, no_data};
use crate::ui::filter_url::Context;
use crate::ui::form::Errors;
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::pager::Pager;
use crate::ui::periods::{self, PeriodLink};
use crate::ui::sources;
use crate::understand::explorer::detail::{Detail, Sent};
use crate::understand::explorer::facets::FacetView;
use crate::understand::explorer::list::Neighbours;
use crate::understand::explorer::says::{Export, Select, export, page_title, protected_note, selects, title, what};
use crate::understand::trend::{Drawing, Trend};

/// Filters whose removal is counted when nothing matches.
const MAX_REMOVALS: usize = 6;

#[derive(Template)]
#[template(path = "understand/explorer.html")]
struct ExplorerPage {
    frame: Frame,
    say: Say,
    what: String,
    /// What is to be known of figures that are protected.
    protected: String,
    periods: Vec<PeriodLink>,
    errors: Errors,
    chips: Vec<Chip>,
    q: String,
    from: String,
    to: String,
    rail_hidden: Vec<(String, String)>,
    facets: Vec<FacetView>,
    empty: Option<Empty>,
    trend: Option<Trend>,
    chart_hidden: Vec<(String, String)>,
    chart_choices: Vec<Select>,
    list: Option<List>,
    order_hidden: Vec<(String, String)>,
    orders: Vec<Choice>,
    bulk: Option<Bulk>,
    changed: Option<Changed>,
    open: Option<Open>,
    export: Option<Export>,
    may_save: bool,
    address: String,
    as_of: String,
}

/// Names that people know for keys.
struct Names {
    labels: Labels,
    sources: Vec<(String, String)>,
}

struct List {
    heading: String,
    items: Vec<CommentItem>,
    pager: Pager,
}

/// One theme for many.
struct Bulk {
    hidden: Vec<(String, String)>,
    on_page: String,
    matching: Option<String>,
    themes: Vec<String>,
}

/// The change of many that was just made.
struct Changed {
    text: String,
    undo: String,
}

/// What stands beside the list.
struct Open {
    /// Absent when it is gone.
    detail: Option<Detail>,
    close: String,
    own_page: String,
    neighbours: Neighbours,
    errors: Errors,
}

/// The page.
pub(crate) async fn show(visit: Visit) -> WebResult<Response> {
    if let Some(tidy) = tidied(visit.query(), false) {
        let to =
            if tidy.is_empty() { "/understand/explorer".to_owned() } else { format!("/understand/explorer?{tidy}") };
        return Ok(Redirect::to(&to).into_response());
    }
    let (asked, errors) = Asked::read(visit.query(), Context { zone: visit.zone(), now: visit.app().now() });
    if errors.is_empty() {
        return page(&visit, &asked, Sent::default(), StatusCode::OK).await;
    }
    let mut page = ExplorerPage::bare(&visit, &asked, &Names::of(&visit).await?).await?;
    page.wrong(errors.into());
    page.what = page.say.t("explorer-not-understood");
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// The page for a question, after a form was sent or not.
pub(crate) async fn page(visit: &Visit, asked: &Asked, sent: Sent, status: StatusCode) -> WebResult<Response> {
    let names = Names::of(visit).await?;
    let mut page = ExplorerPage::bare(visit, asked, &names).await?;
    match page.fill(visit, asked, &names, sent).await {
        Ok(()) => Ok((status, Page(page)).into_response()),
        // A question that is too large is one that can be asked otherwise.
        Err(Error::Invalid(errors)) => {
            page.wrong(errors.into());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

impl Names {
    async fn of(visit: &Visit) -> WebResult<Self> {
        Ok(Self { labels: visit.app().labels(), sources: sources::names(visit).await? })
    }
}

impl ExplorerPage {
    /// What can be said without asking the index.
    async fn bare(visit: &Visit, asked: &Asked, names: &Names) -> WebResult<Self> {
        let say = l10n::console();
        let chips = chips(asked, &names.labels, &names.sources, visit.zone(), "/understand/explorer", true);
        let (first, last) = match asked.url.period {
            Some(_) => (None, None),
            None => format::days(asked.filter().range, visit.zone()),
        };
        let day = |d: Option<chrono::NaiveDate>| d.map(|d| d.format("%Y-%m-%d").to_string()).unwrap_or_default();
        let negated = |name: &str, value: &str| name != "q" && value.starts_with('!');
        let rail = |(name, value): &(String, String)| {
            matches!(name.as_str(), "period" | "order" | "by" | "show" | "compare") || negated(name, value)
        };
        let mut rail_hidden = asked.hidden(|_| false);
        rail_hidden.retain(rail);
        let order_label = |o: Order| match o {
            Order::Newest => say.t("explorer-newest"),
            Order::Oldest => say.t("explorer-oldest"),
        };
        Ok(Self {
            frame: visit.frame(page_title(say, &chips)).await?,
            say,
            what: String::new(),
            protected: String::new(),
            periods: Vec::new(),
            errors: Errors::default(),
            chips,
            q: typed(visit.query(), asked.filter()),
            from: day(first),
            to: day(last),
            rail_hidden,
            facets: Vec::new(),
            empty: None,
            trend: None,
            chart_hidden: asked.hidden(|n| matches!(n, "by" | "show" | "compare")),
            chart_choices: Vec::new(),
            list: None,
            order_hidden: asked.hidden(|n| n == "order"),
            orders: choices(Order::ALL, Some(asked.order), Order::key, order_label),
            bulk: None,
            changed: changed(visit, say, names).await?,
            open: None,
            export: None,
            may_save: visit.may(Permission::SaveViews),
            address: asked.first_page().query(),
            as_of: visit.as_of(visit.app().as_of()),
        })
    }

    /// Says what is wrong with the question.
    fn wrong(&mut self, errors: Errors) {
        self.frame.title = errors.headed(std::mem::take(&mut self.frame.title), self.say);
        self.errors = errors;
    }

    /// Asks the index and fills the page.
    async fn fill(&mut self, visit: &Visit, asked: &Asked, names: &Names, sent: Sent) -> Result<(), Error> {
        let app = visit.app();
        let Some(periods) = app.periods(&visit.actor, asked.filter()).await? else {
            return self.nothing(visit, asked).await;
        };
        let days = periods.days(asked.filter().range);
        let interval = match asked.by.filter(|by| period::fits(*by, days)) {
            Some(by) => by,
            None => period::default_interval(days),
        };
        let interval = match interval {
            Interval::Hour if asked.show == Measure::Contacts => Interval::Day,
            by => app.charted_by(&visit.actor, asked.filter(), by),
        };
        let compare = asked.compare.filter(|c| period::compared(asked.filter().range, *c, visit.zone()).is_some());
        let question = Question {
            filter: asked.filter().clone(),
            group_by: vec![Grouping::Time(interval)],
            measures: vec![asked.show],
            compare,
            limit: 10_000,
        };
        let whole = Question {
            filter: commonweal_domain::Filter { range: asked.filter().range, ..Default::default() },
            ..Question::default()
        };
        let dimensions = facets::dimensions(app.attributes(&visit.actor).await?);
        let (answer, whole, found, page) = tokio::try_join!(
            app.answer(&visit.actor, &question),
            app.answer(&visit.actor, &whole),
            app.facets(&visit.actor, asked.filter(), &dimensions, facets::MAX),
            list::page(visit, asked)
        )?;
        let reads = visit.may(Permission::ReadFeedback);
        self.facets = facets::views(found, asked, &names.labels, &names.sources);
        self.periods = periods::links(&periods, asked, "/understand/explorer");
        self.what = what(self.say, visit, asked, &answer, whole.total.count, compare);
        self.open = match asked.open {
            Some(id) => Some(self.opened(visit, asked, id, &page, sent).await?),
            None => None,
        };
        self.protected =
            answer.protection.as_ref().map(|p| protected_note(self.say, visit, asked, p)).unwrap_or_default();
        if reads && page.items.is_empty() && asked.start == Start::First {
            self.empty = Some(self.no_match(visit, asked).await?);
            return Ok(());
        }
        self.chart_choices = selects(self.say, asked, interval, days, compare);
        // Beside an open feedback there is no room for the chart; it comes back with the list alone.
        if asked.open.is_none() {
            let before = if compare == Some(Compare::YearBefore) { "trend-year-before" } else { "trend-before" };
            let drawing = Drawing {
                id: "trend",
                answer: &answer,
                place: 0,
                measure: asked.show,
                interval,
                asked,
                before_name: self.say.t(before),
            };
            self.trend = Some(drawing.draw(visit, title(self.say, asked.show, interval, &answer)));
        }
        self.export = export(self.say, visit, asked, answer.total.count);
        if visit.may(Permission::CorrectReadings) {
            self.bulk = Some(self.for_many(asked, &page, answer.total.count, &names.labels));
        }
        self.list = reads.then(|| self.listed(visit, asked, &answer, page, &names.labels));
        Ok(())
    }

    async fn nothing(&mut self, visit: &Visit, asked: &Asked) -> Result<(), Error> {
        let all = commonweal_domain::Filter::default();
        let any = visit.app().periods(&visit.actor, &all).await?.is_some();
        self.what = self.say.t("explorer-no-feedback");
        self.empty = Some(if any { self.no_match(visit, asked).await? } else { no_data(visit) });
        Ok(())
    }

    async fn opened(
        &mut self,
        visit: &Visit,
        asked: &Asked,
        id: FeedbackId,
        page: &FeedbackPage,
        sent: Sent,
    ) -> Result<Open, Error> {
        let mut open = Open {
            detail: None,
            close: format!("{}#f-{id}", asked.closed().explorer()),
            own_page: asked.feedback(id),
            neighbours: Neighbours::default(),
            errors: sent.errors.clone(),
        };
        let known = page.keys.items.iter().find(|(_, of)| *of == id).map(|(at, _)| *at);
        let at: Option<Instant> = match known {
            Some(at) => Some(at),
            None => match visit.app().feedback(&visit.actor, id).await {
                Ok(found) => Some(found.doc.at),
                Err(Error::NotFound(_)) => None,
                Err(other) => return Err(other),
            },
        };
        if let Some(at) = at {
            let detail = Detail::of(visit, asked, id, &sent).await?;
            self.frame.title = open.errors.headed(format!("{}: {}", detail.heading, self.frame.title), self.say);
            open.detail = Some(detail);
            let address = |asked: &Asked, id| asked.opened(id).explorer();
            open.neighbours = Neighbours::of(visit, asked, page, (at, id), address).await?;
        }
        Ok(open)
    }

    fn listed(&self, visit: &Visit, asked: &Asked, answer: &Answer, page: FeedbackPage, labels: &Labels) -> List {
        let item = |d: &commonweal_domain::FeedbackDoc| {
            let href = asked.opened(d.id).explorer();
            let item = CommentItem::of(d, &asked.filter().words, labels, visit.zone(), href);
            CommentItem { current: asked.open == Some(d.id), ..item }
        };
        List {
            heading: match answer.total.count {
                Some(n) => format::feedback(n),
                None => self.say.t("explorer-feedback"),
            },
            pager: Pager::of(&page.keys, &list::request(visit, asked), |start| asked.at_place(start).explorer()),
            items: page.items.iter().map(item).collect(),
        }
    }

    fn for_many(&self, asked: &Asked, page: &FeedbackPage, count: Option<u64>, labels: &Labels) -> Bulk {
        let mut hidden = asked.closed().pairs();
        hidden.extend(page.items.iter().map(|d| ("shown".to_owned(), d.id.to_string())));
        Bulk {
            hidden,
            on_page: self.say.count("explorer-bulk-page", page.items.len() as u64),
            matching: count.map(|n| self.say.count("explorer-bulk-match", n)),
            themes: labels.themes(),
        }
    }

    /// Nothing matches: what each filter that could be taken away would leave.
    async fn no_match(&self, visit: &Visit, asked: &Asked) -> Result<Empty, Error> {
        let say = self.say;
        let mut actions = Vec::new();
        // What was added last is what one looks for first.
        for chip in self.chips.iter().rev().take(MAX_REMOVALS) {
            let question = Question { filter: chip.without.filter().clone(), ..Question::default() };
            let left = visit.app().answer(&visit.actor, &question).await?.total.count;
            let told = [
                ("name", chip.name.as_str().into()),
                ("value", chip.value.as_str().into()),
                ("left", left.map_or_else(|| say.t("explorer-few"), format::count).into()),
            ];
            actions.push(Action { text: say.with("explorer-without", &told), href: chip.remove.clone() });
        }
        actions.push(Action { text: say.t("explorer-clear-filters"), href: "/understand/explorer".to_owned() });
        let words = !asked.filter().words.is_empty();
        Ok(Empty {
            title: say.t("explorer-nothing-matches"),
            text: say.t(if words { "explorer-nothing-with-words" } else { "explorer-nothing-with-filters" }),
            actions,
        })
    }
}

/// What was changed for many just now, with the way to take it back.
async fn changed(visit: &Visit, say: Say, names: &Names) -> Result<Option<Changed>, Error> {
    let Some(batch) = visit.changed().filter(|_| visit.may(Permission::CorrectReadings)) else { return Ok(None) };
    let Some(told) = visit.app().themes_changed(&visit.actor, batch).await? else { return Ok(None) };
    let id = match told.act {
        ThemeAct::Add => "explorer-bulk-added",
        ThemeAct::Remove => "explorer-bulk-removed",
    };
    let theme = names.labels.value(&Dimension::Theme, &told.theme);
    let text = say.with(id, &[("theme", theme.into()), ("count", (told.comments as u64).into())]);
    let undo = crate::understand::explorer::detail::with_query(
        &format!("/understand/explorer/themes/{batch}/undo"),
        visit.query(),
    );
    Ok(Some(Changed { text, undo }))
}

/// Exactly what is filtered, as a file.
pub(crate) async fn export_file(visit: Visit, Path(name): Path<String>) -> WebResult<Response> {
    let extension = name.strip_prefix("feedback.").unwrap_or_default();
    let format = TableFormat::from_extension(extension).ok_or_else(Failure::not_found)?;
    let context = Context { zone: visit.zone(), now: visit.app().now() };
    let (asked, errors) = Asked::read(visit.query(), context);
    if !errors.is_empty() {
        return Err(Failure::query(errors));
    }
    let today = visit.app().now().with_timezone(&visit.zone()).format("%Y-%m-%d");
    let (app, actor, filter) = (visit.app().clone(), visit.actor.clone(), asked.filter().clone());
    let write = move |out| async move { app.export(&actor, &filter, format, out, |_| ()).await };
    stream::file(format!("feedback-{today}"), format, write).await
}

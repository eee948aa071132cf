//! Which feedback a page of findings speaks of, and how people narrow that down: the same filter and
//! period in the address as in the Explorer.

use commonweal_app::{Labels, Periods};
use commonweal_domain::question::{Facet, FacetOption};
use commonweal_domain::{Dimension, FieldErrors, TimeRange};
use fluent_bundle::FluentValue;

use crate::http::error::{Failure, WebResult};
use crate::l10n::Say;
use crate::ui::asked::{Asked, tidied, typed};
use crate::ui::chips::{Chip, chips, label};
use crate::ui::choice::Choice;
use crate::ui::empty::{Action, Empty};
use crate::ui::filter_url::{Context, FilterUrl, PARAMETERS};
use crate::ui::form::Fields;
use crate::ui::format;
use crate::ui::frame::Visit;
use crate::ui::params::Params;
use crate::ui::periods::{self, PeriodLink};
use crate::ui::sources;

/// Values of one dimension in the form.
const MAX_VALUES: usize = 40;

/// The filter of a page of findings, with what is shown of it.
pub(crate) struct Scope {
    pub(crate) asked: Asked,
    pub(crate) labels: Labels,
    pub(crate) sources: Vec<(String, String)>,
    /// The periods of the feedback under the filter; absent when there is none, whenever it was.
    pub(crate) periods: Option<Periods>,
    pub(crate) view: ScopeView,
}

/// What the template shows of the filter.
#[derive(Clone)]
pub(crate) struct ScopeView {
    pub(crate) say: Say,
    /// The page.
    pub(crate) path: String,
    pub(crate) periods: Vec<PeriodLink>,
    pub(crate) chips: Vec<Chip>,
    /// "Filter (2 in force)".
    pub(crate) filter_label: String,
    /// The page without filters.
    pub(crate) clear: String,
    pub(crate) q: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) selects: Vec<ScopeSelect>,
    /// What the form leaves as it is.
    pub(crate) hidden: Vec<(String, String)>,
    /// The same feedback in the Explorer.
    pub(crate) explorer: String,
}

/// One dimension in the form.
#[derive(Clone)]
pub(crate) struct ScopeSelect {
    pub(crate) name: String,
    pub(crate) label: String,
    /// Value, name, whether chosen.
    pub(crate) options: Vec<Choice>,
}

/// The filter in an address. What is left of the parameters is the page's own; it calls
/// [`Params::finish`] when it has taken them.
pub(crate) fn filter(visit: &Visit, params: &mut Params) -> Asked {
    let context = Context { zone: visit.zone(), now: visit.app().now() };
    let mut asked = Asked::nothing(visit.zone());
    asked.url = FilterUrl::take(params, context);
    // Said after something was done; asks nothing.
    let _ = params.one("done");
    asked
}

/// Whether nothing was wrong with the parameters; `own` are those of the page besides the filter.
pub(crate) fn finish(params: Params, own: &str) -> FieldErrors {
    params.finish(&format!("{PARAMETERS}{own}")).err().unwrap_or_default()
}

/// The same for a page that shows nothing then.
pub(crate) fn accept(params: Params, own: &str) -> WebResult<()> {
    let errors = finish(params, own);
    if errors.is_empty() { Ok(()) } else { Err(Failure::query(errors)) }
}

/// The filter of a page that has no other parameters.
pub(crate) fn only_filter(visit: &Visit) -> WebResult<Asked> {
    let mut params = Params::parse(visit.query());
    let asked = filter(visit, &mut params);
    accept(params, "")?;
    Ok(asked)
}

/// Where a form that left fields empty, or gave dates beside a named period, is sent on to. `usual`:
/// whether the page takes the usual period when none is said.
pub(crate) fn tidy_address(visit: &Visit, path: &str, usual: bool) -> Option<String> {
    let tidy = tidied(visit.query(), usual)?;
    Some(if tidy.is_empty() { path.to_owned() } else { format!("{path}?{tidy}") })
}

/// An address on a page with parameters of its own behind the filter.
pub(crate) fn address(asked: &Asked, path: &str, own: &[(String, String)]) -> String {
    with_own(&asked.at(path), own)
}

impl Scope {
    /// What is shown of a filter on a page. `own` are the page's own parameters, which changes of the
    /// filter keep; `usual`: whether the page takes the usual period when none is said.
    pub(crate) async fn of(
        visit: &Visit,
        mut asked: Asked,
        path: &str,
        own: &[(String, String)],
        usual: bool,
    ) -> WebResult<Self> {
        let say = crate::l10n::console();
        let labels = visit.app().labels();
        let sources = sources::names(visit).await?;
        let periods = visit.app().periods(&visit.actor, asked.filter()).await?;
        let mut links = Vec::new();
        if let Some(periods) = &periods {
            if usual && !names_period(visit.query()) {
                asked = periods::chosen(&asked, &periods.usual());
            }
            links = periods::links(periods, &asked, path);
            for link in &mut links {
                link.href = with_own(&link.href, own);
            }
        }
        let mut shown = chips(&asked, &labels, &sources, visit.zone(), path, !usual);
        for chip in &mut shown {
            chip.remove = with_own(&chip.remove, own);
        }
        let (first, last) = match asked.url.period {
            Some(_) => (None, None),
            None => format::days(asked.filter().range, visit.zone()),
        };
        let day = |d: Option<chrono::NaiveDate>| d.map(|d| d.format("%Y-%m-%d").to_string()).unwrap_or_default();
        let (selects, mut hidden) = selects(visit, &asked, &labels, &sources, say).await?;
        hidden.extend(own.iter().cloned());
        if let Some(named) = &asked.url.period {
            hidden.push(("period".to_owned(), named.clone()));
        } else if usual && asked.filter().range == TimeRange::default() {
            hidden.push(("period".to_owned(), "all".to_owned()));
        }
        let view = ScopeView {
            say,
            periods: links,
            filter_label: match shown.len() as u64 {
                0 => say.t("scope-filter"),
                n => say.count("scope-filter-count", n),
            },
            chips: shown,
            clear: with_own(path, own),
            q: typed(visit.query(), asked.filter()),
            from: day(first),
            to: day(last),
            selects,
            hidden,
            explorer: asked.filter_only().explorer(),
            path: path.to_owned(),
        };
        Ok(Self { asked, labels, sources, periods, view })
    }

    /// Nothing fits the filter: why, and how to go on.
    pub(crate) fn no_match(&self) -> Empty {
        let say = self.view.say;
        let mut actions: Vec<Action> = Vec::new();
        if let Some(all) = self.view.periods.iter().find(|p| !p.current) {
            actions.push(Action { text: all.text.clone(), href: all.href.clone() });
        }
        actions.push(Action { text: say.t("scope-clear"), href: self.view.clear.clone() });
        Empty { title: say.t("scope-no-match-title"), text: say.t("scope-no-match-text"), actions }
    }

    /// The name that people know for a value.
    pub(crate) fn label(&self, dimension: &Dimension, value: &str) -> String {
        label(&self.labels, &self.sources, dimension, value)
    }

    /// "3,310 pieces of feedback, 1 Jan to 31 Mar 2024": of which feedback a page speaks.
    pub(crate) fn what(&self, visit: &Visit, feedback: u64) -> String {
        self.counted("scope-what", visit, feedback)
    }

    /// The same with another message that is told `count` and `period`.
    pub(crate) fn counted(&self, id: &str, visit: &Visit, feedback: u64) -> String {
        let range = format::range(self.asked.filter().range, visit.zone());
        let told: [(&str, FluentValue<'_>); 2] = [("count", feedback.into()), ("period", range.into())];
        self.view.say.with(id, &told)
    }
}

/// Whether an address says of when, rather than leave it to the page.
pub(crate) fn names_period(query: &str) -> bool {
    let fields = Fields::parse(query);
    ["period", "from", "to"].iter().any(|name| !fields.get(name).is_empty())
}

fn with_own(address: &str, own: &[(String, String)]) -> String {
    if own.is_empty() {
        return address.to_owned();
    }
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}{}", serde_urlencoded::to_string(own).unwrap_or_default())
}

/// A choice for each dimension that has one, and what is filtered in ways that a choice of one value
/// can't show: that stays as it is.
async fn selects(
    visit: &Visit,
    asked: &Asked,
    labels: &Labels,
    sources: &[(String, String)],
    say: Say,
) -> WebResult<(Vec<ScopeSelect>, Vec<(String, String)>)> {
    let fixed = [
        Dimension::Service,
        Dimension::Touchpoint,
        Dimension::Channel,
        Dimension::Theme,
        Dimension::Sentiment,
        Dimension::Language,
        Dimension::Device,
        Dimension::Area,
    ];
    let free = visit.app().attributes(&visit.actor).await?.into_iter().map(Dimension::Attribute);
    let dimensions: Vec<Dimension> = fixed.into_iter().chain(free).collect();
    let plain = |d: &Dimension| {
        asked.filter().clauses.get(d).is_none_or(|clause| clause.is.len() <= 1 && clause.is_not.is_empty())
    };
    let mut found = Vec::new();
    for facet in visit.app().facets(&visit.actor, asked.filter(), &dimensions, MAX_VALUES).await? {
        if plain(&facet.dimension) && facet.options.len() > 1 {
            found.push(select(facet, asked, labels, sources, say));
        }
    }
    let pairs = asked.url.pairs(visit.zone());
    let shown = |name: &str| matches!(name, "q" | "period" | "from" | "to") || found.iter().any(|s| s.name == name);
    let hidden = pairs.into_iter().filter(|(name, _)| !shown(name)).collect();
    Ok((found, hidden))
}

fn select(facet: Facet, asked: &Asked, labels: &Labels, sources: &[(String, String)], say: Say) -> ScopeSelect {
    let chosen = asked.filter().clauses.get(&facet.dimension).and_then(|c| c.is.first()).cloned();
    let mut options = vec![Choice::none(say.t("scope-any"), chosen.is_none())];
    let mut values = facet.options;
    if let Some(value) = &chosen
        && !values.iter().any(|o| o.value == *value)
    {
        values.push(FacetOption { value: value.clone(), count: Some(0) });
    }
    for option in values {
        let name = label(labels, sources, &facet.dimension, &option.value);
        let count = option.count.map_or_else(|| say.t("scope-few"), format::count);
        let is_chosen = chosen.as_ref() == Some(&option.value);
        let value = if option.value.starts_with(['!', '\\']) { format!("\\{}", option.value) } else { option.value };
        options.push(Choice::new(value, format!("{name} ({count})"), is_chosen));
    }
    ScopeSelect { name: facet.dimension.key().into_owned(), label: facet.dimension.label().into_owned(), options }
}

//! What an Explorer address asks: filter, order, chart, comparison, page. The address is the whole
//! state, so that copying it shares what is seen.

use commonweal_domain::filter::{Clause, Dimension, Filter};
use commonweal_domain::question::{Compare, Interval, Measure, Order};
use commonweal_domain::{FeedbackId, FieldErrors, Start, TimeRange, search};

use crate::l10n::console;
use crate::ui::cursor;
use crate::ui::filter_url::{Context, FilterUrl, PARAMETERS};
use crate::ui::form::Fields;
use crate::ui::pager;
use crate::ui::params::Params;

/// What an address asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) url: FilterUrl,
    pub(crate) order: Order,
    /// Step of the chart; chosen by the length of the period when absent.
    pub(crate) by: Option<Interval>,
    /// What the chart shows.
    pub(crate) show: Measure,
    pub(crate) compare: Option<Compare>,
    /// Where the page of the list begins.
    pub(crate) start: Start,
    /// The feedback that stands beside the list.
    pub(crate) open: Option<FeedbackId>,
    zone: chrono_tz::Tz,
}

/// A query string tidied up: without fields left empty, and without the named period when dates
/// were given; nothing when it is tidy already. `usual`: whether the page takes the usual period when
/// none is said, so that all time has to be said.
pub(crate) fn tidied(query: &str, usual: bool) -> Option<String> {
    let fields = Fields::parse(query).0;
    let dates = fields.iter().any(|(n, v)| (n == "from" || n == "to") && !v.is_empty());
    let keep = |(name, value): &&(String, String)| {
        !value.trim().is_empty() && (name != "period" || !(dates || (value == "all" && !usual)))
    };
    let kept: Vec<&(String, String)> = fields.iter().filter(keep).collect();
    (kept.len() < fields.len()).then(|| serde_urlencoded::to_string(kept).unwrap_or_default())
}

/// What stands in the search box: what was typed, unless filters were typed, which are shown as such.
pub(crate) fn typed(query: &str, asked: &Filter) -> String {
    let fields = Fields::parse(query);
    let typed = fields.get("q");
    let mut alone = Filter::default();
    match search::parse(typed, &mut alone) {
        Ok(()) if !alone.clauses.is_empty() => asked.words.to_string(),
        _ => typed.to_owned(),
    }
}

impl Asked {
    /// What nobody asked anything of.
    pub(crate) fn nothing(zone: chrono_tz::Tz) -> Self {
        Self {
            url: FilterUrl::default(),
            order: Order::Newest,
            by: None,
            show: Measure::Count,
            compare: None,
            start: Start::First,
            open: None,
            zone,
        }
    }

    /// Reads a query string. What is wrong comes beside what could be understood, so that the form
    /// can be shown again.
    pub(crate) fn read(query: &str, context: Context) -> (Self, FieldErrors) {
        let mut params = Params::parse(query);
        let url = FilterUrl::take(&mut params, context);
        let order = params.named("order", Order::from_key, Order::ALL, Order::key);
        let by = params.named("by", Interval::from_key, Interval::ALL, Interval::key);
        let show = params.named("show", Measure::from_key, Measure::ALL, Measure::key);
        let compare = params.named("compare", Compare::from_key, Compare::ALL, Compare::key);
        let list = list(order.unwrap_or(Order::Newest));
        let mut cursor = |name: &str| {
            let text = params.one(name)?;
            let cursor = cursor::read(&text, list.as_bytes());
            if cursor.is_none() {
                params.errors.add(name, "not_a_place", console().t("explorer-not-a-place"));
            }
            cursor
        };
        let start = match (cursor("after"), cursor("before")) {
            (Some(after), _) => Start::After(after),
            (None, Some(before)) => Start::Before(before),
            (None, None) => Start::First,
        };
        let open = params.one("open").and_then(|text| {
            let id = text.parse().ok();
            if id.is_none() {
                params.errors.add("open", "not_an_id", console().t("explorer-not-an-id"));
            }
            id
        });
        // Said after something was done; asks nothing.
        let _ = (params.one("done"), params.one("changed"));
        let asked = Self {
            url,
            order: order.unwrap_or(Order::Newest),
            by,
            show: show.unwrap_or(Measure::Count),
            compare,
            start,
            open,
            zone: context.zone,
        };
        let allowed = format!("{PARAMETERS}, order, by, show, compare");
        let errors = params.finish(&allowed).err().unwrap_or_default();
        (asked, errors)
    }

    pub(crate) fn filter(&self) -> &Filter {
        &self.url.filter
    }

    /// All parameters, in one fixed order.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = self.url.pairs(self.zone);
        let mut add = |name: &str, value: &str| pairs.push((name.to_owned(), value.to_owned()));
        if self.order != Order::Newest {
            add("order", self.order.key());
        }
        if let Some(by) = self.by {
            add("by", by.key());
        }
        if self.show != Measure::Count {
            add("show", self.show.key());
        }
        if let Some(compare) = self.compare {
            add("compare", compare.key());
        }
        if let Some((name, cursor)) = pager::parameter(self.start, &list(self.order)) {
            add(name, &cursor);
        }
        if let Some(open) = self.open {
            add("open", &open.to_string());
        }
        pairs
    }

    /// The query string, without the question mark.
    pub(crate) fn query(&self) -> String {
        serde_urlencoded::to_string(self.pairs()).unwrap_or_default()
    }

    /// The address on a page. The Overview and Themes take the usual period when none is said, so that
    /// all time has to be said there.
    pub(crate) fn at(&self, path: &str) -> String {
        let mut pairs = self.pairs();
        if (path == "/" || path.starts_with("/understand/themes")) && self.filter().range == TimeRange::default() {
            pairs.push(("period".to_owned(), "all".to_owned()));
        }
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The Explorer's address.
    pub(crate) fn explorer(&self) -> String {
        self.at("/understand/explorer")
    }

    /// The page of one feedback that knows this list.
    pub(crate) fn feedback(&self, id: FeedbackId) -> String {
        self.closed().at(&format!("/understand/feedback/{id}"))
    }

    /// Parameters for the hidden fields of a form that sets the others itself. A form begins at the
    /// first page.
    pub(crate) fn hidden(&self, but: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let mut pairs = self.first_page().pairs();
        pairs.retain(|(name, _)| !but(name));
        pairs
    }

    /// The same at the first page, with nothing open.
    pub(crate) fn first_page(&self) -> Self {
        Self { start: Start::First, open: None, ..self.clone() }
    }

    /// The same page of the list with this feedback beside it.
    pub(crate) fn opened(&self, id: FeedbackId) -> Self {
        Self { open: Some(id), ..self.clone() }
    }

    /// The same page of the list alone.
    pub(crate) fn closed(&self) -> Self {
        Self { open: None, ..self.clone() }
    }

    /// The same with another filter, at the first page.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Filter)) -> Self {
        let mut other = self.first_page();
        change(&mut other.url.filter);
        other.url.filter.clauses.retain(|_, c| *c != Clause::default());
        other
    }

    /// The same with only these values of a dimension.
    pub(crate) fn only(&self, dimension: &Dimension, values: &[&str]) -> Self {
        self.with(|filter| {
            filter.clauses.remove(dimension);
            for value in values {
                let clause = filter.clauses.entry(dimension.clone()).or_default();
                clause.is.push((*value).to_owned());
                clause.is.sort();
            }
        })
    }

    /// The same in another period.
    pub(crate) fn during(&self, range: TimeRange, named: Option<&str>) -> Self {
        let mut other = self.with(|filter| filter.range = range);
        other.url.period = named.map(str::to_owned);
        other
    }

    /// The same at another place of the list.
    pub(crate) fn at_place(&self, start: Start) -> Self {
        Self { start, open: None, ..self.clone() }
    }

    /// The body's time zone, in which addresses say of when.
    pub(crate) fn zone(&self) -> chrono_tz::Tz {
        self.zone
    }

    /// The feedback behind a figure: for what counts some of its base only that.
    pub(crate) fn behind(&self, measure: Measure) -> Self {
        self.with(|filter| *filter = measure.filter(filter))
    }

    /// Whether nothing is filtered.
    pub(crate) fn is_everything(&self) -> bool {
        *self.filter() == Filter::default()
    }

    /// Only the filter, for links to pages that know nothing of charts and order.
    pub(crate) fn filter_only(&self) -> Self {
        Self { url: self.url.clone(), ..Self::nothing(self.zone) }
    }
}

/// The list that a cursor is good for. Not the filter: a period that is named moves with the clock, and the address
/// of a page must not become wrong at midnight.
fn list(order: Order) -> String {
    format!("explorer {}", order.key())
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use commonweal_domain::Cursor;

    use super::*;

    fn read(query: &str) -> (Asked, FieldErrors) {
        let now = "2024-04-10T12:00:00Z".parse().expect("an instant");
        Asked::read(query, Context { zone: Tz::Europe__London, now })
    }

    /// A place in a list, as it stands in an address.
    fn place(order: Order) -> String {
        let at = "2024-04-10T12:00:00Z".parse().expect("an instant");
        cursor::write(Cursor::at(at, uuid::Uuid::from_u128(7)), list(order).as_bytes())
    }

    #[test]
    fn an_address_says_everything_and_is_read_back() {
        let after = place(Order::Oldest);
        let full = format!(
            "q=upload&period=last-7-days&channel=phone&order=oldest&by=day&show=satisfied&compare=year_before&after={after}"
        );
        let (asked, errors) = read(&full);
        assert!(errors.is_empty(), "{errors}");
        assert_eq!(asked.query(), full);
        assert_eq!(read(&asked.query()).0, asked);
    }

    #[test]
    fn what_is_open_stands_in_the_address_and_goes_with_any_other_question() {
        let id = "018f0000-0000-7000-8000-000000000001";
        let after = place(Order::Newest);
        let (asked, errors) = read(&format!("q=upload&after={after}&open={id}"));
        assert!(errors.is_empty());
        assert_eq!(read(&asked.query()).0, asked);
        assert_eq!(asked.closed().query(), format!("q=upload&after={after}"));
        assert_eq!(asked.with(|f| f.words = search::Words::default()).query(), "");
        assert_eq!(read("open=me").1.0[0].code, "not_an_id");
    }

    #[test]
    fn forms_begin_at_the_first_page_and_leave_out_what_they_set() {
        let (asked, _) = read(&format!("channel=phone&order=oldest&before={}", place(Order::Oldest)));
        let names: Vec<String> = asked.hidden(|n| n == "order").into_iter().map(|(n, _)| n).collect();
        assert_eq!(names, ["channel"]);
    }

    #[test]
    fn fields_left_empty_vanish_and_dates_go_before_a_named_period() {
        assert_eq!(tidied("q=&from=&to=", false).as_deref(), Some(""));
        assert_eq!(tidied("period=2024&from=2024-01-02&to=", false).as_deref(), Some("from=2024-01-02"));
        assert_eq!(tidied("period=2024&from=&to=", false).as_deref(), Some("period=2024"));
        assert_eq!(tidied("q=Caf%C3%A9&channel=phone", false), None);
    }

    #[test]
    fn filters_that_were_typed_are_shown_as_filters() {
        let (asked, _) = read("q=Upload+channel%3Aphone");
        assert_eq!(typed("q=Upload+channel%3Aphone", asked.filter()), "upload");
        assert_eq!(typed("q=Caf%C3%A9+%22", &Filter::default()), "Café \"", "kept as it was typed");
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(read("after=here").1.0[0].field, "after");
        let other_order = format!("order=oldest&before={}", place(Order::Newest));
        assert_eq!(read(&other_order).1.0[0].code, "not_a_place");
        assert_eq!(read("colour=red").1.0[0].code, "unknown_parameter");
        assert!(read("done=view-saved").1.is_empty());
    }

    #[test]
    fn the_last_value_of_a_filter_takes_the_filter_with_it() {
        let (asked, _) = read("channel=phone");
        let without = asked.with(|f| {
            if let Some(c) = f.clauses.get_mut(&Dimension::Channel) {
                c.is.clear();
            }
        });
        assert!(without.is_everything());
    }
}

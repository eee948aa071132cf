//! The one translation between the address of a page and the [`Filter`] it asks for, for the console,
//! the API and kept views.
//!
//! `q` what somebody typed · `period` as people name it, or `from` and `to` (local dates, the last one
//! included; or instants, the last one excluded) · every dimension by its key, repeated for several
//! values: `channel=phone&channel=!web&attr.age_band=65%2B`. A leading `!` means "is not"; `(none)`
//! stands for having no value. A value that itself begins with `!` or `\` is written with a `\`
//! before it.

use chrono::{DateTime, Datelike, Days, NaiveDate, SecondsFormat, SubsecRound, Utc};
use chrono_tz::Tz;
use commonweal_app::App;
use commonweal_domain::feedback::limits::SHORT_CHARS;
use commonweal_domain::filter::NONE;
use commonweal_domain::{
    Capacity, Channel, Dimension, Direction, FieldErrors, Filter, Function, Instant, Sentiment, TimeRange, period,
    search,
};

use crate::ui::params::Params;

/// What an address means depends on where and when it is read.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The body's time zone.
    pub zone: Tz,
    /// The present.
    pub now: Instant,
}

impl Context {
    /// The body's zone and the present.
    pub fn of(app: &App) -> Self {
        Self { zone: app.settings().time_zone, now: app.now() }
    }
}

/// A filter with the name of its period, so that "last 7 days" stays what it says in addresses that
/// are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterUrl {
    /// Which feedback is meant.
    pub filter: Filter,
    /// The period as it was named; when absent, the range of the filter is written as dates.
    pub period: Option<String>,
}

/// The names of the parameters, for messages.
pub const PARAMETERS: &str = "q, period, from, to, service, touchpoint, channel, rating, sentiment, emotion, theme, alert, question, language, device, page, area, source, function, capacity, direction, has_words, attr.NAME";

impl FilterUrl {
    /// Takes what describes a filter out of the parameters; what is wrong is added to their errors.
    pub fn take(params: &mut Params, context: Context) -> Self {
        let mut asked = Self::default();
        for (name, value) in params.take(|name| Dimension::from_key(name).is_some()) {
            match Dimension::from_key(&name) {
                Some(_) if value.is_empty() => {
                    params.errors.add(&*name, "no_value", format!("`{name}` needs a value."));
                }
                Some(dimension) => add(&mut asked.filter, dimension, &value),
                None => {}
            }
        }
        if let Some(typed) = params.one("q")
            && let Err(e) = search::parse(&typed, &mut asked.filter)
        {
            params.errors.0.extend(e.0);
        }
        check_values(&asked.filter, &mut params.errors);
        asked.take_range(params, context);
        asked
    }

    fn take_range(&mut self, params: &mut Params, context: Context) {
        let (named, from, to) = (params.one("period"), params.one("from"), params.one("to"));
        match (named, from, to) {
            (None, None, None) => {}
            (Some(named), None, None) => match period::parse(&named, context.now, context.zone) {
                Ok(range) => {
                    self.filter.range = range;
                    self.period = (range != TimeRange::default()).then(|| named.trim().to_ascii_lowercase());
                }
                Err(e) => params.errors.0.extend(e.0),
            },
            (None, from, to) => {
                let from = from.and_then(|text| end("from", &text, 0, context.zone, &mut params.errors));
                let to = to.and_then(|text| end("to", &text, 1, context.zone, &mut params.errors));
                if let (Some(from), Some(to)) = (from, to)
                    && from >= to
                {
                    params.errors.add(
                        "to",
                        "backwards",
                        "The period ends before it begins. Give the earlier date as `from`.",
                    );
                }
                self.filter.range = TimeRange { from, to };
            }
            _ => params.errors.add("period", "both", "Give either `period` or `from` and `to`, not both."),
        }
    }

    /// The parameters that ask for this, in one fixed order. Instants at the start of a local day are
    /// written as dates.
    pub fn pairs(&self, zone: Tz) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        if !self.filter.words.is_empty() {
            pairs.push(("q".to_owned(), self.filter.words.to_string()));
        }
        match &self.period {
            Some(named) => pairs.push(("period".to_owned(), named.clone())),
            None => {
                let TimeRange { from, to } = self.filter.range;
                pairs.extend(from.map(|at| ("from".to_owned(), written(at, 0, zone))));
                pairs.extend(to.map(|at| ("to".to_owned(), written(at, 1, zone))));
            }
        }
        for (dimension, clause) in &self.filter.clauses {
            let key = dimension.key();
            for value in &clause.is {
                let escaped = value.starts_with(['!', '\\']);
                pairs.push((key.to_string(), if escaped { format!("\\{value}") } else { value.clone() }));
            }
            pairs.extend(clause.is_not.iter().map(|value| (key.to_string(), format!("!{value}"))));
        }
        pairs
    }

    /// The same as a query string without its question mark, with more parameters behind.
    pub fn query_string(&self, zone: Tz, more: &[(&str, &str)]) -> String {
        let mut pairs = self.pairs(zone);
        pairs.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        // Pairs of texts can always be written.
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    }
}

/// Adds "is" or "is not" a value.
fn add(filter: &mut Filter, dimension: Dimension, value: &str) {
    let clause = filter.clauses.entry(dimension).or_default();
    let escaped = value.strip_prefix('\\').filter(|rest| rest.starts_with(['!', '\\']));
    let (list, value) = match value.strip_prefix('!') {
        Some(rest) => (&mut clause.is_not, rest),
        None => (&mut clause.is, escaped.unwrap_or(value)),
    };
    if let Err(place) = list.binary_search_by(|v| v.as_str().cmp(value)) {
        list.insert(place, value.to_owned());
    }
}

/// A value that can't occur would find nothing and look like an answer; it is refused instead.
fn check_values(filter: &Filter, errors: &mut FieldErrors) {
    for (dimension, clause) in &filter.clauses {
        let key = dimension.key();
        let allowed = closed(dimension);
        for value in clause.is.iter().chain(&clause.is_not) {
            if value.is_empty() {
                errors.add(&*key, "no_value", format!("`{key}` needs a value after the exclamation mark."));
            } else if value.chars().count() > SHORT_CHARS || value.chars().any(char::is_control) {
                errors.add(
                    &*key,
                    "not_clean",
                    format!("A value of `{key}` has at most {SHORT_CHARS} characters and no line breaks."),
                );
            } else if let Some(allowed) = &allowed
                && value != NONE
                && !allowed.contains(&value.as_str())
            {
                let message =
                    format!("`{value}` can't be given for `{key}`. Allowed are {}, {NONE}.", allowed.join(", "));
                errors.add(&*key, "not_allowed", message);
            }
        }
    }
}

/// The values of a dimension that has a fixed set of them.
pub(crate) fn closed(dimension: &Dimension) -> Option<Vec<&'static str>> {
    fn keys<T: Copy>(all: &[T], key: fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|v| key(*v)).collect()
    }
    Some(match dimension {
        Dimension::Channel => keys(Channel::ALL, Channel::key),
        Dimension::Rating => vec!["1", "2", "3", "4", "5"],
        Dimension::Sentiment => keys(Sentiment::ALL, Sentiment::key),
        Dimension::Function => keys(Function::ALL, Function::key),
        Dimension::Capacity => keys(Capacity::ALL, Capacity::key),
        Dimension::Direction => keys(Direction::ALL, Direction::key),
        Dimension::HasWords => vec!["yes", "no"],
        _ => return None,
    })
}

/// Reads one end of a range. `after` is 1 for an end that includes its day.
fn end(name: &str, text: &str, after: u64, zone: Tz, errors: &mut FieldErrors) -> Option<Instant> {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        && text.len() == 10
        && (1900..=2200).contains(&date.year())
    {
        return Some(period::start_of(date + Days::new(after), zone));
    }
    // A plus sign that was not escaped arrives as a space.
    if let Ok(at) = DateTime::parse_from_rfc3339(&text.replacen(' ', "+", 1))
        && (1900..=2200).contains(&at.year())
    {
        return Some(at.with_timezone(&Utc).trunc_subsecs(6));
    }
    errors.add(
        name,
        "not_a_date",
        format!("`{text}` is neither a date such as 2024-03-31 nor an instant such as 2024-03-31T10:02:00Z."),
    );
    None
}

fn written(at: Instant, after: u64, zone: Tz) -> String {
    let date = at.with_timezone(&zone).date_naive();
    if period::start_of(date, zone) == at {
        // The day before the year 1 does not occur: instants here are those of people's lives.
        return date.checked_sub_days(Days::new(after)).unwrap_or(date).format("%Y-%m-%d").to_string();
    }
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use commonweal_domain::search::{Atom, Words};
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    fn context(zone: Tz) -> Context {
        Context { zone, now: "2024-04-10T12:00:00Z".parse().expect("an instant") }
    }

    fn read(query: &str, zone: Tz) -> Result<FilterUrl, FieldErrors> {
        let mut params = Params::parse(query);
        let asked = FilterUrl::take(&mut params, context(zone));
        params.finish(PARAMETERS).map(|()| asked)
    }

    fn london(query: &str) -> Result<FilterUrl, FieldErrors> {
        read(query, Tz::Europe__London)
    }

    fn wrong(query: &str) -> String {
        london(query)
            .expect_err(query)
            .0
            .iter()
            .map(|e| format!("{}:{}", e.field, e.code))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn an_address_is_read_and_written_back_in_one_form() {
        let asked = london("channel=phone&attr.age_band=65%2B&q=upload+-parking+device:phone&channel=!web&from=2024-03-01&to=2024-03-31&area=(none)&page=").expect("valid");
        assert_eq!(
            asked.query_string(Tz::Europe__London, &[("order", "oldest")]),
            "q=upload+-parking&from=2024-03-01&to=2024-03-31&channel=phone&channel=%21web&device=phone&area=%28none%29&attr.age_band=65%2B&order=oldest"
        );
        assert_eq!(asked.filter.range.to, Some("2024-03-31T23:00:00Z".parse().expect("an instant")));
    }

    #[test]
    fn a_named_period_keeps_its_name() {
        let asked = london("period=last-7-days").expect("valid");
        assert!(asked.filter.range.from.is_some());
        assert_eq!(asked.query_string(Tz::Europe__London, &[]), "period=last-7-days");
        assert_eq!(london("period=all").expect("valid"), FilterUrl::default());
    }

    #[test]
    fn instants_may_be_given_with_an_offset_and_the_last_is_excluded() {
        let asked = london("from=2024-03-01T10:00:00%2B01:00&to=2024-03-01T10:00:00Z").expect("valid");
        assert_eq!(
            asked.query_string(Tz::Europe__London, &[]),
            "from=2024-03-01T09%3A00%3A00Z&to=2024-03-01T10%3A00%3A00Z"
        );
        assert_eq!(london("from=2024-03-01T10:00:00+01:00").expect("valid").filter.range.from, asked.filter.range.from);
    }

    #[test]
    fn what_is_wrong_is_said_with_what_is_allowed() {
        assert_eq!(wrong("colour=red"), "colour:unknown_parameter");
        assert_eq!(wrong("attr.Age=1"), "attr.Age:unknown_parameter");
        assert_eq!(wrong("channel=fone"), "channel:not_allowed");
        assert_eq!(wrong("q=channel:fone"), "channel:not_allowed");
        assert_eq!(wrong("channel=!"), "channel:no_value");
        assert_eq!(wrong("q=a&q=b"), "q:twice");
        assert_eq!(wrong("period=2024&from=2024-01-01"), "period:both");
        assert_eq!(wrong("from=31/02/2024"), "from:not_a_date");
        assert_eq!(wrong("from=2024-02-02&to=2024-02-01"), "to:backwards");
        assert_eq!(wrong("period=soon"), "period:not_a_period");
        assert_eq!(wrong("area=a%0Ab"), "area:not_clean");
    }

    fn word() -> impl Strategy<Value = String> {
        "[a-z]{2,8}"
    }

    fn atom() -> impl Strategy<Value = Atom> {
        prop_oneof![
            word().prop_map(Atom::Word),
            word().prop_map(Atom::Forms),
            word().prop_map(Atom::Prefix),
            vec(word(), 2..4).prop_map(Atom::Phrase),
        ]
    }

    fn words() -> impl Strategy<Value = Words> {
        (vec(vec(atom(), 1..3), 0..3), vec(atom(), 0..2)).prop_map(|(must, must_not)| Words { must, must_not })
    }

    fn clauses() -> impl Strategy<Value = Vec<(Dimension, Vec<(bool, String)>)>> {
        let dimension = prop_oneof![
            proptest::sample::select(vec![
                Dimension::Service,
                Dimension::Page,
                Dimension::Area,
                Dimension::Question,
                Dimension::Attribute("age_band".into()),
            ]),
            "[a-z0-9_]{1,40}".prop_map(Dimension::Attribute),
        ];
        let value = prop_oneof!["[ -~]{1,20}", "\\PC{1,10}", Just(NONE.to_owned()), Just("!odd".to_owned())];
        btree_map(dimension, vec((any::<bool>(), value), 1..4), 0..4).prop_map(|m| m.into_iter().collect())
    }

    fn instants() -> impl Strategy<Value = Instant> {
        // 1950 to 2100, half of them whole hours.
        prop_oneof![
            (-631_152_000_000_000_i64..4_102_444_800_000_000)
                .prop_map(|us| DateTime::from_timestamp_micros(us).expect("in range")),
            (-175_320_i64..1_139_568).prop_map(|hours| DateTime::from_timestamp(hours * 3600, 0).expect("in range")),
        ]
    }

    fn ranges() -> impl Strategy<Value = TimeRange> {
        (proptest::option::of(instants()), proptest::option::of(instants())).prop_map(|(a, b)| match (a, b) {
            (Some(a), Some(b)) if a > b => TimeRange { from: Some(b), to: Some(a) },
            (Some(a), Some(b)) if a == b => TimeRange { from: Some(a), to: None },
            (from, to) => TimeRange { from, to },
        })
    }

    proptest! {
        #[test]
        fn every_filter_can_be_written_as_an_address_and_read_again(
            words in words(), clauses in clauses(), range in ranges(),
            zone in proptest::sample::select(vec![Tz::Europe__London, Tz::Asia__Kathmandu, Tz::Pacific__Apia, Tz::America__Sao_Paulo, Tz::UTC]),
        ) {
            let mut filter = Filter { range, words, ..Filter::default() };
            for (dimension, values) in clauses {
                let clause = filter.clauses.entry(dimension).or_default();
                for (is, value) in values {
                    let list = if is { &mut clause.is } else { &mut clause.is_not };
                    if let Err(place) = list.binary_search(&value) {
                        list.insert(place, value);
                    }
                }
            }
            let asked = FilterUrl { filter, period: None };
            let again = read(&asked.query_string(zone, &[]), zone);
            prop_assert_eq!(again, Ok(asked));
        }
    }
}

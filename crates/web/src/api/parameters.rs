//! The parameters of the API as its document describes them. Written from the same lists that the
//! parameters are read with, so that the two can't differ.

use commonweal_domain::Dimension;
use commonweal_domain::feedback::limits::SHORT_CHARS;
use commonweal_domain::filter::NONE;
use commonweal_domain::question::{Compare, Measure, Order};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, Object, ObjectBuilder, Schema, Type};

use crate::api::schema::{intervals, one_of};
use crate::ui::filter_url::closed;

/// A value of a dimension that is not empty and holds no control characters.
const VALUE: &str = "^[^\\x00-\\x1f\\x7f-\\x9f]+$";

/// What narrows down which feedback is meant.
pub(crate) struct FilterParams;

impl IntoParams for FilterParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut all = vec![
            query(
                "q",
                text().build(),
                "Words as people type them: `upload photo` both, `\"bus stop\"` the phrase, `-parking` without, `upload*` beginnings, `a OR b` either, `channel:phone` a value.",
            ),
            query(
                "period",
                text()
                    .max_length(Some(60))
                    .examples(["2024-03", "2024-Q1", "2024-01-05..2024-03", "last-7-days"])
                    .build(),
                "Period in the body's time zone: a year, quarter, month or day, two of them with `..` between, `last-N-days|weeks|months|years`, `today`, `yesterday`, `this-month`, `this-year` or `all`. Not together with `from` and `to`.",
            ),
            query("from", end().build(), "First local date (`2024-03-01`) or first instant (`2024-03-01T10:00:00Z`)."),
            query("to", end().build(), "Last local date, included; or the first instant that is no longer included."),
        ];
        all.extend(Dimension::FIXED.iter().map(dimension));
        all.push(attributes());
        all
    }
}

/// Which page of a list.
pub(crate) struct PageParams;

impl IntoParams for PageParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let order = one_of(Order::ALL, Order::key);
        vec![
            query("order", order, "Which come first; `newest` when not given."),
            query(
                "limit",
                number(1, crate::understand::api::feedback::MOST),
                "How many on a page; 100 when not given.",
            ),
            query(
                "cursor",
                text().pattern(Some("^[A-Za-z0-9_-]{1,200}$")).build(),
                "Where the page begins, from `next` of the page before. Valid only with the same filter and order.",
            ),
        ]
    }
}

/// What is measured and by what it is broken down.
pub(crate) struct QuestionParams;

impl IntoParams for QuestionParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let measures = ArrayBuilder::new().items(one_of(Measure::ALL, Measure::key)).unique_items(true).build();
        let keys =
            intervals().into_iter().map(str::to_owned).chain(Dimension::FIXED.iter().map(|d| d.key().into_owned()));
        let grouping = text().pattern(Some(key_pattern(keys))).build();
        let groupings = ArrayBuilder::new().items(grouping).max_items(Some(2)).unique_items(true).build();
        vec![
            query(
                "measure",
                measures,
                "What to measure, repeated for several; `count` when not given. `rating` 1 to 5, `satisfied` and `negative` 0 to 1, `sentiment` −1 to 1.",
            ),
            query(
                "group_by",
                groupings,
                "By what to break down: none, one or two of a dimension's key, `attr.NAME`, or `hour`, `day`, `week`, `month` in the body's time zone.",
            ),
            query(
                "compare",
                one_of(Compare::ALL, Compare::key),
                "With which period to compare. Needs a period with a beginning and an end.",
            ),
            query(
                "limit",
                number(1, crate::understand::api::query::MOST),
                "Most groups along each dimension; 50 when not given. The rest is counted in `others`.",
            ),
        ]
    }
}

/// Which facets.
pub(crate) struct FacetParams;

impl IntoParams for FacetParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let keys = Dimension::FIXED.iter().map(|d| d.key().into_owned());
        let dimensions = ArrayBuilder::new().items(text().pattern(Some(key_pattern(keys))).build()).unique_items(true);
        vec![
            query(
                "dimension",
                dimensions.build(),
                "Which dimensions, repeated for several; all, with the free attributes, when not given.",
            ),
            query("limit", number(1, crate::understand::api::query::MOST), "Most values of each; 50 when not given."),
        ]
    }
}

/// What people may have met.
pub(crate) struct IssueParams;

impl IntoParams for IssueParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let pair = text().pattern(Some("^[a-z_.0-9]+=.+$")).examples(["theme=waiting", "rating=1"]).build();
        vec![query(
            "issue",
            ArrayBuilder::new().items(pair).build(),
            "What people may have met: a dimension and a value, as in the filter, with `=` between; repeated for several. Each theme by itself when not given. The filter may not speak of the same dimension.",
        )]
    }
}

/// How to look for changes.
pub(crate) struct ChangesParams;

impl IntoParams for ChangesParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let step = text().enum_values(Some(["hour", "day", "week", "month"])).build();
        let falls = text().enum_values(Some(["true", "false"])).build();
        vec![
            query("step", step, "What is counted by; days, weeks or months, as suits the data, when not given."),
            query(
                "days",
                number(4, 7_305),
                "Days of history, the judged step included: for hours 4 to 90 (21 when not given), for days 15 to 1,000 (90), for weeks 63 to 3,653 (731), for months 396 to 7,305 (1,827).",
            ),
            query("falls", falls, "Whether to look for falls too; `false` when not given."),
            query("limit", number(1, commonweal_app::understand::changes::MOST), "Most changes; 20 when not given."),
        ]
    }
}

/// A request that may be sent again.
pub(crate) struct IdempotencyParam;

impl IntoParams for IdempotencyParam {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = text().min_length(Some(1)).max_length(Some(255)).pattern(Some("^[!-~]+$")).build();
        vec![
            ParameterBuilder::new()
                .name("Idempotency-Key")
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some("1 to 255 visible ASCII characters. The same key with the same body gives the first answer again, so a request whose answer was lost can be repeated. With another body it is refused. Kept for at least a day."))
                .schema(Some(schema))
                .build(),
        ]
    }
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn end() -> ObjectBuilder {
    text().pattern(Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?$")).examples(["2024-03-31", "2024-03-31T10:02:00Z"])
}

fn number(least: usize, most: usize) -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least)).maximum(Some(most)).build()
}

fn key_pattern(keys: impl Iterator<Item = String>) -> String {
    format!("^({}|attr\\.[a-z0-9_]{{1,40}})$", keys.collect::<Vec<_>>().join("|"))
}

fn query(name: &str, schema: impl Into<Schema>, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema.into()))
        .build()
}

fn dimension(dimension: &Dimension) -> Parameter {
    let (value, what) = match closed(dimension) {
        Some(allowed) => {
            let plain = allowed.iter().copied().chain([NONE]);
            let all: Vec<String> = plain.flat_map(|v| [v.to_owned(), format!("!{v}")]).collect();
            (text().enum_values(Some(all)).build(), "")
        }
        None => (
            text().min_length(Some(1)).max_length(Some(SHORT_CHARS)).pattern(Some(VALUE)).build(),
            match dimension {
                Dimension::Service => " Keys as in `/api/v1/services`.",
                Dimension::Touchpoint => " Keys with the service's, as in `/api/v1/services`.",
                Dimension::Source => " `api`, `console` or the id of an import.",
                _ => "",
            },
        ),
    };
    let description = format!(
        "{}, repeated for several of which one must hold; with `!` before it, none may hold; `{NONE}` for having none.{what}",
        dimension.label()
    );
    let mut parameter = query(&dimension.key(), ArrayBuilder::new().items(value).build(), &description);
    parameter.style = Some(ParameterStyle::Form);
    parameter.explode = Some(true);
    parameter
}

/// Free attributes have names that the body chose, so they are described as an object whose
/// properties are parameters of their own.
fn attributes() -> Parameter {
    let names = text().pattern(Some("^attr\\.[a-z0-9_]{1,40}$")).build();
    let value = text().min_length(Some(1)).max_length(Some(SHORT_CHARS)).pattern(Some(VALUE)).build();
    let schema = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property_names(Some(names))
        .additional_properties(Some(AdditionalProperties::from(Schema::from(value))))
        .build();
    let mut parameter = query(
        "attr",
        schema,
        "Free attributes, each as a parameter of its own: `attr.age_band=65%2B`. As with the dimensions, repeated, with `!` or `(none)`.",
    );
    parameter.style = Some(ParameterStyle::Form);
    parameter.explode = Some(true);
    parameter
}

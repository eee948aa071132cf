//! The parameters of questions, lists and findings, as the API's document describes them.

use crate::api::parameters::{key_pattern, number, query, text};
use crate::api::schema::{intervals, one_of};
use crate::understand::api::query as questions;
use commonweal_domain::Dimension;
use commonweal_domain::question::{Compare, Measure, Order};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::ArrayBuilder;

/// In which order a list comes.
pub(crate) struct OrderParam;

impl IntoParams for OrderParam {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![query("order", one_of(Order::ALL, Order::key), "Which come first; `newest` when not given.")]
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
                number(1, questions::MAX),
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
            query("limit", number(1, questions::MAX), "Most values of each; 50 when not given."),
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
            query("limit", number(1, commonweal_app::understand::changes::MAX), "Most changes; 20 when not given."),
        ]
    }
}

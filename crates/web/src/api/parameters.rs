//! The parameters of the API that several operations share, as its document describes them. Written from the
//! same lists that the parameters are read with, so that the two can't differ.

use crate::ui::filter_url::closed;
use commonweal_domain::Dimension;
use commonweal_domain::feedback::limits::SHORT_CHARS;
use commonweal_domain::filter::NONE;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, Object, ObjectBuilder, Schema, Type};

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

pub(crate) fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn end() -> ObjectBuilder {
    text().pattern(Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?$")).examples(["2024-03-31", "2024-03-31T10:02:00Z"])
}

pub(crate) fn number(least: usize, most: usize) -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least)).maximum(Some(most)).build()
}

pub(crate) fn key_pattern(keys: impl Iterator<Item = String>) -> String {
    format!("^({}|attr\\.[a-z0-9_]{{1,40}})$", keys.collect::<Vec<_>>().join("|"))
}

pub(crate) fn query(name: &str, schema: impl Into<Schema>, description: &str) -> Parameter {
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

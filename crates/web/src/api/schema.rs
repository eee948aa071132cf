//! What the shapes of several answers of the API have in common.

use commonweal_domain::import::ImportState;
use commonweal_domain::question::{Interval, Measure};
use commonweal_domain::{Capacity, Channel, Direction, Function, Sentiment};
use utoipa::openapi::Schema;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

/// Text with one of a fixed set of values.
pub(crate) fn one_of<T: Copy>(all: &[T], key: fn(T) -> &'static str) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(all.iter().map(|v| key(*v)))).build()
}

pub(crate) fn one_of_or_null<T: Copy>(all: &[T], key: fn(T) -> &'static str) -> Object {
    let values = all.iter().map(|v| serde_json::Value::from(key(*v))).chain([serde_json::Value::Null]);
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .enum_values(Some(values))
        .build()
}

pub(crate) fn channel() -> Schema {
    one_of(Channel::ALL, Channel::key).into()
}

pub(crate) fn direction() -> Schema {
    one_of(Direction::ALL, Direction::key).into()
}

pub(crate) fn function() -> Schema {
    one_of(Function::ALL, Function::key).into()
}

pub(crate) fn capacity() -> Schema {
    one_of(Capacity::ALL, Capacity::key).into()
}

pub(crate) fn sentiment() -> Schema {
    one_of_or_null(Sentiment::ALL, Sentiment::key).into()
}

pub(crate) fn import_state() -> Schema {
    one_of(ImportState::ALL, ImportState::key).into()
}

pub(crate) fn measures() -> Schema {
    utoipa::openapi::schema::ArrayBuilder::new().items(one_of(Measure::ALL, Measure::key)).build().into()
}

/// Intervals that `group_by` takes besides dimensions.
pub(crate) fn intervals() -> Vec<&'static str> {
    Interval::ALL.iter().map(|i| i.key()).collect()
}

//! What services bring, as one shape.

use serde_json::Value;

/// What was brought as JSON or as a form, as JSON.
pub(crate) fn read(body: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(body).ok()?;
    match text.trim_start().starts_with(['{', '[']) {
        true => serde_json::from_str(text).ok(),
        false => {
            let pairs = pairs(text)?;
            Some(Value::Object(pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect()))
        }
    }
}

/// The fields of a form, in their order.
pub(crate) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    serde_urlencoded::from_str(text).ok()
}

/// What stands at a place: a text, or a number as one.
pub(crate) fn at(value: &Value, pointer: &str) -> Option<String> {
    match value.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

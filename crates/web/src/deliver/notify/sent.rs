//! What a request sends, looked at field by field: what is missing, of another type or not known is said in the words of GOV.UK
//! Notify, and all at once.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::shape::Refusal;

/// An object of which nobody has taken all fields yet, and what was wrong so far.
pub(super) struct Sent {
    fields: Map<String, Value>,
    wrong: Vec<String>,
}

impl Sent {
    pub(super) fn read(body: Result<Bytes, BytesRejection>) -> Result<Self, Refusal> {
        let body = body.map_err(|_| Refusal::bad("The body is too large, or did not arrive as a whole"))?;
        match serde_json::from_slice(&body) {
            Ok(Value::Object(fields)) => Ok(Self { fields, wrong: Vec::new() }),
            _ => Err(Refusal::bad("Invalid JSON supplied in POST data")),
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            _ => {
                self.wrong.push(format!("{name} is not of type string"));
                None
            }
        }
    }

    pub(super) fn required_text(&mut self, name: &str) -> String {
        if self.fields.get(name).is_none_or(Value::is_null) {
            self.wrong.push(format!("{name} is a required property"));
        }
        self.text(name).unwrap_or_default()
    }

    pub(super) fn id(&mut self, name: &str) -> Option<Uuid> {
        let text = self.text(name)?;
        let id = text.parse().ok();
        if id.is_none() {
            self.wrong.push(format!("{name} is not a valid UUID"));
        }
        id
    }

    pub(super) fn required_id(&mut self, name: &str) -> Uuid {
        if self.fields.get(name).is_none_or(Value::is_null) {
            self.wrong.push(format!("{name} is a required property"));
        }
        self.id(name).unwrap_or_default()
    }

    pub(super) fn values(&mut self) -> Map<String, Value> {
        match self.take("personalisation") {
            None => Map::new(),
            Some(Value::Object(values)) => {
                if values.values().any(Value::is_object) {
                    self.wrong.push("personalisation can not hold files here: send a link to the file".to_owned());
                }
                values
            }
            Some(_) => {
                self.wrong.push("personalisation should contain key value pairs".to_owned());
                Map::new()
            }
        }
    }

    /// Takes what is not needed here: values are always text, never Markdown or a link.
    pub(super) fn ignore(&mut self, name: &str) {
        self.fields.remove(name);
    }

    /// What those libraries know and is not done here: not in silence.
    pub(super) fn not_done(&mut self, name: &str, why: &str) {
        if self.take(name).is_some() {
            self.wrong.push(format!("{name} {why}"));
        }
    }

    pub(super) fn too_long(&mut self, name: &str, text: Option<&String>, most: usize) {
        if text.is_some_and(|text| text.chars().count() > most) {
            self.wrong.push(format!("{name} is too long: at most {most} characters"));
        }
    }

    /// Whether nothing was wrong, and nothing is left that nobody knows.
    pub(super) fn finish(mut self) -> Result<(), Refusal> {
        for name in self.fields.keys() {
            let shown: String = name.chars().take(60).collect();
            self.wrong.push(format!("Additional properties are not allowed ({shown} was unexpected)"));
        }
        if self.wrong.is_empty() { Ok(()) } else { Err(Refusal::invalid(self.wrong)) }
    }
}

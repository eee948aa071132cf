//! Checks feedback that another system hands in as JSON, field by field, and says everything that
//! is wrong at once. Fields are named by JSON pointers (RFC 6901).

use chrono::{DateTime, TimeDelta, Utc};
use commonweal_domain::feedback::limits;
use commonweal_domain::filter::valid_attribute_name;
use commonweal_domain::{
    Attributes, Capacity, Channel, Direction, FieldErrors, Function, Instant, NewContact, NewFeedback, Sentence,
    sentence,
};
use serde_json::{Map, Value};

mod said;
mod who;

/// Fields that a feedback may have.
const FIELDS: &[&str] = &[
    "id",
    "at",
    "service",
    "touchpoint",
    "channel",
    "direction",
    "function",
    "capacity",
    "rating",
    "ratings",
    "comment",
    "question",
    "comments",
    "page",
    "device",
    "language",
    "area",
    "attributes",
    "person",
];

/// Checks one feedback. `pointer` is where it stands in the request, for example `/2`.
pub fn feedback(value: &Value, pointer: &str, now: Instant) -> Result<NewFeedback, FieldErrors> {
    let Value::Object(fields) = value else {
        return Err(FieldErrors::one(
            pointer,
            "not_an_object",
            sentence!("A feedback is a JSON object; this is {kind}.", kind = kind(value)),
        ));
    };
    let mut check = Check { fields, pointer, errors: FieldErrors::default() };
    check.fields_are(FIELDS);
    let mut new = NewFeedback {
        source_id: check.text("id"),
        at: check.instant("at", now),
        service: check.text("service"),
        touchpoint: check.text("touchpoint"),
        channel: check.named("channel", Channel::from_key, Channel::ALL, Channel::key).unwrap_or(Channel::Other),
        direction: check
            .named("direction", Direction::from_key, Direction::ALL, Direction::key)
            .unwrap_or(Direction::In),
        function: check.named("function", Function::from_key, Function::ALL, Function::key).unwrap_or(Function::Serve),
        capacity: check
            .named("capacity", Capacity::from_key, Capacity::ALL, Capacity::key)
            .unwrap_or(Capacity::Customer),
        page: check.text("page"),
        device: check.text("device"),
        language: check.text("language"),
        area: check.text("area"),
        attributes: check.attributes(),
        ratings: check.ratings(),
        comments: check.comments(),
        person: check.person(),
    };
    new.comments.retain(|c| !c.text.trim().is_empty());
    if check.errors.is_empty() && new.comments.is_empty() && new.ratings.is_empty() {
        check.errors.add(
            pointer,
            "empty",
            "There is neither a rating nor a comment in this feedback. Send at least one of them.",
        );
    }
    check.errors.into_result(new)
}

/// Fields that a contact without feedback may have.
const CONTACT_FIELDS: &[&str] =
    &["id", "at", "service", "touchpoint", "channel", "direction", "function", "capacity", "person"];

/// Checks one contact without feedback. `pointer` is where it stands in the request.
pub fn contact(value: &Value, pointer: &str, now: Instant) -> Result<NewContact, FieldErrors> {
    let Value::Object(fields) = value else {
        return Err(FieldErrors::one(
            pointer,
            "not_an_object",
            sentence!("A contact is a JSON object; this is {kind}.", kind = kind(value)),
        ));
    };
    let mut check = Check { fields, pointer, errors: FieldErrors::default() };
    check.fields_are(CONTACT_FIELDS);
    let source_id = check.text("id");
    let at = check.instant("at", now);
    let (service, touchpoint) = (check.text("service"), check.text("touchpoint"));
    // Said each time: a count of contacts rests on nothing else.
    let channel = check.required("channel", Channel::from_key, Channel::ALL, Channel::key);
    let direction = check.required("direction", Direction::from_key, Direction::ALL, Direction::key);
    let function = check.required("function", Function::from_key, Function::ALL, Function::key);
    let capacity = check.named("capacity", Capacity::from_key, Capacity::ALL, Capacity::key);
    let person = check.person();
    let new = NewContact {
        person,
        source_id,
        at,
        service,
        touchpoint,
        channel: channel.unwrap_or(Channel::Other),
        direction: direction.unwrap_or(Direction::In),
        function: function.unwrap_or(Function::Serve),
        capacity: capacity.unwrap_or(Capacity::Customer),
    };
    check.errors.into_result(new)
}

struct Check<'a> {
    fields: &'a Map<String, Value>,
    pointer: &'a str,
    errors: FieldErrors,
}

impl Check<'_> {
    fn add(&mut self, field: &str, code: &str, sentence: impl Into<Sentence>) {
        let field = field.replace('~', "~0").replace('/', "~1");
        self.errors.add(format!("{}/{field}", self.pointer), code, sentence);
    }

    fn add_at(&mut self, path: &str, code: &str, sentence: impl Into<Sentence>) {
        self.errors.add(format!("{}/{path}", self.pointer), code, sentence);
    }

    /// Says which fields there are none of.
    fn fields_are(&mut self, known: &[&str]) {
        for name in self.fields.keys().filter(|name| !known.contains(&name.as_str())) {
            let known = known.join(", ");
            self.add(name, "unknown_field", sentence!("There is no field `{name}`. Fields are {known}.", name, known));
        }
    }

    fn given(&self, field: &str) -> Option<&Value> {
        self.fields.get(field).filter(|v| !v.is_null())
    }

    fn text(&mut self, field: &str) -> Option<String> {
        let value = self.given(field)?.clone();
        self.short(field, &value)
    }

    fn short(&mut self, path: &str, value: &Value) -> Option<String> {
        let Value::String(text) = value else {
            self.add_at(
                path,
                "not_text",
                sentence!("`{path}` must be text; this is {kind}.", path, kind = kind(value)),
            );
            return None;
        };
        let text = text.trim();
        if let Some(problem) = unclean(text) {
            self.add_at(path, "not_clean", sentence!("`{path}` holds {problem}. Take it out.", path, problem));
            return None;
        }
        let length = text.chars().count();
        if length > limits::SHORT_CHARS {
            self.add_at(
                path,
                "too_long",
                sentence!(
                    "`{path}` has {length} characters; {most} are allowed.",
                    path,
                    length,
                    most = limits::SHORT_CHARS,
                ),
            );
            return None;
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn instant(&mut self, field: &str, now: Instant) -> Option<Instant> {
        let text = self.text(field)?;
        let Ok(at) = DateTime::parse_from_rfc3339(&text) else {
            self.add(
                field,
                "not_an_instant",
                sentence!(
                    "`{text}` is not a date and time with offset (RFC 3339), for example 2024-03-31T10:02:00Z.",
                    text,
                ),
            );
            return None;
        };
        let at = chrono::SubsecRound::trunc_subsecs(at.with_timezone(&Utc), 6);
        if at > now + TimeDelta::days(1) {
            self.add(field, "in_the_future", sentence!("`{text}` lies in the future.", text));
            return None;
        }
        if chrono::Datelike::year(&at) < 1900 {
            self.add(field, "too_early", sentence!("`{text}` lies before the year 1900.", text));
            return None;
        }
        Some(at)
    }

    fn named<T: Copy>(
        &mut self,
        field: &str,
        from_key: fn(&str) -> Option<T>,
        all: &[T],
        key: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.text(field)?;
        let found = from_key(&text);
        if found.is_none() {
            let allowed: Vec<&str> = all.iter().map(|v| key(*v)).collect();
            let allowed = allowed.join(", ");
            self.add(
                field,
                "not_allowed",
                sentence!("`{text}` is not a {field}. Allowed are {allowed}.", text, field, allowed),
            );
        }
        found
    }

    /// The same for a field that must be there.
    fn required<T: Copy>(
        &mut self,
        field: &str,
        from_key: fn(&str) -> Option<T>,
        all: &[T],
        key: fn(T) -> &'static str,
    ) -> Option<T> {
        let before = self.errors.0.len();
        let found = self.named(field, from_key, all, key);
        if found.is_none() && self.errors.0.len() == before {
            let allowed: Vec<&str> = all.iter().map(|v| key(*v)).collect();
            let allowed = allowed.join(", ");
            self.add(field, "required", sentence!("A contact needs a {field}. Say one of {allowed}.", field, allowed));
        }
        found
    }

    fn attributes(&mut self) -> Attributes {
        let mut attributes = Attributes::new();
        let Some(value) = self.given("attributes").cloned() else {
            return attributes;
        };
        let Value::Object(given) = value else {
            self.add(
                "attributes",
                "not_an_object",
                sentence!("`attributes` must be an object of names and texts; this is {kind}.", kind = kind(&value)),
            );
            return attributes;
        };
        if given.len() > limits::ATTRIBUTES {
            self.add(
                "attributes",
                "too_many",
                sentence!(
                    "There are {count} attributes; {most} are allowed.",
                    count = given.len(),
                    most = limits::ATTRIBUTES,
                ),
            );
            return attributes;
        }
        for (name, value) in &given {
            if !valid_attribute_name(name) {
                self.add(
                    "attributes",
                    "bad_name",
                    sentence!(
                        "`{name}` can't be the name of an attribute: names have 1 to 40 of a–z, 0–9 and _.",
                        name,
                    ),
                );
                continue;
            }
            let value = match value {
                Value::Null => continue,
                Value::Bool(b) => Value::String(b.to_string()),
                Value::Number(n) => Value::String(n.to_string()),
                other => other.clone(),
            };
            if let Some(text) = self.short(&format!("attributes/{name}"), &value) {
                attributes.insert(name.clone(), text);
            }
        }
        attributes
    }

    /// The items of a list that may be given; none when it is no list or has too many.
    fn list(&mut self, field: &str, most: usize) -> Vec<Value> {
        match self.given(field).cloned() {
            None => Vec::new(),
            Some(Value::Array(given)) if given.len() <= most => given,
            Some(Value::Array(given)) => {
                let sentence =
                    sentence!("There are {count} {field}; {most} are allowed.", count = given.len(), field, most);
                self.add(field, "too_many", sentence);
                Vec::new()
            }
            Some(other) => {
                self.add(
                    field,
                    "not_a_list",
                    sentence!("`{field}` must be a list; this is {kind}.", field, kind = kind(&other)),
                );
                Vec::new()
            }
        }
    }

    /// Whether an object within the item has these fields and no others.
    fn has_only(&mut self, path: &str, what: &str, given: &serde_json::Map<String, Value>, fields: &[&str]) -> bool {
        let Some(other) = given.keys().find(|k| !fields.contains(&k.as_str())) else { return true };
        let sentence = sentence!(
            "There is no field `{other}` in {what}. Fields are {known}.",
            other,
            what,
            known = fields.join(", "),
        );
        self.add_at(path, "unknown_field", sentence);
        false
    }
}

/// What a short text may not hold: PostgreSQL can't keep NUL, and lines would break lists.
pub(super) fn unclean(text: &str) -> Option<&'static str> {
    text.chars()
        .find(|c| c.is_control())
        .map(|c| if c == '\0' { "a NUL character" } else { "a control character or line break" })
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn now() -> Instant {
        "2024-04-10T12:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let bad = json!({"at": "31/02/2024", "channel": "fax", "rating": 7, "coment": "x", "attributes": {"Age": "5"}});
        let errors = feedback(&bad, "/3", now()).expect_err("all wrong");
        let fields: Vec<&str> = errors.0.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["/3/coment", "/3/at", "/3/channel", "/3/attributes", "/3/rating"]);
    }

    #[test]
    fn a_feedback_without_rating_and_words_is_refused() {
        assert!(feedback(&json!({"comment": "  "}), "", now()).is_err());
    }

    #[test]
    fn a_contact_says_how_it_came_and_what_for() {
        let good = json!({"id": "call-7", "channel": "phone", "direction": "in", "function": "serve"});
        let new = contact(&good, "", now()).expect("valid");
        assert_eq!((new.channel, new.source_id.as_deref()), (Channel::Phone, Some("call-7")));
        let bad = json!({"channel": "fax", "direction": null, "rating": 4, "at": "2031-01-01T00:00:00Z"});
        let errors = contact(&bad, "/1", now()).expect_err("all wrong");
        let said: Vec<String> = errors.0.iter().map(|e| format!("{}:{}", e.field, e.code)).collect();
        assert_eq!(
            said,
            [
                "/1/rating:unknown_field",
                "/1/at:in_the_future",
                "/1/channel:not_allowed",
                "/1/direction:required",
                "/1/function:required"
            ]
        );
        assert!(contact(&json!(["x"]), "", now()).is_err());
    }

    #[test]
    fn short_and_long_forms_say_the_same() {
        let short = feedback(&json!({"rating": 4, "comment": "ok", "question": "Why?"}), "", now()).expect("valid");
        let long = feedback(
            &json!({"ratings": [{"name": "overall", "value": 4, "worst": 1, "best": 5}],
                    "comments": [{"question": "Why?", "text": "ok"}]}),
            "",
            now(),
        )
        .expect("valid");
        assert_eq!(short, long);
    }
}

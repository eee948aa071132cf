//! Checks who it was: somebody as a source calls them.

use commonweal_domain::person::MAX_SOURCE;
use commonweal_domain::{KnownAs, sentence};
use serde_json::Value;

use super::{Check, kind};

impl Check<'_> {
    pub(super) fn person(&mut self) -> Option<KnownAs> {
        let value = self.given("person")?.clone();
        let Value::Object(given) = &value else {
            let sentence = sentence!(
                "`person` says who it was: an object with the name of a `source` and the `key` that they have there; this is {kind}.",
                kind = kind(&value),
            );
            self.add("person", "not_an_object", sentence);
            return None;
        };
        if !self.has_only("person", "a person", given, &["source", "key"]) {
            return None;
        }
        let (source, key) = (self.part(given, "source"), self.part(given, "key"));
        Some(KnownAs { source: source?, key: key? })
    }

    fn part(&mut self, given: &serde_json::Map<String, Value>, name: &str) -> Option<String> {
        let path = format!("person/{name}");
        let errors = self.errors.0.len();
        let text = match given.get(name) {
            None | Some(Value::Null) => None,
            Some(value) => self.short(&path, value),
        };
        match text {
            Some(text) if text.chars().count() > MAX_SOURCE => {
                let length = text.chars().count();
                let sentence = sentence!(
                    "`{path}` has {length} characters; {most} are allowed.",
                    path = path.clone(),
                    length,
                    most = MAX_SOURCE,
                );
                self.add_at(&path, "too_long", sentence);
                None
            }
            None if self.errors.0.len() == errors => {
                self.add_at(
                    &path,
                    "required",
                    "Say which source knows this person (`source`), and what it calls them (`key`).",
                );
                None
            }
            text => text,
        }
    }
}

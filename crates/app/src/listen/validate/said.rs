//! Checks what somebody said: ratings and comments.

use commonweal_domain::feedback::limits;
use commonweal_domain::filter::valid_attribute_name;
use commonweal_domain::{NewComment, Rating, sentence};
use serde_json::Value;

use super::{Check, kind};

impl Check<'_> {
    pub(super) fn ratings(&mut self) -> Vec<Rating> {
        let mut ratings = Vec::new();
        if let Some(value) = self.given("rating").cloned() {
            ratings.extend(self.rating("rating", &value));
        }
        for (n, value) in self.list("ratings", limits::RATINGS).iter().enumerate() {
            ratings.extend(self.rating(&format!("ratings/{n}"), value));
        }
        let mut names: Vec<&str> = ratings.iter().map(|r| r.name.as_str()).collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|w| w[0] == w[1]) {
            let sentence = sentence!("The rating `{name}` is given twice.", name = twice[0]);
            self.add("ratings", "twice", sentence);
        }
        ratings
    }

    fn rating(&mut self, path: &str, value: &Value) -> Option<Rating> {
        let (name, value, worst, best) = match value {
            Value::Number(n) => ("overall".to_owned(), n.as_f64(), 1.0, 5.0),
            Value::Object(given) => {
                if !self.has_only(path, "a rating", given, &["name", "value", "worst", "best"]) {
                    return None;
                }
                let number = |field: &str, default: Option<f64>| match given.get(field) {
                    None | Some(Value::Null) => default,
                    Some(v) => v.as_f64(),
                };
                let name = match given.get("name") {
                    None | Some(Value::Null) => "overall".to_owned(),
                    Some(v) => match v.as_str().filter(|n| valid_attribute_name(n)) {
                        Some(name) => name.to_owned(),
                        None => {
                            self.add_at(
                                &format!("{path}/name"),
                                "bad_name",
                                "The name of a rating has 1 to 40 of a–z, 0–9 and _.",
                            );
                            return None;
                        }
                    },
                };
                let (Some(worst), Some(best)) = (number("worst", Some(1.0)), number("best", Some(5.0))) else {
                    self.add_at(path, "not_a_number", "`worst` and `best` of a rating must be numbers.");
                    return None;
                };
                (name, number("value", None), worst, best)
            }
            other => {
                self.add_at(
                    path,
                    "not_a_rating",
                    sentence!(
                        "A rating is a number from 1 to 5, or an object with value, worst and best; this is {kind}.",
                        kind = kind(other),
                    ),
                );
                return None;
            }
        };
        let Some(value) = value else {
            self.add_at(&format!("{path}/value"), "required", "A rating needs a `value`, which is a number.");
            return None;
        };
        if worst == best || ![value, worst, best].iter().all(|n| n.is_finite() && n.abs() <= 1e9) {
            self.add_at(path, "bad_scale", "A rating's `worst` and `best` must differ, and all its numbers lie between −1,000,000,000 and 1,000,000,000.");
            return None;
        }
        if value < worst.min(best) || value > worst.max(best) {
            self.add_at(
                path,
                "out_of_range",
                sentence!(
                    "The rating {value} lies outside its scale from {worst} (worst) to {best} (best).",
                    value = value.to_string(),
                    worst = worst.to_string(),
                    best = best.to_string(),
                ),
            );
            return None;
        }
        Some(Rating { name, value, worst, best })
    }

    pub(super) fn comments(&mut self) -> Vec<NewComment> {
        let mut comments = Vec::new();
        let question = self.text("question");
        if let Some(value) = self.given("comment").cloned()
            && let Some(text) = self.comment("comment", &value)
        {
            comments.push(NewComment { question, text });
        }
        for (n, item) in self.list("comments", limits::COMMENTS).into_iter().enumerate() {
            let path = format!("comments/{n}");
            let (question, text) = match item {
                Value::Object(given) => {
                    if !self.has_only(&path, "a comment", &given, &["question", "text"]) {
                        continue;
                    }
                    let question = given.get("question").filter(|q| !q.is_null()).cloned();
                    let question = question.and_then(|q| self.short(&format!("{path}/question"), &q));
                    (question, given.get("text").cloned().unwrap_or(Value::Null))
                }
                other => (None, other),
            };
            if let Some(text) = self.comment(&format!("{path}/text"), &text) {
                comments.push(NewComment { question, text });
            }
        }
        comments
    }

    fn comment(&mut self, path: &str, value: &Value) -> Option<String> {
        let Value::String(text) = value else {
            self.add_at(
                path,
                "not_text",
                sentence!("The words of a comment must be text; this is {kind}.", kind = kind(value)),
            );
            return None;
        };
        if text.len() > limits::COMMENT_BYTES {
            self.add_at(
                path,
                "too_long",
                sentence!(
                    "The comment has {length} bytes; {most} are allowed.",
                    length = text.len(),
                    most = limits::COMMENT_BYTES,
                ),
            );
            return None;
        }
        if text.contains('\0') {
            self.add_at(path, "not_clean", "The comment holds a NUL character. Take it out.");
            return None;
        }
        Some(text.trim().to_owned())
    }
}

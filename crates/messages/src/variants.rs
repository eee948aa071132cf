//! The same message in several languages.

use std::collections::BTreeMap;

use crate::language::{is_code, normal, primary};
use crate::template::Template;
use crate::{Fault, Problem};

/// A message in several languages, all of which use the same values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variants {
    /// For people in whose language there is none.
    default: (String, Template),
    others: BTreeMap<String, Template>,
}

impl Variants {
    /// Puts languages together. `default` is the one for people in whose language there is none.
    ///
    /// All must use the same values: otherwise what is given for one language would be too little for another.
    pub fn new<L: AsRef<str>>(
        default: &str,
        variants: impl IntoIterator<Item = (L, Template)>,
    ) -> Result<Self, Vec<Fault>> {
        let mut others = BTreeMap::new();
        let mut problems = Vec::new();
        for (language, template) in variants {
            let code = normal(language.as_ref());
            if !is_code(&code) || others.insert(code, template).is_some() {
                problems.push(Problem::VariantLanguage(language.as_ref().to_owned()));
            }
        }
        lacking(&others, &mut problems);
        let default = normal(default);
        match others.remove_entry(&default) {
            Some(default) if problems.is_empty() => return Ok(Self { default, others }),
            Some(_) => {}
            None => problems.push(Problem::VariantDefault(default)),
        }
        Err(problems.into_iter().map(Fault::from).collect())
    }

    /// The message for somebody's language, with the language that it is in: exactly theirs, else one with the same beginning
    /// (`pt` for `pt-BR` and the other way round), else the default.
    pub fn choose(&self, language: &str) -> (&str, &Template) {
        let wanted = normal(language);
        let begins = primary(&wanted);
        let exact = self.all().find(|(code, _)| *code == wanted);
        let near = || {
            self.all()
                .find(|(code, _)| *code == begins)
                .or_else(|| self.all().find(|(code, _)| primary(code) == begins))
        };
        exact.or_else(near).unwrap_or((&self.default.0, &self.default.1))
    }

    /// The languages with their messages, the default first.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Template)> {
        let others = self.others.iter().map(|(code, template)| (code.as_str(), template));
        std::iter::once((self.default.0.as_str(), &self.default.1)).chain(others)
    }
}

/// What one language uses and another does not.
fn lacking(variants: &BTreeMap<String, Template>, problems: &mut Vec<Problem>) {
    // By key, with the name as it is written first.
    let mut used: BTreeMap<&str, &str> = BTreeMap::new();
    for field in variants.values().flat_map(Template::fields) {
        used.entry(&field.key).or_insert(&field.name);
    }
    for (language, template) in variants {
        for (key, name) in &used {
            if !template.fields().iter().any(|field| field.key == *key) {
                problems.push(Problem::VariantLacks(language.clone(), (*name).to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(body: &str) -> Template {
        Template::parse_body(body).expect("a template")
    }

    #[test]
    fn people_get_their_language_or_what_comes_nearest() {
        let bodies =
            [("en-GB", "Hello ((name))"), ("cy", "Helo ((Name))"), ("pt-BR", "Oi ((NAME))"), ("zh-Hant", "((name))")];
        let variants = Variants::new("en_gb", bodies.map(|(code, body)| (code, template(body)))).expect("variants");
        for (language, wanted) in [
            ("cy", "cy"),
            ("CY", "cy"),
            ("cy-GB", "cy"),
            ("en", "en-gb"),
            ("en-US", "en-gb"),
            ("pt", "pt-br"),
            ("pt-PT", "pt-br"),
            ("zh_hant", "zh-hant"),
            ("fr", "en-gb"),
            ("", "en-gb"),
        ] {
            assert_eq!(variants.choose(language).0, wanted, "{language}");
        }
        assert_eq!(variants.choose("cy").1.body(), "Helo ((Name))");
        assert_eq!(variants.all().count(), 4);
    }

    #[test]
    fn languages_that_use_other_values_are_refused() {
        let told = |default: &str, bodies: &[(&str, &str)]| {
            let variants = bodies.iter().map(|(code, body)| (*code, template(body)));
            let faults = Variants::new(default, variants).expect_err("faults");
            faults.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let lacks = told("en", &[("en", "((first name)) ((date))"), ("cy", "((FirstName)) ((dyddiad??x))")]);
        assert_eq!(
            lacks,
            [
                "The message in “cy” does not use ((date)), which another language does. Add it there or take it out of the other.",
                "The message in “en” does not use ((dyddiad)), which another language does. Add it there or take it out of the other."
            ]
        );
        assert!(told("fr", &[("en", "x")])[0].starts_with("There is no message in “fr”"));
        assert!(told("en", &[("en", "x"), ("EN", "x")])[0].starts_with("“EN” is not a language code"));
        assert!(told("en", &[("en", "x"), ("welsh", "x")])[0].starts_with("“welsh” is not"));
    }
}

//! Messages that take the place of English that stands elsewhere: what a rule refuses is found by field and code, the
//! name of a value by enumeration and key. Read from the sources of the rules, so that no message is left whose rule has
//! gone, and no rule of a public form is without its message.

use commonweal_domain::{FieldErrors, TeamFunction};

use super::*;

/// Where rules stand.
const SOURCES: [&str; 4] = ["../domain/src", "../app/src", "../ports/src", "src"];

/// Something that may be refused, as its source says it.
#[derive(Debug)]
struct Rule {
    /// Absent where it is in a variable.
    field: Option<String>,
    code: String,
    /// The names of the values in its sentence; absent where the sentence is in a variable.
    values: Option<BTreeSet<String>>,
}

impl Rule {
    fn answers_to(&self, id: &str) -> bool {
        let code = hyphened(&self.code);
        let of_field = match &self.field {
            Some(field) => id == format!("error-{}-{code}", hyphened(field)),
            None => id.ends_with(&format!("-{code}")),
        };
        of_field || id == format!("error-{code}")
    }
}

/// What stands between here and the bracket that closes, at its commas.
fn arguments(text: &str) -> Vec<String> {
    let (mut all, mut depth, mut quoted) = (vec![String::new()], 0_u32, false);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if quoted => {
                let escaped = letters.next().unwrap_or_default();
                all.last_mut().expect("one").extend([letter, escaped]);
                continue;
            }
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted && depth == 0 => break,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                all.push(String::new());
                continue;
            }
            _ => {}
        }
        all.last_mut().expect("one").push(letter);
    }
    all.iter().map(|argument| argument.trim().to_owned()).collect()
}

fn in_quotes(argument: &str) -> Option<String> {
    Some(argument.strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

/// The names of the places in a sentence.
fn values(sentence: &str) -> Option<BTreeSet<String>> {
    if in_quotes(sentence.trim_end_matches(".into()").trim_end()).is_some() {
        return Some(BTreeSet::new());
    }
    let given = arguments(sentence.strip_prefix("sentence!(")?);
    let names = given.iter().skip(1).filter(|name| !name.is_empty());
    Some(names.map(|name| name.split('=').next().unwrap_or_default().trim().to_owned()).collect())
}

fn rules(source: &str) -> Vec<Rule> {
    let mut all = Vec::new();
    for call in ["errors.add(", "self.add(", ".add_at(", "FieldErrors::one(", " invalid("] {
        for rest in source.split(call).skip(1) {
            let given = arguments(rest);
            let [field, code, sentence, ..] = given.as_slice() else { continue };
            let Some(code) = in_quotes(code) else { continue };
            all.push(Rule { field: in_quotes(field), code, values: values(sentence) });
        }
    }
    for kind in ["Conflict {", "Unavailable {"] {
        for rest in source.split(kind).skip(1) {
            let given = arguments(rest);
            let of = |name: &str| given.iter().find_map(|part| part.strip_prefix(name));
            let Some(code) = of("code: ").and_then(in_quotes) else { continue };
            all.push(Rule { field: None, code, values: of("message: ").and_then(values) });
        }
    }
    for rest in source.split("NotFound(\"").skip(1) {
        let field = rest.split('"').next().map(str::to_owned);
        all.push(Rule { field, code: "not_found".to_owned(), values: Some(BTreeSet::new()) });
    }
    all
}

#[test]
fn no_sentence_is_left_whose_rule_has_gone() {
    let mut all: Vec<Rule> = Vec::new();
    for path in SOURCES.iter().flat_map(|folder| files(folder, "rs")) {
        all.extend(rules(&fs::read_to_string(path).expect("a source")));
    }
    assert!(all.len() > 100, "rules are found: {}", all.len());
    for (id, asked) in messages("cy").iter().filter(|(id, _)| id.starts_with("error-")) {
        let found: Vec<&Rule> = all.iter().filter(|rule| rule.answers_to(id)).collect();
        assert!(!found.is_empty(), "no rule refuses with the code of `{id}`");
        let told = |rule: &&Rule| rule.values.as_ref().is_none_or(|given| asked.is_subset(given));
        assert!(found.iter().any(told), "no rule gives the values of `{id}`: {asked:?}, {found:?}");
    }
}

#[test]
fn whatever_a_public_form_refuses_has_its_sentence_in_every_language() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/src/form.rs");
    let source = fs::read_to_string(path).expect("a source");
    let checks = source.split("impl FormAnswer {").nth(1).and_then(|s| s.split("\n}\n").next()).expect("the checks");
    let all = rules(checks);
    assert_eq!(all.len(), checks.matches("errors.add(").count(), "every rule is read: {all:?}");
    for language in Language::ALL.into_iter().filter(|l| *l != Language::English) {
        let said = messages(language.code());
        for rule in &all {
            let asked = said.iter().filter(|(id, _)| rule.answers_to(id)).map(|(_, asked)| asked).collect::<Vec<_>>();
            assert!(!asked.is_empty(), "{} has no sentence for {rule:?}", language.code());
            let given = rule.values.clone().unwrap_or_default();
            assert!(
                asked.iter().any(|asked| asked.is_subset(&given)),
                "{} asks for more than {rule:?}",
                language.code()
            );
        }
    }
}

#[test]
fn no_name_is_left_whose_value_has_gone() {
    let mut ids = BTreeSet::new();
    for path in files("../domain/src", "rs") {
        let source = fs::read_to_string(path).expect("a source");
        for block in source.split("\nnamed! {\n").skip(1).filter_map(|rest| rest.split("\n}\n").next()) {
            let name = block.lines().map(str::trim).find_map(|line| line.strip_suffix(" {")).expect("a name");
            let keys =
                block.lines().filter_map(|line| line.split_once(" = \"")).map(|(_, rest)| rest.split('"').next());
            ids.extend(keys.flatten().map(|key| format!("name-{}-{}", hyphened(name), hyphened(key))));
        }
    }
    assert!(ids.contains("name-team-function-contact-centre"), "names are found: {ids:?}");
    for language in Language::ALL {
        for id in messages(language.code()).keys().filter(|id| id.starts_with("name-")) {
            assert!(ids.contains(id), "there is no value of `{id}`");
        }
    }
}

#[test]
fn what_has_no_sentence_or_name_in_a_language_is_said_in_english() {
    let welsh = Say { language: Language::Welsh };
    let refused = FieldErrors::one("page", "unheard_of", "Nobody has put this into Welsh.");
    assert_eq!(welsh.error(&refused.0[0]), "Nobody has put this into Welsh.");
    // Welsh asks for the length and the most; half a sentence is worse than English.
    let bare = FieldErrors::one("good", "too_long", "Too long.");
    assert_eq!(welsh.error(&bare.0[0]), "Too long.");
    let whole =
        FieldErrors::one("good", "too_long", sentence!("{length} of {most}", length = 10_001_u32, most = 10_000_u32));
    assert!(welsh.error(&whole.0[0]).contains("10,001"), "{}", welsh.error(&whole.0[0]));
    assert_eq!(console().error(&whole.0[0]), "10,001 of 10,000");
    assert_eq!(welsh.refusal(&Error::NotFound("form")), "Nid oes ffurflen o’r fath.");
    assert_eq!(welsh.refusal(&Error::NotFound("team")), Error::NotFound("team").to_string());
    assert_eq!(welsh.name(TeamFunction::ALL[0]), TeamFunction::ALL[0].label());
}

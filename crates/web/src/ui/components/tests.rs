//! Our components against the examples that govuk-frontend ships: options in, HTML out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use askama::Template;
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::*;

/// Options that we don't have, and why. One that no example uses any more fails the test.
const LEFT_OUT: &[(&str, &str, &str)] = &[
    ("checkboxes", "items.null", "a list in Rust has no holes"),
    ("radios", "items.null", "a list in Rust has no holes"),
    ("select", "items.null", "a list in Rust has no holes"),
    ("summary-list", "rows.null", "a list in Rust has no holes"),
    ("summary-list", "card", "our lists stand in cards of our own"),
    ("date-input", "items", "day, month and year are said by name"),
    ("date-input", "day.name", "the names of the three are day, month and year"),
    ("panel", "actions", "we interrupt nobody"),
    ("character-count", "countType", "it follows from the limit that is given"),
];

#[derive(Deserialize)]
struct Fixtures {
    component: String,
    fixtures: Vec<Fixture>,
}

#[derive(Deserialize)]
struct Fixture {
    name: String,
    options: Map<String, Value>,
    html: String,
}

/// Writes a component from the options of an example.
type Write = fn(Value) -> Result<String, String>;

fn write<T: DeserializeOwned + Template>(options: Value) -> Result<String, String> {
    let component: T = serde_json::from_value(options).map_err(|e| e.to_string())?;
    component.render().map_err(|e| e.to_string())
}

fn with(mut options: Value, name: &str, value: Value) -> Value {
    if let Value::Object(map) = &mut options {
        map.insert(name.to_owned(), value);
    }
    options
}

const COMPONENTS: &[(&str, Write)] = &[
    ("back-link", write::<BackLink>),
    ("button", write::<Button>),
    ("character-count", |mut options| {
        let map = options.as_object_mut().ok_or("options are no object")?;
        let keys: Vec<String> = map.keys().filter(|k| k.ends_with("LimitText")).cloned().collect();
        let counted: Map<String, Value> = keys.into_iter().filter_map(|k| map.remove_entry(&k)).collect();
        map.insert("counted".to_owned(), counted.into());
        write::<CharacterCount>(options)
    }),
    ("checkboxes", |options| write::<Choices>(with(options, "kind", "checkboxes".into()))),
    ("date-input", |mut options| {
        let values = options.as_object_mut().and_then(|map| map.remove("values")).unwrap_or_default();
        let date: DateInput = serde_json::from_value(options.clone()).map_err(|e| e.to_string())?;
        let prefix = options["namePrefix"].as_str().map(|p| format!("{p}-")).unwrap_or_default();
        let value = |name: &str| {
            let of = |key: &str| values[key].as_str().map(str::to_owned);
            of(name).or_else(|| of(&format!("{prefix}{name}"))).unwrap_or_default()
        };
        date.valued(["day", "month", "year"].map(value)).render().map_err(|e| e.to_string())
    }),
    ("details", write::<Details>),
    ("error-message", write::<ErrorMessage>),
    ("error-summary", write::<ErrorSummary>),
    ("fieldset", write::<Fieldset>),
    ("hint", write::<Hint>),
    ("input", write::<Input>),
    ("inset-text", write::<InsetText>),
    ("label", write::<Label>),
    ("language-navigation", write::<LanguageNavigation>),
    ("notification-banner", write::<NotificationBanner>),
    ("panel", write::<Panel>),
    ("radios", |options| write::<Choices>(with(options, "kind", "radios".into()))),
    ("select", write::<Select>),
    ("skip-link", write::<SkipLink>),
    ("summary-list", write::<SummaryList>),
    ("tag", write::<Tag>),
    ("textarea", write::<Textarea>),
    ("warning-text", write::<WarningText>),
];

#[test]
fn each_component_writes_what_govuk_frontend_writes() {
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut unused: BTreeSet<_> = LEFT_OUT.iter().map(|(component, option, _)| (*component, *option)).collect();
    for (name, write) in COMPONENTS {
        let fixtures = fixtures(name);
        let count = counts.entry(name).or_default();
        for fixture in fixtures.fixtures {
            count.1 += 1;
            let left_out = left_out(&fixtures.component, &fixture.options);
            if !left_out.is_empty() {
                unused.retain(|option| !left_out.contains(option));
                continue;
            }
            count.0 += 1;
            let said = match write(ours(Value::Object(fixture.options))) {
                Ok(html) => tree(&html),
                Err(e) => e,
            };
            let expected = tree(&fixture.html);
            if said != expected {
                wrong.push(format!("{name}: {}\n--- govuk-frontend\n{expected}\n--- ours\n{said}", fixture.name));
            }
        }
    }
    for (name, (compared, all)) in &counts {
        println!("{name}: {compared} of {all} examples");
    }
    let (compared, all) = counts.values().fold((0, 0), |sum, n| (sum.0 + n.0, sum.1 + n.1));
    println!("{compared} of {all} examples of {} components compared", counts.len());
    assert!(wrong.is_empty(), "{} of {compared} differ\n\n{}", wrong.len(), wrong.join("\n\n"));
    assert_eq!(unused, BTreeSet::new(), "options that no example uses are listed as left out");
    assert!(compared * 20 >= all * 17, "at least 85 of 100 examples are compared: {compared} of {all}");
}

#[test]
fn what_people_typed_is_escaped_wherever_it_stands() {
    let evil = r#""><script>alert(1)</script><img src=x onerror='x'>"#;
    let all = [
        Input::new(evil, evil)
            .id(evil)
            .hint(evil)
            .error(Some(evil))
            .value(evil)
            .prefix(evil)
            .attribute("data-x", evil)
            .to_string(),
        Textarea::new(evil, evil).value(evil).error(Some(evil)).to_string(),
        Textarea::new("a", "b").value("</textarea><script>alert(1)</script>").to_string(),
        CharacterCount::new(evil, evil, 10).value(evil).textarea_description_text(evil).to_string(),
        Select::new(evil, evil).item(SelectItem::new(evil, evil)).value(evil).to_string(),
        Choices::radios(evil, evil).item(Choice::new(evil, evil).hint(evil).conditional(evil)).to_string(),
        Choices::checkboxes(evil, evil).item(Choice::divider(evil)).to_string(),
        DateInput::new(evil, evil).day(DatePart::new(evil, evil)).to_string(),
        ErrorSummary::new(evil, [Problem::new(evil, evil)]).description(evil).to_string(),
        Button::new(evil).href(evil).classes(evil).to_string(),
        Button::new(evil).name(evil).value(evil).id(evil).kind(evil).to_string(),
        Details::new(evil, evil).to_string(),
        Panel::new(evil, evil).to_string(),
        NotificationBanner::new(evil, evil).title_id(evil).role(evil).to_string(),
        SummaryList::new([SummaryRow::new(evil, evil).action(Action::new(evil, evil, evil))]).to_string(),
        LanguageNavigation::new(evil, [Language::new(evil, evil, evil).dir(evil)]).to_string(),
        BackLink::new(evil, evil).to_string(),
        SkipLink::new(evil, evil).to_string(),
        InsetText::new(evil).to_string(),
        WarningText::new(evil, evil).to_string(),
        Tag::new(evil).to_string(),
        Content::rendered(&Input::new("a", evil)).to_string(),
    ];
    for html in all {
        let dom = parse(&html);
        let mut names = Vec::new();
        names_in(&dom.document, &mut names);
        let foreign = names.iter().find(|name| ["script", "img", "onerror", "src"].contains(&name.as_str()));
        assert_eq!(foreign, None, "{html}");
    }
}

#[test]
fn a_line_break_at_the_beginning_of_a_text_is_kept() {
    let html = Textarea::new("a", "b").value("\n\nfirst").to_string();
    let dom = parse(&html);
    let mut text = String::new();
    text_of(&dom.document, "textarea", &mut text);
    assert_eq!(text, "\n\nfirst");
}

fn fixtures(component: &str) -> Fixtures {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/node_modules/govuk-frontend");
    let path: PathBuf = root.join(format!("dist/govuk/components/{component}/fixtures.json"));
    let json = std::fs::read_to_string(&path)
        .unwrap_or_else(|e| panic!("{}: {e}. Run scripts/assets.sh --with-packages first.", path.display()));
    serde_json::from_str(&json).expect("examples of govuk-frontend")
}

/// Which of the options left out an example uses.
fn left_out(component: &str, options: &Map<String, Value>) -> BTreeSet<(&'static str, &'static str)> {
    let mut paths = BTreeSet::new();
    options_of("", &Value::Object(options.clone()), &mut paths);
    let fits = |(of, option, _): &&(&str, &str, &str)| {
        (*of == "*" || *of == component)
            && paths.iter().any(|path| path == option || (*of == "*" && path.ends_with(option)))
    };
    LEFT_OUT.iter().filter(fits).map(|(of, option, _)| (*of, *option)).collect()
}

/// Options by path, without places in lists: `items.hint.text`; `items.null` for a hole in a list.
fn options_of(path: &str, value: &Value, paths: &mut BTreeSet<String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                // Names of attributes are free.
                let name = if path.ends_with("attributes") { "" } else { name.as_str() };
                let path = if name.is_empty() { path.to_owned() } else { below(name) };
                paths.insert(path.clone());
                options_of(&path, value, paths);
            }
        }
        Value::Array(items) => {
            for item in items {
                if !item.is_object() && (path == "items" || path == "rows") {
                    paths.insert(below("null"));
                }
                options_of(path, item, paths);
            }
        }
        _ => {}
    }
}

/// The options as our types name them: text or HTML is content, numbers in text are text, what is
/// not given is not there.
fn ours(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut map: Map<String, Value> = map.into_iter().map(|(name, value)| (name, ours(value))).collect();
            for (text, html, name) in [
                ("text", "html", "content"),
                ("titleText", "titleHtml", "title"),
                ("summaryText", "summaryHtml", "summary"),
                ("descriptionText", "descriptionHtml", "description"),
            ] {
                // A choice in a list is text only.
                let (said, made) = (map.remove(text), map.remove(html));
                let made = made.filter(|m| m.as_str().is_some_and(|m| !m.is_empty()));
                let content = match (said, made) {
                    (_, Some(html)) => serde_json::json!({ "html": html }),
                    (Some(Value::String(text)), _) => serde_json::json!({ "text": text }),
                    _ => continue,
                };
                map.insert(name.to_owned(), content);
            }
            map.retain(|_, value| !value.is_null());
            if let Some(value @ Value::Bool(_)) = map.get_mut("value") {
                *value = value.to_string().into();
            }
            for name in ["conditional", "beforeInput", "beforeInputs", "afterInput", "afterInputs"] {
                // Content alone, where the others have classes beside it.
                if let Some(Value::Object(of)) = map.remove(name) {
                    map.extend(of.get("content").map(|content| (name.to_owned(), content.clone())));
                }
            }
            Value::Object(map)
        }
        Value::Array(items) => items.into_iter().map(ours).collect(),
        Value::Number(n) => Value::String(n.to_string()),
        other => other,
    }
}

/// Radios have one value, checkboxes several.
pub(super) fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(one) => vec![one],
        Value::Array(many) => many.into_iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    })
}

/// `false` takes a part of a date away.
pub(super) fn unless_false<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DatePart>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Bool(false) => Ok(None),
        part => serde_json::from_value(part).map(Some).map_err(serde::de::Error::custom),
    }
}

pub(super) fn nowhere() -> String {
    "#".to_owned()
}

pub(super) fn to_content() -> String {
    "#content".to_owned()
}

pub(super) fn language() -> String {
    "Language".to_owned()
}

/// Numbers come as text (see `ours`).
pub(super) fn number<'de, D: Deserializer<'de>, T: std::str::FromStr>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_str().and_then(|n| n.parse().ok()))
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut attributes = Self::default();
        for (name, value) in Map::deserialize(deserializer)? {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            attributes.push(name, value);
        }
        Ok(attributes)
    }
}

fn parse(html: &str) -> RcDom {
    let body = QualName::new(None, ns!(html), local_name!("body"));
    parse_fragment(RcDom::default(), ParseOpts::default(), body, Vec::new(), false).one(html)
}

/// HTML as indented lines that are equal when a browser would make the same of it: attributes in
/// order of their names, spaces as one, and none where they are not seen.
fn tree(html: &str) -> String {
    let dom = parse(html);
    let mut lines = String::new();
    // The parser puts a fragment into an `html` element.
    for root in dom.document.children.borrow().iter() {
        branch(root, 0, &mut lines);
    }
    lines
}

const INLINE: &[&str] = &["a", "abbr", "b", "button", "code", "em", "i", "input", "label", "span", "strong", "svg"];

fn inline(node: Option<&Handle>) -> bool {
    node.is_some_and(|node| match &node.data {
        NodeData::Element { name, .. } => INLINE.contains(&&*name.local),
        NodeData::Text { .. } => true,
        _ => false,
    })
}

fn branch(node: &Handle, depth: usize, lines: &mut String) {
    let indent = "  ".repeat(depth);
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let attributes: BTreeMap<String, String> = attrs
            .borrow()
            .iter()
            .map(|attr| {
                let value = attr.value.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
                (attr.name.local.to_string(), value)
            })
            .collect();
        lines.push_str(&format!("{indent}<{}>", name.local));
        for (name, value) in attributes {
            lines.push_str(&format!(" {name}={value:?}"));
        }
        lines.push('\n');
    }
    let children: Vec<Handle> =
        node.children.borrow().iter().filter(|c| !matches!(c.data, NodeData::Comment { .. })).cloned().collect();
    for (index, child) in children.iter().enumerate() {
        let NodeData::Text { contents } = &child.data else {
            branch(child, depth + 1, lines);
            continue;
        };
        let contents = contents.borrow();
        let words = contents.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        let before = index.checked_sub(1).and_then(|i| children.get(i));
        let space = |at_end: bool, beside: Option<&Handle>| {
            let spaced = if at_end { contents.ends_with([' ', '\n']) } else { contents.starts_with([' ', '\n']) };
            if spaced && inline(beside) { " " } else { "" }
        };
        if !words.is_empty() {
            let after = children.get(index + 1);
            let (from, to) = (space(false, before), space(true, after));
            lines.push_str(&format!("{indent}  {:?}\n", format!("{from}{words}{to}")));
        }
    }
}

/// Names of all elements and of their attributes.
fn names_in(node: &Handle, names: &mut Vec<String>) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        names.push(name.local.to_string());
        names.extend(attrs.borrow().iter().map(|attr| attr.name.local.to_string()));
    }
    for child in node.children.borrow().iter() {
        names_in(child, names);
    }
}

/// The exact text in the first element of this name.
fn text_of(node: &Handle, element: &str, text: &mut String) {
    let inside = matches!(&node.data, NodeData::Element { name, .. } if &*name.local == element);
    for child in node.children.borrow().iter() {
        match &child.data {
            NodeData::Text { contents } if inside => text.push_str(&contents.borrow()),
            _ => text_of(child, element, text),
        }
    }
}

//! A message with gaps, as staff write it.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::block::Block;
use crate::fill::Fill;
use crate::gaps::{Gap, Scanned, marked, scan};
use crate::look::Look;
use crate::problem::{Findings, Part};
use crate::readability::{Readability, readability};
use crate::tree::{Element, Node};
use crate::values::{MAX_VALUES, Values};
use crate::{Fault, Problem, check, html, markdown, text};

/// Bytes of a body.
pub const MAX_BODY_BYTES: usize = 200 * 1024;
/// Characters of a subject, as it is written.
pub const MAX_SUBJECT_CHARS: usize = 255;
/// Bytes of a subject with its values: what a line of a header takes (RFC 5322).
pub const MAX_SUBJECT_BYTES: usize = 998 - "Subject: ".len();
/// Bytes of a message with its values, over subject, text and HTML.
pub const MAX_RENDERED_BYTES: usize = 2_000_000;
/// Characters of the name of a value.
pub const MAX_NAME_CHARS: usize = 100;
/// How deep lists, quotes and what stands in a line may stand within each other.
pub const MAX_DEPTH: usize = 16;

/// A message with gaps, read and found good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    subject: Option<String>,
    body: String,
    subject_nodes: Vec<Node>,
    subject_gaps: Vec<Gap>,
    elements: Vec<Element>,
    gaps: Vec<Gap>,
    fields: Vec<Field>,
    advice: Vec<Fault>,
}

/// A value that a template uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name, as it is written first.
    pub name: String,
    /// Its name as it is compared: without case, spaces, `_` and `-`.
    pub key: String,
    /// Whether the value itself is shown somewhere; otherwise it only decides whether optional text is.
    pub is_shown: bool,
}

/// A message as it is sent by email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// For programs that show no HTML, and people who want none.
    pub text: String,
    /// A whole page.
    pub html: String,
}

impl Template {
    /// Reads a message that has a subject.
    pub fn parse(subject: &str, body: &str) -> Result<Self, Vec<Fault>> {
        Self::read(Some(subject), body)
    }

    /// Reads a message without a subject: an SMS or a letter.
    pub fn parse_body(body: &str) -> Result<Self, Vec<Fault>> {
        Self::read(None, body)
    }

    fn read(subject: Option<&str>, body: &str) -> Result<Self, Vec<Fault>> {
        let (line, mut faults) = subject.map(read_subject).unwrap_or_default();
        let mut findings = Findings::default();
        let mut scanned = Scanned::default();
        let mut elements = Vec::new();
        if body.len() > MAX_BODY_BYTES {
            findings.fault(0, Problem::BodyTooLong);
        } else {
            scanned = scan(body, true, &mut findings);
            elements = markdown::read(&scanned, 0, &mut findings);
            check::headings(&elements, &mut findings);
            if elements.iter().all(|element| *element == Element::Rule) && !findings.is_faulty() {
                findings.fault(0, Problem::BodyEmpty);
            }
        }
        let (more, advice) = findings.told(Part::Body, body);
        faults.extend(more);
        let fields = fields(line.gaps.iter().chain(&scanned.gaps));
        if fields.len() > MAX_VALUES {
            faults.push(Problem::TooManyFields.into());
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let (subject_nodes, subject_gaps) = (plain_nodes(&line), line.gaps);
        let (subject, body, gaps) = (subject.map(str::to_owned), body.to_owned(), scanned.gaps);
        Ok(Self { subject, body, subject_nodes, subject_gaps, elements, gaps, fields, advice })
    }

    /// The subject as it was written, if it has one.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The body as it was written.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The values that it uses, in the order in which they are used first.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// What would better be otherwise, and keeps nobody from sending.
    pub fn advice(&self) -> &[Fault] {
        &self.advice
    }

    /// The names for which there is no value. Nothing is written before there is one for each.
    pub fn missing(&self, values: &Values) -> Vec<&str> {
        let missing = self.fields.iter().filter(|field| values.get(&field.key).is_none());
        missing.map(|field| field.name.as_str()).collect()
    }

    /// The names of values that are shown and with nothing in them. Such a message is sent, but “Dear ,” reads badly.
    pub fn blank(&self, values: &Values) -> Vec<&str> {
        let blank = |field: &&Field| field.is_shown && values.get(&field.key).is_some_and(|value| value.is_blank());
        self.fields.iter().filter(blank).map(|field| field.name.as_str()).collect()
    }

    /// The body with its values, from which every form is written. Lists in a sentence are joined as the language does it.
    pub fn blocks(&self, values: &Values, language: &str) -> Result<Vec<Block>, Vec<Fault>> {
        Fill::new(&self.gaps, values, language, true).body(&self.elements)
    }

    /// The same, with all lists of values joined within their lines.
    pub(crate) fn blocks_inline(&self, values: &Values, language: &str) -> Result<Vec<Block>, Vec<Fault>> {
        Fill::new(&self.gaps, values, language, false).body(&self.elements)
    }

    /// The message as it is sent by email.
    pub fn render(&self, values: &Values, look: &Look) -> Result<Rendered, Vec<Fault>> {
        let mut faults: Vec<Fault> = self.missing(values).into_iter().map(missing).collect();
        faults.extend(look.check().into_iter().map(Fault::from));
        if !faults.is_empty() {
            return Err(faults);
        }
        let subject = Fill::new(&self.subject_gaps, values, &look.language, false).line(&self.subject_nodes)?;
        if self.subject.is_some() {
            subject_fits(&subject).map_err(|problem| vec![Fault::from(problem)])?;
        }
        let blocks = self.blocks(values, &look.language)?;
        // All of it was optional, or stood on values with nothing in them.
        if blocks.iter().all(|block| *block == Block::Rule) {
            return Err(vec![Problem::BodyEmpty.into()]);
        }
        let rendered =
            Rendered { text: text::write(&blocks, look), html: html::write(&subject, &blocks, look), subject };
        if rendered.subject.len() + rendered.text.len() + rendered.html.len() > MAX_RENDERED_BYTES {
            return Err(vec![Problem::RenderedTooLarge.into()]);
        }
        Ok(rendered)
    }

    /// How hard the body is to read. The scores are for English; in other languages only words and sentences are counted.
    pub fn readability(&self, language: &str) -> Readability {
        readability(&self.elements, &self.gaps, &self.body, language)
    }
}

fn missing(name: &str) -> Fault {
    Problem::ValueMissing(name.to_owned()).into()
}

/// What is wrong with a subject whose gaps are filled.
fn subject_fits(subject: &str) -> Result<(), Problem> {
    if subject.trim().is_empty() {
        return Err(Problem::SubjectEmpty);
    }
    if subject.len() > MAX_SUBJECT_BYTES { Err(Problem::SubjectTooLong) } else { Ok(()) }
}

/// A subject is text with gaps: no Markdown.
fn read_subject(subject: &str) -> (Scanned, Vec<Fault>) {
    let mut findings = Findings::default();
    if subject.chars().count() > MAX_SUBJECT_CHARS {
        findings.fault(0, Problem::SubjectTooLong);
        return (Scanned::default(), findings.told(Part::Subject, subject).0);
    }
    if let Some(at) = subject.find(['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{b}', '\u{c}']) {
        findings.fault(at, Problem::SubjectLineBreak);
    }
    if subject.trim().is_empty() {
        findings.fault(0, Problem::SubjectEmpty);
    }
    let scanned = scan(subject, false, &mut findings);
    (scanned, findings.told(Part::Subject, subject).0)
}

/// Text and gaps alone.
fn plain_nodes(scanned: &Scanned) -> Vec<Node> {
    let text = |text: String| Node::Text { text, at: 0 };
    let mut nodes = Vec::new();
    let mut before = String::new();
    // Brackets that were not meant as a gap; nothing else is escaped here.
    for c in scanned.text.replace("\\((", "((").chars() {
        let Some(number) = marked(c) else {
            if !c.is_control() {
                before.push(c);
            }
            continue;
        };
        nodes.push(text(std::mem::take(&mut before)));
        match scanned.gaps.get(number).map(|gap| &gap.optional) {
            Some(Some((optional, _))) => {
                nodes.push(Node::Optional { gap: number, nodes: vec![text(optional.clone())] })
            }
            Some(None) => nodes.push(Node::Gap(number)),
            None => {}
        }
    }
    nodes.push(text(before));
    nodes
}

/// Each name once; of too many, one more than may be.
fn fields<'a>(gaps: impl Iterator<Item = &'a Gap>) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    let mut seen = BTreeSet::new();
    for gap in gaps {
        if fields.len() > MAX_VALUES {
            break;
        }
        let is_shown = gap.optional.is_none();
        if seen.insert(gap.key.as_str()) {
            fields.push(Field { name: gap.name.clone(), key: gap.key.clone(), is_shown });
        } else if is_shown && let Some(field) = fields.iter_mut().find(|field| field.key == gap.key) {
            field.is_shown = true;
        }
    }
    fields
}

/// As it is kept: what staff wrote.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<std::borrow::Cow<'a, str>>,
    body: std::borrow::Cow<'a, str>,
}

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let subject = self.subject.as_deref().map(Into::into);
        Written { subject, body: self.body.as_str().into() }.serialize(serializer)
    }
}

/// Read as if it were written anew: what is no longer allowed is refused.
impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        Self::read(written.subject.as_deref(), &written.body).map_err(|faults| {
            let sentences: Vec<String> = faults.iter().map(ToString::to_string).collect();
            serde::de::Error::custom(sentences.join(" "))
        })
    }
}

//! What is wrong with a message, and where.
//!
//! The sentences are for the person who writes the message: what is wrong, and what to do. They may hold names of values and
//! what stands in the template, but never a value: values are personal data, and faults are logged.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::address::{MAX_ADDRESS_LINES, MAX_LINE_CHARS, MIN_ADDRESS_LINES};
use crate::look::MIN_CONTRAST;
use crate::template::{MAX_BODY_BYTES, MAX_DEPTH, MAX_NAME_CHARS, MAX_RENDERED_BYTES, MAX_SUBJECT_CHARS};
use crate::values::{MAX_VALUE_BYTES, MAX_VALUES};

/// How many faults are told at once: who has more mends these first.
pub const MAX_FAULTS: usize = 100;

/// Writes the enum with its sentences and codes from one list.
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident $(($($type:ty),+))?, $code:literal, $sentence:literal $(, $key:ident = $value:expr)*;)+) => {
        /// What is wrong, or could be better. Its text never holds a value.
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        #[non_exhaustive]
        pub enum Problem {
            $($(#[$doc])* #[error($sentence $(, $key = $value)*)] $name $(($($type),+))?,)+
        }

        impl Problem {
            /// A short name that stays the same when the sentence is put better or in another language.
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)+
                }
            }
        }
    };
}

problems! {
    /// `((` without `))`.
    GapUnclosed, "gap-unclosed",
        "These two brackets are never closed. Close them with )), or write \\(( where no value is meant.";
    /// `(())`, or a name of spaces and dashes alone.
    GapNameEmpty, "gap-name-empty", "There is no name between (( and )). Write the name of the value, such as ((first name)).";
    /// A name that nobody would write.
    GapNameTooLong, "gap-name-too-long", "The name of a value has at most {max} characters. Shorten it.", max = MAX_NAME_CHARS;
    /// A gap within optional text.
    GapInOptional, "gap-in-optional",
        "Optional text can't hold another ((…)). End the optional text before it, and begin a second one after it.";
    /// `((name??))`.
    OptionalEmpty, "optional-empty", "There is no text after ??. Write the text that is shown when the value is yes.";
    /// A list, a heading or several paragraphs in optional text within a sentence.
    OptionalNotAlone, "optional-not-alone",
        "Optional text with a list, a heading or several paragraphs must stand by itself, with an empty line before and after it.";
    /// More names than values can be given.
    TooManyFields, "too-many-fields", "A message can use at most {max} different values. Use fewer.", max = MAX_VALUES;
    /// No subject.
    SubjectEmpty, "subject-empty", "There is no subject. Say in a few words what the message is about.";
    /// A subject of several lines.
    SubjectLineBreak, "subject-line-break", "A subject is one line. Take the line break out.";
    /// A subject that no list of mail shows.
    SubjectTooLong, "subject-too-long", "The subject has more than {max} characters. Say the same in fewer words.",
        max = MAX_SUBJECT_CHARS;
    /// Nothing in the body.
    BodyEmpty, "body-empty", "There is nothing in the message. Write what people need to know.";
    /// A body that nobody would read.
    BodyTooLong, "body-too-long", "The message is larger than {max} bytes. Say less, and link to the rest.", max = MAX_BODY_BYTES;
    /// HTML.
    RawHtml, "raw-html", "HTML can't be used here and would be dropped. Take it out and use Markdown; write &lt; for a < that is meant.";
    /// Quotes in lists in quotes.
    TooDeep, "too-deep", "Lists and quotes stand within each other more than {max} deep. Make it flatter.", max = MAX_DEPTH;
    /// The first heading is not `#`.
    HeadingFirst, "heading-first", "The first heading has to be the largest: one # before it. People who listen to the message rely on it.";
    /// From `#` to `###`.
    HeadingSkips(u8, u8), "heading-skips", "This heading skips a level, from {0} to {1}. Use one # less before it.";
    /// `####`.
    HeadingTooDeep, "heading-too-deep", "There are three levels of headings: #, ## and ###. Use fewer #.";
    /// A line of dashes that turned text into a heading.
    HeadingUnderlined, "heading-underlined",
        "The line below makes this text a heading. If a line across the page is meant, put an empty line above it.";
    /// `http:`.
    LinkInsecure, "link-insecure", "This address begins with http:, which others can read and change on the way. Use https:.";
    /// Neither of the allowed schemes.
    LinkScheme, "link-scheme", "A link goes to https:, mailto: or tel:. Write the whole address, such as https://www.example.org/page.";
    /// Not an address.
    LinkMalformed, "link-malformed", "This is not an address that a link can go to. Check it for slips.";
    /// A gap that would decide where the link goes.
    LinkGap, "link-gap",
        "A value can't decide whose site a link goes to. Write the address up to the first / after the name of the site, and the value behind it.";
    /// Optional text in an address.
    LinkOptional, "link-optional", "Optional text can't stand within an address. Put the whole link into the optional text.";
    /// Nothing to click on.
    LinkEmpty, "link-empty", "This link has no text. Write between [ and ] where it leads to.";
    /// A link within the text of another.
    LinkInLink, "link-in-link", "The text of a link can't hold another link. Take the inner one out.";
    /// Text that is another address than that of the link.
    LinkMisleads, "link-misleads", "The text of this link is one address and the link goes to another. Say in words where it leads to.";
    /// "Click here".
    LinkVague, "link-vague", "This text does not say where the link leads to. People who hear only the links need to know: name the page.";
    /// An address as the text.
    LinkBare, "link-bare", "A bare address is hard to listen to. Write [words that say where it leads](address).";
    /// An image from elsewhere.
    ImageScheme, "image-scheme", "An image comes from https: or, sent with the message, from cid:. Write its whole address.";
    /// A gap in the address of an image.
    ImageGap, "image-gap", "The address of an image can't hold a value: it would tell who opened the message. Take the value out.";
    /// No text for who can't see.
    ImageNoAlternative, "image-no-alternative",
        "This image has no text for people who can't see it. Write between ![ and ] what it shows.";
    /// A value that is not there.
    ValueMissing(String), "value-missing", "There is no value for (({0})). Give one before the message is sent.";
    /// Too many values.
    TooManyValues, "too-many-values", "There are more than {max} values. Give only those that the message uses.", max = MAX_VALUES;
    /// A value that is too large.
    ValueTooLong(String), "value-too-long", "The value for (({0})) is larger than {max} bytes. Shorten it.", max = MAX_VALUE_BYTES;
    /// A value that would lead elsewhere.
    ValueInLink(String), "value-in-link",
        "The value for (({0})) is only dots, which would change where a link goes. Give the value that is meant.";
    /// A message that mail servers refuse.
    RenderedTooLarge, "rendered-too-large", "The message with its values is larger than {max} bytes. Shorten it or its values.",
        max = MAX_RENDERED_BYTES;
    /// No name of who sends.
    LookNoName, "look-no-name", "The message does not say who sends it. Give the name of the body.";
    /// Not a language.
    LookLanguage, "look-language", "This is not a language code. Use one such as en, cy or pt-BR.";
    /// Colours too near to each other.
    LookContrast(&'static str, &'static str), "look-contrast",
        "The colours of {0} and {1} are too near to each other to read, in light or dark: they need a contrast of {min} to 1. Use a darker and a lighter one.",
        min = MIN_CONTRAST;
    /// Not a colour.
    LookColour, "look-colour", "A colour is # and six digits or letters from a to f, such as #1d70b8.";
    /// An empty SMS.
    SmsEmpty, "sms-empty", "There is nothing in the text message. Write what people need to know.";
    /// An SMS with too many characters.
    SmsTooLong(usize, usize), "sms-too-long", "The text message has {0} characters, and at most {1} can be sent. Shorten it.";
    /// An SMS with too many parts.
    SmsTooManyParts(usize, usize), "sms-too-many-parts",
        "The text message needs {0} parts, and at most {1} may be sent. Shorten it, or replace the characters that make it longer.";
    /// Too few lines of an address.
    AddressTooShort, "address-too-short", "A postal address has at least {min} lines. Give the name, the street and the postcode.",
        min = MIN_ADDRESS_LINES;
    /// Too many lines of an address.
    AddressTooLong, "address-too-long", "A postal address has at most {max} lines. Put two lines into one.", max = MAX_ADDRESS_LINES;
    /// A line of an address that no window shows.
    AddressLineTooLong(usize), "address-line-too-long", "Line {0} of the address has more than {max} characters. Shorten it.",
        max = MAX_LINE_CHARS;
    /// A line that sorting machines can't read.
    AddressCharacter(usize), "address-character",
        "Line {0} of the address begins with a character that sorting machines can't read. Begin it with a letter or a digit.";
    /// A last line that says neither postcode nor country.
    AddressLastLine, "address-last-line",
        "The last line of the address is neither a UK postcode nor another country. Put the postcode, or the country in English, on a line of its own.";
    /// The United Kingdom in place of a postcode.
    AddressNoPostcode, "address-no-postcode", "An address in the United Kingdom ends with its postcode. Put it on the last line.";
    /// A language that is there twice, or none.
    VariantLanguage(String), "variant-language", "“{0}” is not a language code, or is there twice. Use one code such as en or cy for each language.";
    /// No template in the language that everybody else gets.
    VariantDefault(String), "variant-default", "There is no message in “{0}”, which people get for whose language there is none. Write it first.";
    /// A value that only one language uses.
    VariantLacks(String, String), "variant-lacks", "The message in “{0}” does not use (({1})), which another language does. Add it there or take it out of the other.";
}

/// Subject or body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The line that lists of mail show.
    Subject,
    /// All below it.
    Body,
}

/// Where something stands in a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// In which part.
    pub part: Part,
    /// In which line, from 1.
    pub line: usize,
    /// At which character of the line, from 1.
    pub column: usize,
}

/// As it stands before a sentence: `line 3, column 5`, or `subject, column 5`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Part::Subject => write!(f, "Subject, column {}", self.column),
            Part::Body => write!(f, "Line {}, column {}", self.line, self.column),
        }
    }
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub problem: Problem,
    /// Where, if it is at some place of a template.
    pub place: Option<Place>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some(place) => write!(f, "{place}: {}", self.problem),
            None => self.problem.fmt(f),
        }
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.problem)
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self { problem, place: None }
    }
}

/// What is found while a part is read: what must be mended, and what would better be. By offsets of bytes.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    faults: Vec<(usize, Problem)>,
    advice: Vec<(usize, Problem)>,
}

impl Findings {
    pub(crate) fn fault(&mut self, at: usize, problem: Problem) {
        self.faults.push((at, problem));
    }

    pub(crate) fn advise(&mut self, at: usize, problem: Problem) {
        self.advice.push((at, problem));
    }

    pub(crate) fn is_faulty(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Faults and advice, each in the order of the text and at most [`MAX_FAULTS`].
    pub(crate) fn told(self, part: Part, source: &str) -> (Vec<Fault>, Vec<Fault>) {
        let lines = Lines::new(source);
        let told = |mut found: Vec<(usize, Problem)>| {
            found.sort_by_key(|(at, _)| *at);
            found.truncate(MAX_FAULTS);
            let fault = |(at, problem)| Fault { problem, place: Some(lines.place(part, at)) };
            found.into_iter().map(fault).collect()
        };
        (told(self.faults), told(self.advice))
    }
}

/// Where the lines of a text begin.
pub(crate) struct Lines<'a> {
    source: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        let starts = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { source, starts }
    }

    /// The line and column of an offset; one beyond the end, or within a character, is that of what comes before it.
    pub(crate) fn place(&self, part: Part, at: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let before = self.source.get(start..).unwrap_or_default().char_indices();
        let column = before.take_while(|(offset, _)| start + offset < at).count() + 1;
        Place { part, line, column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let lines = Lines::new("ŵy\nb((c");
        let place = |at| (lines.place(Part::Body, at).line, lines.place(Part::Body, at).column);
        assert_eq!((place(0), place(2), place(4), place(5), place(99)), ((1, 1), (1, 2), (2, 1), (2, 2), (2, 5)));
    }

    #[test]
    fn a_fault_says_where_and_what_to_do() {
        let place = Some(Place { part: Part::Body, line: 3, column: 5 });
        let fault = Fault { problem: Problem::HeadingSkips(1, 3), place };
        assert_eq!(
            fault.to_string(),
            "Line 3, column 5: This heading skips a level, from 1 to 3. Use one # less before it."
        );
        assert_eq!(fault.problem.code(), "heading-skips");
        let value = Fault::from(Problem::ValueTooLong("name".to_owned()));
        assert!(value.to_string().starts_with("The value for ((name)) is larger than 65536 bytes."), "{value}");
    }

    #[test]
    fn of_many_faults_the_first_are_told() {
        let mut findings = Findings::default();
        for at in (0..500).rev() {
            findings.fault(at, Problem::RawHtml);
        }
        let (faults, advice) = findings.told(Part::Subject, &"x".repeat(500));
        assert_eq!((faults.len(), advice.len()), (MAX_FAULTS, 0));
        assert_eq!(faults[0].place, Some(Place { part: Part::Subject, line: 1, column: 1 }));
    }
}

//! Composing a message: a template with gaps, filled and written as HTML, plain text, SMS or the blocks of a letter.
//!
//! Staff write Markdown with `((name))` where a value comes in and `((name??text))` where text is shown only to some, as users of
//! GOV.UK Notify do. A [`Template`] is read once into a tree; gaps are filled in that tree, and each form is written from it. So a
//! value is always text: whatever stands in it, it can't become a link, a heading or HTML. What is wrong with a template is said
//! when it is written, with line and column ([`Fault`]); what would better be otherwise is advice and keeps nobody from sending.
//!
//! Pure functions: no store, no network, no clock.
//!
//! ```
//! use commonweal_messages::{Look, SmsRules, Template, Values, sms};
//!
//! let template = Template::parse(
//!     "Your bins, ((first name))",
//!     "# New days\n\nDear ((first name)),\n\nyour bins go on:\n\n((days))\n\n((garden??Your garden bin stays.))",
//! ).map_err(|faults| faults[0].clone())?;
//! assert_eq!(template.fields().len(), 3);
//!
//! let mut values = Values::new();
//! values.set("First_Name", "Ann <b>*Lee*</b>")?;
//! values.set("days", vec!["Monday", "Friday"])?;
//! assert_eq!(template.missing(&values), ["garden"]);
//! values.set("garden", "yes")?;
//!
//! let rendered = template.render(&values, &Look::new("Anytown Council", "en")).map_err(|faults| faults[0].clone())?;
//! assert_eq!(rendered.subject, "Your bins, Ann <b>*Lee*</b>");
//! assert!(rendered.html.contains("Dear Ann &lt;b&gt;*Lee*&lt;/b&gt;,"));
//! assert!(rendered.text.contains("* Monday\n* Friday\n\nYour garden bin stays."));
//!
//! let text = sms(&template, &values, &SmsRules::default()).map_err(|faults| faults[0].clone())?;
//! assert_eq!(text.parts.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod block;
mod check;
mod countries;
mod fill;
mod gaps;
mod gsm;
mod html;
mod language;
mod link;
mod look;
mod markdown;
mod problem;
mod readability;
mod sms;
mod template;
mod text;
mod tree;
mod values;
mod variants;

pub use address::{MAX_ADDRESS_LINES, MAX_LINE_CHARS, MIN_ADDRESS_LINES, address_lines};
pub use block::{Block, Inline};
pub use look::{Colour, Colours, Footer, FooterLink, Look, MIN_CONTRAST};
pub use problem::{Fault, MAX_FAULTS, Part, Place, Problem};
pub use readability::{
    English, LongSentence, MAX_SENTENCE_WORDS, Readability, flesch_kincaid_grade, flesch_reading_ease,
};
pub use sms::{Downgrade, Encoding, Forcing, NOTIFY_MAX_CHARACTERS, Sms, SmsRules, sms};
pub use template::{
    Field, MAX_BODY_BYTES, MAX_DEPTH, MAX_NAME_CHARS, MAX_RENDERED_BYTES, MAX_SUBJECT_BYTES, MAX_SUBJECT_CHARS,
    Rendered, Template,
};
pub use text::{WIDTH, link_as_text};
pub use values::{MAX_VALUE_BYTES, MAX_VALUES, Value, Values};
pub use variants::Variants;

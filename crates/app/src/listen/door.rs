//! The one door for what people and other systems hand in: forms, entry, the API, files, contacts.
//!
//! Words of comments are redacted by the reader, with the original kept apart. Everything else is shown,
//! grouped by and exported as it stands, so that nothing in it may say who somebody is: what looks like
//! personal data in a name or value is refused with the field to blame, questions are redacted, addresses
//! of pages are shortened. Nothing of it is done silently: refusals and changes are given back.
//!
//! The records that are written, and the services and touchpoints that are made on the way, come from the
//! types of this module only, and only [`admit`] and [`admit_contact`] make those.

use std::borrow::Cow;

use chrono_tz::Tz;
use commonweal_domain::import::{KnownBy, Target};
use commonweal_domain::person::{BY_EMAIL, BY_PHONE};
use commonweal_domain::personal::{self, TAKEN_OUT, page_address};
use commonweal_domain::reading::RedactedSpan;
use commonweal_domain::records::Service;
use commonweal_domain::{FieldError, FieldErrors, KnownAs, NewContact, NewFeedback};
use commonweal_handles::Country;
use commonweal_text::{label_kinds, redact};

use crate::people::handles::country_of;
use crate::people::known::canonical;

/// Words that a value to group by may have. Answers to choose from are shorter in all files seen.
const WORDS: usize = 15;

/// From where something comes, as far as it is treated in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Another system, or somebody who keys in: each value is what one sender thought of.
    Sender,
    /// A column of a file, which was found to hold few values.
    File,
    /// A public form, whose questions the body has written.
    Form,
}

/// A feedback of which only the words of its comments may hold personal data.
#[derive(Debug)]
pub(crate) struct Admitted {
    new: NewFeedback,
    changed: Vec<FieldError>,
}

impl Admitted {
    /// The feedback, and what was changed in it, field by field.
    pub(crate) fn into_parts(self) -> (NewFeedback, Vec<FieldError>) {
        (self.new, self.changed)
    }

    /// Where it belongs.
    pub(crate) fn place(&self) -> PlaceNames<'_> {
        PlaceNames { service: self.new.service.as_deref(), touchpoint: self.new.touchpoint.as_deref() }
    }

    /// Who said it.
    pub(crate) fn person(&self) -> Option<&KnownAs> {
        self.new.person.as_ref()
    }

    /// The sender's own id.
    pub(crate) fn source_id(&self) -> Option<&str> {
        self.new.source_id.as_deref()
    }
}

/// A contact without feedback, of which nothing but the name of a person says who it was.
#[derive(Debug)]
pub(crate) struct AdmittedContact(NewContact);

impl AdmittedContact {
    /// The contact.
    pub(crate) fn into_inner(self) -> NewContact {
        self.0
    }

    /// Who it was.
    pub(crate) fn person(&self) -> Option<&KnownAs> {
        self.0.person.as_ref()
    }

    /// Where it belongs.
    pub(crate) fn place(&self) -> PlaceNames<'_> {
        PlaceNames { service: self.0.service.as_deref(), touchpoint: self.0.touchpoint.as_deref() }
    }
}

/// Names of a service and a touchpoint under which they may be made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlaceNames<'a> {
    service: Option<&'a str>,
    touchpoint: Option<&'a str>,
}

impl<'a> PlaceNames<'a> {
    pub(crate) fn service(self) -> Option<&'a str> {
        self.service
    }

    pub(crate) fn touchpoint(self) -> Option<&'a str> {
        self.touchpoint
    }
}

/// Lets a feedback in. `pointer` is where it stands in what was sent; `services` are those that are there.
pub(crate) fn admit(
    mut new: NewFeedback,
    from: Origin,
    pointer: &str,
    services: &[Service],
) -> Result<Admitted, FieldErrors> {
    let mut errors = FieldErrors::default();
    look_at_place(pointer, new.service.as_deref(), new.touchpoint.as_deref(), services, &mut errors);
    look_at(&new, from, pointer, &mut errors);
    let mut changed = Vec::new();
    if let Some(page) = new.page.take() {
        let kept = page_of(&page);
        if kept != page.trim() {
            changed.push(change(
                "/page".to_owned(),
                "shortened",
                "What may say who was on the page was left out of its address.".to_owned(),
            ));
        }
        new.page = Some(kept).filter(|p| !p.is_empty());
    }
    for (n, comment) in new.comments.iter_mut().enumerate() {
        // The body wrote the questions of its forms.
        let Some(question) = comment.question.as_mut().filter(|_| from != Origin::Form) else { continue };
        let (redacted, spans) = redact(question);
        if !spans.is_empty() {
            *question = redacted;
            changed.push(change(format!("/comments/{n}/question"), "redacted", replaced(&spans)));
        }
    }
    errors.into_result(Admitted { new, changed })
}

/// Lets a contact without feedback in.
pub(crate) fn admit_contact(
    new: NewContact,
    pointer: &str,
    services: &[Service],
) -> Result<AdmittedContact, FieldErrors> {
    let mut errors = FieldErrors::default();
    look_at_place(pointer, new.service.as_deref(), new.touchpoint.as_deref(), services, &mut errors);
    errors.into_result(AdmittedContact(new))
}

/// That words of a comment were redacted, as it is said to whoever handed them in.
pub(crate) fn redacted_words(n: usize, spans: &[RedactedSpan]) -> Option<FieldError> {
    (!spans.is_empty()).then(|| change(format!("/comments/{n}/text"), "redacted", replaced(spans)))
}

/// What of a row is not taken in, and why: the first thing.
pub(crate) fn refused_in_row(new: &NewFeedback, zone: Tz) -> Option<(Target, String)> {
    let named = |label: Option<&str>, target: Target, place: bool| {
        let kind = personal_kind(label?, place)?;
        let what = target.key();
        Some((target, sentence(&what, kind)))
    };
    named(new.service.as_deref(), Target::Service, true)
        .or_else(|| named(new.touchpoint.as_deref(), Target::Touchpoint, true))
        .or_else(|| named(new.device.as_deref(), Target::Device, false))
        .or_else(|| named(new.language.as_deref(), Target::Language, false))
        .or_else(|| named(new.area.as_deref(), Target::Area, false))
        .or_else(|| {
            let mut all = new.attributes.iter();
            all.find_map(|(name, value)| named(Some(value), Target::Attribute(name.clone()), false))
        })
        .or_else(|| refused_person(new.person.as_ref()?, country_of(zone)))
}

/// Who it was, where that can't be read.
fn refused_person(person: &KnownAs, country: Country) -> Option<(Target, String)> {
    let by = match person.source.as_str() {
        BY_EMAIL => KnownBy::Email,
        BY_PHONE => KnownBy::Phone,
        _ => return None,
    };
    let wrong = canonical(person, country).err()?;
    Some((Target::Person(by), wrong.0.into_iter().next()?.message))
}

fn change(field: String, code: &str, message: String) -> FieldError {
    FieldError { field, code: code.to_owned(), message, arguments: Default::default() }
}

/// In a sentence, what stands in the place of what was taken out.
fn replaced(spans: &[RedactedSpan]) -> String {
    let mut kinds: Vec<&str> = spans.iter().map(|s| s.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let kinds: Vec<String> = kinds.into_iter().map(|k| format!("[{k}]")).collect();
    match spans.len() {
        1 => format!("Personal data in it was replaced by {}.", kinds.join(", ")),
        n => format!("Personal data in {n} places of it was replaced by {}.", kinds.join(", ")),
    }
}

/// Names of services and touchpoints that are not there yet.
fn look_at_place(
    pointer: &str,
    service: Option<&str>,
    touchpoint: Option<&str>,
    services: &[Service],
    errors: &mut FieldErrors,
) {
    let made = |name: &str| {
        let is = |key: &str, called: &str| key == name || called == name;
        services.iter().any(|s| is(&s.key, &s.name) || s.touchpoints.iter().any(|t| is(&t.key, &t.name)))
    };
    for (field, name) in [("service", service), ("touchpoint", touchpoint)] {
        let kind = name.filter(|n| !made(n)).and_then(|n| personal_kind(n, true));
        if let Some(kind) = kind {
            errors.add(format!("{pointer}/{field}"), "personal_data", sentence(field, kind));
        }
    }
}

/// What is shown to everybody as it stands.
fn look_at(new: &NewFeedback, from: Origin, pointer: &str, errors: &mut FieldErrors) {
    let labels = [("device", &new.device), ("language", &new.language), ("area", &new.area)];
    let labels = labels.into_iter().filter_map(|(field, label)| Some((Cow::from(field), label.as_deref()?)));
    let values = new.attributes.iter().map(|(name, value)| (format!("attributes/{name}").into(), value.as_str()));
    for (field, label) in labels.chain(values) {
        if let Some(kind) = personal_kind(label, false) {
            errors.add(format!("{pointer}/{field}"), "personal_data", sentence(&field, kind));
        } else if from == Origin::Sender && is_free_text(label) {
            let message = format!(
                "`{field}` holds free text. It is one of a few values, a number or a date; send what somebody wrote as a \
                 comment, where it is redacted."
            );
            errors.add(format!("{pointer}/{field}"), "free_text", message);
        }
    }
    for name in new.attributes.keys() {
        if personal::is_named(name) || !label_kinds(&name.replace('_', " ")).is_empty() {
            let message = format!(
                "`{name}` says who somebody is, and attributes are shown to everybody who may read feedback. Leave it out; to \
                 tell what you sent before, use `id`, which is kept as a hash only."
            );
            errors.add(format!("{pointer}/attributes/{name}"), "personal_data", message);
        }
    }
    for (n, rating) in new.ratings.iter().enumerate() {
        if !label_kinds(&rating.name.replace('_', " ")).is_empty() {
            let message = "The name of a rating holds personal data. Name what was rated.";
            errors.add(format!("{pointer}/ratings/{n}/name"), "personal_data", message);
        }
    }
}

/// The kind of personal data that a label holds. A service or touchpoint may be at an address.
fn personal_kind(label: &str, place: bool) -> Option<&'static str> {
    const OF_A_PLACE: &[&str] = &["address", "postcode", "plate", "ip"];
    label_kinds(label).into_iter().find(|kind| !(place && OF_A_PLACE.contains(kind)))
}

/// Says what is wrong, without saying it again.
fn sentence(field: &str, kind: &str) -> String {
    let what = match kind {
        "address" => "a postal address",
        "bank_account" => "a bank account",
        "birth_date" => "a date of birth",
        "passport" => "the number of a passport",
        "card" => "the number of a payment card",
        "email" => "an email address",
        "iban" => "the number of a bank account",
        "ip" => "an internet address",
        "nhs_number" => "an NHS number",
        "ni_number" => "a National Insurance number",
        "phone" => "a phone number",
        "plate" => "the registration of a vehicle",
        "postcode" => "a full postcode; the part before the blank is enough",
        "ssn" => "a social security number",
        _ => "a web address that says who somebody is",
    };
    format!("`{field}` holds what looks like {what}. It is shown to everybody who may read feedback, so take it out.")
}

/// Whether this is what somebody wrote rather than one of a few values.
fn is_free_text(value: &str) -> bool {
    let words = value.split_whitespace().count();
    let sentences = value.split(['.', '!', '?']).filter(|s| s.split_whitespace().count() > 2).count();
    words > WORDS || (sentences > 1 && words > 8)
}

/// The address of a page, without what the words of its path say of a person.
fn page_of(page: &str) -> String {
    let page = page_address(page);
    let path = page.find("://").map_or(0, |at| at + 3);
    let mut parts = page[path..].split('/');
    let first = parts.next().unwrap_or_default();
    let mut out = page[..path].to_owned();
    // A host is no word; what has none begins with its path.
    if path == 0 && !label_kinds(&decoded(first)).is_empty() {
        out.push_str(TAKEN_OUT);
    } else {
        out.push_str(first);
    }
    for part in parts {
        out.push('/');
        let says_who = !label_kinds(&decoded(part)).is_empty();
        out.push_str(if says_who { TAKEN_OUT } else { part });
    }
    out
}

/// A part of a path as people read it: percent-encoding (RFC 3986, 2.1) undone, underscores and plus signs
/// as blanks.
fn decoded(part: &str) -> Cow<'_, str> {
    if !part.contains(['%', '+', '_']) {
        return part.into();
    }
    let bytes = part.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let coded = (bytes[at] == b'%').then(|| part.get(at + 1..at + 3)).flatten();
        match coded.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(if matches!(bytes[at], b'+' | b'_') { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned().into()
}

#[cfg(test)]
mod tests {
    use commonweal_domain::NewComment;

    use super::*;

    fn at(errors: &FieldErrors) -> Vec<String> {
        errors.0.iter().map(|e| format!("{}:{}", e.field, e.code)).collect()
    }

    #[test]
    fn names_and_values_that_say_who_somebody_is_are_refused_with_their_place() {
        let new = NewFeedback {
            service: Some("ann@example.org".into()),
            area: Some("NE1 4XY".into()),
            device: Some("phone".into()),
            attributes: [
                ("nhs_number", "x"),
                ("band", "07700 900123"),
                ("tenure", "Rented from a council"),
                ("reason", "I rang three times. Nobody answered me at all, and then it was closed."),
            ]
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .into(),
            ..NewFeedback::default()
        };
        let errors = admit(new.clone(), Origin::Sender, "/3", &[]).expect_err("much is wrong");
        let said = [
            "/3/service:personal_data",
            "/3/area:personal_data",
            "/3/attributes/band:personal_data",
            "/3/attributes/reason:free_text",
            "/3/attributes/nhs_number:personal_data",
        ];
        assert_eq!(at(&errors), said);
        assert!(!errors.to_string().contains("900123"), "a sentence does not say it again: {errors}");
        assert_eq!(refused_in_row(&new, Tz::Europe__London).map(|(t, _)| t), Some(Target::Service));
    }

    #[test]
    fn questions_and_pages_are_changed_and_it_is_said() {
        let new = NewFeedback {
            page: Some("https://ann:pw@a.example/users/ann/0770%200900%20123?email=x#y".into()),
            comments: vec![NewComment { question: Some("Why did you ring 07700 900123?".into()), text: "ok".into() }],
            ..NewFeedback::default()
        };
        let (kept, changed) = admit(new.clone(), Origin::Sender, "", &[]).expect("it is let in").into_parts();
        assert_eq!(kept.page.as_deref(), Some("https://a.example/users/…/…"));
        assert_eq!(kept.comments[0].question.as_deref(), Some("Why did you ring [phone]?"));
        let changed: Vec<&str> = changed.iter().map(|c| c.field.as_str()).collect();
        assert_eq!(changed, ["/page", "/comments/0/question"]);
        let (kept, _) = admit(new, Origin::Form, "", &[]).expect("it is let in").into_parts();
        assert!(kept.comments[0].question.as_deref().is_some_and(|q| q.contains("900123")), "the body wrote it");
    }

    #[test]
    fn ordinary_places_and_values_come_in_as_they_are() {
        let new = NewFeedback {
            service: Some("Library, 12 High Street, NE1 4XY".into()),
            touchpoint: Some("Dr Patel's surgery".into()),
            area: Some("St James".into()),
            page: Some("https://a.example/apply".into()),
            attributes: [
                ("age_band", "65+"),
                ("ethnicity", "White: English, Welsh, Scottish, Northern Irish or British"),
            ]
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .into(),
            ..NewFeedback::default()
        };
        let (kept, changed) = admit(new.clone(), Origin::Sender, "", &[]).expect("nothing is wrong").into_parts();
        assert_eq!((kept, changed), (new, Vec::new()));
    }
}

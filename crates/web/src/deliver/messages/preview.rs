//! A message as somebody gets it: with values that are typed, or for a person whose page was opened. The mail itself is shown
//! in a frame of its own that may load nothing but its images, run nothing and send nothing.

use std::collections::BTreeSet;

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use commonweal_app::deliver::{MessageSeen, PreviewOf, Previewed};
use commonweal_domain::{FieldErrors, MessageId, Permission, PersonId};

use super::{Sms, language_name, sms};
use crate::http::error::WebResult;
use crate::http::security::Framing;
use crate::l10n::{self, Language, Say};
use crate::ui::components::{Input, Select, SelectItem};
use crate::ui::form::{Errors, Fields};
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;

/// What the field of a value is called, before its number. Its name is sent beside it.
const VALUE: &str = "value-";

#[derive(Template)]
#[template(path = "deliver/message_preview.html")]
struct PreviewPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    title: String,
    version: u32,
    language: Select,
    fields: Vec<(String, String, Input)>,
    /// For whoever sees people.
    person: Option<Input>,
    shown: Option<Shown>,
}

struct Shown {
    language: String,
    lang: String,
    subject: String,
    text: String,
    sms: Sms,
    missing: String,
    blank: String,
    /// What the frame is sent, so that no value stands in an address; nothing for a message without any.
    told: Vec<(String, String)>,
    plain: String,
}

/// For whom it is to be shown.
fn of(visit: &Visit, sent: &Fields) -> Result<PreviewOf, FieldErrors> {
    let person = sent.get("person");
    if person.is_empty() || !visit.may(Permission::ReadPeople) {
        let names = sent.0.iter().filter_map(|(field, name)| Some((field.strip_prefix("name-")?, name)));
        let told = names.map(|(number, name)| (name.clone(), sent.get(&format!("{VALUE}{number}")).to_owned()));
        return Ok(PreviewOf::Values(told.filter(|(_, value)| !value.is_empty()).collect()));
    }
    // The address of a person's page, or what stands at its end.
    let id = person.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let id: Result<PersonId, _> = id.split(['?', '#']).next().unwrap_or_default().parse();
    id.map(PreviewOf::Person)
        .map_err(|_| FieldErrors::one("person", "no_person", l10n::console().t("message-preview-no-person")))
}

async fn page(visit: &Visit, seen: MessageSeen, sent: &Fields) -> WebResult<PreviewPage> {
    let say = l10n::console();
    let languages: Vec<&str> = seen.content.texts.keys().map(String::as_str).collect();
    let asked = sent.get("language");
    let language = if languages.contains(&asked) { asked } else { default(&languages) };
    let outcome = match of(visit, sent) {
        Ok(of) => visit.app().preview_message(&visit.actor, &seen.content, language, of).await,
        Err(errors) => Err(errors.into()),
    };
    let (previewed, errors) = match outcome {
        Ok(previewed) => (Some(previewed), Errors::default()),
        Err(commonweal_app::Error::NotFound("person")) => {
            let none = FieldErrors::one("person", "no_person", say.t("message-preview-no-person"));
            (None, none.into())
        }
        Err(error) => (None, Errors::of_error(error)?),
    };
    // Each language may write the name of a value in its own way; it is one value.
    let mut known = BTreeSet::new();
    let looked = visit.app().look_over(&visit.actor, &seen.content.texts)?;
    let names = looked.into_iter().flat_map(|looked| looked.fields);
    let names = names.filter(|name| known.insert(name.to_lowercase().replace([' ', '_', '-'], "")));
    let fields = names.into_iter().enumerate().map(|(n, name)| {
        let field = format!("{VALUE}{n}");
        let input = Input::new(field.as_str(), format!("(({name}))").as_str())
            .value(sent.get(&field))
            .autocomplete("off")
            .spellcheck(false);
        (format!("name-{n}"), name, input)
    });
    let title = say.with("message-preview-head", &[("name", seen.message.name.as_str().into())]);
    Ok(PreviewPage {
        frame: visit.frame(errors.headed(title, say)).await?,
        id: seen.message.id.to_string(),
        version: seen.content.version,
        language: Select::new("language", say.t("message-preview-language").as_str())
            .items(languages.iter().map(|code| SelectItem::new(*code, language_name(code, say).as_str())))
            .value(language),
        fields: fields.collect(),
        person: visit.may(Permission::ReadPeople).then(|| {
            Input::new("person", say.t("message-preview-person").as_str())
                .hint(say.t("message-preview-person-hint").as_str())
                .value(sent.get("person"))
                .autocomplete("off")
                .spellcheck(false)
                .error(errors.of("person"))
        }),
        shown: previewed.map(|previewed| shown(previewed, &seen, sent, say)),
        title: seen.message.name,
        say,
        errors,
    })
}

fn default<'a>(languages: &[&'a str]) -> &'a str {
    let english = Language::English.code();
    languages.iter().copied().find(|code| *code == english).or(languages.first().copied()).unwrap_or_default()
}

fn shown(previewed: Previewed, seen: &MessageSeen, sent: &Fields, say: Say) -> Shown {
    let brackets = |names: Vec<String>| names.iter().map(|name| format!("(({name}))")).collect::<Vec<_>>().join(", ");
    let told = sent.0.iter().filter(|(name, value)| name != "language" && !value.is_empty());
    Shown {
        plain: format!(
            "/messages/{}/html?version={}&language={}",
            seen.message.id, seen.content.version, previewed.language
        ),
        language: language_name(&previewed.language, say),
        told: told.cloned().collect(),
        subject: previewed.subject,
        text: previewed.text,
        sms: sms(previewed.sms, say),
        missing: brackets(previewed.missing),
        blank: brackets(previewed.blank),
        lang: previewed.language,
    }
}

async fn seen(visit: &Visit, id: MessageId) -> WebResult<MessageSeen> {
    let version = Fields::parse(visit.query()).get("version").parse().ok();
    Ok(visit.app().message(&visit.actor, id, version).await?)
}

/// The message with names in the places of its values.
pub(crate) async fn ask(visit: Visit, Path(id): Path<MessageId>) -> WebResult<Response> {
    let (seen, query) = (seen(&visit, id).await?, Fields::parse(visit.query()));
    let language = Fields(vec![("language".to_owned(), query.get("language").to_owned())]);
    let page = page(&visit, seen, &language).await?;
    Ok((Extension(Framing::Frames), Page(page)).into_response())
}

/// The message with the values that were typed, or for a person.
pub(crate) async fn show(visit: Visit, Path(id): Path<MessageId>, sent: Fields) -> WebResult<Response> {
    let seen = seen(&visit, id).await?;
    let page = page(&visit, seen, &sent).await?;
    Ok((Extension(Framing::Frames), Page(page)).into_response())
}

/// The mail itself, with names in the places of its values.
pub(crate) async fn html(visit: Visit, Path(id): Path<MessageId>) -> WebResult<Response> {
    let query = Fields::parse(visit.query());
    mail(&visit, id, query.get("language"), PreviewOf::Values(Default::default())).await
}

/// The mail itself, with values or for a person.
pub(crate) async fn html_with(visit: Visit, Path(id): Path<MessageId>, sent: Fields) -> WebResult<Response> {
    let of = of(&visit, &sent).map_err(commonweal_app::Error::from)?;
    let query = Fields::parse(visit.query());
    mail(&visit, id, query.get("language"), of).await
}

async fn mail(visit: &Visit, id: MessageId, language: &str, of: PreviewOf) -> WebResult<Response> {
    let seen = seen(visit, id).await?;
    let languages: Vec<&str> = seen.content.texts.keys().map(String::as_str).collect();
    let language = if languages.contains(&language) { language } else { default(&languages) };
    let made = visit.app().preview_message(&visit.actor, &seen.content, language, of).await?;
    let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    Ok((Extension(Framing::Framed), html, made.html).into_response())
}

//! Messages: written in English and Welsh, kept in versions that are never changed, and looked over before they are sent.

pub(crate) mod preview;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::deliver::{LookedOver, MessageDraft, MessageSeen, SmsSeen};
use commonweal_domain::{Message, MessageId, MessageText, Permission, TeamId};

use crate::http::error::WebResult;
use crate::l10n::{self, Language, Say};
use crate::ui::components::{Input, Select, SelectItem, Textarea};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};
use crate::ui::pager::{self, Pager};

/// Messages on one page of the list.
const ROWS: usize = 50;
/// The list, for its cursors.
const LIST: &str = "messages";

#[derive(Template)]
#[template(path = "deliver/messages.html")]
struct ListPage {
    frame: Frame,
    say: Say,
    messages: Vec<Row>,
    first_page: bool,
    pager: Pager,
    may_add: bool,
}

struct Row {
    id: String,
    name: String,
    team: String,
    version: String,
    made: String,
}

#[derive(Template)]
#[template(path = "deliver/message_edit.html")]
struct EditPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    title: String,
    /// Where it is sent.
    address: String,
    back: String,
    version: String,
    name: Input,
    team: Option<Select>,
    texts: Vec<TextFields>,
    looked: Vec<Looked>,
}

struct TextFields {
    title: String,
    subject: Input,
    body: Textarea,
}

#[derive(Template)]
#[template(path = "deliver/message.html")]
struct MessagePage {
    frame: Frame,
    say: Say,
    id: String,
    title: String,
    what: String,
    version: u32,
    /// Where another version is looked at: a newer one is there.
    is_old: bool,
    texts: Vec<(&'static str, String, MessageText)>,
    looked: Vec<Looked>,
    versions: Vec<VersionRow>,
    may_change: bool,
}

struct VersionRow {
    version: u32,
    by: String,
    at: String,
    is_shown: bool,
}

/// What is to be said of one language.
struct Looked {
    title: String,
    fields: String,
    advice: Vec<String>,
    reading: String,
    sms: Sms,
}

/// A text as an SMS, counted.
pub(super) struct Sms {
    words: String,
    text: String,
    notes: Vec<String>,
}

fn language_name(code: &str, say: Say) -> String {
    match code {
        "en" => say.t("message-english"),
        "cy" => say.t("message-welsh"),
        other => other.to_owned(),
    }
}

fn looked(of: LookedOver, say: Say) -> Looked {
    let mut advice = of.advice;
    advice.extend(of.long.into_iter().map(|(line, words, begins)| {
        let told = [("line", (line as u64).into()), ("words", (words as u64).into()), ("begins", begins.into())];
        say.with("message-long-sentence", &told)
    }));
    let mut reading =
        say.with("message-words", &[("words", (of.words as u64).into()), ("sentences", (of.sentences as u64).into())]);
    if let Some(ease) = of.ease {
        let id = match ease {
            ease if ease >= 60.0 => "message-ease-plain",
            ease if ease >= 30.0 => "message-ease-hard",
            _ => "message-ease-very-hard",
        };
        reading = format!("{reading} {}", say.t(id));
    }
    Looked {
        title: language_name(&of.language, say),
        fields: of.fields.iter().map(|field| format!("(({field}))")).collect::<Vec<_>>().join(", "),
        advice,
        reading,
        sms: sms(of.sms, say),
    }
}

/// How a text would be sent as an SMS.
pub(super) fn sms(seen: Result<SmsSeen, Vec<String>>, say: Say) -> Sms {
    match seen {
        Ok(sms) => {
            let count = [("characters", (sms.characters as u64).into()), ("parts", (sms.parts as u64).into())];
            let notes = sms
                .is_unicode
                .then(|| say.with("message-sms-unicode", &[("characters", sms.forcing.join(" ").into())]));
            Sms { words: say.with("message-sms-count", &count), text: sms.text, notes: notes.into_iter().collect() }
        }
        Err(faults) => Sms { words: say.t("message-sms-not"), text: String::new(), notes: faults },
    }
}

/// A page of messages.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    let say = l10n::console();
    let request = pager::asked(visit.query(), LIST, ROWS);
    let found = visit.app().messages(&visit.actor, &request).await?;
    let teams = teams(&visit).await?;
    let row = |message: &Message| Row {
        id: message.id.to_string(),
        name: message.name.clone(),
        team: message.team.and_then(|team| teams.get(&team).cloned()).unwrap_or_else(|| say.t("message-no-team")),
        version: message.version.to_string(),
        made: format::date(message.made_at, visit.zone()),
    };
    let page = ListPage {
        frame: visit.frame(say.t("messages-head")).await?,
        messages: found.items.iter().map(row).collect(),
        first_page: request.is_first(),
        pager: Pager::at(&found, &request, LIST, "/messages"),
        may_add: visit.may(Permission::ManageDispatches.somewhere()),
        say,
    };
    Ok(Page(page).into_response())
}

/// Names of teams by their ids.
async fn teams(visit: &Visit) -> WebResult<BTreeMap<TeamId, String>> {
    let all = visit.app().teams(&visit.actor).await?;
    Ok(all.into_iter().map(|summary| (summary.team.id, summary.team.name)).collect())
}

async fn edit(
    visit: &Visit,
    there: Option<&MessageSeen>,
    sent: &Fields,
    errors: Errors,
    checked: Vec<LookedOver>,
) -> WebResult<EditPage> {
    let say = l10n::console();
    let errors = by_language(errors, say);
    let text = |code: &'static str| {
        let (subject, body) = (format!("subject-{code}"), format!("body-{code}"));
        TextFields {
            title: language_name(code, say),
            subject: Input::new(subject.as_str(), say.t("message-subject").as_str())
                .value(sent.get(&subject))
                .autocomplete("off")
                .attribute("lang", code)
                .error(errors.of(&subject)),
            body: Textarea::new(body.as_str(), say.t("message-body").as_str())
                .hint(say.t("message-body-hint").as_str())
                .rows(14_u32)
                .value(sent.exact(&body))
                .attribute("lang", code)
                .error(errors.of(&body)),
        }
    };
    let teams: Vec<_> = teams(visit)
        .await?
        .into_iter()
        .filter(|(id, _)| visit.may(Permission::ManageDispatches.on(*id)))
        .map(|(id, name)| SelectItem::new(id.to_string(), name.as_str()))
        .collect();
    let none = SelectItem::new("", say.t("message-no-team").as_str());
    let (title, address, back) = match there {
        Some(seen) => {
            let page = format!("/messages/{}", seen.message.id);
            let title = say.with("message-change-head", &[("name", seen.message.name.as_str().into())]);
            (title, format!("{page}/change"), page)
        }
        None => (say.t("message-new-title"), "/messages/new".to_owned(), "/messages".to_owned()),
    };
    Ok(EditPage {
        frame: visit.frame(errors.headed(title.clone(), say)).await?,
        title,
        address,
        back,
        version: sent.get("version").to_owned(),
        name: Input::new("name", say.t("message-name").as_str())
            .hint(say.t("message-name-hint").as_str())
            .value(sent.get("name"))
            .autocomplete("off")
            .error(errors.of("name")),
        team: (!teams.is_empty()).then(|| {
            Select::new("team", say.t("message-team").as_str())
                .hint(say.t("message-team-hint").as_str())
                .items(std::iter::once(none).chain(teams))
                .value(sent.get("team"))
                .error(errors.of("team"))
        }),
        texts: Language::ALL.iter().map(|language| text(language.code())).collect(),
        looked: checked.into_iter().map(|of| looked(of, say)).collect(),
        say,
        errors,
    })
}

/// What is wrong with a text stands at its field, and says in which language it is.
fn by_language(mut errors: Errors, say: Say) -> Errors {
    for item in &mut errors.items {
        if let Some(code) = item.field.strip_prefix("texts/").map(str::to_owned) {
            let (language, what) = (language_name(&code, say), item.message.clone());
            let told = [("language", language.into()), ("what", what.into())];
            item.message = say.with("message-in-language", &told);
            let part = if item.message.contains("Subject, column") { "subject" } else { "body" };
            item.field = format!("{part}-{code}");
        } else if item.field == "texts" {
            item.field = format!("body-{}", Language::English.code());
        }
    }
    errors
}

/// What was sent: a language in which nothing stands is none.
fn draft(sent: &Fields) -> MessageDraft {
    let text = |code: &str| MessageText {
        subject: sent.get(&format!("subject-{code}")).to_owned(),
        body: sent.exact(&format!("body-{code}")).replace("\r\n", "\n"),
    };
    let said = |text: &MessageText| !text.subject.is_empty() || !text.body.trim().is_empty();
    let texts = Language::ALL.iter().map(|language| (language.code().to_owned(), text(language.code())));
    MessageDraft {
        name: sent.get("name").to_owned(),
        team: sent.get("team").parse().ok(),
        texts: texts.filter(|(_, text)| said(text)).collect(),
        version: sent.get("version").parse().ok(),
    }
}

fn as_sent(seen: &MessageSeen) -> Fields {
    let mut pairs = vec![
        ("name".to_owned(), seen.message.name.clone()),
        ("team".to_owned(), seen.message.team.map(|team| team.to_string()).unwrap_or_default()),
        ("version".to_owned(), seen.message.version.to_string()),
    ];
    for (code, text) in &seen.content.texts {
        pairs.push((format!("subject-{code}"), text.subject.clone()));
        pairs.push((format!("body-{code}"), text.body.clone()));
    }
    Fields(pairs)
}

/// The form of a new message.
pub(crate) async fn new(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::ManageDispatches.somewhere())?;
    Ok(Page(edit(&visit, None, &Fields::default(), Errors::default(), Vec::new()).await?).into_response())
}

/// Keeps a new message, or looks it over.
pub(crate) async fn add(visit: Visit, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageDispatches.somewhere())?;
    keep(&visit, None, &sent).await
}

/// The form of another version.
pub(crate) async fn change(visit: Visit, Path(id): Path<MessageId>) -> WebResult<Response> {
    let seen = to_change(&visit, id).await?;
    Ok(Page(edit(&visit, Some(&seen), &as_sent(&seen), Errors::default(), Vec::new()).await?).into_response())
}

/// Keeps another version, or looks it over.
pub(crate) async fn save(visit: Visit, Path(id): Path<MessageId>, sent: Fields) -> WebResult<Response> {
    let seen = to_change(&visit, id).await?;
    keep(&visit, Some(seen), &sent).await
}

async fn to_change(visit: &Visit, id: MessageId) -> WebResult<MessageSeen> {
    let seen = visit.app().message(&visit.actor, id, None).await?;
    if !seen.may_change {
        return Err(Error::Denied(Permission::ManageDispatches).into());
    }
    Ok(seen)
}

async fn keep(visit: &Visit, there: Option<MessageSeen>, sent: &Fields) -> WebResult<Response> {
    let draft = draft(sent);
    if sent.get("do") == "check" {
        let checked = visit.app().look_over(&visit.actor, &draft.texts)?;
        let errors = match visit.app().check_message(&visit.actor, &draft) {
            Ok(()) => Errors::default(),
            Err(error) => Errors::of_error(error)?,
        };
        return Ok(Page(edit(visit, there.as_ref(), sent, errors, checked).await?).into_response());
    }
    let id = there.as_ref().map(|seen| seen.message.id);
    match visit.app().save_message(&visit.actor, id, draft).await {
        Ok(message) => {
            let done = if id.is_none() { "message-added" } else { "message-changed" };
            Ok(Redirect::to(&with_done(&format!("/messages/{}", message.id), done)).into_response())
        }
        Err(error) => {
            let errors = Errors::of_error(error)?;
            Ok(invalid(edit(visit, there.as_ref(), sent, errors, Vec::new()).await?))
        }
    }
}

/// One message, in the version that the address names.
pub(crate) async fn show(visit: Visit, Path(id): Path<MessageId>) -> WebResult<Response> {
    let say = l10n::console();
    let asked = Fields::parse(visit.query()).get("version").parse().ok();
    let seen = visit.app().message(&visit.actor, id, asked).await?;
    let shown = seen.content.version;
    let version = |(made, by): &(commonweal_domain::VersionMade, Option<String>)| VersionRow {
        version: made.version,
        by: by.clone().unwrap_or_else(|| say.t("message-by-server")),
        at: format::date_time(made.made_at, visit.zone()),
        is_shown: made.version == shown,
    };
    let teams = teams(&visit).await?;
    let team = seen.message.team.and_then(|team| teams.get(&team).cloned());
    let page = MessagePage {
        frame: visit.frame(say.with("message-head", &[("name", seen.message.name.as_str().into())])).await?,
        id: id.to_string(),
        what: team.unwrap_or_else(|| say.t("message-no-team")),
        version: shown,
        is_old: shown != seen.message.version,
        looked: visit
            .app()
            .look_over(&visit.actor, &seen.content.texts)?
            .into_iter()
            .map(|of| looked(of, say))
            .collect(),
        texts: Language::ALL
            .iter()
            .filter_map(|language| {
                let code = language.code();
                Some((code, language_name(code, say), seen.content.texts.get(code)?.clone()))
            })
            .collect(),
        versions: seen.versions.iter().map(version).collect(),
        may_change: seen.may_change,
        title: seen.message.name,
        say,
    };
    Ok(Page(page).into_response())
}

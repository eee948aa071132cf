//! Messages as colleagues write them: kept in versions that are never changed, looked over before they are sent, and shown as
//! somebody would get them.

use std::collections::{BTreeMap, HashMap};

use commonweal_domain::dispatch::checked_name;
use commonweal_domain::{
    Actor, AuditAction, FieldErrors, Message, MessageId, MessageText, MessageVersion, Page, PageRequest, Permission,
    PersonId, TeamId, VersionMade, Wanted,
};
use commonweal_messages::{Encoding, Fault, Sms, SmsRules, Template, Values, sms};
use serde_json::json;

use super::letter::{Content, From};
use super::person::known_values;
use crate::app::authorise;
use crate::change::audited;
use crate::people::Seeing;
use crate::{App, Error, Result};

/// A message as somebody wants it to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageDraft {
    /// What it is called here.
    pub name: String,
    /// The team whose it is.
    pub team: Option<TeamId>,
    /// What it says, by language.
    pub texts: BTreeMap<String, MessageText>,
    /// The newest version that its writer saw.
    pub version: Option<u32>,
}

/// A message with what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageSeen {
    /// The message.
    pub message: Message,
    /// The version that was asked for.
    pub content: MessageVersion,
    /// All versions, the newest first, with the name of the colleague who wrote each; nothing where it was no colleague.
    pub versions: Vec<(VersionMade, Option<String>)>,
    /// Whether whoever asks may change it.
    pub may_change: bool,
}

/// What is to be said of a text before it is sent. It keeps nobody from sending.
#[derive(Clone, Debug, PartialEq)]
pub struct LookedOver {
    /// In which language.
    pub language: String,
    /// What would better be otherwise, with its line.
    pub advice: Vec<String>,
    /// Words.
    pub words: usize,
    /// Sentences.
    pub sentences: usize,
    /// Long sentences: line, words, how it begins.
    pub long: Vec<(usize, usize, String)>,
    /// Flesch reading ease, in English.
    pub ease: Option<f64>,
    /// The values that it uses.
    pub fields: Vec<String>,
    /// As a text message, with names where values would stand.
    pub sms: std::result::Result<SmsSeen, Vec<String>>,
}

/// A text message, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmsSeen {
    /// What is sent.
    pub text: String,
    /// Characters.
    pub characters: usize,
    /// Parts that are paid for.
    pub parts: usize,
    /// Whether it needs the larger alphabet, with fewer characters in each part.
    pub is_unicode: bool,
    /// The characters that need it.
    pub forcing: Vec<String>,
}

/// For whom a message is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PreviewOf {
    /// For somebody of whom this is known.
    Values(BTreeMap<String, String>),
    /// For a person whose page was opened.
    Person(PersonId),
}

/// A message as somebody gets it.
#[derive(Clone, PartialEq, Eq)]
pub struct Previewed {
    /// In which language.
    pub language: String,
    /// Its subject.
    pub subject: String,
    /// As a page.
    pub html: String,
    /// As plain text.
    pub text: String,
    /// As a text message, or why it can't be one.
    pub sms: std::result::Result<SmsSeen, Vec<String>>,
    /// What it uses and is not known: the name stands in the place of each.
    pub missing: Vec<String>,
    /// What is known, and nothing stands in it.
    pub blank: Vec<String>,
}

fn changing(team: Option<TeamId>) -> Wanted {
    team.map_or(Permission::ManageDispatches.into(), |team| Permission::ManageDispatches.on(team))
}

impl App {
    /// A page of messages, newest first.
    pub async fn messages(&self, actor: &Actor, page: &PageRequest) -> Result<Page<Message>> {
        authorise(actor, Permission::ReadDispatches)?;
        Ok(self.inner.store.messages(page).await?)
    }

    /// A message with one of its versions; the newest without.
    pub async fn message(&self, actor: &Actor, id: MessageId, version: Option<u32>) -> Result<MessageSeen> {
        authorise(actor, Permission::ReadDispatches)?;
        let store = &self.inner.store;
        let message = store.message(id).await?;
        let content = store.message_version_of(id, Some(version.unwrap_or(message.version))).await?;
        let users: HashMap<String, String> =
            store.users().await?.into_iter().map(|user| (format!("user:{}", user.id), user.name)).collect();
        let versions = store.message_versions(id).await?;
        let versions = versions.into_iter().map(|made| {
            let by = users.get(&made.made_by).cloned();
            (made, by)
        });
        let may_change = actor.may(changing(message.team));
        Ok(MessageSeen { versions: versions.collect(), may_change, message, content })
    }

    /// Writes a message, or another version of the one with this id. What was sent stays what it was.
    pub async fn save_message(&self, actor: &Actor, id: Option<MessageId>, draft: MessageDraft) -> Result<Message> {
        authorise(actor, changing(draft.team))?;
        let there = match id {
            Some(id) => Some(self.inner.store.message(id).await?),
            None => None,
        };
        if let Some(there) = &there {
            authorise(actor, changing(there.team))?;
        }
        let name = checked(&draft)?;
        if let Some(team) = draft.team {
            self.inner.store.team(team).await?;
        }
        match there {
            None => self.write_message(actor, name, draft).await,
            Some(there) => self.write_version(actor, there, name, draft).await,
        }
    }

    /// What would keep a message from being kept, without keeping it.
    pub fn check_message(&self, actor: &Actor, draft: &MessageDraft) -> Result<()> {
        authorise(actor, changing(draft.team))?;
        checked(draft).map(drop)
    }

    async fn write_message(&self, actor: &Actor, name: String, draft: MessageDraft) -> Result<Message> {
        let (message, first) = self.new_message(actor, name, draft.team, draft.texts);
        let (kept, first) = (&message, &first);
        self.change(actor, move |w| {
            Box::pin(async move {
                w.messages().create(kept, first).await?;
                Ok(((), audited(AuditAction::MessageAdded, kept.id)))
            })
        })
        .await?;
        Ok(message)
    }

    async fn write_version(&self, actor: &Actor, there: Message, name: String, draft: MessageDraft) -> Result<Message> {
        let seen = draft.version.unwrap_or(there.version);
        let newest = self.inner.store.message_version_of(there.id, Some(there.version)).await?;
        let next =
            (newest.texts != draft.texts).then(|| self.version(&there, seen + 1, draft.texts, actor.audit_name()));
        let version = next.as_ref().map_or(seen, |next| next.version);
        let message = Message { name, team: draft.team, version, ..there };
        let (kept, next) = (&message, next.as_ref());
        self.change(actor, move |w| {
            Box::pin(async move {
                if let Some(next) = next {
                    w.messages().add_version(next).await?;
                }
                w.messages().describe(kept.id, kept.version, &kept.name, kept.team).await?;
                Ok(((), audited(AuditAction::MessageChanged, kept.id).with(json!({"version": kept.version}))))
            })
        })
        .await?;
        Ok(message)
    }

    /// A message with its first version, to be kept.
    pub(super) fn new_message(
        &self,
        actor: &Actor,
        name: String,
        team: Option<TeamId>,
        texts: BTreeMap<String, MessageText>,
    ) -> (Message, MessageVersion) {
        let (id, by) = (self.inner.ids.new_id().into(), actor.audit_name());
        let message = Message { id, name, team, version: 1, made_by: by.clone(), made_at: self.now() };
        let first = self.version(&message, 1, texts, by);
        (message, first)
    }

    fn version(
        &self,
        of: &Message,
        version: u32,
        texts: BTreeMap<String, MessageText>,
        made_by: String,
    ) -> MessageVersion {
        MessageVersion {
            id: self.inner.ids.new_id().into(),
            message: of.id,
            version,
            texts,
            made_by,
            made_at: self.now(),
        }
    }

    /// What is to be said of texts, in each language that can be read. What is wrong with the others is said when they are kept.
    pub fn look_over(&self, actor: &Actor, texts: &BTreeMap<String, MessageText>) -> Result<Vec<LookedOver>> {
        authorise(actor, Permission::ReadDispatches)?;
        let read = texts
            .iter()
            .filter_map(|(language, text)| Some((language, Template::parse(&text.subject, &text.body).ok()?)));
        Ok(read.map(|(language, template)| look_over(language, &template)).collect())
    }

    /// A version of a message as somebody would get it, in a language; in that of a person where they have said so.
    pub async fn preview_message(
        &self,
        actor: &Actor,
        content: &MessageVersion,
        language: &str,
        of: PreviewOf,
    ) -> Result<Previewed> {
        authorise(actor, Permission::ReadDispatches)?;
        let (mut values, language) = match of {
            PreviewOf::Values(told) => (told_values(told)?, language.to_owned()),
            PreviewOf::Person(person) => {
                let seen = match self.person(actor, person).await? {
                    Seeing::Open(seen) => seen,
                    Seeing::Moved(_) => return Err(Error::NotFound("person")),
                    Seeing::Closed => {
                        let why = "Say why you need to see this person first: open the person’s page, then come back.";
                        return Err(FieldErrors::one("person", "reason_needed", why).into());
                    }
                };
                let said = self.standing_of(actor, &seen).await?.now.language.map(|said| said.value);
                let values = known_values(&seen.records)
                    .map_err(|problem| Error::Invalid(FieldErrors::one("person", "message", problem)))?;
                (values, said.unwrap_or_else(|| language.to_owned()))
            }
        };
        let written = Content::read(&content.texts)?;
        let (language, template) = written.template(&language);
        let missing: Vec<String> = template.missing(&values).into_iter().map(str::to_owned).collect();
        let blank = template.blank(&values).into_iter().map(str::to_owned).collect();
        fill(template, &mut values);
        let settings = self.settings();
        let from = From {
            body: &settings.name,
            colours: super::letter::colours(&settings.branding),
            why: None,
            unsubscribe: None,
        };
        let made = template.render(&values, &from.look(language)).map_err(|faults| whole(&faults))?;
        Ok(Previewed {
            sms: as_sms(template, language, &values),
            language: language.to_owned(),
            subject: made.subject,
            html: made.html,
            text: made.text,
            missing,
            blank,
        })
    }
}

/// The name as it is kept, or all that is wrong.
fn checked(draft: &MessageDraft) -> Result<String> {
    let mut errors = FieldErrors::default();
    let name = checked_name(&draft.name).unwrap_or_else(|found| {
        errors.0.extend(found.0);
        String::new()
    });
    match Content::read(&draft.texts) {
        Err(Error::Invalid(found)) => errors.0.extend(found.0),
        other => drop(other?),
    }
    Ok(errors.into_result(name)?)
}

fn whole(faults: &[Fault]) -> Error {
    let mut errors = FieldErrors::default();
    for fault in faults {
        errors.add("texts", "message", fault.to_string());
    }
    Error::Invalid(errors)
}

fn told_values(told: BTreeMap<String, String>) -> Result<Values> {
    let mut values = Values::new();
    for (name, value) in told {
        values.set(&name, value).map_err(|problem| FieldErrors::one("values", "message", problem.to_string()))?;
    }
    Ok(values)
}

/// Puts names in the places of what is not known, and shows optional text that hangs on it.
fn fill(template: &Template, values: &mut Values) {
    for field in template.fields() {
        if values.get(&field.key).is_none() {
            let stands = if field.is_shown { format!("(({}))", field.name) } else { "yes".to_owned() };
            // One more than there may be stays missing, and is told so when it is written.
            let _ = values.set(&field.name, stands);
        }
    }
}

fn look_over(language: &str, template: &Template) -> LookedOver {
    let mut values = Values::new();
    fill(template, &mut values);
    let ease = template.readability(language);
    LookedOver {
        language: language.to_owned(),
        advice: template.advice().iter().map(ToString::to_string).collect(),
        words: ease.words,
        sentences: ease.sentences,
        long: ease.long.iter().map(|long| (long.place.line, long.words, long.begins.clone())).collect(),
        ease: ease.english.map(|english| english.ease),
        fields: template.fields().iter().map(|field| field.name.clone()).collect(),
        sms: as_sms(template, language, &values),
    }
}

fn as_sms(template: &Template, language: &str, values: &Values) -> std::result::Result<SmsSeen, Vec<String>> {
    let rules = SmsRules { language: language.to_owned(), ..SmsRules::default() };
    match sms(template, values, &rules) {
        Ok(sms) => Ok(counted(&sms)),
        Err(faults) => Err(faults.iter().map(ToString::to_string).collect()),
    }
}

fn counted(sms: &Sms) -> SmsSeen {
    SmsSeen {
        text: sms.text.clone(),
        characters: sms.text.chars().count(),
        parts: sms.parts.len(),
        is_unicode: sms.encoding == Encoding::Ucs2,
        forcing: sms.forcing.iter().map(|forcing| forcing.character.to_string()).collect(),
    }
}

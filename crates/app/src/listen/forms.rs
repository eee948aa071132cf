//! Public forms as the body manages them, and the people who asked to hear back.

use std::collections::HashMap;

use chrono::TimeDelta;
use commonweal_domain::form::ReplyRequest;
use commonweal_domain::question::{ListQuery, Order};
use commonweal_domain::records::Service;
use commonweal_domain::{
    Actor, AuditAction, Clause, Dimension, Event, FeedbackId, FieldErrors, Filter, Form, FormDesign, FormId, Instant,
    Page, PageRequest, Permission, sentence,
};
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::understand::explore::Question;
use crate::{App, Error, Result};

/// A form with what became of it.
#[derive(Clone, Debug)]
pub struct FormSummary {
    /// The form.
    pub form: Form,
    /// How many answers there are.
    pub answers: u64,
    /// When the last one came.
    pub last: Option<Instant>,
    /// How many people wait to hear back.
    pub waiting: u64,
}

/// Tokens of before are usually good for so many hours more.
pub const TOKEN_OVERLAP_HOURS: u32 = 1;
/// And for so many at most: none is good for longer in any case, unless the operator says so.
const MAX_OVERLAP_HOURS: u32 = 24;

/// Letters and digits of public keys: none that look alike, and no vowels, so that no words arise.
const LETTERS: &[u8; 28] = b"23456789bcdfghjkmnpqrstvwxyz";
/// 28^10 keys are too many to try.
const KEY_LETTERS: usize = 10;

impl App {
    /// All forms with their counts, newest first.
    pub async fn forms(&self, actor: &Actor) -> Result<Vec<FormSummary>> {
        authorise(actor, Permission::ManageForms)?;
        let forms = self.inner.store.forms().await?;
        let waiting: HashMap<FormId, u64> = self.inner.store.waiting_replies().await?.into_iter().collect();
        let mut all = Vec::with_capacity(forms.len());
        for form in forms {
            let filter = answers_of(&form);
            let counted = self.answer(actor, &Question { filter: filter.clone(), ..Question::default() }).await?;
            let newest = ListQuery { filter, order: Order::Newest, page: PageRequest::first(1) };
            let last = self.list(actor, &newest).await?.items.first().map(|doc| doc.at);
            let waiting = waiting.get(&form.id).copied().unwrap_or(0);
            all.push(FormSummary { form, answers: counted.total.count.unwrap_or(0), last, waiting });
        }
        Ok(all)
    }

    /// Sources of answers with the titles of their forms, for whoever reads figures.
    pub async fn form_names(&self, actor: &Actor) -> Result<Vec<(String, String)>> {
        authorise(actor, Permission::ReadFigures)?;
        let forms = self.inner.store.forms().await?;
        Ok(forms.into_iter().map(|f| (f.source(), f.design.title)).collect())
    }

    /// One form, to look at or to change.
    pub async fn form(&self, actor: &Actor, id: FormId) -> Result<Form> {
        authorise(actor, Permission::ManageForms)?;
        Ok(self.inner.store.form(id).await?)
    }

    /// The form by which requests for a reply came, for whoever reads these.
    pub async fn form_of_replies(&self, actor: &Actor, id: FormId) -> Result<Form> {
        authorise(actor, Permission::ReadOriginals)?;
        Ok(self.inner.store.form(id).await?)
    }

    /// Makes a form; it takes answers at once.
    pub async fn add_form(&self, actor: &Actor, design: FormDesign) -> Result<Form> {
        authorise(actor, Permission::ManageForms)?;
        let design = self.checked_design(design).await?;
        let form = Form {
            id: self.inner.ids.new_id().into(),
            key: new_key()?,
            version: 1,
            open: true,
            created_at: self.now(),
            token_turn: 0,
            token_old_until: None,
            design,
        };
        let (new, now) = (&form, self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.forms().create(new).await?;
                w.events().emit(now, &[Event::FormAdded { form: new.id }]).await?;
                Ok(((), audited(AuditAction::FormAdded, new.id).with(json!({"key": new.key}))))
            })
        })
        .await?;
        Ok(form)
    }

    /// Changes a form that was read at version `based_on`; the new version. A conflict when somebody
    /// has changed it since.
    pub async fn change_form(&self, actor: &Actor, id: FormId, based_on: i64, design: FormDesign) -> Result<i64> {
        authorise(actor, Permission::ManageForms)?;
        let design = self.checked_design(design).await?;
        let (design, now) = (&design, self.now());
        let open = self.inner.store.form(id).await?.open;
        self.change(actor, move |w| {
            Box::pin(async move {
                let version = w.forms().change(id, based_on, design).await?;
                w.events().emit(now, &[Event::FormChanged { form: id, open }]).await?;
                Ok((version, audited(AuditAction::FormChanged, id).with(json!({"version": version}))))
            })
        })
        .await
    }

    /// Opens a form or closes it. What was answered stays.
    pub async fn open_form(&self, actor: &Actor, id: FormId, open: bool) -> Result<()> {
        authorise(actor, Permission::ManageForms)?;
        let action = if open { AuditAction::FormOpened } else { AuditAction::FormClosed };
        let now = self.now();
        self.change(actor, move |w| {
            Box::pin(async move {
                w.forms().set_open(id, open).await?;
                w.events().emit(now, &[Event::FormChanged { form: id, open }]).await?;
                Ok(((), audited(action, id)))
            })
        })
        .await
    }

    /// Replaces the token that a form carries when it is shown. Those of before are good for some hours more; after
    /// that an answer with one has to be sent once more, and is not lost.
    pub async fn roll_form_token(&self, actor: &Actor, id: FormId, overlap_hours: u32) -> Result<()> {
        authorise(actor, Permission::ManageForms)?;
        if overlap_hours > MAX_OVERLAP_HOURS {
            let sentence = sentence!(
                "Tokens of before can be good for 0 to {most} hours more. {usual} is usual.",
                most = MAX_OVERLAP_HOURS,
                usual = TOKEN_OVERLAP_HOURS,
            );
            return Err(FieldErrors::one("overlap_hours", "out_of_range", sentence).into());
        }
        let old_until = self.now() + TimeDelta::hours(overlap_hours.into());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.forms().roll_token(id, old_until).await?;
                let line = audited(AuditAction::FormTokenRolled, id);
                Ok(((), line.with(json!({"overlap_hours": overlap_hours}))))
            })
        })
        .await
    }

    /// Forms by which people asked to hear back who still wait, with how many of them, the most first.
    pub async fn waiting_replies(&self, actor: &Actor) -> Result<Vec<(Form, u64)>> {
        authorise(actor, Permission::ReadOriginals)?;
        let waiting: HashMap<FormId, u64> = self.inner.store.waiting_replies().await?.into_iter().collect();
        let mut all: Vec<(Form, u64)> = match waiting.is_empty() {
            true => Vec::new(),
            false => self
                .inner
                .store
                .forms()
                .await?
                .into_iter()
                .filter_map(|f| Some((waiting.get(&f.id)?, f)))
                .map(|(n, f)| (f, *n))
                .collect(),
        };
        all.sort_by_key(|(_, people)| std::cmp::Reverse(*people));
        Ok(all)
    }

    /// How many people wait to hear back.
    pub async fn waiting_replies_count(&self, actor: &Actor) -> Result<u64> {
        authorise(actor, Permission::ReadOriginals)?;
        Ok(self.inner.store.waiting_replies().await?.iter().map(|(_, people)| people).sum())
    }

    /// A page of those who asked by this form to hear back, newest first. Personal data: each look is written to
    /// the audit trail.
    pub async fn reply_requests(&self, actor: &Actor, form: FormId, page: &PageRequest) -> Result<Page<ReplyRequest>> {
        authorise(actor, Permission::ReadOriginals)?;
        let found = self.inner.store.reply_requests(form, page).await?;
        let details = json!({"wishes": found.items.len()});
        self.note(actor, audited(AuditAction::ReplyRequestsRead, form).with(details)).await?;
        Ok(found)
    }

    /// Marks a wish to hear back as answered, or as waiting again.
    pub async fn mark_reply(&self, actor: &Actor, feedback: FeedbackId, done: bool) -> Result<()> {
        authorise(actor, Permission::ReadOriginals)?;
        let done_at = done.then(|| self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.forms().mark_reply(feedback, done_at).await?;
                Ok(((), audited(AuditAction::ReplyMarked, feedback).with(json!({"done": done}))))
            })
        })
        .await
    }

    /// Removes a wish to hear back with its address. The feedback stays.
    pub async fn remove_reply(&self, actor: &Actor, feedback: FeedbackId) -> Result<()> {
        authorise(actor, Permission::ReadOriginals)?;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.forms().remove_reply(feedback).await?;
                Ok(((), audited(AuditAction::ReplyRemoved, feedback)))
            })
        })
        .await
    }

    async fn checked_design(&self, design: FormDesign) -> Result<FormDesign> {
        let design = design.checked()?;
        // Another server may have added the service.
        self.inner.journeys.reload(&self.inner.store).await?;
        let services = self.inner.journeys.all();
        let mut errors = FieldErrors::default();
        match services.iter().find(|s| Some(s.id) == design.service) {
            None => errors.add("service", "unknown", "There is no such service any more. Choose another one."),
            Some(service) => {
                if design.touchpoint.is_some_and(|id| service.touchpoints.iter().all(|t| t.id != id)) {
                    errors.add(
                        "touchpoint",
                        "unknown",
                        sentence!(
                            "“{service}” has no such touchpoint. Choose one of its own.",
                            service = &service.name
                        ),
                    );
                }
            }
        }
        Ok(errors.into_result(design)?)
    }

    /// The service that a form asks about, for its page.
    pub fn service_of_form(&self, form: &Form) -> Option<Service> {
        self.inner.journeys.all().into_iter().find(|s| Some(s.id) == form.design.service)
    }
}

/// The answers of a form, as a filter.
pub fn answers_of(form: &Form) -> Filter {
    let mut filter = Filter::default();
    filter.clauses.insert(Dimension::Source, Clause { is: vec![form.source()], is_not: Vec::new() });
    filter
}

fn new_key() -> Result<String> {
    let mut key = String::with_capacity(KEY_LETTERS);
    while key.len() < KEY_LETTERS {
        // Bytes beyond the last whole multiple of the letters would make some letters likelier.
        let random = crate::system::random::<16>()?;
        let fair = random.iter().filter(|b| usize::from(**b) < 256 / LETTERS.len() * LETTERS.len());
        key.extend(fair.map(|b| char::from(LETTERS[usize::from(*b) % LETTERS.len()])).take(KEY_LETTERS - key.len()));
    }
    Ok(key)
}

/// What a form that takes no answers says to programs.
pub(crate) fn closed() -> Error {
    Error::Conflict { code: "form_closed", message: "This form is closed and takes no more answers.".into() }
}

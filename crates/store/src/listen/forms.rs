//! Public forms, the wishes of people to hear back, and the secret that signs forms.

use commonweal_domain::form::{FormLanguage, ReplyRequest};
use commonweal_domain::{Cursor, FeedbackId, Form, FormDesign, FormId, Instant, Page, PageRequest};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::connect::{Store, corrupt};
use crate::dialect::Rows;
use crate::dialect::tables::REPLY_REQUESTS;
use crate::entity::{form, instant, maybe_instant, micros, named, reply_request};
use crate::error::{Result, StoreError};
use crate::page::Sorted;
use crate::work::Forms;

impl Store {
    /// All forms, newest first.
    pub async fn forms(&self) -> Result<Vec<Form>> {
        let rows = form::Entity::find()
            .order_by_desc(form::Column::CreatedAt)
            .order_by_desc(form::Column::Id)
            .all(self.read())
            .await?;
        rows.into_iter().map(from_row).collect()
    }

    /// One form.
    pub async fn form(&self, id: FormId) -> Result<Form> {
        from_row(form::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(StoreError::NotFound("form"))?)
    }

    /// The form with this public key.
    pub async fn form_by_key(&self, key: &str) -> Result<Option<Form>> {
        form::Entity::find().filter(form::Column::Key.eq(key)).one(self.read()).await?.map(from_row).transpose()
    }

    /// A page of the wishes to hear back that came by a form, newest first.
    pub async fn reply_requests(&self, form: FormId, page: &PageRequest) -> Result<Page<ReplyRequest>> {
        let of_form = reply_request::Entity::find().filter(reply_request::Column::FormId.eq(form.0));
        let sorted = Sorted::Time(reply_request::Column::At, reply_request::Column::FeedbackId);
        self.page(of_form, sorted, page, |r: &ReplyRequest| Cursor::at(r.at, r.feedback), request_from_row).await
    }

    /// How many wishes to hear back wait for an answer, per form.
    pub async fn waiting_replies(&self) -> Result<Vec<(FormId, u64)>> {
        let rows: Vec<(uuid::Uuid, i64)> = reply_request::Entity::find()
            .select_only()
            .column(reply_request::Column::FormId)
            .column_as(reply_request::Column::FeedbackId.count(), "n")
            .filter(reply_request::Column::DoneAt.is_null())
            .group_by(reply_request::Column::FormId)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|(form, n)| (form.into(), crate::entity::count(n))).collect())
    }
}

impl Forms<'_> {
    /// Adds a form. `Conflict` when its key is taken.
    pub async fn create(&self, made: &Form) -> Result<()> {
        let row = form::ActiveModel {
            id: Set(made.id.0),
            key: Set(made.key.clone()),
            version: Set(made.version),
            open: Set(made.open),
            design: Set(to_json(&made.design)?),
            created_at: Set(micros(made.created_at)),
            token_turn: Set(made.token_turn),
            token_old_until: Set(made.token_old_until.map(micros)),
        };
        form::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Changes the design that was read at version `based_on`; the new version. `Conflict` when
    /// somebody has changed it since.
    pub async fn change(&self, id: FormId, based_on: i64, design: &FormDesign) -> Result<i64> {
        let design = to_json(design)?;
        let tx = self.tx();
        let changed = form::Entity::update_many()
            .col_expr(form::Column::Version, Expr::value(based_on + 1))
            .col_expr(form::Column::Design, Expr::value(design.clone()))
            .filter(form::Column::Id.eq(id.0))
            .filter(form::Column::Version.eq(based_on))
            .exec(tx)
            .await?;
        if changed.rows_affected == 1 {
            return Ok(based_on + 1);
        }
        match form::Entity::find_by_id(id.0).one(tx).await? {
            Some(_) => Err(StoreError::Conflict { what: "form" }),
            None => Err(StoreError::NotFound("form")),
        }
    }

    /// Opens a form or closes it.
    pub async fn set_open(&self, id: FormId, open: bool) -> Result<()> {
        let done = form::Entity::update_many()
            .col_expr(form::Column::Open, Expr::value(open))
            .filter(form::Column::Id.eq(id.0))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 0 { Err(StoreError::NotFound("form")) } else { Ok(()) }
    }

    /// Marks a wish as answered at an instant, or as waiting again. Tells of which form it is.
    pub async fn mark_reply(&self, feedback: FeedbackId, done_at: Option<Instant>) -> Result<FormId> {
        let tx = self.tx();
        let row = reply_request::Entity::find_by_id(feedback.0).one(tx).await?;
        let row = row.ok_or(StoreError::NotFound("wish to hear back"))?;
        reply_request::Entity::update_many()
            .col_expr(reply_request::Column::DoneAt, Expr::value(done_at.map(micros)))
            .filter(reply_request::Column::FeedbackId.eq(feedback.0))
            .exec(tx)
            .await?;
        Ok(row.form_id.into())
    }

    /// Removes a wish with its address; the feedback stays.
    pub async fn remove_reply(&self, feedback: FeedbackId) -> Result<()> {
        let gone = reply_request::Entity::delete_by_id(feedback.0).exec(self.tx()).await?;
        if gone.rows_affected == 0 { Err(StoreError::NotFound("wish to hear back")) } else { Ok(()) }
    }
}

/// Rows of wishes to hear back.
pub(super) fn reply_rows<'a>(requests: impl Iterator<Item = &'a ReplyRequest>) -> Rows<'a> {
    let mut rows = Rows::of(&REPLY_REQUESTS);
    for r in requests {
        rows.push([
            r.feedback.0.into(),
            r.form.0.into(),
            (&r.address).into(),
            (&r.words).into(),
            r.language.key().into(),
            micros(r.at).into(),
            r.done_at.map(micros).into(),
        ]);
    }
    rows
}

fn to_json(design: &FormDesign) -> Result<serde_json::Value> {
    serde_json::to_value(design).map_err(|e| StoreError::Invalid(e.to_string()))
}

fn from_row(row: form::Model) -> Result<Form> {
    Ok(Form {
        id: row.id.into(),
        key: row.key,
        version: row.version,
        open: row.open,
        created_at: instant(row.created_at)?,
        token_turn: row.token_turn,
        token_old_until: maybe_instant(row.token_old_until)?,
        design: serde_json::from_value(row.design).map_err(|e| corrupt(format!("a form's design: {e}")))?,
    })
}

fn request_from_row(row: reply_request::Model) -> Result<ReplyRequest> {
    Ok(ReplyRequest {
        feedback: row.feedback_id.into(),
        form: row.form_id.into(),
        address: row.address,
        words: row.words,
        language: named(&row.language, FormLanguage::from_key)?,
        at: instant(row.at)?,
        done_at: maybe_instant(row.done_at)?,
    })
}

//! Reading feedback as documents.

use std::collections::HashMap;

use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::reading::Reader;
use commonweal_domain::{
    Capacity, Channel, CommentId, ContactId, Direction, FeedbackDoc, FeedbackId, Function, ImportId, Rating, Reading,
    Sentiment,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryResult, QuerySelect,
};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::dialect::{self, Span};
use crate::entity::{comment, feedback, instant, named, number, original};
use crate::error::{Result, StoreError};

/// One feedback with what only its own page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedbackDetail {
    /// The feedback.
    pub doc: FeedbackDoc,
    /// Its contact.
    pub contact: ContactId,
    /// Its comments' identities, in the order of `doc.comments`.
    pub comments: Vec<CommentIdentity>,
}

/// What stands behind one comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommentIdentity {
    /// Its id.
    pub id: CommentId,
    /// Whether it was redacted, so that there is an original.
    pub has_original: bool,
    /// Whether a person stated its sentiment.
    pub sentiment_corrected: bool,
    /// Whether a person stated its themes.
    pub themes_corrected: bool,
}

/// A document with the ids that are not part of it.
struct Read {
    doc: FeedbackDoc,
    contact: Uuid,
    comments: Vec<CommentIdentity>,
}

impl Store {
    /// These feedback, in the order asked; those that are not there are left out. Readings are the
    /// effective ones: a person's over the machine's. `Reading::redacted` is left empty: it is the
    /// comment's text.
    pub async fn docs(&self, ids: &[FeedbackId]) -> Result<Vec<FeedbackDoc>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let asked: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let mut unique = asked.clone();
        unique.sort_unstable();
        unique.dedup();
        let found = read(self.read(), Span::Ids(&unique)).await?;
        let mut found: HashMap<Uuid, FeedbackDoc> = found.into_iter().map(|r| (r.doc.id.0, r.doc)).collect();
        if unique.len() == asked.len() {
            Ok(asked.iter().filter_map(|id| found.remove(id)).collect())
        } else {
            Ok(asked.iter().filter_map(|id| found.get(id).cloned()).collect())
        }
    }

    /// At most `limit` feedback after an id, in the order of ids.
    pub async fn docs_after(&self, after: Option<FeedbackId>, limit: u64) -> Result<Vec<FeedbackDoc>> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let found = read(self.read(), Span::After(after, number(limit))).await?;
        Ok(found.into_iter().map(|r| r.doc).collect())
    }

    /// One feedback with the identities of its comments.
    pub async fn feedback_detail(&self, id: FeedbackId) -> Result<FeedbackDetail> {
        let found = read(self.read(), Span::Ids(&[id.0])).await?;
        let Read { doc, contact, mut comments } = found.into_iter().next().ok_or(StoreError::NotFound("feedback"))?;
        let with_original: Vec<Uuid> = original::Entity::find()
            .select_only()
            .column(original::Column::CommentId)
            .filter(original::Column::CommentId.is_in(comments.iter().map(|c| c.id.0)))
            .into_tuple()
            .all(self.read())
            .await?;
        for comment in &mut comments {
            comment.has_original = with_original.contains(&comment.id.0);
        }
        Ok(FeedbackDetail { doc, contact: contact.into(), comments })
    }

    /// These feedback with the identities of their comments, in the order asked; those that are not
    /// there are left out. Whether there are originals is not looked up.
    pub async fn details(&self, ids: &[FeedbackId]) -> Result<Vec<FeedbackDetail>> {
        let mut all = Vec::with_capacity(ids.len());
        for some in ids.chunks(500) {
            let asked: Vec<Uuid> = some.iter().map(|id| id.0).collect();
            let found = read(self.read(), Span::Ids(&asked)).await?;
            let mut found: HashMap<Uuid, Read> = found.into_iter().map(|r| (r.doc.id.0, r)).collect();
            all.extend(asked.iter().filter_map(|id| found.remove(id)).map(|r| FeedbackDetail {
                doc: r.doc,
                contact: r.contact.into(),
                comments: r.comments,
            }));
        }
        Ok(all)
    }

    /// How many feedback there are.
    pub async fn feedback_count(&self) -> Result<u64> {
        Ok(feedback::Entity::find().count(self.read()).await?)
    }

    /// The feedback that a comment belongs to.
    pub async fn feedback_of(&self, comment: CommentId) -> Result<FeedbackId> {
        let found = comment::Entity::find().filter(comment::Column::Id.eq(comment.0)).one(self.read()).await?;
        Ok(found.ok_or(StoreError::NotFound("comment"))?.feedback_id.into())
    }

    /// A comment's words before redaction; absent when nothing was redacted. `NotFound` when there
    /// is no such comment.
    pub async fn original(&self, comment: CommentId) -> Result<Option<String>> {
        if let Some(row) = original::Entity::find_by_id(comment.0).one(self.read()).await? {
            return Ok(Some(row.text));
        }
        self.feedback_of(comment).await.map(|_| None)
    }
}

/// Reads feedback in the order in which the database gives it: that of ids for [`Span::After`].
async fn read(db: &impl ConnectionTrait, span: Span<'_>) -> Result<Vec<Read>> {
    let backend = db.get_database_backend();
    let rows = db.query_all_raw(dialect::feedback(backend, span)).await?;
    let mut all = rows.iter().map(feedback_row).collect::<Result<Vec<Read>>>()?;
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return Ok(all) };
    let span = match span {
        Span::After(..) => Span::Between(first.doc.id.0, last.doc.id.0),
        other => other,
    };
    let place: HashMap<Uuid, usize> = all.iter().enumerate().map(|(n, r)| (r.doc.id.0, n)).collect();

    let mut ratings = Vec::new();
    for row in db.query_all_raw(dialect::ratings(backend, span)).await? {
        // What came between the statements has no place: it is read when the feed tells of it.
        if let Some(place) = place.get(&row.try_get_by_index::<Uuid>(0)?) {
            ratings.push((*place, row.try_get_by_index::<i64>(1)?, rating_row(&row)?));
        }
    }
    ratings.sort_by_key(|(place, position, _)| (*place, *position));
    for (place, _, rating) in ratings {
        all[place].doc.ratings.push(rating);
    }

    let mut comments = Vec::new();
    for row in db.query_all_raw(dialect::comments(backend, span)).await? {
        if let Some(place) = place.get(&row.try_get_by_index::<Uuid>(0)?) {
            comments.push((*place, row.try_get_by_index::<i64>(1)?, CommentRow::from(&row)?));
        }
    }
    // The machine's row before the person's, which overlays it.
    comments.sort_by_key(|(place, position, row)| (*place, *position, row.reader));
    if comments.is_empty() {
        return Ok(all);
    }
    let themes = themes(db, span).await?;
    for (place, _, row) in comments {
        row.lay_over(&mut all[place], &themes);
    }
    Ok(all)
}

/// Keys of themes by comment and reader.
type Themes = HashMap<(Uuid, Reader), Vec<String>>;

async fn themes(db: &impl ConnectionTrait, span: Span<'_>) -> Result<Themes> {
    let mut assigned = Vec::new();
    for row in db.query_all_raw(dialect::themes(db.get_database_backend(), span)).await? {
        let reader = named(&row.try_get_by_index::<String>(1)?, Reader::from_key)?;
        assigned.push((
            row.try_get_by_index::<i64>(2)?,
            (row.try_get_by_index::<Uuid>(0)?, reader),
            row.try_get_by_index(3)?,
        ));
    }
    assigned.sort_by_key(|(position, _, _)| *position);
    let mut themes = Themes::new();
    for (_, by, key) in assigned {
        themes.entry(by).or_default().push(key);
    }
    Ok(themes)
}

fn feedback_row(row: &QueryResult) -> Result<Read> {
    let text = |n: usize| row.try_get_by_index::<String>(n);
    let maybe = |n: usize| row.try_get_by_index::<Option<String>>(n);
    let attributes = match maybe(15)? {
        None => Default::default(),
        Some(json) => serde_json::from_str(&json).map_err(|e| corrupt(format!("attributes: {e}")))?,
    };
    let import: Option<ImportId> = row.try_get_by_index::<Option<Uuid>>(14)?.map(Into::into);
    let doc = FeedbackDoc {
        id: row.try_get_by_index::<Uuid>(0)?.into(),
        at: instant(row.try_get_by_index(1)?)?,
        received_at: instant(row.try_get_by_index(2)?)?,
        service: maybe(3)?,
        touchpoint: maybe(4)?,
        channel: named(&text(5)?, Channel::from_key)?,
        direction: named(&text(6)?, Direction::from_key)?,
        function: named(&text(7)?, Function::from_key)?,
        capacity: named(&text(8)?, Capacity::from_key)?,
        language: maybe(9)?,
        device: maybe(10)?,
        page: maybe(11)?,
        area: maybe(12)?,
        source: maybe(13)?.or_else(|| import.map(|i| i.to_string())).unwrap_or_default(),
        import,
        ratings: Vec::new(),
        comments: Vec::new(),
        attributes,
    };
    Ok(Read { doc, contact: row.try_get_by_index(16)?, comments: Vec::new() })
}

fn rating_row(row: &QueryResult) -> std::result::Result<Rating, DbErr> {
    Ok(Rating {
        name: row.try_get_by_index(2)?,
        value: row.try_get_by_index(3)?,
        worst: row.try_get_by_index(4)?,
        best: row.try_get_by_index(5)?,
    })
}

/// A comment with one of its readings.
struct CommentRow {
    id: Uuid,
    question: Option<String>,
    text: String,
    reader: Option<Reader>,
    reading: Reading,
    themes_stated: bool,
}

impl CommentRow {
    fn from(row: &QueryResult) -> Result<Self> {
        let maybe = |n: usize| row.try_get_by_index::<Option<String>>(n);
        let reader = maybe(5)?.map(|key| named(&key, Reader::from_key)).transpose()?;
        let sentiment = maybe(7)?.map(|key| named(&key, Sentiment::from_key)).transpose()?;
        Ok(Self {
            id: row.try_get_by_index(2)?,
            question: maybe(3)?,
            text: row.try_get_by_index(4)?,
            reader,
            reading: Reading {
                language: maybe(6)?,
                sentiment,
                sentiment_score: row.try_get_by_index(8)?,
                confidence: row.try_get_by_index(9)?,
                emotion: maybe(10)?,
                alerts: json_list(maybe(11)?)?,
                spans: json_list(maybe(12)?)?,
                engine: maybe(13)?.unwrap_or_default(),
                ..Reading::default()
            },
            themes_stated: row.try_get_by_index::<Option<bool>>(14)?.unwrap_or(false),
        })
    }

    /// Adds the comment, or, for a person's row, lays what the person said over what is there.
    fn lay_over(mut self, read: &mut Read, themes: &Themes) {
        let of = |reader| themes.get(&(self.id, reader)).cloned().unwrap_or_default();
        let known = read.comments.last().is_some_and(|c| c.id.0 == self.id);
        if !known {
            if self.reader == Some(Reader::Machine) {
                self.reading.themes = of(Reader::Machine);
            }
            read.comments.push(CommentIdentity {
                id: self.id.into(),
                has_original: false,
                sentiment_corrected: false,
                themes_corrected: false,
            });
            let reading = if self.reader == Some(Reader::Person) { Reading::default() } else { self.reading.clone() };
            let text = std::mem::take(&mut self.text);
            read.doc.comments.push(CommentDoc { question: self.question.take(), text, reading });
        }
        let (Some(Reader::Person), Some(identity), Some(comment)) =
            (self.reader, read.comments.last_mut(), read.doc.comments.last_mut())
        else {
            return;
        };
        if let Some(sentiment) = self.reading.sentiment {
            identity.sentiment_corrected = true;
            comment.reading.sentiment = Some(sentiment);
            comment.reading.sentiment_score = self.reading.sentiment_score;
            // How sure the engine was of something else says nothing.
            comment.reading.confidence = None;
        }
        if self.themes_stated {
            identity.themes_corrected = true;
            comment.reading.themes = themes.get(&(self.id, Reader::Person)).cloned().unwrap_or_default();
        }
    }
}

fn json_list<T: serde::de::DeserializeOwned>(json: Option<String>) -> Result<Vec<T>> {
    match json {
        None => Ok(Vec::new()),
        Some(json) => serde_json::from_str(&json).map_err(|e| corrupt(format!("a reading: {e}"))),
    }
}

//! New records and contacts as rows, table by table.

use std::collections::HashMap;

use commonweal_domain::Reading;
use commonweal_domain::reading::Reader;
use uuid::Uuid;

use super::contacts::NewContactRecord;
use super::intake::NewRecord;
use crate::dialect::tables::{COMMENTS, CONTACTS, FEEDBACK, ORIGINALS, RATINGS, READINGS, THEME_ASSIGNMENTS};
use crate::dialect::{Rows, Tx, Val};
use crate::entity::{micros, number};
use crate::error::{Result, StoreError};

/// The rows of new records, table by table.
pub(super) struct RecordRows<'a> {
    contacts: Rows<'a>,
    feedback: Rows<'a>,
    ratings: Rows<'a>,
    comments: Rows<'a>,
    originals: Rows<'a>,
    readings: Rows<'a>,
    assignments: Rows<'a>,
}

impl<'a> RecordRows<'a> {
    pub(super) async fn of(records: &[&'a NewRecord], contacts: &[&'a NewContactRecord], tx: &mut Tx) -> Result<Self> {
        let has_themes = records.iter().any(|r| r.doc.comments.iter().any(|c| !c.reading.themes.is_empty()));
        let themes = if has_themes { tx.themes().await? } else { HashMap::new() };
        let mut rows = Self {
            contacts: Rows::of(&CONTACTS),
            feedback: Rows::of(&FEEDBACK),
            ratings: Rows::of(&RATINGS),
            comments: Rows::of(&COMMENTS),
            originals: Rows::of(&ORIGINALS),
            readings: Rows::of(&READINGS),
            assignments: Rows::of(&THEME_ASSIGNMENTS),
        };
        for record in records {
            rows.add(record, &themes)?;
        }
        for contact in contacts {
            rows.contacts.push([
                contact.id.0.into(),
                micros(contact.at).into(),
                contact.channel.key().into(),
                contact.direction.key().into(),
                contact.function.key().into(),
                contact.capacity.key().into(),
                contact.service.map(|s| s.0).into(),
                contact.touchpoint.map(|t| t.0).into(),
                contact.known_by.map(|r| r.0).into(),
                (&contact.source).into(),
                contact.dedupe.as_ref().into(),
            ]);
        }
        Ok(rows)
    }

    fn add(&mut self, record: &'a NewRecord, themes: &HashMap<String, Uuid>) -> Result<()> {
        let doc = &record.doc;
        if record.comment_ids.len() != doc.comments.len() || record.originals.len() != doc.comments.len() {
            return Err(StoreError::Invalid("A record has as many comment ids and originals as comments.".to_owned()));
        }
        self.contacts.push([
            record.contact.0.into(),
            micros(doc.at).into(),
            doc.channel.key().into(),
            doc.direction.key().into(),
            doc.function.key().into(),
            doc.capacity.key().into(),
            record.service.map(|s| s.0).into(),
            record.touchpoint.map(|t| t.0).into(),
            record.known_by.map(|r| r.0).into(),
            Val::Null,
            Val::Null,
        ]);
        self.feedback.push([
            doc.id.0.into(),
            record.contact.0.into(),
            micros(doc.received_at).into(),
            doc.language.as_ref().into(),
            record.language_stated.into(),
            doc.device.as_ref().into(),
            doc.page.as_ref().into(),
            doc.area.as_ref().into(),
            json_unless(doc.attributes.is_empty(), &doc.attributes)?,
            doc.import.is_none_or(|i| i.to_string() != doc.source).then_some(&doc.source).into(),
            doc.import.map(|i| i.0).into(),
            record.dedupe.as_ref().into(),
        ]);
        for (position, rating) in (0_i64..).zip(&doc.ratings) {
            self.ratings.push([
                doc.id.0.into(),
                position.into(),
                (&rating.name).into(),
                rating.value.into(),
                rating.worst.into(),
                rating.best.into(),
            ]);
        }
        for (n, comment) in doc.comments.iter().enumerate() {
            let id = record.comment_ids[n].0;
            self.comments.push([
                doc.id.0.into(),
                number(n as u64).into(),
                id.into(),
                comment.question.as_ref().into(),
                (&comment.text).into(),
            ]);
            if let Some(original) = &record.originals[n] {
                self.originals.push([id.into(), original.into()]);
            }
            reading_rows(id, &comment.reading, themes, &mut self.readings, &mut self.assignments)?;
        }
        Ok(())
    }

    pub(super) async fn insert(self, tx: &mut Tx) -> Result<()> {
        // Referenced rows before those that reference them.
        for rows in
            [self.contacts, self.feedback, self.ratings, self.comments, self.originals, self.readings, self.assignments]
        {
            if rows.len() > 0 {
                tx.insert(rows).await?;
            }
        }
        Ok(())
    }
}

/// The machine's reading of a comment as rows.
pub(crate) fn reading_rows<'a>(
    comment: Uuid,
    reading: &'a Reading,
    themes: &HashMap<String, Uuid>,
    readings: &mut Rows<'a>,
    assignments: &mut Rows<'a>,
) -> Result<()> {
    readings.push([
        comment.into(),
        Reader::Machine.key().into(),
        reading.language.as_ref().into(),
        reading.sentiment.map(|s| s.key()).into(),
        reading.sentiment_score.into(),
        reading.confidence.into(),
        reading.emotion.as_ref().into(),
        json_unless(reading.alerts.is_empty(), &reading.alerts)?,
        json_unless(reading.spans.is_empty(), &reading.spans)?,
        (&reading.engine).into(),
        true.into(),
        Val::Null,
        Val::Null,
    ]);
    let mut assigned = Vec::new();
    for key in &reading.themes {
        let theme = *themes.get(key).ok_or_else(|| {
            StoreError::Invalid(format!(
                "There is no theme `{key}` in any codeframe. Add it before feedback is read with it."
            ))
        })?;
        if !assigned.contains(&theme) {
            assignments.push([
                comment.into(),
                Reader::Machine.key().into(),
                theme.into(),
                number(assigned.len() as u64).into(),
            ]);
            assigned.push(theme);
        }
    }
    Ok(())
}

fn json_unless<'a>(empty: bool, value: &impl serde::Serialize) -> Result<Val<'a>> {
    if empty {
        return Ok(Val::Null);
    }
    let json = serde_json::to_string(value).map_err(|e| StoreError::Invalid(format!("A value can't be kept: {e}.")))?;
    Ok(json.into())
}

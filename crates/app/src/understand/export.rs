//! Export of exactly what is filtered, streamed, without a cap.

use std::io::Write;

use commonweal_domain::question::{ListQuery, Order};
use commonweal_domain::{Actor, AuditAction, FeedbackDoc, Filter, PageRequest, Permission, Subject};
use serde_json::json;

use super::super::listen::imports::blocking;
use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};
use commonweal_ports::{Cell, TableFormat, TableSink};

/// Feedback read at once.
const PAGE: usize = 1_000;

/// Columns that every feedback has; the free attributes follow as `attr.name`.
pub const COLUMNS: &[&str] = &[
    "id",
    "at",
    "received_at",
    "service",
    "touchpoint",
    "channel",
    "rating",
    "rating_worst",
    "rating_best",
    "rating_step",
    "sentiment",
    "sentiment_score",
    "language",
    "question",
    "comment",
    "themes",
    "page",
    "device",
    "area",
    "function",
    "capacity",
    "direction",
    "source",
];

impl App {
    /// Writes the feedback that a filter means, oldest first, one row each, and tells how many.
    /// Several comments of one feedback share a cell, a blank line between them; several questions
    /// likewise. `progress` gets the number so far.
    ///
    /// # Errors
    /// [`Error::Invalid`] where a filter on what people are singles out too few of them.
    pub async fn export(
        &self,
        actor: &Actor,
        filter: &Filter,
        format: TableFormat,
        out: Box<dyn Write + Send>,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<u64> {
        authorise(actor, Permission::ExportFeedback)?;
        if self.is_protected_under(actor, filter) {
            self.refuse_few(filter).await?;
        }
        // Held until the file is whole: a reader who takes nothing holds its rows in memory for as long.
        let _place = self.inner.limits.file(actor)?;
        // Before the first byte: whoever breaks an export off has most of it all the same.
        let all = || Subject::all("feedback");
        let how = json!({"format": format.extension()});
        self.note(actor, audited(AuditAction::ExportBegun, all()).with(how)).await?;
        let attributes = self.inner.index.attributes().await?;
        let mut headings: Vec<String> = COLUMNS.iter().map(|c| (*c).to_owned()).collect();
        headings.extend(attributes.iter().map(|a| format!("attr.{a}")));
        let mut sink =
            self.inner.tables.begin(format, &headings, self.settings().time_zone, out).map_err(Error::internal)?;
        let mut query = ListQuery { filter: filter.clone(), order: Order::Oldest, page: PageRequest::first(PAGE) };
        let mut done = 0;
        let mut next = Some(self.page(&query).await?);
        while let Some(page) = next.take() {
            self.inner.limits.check()?;
            let more = page.keys.next;
            if let Some(cursor) = more {
                query.page = PageRequest::after(cursor, PAGE);
            }
            let (names, docs) = (attributes.clone(), page.items);
            done += docs.len() as u64;
            // The sink may wait for a slow reader: not on an async thread. Meanwhile the next page is read.
            let write = blocking(move || write_page(sink, &docs, &names));
            let read = async { if more.is_some() { self.page(&query).await.map(Some) } else { Ok(None) } };
            let (written, ready) = tokio::join!(write, read);
            sink = written?;
            next = ready?;
            progress(done);
        }
        blocking(move || sink.finish().map_err(Error::internal)).await?;
        let how = json!({"rows": done, "format": format.extension()});
        self.note(actor, audited(AuditAction::Exported, all()).with(how)).await?;
        Ok(done)
    }
}

fn write_page(mut sink: Box<dyn TableSink>, docs: &[FeedbackDoc], attributes: &[String]) -> Result<Box<dyn TableSink>> {
    for doc in docs {
        sink.row(&cells(doc, attributes)).map_err(Error::internal)?;
    }
    Ok(sink)
}

fn cells(doc: &FeedbackDoc, attributes: &[String]) -> Vec<Cell> {
    let text = |v: Option<&str>| v.map_or(Cell::Empty, |v| Cell::Text(v.to_owned()));
    let number = |v: Option<f64>| v.map_or(Cell::Empty, Cell::Number);
    let joined = |parts: Vec<&str>| {
        if parts.is_empty() { Cell::Empty } else { Cell::Text(parts.join("\n\n")) }
    };
    let rating = doc.ratings.first();
    let themes = commonweal_domain::Dimension::Theme.values(doc);
    let mut cells = vec![
        Cell::Text(doc.id.to_string()),
        Cell::Instant(doc.at),
        Cell::Instant(doc.received_at),
        text(doc.service.as_deref()),
        text(doc.touchpoint.as_deref()),
        Cell::Text(doc.channel.key().to_owned()),
        number(rating.map(|r| r.value)),
        number(rating.map(|r| r.worst)),
        number(rating.map(|r| r.best)),
        number(doc.step().map(f64::from)),
        text(doc.sentiment().map(commonweal_domain::Sentiment::key)),
        number(doc.sentiment_score()),
        text(doc.language.as_deref()),
        joined(doc.comments.iter().filter_map(|c| c.question.as_deref()).collect()),
        joined(doc.comments.iter().map(|c| c.text.as_str()).collect()),
        joined(themes.iter().map(String::as_str).collect()),
        text(doc.page.as_deref()),
        text(doc.device.as_deref()),
        text(doc.area.as_deref()),
        Cell::Text(doc.function.key().to_owned()),
        Cell::Text(doc.capacity.key().to_owned()),
        Cell::Text(doc.direction.key().to_owned()),
        Cell::Text(doc.source.clone()),
    ];
    cells.extend(attributes.iter().map(|name| text(doc.attributes.get(name).map(String::as_str))));
    cells
}

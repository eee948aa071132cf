//! The audit trail: only ever added to.

use commonweal_domain::records::AuditEntry;
use commonweal_domain::{Cursor, Page, PageRequest};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::chain::{self, AuditCheck, Content, Follower, Head, hex};
use crate::connect::{Store, corrupt};
use crate::dialect::tables::AUDIT;
use crate::dialect::{self, Rows};
use crate::entity::{audit, instant, meta, micros};
use crate::error::Result;
use crate::page::Sorted;

/// One line of the audit trail with its number.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditLine {
    /// Its number, rising.
    pub number: i64,
    /// The entry.
    pub entry: AuditEntry,
    /// Its hash in the chain, in hexadecimal digits; empty when somebody took it away.
    pub hash: String,
}

impl AuditLine {
    /// As it is handed out: what is hashed, as one line of JSON, with the hash behind it.
    pub fn exported(&self) -> String {
        chain::exported(&Content::of(self.number, &self.entry), &self.hash)
    }
}

/// Lines read at once.
const STEP: u64 = 1_000;

impl Store {
    /// A page of lines, newest first; `action` is a beginning such as `user.`.
    pub async fn audit(&self, action: Option<&str>, page: &PageRequest) -> Result<Page<AuditLine>> {
        let mut query = audit::Entity::find();
        if let Some(action) = action {
            // Not LIKE, for which `_` is any letter and SQLite knows no case; nor a range, which
            // depends on the order of letters that the server was set up with.
            let beginning = Func::cust("substr").args([
                Expr::col(audit::Column::Action),
                Expr::value(1_i32),
                Expr::value(i32::try_from(action.chars().count()).unwrap_or(i32::MAX)),
            ]);
            query = query.filter(Expr::from(beginning).eq(action));
        }
        let sorted = Sorted::Number(audit::Column::Number);
        self.page(query, sorted, page, |line: &AuditLine| Cursor::numbered(line.number), from_row).await
    }

    /// At most `limit` lines after a number, the oldest first.
    pub async fn audit_after(&self, number: i64, limit: u64) -> Result<Vec<AuditLine>> {
        self.audit_rows_after(number, limit).await?.into_iter().map(from_row).collect()
    }

    async fn audit_rows_after(&self, number: i64, limit: u64) -> Result<Vec<audit::Model>> {
        let rows = audit::Entity::find().filter(audit::Column::Number.gt(number)).order_by_asc(audit::Column::Number);
        Ok(rows.limit(limit).all(self.read()).await?)
    }

    /// Follows the chain through the whole trail. Lines that are added meanwhile may be looked at or not.
    pub async fn check_audit(&self) -> Result<AuditCheck> {
        let head = meta::Entity::find_by_id(dialect::AUDIT_HEAD).one(self.read()).await?;
        let head = Head::read(head.as_ref().map(|row| row.value.as_str()))
            .ok_or_else(|| corrupt("the head of the audit trail can't be read"))?;
        let (mut follower, mut at_head, mut after) = (Follower::default(), None, 0);
        loop {
            let rows = self.audit_rows_after(after, STEP).await?;
            let Some(last) = rows.last() else { break };
            after = last.number;
            for row in rows {
                let content = Content {
                    number: row.number,
                    at: row.at,
                    actor: &row.actor,
                    action: &row.action,
                    subject: &row.subject,
                    details: &row.details,
                };
                follower.line(&content, row.hash.as_deref());
                if row.number == head.number {
                    at_head = row.hash;
                }
            }
        }
        Ok(follower.end(&head, at_head.as_deref()))
    }
}

fn from_row(row: audit::Model) -> Result<AuditLine> {
    let entry = AuditEntry {
        at: instant(row.at)?,
        actor: row.actor,
        action: row.action,
        subject: row.subject,
        details: row.details,
    };
    Ok(AuditLine { number: row.number, entry, hash: row.hash.as_deref().map(hex).unwrap_or_default() })
}

/// The lines as rows, each with its link of the chain.
pub(crate) fn rows<'a>(entries: &'a [AuditEntry], links: &'a [Head]) -> Rows<'a> {
    let mut rows = Rows::of(&AUDIT);
    for (entry, link) in entries.iter().zip(links) {
        rows.push([
            link.number.into(),
            micros(entry.at).into(),
            (&entry.actor).into(),
            (&entry.action).into(),
            (&entry.subject).into(),
            entry.details.to_string().into(),
            link.hash.as_slice().into(),
        ]);
    }
    rows
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use sea_orm::ConnectionTrait;

    use super::*;
    use crate::{OpenOptions, StoreError, Trail};

    #[tokio::test]
    async fn a_full_disk_refuses_and_recovers() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let store = Store::open(&url, OpenOptions::default()).await.expect("opens");
        let entry = |n: usize| AuditEntry {
            at: DateTime::UNIX_EPOCH,
            actor: "operator".into(),
            action: "x.y".into(),
            subject: "z".repeat(n),
            details: serde_json::json!({}),
        };
        // Room for so many pages and no more: to SQLite the same as a full disk.
        store.inner.write.execute_unprepared("PRAGMA max_page_count = 80").await.expect("set");
        let append = async |line: AuditEntry| store.begin_work().await?.commit(Trail::Lines(vec![line])).await;
        let refused = append(entry(1_000_000)).await.expect_err("no room");
        assert!(matches!(refused, StoreError::DiskFull(_)), "{refused:?}");
        assert_eq!(store.audit(None, &PageRequest::first(1)).await.expect("reading goes on").items, []);
        append(entry(10)).await.expect("what fits is taken");
        store.inner.write.execute_unprepared("PRAGMA max_page_count = 1000000").await.expect("set");
        append(entry(1_000_000)).await.expect("there is room again");
        assert_eq!(store.audit(None, &PageRequest::first(9)).await.expect("read").items.len(), 2);
    }
}

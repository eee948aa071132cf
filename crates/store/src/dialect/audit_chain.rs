//! The head of the audit trail's chain: the number and the hash of its last line, in a row of `meta`. Whoever adds a line
//! holds that row until its transaction ends, so lines follow each other in the order in which they are kept.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::govern::chain::{Content, Head};

/// Key of the row of `meta` with the head.
pub(crate) const AUDIT_HEAD: &str = "audit_head";

/// Asks for the head and, where several write at once, holds it.
pub(super) const HOLD_HEAD: (&str, &str) = (
    r#"SELECT "value" FROM "meta" WHERE "key" = 'audit_head'"#,
    r#"SELECT "value" FROM "meta" WHERE "key" = 'audit_head' FOR UPDATE"#,
);
/// Moves the head.
pub(super) const MOVE_HEAD: &str = r#"UPDATE "meta" SET "value" = $1 WHERE "key" = 'audit_head'"#;

/// Lines looked at together.
const STEP: i64 = 1_000;

/// The head, held until the transaction ends.
pub(crate) async fn hold_audit_head(db: &impl ConnectionTrait) -> Result<Head, DbErr> {
    let sql = if db.get_database_backend() == DbBackend::Postgres { HOLD_HEAD.1 } else { HOLD_HEAD.0 };
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let value: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Head::read(value.as_deref()).ok_or_else(|| DbErr::Custom("the head of the audit trail can't be read".to_owned()))
}

/// Moves the head, which has to be held.
pub(crate) async fn move_audit_head(db: &impl ConnectionTrait, head: &Head) -> Result<(), DbErr> {
    let moved = Statement::from_sql_and_values(db.get_database_backend(), MOVE_HEAD, [head.written().into()]);
    db.execute_raw(moved).await.map(|_| ())
}

/// Chains the lines that earlier versions wrote.
pub(crate) async fn chain_audit(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let mut head = Head::default();
    loop {
        let lines = Statement::from_sql_and_values(
            backend,
            r#"SELECT "number", "at", "actor", "action", "subject", CAST("details" AS text) FROM "audit"
               WHERE "number" > $1 ORDER BY "number" LIMIT $2"#,
            [head.number.into(), STEP.into()],
        );
        let rows = db.query_all_raw(lines).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let text = |n: usize| row.try_get_by_index::<String>(n);
            let details = serde_json::from_str(&text(5)?).map_err(|e| DbErr::Custom(format!("an audit line: {e}")))?;
            let (number, actor, action, subject) = (row.try_get_by_index(0)?, text(2)?, text(3)?, text(4)?);
            let content = Content {
                number,
                at: row.try_get_by_index(1)?,
                actor: &actor,
                action: &action,
                subject: &subject,
                details: &details,
            };
            head = head.followed_by(&content);
            let chained = Statement::from_sql_and_values(
                backend,
                r#"UPDATE "audit" SET "hash" = $1 WHERE "number" = $2"#,
                [head.hash.to_vec().into(), number.into()],
            );
            db.execute_raw(chained).await?;
        }
    }
    let begun = Statement::from_sql_and_values(
        backend,
        r#"INSERT INTO "meta" ("key", "value") VALUES ($1, $2)"#,
        [AUDIT_HEAD.into(), head.written().into()],
    );
    db.execute_raw(begun).await.map(|_| ())
}

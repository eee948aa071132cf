//! What the readings tell of corrections that were made before each was kept.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// Until corrections were kept one by one, a comment had one person's reading, overwritten by the
/// last: who said it, when, and what, is known; what held before is not. A comment has one, so its id
/// can be the correction's.
pub(crate) async fn keep_known_corrections(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let themes = r#"FROM "theme_assignments" a JOIN "themes" t ON t."id" = a."theme_id"
        WHERE a."comment_id" = r."comment_id" AND a."reader" = 'person'"#;
    let after = match db.get_database_backend() {
        DbBackend::Sqlite => {
            let flag = |what: &str| format!("json(CASE WHEN {what} THEN 'true' ELSE 'false' END)");
            format!(
                r#"json_object('sentiment', r."sentiment", 'themes', json((SELECT json_group_array(t."key") {themes})),
                'sentiment_stated', {}, 'themes_stated', {})"#,
                flag(r#"r."sentiment" IS NOT NULL"#),
                flag(r#"r."themes_stated""#)
            )
        }
        _ => format!(
            r#"jsonb_build_object('sentiment', r."sentiment",
            'themes', (SELECT COALESCE(jsonb_agg(t."key" ORDER BY a."position"), '[]'::jsonb) {themes}),
            'sentiment_stated', r."sentiment" IS NOT NULL, 'themes_stated', r."themes_stated")"#
        ),
    };
    let sql = format!(
        r#"INSERT INTO "corrections" ("id", "comment_id", "user_id", "at", "act", "after")
        SELECT r."comment_id", r."comment_id", r."user_id", r."at", 'corrected', {after} FROM "readings" r
        WHERE r."reader" = 'person' AND r."user_id" IS NOT NULL AND r."at" IS NOT NULL"#
    );
    db.execute_unprepared(&sql).await?;
    Ok(())
}

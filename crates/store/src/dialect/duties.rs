//! The duties that users get with a migration.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// What each role could do, as duties.
const OF_ROLES: &[(&str, &[&str])] = &[
    ("viewer", &[]),
    ("analyst", &["analyst", "entry"]),
    ("manager", &["analyst", "listener", "manager"]),
    ("administrator", &["analyst", "listener", "manager", "administrator"]),
];

/// What stands for the whole body in the place of a team.
fn whole_body(db: &impl ConnectionTrait) -> &'static str {
    match db.get_database_backend() {
        DbBackend::Sqlite => "zeroblob(16)",
        _ => "'00000000-0000-0000-0000-000000000000'::uuid",
    }
}

/// Makes readers of all users who have no duty for the whole body.
pub(crate) async fn readers_without_a_duty(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let nil = whole_body(db);
    let grant = format!(
        r#"INSERT INTO "grants" ("user_id", "duty", "team_id")
           SELECT "id", 'reader', {nil} FROM "users"
           WHERE "id" NOT IN (SELECT "user_id" FROM "grants" WHERE "team_id" = {nil})"#
    );
    db.execute_unprepared(&grant).await?;
    Ok(())
}

/// Gives users the duties of their roles, for the whole body.
pub(crate) async fn duties_of_roles(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let nil = whole_body(db);
    for (role, duties) in OF_ROLES {
        for duty in *duties {
            let grant = format!(
                r#"INSERT INTO "grants" ("user_id", "duty", "team_id")
                   SELECT "id", '{duty}', {nil} FROM "users" WHERE "role" = '{role}'"#
            );
            db.execute_unprepared(&grant).await?;
        }
    }
    Ok(())
}

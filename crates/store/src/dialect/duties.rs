//! The duties that users with a role get.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// What each role could do, as duties.
const OF_ROLES: &[(&str, &[&str])] = &[
    ("viewer", &[]),
    ("analyst", &["analyst", "entry"]),
    ("manager", &["analyst", "listener", "manager"]),
    ("administrator", &["analyst", "listener", "manager", "administrator"]),
];

/// Gives users the duties of their roles, for the whole body.
pub(crate) async fn duties_of_roles(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let nil = match db.get_database_backend() {
        DbBackend::Sqlite => "zeroblob(16)",
        _ => "'00000000-0000-0000-0000-000000000000'::uuid",
    };
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

//! People: records, what they say of somebody, handles, and the entries that say to whom a record belongs.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference, unique};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m018_people"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        records(manager, t).await?;
        links(manager, t).await?;
        // Contacts point at the record by which somebody was known, and that never changes.
        let renamed = Table::alter().table("contacts").rename_column("person_id", "record_id").take();
        manager.alter_table(renamed).await?;
        // Most contacts are nobody's: those have no entry in it.
        let of = index("contacts", &["record_id", "at"]).and_where(Expr::col("record_id").is_not_null()).take();
        manager.create_index(of).await
    }
}

async fn records(manager: &SchemaManager<'_>, t: Types) -> Result<(), DbErr> {
    // A person is a name for records, and nothing besides.
    manager.create_table(t.table("persons", vec![t.id("id"), t.instant("created_at")], &["id"])).await?;
    // `person_id` is where the last entry of a record leads: kept beside it, so that a person's records are found.
    let columns = vec![
        t.id("id"),
        t.text("source"),
        t.text("source_key"),
        t.int("version"),
        t.instant("at"),
        t.id("person_id"),
        null(t.instant("resolved_at")),
    ];
    let records = t
        .table("records", columns, &["id"])
        .foreign_key(&mut reference(("records", "person_id"), ("persons", "id"), ForeignKeyAction::NoAction))
        .take();
    manager.create_table(records).await?;
    manager.create_index(unique("records", &["source", "source_key", "version"])).await?;
    manager.create_index(index("records", &["person_id"])).await?;
    let waiting = index("records", &["resolved_at"]).and_where(Expr::col("resolved_at").is_null()).take();
    manager.create_index(waiting).await?;
    // What says who somebody is, in a table of its own. Names and postcode besides as they are searched for: without
    // capitals, accents and spaces.
    let columns = vec![
        t.id("record_id"),
        t.json("details"),
        t.plain_text("surname"),
        t.plain_text("given_names"),
        null(t.int("born")),
        t.plain_text("postcode"),
    ];
    let of_record = |table| reference((table, "record_id"), ("records", "id"), ForeignKeyAction::Cascade);
    let details =
        t.table("record_details", columns, &["record_id"]).foreign_key(&mut of_record("record_details")).take();
    manager.create_table(details).await?;
    let looked_up: [&[&str]; 4] = [&["surname", "given_names"], &["given_names", "surname"], &["born"], &["postcode"]];
    for columns in looked_up {
        manager.create_index(index("record_details", columns)).await?;
    }
    let columns = vec![
        t.id("record_id"),
        t.int("position"),
        t.text("kind"),
        t.text("shown"),
        t.text("normal"),
        null(t.instant("verified_at")),
    ];
    let handles = t.table("handles", columns, &["record_id", "position"]).foreign_key(&mut of_record("handles")).take();
    manager.create_table(handles).await?;
    manager.create_index(index("handles", &["normal", "kind"])).await?;
    // Numbers under which a record is found by others that may be of the same person.
    let keys = t
        .table("record_keys", vec![t.int("key"), t.id("record_id")], &["key", "record_id"])
        .foreign_key(&mut of_record("record_keys"))
        .take();
    manager.create_table(keys).await?;
    manager.create_index(index("record_keys", &["record_id"])).await
}

async fn links(manager: &SchemaManager<'_>, t: Types) -> Result<(), DbErr> {
    let columns = vec![
        t.id("id"),
        t.instant("at"),
        t.text("actor"),
        t.text("reason"),
        null(t.text("note")),
        null(t.json("evidence")),
        null(t.id("undoes")),
    ];
    manager.create_table(t.table("link_changes", columns, &["id"])).await?;
    let columns =
        vec![t.id("record_id"), t.int("number"), t.id("change_id"), null(t.id("from_person")), t.id("to_person")];
    let links = t
        .table("links", columns, &["record_id", "number"])
        .foreign_key(&mut reference(("links", "record_id"), ("records", "id"), ForeignKeyAction::Cascade))
        .foreign_key(&mut reference(("links", "change_id"), ("link_changes", "id"), ForeignKeyAction::NoAction))
        .take();
    manager.create_table(links).await?;
    manager.create_index(index("links", &["change_id"])).await?;
    let came_from = index("links", &["from_person"]).and_where(Expr::col("from_person").is_not_null()).take();
    manager.create_index(came_from).await?;
    // What people decided of two records, the lower id first.
    let pair = |table| {
        ["a_record", "b_record"].map(|column| reference((table, column), ("records", "id"), ForeignKeyAction::Cascade))
    };
    let [mut a, mut b] = pair("link_decisions");
    let decisions = t
        .table(
            "link_decisions",
            vec![t.id("a_record"), t.id("b_record"), t.id("change_id"), t.flag("same")],
            &["a_record", "b_record", "change_id"],
        )
        .foreign_key(&mut a)
        .foreign_key(&mut b)
        .foreign_key(&mut reference(
            ("link_decisions", "change_id"),
            ("link_changes", "id"),
            ForeignKeyAction::NoAction,
        ))
        .take();
    manager.create_table(decisions).await?;
    manager.create_index(index("link_decisions", &["b_record"])).await?;
    manager.create_index(index("link_decisions", &["change_id"])).await?;
    let columns = vec![
        t.id("id"),
        t.instant("at"),
        t.id("a_record"),
        t.id("b_record"),
        t.real("weight"),
        t.real("probability"),
        t.json("evidence"),
        null(t.text("decided")),
    ];
    let [mut a, mut b] = pair("suggestions");
    let suggestions = t.table("suggestions", columns, &["id"]).foreign_key(&mut a).foreign_key(&mut b).take();
    manager.create_table(suggestions).await?;
    manager.create_index(unique("suggestions", &["a_record", "b_record"])).await?;
    manager.create_index(index("suggestions", &["b_record"])).await?;
    let open = index("suggestions", &["weight"]).and_where(Expr::col("decided").is_null()).take();
    manager.create_index(open).await?;
    // Why somebody saw a person.
    let columns = vec![t.id("person_id"), t.id("user_id"), t.instant("at"), t.text("reason")];
    let openings = t
        .table("person_openings", columns, &["person_id", "user_id", "at"])
        .foreign_key(&mut reference(("person_openings", "user_id"), ("users", "id"), ForeignKeyAction::Cascade))
        .take();
    manager.create_table(openings).await?;
    // How records are compared. The last one counts; the ones before say by what was decided then.
    let columns = vec![t.int("version"), t.instant("at"), t.int("records"), t.json("model")];
    manager.create_table(t.table("linkage_models", columns, &["version"])).await
}

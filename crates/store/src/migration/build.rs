//! Columns and tables that mean the same on both engines.
//!
//! On SQLite tables are STRICT, so that no value of another type slips in, and those keyed by an id
//! are WITHOUT ROWID, so that a row is one b-tree entry instead of two.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Makes columns for one engine. All are NOT NULL; see [`null`].
#[derive(Clone, Copy)]
pub(super) struct Types {
    sqlite: bool,
}

impl Types {
    pub(super) fn of(manager: &SchemaManager<'_>) -> Self {
        Self { sqlite: manager.get_database_backend() == DbBackend::Sqlite }
    }

    fn column(self, name: &'static str, sqlite: &'static str, postgres: ColumnType) -> ColumnDef {
        let kind = if self.sqlite { ColumnType::custom(sqlite) } else { postgres };
        ColumnDef::new_with_type(name, kind).not_null().take()
    }

    /// A UUID: 16 bytes.
    pub(super) fn id(self, name: &'static str) -> ColumnDef {
        self.column(name, "BLOB", ColumnType::Uuid)
    }

    /// Bytes, such as a hash.
    pub(super) fn bytes(self, name: &'static str) -> ColumnDef {
        self.column(name, "BLOB", ColumnType::VarBinary(StringLen::None))
    }

    /// Text without a limit; limits are the domain's.
    pub(super) fn text(self, name: &'static str) -> ColumnDef {
        self.column(name, "TEXT", ColumnType::Text)
    }

    /// Text that is compared byte by byte, so that those of one beginning stand together whatever the language of the
    /// database.
    pub(super) fn plain_text(self, name: &'static str) -> ColumnDef {
        self.column(name, "TEXT", ColumnType::custom("text COLLATE \"C\""))
    }

    /// A JSON value.
    pub(super) fn json(self, name: &'static str) -> ColumnDef {
        self.column(name, "TEXT", ColumnType::JsonBinary)
    }

    /// A whole number of 64 bits.
    pub(super) fn int(self, name: &'static str) -> ColumnDef {
        self.column(name, "INTEGER", ColumnType::BigInteger)
    }

    /// An instant: microseconds since 1970-01-01T00:00:00Z. A number on both engines, because SQLite
    /// has no type for instants and text costs four times the room.
    pub(super) fn instant(self, name: &'static str) -> ColumnDef {
        self.int(name)
    }

    /// A number.
    pub(super) fn real(self, name: &'static str) -> ColumnDef {
        self.column(name, "REAL", ColumnType::Double)
    }

    /// Yes or no.
    pub(super) fn flag(self, name: &'static str) -> ColumnDef {
        self.column(name, "INTEGER", ColumnType::Boolean)
    }

    /// A number that the database counts up, and the primary key.
    pub(super) fn counter(self, name: &'static str) -> ColumnDef {
        self.int(name).auto_increment().primary_key().take()
    }

    /// A table with a primary key of these columns.
    pub(super) fn table(
        self,
        name: &'static str,
        columns: Vec<ColumnDef>,
        key: &[&'static str],
    ) -> TableCreateStatement {
        let mut index = Index::create();
        for column in key {
            index.col(*column);
        }
        self.plain(name, columns, "STRICT, WITHOUT ROWID").primary_key(&mut index).take()
    }

    /// A table keyed by a [`Types::counter`] in its columns.
    pub(super) fn counted(self, name: &'static str, columns: Vec<ColumnDef>) -> TableCreateStatement {
        self.plain(name, columns, "STRICT")
    }

    fn plain(self, name: &'static str, columns: Vec<ColumnDef>, options: &str) -> TableCreateStatement {
        let mut table = Table::create();
        table.table(name);
        for column in columns {
            table.col(column);
        }
        if self.sqlite {
            table.extra(options);
        }
        table
    }
}

/// The same column, but it may be empty.
pub(super) fn null(mut column: ColumnDef) -> ColumnDef {
    column.null().take()
}

/// A reference from a column to another table's column.
pub(super) fn reference(
    from: (&'static str, &'static str),
    to: (&'static str, &'static str),
    on_delete: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{}_{}", from.0, from.1))
        .from(from.0, from.1)
        .to(to.0, to.1)
        .on_delete(on_delete)
        .take()
}

/// An index over columns.
pub(super) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("ix_{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// A unique index over columns.
pub(super) fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut made = index(table, columns);
    made.name(format!("ux_{table}_{}", columns.join("_"))).unique().take()
}

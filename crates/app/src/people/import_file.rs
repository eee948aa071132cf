//! The file of an import of people: in the store, in pieces, from when it was handed in until the import has ended; and
//! on the disk of whoever reads it, as long as it does.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use commonweal_domain::people_import::PeopleImport;
use commonweal_domain::{Actor, Permission};
use commonweal_store::Silent;

use crate::app::authorise;
use crate::listen::import_file::{PIECE, ReadableFile, full_or_broken, some};
use crate::listen::imports::blocking;
use crate::{App, Error, Result};

impl App {
    /// A new place in which a file of people that is being handed in can be written.
    pub fn new_people_file(&self, actor: &Actor) -> Result<PathBuf> {
        authorise(actor, Permission::ManagePeople)?;
        self.new_place()
    }

    /// Keeps a file for its import. Nothing when it is kept already.
    pub(super) async fn keep_people_file(&self, import: &PeopleImport, path: &Path) -> Result<()> {
        if self.keeps_people_file(import).await? {
            return Ok(());
        }
        let id = import.id;
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move { Ok(w.people_imports().remove_file(id).await.map(drop)?) })
        })
        .await?;
        let mut source = File::open(path).map_err(Error::internal)?;
        let mut number = 0;
        loop {
            let (pieces, rest) = blocking(move || Ok((some(&mut source).map_err(Error::internal)?, source))).await?;
            if pieces.is_empty() {
                return Ok(());
            }
            source = rest;
            let kept = &pieces;
            // The line is that of the file that was handed in.
            self.change_silently(Silent::Step, move |w| {
                Box::pin(async move {
                    for (piece, body) in (number..).zip(kept) {
                        w.people_imports().keep_piece(id, piece, body).await?;
                    }
                    Ok(())
                })
            })
            .await?;
            number += pieces.len() as u64;
        }
    }

    /// Whether the whole file of an import is in the store.
    pub(super) async fn keeps_people_file(&self, import: &PeopleImport) -> Result<bool> {
        let pieces = self.inner.store.people_file_pieces(import.id).await?;
        Ok(pieces > 0 && pieces == import.file_bytes.div_ceil(PIECE as u64))
    }

    /// The file of an import, brought here to be read. An error that says so when it is not kept any more.
    pub(super) async fn people_file_of(&self, import: &PeopleImport) -> Result<ReadableFile> {
        if !self.keeps_people_file(import).await? {
            return Err(Error::Conflict {
                code: "import_file_gone",
                message: "The file of this import is not kept any more. Hand it in again.".into(),
            });
        }
        let path = self.new_place()?;
        let mut out = File::create(&path).map_err(full_or_broken)?;
        // From here on it goes again, whatever happens.
        let file = ReadableFile::brought(path);
        for piece in 0..import.file_bytes.div_ceil(PIECE as u64) {
            let Some(body) = self.inner.store.people_file_piece(import.id, piece).await? else {
                return Err(Error::NotFound("import"));
            };
            out = blocking(move || {
                out.write_all(&body).map_err(full_or_broken)?;
                Ok(out)
            })
            .await?;
        }
        Ok(file)
    }
}

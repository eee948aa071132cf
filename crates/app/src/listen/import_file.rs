//! The file of an import. What was handed in through the console lies in the store, in pieces, and is brought to the
//! disk of whichever server reads it, as long as it does. What was named at the command line stays on that disk.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use commonweal_domain::records::Import;
use commonweal_domain::{Actor, ImportId, Permission};
use commonweal_store::Silent;

use super::imports::{StagedFile, blocking};
use crate::app::authorise;
use crate::govern::leftovers::remove_if_there;
use crate::{App, Error, Result};

/// Bytes of a piece.
pub(crate) const PIECE: usize = 1 << 20;
/// Pieces in one transaction: others write in between.
const TOGETHER: usize = 8;

/// A file of an import that can be read, and is gone afterwards when it was brought here for that.
pub(crate) struct ReadableFile {
    path: PathBuf,
    brought: bool,
}

impl ReadableFile {
    /// A file that was brought here to be read.
    pub(crate) fn brought(path: PathBuf) -> Self {
        Self { path, brought: true }
    }

    /// Where it lies.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for ReadableFile {
    fn drop(&mut self) {
        if self.brought
            && let Err(e) = fs::remove_file(&self.path)
        {
            tracing::warn!(error = &e as &dyn std::error::Error, "a file of an import could not be removed");
        }
    }
}

impl App {
    /// Folder of files that are being handed in or read, and of those that were named at the command line.
    pub fn import_folder(&self) -> PathBuf {
        self.inner.data.join("imports")
    }

    /// A new place in which a file that is being handed in can be written.
    pub fn new_import_file(&self, actor: &Actor) -> Result<PathBuf> {
        authorise(actor, Permission::ImportFiles)?;
        self.new_place()
    }

    /// A new place in the folder of files.
    pub(crate) fn new_place(&self) -> Result<PathBuf> {
        let folder = self.import_folder();
        fs::create_dir_all(&folder).map_err(Error::internal)?;
        Ok(folder.join(format!("{}.part", self.inner.ids.new_id())))
    }

    /// Where the file of an import lies when it was named at the command line here.
    pub(crate) fn import_path(&self, import: ImportId) -> PathBuf {
        self.import_folder().join(import.to_string())
    }

    /// What whoever reads that file at the command line locks: the file itself may be a link to one that is somebody
    /// else's too.
    pub(super) fn lock_path(&self, import: ImportId) -> PathBuf {
        self.import_path(import).with_extension("lock")
    }

    /// The file of an import.
    pub(super) async fn file_of(&self, import: &Import) -> Result<ReadableFile> {
        let Some(pieces) = self.pieces_of(import).await? else {
            return Ok(ReadableFile { path: self.import_path(import.id), brought: false });
        };
        let file = ReadableFile { path: self.new_place()?, brought: true };
        let mut out = File::create(&file.path).map_err(full_or_broken)?;
        for piece in 0..pieces {
            let Some(body) = self.inner.store.upload_piece(import.id, piece).await? else {
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

    /// Whether the whole file of an import is still here or in the store.
    pub(super) async fn keeps_file_of(&self, import: &Import) -> Result<bool> {
        Ok(self.is_here(import)? || self.is_uploaded(import).await?)
    }

    fn is_here(&self, import: &Import) -> Result<bool> {
        self.import_path(import.id).try_exists().map_err(Error::internal)
    }

    async fn is_uploaded(&self, import: &Import) -> Result<bool> {
        let pieces = self.inner.store.upload_pieces(import.id).await?;
        Ok(pieces > 0 && pieces == pieces_in(import))
    }

    /// In how many pieces the file of an import lies in the store; nothing when it lies here. An error when it is
    /// neither here nor there.
    pub(super) async fn pieces_of(&self, import: &Import) -> Result<Option<u64>> {
        if self.is_here(import)? {
            return Ok(None);
        }
        if !self.is_uploaded(import).await? {
            return Err(Error::Conflict {
                code: "import_file_elsewhere",
                message: "The file of this import is not here: another server has it, or it was not handed in to its end. Undo the import and hand the file in again.".into(),
            });
        }
        Ok(Some(pieces_in(import)))
    }

    /// Keeps a file for its import: in the store when it was uploaded, linked or copied when somebody named it at the
    /// command line. Nothing when it is kept already.
    pub(super) async fn keep_file(&self, import: &Import, file: &StagedFile) -> Result<()> {
        if file.path.starts_with(self.import_folder()) {
            return self.keep_upload(import, &file.path).await;
        }
        let target = self.import_path(import.id);
        if target.try_exists().map_err(Error::internal)? {
            return Ok(());
        }
        fs::create_dir_all(self.import_folder()).map_err(Error::internal)?;
        let copied = fs::hard_link(&file.path, &target).or_else(|_| fs::copy(&file.path, &target).map(|_| ()));
        copied.map_err(full_or_broken)
    }

    /// Moves an upload into the store.
    async fn keep_upload(&self, import: &Import, path: &Path) -> Result<()> {
        let id = import.id;
        if self.is_uploaded(import).await? {
            return remove_if_there(path);
        }
        self.change_silently(Silent::Step, move |w| Box::pin(async move { Ok(w.imports().remove_upload(id).await?) }))
            .await?;
        let mut source = File::open(path).map_err(Error::internal)?;
        let mut number = 0;
        loop {
            let (pieces, rest) = blocking(move || Ok((some(&mut source).map_err(Error::internal)?, source))).await?;
            if pieces.is_empty() {
                return remove_if_there(path);
            }
            source = rest;
            let kept = &pieces;
            // The line is that of the file that was handed in.
            self.change_silently(Silent::Step, move |w| {
                Box::pin(async move {
                    for (piece, body) in (number..).zip(kept) {
                        w.imports().keep_piece(id, piece, body).await?;
                    }
                    Ok(())
                })
            })
            .await?;
            number += pieces.len() as u64;
        }
    }

    /// Removes the file of an import, wherever it lies.
    pub(crate) async fn forget_file(&self, import: ImportId) -> Result<()> {
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move { Ok(w.imports().remove_upload(import).await?) })
        })
        .await?;
        remove_if_there(&self.import_path(import))?;
        remove_if_there(&self.lock_path(import))
    }
}

/// In how many pieces the whole file of an import is cut.
fn pieces_in(import: &Import) -> u64 {
    import.file_bytes.div_ceil(PIECE as u64)
}

/// The next pieces of a file; none at its end.
pub(crate) fn some(file: &mut File) -> io::Result<Vec<Vec<u8>>> {
    let mut pieces = Vec::with_capacity(TOGETHER);
    while pieces.len() < TOGETHER {
        let mut piece = Vec::with_capacity(PIECE);
        if Read::by_ref(file).take(PIECE as u64).read_to_end(&mut piece)? == 0 {
            break;
        }
        pieces.push(piece);
    }
    Ok(pieces)
}

pub(crate) fn full_or_broken(e: io::Error) -> Error {
    match e.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::disk_full(),
        _ => Error::internal(e),
    }
}

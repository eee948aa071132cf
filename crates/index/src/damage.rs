//! Whether the files of an index are as they were written.
//!
//! Every file of a segment is written once and ends with a CRC-32 of its contents, which the engine itself never
//! compares. All of them are read through whenever a folder is opened: that is as quick as the disk (and the memory
//! into which questions would bring them anyway), where a look at sizes or samples would miss most flipped bits.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rayon::prelude::*;
use tantivy::directory::Directory;
use tantivy::directory::error::OpenReadError;
use tantivy::{Index, IndexMeta};

/// The file that says which files the engine has written.
const WRITTEN: &str = ".managed.json";
/// How often a folder is looked at that changes meanwhile.
const TRIES: usize = 20;

/// What is damaged, as a sentence; nothing when all is well. All threads read at once.
pub(crate) fn look(index: &Index) -> Option<String> {
    of_a_commit(index, |files| files.par_iter().find_map_any(|file| of_file(index, file)))
}

/// The same one file after another, with a rest after each: nobody waits for it.
pub(crate) fn look_slowly(index: &Index, rest: Duration) -> Option<String> {
    of_a_commit(index, |files| {
        files.iter().find_map(|file| {
            let damage = of_file(index, file);
            std::thread::sleep(rest);
            damage
        })
    })
}

/// Looks at the files of one commit. Another process, or a merge, may remove some while they are looked at: then
/// there is another commit, and that counts.
fn of_a_commit(index: &Index, look: impl Fn(&[PathBuf]) -> Option<String>) -> Option<String> {
    let mut found = None;
    for _ in 0..TRIES {
        let (metas, files) = match files(index) {
            Ok(both) => both,
            Err(e) => return Some(e.to_string()),
        };
        found = look(&files);
        found.as_ref()?;
        match index.load_metas() {
            Ok(now) if is_same(&now, &metas) => return found,
            Ok(_) => {}
            Err(e) => return Some(e.to_string()),
        }
    }
    found
}

fn is_same(one: &IndexMeta, other: &IndexMeta) -> bool {
    let segments =
        |meta: &IndexMeta| -> HashSet<_> { meta.segments.iter().map(|s| (s.id(), s.delete_opstamp())).collect() };
    one.opstamp == other.opstamp && segments(one) == segments(other)
}

/// The last commit and the files that belong to it.
fn files(index: &Index) -> tantivy::Result<(IndexMeta, Vec<PathBuf>)> {
    // Read anew: another process may have written since this one opened the folder.
    let written = index.directory().atomic_read(Path::new(WRITTEN))?;
    let metas = index.load_metas()?;
    let written: HashSet<PathBuf> =
        serde_json::from_slice(&written).map_err(|e| tantivy::TantivyError::SystemError(format!("{WRITTEN}: {e}")))?;
    // Not every kind of file is there for every segment; what was written has to be.
    let files = metas.list_segment_files().into_iter().filter(|file| written.contains(file)).collect();
    Ok((metas, files))
}

fn of_file(index: &Index, file: &Path) -> Option<String> {
    let name = file.display();
    match index.directory().validate_checksum(file) {
        Ok(true) => None,
        Ok(false) => Some(format!("{name} is not as it was written")),
        Err(OpenReadError::FileDoesNotExist(_)) => Some(format!("{name} is missing")),
        Err(e) => Some(format!("{name}: {e}")),
    }
}

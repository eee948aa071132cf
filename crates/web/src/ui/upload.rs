//! Files that are handed in by a form: streamed to the disk, never held in memory.

use std::path::{Path, PathBuf};

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use commonweal_app::Error;
use commonweal_domain::FieldErrors;
use tokio::io::AsyncWriteExt;

use crate::l10n;
use crate::ui::form::Fields;
use crate::ui::format;
use crate::ui::frame::Visit;

/// Bytes of a field beside the file.
const FIELD_BYTES: usize = 4_096;

/// What a form brought.
pub(crate) struct Received {
    /// The name of the file, which lies in its place; or what is wrong with it.
    pub(crate) file: Result<String, Error>,
    /// The fields before it.
    pub(crate) fields: Fields,
}

/// Writes the file of the form to its place.
pub(crate) async fn receive(visit: &Visit, parts: &mut Multipart, place: &Path) -> Received {
    let mut fields = Fields::default();
    let file = file_of(visit, parts, place, &mut fields).await;
    Received { file, fields }
}

async fn file_of(visit: &Visit, parts: &mut Multipart, place: &Path, fields: &mut Fields) -> Result<String, Error> {
    let choose = || invalid("required", l10n::console().t("imports-choose"));
    while let Some(mut field) = parts.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            let name = field.name().unwrap_or_default().to_owned();
            let mut value = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(broken)? {
                let room = FIELD_BYTES.saturating_sub(value.len());
                value.extend_from_slice(&chunk[..chunk.len().min(room)]);
            }
            fields.0.push((name, String::from_utf8_lossy(&value).into_owned()));
            continue;
        }
        let name = base_name(field.file_name().unwrap_or_default());
        if name.is_empty() {
            return Err(choose());
        }
        let limit = visit.state.config.upload_limit_bytes as u64;
        let written = write(field, place, limit).await?;
        if written == 0 {
            return Err(invalid("empty", l10n::console().with("imports-empty", &[("file", name.into())])));
        }
        return Ok(name);
    }
    Err(choose())
}

async fn write(mut field: Field<'_>, place: &Path, limit: u64) -> Result<u64, Error> {
    let mut out = tokio::fs::File::create(place).await.map_err(full_or_broken)?;
    let mut written = 0_u64;
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        written += chunk.len() as u64;
        if written > limit {
            let message = l10n::console().with("imports-too-large", &[("limit", format::bytes(limit).into())]);
            return Err(invalid("too_large", message));
        }
        out.write_all(&chunk).await.map_err(full_or_broken)?;
    }
    // What is acknowledged is on the disk.
    out.sync_all().await.map_err(full_or_broken)?;
    Ok(written)
}

fn invalid(code: &str, message: String) -> Error {
    Error::Invalid(FieldErrors::one("file", code, message))
}

fn full_or_broken(e: std::io::Error) -> Error {
    match e.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            tracing::error!(error = &e as &dyn std::error::Error, "no room on the disk for a file that is handed in");
            Error::disk_full()
        }
        _ => Error::internal(e),
    }
}

fn broken(e: MultipartError) -> Error {
    tracing::info!(error = &e as &dyn std::error::Error, "a file did not arrive whole");
    invalid("incomplete", l10n::console().t("imports-incomplete"))
}

/// The last part of a path, as some browsers send it, without what can't be shown.
fn base_name(path: &str) -> String {
    let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(200).collect::<String>().trim().to_owned()
}

/// A file being handed in, gone again unless the use case moved it away.
pub(crate) struct Part(pub(crate) PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        match std::fs::remove_file(&self.0) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(error = &e as &dyn std::error::Error, "a part of a file could not be removed");
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::base_name;

    #[test]
    fn a_file_is_called_by_the_last_part_of_its_path() {
        assert_eq!(base_name("C:\\data\\May 2024.csv"), "May 2024.csv");
        assert_eq!(base_name("../../etc/passwd"), "passwd");
        assert_eq!(base_name("a\u{0}b\n.csv"), "ab.csv");
        assert_eq!(base_name("/"), "");
    }
}

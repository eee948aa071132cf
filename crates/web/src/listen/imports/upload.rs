//! Handing a file in: streamed to the disk, never held in memory.

use std::path::{Path, PathBuf};

use askama::Template;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::{Error, StagedFile};
use commonweal_domain::import::Mapping;
use commonweal_domain::{FieldErrors, Permission};
use tokio::io::AsyncWriteExt;

use crate::http::error::WebResult;
use crate::l10n;
use crate::ui::form::Errors;
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "listen/import_new.html")]
struct UploadPage {
    frame: Frame,
    errors: Errors,
    limit: String,
}

async fn page(visit: &Visit, errors: Errors) -> WebResult<UploadPage> {
    let say = l10n::console();
    let title = errors.headed(say.t("imports-import"), say);
    let limit = format::bytes(visit.state.config.upload_limit_bytes as u64);
    Ok(UploadPage { frame: visit.frame(title).await?, errors, limit })
}

/// The form.
pub(crate) async fn form(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::ImportFiles)?;
    Ok(Page(page(&visit, Errors::default()).await?).into_response())
}

/// Takes the file and goes on to what was found in it.
pub(crate) async fn upload(visit: Visit, mut parts: Multipart) -> WebResult<Response> {
    let place = Part(visit.app().new_import_file(&visit.actor)?);
    match receive(&visit, &mut parts, &place.0).await {
        Ok(name) => {
            let file = StagedFile { path: place.0.clone(), name };
            match visit.app().stage_import(&visit.actor, &file, &Mapping::default()).await {
                Ok((import, _)) => Ok(Redirect::to(&format!("/listen/imports/{}", import.id)).into_response()),
                Err(e) => refused(&visit, e).await,
            }
        }
        Err(e) => refused(&visit, e).await,
    }
}

async fn refused(visit: &Visit, error: Error) -> WebResult<Response> {
    let mut errors = Errors::of_error(error)?;
    // Whatever is wrong with the file, the file is the one field there is.
    for item in &mut errors.items {
        item.field = "file".to_owned();
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page(visit, errors).await?)).into_response())
}

/// Writes the file of the form to its place and tells its name.
async fn receive(visit: &Visit, parts: &mut Multipart, place: &Path) -> Result<String, Error> {
    let choose = || invalid("required", l10n::console().t("imports-choose"));
    while let Some(field) = parts.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
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
struct Part(PathBuf);

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

//! Handing a file in: streamed to the disk, never held in memory.

use askama::Template;
use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::{Error, StagedFile};
use commonweal_domain::Permission;
use commonweal_domain::import::Mapping;

use crate::http::error::WebResult;
use crate::l10n;
use crate::ui::form::Errors;
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::upload::{Part, receive};

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
    match receive(&visit, &mut parts, &place.0).await.file {
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

//! Handing a file of people in.

use askama::Template;
use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::{Error, StagedFile};
use commonweal_domain::Permission;
use commonweal_domain::people_import::PeopleMapping;

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::components::Input;
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::upload::{Part, receive};

#[derive(Template)]
#[template(path = "people/import_new.html")]
struct UploadPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    source: Input,
    sources: Vec<String>,
    limit: String,
}

async fn page(visit: &Visit, errors: Errors, sent: &Fields) -> WebResult<UploadPage> {
    let say = l10n::console();
    let source = Input::new("source", say.t("people-source").as_str())
        .hint(say.t("pimports-source-hint").as_str())
        .value(sent.get("source"))
        .autocomplete("off")
        .spellcheck(false)
        .attribute("list", "sources")
        .error(errors.of("source"));
    Ok(UploadPage {
        frame: visit.frame(errors.headed(say.t("pimports-new-title"), say)).await?,
        source,
        sources: visit.app().people_sources(&visit.actor).await?,
        limit: format::bytes(visit.state.config.upload_limit_bytes as u64),
        say,
        errors,
    })
}

/// The form.
pub(crate) async fn form(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    Ok(Page(page(&visit, Errors::default(), &Fields::default()).await?).into_response())
}

/// Takes the file and goes on to what was found in it.
pub(crate) async fn upload(visit: Visit, mut parts: Multipart) -> WebResult<Response> {
    let place = Part(visit.app().new_people_file(&visit.actor)?);
    let received = receive(&visit, &mut parts, &place.0).await;
    let staged = match received.file {
        Ok(name) => {
            let file = StagedFile { path: place.0.clone(), name };
            let (source, found) = (received.fields.get("source"), PeopleMapping::default());
            visit.app().stage_people_import(&visit.actor, source, &file, &found).await
        }
        Err(e) => Err(e),
    };
    match staged {
        Ok(import) => Ok(Redirect::to(&format!("/people/imports/{}", import.id)).into_response()),
        Err(e) => refused(&visit, e, &received.fields).await,
    }
}

async fn refused(visit: &Visit, error: Error, sent: &Fields) -> WebResult<Response> {
    let mut errors = Errors::of_error(error)?;
    // Whatever else is wrong, it is the file.
    for item in errors.items.iter_mut().filter(|item| item.field != "source") {
        item.field = "file".to_owned();
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page(visit, errors, sent).await?)).into_response())
}

//! Forms for the public as the body manages them: the list, making one, changing, closing.

pub(crate) mod fields;
pub(crate) mod replies;

use askama::Template;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::{Error, FormSummary, TOKEN_OVERLAP_HOURS, TurnedAway};
use commonweal_domain::records::Service;
use commonweal_domain::{Form, FormDesign, FormId, Permission};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use crate::http::error::WebResult;
use crate::l10n::{Say, console};
use crate::listen::forms::fields::{DesignFields, NO_NUMBER, number, read};
use crate::ui::components::Input;
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "listen/forms.html")]
struct FormsPage {
    frame: Frame,
    say: Say,
    rows: Vec<Row>,
    has_services: bool,
}

struct Row {
    href: String,
    title: String,
    about: String,
    answers: String,
    explorer: String,
    last: Option<String>,
    open: bool,
    waiting: Option<String>,
}

#[derive(Template)]
#[template(path = "listen/form_edit.html")]
struct EditPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    heading: String,
    action: String,
    version: i64,
    fields: DesignFields,
    made: Option<Made>,
}

/// A form that is there.
struct Made {
    id: String,
    open: bool,
    public: String,
    kiosk: String,
    /// A link to it, as HTML to copy.
    link: String,
    /// The widget, as HTML to copy.
    widget: String,
    explorer: String,
    may_read_replies: bool,
    /// What it turned away, as a sentence.
    turned_away: String,
    /// Until when tokens of before are good, as a sentence; empty when they are not.
    old_until: String,
    overlap: Input,
}

/// All forms.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    let say = console();
    let forms = visit.app().forms(&visit.actor).await?;
    let services = visit.app().services(&visit.actor)?;
    let row = |summary: FormSummary| {
        let FormSummary { form, answers, last, waiting } = summary;
        Row {
            href: format!("/listen/forms/{}", form.id),
            about: about(&form, &services),
            answers: format::count(answers),
            explorer: explorer(&form),
            last: last.map(|at| format::moment(at, visit.app().now(), visit.zone())),
            open: form.open,
            waiting: (waiting > 0).then(|| say.count("forms-waiting", waiting)),
            title: form.design.title,
        }
    };
    let page = FormsPage {
        frame: visit.frame(say.t("forms-title")).await?,
        rows: forms.into_iter().map(row).collect(),
        has_services: !services.is_empty(),
        say,
    };
    Ok(Page(page).into_response())
}

/// The form to make a form.
pub(crate) async fn new(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::ManageForms)?;
    let design = FormDesign::default();
    let services = visit.app().services(&visit.actor)?;
    let page = edit(&visit, None, DesignFields::of(&design, &services, &Errors::default()), Errors::default()).await?;
    Ok(Page(page).into_response())
}

/// Makes a form.
pub(crate) async fn add(visit: Visit, fields: Fields) -> WebResult<Response> {
    let design = read(&fields);
    match visit.app().add_form(&visit.actor, design.clone()).await {
        Ok(form) => Ok(Redirect::to(&with_done(&format!("/listen/forms/{}", form.id), "form-added")).into_response()),
        Err(e) => {
            let errors = placed(Errors::of_error(e)?);
            let services = visit.app().services(&visit.actor)?;
            let page = edit(&visit, None, DesignFields::of(&design, &services, &errors), errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

/// One form: its address, and the form to change it.
pub(crate) async fn show(visit: Visit, Path(id): Path<FormId>) -> WebResult<Response> {
    let form = visit.app().form(&visit.actor, id).await?;
    let services = visit.app().services(&visit.actor)?;
    let fields = DesignFields::of(&form.design, &services, &Errors::default());
    Ok(Page(edit(&visit, Some(&form), fields, Errors::default()).await?).into_response())
}

/// Changes a form. When somebody else changed it meanwhile, it comes back with what was typed, and a
/// second save goes through.
pub(crate) async fn change(visit: Visit, Path(id): Path<FormId>, fields: Fields) -> WebResult<Response> {
    let design = read(&fields);
    let based_on = fields.get("version").parse().unwrap_or(-1);
    let (status, errors) = match visit.app().change_form(&visit.actor, id, based_on, design.clone()).await {
        Ok(_) => return Ok(Redirect::to(&with_done(&format!("/listen/forms/{id}"), "form-saved")).into_response()),
        Err(Error::Conflict { .. }) => (StatusCode::CONFLICT, Errors::whole(console().t("forms-conflict"))),
        Err(e) => (StatusCode::UNPROCESSABLE_ENTITY, placed(Errors::of_error(e)?)),
    };
    let form = visit.app().form(&visit.actor, id).await?;
    let services = visit.app().services(&visit.actor)?;
    let shown = DesignFields::of(&design, &services, &errors);
    let mut page = edit(&visit, Some(&form), shown, errors).await?;
    // Only who was told of the other's change may write over it.
    if status == StatusCode::UNPROCESSABLE_ENTITY {
        page.version = based_on;
    }
    Ok((status, Page(page)).into_response())
}

/// The form's address as a QR code, for posters and letters.
pub(crate) async fn code(visit: Visit, Path(id): Path<FormId>) -> WebResult<Response> {
    let form = visit.app().form(&visit.actor, id).await?;
    let svg = qr(&address(&visit, &form)).map_err(Error::internal)?;
    let name = format!("attachment; filename=\"feedback-{}.svg\"", form.key);
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), (header::CONTENT_DISPOSITION, name.as_str())], svg).into_response())
}

/// Closes a form or opens it again.
pub(crate) async fn set_open(visit: Visit, Path(id): Path<FormId>, fields: Fields) -> WebResult<Response> {
    let open = fields.get("open") == "yes";
    visit.app().open_form(&visit.actor, id, open).await?;
    let code = if open { "form-opened" } else { "form-closed" };
    Ok(Redirect::to(&with_done(&format!("/listen/forms/{id}"), code)).into_response())
}

/// Replaces the token that the form carries.
pub(crate) async fn replace_token(visit: Visit, Path(id): Path<FormId>, fields: Fields) -> WebResult<Response> {
    // What is no number is too many hours, and refused as such.
    let hours = fields.get("overlap_hours").parse().unwrap_or(NO_NUMBER);
    match visit.app().roll_form_token(&visit.actor, id, hours).await {
        Ok(()) => Ok(Redirect::to(&with_done(&format!("/listen/forms/{id}"), "form-token-replaced")).into_response()),
        Err(e) => {
            let errors = Errors::of_error(e)?;
            let form = visit.app().form(&visit.actor, id).await?;
            let services = visit.app().services(&visit.actor)?;
            let shown = DesignFields::of(&form.design, &services, &errors);
            let mut page = edit(&visit, Some(&form), shown, errors).await?;
            if let Some(made) = &mut page.made {
                made.overlap = overlap(hours, &page.errors);
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

/// For how long tokens of before are good.
fn overlap(hours: u32, errors: &Errors) -> Input {
    number("overlap_hours", "forms-token-hours", hours, errors, console())
}

/// What a form turned away, as a sentence.
fn turned_away(counted: TurnedAway) -> String {
    match counted {
        TurnedAway { lately: 0, .. } => console().t("forms-turned-away-none"),
        TurnedAway { today, lately } => console().with(
            "forms-turned-away",
            &[("today", format::count(today).into()), ("lately", format::count(lately).into())],
        ),
    }
}

async fn edit(visit: &Visit, form: Option<&Form>, fields: DesignFields, errors: Errors) -> WebResult<EditPage> {
    let say = console();
    let heading = form.map_or_else(|| say.t("forms-new-title"), |f| f.design.title.clone());
    let title = errors.headed(heading.clone(), say);
    let counted = match form {
        Some(form) => visit.app().turned_away(&visit.actor, form.id).await?,
        None => TurnedAway::default(),
    };
    let made = form.map(|f| {
        let public = address(visit, f);
        let old_until = f.token_old_until.filter(|until| *until > visit.app().now());
        Made {
            turned_away: turned_away(counted),
            old_until: old_until.map_or_else(String::new, |until| {
                say.with("forms-token-until", &[("until", format::date_time(until, visit.zone()).into())])
            }),
            overlap: overlap(TOKEN_OVERLAP_HOURS, &errors),
            id: f.id.to_string(),
            open: f.open,
            kiosk: format!("{public}?kiosk=1"),
            widget: widget(&visit.state.config.public_url, &f.key, &link(&public, &f.design.title)),
            link: link(&public, &f.design.title),
            public,
            explorer: explorer(f),
            may_read_replies: f.design.consent && visit.may(Permission::ReadOriginals),
        }
    });
    Ok(EditPage {
        frame: visit.frame(title).await?,
        say,
        errors,
        heading,
        action: form.map_or_else(|| "/listen/forms/new".to_owned(), |f| format!("/listen/forms/{}", f.id)),
        version: form.map_or(0, |f| f.version),
        fields,
        made,
    })
}

/// Where the public finds a form.
fn address(visit: &Visit, form: &Form) -> String {
    format!("{}/f/{}", visit.state.config.public_url, form.key)
}

/// A QR code (ISO/IEC 18004) that stays readable with a quarter of it covered, as on a worn poster.
fn qr(text: &str) -> Result<String, qrcode::types::QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q)?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}

/// Service and touchpoint are chosen in one field.
fn placed(errors: Errors) -> Errors {
    errors.renamed("service", "place").renamed("touchpoint", "place")
}

/// What a form asks about.
fn about(form: &Form, services: &[Service]) -> String {
    let Some(service) = services.iter().find(|s| Some(s.id) == form.design.service) else { return String::new() };
    match service.touchpoints.iter().find(|t| Some(t.id) == form.design.touchpoint) {
        Some(touchpoint) => format!("{}: {}", service.name, touchpoint.name),
        None => service.name.clone(),
    }
}

/// The lines that put the widget on a page: the script by its hash, and the link inside for browsers
/// without a script.
fn widget(server: &str, key: &str, link: &str) -> String {
    let script = crate::http::assets::widget_address().unwrap_or_else(|| "/w/v1.js".to_owned());
    let integrity =
        crate::http::assets::integrity("widget.js").map_or_else(String::new, |hash| format!(" integrity=\"{hash}\""));
    format!(
        "<script type=\"module\" src=\"{server}{script}\"{integrity} crossorigin=\"anonymous\"></script>\n\
         <commonweal-feedback form=\"{key}\">{link}</commonweal-feedback>"
    )
}

/// A link as HTML, to be copied.
fn link(address: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<a href=\"{address}\">{text}</a>")
}

/// The answers of a form in the Explorer.
fn explorer(form: &Form) -> String {
    let query = serde_urlencoded::to_string([("source", form.source())]).unwrap_or_default();
    format!("/understand/explorer?{query}")
}

//! How the body's pages look: colours, font, corners, with a check whether everybody can read them.
//!
//! What is typed stands in the address while it is tried, and is checked here whether a script asks
//! or a person does; nothing is kept until it is saved.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_domain::branding::{BrandingFont, Contrast, Corners, Part};
use commonweal_domain::{BodySettings, Branding, Colour, FieldErrors, Permission};

use crate::http::error::WebResult;
use crate::l10n::{Say, console};
use crate::ui::branding;
use crate::ui::choice::{Choice, choices};
use crate::ui::form::{Errors, Fields};
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "govern/branding.html")]
struct BrandingPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    /// Version of the settings that the form was opened with.
    version: i64,
    colours: Vec<ColourField>,
    fonts: Vec<Choice>,
    corners: Vec<Choice>,
    checks: Vec<Check>,
    /// One sentence on all checks.
    verdict: String,
    readable: bool,
    body: String,
    preview: String,
}

struct ColourField {
    key: &'static str,
    label: String,
    hint: String,
    /// As typed.
    value: String,
    /// As understood, for the browser's own colour picker.
    understood: String,
    pick: String,
}

/// What is said of two colours.
struct Check {
    name: String,
    ratio: String,
    needed: String,
    suffices: bool,
    offers: Vec<Offer>,
}

/// A shade that would do, to be taken with one click.
struct Offer {
    /// `link:#0b5c6d`
    value: String,
    text: String,
    colour: String,
}

/// What was typed: understood as far as it can be, and what is wrong with the rest.
struct Typed {
    branding: Branding,
    errors: FieldErrors,
    texts: Vec<(Part, String)>,
}

impl Typed {
    fn of(current: &Branding) -> Self {
        let texts = Part::ALL.iter().map(|p| (*p, current.colour(*p).to_string())).collect();
        Self { branding: current.clone(), errors: FieldErrors::default(), texts }
    }

    /// What is not among the fields stays as it is.
    fn read(fields: &Fields, current: &Branding) -> Self {
        let mut typed = Self::of(current);
        let has = |name: &str| fields.0.iter().any(|(n, _)| n == name);
        for (part, text) in &mut typed.texts {
            if !has(part.key()) {
                continue;
            }
            fields.get(part.key()).clone_into(text);
            match text.parse() {
                Ok(colour) => typed.branding = typed.branding.with(*part, colour),
                Err(_) => typed.errors.add(part.key(), "bad_colour", not_a_colour(*part, text)),
            }
        }
        if has("font") {
            match BrandingFont::from_key(fields.get("font")) {
                Some(font) => typed.branding.font = font,
                None => typed.errors.add("font", "unknown", console().t("branding-font-unknown")),
            }
        }
        if has("corners") {
            match Corners::from_key(fields.get("corners")) {
                Some(corners) => typed.branding.corners = corners,
                None => typed.errors.add("corners", "unknown", console().t("branding-corners-unknown")),
            }
        }
        typed
    }

    /// Puts an offered shade (`link:#0b5c6d`) in place of what was typed.
    fn take(&mut self, offer: &str) {
        let Some((part, colour)) = offer.split_once(':') else { return };
        let (Some(part), Ok(colour)) = (Part::from_key(part), colour.parse::<Colour>()) else { return };
        self.branding = self.branding.with(part, colour);
        self.errors.0.retain(|e| e.field != part.key());
        if let Some((_, text)) = self.texts.iter_mut().find(|(p, _)| *p == part) {
            *text = colour.to_string();
        }
    }
}

fn not_a_colour(part: Part, text: &str) -> String {
    let say = console();
    let id = if text.is_empty() { "branding-colour-missing" } else { "branding-colour-wrong" };
    say.with(id, &[("part", label(say, part).into()), ("text", text.into())])
}

async fn page(
    visit: &Visit,
    settings: &BodySettings,
    typed: Typed,
    errors: Errors,
    version: i64,
) -> WebResult<BrandingPage> {
    let say = crate::l10n::console();
    let colours = typed.texts.iter().map(|(part, text)| {
        let name = label(say, *part);
        ColourField {
            key: part.key(),
            hint: hint(say, *part),
            value: text.clone(),
            understood: typed.branding.colour(*part).to_string(),
            pick: say.with("branding-pick", &[("colour", name.clone().into())]),
            label: name,
        }
    });
    let contrasts = typed.branding.contrasts();
    let short = contrasts.iter().filter(|c| !c.suffices()).count();
    let title = errors.headed(say.t("branding-page-title"), say);
    Ok(BrandingPage {
        frame: visit.frame(title).await?,
        errors,
        version,
        colours: colours.collect(),
        fonts: choices(BrandingFont::ALL, Some(typed.branding.font), BrandingFont::key, BrandingFont::label),
        corners: choices(Corners::ALL, Some(typed.branding.corners), Corners::key, Corners::label),
        verdict: say.count("branding-verdict", short as u64),
        readable: short == 0,
        checks: contrasts.iter().map(|c| check(say, c)).collect(),
        body: settings.name.clone(),
        preview: format!("/settings/branding/preview.css?{}", encoded(&typed.branding)),
        say,
    })
}

fn label(say: Say, part: Part) -> String {
    say.t(&format!("branding-part-{}", part.key().replace('_', "-")))
}

fn hint(say: Say, part: Part) -> String {
    say.t(&format!("branding-hint-{}", part.key().replace('_', "-")))
}

fn check(say: Say, contrast: &Contrast) -> Check {
    let offer = |(part, colour): &(Part, Colour)| Offer {
        value: format!("{}:{colour}", part.key()),
        text: say.with("branding-take", &[("colour", colour.to_string().into()), ("part", label(say, *part).into())]),
        colour: colour.to_string(),
    };
    let needed = contrast.pair.least();
    Check {
        name: say.t(&format!("branding-pair-{}", contrast.pair.key().replace('_', "-"))),
        ratio: format!("{:.2}:1", contrast.shown()),
        needed: format!("{needed}:1"),
        suffices: contrast.suffices(),
        offers: contrast.offers.iter().map(offer).collect(),
    }
}

/// The branding as the query of an address.
fn encoded(branding: &Branding) -> String {
    let mut pairs: Vec<(&str, String)> = Part::ALL.iter().map(|p| (p.key(), branding.colour(*p).to_string())).collect();
    pairs.push(("font", branding.font.key().to_owned()));
    pairs.push(("corners", branding.corners.key().to_owned()));
    // Texts under plain names can always be written.
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// The form, with the branding as it is or as the address says it might be.
pub(crate) async fn form(visit: Visit, RawQuery(query): RawQuery) -> WebResult<Response> {
    let (version, settings) = visit.app().settings_to_change(&visit.actor).await?;
    let fields = Fields::parse(query.as_deref().unwrap_or_default());
    let mut typed = Typed::read(&fields, &settings.branding);
    typed.take(fields.get("take"));
    let errors = Errors::from(typed.errors.clone());
    // While another one is tried, the form stays based on what it was opened with.
    let based_on = fields.get("version").parse().unwrap_or(version);
    Ok(Page(page(&visit, &settings, typed, errors, based_on).await?).into_response())
}

/// Saves. When somebody else saved another branding meanwhile, the form comes back and a second save
/// goes through.
pub(crate) async fn save(visit: Visit, fields: Fields) -> WebResult<Response> {
    let (version, current) = visit.app().settings_to_change(&visit.actor).await?;
    let typed = Typed::read(&fields, &current.branding);
    let outcome = if !typed.errors.is_empty() {
        Err(Error::Invalid(typed.errors.clone()))
    } else {
        let based_on = fields.get("version").parse().unwrap_or(-1);
        let settings = BodySettings { branding: typed.branding.clone(), ..current.clone() };
        visit.app().save_settings(&visit.actor, based_on, settings).await
    };
    let (status, errors) = match outcome {
        Ok(()) => return Ok(Redirect::to(&with_done("/settings/branding", "branding-saved")).into_response()),
        Err(e @ Error::Conflict { .. }) => (StatusCode::CONFLICT, Errors::of_error(e)?),
        Err(e) => (StatusCode::UNPROCESSABLE_ENTITY, Errors::of_error(e)?),
    };
    Ok((status, Page(page(&visit, &current, typed, errors, version).await?)).into_response())
}

/// The stylesheet of the preview: of what the address says, for the preview alone.
pub(crate) async fn preview(visit: Visit, RawQuery(query): RawQuery) -> WebResult<Response> {
    visit.require(Permission::Administer)?;
    let fields = Fields::parse(query.as_deref().unwrap_or_default());
    let typed = Typed::read(&fields, &visit.settings.branding);
    Ok(branding::sheet(branding::stylesheet(&typed.branding, ".cw-branding__preview"), "no-store"))
}

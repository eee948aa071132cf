//! The stylesheet of a body's branding: its colours, font and corners as custom properties, over those
//! of the built stylesheets.
//!
//! Its address carries a hash of what it says, so browsers keep it for good and see a change at once.
//! What a body may type ends up here as colours and choices only, never as text.

use std::fmt::Write as _;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use commonweal_app::hash16;
use commonweal_domain::branding::{BrandingFont, GROUND};
use commonweal_domain::{Branding, Colour};

use crate::http::assets::asset;
use crate::http::error::Failure;
use crate::http::state::WebState;

/// Latin, as the files of the fonts are cut.
const LATIN: &str = "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD";
/// Extended Latin, where Welsh ŵ and ŷ are: loaded by pages that have such letters.
const LATIN_EXT: &str = "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF";

/// A font that we host.
struct Hosted {
    family: &'static str,
    /// The range of weights in its files.
    weights: &'static str,
    latin: &'static str,
    latin_ext: &'static str,
}

fn hosted(font: BrandingFont) -> Option<Hosted> {
    match font {
        BrandingFont::System => None,
        BrandingFont::PublicSans => Some(Hosted {
            family: "Public Sans",
            weights: "100 900",
            latin: "public-sans-latin.woff2",
            latin_ext: "public-sans-latin-ext.woff2",
        }),
        BrandingFont::Atkinson => Some(Hosted {
            family: "Atkinson Hyperlegible Next",
            weights: "200 800",
            latin: "atkinson-latin.woff2",
            latin_ext: "atkinson-latin-ext.woff2",
        }),
    }
}

/// The stylesheet of the branding, for everything inside `selector`.
pub(crate) fn stylesheet(branding: &Branding, selector: &str) -> String {
    let mut css = String::new();
    let font = hosted(branding.font);
    if let Some(Hosted { family, weights, latin, latin_ext }) = &font {
        for (file, range) in [(latin, LATIN), (latin_ext, LATIN_EXT)] {
            // Writing to a text does not fail.
            let _ = write!(
                css,
                "@font-face{{font-family:\"{family}\";font-style:normal;font-weight:{weights};font-display:swap;src:url({}) format(\"woff2\");unicode-range:{range}}}",
                asset(file)
            );
        }
    }
    // A bar as light as the page needs a line below it.
    let edge =
        if branding.brand.contrast(GROUND) < 1.25 { branding.brand_text.to_string() } else { "transparent".to_owned() };
    let _ = write!(
        css,
        "{selector}{{--cw-brand:{};--cw-brand-contrast:{};--cw-brand-edge:{edge};--cw-action:{};--cw-action-contrast:{};--cw-action-hover:{};--cw-link:{};--cw-link-hover:{};--cw-selected:{};--cw-selected-edge:{};--cw-radius:{}px",
        branding.brand,
        branding.brand_text,
        branding.action,
        branding.action_text,
        branding.action_hover(),
        branding.link,
        branding.link_hover(),
        branding.selected(),
        branding.action.mixed(Colour::WHITE, 0.6),
        branding.corners.pixels(),
    );
    if let Some(Hosted { family, .. }) = font {
        // The system's fonts stay behind it, for letters that it does not have.
        let _ = write!(
            css,
            ";--cw-font-family:\"{family}\",system-ui,-apple-system,\"Segoe UI\",roboto,\"Noto Sans\",arial"
        );
    }
    css.push('}');
    css
}

/// A short name for the branding, another one for each: tells whether somebody changed it meanwhile.
pub(crate) fn fingerprint(branding: &Branding) -> String {
    hex(stylesheet(branding, ":root").as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    hash16(bytes)[..8].iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Address of the stylesheet of the branding; none for the usual one, which the built stylesheets hold.
pub(crate) fn address(branding: &Branding) -> Option<String> {
    (*branding != Branding::default()).then(|| format!("/theme/{}.css", fingerprint(branding)))
}

/// Serves the stylesheet.
pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/theme/{file}", get(serve))
}

/// A page that is a moment older than the branding asks for one that is gone: it gets the present one,
/// and keeps it no longer than that.
async fn serve(State(state): State<WebState>, Path(file): Path<String>) -> Result<Response, Failure> {
    let name = file.strip_suffix(".css").ok_or_else(Failure::not_found)?;
    let css = stylesheet(&state.app.settings().branding, ":root");
    let keep = if hex(css.as_bytes()) == name { "public, max-age=31536000, immutable" } else { "no-cache" };
    Ok(sheet(css, keep))
}

/// A stylesheet as a response.
pub(crate) fn sheet(css: String, keep: &'static str) -> Response {
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, HeaderValue::from_static(keep))], css).into_response()
}

#[cfg(test)]
mod tests {
    use commonweal_domain::branding::{Corners, Part};

    use super::*;

    /// Custom properties of a block, by name.
    fn properties(css: &str) -> std::collections::BTreeMap<&str, &str> {
        let lines = css.split(['{', ';', '}', '\n']).filter_map(|line| line.trim().split_once(':'));
        lines.filter(|(name, _)| name.starts_with("--cw-")).map(|(name, value)| (name, value.trim())).collect()
    }

    #[test]
    fn the_built_stylesheet_holds_the_default_branding() {
        let tokens =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../frontend/styles/_tokens.scss"))
                .expect("the tokens");
        let built = properties(&tokens);
        let usual = stylesheet(&Branding::default(), ":root");
        for (name, value) in properties(&usual) {
            let short = if value == "#ffffff" { "#fff" } else { value };
            assert_eq!(built.get(name), Some(&short), "{name}");
        }
        assert_eq!(built.get("--cw-hover"), Some(&GROUND.to_string().as_str()), "what links are measured against");
        assert_eq!(address(&Branding::default()), None);
    }

    #[test]
    fn a_branding_has_an_address_of_its_own_and_hosts_its_font_here() {
        let branding = Branding { font: BrandingFont::PublicSans, corners: Corners::Square, ..Branding::default() };
        let css = stylesheet(&branding, ":root");
        assert!(css.contains("--cw-radius:0px") && css.contains("--cw-font-family:\"Public Sans\""), "{css}");
        assert_eq!(css.matches("url(/assets/public-sans-latin").count(), 2, "{css}");
        assert!(!css.contains("http"), "no other server: {css}");
        let other = branding.with(Part::Link, Colour::BLACK);
        assert_ne!(address(&branding), address(&other));
    }
}

//! What every public page has around its contents, and how its address says which language it is in.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use commonweal_domain::{Form, FormLanguage};

use crate::http::state::WebState;
use crate::l10n::{Language, Say};
use crate::ui::components::{self, LanguageNavigation, SkipLink};

/// What the layout shows.
pub(crate) struct Frame {
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) say: Say,
    /// The languages in which this page can be had.
    pub(crate) languages: Vec<LanguageLink>,
    /// Stylesheet with the body's own colours and font.
    pub(crate) theme: Option<String>,
    pub(crate) privacy: Option<String>,
    pub(crate) accessibility: Option<String>,
}

/// The same page in one language.
pub(crate) struct LanguageLink {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) href: String,
    pub(crate) current: bool,
}

impl Frame {
    /// The frame of a page. `address` makes the page's address in a language.
    pub(crate) fn new(
        state: &WebState,
        title: String,
        language: Language,
        offered: &[Language],
        address: impl Fn(Language) -> String,
    ) -> Self {
        let settings = state.app.settings();
        let link = |l: &Language| LanguageLink {
            code: l.code(),
            name: l.own_name(),
            href: address(*l),
            current: *l == language,
        };
        Self {
            title,
            body: settings.name,
            say: Say { language },
            languages: offered.iter().map(link).collect(),
            theme: crate::ui::branding::address(&settings.branding),
            privacy: settings.privacy_url,
            accessibility: settings.accessibility_url,
        }
    }
}

impl Frame {
    /// Leads past the header.
    pub(crate) fn skip(&self) -> SkipLink {
        SkipLink::new("#main", self.say.t("public-skip").as_str())
    }

    /// Leads to the same page in the other languages.
    pub(crate) fn switch(&self) -> LanguageNavigation {
        let item = |l: &LanguageLink| components::Language::new(l.name, l.code, l.href.as_str()).current(l.current);
        LanguageNavigation::new(self.say.t("public-languages"), self.languages.iter().map(item))
            .classes("cw-public-languages")
    }
}

/// Languages of a form as pages speak them.
pub(crate) fn offered(form: &Form) -> Vec<Language> {
    form.design.languages.iter().map(|l| spoken(*l)).collect()
}

/// A language of forms as pages speak it.
pub(crate) const fn spoken(language: FormLanguage) -> Language {
    match language {
        FormLanguage::English => Language::English,
        FormLanguage::Welsh => Language::Welsh,
    }
}

/// A language of pages as forms know it.
pub(crate) const fn known(language: Language) -> FormLanguage {
    match language {
        Language::English => FormLanguage::English,
        Language::Welsh => FormLanguage::Welsh,
    }
}

/// The language asked for: that of the address, else the browser's best.
pub(crate) fn language(asked: &str, headers: &HeaderMap, offered: &[Language]) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Language::from_code(asked).filter(|l| offered.contains(l)).unwrap_or_else(|| Language::accepted(accepted, offered))
}

/// Says which language a page is in, and that another visitor may get another.
pub(crate) fn spoken_in(language: Language, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
    response
}

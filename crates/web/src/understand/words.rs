//! Words: what people call things, against the body's own text; without one, the words that mark the
//! filtered comments against all others. Nothing of the body's text is kept.

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::understand::marking::{Frequent, MarkingWords};
use commonweal_app::understand::words::{Example, SayPair, WordUse, shipped_vectors};
use commonweal_app::{Error, WordsAnswer, WordsOptions};
use commonweal_domain::search;

use crate::http::error::{Failure, WebResult};
use crate::l10n::Say;
use crate::ui::asked::Asked;
use crate::ui::empty::{Empty, no_data};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::params::Params;
use crate::ui::scope::{self, Scope, ScopeView};

/// Words of each list.
const LISTED: usize = 30;
/// Pairs shown.
const PAIRS: usize = 20;
/// Feedback read without being asked to: what is quick.
const QUICK: u64 = 5_000;

#[derive(Template)]
#[template(path = "understand/words.html")]
struct WordsPage {
    frame: Frame,
    say: Say,
    what: String,
    scope: ScopeView,
    errors: Errors,
    /// The page with the filter, where the text is sent.
    here: String,
    text: String,
    phrases: bool,
    empty: Option<Empty>,
    /// Words of comments alone.
    marking: Option<MarkingView>,
    /// How much would be read, and where to say so.
    ask: Option<(String, String)>,
    /// Words of comments against the text.
    against: Option<AgainstView>,
    as_of: String,
}

struct MarkingView {
    title: String,
    lead: String,
    marking: Vec<WordRow>,
    words: Vec<FrequentRow>,
    phrases: Vec<FrequentRow>,
    notes: Vec<String>,
}

struct AgainstView {
    title: String,
    lead: String,
    pairs: Vec<PairRow>,
    theirs: Vec<WordRow>,
    ours: Vec<WordRow>,
    notes: Vec<String>,
}

/// A word with its use on both sides.
struct WordRow {
    word: String,
    /// Its comments in the Explorer.
    href: String,
    comments: String,
    here: String,
    there: String,
    examples: Vec<ExampleRow>,
}

struct ExampleRow {
    href: String,
    before: String,
    word: String,
    after: String,
}

struct FrequentRow {
    word: String,
    href: String,
    comments: String,
}

/// They say – you say.
struct PairRow {
    they: String,
    href: String,
    you: String,
}

/// The page without a text of the body.
pub(crate) async fn show(visit: Visit) -> WebResult<Response> {
    if let Some(tidy) = scope::tidy_address(&visit, "/understand/words", false) {
        return Ok(Redirect::to(&tidy).into_response());
    }
    let mut params = Params::parse(visit.query());
    let asked = scope::filter(&visit, &mut params);
    let read = params.one("read").is_some();
    scope::accept(params, ", read")?;
    let scope = Scope::of(&visit, asked, "/understand/words", &[], false).await?;
    let mut page = WordsPage::bare(&visit, &scope).await?;
    if scope.periods.is_none() {
        page.empty = Some(nothing(&visit, &scope));
        return Ok(Page(page).into_response());
    }
    match page.mark(&visit, &scope, read).await {
        Ok(()) => Ok(Page(page).into_response()),
        Err(Error::Invalid(errors)) => {
            page.errors = Errors::of_no_field(errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The same with a text of the body. Kept by nobody but the browser: the page may be kept there, so
/// that Back from a comment shows it again.
pub(crate) async fn compare(visit: Visit, body: Result<Bytes, BytesRejection>) -> WebResult<Response> {
    let say = crate::l10n::console();
    let too_large =
        |_| Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", crate::l10n::console().t("words-too-large"));
    let body = body.map_err(too_large)?;
    let fields = Fields::parse(std::str::from_utf8(&body).unwrap_or_default());
    let mut params = Params::parse(visit.query());
    let asked = scope::filter(&visit, &mut params);
    let _ = params.one("read");
    scope::accept(params, "")?;
    let scope = Scope::of(&visit, asked, "/understand/words", &[], false).await?;
    let mut page = WordsPage::bare(&visit, &scope).await?;
    page.text = fields.exact("text").replace("\r\n", "\n");
    page.phrases = fields.get("phrases") == "yes";
    if page.text.trim().is_empty() {
        page.errors = Errors {
            items: vec![crate::ui::form::ErrorItem { field: "text".into(), message: say.t("words-no-text") }],
        };
        page.frame.title = say.with("words-error-title", &[("title", page.frame.title.into())]);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    let options = WordsOptions { limit: LISTED, phrases: page.phrases };
    let own = [page.text.clone()];
    let found = visit.app().words(&visit.actor, scope.asked.filter(), &own, &options, Some(shipped_vectors())).await;
    match found {
        Ok(found) => {
            let to_read = visit.app().marking_words_to_read(&visit.actor, scope.asked.filter()).await?;
            page.what = scope.counted("words-what", &visit, to_read.own);
            page.as_of = visit.as_of(found.as_of);
            page.against = Some(against(say, &scope, &found));
            let mut response = Page(page).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
            headers.insert(header::VARY, HeaderValue::from_static("Cookie"));
            Ok(response)
        }
        Err(Error::Invalid(mut errors)) => {
            for error in &mut errors.0 {
                // The text is the form's only field; what is wrong with the filter is the page's.
                error.field = if matches!(error.field.as_str(), "text" | "body") { "text" } else { "" }.to_owned();
            }
            page.errors = errors.into();
            page.frame.title = say.with("words-error-title", &[("title", page.frame.title.into())]);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn nothing(visit: &Visit, scope: &Scope) -> Empty {
    if scope.asked.is_everything() { no_data(visit) } else { scope.no_match() }
}

impl WordsPage {
    async fn bare(visit: &Visit, scope: &Scope) -> WebResult<Self> {
        let say = crate::l10n::console();
        Ok(Self {
            frame: visit.frame(say.t("words-title")).await?,
            say,
            what: String::new(),
            scope: scope.view.clone(),
            errors: Errors::default(),
            here: scope.asked.at("/understand/words"),
            text: String::new(),
            phrases: false,
            empty: None,
            marking: None,
            ask: None,
            against: None,
            as_of: visit.as_of(visit.app().as_of()),
        })
    }

    /// Reads the comments when that is quick or was asked for.
    async fn mark(&mut self, visit: &Visit, scope: &Scope, read: bool) -> Result<(), Error> {
        let say = self.say;
        let to_read = visit.app().marking_words_to_read(&visit.actor, scope.asked.filter()).await?;
        self.what = scope.counted("words-what", visit, to_read.own);
        if to_read.own == 0 {
            self.empty = Some(Empty {
                title: say.t("words-none-title"),
                text: say.t("words-none-text"),
                actions: scope.no_match().actions,
            });
            return Ok(());
        }
        if to_read.all() > QUICK && !read {
            let own = [("read".to_owned(), "yes".to_owned())];
            self.ask =
                Some((say.count("words-ask", to_read.all()), scope::address(&scope.asked, "/understand/words", &own)));
            return Ok(());
        }
        let most = commonweal_app::understand::marking::MAX_READ;
        let found = visit.app().marking_words(&visit.actor, scope.asked.filter(), LISTED, most).await?;
        self.as_of = visit.as_of(found.as_of);
        self.marking = Some(marking(say, scope, found));
        Ok(())
    }
}

/// The feedback whose comments have a word, under the same filter.
pub(crate) fn with_word(asked: &Asked, word: &str) -> String {
    asked
        .with(|filter| {
            // Words of comments are letters with apostrophes: nothing that a search would take amiss.
            if search::parse(&format!("\"{word}\""), filter).is_err() {
                filter.words = Default::default();
            }
        })
        .explorer()
}

fn word_row(asked: &Asked, word: &WordUse) -> WordRow {
    WordRow {
        href: if word.public_comments > 0 { with_word(asked, &word.word) } else { String::new() },
        comments: format::count(word.public_comments),
        here: rate(word.public_per_thousand, word.public_count),
        there: rate(word.body_per_thousand, word.body_count),
        examples: word.examples.iter().map(example).collect(),
        word: word.word.clone(),
    }
}

fn example(example: &Example) -> ExampleRow {
    ExampleRow {
        href: format!("/understand/feedback/{}", example.feedback),
        before: example.before.clone(),
        word: example.word.clone(),
        after: example.after.clone(),
    }
}

/// Occurrences in a thousand words; some is never written as none.
fn rate(per_thousand: f64, count: u64) -> String {
    match (count, per_thousand) {
        (0, _) => "0".to_owned(),
        (_, r) if r < 0.05 => "<0.1".to_owned(),
        (_, r) => format!("{r:.1}"),
    }
}

fn quoted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.take(3).map(|w| format!("“{w}”")).collect::<Vec<_>>().join(", ")
}

fn marking(say: Say, scope: &Scope, found: MarkingWords) -> MarkingView {
    let frequent = |rows: &[Frequent]| -> Vec<FrequentRow> {
        let row = |f: &Frequent| FrequentRow {
            word: f.word.clone(),
            href: with_word(&scope.asked, &f.word),
            comments: format::count(f.comments),
        };
        rows.iter().map(row).collect()
    };
    let mut notes = vec![say.count("words-note-minimum", found.minimum)];
    if found.capped {
        notes.push(say.t("words-note-capped"));
    }
    let words = quoted(found.marking.iter().map(|w| w.word.as_str()));
    let most = quoted(found.words.iter().map(|w| w.word.as_str()));
    let told = [("comments", found.comments.into()), ("others", found.others.into())];
    let (title, lead) = match (found.others, words.is_empty(), most.is_empty()) {
        (0, _, true) => (say.t("words-title-few"), say.t("words-lead-few")),
        (0, _, false) => (say.with("words-title-most", &[("words", most.into())]), say.t("words-lead-all")),
        (_, true, _) => (say.t("words-title-none"), say.with("words-lead-none", &told)),
        (_, false, _) => (say.with("words-title-mark", &[("words", words.into())]), say.with("words-lead-mark", &told)),
    };
    MarkingView {
        title,
        lead,
        marking: found.marking.iter().map(|w| word_row(&scope.asked, w)).collect(),
        words: frequent(&found.words),
        phrases: frequent(&found.phrases),
        notes,
    }
}

fn against(say: Say, scope: &Scope, found: &WordsAnswer) -> AgainstView {
    let (theirs, ours) = (
        quoted(found.by_public.iter().map(|w| w.word.as_str())),
        quoted(found.by_body.iter().map(|w| w.word.as_str())),
    );
    let told = [("theirs", theirs.clone().into()), ("ours", ours.clone().into())];
    let title = match (theirs.is_empty(), ours.is_empty()) {
        (true, true) => say.t("words-finding-none"),
        (false, true) => say.with("words-finding-theirs", &told),
        (true, false) => say.with("words-finding-ours", &told),
        (false, false) => say.with("words-finding-both", &told),
    };
    let mut notes = vec![say.t("words-note-kept"), say.count("words-note-minimum", found.minimum)];
    if found.text_is_short() {
        notes.push(say.count("words-note-short", found.body_words));
    }
    if found.capped {
        notes.push(say.t("words-note-capped"));
    }
    if let (Some(body), Some(public)) = (&found.body_language, &found.public_language)
        && body != public
    {
        let name = |code: &str| scope.label(&commonweal_domain::Dimension::Language, code);
        notes.insert(
            0,
            say.with("words-note-language", &[("body", name(body).into()), ("public", name(public).into())]),
        );
    }
    let pair = |p: &SayPair| PairRow {
        href: with_word(&scope.asked, &p.they),
        they: p.they.clone(),
        you: p.you.iter().map(|y| y.word.as_str()).collect::<Vec<_>>().join(", "),
    };
    AgainstView {
        title,
        lead: say.with(
            "words-lead",
            &[
                ("comments", found.comments.into()),
                ("words", found.public_words.into()),
                ("own", found.body_words.into()),
            ],
        ),
        pairs: found.pairs.iter().flatten().take(PAIRS).map(pair).collect(),
        theirs: found.by_public.iter().map(|w| word_row(&scope.asked, w)).collect(),
        ours: found.by_body.iter().map(|w| word_row(&scope.asked, w)).collect(),
        notes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_leads_to_the_comments_that_have_it() {
        let asked = Asked::nothing(chrono_tz::Tz::UTC);
        assert_eq!(with_word(&asked, "waiting"), "/understand/explorer?q=%22waiting%22");
        assert_eq!(with_word(&asked, "bus stop"), "/understand/explorer?q=%22bus+stop%22");
        assert_eq!(with_word(&asked, "OR"), "/understand/explorer?q=%22or%22");
    }

    #[test]
    fn some_is_never_none() {
        assert_eq!((rate(0.0, 0), rate(0.01, 2), rate(1.26, 9)), ("0".into(), "<0.1".into(), "1.3".into()));
    }
}

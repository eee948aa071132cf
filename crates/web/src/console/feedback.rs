//! One feedback: all its words and ratings, what was read from them, where it came from.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::{CommentIdentity, FeedbackDetail, Labels};
use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::{CommentId, Dimension, FeedbackDoc, FeedbackId, Permission, Rating, Sentiment};

use super::asked::Asked;
use super::chips::label;
use super::comments::{Score, Segment, Tag, foreign, whole};
use super::forms::{Errors, Fields};
use super::frame::{Frame, Visit, with_done};
use super::mapping::{Choice, number};
use super::{format, imports};
use crate::error::WebResult;
use crate::filter_url::Context;
use crate::l10n;
use crate::page::Page;

#[derive(Template)]
#[template(path = "feedback.html")]
struct DetailPage {
    frame: Frame,
    heading: String,
    what: String,
    back: String,
    errors: Errors,
    comments: Vec<CommentView>,
    ratings: Vec<RatingView>,
    context: Vec<Fact>,
    attributes: Vec<Fact>,
    contact: Vec<(&'static str, String)>,
    person: String,
    keyed: Option<KeyedView>,
}

/// Who of the body keyed it in.
struct KeyedView {
    text: String,
    /// Ways to change it or take it back, for whoever may.
    ways: Vec<(String, String)>,
}

struct CommentView {
    title: String,
    question: String,
    lang: String,
    segments: Vec<Segment>,
    original: Option<String>,
    sentiment: Option<Tag>,
    read_by: &'static str,
    facts: Vec<(&'static str, String)>,
    may_correct: bool,
    correct: String,
    sentiments: Vec<Choice>,
    may_see_original: bool,
    show_original: String,
}

struct RatingView {
    name: String,
    score: Score,
    scale: String,
}

struct Fact {
    name: String,
    value: String,
    href: String,
}

/// The page.
pub(super) async fn show(visit: Visit, Path(id): Path<FeedbackId>) -> WebResult<Response> {
    let page = page(&visit, id, Errors::default(), None).await?;
    Ok(Page(page).into_response())
}

/// Corrects the sentiment of a comment.
pub(super) async fn correct(
    visit: Visit,
    Path((id, comment)): Path<(FeedbackId, CommentId)>,
    fields: Fields,
) -> WebResult<Response> {
    let sentiment = Sentiment::from_key(fields.get("sentiment"));
    match visit.app().correct(&visit.actor, comment, sentiment, None).await {
        Ok(()) => {
            let here = with_query(&format!("/feedback/{id}"), visit.query());
            Ok(Redirect::to(&with_done(&here, "corrected")).into_response())
        }
        Err(e) => {
            let errors = Errors::of_error(e)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page(&visit, id, errors, None).await?)).into_response())
        }
    }
}

/// Shows a comment as it was before redaction. Sent as a form, because each look is written down.
pub(super) async fn original(visit: Visit, Path((id, comment)): Path<(FeedbackId, CommentId)>) -> WebResult<Response> {
    let text = visit.app().original(&visit.actor, comment).await?;
    let page = page(&visit, id, Errors::default(), Some((comment, text))).await?;
    Ok(Page(page).into_response())
}

async fn page(
    visit: &Visit,
    id: FeedbackId,
    errors: Errors,
    original: Option<(CommentId, String)>,
) -> WebResult<DetailPage> {
    let FeedbackDetail { doc, contact, comments } = visit.app().feedback(&visit.actor, id).await?;
    // A question that can't be read is no reason not to show the feedback.
    let (asked, _) = Asked::read(visit.query(), Context { zone: visit.zone(), now: visit.app().now() });
    let labels = visit.app().labels();
    let sources = imports::source_names(visit).await?;
    let when = format::date_time(doc.at, visit.zone());
    let heading = format!("Feedback of {when}");
    let view = |(place, (comment, identity)): (usize, (&CommentDoc, &CommentIdentity))| {
        let shown = original.as_ref().filter(|(of, _)| *of == identity.id).map(|(_, text)| text.clone());
        comment_view(visit, &asked, &doc, place, comment, *identity, shown)
    };
    let say = l10n::console();
    let keyed = visit.app().keyed_by(&visit.actor, id).await?.map(|by| KeyedView {
        text: say
            .with("entry-by", &[("name", by.name.into()), ("time", format::date_time(by.at, visit.zone()).into())]),
        ways: if by.may_change {
            vec![
                (format!("/entry/{id}/change"), say.t("entry-change")),
                (format!("/entry/{id}/take-back"), say.t("entry-take-back")),
            ]
        } else {
            Vec::new()
        },
    });
    let facts = Facts { doc: &doc, labels: &labels, sources: &sources, asked: Asked::nothing(visit.zone()) };
    Ok(DetailPage {
        frame: visit.frame(heading.clone()).await?,
        what: summary(&doc, &labels),
        back: asked.explorer(),
        heading,
        errors,
        comments: doc.comments.iter().zip(&comments).enumerate().map(view).collect(),
        ratings: doc.ratings.iter().map(rating_view).collect(),
        context: facts.context(),
        attributes: facts.attributes(),
        contact: vec![
            ("Direction", doc.direction.label().to_owned()),
            ("Function", doc.function.label().to_owned()),
            ("Capacity", doc.capacity.label().to_owned()),
            ("Taken in", format::date_time(doc.received_at, visit.zone())),
            ("Contact", contact.to_string()),
            ("Feedback", id.to_string()),
        ],
        person: visit.settings.person_word.clone(),
        keyed,
    })
}

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Where and how, in a few words.
fn summary(doc: &FeedbackDoc, labels: &Labels) -> String {
    let place = match (&doc.touchpoint, &doc.service) {
        (Some(t), _) => Some(labels.value(&Dimension::Touchpoint, t)),
        (None, Some(s)) => Some(labels.value(&Dimension::Service, s)),
        (None, None) => None,
    };
    let parts: Vec<String> = place.into_iter().chain([doc.channel.label().to_owned()]).collect();
    parts.join(", ")
}

fn comment_view(
    visit: &Visit,
    asked: &Asked,
    doc: &FeedbackDoc,
    place: usize,
    comment: &CommentDoc,
    identity: CommentIdentity,
    original: Option<String>,
) -> CommentView {
    let reading = &comment.reading;
    let labels = visit.app().labels();
    let mut facts = Vec::new();
    if let Some(language) = &reading.language {
        facts.push(("Language", labels.value(&Dimension::Language, language)));
    }
    if let Some(emotion) = &reading.emotion {
        facts.push(("Emotion", format!("{} (indicative)", labels.value(&Dimension::Emotion, emotion))));
    }
    if !reading.themes.is_empty() {
        facts.push(("Themes", labels.values(&Dimension::Theme, &reading.themes).join(", ")));
    }
    if !reading.alerts.is_empty() {
        facts.push(("Alerts", labels.values(&Dimension::Alert, &reading.alerts).join(", ")));
    }
    let base = format!("/feedback/{}/comments/{}", doc.id, identity.id);
    let query = asked.query();
    CommentView {
        title: if doc.comments.len() > 1 { format!("Answer {}", place + 1) } else { "In their words".to_owned() },
        question: comment.question.clone().unwrap_or_default(),
        lang: foreign(comment, doc),
        segments: whole(comment, &asked.filter().words),
        may_see_original: identity.has_original && original.is_none() && visit.may(Permission::ReadOriginals),
        original,
        sentiment: reading.sentiment.map(Tag::of),
        read_by: if identity.sentiment_corrected { "corrected by a person" } else { "read by machine" },
        facts,
        may_correct: visit.may(Permission::CorrectReadings),
        correct: with_query(&format!("{base}/sentiment"), &query),
        sentiments: Sentiment::ALL
            .iter()
            .rev()
            .map(|s| (s.key().to_owned(), s.label().to_owned(), reading.sentiment == Some(*s)))
            .collect(),
        show_original: with_query(&format!("{base}/original"), &query),
    }
}

fn rating_view(rating: &Rating) -> RatingView {
    let plain = (rating.worst, rating.best) == (1.0, 5.0);
    RatingView {
        name: if rating.name == "overall" {
            "Overall".to_owned()
        } else {
            format::capital(&rating.name.replace('_', " "))
        },
        score: Score::of(rating),
        scale: if plain {
            String::new()
        } else {
            format!(
                "given as {} on a scale from {} (worst) to {} (best)",
                number(rating.value),
                number(rating.worst),
                number(rating.best)
            )
        },
    }
}

struct Facts<'a> {
    doc: &'a FeedbackDoc,
    labels: &'a Labels,
    sources: &'a [(String, String)],
    asked: Asked,
}

impl Facts<'_> {
    /// A value with the way to all feedback that shares it.
    fn fact(&self, dimension: Dimension, value: &str) -> Fact {
        Fact {
            name: dimension.label().into_owned(),
            value: label(self.labels, self.sources, &dimension, value),
            href: self.asked.only(&dimension, &[value]).explorer(),
        }
    }

    fn context(&self) -> Vec<Fact> {
        use Dimension as D;
        let dimensions = [D::Service, D::Touchpoint, D::Channel, D::Area, D::Language, D::Device, D::Page, D::Source];
        let facts = |d: Dimension| d.values(self.doc).into_iter().map(move |v| (d.clone(), v));
        dimensions.into_iter().flat_map(facts).map(|(d, v)| self.fact(d, &v)).collect()
    }

    fn attributes(&self) -> Vec<Fact> {
        let all = self.doc.attributes.iter();
        all.map(|(name, value)| self.fact(Dimension::Attribute(name.clone()), value)).collect()
    }
}

//! One feedback in full: its words with what was read from them, ratings, context. Its own page and
//! the Explorer beside its list show the same.

use commonweal_app::{CommentIdentity, CorrectionTold, FeedbackDetail, Labels};
use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::{CommentId, Dimension, FeedbackDoc, FeedbackId, Permission, Rating};

use crate::l10n::{self, Say};
use crate::ui::asked::Asked;
use crate::ui::chips::label;
use crate::ui::comments::{Score, Segment, Tag, foreign, whole};
use crate::ui::form::Errors;
use crate::ui::format;
use crate::ui::format::number;
use crate::ui::frame::Visit;
use crate::ui::sources;
use crate::understand::explorer::correction::{self, CorrectionForm, Typed};
use crate::understand::themes::named::ThemesNamed;

/// What a form that was sent adds to what is shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    pub(crate) errors: Errors,
    /// What was filled in and could not be saved.
    pub(crate) typed: Option<Typed>,
    /// A comment as it was before redaction.
    pub(crate) original: Option<(CommentId, String)>,
}

/// One feedback as it is shown.
pub(crate) struct Detail {
    pub(crate) heading: String,
    pub(crate) what: String,
    pub(crate) comments: Vec<CommentView>,
    pub(crate) ratings: Vec<RatingView>,
    pub(crate) context: Vec<Fact>,
    pub(crate) attributes: Vec<Fact>,
    pub(crate) contact: Vec<(String, String)>,
    pub(crate) about: String,
    /// Who of the body entered it, if somebody did.
    pub(crate) entered: Option<EnteredView>,
    /// The names of all themes, for fields into which one is typed.
    pub(crate) theme_names: Vec<String>,
}

/// One comment.
pub(crate) struct CommentView {
    pub(crate) title: String,
    pub(crate) question: String,
    pub(crate) lang: String,
    pub(crate) segments: Vec<Segment>,
    pub(crate) original: Option<String>,
    pub(crate) sentiment: Option<Tag>,
    /// Themes with the way to all feedback about them.
    pub(crate) themes: Vec<Fact>,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) corrected: bool,
    pub(crate) who: String,
    pub(crate) history: Vec<String>,
    pub(crate) history_label: String,
    pub(crate) form: Option<CorrectionForm>,
    pub(crate) may_see_original: bool,
    pub(crate) show_original: String,
}

/// One rating.
pub(crate) struct RatingView {
    pub(crate) name: String,
    pub(crate) score: Score,
    pub(crate) scale: String,
}

/// A value with the way to all feedback that shares it.
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) href: String,
}

/// Who of the body entered it.
pub(crate) struct EnteredView {
    pub(crate) text: String,
    /// Ways to change it or take it back, for whoever may.
    pub(crate) ways: Vec<(String, String)>,
}

/// What is known besides the feedback itself.
struct Around<'a> {
    visit: &'a Visit,
    asked: &'a Asked,
    say: Say,
    labels: Labels,
    sources: Vec<(String, String)>,
    themes: ThemesNamed,
    made: Vec<CorrectionTold>,
}

impl Detail {
    /// Reads and dresses one feedback. `asked` is the Explorer's question, for the words that are
    /// marked and for where forms lead back to.
    pub(crate) async fn of(
        visit: &Visit,
        asked: &Asked,
        id: FeedbackId,
        sent: &Sent,
    ) -> Result<Self, commonweal_app::Error> {
        let app = visit.app();
        let FeedbackDetail { doc, contact, comments } = app.feedback(&visit.actor, id).await?;
        let ids: Vec<CommentId> = comments.iter().map(|c| c.id).collect();
        let around = Around {
            visit,
            asked,
            say: l10n::console(),
            labels: app.labels(),
            sources: sources::names(visit).await?,
            themes: ThemesNamed::of(visit).await?,
            made: app.corrections(&visit.actor, &ids).await?,
        };
        let say = around.say;
        let entered = app.entered_by(&visit.actor, id).await?.map(|by| {
            let time = format::date_time(by.at, visit.zone());
            let ways = [("change", "entry-change"), ("take-back", "entry-take-back")];
            EnteredView {
                text: say.with("entry-by", &[("name", by.name.into()), ("time", time.into())]),
                ways: ways
                    .into_iter()
                    .filter(|_| by.may_change)
                    .map(|(way, text)| (format!("/listen/entry/{id}/{way}"), say.t(text)))
                    .collect(),
            }
        });
        let views = doc.comments.iter().zip(&comments).enumerate();
        let heading = say.with("feedback-title", &[("when", format::date_time(doc.at, visit.zone()).into())]);
        Ok(Self {
            heading,
            what: summary(&doc, &around.labels),
            comments: views.map(|(place, (c, i))| around.comment(&doc, place, c, i, sent)).collect(),
            ratings: doc.ratings.iter().map(|r| rating_view(say, r)).collect(),
            context: around.context(&doc),
            attributes: around.attributes(&doc),
            contact: vec![
                (say.t("feedback-direction"), doc.direction.label().to_owned()),
                (say.t("feedback-function"), doc.function.label().to_owned()),
                (say.t("feedback-capacity"), doc.capacity.label().to_owned()),
                (say.t("feedback-taken-in"), format::date_time(doc.received_at, visit.zone())),
                (say.t("feedback-contact-id"), contact.to_string()),
                (say.t("feedback-id"), id.to_string()),
            ],
            about: say.with("feedback-about", &[("person", visit.settings.person_word.as_str().into())]),
            entered,
            theme_names: around.themes.all().iter().map(|t| t.name.clone()).collect(),
        })
    }
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

/// An address with a query string, if there is one.
pub(crate) fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

impl Around<'_> {
    fn comment(
        &self,
        doc: &FeedbackDoc,
        place: usize,
        comment: &CommentDoc,
        identity: &CommentIdentity,
        sent: &Sent,
    ) -> CommentView {
        let (visit, say, reading) = (self.visit, self.say, &comment.reading);
        let mut facts = Vec::new();
        if let Some(language) = &reading.language {
            facts.push((say.t("feedback-language"), self.labels.value(&Dimension::Language, language)));
        }
        if let Some(emotion) = &reading.emotion {
            let emotion = self.labels.value(&Dimension::Emotion, emotion);
            facts.push((
                say.t("feedback-emotion"),
                say.with("feedback-emotion-indicative", &[("emotion", emotion.into())]),
            ));
        }
        if !reading.alerts.is_empty() {
            let alerts = self.labels.values(&Dimension::Alert, &reading.alerts).join(", ");
            facts.push((say.t("feedback-alerts"), alerts));
        }
        let made: Vec<&CorrectionTold> = self.made.iter().filter(|c| c.correction.comment == identity.id).collect();
        let history = correction::history(visit, say, &made, &self.themes);
        let query = self.asked.query();
        let base = format!("/understand/feedback/{}/comments/{}", doc.id, identity.id);
        let original = sent.original.as_ref().filter(|(of, _)| *of == identity.id).map(|(_, text)| text.clone());
        let form = visit.may(Permission::CorrectReadings).then(|| {
            CorrectionForm::of(
                (say, place + 1),
                with_query(&format!("{base}/correction"), &query),
                comment,
                identity,
                made.last().map(|c| c.correction.id),
                &self.themes,
                sent.typed.as_ref().filter(|t| t.comment == identity.id),
            )
        });
        CommentView {
            title: match doc.comments.len() {
                1 => say.t("feedback-words"),
                _ => say.count("feedback-answer-number", place as u64 + 1),
            },
            question: comment.question.clone().unwrap_or_default(),
            lang: foreign(comment, doc),
            segments: whole(comment, &self.asked.filter().words),
            may_see_original: identity.has_original && original.is_none() && visit.may(Permission::ReadOriginals),
            original,
            sentiment: reading.sentiment.map(Tag::of),
            themes: reading.themes.iter().map(|key| self.fact(Dimension::Theme, key)).collect(),
            facts,
            corrected: identity.sentiment_corrected || identity.themes_corrected,
            who: correction::who(say, identity, &made, visit.user.id),
            history_label: say.count("feedback-history", history.len() as u64),
            history,
            form,
            show_original: with_query(&format!("{base}/original"), &query),
        }
    }

    fn fact(&self, dimension: Dimension, value: &str) -> Fact {
        let all = Asked::nothing(self.visit.zone());
        Fact {
            name: dimension.label().into_owned(),
            value: label(&self.labels, &self.sources, &dimension, value),
            href: all.only(&dimension, &[value]).explorer(),
        }
    }

    fn context(&self, doc: &FeedbackDoc) -> Vec<Fact> {
        use Dimension as D;
        let dimensions = [D::Service, D::Touchpoint, D::Channel, D::Area, D::Language, D::Device, D::Page, D::Source];
        let facts = |d: Dimension| d.values(doc).into_iter().map(move |v| (d.clone(), v));
        dimensions.into_iter().flat_map(facts).map(|(d, v)| self.fact(d, &v)).collect()
    }

    fn attributes(&self, doc: &FeedbackDoc) -> Vec<Fact> {
        let all = doc.attributes.iter();
        all.map(|(name, value)| self.fact(Dimension::Attribute(name.clone()), value)).collect()
    }
}

fn rating_view(say: Say, rating: &Rating) -> RatingView {
    let plain = (rating.worst, rating.best) == (1.0, 5.0);
    let told = [("value", number(rating.value)), ("worst", number(rating.worst)), ("best", number(rating.best))];
    RatingView {
        name: if rating.name == "overall" {
            say.t("feedback-rating-overall")
        } else {
            format::capital(&rating.name.replace('_', " "))
        },
        score: Score::of(rating),
        scale: if plain {
            String::new()
        } else {
            say.with("feedback-rating-scale", &told.map(|(name, value)| (name, value.into())))
        },
    }
}

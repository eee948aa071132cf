//! Correcting a reading in place: the form, what it says, and the history of what was said.

use commonweal_app::{CommentIdentity, CorrectionTold, Error};
use commonweal_domain::correction::{CorrectionAct, Judgement};
use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::{CommentId, CorrectionId, Sentiment, ThemeId, UserId, Verdict};

use crate::l10n::Say;
use crate::ui::choice::{Choice, choices};
use crate::ui::form::{ErrorItem, Errors, Fields};
use crate::ui::format;
use crate::ui::frame::Visit;
use crate::understand::themes::named::ThemesNamed;

/// Most characters of what is typed into the field for themes.
const MAX_TYPED: usize = 500;

/// What somebody filled in and could not be saved: it is shown again as it was.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub(crate) comment: CommentId,
    sentiment: String,
    themes: Vec<String>,
    names: String,
}

impl Typed {
    pub(crate) fn of(comment: CommentId, fields: &Fields) -> Self {
        Self {
            comment,
            sentiment: fields.get("sentiment").to_owned(),
            themes: fields.all("theme").map(str::to_owned).collect(),
            names: fields.get("theme_names").chars().take(MAX_TYPED).collect(),
        }
    }
}

/// The form for one comment.
pub(crate) struct CorrectionForm {
    pub(crate) action: String,
    /// Ids of the fields, by which errors name them.
    pub(crate) sentiment_id: String,
    pub(crate) names_id: String,
    /// The last correction that the page shows; empty for none.
    pub(crate) seen: String,
    /// Whether the part with the fields is unfolded.
    pub(crate) unfolded: bool,
    pub(crate) sentiments: Vec<Choice>,
    /// Themes that are chosen, then all others.
    pub(crate) chosen: Vec<Choice>,
    pub(crate) others: Vec<Choice>,
    pub(crate) others_label: String,
    pub(crate) names: String,
    pub(crate) may_confirm: bool,
    pub(crate) may_undo: bool,
}

impl CorrectionForm {
    pub(crate) fn of(
        (say, place): (Say, usize),
        action: String,
        comment: &CommentDoc,
        identity: &CommentIdentity,
        seen: Option<CorrectionId>,
        themes: &ThemesNamed,
        typed: Option<&Typed>,
    ) -> Self {
        let reading = &comment.reading;
        let corrected = identity.sentiment_corrected || identity.themes_corrected;
        let sentiment = typed.map_or_else(
            || reading.sentiment.map(Sentiment::key).unwrap_or_default().to_owned(),
            |t| t.sentiment.clone(),
        );
        let is_chosen = |key: &str| match typed {
            Some(typed) => typed.themes.iter().any(|k| k == key),
            None => reading.themes.iter().any(|k| k == key),
        };
        let mut sentiments =
            choices(Sentiment::ALL.iter().rev(), Sentiment::from_key(&sentiment), Sentiment::key, Sentiment::label);
        if reading.sentiment.is_none() {
            sentiments.insert(0, Choice::none(say.t("feedback-sentiment-unsaid"), sentiment.is_empty()));
        }
        let all = themes.all().iter().map(|t| Choice::new(&t.key, &t.name, is_chosen(&t.key)));
        let (chosen, others): (Vec<Choice>, Vec<Choice>) = all.partition(|theme| theme.chosen);
        Self {
            action,
            sentiment_id: format!("sentiment-{place}"),
            names_id: format!("theme-names-{place}"),
            seen: seen.map(|id| id.to_string()).unwrap_or_default(),
            unfolded: typed.is_some(),
            others_label: say.count("feedback-other-themes", others.len() as u64),
            sentiments,
            chosen,
            others,
            names: typed.map(|t| t.names.clone()).unwrap_or_default(),
            may_confirm: !(identity.sentiment_corrected && identity.themes_corrected),
            may_undo: corrected,
        }
    }
}

/// What a form says; `place` is the comment's on the page, from 1, for the names of its fields.
pub(crate) fn verdict(
    say: Say,
    fields: &Fields,
    comment: &CommentDoc,
    themes: &ThemesNamed,
    place: usize,
) -> Result<Verdict, Errors> {
    let error = |field: String, message: String| Errors { items: vec![ErrorItem { field, message }] };
    match fields.get("act") {
        "confirm" => return Ok(Verdict::Confirm),
        "undo" => return Ok(Verdict::Undo),
        _ => {}
    }
    let reading = &comment.reading;
    let sentiment = match fields.get("sentiment") {
        "" => None,
        key => match Sentiment::from_key(key) {
            Some(s) => Some(s),
            None => return Err(error(format!("sentiment-{place}"), say.t("feedback-sentiment-wrong"))),
        },
    };
    let field = format!("theme-names-{place}");
    let mut wanted: Vec<ThemeId> = Vec::new();
    for key in fields.all("theme") {
        match themes.by_key(key) {
            Some(theme) => wanted.push(theme.id),
            None => return Err(error(field, themes.unknown(key, say))),
        }
    }
    let typed: String = fields.get("theme_names").chars().take(MAX_TYPED).collect();
    for id in themes.list(&typed, say).map_err(|message| error(field, message))? {
        if !wanted.contains(&id) {
            wanted.push(id);
        }
    }
    // Only what the person changed is what the person said.
    let now: Vec<ThemeId> = reading.themes.iter().filter_map(|k| themes.by_key(k)).map(|t| t.id).collect();
    let same = now.len() == wanted.len() && now.iter().all(|id| wanted.contains(id));
    let sentiment = sentiment.filter(|s| reading.sentiment != Some(*s));
    let themes = (!same).then_some(wanted);
    if sentiment.is_none() && themes.is_none() {
        return Err(error(format!("sentiment-{place}"), say.t("feedback-nothing-changed")));
    }
    Ok(Verdict::Say { sentiment, themes })
}

/// The last correction that the form showed.
pub(crate) fn seen(fields: &Fields) -> Option<Option<CorrectionId>> {
    let text = fields.all("seen").next()?.trim();
    // What can't be read was seen by nobody: it is refused like any other that is not the last.
    Some(if text.is_empty() { None } else { Some(text.parse().unwrap_or(CorrectionId(uuid::Uuid::nil()))) })
}

/// What is shown when a correction was refused: somebody else's change is told, with who and what.
pub(crate) fn refused(say: Say, e: Error, history: &[String], place: usize) -> Result<Errors, Error> {
    match e {
        Error::Conflict { .. } => {
            let last = history.last().cloned().unwrap_or_default();
            let message = say.with("feedback-meanwhile", &[("what", last.into())]);
            Ok(Errors { items: vec![ErrorItem { field: format!("sentiment-{place}"), message }] })
        }
        other => Errors::of_error(other),
    }
}

/// Who stands behind what is shown: "You and 3 others corrected this."
pub(crate) fn who(say: Say, identity: &CommentIdentity, made: &[&CorrectionTold], me: UserId) -> String {
    if !identity.sentiment_corrected && !identity.themes_corrected {
        return say.t("feedback-by-machine");
    }
    // What was taken back no longer stands behind it.
    let begin = made.iter().rposition(|c| c.correction.act == CorrectionAct::Undone && c.correction.batch.is_none());
    let standing = &made[begin.map_or(0, |p| p + 1)..];
    let mut people: Vec<(UserId, &str)> = Vec::new();
    for one in standing {
        if !people.iter().any(|(id, _)| *id == one.correction.user) {
            people.push((one.correction.user, &one.by));
        }
    }
    let corrected = standing.iter().any(|c| c.correction.act == CorrectionAct::Corrected);
    let mine = people.iter().any(|(id, _)| *id == me);
    let others = people.iter().filter(|(id, _)| *id != me).count();
    let told = [
        ("act", if corrected { "corrected" } else { "confirmed" }.into()),
        ("others", (others as u64).into()),
        ("name", people.iter().find(|(id, _)| *id != me).map_or("", |(_, name)| *name).to_owned().into()),
    ];
    match (mine, others) {
        (true, 0) => say.with("feedback-who-you", &told),
        (true, _) => say.with("feedback-who-you-and", &told),
        (false, 1) => say.with("feedback-who-one", &told),
        (false, _) => say.with("feedback-who-others", &told),
    }
}

/// The history of one comment, oldest first, one sentence each.
pub(crate) fn history(visit: &Visit, say: Say, made: &[&CorrectionTold], themes: &ThemesNamed) -> Vec<String> {
    made.iter().map(|one| line(visit, say, one, themes)).collect()
}

fn line(visit: &Visit, say: Say, one: &CorrectionTold, themes: &ThemesNamed) -> String {
    let c = &one.correction;
    let by = if c.user == visit.user.id { say.t("feedback-history-you") } else { one.by.clone() };
    let when = format::moment(c.at, visit.app().now(), visit.zone());
    let told =
        [("by", by.into()), ("at", when.into()), ("what", what(say, c.before.as_ref(), &c.after, themes).into())];
    let id = match (c.act, c.batch.is_some()) {
        (CorrectionAct::Corrected, false) => "feedback-history-corrected",
        (CorrectionAct::Corrected, true) => "feedback-history-bulk",
        (CorrectionAct::Confirmed, _) => "feedback-history-confirmed",
        (CorrectionAct::Undone, false) => "feedback-history-undone",
        (CorrectionAct::Undone, true) => "feedback-history-taken-back",
    };
    say.with(id, &told)
}

/// From what to what.
fn what(say: Say, before: Option<&Judgement>, after: &Judgement, themes: &ThemesNamed) -> String {
    let label = |s: Option<Sentiment>| s.map_or_else(|| say.t("feedback-sentiment-unsaid"), |s| s.label().to_owned());
    let mut parts = Vec::new();
    let names = |keys: Vec<&String>| keys.into_iter().map(|k| themes.name(k)).collect::<Vec<_>>().join(", ");
    match before {
        Some(before) => {
            if before.sentiment != after.sentiment {
                let told = [("from", label(before.sentiment).into()), ("to", label(after.sentiment).into())];
                parts.push(say.with("feedback-history-sentiment", &told));
            }
            let added: Vec<&String> = after.themes.iter().filter(|t| !before.themes.contains(t)).collect();
            let removed: Vec<&String> = before.themes.iter().filter(|t| !after.themes.contains(t)).collect();
            if !added.is_empty() {
                parts.push(say.with("feedback-history-added", &[("themes", names(added).into())]));
            }
            if !removed.is_empty() {
                parts.push(say.with("feedback-history-removed", &[("themes", names(removed).into())]));
            }
        }
        None => {
            if after.sentiment_stated {
                parts.push(say.with("feedback-history-sentiment-to", &[("to", label(after.sentiment).into())]));
            }
            if after.themes_stated {
                let list = names(after.themes.iter().collect());
                parts.push(say.with("feedback-history-themes-to", &[("themes", list.into())]));
            }
        }
    }
    if parts.is_empty() { say.t("feedback-history-same") } else { parts.join("; ") }
}

//! How a person stands, on their page: what is held back first, then needs, agreements, wishes, handles, what they asked for.

use askama::Template;
use chrono_tz::Tz;
use commonweal_app::people::PersonStanding;
use commonweal_domain::{HandleState, Lane, Permission, PersonId, RequestState, ToldBy};

use crate::l10n::Say;
use crate::people::wished::{language_name, last_day};
use crate::ui::format;
use crate::ui::frame::Visit;

/// The cards.
#[derive(Template)]
#[template(path = "people/standing.html")]
pub(super) struct StandingCards {
    say: Say,
    id: String,
    /// Whether the visitor may change any of it.
    manages: bool,
    holds: Vec<HoldCard>,
    needs: Vec<String>,
    needs_said: String,
    agreements: Vec<Agreement>,
    entries: Vec<Entry>,
    wishes: Vec<(String, String)>,
    handles: Vec<HandleRow>,
    requests: Vec<RequestRow>,
}

impl askama::filters::HtmlSafe for StandingCards {}

struct HoldCard {
    id: String,
    title: String,
    about: String,
    note: String,
}

struct Agreement {
    topic: String,
    words: String,
}

struct Entry {
    topic: String,
    words: String,
    when: String,
    who: String,
    evidence: String,
}

struct HandleRow {
    /// Its record and its place there.
    name: String,
    shown: String,
    state: &'static str,
    proved: String,
    link: String,
    has_link: bool,
    /// What can be said of it: value and words.
    others: Vec<(&'static str, String)>,
    theirs: bool,
}

struct RequestRow {
    id: String,
    kind: &'static str,
    when: String,
    note: String,
    state: String,
    open: bool,
}

/// Lanes in words.
pub(super) fn lanes(all: &[Lane], say: Say) -> String {
    let words: Vec<String> = all.iter().map(|lane| say.name(*lane)).collect();
    words.join(", ")
}

/// Until when a hold lasts.
pub(super) fn until(end: Option<commonweal_domain::Instant>, zone: Tz, say: Say) -> String {
    match end {
        Some(end) => say.with("hold-until", &[("day", format::day(last_day(end, zone)).into())]),
        None => say.t("hold-until-ended"),
    }
}

fn teller(by: &ToldBy, standing: &PersonStanding, say: Say) -> String {
    match by {
        ToldBy::Person => say.t("standing-by-person"),
        ToldBy::User(id) => {
            let name = standing.user(*id).map_or_else(|| say.t("standing-by-colleague"), str::to_owned);
            say.with("standing-by-user", &[("name", name.into())])
        }
        ToldBy::Source(name) => say.with("standing-by-source", &[("name", name.as_str().into())]),
    }
}

impl StandingCards {
    pub(super) fn of(visit: &Visit, person: PersonId, standing: &PersonStanding, say: Say) -> Self {
        let zone = visit.zone();
        let now = &standing.now;
        let topic = |key: &str| {
            let of = standing.topics.iter().find(|topic| topic.key == key);
            of.map_or_else(|| key.to_owned(), |topic| topic.english.name.clone())
        };
        let yes_or_no = |yes: bool| say.t(if yes { "standing-yes" } else { "standing-no" });
        let said = |at, by: &ToldBy| {
            let who = teller(by, standing, say);
            say.with("standing-said", &[("who", who.into()), ("at", format::date(at, zone).into())])
        };
        let holds = now.holds.iter().map(|hold| {
            let owner = standing.user(hold.terms.owner).map_or_else(|| say.t("standing-by-colleague"), str::to_owned);
            let about = [
                hold.terms.reason.label().to_owned(),
                until(hold.terms.ends, zone, say),
                say.with("hold-owned", &[("name", owner.into())]),
            ];
            HoldCard {
                id: hold.id.to_string(),
                title: say.with("hold-title", &[("lanes", lanes(&hold.terms.lanes, say).into())]),
                about: about.join(" · "),
                note: hold.terms.note.clone(),
            }
        });
        let agreements = now.consents.values().map(|c| Agreement {
            topic: topic(&c.topic),
            words: format!("{}: {}, {}", say.name(c.channel), yes_or_no(c.agreed), said(c.at, &c.told_by)),
        });
        let entries = standing.known.consents.iter().rev().map(|c| Entry {
            topic: topic(&c.topic),
            words: format!("{}: {}", say.name(c.channel), yes_or_no(c.agreed)),
            when: format::date_time(c.at, zone),
            who: teller(&c.told_by, standing, say),
            evidence: [c.how.as_str(), c.wording.as_str()]
                .into_iter()
                .filter(|t| !t.is_empty())
                .collect::<Vec<_>>()
                .join(" – "),
        });
        Self {
            id: person.to_string(),
            manages: visit.may(Permission::ManagePeople),
            holds: holds.collect(),
            needs: now.needs.iter().map(|need| say.name(*need)).collect(),
            needs_said: now.needs_said.as_ref().map_or_else(String::new, |(at, by)| said(*at, by)),
            agreements: agreements.collect(),
            entries: entries.collect(),
            wishes: wishes(standing, zone, say, &said),
            handles: handles(standing, zone, say),
            requests: requests(standing, zone, say),
            say,
        }
    }
}

fn wishes(
    standing: &PersonStanding,
    zone: Tz,
    say: Say,
    said: &dyn Fn(commonweal_domain::Instant, &ToldBy) -> String,
) -> Vec<(String, String)> {
    let now = &standing.now;
    let row = |words: &str, value: String, at, by| (say.t(words), format!("{value}, {}", said(at, by)));
    let mut all = Vec::new();
    if let Some(pause) = &now.pause {
        let value = match pause.value.until {
            Some(end) => until(Some(end), zone, say),
            None => say.t("own-pause-open"),
        };
        all.push(row("own-pause", value, pause.at, &pause.told_by));
    }
    if let Some(quiet) = &now.quiet {
        let value = format!("{}–{}", quiet.value.from.format("%H:%M"), quiet.value.to.format("%H:%M"));
        all.push(row("standing-quiet", value, quiet.at, &quiet.told_by));
    }
    if let Some(language) = &now.language {
        all.push(row("own-language", language_name(&language.value, say), language.at, &language.told_by));
    }
    if let Some(channel) = &now.channel {
        all.push(row("own-channel", say.name(channel.value), channel.at, &channel.told_by));
    }
    all
}

fn handles(standing: &PersonStanding, zone: Tz, say: Say) -> Vec<HandleRow> {
    let row = |h: &commonweal_domain::standing::HandleStanding| {
        let link = standing.links.iter().find(|link| {
            let of = standing.known.records.iter().find(|r| r.id == link.record);
            let place = usize::try_from(link.position).unwrap_or(usize::MAX);
            of.and_then(|r| r.handles.get(place))
                .is_some_and(|other| other.kind == h.handle.kind && other.normal == h.handle.normal)
        });
        let words = |state: HandleState| match state {
            HandleState::Active => say.t("handle-set-active"),
            HandleState::Unreachable => say.t("handle-set-unreachable"),
            HandleState::NotTheirs => say.t("handle-set-not-theirs"),
        };
        let others = HandleState::ALL.iter().filter(|state| **state != h.state);
        HandleRow {
            name: format!("{}:{}", h.record, h.position),
            shown: h.handle.shown.clone(),
            state: h.state.label(),
            proved: h.handle.verified_at.map_or_else(|| say.t("handle-not-proved"), |at| format::date(at, zone)),
            link: link.map_or_else(String::new, |link| {
                say.with("handle-link-until", &[("at", format::date_time(link.expires_at, zone).into())])
            }),
            has_link: link.is_some(),
            others: others.map(|state| (state.key(), words(*state))).collect(),
            theirs: h.state != HandleState::NotTheirs,
        }
    };
    standing.now.handles.iter().map(row).collect()
}

fn requests(standing: &PersonStanding, zone: Tz, say: Say) -> Vec<RequestRow> {
    let row = |r: &commonweal_domain::PersonRequest| {
        let decided = r.decided.as_ref().map(|(_, at)| format::date(*at, zone));
        let parts = [say.name(r.state), decided.unwrap_or_default(), r.answer.clone()];
        RequestRow {
            id: r.id.to_string(),
            kind: r.kind.label(),
            when: format::date_time(r.at, zone),
            note: r.note.clone(),
            state: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
            open: r.state == RequestState::Open,
        }
    };
    standing.requests.iter().map(row).collect()
}

//! Everything between a person and the body, on one line: the chart with its table, and the list with the words.

use commonweal_app::people::timeline::span;
use commonweal_app::people::{Felt, PersonSeen, Timeline, Touch};
use commonweal_app::{App, Labels};
use commonweal_domain::search::Words;
use commonweal_domain::{Channel, Direction, Function, Instant, Page};
use commonweal_ports::{ChartLane, FeltPoint, LaneMark, LifelineChart};

use crate::http::error::WebResult;
use crate::l10n::Say;
use crate::ui::comments::CommentItem;
use crate::ui::form::Fields;
use crate::ui::format;
use crate::ui::frame::Visit;
use crate::ui::pager::{self, Pager};

/// Contacts on one page.
const SHOWN: usize = 25;
/// Widths for which the chart is drawn, in CSS pixels.
const WIDE: u32 = 640;
const NARROW: u32 = 250;

/// The part of a person's page.
pub(super) struct Line {
    /// Nothing while nobody knows how they felt.
    pub(super) chart: Option<Chart>,
    /// One way for each function.
    pub(super) filters: Vec<Filter>,
    pub(super) items: Vec<Item>,
    pub(super) pager: Pager,
    /// Why the words are not here, where they are not.
    pub(super) hidden: String,
}

/// How they felt along it.
pub(super) struct Chart {
    pub(super) title: String,
    pub(super) what: String,
    pub(super) wide: String,
    pub(super) narrow: String,
    pub(super) rows: Vec<Row>,
}

/// One contact in the table beside the chart.
pub(super) struct Row {
    pub(super) at: String,
    pub(super) what: String,
    pub(super) felt: String,
    pub(super) from: String,
}

/// The contacts of one function, or all.
pub(super) struct Filter {
    pub(super) text: String,
    pub(super) href: String,
    pub(super) current: bool,
}

/// A contact in the list.
pub(super) struct Item {
    pub(super) at: String,
    pub(super) machine: String,
    pub(super) way: String,
    pub(super) incoming: bool,
    /// What was said, for whoever may read it.
    pub(super) said: Option<CommentItem>,
    /// What there is to say of a contact without words.
    pub(super) facts: Vec<String>,
}

/// Reads the contacts of a person whom somebody has opened.
pub(super) async fn line(visit: &Visit, seen: &PersonSeen, say: Say) -> WebResult<Line> {
    let home = format!("/people/{}", seen.id);
    let function = Function::from_key(Fields::parse(visit.query()).get("function"));
    let first = function.map_or_else(|| home.clone(), |f| format!("{home}?function={}", f.key()));
    let list = format!("contacts {} {}", seen.id, function.map(Function::key).unwrap_or_default());
    let request = pager::asked(visit.query(), &list, SHOWN);
    let timeline = visit.app().timeline(&visit.actor, seen, function, &request).await?;
    let labels = visit.app().labels();
    Ok(Line {
        chart: chart(visit, &timeline, say),
        filters: filters(&timeline, function, &home, say),
        pager: Pager::at(&timeline.contacts, &request, &list, &first),
        items: items(&timeline.contacts, visit, &labels, say),
        hidden: if visit.may(commonweal_domain::Permission::ReadFeedback) {
            String::new()
        } else {
            say.t("person-contacts-hidden")
        },
    })
}

fn filters(timeline: &Timeline, current: Option<Function>, home: &str, say: Say) -> Vec<Filter> {
    let all: u64 = timeline.counts.iter().map(|(_, contacts)| contacts).sum();
    if all == 0 {
        return Vec::new();
    }
    let text = |name: &str, contacts: u64| format!("{name} ({})", format::count(contacts));
    let everything = Filter {
        text: text(&say.t("person-contacts-all"), all),
        href: format!("{home}#contacts"),
        current: current.is_none(),
    };
    let each = timeline.counts.iter().map(|(function, contacts)| Filter {
        text: text(function.label(), *contacts),
        href: format!("{home}?function={}#contacts", function.key()),
        current: current == Some(*function),
    });
    std::iter::once(everything).chain(each).collect()
}

fn items(contacts: &Page<Touch>, visit: &Visit, labels: &Labels, say: Say) -> Vec<Item> {
    contacts
        .items
        .iter()
        .map(|touch| {
            let contact = &touch.contact;
            let said = touch.said.as_ref().map(|doc| {
                let href = format!("/understand/feedback/{}", doc.id);
                CommentItem::of(doc, &Words::default(), labels, visit.zone(), href)
            });
            let unread = (contact.feedback.is_some() && touch.said.is_none()).then(|| say.t("person-contact-unread"));
            Item {
                at: format::date(contact.at, visit.zone()),
                machine: format::machine(contact.at),
                way: way(contact.function, contact.direction, say),
                incoming: contact.direction == Direction::In,
                said,
                facts: facts(touch).into_iter().chain(unread).collect(),
            }
        })
        .collect()
}

fn way(function: Function, direction: Direction, say: Say) -> String {
    let direction = match direction {
        Direction::In => say.t("person-contact-in"),
        Direction::Out => say.t("person-contact-out"),
    };
    format!("{}, {direction}", function.label())
}

/// Channel and place of a contact.
fn facts(touch: &Touch) -> Vec<String> {
    let channel = (touch.contact.channel != Channel::Other).then(|| touch.contact.channel.label().to_owned());
    [channel, touch.service.clone(), touch.touchpoint.clone()].into_iter().flatten().collect()
}

fn chart(visit: &Visit, timeline: &Timeline, say: Say) -> Option<Chart> {
    let felt: Vec<(&Touch, Felt)> = timeline.line.iter().filter_map(|(touch, felt)| Some((touch, (*felt)?))).collect();
    let (first, last) = (felt.first()?, felt.last()?);
    let month = |at: Instant| at.with_timezone(&visit.zone()).format("%b %Y").to_string();
    let title = if felt.len() == 1 {
        say.with("person-felt-once", &[("felt", format::number(tenth(last.1)).into())])
    } else {
        let told = [
            ("first", format::number(tenth(first.1)).into()),
            ("then", month(first.0.contact.at).into()),
            ("last", format::number(tenth(last.1)).into()),
            ("now", month(last.0.contact.at).into()),
        ];
        say.with("person-felt", &told)
    };
    let what = if timeline.older {
        say.count("person-felt-newest", timeline.line.len() as u64)
    } else {
        say.t("person-felt-what")
    };
    let rows = felt
        .iter()
        .rev()
        .map(|(touch, felt)| Row {
            at: format::date(touch.contact.at, visit.zone()),
            what: facts(touch).join(", "),
            felt: format::number(tenth(*felt)),
            from: say.t(if felt.rated { "person-felt-rated" } else { "person-felt-read" }),
        })
        .collect();
    let drawn = |name: &str, width| draw(visit.app(), visit, timeline, say, (&title, &what), (name, width));
    Some(Chart { wide: drawn("felt-wide", WIDE), narrow: drawn("felt-narrow", NARROW), rows, title, what })
}

/// To a tenth, as it is shown.
fn tenth(felt: Felt) -> f64 {
    (felt.satisfaction * 10.0).round() / 10.0
}

fn draw(app: &App, visit: &Visit, timeline: &Timeline, say: Say, words: (&str, &str), size: (&str, u32)) -> String {
    let Some((from, to)) = span(&timeline.line) else { return String::new() };
    let whole = (to - from).num_seconds() as f64;
    let place = |at: Instant| if whole > 0.0 { (at - from).num_seconds() as f64 / whole } else { 0.5 };
    let points = timeline.line.iter().filter_map(|(touch, felt)| {
        let felt = (*felt)?;
        Some(FeltPoint { at: place(touch.contact.at), value: felt.satisfaction, rated: felt.rated })
    });
    let lanes = timeline.counts.iter().map(|(function, _)| ChartLane {
        label: function.label().to_owned(),
        marks: timeline
            .line
            .iter()
            .filter(|(touch, _)| touch.contact.function == *function)
            .map(|(touch, _)| LaneMark {
                at: place(touch.contact.at),
                incoming: touch.contact.direction == Direction::In,
            })
            .collect(),
    });
    let steps = if whole > 0.0 { 4 } else { 0 };
    let labels = (0..=steps).map(|n| {
        let share = if steps == 0 { 0.5 } else { f64::from(n) / f64::from(steps) };
        let at = from + (to - from) * n / steps.max(1);
        (share, format::date(at, visit.zone()))
    });
    let levels = [(5.0, "person-felt-best"), (3.0, "person-felt-neither"), (1.0, "person-felt-worst")];
    app.charts().lifeline(&LifelineChart {
        id: size.0.to_owned(),
        title: words.0.to_owned(),
        description: words.1.to_owned(),
        points: points.collect(),
        lanes: lanes.collect(),
        levels: levels.map(|(value, name)| (value, say.t(name))).to_vec(),
        labels: labels.collect(),
        width: size.1,
    })
}

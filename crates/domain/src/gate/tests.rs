use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::consent::{Consent, Pause, Quiet, ToldBy, time_of_day};
use crate::hold::{Hold, HoldTerms};
use crate::person::Handle;
use crate::standing::Said;

const CHANNEL: Channel = Channel::Email;

fn at(minute: i64) -> Instant {
    DateTime::from_timestamp(1_700_000_000, 0).expect("an instant") + TimeDelta::minutes(minute)
}

fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

fn handle(state: HandleState) -> HandleStanding {
    let handle = Handle {
        kind: HandleKind::Email,
        shown: "ann@example.org".into(),
        normal: "ann@example.org".into(),
        verified_at: None,
    };
    HandleStanding { record: id(1), position: 0, handle, state, since: None, records: [id(1)].into() }
}

fn consent(agreed: bool, minute: i64, told_by: ToldBy) -> Consent {
    Consent {
        id: id(1),
        record: id(1),
        topic: "street".into(),
        channel: CHANNEL,
        agreed,
        at: at(minute),
        told_by,
        how: String::new(),
        wording: String::new(),
        version: 1,
    }
}

fn hold(lanes: &[Lane], reason: HoldReason, ends: Option<i64>) -> Hold {
    let terms = HoldTerms {
        lanes: lanes.to_vec(),
        reason,
        note: String::new(),
        begins: at(0),
        ends: ends.map(at),
        owner: id(7),
    };
    Hold { id: id(3), record: id(1), terms, made_by: "operator".into(), made_at: at(0), ended: None }
}

fn said<T>(value: T) -> Option<Said<T>> {
    Some(Said { value, at: at(0), told_by: ToldBy::Person })
}

/// Somebody who can be reached, and agreed.
fn willing() -> Standing {
    let agreed = consent(true, 0, ToldBy::Person);
    Standing {
        consents: BTreeMap::from([(("street".to_owned(), CHANNEL), agreed)]),
        handles: vec![handle(HandleState::Active)],
        ..Standing::default()
    }
}

fn ask(lane: Lane) -> Ask<'static> {
    Ask { lane, channel: CHANNEL, topic: Some("street"), content: Some(id(50)), requested: false }
}

fn facts<'a>(standing: &'a Standing, earlier: &'a [Earlier]) -> Facts<'a> {
    Facts {
        standing,
        handle: reached_by(standing, CHANNEL),
        suppressed: None,
        deceased: false,
        erased: None,
        earlier,
        zone: Tz::Europe__London,
        budget: ContactBudget::default(),
    }
}

fn name(decision: Decision) -> String {
    match decision {
        Decision::Send => "send".to_owned(),
        Decision::Wait { why, .. } => format!("wait: {}", why.key()),
        Decision::Ask { .. } => "ask".to_owned(),
        Decision::Never(skip) => format!("never: {}", skip.key()),
    }
}

#[test]
fn what_stands_in_the_way_decides_by_lane() {
    let mut table = String::new();
    let sent = [Earlier { lane: Lane::News, content: id(50), at: at(-5), dispatch: None }];
    let two = [1, 2].map(|n| Earlier { lane: Lane::News, content: id(n), at: at(-5), dispatch: Some(id(n)) });
    let night = Quiet { from: time_of_day("00:00").expect("a time"), to: time_of_day("23:59").expect("a time") };
    type Change = fn(&mut Standing);
    let cases: [(&str, Change); 13] = [
        ("nothing", |_| {}),
        ("no address", |s| s.handles.clear()),
        ("nothing arrives there", |s| s.handles[0].state = HandleState::Unreachable),
        ("not theirs any more", |s| s.handles[0].state = HandleState::NotTheirs),
        ("never agreed", |s| s.consents.clear()),
        ("withdrawn", |s| s.consents.values_mut().for_each(|c| c.agreed = false)),
        ("agreed to SMS only", |s| {
            let all = std::mem::take(&mut s.consents);
            s.consents = all.into_iter().map(|((topic, _), c)| ((topic, Channel::Sms), c)).collect();
        }),
        ("agreed to another topic", |s| {
            let all = std::mem::take(&mut s.consents);
            s.consents = all.into_iter().map(|((_, channel), c)| (("bins".to_owned(), channel), c)).collect();
        }),
        ("a pause", |s| s.pause = said(Pause { until: None })),
        ("bereavement", |s| s.holds = vec![hold(Lane::ALL, HoldReason::Bereavement, Some(600))]),
        ("open complaint", |s| s.holds = vec![hold(Lane::ALL, HoldReason::Complaint, None)]),
        ("hold of news alone", |s| s.holds = vec![hold(&[Lane::News], HoldReason::Other, None)]),
        ("as a source says", |s| s.consents.values_mut().for_each(|c| c.told_by = ToldBy::Source("list".into()))),
    ];
    let mut row = |what: &str, of: &dyn Fn(Lane) -> Decision| {
        write!(table, "{what:24}").expect("a string");
        for lane in Lane::ALL {
            write!(table, " | {:22}", name(of(*lane))).expect("a string");
        }
        table.push('\n');
    };
    for (what, change) in cases {
        let mut standing = willing();
        change(&mut standing);
        row(what, &|lane| decide(&ask(lane), &facts(&standing, &[]), at(60)));
    }
    let all = willing();
    for reason in SuppressionReason::ALL {
        row(reason.key(), &|lane| decide(&ask(lane), &Facts { suppressed: Some(*reason), ..facts(&all, &[]) }, at(60)));
    }
    row("they died", &|lane| decide(&ask(lane), &Facts { deceased: true, ..facts(&all, &[]) }, at(60)));
    row("erased since", &|lane| decide(&ask(lane), &Facts { erased: Some(at(30)), ..facts(&all, &[]) }, at(60)));
    row("erased before", &|lane| decide(&ask(lane), &Facts { erased: Some(at(-30)), ..facts(&all, &[]) }, at(60)));
    let mut listed = willing();
    listed.consents.values_mut().for_each(|c| c.told_by = ToldBy::Source("list".into()));
    row("erased, then in a list", &|lane| {
        decide(&ask(lane), &Facts { erased: Some(at(-30)), ..facts(&listed, &[]) }, at(60))
    });
    row("sent already", &|lane| decide(&ask(lane), &facts(&all, &sent), at(60)));
    let mut quiet = willing();
    quiet.quiet = said(night);
    row("quiet hours", &|lane| decide(&ask(lane), &facts(&quiet, &[]), at(60)));
    row("quiet, but asked for", &|lane| decide(&Ask { requested: true, ..ask(lane) }, &facts(&quiet, &[]), at(60)));
    row("two this week", &|lane| decide(&ask(lane), &facts(&all, &two), at(60)));
    row("no topic", &|lane| decide(&Ask { topic: None, ..ask(lane) }, &facts(&all, &[]), at(60)));
    let header: String = Lane::ALL.iter().map(|lane| format!(" | {:22}", lane.key())).collect();
    let table: String = table.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    let expected = include_str!("table.txt");
    let found = format!("{}\n{table}", format!("{:24}{header}", "").trim_end());
    assert_eq!(found, expected, "the table of the gate, as it is read in crates/domain/src/gate/table.txt:\n{found}");
}

#[test]
fn what_was_proved_and_still_is_theirs_is_written_to() {
    let mut standing = willing();
    let mut proved = handle(HandleState::Active);
    (proved.handle.verified_at, proved.position) = (Some(at(1)), 1);
    let mut newer = handle(HandleState::Active);
    newer.record = id(9);
    let mut gone = handle(HandleState::NotTheirs);
    (gone.handle.verified_at, gone.record) = (Some(at(9)), id(10));
    standing.handles = vec![handle(HandleState::Active), newer.clone(), proved.clone(), gone];
    assert_eq!(reached_by(&standing, CHANNEL), Some(&proved));
    standing.handles.remove(2);
    assert_eq!(reached_by(&standing, CHANNEL), Some(&newer));
    assert_eq!(reached_by(&standing, Channel::Sms), None);
}

#[test]
fn whoever_waits_is_told_until_when_and_after_whose_message() {
    let two = [(1, -60 * 24), (2, -30)].map(|(n, minute)| Earlier {
        lane: Lane::Engagement,
        content: id(n),
        at: at(minute),
        dispatch: Some(id(n)),
    });
    let all = willing();
    let Decision::Wait { until, why, after } = decide(&ask(Lane::News), &facts(&all, &two), at(0)) else {
        panic!("two are enough");
    };
    assert_eq!((until, why, after), (at(6 * 24 * 60), Wait::Budget, Some(id(2))));
    assert_eq!(decide(&ask(Lane::News), &facts(&all, &two), until), Decision::Send);
    let mut held = willing();
    held.holds = vec![hold(Lane::ALL, HoldReason::Complaint, Some(90))];
    let asked = decide(&ask(Lane::Service), &facts(&held, &[]), at(0));
    assert_eq!(asked, Decision::Ask { owner: id(7), hold: id(3), until: at(90) });
}

/// One message that somebody plans.
#[derive(Clone, Debug)]
struct Planned {
    minute: i64,
    lane: Lane,
    content: u128,
}

fn planned() -> impl Strategy<Value = Vec<Planned>> {
    let one = (0..60 * 24 * 30_i64, 0..Lane::ALL.len(), 0..20_u128);
    prop::collection::vec(
        one.prop_map(|(minute, lane, content)| Planned { minute, lane: Lane::ALL[lane], content }),
        1..60,
    )
}

fn quiet_hours() -> impl Strategy<Value = Option<Quiet>> {
    let time = |minutes: u32| chrono::NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).expect("a time");
    prop::option::of(
        (0..24 * 60_u32, 0..24 * 60_u32).prop_map(move |(from, to)| Quiet { from: time(from), to: time(to) }),
    )
}

proptest! {
    /// Messages of many teams come to the gate in the order in which they are due; what waits comes again.
    #[test]
    fn whatever_is_planned_nobody_has_more_than_the_budget_and_nothing_of_a_law_waits(
        mut planned in planned(),
        most in 1..4_u32,
        days in 1..10_u32,
        quiet in quiet_hours(),
        pause in prop::option::of(0..60 * 24 * 20_i64),
        held in prop::option::of((0..60 * 24 * 20_i64, prop::collection::vec(0..Lane::ALL.len(), 1..4))),
        zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
        month in 0..12_i64,
    ) {
        let start = at(0) + TimeDelta::days(month * 30);
        let minute = |n: i64| start + TimeDelta::minutes(n);
        let mut all = willing();
        all.quiet = quiet.and_then(said);
        let budget = ContactBudget { most, days };
        planned.sort_by_key(|p| (p.minute, p.lane));
        let mut sent: Vec<(Instant, Earlier)> = Vec::new();
        for one in planned {
            let mut now = minute(one.minute);
            // Until it goes, is skipped, or a season is over.
            for _ in 0..400 {
                // What counts at that instant.
                let mut standing = all.clone();
                standing.pause = pause.map(minute).filter(|until| now < *until).and_then(|until| said(Pause { until: Some(until) }));
                if let Some((ends, lanes)) = &held && now < minute(*ends) {
                    let lanes: Vec<Lane> = lanes.iter().map(|n| Lane::ALL[*n]).collect();
                    let mut one = hold(&lanes, HoldReason::Bereavement, None);
                    one.terms.ends = Some(minute(*ends));
                    standing.holds = vec![one];
                }
                let earlier: Vec<Earlier> = sent.iter().map(|(_, e)| *e).collect();
                let asked = Ask { content: Some(id(one.content)), ..ask(one.lane) };
                let facts = Facts { zone, budget, ..facts(&standing, &earlier) };
                match decide(&asked, &facts, now) {
                    Decision::Send => {
                        // The first rules had nothing to say: the ones behind them are checked as themselves.
                        if one.lane.may_be_held() {
                            prop_assert!(quiet.is_none_or(|q| q.until(now, zone).is_none()), "in quiet hours");
                            prop_assert!(standing.held(one.lane).is_none());
                        }
                        prop_assert!(!earlier.iter().any(|e| e.content == id(one.content)), "twice");
                        sent.push((now, Earlier { lane: one.lane, content: id(one.content), at: now, dispatch: None }));
                        break;
                    }
                    Decision::Wait { until, why, .. } => {
                        prop_assert!(until > now, "{why:?} until {until} at {now}");
                        prop_assert!(one.lane.may_be_held(), "what must be sent waits: {why:?}");
                        prop_assert!(one.lane.needs_consent() || matches!(why, Wait::Hold | Wait::QuietHours), "{why:?}");
                        now = until;
                    }
                    Decision::Never(why) => {
                        prop_assert_eq!(why, Skip::AlreadySent);
                        break;
                    }
                    Decision::Ask { .. } => prop_assert!(false, "nobody complained"),
                }
            }
        }
        // Within any span of so many days: those that begin with a message are enough to look at.
        let counted: Vec<Instant> = sent.iter().filter(|(_, e)| e.lane.needs_consent()).map(|(at, _)| *at).collect();
        for first in &counted {
            let within = counted.iter().filter(|at| *at >= first && **at < *first + budget.span()).count();
            prop_assert!(within <= most as usize, "{within} within {days} days");
        }
    }
}

//! How a person stands with the body now: what they agreed to, what they want, what is held back, how they can be reached.
//! From all that is kept of all their records, whatever its order, so that a merge or a split needs nothing moved.
//!
//! What the person said counts over what a source says of them, the newest first. One thing is otherwise: when a source
//! learns later that they do not want to hear of something any more, that counts too. Nobody's agreement is taken for
//! granted. Of two things said at one instant, the stricter one counts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::clock::Instant;
use crate::consent::{Consent, Pause, Quiet, ToldBy, Wish, WishEntry};
use crate::contact::Channel;
use crate::hold::{HandleEntry, HandleState, Hold};
use crate::ids::RecordId;
use crate::lane::Lane;
use crate::person::{Handle, HandleKind, Need, PersonRecord};

/// All that is kept of all records of one person.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What sources say.
    pub records: Vec<PersonRecord>,
    /// What they agreed to.
    pub consents: Vec<Consent>,
    /// What they want.
    pub wishes: Vec<WishEntry>,
    /// What is held back.
    pub holds: Vec<Hold>,
    /// What was said of their handles.
    pub handles: Vec<HandleEntry>,
}

/// Something that counts, with who said it and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// What.
    pub value: T,
    /// When.
    pub at: Instant,
    /// Whose word it is.
    pub told_by: ToldBy,
}

/// A way to reach a person, told by one record or by several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandleStanding {
    /// The record that told of it last, and its place there: by this it is named.
    pub record: RecordId,
    /// Its place there, from 0.
    pub position: u32,
    /// As it was told last, with when its holder proved that it is theirs.
    pub handle: Handle,
    /// What holds of it.
    pub state: HandleState,
    /// Since when, if anybody said anything of it.
    pub since: Option<Instant>,
    /// Every record that tells of it.
    pub records: BTreeSet<RecordId>,
}

/// How a person stands at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// By topic and channel: whether they agreed, by the word that counts.
    pub consents: BTreeMap<(String, Channel), Consent>,
    /// That nothing that needs agreement is sent, while it holds.
    pub pause: Option<Said<Pause>>,
    /// When they do not want to be disturbed.
    pub quiet: Option<Said<Quiet>>,
    /// The language in which they want to be written to, as its code.
    pub language: Option<Said<String>>,
    /// How they need to be written or spoken to.
    pub needs: Vec<Need>,
    /// The person's own word on that; without it, needs are what all sources say.
    pub needs_said: Option<(Instant, ToldBy)>,
    /// The channel that they like best.
    pub channel: Option<Said<Channel>>,
    /// What is held back now, the longest first.
    pub holds: Vec<Hold>,
    /// How they can be reached, or no longer can.
    pub handles: Vec<HandleStanding>,
}

/// How a person stands at an instant.
pub fn standing(known: &Known, at: Instant) -> Standing {
    let mut holds: Vec<Hold> = known.holds.iter().filter(|hold| hold.is_active(at)).cloned().collect();
    holds.sort_by_key(|hold| (hold.terms.ends.is_some(), Reverse(hold.terms.ends), hold.id));
    let (needs, needs_said) = needs(known);
    Standing {
        consents: consents(&known.consents),
        pause: said(&known.wishes, |wish| match wish {
            Wish::Pause(pause) => Some(*pause),
            _ => None,
        })
        .filter(|said| said.value.holds(at)),
        quiet: said(&known.wishes, |wish| match wish {
            Wish::Quiet(quiet) => Some(*quiet),
            _ => None,
        }),
        language: said(&known.wishes, |wish| match wish {
            Wish::Language(language) => Some(language.clone()),
            _ => None,
        })
        .or_else(|| language_of_sources(known)),
        channel: said(&known.wishes, |wish| match wish {
            Wish::Channel(channel) => Some(*channel),
            _ => None,
        }),
        needs,
        needs_said,
        holds,
        handles: handles(known),
    }
}

impl Standing {
    /// Whether they agreed to be told about a topic by a channel.
    pub fn agrees(&self, topic: &str, channel: Channel) -> bool {
        self.consents.get(&(topic.to_owned(), channel)).is_some_and(|consent| consent.agreed)
    }

    /// What keeps a lane back now: of several holds the one that lasts longest.
    pub fn held(&self, lane: Lane) -> Option<&Hold> {
        self.holds.iter().find(|hold| lane.may_be_held() && hold.terms.lanes.contains(&lane))
    }

    /// Whether they want nothing of a lane for now.
    pub fn paused(&self, lane: Lane) -> Option<Pause> {
        self.pause.as_ref().filter(|_| lane.needs_consent()).map(|said| said.value)
    }
}

/// The word that counts among those on one thing.
fn counting<'a, T>(entries: impl Iterator<Item = &'a T>, of: impl Fn(&T) -> (Instant, &ToldBy)) -> Vec<&'a T> {
    let entries: Vec<&T> = entries.collect();
    let own: Vec<&T> = entries.iter().copied().filter(|entry| of(entry).1.is_own_word()).collect();
    let among = if own.is_empty() { entries } else { own };
    let newest = among.iter().map(|entry| of(entry).0).max();
    among.into_iter().filter(|entry| Some(of(entry).0) == newest).collect()
}

fn consents(all: &[Consent]) -> BTreeMap<(String, Channel), Consent> {
    let mut by: BTreeMap<(String, Channel), Vec<&Consent>> = BTreeMap::new();
    for consent in all {
        by.entry((consent.topic.clone(), consent.channel)).or_default().push(consent);
    }
    let strictest = |of: Vec<&Consent>| of.into_iter().max_by_key(|c| (c.at, !c.agreed, c.id)).cloned();
    by.into_iter()
        .filter_map(|(what, entries)| {
            let mut counts = strictest(counting(entries.iter().copied(), |c| (c.at, &c.told_by)))?;
            let later_no = entries.into_iter().filter(|c| !c.agreed && c.at > counts.at);
            if counts.agreed
                && let Some(no) = strictest(later_no.collect())
            {
                counts = no;
            }
            Some((what, counts))
        })
        .collect()
}

fn said<T: Clone>(all: &[WishEntry], of: impl Fn(&Wish) -> Option<Option<T>>) -> Option<Said<T>> {
    let about = all.iter().filter(|entry| of(&entry.wish).is_some());
    let counts = counting(about, |entry| (entry.at, &entry.told_by)).into_iter().max_by_key(|entry| entry.id)?;
    let value = of(&counts.wish)??;
    Some(Said { value, at: counts.at, told_by: counts.told_by.clone() })
}

/// What each source says last of each of its somebodies.
fn last_versions(records: &[PersonRecord]) -> Vec<&PersonRecord> {
    let mut last: BTreeMap<(&str, &str), &PersonRecord> = BTreeMap::new();
    for record in records {
        let there = last.entry((record.source.as_str(), record.source_key.as_str())).or_insert(record);
        if (record.version, record.id) > (there.version, there.id) {
            *there = record;
        }
    }
    last.into_values().collect()
}

fn language_of_sources(known: &Known) -> Option<Said<String>> {
    let saying = last_versions(&known.records).into_iter().filter(|r| r.details.language.is_some());
    let last = saying.max_by_key(|r| (r.at, r.id))?;
    let value = last.details.language.clone()?;
    Some(Said { value, at: last.at, told_by: ToldBy::Source(last.source.clone()) })
}

/// A need that one source has missed is a need all the same, unless the person says otherwise.
fn needs(known: &Known) -> (Vec<Need>, Option<(Instant, ToldBy)>) {
    let own = said(&known.wishes, |wish| match wish {
        Wish::Needs(needs) => Some(Some(needs.clone())),
        _ => None,
    });
    let (all, by): (Vec<Need>, _) = match own {
        Some(said) => (said.value, Some((said.at, said.told_by))),
        None => (last_versions(&known.records).iter().flat_map(|r| r.details.needs.iter().copied()).collect(), None),
    };
    let once: BTreeSet<Need> = all.into_iter().collect();
    (once.into_iter().collect(), by)
}

fn handles(known: &Known) -> Vec<HandleStanding> {
    let mut by: BTreeMap<(HandleKind, &str), HandleStanding> = BTreeMap::new();
    let mut records: Vec<&PersonRecord> = known.records.iter().collect();
    records.sort_unstable_by_key(|r| (r.at, r.id));
    let mut proved: BTreeMap<(HandleKind, &str), Instant> = BTreeMap::new();
    for record in &records {
        for (position, handle) in (0_u32..).zip(&record.handles) {
            let key = (handle.kind, handle.normal.as_str());
            if let Some(at) = handle.verified_at {
                let last = proved.entry(key).or_insert(at);
                *last = at.max(*last);
            }
            let mut tells = by.remove(&key).map_or_else(BTreeSet::new, |before| before.records);
            tells.insert(record.id);
            let (id, handle) = (record.id, handle.clone());
            let state = HandleState::Active;
            by.insert(key, HandleStanding { record: id, position, handle, state, since: None, records: tells });
        }
    }
    let key_of = |entry: &HandleEntry| {
        let record = records.iter().find(|r| r.id == entry.record)?;
        let handle = record.handles.get(usize::try_from(entry.position).ok()?)?;
        Some((handle.kind, handle.normal.as_str()))
    };
    for (key, found) in &mut by {
        let about = known.handles.iter().filter(|entry| key_of(entry) == Some(*key));
        let newest = about.max_by_key(|entry| (entry.at, entry.state, entry.id));
        if let Some(entry) = newest {
            (found.state, found.since) = (entry.state, Some(entry.at));
        }
        found.handle.verified_at = proved.get(key).copied().filter(|_| found.state != HandleState::NotTheirs);
    }
    by.into_values().collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::hold::{HoldReason, HoldTerms};
    use crate::person::Details;

    fn at(minute: i64) -> Instant {
        DateTime::from_timestamp(1_700_000_000, 0).expect("an instant") + TimeDelta::minutes(minute)
    }

    fn id<T: From<Uuid>>(n: u128) -> T {
        Uuid::from_u128(n).into()
    }

    fn teller(n: u8) -> ToldBy {
        match n % 4 {
            0 => ToldBy::Person,
            1 => ToldBy::User(id(7)),
            n => ToldBy::Source(format!("source {n}")),
        }
    }

    fn consent(n: u128, minute: i64, agreed: bool, told_by: ToldBy) -> Consent {
        Consent {
            id: id(n),
            record: id(n % 3),
            topic: "street".into(),
            channel: Channel::Email,
            agreed,
            at: at(minute),
            told_by,
            how: String::new(),
            wording: String::new(),
            version: 1,
        }
    }

    fn hold(n: u128, lanes: Vec<Lane>, ends: Option<i64>) -> Hold {
        let terms = HoldTerms {
            lanes,
            reason: HoldReason::Complaint,
            note: String::new(),
            begins: at(0),
            ends: ends.map(at),
            owner: id(1),
        };
        Hold { id: id(n), record: id(n % 3), terms, made_by: "operator".into(), made_at: at(0), ended: None }
    }

    fn agrees(consents: Vec<Consent>) -> bool {
        standing(&Known { consents, ..Known::default() }, at(99)).agrees("street", Channel::Email)
    }

    #[test]
    fn the_newest_own_word_counts_and_a_no_is_never_overheard() {
        let source = || ToldBy::Source("housing".into());
        assert!(!agrees(vec![]), "nobody agrees by saying nothing");
        assert!(agrees(vec![consent(1, 1, false, source()), consent(2, 2, true, source())]));
        assert!(!agrees(vec![consent(1, 1, false, ToldBy::Person), consent(2, 2, true, source())]), "not for them");
        assert!(agrees(vec![consent(1, 1, false, source()), consent(2, 2, true, ToldBy::Person)]));
        assert!(
            !agrees(vec![consent(1, 1, true, ToldBy::Person), consent(2, 2, false, source())]),
            "they told it there"
        );
        assert!(!agrees(vec![consent(1, 1, true, ToldBy::Person), consent(2, 1, false, ToldBy::Person)]));
        assert!(agrees(vec![consent(1, 1, false, ToldBy::Person), consent(2, 2, true, ToldBy::User(id(7)))]));
    }

    #[test]
    fn the_strictest_hold_wins_and_never_keeps_back_what_must_be_sent() {
        let known = Known {
            holds: vec![
                hold(1, vec![Lane::News], Some(10)),
                hold(2, vec![Lane::News, Lane::Engagement], Some(20)),
                hold(3, vec![Lane::Statutory, Lane::Service], None),
            ],
            ..Known::default()
        };
        let now = standing(&known, at(5));
        assert_eq!(now.held(Lane::News).map(|h| h.id), Some(id(2)));
        assert_eq!(now.held(Lane::Service).map(|h| h.id), Some(id(3)));
        assert_eq!(now.held(Lane::Statutory), None);
        assert_eq!(standing(&known, at(15)).held(Lane::News).map(|h| h.id), Some(id(2)));
        assert_eq!(standing(&known, at(20)).held(Lane::News), None);
        let mut ended = known;
        ended.holds[2].ended = Some(("user:1".into(), at(4)));
        assert_eq!(standing(&ended, at(5)).held(Lane::Service), None);
    }

    #[test]
    fn a_handle_that_is_not_theirs_any_more_is_not_proved_either_whichever_record_tells_of_it() {
        let mut known = Known { records: vec![record(1, 1, vec![]), record(2, 2, vec![])], ..Known::default() };
        known.records[0].handles[0].verified_at = Some(at(1));
        assert_eq!(standing(&known, at(9)).handles[0].handle.verified_at, Some(at(1)));
        let entry = |n, minute, state| HandleEntry {
            id: id(n),
            record: id(1),
            position: 0,
            state,
            at: at(minute),
            told_by: ToldBy::Person,
        };
        known.handles = vec![entry(5, 3, HandleState::NotTheirs), entry(6, 2, HandleState::Active)];
        let now = standing(&known, at(9));
        assert_eq!((now.handles.len(), now.handles[0].records.len()), (1, 2));
        assert_eq!((now.handles[0].state, now.handles[0].handle.verified_at), (HandleState::NotTheirs, None));
        assert_eq!(now.handles[0].record, id(2));
    }

    fn record(n: u128, minute: i64, needs: Vec<Need>) -> PersonRecord {
        let handle = Handle {
            kind: HandleKind::Email,
            shown: "ann@example.org".into(),
            normal: "ann@example.org".into(),
            verified_at: None,
        };
        PersonRecord {
            id: id(n),
            source: "housing".into(),
            source_key: format!("T-{}", n % 2),
            version: u32::try_from(n).expect("small"),
            details: Details { needs, language: (n.is_multiple_of(2)).then(|| "cy".into()), ..Details::default() },
            handles: vec![handle],
            at: at(minute),
            person: id(1),
        }
    }

    prop_compose! {
        fn known()(
            consents in prop::collection::vec((0..6_i64, any::<bool>(), any::<u8>()), 0..8),
            wishes in prop::collection::vec((0..4_i64, 0..5_u8, any::<u8>()), 0..10),
            records in prop::collection::vec((0..4_i64, 0..3_usize), 1..5),
            holds in prop::collection::vec((prop::option::of(1..9_i64), 2..5_usize), 0..4),
            handles in prop::collection::vec((0..4_i64, 0..3_usize), 0..5),
        ) -> Known {
            let of = |n: usize| n as u128 + 1;
            Known {
                consents: consents.into_iter().enumerate()
                    .map(|(n, (minute, agreed, by))| consent(of(n), minute, agreed, teller(by))).collect(),
                wishes: wishes.into_iter().enumerate().map(|(n, (minute, kind, by))| {
                    let some = by.is_multiple_of(3);
                    let wish = match kind {
                        0 => Wish::Language(some.then(|| format!("l{n}"))),
                        1 => Wish::Needs(if some { vec![Need::Bsl] } else { vec![] }),
                        2 => Wish::Quiet(None),
                        3 => Wish::Pause(some.then(|| Pause { until: Some(at(i64::from(by))) })),
                        _ => Wish::Channel(some.then_some(Channel::Letter)),
                    };
                    WishEntry { id: id(of(n)), record: id(1), wish, at: at(minute), told_by: teller(by) }
                }).collect(),
                records: records.iter().enumerate()
                    .map(|(n, (minute, need))| record(of(n), *minute, vec![Need::ALL[*need]])).collect(),
                holds: holds.into_iter().enumerate()
                    .map(|(n, (ends, lane))| hold(of(n), vec![Lane::ALL[lane]], ends)).collect(),
                handles: handles.into_iter().enumerate().map(|(n, (minute, state))| HandleEntry {
                    id: id(of(n)),
                    record: id(of(n % records.len())),
                    position: 0,
                    state: HandleState::ALL[state],
                    at: at(minute),
                    told_by: ToldBy::Person,
                }).collect(),
            }
        }
    }

    fn turned(known: &Known, by: usize) -> Known {
        fn turn<T: Clone>(all: &[T], by: usize) -> Vec<T> {
            let mut all = all.to_vec();
            if !all.is_empty() {
                let middle = by % all.len();
                all.rotate_left(middle);
                if by.is_multiple_of(2) {
                    all.reverse();
                }
            }
            all
        }
        Known {
            records: turn(&known.records, by),
            consents: turn(&known.consents, by / 2),
            wishes: turn(&known.wishes, by / 3),
            holds: turn(&known.holds, by / 5),
            handles: turn(&known.handles, by / 7),
        }
    }

    proptest! {
        #[test]
        fn the_order_in_which_records_and_entries_come_says_nothing(known in known(), by in 0..2_000_usize) {
            prop_assert_eq!(standing(&known, at(5)), standing(&turned(&known, by), at(5)));
        }

        #[test]
        fn an_own_no_holds_until_an_own_yes_whatever_sources_say(known in known(), minute in 6..20_i64, later in 0..9_i64) {
            let mut known = known;
            known.consents.push(consent(100, minute, false, ToldBy::Person));
            known.consents.push(consent(101, minute + later, true, ToldBy::Source("housing".into())));
            prop_assert!(!standing(&known, at(99)).agrees("street", Channel::Email));
            known.consents.push(consent(102, minute + 30, true, ToldBy::Person));
            prop_assert!(standing(&known, at(99)).agrees("street", Channel::Email));
        }

        #[test]
        fn a_hold_of_any_record_holds_for_the_person(known in known(), n in 2..5_usize) {
            let mut known = known;
            known.holds.push(hold(200, vec![Lane::ALL[n]], None));
            prop_assert_eq!(standing(&known, at(5)).held(Lane::ALL[n]).and_then(|h| h.terms.ends), None);
        }
    }
}

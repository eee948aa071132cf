//! Populations and questions made up: four ages and none, three areas and none, three channels, three months.

use chrono_tz::Tz;
use commonweal_app::Question;
use commonweal_domain::filter::NONE;
use commonweal_domain::question::{Compare, Grouping, Interval, Measure};
use commonweal_domain::{Channel, Dimension, FeedbackDoc, Filter, NewFeedback, TimeRange, period};
use commonweal_testkit::app::{feedback, instant};

/// The body's minimum.
pub(crate) const MINIMUM: u64 = 10;
pub(crate) const BEGIN: &str = "2024-01-01T00:00:00Z";
pub(crate) const END: &str = "2024-03-31T23:00:00Z";

const AGES: [&str; 5] = ["16-24", "25-44", "45-64", "17", NONE];
const AREAS: [&str; 4] = ["North", "South", "Hamlet", NONE];
const CHANNELS: [Channel; 3] = [Channel::Web, Channel::Phone, Channel::Letter];
const MONTHS: usize = 3;

/// Chance that is the same in every run (SplitMix64).
pub(crate) struct Dice(pub u64);

impl Dice {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    /// A place of so many, the first ones more often than the last.
    fn skewed(&mut self, n: usize) -> usize {
        self.below(n).min(self.below(n + 1)).min(n - 1)
    }
}

/// Who is alike in everything that can be asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Atom {
    age: usize,
    area: usize,
    channel: usize,
    month: usize,
}

impl Atom {
    fn all() -> impl Iterator<Item = Self> {
        let of = |n: usize| Self {
            age: n % AGES.len(),
            area: n / AGES.len() % AREAS.len(),
            channel: n / (AGES.len() * AREAS.len()) % CHANNELS.len(),
            month: n / (AGES.len() * AREAS.len() * CHANNELS.len()),
        };
        (0..AGES.len() * AREAS.len() * CHANNELS.len() * MONTHS).map(of)
    }

    /// A feedback of somebody of this kind.
    fn feedback(self) -> NewFeedback {
        let at = format!("2024-{:02}-{:02}T10:00:00Z", self.month + 1, 3 + self.age * 5);
        let mut made = feedback().rating(4.0).channel(CHANNELS[self.channel]).at(&at);
        if AGES[self.age] != NONE {
            made = made.attribute("age", AGES[self.age]);
        }
        if AREAS[self.area] != NONE {
            made = made.area(AREAS[self.area]);
        }
        made.done()
    }
}

/// All kinds there are, as the index would hold one of each.
pub(crate) struct Atoms(Vec<FeedbackDoc>);

impl Atoms {
    pub(crate) fn new() -> Self {
        let doc = |atom: Atom| {
            let made = atom.feedback();
            FeedbackDoc {
                id: commonweal_domain::FeedbackId(uuid::Uuid::nil()),
                at: made.at.expect("it was said"),
                received_at: made.at.expect("it was said"),
                service: None,
                touchpoint: None,
                channel: made.channel,
                direction: commonweal_domain::Direction::In,
                function: commonweal_domain::Function::Serve,
                capacity: commonweal_domain::Capacity::Customer,
                language: None,
                device: None,
                page: None,
                area: made.area,
                source: "api".to_owned(),
                import: None,
                ratings: made.ratings,
                comments: Vec::new(),
                attributes: made.attributes,
            }
        };
        Self(Atom::all().map(doc).collect())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The kinds that a filter means.
    pub(crate) fn meant(&self, filter: &Filter) -> Vec<usize> {
        (0..self.0.len()).filter(|n| filter.matches(&self.0[*n])).collect()
    }
}

/// How many there are of each kind.
pub(crate) struct People(Vec<u64>);

impl People {
    pub(crate) fn random(dice: &mut Dice) -> Self {
        let atoms: Vec<Atom> = Atom::all().collect();
        let mut counts = vec![0; atoms.len()];
        for _ in 0..(250 + dice.below(500)) {
            let atom = Atom {
                age: dice.skewed(AGES.len()),
                area: dice.skewed(AREAS.len()),
                channel: dice.skewed(CHANNELS.len()),
                month: dice.below(MONTHS),
            };
            counts[atoms.iter().position(|a| *a == atom).expect("all are there")] += 1;
        }
        Self(counts)
    }

    pub(crate) fn feedback(&self) -> Vec<NewFeedback> {
        let of = |(atom, count): (Atom, &u64)| (0..*count).map(move |_| atom.feedback());
        Atom::all().zip(&self.0).flat_map(of).collect()
    }

    pub(crate) fn count(&self, atoms: &[usize]) -> u64 {
        atoms.iter().map(|n| self.0[*n]).sum()
    }
}

/// The sets that are groups of people: one value of age or area (or both), of any or one channel, of any or one month.
pub(crate) fn cells(atoms: &Atoms) -> Vec<Vec<usize>> {
    let all: Vec<Atom> = Atom::all().collect();
    let some = |n: usize| (0..n).map(Some).chain([None]);
    let mut cells = Vec::new();
    for age in some(AGES.len()) {
        for area in some(AREAS.len()).filter(|area| age.is_some() || area.is_some()) {
            for channel in some(CHANNELS.len()) {
                for month in some(MONTHS) {
                    let is = |wanted: Option<usize>, n: usize| wanted.is_none_or(|w| w == n);
                    let meant =
                        |a: &Atom| is(age, a.age) && is(area, a.area) && is(channel, a.channel) && is(month, a.month);
                    cells.push((0..atoms.len()).filter(|n| meant(&all[*n])).collect());
                }
            }
        }
    }
    cells
}

/// A question that somebody may think of.
pub(crate) fn question(dice: &mut Dice) -> Question {
    let mut filter = Filter::default();
    let mut narrow = |dice: &mut Dice, dimension: Dimension, values: &[&str]| {
        for _ in 0..dice.below(3) {
            let value = values[dice.below(values.len())];
            let not = if dice.below(8) == 0 { "!" } else { "" };
            filter.add(dimension.clone(), &format!("{not}{value}"));
        }
    };
    let age = Dimension::Attribute("age".into());
    narrow(dice, age.clone(), &AGES);
    narrow(dice, Dimension::Area, &AREAS);
    narrow(dice, Dimension::Channel, &CHANNELS.map(Channel::key));
    let periods = [
        "all",
        "all",
        "2024-01",
        "2024-02",
        "2024-03",
        "2024-01..2024-02",
        "2024-02..2024-03",
        "2024-Q1",
        "2024-02-10..2024-03-12",
        "2024",
        "..2024-02",
        "2024-02..",
    ];
    filter.range = parsed(periods[dice.below(periods.len())]);
    let groupings = [
        Grouping::Dimension(age),
        Grouping::Dimension(Dimension::Area),
        Grouping::Dimension(Dimension::Channel),
        Grouping::Time(Interval::Month),
    ];
    let mut group_by: Vec<Grouping> = (0..dice.below(3)).map(|_| groupings[dice.below(4)].clone()).collect();
    group_by.dedup();
    Question {
        filter,
        group_by,
        measures: vec![Measure::Count],
        compare: (dice.below(4) == 0).then_some(Compare::PeriodBefore),
        limit: 1 + dice.below(6),
    }
}

fn parsed(text: &str) -> TimeRange {
    period::parse(text, instant("2024-04-10T12:00:00Z"), Tz::Europe__London).expect("a period")
}

/// The month of a step of time.
pub(crate) fn month_of(key: &str) -> TimeRange {
    parsed(&key[..7])
}

/// The period before that a figure of a set is compared with, where it is told by month or not by time.
pub(crate) fn before(set: &Question, asked: &Question, zone: Tz) -> Option<TimeRange> {
    let compared = period::compared(asked.filter.range, asked.compare?, zone)?;
    if !asked.group_by.iter().any(|g| matches!(g, Grouping::Time(_))) || set.filter.range == asked.filter.range {
        return Some(compared);
    }
    // The step at the same place.
    let month = |range: TimeRange| {
        period::step_key(period::step_start(range.from.expect("closed"), Interval::Month, zone), Interval::Month, zone)
    };
    let place = |from: TimeRange, key: &str| {
        let (mut at, mut n) = (period::step_start(from.from.expect("closed"), Interval::Month, zone), 0);
        while period::step_key(at, Interval::Month, zone) != key {
            at = period::next_step(at, Interval::Month, zone);
            n += 1;
        }
        n
    };
    let n = place(asked.filter.range, &month(set.filter.range));
    let mut at = period::step_start(compared.from.expect("closed"), Interval::Month, zone);
    for _ in 0..n {
        at = period::next_step(at, Interval::Month, zone);
    }
    let next = period::next_step(at, Interval::Month, zone);
    // A step at an edge is not a whole month where the period is none.
    let from = compared.from.map_or(at, |from| from.max(at));
    let to = compared.to.map_or(next, |to| to.min(next));
    (from < to).then_some(TimeRange { from: Some(from), to: Some(to) })
}

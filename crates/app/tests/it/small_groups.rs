//! An attacker of small groups: populations made up, questions that may be asked, and what follows from all the
//! answers together. The same attacker on the same questions under the rule of before tells what that gave away.
//!
//! `SMALL_GROUPS_POPULATIONS` and `SMALL_GROUPS_QUESTIONS` say how much is tried; the figures are printed.

mod attacker;
mod old_rule;
mod people;

use std::collections::{BTreeMap, HashSet};

use commonweal_app::Question;
use commonweal_domain::protect::Noise;
use commonweal_domain::question::{Answer, Group, Grouping};
use commonweal_domain::{Actor, Dimension, Filter, TimeRange, lattice};
use commonweal_testkit::app::{TestApp, instant};
use commonweal_testkit::on_both_engines;

use attacker::Attacker;
use people::{Atoms, Dice, MINIMUM, People, question};

/// How much is tried.
fn tries(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// How sure somebody has to be of a count to have found it: two deviations are less than half a person.
const SURE: f64 = 0.25;

/// What two rules gave away of how many small cells.
#[derive(Default, Debug)]
struct Given {
    cells: usize,
    asked: usize,
    answered: usize,
    old: usize,
    new: usize,
    /// The surest guess at any small cell under the rule of today, as a standard deviation.
    surest: Option<f64>,
}

/// The sets of a figure: those of its group within the answer's filter.
fn groups(question: &Question, answer: &Answer) -> Vec<(Question, Option<u64>, Option<Option<u64>>)> {
    let of = |group: &Group| {
        let mut narrowed = question.clone();
        for (key, by) in group.keys.iter().zip(&question.group_by) {
            match by {
                Grouping::Dimension(d) => {
                    narrowed.filter.clauses.entry(d.clone()).or_default().is = vec![key.clone()];
                }
                Grouping::Time(_) => narrowed.filter.range = people::month_of(key),
            }
        }
        (narrowed, group.figures.count, group.before.as_ref().map(|b| b.count))
    };
    let all = (question.clone(), answer.total.count, answer.total_before.as_ref().map(|b| b.count));
    answer.groups.iter().map(of).chain([all]).collect()
}

/// Asks one question and tells both attackers what they are answered.
async fn ask(t: &TestApp, asked: &Question, new: &mut Attacker<'_>, old: &mut Attacker<'_>, given: &mut Given) {
    let zone = t.app.settings().time_zone;
    given.asked += 1;
    // The rule of before, on exact figures.
    let exact = t.app.answer(&Actor::OperatorExact, asked).await;
    if let Ok(mut exact) = exact {
        old_rule::hide(&t.app, asked, &mut exact).await;
        for (set, count, before) in groups(asked, &exact) {
            if let Some(count) = count {
                old.exactly(&set.filter, count);
            }
            if let (Some(Some(before)), Some(range)) = (before, people::before(&set, asked, zone)) {
                let mut filter = set.filter.clone();
                filter.range = range;
                old.exactly(&filter, before);
            }
        }
    }
    // The rule of today. Whoever knows every cell of which a figure is a sum knows more than the figure says.
    let Ok(answer) = t.app.answer(&Actor::Operator, asked).await else { return };
    given.answered += 1;
    let Some(protection) = answer.protection else {
        for (set, count, _) in groups(asked, &answer) {
            if let Some(count) = count {
                new.exactly(&set.filter, count);
            }
        }
        return;
    };
    let mut whole = asked.clone();
    whole.filter.range = TimeRange { from: protection.from, to: protection.to };
    let pieces = |range: TimeRange| lattice::pieces(range, instant(people::BEGIN), instant(people::END), zone);
    let mut known = groups(&whole, &answer);
    known.retain(|(_, count, _)| count.is_some());
    if answer.rest.as_ref().is_some_and(|rest| rest.count.is_some()) {
        // The last is all; the others are not in the rest.
        let shown = groups(&whole, &answer).into_iter().rev().skip(1).map(|(set, ..)| set.filter);
        let shown: Vec<Filter> = shown.collect();
        for cell in lattice::cells(&whole.filter, &pieces(whole.filter.range)).expect("it was answered") {
            new.roughly_without(&cell, &shown, protection.deviation);
        }
    }
    for (set, count, before) in known {
        let ranges =
            [(set.filter.range, count), (people::before(&set, &whole, zone).unwrap_or_default(), before.flatten())];
        for (range, count) in ranges {
            let Some(count) = count else { continue };
            let mut filter = set.filter.clone();
            filter.range = range;
            let cells = lattice::cells(&filter, &pieces(range)).expect("it was answered");
            new.about(&filter, count, cells.len(), protection.deviation, protection.rounded_to);
            for cell in &cells {
                new.roughly(cell, protection.deviation);
            }
        }
    }
}

/// Everything that can be asked about nobody in particular.
async fn margins(t: &TestApp, attackers: [&mut Attacker<'_>; 2]) {
    let question = Question {
        group_by: vec![
            Grouping::Dimension(Dimension::Channel),
            Grouping::Time(commonweal_domain::question::Interval::Month),
        ],
        ..Question::default()
    };
    let answer = t.app.answer(&Actor::Operator, &question).await.expect("an answer");
    let sets = groups(&question, &answer);
    for attacker in attackers {
        for (set, count, _) in &sets {
            attacker.exactly(&set.filter, count.expect("not about people"));
        }
    }
}

async fn attacked(t: &TestApp, seed: u64, questions: usize) -> Given {
    let mut dice = Dice(seed);
    let people = People::random(&mut dice);
    t.submit(people.feedback()).await;
    t.index().await;
    let atoms = Atoms::new();
    let (mut new, mut old) = (Attacker::new(&atoms), Attacker::new(&atoms));
    margins(t, [&mut new, &mut old]).await;
    let mut given = Given::default();
    for _ in 0..questions {
        ask(t, &question(&mut dice), &mut new, &mut old, &mut given).await;
    }
    let small: BTreeMap<Vec<usize>, u64> = people::cells(&atoms)
        .into_iter()
        .map(|cell| (cell.clone(), people.count(&cell)))
        .filter(|(_, n)| (1..MINIMUM).contains(n))
        .collect();
    given.cells = small.len();
    let (sure_now, sure_then) = (new.sure(), old.sure());
    let (now, then) = (new.bounds(), old.bounds());
    for (cell, count) in &small {
        let pinned = |bounds: &attacker::Bounds| bounds.of(cell) == (*count, *count);
        let (deviation_now, deviation_then) = (sure_now.deviation(cell), sure_then.deviation(cell));
        given.new += usize::from(deviation_now < SURE || pinned(&now));
        given.old += usize::from(deviation_then < SURE || pinned(&then));
        given.surest = Some(given.surest.map_or(deviation_now, |least: f64| least.min(deviation_now)));
    }
    given
}

on_both_engines! {
    async fn no_small_group_follows_from_all_answers_together(db: TestDb) {
        let t = TestApp::with(db).await;
        let (populations, questions) = (tries("SMALL_GROUPS_POPULATIONS", 1), tries("SMALL_GROUPS_QUESTIONS", 150));
        let mut all = Given::default();
        for seed in 1..=populations as u64 {
            let engine = commonweal_testkit::databases::TestDb::on(commonweal_store::Engine::Sqlite).await;
            let other = TestApp::with(engine).await;
            let t = if seed == 1 { &t } else { &other };
            let given = attacked(t, seed, questions).await;
            all = Given {
                cells: all.cells + given.cells,
                asked: all.asked + given.asked,
                answered: all.answered + given.answered,
                old: all.old + given.old,
                new: all.new + given.new,
                surest: [all.surest, given.surest].into_iter().flatten().reduce(f64::min),
            };
        }
        println!(
            "{} questions, {} answered; small cells: {}; given away by the rule of before: {}, by the rule of today: {}; \
             surest guess ±{:.2}",
            all.asked, all.answered, all.cells, all.old, all.new, all.surest.unwrap_or(f64::NAN)
        );
        assert_eq!(all.new, 0, "{all:?}");
        assert!(all.old > 0, "an attacker who finds nothing under the rule of before proves nothing: {all:?}");
    }
}

#[test]
fn equal_sets_are_counted_once() {
    let atoms = Atoms::new();
    let mut attacker = Attacker::new(&atoms);
    let noise = Noise { minimum: MINIMUM, records: 1, cells: 2 };
    let cells: HashSet<Vec<usize>> = people::cells(&atoms).into_iter().collect();
    assert!(cells.len() > 100);
    let filter = commonweal_domain::Filter::default();
    attacker.roughly(&filter, noise.deviation());
    attacker.roughly(&filter, noise.deviation());
    let all: Vec<usize> = (0..atoms.len()).collect();
    assert!(attacker.sure().deviation(&all) > noise.deviation() * 0.9, "asked twice, told once");
}

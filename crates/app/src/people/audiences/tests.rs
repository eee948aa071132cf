//! The attacker: made-up people, many rules, and whether two figures that are shown differ by a few people.

use chrono::NaiveDate;
use chrono_tz::Tz;
use commonweal_domain::audience::{ContactRule, Reach, Rule, protected};
use commonweal_domain::protect::Noise;
use commonweal_domain::{Channel, Details, FeedPosition, Need};
use commonweal_handles::Country;
use commonweal_store::{ContactOfPerson, SaidOfPerson};
use uuid::Uuid;

use super::count::Places;
use super::picture::{Contact, Picture};
use super::rows::{Bits, Slots};

const NOISE: Noise = Noise { minimum: 10, records: 7, cells: 11 };

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    /// Skewed: the later ones are rare.
    fn rare(&mut self, bound: usize) -> usize {
        let (a, b) = (self.below(bound), self.below(bound));
        a.min(b).min(self.below(bound))
    }
}

const LANGUAGES: [&str; 6] = ["en", "cy", "pl", "ur", "so", "ga"];
const DISTRICTS: [&str; 5] = ["ZX1", "ZX2", "ZX3", "ZX4", "ZX5"];
const CHANNELS: [Channel; 4] = [Channel::Phone, Channel::Web, Channel::Letter, Channel::Kiosk];

fn made_up(people: u64, random: &mut Random) -> Picture {
    let mut picture = Picture::empty(Uuid::nil(), FeedPosition::default(), Tz::Europe__London, Country::Gb);
    picture.persons = Slots::of_sorted((1..=people).map(|n| Uuid::from_u128(n.into())).collect());
    picture.records = Slots::of_sorted((1..=people).map(|n| Uuid::from_u128(n.into())).collect());
    for n in 1..=people {
        let id = Uuid::from_u128(n.into());
        let details = Details {
            language: Some(LANGUAGES[random.rare(6)].to_owned()),
            postcode: Some(format!("{} 7QT", DISTRICTS[random.rare(5)])),
            needs: if random.below(6) == 0 { vec![Need::ALL[random.rare(Need::ALL.len())]] } else { Vec::new() },
            ..Details::default()
        };
        let said = SaidOfPerson {
            record: id.into(),
            person: id.into(),
            details: Some(details),
            email: random.below(3) > 0,
            phone: random.below(40) > 0,
        };
        let facts = picture.facts_of(&said);
        picture.facts.push(&facts);
        let contacts: Vec<Contact> = (0..random.rare(6))
            .map(|_| {
                let day =
                    NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day") + chrono::Days::new(random.below(200) as u64);
                let contact = ContactOfPerson {
                    record: id.into(),
                    at: day.and_hms_opt(12, 0, 0).expect("noon").and_utc().timestamp_micros(),
                    what: format!("{} in serve", CHANNELS[random.rare(4)].key()),
                    service: None,
                    touchpoint: None,
                    id,
                };
                picture.contact_of(&contact).expect("a contact")
            })
            .collect();
        picture.contacts.push(&contacts);
        picture.said.push(&[]);
    }
    picture.person_of = (0..u32::try_from(people).expect("few")).collect();
    picture
}

fn some(random: &mut Random, all: &[&str]) -> Vec<String> {
    let mut left: Vec<&str> = all.to_vec();
    (0..=random.below(2)).map(|_| left.remove(random.below(left.len())).to_owned()).collect()
}

fn rule(random: &mut Random, depth: usize) -> Rule {
    match random.below(if depth > 2 { 5 } else { 8 }) {
        0 => Rule::Language(some(random, &LANGUAGES)),
        1 => Rule::District(some(random, &DISTRICTS)),
        2 => Rule::Need(vec![Need::ALL[random.below(Need::ALL.len())]]),
        3 | 4 => {
            let month =
                |random: &mut Random| NaiveDate::from_ymd_opt(2026, 1 + random.below(7) as u32, 1).expect("a day");
            let (a, b) = (month(random), month(random));
            Rule::Contact(ContactRule {
                channel: (0..random.below(3)).map(|_| CHANNELS[random.below(4)]).collect(),
                from: (random.below(2) == 0).then_some(a.min(b)),
                to: (random.below(2) == 0).then_some(a.max(b) + chrono::Months::new(1)),
                ..ContactRule::default()
            })
        }
        5 => Rule::All((0..2).map(|_| rule(random, depth + 1)).collect()),
        6 => Rule::Any((0..2).map(|_| rule(random, depth + 1)).collect()),
        _ => Rule::Not(Box::new(rule(random, depth + 1))),
    }
}

fn shown(picture: &Picture, rule: &Rule) -> Option<u64> {
    picture.protected(&protected(rule), &NOISE, &Places::default()).count
}

fn difference(picture: &Picture, a: &Rule, b: &Rule) -> (u64, u64) {
    let sets = picture.sets(&[protected(a), protected(b)], &Places::default());
    let only = |a: &Bits, b: &Bits| {
        let mut left = a.clone();
        left.without(b);
        left.count()
    };
    (only(&sets[0], &sets[1]), only(&sets[1], &sets[0]))
}

#[test]
fn a_rule_less_the_same_rule_with_more_gives_no_few_people_away() {
    let mut random = Random(3);
    let (mut pairs, mut told) = (0, 0);
    for _ in 0..6 {
        let picture = made_up(400, &mut random);
        for _ in 0..150 {
            let (a, b) = (rule(&mut random, 1), rule(&mut random, 1));
            // A against A and B, A and not B, A or B; and what was asked less one part of it.
            let not_b = Rule::Not(Box::new(b.clone()));
            let mut asked = vec![(a.clone(), Rule::All(vec![a.clone(), b.clone()]))];
            asked.push((a.clone(), Rule::All(vec![a.clone(), not_b])));
            asked.push((a.clone(), Rule::Any(vec![a.clone(), b.clone()])));
            let whole = protected(&Rule::All(vec![a, b]));
            asked.extend(whole.parts().into_iter().map(|part| (part.without, whole.clone())));
            for (one, other) in asked {
                pairs += 1;
                let (Some(_), Some(_)) = (shown(&picture, &one), shown(&picture, &other)) else { continue };
                told += 1;
                let (less, more) = difference(&picture, &one, &other);
                for few in [less, more] {
                    assert!(few == 0 || few >= NOISE.minimum, "{few} people are given away by {one:?} and {other:?}");
                }
            }
        }
    }
    assert!(told > 200, "of {pairs} pairs only {told} were shown: the attack says nothing");
}

#[test]
fn equal_people_have_equal_figures_however_they_are_asked_for() {
    let mut random = Random(5);
    let mut same = 0;
    for _ in 0..4 {
        let picture = made_up(400, &mut random);
        for _ in 0..60 {
            let a = rule(&mut random, 1);
            let twice = Rule::Not(Box::new(Rule::Not(Box::new(a.clone()))));
            let (once, again) = (shown(&picture, &a), shown(&picture, &twice));
            if let (Some(once), Some(again)) = (once, again) {
                assert_eq!(once, again, "{a:?}");
                assert!(once.is_multiple_of(NOISE.step()) && once >= NOISE.minimum);
                same += 1;
            }
        }
    }
    assert!(same > 20, "{same}");
}

#[test]
fn few_who_can_not_be_reached_are_not_told_from_those_who_can() {
    let picture = made_up(400, &mut Random(9));
    let all = Rule::Language(vec!["en".to_owned()]);
    let counted = picture.protected(&all, &NOISE, &Places::default());
    let count = counted.count.expect("many speak English");
    let of = |by| counted.reach.iter().find(|reach| reach.by == by).and_then(|reach| reach.count);
    // Nearly all have a telephone: the difference would tell of those who have none.
    assert_eq!(of(Reach::Phone), None);
    assert!(of(Reach::Email).is_some_and(|email| email < count), "{:?} of {count}", of(Reach::Email));
    assert_eq!(of(Reach::Post), None, "nobody has an address");
}

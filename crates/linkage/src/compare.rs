//! Compares two records field by field.

use strsim::{jaro_winkler, osa_distance};

use crate::levels::{Comparison, MISSING, Pattern, address, area, birth, given, handle, surname};
use crate::normal::outcode;
use crate::table::{Row, Table};

/// Jaro–Winkler similarities from which on letters are nearly the same, or similar (Winkler 1990; thresholds as in
/// the comparisons of names that Splink offers).
const NEARLY: f64 = 0.9;
const SIMILAR: f64 = 0.83;

/// Compares two rows of a table.
pub(crate) fn pattern(table: &Table, a: &Row, b: &Row) -> Pattern {
    let given = given_level(table, a, b);
    // Swapped names are told once, with the given name.
    let surname = if given == given::SWAPPED { MISSING } else { surname_level(table, a.surname, b.surname) };
    Pattern::NOTHING
        .with(Comparison::GivenNames, given)
        .with(Comparison::Surname, surname)
        .with(Comparison::BirthDate, birth_level(table.births[a.birth as usize], table.births[b.birth as usize]))
        .with(Comparison::Address, address_level(table, a.address, b.address))
        .with(Comparison::Area, area_level(table, a, b))
        .with(Comparison::Email, handle_level(table, table.emails(a), table.emails(b), email_slip))
        .with(Comparison::Phone, handle_level(table, table.phones(a), table.phones(b), digit_slip))
        .with(Comparison::ExternalId, id_level(table, table.ids(a), table.ids(b)))
}

/// A name without the spaces in it, which are easily typed where none belong.
fn joined(name: &str) -> String {
    name.chars().filter(|c| *c != ' ').collect()
}

fn similarity(several: bool, a: &str, b: &str) -> f64 {
    if several { jaro_winkler(&joined(a), &joined(b)) } else { jaro_winkler(a, b) }
}

/// Whether two names of several words have one in common that is more than an initial.
fn shares_a_word(a: &str, b: &str) -> bool {
    a.split(' ').any(|word| word.chars().count() > 2 && b.split(' ').any(|other| other == word))
}

fn given_level(table: &Table, a: &Row, b: &Row) -> u8 {
    if a.given == 0 || b.given == 0 {
        return MISSING;
    }
    if a.given == b.given {
        return given::EXACT;
    }
    let (x, y) = (table.name_facts(a.given), table.name_facts(b.given));
    if a.given == b.surname && a.surname == b.given {
        return given::SWAPPED;
    }
    let (one, other) = (table.names.get(a.given), table.names.get(b.given));
    if x.initial || y.initial {
        return if one.chars().next() == other.chars().next() { given::INITIAL } else { given::DIFFERENT };
    }
    let several = x.several || y.several;
    if several && shares_a_word(one, other) {
        return given::PART;
    }
    if x.groups[0] != 0 && x.groups.iter().any(|group| *group != 0 && y.groups.contains(group)) {
        return given::NICKNAME;
    }
    let alike = similarity(several, one, other);
    // Christine and Christopher are near each other, but no slip turns one into the other: both are names.
    if x.groups[0] != 0 && y.groups[0] != 0 {
        return if osa_distance(one, other) == 1 { given::SIMILAR } else { given::DIFFERENT };
    }
    if alike >= NEARLY {
        return given::SLIP;
    }
    // One name of each may be mistyped besides being in the wrong place.
    let begins_alike = |x: u32, y: u32| table.names.get(x).chars().next() == table.names.get(y).chars().next();
    let crossed = a.surname != 0
        && b.surname != 0
        && begins_alike(a.given, b.surname)
        && begins_alike(a.surname, b.given)
        && similarity(true, one, table.names.get(b.surname)) >= NEARLY
        && similarity(true, table.names.get(a.surname), other) >= NEARLY;
    if crossed {
        return given::SWAPPED;
    }
    if alike >= SIMILAR { given::SIMILAR } else { given::DIFFERENT }
}

fn surname_level(table: &Table, a: u32, b: u32) -> u8 {
    if a == 0 || b == 0 {
        return MISSING;
    }
    if a == b {
        return surname::EXACT;
    }
    let (x, y) = (table.name_facts(a), table.name_facts(b));
    let (one, other) = (table.names.get(a), table.names.get(b));
    let several = x.several || y.several;
    if several && shares_a_word(one, other) {
        return surname::PART;
    }
    let alike = similarity(several, one, other);
    if alike >= NEARLY {
        surname::SLIP
    } else if alike >= SIMILAR || (x.soundex[0] != 0 && x.soundex == y.soundex) {
        surname::SIMILAR
    } else {
        surname::DIFFERENT
    }
}

/// Levels of two dates as eight digits, 0 for none.
fn birth_level(a: u32, b: u32) -> u8 {
    if a == 0 || b == 0 {
        return MISSING;
    }
    if a == b {
        return birth::EXACT;
    }
    let parts = |d: u32| (d / 10_000, d / 100 % 100, d % 100);
    let ((y, m, d), (year, month, day)) = (parts(a), parts(b));
    if (m == 0 && d == 0) || (month == 0 && day == 0) {
        return if y == year { birth::YEAR } else { birth::DIFFERENT };
    }
    if y == year && m == day && d == month {
        return birth::SWAPPED;
    }
    if digits_slip(a, b) {
        return birth::SLIP;
    }
    let same = u8::from(y == year) + u8::from(m == month) + u8::from(d == day);
    if same == 2 { birth::TWO_PARTS } else { birth::DIFFERENT }
}

/// Whether two numbers of eight digits differ in one digit, or by two neighbours that changed places.
fn digits_slip(mut a: u32, mut b: u32) -> bool {
    let (mut different, mut last) = (0, None);
    let mut swapped = false;
    let mut place = 0;
    while a > 0 || b > 0 {
        let (x, y) = (a % 10, b % 10);
        if x != y {
            different += 1;
            swapped = matches!(last, Some((at, p, q)) if at + 1 == place && p == y && q == x);
            last = Some((place, x, y));
        }
        (a, b, place) = (a / 10, b / 10, place + 1);
    }
    different == 1 || (different == 2 && swapped)
}

/// Level of two addresses: by their numbers, and by how many pairs of neighbouring letters their words have in common
/// (Dice's coefficient, and the share of the shorter one, because a line may be missing). Order of lines and words,
/// words torn apart or run together hardly change that.
fn address_level(table: &Table, a: u32, b: u32) -> u8 {
    if a == 0 || b == 0 {
        return MISSING;
    }
    if a == b {
        return address::SAME;
    }
    let (x, y) = (table.address_facts(a), table.address_facts(b));
    let numbers = (table.numbers_of(x), table.numbers_of(y));
    let same_number = numbers.0.iter().any(|number| numbers.1.contains(number));
    if x.street == 0 || y.street == 0 {
        // No more than a number on one side.
        return if same_number { address::PARTLY } else { MISSING };
    }
    let (p, q) = (table.pairs_of(x), table.pairs_of(y));
    let common = common(p, q) as f64;
    let shorter = p.len().min(q.len());
    let dice = 2.0 * common / (p.len() + q.len()) as f64;
    let covered = common / shorter.max(1) as f64;
    let same_street = x.street == y.street;
    let similar = same_street || dice >= 0.7 || (shorter >= 4 && covered >= 0.75);
    if similar && same_number {
        if same_street || dice >= 0.8 { address::SAME } else { address::SIMILAR }
    } else if similar {
        address::STREET
    } else if (same_number && covered >= 0.4) || (shorter >= 4 && covered >= 0.6) {
        address::PARTLY
    } else {
        address::DIFFERENT
    }
}

/// How many elements two sorted lists have in common.
fn common(a: &[u16], b: &[u16]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                i += 1;
                j += 1;
            }
        }
    }
    count
}

fn area_level(table: &Table, a: &Row, b: &Row) -> u8 {
    let towns = a.town != 0 && b.town != 0;
    let same_town =
        || towns && (a.town == b.town || similarity(true, table.towns.get(a.town), table.towns.get(b.town)) >= NEARLY);
    if a.postcode == 0 || b.postcode == 0 {
        return match (towns, same_town()) {
            (false, _) => MISSING,
            (true, true) => area::TOWN,
            (true, false) => area::DIFFERENT,
        };
    }
    if a.postcode == b.postcode {
        return area::POSTCODE;
    }
    let (one, other) = (table.postcodes.get(a.postcode), table.postcodes.get(b.postcode));
    if digit_slip(one, other) {
        area::SLIP
    } else if same_town() {
        area::TOWN
    } else if outcode(one) == outcode(other) {
        area::OUTCODE
    } else {
        area::DIFFERENT
    }
}

fn handle_level(table: &Table, a: &[u32], b: &[u32], slip: fn(&str, &str) -> bool) -> u8 {
    if a.is_empty() || b.is_empty() {
        return MISSING;
    }
    let mut same = a.iter().filter(|handle| b.contains(handle)).peekable();
    if same.peek().is_some() {
        return if same.all(|handle| table.is_shared(*handle)) { handle::SHARED } else { handle::EXACT };
    }
    let slipped = a.iter().any(|one| b.iter().any(|other| slip(table.handles.get(*one), table.handles.get(*other))));
    if slipped { handle::SLIP } else { handle::DIFFERENT }
}

fn id_level(table: &Table, a: &[u32], b: &[u32]) -> u8 {
    if a.is_empty() || b.is_empty() {
        return MISSING;
    }
    let mut level = MISSING;
    for one in a {
        for other in b {
            if one == other {
                return handle::EXACT;
            }
            let (x, y) = (table.handles.get(*one), table.handles.get(*other));
            if let (Some((scheme, x)), Some((other_scheme, y))) = (x.split_once(':'), y.split_once(':'))
                && scheme == other_scheme
            {
                level = level.min(if digit_slip(x, y) { handle::SLIP } else { handle::DIFFERENT });
            }
        }
    }
    level
}

/// One character wrong, missing or too many, or two neighbours that changed places.
fn digit_slip(a: &str, b: &str) -> bool {
    // Mostly they differ at both ends; then nothing has to be counted.
    let ends = a.as_bytes().first() == b.as_bytes().first() || a.as_bytes().last() == b.as_bytes().last();
    ends && a.len().abs_diff(b.len()) <= 1 && osa_distance(a, b) == 1
}

/// A slip, or the same name at another provider.
fn email_slip(a: &str, b: &str) -> bool {
    let (Some((name, domain)), Some((other_name, other_domain))) = (a.rsplit_once('@'), b.rsplit_once('@')) else {
        return false;
    };
    if name == other_name {
        return name.len() > 4 && (domain != other_domain);
    }
    domain == other_domain && name.len() > 4 && digit_slip(name, other_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BirthDate, ExternalId, Record};

    fn levels(a: &Record, b: &Record) -> Pattern {
        let table = Table::new([a, b]);
        assert_eq!(
            pattern(&table, &table.rows[0], &table.rows[1]),
            pattern(&table, &table.rows[1], &table.rows[0]),
            "comparing goes both ways"
        );
        pattern(&table, &table.rows[0], &table.rows[1])
    }

    fn named(given: &str, surname: &str) -> Record {
        Record { given_names: Some(given.into()), surname: Some(surname.into()), ..Record::default() }
    }

    #[test]
    fn names_agree_on_levels() {
        let given = |a, b| levels(&named(a, "x1"), &named(b, "x1")).level(Comparison::GivenNames);
        assert_eq!(given("José", "jose"), given::EXACT);
        assert_eq!(given("Dai", "David"), given::NICKNAME);
        assert_eq!(given("Mary Anne", "Mary"), given::PART);
        assert_eq!(given("isablela", "isabella"), given::SLIP);
        assert_eq!(given("jac ob", "jacob"), given::SLIP);
        assert_eq!(given("J", "Jacob"), given::INITIAL);
        assert_eq!(given("K", "Jacob"), given::DIFFERENT);
        assert_eq!(given("luke", "mia"), given::DIFFERENT);
        assert_eq!(given("Christine", "Christopher"), given::DIFFERENT);
        assert_eq!(given("Stephen", "Stephanie"), given::DIFFERENT);
        assert_eq!(given("Christine", "Chris"), given::NICKNAME);
        assert_eq!(given("Martha", "Martin"), given::DIFFERENT);
        assert_eq!(given("Marsha", "Martha"), given::SLIP, "only one of them is in the table");
        assert_eq!(given("", "mia"), MISSING);
        let surname = |a, b| levels(&named("ann", a), &named("ann", b)).level(Comparison::Surname);
        assert_eq!(surname("Smith-Jones", "Smith"), surname::PART);
        assert_eq!(surname("kilmatrin", "kilmartin"), surname::SLIP);
        assert_eq!(surname("mcpahil", "mcphail"), surname::SLIP);
        assert_eq!(surname("Clark", "Clerk"), surname::SIMILAR);
        assert_eq!(surname("bizjak", "jolly"), surname::DIFFERENT);
    }

    #[test]
    fn swapped_names_are_told_once() {
        for other in [named("beazley", "anthony"), named("beazly", "anthony")] {
            let pattern = levels(&named("anthony", "beazley"), &other);
            assert_eq!(pattern.level(Comparison::GivenNames), given::SWAPPED);
            assert_eq!(pattern.level(Comparison::Surname), MISSING);
        }
    }

    #[test]
    fn dates_agree_on_levels() {
        let day = |y, m, d| BirthDate::new(y, m, d).map_or(0, BirthDate::digits);
        let born = day(1980, 3, 12);
        for (other, level) in [
            (day(1980, 3, 12), birth::EXACT),
            (day(1980, 3, 13), birth::SLIP),
            (day(1908, 3, 12), birth::SLIP),
            (day(1980, 3, 21), birth::SLIP),
            (day(1980, 12, 3), birth::SWAPPED),
            (day(1980, 0, 0), birth::YEAR),
            (day(1981, 0, 0), birth::DIFFERENT),
            (day(1965, 3, 12), birth::TWO_PARTS),
            (day(1965, 7, 12), birth::DIFFERENT),
            (0, MISSING),
        ] {
            assert_eq!(birth_level(born, other), level, "{other}");
            assert_eq!(birth_level(other, born), level, "{other}");
        }
    }

    #[test]
    fn addresses_survive_what_happens_to_them() {
        let level = |a: &[&str], b: &[&str]| {
            let at = |lines: &[&str]| Record {
                address: lines.iter().map(|l| (*l).to_owned()).collect(),
                ..Record::default()
            };
            levels(&at(a), &at(b)).level(Comparison::Address)
        };
        assert_eq!(
            level(&["6 Max Henry Crescent", "Ponderosa"], &["6", "ponderossa", "max henry cres"]),
            address::SAME
        );
        assert_eq!(level(&["7", "dixon drive", "jestarlei"], &["7", "dixondrive", "jestarlei"]), address::SAME);
        assert_eq!(level(&["8", "eddy crescent", "legacy vlge"], &["8", "", "legacy vlge"]), address::SAME);
        assert_eq!(level(&["6 max henry crescent", "ponderosa"], &["6 max henry crescent"]), address::SIMILAR);
        assert_eq!(level(&["48 goldfinch circuit"], &["231 goldfinch circuit"]), address::STREET);
        assert_eq!(level(&["12 High Street"], &["12 Forbes Street"]), address::DIFFERENT);
        assert_eq!(level(&["12"], &["12 Forbes Street"]), address::PARTLY);
        assert_eq!(level(&[""], &["12 Forbes Street"]), MISSING);
    }

    #[test]
    fn areas_count_the_town_only_where_postcodes_say_nothing() {
        let level = |a: (&str, &str), b: (&str, &str)| {
            let at = |(postcode, town): (&str, &str)| Record {
                postcode: Some(postcode.into()),
                town: Some(town.into()),
                ..Record::default()
            };
            levels(&at(a), &at(b)).level(Comparison::Area)
        };
        assert_eq!(level(("M1 1AE", "Manchester"), ("m11ae", "Salford")), area::POSTCODE);
        assert_eq!(level(("4814", "bittern"), ("4184", "bittern")), area::SLIP);
        assert_eq!(level(("2776", "canterbury"), ("2509", "cantebrury")), area::TOWN);
        assert_eq!(level(("M1 1AE", ""), ("M1 9XX", "")), area::OUTCODE);
        assert_eq!(level(("", "Leeds"), ("M1 9XX", "York")), area::DIFFERENT);
        assert_eq!(level(("", ""), ("M1 9XX", "York")), MISSING);
    }

    #[test]
    fn handles_and_ids_take_the_best_of_all() {
        let mut a = named("Ann", "Lee");
        let mut b = a.clone();
        a.emails = vec!["ann.lee@example.org".into(), "office@example.org".into()];
        b.emails = vec!["Office@Example.org".into()];
        assert_eq!(levels(&a, &b).level(Comparison::Email), handle::EXACT);
        b.shared_handles = b.emails.clone();
        assert_eq!(levels(&a, &b).level(Comparison::Email), handle::SHARED);
        b.emails = vec!["ann.lee@example.com".into()];
        assert_eq!(levels(&a, &b).level(Comparison::Email), handle::SLIP);
        a.phones = vec!["07700 900123".into()];
        b.phones = vec!["07700 900132".into()];
        assert_eq!(levels(&a, &b).level(Comparison::Phone), handle::SLIP);
        let id = |scheme: &str, value: &str| ExternalId { scheme: scheme.into(), value: value.into() };
        a.external_ids = vec![id("nhs", "943 476 5919")];
        b.external_ids = vec![id("customer", "1")];
        assert_eq!(levels(&a, &b).level(Comparison::ExternalId), MISSING);
        b.external_ids.push(id("NHS", "9434765918"));
        assert_eq!(levels(&a, &b).level(Comparison::ExternalId), handle::SLIP);
    }
}

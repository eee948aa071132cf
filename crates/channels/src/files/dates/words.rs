//! Words in dates: months, days of the week and zones, as programs write them out in several languages. Without
//! accents, in lower case.

use chrono_tz::Tz;

use super::super::values::plain_words;

/// From January on, in English, German, French, Spanish, Welsh, Italian, Portuguese, Dutch and Polish.
const MONTHS: [&str; 12] = [
    "january januar janner janvier enero ionawr gennaio janeiro januari stycznia",
    "february februar fevrier febrero chwefror febbraio fevereiro februari lutego",
    "march marz maerz mars marzo mawrth marco maart marca mrz mrt",
    "april avril abril ebrill aprile kwietnia",
    "may mai mayo maggio maio mei maja",
    "june juni juin junio mehefin giugno junho czerwca",
    "july juli juillet julio gorffennaf luglio julho lipca",
    "august aout agosto awst augustus sierpnia",
    "september septembre septiembre setiembre medi settembre setembro wrzesnia sept",
    "october oktober octobre octubre hydref ottobre outubro pazdziernika",
    "november novembre noviembre tachwedd novembro listopada",
    "december dezember decembre diciembre rhagfyr dicembre dezembro grudnia",
];

const DAYS: &str = "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi \
    dimanche lunes martes miercoles jueves viernes sabado domingo lunedi martedi mercoledi giovedi venerdi segunda terca quarta \
    quinta sexta feira maandag dinsdag woensdag donderdag vrijdag zaterdag zondag poniedzialek wtorek sroda czwartek piatek sobota \
    niedziela dydd llun mercher iau gwener sadwrn sul";

/// Words that stand between the parts of a date or a time and say nothing.
const BETWEEN: &str = "at um om kl a las alle ore ora as klo am le el den der of de del o do d dnia yn i uhr hrs hours h oclock godz yr ym mis dia";

/// What is written at a number of a day: 5th, 1er, 3ydd.
const ORDINALS: &str = "st nd rd th er eme af il ydd edd ed fed eg a o";

/// Names of zones by [`plain_words`], in minutes east of Greenwich.
const ZONES: &[(&str, i32)] = &[
    ("mitteleuropaische normalzeit", 60),
    ("mitteleuropaische zeit", 60),
    ("mitteleuropaische sommerzeit", 120),
    ("mez", 60),
    ("mesz", 120),
    ("koordinierte weltzeit", 0),
    ("central european standard time", 60),
    ("central european time", 60),
    ("central european summer time", 120),
    ("eastern european standard time", 120),
    ("eastern european summer time", 180),
    ("western european standard time", 0),
    ("western european summer time", 60),
    ("heure normale deurope centrale", 60),
    ("heure dete deurope centrale", 120),
    ("temps universel coordonne", 0),
    ("hora estandar de europa central", 60),
    ("hora de verano de europa central", 120),
    ("hora estandar de europa occidental", 0),
    ("hora de verano de europa occidental", 60),
    ("tiempo universal coordinado", 0),
    ("ora standard delleuropa centrale", 60),
    ("ora legale delleuropa centrale", 120),
    ("midden europese standaardtijd", 60),
    ("midden europese zomertijd", 120),
    ("greenwich mean time", 0),
    ("gmt standard time", 0),
    ("british summer time", 60),
    ("gmt daylight time", 60),
    ("gmt summer time", 60),
    ("irish standard time", 60),
    ("amser safonol greenwich", 0),
    ("amser cymedrig greenwich", 0),
    ("amser haf prydain", 60),
    ("coordinated universal time", 0),
    ("universal time", 0),
    ("eastern standard time", -300),
    ("eastern daylight time", -240),
    ("central standard time", -360),
    ("central daylight time", -300),
    ("mountain standard time", -420),
    ("mountain daylight time", -360),
    ("pacific standard time", -480),
    ("pacific daylight time", -420),
];

fn among(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|w| w == word)
}

/// The month, 1 to 12, of which this is the name or, with three letters at least, the beginning of the name; none
/// where two months begin so.
pub(super) fn month(word: &str) -> Option<u32> {
    if word.len() < 3 {
        return None;
    }
    let begins = |names: &&str| names.split_ascii_whitespace().any(|n| n.starts_with(word));
    let whole = |names: &&str| among(names, word);
    if let Some(at) = MONTHS.iter().position(whole) {
        return Some(at as u32 + 1);
    }
    // English comes first: "mar" is March, whatever else begins so.
    let english = MONTHS.iter().position(|m| m.split(' ').next().is_some_and(|n| n.starts_with(word)));
    if let Some(at) = english {
        return Some(at as u32 + 1);
    }
    let mut found = MONTHS.iter().enumerate().filter(|(_, m)| begins(m));
    let (at, _) = found.next()?;
    found.next().is_none().then_some(at as u32 + 1)
}

/// Whether this is the name of a day of the week in another language than English.
pub(super) fn is_day(word: &str) -> bool {
    among(DAYS, word)
}

/// Whether a word between the parts of a date says nothing.
pub(super) fn says_nothing(word: &str) -> bool {
    among(BETWEEN, word)
}

pub(super) fn is_ordinal(word: &str) -> bool {
    among(ORDINALS, word)
}

/// Seconds east of Greenwich of a zone that is written out.
pub(super) fn zone(text: &str) -> Option<i32> {
    let words = plain_words(text);
    ZONES.iter().find(|(name, _)| *name == words).map(|(_, minutes)| minutes * 60)
}

/// The zone of the times in a column, as its heading says it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum HeadingZone {
    /// Seconds east of Greenwich, all the year.
    Offset(i32),
    /// A place whose clocks change.
    Place(Tz),
}

/// The zone that a heading names: "Submitted (UTC)", "Start time [GMT+2]", "Sent (Europe/Paris)", "created_utc".
pub(crate) fn zone_in_heading(heading: &str) -> Option<HeadingZone> {
    let bracket = heading.split(['(', '[']).skip(1).filter_map(|part| part.split([')', ']']).next());
    let last = heading.rsplit([' ', '_', '-', '(', '[']).next().unwrap_or_default().trim_end_matches([')', ']']);
    let tail = matches!(last.to_ascii_uppercase().as_str(), "UTC" | "GMT").then_some(last);
    bracket.chain(tail).find_map(named)
}

fn named(text: &str) -> Option<HeadingZone> {
    let text = text.trim();
    let text = text.strip_prefix("in ").unwrap_or(text);
    let upper = text.to_ascii_uppercase();
    for name in ["UTC", "GMT"] {
        if let Some(rest) = upper.strip_prefix(name) {
            return match rest.trim() {
                "" | "TIME" => Some(HeadingZone::Offset(0)),
                rest => offset(rest).map(HeadingZone::Offset),
            };
        }
    }
    if let Some(seconds) = offset(&upper).or_else(|| zone(text)) {
        return Some(HeadingZone::Offset(seconds));
    }
    let place = match upper.as_str() {
        "BST" => return Some(HeadingZone::Offset(3600)),
        "CET" | "CEST" | "CET/CEST" => Tz::Europe__Paris,
        "ET" | "EST" | "EDT" | "EASTERN TIME" | "EASTERN" => Tz::America__New_York,
        "CT" | "CST" | "CDT" | "CENTRAL TIME" => Tz::America__Chicago,
        "MT" | "MST" | "MDT" | "MOUNTAIN TIME" => Tz::America__Denver,
        "PT" | "PST" | "PDT" | "PACIFIC TIME" => Tz::America__Los_Angeles,
        _ if text.contains('/') => text.parse().ok()?,
        _ => return None,
    };
    Some(HeadingZone::Place(place))
}

/// "+1", "-05:00", "+0530" in seconds.
fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix(['-', '−'])?),
    };
    let plain: String = digits.chars().filter(|c| *c != ':').collect();
    if plain.is_empty() || plain.len() > 4 || !plain.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = if plain.len() > 2 { plain.split_at(plain.len() - 2) } else { (plain.as_str(), "0") };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Whether a cell holds a date that programs write where they kept none: the beginning of their calendar, or its
/// end, at midnight.
pub(crate) fn is_placeholder(cell: &str) -> bool {
    const DATES: &[&str] = &[
        "1970-01-01",
        "1980-01-01",
        "1900-01-01",
        "1900-01-00",
        "1899-12-30",
        "1899-12-31",
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        "01/01/1970",
        "01/01/1980",
        "01/01/1900",
        "1/1/1970",
        "1/1/1980",
        "1/1/1900",
        "01.01.1970",
        "01.01.1980",
        "01.01.1900",
        "00/00/0000",
        "31/12/9999",
        "12/31/9999",
        "0/1/1900",
        "00/01/1900",
    ];
    if cell.len() > 32 || !cell.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let Some(date) = DATES.iter().find(|d| cell.starts_with(**d)) else { return false };
    let rest = cell[date.len()..].trim_start_matches([' ', 'T']).trim_end_matches(['Z', ' ']);
    // The United Kingdom was an hour ahead when 1970 began.
    let rest = if date.contains("1970") { rest.strip_prefix("01:00").map_or(rest, |_| "") } else { rest };
    rest.strip_prefix("12:00:00 AM")
        .unwrap_or(rest)
        .split(['+', '-'])
        .next()
        .unwrap_or_default()
        .chars()
        .all(|c| matches!(c, '0' | ':' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_in_several_languages() {
        for (word, expected) in
            [("mawrth", 3), ("diciembre", 12), ("okt", 10), ("ene", 1), ("mar", 3), ("juil", 7), ("hyd", 10)]
        {
            assert_eq!(month(word), Some(expected), "{word}");
        }
        for word in ["jui", "ja", "lunes", "x"] {
            assert_eq!(month(word), None, "{word}");
        }
    }

    #[test]
    fn a_heading_may_name_the_zone() {
        assert_eq!(zone_in_heading("Sent (UTC)"), Some(HeadingZone::Offset(0)));
        assert_eq!(zone_in_heading("created_utc"), Some(HeadingZone::Offset(0)));
        assert_eq!(zone_in_heading("Time [GMT-05:30]"), Some(HeadingZone::Offset(-19_800)));
        assert_eq!(zone_in_heading("Ended (UTC+2)"), Some(HeadingZone::Offset(7_200)));
        assert_eq!(zone_in_heading("Ended (Europe/Madrid)"), Some(HeadingZone::Place(Tz::Europe__Madrid)));
        for heading in ["Date", "Date (dd/mm/yyyy)", "Outcome", "Date (day/month)"] {
            assert_eq!(zone_in_heading(heading), None, "{heading}");
        }
    }

    #[test]
    fn the_beginning_of_a_calendar_is_no_date() {
        for cell in
            ["1970-01-01T00:00:00Z", "1980-01-01 00:00:00", "01/01/1900", "0000-00-00 00:00", "1970-01-01 01:00:00"]
        {
            assert!(is_placeholder(cell), "{cell}");
        }
        for cell in ["1980-01-01 09:30", "1980-01-02", "2000-01-01 00:00:00", "1970"] {
            assert!(!is_placeholder(cell), "{cell}");
        }
    }
}

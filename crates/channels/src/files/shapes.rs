//! What the form of one cell says: an email address, a postcode, a name, an id, a sentence.

use super::values::plain_words;

/// Whether there are words that sentences have and names have not, in English, Welsh or Spanish. Sentences of
/// other languages are known by their length.
pub(crate) fn is_prose(cell: &str) -> bool {
    const WORDS: &[&str] = &[
        "i", "my", "me", "we", "you", "it", "is", "was", "are", "were", "very", "not", "no", "to", "the", "a", "they",
        "have", "had", "more", "too", "but", "be", "so", "when", "would", "could", "good", "great", "nothing",
        "please", "yn", "oedd", "roedd", "mae", "ddim", "dim", "iawn", "wedi", "fy", "ond", "gan", "mwy", "rhy", "dw",
        "nid", "cael", "diolch", "eto", "que", "muy", "fue", "pero", "por", "para", "nos", "mi", "se", "una", "hay",
        "era", "gracias", "todo", "falta", "más", "está",
    ];
    cell.split(|c: char| !c.is_alphanumeric()).any(|w| {
        let lower = w.len() <= 7 && (w.bytes().any(|b| b.is_ascii_lowercase()) || w == "I");
        lower && WORDS.iter().any(|known| known.eq_ignore_ascii_case(w))
    })
}

pub(crate) fn is_email(cell: &str) -> bool {
    match cell.split_once('@') {
        Some((user, host)) => !user.is_empty() && host.contains('.') && !cell.contains(char::is_whitespace),
        None => false,
    }
}

/// A full UK postcode such as `SW1A 1AA`, which can be one household, or an Eircode such as `D02 X285`, which is
/// one. The outward half alone is not.
pub(crate) fn is_postcode(cell: &str) -> bool {
    let compact: Vec<u8> = cell.bytes().filter(|b| *b != b' ').collect();
    if !(5..=7).contains(&compact.len()) || cell.len() > 8 {
        return false;
    }
    let (out, inward) = compact.split_at(compact.len() - 3);
    let british = inward[0].is_ascii_digit()
        && inward[1..].iter().all(u8::is_ascii_alphabetic)
        && out[0].is_ascii_alphabetic()
        && out.iter().any(u8::is_ascii_digit)
        && out.iter().all(u8::is_ascii_alphanumeric);
    british || is_eircode(&compact)
}

/// A letter, a digit, a digit or W, and four letters or digits of which one at least is a letter (An Post; a
/// number alone would be a date or an id).
fn is_eircode(compact: &[u8]) -> bool {
    let [a, b, c, rest @ ..] = compact else { return false };
    rest.len() == 4
        && a.is_ascii_alphabetic()
        && b.is_ascii_digit()
        && (c.is_ascii_digit() || c.eq_ignore_ascii_case(&b'w'))
        && rest[0].is_ascii_alphabetic()
        && rest.iter().all(u8::is_ascii_alphanumeric)
}

/// A number that is dialled, by its length and beginning.
pub(crate) fn is_phone(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    (10..=14).contains(&digits)
        && cell.len() <= 22
        && (cell.starts_with(['+', '0']) || cell.starts_with("(0"))
        && cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'+' | b'(' | b')'))
}

pub(crate) fn is_ip(cell: &str) -> bool {
    cell.len() <= 45 && cell.parse::<std::net::IpAddr>().is_ok()
}

/// Words that parts of a body have in their names, and people have not.
const BODIES: &[&str] = &[
    "team",
    "service",
    "services",
    "council",
    "department",
    "dept",
    "office",
    "centre",
    "center",
    "unit",
    "group",
    "housing",
    "care",
    "board",
    "school",
    "hospital",
    "clinic",
    "surgery",
    "library",
    "desk",
    "ltd",
    "trust",
    "association",
    "agency",
    "support",
    "customer",
    "resident",
    "business",
    "owner",
    "public",
    "staff",
    "north",
    "south",
    "east",
    "west",
    "road",
    "street",
    "house",
    "park",
    "county",
    "city",
    "town",
    "village",
    "ward",
    "region",
    "district",
    "cyngor",
    "tim",
    "adran",
    "gwasanaeth",
    "gwasanaethau",
    "canolfan",
    "ysgol",
    "equipo",
    "departamento",
    "servicio",
    "servicios",
    "oficina",
    "ayuntamiento",
    "centro",
];

const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "sir", "dame", "prof", "rev", "sr", "sra", "srta", "don", "doña", "bnr",
    "bns",
];

/// Whether a cell looks like the name of a person: two to four words with a capital, perhaps with a title or the
/// family name first. Places look so too, so that the heading has to say that it is about people.
pub(crate) fn is_person(cell: &str) -> bool {
    if cell.len() > 60 {
        return false;
    }
    let mut words = 0;
    for word in cell.split([' ', ',']).filter(|w| !w.is_empty()) {
        let word = word.trim_end_matches('.');
        let particle = matches!(word, "van" | "von" | "de" | "del" | "la" | "ap" | "ab" | "ferch" | "bin" | "al" | "y");
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let letters = word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.'));
        let lower = if word.is_ascii() { word.to_ascii_lowercase() } else { plain_words(word) };
        if !letters || !(capital || particle) || BODIES.contains(&lower.as_str()) {
            return false;
        }
        words += usize::from(capital);
    }
    (2..=4).contains(&words)
}

/// Whether a cell begins with a title: `Mrs Jones`.
pub(crate) fn is_titled(cell: &str) -> bool {
    let Some((title, name)) = cell.split_once(' ') else { return false };
    let title = title.trim_end_matches('.').to_lowercase();
    TITLES.contains(&title.as_str())
        && name.len() <= 40
        && name.split(' ').count() <= 4
        && name.chars().next().is_some_and(char::is_uppercase)
}

/// A year and a time of day in a short text: a date, in whatever language its words are.
pub(crate) fn is_stamp(cell: &str) -> bool {
    if cell.len() > 100 {
        return false;
    }
    let digits = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
    let year =
        cell.split(|c: char| !c.is_ascii_digit()).any(|t| digits(t, 4) && (t.starts_with("19") || t.starts_with("20")));
    let time = cell.split(char::is_whitespace).any(|t| {
        let mut parts = t.trim_matches(|c: char| !c.is_ascii_digit()).split([':', 'h']);
        let hour = parts.next().unwrap_or_default();
        let minute = parts.next().unwrap_or_default();
        (digits(hour, 1) || digits(hour, 2)) && digits(minute, 2)
    });
    year && time
}

/// One word with a digit in it, as ids are.
pub(crate) fn is_id(cell: &str) -> bool {
    cell.len() <= 64
        && !cell.contains(char::is_whitespace)
        && cell.bytes().any(|b| b.is_ascii_digit())
        && cell.is_ascii()
}

/// A long number of which a spreadsheet program kept the beginning: `1.20241E+14`.
pub(crate) fn is_scientific(cell: &str) -> bool {
    let Some((number, power)) = cell.split_once(['E', 'e']) else { return false };
    let power = power.strip_prefix('+').unwrap_or_default();
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    digits(power) && power.len() <= 2 && number.len() >= 3 && digits(&number.replace(['.', ','], ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_are_told_from_bodies_and_sentences() {
        for name in
            ["Mair Enghraifft", "Enghraifft, Mair", "MRS A MOCKUP", "Ioan ap Sampl", "Eva O’Muestra", "Jo-Ann Test"]
        {
            assert!(is_person(name), "{name}");
        }
        for other in [
            "Housing Team",
            "Business",
            "Agent 7",
            "Late again",
            "Tîm Tai",
            "Canolfan Hamdden",
            "",
            "One Two Three Four Five",
        ] {
            assert!(!is_person(other), "{other}");
        }
        assert!(is_titled("Dr. Muestra") && !is_titled("Drive slowly") && !is_titled("Mr"));
    }

    #[test]
    fn forms_that_say_who_it_was_are_told_from_others() {
        assert!(is_postcode("D02 X285") && is_postcode("SW1A 1AA") && !is_postcode("A12 2024") && !is_postcode("SW1A"));
        assert!(
            is_phone("01632 960 123")
                && is_phone("+353 85 012 3456")
                && !is_phone("2024-05-01")
                && !is_phone("1632960123")
        );
        assert!(is_ip("198.51.100.7") && !is_ip("10.15.7"));
    }

    #[test]
    fn a_date_in_any_language_has_a_year_and_a_time() {
        assert!(is_stamp("torstai 26. tammikuuta 2023 klo 13:39:50") && is_stamp("2023年1月26日 13:39"));
        assert!(!is_stamp("Waited from 9:30 until 11:00") && !is_stamp("Closed since 2019"));
    }

    #[test]
    fn ids_are_one_word_and_cut_ones_are_known() {
        assert!(is_id("R_1a2b") && !is_id("Bay 12 flooded") && !is_id("North"));
        assert!(
            is_scientific("1.20241E+14")
                && is_scientific("4,47E+11")
                && !is_scientific("1E5")
                && !is_scientific("Room 1.2E+x")
        );
    }
}

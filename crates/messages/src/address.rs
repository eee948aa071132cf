//! Addresses of letters: whether post finds its way by them. They have three to seven lines, of which the last is a UK postcode or
//! another country, as print houses ask for it.

use crate::countries::COUNTRIES;
use crate::{Fault, Problem};

/// Lines that an address has at least.
pub const MIN_ADDRESS_LINES: usize = 3;
/// Lines that fit a window.
pub const MAX_ADDRESS_LINES: usize = 7;
/// Characters that fit a line of a window.
pub const MAX_LINE_CHARS: usize = 60;

/// What sorting machines can't read at the beginning of a line.
const UNREADABLE: &str = "@()=[]\"”“\\/,<>~";
/// The country itself, which post within it doesn't need.
const HOME: &[&str] = &[
    "uk",
    "gb",
    "united kingdom",
    "great britain",
    "britain",
    "england",
    "scotland",
    "wales",
    "northern ireland",
    "cymru",
    "y deyrnas unedig",
];

/// The lines of an address as they are printed: without empty ones, without spaces too many, the postcode as Royal Mail writes it.
pub fn address_lines<T: AsRef<str>>(lines: &[T]) -> Result<Vec<String>, Vec<Fault>> {
    let mut tidied = Vec::new();
    let mut problems = Vec::new();
    for line in lines {
        let line = crate::values::clean(line.as_ref());
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = line.trim_end_matches([',', ' ']);
        if line.is_empty() {
            continue;
        }
        tidied.push(line.to_owned());
        // Who pastes a whole page gets one fault, not thousands.
        if tidied.len() > MAX_ADDRESS_LINES {
            problems.push(Problem::AddressTooLong);
            break;
        }
        if line.chars().count() > MAX_LINE_CHARS {
            problems.push(Problem::AddressLineTooLong(tidied.len()));
        }
        if line.starts_with(|c: char| UNREADABLE.contains(c)) {
            problems.push(Problem::AddressCharacter(tidied.len()));
        }
    }
    if tidied.len() < MIN_ADDRESS_LINES {
        problems.push(Problem::AddressTooShort);
    } else if tidied.len() <= MAX_ADDRESS_LINES
        && let Some(last) = tidied.last_mut()
    {
        match last_line(last) {
            Ok(line) => *last = line,
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(tidied) } else { Err(problems.into_iter().map(Fault::from).collect()) }
}

fn last_line(line: &str) -> Result<String, Problem> {
    if let Some(postcode) = postcode(line) {
        return Ok(postcode);
    }
    let lower = line.to_lowercase();
    let name = lower.trim_end_matches('.').trim_start_matches("the ");
    if HOME.contains(&name) {
        return Err(Problem::AddressNoPostcode);
    }
    let known = COUNTRIES.contains(&name);
    if known { Ok(line.to_owned()) } else { Err(Problem::AddressLastLine) }
}

/// A postcode by its shape: area, district, sector, unit. The last three never hold C I K M O V.
fn postcode(line: &str) -> Option<String> {
    let code: String = line.chars().filter(|c| *c != ' ').map(|c| c.to_ascii_uppercase()).collect();
    if let Some(number) = code.strip_prefix("BFPO") {
        let fits = (1..=4).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        return fits.then(|| format!("BFPO {number}"));
    }
    let (out, inward) = code.split_at_checked(code.len().checked_sub(3)?)?;
    let is_inward = match inward.as_bytes() {
        [sector, one, two] => {
            let unit = |b: &u8| b.is_ascii_uppercase() && !b"CIKMOV".contains(b);
            sector.is_ascii_digit() && unit(one) && unit(two)
        }
        _ => false,
    };
    let letter = u8::is_ascii_uppercase;
    let digit = u8::is_ascii_digit;
    let is_out = match out.as_bytes() {
        [a, d] => letter(a) && digit(d),
        [a, b, d] => letter(a) && (letter(b) || digit(b)) && (digit(d) || (digit(b) && letter(d))),
        [a, b, d, e] => letter(a) && letter(b) && digit(d) && (digit(e) || letter(e)),
        _ => false,
    };
    let is_giro = code == "GIR0AA";
    ((is_inward && is_out) || is_giro).then(|| format!("{out} {inward}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(lines: &[&str]) -> Vec<&'static str> {
        let faults = address_lines(lines).expect_err("faults");
        faults.iter().map(|fault| fault.problem.code()).collect()
    }

    #[test]
    fn lines_are_printed_tidily() {
        let lines = address_lines(&["Ms  Ann Lee", "", "12 High Street,", "Anytown", "zx47qt"]);
        assert_eq!(
            lines.as_deref(),
            Ok(["Ms Ann Lee", "12 High Street", "Anytown", "ZX4 7QT"].map(str::to_owned).as_slice())
        );
        for last in
            ["M1 1AA", "ec1a 1bb", "W1A 1HQ", "DN55 1PT", "GIR 0AA", "BFPO 801", "France", "the Netherlands", "IRELAND"]
        {
            assert!(address_lines(&["A", "B", last]).is_ok(), "{last}");
        }
    }

    #[test]
    fn what_post_would_not_find_is_refused() {
        assert_eq!(codes(&["Ann", "ZX4 7QT"]), ["address-too-short"]);
        assert_eq!(codes(&["1", "2", "3", "4", "5", "6", "7", "ZX4 7QT"]), ["address-too-long"]);
        assert_eq!(codes(&["Ann", "12 High Street", "Anytown"]), ["address-last-line"]);
        assert_eq!(codes(&["Ann", "Anytown", "United Kingdom"]), ["address-no-postcode"]);
        assert_eq!(codes(&["Ann", "(flat) 3", "ZX4 7QT"]), ["address-character"]);
        assert_eq!(codes(&["Ann", &"x".repeat(61), "ZX4 7QT"]), ["address-line-too-long"]);
        for last in ["ZX4 7Q", "ZX4 7CT", "ZX 7QT", "4ZX 7QT", "12345", "Atlantis"] {
            assert_eq!(codes(&["A", "B", last]), ["address-last-line"], "{last}");
        }
    }
}

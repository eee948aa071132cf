//! Short texts that everybody sees as they are: names of services, areas, values of attributes.

use super::{KINDS, checks, disguise, redact};

/// Words beyond which a text is no label any more, whatever it holds: it is read as a whole then.
const FEW: usize = 9;

/// The kinds of personal data in a label. Names are left out of it, since places, schools and practices
/// are called after people; ten digits with a right check digit are an NHS number, and eleven with a
/// leading zero a phone number, whatever stands around them.
pub fn label_kinds(label: &str) -> Vec<&'static str> {
    if plain(label) {
        return Vec::new();
    }
    let (_, spans) = redact(label);
    let mut kinds: Vec<&'static str> =
        KINDS.iter().copied().filter(|kind| *kind != "name" && spans.iter().any(|s| s.kind == *kind)).collect();
    if kinds.is_empty() {
        kinds.extend(bare_number(label));
    }
    kinds
}

/// Whether nothing in a label can be part of a number or an address: most labels.
fn plain(label: &str) -> bool {
    let bytes = label.as_bytes();
    let telling = |b: &u8| b.is_ascii_digit() || *b == b'@' || *b >= 0x80;
    let dotted = || label.to_ascii_lowercase().contains("dot") || label.contains("://") || label.contains("www.");
    let spelt = || bytes.windows(2).any(|w| w[0] == b'.' && w[1].is_ascii_alphabetic());
    !bytes.iter().any(telling) && label.split_whitespace().count() < FEW && !dotted() && !spelt()
}

fn bare_number(label: &str) -> Option<&'static str> {
    let plain = disguise::characters(label);
    let text = plain.as_ref().map_or(label, |p| &p.text);
    let mut run: Vec<u8> = Vec::new();
    let mut gap = 0;
    for b in text.bytes().chain([b'x']) {
        match b {
            b'0'..=b'9' => {
                run.push(b - b'0');
                gap = 0;
            }
            b' ' | b'-' | b'.' | b'/' | b'_' if gap == 0 && !run.is_empty() => gap = 1,
            _ => {
                if checks::nhs(&run) {
                    return Some("nhs_number");
                }
                if matches!(run.as_slice(), [0, 1..=9, ..]) && run.len() == 11 {
                    return Some("phone");
                }
                run.clear();
                gap = 0;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::label_kinds;

    #[test]
    fn labels_that_say_who_somebody_is_are_known() {
        for (label, kind) in [
            ("ann@example.org", "email"),
            ("ann (at) example (dot) org", "email"),
            ("07700 900123", "phone"),
            ("０７７００９００１２３", "phone"),
            ("9434765919", "nhs_number"),
            ("n9434765919", "nhs_number"),
            ("p07700900123", "phone"),
            ("943-476-5919", "phone"),
            ("NE1 4XY", "postcode"),
            ("ne1 4xy", "postcode"),
            ("AB 12 34 56 C", "ni_number"),
        ] {
            assert!(label_kinds(label).contains(&kind), "{label}: {:?}", label_kinds(label));
        }
        for label in [
            "Blue Badge",
            "65+",
            "16-24",
            "St James",
            "Victoria",
            "Dr Patel's surgery",
            "E05000123",
            "2024-03-31",
            "NE1",
            "£1,000",
            "Zone 3",
            "1234567890",
            "18/03/2024",
            "A1(M)",
            "Route 66",
            "Ward 12",
            "true",
            "03",
            "Café Tŷ",
            "10:30",
        ] {
            assert_eq!(label_kinds(label), Vec::<&str>::new(), "{label}");
        }
    }
}

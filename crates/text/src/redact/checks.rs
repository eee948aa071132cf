//! Arithmetic and tables by which a number shows what it is. Each function names its source.

/// ISO/IEC 7812-1, annex B.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(n, &d)| {
            let d = u32::from(d) * if n % 2 == 1 { 2 } else { 1 };
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// How sure the issuer's leading digits and the length make us of a payment card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Brand {
    /// Length and leading digits as the brand issues them.
    Usual,
    /// Issued in that form, but so are barcodes and references: wants a word such as "card".
    Rare,
}

/// Brand by leading digits and length (issuer identification numbers of ISO/IEC 7812-1 as the
/// brands publish their ranges).
pub(super) fn brand(digits: &[u8]) -> Option<Brand> {
    let lead = |n: usize| digits.iter().take(n).fold(0u32, |sum, &d| sum * 10 + u32::from(d));
    let (two, three, four) = (lead(2), lead(3), lead(4));
    let usual = match digits.len() {
        12 => return (two == 50 || (56..=69).contains(&two)).then_some(Brand::Rare),
        13 => two / 10 == 4,
        14 => (300..=305).contains(&three) || four == 3095 || matches!(two, 36 | 38 | 39),
        15 => matches!(two, 34 | 37) || matches!(four, 2131 | 1800),
        16 => {
            two / 10 == 4
                || (51..=55).contains(&two)
                || (2221..=2720).contains(&four)
                || (2200..=2204).contains(&four)
                || (3528..=3589).contains(&four)
                || two == 36
                || two == 50
                || (56..=69).contains(&two)
                || matches!(two, 81 | 82)
        }
        19 => two / 10 == 4 || two == 62 || (56..=69).contains(&two) || two == 50,
        17 | 18 => two == 50 || (56..=69).contains(&two),
        _ => false,
    };
    if usual && !matches!(digits.len(), 17 | 18) {
        return Some(Brand::Usual);
    }
    let rare = usual || (13..=15).contains(&digits.len()) && (two == 50 || (56..=69).contains(&two));
    rare.then_some(Brand::Rare)
}

/// NHS number: ten digits, the last by modulus 11 (NHS Data Dictionary, NHS NUMBER).
pub(super) fn nhs(digits: &[u8]) -> bool {
    if digits.len() != 10 || digits.iter().all(|d| *d == digits[0]) {
        return false;
    }
    let sum: u32 = digits[..9].iter().zip((2..=10).rev()).map(|(&d, w)| u32::from(d) * w).sum();
    let check = (11 - sum % 11) % 11;
    check == u32::from(digits[9])
}

/// US social security number: area, group and serial in use (SSA, POMS RM 10201.030 ff.).
pub(super) fn ssn(digits: &[u8]) -> bool {
    let value = |part: &[u8]| part.iter().fold(0u32, |sum, &d| sum * 10 + u32::from(d));
    digits.len() == 9 && {
        let (area, group, serial) = (value(&digits[..3]), value(&digits[3..5]), value(&digits[5..]));
        area != 0 && area != 666 && area < 900 && group != 0 && serial != 0
    }
}

/// National Insurance prefix (HMRC, NIM39110).
pub(super) fn ni_prefix(first: u8, second: u8) -> bool {
    !matches!(first, b'D' | b'F' | b'I' | b'Q' | b'U' | b'V')
        && !matches!(second, b'D' | b'F' | b'I' | b'O' | b'Q' | b'U' | b'V')
        && !matches!(&[first, second], b"BG" | b"GB" | b"NK" | b"KN" | b"TN" | b"NT" | b"ZZ")
}

/// Length of a country's IBAN (ISO 13616, SWIFT's IBAN registry).
pub(super) fn iban_length(country: [u8; 2]) -> Option<usize> {
    const LENGTHS: &[(usize, &str)] = &[
        (15, "NO"),
        (16, "BE"),
        (18, "DK FI FK FO GL NL SD"),
        (19, "MK SI"),
        (20, "AT BA EE KZ LT LU MN XK"),
        (21, "CH HR LI LV"),
        (22, "BG BH CR DE GB GE IE ME RS VA"),
        (23, "AE GI IL IQ OM SO TL"),
        (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
        (25, "LY PT ST AO CV GW MZ"),
        (26, "DZ IR IS TR"),
        (27, "BI DJ FR GR IT MC MR SM CF CG CM GA GQ KM MG TD"),
        (28, "AL AZ BY CY DO GT HN HU LB NI PL SV BF BJ CI MA ML NE SN TG"),
        (29, "BR EG PS QA UA"),
        (30, "JO KW MU YE"),
        (31, "MT SC"),
        (32, "LC"),
        (33, "RU"),
    ];
    LENGTHS.iter().find(|(_, list)| list.split(' ').any(|c| c.as_bytes() == country)).map(|(length, _)| *length)
}

/// Check digits of an IBAN in capitals without spaces (ISO 13616, ISO/IEC 7064 MOD 97-10).
pub(super) fn iban(compact: &[u8]) -> bool {
    let turned = compact[4..].iter().chain(&compact[..4]);
    let rest = turned.fold(0u32, |rest, &b| match b {
        b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
        _ => (rest * 100 + u32::from(b - b'A') + 10) % 97,
    });
    rest == 1
}

/// Whether these letters are a postcode area (Royal Mail's list, with the Crown dependencies).
pub(super) fn postcode_area(area: &[u8]) -> bool {
    match area {
        [one] => b"BEGLMNSW".contains(one),
        [a, b] => {
            let second: &[u8] = match a {
                b'A' => b"BL",
                b'B' => b"ABDHLNRSTX",
                b'C' => b"ABFHMORTVW",
                b'D' => b"ADEGHLNTY",
                b'E' => b"CHNX",
                b'F' => b"KY",
                b'G' => b"LUY",
                b'H' => b"ADGPRSUX",
                b'I' => b"GMPV",
                b'J' => b"E",
                b'K' => b"ATWY",
                b'L' => b"ADELNSU",
                b'M' => b"EKL",
                b'N' => b"EGNPRW",
                b'O' => b"LX",
                b'P' => b"AEHLOR",
                b'R' => b"GHM",
                b'S' => b"AEGKLMNOPRSTWY",
                b'T' => b"ADFNQRSW",
                b'U' => b"B",
                b'W' => b"ACDFNRSV",
                b'Y' => b"O",
                b'Z' => b"E",
                _ => b"",
            };
            second.contains(b)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|b| b - b'0').collect()
    }

    #[test]
    fn check_digits_are_held_to_their_sources() {
        assert!(luhn(&digits("4111111111111111")) && !luhn(&digits("4111111111111112")));
        assert!(nhs(&digits("9434765919")) && !nhs(&digits("9434765918")) && !nhs(&digits("1111111111")));
        assert!(iban(b"GB29NWBK60161331926819") && !iban(b"GB29NWBK60161331926818"));
        assert!(ssn(&digits("078051120")) && !ssn(&digits("666051120")) && !ssn(&digits("078001120")));
    }

    #[test]
    fn prefixes_that_hmrc_does_not_issue_are_refused() {
        assert!(ni_prefix(b'A', b'B') && !ni_prefix(b'Q', b'Q') && !ni_prefix(b'B', b'G') && !ni_prefix(b'A', b'O'));
    }

    #[test]
    fn the_registry_of_ibans_knows_every_length() {
        assert_eq!(iban_length(*b"NO"), Some(15));
        assert_eq!(iban_length(*b"RU"), Some(33));
        assert_eq!(iban_length(*b"ZZ"), None);
    }
}

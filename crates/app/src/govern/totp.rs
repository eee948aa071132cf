//! Codes of an app, one for each half minute (TOTP, RFC 6238, with the values that every app knows: SHA-1, 30 seconds,
//! 6 digits).

use commonweal_domain::Instant;
use ring::hmac;

/// Bytes of a secret (RFC 4226, 4, recommends 160 bits).
pub(super) const SECRET_BYTES: usize = 20;
const STEP_S: i64 = 30;
/// Clocks that are half a minute apart are no reason to refuse somebody.
const EITHER_WAY: i64 = 1;
const DIGITS: u32 = 6;

/// The value for a step of time (RFC 4226, 5.3) before it is cut to digits.
fn truncated(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let signed = hmac::sign(&key, &step.to_be_bytes());
    let bytes = signed.as_ref();
    let offset = usize::from(bytes[bytes.len() - 1] & 0x0f);
    let four = bytes[offset..offset + 4].iter().fold(0_u32, |all, byte| (all << 8) | u32::from(*byte));
    four & 0x7fff_ffff
}

/// The step of time whose code this is, around now.
pub(super) fn step_of(secret: &[u8], code: &str, now: Instant) -> Option<i64> {
    let typed = digits(code)?;
    let present = now.timestamp().div_euclid(STEP_S);
    (present - EITHER_WAY..=present + EITHER_WAY).find(|step| truncated(secret, *step) % 10_u32.pow(DIGITS) == typed)
}

/// A code as people type it, with spaces perhaps.
fn digits(code: &str) -> Option<u32> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let is_code = digits.len() == DIGITS as usize && digits.bytes().all(|b| b.is_ascii_digit());
    if is_code { digits.parse().ok() } else { None }
}

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Base 32 (RFC 4648, 6) without padding, as apps take a secret. Whole groups of 5 bytes only.
pub(super) fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for group in bytes.chunks(5) {
        let whole = group.iter().fold(0_u64, |all, byte| (all << 8) | u64::from(*byte)) << (8 * (5 - group.len()));
        for place in (0..8).rev() {
            let five = usize::try_from((whole >> (5 * place)) & 31).unwrap_or(0);
            text.push(char::from(ALPHABET[five]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_rfc_6238() {
        for (seconds, code) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ] {
            assert_eq!(truncated(SECRET, seconds / STEP_S) % 100_000_000, code, "at {seconds}");
        }
    }

    #[test]
    fn a_code_is_good_half_a_minute_either_way() {
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).expect("an instant");
        let code = "081804";
        let step = 1_111_111_109 / STEP_S;
        for (seconds, good) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let found = step_of(SECRET, code, at(1_111_111_109 + seconds));
            assert_eq!(found, good.then_some(step), "{seconds} s");
        }
        assert_eq!(step_of(SECRET, " 081 804 ", at(1_111_111_109)), Some(step));
        for wrong in ["", "081805", "81804", "0081804", "abcdef", "٠٨١٨٠٤", "-81804", "+81804"] {
            assert_eq!(step_of(SECRET, wrong, at(1_111_111_109)), None, "{wrong:?}");
        }
    }

    #[test]
    fn secrets_are_written_as_rfc_4648_says() {
        assert_eq!(base32(b"fooba"), "MZXW6YTB");
        assert_eq!(base32(SECRET), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }
}

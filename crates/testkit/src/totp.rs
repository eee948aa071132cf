//! What an app of codes shows for a key: written apart from the server's own.

use std::fmt::Write as _;

use commonweal_domain::Instant;
use ring::hmac;

/// The six digits that an app shows at an instant for a key in base 32.
pub fn code(key: &str, at: Instant) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = key.chars().filter(|c| !c.is_whitespace()).fold(String::new(), |mut bits, c| {
        let _ = write!(bits, "{:05b}", alphabet.find(c).expect("a letter of base 32"));
        bits
    });
    let secret: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|eight| u8::from_str_radix(std::str::from_utf8(eight).expect("digits"), 2).expect("a byte"))
        .collect();
    let signed =
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &secret), &(at.timestamp() / 30).to_be_bytes());
    let signed = signed.as_ref();
    let offset = usize::from(signed[19] & 15);
    let four: [u8; 4] = signed[offset..offset + 4].try_into().expect("four bytes");
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

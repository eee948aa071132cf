//! Addresses that say what they are about: who answers to one tells which delivery it was, without anything of the message.
//!
//! `returns+b3f…@example.org`: the mailbox at which they are read, a letter for the purpose, the id of the delivery, and a proof that
//! we wrote it. The proof is keyed, so that nobody can end somebody's subscription or mark their address as dead by making up
//! addresses. What stands behind the `+` is no part of the mailbox's name (subaddressing, RFC 5233): all of them come to one mailbox.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use ring::hmac;
use uuid::Uuid;

/// Bytes of the proof: 80 bits.
const PROOF: usize = 10;
/// Bytes of an id and its proof.
const TOKEN: usize = 16 + PROOF;
/// Characters that a mailbox's own name may have, so that with `+`, the letter and the token 64 are not exceeded (RFC 5321).
pub const MAX_NAME: usize = 20;

/// What an address is for. The proof of one is none for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Reports of what could not be delivered come back there: the return path.
    Bounce,
    /// Writing there ends a subscription.
    Unsubscribe,
    /// Answers of people come back there.
    Reply,
}

impl Purpose {
    const ALL: [Self; 3] = [Self::Bounce, Self::Unsubscribe, Self::Reply];

    fn letter(self) -> u8 {
        match self {
            Self::Bounce => b'b',
            Self::Unsubscribe => b'u',
            Self::Reply => b'r',
        }
    }
}

/// What addresses are proved by: a secret of the body.
#[derive(Clone)]
pub struct AddressKey(hmac::Key);

impl AddressKey {
    /// From a secret of 32 bytes.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    fn proof(&self, purpose: Purpose, id: Uuid) -> [u8; PROOF] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(b"commonweal address 1 ");
        context.update(&[purpose.letter()]);
        context.update(id.as_bytes());
        let mut proof = [0; PROOF];
        proof.copy_from_slice(&context.sign().as_ref()[..PROOF]);
        proof
    }
}

/// Without the secret.
impl fmt::Debug for AddressKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddressKey(…)")
    }
}

/// Whether a mailbox can be written to by such addresses: its name is short enough and has no `+` already.
pub fn fits(mailbox: &str) -> bool {
    mailbox.rsplit_once('@').is_some_and(|(name, domain)| {
        (1..=MAX_NAME).contains(&name.len()) && name.is_ascii() && !name.contains(['+', '"', ' ']) && !domain.is_empty()
    })
}

/// An address of this purpose about a delivery, at a mailbox that [`fits`]; nothing at another.
pub fn address(purpose: Purpose, mailbox: &str, delivery: Uuid, key: &AddressKey) -> Option<String> {
    let (name, domain) = mailbox.rsplit_once('@').filter(|_| fits(mailbox))?;
    let mut token = [0; TOKEN];
    token[..16].copy_from_slice(delivery.as_bytes());
    token[16..].copy_from_slice(&key.proof(purpose, delivery));
    let token = BASE32_NOPAD.encode(&token).to_ascii_lowercase();
    Some(format!("{name}+{}{token}@{}", char::from(purpose.letter()), domain.to_lowercase()))
}

/// What an address is for and which delivery it is about, if we wrote it. Capitals make no difference, since servers on the way
/// may change them; which mailbox it is of is the caller's to compare.
pub fn read_address(address: &str, key: &AddressKey) -> Option<(Purpose, Uuid)> {
    let address = address.trim().trim_start_matches('<').trim_end_matches('>');
    let (local, _) = address.rsplit_once('@')?;
    if local.len() > 64 {
        return None;
    }
    let (_, token) = local.rsplit_once('+')?;
    let purpose = Purpose::ALL
        .into_iter()
        .find(|p| token.as_bytes().first().is_some_and(|letter| letter.to_ascii_lowercase() == p.letter()))?;
    let token = BASE32_NOPAD.decode(token[1..].to_ascii_uppercase().as_bytes()).ok()?;
    let (id, proof) = token.split_at_checked(16)?;
    let id = Uuid::from_slice(id).ok()?;
    same(proof, &key.proof(purpose, id)).then_some((purpose, id))
}

/// Compares without telling by its time how far both agree.
fn same(a: &[u8], b: &[u8]) -> bool {
    let differs = a.iter().zip(b).fold(0, |differs, (a, b)| std::hint::black_box(differs | (a ^ b)));
    a.len() == b.len() && differs == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAILBOX: &str = "returns@Example.org";

    fn key() -> AddressKey {
        AddressKey::new(&[7; 32])
    }

    #[test]
    fn an_address_stays_the_same_for_ever() {
        let id = Uuid::from_u128(0x0192_f0c1_2b3c_7def_8123_4567_89ab_cdef);
        let made = address(Purpose::Bounce, MAILBOX, id, &key()).expect("an address");
        assert_eq!(made, "returns+bagjpbqjlhr667ajdivtytk6n54e2aohfdcuwisdwda@example.org");
        assert_eq!(read_address(&made, &key()), Some((Purpose::Bounce, id)));
        assert_eq!(read_address(&format!("<{}>", made.to_uppercase()), &key()), Some((Purpose::Bounce, id)));
    }

    #[test]
    fn what_others_made_up_is_not_ours() {
        let id = Uuid::from_u128(42);
        let made = address(Purpose::Bounce, MAILBOX, id, &key()).expect("an address");
        let token = "returns+".len()..made.find('@').expect("an @");
        for n in token {
            let mut changed = made.clone().into_bytes();
            changed[n] = if changed[n] == b'a' { b'c' } else { b'a' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert_eq!(read_address(&changed, &key()), None, "{changed}");
        }
        assert_eq!(read_address(&made, &AddressKey::new(&[8; 32])), None);
        let reply = address(Purpose::Reply, MAILBOX, id, &key()).expect("an address");
        assert_eq!(read_address(&reply, &key()), Some((Purpose::Reply, id)));
        assert_eq!(
            read_address(&reply.replacen("+r", "+b", 1), &key()),
            None,
            "a proof of one purpose is none of another"
        );
        for text in ["", "@", "b+@example.org", "b+b@example.org", "ann@example.org", "b+\u{e9}@example.org"] {
            assert_eq!(read_address(text, &key()), None, "{text}");
        }
    }

    #[test]
    fn a_mailbox_leaves_room_for_what_is_added() {
        for fine in ["b@example.org", "twenty.characters.20@example.org"] {
            let made = address(Purpose::Unsubscribe, fine, Uuid::nil(), &key()).expect("an address");
            assert!(made.split('@').next().is_some_and(|local| local.len() <= 64), "{made}");
        }
        for wrong in [
            "",
            "b",
            "@example.org",
            "b+c@example.org",
            "twenty.one.characters@example.org",
            "\u{e9}@example.org",
            "b@",
        ] {
            assert!(!fits(wrong), "{wrong}");
            assert_eq!(address(Purpose::Bounce, wrong, Uuid::nil(), &key()), None, "{wrong}");
        }
    }
}

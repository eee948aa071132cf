//! Addresses that say what they are about: who answers to one tells which delivery it was, without anything of the message.
//!
//! `b+3f…@bounces.example.org`: a letter for the purpose, the id of the delivery, and a proof that we wrote it. The proof is keyed, so
//! that nobody can end somebody's subscription or mark their address as dead by making up addresses.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use ring::hmac;
use uuid::Uuid;

use crate::Problem;
use crate::address::ascii_domain;

/// Bytes of the proof: 80 bits.
const PROOF: usize = 10;
/// Bytes of an id and its proof.
const TOKEN: usize = 16 + PROOF;

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
    /// From a secret of at least 32 bytes.
    pub fn new(secret: &[u8]) -> Result<Self, Problem> {
        if secret.len() < 32 {
            return Err(Problem::Settings("The secret that proves addresses must have at least 32 bytes.".to_owned()));
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, secret)))
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

/// An address of this purpose about a delivery, at a domain whose mail comes back to us.
pub fn address(purpose: Purpose, domain: &str, delivery: Uuid, key: &AddressKey) -> Result<String, Problem> {
    let mut token = [0; TOKEN];
    token[..16].copy_from_slice(delivery.as_bytes());
    token[16..].copy_from_slice(&key.proof(purpose, delivery));
    let token = BASE32_NOPAD.encode(&token).to_ascii_lowercase();
    Ok(format!("{}+{token}@{}", char::from(purpose.letter()), ascii_domain(domain)?))
}

/// What an address is for and which delivery it is about, if we wrote it. Capitals make no difference, since servers on the way
/// may change them; the domain is the caller's to compare.
pub fn read_address(address: &str, key: &AddressKey) -> Option<(Purpose, Uuid)> {
    let address = address.trim().trim_start_matches('<').trim_end_matches('>');
    let (local, _) = address.rsplit_once('@')?;
    if local.len() > 64 {
        return None;
    }
    let (letter, token) = local.split_once('+')?;
    let purpose = Purpose::ALL
        .into_iter()
        .find(|p| letter.as_bytes() == [p.letter()] || letter.as_bytes() == [p.letter().to_ascii_uppercase()])?;
    let token = BASE32_NOPAD.decode(token.to_ascii_uppercase().as_bytes()).ok()?;
    let (id, proof) = token.split_at_checked(16)?;
    let id = Uuid::from_slice(id).ok()?;
    same(proof, &key.proof(purpose, id)).then_some((purpose, id))
}

/// The return path of a delivery.
pub fn return_path(domain: &str, delivery: Uuid, key: &AddressKey) -> Result<String, Problem> {
    address(Purpose::Bounce, domain, delivery, key)
}

/// The delivery that a return path is about, if we wrote it.
pub fn read_return_path(address: &str, key: &AddressKey) -> Option<Uuid> {
    read_address(address, key).and_then(|(purpose, id)| (purpose == Purpose::Bounce).then_some(id))
}

/// Compares without telling by its time how far both agree.
fn same(a: &[u8], b: &[u8]) -> bool {
    let differs = a.iter().zip(b).fold(0, |differs, (a, b)| std::hint::black_box(differs | (a ^ b)));
    a.len() == b.len() && differs == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> AddressKey {
        AddressKey::new(&[7; 32]).expect("a key")
    }

    #[test]
    fn an_address_stays_the_same_for_ever() {
        let id = Uuid::from_u128(0x0192_f0c1_2b3c_7def_8123_4567_89ab_cdef);
        let address = return_path("Bounces.Example.org", id, &key()).expect("an address");
        assert_eq!(address, "b+agjpbqjlhr667ajdivtytk6n54e2aohfdcuwisdwda@bounces.example.org");
        assert_eq!(read_return_path(&address, &key()), Some(id));
        assert_eq!(read_return_path(&format!("<{}>", address.to_uppercase()), &key()), Some(id));
    }

    #[test]
    fn what_others_made_up_is_not_ours() {
        let id = Uuid::from_u128(42);
        let address = return_path("example.org", id, &key()).expect("an address");
        for n in 0..address.find('@').expect("an @") {
            let mut changed = address.clone().into_bytes();
            changed[n] = if changed[n] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert_eq!(read_return_path(&changed, &key()), None, "{changed}");
        }
        assert_eq!(read_return_path(&address, &AddressKey::new(&[8; 32]).expect("a key")), None);
        let reply = super::address(Purpose::Reply, "example.org", id, &key()).expect("an address");
        assert_eq!(read_address(&reply, &key()), Some((Purpose::Reply, id)));
        assert_eq!(read_return_path(&reply, &key()), None);
        assert_eq!(read_return_path(&reply.replacen('r', "b", 1), &key()), None);
        for text in ["", "@", "b+@example.org", "b+aa@example.org", "ann@example.org", "b+\u{e9}@example.org"] {
            assert_eq!(read_return_path(text, &key()), None, "{text}");
        }
        assert!(AddressKey::new(&[1; 31]).is_err());
    }
}

//! Signatures of mail (DKIM: RFC 6376; Ed25519: RFC 8463), and the DNS records that receivers check them by.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use mail_auth::common::crypto::{DkimKey, Ed25519Key, RsaKey, Sha256};
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::{DkimSigner, Done};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;

use crate::Problem;
use crate::address::ascii_domain;

/// Signed, and named once more than they are there, so that none can be added on the way without the signature failing.
const SIGNED: &[&str] = &[
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Post",
    "List-Help",
];
/// Signed as they are there; each message has them. What a message may lack is not among them: servers on the way add such headers
/// (Amazon's a Feedback-ID, Microsoft's a Content-Language), and a signature that names one that is not there forbids that.
const SIGNED_ONCE: &[&str] = &["MIME-Version", "Content-Type"];
/// Signed where it is there: Google believes it only then.
const FEEDBACK_ID: &str = "Feedback-ID";

/// Signs mail in the name of a domain, with one key or with an RSA and an Ed25519 key side by side: not every receiver knows
/// the newer kind, and those that don't pass over it.
pub struct Dkim {
    domain: String,
    keys: Vec<Key>,
}

/// A key, as it signs and as it is published.
struct Key {
    signer: DkimSigner<DkimKey, Done>,
    with_feedback_id: DkimSigner<DkimKey, Done>,
    selector: String,
    kind: &'static str,
    public: Vec<u8>,
}

impl Dkim {
    /// For mail of this domain, with no key yet.
    pub fn new(domain: &str) -> Result<Self, Problem> {
        Ok(Self { domain: ascii_domain(domain)?, keys: Vec::new() })
    }

    /// With this private key as well, published under this selector. PEM, PKCS#8 or (RSA) PKCS#1; RSA has at least 2048 bits.
    pub fn with_key(mut self, selector: &str, pem: &[u8]) -> Result<Self, Problem> {
        let fits = selector
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        if !fits || selector.len() > 63 {
            return Err(Problem::Selector);
        }
        let signer = |more: &[&'static str]| -> Result<_, Problem> {
            let signed = SIGNED.iter().chain(SIGNED).chain(SIGNED_ONCE).chain(more).copied();
            let (key, ..) = read_key(pem)?;
            Ok(DkimSigner::from_key(key).domain(&*self.domain).selector(selector).headers(signed))
        };
        let (signer, with_feedback_id) = (signer(&[])?, signer(&[FEEDBACK_ID])?);
        let (_, kind, public) = read_key(pem)?;
        self.keys.push(Key { signer, with_feedback_id, selector: selector.to_owned(), kind, public });
        Ok(self)
    }

    /// The message with a signature by each key in front.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Problem> {
        let mut out = Vec::with_capacity(message.len() + 1_200 * self.keys.len());
        let feedback_id = has_header(message, FEEDBACK_ID);
        for key in &self.keys {
            let signer = if feedback_id { &key.with_feedback_id } else { &key.signer };
            let signature = signer.sign(message).map_err(|error| Problem::Signing(error.to_string()))?;
            signature.write_header(&mut out);
        }
        out.extend_from_slice(message);
        Ok(out)
    }

    /// What must stand in the DNS for receivers to believe the signatures, one record for each key.
    pub fn records(&self) -> Vec<DnsRecord> {
        let record = |key: &Key| DnsRecord {
            name: format!("{}._domainkey.{}", key.selector, self.domain),
            value: format!("v=DKIM1; k={}; p={}", key.kind, BASE64.encode(&key.public)),
        };
        self.keys.iter().map(record).collect()
    }
}

/// Without keys.
impl fmt::Debug for Dkim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.keys.iter().map(|key| (&key.selector, key.kind)).collect();
        f.debug_struct("Dkim").field("domain", &self.domain).field("keys", &keys).finish()
    }
}

/// A TXT record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsRecord {
    /// Where it stands, without a dot at the end.
    pub name: String,
    /// What it says, in one piece, as forms of DNS providers want it.
    pub value: String,
}

/// As a line of a zone file, where one string has at most 255 characters.
impl fmt::Display for DnsRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. IN TXT (", self.name)?;
        let mut rest = self.value.as_str();
        while !rest.is_empty() {
            // ASCII, so that any place is one between characters.
            let (now, later) = rest.split_at(rest.len().min(255));
            write!(f, " \"{now}\"")?;
            rest = later;
        }
        f.write_str(" )")
    }
}

/// A new Ed25519 key as a PEM file (PKCS#8). RSA keys are made by `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`.
pub fn new_ed25519_key() -> Result<String, Problem> {
    let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
    let made = made.map_err(|_| Problem::Key("the system gives no random numbers.".to_owned()))?;
    let text = BASE64.encode(made.as_ref());
    let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    Ok(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n")))
}

/// Whether a message has a header.
fn has_header(message: &[u8], name: &str) -> bool {
    let mut lines = message.split(|b| *b == b'\n').take_while(|line| !matches!(line, [] | [b'\r']));
    lines.any(|line| line.get(name.len()) == Some(&b':') && line[..name.len()].eq_ignore_ascii_case(name.as_bytes()))
}

fn read_key(pem: &[u8]) -> Result<(DkimKey, &'static str, Vec<u8>), Problem> {
    let refused = |why: &str| Problem::Key(why.to_owned());
    let der = PrivateKeyDer::from_pem_slice(pem).map_err(|_| refused("no PEM file with a private key."))?;
    if let PrivateKeyDer::Pkcs8(pkcs8) = &der {
        // Other programs write the private half alone; the public one is worked out from it.
        let bytes = pkcs8.secret_pkcs8_der();
        if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(bytes) {
            let key = Ed25519Key::from_pkcs8_maybe_unchecked_der(bytes).map_err(|e| Problem::Key(e.to_string()))?;
            return Ok((DkimKey::Ed25519(key), "ed25519", pair.public_key().as_ref().to_vec()));
        }
    }
    let key =
        RsaKey::<Sha256>::from_key_der(der).map_err(|_| refused("neither Ed25519 nor RSA of at least 2048 bits."))?;
    let public = subject_public_key(&key.public_key());
    Ok((DkimKey::Rsa(key), "rsa", public))
}

/// An RSA public key with its algorithm around it (SubjectPublicKeyInfo), as it is published; mail-auth gives the bare one.
fn subject_public_key(bare: &[u8]) -> Vec<u8> {
    // SEQUENCE { rsaEncryption, NULL }
    const ALGORITHM: &[u8] = &[0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    let mut bits = vec![0];
    bits.extend_from_slice(bare);
    let mut inner = ALGORITHM.to_vec();
    inner.extend_from_slice(&tagged(0x03, &bits));
    tagged(0x30, &inner)
}

/// A value of DER with its tag and length.
fn tagged(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = value.len().to_be_bytes();
    let length = &length[length.iter().position(|b| *b != 0).unwrap_or(length.len() - 1)..];
    match length {
        [short] if *short < 0x80 => out.push(*short),
        long => {
            // A length has at most eight bytes.
            out.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(value);
    out
}

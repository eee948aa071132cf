//! A device with passkeys: makes them and signs with them as browsers have it (Web Authentication Level 3), and lies
//! where a test wants it to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// A key on the device.
#[derive(Clone)]
pub struct Held {
    id: Vec<u8>,
    pkcs8: Vec<u8>,
    /// For whom it was made, as the relying party said.
    owner: Vec<u8>,
}

/// A device, with the browser in front of it.
#[derive(Clone)]
pub struct Device {
    /// The page that asks, as the browser sees it.
    pub origin: String,
    /// To whom its passkeys belong.
    pub rp: String,
    /// Whether it checks who uses it.
    pub verifies: bool,
    /// How often its keys have signed; devices that share keys among them count nothing.
    pub counter: u32,
    /// Said in the place of the owner's id.
    pub owner: Option<Vec<u8>>,
    /// Its passkeys, the newest last.
    pub held: Vec<Held>,
}

impl Device {
    /// A device without passkeys at a page of this origin.
    pub fn at(origin: &str) -> Self {
        let rp = origin.split("//").nth(1).and_then(|host| host.split(':').next()).expect("an origin").to_owned();
        Self { origin: origin.to_owned(), rp, verifies: true, counter: 0, owner: None, held: Vec::new() }
    }

    /// Makes a passkey as it is asked; the answer for the server.
    pub fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options are JSON");
        let chance = SystemRandom::new();
        let mut id = vec![0; 16];
        chance.fill(&mut id).expect("chance");
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &chance).expect("a key");
        let held = Held { id, pkcs8: pkcs8.as_ref().to_vec(), owner: bytes(&options["user"]["id"]) };
        let pair = pair(&held);
        // Uncompressed: 4, x, y (SEC 1, 2.3.3).
        let point = pair.public_key().as_ref();
        // Attested: no model, the id, the key as COSE has it (RFC 9053, 7.1.1).
        let mut attested = vec![0; 16];
        attested.extend(u16::try_from(held.id.len()).expect("short").to_be_bytes());
        attested.extend(&held.id);
        attested.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        attested.extend(&point[1..33]);
        attested.extend([0x22, 0x58, 0x20]);
        attested.extend(&point[33..65]);
        let data = [self.data(0x40), attested].concat();
        let mut object = vec![0xa3];
        object.extend(b"\x63fmt\x64none\x67attStmt\xa0\x68authData\x58");
        object.push(u8::try_from(data.len()).expect("fewer than 256 bytes"));
        object.extend(&data);
        let client = self.client("webauthn.create", &options);
        let answer = json!({
            "id": text(&held.id), "rawId": text(&held.id), "type": "public-key",
            "response": {"attestationObject": text(&object), "clientDataJSON": text(&client)},
            "clientExtensionResults": {"credProps": {"rk": true}},
        });
        self.held.push(held);
        answer.to_string()
    }

    /// Signs in as it is asked with the passkey that was made last; the answer for the server.
    pub fn get(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options are JSON");
        let held = self.held.last().expect("there is one").clone();
        if self.counter > 0 {
            self.counter += 1;
        }
        let (data, client) = (self.data(0), self.client("webauthn.get", &options));
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let signature = pair(&held).sign(&SystemRandom::new(), &signed).expect("signed");
        let owner = self.owner.as_ref().unwrap_or(&held.owner);
        json!({
            "id": text(&held.id), "rawId": text(&held.id), "type": "public-key",
            "response": {
                "authenticatorData": text(&data), "clientDataJSON": text(&client),
                "signature": text(signature.as_ref()), "userHandle": text(owner),
            },
            "clientExtensionResults": {},
        })
        .to_string()
    }

    /// Whom it deals with, what it did (present, verified, and what is given), how often.
    fn data(&self, flags: u8) -> Vec<u8> {
        let flags = flags | 0x01 | if self.verifies { 0x04 } else { 0 };
        let mut data = digest(&SHA256, self.rp.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client(&self, kind: &str, options: &Value) -> Vec<u8> {
        let client =
            json!({"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false});
        client.to_string().into_bytes()
    }
}

fn pair(held: &Held) -> EcdsaKeyPair {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &held.pkcs8, &SystemRandom::new()).expect("its own key")
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().expect("text")).expect("base64")
}

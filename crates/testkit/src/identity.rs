//! A small sign-in service on this machine, for what no honest one does: proofs that are forged, keys that change, silence.
//!
//! It speaks as much of OpenID Connect as is asked of it, and holds us to our part: the secret, the address to come back
//! to and the verifier of PKCE have to be right. The journey of people goes by a certified provider, in the browser tests.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use commonweal_app::govern::outside::{Outside, Rules};
use commonweal_domain::Clock;
use commonweal_oidc::{Oidc, Options};
use commonweal_outbound::Outbound;
use ring::signature::{Ed25519KeyPair, KeyPair};
use ring::{digest, hmac};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// As what we are known there.
pub const CLIENT: &str = "commonweal";
/// Our secret there.
pub const SECRET: &str = "a secret of the tests alone";

/// How a proof is forged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Forged {
    /// Not at all.
    #[default]
    Honest,
    /// It is missing.
    Missing,
    /// It names another service.
    Issuer,
    /// It is meant for another application.
    Audience,
    /// It is meant for another application too.
    TwoAudiences,
    /// It was handed out to another application.
    Party,
    /// Its time is over.
    Expired,
    /// It answers another sign-in.
    Nonce,
    /// It answers no sign-in.
    NoNonce,
    /// Nobody signed it.
    AlgNone,
    /// It is signed with our own secret.
    OwnSecret,
    /// It is signed with the public half of the service's key, as if that were a secret (RFC 8725, 2.1).
    PublicKeyAsSecret,
    /// Somebody else signed it under the name of the service's key.
    AnotherKey,
    /// What it says was changed after it was signed.
    Changed,
    /// It is no token at all.
    Nonsense,
}

/// What a service keeps.
#[derive(Default)]
struct State {
    forged: Forged,
    /// Number of its key.
    key: u8,
    silent: bool,
    /// Whether claims about people are in the proof, or have to be asked for.
    asked_for: bool,
    codes: HashMap<String, Begun>,
    asked: Vec<String>,
    handed_out: u32,
    now: i64,
}

struct Begun {
    nonce: String,
    challenge: String,
    back: String,
    claims: Value,
}

/// A service that runs until it is dropped.
pub struct Service {
    /// As it names itself.
    pub issuer: String,
    clock: Arc<dyn Clock>,
    state: Arc<Mutex<State>>,
    runs: JoinHandle<()>,
}

impl Drop for Service {
    fn drop(&mut self) {
        self.runs.abort();
    }
}

impl Service {
    /// A service by this clock.
    pub async fn start(clock: Arc<dyn Clock>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State::default()));
        let (own, name) = (Arc::clone(&state), issuer.clone());
        let runs = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // One after another is enough for tests. Whoever breaks off is none of ours.
                let _ = answer(stream, &own, &name).await;
            }
        });
        Self { issuer, clock, state, runs }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while it holds the service")
    }

    /// It as we ask it.
    pub fn oidc(&self) -> Oidc {
        let options = Options {
            issuer: self.issuer.clone(),
            name: "Town login".to_owned(),
            client_id: CLIENT.to_owned(),
            client_secret: Some(SECRET.to_owned()),
            scopes: vec!["email".to_owned(), "profile".to_owned()],
            groups_claim: "groups".to_owned(),
            email_verified_claim: "email_verified".to_owned(),
        };
        let web = Arc::new(Outbound::new(true).expect("a client"));
        Oidc::new(options, web, Arc::clone(&self.clock))
    }

    /// The same for an application that wants this of it.
    pub fn outside(&self, rules: Rules) -> Outside {
        Outside::new(Box::new(self.oidc()), rules)
    }

    /// From now on proofs are forged so.
    pub fn forge(&self, how: Forged) {
        self.state().forged = how;
    }

    /// It signs with another key, and no longer with the one before.
    pub fn change_key(&self) {
        self.state().key += 1;
    }

    /// It breaks every connection off, or does so no more.
    pub fn fall_silent(&self, silent: bool) {
        self.state().silent = silent;
    }

    /// What it says about people has to be asked for, beside the proof.
    pub fn say_only_when_asked(&self) {
        self.state().asked_for = true;
    }

    /// The paths it was asked for since the last time.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state().asked)
    }

    /// Somebody about whom it says this agrees at the address to which a browser was sent: state and code with which the
    /// browser comes back.
    pub fn agree(&self, address: &str, claims: Value) -> (String, String) {
        let (place, query) = address.split_once('?').expect("a query");
        assert_eq!(place, format!("{}/authorize", self.issuer));
        let asked = form(query);
        let of = |name: &str| asked.get(name).cloned().unwrap_or_default();
        assert_eq!((of("response_type"), of("client_id")), ("code".to_owned(), CLIENT.to_owned()));
        assert_eq!(of("code_challenge_method"), "S256");
        assert!(of("scope").split(' ').any(|scope| scope == "openid"), "{}", of("scope"));
        let mut state = self.state();
        state.handed_out += 1;
        state.now = self.clock.now().timestamp();
        let code = format!("code-{}", state.handed_out);
        let begun = Begun { nonce: of("nonce"), challenge: of("code_challenge"), back: of("redirect_uri"), claims };
        state.codes.insert(code.clone(), begun);
        (of("state"), code)
    }
}

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn form(text: &str) -> HashMap<String, String> {
    serde_urlencoded::from_str(text).expect("a form")
}

fn pair(key: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[key + 1; 32]).expect("32 bytes")
}

fn segment(value: &Value) -> String {
    base64url(value.to_string())
}

/// A proof that is good, or forged.
fn proof(state: &State, issuer: &str, begun: &Begun) -> Option<String> {
    let now = state.now;
    let mut claims = json!({
        "iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": begun.nonce, "sub": begun.claims["sub"],
    });
    if !state.asked_for {
        for (name, value) in begun.claims.as_object().expect("claims") {
            claims[name] = value.clone();
        }
    }
    let kid = format!("key-{}", state.key);
    let (mut header, mut signer) = (json!({"alg": "EdDSA", "kid": kid}), state.key);
    match state.forged {
        Forged::Missing => return None,
        Forged::Nonsense => return Some("no.token.atall".to_owned()),
        Forged::Issuer => claims["iss"] = json!("http://evil.example"),
        Forged::Audience => claims["aud"] = json!("another"),
        Forged::TwoAudiences => claims["aud"] = json!([CLIENT, "another"]),
        Forged::Party => claims["azp"] = json!("another"),
        Forged::Expired => claims["exp"] = json!(now - 1),
        Forged::Nonce => claims["nonce"] = json!("another"),
        Forged::NoNonce => {
            claims.as_object_mut().expect("claims").remove("nonce");
        }
        Forged::AlgNone => header = json!({"alg": "none"}),
        Forged::OwnSecret | Forged::PublicKeyAsSecret => header = json!({"alg": "HS256", "kid": kid}),
        Forged::AnotherKey => signer = 77,
        Forged::Honest | Forged::Changed => (),
    }
    let signed = format!("{}.{}", segment(&header), segment(&claims));
    let mac = |secret: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
    let signature = match state.forged {
        Forged::AlgNone => String::new(),
        Forged::OwnSecret => base64url(mac(SECRET.as_bytes()).as_ref()),
        Forged::PublicKeyAsSecret => base64url(mac(pair(state.key).public_key().as_ref()).as_ref()),
        _ => base64url(pair(signer).sign(signed.as_bytes()).as_ref()),
    };
    if state.forged == Forged::Changed {
        claims["sub"] = json!("somebody else");
        return Some(format!("{}.{}.{signature}", segment(&header), segment(&claims)));
    }
    Some(format!("{signed}.{signature}"))
}

/// Answers one request.
async fn answer(mut stream: TcpStream, state: &Mutex<State>, issuer: &str) -> io::Result<()> {
    let mut read = Vec::new();
    let head = loop {
        let mut part = [0; 4_096];
        let n = stream.read(&mut part).await?;
        read.extend_from_slice(&part[..n]);
        let text = String::from_utf8_lossy(&read);
        let length = |head: &str| {
            let of = |line: &str| line.to_lowercase().strip_prefix("content-length: ").and_then(|n| n.parse().ok());
            head.lines().find_map(of).unwrap_or(0_usize)
        };
        match text.split_once("\r\n\r\n") {
            Some((head, body)) if body.len() >= length(head) => break text.into_owned(),
            _ if n == 0 => return Ok(()),
            _ => (),
        }
    };
    let (status, body) = {
        let mut state = state.lock().expect("no test panics while it holds the service");
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        state.asked.push(path.clone());
        if state.silent {
            return Ok(());
        }
        said(&mut state, issuer, &path, &head)
    };
    let (body, reason) = (body.to_string(), if status == 200 { "OK" } else { "Bad Request" });
    let answer = format!(
        "HTTP/1.1 {status} {reason}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

fn said(state: &mut State, issuer: &str, path: &str, request: &str) -> (u16, Value) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap_or_default();
    let header = |name: &str| {
        let of =
            |line: &str| line.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.to_owned());
        head.lines().find_map(of).unwrap_or_default()
    };
    match path {
        "/.well-known/openid-configuration" => (
            200,
            json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "userinfo_endpoint": format!("{issuer}/me"),
                "jwks_uri": format!("{issuer}/keys"),
                "end_session_endpoint": format!("{issuer}/out"),
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                // It says that it takes what nobody should.
                "id_token_signing_alg_values_supported": ["EdDSA", "RS256", "HS256", "none"],
            }),
        ),
        "/keys" => {
            let x = base64url(pair(state.key).public_key().as_ref());
            let kid = format!("key-{}", state.key);
            (200, json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": x}]}))
        }
        "/token" => {
            let sent = form(body);
            let of = |name: &str| sent.get(name).cloned().unwrap_or_default();
            let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{}", SECRET.replace(' ', "+"))));
            if header("authorization") != basic {
                return (401, json!({"error": "invalid_client"}));
            }
            // Good once (RFC 6749, 4.1.2).
            let Some(begun) = state.codes.remove(&of("code")) else { return (400, json!({"error": "invalid_grant"})) };
            let proven = base64url(digest::digest(&digest::SHA256, of("code_verifier").as_bytes()).as_ref());
            if of("redirect_uri") != begun.back || proven != begun.challenge {
                return (400, json!({"error": "invalid_grant", "error_description": "quoted: token-of-somebody"}));
            }
            let mut answer = json!({"access_token": "access", "token_type": "Bearer", "expires_in": 300});
            if let Some(proof) = proof(state, issuer, &begun) {
                answer["id_token"] = json!(proof);
            }
            state.codes.insert("of access".to_owned(), begun);
            (200, answer)
        }
        "/me" => match state.codes.get("of access") {
            Some(begun) if header("authorization") == "Bearer access" => (200, begun.claims.clone()),
            _ => (401, json!({"error": "invalid_token"})),
        },
        _ => (404, json!({"error": "not_found"})),
    }
}

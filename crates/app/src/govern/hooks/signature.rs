//! Signatures of web hooks, as Standard Webhooks describes them (<https://www.standardwebhooks.com>), and the
//! secrets that they are made with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use commonweal_domain::Instant;
use commonweal_domain::hook::HookSecrets;

use crate::hash::hmac;
use crate::system::random;
use crate::{Error, Result};

/// So that a secret that leaks is recognised for what it is.
const PREFIX: &str = "whsec_";

/// A secret that nobody can guess. The description asks for 24 to 64 bytes; 32 are as many as the hash has.
pub(super) fn new_secret() -> Result<String> {
    Ok(format!("{PREFIX}{}", STANDARD.encode(random::<32>()?)))
}

/// The headers that tell a receiver which message this is, when it was sent and that it is from us. While a
/// secret is being replaced, the one before signs too.
pub(super) fn headers(secrets: &HookSecrets, id: &str, at: Instant, body: &str) -> Result<Vec<(&'static str, String)>> {
    let before = secrets.before.iter().filter(|(_, until)| at < *until).map(|(secret, _)| secret);
    let sent = at.timestamp();
    let signatures: Vec<String> = std::iter::once(&secrets.now)
        .chain(before)
        .map(|secret| sign(secret, id, sent, body))
        .collect::<Result<_>>()?;
    Ok(vec![
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", sent.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ])
}

/// `v1,` and HMAC-SHA-256 of id, seconds since 1970 and body, in base64.
fn sign(secret: &str, id: &str, seconds: i64, body: &str) -> Result<String> {
    let bytes = secret.strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok());
    let key = bytes.ok_or_else(|| Error::internal("a kept secret of a web hook can't be read"))?;
    let signed = hmac(&key, format!("{id}.{seconds}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(signed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the libraries of Standard Webhooks.
    #[test]
    fn a_signature_is_that_of_the_published_example() {
        let signed = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed.expect("signed"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_long_enough_and_each_is_another() {
        let (one, two) = (new_secret().expect("made"), new_secret().expect("made"));
        assert_ne!(one, two);
        assert_eq!(STANDARD.decode(&one[PREFIX.len()..]).expect("base64").len(), 32);
    }

    #[test]
    fn the_secret_before_signs_until_its_time_is_over() {
        let until: Instant = "2024-04-11T12:00:00Z".parse().expect("an instant");
        let secrets =
            HookSecrets { now: new_secret().expect("made"), before: Some((new_secret().expect("made"), until)) };
        let signatures = |at: Instant| headers(&secrets, "1", at, "{}").expect("signed").pop().expect("the last").1;
        let during = signatures(until - chrono::TimeDelta::seconds(1));
        let (first, second) = during.split_once(' ').expect("two");
        assert_ne!(first, second);
        assert!(!signatures(until).contains(' '));
    }
}

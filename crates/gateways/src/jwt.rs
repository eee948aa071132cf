//! Keys of GOV.UK Notify, and the tokens that are signed with them: JSON Web Tokens (RFC 7519) with HMAC-SHA-256 (RFC 7518, 3.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::json;
use uuid::Uuid;

/// Characters of a UUID.
const UUID: usize = 36;

/// A key: whose it is, and a secret. Signs a token for each request.
pub struct NotifyKey {
    service: String,
    secret: hmac::Key,
}

impl NotifyKey {
    /// Reads a key as Notify shows it once: `name-service-secret`, the last two being UUIDs. The name may have dashes.
    ///
    /// # Errors
    /// When it is none. What was given is not repeated.
    pub fn read(text: &str) -> Result<Self, String> {
        let parts = || {
            let (rest, secret) = text.trim().split_at_checked(text.trim().len().checked_sub(UUID)?)?;
            let rest = rest.strip_suffix('-')?;
            let (name, service) = rest.split_at_checked(rest.len().checked_sub(UUID)?)?;
            let whole = name.len() > 1 && name.ends_with('-');
            (whole && Uuid::parse_str(service).is_ok() && Uuid::parse_str(secret).is_ok()).then_some((service, secret))
        };
        let (service, secret) = parts().ok_or(
            "This is no key of GOV.UK Notify: it has a name and two ids, with dashes between them. Copy all of it.",
        )?;
        Ok(Self { service: service.to_owned(), secret: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()) })
    }

    /// A token of this second, which holds for half a minute.
    pub(crate) fn token(&self, seconds: i64) -> String {
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(json!({"typ": "JWT", "alg": "HS256"}));
        let signed = format!("{head}.{}", part(json!({"iss": self.service, "iat": seconds})));
        let signature = hmac::sign(&self.secret, signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE: &str = "26785a09-ab16-4eb0-8407-a37497a57506";
    const SECRET: &str = "3d844edf-8d35-48ac-975b-e847b4f122b0";

    #[test]
    fn a_key_is_read_whatever_its_name_and_a_token_says_who_and_when() {
        for name in ["live", "my-test_key-2"] {
            let key = NotifyKey::read(&format!(" {name}-{SERVICE}-{SECRET}\n")).expect("a key");
            let token = key.token(1_712_750_400);
            let parts: Vec<&str> = token.split('.').collect();
            let read = |part: &str| -> serde_json::Value {
                serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
            };
            assert_eq!(read(parts[0]), json!({"typ": "JWT", "alg": "HS256"}));
            assert_eq!(read(parts[1]), json!({"iss": SERVICE, "iat": 1_712_750_400}));
            let signed = format!("{}.{}", parts[0], parts[1]);
            let secret = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
            let signature = URL_SAFE_NO_PAD.decode(parts[2]).expect("base64");
            assert!(hmac::verify(&secret, signed.as_bytes(), &signature).is_ok());
        }
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_repeated() {
        for text in [
            "",
            SECRET,
            &format!("{SERVICE}-{SECRET}"),
            &format!("a-{SERVICE}{SECRET}"),
            &format!("-{SERVICE}-{SECRET}"),
            "ä".repeat(80).as_str(),
        ] {
            let why = NotifyKey::read(text).err().expect("no key");
            assert!(!why.contains("3d844edf"), "{why}");
        }
    }
}

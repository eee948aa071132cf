//! Web Authentication: passkeys that a device finds by itself, with user verification, and nothing else of it.
//!
//! Knows `webauthn-rs`, and nobody else does.

use commonweal_domain::UserId;
use commonweal_ports::{Ceremony, Claimed, NewPasskey, NoPasskeys, PasskeyError, PasskeyOwner, RelyingParty};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url,
    Webauthn, WebauthnBuilder, WebauthnError,
};

/// The passkeys of one public address.
pub struct Passkeys(Webauthn);

impl Passkeys {
    /// Those of this address (`server.public_url`), or why there can be none. Browsers offer them over HTTPS alone, and
    /// for development on `localhost`.
    pub fn of(public_url: Option<&str>) -> Result<Self, NoPasskeys> {
        let mut origin = Url::parse(public_url.ok_or(NoPasskeys::NoAddress)?).map_err(|_| NoPasskeys::NoAddress)?;
        origin.set_path("");
        let host = origin.domain().ok_or(NoPasskeys::NoName)?.to_owned();
        let is_development = host == "localhost" || host.ends_with(".localhost");
        if origin.scheme() != "https" && !is_development {
            return Err(NoPasskeys::NotSecure);
        }
        let webauthn = WebauthnBuilder::new(&host, &origin).and_then(WebauthnBuilder::build);
        webauthn.map(Self).map_err(|_| NoPasskeys::NoName)
    }
}

impl RelyingParty for Passkeys {
    fn begin_registration(
        &self,
        body: &str,
        owner: PasskeyOwner<'_>,
        have: &[Vec<u8>],
    ) -> Result<Ceremony, PasskeyError> {
        let (options, state) =
            self.0.start_passkey_registration(owner.id.0, owner.account, owner.name, None).map_err(|e| told(&e))?;
        let mut options = written(&options.public_key)?;
        options["rp"]["name"] = json!(body);
        // The library leaves it to the device; one that keeps nothing could not be found without a name typed first.
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        // Only for the browser: in the state, which travels in a cookie, they would take room, and the store knows them.
        let have: Vec<Value> = have.iter().map(|id| json!({"type": "public-key", "id": base64(id)})).collect();
        options["excludeCredentials"] = json!(have);
        Ok(Ceremony { options: options.to_string(), state: text(&state)? })
    }

    fn end_registration(&self, state: &str, answer: &str) -> Result<NewPasskey, PasskeyError> {
        let (state, answer): (PasskeyRegistration, RegisterPublicKeyCredential) = (read(state)?, read(answer)?);
        let made = self.0.finish_passkey_registration(&answer, &state).map_err(|e| told(&e))?;
        Ok(NewPasskey { credential: made.cred_id().to_vec(), key: text(&made)? })
    }

    fn begin_sign_in(&self) -> Result<Ceremony, PasskeyError> {
        let (options, state) = self.0.start_discoverable_authentication().map_err(|e| told(&e))?;
        Ok(Ceremony { options: text(&options.public_key)?, state: text(&state)? })
    }

    fn claimed(&self, answer: &str) -> Result<Claimed, PasskeyError> {
        let answer: PublicKeyCredential = read(answer)?;
        let (user, credential) = self.0.identify_discoverable_authentication(&answer).map_err(|e| told(&e))?;
        Ok(Claimed { user: UserId(user), credential: credential.to_vec() })
    }

    fn end_sign_in(&self, state: &str, answer: &str, key: &str) -> Result<String, PasskeyError> {
        let (state, answer): (DiscoverableAuthentication, PublicKeyCredential) = (read(state)?, read(answer)?);
        let mut passkey: Passkey = read(key)?;
        let proven = self.0.finish_discoverable_authentication_v2(&answer, state, &passkey).map_err(|e| told(&e))?;
        // The policy of the ceremony asks for it already.
        if !proven.user_verified() {
            return Err(PasskeyError::NotVerified);
        }
        passkey.update_credential(&proven);
        text(&passkey)
    }
}

/// What is wrong with an answer.
fn told(e: &WebauthnError) -> PasskeyError {
    match e {
        WebauthnError::InvalidRPOrigin | WebauthnError::InvalidRPIDHash | WebauthnError::CredentialCrossOrigin => {
            PasskeyError::Origin
        }
        WebauthnError::MismatchedChallenge => PasskeyError::Challenge,
        WebauthnError::UserNotVerified | WebauthnError::UserNotPresent => PasskeyError::NotVerified,
        WebauthnError::AuthenticationFailure | WebauthnError::SignatureInvalid => PasskeyError::Signature,
        WebauthnError::CredentialPossibleCompromise => PasskeyError::Counter,
        other => PasskeyError::Unreadable(format!("{other:?}")),
    }
}

fn unreadable(e: &serde_json::Error) -> PasskeyError {
    // Neither the words nor the values: what was sent belongs to somebody.
    PasskeyError::Unreadable(format!("JSON: {:?} at {}:{}", e.classify(), e.line(), e.column()))
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, PasskeyError> {
    serde_json::from_str(text).map_err(|e| unreadable(&e))
}

fn text<T: Serialize>(value: &T) -> Result<String, PasskeyError> {
    serde_json::to_string(value).map_err(|e| unreadable(&e))
}

fn written<T: Serialize>(value: &T) -> Result<Value, PasskeyError> {
    serde_json::to_value(value).map_err(|e| unreadable(&e))
}

/// As the options have it: for addresses, without padding (RFC 4648, 5).
fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name_and_encryption_but_on_the_own_machine() {
        let of = |url| Passkeys::of(url).err();
        assert_eq!(of(None), Some(NoPasskeys::NoAddress));
        assert_eq!(of(Some("voice")), Some(NoPasskeys::NoAddress));
        assert_eq!(of(Some("http://voice.example.org")), Some(NoPasskeys::NotSecure));
        assert_eq!(of(Some("https://192.0.2.1")), Some(NoPasskeys::NoName));
        assert_eq!(of(Some("http://127.0.0.1:8080")), Some(NoPasskeys::NoName));
        for good in ["https://voice.example.org", "https://voice.example.org:8443/", "http://localhost:8080"] {
            assert_eq!(of(Some(good)), None, "{good}");
        }
    }
}

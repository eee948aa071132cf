//! What a device answers is believed only if it is right in every part.

use commonweal_domain::UserId;
use commonweal_passkeys::Passkeys;
use commonweal_ports::{PasskeyError, PasskeyOwner, RelyingParty};
use commonweal_testkit::passkeys::Device;
use serde_json::Value;

const HERE: &str = "https://voice.example.org";

fn party() -> Passkeys {
    Passkeys::of(Some(HERE)).expect("a good address")
}

fn ann() -> UserId {
    UserId(uuid::Uuid::from_u128(7))
}

/// What is kept of a passkey that the device has made.
fn made(party: &Passkeys, device: &mut Device) -> Result<String, PasskeyError> {
    let owner = PasskeyOwner { id: ann(), account: "ann@example.org", name: "Ann" };
    let begun = party.begin_registration("Town", owner, &[vec![0, 255]])?;
    Ok(party.end_registration(&begun.state, &device.create(&begun.options))?.key)
}

fn signed_in(party: &Passkeys, device: &mut Device, key: &str) -> Result<String, PasskeyError> {
    let begun = party.begin_sign_in()?;
    let answer = device.get(&begun.options);
    assert_eq!(party.claimed(&answer)?.user, ann());
    party.end_sign_in(&begun.state, &answer, key)
}

#[test]
fn a_device_is_asked_for_a_passkey_that_it_finds_by_itself_and_to_check_who_uses_it() {
    let owner = PasskeyOwner { id: ann(), account: "ann@example.org", name: "Ann" };
    let begun = party().begin_registration("Town", owner, &[vec![0, 255]]).expect("begun");
    let options: Value = serde_json::from_str(&begun.options).expect("JSON");
    assert_eq!(options["rp"], serde_json::json!({"name": "Town", "id": "voice.example.org"}));
    let wanted = &options["authenticatorSelection"];
    assert_eq!(
        (wanted["residentKey"].as_str(), wanted["userVerification"].as_str()),
        (Some("required"), Some("required"))
    );
    assert_eq!(options["excludeCredentials"][0]["id"], "AP8");
    assert_eq!(options["attestation"], "none", "the model of a device is nobody’s business");
    assert!(begun.state.len() < 1_500, "it fits into a cookie: {}", begun.state.len());
    let options: Value = serde_json::from_str(&party().begin_sign_in().expect("begun").options).expect("JSON");
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["allowCredentials"], serde_json::json!([]), "any that is known here");
}

#[test]
fn a_passkey_signs_in_and_its_counter_goes_on() {
    let (party, mut device) = (party(), Device::at(HERE));
    device.counter = 4;
    let key = made(&party, &mut device).expect("made");
    let after = signed_in(&party, &mut device, &key).expect("signed in");
    assert_ne!(after, key, "the counter is kept");
    device.counter = 3;
    assert_eq!(signed_in(&party, &mut device, &after), Err(PasskeyError::Counter));
    device.counter = 9;
    assert!(signed_in(&party, &mut device, &after).is_ok());
}

#[test]
fn a_device_that_counts_nothing_is_as_good() {
    let (party, mut device) = (party(), Device::at(HERE));
    let key = made(&party, &mut device).expect("made");
    assert_eq!(signed_in(&party, &mut device, &key).as_ref(), Ok(&key));
}

#[test]
fn what_was_made_for_another_page_or_without_looking_who_it_is_is_refused() {
    let party = party();
    let liar = |origin: &str, rp: &str, verifies| Device {
        origin: origin.into(),
        rp: rp.into(),
        verifies,
        ..Device::at(HERE)
    };
    for (mut bad, why) in [
        (liar("https://voice.example.com", "voice.example.org", true), PasskeyError::Origin),
        (liar("http://voice.example.org", "voice.example.org", true), PasskeyError::Origin),
        (liar("https://voice.example.org:8443", "voice.example.org", true), PasskeyError::Origin),
        (liar("https://a.voice.example.org", "voice.example.org", true), PasskeyError::Origin),
        (liar(HERE, "example.org", true), PasskeyError::Origin),
        (liar(HERE, "voice.example.org", false), PasskeyError::NotVerified),
    ] {
        let as_it_is = (bad.origin.clone(), bad.rp.clone(), bad.verifies);
        assert_eq!(made(&party, &mut bad).err(), Some(why.clone()), "{as_it_is:?}");
        // Made honestly, used with a lie.
        let mut device = Device::at(HERE);
        let key = made(&party, &mut device).expect("made");
        (device.origin, device.rp, device.verifies) = as_it_is.clone();
        assert_eq!(signed_in(&party, &mut device, &key), Err(why), "{as_it_is:?}");
    }
}

#[test]
fn an_answer_belongs_to_one_sign_in_and_one_key() {
    let (party, mut device, mut other) = (party(), Device::at(HERE), Device::at(HERE));
    let key = made(&party, &mut device).expect("made");
    let others = made(&party, &mut other).expect("made");
    let (one, two) = (party.begin_sign_in().expect("begun"), party.begin_sign_in().expect("begun"));
    let answer = device.get(&one.options);
    assert_eq!(party.end_sign_in(&two.state, &answer, &key), Err(PasskeyError::Challenge));
    assert!(matches!(party.end_sign_in(&one.state, &answer, &others), Err(PasskeyError::Unreadable(_))));
    // The id of the one with the signature of the other.
    let mut mixed: Value = serde_json::from_str(&other.get(&one.options)).expect("JSON");
    let mine: Value = serde_json::from_str(&answer).expect("JSON");
    (mixed["id"], mixed["rawId"]) = (mine["id"].clone(), mine["rawId"].clone());
    assert_eq!(party.end_sign_in(&one.state, &mixed.to_string(), &key), Err(PasskeyError::Signature));
    assert!(party.end_sign_in(&one.state, &answer, &key).is_ok());
}

#[test]
fn nonsense_is_no_answer_and_nothing_of_it_is_told() {
    let party = party();
    let begun = party.begin_sign_in().expect("begun");
    for nonsense in ["", "{}", "[]", "null", "{\"id\":\"secret\"}", "\u{0}"] {
        for refused in [
            party.claimed(nonsense).map(|_| String::new()),
            party.end_sign_in(&begun.state, nonsense, "{}"),
            party.end_registration(nonsense, nonsense).map(|made| made.key),
        ] {
            let refused = refused.expect_err("no answer");
            assert!(matches!(refused, PasskeyError::Unreadable(_)) && !format!("{refused:?}").contains("secret"));
        }
    }
}

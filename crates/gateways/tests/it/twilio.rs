//! A service of Twilio's shape.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use commonweal_domain::gateway::SmsApi;
use commonweal_domain::{DeliveryId, Gateway, SenderKind};
use commonweal_ports::{Became, Call, Carried, Carrier, Heard, Whose};
use ring::hmac;
use uuid::Uuid;

use crate::{Service, nowhere, open, parcel, sender};

const TOKEN: &str = "a token of the tests alone";

fn way(address: &str) -> Arc<dyn Carrier> {
    let api = SmsApi { address: address.to_owned(), account: "AC123".into() };
    open(&sender(SenderKind::SmsApi, "+447700900500", Gateway::SmsApi(api)), TOKEN)
}

#[tokio::test]
async fn a_message_goes_as_a_form_and_says_where_to_tell_what_became_of_it() {
    let service = Service::answering(&[(201, r#"{"sid": "SM1", "status": "queued"}"#)]).await;
    assert_eq!(way(&service.address).carry(&parcel(1, "+447700900123")).await, Carried::HandedOver("SM1".into()));
    let asked = service.asked().remove(0);
    let (head, body) = asked.split_once("\r\n\r\n").expect("a request");
    assert!(head.starts_with("POST /2010-04-01/Accounts/AC123/Messages.json HTTP/1.1"), "{head}");
    let who = STANDARD.encode(format!("AC123:{TOKEN}"));
    assert!(head.contains(&format!("authorization: Basic {who}")), "{head}");
    let delivery = Uuid::from_u128(1);
    assert_eq!(
        body,
        format!(
            "To=%2B447700900123&From=%2B447700900500&Body=We+come+on+Friday+%26+not+on+Monday.&StatusCallback=https%3A%2F%2Fvoice.example.org%2Fdeliver%2Freceipts%2F{}%3Fdelivery%3D{delivery}",
            Uuid::from_u128(7)
        )
    );
}

#[tokio::test]
async fn each_answer_says_what_is_certain() {
    let refused = |permanent, code: &str, address| Carried::Refused { permanent, code: code.into(), address };
    for (status, body, expected) in [
        (
            400,
            r#"{"code": 21211, "message": "The 'To' number is not a valid phone number."}"#,
            refused(true, "400 21211", true),
        ),
        (400, r#"{"code": 21610}"#, Carried::OptedOut("400 21610".into())),
        (400, r#"{"code": 21617}"#, refused(true, "400 21617", false)),
        (400, "no JSON", refused(true, "400", false)),
        (500, r#"{"code": 20500}"#, Carried::Unknown),
        (503, "", Carried::Unknown),
        (201, "half of an ans", Carried::Unknown),
        (0, "", Carried::Unknown),
    ] {
        let service = Service::answering(&[(status, body)]).await;
        assert_eq!(way(&service.address).carry(&parcel(1, "+447700900123")).await, expected, "{status} {body}");
        assert_eq!(service.asked().len(), 1, "once");
    }
    // It is not of whom it is for: the service, or how the sender is set up.
    for (status, body) in [
        (401, r#"{"code": 20003}"#),
        (400, r#"{"code": 21606}"#),
        (404, r#"{"code": 20404}"#),
        (429, r#"{"code": 20429}"#),
        (302, ""),
    ] {
        let service = Service::answering(&[(status, body)]).await;
        let carried = way(&service.address).carry(&parcel(1, "+447700900123")).await;
        assert!(matches!(carried, Carried::NotTried(_)), "{status}: {carried:?}");
    }
    let carried = way(&nowhere().await).carry(&parcel(1, "+447700900123")).await;
    assert!(matches!(carried, Carried::NotTried(_)), "{carried:?}");
}

#[tokio::test]
async fn the_account_is_looked_at_without_sending() {
    let service = Service::answering(&[
        (200, r#"{"friendly_name": "Anytown", "status": "active"}"#),
        (200, r#"{"friendly_name": "Anytown", "status": "suspended"}"#),
        (401, r#"{"code": 20003}"#),
    ])
    .await;
    let way = way(&service.address);
    assert!(way.check().await.expect("active").contains("“Anytown”"));
    assert!(way.check().await.expect_err("suspended").contains("suspended"));
    assert!(way.check().await.expect_err("refused").contains("does not let us in"));
    assert!(service.asked().iter().all(|asked| asked.starts_with("GET /2010-04-01/Accounts/AC123.json ")));
}

#[test]
fn what_it_tells_is_believed_by_its_signature_alone() {
    let way = way("https://api.twilio.com");
    let address = format!("https://voice.example.org/deliver/receipts/x?delivery={}", Uuid::from_u128(3));
    let call = |address: &str, pairs: &[(&str, &str)], token: &str| {
        let mut sorted = pairs.to_vec();
        sorted.sort_unstable();
        let signed: String = std::iter::once(address).chain(sorted.iter().flat_map(|(n, v)| [*n, *v])).collect();
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
        Call {
            address: address.to_owned(),
            signature: Some(STANDARD.encode(hmac::sign(&key, signed.as_bytes()))),
            has_token: false,
            body: serde_urlencoded::to_string(pairs).expect("a form").into_bytes(),
        }
    };
    let status = |status: &str, code: &str| {
        way.hear(&call(&address, &[("MessageSid", "SM1"), ("MessageStatus", status), ("ErrorCode", code)], TOKEN))
    };
    let outcome = |became| Heard::Outcome { of: Whose::Ours(DeliveryId(Uuid::from_u128(3))), became };
    assert!(status("delivered", "") == outcome(Became::Delivered));
    assert!(status("undelivered", "30003") == outcome(Became::Failed));
    assert!(status("undelivered", "30005") == outcome(Became::FailedForGood));
    assert!(status("failed", "21610") == outcome(Became::OptedOut));
    assert!(status("sent", "") == Heard::Nothing);
    let plain = "https://voice.example.org/deliver/receipts/x";
    let theirs = way.hear(&call(plain, &[("MessageSid", "SM1"), ("MessageStatus", "delivered")], TOKEN));
    assert!(theirs == Heard::Outcome { of: Whose::Theirs("SM1".into()), became: Became::Delivered });
    let written = [("MessageSid", "SM9"), ("SmsStatus", "received"), ("From", "+447700900123"), ("Body", "Stop")];
    let words = Heard::Words { id: Some("SM9".into()), from: "+447700900123".into(), text: "Stop".into() };
    assert!(way.hear(&call(plain, &written, TOKEN)) == words);
    assert!(way.hear(&call(plain, &written, "another token")) == Heard::Unproven);
    assert!(way.hear(&Call { signature: None, ..call(plain, &written, TOKEN) }) == Heard::Unproven);
    let elsewhere = Call { address: "https://evil.example/".into(), ..call(plain, &written, TOKEN) };
    assert!(way.hear(&elsewhere) == Heard::Unproven);
}

//! A service that takes a request as it is described.

use std::sync::Arc;

use commonweal_domain::gateway::{HttpReceipts, HttpReceived, SmsHttp};
use commonweal_domain::{DeliveryId, Gateway, SenderKind};
use commonweal_ports::{Became, Call, Carried, Carrier, Heard, Whose};
use serde_json::json;
use uuid::Uuid;

use crate::{Service, open, parcel, sender};

fn described(address: &str) -> SmsHttp {
    SmsHttp {
        method: "POST".into(),
        address: format!("{address}/send?ref=((reference))"),
        headers: vec![("X-Api-Key".into(), "((secret))".into())],
        content_type: "application/json".into(),
        body: r#"{"to": "((digits))", "from": "((from))", "text": "((text))"}"#.into(),
        taken: vec![202],
        id: Some("/messages/0/id".into()),
        receipts: Some(HttpReceipts {
            reference: Some("/ref".into()),
            id: Some("/id".into()),
            status: "/state".into(),
            delivered: vec!["DELIVRD".into()],
            failed: vec!["EXPIRED".into()],
            failed_for_good: vec!["REJECTD".into()],
        }),
        received: Some(HttpReceived { id: None, from: "/from".into(), text: "/text".into() }),
    }
}

fn way(http: SmsHttp) -> Arc<dyn Carrier> {
    open(&sender(SenderKind::SmsHttp, "Anytown", Gateway::SmsHttp(Box::new(http))), "quackenbush")
}

#[tokio::test]
async fn a_request_is_made_as_it_is_described() {
    let service = Service::answering(&[
        (202, r#"{"messages": [{"id": 77}]}"#),
        (200, r#"{"messages": [{"id": 78}]}"#),
        (202, r#"{"error": "no"}"#),
        (422, ""),
        (0, ""),
    ])
    .await;
    let way = way(described(&service.address));
    let one = parcel(1, "+447700900123");
    assert_eq!(way.carry(&one).await, Carried::HandedOver("77".into()));
    let refused = |code: &str| Carried::Refused { permanent: true, code: code.into(), address: false };
    assert_eq!(way.carry(&one).await, refused("200"), "only 202 says that it was taken");
    assert_eq!(way.carry(&one).await, Carried::Unknown, "it is not the answer that was described");
    assert_eq!(way.carry(&one).await, refused("422"));
    assert_eq!(way.carry(&one).await, Carried::Unknown);
    let asked = service.asked().remove(0);
    let (head, body) = asked.split_once("\r\n\r\n").expect("a request");
    let reference = Uuid::from_u128(1);
    assert!(head.starts_with(&format!("POST /send?ref={reference} HTTP/1.1\r\nx-api-key: quackenbush\r\n")), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body, json!({"to": "447700900123", "from": "Anytown", "text": "We come on Friday & not on Monday."}));
    let told = way.check().await.expect("told");
    assert!(told.contains("POST ") && told.contains("••••") && !told.contains("quackenbush"), "{told}");
}

#[test]
fn what_it_tells_is_found_where_it_was_said_to_stand() {
    let way = way(described("https://sms.example.org"));
    let call = |body: &str, has_token| Call { body: body.as_bytes().to_vec(), has_token, ..Call::default() };
    let ours = Uuid::from_u128(5);
    let of = Whose::Ours(DeliveryId(ours));
    let json = json!({"ref": ours, "id": 77, "state": "delivrd"}).to_string();
    assert!(way.hear(&call(&json, true)) == Heard::Outcome { of, became: Became::Delivered });
    let theirs = Heard::Outcome { of: Whose::Theirs("77".into()), became: Became::FailedForGood };
    assert!(way.hear(&call("id=77&state=REJECTD", true)) == theirs, "a form is as good");
    assert!(way.hear(&call("id=77&state=BUFFERED", true)) == Heard::Nothing);
    assert!(way.hear(&call(&json, false)) == Heard::Unproven);
    let words = Heard::Words { id: None, from: "447700900123".into(), text: "Hello".into() };
    assert!(way.hear(&call("from=447700900123&text=Hello", true)) == words);
    assert!(way.hear(&call("{", true)) == Heard::Unreadable);
}

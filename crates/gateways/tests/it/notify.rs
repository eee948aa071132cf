//! GOV.UK Notify: what is certain of each message, whatever happens to the request or its answer.

use std::process::Command;
use std::sync::Arc;

use commonweal_domain::gateway::Notify;
use commonweal_domain::{DeliveryId, Gateway, SenderKind};
use commonweal_ports::{Became, Call, Carried, Carrier, Heard, Parcel, Whose};
use commonweal_testkit::notify::{EMAIL_TEMPLATE, NotifyService, ODD_TEMPLATE, SMS_TEMPLATE, Trouble};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{checkout, nowhere, open, parcel, sender};

fn way(address: &str, key: &str, kind: SenderKind, template: &str) -> Arc<dyn Carrier> {
    let gateway = Notify {
        address: address.to_owned(),
        template: template.to_owned(),
        reply_to: Some("8e222534-7f05-4972-86e3-17c5d9f894e2".into()),
        takes_answers: false,
    };
    open(&sender(kind, "", Gateway::Notify(gateway)), key)
}

fn sms(service: &NotifyService) -> Arc<dyn Carrier> {
    way(&service.address, &service.key(), SenderKind::NotifySms, SMS_TEMPLATE)
}

fn email(service: &NotifyService) -> Arc<dyn Carrier> {
    way(&service.address, &service.key(), SenderKind::NotifyEmail, EMAIL_TEMPLATE)
}

fn again(parcel: &Parcel) -> Parcel {
    Parcel { tried_before: true, ..parcel.clone() }
}

#[tokio::test]
async fn a_message_is_put_into_the_template_and_taken_under_our_reference() {
    let service = NotifyService::start().await;
    assert!(matches!(sms(&service).carry(&parcel(1, "+447700900123")).await, Carried::HandedOver(_)));
    let mail =
        Parcel { unsubscribe: Some("https://voice.example.org/unsubscribe/x".into()), ..parcel(2, "ann@example.org") };
    let Carried::HandedOver(id) = email(&service).carry(&mail).await else { panic!("taken") };
    let taken = service.messages();
    assert_eq!(taken[0]["reference"], Uuid::from_u128(1).to_string());
    assert_eq!((&taken[0]["body"], &taken[0]["phone_number"]), (&json!(mail.text), &json!("+447700900123")));
    assert_eq!((&taken[1]["subject"], &taken[1]["body"]), (&json!("Your bins"), &json!(mail.text)));
    assert_eq!(taken[1]["one_click_unsubscribe_url"], "https://voice.example.org/unsubscribe/x");
    assert_eq!(taken[1]["id"], id);
}

#[tokio::test]
async fn what_is_not_known_is_looked_up_and_never_sent_twice() {
    let service = NotifyService::start().await;
    let way = sms(&service);
    // The answer is lost: it is there, and that is certain.
    service.trouble([Trouble::AnswerLost]);
    assert!(matches!(way.carry(&parcel(1, "+447700900123")).await, Carried::HandedOver(_)));
    // The request is lost, or the service fails inside: it is not there now, which does not say that it never will be.
    service.trouble([Trouble::RequestLost, Trouble::Broken]);
    assert_eq!(way.carry(&parcel(2, "+447700900123")).await, Carried::Unknown);
    assert_eq!(way.carry(&parcel(3, "+447700900123")).await, Carried::Unknown);
    // The answer is lost, and so is what is looked up: nothing is known, and the next attempt looks again before it sends.
    service.trouble([Trouble::AnswerLost]);
    service.hide(true);
    let lost = parcel(4, "+447700900123");
    assert_eq!(way.carry(&lost).await, Carried::Unknown);
    assert!(matches!(way.carry(&again(&lost)).await, Carried::NotTried(_)));
    service.hide(false);
    assert!(matches!(way.carry(&again(&lost)).await, Carried::HandedOver(_)));
    assert_eq!(service.messages().len(), 2, "each once");
    // What never arrived is sent when it is tried again.
    service.asked();
    assert!(matches!(way.carry(&again(&parcel(2, "+447700900123"))).await, Carried::HandedOver(_)));
    let reference = Uuid::from_u128(2);
    assert_eq!(
        service.asked(),
        [format!("GET /v2/notifications?reference={reference}"), "POST /v2/notifications/sms".into()]
    );
}

#[tokio::test]
async fn refusals_say_whether_it_is_the_number_the_message_or_us() {
    let service = NotifyService::start().await;
    let refused = |carried: Carried| match carried {
        Carried::Refused { permanent: true, code, address } => (code, address),
        other => panic!("{other:?}"),
    };
    let (text, mail) = (sms(&service), email(&service));
    assert_eq!(refused(text.carry(&parcel(1, "12345")).await), ("400 ValidationError".into(), false));
    assert_eq!(refused(text.carry(&parcel(2, "+9991234567890")).await), ("400 InvalidPhoneError".into(), true));
    assert_eq!(refused(mail.carry(&parcel(3, "ann@nobody.invalid")).await), ("400 InvalidEmailError".into(), true));
    let long = Parcel { text: "x".repeat(919), ..parcel(4, "+447700900123") };
    assert_eq!(refused(text.carry(&long).await), ("400 BadRequestError".into(), false));
    // Too many for now: whoever it is for has nothing to do with it.
    service.trouble([Trouble::Busy, Trouble::Daily]);
    for words in ["no more for now", "no more today"] {
        let Carried::NotTried(why) = text.carry(&parcel(5, "+447700900123")).await else { panic!("not tried") };
        assert!(why.contains(words), "{why}");
    }
    assert!(service.messages().is_empty());
}

#[tokio::test]
async fn nothing_is_sent_before_key_and_template_are_seen_to_be_right() {
    let service = NotifyService::start().await;
    let said = async |way: Arc<dyn Carrier>| {
        let Carried::NotTried(why) = way.carry(&parcel(1, "+447700900123")).await else { panic!("not tried") };
        assert_eq!(way.check().await, Err(why.clone()));
        why
    };
    let (address, key) = (service.address.as_str(), service.key());
    let kind = SenderKind::NotifySms;
    assert!(said(way(address, &service.wrong_key(), kind, SMS_TEMPLATE)).await.contains("the key is wrong"));
    assert!(said(way(address, &key, kind, EMAIL_TEMPLATE)).await.contains("is not of the kind sms"));
    assert!(said(way(address, &key, kind, ODD_TEMPLATE)).await.contains("asks for ((full name))"));
    let unknown = Uuid::nil().to_string();
    assert!(said(way(address, &key, kind, &unknown)).await.contains("no template 00000000"));
    assert!(said(way(&nowhere().await, &key, kind, SMS_TEMPLATE)).await.starts_with("No connection"));
    assert!(service.asked().iter().all(|asked| asked.starts_with("GET /v2/template/")));
    let told = email(&service).check().await.expect("right");
    assert!(told.contains("“Whole email”"), "{told}");
}

#[tokio::test]
async fn what_notify_tells_by_itself_is_read_when_it_brings_our_token() {
    let service = NotifyService::start().await;
    let way = sms(&service);
    for (n, to) in (1..).zip(["+447700900123", "+447700900002", "+447700900003"]) {
        assert!(matches!(way.carry(&parcel(n, to)).await, Carried::HandedOver(_)));
    }
    let call = |said: Value, has_token| Call { body: said.to_string().into_bytes(), has_token, ..Call::default() };
    let heard = |said: Value| way.hear(&call(said, true));
    let outcome = |n: u128, became| Heard::Outcome { of: Whose::Ours(DeliveryId(Uuid::from_u128(n))), became };
    assert!(heard(service.receipt(0)) == outcome(1, Became::Delivered));
    assert!(heard(service.receipt(1)) == outcome(2, Became::FailedForGood));
    assert!(heard(service.receipt(2)) == outcome(3, Became::Failed));
    assert!(heard(service.complaint(0)) == outcome(1, Became::Complained));
    assert!(way.hear(&call(service.receipt(0), false)) == Heard::Unproven);
    let mut others = service.receipt(0);
    others["reference"] = Value::Null;
    assert!(heard(others) == Heard::Nothing, "somebody else sent it by the same service");
    assert!(heard(json!({"hello": 1})) == Heard::Unreadable);
    let written = service.receive("+447700900123", "STOP");
    let words = Heard::Words {
        id: written["id"].as_str().map(str::to_owned),
        from: "447700900123".into(),
        text: "STOP".into(),
    };
    assert!(heard(written) == words);
}

/// What the official client of others does to our stand-in: if it is content, so is it with what we take it for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_client_takes_our_stand_in_for_notify() {
    let python = checkout(".cache/notifications-python-client/bin/python");
    assert!(python.exists(), "the client is not installed: scripts/setup.sh test does that");
    let service = NotifyService::start().await;
    service.receive("+447700900123", "Hello");
    let mut command = Command::new(python);
    command.arg(checkout("crates/gateways/tests/it/client.py")).args([
        &service.address,
        &service.key(),
        &service.wrong_key(),
        EMAIL_TEMPLATE,
        SMS_TEMPLATE,
    ]);
    // The service answers meanwhile.
    let run = tokio::task::spawn_blocking(move || command.output());
    let said = run.await.expect("ends").expect("Python runs");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let said: Value = serde_json::from_slice(&said.stdout).expect("JSON");
    assert_eq!(
        said,
        json!({
            "email": ["Your bins", "We come on Friday.", "ours-1"],
            "sms": ["We come on Friday.", "GOVUK"],
            "by_id": ["delivered", "email"],
            "by_reference": 1,
            "pages": ["sms", "email"],
            "templates": 3,
            "preview": "We come on Monday.",
            "received": ["Hello"],
            "missing": [400, "BadRequestError", "Missing personalisation: Body"],
            "number": [400, "ValidationError", "phone_number Not enough digits"],
            "nobody": [404, "NoResultFound"],
            "key": [403, "AuthError"],
        })
    );
}

//! Ways out at the command line: added, listed, tried; what is wrong is said in a sentence.

use commonweal_testkit::notify::{NotifyService, SMS_TEMPLATE};
use serde_json::json;

use crate::support::{Engine, World, text};

#[test]
fn each_kind_is_added_listed_and_tried() {
    // It answers on threads of its own, while commands are waited for.
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let service = runtime.block_on(NotifyService::start());
    let world = World::new(Engine::Sqlite);
    std::fs::create_dir_all(world.data()).expect("made");
    let config = "[server]\npublic_url = \"https://voice.example.org\"\n\n[hooks]\nallow_private = true\n";
    std::fs::write(world.data().join("commonweal.toml"), config).expect("written");
    let (right, wrong) = (world.write("right", service.key()), world.write("wrong", service.wrong_key()));
    let add = |name: &str, more: &[&str]| {
        let mut all = vec!["sender", "add", name];
        all.extend(more);
        world.must(&all)
    };
    let notify = ["--notify-sms", SMS_TEMPLATE, "--service-address", &service.address, "--password-file"];
    add("notify", &[&notify[..], &[text(&right)]].concat());
    add("wrong", &[&notify[..], &[text(&wrong)]].concat());
    let request = json!({
        "method": "POST", "address": "https://sms.example.org/send", "headers": [["X-Key", "((secret))"]],
        "content_type": "application/json", "body": "{\"to\": \"((to))\", \"text\": \"((text))\"}",
    });
    let request = world.write("request.json", request.to_string());
    let token = world.write("token", "quackenbush\n");
    add("http", &["--sms-http", text(&request), "--from", "Anytown", "--password-file", text(&token)]);
    add("twilio", &["--sms-api", "AC1", "--from", "+447700900500", "--password-file", text(&token), "--cost", "40000"]);
    add("mail", &["--from", "voice@example.org", "--domain-limit", "example.org=5"]);
    let listed = world.must(&["sender", "list"]);
    for words in [
        "GOV.UK Notify, text messages",
        "Text messages (HTTP request)",
        "Text messages (Twilio-compatible)",
        "Files in a folder",
    ] {
        assert!(listed.contains(words), "{listed}");
    }
    assert!(world.must(&["sender", "test", "notify"]).contains("“Whole text message”"));
    assert!(world.refused(&["sender", "test", "wrong"]).contains("the key is wrong or was revoked"));
    let told = world.must(&["sender", "test", "http"]);
    assert!(told.contains("POST https://sms.example.org/send") && !told.contains("quackenbush"), "{told}");
    let receipts = world.must(&["sender", "receipts", "notify"]);
    assert!(
        receipts.contains("https://voice.example.org/deliver/receipts/") && receipts.contains("Token:"),
        "{receipts}"
    );
    assert!(world.must(&["sender", "receipts", "twilio"]).contains("signs with the token"));
    assert!(world.refused(&["sender", "receipts", "mail"]).contains("Mail servers tell by mail"));
    for (arguments, words) in [
        (&["--notify-sms", "mine", "--password-file", text(&right)][..], "This is no id as GOV.UK Notify shows it"),
        (&["--sms-api", "AC1", "--from", "a name that is far too long"], "a name of at most 11"),
        (&["--from", "voice@example.org", "--domain-limit", "example.org"], "example.org=5"),
        (&["--sms-http", text(&token), "--from", "Anytown"], "does not describe a request"),
        (&["--sms-api", "AC1"], "--from"),
    ] {
        let said = world.refused(&[&["sender", "add", "bad"][..], arguments].concat());
        assert!(said.contains(words), "{said}");
    }
}

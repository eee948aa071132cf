//! What services of senders tell over HTTP: believed by proof alone, and answered without saying whom we know.

use commonweal_app::deliver::{DispatchDraft, Says, SenderDraft};
use commonweal_app::people::{HandleTold, PersonTold};
use commonweal_domain::audience::{Reach, Rule};
use commonweal_domain::gateway::{Gateway, NOTIFY_ADDRESS, Notify};
use commonweal_domain::{Actor, Details, Function, HandleKind, Lane, MessageText, SenderKind, SenderSetup};
use commonweal_testkit::on_both_engines;

use crate::support::Server;

fn setup() -> SenderSetup {
    let gateway = Notify {
        address: NOTIFY_ADDRESS.into(),
        template: "f33517ff-2a88-4f6e-b855-c550268ce08a".into(),
        reply_to: None,
        takes_answers: false,
    };
    SenderSetup {
        name: "texts".into(),
        kind: SenderKind::NotifySms,
        from: String::new(),
        from_name: String::new(),
        reply_to: None,
        server: None,
        gateway: Some(Gateway::Notify(gateway)),
        per_second: None,
        per_day: None,
        domain_limits: Vec::new(),
        cost: 0,
        test_only_to: None,
        enabled: true,
        return_to: None,
    }
}

on_both_engines! {
    async fn a_receipt_is_taken_with_its_token_and_nobody_learns_more(db: TestDb) {
        let server = Server::on(db).await;
        let (app, operator) = (&server.test.app, Actor::Operator);
        let web = commonweal_outbound::Outbound::new(false).expect("a client");
        let gateways = commonweal_gateways::Gateways { web: std::sync::Arc::new(web), public_url: None };
        let draft = SenderDraft { setup: setup(), secret: Some(format!("k-{0}-{0}", uuid::Uuid::nil())), version: None };
        let sender = app.save_sender(&operator, None, draft).await.expect("saved").id;
        let told = PersonTold {
            key: "1".into(),
            details: Details::default(),
            handles: vec![HandleTold::new(HandleKind::Phone, "07700 900123")],
        };
        app.tell_of_people(&operator, "list", &[told]).await.expect("kept");
        let text = MessageText { subject: String::new(), body: "Your permit is ready.".into() };
        let draft = DispatchDraft {
            name: "Permits".into(),
            says: Says::Texts([("en".to_owned(), text)].into()),
            lane: Lane::Service,
            topic: None,
            function: Function::Serve,
            sender,
            audience: Rule::Reach(vec![Reach::Phone]),
            team: None,
            starts_at: None,
            ends_at: None,
            drop_held: false,
        };
        let planned = app.plan_dispatch(&operator, draft).await.expect("planned").id;
        let stop = tokio_util::sync::CancellationToken::new();
        while app.work_once("test", &stop).await.expect("works") {}
        app.deliver_due().await.expect("delivered");
        let delivery = server.test.post.arrived()[0].delivery;
        server.test.post.reach_services(std::sync::Arc::new(gateways));
        let token = app.make_receipts_token(&operator, sender).await.expect("made").token.expect("a token");
        let address = format!("/deliver/receipts/{sender}");
        let said = |reference: &str| format!(r#"{{"reference": "{reference}", "status": "delivered"}}"#);
        let ours = said(&delivery.to_string());
        let bearer = format!("Bearer {token}");
        let send = async |address: &str, token: &str, body: &str| {
            let headers = [("authorization", token)];
            let answer = server.nobody().send_as(address, "application/json", body, &headers).await;
            answer.status.as_u16()
        };
        assert_eq!(send(&address, "Bearer made-up", &ours).await, 401);
        assert_eq!(send("/deliver/receipts/nobody", &bearer, &ours).await, 401);
        assert_eq!(send(&format!("/deliver/receipts/{}", uuid::Uuid::nil()), &bearer, &ours).await, 401);
        assert_eq!(server.nobody().send(&address, &ours).await.status.as_u16(), 401);
        let delivered = async || app.dispatch(&operator, planned).await.expect("there").reconciliation.delivered;
        assert_eq!(delivered().await, 0);
        assert_eq!(send(&address, &bearer, "{").await, 400);
        assert_eq!(send(&address, &bearer, &said(&uuid::Uuid::nil().to_string())).await, 204);
        assert_eq!(delivered().await, 0);
        for _ in 0..2 {
            assert_eq!(send(&address, &bearer, &ours).await, 204);
        }
        assert_eq!(delivered().await, 1);
        // Whoever tries many tokens has to wait.
        let mut last = 401;
        for n in 0..2_000 {
            last = send(&address, &format!("Bearer {n}"), &ours).await;
            if last != 401 {
                break;
            }
        }
        assert_eq!(last, 429);
        assert_eq!(send(&address, &bearer, &ours).await, 204, "the service itself does not");
    }
}

//! Services and touchpoints.

use commonweal_domain::records::{Service, Touchpoint};
use commonweal_store::{NewRecord, StoreError};
use commonweal_testkit::{kept, on_both_engines};

use crate::data::{id, record, write};

on_both_engines! {
    async fn a_service_is_found_by_key_or_name_and_made_once(db: TestDb) {
        let made = kept!(db.store, services.ensure(" Blue Badge ", id(1))).await.expect("made");
        assert_eq!((made.key.as_str(), made.name.as_str(), made.position), ("blue-badge", "Blue Badge", 0));
        for name in ["Blue Badge", "blue-badge", "BLUE badge!"] {
            assert_eq!(kept!(db.store, services.ensure(name, id(2))).await.expect("found").id, made.id, "{name}");
        }
        assert_eq!(kept!(db.store, services.ensure("Council tax", id(3))).await.expect("made").position, 1);
        let apply = kept!(db.store, services.ensure_touchpoint(made.id, "Apply", id(10))).await.expect("made");
        assert_eq!((apply.key.as_str(), apply.position), ("blue-badge/apply", 0));
        for name in ["apply", "blue-badge/apply", "APPLY"] {
            assert_eq!(kept!(db.store, services.ensure_touchpoint(made.id, name, id(11))).await.expect("found").id, apply.id, "{name}");
        }
        assert!(matches!(kept!(db.store, services.ensure_touchpoint(id(99), "x", id(12))).await, Err(StoreError::NotFound("service"))));
    }

    async fn a_service_made_by_many_at_once_is_one(db: TestDb) {
        let second = db.again().await;
        let mut tasks = Vec::new();
        for n in 0..12 {
            let store = if n % 2 == 0 { db.store.clone() } else { second.clone() };
            tasks.push(tokio::spawn(async move {
                let service = kept!(store, services.ensure("Libraries", id(n))).await.expect("made or found");
                let touchpoint = kept!(store, services.ensure_touchpoint(service.id, "Borrow", id(100 + n))).await.expect("made or found");
                (service.id, touchpoint.id)
            }));
        }
        let mut all = Vec::new();
        for task in tasks {
            all.push(task.await.expect("no panic"));
        }
        all.dedup();
        assert_eq!(all.len(), 1, "{all:?}");
    }

    async fn touchpoints_keep_the_order_they_are_put_in(db: TestDb) {
        let service = kept!(db.store, services.ensure("Blue Badge", id(1))).await.expect("made").id;
        for (n, name) in [(10, "Apply"), (11, "Wait"), (12, "Use")] {
            kept!(db.store, services.ensure_touchpoint(service, name, id(n))).await.expect("made");
        }
        kept!(db.store, services.order_touchpoints(service, &[id(12), id(10), id(11)])).await.expect("all are named");
        kept!(db.store, services.rename_touchpoint(id(12), "Use it")).await.expect("there");
        kept!(db.store, services.rename(service, "Blue badges")).await.expect("there");
        let all = db.store.services().await.expect("read");
        assert_eq!((all[0].name.as_str(), all[0].key.as_str()), ("Blue badges", "blue-badge"));
        let names: Vec<_> = all[0].touchpoints.iter().map(|t| (t.name.as_str(), t.position)).collect();
        assert_eq!(names, [("Use it", 0), ("Apply", 1), ("Wait", 2)]);
        for order in [&[id(10), id(11)][..], &[id(10), id(11), id(11)], &[id(10), id(11), id(12), id(13)]] {
            assert!(matches!(kept!(db.store, services.order_touchpoints(service, order)).await, Err(StoreError::Conflict { .. })));
        }
    }

    async fn a_touchpoint_with_contacts_is_not_dropped(db: TestDb) {
        let touchpoint = |n, key: &str| Touchpoint { id: id(n), key: format!("parking/{key}"), name: key.into(), position: 0 };
        let mut service = Service { id: id(1), key: "parking".into(), name: "Parking".into(), position: 0, touchpoints: vec![touchpoint(10, "find"), touchpoint(11, "pay")] };
        kept!(db.store, services.save(&service)).await.expect("new");
        write(&db.store, vec![NewRecord { service: Some(id(1)), touchpoint: Some(id(11)), ..record(1) }]).await;
        let doc = db.store.docs(&[record(1).doc.id]).await.expect("read").remove(0);
        assert_eq!((doc.service.as_deref(), doc.touchpoint.as_deref()), (Some("parking"), Some("parking/pay")));
        service.touchpoints = vec![touchpoint(10, "find")];
        assert!(matches!(kept!(db.store, services.save(&service)).await, Err(StoreError::Conflict { .. })));
        service.touchpoints = vec![touchpoint(11, "pay"), touchpoint(12, "appeal")];
        kept!(db.store, services.save(&service)).await.expect("the one without contacts may go");
        let kept: Vec<_> = db.store.services().await.expect("read")[0].touchpoints.iter().map(|t| t.key.clone()).collect();
        assert_eq!(kept, ["parking/pay", "parking/appeal"]);
        let taken = Service { id: id(2), touchpoints: vec![], ..service };
        assert!(matches!(kept!(db.store, services.save(&taken)).await, Err(StoreError::Conflict { what: "service" })));
    }
}

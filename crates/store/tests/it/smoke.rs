commonweal_testkit::on_both_engines! {
    async fn it_opens(db: TestDb) {
        db.store.ping().await.expect("answers");
        assert!(db.store.pending_migrations().await.expect("known").is_empty());
    }
}

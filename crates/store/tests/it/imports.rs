//! Imports, their undoing, kept mappings.

use commonweal_domain::import::{ImportState, Mapping, Target};
use commonweal_domain::{ChangeKind, Cursor, ImportId, PageRequest};
use commonweal_store::{ImportAdvance, NewRecord, Store, StoreError, WriteBatch};
use commonweal_testkit::{kept, on_both_engines};

use crate::data::{at, feedback, id, import, record, running_import, write};

/// Writes one batch of an import.
async fn import_batch(store: &Store, run: ImportId, numbers: std::ops::Range<u64>, after_row: u64) {
    let rows = numbers.end - numbers.start;
    let records: Vec<NewRecord> = numbers
        .map(|n| {
            let mut r = record(n);
            r.doc.import = Some(run);
            r.doc.source = run.to_string();
            r
        })
        .collect();
    let import = ImportAdvance {
        import: run,
        after_row,
        through_row: after_row + rows,
        through_byte: 1,
        rows,
        rejected: vec![],
    };
    store.write(&WriteBatch { records, import: Some(import), ..WriteBatch::default() }).await.expect("taken");
}

on_both_engines! {
    async fn an_import_is_kept_as_it_was_handed_in(db: TestDb) {
        let first = import(1);
        kept!(db.store, imports.create(&first)).await.expect("taken");
        kept!(db.store, imports.create(&import(2))).await.expect("taken");
        assert_eq!(db.store.import(first.id).await.expect("there"), first);
        assert_eq!(db.store.imports(None, &PageRequest::first(10)).await.expect("read").items, [import(2), first.clone()]);
        let older = PageRequest::after(Cursor::of(import(2).id), 10);
        let waiting = db.store.imports(Some(ImportState::Waiting), &PageRequest::first(10)).await.expect("read").items;
        assert_eq!(waiting.len(), db.store.imports_in(&[ImportState::Waiting]).await.expect("read").len());
        assert_eq!(waiting, [import(2), first.clone()].into_iter().filter(|i| i.state == ImportState::Waiting).collect::<Vec<_>>());
        assert_eq!(db.store.imports(Some(ImportState::Undone), &PageRequest::first(10)).await.expect("read").items, []);
        assert_eq!(db.store.imports(None, &older).await.expect("read").items, std::slice::from_ref(&first));
        assert_eq!(db.store.import_names().await.expect("read").len(), 2);
        assert!(db.store.has_import(first.state).await.expect("read"));
        assert!(!db.store.has_import(ImportState::Undoing).await.expect("read"));
        assert_eq!(db.store.import_by_hash(&first.file_hash).await.expect("asked"), Some(first));
        assert!(matches!(db.store.import(id(9)).await, Err(StoreError::NotFound("import"))));
    }

    async fn an_import_goes_from_state_to_state_and_notes_when(db: TestDb) {
        kept!(db.store, imports.create(&import(1))).await.expect("taken");
        let go = |from: &'static [ImportState], to, problem, seconds| { let store = db.store.clone(); async move {
            kept!(store, imports.set_state(id(1), from, to, problem, at(seconds))).await
        } };
        kept!(db.store, imports.set_mapping(id(1), &Mapping { sheet: Some("Data".into()), ..Mapping::default() })).await.expect("not begun");
        go(&[ImportState::Waiting], ImportState::Running, None, 5).await.expect("waiting");
        assert!(matches!(kept!(db.store, imports.set_mapping(id(1), &Mapping::default())).await, Err(StoreError::Conflict { .. })));
        go(&[ImportState::Running], ImportState::Failed, Some("The disk is full."), 6).await.expect("running");
        let failed = db.store.import(id(1)).await.expect("there");
        assert_eq!((failed.problem.as_deref(), failed.ended_at), (Some("The disk is full."), Some(at(6))));
        assert_eq!(failed.mapping.sheet.as_deref(), Some("Data"));
        go(&[ImportState::Failed, ImportState::Waiting], ImportState::Running, None, 7).await.expect("failed");
        let again = db.store.import(id(1)).await.expect("there");
        assert_eq!((again.started_at, again.ended_at, again.problem), (Some(at(5)), None, None));
        assert!(matches!(go(&[ImportState::Waiting], ImportState::Done, None, 8).await, Err(StoreError::Conflict { what: "import" })));
    }

    async fn an_import_is_taken_back_as_a_whole_and_nothing_else(db: TestDb) {
        let (first, second) = (running_import(&db.store, 9_001).await, running_import(&db.store, 9_002).await);
        import_batch(&db.store, first, 10..20, 1).await;
        write(&db.store, vec![record(25)]).await;
        import_batch(&db.store, second, 30..35, 1).await;
        import_batch(&db.store, first, 40..50, 11).await;
        assert!(matches!(kept!(db.store, imports.undo_some(first, 8)).await, Err(StoreError::Conflict { what: "import" })));
        kept!(db.store, imports.set_state(first, &[ImportState::Running], ImportState::Undoing, None, at(9))).await.expect("running");
        let mut steps = Vec::new();
        loop {
            let gone = kept!(db.store, imports.undo_some(first, 8)).await.expect("undoing");
            if gone == 0 { break }
            steps.push(gone);
        }
        assert_eq!(steps, [8, 8, 4]);
        let left: Vec<_> = db.store.docs_after(None, 100).await.expect("read").into_iter().map(|d| d.id).collect();
        assert_eq!(left, [25, 30, 31, 32, 33, 34].map(feedback));
        db.settled().await;
        let changes = db.store.changes_after(Default::default(), 1_000).await.expect("read");
        assert_eq!(changes.iter().filter(|c| c.kind == ChangeKind::Deleted).count(), 20);
    }

    async fn an_import_that_brought_nothing_is_undone_at_once(db: TestDb) {
        let run = running_import(&db.store, 9_001).await;
        import_batch(&db.store, run, 0..0, 1).await;
        kept!(db.store, imports.set_state(run, &[ImportState::Running], ImportState::Undoing, None, at(9))).await.expect("running");
        assert_eq!(kept!(db.store, imports.undo_some(run, 8)).await.expect("undoing"), 0);
    }

    async fn a_mapping_is_kept_per_source(db: TestDb) {
        let mut mapping = Mapping::default();
        mapping.columns.insert("Comment".into(), Target::Comment);
        mapping.columns.insert("Age".into(), Target::Attribute("age".into()));
        mapping.rating_words.insert("Very good".into(), 5.0);
        kept!(db.store, imports.keep_mapping("sig", &Mapping::default(), at(1))).await.expect("kept");
        kept!(db.store, imports.keep_mapping("sig", &mapping, at(2))).await.expect("replaced");
        assert_eq!(db.store.mapping("sig").await.expect("read"), Some(mapping));
        assert_eq!(db.store.mapping("other").await.expect("read"), None);
    }
}

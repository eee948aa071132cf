//! Imports of people: taken in once, resumed, corrected, undone; what stands on a record keeps it.

use chrono::TimeDelta;
use commonweal_app::people::{PersonTold, RowBecomes};
use commonweal_app::{Error, StagedFile};
use commonweal_domain::import::ImportState;
use commonweal_domain::people_import::{KeptBecause, PeopleImport, PeopleMapping, PersonColumn};
use commonweal_domain::{
    Actor, Capacity, Channel, Details, Direction, Duty, Function, KnownAs, Need, NewContact, PageRequest,
    PeopleImportId, SamePerson,
};
use commonweal_testkit::app::TestApp;
use commonweal_testkit::on_both_engines;
use tokio_util::sync::CancellationToken;

const OPERATOR: Actor = Actor::Operator;

/// Five people, of whom one has an email that is none; one row that says nothing, one without an id, and one with an id
/// that stands there already.
const TENANTS: &str = "\
Ref,First name,Surname,Date of birth,Postcode,Email,Language,Needs,Tenure,Email consent
T-1,Ann,Exampleby,07/03/1950,ZX4 7QT,ann@example.org,Welsh,large print,own,yes
T-2,Rhys,Okafor,21/02/1990,ZX1 1AA,rhys@example.org,,,rent,no
T-3,Mei,Nowak,13/12/1955,ZX2 2BB,mei at home,,hoist,rent,
T-4,,,,,,,,,
,Bo,Nameless,,ZX3 3CC,,,,,
T-5,Zara,Quill,01/02/1971,ZX5 5DD,,,,own,
T-2,Somebody,Else,,,,,,,
T-6,Ivo,Marsh,02/02/1972,ZX6 6EE,,,,own,
";

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn write(&self, name: &str, text: &str) -> StagedFile {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).expect("written");
        StagedFile { path, name: name.into() }
    }
}

async fn staged(t: &TestApp, file: &StagedFile) -> PeopleImport {
    t.app.stage_people_import(&OPERATOR, "housing", file, &PeopleMapping::default()).await.expect("staged")
}

async fn import(t: &TestApp, file: &StagedFile) -> PeopleImport {
    let staged = staged(t, file).await;
    Box::pin(t.app.run_people_import_here(&OPERATOR, staged.id, &CancellationToken::new())).await.expect("run")
}

async fn undo(t: &TestApp, id: PeopleImportId) -> PeopleImport {
    Box::pin(t.app.undo_people_import_here(&OPERATOR, id)).await.expect("undone")
}

/// How many rows each table has.
async fn rows(t: &TestApp, table: &str) -> usize {
    t.db.dump().await[table].lines().count()
}

/// A list of so many people who have nothing in common.
fn long(people: usize) -> String {
    let mut text = String::from("ref,surname,given name,dob,phone\n");
    for n in 0..people {
        let letters: String = format!("{n:05}").bytes().map(|b| char::from(b'a' + (b - b'0'))).collect();
        text.push_str(&format!("L-{n},{letters}son,{letters}a,19{:02}-{:02}-{:02},\n", n % 97, n % 12 + 1, n % 28 + 1));
    }
    text
}

on_both_engines! {
    async fn a_file_is_taken_in_once_and_what_is_not_comes_back_with_reasons(db: TestDb) {
        let t = TestApp::with(db).await;
        let files = Files::new();
        let done = import(&t, &files.write("tenants.csv", TENANTS)).await;
        let counts = done.counts;
        assert_eq!(done.state, ImportState::Done);
        assert_eq!((counts.rows, counts.new, counts.updated, counts.unchanged), (8, 5, 0, 0), "{counts:?}");
        assert_eq!((counts.silent, counts.rejected, counts.partial), (1, 2, 1), "{counts:?}");
        let back = t.app.rejected_people(&OPERATOR, done.id, 0, 10).await.expect("rows");
        let told: Vec<(u64, Option<&str>, bool)> = back.iter().map(|r| (r.row, r.column.as_deref(), r.taken)).collect();
        assert_eq!(told, [(4, None, true), (6, Some("Ref"), false), (8, Some("Ref"), false)]);
        assert!(back[0].reason.contains("Email: ") && back[0].reason.contains("Needs: Part of this is no need"), "{}", back[0].reason);
        assert!(!back[0].reason.contains("at home") && !back[0].reason.contains("hoist"), "{}", back[0].reason);
        assert_eq!(back[2].reason, "Row 3 has the same id and says something else. Decide which one holds.");
        let ann = &t.app.find_people(&OPERATOR, "Exampleby").await.expect("may")[0].records[0];
        assert_eq!((ann.source.as_str(), ann.source_key.as_str()), ("housing", "T-1"));
        assert_eq!(ann.details.language.as_deref(), Some("cy"));
        assert_eq!(ann.details.needs, [Need::LargePrint]);
        assert!(ann.details.attributes.is_empty(), "what nobody asked for is left out");
        assert_eq!(rows(&t, "people_import_files").await, 0, "the file goes with the end of the import");
        // The same again adds nothing, whatever it is called.
        let again = import(&t, &files.write("again.csv", TENANTS)).await;
        assert_ne!(again.id, done.id);
        assert_eq!((again.counts.new, again.counts.updated, again.counts.unchanged), (0, 0, 5));
        assert_eq!(rows(&t, "records").await, 5);
        // What it says otherwise is another version of the same person.
        let moved = import(&t, &files.write("moved.csv", &TENANTS.replace("ZX5 5DD", "ZX9 9XX"))).await;
        assert_eq!((moved.counts.new, moved.counts.updated, moved.counts.unchanged), (0, 1, 4));
        let zara = &t.app.find_people(&OPERATOR, "Quill").await.expect("may")[0];
        assert_eq!(zara.records.iter().map(|r| r.version).collect::<Vec<_>>(), [1, 2]);
    }

    async fn rows_that_were_sent_back_can_be_corrected_and_handed_in_again(db: TestDb) {
        let t = TestApp::with(db).await;
        let files = Files::new();
        let done = import(&t, &files.write("tenants.csv", TENANTS)).await;
        let path = files.0.path().join("rejected.csv");
        let out = std::fs::File::create(&path).expect("a file");
        let written = t.app.write_rejected_people(&OPERATOR, done.id, Box::new(out)).await.expect("written");
        assert_eq!(written, 3);
        let text = std::fs::read_to_string(&path).expect("text");
        assert!(text.contains("What was not taken in, and why"), "{text}");
        let corrected = text
            .replace("mei at home", "mei@example.org")
            .replace("hoist", "BSL")
            .replace(",Bo,Nameless", "T-7,Bo,Nameless")
            .replace("T-2,Somebody", "T-8,Somebody");
        let again = import(&t, &files.write("corrected.csv", &corrected)).await;
        assert_eq!((again.counts.new, again.counts.updated, again.counts.rejected), (2, 1, 0), "{:?}", again.counts);
        let mei = &t.app.find_people(&OPERATOR, "Nowak").await.expect("may")[0];
        let last = mei.records.last().expect("there");
        assert_eq!((last.version, last.handles.len(), last.details.needs.as_slice()), (2, 1, [Need::Bsl].as_slice()));
    }

    async fn a_preview_keeps_nothing_and_follows_what_somebody_says(db: TestDb) {
        let t = TestApp::with(db).await;
        let files = Files::new();
        let waiting = staged(&t, &files.write("tenants.csv", TENANTS)).await;
        let preview = t.app.preview_people_import(&OPERATOR, waiting.id, &waiting.mapping).await.expect("looked at");
        assert_eq!((preview.looked_at, preview.silent, preview.rejected, preview.partial), (8, 1, 2, 1));
        assert_eq!((preview.known, preview.before), (0, None));
        assert_eq!(preview.look.columns[9].column, PersonColumn::Consent);
        assert_eq!(preview.rows[3].becomes, RowBecomes::Silent);
        assert_eq!(rows(&t, "records").await, 0);
        let mut said = waiting.mapping.clone();
        said.columns.insert("Tenure".into(), PersonColumn::Attribute("Tenure".into()));
        let preview = t.app.preview_people_import(&OPERATOR, waiting.id, &said).await.expect("looked at");
        assert!(matches!(&preview.rows[0].becomes, RowBecomes::Told(told, _) if told.details.attributes["Tenure"] == "own"));
        // Nobody begins what would say nothing of anybody, nor with two ids.
        let mut nobody = said.clone();
        for (heading, column) in &mut nobody.columns {
            if heading != "Ref" {
                *column = PersonColumn::Ignore;
            }
        }
        let refused = t.app.begin_people_import(&OPERATOR, waiting.id, &nobody).await.expect_err("refused");
        assert!(refused.to_string().contains("No column says who somebody is"), "{refused}");
        let mut twice = said.clone();
        twice.columns.insert("Surname".into(), PersonColumn::Key);
        let refused = t.app.begin_people_import(&OPERATOR, waiting.id, &twice).await.expect_err("refused");
        assert!(refused.to_string().contains("are both said to be the id"), "{refused}");
        t.app.begin_people_import(&OPERATOR, waiting.id, &said).await.expect("begun");
        while t.app.work_once("w", &CancellationToken::new()).await.expect("works") {}
        let done = t.app.people_import(&OPERATOR, waiting.id).await.expect("there");
        assert_eq!((done.state, done.counts.new), (ImportState::Done, 5), "{:?}", done.problem);
        let quill = &t.app.find_people(&OPERATOR, "Quill").await.expect("may")[0];
        assert_eq!(quill.records[0].details.attributes["Tenure"], "own");
        // The same file waits anew, and says that it was taken in before.
        let again = staged(&t, &files.write("tenants.csv", TENANTS)).await;
        let preview = t.app.preview_people_import(&OPERATOR, again.id, &again.mapping).await.expect("looked at");
        assert_eq!((preview.known, preview.before.map(|i| i.id)), (5, Some(done.id)));
        let once_more = staged(&t, &files.write("tenants.csv", TENANTS)).await;
        assert_eq!(once_more.id, again.id, "one that waits is not handed in twice");
    }

    async fn an_import_that_is_killed_goes_on_after_the_last_durable_row(db: TestDb) {
        let t = TestApp::with(db).await;
        let files = Files::new();
        let file = files.write("long.csv", &long(1_000));
        let id = staged(&t, &file).await.id;
        // Told to stop at its first resting place.
        let stop = CancellationToken::new();
        stop.cancel();
        let part = Box::pin(t.app.run_people_import_here(&OPERATOR, id, &stop)).await.expect("stopped");
        assert_eq!(part.state, ImportState::Failed);
        assert!(part.counts.rows > 0 && part.counts.rows < 1_000, "{:?}", part.counts);
        assert_eq!(rows(&t, "records").await as u64, part.counts.new);
        // Gone in the middle of whatever it does, as a process that is killed.
        let app = t.app.clone();
        let task = tokio::spawn(async move {
            Box::pin(app.run_people_import_here(&OPERATOR, id, &CancellationToken::new())).await
        });
        while t.app.people_import(&OPERATOR, id).await.expect("there").counts.rows <= part.counts.rows && !task.is_finished() {
            tokio::task::yield_now().await;
        }
        task.abort();
        let _ = task.await;
        let killed = t.app.people_import(&OPERATOR, id).await.expect("there");
        assert_eq!(rows(&t, "records").await as u64, killed.counts.new, "rows and progress are one");
        let whole = import(&t, &file).await;
        assert_eq!((whole.id, whole.state), (id, ImportState::Done), "{:?}", whole.problem);
        assert_eq!((whole.counts.rows, whole.counts.new), (1_000, 1_000), "{:?}", whole.counts);
        assert_eq!(rows(&t, "records").await, 1_000);
        assert_eq!(rows(&t, "people_import_records").await, 1_000);
    }

    async fn whose_worker_is_gone_says_so_and_can_be_stopped_resumed_and_undone(db: TestDb) {
        let t = TestApp::with(db).await;
        let files = Files::new();
        let waiting = staged(&t, &files.write("long.csv", &long(30))).await;
        let not_yet = t.app.stop_people_import(&OPERATOR, waiting.id).await.expect_err("nothing to stop");
        assert_eq!(not_yet.code(), "import_not_running");
        t.app.begin_people_import(&OPERATOR, waiting.id, &waiting.mapping).await.expect("begun");
        let busy = t.app.undo_people_import(&OPERATOR, waiting.id).await.expect_err("it runs");
        assert_eq!(busy.code(), "import_not_at_rest");
        t.app.stop_people_import(&OPERATOR, waiting.id).await.expect("stopped");
        let stopped = t.app.people_import(&OPERATOR, waiting.id).await.expect("there");
        assert_eq!((stopped.state, stopped.counts.rows), (ImportState::Failed, 0));
        assert!(stopped.problem.expect("told").contains("stopped by a person"));
        t.app.resume_people_import(&OPERATOR, waiting.id).await.expect("goes on");
        while t.app.work_once("w", &CancellationToken::new()).await.expect("works") {}
        let done = t.app.people_import(&OPERATOR, waiting.id).await.expect("there");
        assert_eq!((done.state, done.counts.new), (ImportState::Done, 30), "{:?}", done.problem);
        let over = t.app.resume_people_import(&OPERATOR, waiting.id).await.expect_err("it has ended");
        assert_eq!(over.code(), "import_not_failed");
        t.app.undo_people_import(&OPERATOR, waiting.id).await.expect("may");
        while t.app.work_once("w", &CancellationToken::new()).await.expect("works") {}
        let undone = t.app.people_import(&OPERATOR, waiting.id).await.expect("there");
        assert_eq!((undone.state, undone.kept), (ImportState::Undone, 0));
        for table in ["records", "record_details", "record_keys", "links", "link_changes", "persons", "people_import_records"] {
            assert_eq!(rows(&t, table).await, 0, "{table}");
        }
    }

    async fn an_undo_leaves_that_on_which_something_stands(db: TestDb) {
        let t = TestApp::with(db).await;
        let files = Files::new();
        // Somebody who was known before, by another source: joined by the import, and alone again after it.
        let known = PersonTold {
            key: "C-1".into(),
            details: Details {
                given_names: Some("Zara".into()),
                surname: Some("Quill".into()),
                birth_date: "1971-02-01".parse().ok(),
                postcode: Some("ZX5 5DD".into()),
                ..Details::default()
            },
            handles: Vec::new(),
        };
        let before = t.app.tell_of_people(&OPERATOR, "clinic", &[known]).await.expect("kept")[0];
        let first = import(&t, &files.write("tenants.csv", TENANTS)).await;
        let moved = import(&t, &files.write("moved.csv", &TENANTS.replace("ZX1 1AA", "ZX9 9XX"))).await;
        assert_eq!(moved.counts.updated, 1);
        let person = |name: &'static str| {
            let app = t.app.clone();
            async move { app.find_people(&OPERATOR, name).await.expect("may").remove(0) }
        };
        let (ann, mei) = (person("Exampleby").await, person("Nowak").await);
        // A contact was made by Ann's record.
        let call = NewContact {
            source_id: None,
            at: None,
            service: None,
            touchpoint: None,
            channel: Channel::Phone,
            direction: Direction::In,
            function: Function::Serve,
            capacity: Capacity::Customer,
            person: Some(KnownAs { source: "housing".into(), key: "T-1".into() }),
        };
        t.app.record_contacts(&OPERATOR, vec![call], None).await.expect("taken");
        // Somebody said that Mei and Ivo are one.
        let ivo = person("Marsh").await;
        t.app.merge_persons(&OPERATOR, mei.id, ivo.id, "").await.expect("merged");
        let undone = undo(&t, first.id).await;
        assert_eq!((undone.state, undone.kept), (ImportState::Undone, 4));
        let kept = t.app.kept_people(&OPERATOR, first.id, 10).await.expect("may");
        let why: Vec<(u64, KeptBecause)> = kept.iter().map(|k| (k.row, k.because)).collect();
        let wanted = [
            (2, KeptBecause::Contacts),
            (3, KeptBecause::LaterVersion),
            (4, KeptBecause::Decided),
            (9, KeptBecause::Decided),
        ];
        assert_eq!(why, wanted);
        assert_eq!(kept[0].person, ann.id);
        let zara = person("Quill").await;
        assert_eq!(zara.records.iter().map(|r| r.id).collect::<Vec<_>>(), [before.record], "who was known before stays");
        assert!(t.app.rejected_people(&OPERATOR, first.id, 0, 10).await.expect("may").is_empty());
        // The later version goes with the import that made it, and the one before counts again.
        let undone = undo(&t, moved.id).await;
        assert_eq!((undone.state, undone.kept), (ImportState::Undone, 0));
        let rhys = person("Okafor").await;
        assert_eq!(rhys.records.len(), 1);
        assert_eq!(rhys.records[0].details.postcode.as_deref(), Some("ZX1 1AA"));
        let again = Box::pin(t.app.undo_people_import_here(&OPERATOR, moved.id)).await.expect_err("once");
        assert_eq!(again.code(), "import_not_at_rest");
    }

    async fn who_broke_away_by_what_an_import_said_is_back_when_it_is_undone(db: TestDb) {
        let t = TestApp::with(db).await;
        let files = Files::new();
        let list = |row: &str| format!("ref,given name,surname,dob,address,town,postcode,email\n{row}\n");
        let ann = list("1,Ann,Exampleby,1950-03-07,14 Larch Court,Anytown,ZX4 7QT,ann@example.org");
        let other = list("1,Rhys,Otherone,1988-11-21,2 Mill Lane,Othertown,ZX9 1AB,rhys@example.org");
        let stage = |source: &'static str, file: StagedFile| {
            let app = t.app.clone();
            async move {
                let mapping = PeopleMapping::default();
                let staged = app.stage_people_import(&OPERATOR, source, &file, &mapping).await.expect("staged");
                Box::pin(app.run_people_import_here(&OPERATOR, staged.id, &CancellationToken::new())).await.expect("run")
            }
        };
        stage("housing", files.write("ann.csv", &ann)).await;
        stage("council tax", files.write("ann.csv", &ann)).await;
        let person = t.app.find_people(&OPERATOR, "Exampleby").await.expect("may").remove(0);
        assert_eq!(person.records.len(), 2, "the two sources speak of one person");
        t.clock.advance(TimeDelta::hours(1));
        let wrong = stage("council tax", files.write("other.csv", &other)).await;
        assert_eq!(wrong.counts.updated, 1);
        let apart = t.app.find_people(&OPERATOR, "Otherone").await.expect("may").remove(0);
        assert_ne!(apart.id, person.id);
        assert_eq!(apart.records.len(), 2, "all that the source had said goes with it");
        undo(&t, wrong.id).await;
        assert!(t.app.find_people(&OPERATOR, "Otherone").await.expect("may").is_empty());
        let again = t.app.find_people(&OPERATOR, "Exampleby").await.expect("may");
        assert_eq!(again.len(), 1, "nobody is left apart: {again:?}");
        assert_eq!((again[0].id, again[0].records.len()), (person.id, 2));
    }

    async fn an_answer_to_a_suggestion_keeps_both_records(db: TestDb) {
        let t = TestApp::with(db).await;
        let files = Files::new();
        let list = "ref,given name,surname,dob,postcode\n1,Ann,Exampleby,1950-03-07,ZX4 7QT\n2,Ann,Exampleby,,ZX4 7QT\n3,Ann,Exampleby,,ZX4 7QT\n";
        let done = import(&t, &files.write("list.csv", list)).await;
        let open = t.app.suggestions(&OPERATOR, 10).await.expect("may");
        assert!(!open.is_empty());
        t.app.decide_suggestion(&OPERATOR, open[0].id, SamePerson::Unsure).await.expect("decided");
        let undone = undo(&t, done.id).await;
        assert_eq!(undone.kept, 2);
        assert_eq!(rows(&t, "records").await, 2);
    }

    async fn only_who_manages_people_may_and_nothing_personal_is_told(db: TestDb) {
        let t = TestApp::with(db).await;
        let files = Files::new();
        let file = files.write("tenants.csv", TENANTS);
        for duties in [&[Duty::Analyst, Duty::Administrator][..], &[Duty::Listener], &[Duty::Manager]] {
            let actor = t.user(duties).await.actor();
            let refused = t.app.stage_people_import(&actor, "housing", &file, &PeopleMapping::default()).await;
            assert!(matches!(refused, Err(Error::Denied(_))), "{duties:?}: {refused:?}");
            assert!(matches!(t.app.people_imports(&actor, &PageRequest::first(5)).await, Err(Error::Denied(_))));
            assert!(matches!(t.app.new_people_file(&actor), Err(Error::Denied(_))));
        }
        for (source, why) in [(" ", "Say which source"), (&*"x".repeat(101), "100 are allowed"), ("a\nb", "one line")] {
            let refused = t.app.stage_people_import(&OPERATOR, source, &file, &PeopleMapping::default()).await.expect_err("refused");
            assert!(refused.to_string().contains(why), "{refused}");
        }
        let worker = t.user(&[Duty::Caseworker]).await.actor();
        let waiting = t.app.stage_people_import(&worker, "housing", &file, &PeopleMapping::default()).await.expect("may");
        t.app.begin_people_import(&worker, waiting.id, &waiting.mapping).await.expect("begun");
        while t.app.work_once("w", &CancellationToken::new()).await.expect("works") {}
        assert_eq!(t.app.people_import(&worker, waiting.id).await.expect("there").state, ImportState::Done);
        t.app.rejected_people(&worker, waiting.id, 0, 10).await.expect("may");
        let dump = t.db.dump().await;
        for table in ["audit", "events", "jobs", "people_imports"] {
            for word in ["Exampleby", "Nameless", "ZX4", "example.org", "T-1", "mei at home"] {
                assert!(!dump[table].contains(word), "{word} in {table}: {}", dump[table]);
            }
        }
        for action in ["people.import_staged", "people.import_begun", "people.import_done", "people.rejected_rows_read"] {
            assert!(dump["audit"].contains(action), "{action}: {}", dump["audit"]);
        }
        assert!(dump["events"].contains("people.import_done"), "{}", dump["events"]);
    }

    async fn what_is_left_of_imports_goes_by_itself(db: TestDb) {
        let t = TestApp::with(db).await;
        let files = Files::new();
        let done = import(&t, &files.write("tenants.csv", TENANTS)).await;
        let never = staged(&t, &files.write("later.csv", &long(3))).await;
        assert_eq!(rows(&t, "people_import_files").await, 1);
        let stop = CancellationToken::new();
        t.clock.advance(TimeDelta::days(15));
        while t.app.work_once("w", &stop).await.expect("works") {}
        assert_eq!(t.app.people_import(&OPERATOR, never.id).await.expect("there").state, ImportState::Undone);
        assert_eq!(rows(&t, "people_import_files").await, 0);
        assert_eq!(rows(&t, "people_import_rejected").await, 3, "rows that were sent back are kept for a while");
        // In steps: a clock that leaps ahead is not believed.
        for _ in 0..4 {
            t.clock.advance(TimeDelta::days(20));
            while t.app.work_once("w", &stop).await.expect("works") {}
        }
        assert_eq!(rows(&t, "people_import_rejected").await, 0);
        assert_eq!(t.app.people_import(&OPERATOR, done.id).await.expect("there").counts.rejected, 2);
    }

    async fn what_text_can_not_have_is_sent_back_and_never_breaks_an_import(db: TestDb) {
        let t = TestApp::with(db).await;
        let files = Files::new();
        let huge = "x".repeat(5_000);
        let mut bytes = format!("ref,surname,town,email\n1,Lee\0,A,\n2,{huge},B,bo@example.org\n3\0,Day,C,\n").into_bytes();
        bytes.extend_from_slice(b"4,Gr\xfc\xdf,D,\n");
        bytes.extend_from_slice(format!("{},Long,E,\n5,Fine,F,\n", "9".repeat(101)).as_bytes());
        let path = files.0.path().join("odd.csv");
        std::fs::write(&path, bytes).expect("written");
        let file = StagedFile { path, name: "odd.csv".into() };
        let done = import(&t, &file).await;
        assert_eq!(done.state, ImportState::Done, "{:?}", done.problem);
        assert_eq!((done.counts.rows, done.counts.rejected), (6, 2), "{:?}", done.counts);
        let back = t.app.rejected_people(&OPERATOR, done.id, 0, 10).await.expect("rows");
        assert!(back.iter().any(|r| r.reason.contains("NUL")), "{back:?}");
        assert!(back.iter().any(|r| r.reason.contains("5,000 characters")), "{back:?}");
        assert!(back.iter().any(|r| r.reason.contains("The id has 101 characters")), "{back:?}");
    }
}

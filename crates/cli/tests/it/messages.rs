//! What people read when something is wrong: a sentence that names what, where, and what to do.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::support::{Engine, World, text};

/// What the program says, without what differs from run to run.
fn said(world: &World, arguments: &[&str]) -> String {
    let folder = world.file("x");
    let folder = text(folder.parent().expect("a folder")).to_owned();
    world.refused(arguments).replace(&format!("{folder}/"), "")
}

#[test]
fn a_missing_file_is_named() {
    let world = World::new(Engine::Sqlite);
    insta::assert_snapshot!(said(&world, &["import", text(&world.file("nowhere.csv"))]));
}

/// Runs a command of which somebody reads one line.
fn cut_short(mut command: Command) -> (Option<i32>, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut line = String::new();
    BufReader::with_capacity(16, child.stdout.take().expect("an output")).read_line(&mut line).expect("a line");
    let out = child.wait_with_output().expect("ends");
    (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
}

#[test]
fn a_reader_who_has_had_enough_is_no_error() {
    let world = World::new(Engine::Sqlite);
    let rows: String =
        (0..3_000).map(|n| format!("2024-01-02,3,number {n} waited far too long for an answer\n")).collect();
    let file = world.write("long.csv", format!("Date,Rating,Comment\n{rows}"));
    world.must(&["import", text(&file)]);
    for arguments in [&["export", "-"][..], &["config", "reference"]] {
        assert_eq!(cut_short(world.command(arguments)), (Some(0), String::new()), "{arguments:?}");
    }
}

#[test]
fn a_pdf_that_is_called_csv_is_recognised() {
    let world = World::new(Engine::Sqlite);
    let path = world.write("report.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n");
    insta::assert_snapshot!(said(&world, &["import", text(&path)]));
}

#[test]
fn a_workbook_that_unpacks_to_more_than_it_may_is_refused_in_time() {
    let world = World::new(Engine::Sqlite);
    let path = world.file("bomb.xlsx");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).expect("a file"));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let part = |zip: &mut zip::ZipWriter<std::fs::File>, name: &str, text: &str| {
        zip.start_file(name, options).expect("a part");
        zip.write_all(text.as_bytes()).expect("written");
    };
    part(
        &mut zip,
        "[Content_Types].xml",
        r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#,
    );
    part(
        &mut zip,
        "xl/workbook.xml",
        r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    );
    part(
        &mut zip,
        "xl/_rels/workbook.xml.rels",
        r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    );
    zip.start_file("xl/worksheets/sheet1.xml", options.large_file(true)).expect("a part");
    // Five gigabytes of nothing, packed into five megabytes.
    let nothing = vec![b' '; 1 << 20];
    for _ in 0..5_120 {
        zip.write_all(&nothing).expect("written");
    }
    zip.finish().expect("finished");
    insta::assert_snapshot!(said(&world, &["import", text(&path)]));
}

#[test]
fn a_day_that_does_not_exist_is_named_with_row_and_column() {
    let world = World::new(Engine::Sqlite);
    let mut csv = String::from("at,rating,comment\n30/01/2024,4,Fine\n31/02/2024,2,Late\n");
    for day in 1..=28 {
        csv.push_str(&format!("{day:02}/03/2024,3,So so\n"));
    }
    let path = world.write("days.csv", csv);
    let out = world.must(&["import", text(&path), "--dry-run"]);
    let line =
        out.lines().find(|line| line.contains("NOT taken in")).unwrap_or_else(|| panic!("nothing is rejected:\n{out}"));
    insta::assert_snapshot!(line.trim());
}

#[test]
fn a_column_that_is_not_there_is_named_with_those_that_are() {
    let world = World::new(Engine::Sqlite);
    let path = world.write("some.csv", "when,stars,words\n2024-01-01,4,Fine\n");
    insta::assert_snapshot!(said(&world, &["import", text(&path), "--map", "comment=wrods"]));
}

#[test]
fn a_target_that_does_not_exist_is_named_with_those_that_do() {
    let world = World::new(Engine::Sqlite);
    let path = world.write("some.csv", "when,stars,words\n2024-01-01,4,Fine\n");
    insta::assert_snapshot!(said(&world, &["import", text(&path), "--map", "commment=words"]));
}

#[test]
fn a_notice_that_is_too_long_is_refused_at_the_command_line_too() {
    let world = World::new(Engine::Sqlite);
    let long = "x".repeat(501);
    let error = said(&world, &["admin", "settings", "--name", "Ambleside", "--notice", &long]);
    assert!(error.contains("The notice has at most 500 characters."), "{error}");
    world.must(&["admin", "settings", "--name", "Ambleside", "--notice", &long[..500]]);
}

#[test]
fn a_word_that_is_no_dimension_is_named_with_those_that_are() {
    let world = World::new(Engine::Sqlite);
    insta::assert_snapshot!(said(&world, &["query", "--filter", "colour=red"]));
    insta::assert_snapshot!(said(&world, &["query", "--period", "soon"]));
}

#[test]
fn a_rebuild_beside_a_running_server_says_who_holds_the_index() {
    let world = World::new(Engine::Sqlite);
    let server = world.serve();
    insta::assert_snapshot!(said(&world, &["index", "rebuild"]));
    // Asking is possible all the same.
    assert_eq!(world.counted(), 0);
    server.stop();
}

#[test]
fn a_port_that_is_taken_is_named() {
    let world = World::new(Engine::Sqlite);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let error = said(&world, &["serve", "--listen", &address]);
    assert!(error.contains(&address) && error.contains("--listen"), "{error}");
}

//! Lists of people through the port: workbooks, files that are none, files that would take too much.

use commonweal_channels::files::{Files, LimitedFiles, Limits};
use commonweal_domain::people_import::{PeopleMapping, PersonColumn};
use commonweal_ports::{FileError, FileReader};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::help::file;

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Tenants").expect("a name");
    for (column, heading) in ["Ref", "Full name", "DOB", "Phone", "Needs"].into_iter().enumerate() {
        sheet.write_string(0, column as u16, heading).expect("a cell");
    }
    let born = ExcelDateTime::parse_from_str("1950-03-07").expect("a date");
    sheet.write_number(1, 0, 17.0).expect("a cell");
    sheet.write_string(1, 1, "Exampleby, Ann").expect("a cell");
    sheet.write_datetime_with_format(1, 2, &born, &Format::new().set_num_format("dd/mm/yyyy")).expect("a cell");
    sheet.write_string(1, 3, "07700 900123").expect("a cell");
    sheet.write_string(1, 4, "large print").expect("a cell");
    book.save_to_buffer().expect("a workbook")
}

fn refused(bytes: &[u8], limits: Limits) -> String {
    let on_disk = file(bytes);
    let files = LimitedFiles { limits };
    match files.look_at_people(on_disk.path(), "list", &PeopleMapping::default()) {
        Err(FileError::Unreadable(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_workbook_is_read_as_a_list_of_people() {
    let on_disk = file(&workbook());
    let look = Files.look_at_people(on_disk.path(), "tenants.xlsx", &PeopleMapping::default()).expect("looked at");
    let columns: Vec<String> = look.columns.iter().map(|c| c.column.key()).collect();
    assert_eq!(columns, ["key", "full_name", "birth_date", "phone", "needs"]);
    let mut rows = Files.open_people(on_disk.path(), "tenants.xlsx", &look.mapping).expect("opened");
    let row = rows.next_rows(5).expect("read").remove(0);
    assert_eq!((row.row, row.read.key.as_str()), (2, "17"));
    assert_eq!(row.read.faults, []);
    assert_eq!(row.read.details.name().as_deref(), Some("Ann Exampleby"));
    assert_eq!(row.read.details.birth_date.map(|d| d.to_string()).as_deref(), Some("1950-03-07"));
    assert!(rows.next_rows(5).expect("read").is_empty());
    let mut said = look.mapping;
    said.columns.insert("Needs".into(), PersonColumn::Ignore);
    let mut rows = Files.open_people(on_disk.path(), "tenants.xlsx", &said).expect("opened");
    assert!(rows.next_rows(5).expect("read")[0].read.details.needs.is_empty());
}

#[test]
fn what_is_no_list_or_would_take_too_much_is_refused_in_a_sentence() {
    let usual = Limits::default;
    assert!(refused(&[0, 1, 2, 3, 200, 0, 7, 9], usual()).contains("neither text nor a workbook"));
    assert!(refused(b"  \n \n", usual()).contains("nothing but white space"));
    let long = format!("ref,surname\n1,{}\n", "x".repeat(300_000));
    let tight = Limits { row_bytes: 1_000, ..usual() };
    assert!(refused(long.as_bytes(), tight).contains("row"), "a row has its limit");
    let bomb = Limits { unpacked_ratio: 1, unpacked_floor: 100, ..usual() };
    assert!(refused(&workbook(), bomb).contains("list"), "what a workbook unpacks to has its limit");
}

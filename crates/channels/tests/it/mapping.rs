//! What somebody says goes before what is found.

use commonweal_channels::files::{Files, mapping_from_arguments};
use commonweal_domain::Channel;
use commonweal_domain::import::{DateOrder, Mapping, Target};
use commonweal_ports::FileReader;

use crate::help::{context, feedback, file, look, preview, reason, rows_at, rows_with, target, texts};

const TEXT: &str = "When,Where,Mark,Said,Age\n\
    03/04/2026,Parking,1,It was fine,34\n\
    05/04/2026,Parking,5,It was bad,61\n";

fn said(arguments: &[&str]) -> Mapping {
    mapping_from_arguments(arguments).expect("the arguments make sense")
}

#[test]
fn a_mapping_is_followed() {
    let mapping = said(&[
        "comment=Said,service=Where,rating=Mark,attr.years=Age",
        "dates=month_first,scale=5..1,default.channel=paper",
    ]);
    let preview = look(TEXT, &mapping).expect("it can be read");
    assert_eq!(target(&preview, "Where"), &Target::Service);
    assert_eq!(reason(&preview, "Said"), "as you said");
    let rows = rows_with(TEXT, &mapping);
    let first = rows[0].outcome.as_ref().expect("taken");
    assert_eq!(first.at.expect("dated").to_rfc3339(), "2026-03-04T00:00:00+00:00");
    assert_eq!((first.ratings[0].worst, first.ratings[0].best, first.ratings[0].score()), (5.0, 1.0, 1.0));
    assert_eq!((first.channel, first.attributes["years"].as_str()), (Channel::Paper, "34"));
    assert_eq!(texts(first), ["It was fine"]);
}

#[test]
fn headings_may_be_written_in_any_case() {
    let preview = look(TEXT, &said(&["comment=said"])).expect("it can be read");
    assert_eq!(target(&preview, "Said"), &Target::Comment);
    assert_eq!(preview.mapping.columns.len(), 5);
}

#[test]
fn the_mapping_of_a_preview_reads_the_next_file_of_the_same_layout() {
    let kept =
        preview("Date,Comment,Satisfaction\n31/03/2026,It was fine,Very good\n01/04/2026,It was bad,Poor\n").mapping;
    assert_eq!(kept.dates, Some(DateOrder::DayFirst));
    // In this one no date tells the order, no answer the scale.
    let next = file(b"Comment,Date,Satisfaction\r\nIt was odd,02/05/2026,Good\r\n");
    let rows = rows_at(next.path(), &kept).expect("it is read with what was kept");
    let row = rows[0].outcome.as_ref().expect("taken");
    assert_eq!(row.at.expect("dated").to_rfc3339(), "2026-05-01T23:00:00+00:00");
    assert_eq!((row.ratings[0].value, row.ratings[0].best), (4.0, 5.0));
}

#[test]
fn an_unfinished_mapping_is_finished_when_the_file_is_opened() {
    let table = file(TEXT.as_bytes());
    let some = rows_at(table.path(), &said(&["comment=Said"])).expect("the rest is found");
    let all = Files.preview(table.path(), "feedback.csv", &said(&["comment=Said"]), context()).expect("it can be read");
    assert_eq!(some, rows_at(table.path(), &all.mapping).expect("everything is said"));
}

#[test]
fn a_number_off_the_scale_that_was_said_is_sent_back_unless_it_is_a_code() {
    let text = |marks: &[u32]| {
        let rows: String = marks.iter().map(|m| format!("The answer was {m} today,{m}\n")).collect();
        format!("Comment,Mark\n{rows}")
    };
    let mapping = said(&["rating=Mark,scale=1..5"]);
    let slip = rows_with(text(&[4, 5, 7, 2]), &mapping);
    let back = slip[2].outcome.as_ref().expect_err("7 is no mark");
    assert_eq!(back.message, "“7” is not on the scale, which goes from 1 (worst) to 5 (best).");
    let codes = text(&[4, 5, 9, 2, 9, 3, 1, 9]);
    assert!(rows_with(&codes, &mapping)[2].outcome.as_ref().expect("taken").ratings.is_empty());
    let found = look(&codes, &mapping).expect("it can be read");
    assert!(found.warnings.iter().any(|w| w.contains("“Mark” has 9 3 times")), "{:?}", found.warnings);
}

#[test]
fn words_of_ones_own_become_numbers() {
    let text = "Comment,Faces\nIt was fine,green\nIt was bad,red\nIt was so so,purple\n";
    let mut mapping = said(&["rating=Faces"]);
    mapping.rating_words = [("Green".to_owned(), 3.0), ("amber".to_owned(), 2.0), ("red".to_owned(), 1.0)].into();
    let rows = rows_with(text, &mapping);
    assert_eq!(rows[0].outcome.as_ref().expect("taken").ratings[0].value, 3.0);
    let back = rows[2].outcome.as_ref().expect_err("purple is unknown");
    assert_eq!(
        back.message,
        "“purple” is not on the scale, which goes from 1 (worst) to 3 (best). In words, “red”, “amber” and “green” are known."
    );
    let error = look(text, &said(&["rating=Faces"])).expect_err("nobody said what the colours mean").to_string();
    assert!(
        error.contains("“Faces” of “feedback.csv” is said to be a rating, but its answers are on no known scale"),
        "{error}"
    );
}

#[test]
fn a_default_fills_what_the_file_does_not_say() {
    let mapping =
        said(&["default.service=Bins,default.at=2026-05-01,default.attr.source=drop-in,default.question=How was it?"]);
    let rows = rows_with("Comment,Rating\nIt was fine,4\nIt was bad,2\n", &mapping);
    let row = rows[1].outcome.as_ref().expect("taken");
    assert_eq!((row.service.as_deref(), row.attributes["source"].as_str()), (Some("Bins"), "drop-in"));
    assert_eq!(row.comments[0].question.as_deref(), Some("How was it?"));
    assert!(row.at.is_some());
}

#[test]
fn a_column_can_be_left_out() {
    let preview = look(TEXT, &said(&["comment=Said,ignore=Age"])).expect("it can be read");
    assert_eq!(target(&preview, "Age"), &Target::Ignore);
    assert_eq!(feedback("Comment,Rating\nIt was fine,4\nIt was bad,2\n")[0].attributes.len(), 0);
}

//! Delimited text and JSON as people really have them.

use commonweal_domain::Channel;
use commonweal_domain::import::{DateOrder, Target};

use crate::help::{feedback, look, preview, problem, reason, refusal, rows, target, texts, warned};

const PLAIN: &str = "Date,Service,Rating,Comment\n\
    2026-05-01,Parking,4,The machine took my card\n\
    2026-05-02,Parking,1,Nobody answered the phone\n";

#[test]
fn a_plain_file_needs_nothing_to_be_said() {
    let preview = preview(PLAIN);
    assert_eq!(preview.format, "Delimited text, plain ASCII text, comma-separated, headings in row 1, 4 columns");
    let targets: Vec<String> = preview.columns.iter().map(|c| c.target.key()).collect();
    assert_eq!(targets, ["at", "service", "rating", "comment"]);
    let all = feedback(PLAIN);
    assert_eq!(all[0].at.expect("it has a date").to_rfc3339(), "2026-04-30T23:00:00+00:00");
    assert_eq!((all[0].ratings[0].value, all[0].ratings[0].worst, all[0].ratings[0].best), (4.0, 1.0, 5.0));
    assert_eq!(texts(&all[1]), ["Nobody answered the phone"]);
    assert_eq!(all[1].comments[0].question, None);
}

#[test]
fn every_usual_delimiter_and_line_end_reads_the_same() {
    let expected = feedback(PLAIN);
    for delimiter in [";", "\t", "|"] {
        for end in ["\n", "\r\n", "\r"] {
            let text = PLAIN.replace(',', delimiter).replace('\n', end);
            assert_eq!(feedback(text), expected, "{delimiter:?} {end:?}");
        }
    }
    let named = format!("sep=;\n{}", PLAIN.replace(',', ";"));
    assert_eq!(feedback(&named), expected);
    assert_eq!(rows(named)[0].row, 3);
}

#[test]
fn every_usual_encoding_reads_the_same() {
    let text = PLAIN
        .replace("card", "carte, s’il vous plaît – 5 €")
        .replace("The machine", "\"The machine")
        .replace("5 €", "5 €\"");
    let expected = feedback(&text);
    assert_eq!(texts(&expected[0]), ["The machine took my carte, s’il vous plaît – 5 €"]);
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode(&text);
    let wide: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = wide.iter().flat_map(|u| u.to_le_bytes()).collect();
    let big: Vec<u8> = [0xFEFF].iter().chain(&wide).flat_map(|u| u.to_be_bytes()).collect();
    let marked = format!("\u{FEFF}{text}");
    for bytes in [windows.as_ref(), &little, &big, marked.as_bytes()] {
        assert_eq!(feedback(bytes), expected);
    }
    let guessed = preview(windows.as_ref());
    assert!(guessed.format.contains("Windows-1252 (Western European) (assumed)"), "{}", guessed.format);
    warned(&guessed, "say the right encoding");
}

#[test]
fn an_encoding_that_is_said_is_used() {
    let (bytes, ..) = encoding_rs::ISO_8859_2.encode("Comment\nDziękuję bardzo za szybką pomoc w urzędzie\n");
    let mapping = commonweal_domain::import::Mapping { encoding: Some("iso-8859-2".into()), ..Default::default() };
    let preview = look(bytes.as_ref(), &mapping).expect("it can be read");
    assert_eq!(texts(preview.rows[0].outcome.as_ref().expect("taken")), ["Dziękuję bardzo za szybką pomoc w urzędzie"]);
}

#[test]
fn quoted_cells_keep_line_ends_and_blank_rows_count() {
    let text = "Comment,Rating\n\"Two\nlines, \"\"quoted\"\"\",4\n\n,\n\"Next\",5\n";
    let all = rows(text);
    assert_eq!(all.iter().map(|r| r.row).collect::<Vec<_>>(), [2, 5]);
    assert_eq!(texts(all[0].outcome.as_ref().expect("taken")), ["Two\nlines, \"quoted\""]);
}

#[test]
fn headings_below_a_title_are_found() {
    let text = "Feedback of May,,,\n\nPrinted on,3 May,,\nDate,Service,Rating,Comment\n2026-05-01,Parking,4,It was fine\n2026-05-02,Parking,4,It was good\n";
    let preview = preview(text);
    assert!(preview.format.contains("headings in row 4"), "{}", preview.format);
    assert_eq!(preview.rows[0].row, 5);
}

#[test]
fn a_short_row_is_filled_up_and_a_long_one_sent_back() {
    let text = "Date,Comment,Rating\n2026-05-01,Fine\n2026-05-02,Too slow, really,2\n2026-05-03,Good,5\n";
    let (row, column, message) = problem(text);
    assert_eq!((row, column), (3, None));
    assert_eq!(
        message,
        "The row has 4 cells where there are 3 headings; “2” is beyond the last. Perhaps a text with a delimiter in it has no \
         quotes."
    );
    assert!(rows(text)[0].outcome.is_ok());
    warned(&preview(text), "1 of the 3 rows looked at have fewer cells");
}

#[test]
fn several_comments_and_ratings_in_a_row_are_kept_apart() {
    let text = "Submitted,Overall satisfaction,Cleanliness,What was good?,What could we do better?\n\
        01/05/2026 10:00,5,4,The staff were very kind,More seats in the waiting room\n\
        13/05/2026 11:30,2,5,,Answer the phone please\n";
    let all = feedback(text);
    let questions: Vec<_> = all[0].comments.iter().map(|c| c.question.as_deref()).collect();
    assert_eq!(questions, [Some("What was good?"), Some("What could we do better?")]);
    assert_eq!(all[1].comments.len(), 1);
    let names: Vec<&str> = all[0].ratings.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["overall", "cleanliness"]);
}

#[test]
fn words_are_read_as_ratings_and_dont_know_as_none() {
    let text = "Comment,Satisfaction\nGood help from all of you,Very satisfied\nIt took far too long,Fairly dissatisfied\nIt is all right,Don't know\n";
    let all = feedback(text);
    assert_eq!((all[0].ratings[0].value, all[1].ratings[0].value), (5.0, 2.0));
    assert!(all[2].ratings.is_empty());
    warned(&preview(text), "a scale from 1 (worst) to 5 (best), because the answers run from “very dissatisfied”");
}

#[test]
fn the_order_of_day_and_month_is_decided_by_the_whole_column() {
    let us = "Date,Comment\n01/02/2026,Good help\n01/31/2026,Bad help\n";
    let found = preview(us);
    assert_eq!(found.mapping.dates, Some(DateOrder::MonthFirst));
    assert_eq!(feedback(us)[0].at.expect("dated").to_rfc3339(), "2026-01-02T00:00:00+00:00");
    let unclear = preview("Date,Comment\n01/02/2026,Good help\n03/04/2026,Bad help\n");
    assert_eq!(unclear.mapping.dates, None);
    warned(&unclear, "can be read day first or month first");
}

#[test]
fn an_impossible_date_names_place_and_reason() {
    let text = "Date,Comment\n31/01/2026,Good help\n31/02/2026,Bad help\n";
    assert_eq!(
        problem(text),
        (
            3,
            Some("Date".to_owned()),
            "“31/02/2026” is not a date: February 2026 has 28 days. Dates here are written day first, for example 31/12/2024."
                .to_owned()
        )
    );
    let (.., year_first) = problem("Date,Comment\n2026-01-31,Good help\n2026-02-31,Bad help\n");
    assert!(year_first.ends_with("Dates here are written year first, for example 2024-12-31."), "{year_first}");
    let (.., future) = problem("Date,Comment\n31/01/2026,Good help\n24/11/2026,Bad help\n");
    assert_eq!(future, "“24/11/2026” lies in the future. The latest that is allowed is 23 November 2026.");
    let (.., past) = problem("Date,Comment\n31/01/2026,Good help\n31/12/1899,Bad help\n");
    assert!(past.contains("before 1900"), "{past}");
}

#[test]
fn a_row_without_words_and_rating_is_sent_back_as_it_was() {
    let all = rows("Date,Comment\n2026-01-01,Good\n2026-01-02,n/a\n");
    let back = all[1].outcome.as_ref().expect_err("it says nothing");
    assert_eq!(back.message, "The row has neither words nor a rating.");
    assert_eq!(all[1].cells, ["2026-01-02", "n/a"]);
    assert!(all[0].cells.is_empty());
}

#[test]
fn limits_are_held_per_row_with_sentences() {
    let long = "x ".repeat(51_000);
    let (_, column, message) = problem(format!("Comment,Rating\n{long},3\nIt was fine,4\n"));
    assert_eq!(column.as_deref(), Some("Comment"));
    assert_eq!(message, "The comment has 101,999 bytes; at most 100,000 are allowed.");
    let many = (0..40).map(|n| format!("Number {n} was not bad,{}\n", n % 5 + 1)).collect::<String>();
    let (row, column, message) = problem(format!("Comment,Satisfaction\n{many}It was odd,11\n"));
    assert_eq!((row, column.as_deref()), (42, Some("Satisfaction")));
    assert_eq!(message, "“11” is not on the scale, which goes from 1 (worst) to 5 (best).");
}

#[test]
fn channels_pages_languages_and_areas_take_one_form() {
    let text = "Comment,Source,Page URL,Language,Ward\n\
        It was fine,E-mail,https://x.example/apply?name=ann#top,English,  North \u{a0} End \n\
        It was bad,Pigeon,/pay,cy-gb,South\n";
    let all = feedback(text);
    assert_eq!((all[0].channel, all[1].channel), (Channel::Email, Channel::Other));
    assert_eq!(all[0].page.as_deref(), Some("https://x.example/apply"));
    assert_eq!((all[0].language.as_deref(), all[1].language.as_deref()), (Some("en"), Some("cy-GB")));
    assert_eq!(all[0].area.as_deref(), Some("North End"));
    warned(&preview(text), "“Source” names channels that are not known and are taken as “other”: “Pigeon”");
}

#[test]
fn what_may_say_who_somebody_is_is_left_out() {
    let found = preview(
        "Name,Email,Postcode,Comment\nAnn,ann@x.example,SW1A 1AA,It was fine\nBob,bob@x.example,NE3 3PL,It was bad\n",
    );
    for heading in ["Name", "Email", "Postcode"] {
        assert_eq!(target(&found, heading), &Target::Ignore);
        assert_eq!(reason(&found, heading), "may say who somebody is");
    }
    warned(&found, "“Name”, “Email” and “Postcode”");
}

#[test]
fn a_number_that_only_counts_the_rows_is_no_id() {
    let found = preview("Row,Comment\n1,It was fine\n2,It was bad\n3,It was odd\n");
    assert_eq!(target(&found, "Row"), &Target::Ignore);
    let found = preview("Reference,Comment\nA-17,It was fine\nA-18,It was bad\nA-19,It was odd\n");
    assert_eq!(target(&found, "Reference"), &Target::Id);
}

#[test]
fn equal_rows_have_equal_hashes_whatever_else_is_in_them() {
    let a = rows("Comment,Rating,Email\nIt was fine,4,a@x.example\nIt was bad,4,b@x.example\n");
    let b = rows("Email,Rating,Comment\nc@x.example,4,It was fine\nd@x.example,5,It was bad\n");
    assert_eq!(a[0].content_hash, b[0].content_hash);
    assert_ne!(a[1].content_hash, b[1].content_hash);
    assert_ne!(a[0].content_hash, a[1].content_hash);
}

#[test]
fn a_file_without_headings_is_read_from_its_first_row() {
    let found = preview("2026-05-01,4,The machine took my card\n2026-05-02,2,Nobody answered the phone\n");
    warned(&found, "The file has no headings");
    assert_eq!(found.rows.len(), 2);
    assert_eq!(target(&found, "Column A"), &Target::At);
    assert_eq!(target(&found, "Column C"), &Target::Comment);
}

#[test]
fn the_three_rows_of_headings_of_a_survey_tool_are_read_the_same_when_said() {
    let text = "StartDate,Q1,Q2\nStart Date,How satisfied are you?,What could we do better?\n\
        \"{\"\"ImportId\"\":\"\"startDate\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\",\"{\"\"ImportId\"\":\"\"QID2\"\"}\"\n\
        2026-05-01 10:00:00,4,More staff please\n2026-05-02 10:00:00,2,It was not easy to find\n";
    let found = preview(text);
    assert_eq!(found.mapping.header_row, Some(1));
    assert_eq!((found.mapping.delimiter, found.mapping.encoding.as_deref()), (Some(','), Some("UTF-8")));
    let all = feedback(text);
    assert_eq!((all.len(), all[0].comments[0].question.as_deref()), (2, Some("What could we do better?")));
    assert_eq!(look(text, &found.mapping).expect("it is read again").rows, found.rows);
}

#[test]
fn a_column_whose_heading_comes_twice_gets_a_number() {
    let found = preview("Comment,Comment,Date\nGood help,Bad chairs,2026-05-01\nKind staff,Cold room,2026-05-02\n");
    warned(&found, "“Comment (2)”");
    assert_eq!(found.rows[0].outcome.as_ref().expect("taken").comments.len(), 2);
}

#[test]
fn bytes_that_are_not_of_the_encoding_only_cost_their_row() {
    let mut bytes = "Comment,Rating\n".to_owned().into_bytes();
    for n in 0..30 {
        bytes.extend(format!("Zoë was kind – number {n},4\n").bytes());
    }
    bytes.extend(b"The caf\xE9 was closed,2\n");
    let (row, column, message) = problem(&bytes);
    assert_eq!((row, column.as_deref()), (32, Some("Comment")));
    assert!(message.contains("“The caf\u{FFFD} was closed” has bytes that are not valid"), "{message}");
    warned(&preview(&bytes), "0xE9 on line 32");
    let (row, ..) = problem("Comment,Rating\nIt was\0 fine,4\nIt was bad,3\n");
    assert_eq!(row, 2);
}

#[test]
fn objects_as_json_are_read_too() {
    let lines = "{\"comment\": \"It was fine\", \"rating\": 4, \"created_at\": \"2026-05-01T10:00:00Z\"}\n\
        {\"comment\": \"It was bad\", \"rating\": 1, \"created_at\": \"2026-05-02T10:00:00Z\"}\n";
    let all = feedback(lines);
    assert_eq!((texts(&all[0]), all[0].ratings[0].value), (vec!["It was fine"], 4.0));
    assert_eq!(feedback(format!("[{}]", lines.trim().replace('\n', ","))), all);
    assert!(preview(lines).format.starts_with("JSON"));
}

#[test]
fn a_table_of_counts_is_said_to_be_none_of_feedback() {
    let text = "month,area,reports,users\n2026-01,North,17,9\n2026-02,North,21,10\n2026-03,South,33,12\n";
    let found = preview(text);
    assert!(found.warnings[0].starts_with("Nothing in “feedback.csv” looks like feedback"), "{:?}", found.warnings);
    assert!(found.warnings[0].contains("table of counts or other figures (“reports” and “users”)"));
    let file = crate::help::file(text.as_bytes());
    let error = crate::help::rows_at(file.path(), &Default::default()).expect_err("there is nothing to take in");
    assert!(error.to_string().contains("Its headings are “month”, “area”, “reports” and “users”"), "{error}");
}

#[test]
fn headings_without_rows_are_said() {
    assert_eq!(refusal("Date,Comment\n"), "“feedback.csv” has headings (“Date” and “Comment”) but no rows below them.");
}

use super::*;

const LONDON: Tz = chrono_tz::Europe::London;

fn read(text: &str, order: DateOrder) -> Result<String, NotADate> {
    let instant = written(text)?.resolve(order, false, LONDON)?;
    Ok(instant.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string())
}

#[test]
fn dates_are_read_as_people_and_programs_write_them() {
    let winter = "2024-01-05T00:00:00Z";
    for text in [
        "2024-01-05",
        "2024/1/5",
        "2024.01.05",
        "20240105",
        "05/01/2024",
        "5/1/24",
        "05.01.2024",
        "05-01-2024",
        "5 January 2024",
        "5th January 2024",
        "5th of January, 2024",
        "5 Jan 24",
        "05-Jan-2024",
        "05-JAN-24",
        "January 5, 2024",
        "Jan 5th 2024",
        "Friday, 5 January 2024",
        "Fri 05 Jan 2024",
        "2024-Jan-05",
        "45296",
        "45296.0",
        "2024-01-05T00:00:00Z",
        "2024-01-05 00:00:00+00:00",
        "1704412800",
        "1704412800000",
    ] {
        assert_eq!(read(text, DateOrder::DayFirst).as_deref(), Ok(winter), "{text}");
    }
    assert_eq!(read("2024-01", DateOrder::DayFirst).as_deref(), Ok("2024-01-01T00:00:00Z"));
    assert_eq!(read("March 2024", DateOrder::DayFirst).as_deref(), Ok("2024-03-01T00:00:00Z"));
}

#[test]
fn times_are_local_unless_they_say_otherwise() {
    let expect = |text: &str, instant: &str| {
        assert_eq!(read(text, DateOrder::DayFirst).as_deref(), Ok(instant), "{text}");
    };
    expect("2024-07-01 09:30", "2024-07-01T08:30:00Z");
    expect("2024-07-01T09:30:15.250", "2024-07-01T08:30:15.250Z");
    expect("2024-07-01T09:30:15.250Z", "2024-07-01T09:30:15.250Z");
    expect("2024-07-01T09:30:00-0400", "2024-07-01T13:30:00Z");
    expect("2024-07-01T09:30:00 +05:30", "2024-07-01T04:00:00Z");
    expect("1/7/2024 9:30 pm", "2024-07-01T20:30:00Z");
    expect("1/7/2024 9:30\u{202f}PM", "2024-07-01T20:30:00Z");
    expect("01/07/2024 12:00:00 AM", "2024-06-30T23:00:00Z");
    expect("1 July 2024 at 9.30am", "2024-07-01T08:30:00Z");
    expect("Mon, 1 Jul 2024 09:30:00 GMT", "2024-07-01T09:30:00Z");
    expect("45474.5", "2024-07-01T11:00:00Z");
}

#[test]
fn the_clocks_going_forward_and_back_lose_no_date() {
    assert_eq!(read("2024-03-31 01:30", DateOrder::DayFirst).as_deref(), Ok("2024-03-31T01:30:00Z"));
    assert_eq!(read("2024-10-27 01:30", DateOrder::DayFirst).as_deref(), Ok("2024-10-27T00:30:00Z"));
}

#[test]
fn the_order_of_day_and_month_is_as_said() {
    assert_eq!(read("03/04/2024", DateOrder::DayFirst).as_deref(), Ok("2024-04-02T23:00:00Z"));
    assert_eq!(read("03/04/2024", DateOrder::MonthFirst).as_deref(), Ok("2024-03-04T00:00:00Z"));
    let fits = |text: &str| written(text).expect("a date").fits(text);
    assert_eq!(fits("03/04/2024"), Fits::Both);
    assert_eq!(fits("13/04/2024"), Fits::DayFirst);
    assert_eq!(fits("04/13/2024"), Fits::MonthFirst);
    assert_eq!(fits("04/04/2024"), Fits::Any);
    assert_eq!(fits("31/02/2024"), Fits::Neither);
    assert_eq!(fits("2024-01-05"), Fits::YearFirst);
}

#[test]
fn a_mixed_column_reads_what_only_fits_the_other_way() {
    let date = written("9/30/2022").expect("a date");
    assert!(date.resolve(DateOrder::DayFirst, false, LONDON).is_err());
    assert!(date.resolve(DateOrder::DayFirst, true, LONDON).is_ok());
    assert!(written("31/02/2022").expect("a date").resolve(DateOrder::DayFirst, true, LONDON).is_err());
}

#[test]
fn an_impossible_date_says_why() {
    let why = |text: &str| match read(text, DateOrder::DayFirst) {
        Err(NotADate::Impossible(why)) => why,
        other => panic!("{text} was read as {other:?}"),
    };
    assert_eq!(why("31/02/2024"), "February 2024 has 29 days");
    assert_eq!(why("2023-02-29"), "February 2023 has 28 days");
    assert_eq!(why("01/14/2024"), "there is no month 14");
    assert_eq!(why("01/01/2024 25:00"), "there is no time 25:00:00");
}

#[test]
fn what_is_no_date_is_not_taken_for_one() {
    for text in [
        "",
        "5",
        "123",
        "NEAS 111 1014",
        "12 Main Street",
        "see 5 May",
        "1.5",
        "07700 900123",
        "12:30",
        "may 5",
        "１２",
    ] {
        assert_eq!(read(text, DateOrder::DayFirst), Err(NotADate::Other), "{text}");
    }
}

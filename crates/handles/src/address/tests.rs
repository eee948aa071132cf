//! Tests of addresses: what is taken out of them, and what makes two of them the same.

use super::*;
use Country::{Es, Gb, Ie, Us};

/// Lines, town, region and postcode in one text that is easy to read.
fn parts(text: &str, country: Country) -> String {
    let address = address(text, country).unwrap_or_else(|problem| panic!("{text:?}: {problem}"));
    let or_none = |part: Option<&str>| part.unwrap_or("–").to_owned();
    let code = or_none(address.postcode().map(Postcode::normal));
    format!("{} | {} | {} | {code}", address.lines().join(" / "), or_none(address.town()), or_none(address.region()))
}

fn same(country: Country, wanted: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(address(text, country).expect("an address").normal(), wanted, "{text:?}");
    }
}

#[test]
fn british_addresses_fall_into_their_parts() {
    for (text, wanted) in [
        ("12 High Street, Anytown, ZX4 7QT", "12 High Street | Anytown | – | ZX4 7QT"),
        ("12 High Street\nAnytown\nzx47qt\n", "12 High Street | Anytown | – | ZX4 7QT"),
        ("12, High Street,,\r\n Anytown  ZX4 7QT.", "12 High Street | Anytown | – | ZX4 7QT"),
        ("Flat 3, 12 High Street, Anytown ZX47QT, UK", "Flat 3 / 12 High Street | Anytown | – | ZX4 7QT"),
        (
            "12-14 McAllister Close, Little Anytown, Anytown, Kent, ZX4 7QT",
            "12-14 McAllister Close / Little Anytown | Anytown | Kent | ZX4 7QT",
        ),
        ("1 The Green, Anytown, Co. Durham, ZX4 7QT, England", "1 The Green | Anytown | Co. Durham | ZX4 7QT"),
        ("12 High Street, Anytown ZX4 7QT United Kingdom", "12 High Street | Anytown | – | ZX4 7QT"),
        ("1 Quay Street, Cornwall, ZX4 7QT", "1 Quay Street | Cornwall | – | ZX4 7QT"),
        ("12 High Street, Anytown", "12 High Street | Anytown | – | –"),
        ("12 High Street", "12 High Street | – | – | –"),
        ("12 High Street ZX4 7QT", "12 High Street | – | – | ZX4 7QT"),
        ("Sgt A Lee, BFPO 801", "Sgt A Lee | – | – | BFPO 801"),
        ("12 rhodfa’r môr, Anytown, ZX4 7QT", "12 rhodfa’r môr | Anytown | – | ZX4 7QT"),
        ("12 Little England, Anytown", "12 Little England | Anytown | – | –"),
        ("Anytown, 5 Gates Wales", "Anytown | 5 Gates Wales | – | –"),
    ] {
        assert_eq!(parts(text, Gb), wanted, "{text:?}");
    }
}

#[test]
fn american_addresses_fall_into_their_parts() {
    for (text, wanted) in [
        ("12 Main St Apt 4, Springfield, IL 62704", "12 Main St Apt 4 | Springfield | IL | 62704"),
        ("12 Main St\nSpringfield IL 62704-1234\nUSA", "12 Main St | Springfield | IL | 62704-1234"),
        ("12 Main St, New York, New York 10001", "12 Main St | New York | New York | 10001"),
        ("12 Main St, New York, NY, 10001", "12 Main St | New York | NY | 10001"),
        ("12 Main St, New York 10001", "12 Main St | New York | – | 10001"),
        ("12 Main St Springfield IL 62704", "12 Main St Springfield | – | IL | 62704"),
        ("12345 Main St, Springfield, IL", "12345 Main St | Springfield | IL | –"),
        ("100 Highway 12345", "100 Highway 12345 | – | – | –"),
        ("Springfield, PO Box 12345", "Springfield | PO Box 12345 | – | –"),
    ] {
        assert_eq!(parts(text, Us), wanted, "{text:?}");
    }
}

#[test]
fn addresses_of_ireland_and_spain_give_up_their_postcodes() {
    assert_eq!(
        parts("1 Main Street, Anytown, Co. Cork, A65 F4E2", Ie),
        "1 Main Street | Anytown | Co. Cork | A65 F4E2"
    );
    assert_eq!(parts("1 Main Street, Dublin 2, d02x285, Ireland", Ie), "1 Main Street | Dublin 2 | – | D02 X285");
    assert_eq!(parts("Calle Mayor 1, 28001 Madrid, España", Es), "Calle Mayor 1 | Madrid | – | 28001");
    assert_eq!(parts("Calle Mayor, 1, Madrid 28001", Es), "Calle Mayor 1 | Madrid | – | 28001");
}

#[test]
fn lines_and_one_text_are_the_same_address() {
    let text = address("Flat 3, 12 High Street, Anytown, ZX4 7QT", Gb).expect("an address");
    assert_eq!(address_lines(["Flat 3", "12 High Street", "", "Anytown", "ZX4 7QT"], Gb), Ok(text.clone()));
    assert_eq!(address_lines(vec!["Flat 3, 12 High Street".to_owned(), "Anytown ZX4 7QT".to_owned()], Gb), Ok(text));
}

#[test]
fn usual_ways_of_writing_one_british_address_are_the_same() {
    same(
        Gb,
        "flat 3a 12 high st anytown zx4 7qt",
        &[
            "Flat 3a, 12 High Street, Anytown, ZX4 7QT",
            "FLAT 3A\n12 HIGH ST.\nANYTOWN\nZX4 7QT",
            "Apartment 3A, 12 High Str, Anytown, Kent, ZX47QT",
            "Unit No. 3a, No 12 High Street, Anytown ZX4 7QT, UK",
            "12 High Street Flat 03A, Anytown, zx4 7qt",
        ],
    );
    same(
        Gb,
        "1 st johns ct anytown",
        &[
            "1 St. John's Court, Anytown",
            "1 Saint John’s Ct, Anytown",
            "No. 1, St Johns Crt, ANYTOWN",
            "1 ST JOHNS COURT,ANYTOWN",
        ],
    );
    same(Gb, "2 marks and sons yard anytown", &["2 Marks & Sons Yard, Anytown", "2 Marks and Sons Yard, Anytown"]);
    same(Gb, "1 rhodfar mor anytown", &["1 Rhodfa’r Môr, Anytown", "1 Rhodfa'r Mor, Anytown"]);
    same(Gb, "po box 12 anytown", &["P.O. Box 12, Anytown", "PO Box 12, Anytown"]);
    same(Gb, "top flat 12 high st anytown", &["Top Flat, 12 High Street, Anytown"]);
}

#[test]
fn usual_ways_of_writing_one_american_address_are_the_same() {
    same(
        Us,
        "flat 4 12 n main st springfield 62704",
        &[
            "12 North Main Street, Apt 4, Springfield, IL 62704",
            "12 N. Main St #4, Springfield, Illinois, 62704",
            "12 N MAIN ST APT # 4\nSPRINGFIELD IL 62704",
        ],
    );
}

#[test]
fn different_addresses_stay_different() {
    for (one, other) in [
        ("12 High Street, Anytown", "12 High Road, Anytown"),
        ("Flat 3, 12 High Street, Anytown", "3, 12 High Street, Anytown"),
        ("Flat 1, 2 High Street, Anytown", "Flat 2, 1 High Street, Anytown"),
        ("12 High Street, Anytown", "12a High Street, Anytown"),
        ("12 North Street, Anytown", "12 N Street, Anytown"),
    ] {
        assert_ne!(
            address(one, Gb).expect("an address").normal(),
            address(other, Gb).expect("an address").normal(),
            "{one:?}, {other:?}"
        );
    }
    let address = address("Flat 3, 12 High Street, Anytown, ZX4 7QT", Gb).expect("an address");
    assert_eq!(address.normal_street(), "flat 3 12 high st");
}

#[test]
fn what_is_no_address_is_refused() {
    for text in ["", " \n ,, \r\n", "-", "…"] {
        assert_eq!(address(text, Gb), Err(Problem::AddressEmpty), "{text:?}");
    }
    for text in ["n/a", "None", "No fixed abode", "unknown, unknown", "N.F.A."] {
        assert!(matches!(address(text, Gb), Err(Problem::AddressPlaceholder)), "{text:?}");
    }
    for text in ["ZX4 7QT", "ZX4 7QT, UK"] {
        assert_eq!(address(text, Gb), Err(Problem::AddressStreetless), "{text:?}");
    }
    assert_eq!(address(&"a, ".repeat(13), Gb), Err(Problem::AddressTooLong));
    assert_eq!(address(&"a".repeat(501), Gb), Err(Problem::AddressTooLong));
    assert_eq!(address_lines(std::iter::empty::<&str>(), Gb), Err(Problem::AddressEmpty));
}

#[test]
fn debugging_shows_no_address() {
    assert_eq!(format!("{:?}", address("12 High Street", Gb)), "Ok(Address(…))");
}

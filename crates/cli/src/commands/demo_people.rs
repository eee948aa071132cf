//! People for the demonstration: made, not real. They show what there is to see: one person in three systems, twins who stay
//! two, a pair that somebody has to decide, needs.

use anyhow::Result;
use commonweal_app::App;
use commonweal_app::people::{HandleTold, PersonTold};
use commonweal_domain::{Actor, Details, HandleKind, Need};

/// One record: source, key, given names, surname, date of birth, address, postcode, email, phone, needs.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [Need],
);

/// Names are invented; the postcode is none that is used, the numbers are those that are kept free for drama.
const PEOPLE: &[Row] = &[
    (
        "Sample clinic",
        "C-1001",
        "Maureen",
        "Addy",
        "1955-03-07",
        "14 Larch Court",
        "ZX4 7QT",
        "m.addy@example.org",
        "01632 960417",
        &[Need::LargePrint],
    ),
    ("Sample transport", "T-88", "Maureen", "Addy", "1955-03-07", "14 Larch Court", "ZX4 7QT", "", "01632 960417", &[]),
    ("Sample complaints", "2026-17", "Mo", "Addy", "1955-03-07", "", "ZX4 7QT", "m.addy@example.org", "", &[]),
    ("Sample clinic", "C-1002", "Maureen", "Addey", "1955-07-03", "", "", "", "07700 900382", &[]),
    (
        "Sample clinic",
        "C-1003",
        "Rhys",
        "Penfold",
        "1988-11-21",
        "2 Mill Lane",
        "ZX4 1AB",
        "penfold@example.org",
        "07700 900118",
        &[],
    ),
    (
        "Sample clinic",
        "C-1004",
        "Owain",
        "Penfold",
        "1988-11-21",
        "2 Mill Lane",
        "ZX4 1AB",
        "penfold@example.org",
        "07700 900118",
        &[],
    ),
    (
        "Sample transport",
        "T-91",
        "Siân",
        "O’Hara-Wells",
        "1941-01-30",
        "Flat 3, 9 Quay Street",
        "ZX2 9LL",
        "",
        "01632 960555",
        &[Need::Interpreter, Need::Bsl],
    ),
    ("Sample complaints", "2026-21", "Sian", "O'Hara Wells", "", "Flat 3, 9 Quay Street", "ZX2 9LL", "", "", &[]),
];

/// Tells of them, once: told again, nothing is new.
pub(super) async fn tell(app: &App) -> Result<()> {
    for (source, key, given, surname, born, address, postcode, email, phone, needs) in PEOPLE {
        let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        let details = Details {
            given_names: text(given),
            surname: text(surname),
            birth_date: born.parse().ok(),
            address: text(address).into_iter().collect(),
            postcode: text(postcode),
            needs: needs.to_vec(),
            ..Details::default()
        };
        let handles = [(HandleKind::Email, email), (HandleKind::Phone, phone)];
        let handles = handles.into_iter().filter(|(_, text)| !text.is_empty());
        let handles = handles.map(|(kind, text)| HandleTold::new(kind, *text)).collect();
        let told = PersonTold { key: (*key).to_owned(), details, handles };
        app.tell_of_people(&Actor::Operator, source, &[told]).await?;
    }
    Ok(())
}

//! People for the demonstration: made, not real. They show what there is to see: one person in three systems, twins who stay
//! two, a pair that somebody has to decide, needs, topics to which some agreed, a hold.

use anyhow::Result;
use commonweal_app::App;
use commonweal_app::people::{ConsentTold, HandleTold, PersonTold, Seeing, StandingTold};
use commonweal_domain::consent::time_of_day;
use commonweal_domain::{
    Actor, Channel, Details, Duty, HandleKind, HoldReason, HoldTerms, Lane, Need, PersonId, Quiet, TopicInput,
    TopicWords, Wish,
};

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
    let mut told_of = Vec::new();
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
        let kept = app.tell_of_people(&Actor::Operator, source, &[told]).await?;
        told_of.push((*key, kept[0].person));
    }
    let person = |key: &str| told_of.iter().find(|(of, _)| *of == key).map(|(_, person)| *person);
    standing(app, person).await
}

/// Topics in English and Welsh, with what people are told.
const TOPICS: [(&str, &str, &str, &str, Lane); 3] = [
    (
        "Your neighbourhood",
        "Works, closures and events near you, about once a month.",
        "Eich cymdogaeth",
        "Gwaith, cau ffyrdd a digwyddiadau yn eich ardal, tua unwaith y mis.",
        Lane::News,
    ),
    (
        "Clinics and vaccinations",
        "New clinics and times, four times a year at most.",
        "Clinigau a brechiadau",
        "Clinigau ac amseroedd newydd, pedair gwaith y flwyddyn ar y mwyaf.",
        Lane::News,
    ),
    (
        "Have your say",
        "Surveys and consultations about services that you use, at most four a year.",
        "Dweud eich dweud",
        "Arolygon ac ymgynghoriadau am wasanaethau rydych yn eu defnyddio, pedwar y flwyddyn ar y mwyaf.",
        Lane::Engagement,
    ),
];

/// Topics, what some agreed to and want, and a hold; once.
async fn standing(app: &App, person: impl Fn(&str) -> Option<PersonId>) -> Result<()> {
    let actor = &Actor::Operator;
    if !app.topics(actor).await?.is_empty() {
        return Ok(());
    }
    let mut keys = Vec::new();
    for (name, description, name_cy, description_cy, lane) in TOPICS {
        let words = |name: &str, description: &str| TopicWords { name: name.into(), description: description.into() };
        let (english, welsh) = (words(name, description), words(name_cy, description_cy));
        keys.push(app.add_topic(actor, TopicInput { english, welsh, lane: Some(lane) }).await?.key);
    }
    let said = |topic: usize, channel, agreed| ConsentTold {
        topic: keys[topic].clone(),
        channel,
        agreed,
        at: None,
        how: "card at the desk".into(),
        wording: String::new(),
    };
    let quiet = time_of_day("20:00").zip(time_of_day("09:00")).map(|(from, to)| Quiet { from, to });
    let told = [
        (
            "C-1001",
            vec![said(0, Channel::Letter, true), said(2, Channel::Phone, true), said(1, Channel::Email, false)],
            vec![Wish::Channel(Some(Channel::Letter)), Wish::Quiet(quiet)],
        ),
        ("C-1003", vec![said(0, Channel::Email, true)], vec![]),
        ("T-91", vec![said(2, Channel::Letter, true)], vec![Wish::Language(Some("cy".into()))]),
    ];
    for (key, consents, wishes) in told {
        let Some(of) = person(key) else { continue };
        let source = Some("Sample clinic".to_owned());
        app.tell_standing(actor, of, StandingTold { source, consents, wishes, ..StandingTold::default() }).await?;
    }
    let owner = app.users(actor).await?.into_iter().find(|u| u.grants.iter().any(|g| g.duty == Duty::Caseworker));
    if let (Some(of), Some(owner)) = (person("C-1001"), owner)
        && let Seeing::Open(_) = app.person(actor, of).await?
    {
        let terms = HoldTerms {
            lanes: vec![Lane::Engagement, Lane::News],
            reason: HoldReason::Complaint,
            note: "Her complaint 2026-17 is not answered yet.".into(),
            begins: app.now(),
            ends: None,
            owner: owner.id,
        };
        app.put_hold(actor, of, terms).await?;
    }
    Ok(())
}

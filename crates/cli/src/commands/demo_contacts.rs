//! What one of the made-up people of the demonstration had to do with the body: written by us, not said by anybody.

use anyhow::Result;
use commonweal_app::App;
use commonweal_domain::{
    Actor, Capacity, Channel, Direction, Function, KnownAs, NewComment, NewContact, NewFeedback, Rating,
};

/// When (within the time of the sample data), by which channel, which rating of 5, and the words.
const SAID: &[(&str, Channel, Option<f64>, &str)] = &[
    ("2022-02-10", Channel::Phone, Some(5.0), "They listened, and the lift to the clinic came on time."),
    ("2022-04-05", Channel::Web, Some(4.0), "Fine in the end, a bit of a wait at the desk."),
    (
        "2022-07-18",
        Channel::Email,
        None,
        "I am very unhappy: I was not told that the appointment had moved, and nobody rang.",
    ),
    ("2022-08-20", Channel::Sms, Some(1.0), "Nobody rang about the new date. This is the third time I have asked."),
];

/// When, by which channel, which way, for which function.
const TOUCHED: &[(&str, Channel, Direction, Function)] = &[
    ("2022-03-01", Channel::Letter, Direction::Out, Function::Inform),
    ("2022-05-16", Channel::Event, Direction::In, Function::Engage),
    ("2022-07-01", Channel::Letter, Direction::Out, Function::Inform),
    ("2022-07-19", Channel::Email, Direction::Out, Function::Serve),
    ("2022-08-21", Channel::Phone, Direction::In, Function::Serve),
];

/// Takes them in, once: handed in again, nothing is new.
pub(super) async fn take(app: &App) -> Result<()> {
    let person = || Some(KnownAs { source: "Sample clinic".to_owned(), key: "C-1001".to_owned() });
    let at = |day: &str| format!("{day}T10:00:00Z").parse().ok();
    let said = SAID.iter().enumerate().map(|(n, (day, channel, rating, words))| NewFeedback {
        source_id: Some(format!("made-up-{n}")),
        at: at(day),
        channel: *channel,
        ratings: rating
            .map(|value| Rating { name: "overall".to_owned(), value, worst: 1.0, best: 5.0 })
            .into_iter()
            .collect(),
        comments: vec![NewComment { question: None, text: (*words).to_owned() }],
        person: person(),
        ..NewFeedback::default()
    });
    app.submit(&Actor::Operator, "console", said.collect(), None).await?;
    let touched = TOUCHED.iter().enumerate().map(|(n, (day, channel, direction, function))| NewContact {
        source_id: Some(format!("made-up-{n}")),
        at: at(day),
        service: None,
        touchpoint: None,
        channel: *channel,
        direction: *direction,
        function: *function,
        capacity: Capacity::Customer,
        person: person(),
    });
    app.record_contacts(&Actor::Operator, touched.collect(), None).await?;
    Ok(())
}

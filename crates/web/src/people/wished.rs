//! What somebody agrees to and wants, as a form: the same on the page of the public and where a colleague writes it down.

use chrono::{Days, LocalResult, NaiveDate, NaiveTime, TimeZone as _};
use chrono_tz::Tz;
use commonweal_domain::consent::time_of_day;
use commonweal_domain::topic::CHANNELS;
use commonweal_domain::{Channel, FieldErrors, Instant, Need, Pause, Quiet, Standing, Topic, Wish};

use crate::l10n::Say;
use crate::ui::components::{Choice, Choices, Input, Legend};
use crate::ui::form::{Errors, Fields};
use crate::ui::public::known;

/// How an installation speaks to people: more than these a body says by their codes.
const LANGUAGES: [&str; 2] = ["en", "cy"];

/// How somebody wants to be written to.
pub(super) struct WishFields {
    pub(super) language: Choices,
    pub(super) needs: Choices,
    pub(super) channel: Choices,
    pub(super) quiet_from: Input,
    pub(super) quiet_to: Input,
    pub(super) pause: Choices,
    pub(super) pause_until: Input,
}

/// The name of a language, where it has one here.
pub(super) fn language_name(code: &str, say: Say) -> String {
    match code {
        "en" => say.t("own-language-en"),
        "cy" => say.t("own-language-cy"),
        other => other.to_owned(),
    }
}

/// The boxes of one topic.
pub(super) fn boxes(topic: &Topic, now: &Standing, sent: Option<&Fields>, say: Say) -> Choices {
    let name = format!("topic-{}", topic.key);
    let words = topic.words(known(say.language));
    let items = CHANNELS.iter().map(|channel| {
        let checked = match sent {
            Some(sent) => sent.all(&name).any(|value| value == channel.key()),
            None => now.agrees(&topic.key, *channel),
        };
        Choice::new(channel.key(), say.name(*channel).as_str()).checked(checked)
    });
    Choices::checkboxes(name.as_str(), Legend::from(words.name.as_str()).classes("govuk-fieldset__legend--s"))
        .hint(words.description.as_str())
        .items(items)
}

/// Of each topic and channel, whether it is ticked. Topics that did not stand in the form are left out.
pub(super) fn ticked(sent: &Fields, topics: &[Topic]) -> Vec<(String, Channel, bool)> {
    let of = |topic: &Topic| {
        let name = format!("topic-{}", topic.key);
        let on: Vec<String> = sent.all(&name).map(str::to_owned).collect();
        let key = topic.key.clone();
        CHANNELS.map(|channel| (key.clone(), channel, on.iter().any(|value| value == channel.key())))
    };
    let shown: Vec<&str> = sent.all("shown").collect();
    topics.iter().filter(|topic| shown.contains(&topic.key.as_str())).flat_map(of).collect()
}

/// The fields as they stand now, or as they were sent.
pub(super) fn fields(now: &Standing, sent: Option<&Fields>, zone: Tz, say: Say, errors: &Errors) -> WishFields {
    let text = |name: &str, kept: String| sent.map_or(kept, |sent| sent.get(name).to_owned());
    let legend = |words: String| Legend::from(words.as_str()).classes("govuk-fieldset__legend--s");
    let language = text("language", now.language.as_ref().map_or_else(String::new, |said| said.value.clone()));
    let mut codes: Vec<&str> = LANGUAGES.to_vec();
    if !language.is_empty() && !codes.contains(&language.as_str()) {
        codes.push(&language);
    }
    let codes: Vec<Choice> = codes
        .iter()
        .map(|code| Choice::new(*code, language_name(code, say).as_str()).checked(*code == language))
        .collect();
    let needs: Vec<String> = match sent {
        Some(sent) => sent.all("needs").map(str::to_owned).collect(),
        None => now.needs.iter().map(|need| need.key().to_owned()).collect(),
    };
    let is_needed = |need: &Need| needs.iter().any(|key| key == need.key());
    let channel = text("channel", now.channel.as_ref().map_or_else(String::new, |said| said.value.key().to_owned()));
    let none = Choice::new("", say.t("own-channel-any").as_str()).checked(channel.is_empty());
    let channels = CHANNELS.iter().map(|c| Choice::new(c.key(), say.name(*c).as_str()).checked(c.key() == channel));
    let quiet = now.quiet.as_ref().map(|said| said.value);
    let time = |time: Option<NaiveTime>| time.map_or_else(String::new, |time| time.format("%H:%M").to_string());
    let hour = |name: &'static str, words: &str, value: String| {
        Input::new(name, say.t(words).as_str())
            .kind("time")
            .classes("govuk-input--width-5")
            .value(value)
            .error(errors.of(name))
    };
    let pause = now.pause.as_ref().map(|said| said.value);
    let paused = text(
        "pause",
        match pause {
            None => "no",
            Some(Pause { until: None }) => "open",
            Some(_) => "until",
        }
        .to_owned(),
    );
    let pauses = ["no", "open", "until"].map(|value| {
        let words = match value {
            "no" => say.t("own-pause-no"),
            "open" => say.t("own-pause-open"),
            _ => say.t("own-pause-until"),
        };
        Choice::new(value, words.as_str()).checked(paused == value)
    });
    let last = pause.and_then(|pause| pause.until).map_or_else(String::new, |until| last_day(until, zone).to_string());
    WishFields {
        language: Choices::radios("language", legend(say.t("own-language"))).items(codes).error(errors.of("language")),
        needs: Choices::checkboxes("needs", legend(say.t("own-needs")))
            .items(Need::ALL.iter().map(|n| Choice::new(n.key(), say.name(*n).as_str()).checked(is_needed(n)))),
        channel: Choices::radios("channel", legend(say.t("own-channel"))).item(none).items(channels),
        quiet_from: hour("quiet_from", "own-quiet-from", text("quiet_from", time(quiet.map(|q| q.from)))),
        quiet_to: hour("quiet_to", "own-quiet-to", text("quiet_to", time(quiet.map(|q| q.to)))),
        pause: Choices::radios("pause", legend(say.t("own-pause")))
            .hint(say.t("own-pause-hint").as_str())
            .items(pauses),
        pause_until: Input::new("pause_until", say.t("own-pause-day").as_str())
            .kind("date")
            .classes("govuk-input--width-10")
            .value(text("pause_until", last))
            .error(errors.of("pause_until")),
    }
}

/// What was filled in, or what is wrong with it.
pub(super) fn wishes(sent: &Fields, zone: Tz) -> Result<Vec<Wish>, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut wishes = Vec::new();
    if !sent.get("language").is_empty() {
        wishes.push(Wish::Language(Some(sent.get("language").to_owned())));
    }
    wishes.push(Wish::Needs(sent.all("needs").filter_map(Need::from_key).collect()));
    wishes.push(Wish::Channel(Channel::from_key(sent.get("channel"))));
    match (sent.get("quiet_from"), sent.get("quiet_to")) {
        ("", "") => wishes.push(Wish::Quiet(None)),
        (from, to) => match (time_of_day(from), time_of_day(to)) {
            (Some(from), Some(to)) => wishes.push(Wish::Quiet(Some(Quiet { from, to }))),
            (from, _) => {
                let field = if from.is_none() { "quiet_from" } else { "quiet_to" };
                errors.add(field, "not_a_time", "Write both times, for example 21:00, or leave both empty.");
            }
        },
    }
    match sent.get("pause") {
        "open" => wishes.push(Wish::Pause(Some(Pause { until: None }))),
        "until" => match end_of_day(sent.get("pause_until"), zone) {
            Some(until) => wishes.push(Wish::Pause(Some(Pause { until: Some(until) }))),
            None => errors.add("pause_until", "not_a_day", "Choose the last day of the pause."),
        },
        _ => wishes.push(Wish::Pause(None)),
    }
    errors.into_result(wishes)
}

/// The instant at which a day is over.
pub(super) fn end_of_day(day: &str, zone: Tz) -> Option<Instant> {
    let day: NaiveDate = day.trim().parse().ok()?;
    let next = day.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN);
    match zone.from_local_datetime(&next) {
        LocalResult::Single(end) | LocalResult::Ambiguous(end, _) => Some(end.to_utc()),
        // Where clocks go on at midnight, the day ends at what is one o’clock then.
        LocalResult::None => {
            zone.from_local_datetime(&(next + chrono::TimeDelta::hours(1))).earliest().map(|end| end.to_utc())
        }
    }
}

/// The last day before an instant.
pub(super) fn last_day(end: Instant, zone: Tz) -> NaiveDate {
    (end - chrono::TimeDelta::seconds(1)).with_timezone(&zone).date_naive()
}

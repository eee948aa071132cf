//! The names that people know for values: in one place, so that every page, file and answer calls a
//! thing the same. Values themselves are kept by stable keys.

use std::collections::HashMap;
use std::sync::Arc;

use commonweal_domain::filter::NONE;
use commonweal_domain::reading::CONTRADICTION;
use commonweal_domain::records::{Codeframe, Service};
use commonweal_domain::{Capacity, Channel, Dimension, Direction, Function, Sentiment};
use commonweal_text::AlertKind;

use crate::App;

/// Names by key.
pub(crate) type Names = Arc<HashMap<String, String>>;

/// Knows the name of every value: those of the product, and those that the body gave to its services,
/// touchpoints and themes. Cheap to clone; stays as it was when something is renamed.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    places: Names,
    themes: Names,
}

impl Labels {
    pub(crate) fn new(places: Names, themes: Names) -> Self {
        Self { places, themes }
    }

    /// The name that people know for a value; the value itself where it has no other.
    pub fn value(&self, dimension: &Dimension, value: &str) -> String {
        if value == NONE {
            return none(dimension).to_owned();
        }
        let fixed = match dimension {
            Dimension::Service | Dimension::Touchpoint => self.places.get(value).map(String::as_str),
            Dimension::Theme => self.themes.get(value).map(String::as_str),
            Dimension::Alert => alert(value),
            Dimension::Emotion => emotion(value),
            Dimension::Language => language(value),
            Dimension::Channel => Channel::from_key(value).map(Channel::label),
            Dimension::Sentiment => Sentiment::from_key(value).map(Sentiment::label),
            Dimension::Function => Function::from_key(value).map(Function::label),
            Dimension::Capacity => Capacity::from_key(value).map(Capacity::label),
            Dimension::Direction => Direction::from_key(value).map(Direction::label),
            Dimension::HasWords => Some(if value == "yes" { "With words" } else { "Without words" }),
            Dimension::Rating => return format!("{value} of 5"),
            _ => None,
        };
        fixed.unwrap_or(value).to_owned()
    }

    /// The names of all themes, as a list of them is sorted.
    pub fn themes(&self) -> Vec<String> {
        let mut all: Vec<String> = self.themes.values().cloned().collect();
        all.sort_by_cached_key(|name| name.to_lowercase());
        all.dedup();
        all
    }

    /// The names of several values.
    pub fn values<'a>(&self, dimension: &Dimension, values: impl IntoIterator<Item = &'a String>) -> Vec<String> {
        values.into_iter().map(|value| self.value(dimension, value)).collect()
    }
}

/// What having no value is called.
fn none(dimension: &Dimension) -> &'static str {
    match dimension {
        Dimension::Theme => "No theme",
        Dimension::Alert => "No alert",
        Dimension::Sentiment | Dimension::Emotion => "Not read",
        Dimension::Language => "Not known",
        Dimension::Rating => "Not rated",
        _ => "None given",
    }
}

fn alert(key: &str) -> Option<&'static str> {
    if key == CONTRADICTION {
        return Some("Rating and words disagree");
    }
    AlertKind::ALL.iter().find(|kind| kind.key() == key).map(|kind| kind.label())
}

/// Emotions after Ekman, as the reading engine tells them.
fn emotion(key: &str) -> Option<&'static str> {
    Some(match key {
        "anger" => "Anger",
        "disgust" => "Disgust",
        "fear" => "Fear",
        "joy" => "Joy",
        "neutral" => "No strong emotion",
        "sadness" => "Sadness",
        "surprise" => "Surprise",
        _ => return None,
    })
}

/// A language by its code (ISO 639-1), where people would not know the code.
fn language(code: &str) -> Option<&'static str> {
    Some(match code {
        "ar" => "Arabic",
        "bg" => "Bulgarian",
        "bn" => "Bengali",
        "cs" => "Czech",
        "cy" => "Welsh",
        "da" => "Danish",
        "de" => "German",
        "el" => "Greek",
        "en" => "English",
        "es" => "Spanish",
        "fa" => "Persian",
        "fi" => "Finnish",
        "fr" => "French",
        "ga" => "Irish",
        "gd" => "Scottish Gaelic",
        "gu" => "Gujarati",
        "he" => "Hebrew",
        "hi" => "Hindi",
        "hu" => "Hungarian",
        "it" => "Italian",
        "ja" => "Japanese",
        "ko" => "Korean",
        "lt" => "Lithuanian",
        "lv" => "Latvian",
        "nl" => "Dutch",
        "pa" => "Punjabi",
        "pl" => "Polish",
        "ps" => "Pashto",
        "pt" => "Portuguese",
        "ro" => "Romanian",
        "ru" => "Russian",
        "sk" => "Slovak",
        "so" => "Somali",
        "sv" => "Swedish",
        "ta" => "Tamil",
        "tr" => "Turkish",
        "uk" => "Ukrainian",
        "ur" => "Urdu",
        "vi" => "Vietnamese",
        "zh" => "Chinese",
        _ => return None,
    })
}

/// Names of services, and of touchpoints with their service's, by key.
pub(crate) fn of_places(services: &[Service]) -> Names {
    let own = services.iter().map(|s| (s.key.clone(), s.name.clone()));
    let within = services
        .iter()
        .flat_map(|s| s.touchpoints.iter().map(move |t| (t.key.clone(), format!("{}: {}", s.name, t.name))));
    Arc::new(own.chain(within).collect())
}

/// Names of themes by key. Of two codeframes that use the same key the first one names it.
pub(crate) fn of_themes(codeframes: &[Codeframe]) -> Names {
    let mut names = HashMap::new();
    for theme in codeframes.iter().flat_map(|c| &c.themes) {
        names.entry(theme.key.clone()).or_insert_with(|| theme.name.clone());
    }
    Arc::new(names)
}

impl App {
    /// The names of values as they are now.
    pub fn labels(&self) -> Labels {
        Labels::new(self.inner.journeys.names(), Arc::clone(&self.inner.theme_names.read()))
    }
}

#[cfg(test)]
mod tests {
    use commonweal_text::Reader;

    use super::*;

    #[test]
    fn every_alert_and_emotion_of_the_engine_has_a_name() {
        let labels = Labels::default();
        for kind in AlertKind::ALL {
            assert_eq!(labels.value(&Dimension::Alert, kind.key()), kind.label());
        }
        assert_eq!(labels.value(&Dimension::Alert, CONTRADICTION), "Rating and words disagree");
        let reader = Reader::default();
        assert!(reader.emotions().len() >= 7, "{:?}", reader.emotions());
        for key in reader.emotions() {
            assert!(emotion(key).is_some(), "{key} has no name");
        }
    }

    #[test]
    fn a_value_without_a_name_is_shown_as_it_is() {
        let labels = Labels::default();
        assert_eq!(labels.value(&Dimension::Theme, "gone"), "gone");
        assert_eq!(labels.value(&Dimension::Attribute("age_band".into()), "65+"), "65+");
        assert_eq!(labels.value(&Dimension::Attribute("age_band".into()), NONE), "None given");
        assert_eq!(labels.value(&Dimension::Theme, NONE), "No theme");
        assert_eq!(labels.value(&Dimension::Language, "cy"), "Welsh");
    }
}

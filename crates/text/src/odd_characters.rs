//! Tests that every scanner of this crate comes to an end, whatever characters it meets.

use proptest::prelude::*;

use crate::tokens::Tokens;
use crate::vectors::Vectors;
use crate::{Input, Reader, alerts, redact};

/// What scanners are likeliest to stumble on: letters that are hardly any (modifier apostrophes and the like),
/// marks without a letter to stand on, what is invisible, scripts from right to left, what a lone surrogate
/// becomes, pictures in several parts; and the characters that the rules look for.
const ODD: &str = "ʼʻˈˮʹͺ\u{345}\u{301}\u{93f}\u{94d}\u{e47}\u{e31}\u{200b}\u{200c}\u{200d}\u{200e}\u{202e}\u{2060}\
    \u{feff}\u{fffd}\u{fe0f}\u{1f3fd}אבשׁعربـ’‘'＇ﬁßİıⅷ²½٣中한😡👩[]@.:;/\\-_&#!?()<>+*,\"\n\r\t 07wWaZé";

fn odd_text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(ODD.chars().collect::<Vec<_>>());
    prop::collection::vec(prop_oneof![5 => odd, 1 => any::<char>()], 0..60).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn tokens_of_any_characters_are_in_order_and_not_empty(text in odd_text()) {
        let tokens = Tokens::new(&text);
        let mut end = 0;
        for token in &tokens.list {
            prop_assert!(token.place.start >= end && !token.place.is_empty(), "{:?} of {:?}", token, text);
            prop_assert!(text.get(token.place.clone()).is_some() && !tokens.text(token).is_empty());
            end = token.place.end;
        }
    }

    #[test]
    fn redaction_and_alerts_of_any_characters_lie_on_whole_ones(text in odd_text()) {
        for span in redact(&text).1 {
            prop_assert!(text.get(span.start..span.end).is_some_and(|part| !part.is_empty()));
        }
        for alert in alerts(&text) {
            prop_assert!(text.get(alert.start..alert.end).is_some_and(|part| !part.is_empty()));
        }
    }

    #[test]
    fn any_characters_have_a_vector_of_numbers(text in odd_text()) {
        prop_assert!(Vectors::shared().embed(&text).iter().all(|x| x.is_finite()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_characters_can_be_read_twice_alike(text in odd_text()) {
        let reader = Reader::default();
        let input = Input { text: &text, ..Input::default() };
        prop_assert_eq!(reader.read(input), reader.read(input));
    }
}

#[test]
fn each_odd_character_alone_and_twice_comes_to_an_end() {
    for c in ODD.chars() {
        for text in [format!("{c}"), format!("{c}{c}"), format!("Good {c} service"), format!("a{c}b"), format!("{c}7")]
        {
            let _ = (Tokens::new(&text), redact(&text), alerts(&text), Vectors::shared().embed(&text));
        }
    }
}

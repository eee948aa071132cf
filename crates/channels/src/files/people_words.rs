//! Words in which files say languages, needs, and yes and no.

use commonweal_domain::Need;

use super::values::plain_words;

/// Languages by code, with the names that people write.
const LANGUAGES: &[(&str, &str)] = &[
    ("am", "amharic"),
    ("ar", "arabic"),
    ("bg", "bulgarian"),
    ("bn", "bengali|bangla|sylheti"),
    ("bsl", "british sign language|sign language"),
    ("cs", "czech"),
    ("cy", "welsh|cymraeg"),
    ("de", "german|deutsch"),
    ("el", "greek"),
    ("en", "english|saesneg|ingles"),
    ("es", "spanish|espanol|castellano|sbaeneg"),
    ("et", "estonian"),
    ("fa", "farsi|persian|dari"),
    ("fr", "french|francais"),
    ("ga", "irish|gaeilge"),
    ("gd", "scottish gaelic|gaelic|gaidhlig"),
    ("gu", "gujarati"),
    ("ha", "hausa"),
    ("he", "hebrew"),
    ("hi", "hindi"),
    ("hr", "croatian"),
    ("hu", "hungarian"),
    ("ig", "igbo"),
    ("it", "italian|italiano"),
    ("ja", "japanese"),
    ("ko", "korean"),
    ("ku", "kurdish|kurmanji|sorani"),
    ("lt", "lithuanian"),
    ("lv", "latvian"),
    ("ml", "malayalam"),
    ("ne", "nepali"),
    ("nl", "dutch"),
    ("pa", "punjabi|panjabi"),
    ("pl", "polish|polski"),
    ("ps", "pashto"),
    ("pt", "portuguese|portugues"),
    ("ro", "romanian"),
    ("ru", "russian"),
    ("si", "sinhala"),
    ("sk", "slovak"),
    ("sl", "slovenian"),
    ("sn", "shona"),
    ("so", "somali"),
    ("sq", "albanian"),
    ("sr", "serbian"),
    ("sw", "swahili"),
    ("ta", "tamil"),
    ("te", "telugu"),
    ("th", "thai"),
    ("ti", "tigrinya"),
    ("tl", "tagalog|filipino"),
    ("tr", "turkish"),
    ("uk", "ukrainian"),
    ("ur", "urdu"),
    ("vi", "vietnamese"),
    ("yi", "yiddish"),
    ("yo", "yoruba"),
    ("zh", "chinese|mandarin|cantonese|simplified chinese|traditional chinese"),
];

/// Needs with the words that people write.
const NEEDS: &[(Need, &str)] = &[
    (Need::LargePrint, "large print|largeprint|large font|big print|print bras|lp"),
    (Need::EasyRead, "easy read|easyread|easy to read|hawdd ei ddeall"),
    (Need::Braille, "braille"),
    (Need::Audio, "audio|audio cd|audio tape|spoken|tape|sain"),
    (Need::Bsl, "bsl|british sign language|sign language|sign language interpreter|bsl interpreter|iaith arwyddion"),
    (Need::Interpreter, "interpreter|translator|interpreting|interpreter needed|needs interpreter|cyfieithydd"),
    (Need::TextRelay, "text relay|relay uk|textphone|minicom|typetalk|text phone"),
];

/// Words that say that there is nothing.
const NOTHING: &str = "none|no|n|nil|na|n a|not applicable|not known|unknown|no needs|none known|dim";

/// The code of a language said by its name, its code, or both; `bsl` for the one that is signed.
pub(super) fn language(text: &str) -> Option<&'static str> {
    let words = plain_words(text);
    // `en-GB`, `cy_GB`: where it is spoken says nothing here.
    let code = text.trim().to_lowercase();
    let code = code.split(['-', '_']).next().unwrap_or_default();
    let known = |(known, names): &&(&'static str, &str)| *known == code || names.split('|').any(|name| name == words);
    LANGUAGES.iter().find(known).map(|(code, _)| *code)
}

/// The needs that a text names, and whether it names anything besides.
pub(super) fn needs(text: &str) -> (Vec<Need>, bool) {
    let mut found = Vec::new();
    let mut unknown = false;
    let nothing = |words: &str| words.is_empty() || NOTHING.split('|').any(|nothing| nothing == words);
    if nothing(&plain_words(text)) {
        return (found, false);
    }
    for part in text.split([',', ';', '/', '|', '\n', '+', '&']).flat_map(|part| part.split(" and ")) {
        let words = plain_words(part);
        if nothing(&words) {
            continue;
        }
        let named = |(need, names): &&(Need, &str)| {
            names.split('|').any(|name| name == words) || need.key().replace('_', " ") == words
        };
        match NEEDS.iter().find(named) {
            Some((need, _)) if found.contains(need) => {}
            Some((need, _)) => found.push(*need),
            None => unknown = true,
        }
    }
    (found, unknown)
}

/// Yes or no, as people write them in a column.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    match plain_words(text).as_str() {
        "yes" | "y" | "true" | "1" | "x" | "required" | "needed" | "ie" | "oes" | "si" => Some(true),
        "no" | "n" | "false" | "0" | "none" | "not required" | "not needed" | "na" | "nage" | "nac oes" => Some(false),
        "" if matches!(text.trim(), "✓" | "✔" | "☑") => Some(true),
        "" if matches!(text.trim(), "-" | "–" | "✗" | "☐") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_by_name_and_code() {
        for (text, code) in
            [("Welsh", "cy"), ("cy", "cy"), ("CY-GB", "cy"), ("Español", "es"), ("English", "en"), ("BSL", "bsl")]
        {
            assert_eq!(language(text), Some(code), "{text}");
        }
        for text in ["", "Klingon", "x", "yes"] {
            assert_eq!(language(text), None, "{text}");
        }
    }

    #[test]
    fn needs_are_known_by_the_words_that_people_write() {
        assert_eq!(needs("Large print; BSL"), (vec![Need::LargePrint, Need::Bsl], false));
        assert_eq!(needs("interpreter and easy-read"), (vec![Need::Interpreter, Need::EasyRead], false));
        assert_eq!(needs("None"), (vec![], false));
        assert_eq!(needs("n/a"), (vec![], false));
        assert_eq!(needs("large_print, hoist"), (vec![Need::LargePrint], true));
        for need in Need::ALL {
            assert_eq!(needs(need.label()), (vec![*need], false), "{}", need.label());
        }
    }

    #[test]
    fn yes_and_no_are_said_in_many_ways() {
        for (text, said) in
            [("Y", Some(true)), ("✓", Some(true)), ("no", Some(false)), ("-", Some(false)), ("perhaps", None)]
        {
            assert_eq!(yes_or_no(text), said, "{text}");
        }
    }
}

//! What little of languages a message needs: how things are joined in a sentence, and in which direction is written.

/// The word between the last two things of a list, by language.
const AND: &[(&str, &str)] = &[
    ("ar", "و"),
    ("bn", "এবং"),
    ("bg", "и"),
    ("ca", "i"),
    ("cs", "a"),
    ("cy", "a"),
    ("da", "og"),
    ("de", "und"),
    ("el", "και"),
    ("en", "and"),
    ("es", "y"),
    ("fa", "و"),
    ("fi", "ja"),
    ("fr", "et"),
    ("ga", "agus"),
    ("gd", "agus"),
    ("hr", "i"),
    ("hu", "és"),
    ("it", "e"),
    ("lt", "ir"),
    ("lv", "un"),
    ("nb", "og"),
    ("nl", "en"),
    ("pl", "i"),
    ("pt", "e"),
    ("ro", "și"),
    ("ru", "и"),
    ("sk", "a"),
    ("so", "iyo"),
    ("sv", "och"),
    ("tr", "ve"),
    ("uk", "і"),
    ("ur", "اور"),
];

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: &[&str] = &["ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "syr", "ug", "ur", "yi"];

/// The beginning of a code, which names the language itself: `pt` of `pt-BR`.
pub(crate) fn primary(code: &str) -> String {
    code.split(['-', '_']).next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// A code as it is compared: `pt-br` for `pt_BR`.
pub(crate) fn normal(code: &str) -> String {
    code.trim().replace('_', "-").to_ascii_lowercase()
}

/// Whether a text is shaped as a code of BCP 47: a language of two or three letters, then parts of up to eight.
pub(crate) fn is_code(code: &str) -> bool {
    let mut parts = code.split('-');
    let language =
        parts.next().is_some_and(|part| matches!(part.len(), 2 | 3) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let short = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    language && code.len() <= 35 && parts.all(short)
}

/// Whether a language is written from right to left.
pub(crate) fn is_right_to_left(code: &str) -> bool {
    let code = normal(code);
    match code.split('-').nth(1) {
        Some("arab" | "hebr" | "thaa" | "syrc") => true,
        Some(script) if script.len() == 4 && script.bytes().all(|b| b.is_ascii_alphabetic()) => false,
        _ => RIGHT_TO_LEFT.contains(&primary(&code).as_str()),
    }
}

/// “a, b and c”. In a language whose word is not known here, commas alone.
pub(crate) fn joined(items: &[String], language: &str) -> String {
    let Some((last, before)) = items.split_last() else { return String::new() };
    if before.is_empty() {
        return last.clone();
    }
    let language = primary(language);
    let known = AND.iter().find(|(code, _)| *code == language).map(|(_, and)| *and);
    let begins = last.chars().next().unwrap_or(' ').to_lowercase().next().unwrap_or(' ');
    let before = before.join(", ");
    match known {
        // Before a vowel, Welsh has another word; so has Spanish before its own sound, unless another vowel follows.
        Some(_) if language == "cy" && "aâeêiîoôuûwŵyŷ".contains(begins) => format!("{before} ac {last}"),
        Some(_) if language == "es" && is_spanish_i(last) => format!("{before} e {last}"),
        // Arabic writes it as the beginning of the next word.
        Some(and) if language == "ar" => format!("{before} {and}{last}"),
        Some(and) => format!("{before} {and} {last}"),
        None => format!("{before}, {last}"),
    }
}

fn is_spanish_i(word: &str) -> bool {
    let word = word.to_lowercase();
    let sound = word.strip_prefix('h').unwrap_or(&word);
    let rest = sound.strip_prefix(['i', 'í']);
    rest.is_some_and(|rest| !rest.starts_with(['a', 'e', 'o', 'á', 'é', 'ó']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_joined_as_each_language_joins_them() {
        let join = |items: &[&str], language| {
            joined(&items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>(), language)
        };
        assert_eq!(join(&[], "en"), "");
        assert_eq!(join(&["a"], "en"), "a");
        assert_eq!(join(&["a", "b", "c"], "en-GB"), "a, b and c");
        assert_eq!(join(&["te", "afal"], "cy"), "te ac afal");
        assert_eq!(join(&["te", "llaeth"], "cy"), "te a llaeth");
        assert_eq!(join(&["padre", "hijo"], "es"), "padre e hijo");
        assert_eq!(join(&["agua", "hielo"], "es"), "agua y hielo");
        assert_eq!(join(&["a", "b"], "xx"), "a, b");
    }

    #[test]
    fn codes_say_language_and_direction() {
        for code in ["en", "cy", "pt-BR", "zh-Hant-TW", "ckb"] {
            assert!(is_code(code), "{code}");
        }
        for code in ["", "e", "english", "en_GB", "en-", "en\"", "12", "en-toolongpart"] {
            assert!(!is_code(code), "{code}");
        }
        assert!(is_right_to_left("ar-EG") && is_right_to_left("pa-Arab") && is_right_to_left("ur"));
        assert!(!is_right_to_left("en") && !is_right_to_left("ur-Latn"));
    }
}

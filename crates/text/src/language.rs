//! Which language a comment is in.
//!
//! Comments are short and mostly in a few languages, so words that only grammar needs decide first:
//! that is quick and, for three words or more, more reliable than letter statistics. What they
//! leave open goes to `whatlang` (Latin and other scripts), which does not know Welsh.

use std::collections::HashMap;
use std::sync::LazyLock;

use commonweal_domain::search::tokens;
use foldhash::fast::FixedState;

/// Function words per language, folded as [`tokens`] folds them. Words shared by two languages
/// count for both.
const FUNCTION_WORDS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "the", "and", "to", "was", "is", "of", "it", "i", "my", "for", "you", "they", "not", "very", "with",
            "that", "have", "had", "were", "be", "this", "on", "in", "we", "are", "all", "been", "from", "but", "more",
            "could", "me", "as", "so", "nothing", "good", "no", "staff", "would", "should", "when", "what", "there",
            "your", "at", "an", "a",
        ],
    ),
    (
        "cy",
        &[
            "y",
            "yr",
            "yn",
            "ac",
            "ar",
            "ei",
            "eu",
            "mae",
            "oedd",
            "wedi",
            "ddim",
            "dim",
            "roedd",
            "iawn",
            "fy",
            "gan",
            "gyda",
            "nid",
            "bod",
            "eich",
            "chi",
            "oes",
            "sydd",
            "hyn",
            "hwn",
            "hon",
            "ond",
            "mwy",
            "rhy",
            "ddiolch",
            "diolch",
            "gwasanaeth",
            "da",
            "i",
            "o",
            "am",
        ],
    ),
    (
        "es",
        &[
            "el", "la", "los", "las", "de", "que", "y", "en", "un", "una", "es", "no", "con", "para", "por", "muy",
            "me", "mi", "se", "lo", "pero", "fue", "todo", "mas", "como", "su", "al", "del",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "des", "de", "et", "est", "un", "une", "pour", "que", "pas", "je", "nous", "vous",
            "avec", "tres", "dans", "sur", "mais", "du", "au", "il", "ce", "qui", "plus", "mon",
        ],
    ),
    (
        "pl",
        &[
            "i", "w", "nie", "na", "z", "sie", "jest", "to", "do", "ze", "bardzo", "za", "po", "tak", "byl", "byla",
            "od", "ale", "dla", "jak",
        ],
    ),
    (
        "pt",
        &[
            "o", "a", "os", "as", "de", "que", "e", "em", "um", "uma", "nao", "com", "para", "por", "muito", "foi",
            "mais", "mas", "do", "da", "se", "na", "no", "os",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "ist", "nicht", "ich", "es", "sehr", "mit", "zu", "ein", "eine", "war", "auf",
            "fur", "wir", "sie", "von", "den", "aber", "auch", "im",
        ],
    ),
    (
        "it",
        &[
            "il", "la", "di", "che", "e", "non", "un", "una", "per", "con", "sono", "molto", "ma", "mi", "si", "del",
            "della", "era", "i", "le", "lo",
        ],
    ),
    (
        "ro",
        &[
            "si", "de", "la", "in", "nu", "este", "am", "un", "o", "cu", "pe", "pentru", "foarte", "mai", "au", "sa",
            "ca", "fost", "care",
        ],
    ),
];

/// The languages of each function word, as bits in the order of [`FUNCTION_WORDS`].
static LANGUAGES: LazyLock<HashMap<&str, u16, FixedState>> = LazyLock::new(|| {
    let mut languages: HashMap<&str, u16, FixedState> = HashMap::default();
    for (n, (_, words)) in FUNCTION_WORDS.iter().enumerate() {
        for word in *words {
            *languages.entry(*word).or_default() |= 1 << n;
        }
    }
    languages
});

/// ISO 639-1 code of the language, or nothing when there is too little to tell.
pub fn language(text: &str) -> Option<&'static str> {
    let mut hits = [0u32; FUNCTION_WORDS.len()];
    let mut words = 0u32;
    // The beginning tells; a long letter costs no more than a paragraph.
    for token in tokens(text).take(60) {
        words += 1;
        let languages = LANGUAGES.get(token.text.as_str()).copied().unwrap_or(0);
        for (n, hits) in hits.iter_mut().enumerate() {
            *hits += u32::from(languages >> n & 1);
        }
    }
    let best = hits.iter().enumerate().max_by_key(|(n, h)| (**h, usize::MAX - n)).map(|(n, h)| (n, *h))?;
    let second = hits.iter().enumerate().filter(|(n, _)| *n != best.0).map(|(_, h)| *h).max().unwrap_or(0);
    if best.1 >= 2 && best.1 > second && best.1 * 6 >= words {
        return Some(FUNCTION_WORDS[best.0].0);
    }
    by_letters(text, words)
}

/// Letters beside a to z of the languages whose words the models know.
const KNOWN_LETTERS: &str = "áàâäãåæéèêëíìîïóòôöõøúùûüñŵẁẃẅŷỳýÿç";

/// Whether half of the words or more have letters that no language has whose words the models know. For texts that are
/// too short to tell in which language they are.
pub(crate) fn has_other_letters(text: &str) -> bool {
    let known = |c: char| c.is_ascii() || c.to_lowercase().all(|l| KNOWN_LETTERS.contains(l) || !l.is_alphabetic());
    let (mut words, mut others) = (0, 0);
    for token in tokens(text).take(60).filter(|t| t.text.contains(char::is_alphabetic)) {
        words += 1;
        others += usize::from(!text[token.start..token.end].chars().all(known));
    }
    others > 0 && others * 2 >= words
}

fn by_letters(text: &str, words: u32) -> Option<&'static str> {
    let latin = text.chars().find(|c| c.is_alphabetic()).is_none_or(|c| c < '\u{250}');
    if words == 0 || (latin && words < 4) {
        return None;
    }
    let head: String = text.chars().take(400).collect();
    // Letters that Urdu has and neither Arabic nor Persian: short texts mislead the statistics.
    if head.contains(['ٹ', 'ڈ', 'ڑ', 'ں', 'ے', 'ہ']) {
        return Some("ur");
    }
    let info = whatlang::detect(&head)?;
    // Latin letters are shared by many languages; other scripts leave few to choose from.
    let sure = if latin { info.is_reliable() && info.confidence() > 0.9 } else { info.confidence() > 0.2 };
    sure.then(|| two_letters(info.lang().code()))
}

/// The two-letter code where there is one, else the three-letter one.
fn two_letters(code: &'static str) -> &'static str {
    match code {
        "ara" => "ar",
        "ben" => "bn",
        "bul" => "bg",
        "ces" => "cs",
        "cmn" => "zh",
        "dan" => "da",
        "deu" => "de",
        "ell" => "el",
        "eng" => "en",
        "fin" => "fi",
        "fra" => "fr",
        "guj" => "gu",
        "heb" => "he",
        "hin" => "hi",
        "hrv" => "hr",
        "hun" => "hu",
        "ita" => "it",
        "jpn" => "ja",
        "kor" => "ko",
        "lit" => "lt",
        "lav" => "lv",
        "nld" => "nl",
        "nob" => "nb",
        "pan" => "pa",
        "pes" => "fa",
        "pol" => "pl",
        "por" => "pt",
        "ron" => "ro",
        "rus" => "ru",
        "slk" => "sk",
        "spa" => "es",
        "srp" => "sr",
        "swe" => "sv",
        "tam" => "ta",
        "tgl" => "tl",
        "tha" => "th",
        "tur" => "tr",
        "ukr" => "uk",
        "urd" => "ur",
        "vie" => "vi",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{has_other_letters, language};

    #[test]
    fn letters_tell_that_words_cannot_be_read() {
        for text in ["Zażółć gęślą jaźń – dziękuję", "ਬਹੁਤ ਵਧੀਆ", "отлично", "Děkuji všem"]
        {
            assert!(has_other_letters(text), "{text}");
        }
        for text in ["Tŷ bach yn fudr", "¡Muy señor mío!", "Łukasz was lovely, thanks", "👍 50 %", "café"] {
            assert!(!has_other_letters(text), "{text}");
        }
    }

    #[test]
    fn usual_languages_of_short_comments_are_told_apart() {
        for (code, text) in [
            ("en", "The staff were lovely and the wait was not long"),
            ("cy", "Roedd y staff yn gyfeillgar iawn ac mae'r gwasanaeth wedi gwella"),
            ("es", "El personal fue muy amable pero tuve que esperar mucho"),
            ("fr", "Le personnel est très gentil mais il y a trop d'attente"),
            ("pl", "Bardzo miła obsługa, ale nie było gdzie zaparkować"),
            ("ru", "Очень долго ждали приёма, но врач был хороший"),
            ("ur", "عملہ بہت اچھا تھا لیکن انتظار بہت لمبا تھا"),
        ] {
            assert_eq!(language(text), Some(code), "{text}");
        }
    }

    #[test]
    fn one_word_is_too_little_to_tell() {
        assert_eq!(language("ok"), None);
        assert_eq!(language("12345"), None);
        assert_eq!(language(""), None);
    }
}

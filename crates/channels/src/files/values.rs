//! Small vocabularies: what stands for "no value", and the words for devices and languages.

use commonweal_domain::search::fold_into;

/// Cells that stand for "no value" in any column. In square brackets: the shorthand of official
/// statistics (<https://analysisfunction.civilservice.gov.uk/policy-store/symbols-in-tables-definitions-and-help/>)
/// and of the Regulator of Social Housing.
const NO_VALUE: &[&str] = &[
    "-",
    "--",
    "---",
    "–",
    "—",
    "?",
    ".",
    "n/a",
    "#n/a",
    "n.a.",
    "na",
    "nan",
    "null",
    "(null)",
    "(blank)",
    "<blank>",
    "#null!",
    "#ref!",
    "#value!",
    "#div/0!",
    "#name?",
    "#num!",
    "undefined",
    "[x]",
    "[z]",
    "[s]",
    "[e]",
    "[c]",
    "[w]",
    "[low]",
    "[u]",
    "not applicable",
    "unspecified",
];

/// Cells that stand for "said nothing" where words are expected.
const SAID_NOTHING: &[&str] = &[
    "did not answer",
    "not answered",
    "no answer",
    "no response",
    "did not respond",
    "not completed",
    "left blank",
    "no comment provided",
    "no comments provided",
    "(no comment)",
    "no comment",
    "no comments",
    "no further comment",
    "no further comments",
    "no text",
    "not provided",
    "none provided",
    "none given",
    "not given",
    "nothing entered",
    "dim ateb",
    "dim sylw",
    "dim sylwadau",
    "heb ateb",
    "heb ei ateb",
    "sin respuesta",
    "sin comentario",
    "sin comentarios",
    "no contesta",
    "sin contestar",
];

/// What marker for "official statistics say why there is nothing" means.
pub(crate) fn marker_meaning(cell: &str) -> Option<&'static str> {
    Some(match cell.trim().to_ascii_lowercase().as_str() {
        "[x]" => "blank",
        "[z]" => "not required",
        "[s]" => "suppressed",
        "[e]" => "excluded",
        "[c]" => "confidential",
        "[w]" => "none recorded",
        "[low]" => "low",
        "[u]" => "unreliable",
        _ => return None,
    })
}

fn among(cell: &str, list: &[&str], longest: usize) -> bool {
    cell.len() <= longest && list.iter().any(|m| m.eq_ignore_ascii_case(cell))
}

/// Whether a trimmed cell means that there is no value.
pub(crate) fn no_value(cell: &str) -> bool {
    cell.is_empty() || among(cell, NO_VALUE, 16)
}

/// Whether a trimmed cell means that nothing was said.
pub(crate) fn no_words(cell: &str) -> bool {
    no_value(cell) || among(cell.trim_end_matches('.'), SAID_NOTHING, 22) || only_marks(cell)
}

/// Whether a trimmed cell of a column of words holds none: what ticks something elsewhere only fills a box here.
pub(crate) fn no_comment(cell: &str) -> bool {
    no_words(cell) || among(cell, &["x", "xx", "xxx", "skipped", "tbc"], 7)
}

/// A row of dots, strokes and question marks of any length. A face made of them, such as `:(`, says something.
fn only_marks(cell: &str) -> bool {
    cell.len() <= 40 && cell.chars().all(|c| matches!(c, '-' | '–' | '—' | '.' | '…' | '?' | '_' | '*' | '/' | ' '))
}

/// The cell without white space around it, also that of other scripts and invisible marks.
pub(crate) fn trimmed(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{200E}' | '\u{200F}'))
}

/// Lower-case words of letters without accents and digits, with one space between: `E-mail` → `e mail`,
/// `Sgôr` → `sgor`.
pub(crate) fn plain_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            fold_into(&mut out, c);
        } else if !out.is_empty() && !out.ends_with(' ') && !matches!(c, '\'' | '’' | '\u{300}'..='\u{36F}') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The device class that a cell names, else the cell in lower case.
pub(crate) fn device_of(cell: &str) -> String {
    let words = plain_words(cell);
    let has = |list: &[&str]| words.split(' ').any(|w| list.contains(&w));
    if has(&["ipad", "tablet"]) || (has(&["android"]) && words.contains("mozilla") && !has(&["mobile"])) {
        "tablet".to_owned()
    } else if has(&["phone", "mobile", "smartphone", "iphone", "android", "ios", "cell", "cellphone"]) {
        "phone".to_owned()
    } else if has(&[
        "desktop",
        "laptop",
        "pc",
        "computer",
        "mac",
        "windows",
        "macintosh",
        "linux",
        "macos",
        "chromebook",
    ]) {
        "desktop".to_owned()
    } else {
        words
    }
}

const LANGUAGES: &[(&str, &str)] = &[
    ("english", "en"),
    ("welsh", "cy"),
    ("cymraeg", "cy"),
    ("gaelic", "gd"),
    ("scottish gaelic", "gd"),
    ("irish", "ga"),
    ("gaeilge", "ga"),
    ("french", "fr"),
    ("francais", "fr"),
    ("german", "de"),
    ("deutsch", "de"),
    ("spanish", "es"),
    ("espanol", "es"),
    ("portuguese", "pt"),
    ("portugues", "pt"),
    ("italian", "it"),
    ("italiano", "it"),
    ("dutch", "nl"),
    ("polish", "pl"),
    ("polski", "pl"),
    ("romanian", "ro"),
    ("bulgarian", "bg"),
    ("hungarian", "hu"),
    ("czech", "cs"),
    ("slovak", "sk"),
    ("lithuanian", "lt"),
    ("latvian", "lv"),
    ("greek", "el"),
    ("turkish", "tr"),
    ("russian", "ru"),
    ("ukrainian", "uk"),
    ("albanian", "sq"),
    ("arabic", "ar"),
    ("farsi", "fa"),
    ("persian", "fa"),
    ("dari", "fa"),
    ("pashto", "ps"),
    ("kurdish", "ku"),
    ("urdu", "ur"),
    ("hindi", "hi"),
    ("punjabi", "pa"),
    ("panjabi", "pa"),
    ("gujarati", "gu"),
    ("bengali", "bn"),
    ("sylheti", "syl"),
    ("tamil", "ta"),
    ("nepali", "ne"),
    ("somali", "so"),
    ("swahili", "sw"),
    ("tigrinya", "ti"),
    ("amharic", "am"),
    ("yoruba", "yo"),
    ("chinese", "zh"),
    ("mandarin", "zh"),
    ("cantonese", "yue"),
    ("vietnamese", "vi"),
    ("korean", "ko"),
    ("japanese", "ja"),
    ("tagalog", "tl"),
    ("haitian creole", "ht"),
    ("british sign language", "bfi"),
    ("bsl", "bfi"),
    ("american sign language", "ase"),
];

/// The language tag that a cell names (`English` → `en`, `en_GB` → `en-GB`), else the cell as it is.
pub(crate) fn language_of(cell: &str) -> String {
    let words = plain_words(cell);
    if let Some((_, tag)) = LANGUAGES.iter().find(|(name, _)| *name == words) {
        return (*tag).to_owned();
    }
    let tag = cell.replace('_', "-");
    let parts: Vec<&str> = tag.split('-').collect();
    let tag_like = parts.len() <= 3
        && (2..=3).contains(&parts[0].len())
        && parts.iter().all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !tag_like {
        return cell.to_owned();
    }
    let mut out = parts[0].to_ascii_lowercase();
    for part in &parts[1..] {
        out.push('-');
        // Regions are written in capitals, scripts with one.
        match part.len() {
            2 => out.push_str(&part.to_ascii_uppercase()),
            _ => out.push_str(part),
        }
    }
    out
}

/// Whether a cell looks like a web address or a path on a site.
pub(crate) fn is_page(cell: &str) -> bool {
    let lower = cell.get(..8).unwrap_or(cell).to_ascii_lowercase();
    let address = ["http://", "https://", "www."].iter().any(|s| lower.starts_with(s));
    !cell.contains(char::is_whitespace) && (address || (cell.len() > 1 && cell.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_of_official_statistics_are_no_value() {
        for cell in ["", "[X]", "[z]", "N/A", "NaN", "-"] {
            assert!(no_value(cell), "{cell}");
        }
        for cell in ["None", "Nothing", "0", "x", "No"] {
            assert!(!no_value(cell), "{cell}");
        }
        assert!(no_words("Did not answer") && !no_words("Nothing.") && !no_value("Did not answer"));
    }

    #[test]
    fn answers_that_say_nothing_are_no_words_in_three_languages() {
        for cell in ["No comments.", "not provided", "......", "– –", "Dim sylw", "Sin comentarios", "heb ateb"] {
            assert!(no_words(cell), "{cell}");
        }
        for cell in ["Nothing", ":(", "No complaints", "X", "Not stated", "Dim byd", "Nada", "!", "👍"] {
            assert!(!no_words(cell), "{cell}");
        }
        assert!(no_comment("X") && !no_comment("x ray was late") && !no_comment("None"));
    }

    #[test]
    fn accents_make_no_other_word() {
        assert_eq!(plain_words("  Sgôr – Tŷ’r Cyngor "), "sgor tyr cyngor");
        assert_eq!(plain_words("Satisfaccio\u{301}n"), "satisfaccion");
        assert_eq!(language_of("Français"), "fr");
    }

    #[test]
    fn devices_and_languages_are_put_in_one_form() {
        assert_eq!(device_of("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0)"), "phone");
        assert_eq!(device_of("Laptop"), "desktop");
        assert_eq!(language_of("English"), "en");
        assert_eq!(language_of("en_gb"), "en-GB");
        assert_eq!(language_of("Klingon (tlh)"), "Klingon (tlh)");
        assert!(is_page("/apply") && is_page("https://x.example") && !is_page("/ see below"));
    }
}

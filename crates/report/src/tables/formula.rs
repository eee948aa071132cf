//! What a spreadsheet program may take for a formula: by its first character that shows, also where that only looks like
//! one of those of formulas. Programs for East Asian text take the wide ones for the same, and some leave blanks out first.

/// Beginnings of formulas, and what looks like them.
const BEGINNINGS: &[char] = &[
    '=', '+', '-', '@', // as they are typed
    '＝', '＋', '－', '＠', // full width
    '﹦', '﹢', '﹣', '﹫', // small
    '⁼', '⁺', '⁻', '₌', '₊', '₋', // raised and lowered
    '−', // minus sign
];

/// Whether a spreadsheet program might take the text for a formula. A plain number is none.
pub(super) fn is_formula(text: &str) -> bool {
    // A tab or a line break at the beginning is enough: what comes after it may land in a cell of its own.
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let shown = text.trim_start_matches(is_nothing);
    shown.starts_with(BEGINNINGS) && shown.trim_end().parse::<f64>().is_err()
}

/// Blanks, and characters that nobody sees.
fn is_nothing(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::is_formula;

    #[test]
    fn whatever_looks_like_a_formula_is_one() {
        for beginning in ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "−", "⁼"] {
            for before in ["", " ", "\u{a0}", "\u{3000} ", "\u{200b}", "\u{feff}", "\t", "\r", "\n", "\u{7}"] {
                let text = format!("{before}{beginning}SUM(A1)");
                assert!(is_formula(&text), "{text:?}");
            }
        }
        assert!(is_formula("\tlate"), "whatever follows a tab");
    }

    #[test]
    fn numbers_and_words_are_none() {
        for plain in ["-3.5", "+4", "a=b", "", " ", "late = bad", "1-2", "“=1”"] {
            assert!(!is_formula(plain), "{plain:?}");
        }
    }
}

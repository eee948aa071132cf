//! The characters of text messages: the default alphabet and its extension (3GPP TS 23.038, section 6.2.1).

/// The default alphabet, in its order; the escape (0x1B) is left out. One septet each.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// The extension: an escape and one more, two septets each.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// What looks the same to a reader and is in the alphabet.
const TYPOGRAPHIC: &[(char, &str)] = &[
    ('‘', "'"),
    ('’', "'"),
    ('‚', "'"),
    ('‛', "'"),
    ('′', "'"),
    ('ʼ', "'"),
    ('“', "\""),
    ('”', "\""),
    ('„', "\""),
    ('‟', "\""),
    ('″', "\""),
    ('«', "\""),
    ('»', "\""),
    ('‹', "'"),
    ('›', "'"),
    ('`', "'"),
    ('´', "'"),
    ('\u{2010}', "-"),
    ('\u{2011}', "-"),
    ('\u{2012}', "-"),
    ('–', "-"),
    ('—', "-"),
    ('\u{2015}', "-"),
    ('\u{2212}', "-"),
    ('…', "..."),
    ('•', "-"),
    ('·', "-"),
    ('\u{a0}', " "),
    ('\u{2002}', " "),
    ('\u{2003}', " "),
    ('\u{2004}', " "),
    ('\u{2005}', " "),
    ('\u{2006}', " "),
    ('\u{2007}', " "),
    ('\u{2008}', " "),
    ('\u{2009}', " "),
    ('\u{200a}', " "),
    ('\u{202f}', " "),
    ('\u{205f}', " "),
    ('\u{3000}', " "),
    ('\t', " "),
    ('\u{ad}', ""),
    ('\u{200b}', ""),
    ('\u{2060}', ""),
];

/// How many septets a character takes; none if it is not in the alphabet.
pub(crate) fn septets(c: char) -> Option<usize> {
    if BASIC.contains(c) {
        Some(1)
    } else if EXTENSION.contains(c) {
        Some(2)
    } else {
        None
    }
}

/// What stands for a typographic character. Letters have none: ŵ is not w, and who writes Welsh means what they write.
pub(crate) fn equivalent(c: char) -> Option<&'static str> {
    TYPOGRAPHIC.iter().find(|(typographic, _)| *typographic == c).map(|(_, plain)| *plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_is_whole() {
        let unique: std::collections::BTreeSet<char> = BASIC.chars().chain(EXTENSION.chars()).collect();
        // 128 places without the escape, and ten more behind it.
        assert_eq!((BASIC.chars().count(), EXTENSION.chars().count(), unique.len()), (127, 10, 137));
        assert_eq!(
            (septets('à'), septets('€'), septets('ŵ'), septets('á'), septets('Ç')),
            (Some(1), Some(2), None, None, Some(1))
        );
    }

    #[test]
    fn equivalents_are_in_the_alphabet_and_stand_for_no_letter() {
        for (c, plain) in TYPOGRAPHIC {
            assert_eq!(septets(*c), None, "{c:?}");
            assert!(plain.chars().all(|c| septets(c) == Some(1)), "{c:?}");
            assert!(!c.is_alphabetic() || *c == 'ʼ', "{c:?}");
        }
    }
}

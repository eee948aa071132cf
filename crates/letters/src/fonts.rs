//! The font of letters, shipped with the program, so that a letter is the same on each machine. Liberation Sans: its widths are those
//! of Arial, which print houses ask for, and it has all letters of Welsh.

use std::sync::LazyLock;

use ttf_parser::Face;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

static REGULAR: &[u8] = include_bytes!("../fonts/LiberationSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/LiberationSans-Bold.ttf");
static ITALIC: &[u8] = include_bytes!("../fonts/LiberationSans-Italic.ttf");
static BOLD_ITALIC: &[u8] = include_bytes!("../fonts/LiberationSans-BoldItalic.ttf");

/// The fonts as they are known by number.
pub(crate) static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files = [REGULAR, BOLD, ITALIC, BOLD_ITALIC];
    files.into_iter().filter_map(|file| Font::new(Bytes::new(file), 0)).collect()
});

/// What is known of each.
pub(crate) static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

static FACES: LazyLock<Vec<Face<'static>>> = LazyLock::new(|| {
    let files = [REGULAR, BOLD, ITALIC, BOLD_ITALIC];
    files.into_iter().filter_map(|file| Face::parse(file, 0).ok()).collect()
});

/// Whether each of the fonts has it.
pub(crate) fn have(c: char) -> bool {
    FACES.iter().all(|face| face.glyph_index(c).is_some())
}

/// How wide a text is at most in any of the fonts, in the size of the letter.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    let wide = |face: &Face<'_>| {
        let advance = |c| face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or(0);
        let units: f64 = text.chars().map(|c| f64::from(advance(c))).sum();
        units / f64::from(face.units_per_em()) * size
    };
    FACES.iter().map(wide).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_four_are_there_and_have_what_welsh_is_written_with() {
        assert_eq!((FONTS.len(), FACES.len()), (4, 4));
        for c in "ŵŷŴŶâêîôûÂÊÎÔÛäëïöüáéíóúàèìòùẁẃỳý•–—‘’“”…£€".chars()
        {
            assert!(have(c), "{c}");
        }
        assert!(!have('😀') && !have('漢'));
    }

    #[test]
    fn the_widest_of_them_counts() {
        assert!(width("W", 11.0) > width("i", 11.0));
        assert!((width("WW", 11.0) - 2.0 * width("W", 11.0)).abs() < 1e-9);
    }
}

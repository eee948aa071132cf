//! Texts as they are printed: without what nobody sees, with nothing that the font lacks, and with words broken where they are wider
//! than their line.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::fonts::{have, width};
use crate::page::POINTS;
use crate::problem::Problem;

/// A text in pieces, between which it may be broken.
pub(crate) type Pieces = Vec<String>;

/// A text of one line as it is printed.
pub(crate) fn tidy(text: &str) -> Result<String, Problem> {
    let mut tidied = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.nfc() {
        let c = match c {
            '\u{a0}' => c,
            c if c.is_whitespace() => ' ',
            // The hyphen that no line is broken at. What has no glyph of its own is printed as a hyphen.
            '\u{2010}' | '\u{2011}' => '-',
            c if is_unseen(c) => continue,
            c => c,
        };
        // Some letters are written with one mark more than fonts have ready. Marks upon marks grow into the line above.
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if !have(c) || is_private(c) || marks > 1 {
            return Err(Problem::Character(c));
        }
        tidied.push(c);
    }
    Ok(tidied)
}

/// The same in pieces that fit a line so wide, in millimetres, in letters of this size, in points.
pub(crate) fn fitted(text: &str, wide: f64, size: f64) -> Result<Pieces, Problem> {
    let text = tidy(text)?;
    let words = wide_words(&text, wide, size);
    Ok(cut(&text, 0, &words))
}

/// Where in a line words stand that are wider than it. Line breaks stand in it as such.
pub(crate) fn wide_words(line: &str, wide: f64, size: f64) -> Vec<Range<usize>> {
    let room = wide * POINTS * 0.98;
    let mut found = Vec::new();
    let mut from = 0;
    for word in line.split_inclusive([' ', '\n']) {
        if width(word.trim_end_matches([' ', '\n']), size) > room {
            found.push(from..from + word.len());
        }
        from += word.len();
    }
    found
}

/// A part of a line, which begins so far behind the beginning of it, in pieces between which it may be broken.
pub(crate) fn cut(part: &str, from: usize, words: &[Range<usize>]) -> Pieces {
    let mut pieces = vec![String::new()];
    for (at, c) in part.char_indices() {
        let word = words.iter().find(|word| word.contains(&(from + at)));
        // What stands above or below the letter before it stays with it. Between a word and the next one is a space already.
        let joins = is_combining_mark(c) || c == ' ' || word.is_none_or(|word| word.start == from + at);
        match pieces.last_mut() {
            Some(last) if joins => last.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

/// Characters that show nothing, turn the direction of what follows, or belong to no text.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Of such a character nobody else knows what it means, and PDF/UA has no place for it.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_left_out_and_what_nobody_could_read_is_refused() {
        assert_eq!(tidy("a\u{0}b\tc\u{202e}d\r\ne\u{200b}f").as_deref(), Ok("ab cd  ef"));
        // One letter, however it was typed.
        assert_eq!(tidy("w\u{302}y\u{302}").as_deref(), Ok("ŵŷ"));
        assert_eq!(tidy("non\u{2011}breaking").as_deref(), Ok("non-breaking"));
        assert_eq!(tidy("I \u{2764}\u{fe0f}"), Err(Problem::Character('\u{2764}')));
        assert_eq!(tidy("q\u{302}").as_deref(), Ok("q\u{302}"));
        assert_eq!(tidy("q\u{302}\u{303}"), Err(Problem::Character('\u{303}')));
        assert_eq!(tidy("\u{e001}"), Err(Problem::Character('\u{e001}')));
        let told = tidy("😀").map_err(|problem| problem.to_string());
        assert!(told.is_err_and(|told| told.contains("“😀” (U+1F600)")));
    }

    #[test]
    fn only_words_wider_than_their_line_are_broken() {
        assert_eq!(fitted("one two", 100.0, 11.0).as_deref(), Ok(["one two".to_owned()].as_slice()));
        let pieces = fitted("see WWWWWWWWWW now", 10.0, 11.0).expect("pieces");
        assert_eq!((pieces.concat().as_str(), pieces.len()), ("see WWWWWWWWWW now", 10), "{pieces:?}");
        // A word goes on where the next part of a line begins.
        let (first, second) = ("one WWW", "WWWW two");
        let words = wide_words(&format!("{first}{second}"), 20.0, 11.0);
        assert_eq!((words.len(), words.first()), (1, Some(&(4..12))));
        assert_eq!(cut(first, 0, &words), ["one W", "W", "W"]);
        assert_eq!(cut(second, first.len(), &words), ["", "W", "W", "W", "W two"]);
        let accents = fitted(&"q\u{302}".repeat(20), 10.0, 11.0).expect("pieces");
        assert!(accents.iter().all(|piece| piece.chars().count() == 2), "{accents:?}");
    }
}

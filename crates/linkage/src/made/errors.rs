//! What goes wrong when people's details are written down.

use super::names::SHORT_FORMS;
use commonweal_random::Random;

/// One slip of the keyboard: a letter other, missing, too many, two that changed places, or a space where none is.
pub(super) fn typo(random: &mut Random, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 2 {
        return text.to_owned();
    }
    let digits = letters.iter().all(char::is_ascii_digit);
    let any = |random: &mut Random| {
        let from: &[u8] = if digits { b"0123456789" } else { b"abcdefghijklmnopqrstuvwxyz" };
        char::from(*random.one_of(from))
    };
    // The first letter is seldom wrong.
    let at = 1 + random.below(letters.len() - 1);
    match random.below(if digits { 4 } else { 5 }) {
        0 => letters[at] = any(random),
        1 => {
            letters.remove(at);
        }
        2 => {
            let letter = any(random);
            letters.insert(at, letter);
        }
        3 => letters.swap(at - 1, at),
        _ => letters.insert(at, ' '),
    }
    letters.into_iter().collect()
}

/// One digit of a date wrong or two that changed places; the date may not exist then.
pub(super) fn date_slip(random: &mut Random, digits: u32) -> u32 {
    let place = 10_u32.pow(u32::try_from(random.below(6)).unwrap_or(0));
    let digit = digits / place % 10;
    if random.chance(0.5) {
        let other = (digit + 1 + u32::try_from(random.below(9)).unwrap_or(0)) % 10;
        digits - digit * place + other * place
    } else {
        let next = digits / (place * 10) % 10;
        digits - digit * place - next * place * 10 + next * place + digit * place * 10
    }
}

/// The short form of a name, if there is one.
pub(super) fn short_form(name: &str) -> Option<&'static str> {
    SHORT_FORMS.iter().find(|(long, _)| *long == name).map(|(_, short)| *short)
}

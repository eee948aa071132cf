//! Owns how a long comment is cut into parts that can each be about something else.

/// Words up to which a comment is taken as a whole.
const WHOLE: usize = 14;
/// Words below which a part joins the next: it says too little alone.
const SHORTEST: usize = 4;
/// Words beyond which a sentence is cut at "but", ";" and the like.
const LONG_SENTENCE: usize = 24;
/// Words beyond which a sentence without any stop is cut all the same.
const LONGEST: usize = 60;

/// Parts of a comment: sentences, and clauses of long sentences. At least one if there is any word.
pub(super) fn segments(text: &str) -> Vec<&str> {
    if words(text) <= WHOLE {
        return if text.chars().any(char::is_alphanumeric) { vec![text] } else { Vec::new() };
    }
    let mut parts = Vec::new();
    for sentence in cut(text, sentence_ends) {
        if words(sentence) <= LONG_SENTENCE {
            parts.push(sentence);
            continue;
        }
        for clause in cut(sentence, clause_ends) {
            push_bounded(clause, &mut parts);
        }
    }
    join(text, &parts)
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Pieces of `text` between the places that `ends` gives.
fn cut(text: &str, ends: fn(&str) -> Vec<usize>) -> Vec<&str> {
    let mut from = 0;
    let mut out = Vec::new();
    for end in ends(text).into_iter().chain([text.len()]) {
        if end > from {
            out.push(&text[from..end]);
            from = end;
        }
    }
    out
}

fn sentence_ends(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    for (i, b) in bytes.iter().enumerate() {
        let space_after = bytes.get(i + 1).is_none_or(u8::is_ascii_whitespace);
        // "e.g. " and "Dr. " end no sentence: a stop needs three letters before it.
        let letters = bytes[..i].iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
        if *b == b'\n' || (matches!(b, b'!' | b'?') && space_after) || (*b == b'.' && space_after && letters > 2) {
            out.push(i + 1);
        }
    }
    out
}

fn clause_ends(text: &str) -> Vec<usize> {
    const BREAKS: [&str; 9] = ["; ", " - ", " – ", " but ", " however ", " although ", " ond ", " pero ", " aunque "];
    let mut out: Vec<usize> = BREAKS.iter().flat_map(|b| text.match_indices(b).map(|(at, _)| at + 1)).collect();
    out.sort_unstable();
    out
}

/// Adds a clause, by pieces of [`LONGEST`] words if it has more.
fn push_bounded<'a>(clause: &'a str, parts: &mut Vec<&'a str>) {
    let (mut from, mut count, mut inside) = (0, 0, false);
    for (at, c) in clause.char_indices() {
        if c.is_whitespace() {
            inside = false;
        } else if !inside {
            inside = true;
            count += 1;
            if count > LONGEST {
                parts.push(&clause[from..at]);
                (from, count) = (at, 1);
            }
        }
    }
    parts.push(&clause[from..]);
}

/// Joins parts that are too short with the next (the last with the one before). Parts follow one another
/// in `text`, so a join is a longer slice of it.
fn join<'a>(text: &'a str, parts: &[&'a str]) -> Vec<&'a str> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    let (mut from, mut at) = (0, 0);
    for part in parts {
        at += part.len();
        if words(&text[from..at]) >= SHORTEST {
            out.push((from, at));
            from = at;
        }
    }
    if from < text.len() {
        match out.last_mut() {
            Some(last) => last.1 = text.len(),
            None => out.push((from, text.len())),
        }
    }
    out.iter().map(|(a, b)| text[*a..*b].trim()).filter(|s| s.chars().any(char::is_alphanumeric)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_comment_stays_whole() {
        assert_eq!(segments("Rude staff. Long wait."), ["Rude staff. Long wait."]);
    }

    #[test]
    fn a_long_comment_is_cut_into_sentences_and_clauses() {
        let text = "The nurse who saw me was very kind and explained it all. Parking however cost me nine pounds. \
                    Good. I rang the surgery eleven times on Monday morning before anybody at all picked up the phone \
                    but the receptionist was polite when I did get through to her at last.";
        assert_eq!(
            segments(text).iter().map(|s| &s[..11]).collect::<Vec<_>>(),
            ["The nurse w", "Parking how", "Good. I ran", "but the rec"]
        );
    }

    #[test]
    fn words_without_any_stop_are_cut_too() {
        let text = "pothole ".repeat(500);
        assert!(segments(&text).iter().all(|s| words(s) <= LONGEST + SHORTEST));
        assert_eq!(segments(&text).iter().map(|s| words(s)).sum::<usize>(), 500);
    }

    #[test]
    fn no_words_give_no_part() {
        assert!(segments(" ... ").is_empty() && segments("").is_empty());
    }
}

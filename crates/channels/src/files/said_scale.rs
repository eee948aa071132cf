//! What a heading says about the scale of its answers: "(1 = very satisfied, 5 = very dissatisfied)", "out of 10",
//! "1-5 (5 best)", "9 = don't know", in English, Welsh and Spanish.

use std::collections::BTreeSet;

use commonweal_domain::search::fold_into;

use super::families::{fraction_of, is_no_answer};

/// What is said; nothing of it need be.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SaidScale {
    /// The smallest number, if it is said.
    pub(crate) low: Option<f64>,
    /// The largest number.
    pub(crate) high: Option<f64>,
    /// Whether the smallest number is the best answer.
    pub(crate) low_is_best: Option<bool>,
    /// Numbers that are said to be no answer.
    pub(crate) no_answer: BTreeSet<i64>,
}

impl SaidScale {
    /// Whether it says enough to know that the answers are ratings.
    pub(crate) fn is_certain(&self) -> bool {
        self.high.is_some() || self.low_is_best.is_some()
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Number(f64),
    Word(String),
    /// A hyphen or dash.
    Dash,
    /// `=` or `:`.
    Equals,
    /// An opening bracket.
    Open,
    /// A comma or other mark that ends a phrase.
    Mark,
    Slash,
}

fn pieces(heading: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut chars = heading.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii_digit() {
            let mut number = String::from(c);
            while let Some(d) = chars.next_if(char::is_ascii_digit) {
                number.push(d);
            }
            // A number that is part of a word, such as Q1 or 5th, is none.
            let part = matches!(out.last(), Some(Piece::Word(w)) if w.is_empty())
                || chars.peek().is_some_and(|n| n.is_alphabetic());
            out.retain(|p| !matches!(p, Piece::Word(w) if w.is_empty()));
            match number.parse() {
                Ok(n) if !part && number.len() <= 3 => out.push(Piece::Number(n)),
                _ => out.push(Piece::Word(number)),
            }
        } else if c.is_alphabetic() {
            let mut word = String::new();
            fold_into(&mut word, c);
            while let Some(l) = chars.next_if(|n| n.is_alphabetic() || matches!(n, '\'' | '’' | '\u{300}'..='\u{36f}'))
            {
                if l.is_alphabetic() {
                    fold_into(&mut word, l);
                }
            }
            out.push(Piece::Word(word));
            if chars.peek().is_some_and(char::is_ascii_digit) {
                out.push(Piece::Word(String::new()));
            }
        } else {
            out.extend(match c {
                '-' | '–' | '—' | '‑' => Some(Piece::Dash),
                '=' | ':' => Some(Piece::Equals),
                '(' | '[' => Some(Piece::Open),
                '/' => Some(Piece::Slash),
                '_' => None,
                c if c.is_whitespace() => None,
                _ => Some(Piece::Mark),
            });
        }
    }
    out.retain(|p| !matches!(p, Piece::Word(w) if w.is_empty()));
    out
}

/// The words from a piece on, up to the next number or mark.
fn phrase(pieces: &[Piece]) -> Vec<&str> {
    pieces.iter().map_while(|p| if let Piece::Word(w) = p { Some(w.as_str()) } else { None }).take(8).collect()
}

/// Whether a phrase beside a number says that it is the best (`true`) or the worst answer. Neither if it names the
/// middle, or nothing.
fn is_best(words: &[&str]) -> Option<bool> {
    const LINKS: &[&str] = &[
        "is",
        "being",
        "means",
        "meaning",
        "equals",
        "the",
        "for",
        "yw",
        "ydyw",
        "es",
        "significa",
        "el",
        "la",
        "lo",
        "a",
    ];
    const GOOD: &[&str] = &[
        "best",
        "highest",
        "high",
        "excellent",
        "great",
        "outstanding",
        "good",
        "perfect",
        "happy",
        "satisfied",
        "easy",
        "likely",
        "agree",
        "always",
        "definitely",
        "completely",
        "positive",
        "happiest",
        "easiest",
        "helpful",
        "gorau",
        "uchaf",
        "ardderchog",
        "rhagorol",
        "da",
        "bodlon",
        "fodlon",
        "hawdd",
        "tebygol",
        "debygol",
        "cytuno",
        "hapus",
        "mejor",
        "maximo",
        "maxima",
        "excelente",
        "bueno",
        "bien",
        "satisfecho",
        "satisfecha",
        "facil",
        "probable",
        "acuerdo",
        "contento",
    ];
    const BAD: &[&str] = &[
        "worst",
        "lowest",
        "low",
        "poor",
        "bad",
        "terrible",
        "awful",
        "unhappy",
        "dissatisfied",
        "unsatisfied",
        "difficult",
        "hard",
        "unlikely",
        "disagree",
        "never",
        "negative",
        "hardest",
        "unhelpful",
        "gwaethaf",
        "isaf",
        "gwael",
        "ofnadwy",
        "anfodlon",
        "anodd",
        "annhebygol",
        "anghytuno",
        "anhapus",
        "peor",
        "minimo",
        "minima",
        "malo",
        "mal",
        "insatisfecho",
        "insatisfecha",
        "dificil",
        "improbable",
        "desacuerdo",
        "pesimo",
        "descontento",
    ];
    const NOT: &[&str] = &["not", "least", "ddim", "nada", "poco", "menos", "lleiaf", "no"];
    let begin = words.iter().position(|w| !LINKS.contains(w))?;
    let words = &words[begin..];
    for length in (1..=words.len().min(6)).rev() {
        if let Some(place) = fraction_of(&words[..length].join(" ")) {
            return (place != 0.5).then_some(place > 0.5);
        }
    }
    let at = words.iter().take(5).position(|w| GOOD.contains(w) || BAD.contains(w))?;
    let negated = words[..at].iter().any(|w| NOT.contains(w));
    let middle = words[..at].iter().any(|w| matches!(*w, "neither" | "nac" | "ni"));
    (!middle).then(|| GOOD.contains(&words[at]) != negated)
}

/// Words after which a number counts something else than steps.
const COUNTED: &[&str] = &[
    "age", "aged", "ages", "oed", "oedran", "edad", "children", "plant", "people", "years", "question", "item",
    "number", "no", "cwestiwn", "pregunta",
];

/// Reads what a heading says.
pub(crate) fn read(heading: &str) -> SaidScale {
    let mut said = SaidScale::default();
    if !heading.bytes().any(|b| b.is_ascii_digit()) || heading.len() > 1_000 {
        return said;
    }
    let pieces = pieces(heading);
    let mut ends: Vec<(f64, bool)> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Number(number) = *piece else { continue };
        let looks = Looks { pieces: &pieces, at };
        if COUNTED.contains(&looks.before(1)) {
            continue;
        }
        if let Some((low, high)) = looks.range(number) {
            (said.low, said.high) = (Some(low), Some(high));
        } else if looks.is_top(number) {
            said.high = Some(number);
        }
        match looks.meaning() {
            Some(Meaning::NoAnswer) => {
                said.no_answer.insert(number as i64);
            }
            Some(Meaning::Best(best)) => ends.push((number, best)),
            None => {}
        }
    }
    said.take_ends(&ends);
    said
}

enum Meaning {
    NoAnswer,
    /// The best answer, or the worst.
    Best(bool),
}

/// A number among the pieces of a heading.
struct Looks<'a> {
    pieces: &'a [Piece],
    at: usize,
}

impl<'a> Looks<'a> {
    fn word(&self, at: Option<usize>) -> &'a str {
        match at.and_then(|at| self.pieces.get(at)) {
            Some(Piece::Word(w)) => w,
            _ => "",
        }
    }

    /// The word so many pieces before the number.
    fn before(&self, n: usize) -> &'a str {
        self.word(self.at.checked_sub(n))
    }

    fn after(&self, n: usize) -> Option<&'a Piece> {
        self.pieces.get(self.at + n)
    }

    /// "1-5", "0 to 10", "o 1 i 5", "de 1 a 5".
    fn range(&self, number: f64) -> Option<(f64, f64)> {
        let joined = matches!(self.after(1), Some(Piece::Dash));
        let next = self.word(Some(self.at + 1));
        let to = match next {
            "to" | "i" | "a" | "hasta" | "through" => 2,
            "hyd" if self.word(Some(self.at + 2)) == "at" => 3,
            _ if joined => 2,
            _ => return None,
        };
        let Some(&Piece::Number(other)) = self.after(to) else { return None };
        let (low, high) = (number.min(other), number.max(other));
        let usual = low <= 1.0 && [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0, 10.0, 100.0].contains(&high);
        let counts = COUNTED.contains(&self.word(Some(self.at + to + 1)));
        (usual && !counts).then_some((low, high))
    }

    /// "out of 5", "allan o 10", "sobre 10", "scale of 10", "/10" at the end.
    fn is_top(&self, number: f64) -> bool {
        let said = matches!((self.before(2), self.before(1)), ("out" | "scale", "of") | ("allan", "o"))
            || self.before(1) == "sobre";
        let slash = self.at > 1
            && self.pieces[self.at - 1] == Piece::Slash
            && !matches!(self.pieces[self.at - 2], Piece::Number(_))
            && matches!(number as i64, 5 | 10)
            && self.at + 2 >= self.pieces.len();
        (said || slash) && (2.0..=100.0).contains(&number)
    }

    /// What the words beside the number say it means: "1 = very good", "5 being the best", "5 best", "1 (very
    /// poor)", "very poor (1)".
    fn meaning(&self) -> Option<Meaning> {
        let rest = &self.pieces[self.at + 1..];
        let marks = rest.iter().take(2).take_while(|p| matches!(p, Piece::Equals | Piece::Dash | Piece::Open)).count();
        let words = phrase(&rest[marks..]);
        let equals = rest[..marks].iter().any(|p| *p != Piece::Dash);
        if (1..=words.len()).any(|n| is_no_answer(&words[..n].join(" "))) {
            return Some(Meaning::NoAnswer);
        }
        // "1 good desk" is a desk; a whole phrase of a scale, or a word that links, makes it an answer.
        let linked = words
            .first()
            .is_some_and(|w| matches!(*w, "is" | "being" | "means" | "equals" | "yw" | "ydyw" | "es" | "significa"));
        let whole = words.len() == 1 || fraction_of(&words.join(" ")).is_some();
        if (equals || linked || whole)
            && let Some(best) = is_best(&words)
        {
            return Some(Meaning::Best(best));
        }
        let opened = self.at.checked_sub(1).is_some_and(|b| self.pieces[b] == Piece::Open);
        if opened && matches!(self.after(1), None | Some(Piece::Mark)) {
            let mut words: Vec<&str> = (2..=5).map_while(|n| Some(self.before(n)).filter(|w| !w.is_empty())).collect();
            words.reverse();
            let place = (0..words.len()).find_map(|from| fraction_of(&words[from..].join(" ")))?;
            return (place != 0.5).then_some(Meaning::Best(place > 0.5));
        }
        None
    }
}

impl SaidScale {
    /// Numbers with words beside them tell the direction, and the ends where nothing else does.
    fn take_ends(&mut self, ends: &[(f64, bool)]) {
        let best =
            ends.iter().filter(|e| e.1).map(|e| e.0).fold(None, |m: Option<f64>, n| Some(m.map_or(n, |m| m.max(n))));
        let worst =
            ends.iter().filter(|e| !e.1).map(|e| e.0).fold(None, |m: Option<f64>, n| Some(m.map_or(n, |m| m.min(n))));
        match (best, worst) {
            (Some(best), Some(worst)) if best != worst => {
                let all = || ends.iter().map(|e| e.0);
                self.low_is_best = Some(best < worst);
                let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
                self.low = self.low.or(Some(low));
                self.high = self.high.or(Some(high));
            }
            (Some(best), None) => self.one_end(best, true),
            (None, Some(worst)) => self.one_end(worst, false),
            _ => {}
        }
    }

    /// Only one end has words: it is the small one if it is 0 or 1, else the large one.
    fn one_end(&mut self, number: f64, best: bool) {
        let small = number <= 1.0;
        self.low_is_best = Some(small == best);
        if small {
            self.low = self.low.or(Some(number));
        } else if self.high.is_none() && [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 10.0, 100.0].contains(&number) {
            self.high = Some(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(heading: &str) -> (Option<f64>, Option<f64>, Option<bool>) {
        let said = read(heading);
        (said.low, said.high, said.low_is_best)
    }

    #[test]
    fn a_heading_says_its_scale_in_three_languages() {
        let up = |low: f64, high: f64| (Some(low), Some(high), Some(false));
        let down = |low: f64, high: f64| (Some(low), Some(high), Some(true));
        for (heading, expected) in [
            ("Overall (1 = excellent, 6 = very poor)", down(1.0, 6.0)),
            ("Ease: 1 very hard – 7 very easy", up(1.0, 7.0)),
            ("Mark from 1 (worst) to 4 (best)", up(1.0, 4.0)),
            ("Rate us, where 1 is best and 5 is worst", down(1.0, 5.0)),
            ("How likely? (0 = not at all likely, 10 = extremely likely)", up(0.0, 10.0)),
            ("Sgôr (1 = gwael iawn, 5 = da iawn)", up(1.0, 5.0)),
            ("Boddhad (1 = bodlon iawn; 4 = anfodlon iawn)", down(1.0, 4.0)),
            ("Valoración (1 = muy mala, 5 = muy buena)", up(1.0, 5.0)),
            ("Quality 1-5 (1 best)", down(1.0, 5.0)),
            ("Score, 5 being the best", (None, Some(5.0), Some(false))),
        ] {
            assert_eq!(ends(heading), expected, "{heading}");
        }
        for (heading, low, high) in [
            ("Marks out of 10", None, Some(10.0)),
            ("Sgôr allan o 5", None, Some(5.0)),
            ("Nota sobre 10", None, Some(10.0)),
            ("Score /10", None, Some(10.0)),
            ("Warmth (1-5)", Some(1.0), Some(5.0)),
            ("On a scale of 0 to 10, how was it?", Some(0.0), Some(10.0)),
            ("O 1 i 7, pa mor hawdd oedd hi?", Some(1.0), Some(7.0)),
            ("De 1 a 5, ¿cómo de fácil fue?", Some(1.0), Some(5.0)),
        ] {
            assert_eq!(ends(heading), (low, high, None), "{heading}");
        }
    }

    #[test]
    fn numbers_that_are_no_answer_are_said_too() {
        let said = read("Speed (1 = poor, 5 = good, 8 = not applicable, 9 = don't know)");
        assert_eq!((said.low, said.high), (Some(1.0), Some(5.0)));
        assert_eq!(said.no_answer.into_iter().collect::<Vec<_>>(), [8, 9]);
        assert_eq!(read("Desk (0 = did not use)").no_answer.into_iter().collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn other_numbers_say_nothing() {
        assert_eq!(ends("Very poor (1) to very good (5)"), (Some(1.0), Some(5.0), Some(false)));
        for heading in [
            "Q1",
            "Q5. What could we do better?",
            "Question 5: Good things",
            "The 3 best desks",
            "Children aged 0-5",
            "Age 16-24",
            "2023-24",
            "Address 1",
            "Which of the 3 desks?",
            "Ward 5",
        ] {
            assert_eq!(read(heading), SaidScale::default(), "{heading}");
        }
    }
}

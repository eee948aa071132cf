//! Scales of ratings, found from the answers of a column: numbers, stars, words, "4 out of 5".

use std::collections::{BTreeMap, BTreeSet};

use commonweal_domain::import::RatingColumn;

use super::record::{counted, listed};
use super::values::plain_words;

/// Answers in words from worst to best; several words for one step are separated by `/`.
struct Family {
    steps: &'static [&'static str],
}

/// The first so many families are only used to rate; the others also answer other questions, such as
/// how often somebody takes the bus.
const ONLY_RATINGS: usize = 9;

const FAMILIES: &[Family] = &[
    Family {
        steps: &[
            "very poor/very bad",
            "poor/bad",
            "neither good nor poor/neither good nor bad/neither/ok/okay/average/neutral",
            "good",
            "very good",
        ],
    },
    Family {
        steps: &["very poor/very bad", "poor/bad", "fair/average/ok/okay/satisfactory/adequate", "good", "very good"],
    },
    Family { steps: &["poor/very poor", "fair", "good", "very good", "excellent"] },
    Family {
        steps: &[
            "very poor/terrible/awful",
            "poor/bad",
            "fair/average/ok/okay/satisfactory/acceptable",
            "good",
            "excellent/outstanding",
        ],
    },
    Family {
        steps: &[
            "very dissatisfied/very unsatisfied/extremely dissatisfied/completely dissatisfied",
            "dissatisfied/fairly dissatisfied/somewhat dissatisfied/quite dissatisfied/unsatisfied/slightly dissatisfied",
            "neither satisfied nor dissatisfied/neither satisfied or dissatisfied/neither dissatisfied nor satisfied/neither/neutral",
            "satisfied/fairly satisfied/somewhat satisfied/quite satisfied/slightly satisfied",
            "very satisfied/extremely satisfied/completely satisfied",
        ],
    },
    Family {
        steps: &[
            "extremely unlikely/very unlikely",
            "unlikely/fairly unlikely/somewhat unlikely/quite unlikely",
            "neither likely nor unlikely/neither likely or unlikely/neither unlikely nor likely/neither/neutral",
            "likely/fairly likely/somewhat likely/quite likely",
            "extremely likely/very likely",
        ],
    },
    Family {
        steps: &[
            "strongly disagree/completely disagree/totally disagree/disagree strongly",
            "disagree/tend to disagree/somewhat disagree/slightly disagree/disagree slightly",
            "neither agree nor disagree/neither agree or disagree/neither disagree nor agree/neither/neutral/undecided",
            "agree/tend to agree/somewhat agree/slightly agree/agree slightly",
            "strongly agree/completely agree/totally agree/agree strongly",
        ],
    },
    Family {
        steps: &[
            "very difficult/very hard/extremely difficult",
            "difficult/fairly difficult/somewhat difficult/quite difficult/hard",
            "neither easy nor difficult/neither easy or difficult/neither difficult nor easy/neither/neutral",
            "easy/fairly easy/somewhat easy/quite easy",
            "very easy/extremely easy",
        ],
    },
    Family {
        steps: &[
            "very unhappy",
            "unhappy/quite unhappy/sad",
            "neither happy nor unhappy/neutral/ok/okay/neither",
            "happy/quite happy",
            "very happy",
        ],
    },
    Family { steps: &["never", "rarely/seldom", "sometimes", "often/usually/most of the time", "always"] },
    Family {
        steps: &[
            "not at all helpful/not at all",
            "not very helpful/not very/slightly",
            "somewhat helpful/somewhat/moderately",
            "very helpful/very",
            "extremely helpful/extremely",
        ],
    },
    Family { steps: &["unhappy/sad/dissatisfied", "neutral/ok/okay/neither", "happy/satisfied"] },
    Family { steps: &["poor/bad", "average/ok/okay/fair", "good"] },
    Family {
        steps: &[
            "not met/did not meet expectations/below expectations",
            "met/met expectations",
            "exceeded/exceeded expectations/above expectations",
        ],
    },
    Family {
        steps: &[
            "no/no not at all/not at all",
            "partly/somewhat/to some extent/yes to some extent/yes partly/partially",
            "yes/yes definitely/yes completely/definitely/completely",
        ],
    },
    Family {
        steps: &[
            "thumbs down/thumb down/dislike/👎/not helpful/unhelpful/not useful/negative",
            "thumbs up/thumb up/like/👍/helpful/useful/positive",
        ],
    },
    Family { steps: &["no", "yes"] },
];

/// Answers that are no rating.
const NO_ANSWER: &[&str] = &[
    "dont know",
    "don t know",
    "do not know",
    "not sure",
    "unsure",
    "no opinion",
    "not applicable",
    "n a",
    "na",
    "none",
    "prefer not to say",
    "prefer not to answer",
    "rather not say",
    "no answer",
    "not answered",
    "did not answer",
    "refused",
    "no response",
    "cant say",
    "can t say",
    "does not apply",
    "not stated",
    "skipped",
    "blank",
    "dk",
    "no experience",
    "not used",
    "never used",
    "have not used",
    "unknown",
    "null",
    "other",
    "no rating",
];

/// Numbers by which surveys code "no answer", beside those that lie on the scale.
const CODES: &[f64] = &[
    -1.0, -2.0, -3.0, -7.0, -8.0, -9.0, -99.0, 6.0, 7.0, 8.0, 9.0, 77.0, 88.0, 97.0, 98.0, 99.0, 997.0, 998.0, 999.0,
    9999.0,
];

/// An answer taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    Number(f64),
    /// "4/5", "4 out of 5".
    OutOf(f64, f64),
    /// "★★★★☆", "4 stars".
    Stars(f64),
    /// "5 - Very good": the number and the words.
    Labelled(f64, String),
    Words(String),
}

/// Takes an answer apart.
pub(crate) fn answer(cell: &str) -> Answer {
    let number = |text: &str| text.trim().replace(',', ".").parse::<f64>().ok().filter(|n| n.is_finite());
    if let Some(n) = number(cell) {
        return Answer::Number(n);
    }
    let full = cell.chars().filter(|c| matches!(c, '★' | '⭐' | '🌟')).count();
    if full > 0 && cell.chars().all(|c| matches!(c, '★' | '⭐' | '🌟' | '☆' | '\u{fe0f}') || c.is_whitespace()) {
        return Answer::Stars(full as f64);
    }
    let digits = cell.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')).count();
    let (head, tail) = cell.split_at(digits);
    if let Some(n) = number(head.trim_end_matches(['.', '-'])) {
        let words = plain_words(tail);
        let out_of = tail.trim().strip_prefix('/').and_then(number);
        let named = words.strip_prefix("out of ").or_else(|| words.strip_prefix("of ")).and_then(number);
        if let Some(of) = out_of.or(named).filter(|of| *of >= n && *of >= 2.0) {
            return Answer::OutOf(n, of);
        }
        if matches!(words.as_str(), "star" | "stars") {
            return Answer::Stars(n);
        }
        if !words.is_empty() && tail.starts_with([' ', '-', '=', ':', '(', ')', '.', ',', '–', '—']) {
            return Answer::Labelled(n, words);
        }
    }
    Answer::Words(if cell.chars().any(|c| matches!(c, '👍' | '👎')) { cell.to_owned() } else { plain_words(cell) })
}

/// Whether these words, as [`plain_words`] gives them, are known to be no rating.
pub(crate) fn is_no_answer(words: &str) -> bool {
    NO_ANSWER.contains(&words)
}

impl Family {
    /// The place of the words from 0 to the number of steps less one.
    fn place(&self, words: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.split('/').any(|w| w == words))
    }
}

/// The family that knows most of these answers, by how often they occur; the earlier one on a tie.
fn family_of(words: &[(&str, usize)]) -> Option<&'static Family> {
    let known = |f: &Family| words.iter().filter(|(w, _)| f.place(w).is_some()).map(|(_, n)| n).sum::<usize>();
    let all: usize = words.iter().map(|(_, n)| n).sum();
    // Three answers that are all of a scale of three are not a part of one of five.
    let complete = |f: &Family| (0..f.steps.len()).all(|p| words.iter().any(|(w, _)| f.place(w) == Some(p)));
    let (_, best) = FAMILIES.iter().enumerate().max_by_key(|(n, f)| (known(f), complete(f), usize::MAX - n))?;
    (known(best) * 10 >= all * 9 && known(best) > 0).then_some(best)
}

/// Where words lie between worst (0) and best (1) in whichever family has them.
fn fraction_of(words: &str) -> Option<f64> {
    FAMILIES.iter().find_map(|f| Some(f.place(words)? as f64 / (f.steps.len() - 1) as f64))
}

/// A scale that was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    pub(crate) column: RatingColumn,
    /// Why, as a clause to follow "a scale from 1 (worst) to 5 (best), ".
    pub(crate) why: String,
    /// What somebody should check, as sentences that need the heading in front.
    pub(crate) notes: Vec<String>,
    /// Whether the answers alone make it certain that these are ratings: words or stars.
    pub(crate) certain: bool,
}

/// Finds the scale of a column from its different answers with their counts, or `None` when they
/// are not ratings. `heading` is the heading as [`plain_words`] gives it.
pub(crate) fn find_scale(answers: &[(String, usize)], heading: &str) -> Option<Scale> {
    let mut column = RatingColumn::default();
    let mut numbers: BTreeMap<i64, usize> = BTreeMap::new();
    let (mut fractions, mut odd) = (0, 0);
    let (mut stars, mut out_of, mut labelled, mut words) = (0, Vec::new(), Vec::new(), Vec::new());
    for (cell, count) in answers {
        match answer(cell) {
            Answer::Words(w) if is_no_answer(&w) => {
                column.no_answer.insert(cell.to_lowercase());
            }
            Answer::Labelled(_, w) if is_no_answer(&w) => {
                column.no_answer.insert(cell.to_lowercase());
            }
            Answer::Number(n) if n.fract() == 0.0 && n.abs() < 1e6 => *numbers.entry(n as i64).or_default() += count,
            Answer::Number(n) => {
                fractions += count;
                odd += if (n * 2.0).fract() == 0.0 && (0.0..=10.0).contains(&n) { 0 } else { *count };
            }
            Answer::Stars(n) => stars = stars.max(n as i64),
            Answer::OutOf(n, of) => out_of.push((n, of)),
            Answer::Labelled(n, w) => labelled.push((cell, n, w, *count)),
            Answer::Words(w) => words.push((cell, w, *count)),
        }
    }
    let kinds =
        [numbers.is_empty() && fractions == 0, stars == 0, out_of.is_empty(), labelled.is_empty(), words.is_empty()];
    if kinds.iter().filter(|empty| !**empty).count() != 1 {
        return None;
    }
    if stars > 0 {
        (column.worst, column.best) = (1.0, 5.0_f64.max(stars as f64));
        return Some(Scale { column, why: "because the answers are stars".into(), notes: Vec::new(), certain: true });
    }
    if let Some(&(_, of)) = out_of.first() {
        if out_of.iter().any(|(_, o)| *o != of) {
            return None;
        }
        let zero = of >= 10.0 || out_of.iter().any(|(n, _)| *n == 0.0);
        (column.worst, column.best) = (if zero { 0.0 } else { 1.0 }, of);
        return Some(Scale {
            column,
            why: format!("because the answers are “out of {of}”"),
            notes: Vec::new(),
            certain: true,
        });
    }
    if !labelled.is_empty() {
        return labelled_scale(column, &labelled);
    }
    if !words.is_empty() {
        return word_scale(column, &words);
    }
    if odd * 20 > fractions + numbers.values().sum::<usize>() {
        return None;
    }
    number_scale(column, &numbers, fractions, heading)
}

fn labelled_scale(mut column: RatingColumn, labelled: &[(&String, f64, String, usize)]) -> Option<Scale> {
    let placed: Vec<(f64, f64)> = labelled.iter().filter_map(|(_, n, w, _)| Some((*n, fraction_of(w)?))).collect();
    let low = labelled.iter().map(|l| l.1).fold(f64::INFINITY, f64::min);
    let high = labelled.iter().map(|l| l.1).fold(f64::NEG_INFINITY, f64::max);
    if labelled.len() > 11 || high > 10.0 || low < -5.0 || placed.is_empty() {
        return None;
    }
    // Numbers and words rising together or against each other tell the direction.
    let mean = |f: fn(&(f64, f64)) -> f64| placed.iter().map(f).sum::<f64>() / placed.len() as f64;
    let (mean_number, mean_place) = (mean(|p| p.0), mean(|p| p.1));
    let together: f64 = placed.iter().map(|p| (p.0 - mean_number) * (p.1 - mean_place)).sum();
    let single_reversed = placed.len() == 1 && (placed[0].0 <= 2.0) == (placed[0].1 > 0.5);
    let bottom = low.min(1.0);
    let top = [1.0, 3.0, 4.0, 5.0, 7.0, 10.0].into_iter().find(|t| high <= *t)?.max(if high > 1.0 { 5.0 } else { 1.0 });
    let top = if labelled.len() >= 3 && high < 5.0 { high } else { top };
    let reversed = together < 0.0 || single_reversed;
    (column.worst, column.best) = if reversed { (top, bottom) } else { (bottom, top) };
    for (cell, n, _, _) in labelled {
        column.words.insert(cell.to_lowercase(), *n);
    }
    Some(Scale { column, why: "because the answers say so".into(), notes: Vec::new(), certain: true })
}

fn word_scale(mut column: RatingColumn, words: &[(&String, String, usize)]) -> Option<Scale> {
    let plain: Vec<(&str, usize)> = words.iter().map(|(_, w, n)| (w.as_str(), *n)).collect();
    let family = family_of(&plain)?;
    let steps = family.steps.len();
    let (mut known, mut unknown) = (BTreeSet::new(), Vec::new());
    for (cell, word, _) in words {
        match family.place(word) {
            Some(place) => {
                known.insert(place);
                column.words.insert(cell.to_lowercase(), value_at(place, steps));
            }
            None => unknown.push(cell.as_str()),
        }
    }
    // All other words of the family, so that next month's file is read the same.
    for (place, step) in family.steps.iter().enumerate() {
        for word in step.split('/') {
            column.words.entry(word.to_owned()).or_insert(value_at(place, steps));
        }
    }
    (column.worst, column.best) = (value_at(0, steps), value_at(steps - 1, steps));
    let mut notes = Vec::new();
    if !unknown.is_empty() {
        notes.push(format!(
            "has answers that are not on its scale: {}. Rows with them are rejected until somebody says what they mean.",
            listed(unknown, 5)
        ));
    }
    let ends = |at: usize| family.steps[at].split('/').next().unwrap_or("");
    let why = format!("because the answers run from “{}” to “{}”", ends(0), ends(steps - 1));
    let only_rates = FAMILIES.iter().take(ONLY_RATINGS).any(|f| std::ptr::eq(f, family));
    Some(Scale { column, why, notes, certain: only_rates && known.len() > 1 })
}

fn value_at(place: usize, steps: usize) -> f64 {
    // Two answers are 0 and 1, as a thumb is; more are counted from 1.
    if steps == 2 { place as f64 } else { place as f64 + 1.0 }
}

fn number_scale(
    mut column: RatingColumn,
    numbers: &BTreeMap<i64, usize>,
    fractions: usize,
    heading: &str,
) -> Option<Scale> {
    let total: usize = numbers.values().sum::<usize>() + fractions;
    let says = |words: &[&str]| {
        let padded = format!(" {heading} ");
        words.iter().any(|w| padded.contains(&format!(" {w} ")))
    };
    let friends = says(&["fft", "friends and family"]);
    let on_fft_scale = numbers.keys().all(|n| (1..=9).contains(n)) && numbers.keys().any(|n| *n <= 5) && fractions == 0;
    if friends && on_fft_scale && !says(&["score"]) {
        return Some(friends_and_family(column, numbers));
    }
    // A few halves occur among stars; many fractions are averages or measurements.
    if fractions * 2 > total {
        return None;
    }
    let mut on_scale: BTreeSet<i64> = numbers.keys().copied().collect();
    let mut codes = Vec::new();
    for code in CODES.iter().rev().map(|c| *c as i64) {
        let below = on_scale.range(..code).next_back().copied();
        let above = on_scale.range(code + 1..).next().copied();
        let apart_above =
            above.is_none() && below.is_some_and(|b| code - b >= 2 && b >= 2 && !(code <= 10 && on_scale.len() < 4));
        let apart_below = code < 0 && below.is_none() && above.is_some_and(|a| a >= 0);
        if on_scale.contains(&code) && (apart_above || apart_below) {
            on_scale.remove(&code);
            codes.push(code);
        }
    }
    // One answer of 11 among a hundred up to 5 is a slip, which its row will be sent back for.
    let slips: usize = numbers.range(11..).map(|(_, n)| n).sum();
    if total >= 20 && slips * 20 <= total {
        on_scale.retain(|n| *n <= 10);
    }
    let (low, high) = (*on_scale.first()?, *on_scale.last()?);
    let full = on_scale.len() as i64 == high - low + 1;
    let (bottom, top) = match (low, high) {
        (l, h) if l < 0 => {
            let end = h.max(-l);
            if end > 5 { return None } else { (-end, end) }
        }
        (0, 0..=1) => (0, 1),
        (_, 1) => (1, 5),
        (l, h) if h <= 10 => {
            let recommend = says(&["recommend", "nps", "likely", "likelihood", "promoter"]);
            let top = match h {
                2..=3 if h == 3 && full && total >= 50 && l == 1 => 3,
                4 if full && total >= 100 => 4,
                2..=5 => 5,
                6 if full && total >= 50 => 6,
                6..=7 => 7,
                _ => 10,
            };
            (if l == 0 || (top == 10 && recommend) { 0 } else { 1 }, top)
        }
        (l, 20..=100) if l >= 0 && says(&["score", "rating", "satisfaction", "csat", "nps"]) => (0, 100),
        _ => return None,
    };
    let (bottom, top) = (bottom as f64, top as f64);
    let reversed = direction_in(heading, bottom, top) == Some(false);
    (column.worst, column.best) = if reversed { (top, bottom) } else { (bottom, top) };
    let mut notes = Vec::new();
    if !codes.is_empty() {
        codes.sort_unstable();
        let times: usize = codes.iter().filter_map(|c| numbers.get(c)).sum();
        let list: Vec<String> = codes.iter().map(i64::to_string).collect();
        notes.push(format!(
            "has answers that lie off its scale ({}; {} times in the rows looked at). They are taken as “no answer”.",
            list.join(", "),
            counted(times)
        ));
        column.no_answer.extend(list);
    }
    let why = if reversed {
        "because the heading says which end is best".to_owned()
    } else {
        format!("because the answers are numbers from {low} to {high}")
    };
    Some(Scale { column, why, notes, certain: false })
}

/// The Friends and Family Test of the NHS in England codes 1 for "Very good" to 5 for "Very poor" and
/// 6 for "Don't know" (NHS England, *Using the Friends and Family Test to improve patient
/// experience*, 2020).
fn friends_and_family(mut column: RatingColumn, numbers: &BTreeMap<i64, usize>) -> Scale {
    (column.worst, column.best) = (5.0, 1.0);
    column.no_answer.extend(["6", "7", "8", "9"].map(str::to_owned));
    let off: usize = numbers.range(6..).map(|(_, n)| n).sum();
    let mut notes = vec![
        "is read by the codes of the Friends and Family Test: 1 is “Very good” and 5 is “Very poor”. If yours are the \
         other way round, say the scale."
            .to_owned(),
    ];
    if off > 0 {
        notes.push(format!(
            "has codes above 5, which stand for “Don’t know” or “no answer” ({} times in the rows looked at). They are \
             no rating.",
            counted(off)
        ));
    }
    Scale { column, why: "as in the Friends and Family Test".into(), notes, certain: false }
}

/// Whether a heading such as "Rate us (1 = very poor, 5 = very good)" says that more is better.
fn direction_in(heading: &str, bottom: f64, top: f64) -> Option<bool> {
    let words: Vec<&str> = heading.split(' ').collect();
    for (at, word) in words.iter().enumerate() {
        let Ok(number) = word.parse::<f64>() else { continue };
        if number != bottom && number != top {
            continue;
        }
        let mut rest = &words[at + 1..];
        while let Some(first) = rest.first()
            && matches!(*first, "is" | "being" | "means" | "equals" | "the")
        {
            rest = &rest[1..];
        }
        for length in (1..=4.min(rest.len())).rev() {
            let phrase = rest[..length].join(" ");
            let place = fraction_of(&phrase).or(match phrase.as_str() {
                "best" | "highest" | "high" => Some(1.0),
                "worst" | "lowest" | "low" => Some(0.0),
                _ => None,
            });
            if let Some(place) = place.filter(|p| *p != 0.5) {
                return Some((place > 0.5) == (number == top));
            }
        }
    }
    None
}

/// A word of any family as a number on this scale, for answers that were not among those looked at.
pub(crate) fn known_word(words: &str, worst: f64, best: f64) -> Option<f64> {
    fraction_of(words).map(|place| worst + place * (best - worst))
}

#[cfg(test)]
mod tests;

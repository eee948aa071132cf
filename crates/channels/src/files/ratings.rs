//! Scales of ratings, found from all evidence together: the answers of a column (numbers, stars, words, faces,
//! "4 out of 5", labels at the ends), and what its heading says.

use std::collections::{BTreeMap, BTreeSet};

use commonweal_domain::import::RatingColumn;

use super::families::{face_of, family_of, fraction_of, is_no_answer};
use super::record::{counted, listed};
use super::said_scale::{self, SaidScale};
use super::values::plain_words;

/// Numbers by which surveys code "no answer", beside those that lie on the scale.
const CODES: &[i64] = &[
    -1, -2, -3, -4, -5, -6, -7, -8, -9, -66, -77, -88, -97, -98, -99, -999, 6, 7, 8, 9, 66, 77, 88, 96, 97, 98, 99,
    777, 888, 995, 996, 997, 998, 999, 7777, 8888, 9997, 9998, 9999,
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
    /// Words, or one face.
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
    if let Some(face) = face_of(cell) {
        return Answer::Words(face);
    }
    let digits = cell.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')).count();
    let (head, tail) = cell.split_at(digits);
    if let Some(n) = number(head.trim_end_matches(['.', '-'])) {
        let words = plain_words(tail);
        let out_of = tail.trim().strip_prefix('/').and_then(number);
        let named =
            ["out of ", "of ", "allan o ", "sobre ", "de "].iter().find_map(|w| words.strip_prefix(w)).and_then(number);
        if let Some(of) = out_of.or(named).filter(|of| *of >= n && *of >= 2.0) {
            return Answer::OutOf(n, of);
        }
        if matches!(words.as_str(), "star" | "stars" | "seren" | "estrella" | "estrellas") {
            return Answer::Stars(n);
        }
        if !words.is_empty() && tail.starts_with([' ', '-', '=', ':', '(', ')', '.', ',', '–', '—']) {
            return Answer::Labelled(n, words);
        }
    }
    Answer::Words(plain_words(cell))
}

/// A scale that was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    pub(crate) column: RatingColumn,
    /// Why, as a clause to follow "a scale from 1 (worst) to 5 (best), ".
    pub(crate) why: String,
    /// What somebody should check, as sentences that need the heading in front.
    pub(crate) notes: Vec<String>,
    /// Whether the answers, or what the heading says of them, make it certain that these are ratings.
    pub(crate) certain: bool,
}

/// What nearly all answers of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// With words beside them or without.
    Numbers,
    Stars,
    OutOf,
    Words,
}

/// The answers of a column by what they are, with how often they occur.
#[derive(Default)]
struct Sorted<'a> {
    column: RatingColumn,
    numbers: BTreeMap<i64, usize>,
    fractions: usize,
    /// Numbers that nobody gives, such as averages.
    odd: usize,
    stars: Vec<(&'a str, i64, usize)>,
    out_of: Vec<(&'a str, f64, f64, usize)>,
    labelled: Vec<(&'a str, f64, String, usize)>,
    words: Vec<(&'a str, String, usize)>,
}

impl<'a> Sorted<'a> {
    fn of(answers: &'a [(String, usize)]) -> Self {
        let mut sorted = Self::default();
        for (cell, count) in answers {
            match answer(cell) {
                Answer::Words(w) | Answer::Labelled(_, w) if is_no_answer(&w) => {
                    sorted.column.no_answer.insert(cell.to_lowercase());
                }
                Answer::Number(n) if n.fract() == 0.0 && n.abs() < 1e6 => {
                    *sorted.numbers.entry(n as i64).or_default() += count;
                }
                Answer::Number(n) => {
                    sorted.fractions += count;
                    sorted.odd += if (n * 2.0).fract() == 0.0 && (0.0..=10.0).contains(&n) { 0 } else { *count };
                }
                Answer::Stars(n) => sorted.stars.push((cell, n as i64, *count)),
                Answer::OutOf(n, of) => sorted.out_of.push((cell, n, of, *count)),
                Answer::Labelled(n, w) => sorted.labelled.push((cell, n, w, *count)),
                Answer::Words(w) => sorted.words.push((cell, w, *count)),
            }
        }
        sorted
    }

    /// Leaves only the kind of answers that nearly all are, and gives the others. None if there is no such kind. A
    /// slip among hundreds must not cost the column.
    fn main_kind(&mut self) -> Option<(Kind, Vec<String>)> {
        let numbers = self.numbers.values().sum::<usize>() + self.fractions;
        let sizes = [
            numbers + self.labelled.iter().map(|l| l.3).sum::<usize>(),
            self.stars.iter().map(|s| s.2).sum(),
            self.out_of.iter().map(|o| o.3).sum(),
            self.words.iter().map(|w| w.2).sum(),
        ];
        let all: usize = sizes.iter().sum();
        let kinds = [Kind::Numbers, Kind::Stars, Kind::OutOf, Kind::Words];
        let (at, most) = sizes.iter().copied().enumerate().max_by_key(|(n, size)| (*size, usize::MAX - n))?;
        let (main, rest) = (kinds[at], all - most);
        // Words that every scale knows may stand among numbers.
        let known: usize = self.words.iter().filter(|w| fraction_of(&w.1).is_some()).map(|w| w.2).sum();
        let unknown = if main == Kind::Numbers { rest.saturating_sub(known) } else { rest };
        let few = unknown * 20 <= all || (unknown == 1 && all >= 5);
        if most == 0 || !few || rest * 5 > all * 2 {
            return None;
        }
        let mut odd: Vec<String> = Vec::new();
        let mut leave = |cell: &str| odd.push(cell.to_owned());
        if main != Kind::Numbers {
            self.labelled.drain(..).for_each(|l| leave(l.0));
            for n in std::mem::take(&mut self.numbers).into_keys() {
                leave(&n.to_string());
            }
            self.fractions = 0;
        }
        if main != Kind::Stars {
            self.stars.drain(..).for_each(|s| leave(s.0));
        }
        if main != Kind::OutOf {
            self.out_of.drain(..).for_each(|o| leave(o.0));
        }
        if main != Kind::Words {
            self.words
                .drain(..)
                .filter(|w| main != Kind::Numbers || fraction_of(&w.1).is_none())
                .for_each(|w| leave(w.0));
        }
        Some((main, odd))
    }
}

/// Finds the scale of a column from its different answers with their counts, or `None` when they
/// are not ratings. `heading` is the heading as it stands in the file.
pub(crate) fn find_scale(answers: &[(String, usize)], heading: &str) -> Option<Scale> {
    let mut sorted = Sorted::of(answers);
    let (kind, odd) = sorted.main_kind()?;
    let said = said_scale::read(heading);
    let Sorted { column, numbers, fractions, odd: averages, stars, out_of, labelled, words } = sorted;
    let mut scale = match kind {
        Kind::Stars => star_scale(column, stars.iter().map(|s| s.1).max().unwrap_or(5)),
        Kind::OutOf => out_of_scale(column, &out_of)?,
        Kind::Words => word_scale(column, &words)?,
        Kind::Numbers if !labelled.is_empty() => labelled_scale(column, &labelled, &numbers, &said)?,
        Kind::Numbers if averages * 20 > fractions + numbers.values().sum::<usize>() => return None,
        Kind::Numbers => number_scale(column, &numbers, fractions, heading, &said)?,
    };
    if !odd.is_empty() {
        scale.notes.push(off_scale(&odd));
    }
    Some(scale)
}

fn off_scale(answers: &[String]) -> String {
    format!(
        "has answers that are not on its scale: {}. Rows with them are rejected until somebody says what they mean.",
        listed(answers.iter().map(String::as_str), 5)
    )
}

fn star_scale(mut column: RatingColumn, most: i64) -> Scale {
    (column.worst, column.best) = (1.0, 5.0_f64.max(most as f64));
    Scale { column, why: "because the answers are stars".into(), notes: Vec::new(), certain: true }
}

fn out_of_scale(mut column: RatingColumn, answers: &[(&str, f64, f64, usize)]) -> Option<Scale> {
    let of = answers.first()?.2;
    if answers.iter().any(|a| a.2 != of) {
        return None;
    }
    let zero = of >= 10.0 || answers.iter().any(|a| a.1 == 0.0);
    (column.worst, column.best) = (if zero { 0.0 } else { 1.0 }, of);
    Some(Scale { column, why: format!("because the answers are “out of {of}”"), notes: Vec::new(), certain: true })
}

/// Answers of which some or all carry words beside their numbers.
fn labelled_scale(
    mut column: RatingColumn,
    labelled: &[(&str, f64, String, usize)],
    numbers: &BTreeMap<i64, usize>,
    said: &SaidScale,
) -> Option<Scale> {
    let placed: Vec<(f64, f64)> = labelled.iter().filter_map(|(_, n, w, _)| Some((*n, fraction_of(w)?))).collect();
    let all = || labelled.iter().map(|l| l.1).chain(numbers.keys().map(|n| *n as f64));
    let low = all().fold(f64::INFINITY, f64::min);
    let high = all().fold(f64::NEG_INFINITY, f64::max);
    // "12 Main Street" is no answer: without a word of a scale, numbers alone must be the rule.
    let told = !placed.is_empty() || said.is_certain() || (!numbers.is_empty() && labelled.len() <= 3);
    if labelled.len() > 11 || high > 10.0 || low < -5.0 || !told {
        return None;
    }
    // Numbers and words rising together or against each other tell the direction.
    let mean = |f: fn(&(f64, f64)) -> f64| placed.iter().map(f).sum::<f64>() / placed.len().max(1) as f64;
    let (mean_number, mean_place) = (mean(|p| p.0), mean(|p| p.1));
    let together: f64 = placed.iter().map(|p| (p.0 - mean_number) * (p.1 - mean_place)).sum();
    let single_reversed = placed.len() == 1 && (placed[0].0 <= 2.0) == (placed[0].1 > 0.5);
    let bottom = said.low.unwrap_or(low.min(1.0));
    let top = [1.0, 3.0, 4.0, 5.0, 7.0, 10.0].into_iter().find(|t| high <= *t)?.max(if high > 1.0 { 5.0 } else { 1.0 });
    let top = if labelled.len() >= 3 && numbers.is_empty() && high < 5.0 { high } else { said.high.unwrap_or(top) };
    let reversed = match said.low_is_best {
        Some(reversed) if placed.is_empty() => reversed,
        _ => together < 0.0 || single_reversed,
    };
    (column.worst, column.best) = if reversed { (top, bottom) } else { (bottom, top) };
    for (cell, n, _, _) in labelled {
        column.words.insert(cell.to_lowercase(), *n);
    }
    Some(Scale { column, why: "because the answers say so".into(), notes: Vec::new(), certain: true })
}

fn word_scale(mut column: RatingColumn, words: &[(&str, String, usize)]) -> Option<Scale> {
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
            None => unknown.push((*cell).to_owned()),
        }
    }
    // All other words of the family, so that next month's file is read the same.
    for (place, step) in family.steps.iter().enumerate() {
        for word in step.split('/') {
            column.words.entry(word.to_owned()).or_insert(value_at(place, steps));
        }
    }
    (column.worst, column.best) = (value_at(0, steps), value_at(steps - 1, steps));
    let notes = if unknown.is_empty() { Vec::new() } else { vec![off_scale(&unknown)] };
    let why = format!("because the answers run from “{}” to “{}”", family.name(0), family.name(steps - 1));
    Some(Scale { column, why, notes, certain: family.rates && known.len() > 1 })
}

fn value_at(place: usize, steps: usize) -> f64 {
    // Two answers are 0 and 1, as a thumb is; more are counted from 1.
    if steps == 2 { place as f64 } else { place as f64 + 1.0 }
}

/// Whether a heading, in lower-case words, has one of these.
fn says(heading: &str, words: &[&str]) -> bool {
    let padded = format!(" {heading} ");
    words.iter().any(|w| padded.contains(&format!(" {w} ")))
}

fn number_scale(
    mut column: RatingColumn,
    numbers: &BTreeMap<i64, usize>,
    fractions: usize,
    heading: &str,
    said: &SaidScale,
) -> Option<Scale> {
    let total: usize = numbers.values().sum::<usize>() + fractions;
    let heading = plain_words(heading);
    let friends = says(&heading, &["fft", "friends and family"]);
    let on_fft_scale = numbers.keys().all(|n| (1..=9).contains(n)) && numbers.keys().any(|n| *n <= 5) && fractions == 0;
    if friends && on_fft_scale && !says(&heading, &["score"]) && !said.is_certain() {
        return Some(friends_and_family(column, numbers));
    }
    // A few halves occur among stars; many fractions are averages or measurements.
    if fractions * 2 > total {
        return None;
    }
    let mut on_scale: BTreeSet<i64> = numbers.keys().copied().collect();
    let mut codes: Vec<i64> = on_scale.intersection(&said.no_answer).copied().collect();
    on_scale.retain(|n| !codes.contains(n));
    let told = said_ends(said, &on_scale, numbers, total);
    if let Some((bottom, top)) = told {
        // What lies off a scale that the heading says is a code where codes usually are; else its row is told.
        let off = |n: &i64| *n < bottom as i64 || *n > top as i64;
        codes.extend(on_scale.iter().filter(|n| off(n) && CODES.contains(n)));
        on_scale.retain(|n| !off(n));
    } else {
        codes.extend(separate_codes(&mut on_scale, numbers, total));
        // One answer of 11 among a hundred up to 5 is a slip, which its row will be sent back for.
        let slips: usize = numbers.range(11..).filter(|(n, _)| on_scale.contains(n)).map(|(_, n)| n).sum();
        if total >= 20 && slips * 20 <= total {
            on_scale.retain(|n| *n <= 10);
        }
    }
    let (low, high) = (*on_scale.first()?, *on_scale.last()?);
    let (bottom, top) = match told {
        Some(ends) => ends,
        None => usual_ends(&on_scale, low, high, total, &heading)?,
    };
    let reversed = said.low_is_best == Some(true);
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
    column.no_answer.extend(said.no_answer.iter().map(i64::to_string));
    let why = if reversed {
        "because the heading says which end is best".to_owned()
    } else if told.is_some() {
        "because the heading says so".to_owned()
    } else {
        format!("because the answers are numbers from {low} to {high}")
    };
    Some(Scale { column, why, notes, certain: told.is_some() || said.low_is_best.is_some() })
}

/// The ends that the heading says, unless the answers are plainly on another scale.
fn said_ends(
    said: &SaidScale,
    on_scale: &BTreeSet<i64>,
    numbers: &BTreeMap<i64, usize>,
    total: usize,
) -> Option<(f64, f64)> {
    let high = said.high?;
    let low = said.low.unwrap_or(if high >= 10.0 || on_scale.contains(&0) { 0.0 } else { 1.0 });
    let off: usize = numbers
        .iter()
        .filter(|(n, _)| on_scale.contains(n) && !CODES.contains(n) && !(low as i64..=high as i64).contains(*n))
        .map(|(_, times)| times)
        .sum();
    let within = on_scale.iter().any(|n| (low as i64..=high as i64).contains(n));
    // Where both ends are said, even many answers beside them don't make another scale.
    let most = if said.low.is_some() { total / 2 } else { total / 10 };
    (within && off <= most && low < high).then_some((low, high))
}

/// Takes those codes for "no answer" out that lie apart from the scale, and gives them. They are of a few usual
/// numbers, farther from the scale than its steps from each other, and no more than most answers.
fn separate_codes(on_scale: &mut BTreeSet<i64>, numbers: &BTreeMap<i64, usize>, total: usize) -> Vec<i64> {
    let mut codes = Vec::new();
    let times = |of: &[i64]| of.iter().filter_map(|n| numbers.get(n)).sum::<usize>();
    // 98 and 99 beside a scale of at most ten.
    let far: Vec<i64> = on_scale.iter().copied().filter(|n| *n > 10 && CODES.contains(n)).collect();
    let near: BTreeSet<i64> = on_scale.iter().copied().filter(|n| !far.contains(n)).collect();
    let small = near.last().is_some_and(|top| (2..=10).contains(top));
    if small && times(&far) * 4 <= total * 3 {
        codes.extend(far);
        *on_scale = near;
    }
    // -1 below a scale that begins at 0 or more; -2 to 2 is a scale.
    let below: Vec<i64> = on_scale.iter().copied().filter(|n| *n < 0 && CODES.contains(n)).collect();
    if let (Some(low), Some(above)) = (below.first(), on_scale.range(0..).next_back()) {
        let both_ways = below.len() > 1 && -low <= *above && *low >= -5;
        if !both_ways && times(&below) * 4 <= total * 3 && *above >= 1 {
            on_scale.retain(|n| !below.contains(n));
            codes.extend(below);
        }
    }
    // 9, or 8 and 9, above a scale of at most five steps.
    let core: BTreeSet<i64> = on_scale.iter().copied().filter(|n| *n <= 5).collect();
    let high: Vec<i64> = on_scale.iter().copied().filter(|n| *n > 5).collect();
    if let (Some(first), Some(top), Some(bottom)) = (high.first(), core.last(), core.first()) {
        let full = core.len() as i64 == top - bottom + 1;
        let usual =
            high.iter().all(|n| CODES.contains(n)) && (high.len() == 1 || (high.len() == 2 && full && *top >= 4));
        if usual && first - top >= 2 && core.len() >= 3 && *top >= 2 && times(&high) * 2 <= total {
            on_scale.retain(|n| *n <= 5);
            codes.extend(high);
        }
    }
    codes
}

/// The ends of the usual scale that these numbers are on.
fn usual_ends(on_scale: &BTreeSet<i64>, low: i64, high: i64, total: usize, heading: &str) -> Option<(f64, f64)> {
    let full = on_scale.len() as i64 == high - low + 1;
    let (bottom, top) = match (low, high) {
        (l, h) if l < 0 => {
            let end = h.max(-l);
            if end > 5 { return None } else { (-end, end) }
        }
        (0, 0..=1) => (0, 1),
        (_, 1) => (1, 5),
        (l, h) if h <= 10 => {
            let recommend = says(
                heading,
                &[
                    "recommend",
                    "nps",
                    "likely",
                    "likelihood",
                    "promoter",
                    "argymell",
                    "debygol",
                    "tebygol",
                    "recomendar",
                    "recomendaria",
                    "probable",
                ],
            );
            let top = match h {
                2..=3 if h == 3 && full && total >= 50 && l == 1 => 3,
                4 if full && total >= 100 => 4,
                2..=5 => 5,
                6 if full && total >= 50 => 6,
                6..=7 if recommend && says(heading, &["nps", "promoter"]) => 10,
                6..=7 => 7,
                _ => 10,
            };
            (if l == 0 || (top == 10 && recommend) { 0 } else { 1 }, top)
        }
        (l, 20..=100)
            if l >= 0
                && says(
                    heading,
                    &[
                        "score",
                        "rating",
                        "satisfaction",
                        "csat",
                        "nps",
                        "sgor",
                        "boddhad",
                        "puntuacion",
                        "satisfaccion",
                    ],
                ) =>
        {
            (0, 100)
        }
        _ => return None,
    };
    Some((bottom as f64, top as f64))
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

/// A word of any family as a number on this scale, for answers that were not among those looked at.
pub(crate) fn known_word(words: &str, worst: f64, best: f64) -> Option<f64> {
    fraction_of(words).map(|place| worst + place * (best - worst))
}

#[cfg(test)]
mod tests;

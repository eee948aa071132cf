//! Whether the words beside ratings say the opposite of them, as they do when a scale is read the wrong way round.
//! A small list of words that leave no doubt is enough: only a column against which most comments speak is named.

use super::values::plain_words;

const PRAISE: &[&str] = &[
    "excellent",
    "brilliant",
    "wonderful",
    "great",
    "fantastic",
    "superb",
    "perfect",
    "amazing",
    "lovely",
    "helpful",
    "friendly",
    "thank",
    "thanks",
    "kind",
    "splendid",
    "outstanding",
    "delighted",
    "gwych",
    "ardderchog",
    "diolch",
    "hyfryd",
    "rhagorol",
    "caredig",
    "bendigedig",
    "gracias",
    "estupendo",
    "maravilloso",
    "amable",
    "amables",
    "encantada",
    "encantado",
    "excelente",
    "genial",
];
const BLAME: &[&str] = &[
    "terrible",
    "awful",
    "disgraceful",
    "rude",
    "horrible",
    "useless",
    "worst",
    "appalling",
    "dreadful",
    "disgusting",
    "filthy",
    "unacceptable",
    "ignored",
    "shocking",
    "hopeless",
    "never",
    "nobody",
    "ofnadwy",
    "gwarthus",
    "gwaethaf",
    "neb",
    "byth",
    "budr",
    "fudr",
    "pesimo",
    "horrible",
    "vergonzoso",
    "nadie",
    "nunca",
    "sucio",
    "inaceptable",
    "peor",
];
const NOT: &[&str] =
    &["not", "no", "dont", "didnt", "isnt", "wasnt", "cant", "nothing", "never", "ddim", "nid", "nada", "hardly", "if"];

/// Comments with clear words that are needed to say anything, and the share of them in the hundred.
const ENOUGH: usize = 5;
const SHARE: usize = 60;

/// Praise, blame, or neither when both or none are said.
fn side(text: &str) -> Option<bool> {
    let words = plain_words(text.get(..400).unwrap_or(text));
    let all: Vec<&str> = words.split(' ').collect();
    let denied = |at: usize| all[at.saturating_sub(3)..at].iter().any(|w| NOT.contains(w));
    let has = |list: &[&str]| all.iter().enumerate().any(|(at, w)| list.contains(w) && (!denied(at) || *w == "never"));
    let denies = all.iter().enumerate().any(|(at, w)| PRAISE.contains(w) && denied(at));
    match (has(PRAISE) && !denies, has(BLAME)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// Of the rows with a rating at one of the ends and clear words: how many speak against it, and how many there are.
pub(crate) fn against<'a>(rated: impl Iterator<Item = (f64, &'a str)>) -> (usize, usize) {
    let (mut against, mut all) = (0, 0);
    for (score, text) in rated.filter(|(s, _)| !(0.3..=0.7).contains(s)) {
        if let Some(praise) = side(text) {
            all += 1;
            against += usize::from(praise != (score > 0.5));
        }
    }
    (against, all)
}

/// The sentence for a column that most comments contradict.
pub(crate) fn note(heading: &str, (against, all): (usize, usize), worst: f64, best: f64) -> Option<String> {
    (all >= ENOUGH && against * 100 >= all * SHARE).then(|| {
        format!(
            "{against} of {all} comments with clear words say the opposite of “{heading}”: is {worst} best there, not {best}? If so, \
             turn the scale round (in the console beside the column, at the command line --scale {best},{worst})."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_against_their_rating_are_counted() {
        let rows = [
            (0.0, "Thank you, excellent"),
            (0.0, "Lovely people"),
            (1.0, "Rude and useless"),
            (1.0, "Gwarthus"),
            (0.25, "Gracias, muy amables"),
            (1.0, "It was there"),
            (0.5, "Excellent"),
        ];
        let counts = against(rows.into_iter());
        assert_eq!(counts, (5, 5));
        let said = note("Mark", counts, 1.0, 5.0).expect("it is said");
        assert!(said.contains("5 of 5") && said.contains("--scale 5,1"), "{said}");
    }

    #[test]
    fn words_with_their_rating_and_few_words_say_nothing() {
        let rows = [
            (1.0, "Excellent"),
            (0.0, "Not helpful"),
            (0.0, "Awful"),
            (1.0, "Great"),
            (1.0, "Never had a kind word? I did, thanks"),
        ];
        assert_eq!(note("Mark", against(rows.into_iter()), 1.0, 5.0), None);
        assert_eq!(note("Mark", (4, 4), 1.0, 5.0), None);
        assert_eq!(note("Mark", (5, 10), 1.0, 5.0), None);
    }
}

//! Examples from a small grammar of phrases, so that what everybody knows about public services
//! need not be learnt from somebody's comments. Deterministic: a seed gives the same phrases.

use std::collections::HashMap;

use commonweal_random::Random;

/// A phrase with its class (0 very negative … 4 very positive).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The words.
    pub text: String,
    /// The question it answers, when that matters.
    pub question: Option<&'static str>,
    /// Class of sentiment, 0…4.
    pub class: usize,
}

/// What is wrong with a grammar.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the phrases: {problem}")]
pub struct PhraseError {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: String,
}

const IMPROVE: &[&str] = &[
    "What could we do better?",
    "How could we improve?",
    "What would make it better?",
    "Is there anything we could improve?",
    "What should we change?",
    "What did you not like?",
];
const PRAISE: &[&str] = &["What was good?", "What did you like?", "What did we do well?", "What went well?"];
const OPEN: &[&str] =
    &["Why did you give this answer?", "Please tell us why", "Can you tell us more?", "Any other comments?"];

fn one<'a, T: ?Sized>(random: &mut Random, of: &[&'a T]) -> &'a T {
    of[random.below_by_remainder(of.len())]
}

/// Phrases of a grammar. Its form is told at the head of `training/service_phrases.txt`.
pub fn phrases(grammar: &str, seed: u64) -> Result<Vec<Phrase>, PhraseError> {
    let mut lists: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut random = Random::new(seed);
    let mut out = Vec::new();
    for (n, line) in grammar.lines().enumerate() {
        let wrong = |problem: &str| PhraseError { line: n + 1, problem: problem.to_owned() };
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(list) = line.strip_prefix('@') {
            let (name, words) = list.split_once(':').ok_or_else(|| wrong("a list needs a colon after its name"))?;
            lists.insert(name.trim(), words.split('|').map(str::trim).collect());
            continue;
        }
        let (head, template) = line.split_once('\t').ok_or_else(|| wrong("a template needs a tab before it"))?;
        let head: Vec<&str> = head.split_whitespace().collect();
        let [class, asks, samples] = head[..] else { return Err(wrong("needs class, question and number")) };
        let class = ["vn", "ng", "n", "p", "vp"]
            .iter()
            .position(|c| *c == class)
            .ok_or_else(|| wrong("the class is none of vn ng n p vp"))?;
        let samples: usize = samples.parse().map_err(|_| wrong("the number of samples is no number"))?;
        for _ in 0..samples {
            let text = fill(template, &lists, &mut random).map_err(|name| wrong(&format!("no list `{name}`")))?;
            let asks = if asks == "*" { one(&mut random, &["-", "-", "?better", "?good", "?why"]) } else { asks };
            let question = match asks {
                "-" => None,
                "?better" => Some(one(&mut random, IMPROVE)),
                "?good" => Some(one(&mut random, PRAISE)),
                "?why" => Some(one(&mut random, OPEN)),
                _ => return Err(wrong("the question is none of - ?better ?good ?why *")),
            };
            out.push(Phrase { text: dressed(text, &mut random), question, class });
        }
    }
    Ok(out)
}

fn fill(template: &str, lists: &HashMap<&str, Vec<&str>>, random: &mut Random) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or_else(|| after.to_owned())?;
        out.push_str(before);
        out.push_str(one(random, lists.get(name).ok_or_else(|| name.to_owned())?));
        rest = after;
    }
    out.push_str(rest);
    Ok(out.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Capitals and marks as people happen to set them.
fn dressed(text: String, random: &mut Random) -> String {
    let mut text = match random.below_by_remainder(100) {
        0..40 => {
            let mut letters = text.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        }
        40..45 => text.to_uppercase(),
        _ => text,
    };
    if random.below_by_remainder(100) < 35 && !text.ends_with(['.', '!', '?']) {
        text.push_str(one(random, &[".", ".", "!", ".."]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled_from_lists() {
        let all = phrases("# c\n@who: staff | driver\nvp ?good 20\t{who} superb\n", 7).expect("a grammar");
        assert_eq!(all.len(), 20);
        assert!(all.iter().all(|p| p.class == 4 && PRAISE.contains(&p.question.expect("a question"))));
        assert!(
            all.iter().all(|p| ["staff superb", "driver superb"].iter().any(|t| p.text.to_lowercase().starts_with(t)))
        );
        assert_eq!(all, phrases("@who: staff | driver\nvp ?good 20\t{who} superb\n", 7).expect("a grammar"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let error = phrases("vp - 3\t{who} superb", 1).expect_err("no list");
        assert_eq!(error.to_string(), "line 1 of the phrases: no list `who`");
        assert!(phrases("good - 3\tx", 1).is_err() && phrases("vp - x\tx", 1).is_err() && phrases("vp x", 1).is_err());
    }

    #[test]
    fn the_shipped_phrases_can_be_read() {
        let all = phrases(include_str!("../../training/service_phrases.txt"), 1).expect("our own grammar");
        assert!((10_000..30_000).contains(&all.len()), "{}", all.len());
    }
}

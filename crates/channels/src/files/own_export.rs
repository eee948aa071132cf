//! Files that this program wrote itself, which are to come back as they were.

use commonweal_domain::NewComment;
use commonweal_domain::import::Target;

/// Headings by which such a file is known; a sheet of somebody else has not all of them.
const TELLING: &[&str] = &["id", "at", "rating_worst", "rating_best", "rating_step", "comment"];

/// Whether these are headings of an export of feedback.
pub(crate) fn is_own(headings: &[String]) -> bool {
    TELLING.iter().all(|t| headings.iter().any(|h| h == t))
}

/// What a column of such a file is for. What was worked out of the words is worked out again.
pub(crate) fn target(heading: &str) -> Target {
    if let Some(name) = heading.strip_prefix("attr.") {
        return Target::from_key(&format!("attr.{name}")).unwrap_or(Target::Ignore);
    }
    match heading {
        "id" | "at" | "service" | "touchpoint" | "channel" | "rating" | "language" | "question" | "comment"
        | "page" | "device" | "area" => Target::from_key(heading).unwrap_or(Target::Ignore),
        _ => Target::Ignore,
    }
}

/// The columns with the ends of each row's scale.
pub(crate) fn ends(headings: &[String]) -> Option<(usize, usize)> {
    let at = |name: &str| headings.iter().position(|h| h == name);
    Some((at("rating_worst")?, at("rating_best")?))
}

/// A touchpoint without the key of its service, which stands before it.
pub(crate) fn touchpoint<'a>(service: Option<&str>, touchpoint: &'a str) -> &'a str {
    let own = service.and_then(|s| touchpoint.strip_prefix(s)).and_then(|rest| rest.strip_prefix('/'));
    own.filter(|rest| !rest.is_empty()).unwrap_or(touchpoint)
}

/// Text without the apostrophe that keeps a spreadsheet program from taking it for a formula.
pub(crate) fn unguarded(text: &str) -> &str {
    let Some(rest) = text.strip_prefix('\'') else { return text };
    let guarded = |c: char| {
        matches!(
            c,
            '=' | '+'
                | '-'
                | '@'
                | '＝'
                | '＋'
                | '－'
                | '＠'
                | '﹦'
                | '﹢'
                | '﹣'
                | '﹫'
                | '⁼'
                | '⁺'
                | '⁻'
                | '₌'
                | '₊'
                | '₋'
                | '−'
        ) || c == '\t'
            || c == '\r'
            || c == '\n'
    };
    let begins = rest.starts_with(guarded)
        || rest
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'))
            .starts_with(guarded);
    if begins { rest } else { text }
}

/// The comments that share a cell, each with its own question where there are as many.
pub(crate) fn comments(text: &str, question: Option<&str>) -> Vec<NewComment> {
    let questions: Vec<&str> = question.map(|q| q.split("\n\n").collect()).unwrap_or_default();
    let texts: Vec<&str> = text.split("\n\n").collect();
    if questions.len() > 1 && questions.len() == texts.len() {
        let pairs = texts.into_iter().zip(questions).filter(|(t, _)| !t.trim().is_empty());
        return pairs.map(|(t, q)| NewComment { question: Some(q.trim().to_owned()), text: t.to_owned() }).collect();
    }
    let question = question.map(|q| q.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|q| !q.is_empty());
    vec![NewComment { question, text: text.to_owned() }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_export_of_ours_is_ours() {
        let ours =
            ["id", "at", "received_at", "rating", "rating_worst", "rating_best", "rating_step", "comment", "attr.ward"];
        assert!(is_own(&ours.map(str::to_owned)));
        assert!(!is_own(&["id", "at", "comment", "rating"].map(str::to_owned)));
        assert_eq!(target("attr.ward"), Target::Attribute("ward".into()));
        assert_eq!(target("sentiment"), Target::Ignore);
    }

    #[test]
    fn a_guard_against_formulas_comes_off_and_an_apostrophe_stays() {
        assert_eq!(unguarded("'=1+1"), "=1+1");
        assert_eq!(unguarded("'- late"), "- late");
        assert_eq!(unguarded("'tis fine"), "'tis fine");
    }

    #[test]
    fn comments_that_shared_a_cell_get_their_questions_back() {
        let both = comments("Quiet\n\nMore chairs", Some("What was good?\n\nWhat was not?"));
        assert_eq!(both.len(), 2);
        assert_eq!((both[1].question.as_deref(), both[1].text.as_str()), (Some("What was not?"), "More chairs"));
        let one = comments("Quiet\n\nand warm", Some("What was good?"));
        assert_eq!((one.len(), one[0].text.as_str()), (1, "Quiet\n\nand warm"));
        assert_eq!(touchpoint(Some("bins"), "bins/missed"), "missed");
        assert_eq!(touchpoint(Some("bins"), "binsmissed"), "binsmissed");
    }
}

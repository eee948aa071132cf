//! What a question asks for. "Nothing" means one thing after "What could we do better?" and another
//! after "What was good?".

/// What the answer to a question will be about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Asks {
    /// No question is known.
    #[default]
    Unknown,
    /// What should change.
    Improve,
    /// What went well.
    Praise,
    /// Anything.
    Open,
}

impl Asks {
    /// All, in the order of the models' features.
    pub const ALL: [Self; 4] = [Self::Unknown, Self::Improve, Self::Praise, Self::Open];

    /// Reads a question, in English, Welsh or Spanish. A question about both good and bad is open.
    pub fn of(question: Option<&str>) -> Self {
        let Some(question) = question.map(str::trim).filter(|q| !q.is_empty()) else { return Self::Unknown };
        let question: String = question.chars().take(400).collect::<String>().to_lowercase();
        const IMPROVE: &[&str] = &[
            "better",
            "improve",
            "change",
            "not like",
            "dislike",
            "dissatisfied",
            "wrong",
            "bad",
            "worst",
            "problem",
            "complain",
            "suggest",
            "difficult",
            "wella",
            "newid",
            "mejor",
            "cambi",
        ];
        const PRAISE: &[&str] = &[
            "good",
            "do well",
            "went well",
            "like best",
            "liked",
            "did you like",
            "enjoy",
            "best",
            "compliment",
            "particularly satisfied",
            "yn dda",
            "gustó",
            "bien",
        ];
        let has = |words: &[&str]| words.iter().any(|w| question.contains(w));
        let (improve, praise) = (has(IMPROVE), has(PRAISE));
        match (improve, praise) {
            (true, false) => Self::Improve,
            (false, true) => Self::Praise,
            _ => Self::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Asks;

    #[test]
    fn a_question_tells_what_its_answers_are_about() {
        for (question, asks) in [
            ("What could we do better?", Asks::Improve),
            ("How could we improve?", Asks::Improve),
            ("What was good?", Asks::Praise),
            ("What did we do well?", Asks::Praise),
            ("What did you like, and what would you change?", Asks::Open),
            ("What were you particularly satisfied and/or dissatisfied with", Asks::Open),
            ("Please tell us why you gave this answer", Asks::Open),
            ("Beth allem ni ei wella?", Asks::Improve),
            ("¿Qué podemos mejorar?", Asks::Improve),
        ] {
            assert_eq!(Asks::of(Some(question)), asks, "{question}");
        }
        assert_eq!(Asks::of(Some("  ")), Asks::Unknown);
    }
}

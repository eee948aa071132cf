//! Words by which people say in a text message that nothing more is to come, or that it may again.

/// What a text message asks for, if it is one of these words and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// Nothing more.
    Stop,
    /// Messages again.
    Start,
}

/// In English as the networks have them (CTIA Messaging Principles, 5.1.3), and in Welsh.
const STOP: [&str; 8] = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "ATAL", "STOPIO"];
const START: [&str; 4] = ["START", "UNSTOP", "DECHRAU", "AILDDECHRAU"];
/// What people write beside them.
const BESIDE: [&str; 12] =
    ["ALL", "PLEASE", "NOW", "TEXTS", "TEXT", "MESSAGES", "ME", "TEXTING", "OS", "GWELWCH", "YN", "DDA"];

impl Keyword {
    /// That of a text. Whoever writes "stop dumping rubbish in our road" tells something, and does not unsubscribe.
    pub fn of(text: &str) -> Option<Self> {
        let upper = text.to_uppercase();
        let words = upper.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut asked = words.filter(|word| !BESIDE.contains(word));
        let first = asked.next()?;
        let found = match first {
            word if STOP.contains(&word) => Self::Stop,
            word if START.contains(&word) => Self::Start,
            _ => return None,
        };
        let same = |word: &str| if found == Self::Stop { STOP.contains(&word) } else { START.contains(&word) };
        asked.all(same).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_alone_counts_and_a_word_in_a_sentence_does_not() {
        for stop in [
            "STOP",
            "stop",
            " Stop. ",
            "“STOP”",
            "Stop all",
            "please stop",
            "STOP STOP",
            "Atal",
            "stopio os gwelwch yn dda",
        ] {
            assert_eq!(Keyword::of(stop), Some(Keyword::Stop), "{stop}");
        }
        for start in ["START", "Unstop!", "dechrau"] {
            assert_eq!(Keyword::of(start), Some(Keyword::Start), "{start}");
        }
        for other in
            ["", "please", "Stop dumping rubbish in our road", "When does it end?", "start stop", "bus stop", "👍"]
        {
            assert_eq!(Keyword::of(other), None, "{other}");
        }
    }
}

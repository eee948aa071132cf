//! Names of attributes and ratings, made of headings so that columns can be told apart.

use std::collections::BTreeSet;

use commonweal_domain::personal;
use commonweal_domain::records::key_of;

use super::names::heading_words;

/// Longest name.
const LONGEST: usize = 40;
/// Longest part of a name that stands for the option beside a question.
const OPTION: usize = 26;

/// A name of at most 40 characters `[a-z0-9_]` for a heading, not among `used`. Where columns stand for the options
/// of one question the option is kept and the question cut.
pub(crate) fn attribute_name(heading: &str, column: usize, used: &BTreeSet<String>) -> String {
    let clean = clean(heading);
    let base = match clean {
        None => format!("column_{}", column + 1),
        Some(name) if name.len() <= LONGEST => name,
        Some(name) => with_option(heading).unwrap_or_else(|| {
            let cut = cut_name(&name, LONGEST);
            // Two long questions are mostly told apart by how they end.
            if used.contains(&cut) { ends(&name) } else { cut }
        }),
    };
    let base = if personal::is_named(&base) { about_a_way(heading).unwrap_or(base) } else { base };
    let mut names = (1..).map(|n| {
        let ending = if n == 1 { String::new() } else { format!("_{n}") };
        format!("{}{ending}", cut_name(&base, LONGEST - ending.len()))
    });
    names.find(|name| !used.contains(name)).unwrap_or(base)
}

/// Letters and digits in lower case with underscores between; none if there are none.
fn clean(heading: &str) -> Option<String> {
    let key = key_of(&heading_words(heading)).replace('-', "_");
    if key == "unnamed" {
        return None;
    }
    let clean: String = key.chars().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_').collect();
    let clean = clean.trim_matches('_');
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// A question and the option beside it: "… – Phone", "… [Phone]", "…: Phone".
fn parted(heading: &str) -> Option<(&str, &str)> {
    let heading = heading.trim();
    let bracket = heading.strip_suffix(']').and_then(|h| h.rsplit_once('['));
    let parted = || [" – ", " — ", " - ", " > ", " | ", "? ", ": ", ":"].iter().find_map(|s| heading.rsplit_once(s));
    bracket.or_else(parted)
}

/// "How did you reach us? – Phone" ticks a way, and holds nobody's number: a name that can't be taken for one.
fn about_a_way(heading: &str) -> Option<String> {
    let (question, option) = parted(heading)?;
    if !question.contains('?') && question.split_whitespace().count() < 4 {
        return None;
    }
    let option = cut_name(&clean(option)?, OPTION);
    let way = option.replace("e_mail", "electronic_mail").replace("email", "electronic_mail");
    let way = if way == option { format!("{}_ticked", cut_name(&option, OPTION - 7)) } else { cut_name(&way, OPTION) };
    let told = format!("{}_{way}", cut_name(&clean(question)?, LONGEST - 1 - way.len()));
    (!personal::is_named(&told)).then_some(told)
}

/// The name of a question with an option beside it.
fn with_option(heading: &str) -> Option<String> {
    let (question, option) = parted(heading)?;
    let option = cut_name(&clean(option)?, OPTION);
    let question = clean(question)?;
    // The longer part of the two is the question.
    (question.len() > option.len()).then(|| format!("{}_{option}", cut_name(&question, LONGEST - 1 - option.len())))
}

/// The beginning and the end of a long name.
fn ends(name: &str) -> String {
    let tail = &name[name.len() - LONGEST / 2..];
    let tail = tail.split_once('_').map_or(tail, |(_, whole)| whole);
    format!("{}_{tail}", cut_name(name, LONGEST - 1 - tail.len()))
}

/// At most so many characters, whole words where that leaves enough.
fn cut_name(name: &str, most: usize) -> String {
    if name.len() <= most {
        return name.to_owned();
    }
    let cut = &name[..most];
    let whole = name.as_bytes()[most] == b'_';
    let end = if whole { most } else { cut.rfind('_').filter(|at| *at >= most / 2).unwrap_or(most) };
    cut[..end].trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(headings: &[&str]) -> Vec<String> {
        let mut used = BTreeSet::new();
        let name = |heading: &&str| {
            let name = attribute_name(heading, 2, &used);
            assert!(commonweal_domain::filter::valid_attribute_name(&name), "{name}");
            assert!(used.insert(name.clone()), "{name}");
            name
        };
        headings.iter().map(name).collect()
    }

    #[test]
    fn names_of_attributes_are_clean_short_and_different() {
        assert_eq!(
            names(&["Community Board", "community_board", "Café / Tŷ", "職業"]),
            ["community_board", "community_board_2", "cafe_ty", "column_3"]
        );
        assert_eq!(
            names(&[
                "Which of the following services have you used in the last year?",
                "Which of the following services have you used in the last week?",
                "Which of the following services have you used in the last week? ",
            ]),
            [
                "which_of_the_following_services_have_you",
                "which_of_the_following_in_the_last_week",
                "which_of_the_following_in_the_last_2"
            ]
        );
    }

    #[test]
    fn ways_to_get_in_touch_are_not_taken_for_addresses_and_numbers() {
        assert_eq!(
            names(&[
                "How did you hear of us? – Phone",
                "How did you hear of us? – Email",
                "How will you pay? – Phone",
                "Home phone",
                "Why do you like it? – Address",
                "How do you want us here? (several, please) – Phone",
            ]),
            [
                "how_did_you_hear_of_us_phone",
                "how_did_you_hear_of_us_electronic_mail",
                "how_will_you_pay_phone_ticked",
                "home_phone",
                "why_do_you_like_it_address_ticked",
                "how_do_you_want_us_here_phone_ticked",
            ]
        );
    }

    #[test]
    fn the_options_of_one_question_keep_their_own_name() {
        let question = "Through which of our ways of getting in touch have you reached us";
        assert_eq!(
            names(&[
                &format!("{question}? – Letter"),
                &format!("{question}? – Front desk"),
                &format!("{question}? [Text message]"),
                &format!("{question}: The smaller office in the town"),
            ]),
            [
                "through_which_of_our_ways_of_letter",
                "through_which_of_our_ways_of_front_desk",
                "through_which_of_our_ways_text_message",
                "through_which_the_smaller_office_in_the"
            ]
        );
    }
}

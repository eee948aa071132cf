//! What somebody says about a file at the command line.

use commonweal_domain::import::{DateOrder, Mapping, Target};

/// Something said about a file that makes no sense; a full sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ArgumentError(String);

/// Reads `--map` arguments into a mapping: `comment=Your comments,rating=Stars,attr.age=Age band`.
///
/// A comma separates only where a target and `=` follow, so headings may have commas in them; a
/// heading may also stand in double quotes. Beside the targets of
/// [`Target::from_key`] there are `sheet=`, `header=` (row, 0 for none), `dates=`
/// (`day_first`, `month_first`), `scale=` (`1..5`, worst to best), `encoding=`, `delimiter=` and
/// `default.TARGET=` (a value for all rows).
///
/// # Errors
///
/// A sentence for a target that does not exist or a value that it cannot have.
pub fn mapping_from_arguments<S: AsRef<str>>(arguments: &[S]) -> Result<Mapping, ArgumentError> {
    let mut mapping = Mapping::default();
    for argument in arguments {
        for (key, value) in pairs(argument.as_ref())? {
            say(&mut mapping, &key, &value)?;
        }
    }
    Ok(mapping)
}

fn is_key(text: &str) -> bool {
    const OTHERS: &[&str] = &["sheet", "header", "dates", "scale", "encoding", "delimiter"];
    let text = text.trim();
    Target::from_key(text).is_some()
        || OTHERS.contains(&text)
        || text.strip_prefix("default.").is_some_and(|k| Target::from_key(k).is_some())
}

/// Splits at commas outside quotes after which a key and `=` follow.
fn pairs(argument: &str) -> Result<Vec<(String, String)>, ArgumentError> {
    let mut parts = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, c) in argument.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted && argument[at + 1..].split_once('=').is_some_and(|(key, _)| is_key(key)) => {
                parts.push(&argument[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&argument[start..]);
    let pair = |part: &str| match part.split_once('=') {
        Some((key, value)) if is_key(key) => {
            let value = value.trim();
            let bare = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
            Ok((key.trim().to_owned(), bare.replace("\"\"", "\"")))
        }
        Some((key, _)) => Err(ArgumentError(format!(
            "There is no “{}” to map a column to. There are id, at, comment, question, rating, rating.NAME, service, \
             touchpoint, channel, page, device, language, area, attr.NAME and ignore, where NAME has at most 40 of a–z, 0–9 \
             and _.",
            key.trim()
        ))),
        None => Err(ArgumentError(format!("“{part}” says nothing: write what=Heading, for example comment=Feedback."))),
    };
    parts.into_iter().filter(|p| !p.trim().is_empty()).map(pair).collect()
}

fn say(mapping: &mut Mapping, key: &str, value: &str) -> Result<(), ArgumentError> {
    let wrong = |allowed: &str| Err(ArgumentError(format!("“{key}={value}” makes no sense: {allowed}.")));
    match key {
        "sheet" => mapping.sheet = Some(value.to_owned()),
        "header" => match value.parse() {
            Ok(row) => mapping.header_row = Some(row),
            Err(_) => return wrong("write the number of the row with the headings, or 0 if there is none"),
        },
        "dates" => match DateOrder::from_key(&value.replace([' ', '-'], "_").to_lowercase()) {
            Some(order) => mapping.dates = Some(order),
            None => return wrong("write day_first, month_first or year_first"),
        },
        "scale" => {
            let ends = value.split_once("..").or_else(|| value.split_once(':')).or_else(|| value.split_once(" to "));
            let number = |t: &str| t.trim().parse::<f64>().ok().filter(|n| n.is_finite());
            match ends.and_then(|(worst, best)| Some((number(worst)?, number(best)?))).filter(|(w, b)| w != b) {
                Some(ends) => mapping.scale = Some(ends),
                None => return wrong("write the worst and the best answer, for example 1..5"),
            }
        }
        "encoding" => mapping.encoding = Some(value.to_owned()),
        "delimiter" => {
            let named = match value {
                "tab" | "\\t" => Some('\t'),
                "comma" => Some(','),
                "semicolon" => Some(';'),
                _ => None,
            };
            let mut chars = value.chars();
            match (named, chars.next(), chars.next()) {
                (Some(c), ..) | (None, Some(c), None) => mapping.delimiter = Some(c),
                _ => return wrong("write one character, or tab"),
            }
        }
        _ => match (key.strip_prefix("default."), Target::from_key(key)) {
            (Some(key), _) => {
                mapping.defaults.insert(key.to_owned(), value.to_owned());
            }
            (None, Some(target)) => {
                mapping.columns.insert(value.to_owned(), target);
            }
            (None, None) => return wrong("there is no such target"),
        },
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_as_people_write_them() {
        let mapping = mapping_from_arguments(&[
            "comment=What, if anything, could we do better?,rating=Stars,attr.age=Age band",
            "service=\"A, rating=B\", default.channel=paper",
            "dates=day-first,scale=1..5,delimiter=tab,header=3",
        ])
        .expect("all make sense");
        assert_eq!(mapping.columns["What, if anything, could we do better?"], Target::Comment);
        assert_eq!(mapping.columns["Age band"], Target::Attribute("age".into()));
        assert_eq!(mapping.columns["A, rating=B"], Target::Service);
        assert_eq!(mapping.columns.len(), 4);
        assert_eq!(mapping.defaults["channel"], "paper");
        assert_eq!((mapping.dates, mapping.scale), (Some(DateOrder::DayFirst), Some((1.0, 5.0))));
        assert_eq!((mapping.delimiter, mapping.header_row), (Some('\t'), Some(3)));
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        let error = |argument: &str| mapping_from_arguments(&[argument]).expect_err("it makes no sense").to_string();
        assert!(error("coment=X").contains("no “coment”"));
        assert!(error("Feedback").contains("says nothing"));
        assert!(error("scale=5").contains("1..5"));
        assert!(error("attr.Age=X").contains("attr.NAME"));
    }
}

//! Fields as they stand in the body of a report: `Final-Recipient: rfc822; kit@x.example`, in groups with blank lines between.

use crate::headers::cut;

/// Lines of a report that are looked at.
const MAX_LINES: usize = 20_000;
/// Bytes of a value that are kept.
const MAX_VALUE_BYTES: usize = 4 * 1024;
/// Names by which a field is known where fields and words are mixed.
const REPORT_FIELDS: &[&str] = &[
    "action",
    "arrival-date",
    "diagnostic-code",
    "final-log-id",
    "final-recipient",
    "last-attempt-date",
    "original-envelope-id",
    "original-recipient",
    "received-from-mta",
    "remote-mta",
    "reporting-mta",
    "status",
    "will-retry-until",
];

/// A field: its name in lower case, its value unfolded.
pub(crate) type Field = (String, String);

/// All fields of a part that holds nothing else.
pub(crate) fn groups(text: &str) -> Vec<Vec<Field>> {
    read(text, |_| true)
}

/// The fields of a delivery report among words.
pub(crate) fn among_words(text: &str) -> Vec<Vec<Field>> {
    read(text, |name| REPORT_FIELDS.contains(&name))
}

fn read(text: &str, known: impl Fn(&str) -> bool) -> Vec<Vec<Field>> {
    let mut groups: Vec<Vec<Field>> = Vec::new();
    let mut group: Vec<Field> = Vec::new();
    // Whether the line before can go on.
    let mut open = false;
    for line in text.lines().take(MAX_LINES) {
        if line.trim().is_empty() {
            if !group.is_empty() {
                groups.push(std::mem::take(&mut group));
            }
            open = false;
            continue;
        }
        let indented = line.starts_with([' ', '\t']);
        let field = name_and_value(line).filter(|(name, _)| {
            // An indented line goes on with the one before, unless it is a field that everybody knows.
            known(name) && (!indented || REPORT_FIELDS.contains(&name.as_str()))
        });
        match (field, group.last_mut()) {
            (Some(field), _) => {
                group.push(field);
                open = true;
            }
            (None, Some((_, value))) if indented && open => {
                if value.len() < MAX_VALUE_BYTES {
                    value.push(' ');
                    value.push_str(cut(line.trim(), MAX_VALUE_BYTES));
                }
            }
            _ => open = false,
        }
    }
    if !group.is_empty() {
        groups.push(group);
    }
    groups
}

fn name_and_value(line: &str) -> Option<Field> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    is_name.then(|| (name.to_ascii_lowercase(), cut(value.trim(), MAX_VALUE_BYTES).to_owned()))
}

/// The first value of a name.
pub(crate) fn value<'a>(fields: &'a [Field], name: &str) -> Option<&'a str> {
    fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{among_words, groups, value};

    #[test]
    fn groups_are_unfolded() {
        let text = "Reporting-MTA: dns; a\n\nFinal-Recipient : rfc822; kit@x.example\nDiagnostic-Code: smtp; 550\n  gone\nnot a field\n  nor this\n";
        let groups = groups(text);
        assert_eq!(groups.len(), 2);
        assert_eq!(value(&groups[1], "diagnostic-code"), Some("smtp; 550 gone"));
        assert_eq!(value(&groups[1], "final-recipient"), Some("rfc822; kit@x.example"));
    }

    #[test]
    fn among_words_only_fields_of_reports_count() {
        let groups =
            among_words("Hello: world\n  Action: failed\n  Final-Recipient: rfc822; kit@x.example\n  and more\n");
        assert_eq!(groups.len(), 1);
        assert_eq!(value(&groups[0], "action"), Some("failed"));
        assert_eq!(value(&groups[0], "final-recipient"), Some("rfc822; kit@x.example and more"));
    }
}

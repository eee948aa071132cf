//! What stands at the end of a message and is not said to anybody: signatures, lines that telephones add, legal footers.

use super::labels::SENT_FROM;

/// Lines below `-- ` that are a signature. More may be words.
const MAX_SIGNATURE_LINES: usize = 15;
/// Lines from the end in which a telephone's line is looked for.
const LAST_LINES: usize = 4;
/// Tails one below the other that are cut.
const MAX_TAILS: usize = 8;
/// Letters of such a line.
const MAX_SENT_FROM: usize = 120;

/// The lines without their tail, blank ones put together.
pub(super) fn without(lines: &[&str]) -> String {
    let mut lines = lines.to_vec();
    for _ in 0..MAX_TAILS {
        let before = lines.len();
        trim(&mut lines);
        cut_signature(&mut lines);
        cut_sent_from(&mut lines);
        cut_footer(&mut lines);
        if lines.len() == before {
            break;
        }
    }
    trim(&mut lines);
    let mut text = String::new();
    let mut blank = 0;
    for line in lines {
        if line.is_empty() {
            blank += 1;
            continue;
        }
        if !text.is_empty() {
            text.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        blank = 0;
        text.push_str(line);
    }
    text.trim().to_owned()
}

fn trim(lines: &mut Vec<&str>) {
    let says = |line: &&str| line.chars().any(|c| !c.is_whitespace());
    while lines.last().is_some_and(|line| !says(line) || is_rule(line)) {
        lines.pop();
    }
    let first = lines.iter().position(says).unwrap_or(lines.len());
    lines.drain(..first);
}

/// A line that was drawn, above something that is gone.
fn is_rule(line: &str) -> bool {
    line.len() >= 5 && line.chars().all(|c| matches!(c, '_' | '-' | '=' | ' '))
}

/// `-- ` (RFC 3676, §4.3). Without the space, which some programs lose, only if what is below looks like who somebody is.
fn cut_signature(lines: &mut Vec<&str>) {
    let Some(at) = lines.iter().rposition(|line| matches!(*line, "--" | "-- ")) else { return };
    let below: Vec<&str> = lines[at + 1..].iter().copied().filter(|line| !line.is_empty()).collect();
    if at > 0 && below.len() <= MAX_SIGNATURE_LINES && (lines[at] == "-- " || below.is_empty() || is_signature(&below))
    {
        lines.truncate(at);
    }
}

/// A name on the first line, or something by which to reach somebody on any.
fn is_signature(lines: &[&str]) -> bool {
    let reach = |line: &&str| {
        line.contains('@')
            || line.contains("www.")
            || line.contains("://")
            || line.chars().filter(char::is_ascii_digit).count() >= 6
    };
    let first = lines[0];
    let name = first.chars().count() <= 40
        && first.starts_with(char::is_uppercase)
        && !first.ends_with(['.', '?', '!', ':', ',', ';']);
    name || lines.iter().any(reach)
}

fn cut_sent_from(lines: &mut Vec<&str>) {
    let said: Vec<usize> = (0..lines.len()).rev().filter(|n| !lines[*n].is_empty()).take(LAST_LINES).collect();
    for n in said {
        let small = lines[n].trim_start_matches([' ', '*', '_', '[', '<']).to_lowercase();
        // A sentence goes on; such a line has no end.
        let line = small.len() <= MAX_SENT_FROM
            && SENT_FROM.iter().any(|words| has(&small, words))
            && !small.ends_with(['?', '!']);
        if line {
            lines.remove(n);
            return;
        }
    }
}

fn has(line: &str, words: &str) -> bool {
    let (begin, within) = words.split_once('|').unwrap_or((words, ""));
    line.strip_prefix(begin).is_some_and(|rest| rest.contains(within))
}

/// Words of which one stands in every legal footer …
const ABOUT_MAIL: &[&str] = &[
    "mail",
    "message",
    "transmission",
    "communication",
    "nachricht",
    "courriel",
    "mensaje",
    "messaggio",
    "bericht",
    "neges",
    "mensagem",
];
/// … and words that nobody uses otherwise.
const LEGAL: &[&str] = &[
    "intended recipient",
    "intended solely",
    "intended only for",
    "intended for the exclusive",
    "solely for the use of",
    "legally privileged",
    "privileged and confidential",
    "confidential and may",
    "confidential and privileged",
    "may contain confidential",
    "contains confidential",
    "confidentiality notice",
    "received this email in error",
    "received this e-mail in error",
    "received this message in error",
    "received it in error",
    "vertrauliche informationen",
    "nicht der richtige adressat",
    "vorgesehene empfänger",
    "informations confidentielles",
    "destinataire prévu",
    "información confidencial",
    "informazioni riservate",
    "informações confidenciais",
    "vertrouwelijke informatie",
    "wybodaeth gyfrinachol",
    "bwriedir y neges",
    "bwriadwyd y neges",
    "virus-free",
    "scanned for viruses",
    "checked for viruses",
    "checked by avg",
    "avast antivirus",
    "before printing this",
    "before you print this",
    "printing this email",
    "printing this e-mail",
];

/// Words with which footers begin.
const FOOTER_BEGINS: &[&str] = &[
    "this e-mail",
    "this email",
    "this message",
    "this communication",
    "this transmission",
    "the information in this",
    "the information contained",
    "the contents of this",
    "confidentiality",
    "disclaimer",
    "important notice",
    "diese e-mail",
    "diese nachricht",
    "ce message",
    "ce courriel",
    "este mensaje",
    "este correo",
    "questo messaggio",
    "dit bericht",
    "deze e-mail",
    "esta mensagem",
    "mae'r neges hon",
    "mae’r neges hon",
    "mae'r e-bost hwn",
    "mae’r e-bost hwn",
];

/// The last paragraph, if it is a footer and not all there is.
fn cut_footer(lines: &mut Vec<&str>) {
    let start = lines.iter().rposition(|line| line.is_empty() || is_rule(line)).map_or(0, |blank| blank + 1);
    if start == 0 || start >= lines.len() {
        return;
    }
    let words = lines[start..].join(" ").to_lowercase();
    let legal = LEGAL.iter().any(|phrase| words.contains(phrase));
    let about = ABOUT_MAIL.iter().any(|word| words.contains(word)) || words.contains("virus");
    // Somebody may speak of such a thing themselves, and asks or says “I”.
    let own = words.contains('?') || words.starts_with("i ") || words.contains(" i ") || words.contains(" my ");
    if !legal || !about || own {
        return;
    }
    // Words that stand right above it are not part of it.
    let begins = |line: &&str| {
        let small = line.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        FOOTER_BEGINS.iter().any(|begin| small.starts_with(begin)) || LEGAL.iter().any(|phrase| small.contains(phrase))
    };
    if let Some(at) = lines[start..].iter().position(begins) {
        lines.truncate(start + at);
    }
}

#[cfg(test)]
mod tests {
    use super::without;

    fn rest(text: &str) -> String {
        without(&text.lines().map(str::trim_end).collect::<Vec<_>>())
    }

    #[test]
    fn tails_are_cut() {
        assert_eq!(rest("Yes.\n\nAnn\n--\nAnn Lee\nOffice"), "Yes.\n\nAnn");
        assert_eq!(rest("Yes.\n\nSent from my iPhone\n"), "Yes.");
        assert_eq!(rest("Ja.\n\nVon meinem iPhone gesendet"), "Ja.");
        let footer = "This email and any files are confidential and may be legally privileged. If you are not the intended recipient, delete it.";
        assert_eq!(
            rest(&format!("Yes.\n\n{footer}\n\nPlease consider the environment before printing this email")),
            "Yes."
        );
    }

    #[test]
    fn words_stay() {
        for words in [
            "--\nis how I begin",
            "I received this email in error, why do I get your message?\n\nAnn",
            "Sent from pillar to post for weeks!",
            "One\n\nMy neighbour's mail is confidential and may not be read, I told your staff.",
        ] {
            assert_eq!(rest(words), words);
        }
        let under = "Yes, I agree with all that you plan.\nThis email is confidential and may be legally privileged.";
        assert_eq!(rest(&format!("Hello\n\n{}", under)), format!("Hello\n\n{}", under));
        let under = under.replace("I agree", "we agree");
        assert_eq!(rest(&format!("Hello\n\n{under}")), "Hello\n\nYes, we agree with all that you plan.");
        assert_eq!(rest("Points:\n--\none\ntwo."), "Points:\n--\none\ntwo.");
        let long = format!("Points:\n--\n{}", "a point\n".repeat(20));
        assert_eq!(rest(&long), long.trim_end());
    }
}

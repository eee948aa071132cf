//! What a person wrote, without what their program put around it: quotations, the lines that introduce them, signatures, footers.
//!
//! Only what is sure is taken away. Where it may be the person's own words, they stay: a sentence too many can be passed over, one too
//! few is lost.

pub(crate) mod html;
mod labels;
mod tail;

use labels::{Label, ORIGINAL, WROTE, WROTE_BEFORE, label};

/// Lines over which one line of introduction may be broken.
const MAX_INTRODUCTION_LINES: usize = 4;
/// Bytes of such a line.
const MAX_INTRODUCTION_BYTES: usize = 500;
/// Lines of a quoted message's head that are looked at.
const MAX_HEAD_LINES: usize = 12;

/// What was found in a text.
pub(crate) struct Own {
    pub(crate) text: String,
    /// Whether something was quoted.
    pub(crate) quoted: bool,
}

/// Finds a person's own words in plain text.
pub(crate) fn own_words(text: &str) -> Own {
    let clean: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}'))
        .map(|c| if c == '\u{a0}' { ' ' } else { c })
        .collect();
    let lines: Vec<&str> = clean.lines().flat_map(apart).map(tidy).collect();
    let mut own = vec![true; lines.len()];
    mark_signs(&lines, &mut own);
    mark_introductions(&lines, &mut own);
    mark_rest(&lines, &mut own);
    let quoted = own.contains(&false);
    let mut pieces: Vec<String> = Vec::new();
    let mut piece: Vec<&str> = Vec::new();
    for (line, own) in lines.iter().zip(&own).chain(std::iter::once((&"", &false))) {
        if *own {
            piece.push(line);
        } else if !piece.is_empty() {
            let text = tail::without(&piece);
            if !text.is_empty() {
                pieces.push(text);
            }
            piece.clear();
        }
    }
    Own { text: pieces.join("\n\n"), quoted }
}

/// Without spaces at the end, but for the one behind the dashes of a signature, which is part of them.
fn tidy(line: &str) -> &str {
    if line == "-- " { line } else { line.trim_end() }
}

/// Whether the marks of a line say that it is quoted.
fn has_sign(line: &str) -> bool {
    line.trim_start_matches(' ').starts_with('>') && line.len() - line.trim_start_matches(' ').len() <= 3
}

/// A line apart where a program put “On … wrote:” behind somebody's last words.
fn apart(line: &str) -> impl Iterator<Item = &str> {
    const DAYS: &[&str] = &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: &[&str] = &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let place = line
        .rfind("On ")
        .filter(|at| *at > 0 && line.ends_with(" wrote:") && line[..*at].ends_with([' ', '-']))
        .filter(|at| {
            let rest = &line[at + 3..];
            let day = rest.starts_with(|c: char| c.is_ascii_digit())
                || DAYS.iter().chain(MONTHS).any(|name| rest.starts_with(name));
            day && has_date(rest) && has_words(&line[..*at])
        });
    let (words, introduction) = line.split_at(place.unwrap_or(line.len()));
    let words = if place.is_some() { words.trim_end_matches([' ', '-']) } else { words };
    std::iter::once(words).chain(place.map(|_| introduction))
}

/// Lines with a sign before them. One alone, without an introduction, may be somebody's own way of writing.
fn mark_signs(lines: &[&str], own: &mut [bool]) {
    let signs = lines.iter().filter(|line| has_sign(line)).count();
    let introduced = || {
        let first = lines.iter().position(|line| has_sign(line)).unwrap_or_default();
        let above = (0..first).rev().find(|n| !lines[*n].is_empty());
        above.is_some_and(|above| introduction(lines, above).is_some() || old_introduction(lines, above))
    };
    if signs >= 2 || signs == 1 && introduced() {
        for (line, own) in lines.iter().zip(own.iter_mut()) {
            *own = !has_sign(line);
        }
    }
}

/// Lines such as “On Monday, Ann wrote:” before a quotation.
fn mark_introductions(lines: &[&str], own: &mut [bool]) {
    let last_sign = own.iter().rposition(|own| !own);
    // The first of one's own words.
    let mut first = None;
    for n in 0..lines.len() {
        if !own[n] {
            continue;
        }
        if first.is_none() && has_words(lines[n]) {
            first = Some(n);
        }
        let Some((start, says_so)) =
            introduction(lines, n).or_else(|| old_introduction(lines, n).then_some((n, false)))
        else {
            continue;
        };
        if own[start..=n].contains(&false) {
            continue;
        }
        let next = (n + 1..lines.len()).find(|k| !lines[*k].is_empty());
        if next.is_some_and(|next| !own[next]) {
            own[start..=n].fill(false);
            first = first.filter(|first| *first < start);
        } else if says_so
            && is_certain(&lines[start..=n].join(" "))
            && last_sign.is_none_or(|sign| sign < start)
            && first.is_some_and(|first| first < start)
        {
            // What is quoted has no signs, or was left out. Only words above say that those below are the other's.
            own[start..].fill(false);
            return;
        }
    }
}

fn has_words(line: &str) -> bool {
    line.chars().any(char::is_alphanumeric)
}

/// The line where an introduction begins that ends on this one, and whether it says that somebody wrote. A date or an address tells it
/// from “In your letter you wrote:”.
fn introduction(lines: &[&str], end: usize) -> Option<(usize, bool)> {
    let last = lines[end].trim_end_matches(['*', ' ']);
    if last.len() > MAX_INTRODUCTION_BYTES {
        return None;
    }
    // “---- Ann wrote ----”
    let between_dashes = last.starts_with("---") && last.ends_with("---");
    let last = if between_dashes {
        last.trim_end_matches('-')
    } else {
        last.strip_suffix(':').or_else(|| last.strip_suffix('：'))?
    };
    let last = last.trim_end();
    let small = last.to_lowercase();
    let wrote =
        WROTE.iter().any(|wrote| small.ends_with(wrote)) || WROTE_BEFORE.iter().any(|wrote| small.contains(wrote));
    if between_dashes {
        return wrote.then_some((end, true));
    }
    let mut start = end;
    // The nearest line above that begins as such lines do, if this one does not.
    for n in (end.saturating_sub(MAX_INTRODUCTION_LINES - 1)..=end).rev() {
        if lines[n].is_empty() || has_sign(lines[n]) || lines[n].len() > MAX_INTRODUCTION_BYTES {
            break;
        }
        if begins_introduction(lines[n]) {
            start = n;
            break;
        }
    }
    let whole = lines[start..=end].join(" ");
    let is_introduction =
        if wrote { whole.contains('@') || has_date(&whole) } else { whole.contains('@') && has_year_and_time(&whole) };
    is_introduction.then_some((start, wrote))
}

/// Whether nobody would say so themselves: with an address, or with year and time of day.
fn is_certain(introduction: &str) -> bool {
    introduction.contains('@') || has_year_and_time(introduction)
}

fn has_year_and_time(text: &str) -> bool {
    let words = || text.split(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.'));
    let is_time =
        |word: &str| word.split_once(':').is_some_and(|(h, m)| h.len() <= 2 && m.len() >= 2 && h.parse::<u8>().is_ok());
    let has_year =
        text.split(|c: char| !c.is_ascii_digit()).any(|n| n.len() == 4 && (n.starts_with("19") || n.starts_with("20")));
    has_year && words().any(is_time)
}

fn begins_introduction(line: &str) -> bool {
    let small = line.trim_start_matches(['*', '_', ' ', '"', '<']).to_lowercase();
    labels::ON.iter().any(|on| small.starts_with(on))
        || small.starts_with(|c: char| c.is_ascii_digit()) && has_date(&small)
        || has_year_and_time(&small)
}

/// A year or a time of day, or a date in numbers.
fn has_date(text: &str) -> bool {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')')).any(|word| {
        let numbers: Vec<&str> =
            word.split(['.', '/', '-', ':', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
        let are = numbers.iter().all(|part| part.chars().all(|c| c.is_ascii_digit()) && part.len() <= 4);
        let is_year =
            numbers.len() == 1 && are && word.len() >= 4 && (word.starts_with("20") || word.starts_with("19"));
        is_year || numbers.len() >= 2 && are && word.contains(['.', '/', '-', ':', '年'])
    })
}

/// “2012/4/2 Ann <ann@x.example>”, as Gmail introduced quotations for years.
fn old_introduction(lines: &[&str], n: usize) -> bool {
    let line = lines[n];
    let starts = line.starts_with(|c: char| c.is_ascii_digit()) && line.len() <= 200;
    starts && line.ends_with('>') && line.contains('@') && has_date(line)
}

/// What stands below a line of dashes or the head of another message.
fn mark_rest(lines: &[&str], own: &mut [bool]) {
    let mut words_above = false;
    for n in 0..lines.len() {
        if !own[n] {
            continue;
        }
        let head = if is_separator(lines[n]) { Some(n + 1) } else { head_end(lines, n) };
        let Some(end) = head else {
            words_above |= has_words(lines[n]);
            continue;
        };
        if words_above {
            own[n..].fill(false);
            return;
        }
        // Nothing above: what is below may be the answer.
        own[n..end.min(lines.len())].fill(false);
    }
}

/// “-----Original Message-----”, in several languages.
fn is_separator(line: &str) -> bool {
    if line.len() > 120 {
        return false;
    }
    let inner = line.trim_matches(['-', '_', ' ', '*', '=', '>', ':', '—', '–']);
    let marked = line.trim_start().starts_with(['-', '_', '=', '*', '—', '–']) && line.len() > inner.len() + 3;
    let small = inner.to_lowercase();
    ORIGINAL.contains(&small.as_str()) && (marked || small == "begin forwarded message")
}

/// Where the head of a quoted message ends, if one begins on this line: who, when, to whom, about what.
fn head_end(lines: &[&str], start: usize) -> Option<usize> {
    let first = label(lines[start])?;
    let mut seen = vec![first];
    let mut has_address = lines[start].contains('@');
    let mut end = start + 1;
    while end < lines.len() && end - start < MAX_HEAD_LINES && !lines[end].is_empty() {
        match label(lines[end]) {
            Some(found) => {
                seen.push(found);
                has_address |= lines[end].contains('@');
            }
            // A list of addresses goes on; a sentence does not.
            None if lines[end].contains('@') || lines[end].starts_with([' ', '\t']) => {
                has_address |= lines[end].contains('@')
            }
            None => break,
        }
        end += 1;
    }
    let has = |label| seen.contains(&label);
    let when = has(Label::Sent) || has(Label::Date);
    let kinds = [has(Label::From), has(Label::To), when, has(Label::Subject)].into_iter().filter(|has| *has).count();
    // A form that somebody fills in has “From”, “To” and “Date” too, but no address, or no subject.
    let is_head = has(Label::From)
        && (kinds == 4
            || kinds == 3 && (has_address || has(Label::Sent))
            || kinds == 2 && has_address && lines[start..end].iter().any(|line| has_year_and_time(line)));
    is_head.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::own_words;

    fn own(text: &str) -> String {
        own_words(text).text
    }

    #[test]
    fn what_programs_quote_is_taken_away() {
        for (program, text) in [
            ("Apple Mail", "Hello\n\nOn Apr 3, 2012, at 4:19 PM, bob wrote:\n\n> Hi\n"),
            ("Thunderbird", "On 04/02/2012 06:26 PM, Megan One wrote:\n> Hi\n> there\nHello\n"),
            (
                "Gmail",
                "Hello\n\nOn Tue, 3 Apr 2012 at 16:55, A Very Long Name <\na.very.long.name@x.example> wrote:\n\n> Hi\n",
            ),
            ("Gmail of old", "Hello\n\n2012/4/2 Ann <ann@x.example>\n\n> Hi\n"),
            (
                "Gmail in Russian",
                "Hello\n02.04.2012 14:20 пользователь \"bob@x.example\" <\nbob@x.example> написал:\n\n> Hi\n",
            ),
            ("Gmail in German", "Hello\n\nAm Di., 3. Apr. 2012 um 16:55 Uhr schrieb Ann <ann@x.example>:\n\n> Hi\n"),
            ("Gmail in French", "Hello\n\nLe mar. 3 avr. 2012 à 16:55, Ann <ann@x.example> a écrit :\n\n> Hi\n"),
            (
                "Gmail in Polish",
                "Hello\n\npon., 2 kwi 2012 o 18:26 Megan z bardzo długim nazwiskiem\n<m@x.example> napisał(a):\n\n> Hi\n",
            ),
            ("Gmail in Dutch", "Hello\n\nOp ma 2 apr. 2012 om 18:26 schreef Megan <m@x.example>:\n\n> Hi\n"),
            ("Gmail in Welsh", "Hello\n\nAr Maw, 3 Ebr 2012 am 16:55 ysgrifennodd Ann <ann@x.example>:\n\n> Hi\n"),
            (
                "Outlook",
                "Hello\n\nFrom: Ann [mailto:ann@x.example]\nSent: March-09-12 4:22 PM\nTo: Dan Le\nSubject: Hi\n\nHi Dan,\nyours\n",
            ),
            (
                "Outlook on the web",
                "Hello\n________________________________\nFrom: Ann <ann@x.example>\nSent: Friday\nTo: Dan\nSubject: Hi\n\nHi\n",
            ),
            ("Mail.ru", "Hello\n\nThu, 26 Jun 2014 14:00:51 +0400 от Ann L <ann@x.example>:\n> Hi\n> you\n"),
            ("Yandex", "Hello\n\n26.06.2014, 14:41, \"Ann L\" <ann@x.example>:\n\n> Hi\n"),
            ("Windows Mail in Russian", "Hello\n\nОт: Ann L\nОтправлено: 26 июня 2014 г. 15:05\nКому: Bob\n\nHi\n"),
            ("a telephone with dashes", "Hello\n\n---- Ann Lee wrote ----\n\n> Hi\n> you\n"),
            ("a program that breaks no line", "Hello On Wed, Apr 4, 2012 at 3:59 PM, ann@x.example wrote:\n> Hi\n"),
            (
                "a program that says little",
                "Hello\n\nFrom: ann@x.example\nDate: Wed, 16 May 2012 00:15:02 -0600\n\nHi\n",
            ),
            ("Outlook in Spanish", "Hello\n\nDe: Ann <ann@x.example>\nEnviado: viernes\nPara: Dan\nAsunto: Hi\n\nHi\n"),
            (
                "Zimbra",
                "Hello \n\n----- Original Message -----\nFrom: bob@x.example \nTo: a@x.example\nSent: Monday\nSubject: Test \n\nHi \n",
            ),
            ("Hotmail", "\nHello\n\n> Subject: Test\n> From: bob@x.example\n> \n> Hi\n \t\t \n"),
            (
                "a telephone",
                "Hello\n\nSent from my iPhone\n\nOn 3 Apr 2012, at 16:19, bob <bob@x.example> wrote:\n\nHi\n",
            ),
            ("a program without the quotation", "Hello\n\nOn 3 Apr 2012, at 16:19, bob <bob@x.example> wrote:\n"),
        ] {
            assert_eq!(own(text), "Hello", "{program}");
        }
    }

    #[test]
    fn answers_between_the_lines_stay_together_with_each_other() {
        let text = "Dear Ann,\n\nOn 04/02/2012 06:26 PM, Ann wrote:\n> One?\nYes.\n> Two?\n\nNo.\n-- \nBob\n";
        assert_eq!(own(text), "Dear Ann,\n\nYes.\n\nNo.");
    }

    #[test]
    fn in_doubt_words_stay() {
        for text in [
            "In your letter you wrote:\nThe bridge is open. It is not.",
            "On 3 April at 10:00 my neighbour wrote:\nthe bin is full.",
            "Dear all,\n\nOn 3 April at 10:00 my neighbour wrote:\nthe bin is full.",
            "From: 12 High Street\nTo: the station\nthe bus never comes",
            "> 50 people were there",
            "Bins:\n- black\n- green",
        ] {
            assert_eq!(own(text), text);
        }
    }
}

//! Files of mail: one message, or many in the format mbox.

use std::io::BufRead;

use crate::{MAX_MESSAGE_BYTES, Mail, Problem, read};

/// The messages of a file, one after the other. Whatever is larger than [`MAX_MESSAGE_BYTES`] is a [`Problem`] in its place and costs
/// no more memory than that; what comes behind it is read.
///
/// A file whose first line begins `From ` is a mailbox (RFC 4155). A message begins at such a line at the beginning or behind a blank
/// line, and where it ends as those lines do, with a year: a sentence that begins with “From ” does not cut a message in two. `>From `
/// loses one `>`, as in mboxrd.
pub fn messages<R: BufRead>(reader: R) -> Messages<R> {
    Messages { reader, state: State::Begin, line: Vec::new() }
}

/// The messages of a file; made by [`messages`].
#[derive(Debug)]
pub struct Messages<R> {
    reader: R,
    state: State,
    /// The line that was read last.
    line: Vec<u8>,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Begin,
    /// In a mailbox, behind a line that begins a message.
    Mailbox,
    Ended,
}

impl<R: BufRead> Messages<R> {
    /// Reads a line, at most so many bytes of it; the rest of a longer one is the next.
    fn read_line(&mut self) -> std::io::Result<bool> {
        self.line.clear();
        loop {
            let available = match self.reader.fill_buf() {
                Ok(available) => available,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            let end = memchr::memchr(b'\n', available).map(|end| end + 1);
            let room = MAX_MESSAGE_BYTES + 1 - self.line.len();
            let taken = end.unwrap_or(available.len()).min(room);
            self.line.extend_from_slice(&available[..taken]);
            self.reader.consume(taken);
            if taken == 0 || end == Some(taken) || self.line.len() > MAX_MESSAGE_BYTES {
                return Ok(!self.line.is_empty());
            }
        }
    }

    /// Reads up to the next message of a mailbox, or to the end.
    fn message(&mut self, mailbox: bool) -> Result<Vec<u8>, Problem> {
        let mut message: Vec<u8> = Vec::new();
        let mut too_large = false;
        let mut after_blank = false;
        // The line that is there already, of a file that is no mailbox.
        let mut more = if mailbox { self.read_line()? } else { !self.line.is_empty() };
        while more {
            if mailbox && after_blank && begins_message(&self.line) {
                break;
            }
            after_blank = self.line.trim_ascii().is_empty();
            let quoted = mailbox && is_quoted(&self.line);
            let line = if quoted { &self.line[1..] } else { &self.line[..] };
            too_large |= message.len() + line.len() > MAX_MESSAGE_BYTES;
            if too_large {
                message = Vec::new();
            } else {
                message.extend_from_slice(line);
            }
            more = self.read_line()?;
        }
        if !more {
            self.state = State::Ended;
        }
        if too_large { Err(Problem::TooLarge) } else { Ok(message) }
    }
}

impl<R: BufRead> Iterator for Messages<R> {
    type Item = Result<Vec<u8>, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Begin {
            // Blank lines before everything say nothing.
            loop {
                match self.read_line() {
                    Ok(true) if self.line.trim_ascii().is_empty() => {}
                    Ok(true) => break,
                    Ok(false) => {
                        self.state = State::Ended;
                        return Some(Err(Problem::Empty));
                    }
                    Err(e) => {
                        self.state = State::Ended;
                        return Some(Err(e.into()));
                    }
                }
            }
            if self.line.starts_with(b"From ") {
                self.state = State::Mailbox;
            }
        }
        let read = match self.state {
            State::Ended => return None,
            State::Mailbox => self.message(true),
            State::Begin => self.message(false),
        };
        if matches!(read, Err(Problem::Unreadable(_))) {
            self.state = State::Ended;
        }
        Some(read)
    }
}

/// Reads all messages of a file. Each has its number if there are several.
pub fn read_all(reader: impl BufRead) -> impl Iterator<Item = (Option<usize>, Result<Mail, Problem>)> {
    let mut messages = messages(reader).peekable();
    let mut n = 0;
    std::iter::from_fn(move || {
        let message = messages.next()?;
        n += 1;
        let several = n > 1 || messages.peek().is_some();
        Some((several.then_some(n), message.and_then(|message| read(&message))))
    })
}

/// `From kit@x.example Thu Apr 29 23:34:45 2015`, and what some programs put behind.
fn begins_message(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let rest = String::from_utf8_lossy(&rest[..rest.len().min(300)]);
    let words: Vec<&str> = rest.split_whitespace().collect();
    let is_year = |word: &str| word.len() == 4 && word.parse::<u16>().is_ok_and(|year| (1970..2200).contains(&year));
    let is_time =
        |word: &str| word.len() >= 5 && word.contains(':') && word.chars().all(|c| c.is_ascii_digit() || c == ':');
    words.iter().any(|word| is_time(word)) && words.iter().any(|word| is_year(word))
}

/// `>From `, `>>From ` …
fn is_quoted(line: &[u8]) -> bool {
    let signs = line.iter().take_while(|b| **b == b'>').count();
    signs > 0 && line[signs..].starts_with(b"From ")
}

#[cfg(test)]
mod tests {
    use super::{messages, read_all};
    use crate::{MAX_MESSAGE_BYTES, Problem};

    fn read(text: &[u8]) -> Vec<String> {
        let said = |message: Result<Vec<u8>, Problem>| match message {
            Ok(message) => String::from_utf8_lossy(&message).into_owned(),
            Err(problem) => format!("! {problem}"),
        };
        messages(text).map(said).collect()
    }

    #[test]
    fn a_mailbox_is_cut_where_messages_begin() {
        let text = b"From a@x.example Thu Apr 29 23:34:45 2015\nSubject: 1\n\nFrom here on\n\nFrom Monday at 10:00 I walk.\n>From x\n\n\
                     From b@x.example Thu Apr 29 23:34:45 2015\nSubject: 2\n\nend";
        assert_eq!(
            read(text),
            ["Subject: 1\n\nFrom here on\n\nFrom Monday at 10:00 I walk.\nFrom x\n\n", "Subject: 2\n\nend"]
        );
        assert_eq!(read(b"\n\nSubject: 1\n\nFrom b@x.example Thu Apr 29 23:34:45 2015\n").len(), 1);
        assert_eq!(read(b" \n\n"), ["! There is nothing in it."]);
    }

    #[test]
    fn messages_have_numbers_where_there_are_several() {
        let numbers = |text: &'static [u8]| read_all(text).map(|(n, mail)| (n, mail.is_ok())).collect::<Vec<_>>();
        assert_eq!(numbers(b"Subject: 1\n\nx"), [(None, true)]);
        assert_eq!(numbers(b"From a Thu Apr 29 23:34:45 2015\nSubject: 1\n\nx"), [(None, true)]);
        let two = b"From a Thu Apr 29 23:34:45 2015\nSubject: 1\n\nFrom a Thu Apr 29 23:34:45 2015\nno mail\n";
        assert_eq!(numbers(two), [(Some(1), true), (Some(2), false)]);
    }

    #[test]
    fn what_is_too_large_does_not_cost_what_comes_behind() {
        let mut text = b"From a Thu Apr 29 23:34:45 2015\nSubject: 1\n\n".to_vec();
        text.extend(std::iter::repeat_n(b'x', MAX_MESSAGE_BYTES));
        text.extend(b"\n\nFrom b Thu Apr 29 23:34:45 2015\nSubject: 2\n");
        let read = read(&text);
        assert!(read[0].starts_with("! This message is larger than 25 MB"), "{}", &read[0][..80]);
        assert_eq!(read[1..], ["Subject: 2\n"]);
    }
}

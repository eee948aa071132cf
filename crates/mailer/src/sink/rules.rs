//! Where a sink goes wrong, how, and for whom.

use std::str::FromStr;

/// A place in the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Instead of greeting.
    Greeting,
    /// In answer to EHLO.
    Hello,
    /// In answer to MAIL.
    Mail,
    /// In answer to RCPT.
    Rcpt,
    /// In answer to DATA.
    Data,
    /// In answer to a whole message.
    Message,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This is answered instead, and nothing is accepted; after a 421 the connection is closed. 551 says that there is no such
    /// address.
    Answer(u16),
    /// The connection is closed, and nothing was accepted.
    Drop,
    /// Nothing is answered any more.
    Hang,
    /// Something is answered that is no SMTP.
    Garbage,
    /// A message is accepted and noted, and the connection is closed before it is told.
    Lost,
}

/// For whom.
#[derive(Clone, Debug, PartialEq)]
pub enum Whom {
    /// Each time.
    All,
    /// A share of the times.
    Share(f64),
    /// Recipients whose address begins so.
    Beginning(String),
    /// After so many messages over one connection.
    After(u32),
}

/// A rule, written `PLACE:FAULT` or `PLACE:FAULT:WHOM`: `rcpt:550:gone*`, `message:lost:2%`, `mail:421:after 100`, `data:hang`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Where.
    pub at: At,
    /// What.
    pub fault: Fault,
    /// For whom.
    pub whom: Whom,
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "\"{text}\" is no rule. Write PLACE:FAULT:WHOM, such as rcpt:550:gone* or message:lost:2% or mail:421:after 100."
            )
        };
        let mut parts = text.splitn(3, ':');
        let at = match parts.next() {
            Some("greeting") => At::Greeting,
            Some("hello") => At::Hello,
            Some("mail") => At::Mail,
            Some("rcpt") => At::Rcpt,
            Some("data") => At::Data,
            Some("message") => At::Message,
            _ => return Err(wrong()),
        };
        let fault = match parts.next().ok_or_else(wrong)? {
            "drop" => Fault::Drop,
            "hang" => Fault::Hang,
            "garbage" => Fault::Garbage,
            "lost" if at == At::Message => Fault::Lost,
            code => Fault::Answer(code.parse().ok().filter(|code| (200..600).contains(code)).ok_or_else(wrong)?),
        };
        let whom = match parts.next() {
            None | Some("all") => Whom::All,
            Some(whom) => {
                if let Some(beginning) = whom.strip_suffix('*') {
                    Whom::Beginning(beginning.to_owned())
                } else if let Some(percent) = whom.strip_suffix('%') {
                    let percent = percent.parse::<f64>().ok().filter(|p| (0.0..=100.0).contains(p));
                    Whom::Share(percent.ok_or_else(wrong)? / 100.0)
                } else {
                    let mails = whom.strip_prefix("after ").and_then(|mails| mails.parse().ok());
                    Whom::After(mails.ok_or_else(wrong)?)
                }
            }
        };
        Ok(Self { at, fault, whom })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read() {
        let rule = |at, fault, whom| Ok(Rule { at, fault, whom });
        assert_eq!("rcpt:550:gone*".parse(), rule(At::Rcpt, Fault::Answer(550), Whom::Beginning("gone".to_owned())));
        assert_eq!("message:lost:2%".parse(), rule(At::Message, Fault::Lost, Whom::Share(0.02)));
        assert_eq!("mail:421:after 100".parse(), rule(At::Mail, Fault::Answer(421), Whom::After(100)));
        assert_eq!("data:hang".parse(), rule(At::Data, Fault::Hang, Whom::All));
        for text in ["", "rcpt", "rcpt:", "rcpt:700", "rcpt:lost", "lunch:550", "rcpt:550:gone", "rcpt:550:101%"] {
            let read: Result<Rule, String> = text.parse();
            assert!(read.is_err_and(|why| why.contains("is no rule")), "{text}");
        }
    }
}

//! A connection that mails are handed over by: from the greeting to the answer.

use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::outcome::{Outcome, Stage};
use super::settings::{Security, SignIn, Smtp, Times};
use super::wire::{Broken, Reply, Tls, Wire};
use crate::address::Address;

/// What a server says that it can.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offers {
    pub(crate) name: String,
    pub(crate) start_tls: bool,
    pub(crate) pipelining: bool,
    pub(crate) eight_bit: bool,
    pub(crate) utf8: bool,
    /// Bytes of a message; nothing or nought means that it sets no limit or says none.
    pub(crate) size: Option<u64>,
    pub(crate) sign_in: Vec<String>,
}

impl Offers {
    fn read(reply: &Reply) -> Self {
        let mut lines = reply.lines.iter();
        let name = lines.next().and_then(|line| line.split(' ').next()).unwrap_or_default().to_owned();
        let mut offers = Self { name, ..Self::default() };
        for line in lines {
            // Old servers write `AUTH=`.
            let line = line.to_ascii_uppercase().replacen("AUTH=", "AUTH ", 1);
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("STARTTLS") => offers.start_tls = true,
                Some("PIPELINING") => offers.pipelining = true,
                Some("8BITMIME") => offers.eight_bit = true,
                Some("SMTPUTF8") => offers.utf8 = true,
                Some("SIZE") => offers.size = words.next().and_then(|n| n.parse().ok()).filter(|n| *n > 0),
                Some("AUTH") => offers.sign_in.extend(words.map(str::to_owned)),
                _ => {}
            }
        }
        offers
    }
}

/// Why a connection did not come about.
#[derive(Debug)]
pub(crate) struct NotOpened {
    pub(crate) stage: Stage,
    pub(crate) why: String,
    /// Whether a token was refused: another one may do.
    pub(crate) token_refused: bool,
}

impl NotOpened {
    fn new(stage: Stage, why: impl std::fmt::Display) -> Self {
        Self { stage, why: sentence(stage, why), token_refused: false }
    }

    fn refused(stage: Stage, reply: &Reply) -> Self {
        Self::new(stage, format!("the server answered {} {}", reply.code, reply.lines.join(" ")))
    }
}

fn sentence(stage: Stage, why: impl std::fmt::Display) -> String {
    let mut words = format!("At {stage}: {why}");
    if !words.ends_with('.') {
        words.push('.');
    }
    words
}

/// Whom a mail is from and to.
pub(crate) struct Envelope {
    pub(crate) return_path: Option<Address>,
    pub(crate) to: Address,
}

/// How handing over ended.
pub(crate) enum Handed {
    /// With an outcome, and a connection that may be used again or not.
    Done { outcome: Outcome, keep: bool },
    /// The connection gave way before anything of the message went out. On a connection that was used before this says only
    /// that the server had enough of it.
    Lost(Outcome),
}

impl Handed {
    fn lost(stage: Stage, why: &Broken) -> Self {
        Self::Lost(Outcome::NotTried { stage, why: sentence(stage, why) })
    }
}

/// A connection over which mails can go.
pub(crate) struct Session {
    wire: Wire,
    times: Times,
    pub(crate) offers: Offers,
    /// What was left of a mail that was refused must be thrown away first.
    reset: bool,
    pub(crate) count: u32,
    pub(crate) born: Instant,
    pub(crate) used: Instant,
}

impl Session {
    pub(crate) async fn open(smtp: &Smtp, tls: Option<&Tls>) -> Result<Self, NotOpened> {
        match Self::open_once(smtp, tls, false).await {
            Err(not) if not.token_refused => Self::open_once(smtp, tls, true).await,
            opened => opened,
        }
    }

    async fn open_once(smtp: &Smtp, tls: Option<&Tls>, anew: bool) -> Result<Self, NotOpened> {
        let Times { connect, command, .. } = smtp.times;
        let wire = Wire::connect(&smtp.host, smtp.port, connect).await;
        let mut wire = wire.map_err(|broken| {
            NotOpened::new(Stage::Connect, format!("{} port {} can't be reached: {broken}", smtp.host, smtp.port))
        })?;
        let unprepared = || NotOpened::new(Stage::Tls, "it was not prepared");
        if smtp.security == Security::Tls {
            let tls = tls.ok_or_else(unprepared)?;
            wire.secure(tls, connect).await.map_err(|why| NotOpened::new(Stage::Tls, why))?;
        }
        let greeting = wire.reply(command).await.map_err(|broken| NotOpened::new(Stage::Greeting, broken))?;
        if !greeting.is_yes() {
            return Err(NotOpened::refused(Stage::Greeting, &greeting));
        }
        let now = Instant::now();
        let times = smtp.times;
        let mut session = Self { wire, times, offers: Offers::default(), reset: false, count: 0, born: now, used: now };
        session.hello(smtp).await?;
        if smtp.security == Security::StartTls {
            if !session.offers.start_tls {
                return Err(NotOpened::new(Stage::Tls, "the server does not offer STARTTLS"));
            }
            let reply = session.ask("STARTTLS\r\n", Stage::Tls).await?;
            if !reply.is_yes() {
                return Err(NotOpened::refused(Stage::Tls, &reply));
            }
            let tls = tls.ok_or_else(unprepared)?;
            session.wire.secure(tls, connect).await.map_err(|why| NotOpened::new(Stage::Tls, why))?;
            // What it offered in the clear is forgotten.
            session.hello(smtp).await?;
        }
        session.sign_in(&smtp.sign_in, anew).await?;
        Ok(session)
    }

    /// A command and its answer while the connection is being opened.
    async fn ask(&mut self, command: &str, stage: Stage) -> Result<Reply, NotOpened> {
        let asked = self.command(command).await;
        asked.map_err(|broken| NotOpened::new(stage, broken))
    }

    async fn command(&mut self, command: &str) -> Result<Reply, Broken> {
        self.wire.write(command.as_bytes(), self.times.command).await?;
        self.wire.reply(self.times.command).await
    }

    async fn hello(&mut self, smtp: &Smtp) -> Result<(), NotOpened> {
        let literal = match self.wire.local_ip() {
            Some(std::net::IpAddr::V6(ip)) => format!("[IPv6:{ip}]"),
            Some(std::net::IpAddr::V4(ip)) => format!("[{ip}]"),
            None => "[127.0.0.1]".to_owned(),
        };
        let name = smtp.hello.as_ref().unwrap_or(&literal);
        let reply = self.ask(&format!("EHLO {name}\r\n"), Stage::Hello).await?;
        if !reply.is_yes() {
            return Err(NotOpened::refused(Stage::Hello, &reply));
        }
        self.offers = Offers::read(&reply);
        Ok(())
    }

    async fn sign_in(&mut self, by: &SignIn, anew: bool) -> Result<(), NotOpened> {
        let offered = |offers: &Offers, way: &str| offers.sign_in.iter().any(|o| o == way);
        let missing = |offers: &Offers, wanted: &str| {
            let has = if offers.sign_in.is_empty() { "none".to_owned() } else { offers.sign_in.join(", ") };
            NotOpened::new(Stage::SignIn, format!("the server offers no way to sign in by {wanted}; it offers {has}"))
        };
        let mut reply;
        match by {
            SignIn::None => return Ok(()),
            SignIn::Password { user, password } if offered(&self.offers, "PLAIN") => {
                let secret = BASE64.encode(format!("\0{user}\0{password}"));
                reply = self.ask(&format!("AUTH PLAIN {secret}\r\n"), Stage::SignIn).await?;
            }
            SignIn::Password { user, password } if offered(&self.offers, "LOGIN") => {
                reply = self.ask("AUTH LOGIN\r\n", Stage::SignIn).await?;
                // It asks for both, in whatever words.
                for part in [user, password] {
                    if reply.code == 334 {
                        reply = self.ask(&format!("{}\r\n", BASE64.encode(part)), Stage::SignIn).await?;
                    }
                }
            }
            SignIn::Password { .. } => return Err(missing(&self.offers, "a password (PLAIN or LOGIN)")),
            SignIn::Token { .. } if !offered(&self.offers, "XOAUTH2") => {
                return Err(missing(&self.offers, "a token (XOAUTH2)"));
            }
            SignIn::Token { user, source } => {
                let token = source.token(anew).await.map_err(|why| NotOpened::new(Stage::SignIn, why))?;
                let secret = BASE64.encode(format!("user={user}\x01auth=Bearer {token}\x01\x01"));
                reply = self.ask(&format!("AUTH XOAUTH2 {secret}\r\n"), Stage::SignIn).await?;
                // Before it refuses, it says why and waits for an empty line.
                if reply.code == 334 {
                    reply = self.ask("\r\n", Stage::SignIn).await?;
                }
            }
        }
        if reply.is_yes() {
            return Ok(());
        }
        let mut not = NotOpened::refused(Stage::SignIn, &reply);
        not.token_refused = !anew && matches!(by, SignIn::Token { .. }) && reply.code == 535;
        Err(not)
    }

    /// Hands one mail over.
    pub(crate) async fn hand_over(&mut self, envelope: &Envelope, message: &Message) -> Handed {
        let mail = match self.mail_command(envelope, message) {
            Ok(mail) => mail,
            Err(why) => return Handed::Done { outcome: Outcome::Unsendable { why: why.to_owned() }, keep: true },
        };
        self.count += 1;
        let rcpt = format!("RCPT TO:<{}>\r\n", envelope.to.as_str());
        let steps = [
            ("RSET\r\n", Stage::Sender),
            (&*mail, Stage::Sender),
            (&*rcpt, Stage::Recipient),
            ("DATA\r\n", Stage::Data),
        ];
        let mut steps = steps.as_slice();
        if !std::mem::take(&mut self.reset) {
            steps = &steps[1..];
        }
        if let Err(not) = self.before_message(steps).await {
            return not;
        }
        self.message(message).await
    }

    fn mail_command(&self, envelope: &Envelope, message: &Message) -> Result<String, &'static str> {
        let Offers { size, utf8, eight_bit, .. } = self.offers;
        if size.is_some_and(|most| message.size > most) {
            return Err("The message is larger than this mail server takes. Send files by a link instead.");
        }
        let addresses = [envelope.return_path.as_ref(), Some(&envelope.to)];
        let wants_utf8 = message.utf8_head || addresses.iter().flatten().any(|address| !address.is_ascii());
        if wants_utf8 && !utf8 {
            return Err(
                "The address has letters outside ASCII before the @, and this mail server takes none (SMTPUTF8).",
            );
        }
        if !message.ascii && !eight_bit {
            return Err("The message holds bytes outside ASCII, and this mail server takes none (8BITMIME).");
        }
        let mut mail = format!("MAIL FROM:<{}>", envelope.return_path.as_ref().map_or("", Address::as_str));
        if size.is_some() {
            mail += &format!(" SIZE={}", message.size);
        }
        if !message.ascii {
            mail += " BODY=8BITMIME";
        }
        if wants_utf8 {
            mail += " SMTPUTF8";
        }
        mail += "\r\n";
        Ok(mail)
    }

    /// All that comes before the message: in one go where the server offers it (RFC 2920), else step by step.
    async fn before_message(&mut self, steps: &[(&str, Stage)]) -> Result<(), Handed> {
        let together = self.offers.pipelining;
        if together {
            let all: String = steps.iter().map(|(command, _)| *command).collect();
            self.wire.write(all.as_bytes(), self.times.command).await.map_err(|b| Handed::lost(Stage::Sender, &b))?;
        }
        let mut refused = None;
        // A connection is used again only if each answer came and none was odd.
        let mut keep = true;
        for (command, stage) in steps {
            let answered =
                if together { self.wire.reply(self.times.command).await } else { self.command(command).await };
            let reply = match answered {
                Ok(reply) => reply,
                Err(broken) if refused.is_none() => return Err(Handed::lost(*stage, &broken)),
                Err(_) => {
                    keep = false;
                    break;
                }
            };
            if refused.is_some() {
                // Leave to send a message although it has no recipient: nothing may follow but the end of the connection.
                keep &= reply.code != 421 && !(*stage == Stage::Data && reply.code == 354);
                continue;
            }
            let yes = if *stage == Stage::Data { reply.code == 354 } else { reply.is_yes() };
            if yes {
                continue;
            }
            if !reply.is_no() {
                return Err(Handed::lost(*stage, &Broken::Garbage));
            }
            let outcome = refusal(&reply, *stage);
            if reply.code == 421 {
                return Err(Handed::Lost(outcome));
            }
            refused = Some(outcome);
            if !together {
                break;
            }
        }
        match refused {
            None => Ok(()),
            Some(outcome) => {
                self.reset = true;
                Err(Handed::Done { outcome, keep })
            }
        }
    }

    async fn message(&mut self, message: &Message) -> Handed {
        let unknown = |broken: &Broken| Handed::Done {
            outcome: Outcome::Unknown { why: sentence(Stage::Message, broken) },
            keep: false,
        };
        if let Err(broken) = self.wire.write(&message.bytes, self.times.data).await {
            // A server may say no before it has read all, and close. That is a clear answer, if it can still be read.
            let grace = self.times.command.min(std::time::Duration::from_secs(1));
            return match self.wire.reply(grace).await {
                Ok(reply) if reply.is_no() => Handed::Done { outcome: refusal(&reply, Stage::Message), keep: false },
                _ => unknown(&broken),
            };
        }
        match self.wire.reply(self.times.data).await {
            Err(broken) => unknown(&broken),
            Ok(reply) if reply.is_yes() => {
                Handed::Done { outcome: Outcome::Accepted { code: reply.code, text: reply.text() }, keep: true }
            }
            Ok(reply) if reply.is_no() => {
                Handed::Done { outcome: refusal(&reply, Stage::Message), keep: reply.code != 421 }
            }
            Ok(_) => unknown(&Broken::Garbage),
        }
    }

    /// Says goodbye; who does not answer is left.
    pub(crate) async fn quit(mut self) {
        let within = self.times.command.min(std::time::Duration::from_secs(5));
        if self.wire.write(b"QUIT\r\n", within).await.is_ok() {
            let _ = self.wire.reply(within).await;
        }
    }
}

fn refusal(reply: &Reply, stage: Stage) -> Outcome {
    Outcome::Refused {
        permanent: reply.code >= 500,
        code: reply.code,
        enhanced: reply.enhanced().map(str::to_owned),
        text: reply.text(),
        stage,
    }
}

/// A message as it goes over the wire.
pub(crate) struct Message {
    bytes: Vec<u8>,
    size: u64,
    ascii: bool,
    utf8_head: bool,
}

impl Message {
    /// Doubles dots at the beginning of lines and adds the end. Refuses what servers read differently: line breaks that are none of
    /// mail's, by which a second message could be smuggled in, lines that are too long, and NUL.
    pub(crate) fn new(raw: &[u8]) -> Result<Self, &'static str> {
        let mut bytes = Vec::with_capacity(raw.len() + raw.len() / 50 + 5);
        let mut head = None;
        let mut at = 0;
        while at < raw.len() {
            let rest = &raw[at..];
            let end = rest.iter().position(|b| *b == b'\n');
            let line = end
                .and_then(|end| rest[..end].strip_suffix(b"\r"))
                .ok_or("The message holds a line break that is none of mail's (CR LF).")?;
            if line.len() > 998 {
                return Err("The message holds a line of more than 998 bytes.");
            }
            if line.iter().any(|b| *b == b'\r' || *b == 0) {
                return Err("The message holds a line break that is none of mail's (CR LF), or NUL.");
            }
            if line.first() == Some(&b'.') {
                bytes.push(b'.');
            }
            if line.is_empty() && head.is_none() {
                head = Some(at);
            }
            bytes.extend_from_slice(&rest[..line.len() + 2]);
            at += line.len() + 2;
        }
        let head = head.ok_or("The message has no end of its headers.")?;
        bytes.extend_from_slice(b".\r\n");
        Ok(Self {
            bytes,
            size: raw.len().try_into().unwrap_or(u64::MAX),
            ascii: raw.is_ascii(),
            utf8_head: !raw[..head].is_ascii(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_doubled_and_nothing_is_smuggled() {
        let wire = |raw: &str| Message::new(raw.as_bytes()).map(|m| String::from_utf8(m.bytes).expect("UTF-8"));
        assert_eq!(wire("A: b\r\n\r\n.\r\n..a\r\n").as_deref(), Ok("A: b\r\n\r\n..\r\n...a\r\n.\r\n"));
        for raw in [
            "A: b\n\nx\r\n",
            "A: b\r\n\r\nx\n.\n",
            "A: b\r\n\r\nx\r.\r\n",
            "A: b\r\n\r\nx",
            "A: b\r\n\r\n\0\r\n",
            "A: b\r\n\r\n\r\r\n",
        ] {
            assert!(wire(raw).is_err(), "{raw:?}");
        }
        assert!(wire("A: b\r\nC: d\r\n").is_err_and(|why| why.contains("headers")));
        assert!(wire(&format!("A: b\r\n\r\n{}\r\n", "x".repeat(999))).is_err());
        assert!(wire(&format!("A: b\r\n\r\n{}\r\n", "x".repeat(998))).is_ok());
    }

    #[test]
    fn offers_are_read_however_they_are_written() {
        let lines = [
            "mail.example.org at your service",
            "pipelining",
            "SIZE 1000",
            "AUTH PLAIN login",
            "AUTH=XOAUTH2",
            "8BITMIME",
        ];
        let reply = Reply { code: 250, lines: lines.map(str::to_owned).to_vec() };
        let offers = Offers::read(&reply);
        assert!(offers.pipelining && offers.eight_bit && !offers.start_tls && !offers.utf8);
        assert_eq!((offers.name.as_str(), offers.size), ("mail.example.org", Some(1_000)));
        assert_eq!(offers.sign_in, ["PLAIN", "LOGIN", "XOAUTH2"]);
        let none = Offers::read(&Reply { code: 250, lines: vec!["x".to_owned(), "SIZE 0".to_owned()] });
        assert_eq!(none, Offers { name: "x".to_owned(), ..Offers::default() });
    }
}

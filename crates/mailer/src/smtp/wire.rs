//! The connection itself: bytes out, replies in. Knows nothing of mail.
//!
//! Own code and no library's, because what became of a mail is read from here: replies with letters outside ASCII are replies
//! and not broken connections; the answer to EHLO can be read; nothing that was said in the clear is left over when a
//! connection becomes secret (RFC 3207, section 6); and a message with its end goes out in one piece.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::Problem;

/// Bytes of a line of a reply; the standard has 512.
const MAX_LINE: usize = 4_096;
/// Lines of a reply.
const MAX_LINES: usize = 200;
/// Characters that are kept of what a server said.
const MAX_TEXT: usize = 1_000;

/// Why nothing can be read from a connection, or written to it, any more.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error("the server closed the connection")]
    Closed,
    #[error("the server did not answer within {} seconds", .0.as_secs_f32())]
    Silent(Duration),
    #[error("the connection broke: {0}")]
    Io(#[from] std::io::Error),
    #[error("the server answered with something that is not SMTP")]
    Garbage,
}

/// What a server said: a code and lines of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) code: u16,
    pub(crate) lines: Vec<String>,
}

impl Reply {
    pub(crate) fn is_yes(&self) -> bool {
        (200..300).contains(&self.code)
    }

    pub(crate) fn is_no(&self) -> bool {
        (400..600).contains(&self.code)
    }

    /// The enhanced status code (RFC 2034), if the reply begins with one that fits it.
    pub(crate) fn enhanced(&self) -> Option<&str> {
        let word = self.lines.first()?.split(' ').next()?;
        let mut parts = word.split('.');
        let class = parts.next()?.parse::<u16>().ok()?;
        let number = |part: Option<&str>| {
            part.is_some_and(|p| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
        };
        let three = number(parts.next()) && number(parts.next()) && parts.next().is_none();
        (three && class == self.code / 100).then_some(word)
    }

    /// All lines in one, without the enhanced code that each may begin with.
    pub(crate) fn text(&self) -> String {
        let enhanced = self.enhanced();
        let mut text = String::new();
        for line in &self.lines {
            let line = enhanced.and_then(|code| line.strip_prefix(code)).unwrap_or(line).trim();
            if !text.is_empty() && !line.is_empty() {
                text.push(' ');
            }
            text.push_str(line);
        }
        text.chars().take(MAX_TEXT).collect()
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    /// Between the two, or after TLS failed.
    Gone,
}

/// A connection to a server.
pub(crate) struct Wire {
    stream: Stream,
    /// Read and not yet looked at.
    read: Vec<u8>,
}

impl Wire {
    pub(crate) async fn connect(host: &str, port: u16, within: Duration) -> Result<Self, Broken> {
        let stream = timeout(within, TcpStream::connect((host, port))).await.map_err(|_| Broken::Silent(within))??;
        // Each write is a whole command: nothing is gained by holding it back.
        stream.set_nodelay(true)?;
        Ok(Self { stream: Stream::Plain(stream), read: Vec::new() })
    }

    /// The address that we come from.
    pub(crate) fn local_ip(&self) -> Option<std::net::IpAddr> {
        let stream = match &self.stream {
            Stream::Plain(stream) => stream,
            Stream::Tls(stream) => stream.get_ref().0,
            Stream::Gone => return None,
        };
        stream.local_addr().ok().map(|address| address.ip())
    }

    /// Makes the connection secret. What the server said before and nobody read was not said by whom we believe: that ends it.
    pub(crate) async fn secure(&mut self, tls: &Tls, within: Duration) -> Result<(), String> {
        if !self.read.is_empty() {
            return Err("the server said more before the connection was secret than it was asked for".to_owned());
        }
        let Stream::Plain(stream) = std::mem::replace(&mut self.stream, Stream::Gone) else {
            return Err("the connection is secret already".to_owned());
        };
        let connecting = tls.connector.connect(tls.name.clone(), stream);
        let stream = timeout(within, connecting).await.map_err(|_| Broken::Silent(within).to_string())?;
        self.stream = Stream::Tls(Box::new(stream.map_err(|error| error.to_string())?));
        Ok(())
    }

    pub(crate) async fn write(&mut self, bytes: &[u8], within: Duration) -> Result<(), Broken> {
        let writing = async {
            match &mut self.stream {
                Stream::Plain(stream) => stream.write_all(bytes).await,
                Stream::Tls(stream) => {
                    stream.write_all(bytes).await?;
                    stream.flush().await
                }
                Stream::Gone => Err(std::io::ErrorKind::NotConnected.into()),
            }
        };
        Ok(timeout(within, writing).await.map_err(|_| Broken::Silent(within))??)
    }

    pub(crate) async fn reply(&mut self, within: Duration) -> Result<Reply, Broken> {
        timeout(within, self.read_reply()).await.map_err(|_| Broken::Silent(within))?
    }

    async fn read_reply(&mut self) -> Result<Reply, Broken> {
        let mut reply: Option<Reply> = None;
        loop {
            let line = self.line().await?;
            let (code, more, text) = parse(&line).ok_or(Broken::Garbage)?;
            let so_far = reply.get_or_insert(Reply { code, lines: Vec::new() });
            if so_far.code != code || so_far.lines.len() >= MAX_LINES {
                return Err(Broken::Garbage);
            }
            so_far.lines.push(text);
            if !more && let Some(reply) = reply {
                return Ok(reply);
            }
        }
    }

    /// One line without its end.
    async fn line(&mut self) -> Result<Vec<u8>, Broken> {
        let mut seen = 0;
        loop {
            if let Some(end) = self.read[seen..].iter().position(|b| *b == b'\n') {
                let mut line: Vec<u8> = self.read.drain(..=seen + end).collect();
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(line);
            }
            seen = self.read.len();
            if seen > MAX_LINE {
                return Err(Broken::Garbage);
            }
            let count = match &mut self.stream {
                Stream::Plain(stream) => stream.read_buf(&mut self.read).await?,
                Stream::Tls(stream) => stream.read_buf(&mut self.read).await?,
                Stream::Gone => 0,
            };
            if count == 0 {
                return Err(Broken::Closed);
            }
        }
    }
}

/// Code, whether more lines follow, and text of a line.
fn parse(line: &[u8]) -> Option<(u16, bool, String)> {
    let digits = line.get(..3)?;
    if !digits.iter().all(u8::is_ascii_digit) || !(b'2'..=b'5').contains(&digits[0]) {
        return None;
    }
    let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
    let (more, text) = match line.get(3) {
        None => (false, &[][..]),
        Some(b' ') => (false, &line[4..]),
        Some(b'-') => (true, &line[4..]),
        Some(_) => return None,
    };
    // Some servers write Latin-1; what they say is for people, and their code is what counts.
    let text: String = String::from_utf8_lossy(text).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Some((code, more, text))
}

/// What makes a connection secret, and whose certificate is wanted.
pub(crate) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Tls {
    /// Certificates of public authorities, and of those given, are believed.
    pub(crate) fn new(host: &str, extra_ca: Option<&[u8]>) -> Result<Self, Problem> {
        let refused = |why: &str| Problem::Settings(why.to_owned());
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(pem) = extra_ca {
            let before = roots.len();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let added = certificate.ok().and_then(|certificate| roots.add(certificate).ok());
                added.ok_or_else(|| {
                    refused("The file of certificate authorities holds something that is no certificate in PEM.")
                })?;
            }
            if roots.len() == before {
                return Err(refused("The file of certificate authorities holds no certificate in PEM."));
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Problem::Settings(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name =
            ServerName::try_from(host.to_owned()).map_err(|_| refused("No certificate can be for this host."))?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(code: u16, lines: &[&str]) -> Reply {
        Reply { code, lines: lines.iter().map(|line| (*line).to_owned()).collect() }
    }

    #[test]
    fn lines_of_replies() {
        let parsed = |line: &[u8]| parse(line);
        assert_eq!(parsed(b"250 2.1.5 Ok"), Some((250, false, "2.1.5 Ok".to_owned())));
        assert_eq!(parsed(b"250-SIZE 1000"), Some((250, true, "SIZE 1000".to_owned())));
        assert_eq!(parsed(b"354"), Some((354, false, String::new())));
        assert_eq!(parsed(b"550 refus\xe9\x07"), Some((550, false, "refus\u{fffd} ".to_owned())));
        for line in [&b""[..], b"25", b"999 x", b"150 x", b"250x", b"abc def", b"HTTP/1.1 400 Bad Request"] {
            assert_eq!(parsed(line), None, "{line:?}");
        }
    }

    #[test]
    fn enhanced_codes_must_fit() {
        let no = reply(550, &["5.1.1 <x@example.org>:", "5.1.1 no such user"]);
        assert_eq!((no.enhanced(), no.text().as_str()), (Some("5.1.1"), "<x@example.org>: no such user"));
        assert_eq!(reply(550, &["4.1.1 x"]).enhanced(), None);
        assert_eq!(reply(550, &["5.1 x"]).enhanced(), None);
        assert_eq!(reply(550, &["5.1.1.1 x"]).enhanced(), None);
        assert_eq!(reply(550, &["5.1.1234 x"]).enhanced(), None);
        assert_eq!(reply(250, &["2.0.0"]).enhanced(), Some("2.0.0"));
        assert_eq!(reply(550, &["No."]).enhanced(), None);
        assert_eq!(reply(550, &[]).enhanced(), None);
    }
}

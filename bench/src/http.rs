//! As much of HTTP/1.1 as measuring needs: one connection that is kept, one request after another.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// What forms send.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
const COMPRESSED: &str = "accept-encoding: gzip\r\n";

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// Where it sends the browser, if it does.
    pub(crate) location: Option<String>,
    /// From the first byte sent to the last byte read.
    pub(crate) took: Duration,
}

/// A connection to a server on this machine.
pub(crate) struct Client {
    address: SocketAddr,
    key: Option<String>,
    /// Headers sent with every request, each with its line end.
    headers: String,
    /// `name=value` of each cookie that was set, the newest of a name.
    cookies: Vec<String>,
    connection: Option<BufReader<TcpStream>>,
}

impl Client {
    pub(crate) fn new(address: SocketAddr, key: Option<&str>) -> Self {
        Self { address, key: key.map(str::to_owned), headers: String::new(), cookies: Vec::new(), connection: None }
    }

    /// A browser that takes compressed answers.
    pub(crate) fn plain_browser(address: SocketAddr) -> Self {
        Self { headers: COMPRESSED.to_owned(), ..Self::new(address, None) }
    }

    /// Takes answers as plain text from now on.
    pub(crate) fn uncompressed(&mut self) -> &mut Self {
        self.headers = self.headers.replace(COMPRESSED, "");
        self
    }

    /// A browser that takes compressed answers and is signed in through the form.
    pub(crate) fn browser(address: SocketAddr, email: &str, password: &str) -> Result<Self> {
        let mut client = Self::plain_browser(address);
        let form = format!("email={}&password={}", encoded(email), encoded(password));
        let answer = client.send("POST", "/sign-in", FORM, form.as_bytes())?;
        client.signed_in(answer.status)
    }

    /// A browser that is signed in by a one-time link, at which it chooses this password.
    pub(crate) fn joined(address: SocketAddr, link: &str, password: &str) -> Result<Self> {
        let token = link.rsplit('/').next().unwrap_or_default();
        let mut client = Self::plain_browser(address);
        let form = format!("password={}", encoded(password));
        let answer = client.send("POST", &format!("/join/{token}"), FORM, form.as_bytes())?;
        client.signed_in(answer.status)
    }

    fn signed_in(mut self, status: u16) -> Result<Self> {
        if status != 303 || self.cookies.is_empty() {
            bail!("The sign-in was refused.");
        }
        self.headers.push_str(&format!("cookie: {}\r\n", self.cookies.join("; ")));
        Ok(self)
    }

    /// Asks and expects success.
    pub(crate) fn get(&mut self, path: &str) -> Result<Answer> {
        let answer = self.send("GET", path, "", b"")?;
        if answer.status != 200 {
            let body = String::from_utf8_lossy(&answer.body);
            bail!("GET {path} was answered with {}: {}", answer.status, body.chars().take(400).collect::<String>());
        }
        Ok(answer)
    }

    /// Sends a request.
    pub(crate) fn send(&mut self, method: &str, path: &str, content_type: &str, body: &[u8]) -> Result<Answer> {
        self.stream(method, path, content_type, body, &mut |_| ())
    }

    /// The same; everything read is also shown to `seen`, and only kept when it is small.
    pub(crate) fn stream(
        &mut self,
        method: &str,
        path: &str,
        content_type: &str,
        body: &[u8],
        seen: &mut dyn FnMut(&[u8]),
    ) -> Result<Answer> {
        let began = Instant::now();
        let outcome = self.exchange(method, path, content_type, body, seen);
        if outcome.is_err() {
            self.connection = None;
        }
        let (status, body, location) = outcome.with_context(|| format!("{method} {path} got no answer."))?;
        Ok(Answer { status, body, location, took: began.elapsed() })
    }

    fn keep_cookie(&mut self, cookie: &str) {
        let name = cookie.split('=').next().unwrap_or_default();
        self.cookies.retain(|kept| kept.split('=').next() != Some(name));
        self.cookies.push(cookie.to_owned());
    }

    fn exchange(
        &mut self,
        method: &str,
        path: &str,
        content_type: &str,
        body: &[u8],
        seen: &mut dyn FnMut(&[u8]),
    ) -> Result<(u16, Vec<u8>, Option<String>)> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(5))?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(Duration::from_secs(300)))?;
                BufReader::with_capacity(1 << 16, stream)
            }
        };
        let mut bytes = request(self.address, self.key.as_deref(), method, path, content_type, body);
        if !self.headers.is_empty() {
            let at = bytes.windows(2).position(|w| w == b"\r\n").unwrap_or(0) + 2;
            bytes.splice(at..at, self.headers.bytes());
        }
        connection.get_mut().write_all(&bytes)?;
        let mut line = String::new();
        connection.read_line(&mut line)?;
        let status: u16 = line.split(' ').nth(1).and_then(|s| s.parse().ok()).context("This is not HTTP.")?;
        let (mut length, mut chunked, mut close, mut location) = (None, false, false, None);
        loop {
            line.clear();
            connection.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse::<usize>().ok(),
                "transfer-encoding" => chunked = value.contains("chunked"),
                "set-cookie" => self.keep_cookie(value.trim().split(';').next().unwrap_or_default()),
                "location" => location = Some(value.trim().to_owned()),
                "connection" => close = value.contains("close"),
                _ => {}
            }
        }
        let mut kept = Vec::new();
        let mut take = |bytes: &[u8]| {
            seen(bytes);
            if kept.len() < 8 << 20 {
                kept.extend_from_slice(bytes);
            }
        };
        if chunked {
            loop {
                line.clear();
                connection.read_line(&mut line)?;
                let size = usize::from_str_radix(line.trim(), 16).context("A chunk has no size.")?;
                read(&mut connection, size, &mut take)?;
                line.clear();
                connection.read_line(&mut line)?;
                if size == 0 {
                    break;
                }
            }
        } else {
            read(&mut connection, length.unwrap_or(0), &mut take)?;
        }
        if !close {
            self.connection = Some(connection);
        }
        Ok((status, kept, location))
    }
}

fn read(from: &mut impl Read, mut bytes: usize, take: &mut impl FnMut(&[u8])) -> Result<()> {
    let mut buffer = [0; 1 << 16];
    while bytes > 0 {
        let most = bytes.min(buffer.len());
        let n = from.read(&mut buffer[..most])?;
        if n == 0 {
            bail!("The connection ended in the middle of an answer.");
        }
        take(&buffer[..n]);
        bytes -= n;
    }
    Ok(())
}

/// A request as bytes.
pub(crate) fn request(
    address: SocketAddr,
    key: Option<&str>,
    method: &str,
    path: &str,
    content_type: &str,
    body: &[u8],
) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\n");
    if let Some(key) = key {
        head.push_str(&format!("authorization: Bearer {key}\r\n"));
    }
    if !content_type.is_empty() {
        head.push_str(&format!("content-type: {content_type}\r\n"));
    }
    if method != "GET" {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// Text as part of a query string.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

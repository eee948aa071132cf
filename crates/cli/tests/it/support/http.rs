//! One request, one connection: what a client of the simplest kind does.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("no JSON ({e}): {} {}", self.status, self.body))
    }
}

/// Sends requests to a server.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) address: SocketAddr,
    pub(crate) key: String,
}

impl Client {
    pub(crate) fn get(&self, path: &str) -> std::io::Result<Answer> {
        self.send("GET", path, &[], "")
    }

    /// Hands feedback in. An error means that nobody knows whether it arrived.
    pub(crate) fn submit(&self, body: &Value, idempotency_key: Option<&str>) -> std::io::Result<Answer> {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(idempotency_key.map(|k| ("idempotency-key", k)));
        self.send("POST", "/api/v1/feedback", &headers, &body.to_string())
    }

    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> std::io::Result<Answer> {
        let mut stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(5))?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        // Version 1.0: the answer is not cut into chunks and ends with the connection.
        let mut request = format!("{method} {path} HTTP/1.0\r\nhost: {}\r\n", self.address);
        if !self.key.is_empty() {
            request.push_str(&format!("authorization: Bearer {}\r\n", self.key));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if method != "GET" {
            request.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        request.push_str(body);
        stream.write_all(request.as_bytes())?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes);
        let cut = || std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the answer is cut off");
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
        let length = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse::<usize>().ok());
        if length.is_some_and(|length| body.len() < length) {
            return Err(cut());
        }
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(cut)?;
        Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
    }
}

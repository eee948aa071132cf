//! Requests to the outside: HTTP with TLS, on addresses that an administrator typed or the operator configured.
//!
//! Knows reqwest and rustls, and nobody else does. No redirects, so that nobody is led elsewhere; a limit on
//! time and on what is read of an answer; no address of the own network unless the operator allows it. Names
//! are looked up here and the connection goes to what was found, so that a name can't lead to one address
//! when it is checked and to another when it is used.

mod address;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use async_trait::async_trait;
use commonweal_ports::{Post, PostAnswer, WebAnswer, WebClient, WebError, WebRequest};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use url::{Host, Url};

/// How long a request may take, from looking up the name to the end of the answer.
const TIME: Duration = Duration::from_secs(15);
/// For how long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(20);
/// So much of an answer is read, in bytes; the rest is left.
const ANSWER_BYTES: usize = 4_096;

/// Sends requests to the outside.
#[derive(Debug)]
pub struct Outbound {
    client: reqwest::Client,
    allow_private: bool,
}

impl Outbound {
    /// A client; with `allow_private` also for addresses of the own network.
    ///
    /// # Errors
    /// When the system's certificate authorities can't be read.
    pub fn new(allow_private: bool) -> Result<Self, WebError> {
        // Whoever came first has installed the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("Commonweal/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(TIME)
            // Many servers close what was quiet for a minute. Whoever sends at that moment does not know what became of it.
            .pool_idle_timeout(IDLE)
            // A proxy would look names up by itself, and so decide which addresses are reached.
            .no_proxy()
            .dns_resolver(Guard { allow_private })
            .build()
            .map_err(|e| WebError::Failed(whole(&e)))?;
        Ok(Self { client, allow_private })
    }

    fn checked(&self, address: &str) -> Result<Url, WebError> {
        let url = Url::parse(address)
            .map_err(|_| WebError::Refused("It is not a whole address such as https://example.org/path.".to_owned()))?;
        if url.scheme() != "https" && !(self.allow_private && url.scheme() == "http") {
            return Err(WebError::Refused(
                "An address begins with https://, so that nobody reads what is sent.".to_owned(),
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(WebError::Refused("An address can’t hold a name and a password.".to_owned()));
        }
        let literal = match url.host() {
            Some(Host::Ipv4(v4)) => Some(IpAddr::V4(v4)),
            Some(Host::Ipv6(v6)) => Some(IpAddr::V6(v6)),
            Some(Host::Domain(_)) => None,
            None => return Err(WebError::Refused("The address names no server.".to_owned())),
        };
        if literal.is_some_and(|ip| !self.allow_private && !address::is_public(ip)) {
            return Err(WebError::Refused(PRIVATE.to_owned()));
        }
        Ok(url)
    }
}

/// What is said of an address of the own network.
const PRIVATE: &str = "The address leads into the server’s own network. The operator can allow that in the configuration (allow_private).";

#[async_trait]
impl WebClient for Outbound {
    fn check(&self, address: &str) -> Result<(), WebError> {
        self.checked(address).map(|_| ())
    }

    async fn post(&self, post: Post) -> Result<PostAnswer, WebError> {
        let url = self.checked(&post.address)?;
        let mut request = self.client.post(url).body(post.body);
        for (name, value) in post.headers {
            request = request.header(name, value);
        }
        let mut response = request.send().await.map_err(|e| told(&e))?;
        let status = response.status().as_u16();
        let mut beginning = Vec::new();
        // What the server did is said by the status: an answer that breaks off changes nothing about it.
        while beginning.len() < ANSWER_BYTES
            && let Ok(Some(chunk)) = response.chunk().await
        {
            beginning.extend_from_slice(&chunk);
        }
        beginning.truncate(ANSWER_BYTES);
        Ok(PostAnswer { status, beginning: String::from_utf8_lossy(&beginning).into_owned() })
    }

    async fn ask(&self, request: WebRequest) -> Result<WebAnswer, WebError> {
        let url = self.checked(&request.address)?;
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|_| WebError::Refused(format!("There is no method {}.", request.method)))?;
        let mut asked = self.client.request(method, url).body(request.body);
        for (name, value) in request.headers {
            asked = asked.header(name, value);
        }
        let mut response = asked.send().await.map_err(|e| told(&e))?;
        let status = response.status().as_u16();
        let kind = response.headers().get(reqwest::header::CONTENT_TYPE);
        let content_type = kind.and_then(|value| value.to_str().ok()).map(str::to_owned);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| told(&e))? {
            if body.len() + chunk.len() > request.most_bytes {
                return Err(WebError::Failed(format!("The answer has more than {} bytes.", request.most_bytes)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(WebAnswer { status, content_type, body })
    }
}

/// Looks names up and keeps back addresses that may not be reached.
struct Guard {
    allow_private: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("{PRIVATE}")]
struct IsPrivate;

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> =
                found.into_iter().filter(|a| allow_private || address::is_public(a.ip())).collect();
            if allowed.is_empty() {
                return Err(IsPrivate.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// What went wrong, without the address: that may hold a secret of the receiver's.
fn told(e: &reqwest::Error) -> WebError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(e);
    while let Some(inner) = cause {
        if inner.is::<IsPrivate>() {
            return WebError::Refused(PRIVATE.to_owned());
        }
        cause = inner.source();
    }
    // Neither a name nor a connection nor TLS: nothing was sent.
    if e.is_connect() {
        return WebError::NotReached(whole(e));
    }
    if e.is_timeout() {
        return WebError::Failed(format!("No answer within {} seconds.", TIME.as_secs()));
    }
    WebError::Failed(whole(e))
}

/// An error with its innermost cause, which is what helps.
fn whole(e: &reqwest::Error) -> String {
    let mut last: &(dyn std::error::Error + 'static) = e;
    while let Some(inner) = last.source() {
        last = inner;
    }
    match e.is_connect() {
        true => format!("No connection: {last}."),
        false => format!("The request failed: {last}."),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    fn post(address: String) -> Post {
        Post { address, headers: vec![("webhook-id", "1".to_owned())], body: "{}".to_owned() }
    }

    /// Answers every connection with the same bytes; gives its port and what it was asked.
    async fn receiver(answer: String) -> (u16, Arc<tokio::sync::Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let asked = Arc::new(tokio::sync::Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = [0; 2_048];
                let read = stream.read(&mut bytes).await.unwrap_or(0);
                log.lock().await.push(String::from_utf8_lossy(&bytes[..read]).into_owned());
                // The reader may have had enough.
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        (port, asked)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn nothing_is_sent_into_the_own_network_by_whatever_name() {
        let (port, asked) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
        let guarded = Outbound::new(false).expect("a client");
        for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "0"] {
            let refused = guarded.post(post(format!("https://{host}:{port}/hook"))).await.expect_err(host);
            assert!(matches!(&refused, WebError::Refused(why) if why == PRIVATE), "{host}: {refused}");
        }
        assert_eq!(asked.lock().await.len(), 0, "nothing arrived");
        let allowed = Outbound::new(true).expect("a client");
        let answer = allowed.post(post(format!("http://localhost:{port}/hook"))).await.expect("an answer");
        assert_eq!(answer.status, 200);
        let seen = asked.lock().await.remove(0);
        assert!(seen.starts_with("POST /hook HTTP/1.1\r\n") && seen.contains("webhook-id: 1"), "{seen}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_redirect_is_an_answer_and_is_not_followed() {
        let (elsewhere, asked_there) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
        let to =
            format!("HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:{elsewhere}/\r\ncontent-length: 0\r\n\r\n");
        let (port, _) = receiver(to).await;
        let client = Outbound::new(true).expect("a client");
        let answer = client.post(post(format!("http://127.0.0.1:{port}/"))).await.expect("an answer");
        assert_eq!(answer.status, 307);
        assert_eq!(asked_there.lock().await.len(), 0);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn only_the_beginning_of_a_long_answer_is_read() {
        let long = 10 * 1024 * 1024;
        let (port, _) =
            receiver(format!("HTTP/1.1 500 No\r\ncontent-length: {long}\r\n\r\n{}", "x".repeat(long))).await;
        let client = Outbound::new(true).expect("a client");
        let answer = client.post(post(format!("http://127.0.0.1:{port}/"))).await.expect("an answer");
        assert_eq!((answer.status, answer.beginning.len()), (500, ANSWER_BYTES));
    }

    #[tokio::test]
    async fn what_is_no_address_of_a_server_is_refused() {
        let client = Outbound::new(true).expect("a client");
        for address in ["", "example.org", "ftp://example.org/", "file:///etc/passwd", "https://a:b@example.org/"] {
            assert!(matches!(client.check(address), Err(WebError::Refused(_))), "{address}");
        }
        assert!(client.check("https://example.org/hook?from=us").is_ok());
        assert!(client.check("http://example.org/hook").is_ok(), "within an own network TLS may not be there");
        let guarded = Outbound::new(false).expect("a client");
        assert!(guarded.check("http://example.org/hook").is_err() && guarded.check("https://example.org/hook").is_ok());
    }
}

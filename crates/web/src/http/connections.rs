//! The connections of the server: how many there may be, and how long one may keep us waiting. Without this anybody who
//! opens a thousand connections and says nothing shuts everybody else out.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::serve::Listener;
use commonweal_app::in_hand::{InHand, Slot};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use crate::http::address::ClientAddress;
use crate::http::stalled::{GivesUpReading, GivesUpWriting};

/// What is asked of connections.
#[derive(Clone, Debug)]
pub struct ConnectionLimits {
    /// Most at once.
    pub max: usize,
    /// Most at once from one address (in IPv6: from one network of 64 bits).
    pub max_per_address: usize,
    /// Longest until the first request has come whole, without its body.
    pub first_request: Duration,
    /// Longest between two requests, and for the head of a later one.
    pub idle: Duration,
    /// Longest between two pieces of a request's body.
    pub unsent: Duration,
    /// Longest without a byte being taken of what we send.
    pub unread: Duration,
    /// Reverse proxies: everybody comes from their addresses, so those are not counted one by one.
    pub trusted_proxies: Vec<IpNet>,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            max: 10_000,
            max_per_address: 500,
            first_request: Duration::from_secs(15),
            // Longer than reverse proxies keep an idle connection (60 s is usual), so that they end it and not we.
            idle: Duration::from_secs(75),
            unsent: Duration::from_secs(30),
            unread: Duration::from_secs(30),
            trusted_proxies: Vec::new(),
        }
    }
}

/// Serves until `stop`, and then until the requests in hand are answered.
pub async fn serve(
    mut listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    stop: impl Future<Output = ()>,
) {
    let counted = Counted::new(limits.clone());
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = &mut stop => break,
        };
        // One too many is closed at once: whoever sent it can try again, and others are still let in.
        let Some(place) = counted.take(peer.ip()) else { continue };
        let connection = connection(stream, peer, router.clone(), &limits, graceful.watcher());
        tokio::spawn(async move {
            connection.await;
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// One connection from its beginning to its end.
fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: &ConnectionLimits,
    watcher: hyper_util::server::graceful::Watcher,
) -> impl Future<Output = ()> + Send + use<> {
    // Answers are small and complete: nothing is gained by waiting for more to send.
    if let Err(e) = stream.set_nodelay(true) {
        tracing::debug!(error = %e, "a connection can't be told to send at once");
    }
    let asked = Arc::new(AtomicBool::new(false));
    let first = Arc::clone(&asked);
    let unsent = limits.unsent;
    let service = service_fn(move |mut request: Request<Incoming>| {
        first.store(true, Ordering::Relaxed);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(|body| Body::new(GivesUpReading::new(body, unsent))))
    });
    let io = TokioIo::new(GivesUpWriting::new(stream, limits.unread));
    let served =
        http1::Builder::new().timer(TokioTimer::new()).header_read_timeout(limits.idle).serve_connection(io, service);
    let first_request = limits.first_request;
    async move {
        let mut served = std::pin::pin!(watcher.watch(served));
        let outcome = tokio::select! {
            outcome = &mut served => outcome,
            () = tokio::time::sleep(first_request) => {
                if !asked.load(Ordering::Relaxed) {
                    return;
                }
                served.await
            }
        };
        if let Err(e) = outcome {
            tracing::debug!(error = %e, "a connection ended early");
        }
    }
}

/// Connections at this moment.
struct Counted {
    limits: ConnectionLimits,
    all: InHand<()>,
    by_network: InHand<IpAddr>,
    refused: AtomicU64,
}

/// A connection that is counted for as long as this lives.
struct Place {
    _of_all: Slot<()>,
    /// Nothing for a reverse proxy.
    _of_network: Option<Slot<IpAddr>>,
}

impl Counted {
    fn new(limits: ConnectionLimits) -> Self {
        Self { limits, all: InHand::default(), by_network: InHand::default(), refused: AtomicU64::new(0) }
    }

    fn take(&self, from: IpAddr) -> Option<Place> {
        let place = self.place(from.to_canonical());
        if place.is_none() {
            // Said when it begins and then now and then: a log that fills is a second attack.
            if self.refused.fetch_add(1, Ordering::Relaxed).is_multiple_of(1_000) {
                let limit = self.limits.max;
                let connections = limit - self.all.free((), limit);
                tracing::warn!(connections, limit, "connections are refused: too many at once");
            }
            metrics::counter!("http_connections_refused_total").increment(1);
        }
        place
    }

    fn place(&self, from: IpAddr) -> Option<Place> {
        let of_all = self.all.begin((), self.limits.max)?;
        let of_network = match self.limits.trusted_proxies.iter().any(|net| net.contains(&from)) {
            true => None,
            false => Some(self.by_network.begin(ClientAddress(from).network(), self.limits.max_per_address)?),
        };
        Some(Place { _of_all: of_all, _of_network: of_network })
    }
}

#[cfg(test)]
mod tests {
    use parking_lot::Mutex;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;

    use super::*;

    /// Serves a page and a large file with these limits; dropping the sender stops the server.
    async fn started(limits: ConnectionLimits) -> (SocketAddr, oneshot::Sender<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new()
            .route("/", axum::routing::get(|| async { "here" }))
            .route("/take", axum::routing::post(|body: axum::body::Bytes| async move { body.len().to_string() }))
            .route("/large", axum::routing::get(|| async { vec![b'x'; 64 << 20] }));
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(serve(listener, router, limits, async move {
            let _ = stopped.await;
        }));
        (address, stop)
    }

    fn quick() -> ConnectionLimits {
        let short = Duration::from_millis(50);
        ConnectionLimits {
            first_request: short,
            idle: short,
            unsent: short,
            unread: short,
            ..ConnectionLimits::default()
        }
    }

    /// All that comes until the server ends the connection.
    async fn rest(connection: &mut TcpStream) -> String {
        let mut all = Vec::new();
        // Ended without a word or with a reset: it is the end in both cases.
        let _ = connection.read_to_end(&mut all).await;
        String::from_utf8_lossy(&all).into_owned()
    }

    const ASKED: &[u8] = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n";

    #[tokio::test]
    async fn a_silent_connection_is_ended() {
        let (address, _stop) = started(quick()).await;
        let mut silent = TcpStream::connect(address).await.expect("connects");
        assert_eq!(rest(&mut silent).await, "");
    }

    #[tokio::test]
    async fn a_head_that_never_ends_is_ended() {
        let (address, _stop) = started(quick()).await;
        let mut slow = TcpStream::connect(address).await.expect("connects");
        slow.write_all(b"GET / HTTP/1.1\r\nhost: he").await.expect("is taken");
        assert!(!rest(&mut slow).await.contains("200 OK"));
    }

    #[tokio::test]
    async fn a_connection_that_asks_nothing_more_is_ended_after_its_answer() {
        let (address, _stop) = started(quick()).await;
        let mut idle = TcpStream::connect(address).await.expect("connects");
        idle.write_all(ASKED).await.expect("is taken");
        let answer = rest(&mut idle).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("here"), "{answer}");
    }

    #[tokio::test]
    async fn a_body_that_never_ends_is_given_up() {
        let (address, _stop) = started(quick()).await;
        let mut slow = TcpStream::connect(address).await.expect("connects");
        slow.write_all(b"POST /take HTTP/1.1\r\nhost: here\r\ncontent-length: 9\r\n\r\nhal").await.expect("is taken");
        assert!(!rest(&mut slow).await.contains("200 OK"));
        let mut whole = TcpStream::connect(address).await.expect("connects");
        whole.write_all(b"POST /take HTTP/1.1\r\nhost: here\r\ncontent-length: 4\r\n\r\nhalf").await.expect("is taken");
        assert!(rest(&mut whole).await.ends_with("4"));
    }

    #[tokio::test]
    async fn an_answer_that_nobody_reads_is_given_up() {
        let (address, _stop) = started(quick()).await;
        let mut unread = TcpStream::connect(address).await.expect("connects");
        unread.write_all(b"GET /large HTTP/1.1\r\nhost: here\r\n\r\n").await.expect("is taken");
        // Longer than the server waits, in which the buffers of the system fill.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(rest(&mut unread).await.len() < 64 << 20, "only what the buffers held was sent");
    }

    #[tokio::test]
    async fn one_address_can_not_take_all_places() {
        let limits = ConnectionLimits { max_per_address: 2, ..ConnectionLimits::default() };
        let (address, _stop) = started(limits).await;
        let mut held = Vec::new();
        for _ in 0..2 {
            let mut one = TcpStream::connect(address).await.expect("connects");
            one.write_all(ASKED).await.expect("is taken");
            let mut first = [0; 12];
            one.read_exact(&mut first).await.expect("is answered");
            held.push(one);
        }
        let mut third = TcpStream::connect(address).await.expect("connects");
        assert_eq!(rest(&mut third).await, "", "the third is ended at once");
        // From another address of this machine it goes on.
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind("127.0.0.2:0".parse().expect("an address")).expect("binds");
        let mut other = socket.connect(address).await.expect("connects");
        other.write_all(ASKED).await.expect("is taken");
        let mut first = [0; 12];
        other.read_exact(&mut first).await.expect("is answered");
        // And here again as soon as one has left.
        held.pop();
        let mut again = String::new();
        while !again.contains("200 OK") {
            let mut one = TcpStream::connect(address).await.expect("connects");
            // Refused as long as the server has not seen the other leave.
            let _ = one.write_all(b"GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").await;
            again = rest(&mut one).await;
        }
    }

    #[test]
    fn a_reverse_proxy_is_counted_in_all_but_not_alone() {
        let limits = ConnectionLimits {
            max: 3,
            max_per_address: 1,
            trusted_proxies: vec!["10.0.0.0/8".parse().expect("a network")],
            ..ConnectionLimits::default()
        };
        let counted = Counted::new(limits);
        let proxy = "10.0.0.1".parse().expect("an address");
        let held: Vec<Place> = (0..3).filter_map(|_| counted.take(proxy)).collect();
        assert_eq!(held.len(), 3);
        assert!(counted.take("203.0.113.9".parse().expect("an address")).is_none(), "all places are taken");
        drop(held);
        let one = counted.take("203.0.113.9".parse().expect("an address"));
        assert!(one.is_some());
        assert!(counted.take("203.0.113.9".parse().expect("an address")).is_none());
        let six = counted.take("2001:db8::1".parse().expect("an address"));
        assert!(six.is_some());
        assert!(counted.take("2001:db8::2".parse().expect("an address")).is_none(), "the same network of 64 bits");
    }

    #[tokio::test]
    async fn requests_in_hand_are_answered_when_the_server_stops() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (begun, begin) = oneshot::channel::<()>();
        let begun = Arc::new(Mutex::new(Some(begun)));
        let handler = move || {
            let begun = Arc::clone(&begun);
            async move {
                if let Some(begun) = begun.lock().take() {
                    let _ = begun.send(());
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
                "done"
            }
        };
        let router = Router::new().route("/", axum::routing::get(handler));
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, router, ConnectionLimits::default(), async move {
            let _ = stopped.await;
        }));
        let mut one = TcpStream::connect(address).await.expect("connects");
        one.write_all(ASKED).await.expect("is taken");
        begin.await.expect("it is in hand");
        drop(stop);
        assert!(rest(&mut one).await.ends_with("done"));
        server.await.expect("ends");
    }
}

//! Ordinary readers alone, and the same beside callers who take what they can: does one caller hold others up?

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use socket2::{Domain, Socket, Type};

use crate::data;
use crate::http::{Client, encoded, request};
use crate::pages::{administrator, link};
use crate::process::Server;
use crate::results::{Abuse, Quantiles, Results};
use crate::steps::{Bench, imported};

/// Rounds of ordinary readers alone and beside the others, in turn.
const ROUNDS: usize = 3;
/// People who read.
const READERS: usize = 4;
/// Between two pages of one reader.
const PAUSE: Duration = Duration::from_millis(250);
/// What readers look at in turn: `{month}` and `{word}` become others each time.
const PAGES: &[&str] = &[
    "/?period={month}",
    "/understand/explorer?period={month}&rating=1&rating=2",
    "/understand/explorer?q={word}",
    "/understand/themes?period={month}",
    "/understand/themes/waiting?period={month}",
    "/understand/words?period={month}",
    "/settings/audit",
];
const WORDS: &[&str] = &["wait", "staff", "appointment", "\"very good\"", "kind", "letter"];

/// Connections that say nothing, from this many addresses.
const SILENT: usize = 1_000;
const ADDRESSES: u8 = 8;
/// Searches at once of one key, each of as many phrases as one may have, and the same with far more than that.
const SEARCHES: usize = 6;
const PHRASES: [usize; 2] = [20, 2_500];
/// Exports begun at once by one key and never read.
const EXPORTS: usize = 64;
/// Bodies sent a byte a second.
const SLOW: usize = 50;

/// Takes the measurement on a store of `import_rows`, which it makes when it is not there.
pub(crate) fn measure(bench: &Bench, results: &mut Results) -> Result<()> {
    let program = imported(bench)?;
    // The first user, who gives the others their links.
    administrator(&program)?;
    let links = (0..READERS)
        .map(|n| link(&program, &format!("reader-{n}@example.org"), &["reader", "administrator"]))
        .collect::<Result<Vec<_>>>()?;
    let (searching, exporting) = (program.key()?, program.key()?);
    let server = program.serve()?;
    let people = links
        .iter()
        .enumerate()
        .map(|(n, link)| {
            let password = format!("copper lantern drizzle {n}");
            Client::joined(server.address, link, &password)?;
            Ok((format!("reader-{n}@example.org"), password))
        })
        .collect::<Result<Vec<_>>>()?;
    let round = Duration::from_secs(bench.seconds * 5);
    // Once, so that nobody pays for what is read from the disk for the first time.
    read(&server, &people, round / 5)?;
    let mut measured = Abuse { rows: bench.import_rows, readers: READERS, ..Abuse::default() };
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let seconds = read(&server, &people, round)?;
        measured.own_alone = measured.own_alone.max(server.memory()?.own);
        alone.extend(seconds);
        let abusers = Abusers::begin(server.address, &searching, &exporting);
        // Until all of them are at it.
        std::thread::sleep(Duration::from_secs(3));
        let seconds = read_watched(&server, &people, round, &mut measured.own_beside);
        let refused = abusers.end();
        beside.extend(seconds?);
        measured.refused += refused;
        measured.own_beside = measured.own_beside.max(server.memory()?.own);
    }
    measured.seconds = 2 * ROUNDS as u64 * round.as_secs();
    (measured.alone, measured.beside) = (Quantiles::of(&alone), Quantiles::of(&beside));
    eprintln!(
        "    alone p50 {:.0} ms, p95 {:.0} ms; beside p50 {:.0} ms, p95 {:.0} ms: ratio of p95 {:.2}; own memory {} MB, then {} MB; \
         {} refused",
        measured.alone.p50,
        measured.alone.p95,
        measured.beside.p50,
        measured.beside.p95,
        measured.beside.p95 / measured.alone.p95,
        measured.own_alone / 1_000_000,
        measured.own_beside / 1_000_000,
        measured.refused
    );
    server.stop()?;
    results.abuse = Some(measured);
    Ok(())
}

/// Reads, while the server's memory is looked at.
fn read_watched(server: &Server, people: &[(String, String)], lasts: Duration, own: &mut u64) -> Result<Vec<f64>> {
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| read(server, people, lasts));
        while !reading.is_finished() {
            *own = (*own).max(server.memory()?.own);
            std::thread::sleep(Duration::from_millis(50));
        }
        reading.join().map_err(|_| anyhow::anyhow!("The readers ended in a panic."))?
    })
}

/// Seconds that each page took; a page that is refused ends the measurement.
fn read(server: &Server, people: &[(String, String)], lasts: Duration) -> Result<Vec<f64>> {
    let one = |reader: usize, (email, password): &(String, String)| -> Result<Vec<f64>> {
        let mut browser = Client::browser(server.address, email, password)?;
        let (began, mut seconds) = (Instant::now(), Vec::new());
        for n in reader.. {
            if began.elapsed() >= lasts {
                break;
            }
            let path = PAGES[n % PAGES.len()]
                .replace("{month}", &data::month(n))
                .replace("{word}", &encoded(WORDS[n % WORDS.len()]));
            seconds.push(browser.get(&path)?.took.as_secs_f64());
            std::thread::sleep(PAUSE);
        }
        Ok(seconds)
    };
    std::thread::scope(|scope| {
        let one = &one;
        let all: Vec<_> = people.iter().enumerate().map(|(n, who)| scope.spawn(move || one(n, who))).collect();
        let mut seconds = Vec::new();
        for reading in all {
            seconds.extend(reading.join().map_err(|_| anyhow::anyhow!("A reader ended in a panic."))??);
        }
        Ok(seconds)
    })
}

/// Those who take what they can, until they are told to end.
struct Abusers {
    over: Arc<AtomicBool>,
    refused: Arc<AtomicU64>,
    all: Vec<JoinHandle<()>>,
}

impl Abusers {
    fn begin(server: SocketAddr, searching: &str, exporting: &str) -> Self {
        let mut abusers = Self { over: Arc::default(), refused: Arc::default(), all: Vec::new() };
        for n in 0..SEARCHES {
            let key = searching.to_owned();
            abusers.spawn(move |over, refused| search(server, &key, n, over, refused));
        }
        let export = request(server, Some(exporting), "GET", crate::api::EXPORT, "", b"");
        abusers.spawn(move |over, refused| held(server, EXPORTS, 9, &export, None, over, refused));
        abusers.spawn(move |over, refused| held(server, SILENT, ADDRESSES, b"", None, over, refused));
        let mut slow = request(server, Some(searching), "POST", "/api/v1/feedback", "application/json", &[b' '; 9_000]);
        slow.truncate(slow.len() - 9_000);
        abusers.spawn(move |over, refused| held(server, SLOW, 9, &slow, Some(b' '), over, refused));
        abusers
    }

    fn spawn(&mut self, work: impl FnOnce(&AtomicBool, &AtomicU64) + Send + 'static) {
        let (over, refused) = (Arc::clone(&self.over), Arc::clone(&self.refused));
        self.all.push(std::thread::spawn(move || work(&over, &refused)));
    }

    /// Ends them; how often one was refused or shut out.
    fn end(self) -> u64 {
        self.over.store(true, Ordering::Relaxed);
        for one in self.all {
            // Whoever ended in a panic was no abuser any more, which the number of refusals shows.
            let _ = one.join();
        }
        self.refused.load(Ordering::Relaxed)
    }
}

/// Asks one dear question after another.
fn search(server: SocketAddr, key: &str, n: usize, over: &AtomicBool, refused: &AtomicU64) {
    let mut client = Client::new(server, Some(key));
    for round in n.. {
        if over.load(Ordering::Relaxed) {
            return;
        }
        let phrases: Vec<String> = (0..PHRASES[round % 2])
            .map(|p| format!("\"{} {} {}\"", WORDS[(p + round) % 2], ["the", "of", "and"][p % 3], p % 100))
            .collect();
        let path = format!("/api/v1/query?group_by=month&q={}", encoded(&phrases.join(" OR ")));
        if !client.send("GET", &path, "", b"").is_ok_and(|answer| answer.status == 200) {
            refused.fetch_add(1, Ordering::Relaxed);
            // Whoever is refused tries again, though not in a loop that only shows how fast this machine is.
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Holds so many connections that have said this and read nothing; opens another for each that is shut.
fn held(
    server: SocketAddr,
    how_many: usize,
    addresses: u8,
    said: &[u8],
    then: Option<u8>,
    over: &AtomicBool,
    refused: &AtomicU64,
) {
    let mut open: Vec<TcpStream> = Vec::with_capacity(how_many);
    let mut next = 0_u8;
    while !over.load(Ordering::Relaxed) {
        let before = open.len();
        open.retain_mut(|stream| match then {
            Some(byte) => stream.write_all(&[byte]).is_ok(),
            None => is_open(stream),
        });
        refused.fetch_add((before - open.len()) as u64, Ordering::Relaxed);
        for _ in open.len()..how_many {
            next = (next + 1) % addresses;
            let begun = connect(server, next).and_then(|mut stream| Ok(stream.write_all(said).map(|()| stream)?));
            let Ok(stream) = begun else {
                refused.fetch_add(1, Ordering::Relaxed);
                break;
            };
            open.push(stream);
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// Whether the other side has not shut it; what it has sent is left where it is.
fn is_open(stream: &TcpStream) -> bool {
    let mut byte = [0];
    match stream.peek(&mut byte) {
        Ok(n) => n > 0,
        Err(e) => e.kind() == std::io::ErrorKind::WouldBlock,
    }
}

/// A connection from one of the addresses of this machine.
fn connect(server: SocketAddr, from: u8) -> Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 1, from + 1)), 0);
    socket.bind(&address.into())?;
    // As little as can be: whoever does not read lets the server wait.
    socket.set_recv_buffer_size(4_096)?;
    socket.connect_timeout(&server.into(), Duration::from_secs(2)).context("The server takes no connection.")?;
    let stream = TcpStream::from(socket);
    stream.set_nonblocking(true)?;
    if stream.local_addr()?.ip() != address.ip() {
        bail!("The connection has another address.");
    }
    Ok(stream)
}

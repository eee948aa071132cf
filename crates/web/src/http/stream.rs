//! A file that is written while it is sent: memory does not grow with it, a slow reader holds the
//! writer back, and a reader that goes away ends the work.

use std::future::Future;
use std::io::{self, Write};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use commonweal_ports::TableFormat;
use futures::StreamExt;
use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tracing::Instrument as _;

use crate::http::error::{Failure, WebResult};

/// Bytes handed over at once.
const CHUNK: usize = 64 * 1024;
/// Chunks that may wait for the reader.
const WAITING: usize = 8;

type Chunk = Result<Bytes, Failure>;

/// Takes what a use case writes and hands it to the response.
struct ChunkWriter {
    buffer: Arc<Mutex<Vec<u8>>>,
    sender: mpsc::Sender<Chunk>,
}

impl Write for ChunkWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut buffer = self.buffer.lock();
        buffer.extend_from_slice(bytes);
        if buffer.len() >= CHUNK {
            let full = std::mem::replace(&mut *buffer, Vec::with_capacity(CHUNK + CHUNK / 4));
            // Waiting is what holds a writer back. Sinks write on threads that may wait.
            let sent = futures::executor::block_on(self.sender.send(Ok(full.into())));
            return sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into());
        }
        Ok(bytes.len())
    }

    /// Nothing: what is left is sent when the use case has ended well, so that a file that broke off
    /// never looks whole.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Answers with a file named `name` that `write` writes. What goes wrong before the first bytes is
/// an ordinary failure; later the connection is cut, so that nobody takes a part for the whole.
pub(crate) async fn file<F, W, E>(name: String, format: TableFormat, write: W) -> WebResult<Response>
where
    F: Future<Output = Result<u64, E>> + Send + 'static,
    E: Into<Failure> + Send,
    W: FnOnce(Box<dyn Write + Send>) -> F,
{
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let buffer = Arc::new(Mutex::new(Vec::with_capacity(CHUNK + CHUNK / 4)));
    let work = write(Box::new(ChunkWriter { buffer: Arc::clone(&buffer), sender: sender.clone() }));
    let task = async move {
        let last = match work.await {
            Ok(_) => Ok(Bytes::from(std::mem::take(&mut *buffer.lock()))),
            Err(e) => Err(e.into()),
        };
        // A reader that went away needs no answer.
        let _ = sender.send(last).await;
    };
    tokio::spawn(task.instrument(tracing::Span::current()));
    let first = match receiver.recv().await {
        Some(Err(failure)) => return Err(failure),
        Some(Ok(first)) => first,
        None => Bytes::new(),
    };
    let rest = ReceiverStream::new(receiver).map(|chunk| {
        chunk.map_err(|failure| {
            failure.log("a file broke off while it was sent");
            io::Error::other("the file could not be written to its end")
        })
    });
    let body = Body::from_stream(futures::stream::iter([Ok(first)]).chain(rest));
    let disposition = format!("attachment; filename=\"{name}.{}\"", format.extension());
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.media_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(commonweal_app::Error::internal)?),
    ];
    Ok((headers, body).into_response())
}

/// The name of a file without its extension, as every file system and header takes it.
pub(crate) fn stem(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let safe: String = stem.chars().map(plain).collect();
    let safe = safe.trim_matches(['-', '.']);
    if safe.is_empty() { "file".to_owned() } else { safe.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::http::StatusCode;
    use commonweal_app::Error;
    use commonweal_domain::Permission;
    use tokio::sync::oneshot;

    use super::*;

    /// Writes chunks on a thread that may wait, as sinks do, until it is told to stop or can't.
    async fn write_many(
        mut out: Box<dyn Write + Send>,
        chunks: usize,
        written: Arc<AtomicUsize>,
    ) -> commonweal_app::Result<u64> {
        let done = tokio::task::spawn_blocking(move || {
            for _ in 0..chunks {
                out.write_all(&[b'x'; CHUNK])?;
                written.fetch_add(1, Ordering::SeqCst);
            }
            Ok::<_, io::Error>(())
        });
        done.await.map_err(Error::internal)?.map_err(Error::internal)?;
        Ok(chunks as u64)
    }

    async fn streamed<F>(write: impl FnOnce(Box<dyn Write + Send>) -> F) -> WebResult<Response>
    where
        F: Future<Output = commonweal_app::Result<u64>> + Send + 'static,
    {
        file("test".to_owned(), TableFormat::Csv, write).await
    }

    #[tokio::test]
    async fn a_slow_reader_holds_the_writer_back() {
        let written = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&written);
        let response = streamed(move |out| write_many(out, 200, count)).await.expect("it begins");
        let mut body = response.into_body().into_data_stream();
        let mut read = 0;
        while let Some(chunk) = body.next().await {
            read += chunk.expect("it goes well").len();
            let ahead = written.load(Ordering::SeqCst).saturating_sub(read / CHUNK);
            assert!(ahead <= WAITING + 3, "{ahead} chunks ahead of the reader");
        }
        assert_eq!(read, 200 * CHUNK);
    }

    #[tokio::test]
    async fn a_reader_that_goes_away_ends_the_work() {
        let (ended, end) = oneshot::channel();
        let response = streamed(move |out| async move {
            let outcome = write_many(out, usize::MAX, Arc::default()).await;
            // Nobody waits for it when the test has failed.
            let _ = ended.send(outcome.is_err());
            outcome
        })
        .await
        .expect("it begins");
        drop(response);
        assert!(end.await.expect("the work ended"));
    }

    #[tokio::test]
    async fn what_is_refused_at_once_is_an_ordinary_failure() {
        let refused = streamed(|_| async { Err(Error::Denied(Permission::ExportFeedback)) }).await;
        assert_eq!(refused.expect_err("refused").status(), StatusCode::FORBIDDEN);
    }

    #[tokio::test]
    async fn a_file_that_breaks_off_does_not_look_whole() {
        let response = streamed(|out| async move {
            write_many(out, 3, Arc::default()).await?;
            Err(Error::internal(io::Error::other("the disk broke")))
        })
        .await
        .expect("it begins");
        let outcome: Vec<_> = response.into_body().into_data_stream().collect().await;
        assert!(outcome.last().is_some_and(Result::is_err));
    }

    #[tokio::test]
    async fn a_short_file_arrives_as_a_whole() {
        let response = streamed(|mut out| async move {
            out.write_all(b"id\n").map_err(Error::internal)?;
            Ok(0)
        })
        .await
        .expect("it begins");
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a whole body");
        assert_eq!(body, "id\n");
    }

    #[test]
    fn a_name_holds_nothing_that_a_header_or_a_file_system_minds() {
        assert_eq!(stem("../Größe \"x\"\r\n.xlsx"), "Gr--e--x");
        assert_eq!(stem("May 2024.csv"), "May-2024");
        assert_eq!(stem("..."), "file");
    }
}

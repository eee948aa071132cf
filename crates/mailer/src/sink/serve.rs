//! One connection of a sink.

use std::ops::ControlFlow;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::{At, Fault, Received, State};

/// Bytes of a command, and of a message.
const MAX_COMMAND: u64 = 4_096;
const MAX_MESSAGE: usize = 64 << 20;

type Flow = ControlFlow<std::io::Result<()>>;

struct Connection<'a> {
    state: &'a State,
    stream: BufReader<TcpStream>,
    /// Answers that wait until all commands that came together are read.
    out: Vec<u8>,
    from: Option<String>,
    to: Option<String>,
    count: u32,
}

pub(super) async fn serve(stream: TcpStream, state: &State) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let stream = BufReader::with_capacity(16 << 10, stream);
    let mut connection = Connection { state, stream, out: Vec::new(), from: None, to: None, count: 0 };
    match connection.talk().await {
        ControlFlow::Break(ended) => ended,
        ControlFlow::Continue(()) => Ok(()),
    }
}

fn end(result: std::io::Result<()>) -> Flow {
    ControlFlow::Break(result)
}

impl Connection<'_> {
    async fn talk(&mut self) -> Flow {
        tokio::time::sleep(self.state.behaviour.slow_greeting).await;
        if !self.fails(At::Greeting).await? {
            self.say("220 sink.example.org ESMTP");
        }
        loop {
            if self.stream.buffer().is_empty() {
                self.flush().await?;
            }
            let mut line = Vec::new();
            match (&mut self.stream).take(MAX_COMMAND).read_until(b'\n', &mut line).await {
                Ok(0) => return end(Ok(())),
                Ok(_) => self.command(&String::from_utf8_lossy(&line)).await?,
                Err(error) => return end(Err(error)),
            }
        }
    }

    async fn command(&mut self, line: &str) -> Flow {
        let line = line.trim_end();
        let word = line.get(..4).unwrap_or(line).to_ascii_uppercase();
        match word.as_str() {
            "EHLO" => {
                self.forget();
                if !self.fails(At::Hello).await? {
                    let mut lines = vec!["sink.example.org".to_owned()];
                    lines.extend(self.state.behaviour.offers.iter().cloned());
                    let last = lines.len() - 1;
                    for (n, line) in lines.iter().enumerate() {
                        self.say(&format!("250{}{line}", if n == last { ' ' } else { '-' }));
                    }
                }
            }
            "HELO" => self.say("250 sink.example.org"),
            "MAIL" if self.from.is_some() => self.say("503 5.5.1 There is a MAIL already"),
            "MAIL" => {
                if !self.fails(At::Mail).await? {
                    self.from = Some(path(line));
                    self.say("250 2.1.0 Ok");
                }
            }
            "RCPT" if self.from.is_none() => self.say("503 5.5.1 MAIL comes first"),
            "RCPT" => {
                // Known to the rules, whether it is taken or not.
                let to = path(line);
                let before = self.to.replace(to.clone());
                if self.fails(At::Rcpt).await? {
                    self.to = before;
                } else if self.state.behaviour.greylist && self.state.is_new(&to) {
                    self.to = before;
                    self.say("450 4.7.1 Greylisted, come again");
                } else {
                    self.say("250 2.1.5 Ok");
                }
            }
            "DATA" if self.to.is_none() => self.say("554 5.5.1 There is no valid recipient"),
            "DATA" => {
                if !self.fails(At::Data).await? {
                    self.say("354 Go on");
                    self.flush().await?;
                    self.message().await?;
                }
            }
            "RSET" => {
                self.forget();
                self.say("250 2.0.0 Ok");
            }
            "NOOP" => self.say("250 2.0.0 Ok"),
            "QUIT" => {
                self.say("221 2.0.0 Bye");
                self.flush().await?;
                return end(Ok(()));
            }
            _ => self.say("502 5.5.2 Not known here"),
        }
        ControlFlow::Continue(())
    }

    async fn message(&mut self) -> Flow {
        let mut message = Vec::with_capacity(4 << 10);
        loop {
            let begun = message.len();
            match self.stream.read_until(b'\n', &mut message).await {
                // Broken off: nothing is accepted.
                Ok(0) => return end(Ok(())),
                Ok(_) if message.len() > MAX_MESSAGE => return end(Ok(())),
                Ok(_) => {}
                Err(error) => return end(Err(error)),
            }
            if message[begun] == b'.' {
                message.remove(begun);
                if &message[begun..] == b"\r\n" {
                    message.truncate(begun);
                    break;
                }
            }
        }
        tokio::time::sleep(self.state.behaviour.delay).await;
        let lost = self.state.fault(At::Message, self.to.as_deref(), self.count).cloned();
        if let Some(fault) = lost.clone().filter(|fault| *fault != Fault::Lost) {
            self.go_wrong(&fault).await?;
            self.forget();
            return ControlFlow::Continue(());
        }
        let (from, to) = (self.from.take().unwrap_or_default(), self.to.take().unwrap_or_default());
        if let Err(error) = self.state.record(Received { from, to, message }) {
            return end(Err(error));
        }
        if lost.is_some() {
            return end(Ok(()));
        }
        self.count += 1;
        self.say("250 2.0.0 Ok: noted");
        ControlFlow::Continue(())
    }

    fn forget(&mut self) {
        (self.from, self.to) = (None, None);
    }

    /// Whether something went wrong here, which then was answered.
    async fn fails(&mut self, at: At) -> ControlFlow<std::io::Result<()>, bool> {
        match self.state.fault(at, self.to.as_deref(), self.count).cloned() {
            None => ControlFlow::Continue(false),
            Some(fault) => {
                self.go_wrong(&fault).await?;
                ControlFlow::Continue(true)
            }
        }
    }

    async fn go_wrong(&mut self, fault: &Fault) -> Flow {
        match fault {
            Fault::Drop | Fault::Lost => {
                // What came before it was answered.
                self.flush().await?;
                return end(Ok(()));
            }
            Fault::Garbage => self.say("What?"),
            Fault::Hang => {
                self.flush().await?;
                // Until the other side has had enough of it.
                let ended = tokio::io::copy_buf(&mut self.stream, &mut tokio::io::sink()).await;
                return end(ended.map(|_| ()));
            }
            Fault::Answer(421) => {
                self.say("421 4.3.2 Closing");
                self.flush().await?;
                return end(Ok(()));
            }
            // What is said of an address that is not there.
            Fault::Answer(551) => self.say("551 5.1.1 No such mailbox"),
            Fault::Answer(code) => self.say(&format!("{code} {}.7.0 As it was told", code / 100)),
        }
        ControlFlow::Continue(())
    }

    fn say(&mut self, line: &str) {
        self.out.extend_from_slice(line.as_bytes());
        self.out.extend_from_slice(b"\r\n");
    }

    async fn flush(&mut self) -> Flow {
        let written = self.stream.get_mut().write_all(&self.out).await;
        self.out.clear();
        if written.is_err() { end(written) } else { ControlFlow::Continue(()) }
    }
}

/// What stands in the angle brackets of MAIL and RCPT.
fn path(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(path, _)| path.to_owned()).unwrap_or_default()
}

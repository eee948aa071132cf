//! A mail server that notes what it accepts and fails as it is told to, for tests and measurements:
//!
//! `cargo run --release -p commonweal-mailer --features sink --example sink -- --listen 127.0.0.1:2525 --log accepted.tsv
//! --fault rcpt:550:gone* --fault message:lost:1% --delay-ms 5 --greylist --down-every 20 --down-for 5`

use std::time::Duration;

use commonweal_mailer::sink::{Behaviour, Sink};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut listen = "127.0.0.1:2525".parse()?;
    let mut behaviour = Behaviour::default();
    let (mut down_every, mut down_for) = (None, Duration::from_secs(5));
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--greylist" {
            behaviour.greylist = true;
            continue;
        }
        let value = arguments.next().ok_or_else(|| format!("{argument} needs a value"))?;
        match argument.as_str() {
            "--listen" => listen = value.parse()?,
            "--log" => behaviour.log = Some(value.into()),
            "--fault" => behaviour.rules.push(value.parse()?),
            "--delay-ms" => behaviour.delay = Duration::from_millis(value.parse()?),
            "--slow-greeting-ms" => behaviour.slow_greeting = Duration::from_millis(value.parse()?),
            "--seed" => behaviour.seed = value.parse()?,
            "--down-every" => down_every = Some(Duration::from_secs(value.parse()?)),
            "--down-for" => down_for = Duration::from_secs(value.parse()?),
            _ => return Err(format!("{argument} is not known").into()),
        }
    }
    let sink = Sink::start(listen, behaviour).await?;
    println!("listening on {}", sink.address());
    let falls = async {
        loop {
            let Some(every) = down_every else { return std::future::pending::<()>().await };
            tokio::time::sleep(every).await;
            sink.set_up(false);
            tokio::time::sleep(down_for).await;
            sink.set_up(true);
        }
    };
    tokio::select! {
        () = falls => {}
        ended = tokio::signal::ctrl_c() => ended?,
    }
    println!("{} accepted over {} connections", sink.accepted(), sink.connections());
    Ok(())
}

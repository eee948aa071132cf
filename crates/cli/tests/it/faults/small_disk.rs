//! A server whose data folder has little room. What it has left there is copied back when it has stopped.

use std::process::Command;

use crate::support::{Server, World, text, within};

/// Room beside what is there already.
const ROOM_MB: u64 = 24;

/// Mounts, copies in, serves, and copies back.
const SCRIPT: &str = r#"
size=$1 data=$2 aside=$3
shift 3
mkdir -p "$aside"
mount --bind "$data" "$aside"
mount -t tmpfs -o "size=$size" tmpfs "$data"
cp -a "$aside/." "$data/"
"$@" &
server=$!
trap 'kill -TERM $server' TERM
wait $server
wait $server
status=$?
find "$aside" -mindepth 1 -delete
cp -a "$data/." "$aside/"
exit $status
"#;

/// The server of a body on a small disk, ready.
pub(super) fn serve(world: &World) -> Server {
    let mut command = Command::new("unshare");
    let used = Command::new("du").args(["-sk", text(&world.data())]).output().expect("du runs").stdout;
    let used: u64 = String::from_utf8_lossy(&used).split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0);
    let size = format!("{}k", used + ROOM_MB * 1_024);
    let aside = world.file("aside");
    command.args(["-m", "sh", "-c", SCRIPT, "sh", &size, text(&world.data()), text(&aside)]);
    let server = world.spawn_server(within(command, &world.command(&[])));
    server.wait_until_ready();
    server
}

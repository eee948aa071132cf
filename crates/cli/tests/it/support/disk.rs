//! A file system that is too small, in a mount namespace of its own, which needs root.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use super::{Server, World, text};

/// Whether this process may make such a namespace.
pub(crate) fn may_mount() -> bool {
    let tried = Command::new("unshare").args(["-m", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]).output();
    tried.is_ok_and(|output| output.status.success())
}

/// Takes all the room there is.
pub(crate) fn fill(server: &Server, world: &World) -> PathBuf {
    let inside = format!("/proc/{}/root{}/filler", server.pid(), text(&world.data()));
    let path = PathBuf::from(inside);
    let mut file = File::create(&path).expect("the file system can be reached");
    let mut piece = vec![7u8; 1 << 20];
    while !piece.is_empty() {
        match file.write(&piece) {
            Ok(n) if n == piece.len() => {}
            Ok(_) => {}
            Err(e) => {
                assert_eq!(e.kind(), std::io::ErrorKind::StorageFull, "{e}");
                // Smaller and smaller, until not a byte fits.
                piece.truncate(piece.len() / 2);
            }
        }
    }
    path
}

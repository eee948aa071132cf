//! Ending without a word when whoever reads the output has had enough: `commonweal export - | head`.

use std::io;
use std::process;

/// Whether this is why something failed.
pub(crate) fn nobody_reads(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}

/// Lets what is printed with `println!`, which panics then, end the program in the same way.
pub(crate) fn end_when_nobody_reads() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let message = info.payload_as_str().unwrap_or_default();
        // What a command has done is on the disk before it says so.
        if message.starts_with("failed printing to stdout") && message.contains("Broken pipe") {
            process::exit(0);
        }
        usual(info);
    }));
}

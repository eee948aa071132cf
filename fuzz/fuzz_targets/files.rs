//! Files of any kind, delimited text and workbooks alike: what they are is found out and their rows are read, or
//! they are refused with a sentence.
#![no_main]

use std::io::Write;

use commonweal_app::ports::{FileContext, FileReader};
use commonweal_channels::files::Files;
use commonweal_domain::Instant;
use commonweal_domain::import::Mapping;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    file.write_all(bytes).expect("it can be written");
    let now: Instant = "2026-11-22T12:00:00Z".parse().expect("an instant");
    let context = FileContext { zone: chrono_tz::Europe::London, now };
    let Ok(preview) = Files.preview(file.path(), "x", &Mapping::default(), context) else { return };
    let Ok(mut rows) = Files.open(file.path(), "x", &preview.mapping, context) else { return };
    while let Ok(some) = rows.next_rows(1_000) {
        if some.is_empty() {
            let (read, total) = rows.progress();
            assert_eq!(read, total, "at the end everything has been read");
            return;
        }
    }
});

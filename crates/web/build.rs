//! Checks that the stylesheet and the script of the console are there before they are embedded.

use std::path::Path;

fn main() {
    let manifest = Path::new("../../frontend/dist/manifest.json");
    println!("cargo::rerun-if-changed=../../frontend/dist");
    println!("cargo::rerun-if-changed=templates");
    if !manifest.is_file() {
        println!(
            "cargo::error=The console's assets are missing: frontend/dist has no manifest.json. Run `make assets` first; it needs Node 20 or later."
        );
    }
}

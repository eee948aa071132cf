//! Holds the house to its plan: which crate may know which, and that the pages which describe it
//! name only what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which crate may depend on which (normal dependencies; tests may use the test kit).
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("text", &["domain"]),
    ("insight", &["domain"]),
    ("store", &["domain"]),
    ("ports", &["domain"]),
    ("app", &["domain", "insight", "ports", "store", "text"]),
    ("index", &["domain", "ports"]),
    ("channels", &["domain", "ports"]),
    ("report", &["domain", "ports"]),
    ("web", &["app", "domain", "ports"]),
    ("cli", &["app", "channels", "domain", "index", "insight", "ports", "report", "store", "text", "web"]),
    ("testkit", &["app", "channels", "domain", "index", "insight", "report", "store", "text", "web"]),
    ("bench", &["app", "channels", "domain", "index", "insight", "report", "store", "text"]),
];

/// Crates that only one of ours may know.
const FENCED: &[(&str, &[&str])] = &[
    ("sea-orm", &["store"]),
    ("sea-orm-migration", &["store"]),
    ("sqlx", &["store", "testkit", "bench"]),
    ("tantivy", &["index"]),
    ("axum", &["web", "cli"]),
    ("calamine", &["channels"]),
    ("rust_xlsxwriter", &["report"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}

/// Our crates by short name, with the names of what they depend on for use (not for tests).
fn packages() -> BTreeMap<String, BTreeSet<String>> {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let all: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let short = |name: &str| match name {
        "commonweal" => "cli".to_owned(),
        other => other.strip_prefix("commonweal-").unwrap_or(other).to_owned(),
    };
    let mut packages = BTreeMap::new();
    for package in all["packages"].as_array().expect("packages") {
        let uses = package["dependencies"].as_array().expect("dependencies").iter();
        let uses = uses.filter(|d| d["kind"].is_null()).map(|d| short(d["name"].as_str().expect("a name")));
        packages.insert(short(package["name"].as_str().expect("a name")), uses.collect());
    }
    packages
}

#[test]
fn dependencies_point_one_way() {
    let packages = packages();
    for (name, uses) in &packages {
        let (_, allowed) =
            ARROWS.iter().find(|(n, _)| n == name).unwrap_or_else(|| panic!("`{name}` has no place in the plan"));
        for used in uses.iter().filter(|u| packages.contains_key(*u)) {
            assert!(allowed.contains(&used.as_str()), "`{name}` must not depend on `{used}`");
        }
    }
}

#[test]
fn engines_are_known_to_one_crate_each() {
    for (name, uses) in &packages() {
        for (engine, keepers) in FENCED {
            assert!(!uses.contains(*engine) || keepers.contains(&name.as_str()), "`{name}` must not know `{engine}`");
        }
    }
}

#[test]
fn pages_name_only_crates_that_exist() {
    let root = root();
    let mut pages = vec![root.join("README.md"), root.join("ARCHITECTURE.md"), root.join("CONTRIBUTING.md")];
    collect(&root.join("docs"), &mut pages);
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap_or_else(|e| panic!("{}: {e}", page.display()));
        for (at, _) in text.match_indices("crates/") {
            let name: String =
                text[at + 7..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect();
            assert!(
                name.is_empty() || root.join("crates").join(&name).is_dir(),
                "{} names `crates/{name}`",
                page.display()
            );
        }
    }
}

fn collect(folder: &Path, pages: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, pages);
        } else if path.extension().is_some_and(|e| e == "md") {
            pages.push(path);
        }
    }
}

#[test]
fn source_files_stay_readable() {
    let mut long = Vec::new();
    let mut folders = vec![root().join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let lines = std::fs::read_to_string(&path).expect("a source file").lines().count();
                if lines > 650 {
                    long.push(format!("{} has {lines} lines", path.display()));
                }
            }
        }
    }
    assert!(long.is_empty(), "would these read better as two? {long:#?}");
}

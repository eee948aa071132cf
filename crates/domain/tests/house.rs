//! Holds the house to its plan: which crate may know which, and that the pages which describe it
//! name only what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which crate may depend on which (normal dependencies; tests may use the test kit).
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("random", &[]),
    ("text", &["domain", "random"]),
    ("insight", &["domain", "random"]),
    ("linkage", &["random"]),
    ("handles", &[]),
    ("mail", &[]),
    ("messages", &[]),
    ("letters", &["messages"]),
    ("store", &["domain"]),
    ("ports", &["domain"]),
    ("app", &["domain", "handles", "insight", "linkage", "mail", "messages", "ports", "store", "text"]),
    ("index", &["domain", "ports"]),
    ("channels", &["domain", "ports"]),
    ("report", &["domain", "ports"]),
    ("outbound", &["ports"]),
    ("mailer", &["domain", "ports"]),
    ("gateways", &["domain", "ports"]),
    ("imap", &["domain", "ports"]),
    ("oidc", &["domain", "ports"]),
    ("passkeys", &["domain", "ports"]),
    ("encryption", &[]),
    ("web", &["app", "domain", "ports"]),
    (
        "cli",
        &[
            "app",
            "channels",
            "domain",
            "encryption",
            "gateways",
            "imap",
            "index",
            "insight",
            "linkage",
            "mail",
            "mailer",
            "oidc",
            "outbound",
            "passkeys",
            "ports",
            "report",
            "store",
            "text",
            "web",
        ],
    ),
    (
        "testkit",
        &[
            "app", "channels", "domain", "index", "insight", "oidc", "outbound", "passkeys", "ports", "report",
            "store", "text", "web",
        ],
    ),
    (
        "bench",
        &[
            "app", "channels", "domain", "handles", "index", "insight", "linkage", "mailer", "random", "report",
            "store", "text",
        ],
    ),
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
    ("reqwest", &["outbound"]),
    ("openidconnect", &["oidc"]),
    ("age", &["encryption"]),
    ("rustls", &["outbound", "mailer", "imap"]),
    ("mail-auth", &["mailer"]),
    ("webauthn-rs", &["passkeys"]),
    ("phonenumber", &["handles"]),
    ("pulldown-cmark", &["messages"]),
    ("mail-parser", &["mail"]),
    ("async-imap", &["imap"]),
    ("ttf-parser", &["letters"]),
    ("typst", &["letters"]),
    ("typst-layout", &["letters"]),
    ("typst-pdf", &["letters"]),
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

/// The rooms of a crate, lowest first: a room may use those on lines above its own. Rooms of one line are
/// neighbours and don't know each other. The empty name is the crate's root, which puts it together.
type Floors = &'static [&'static [&'static str]];

/// Capabilities have a room each; what they share lies below them.
const WEB: Floors =
    &[&["l10n"], &["http"], &["ui"], &["api"], &["deliver", "govern", "listen", "people", "understand"], &[""]];

/// Files of a crate below `src`, each with the modules of its own crate that it names.
fn mentions(name: &str) -> Vec<(PathBuf, BTreeSet<String>)> {
    let src = root().join("crates").join(name).join("src");
    let mut found = Vec::new();
    let mut folders = vec![src.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).expect("a source file");
                let file = path.strip_prefix(&src).expect("a file below `src`").to_owned();
                let used = used_by(&file, text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default());
                found.push((file, used));
            }
        }
    }
    found
}

/// Paths into the own crate, as `crate::…` or `super::…`, as far as they name modules; `use` groups are
/// taken apart.
fn used_by(file: &Path, text: &str) -> BTreeSet<String> {
    let mut here: Vec<String> =
        file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if matches!(here.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        here.pop();
    }
    let code: String = text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut used = BTreeSet::new();
    for (beginning, is_super) in [("crate::", false), ("super::", true)] {
        for (at, _) in code.match_indices(beginning) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '$')) {
                continue;
            }
            let mut rest = &code[at + beginning.len()..];
            let mut base = Vec::new();
            if is_super {
                base.clone_from(&here);
                base.pop();
                while let Some(more) = rest.strip_prefix("super::") {
                    base.pop();
                    rest = more;
                }
            }
            for path in paths(rest) {
                used.insert(base.iter().cloned().chain(path).collect::<Vec<_>>().join("::"));
            }
        }
    }
    used
}

/// The paths that a text begins with: one, or those of a group in braces by their first names.
fn paths(text: &str) -> Vec<Vec<String>> {
    if let Some(group) = text.strip_prefix('{') {
        let (mut depth, mut names, mut name) = (0, Vec::new(), String::new());
        for c in group.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => names.push(std::mem::take(&mut name)),
                c if depth == 0 => name.push(c),
                _ => {}
            }
        }
        names.push(name);
        let first = |n: String| n.trim().split("::").next().unwrap_or_default().to_owned();
        return names.into_iter().map(first).filter(|n| !n.is_empty()).map(|n| vec![n]).collect();
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'))).unwrap_or(text.len());
    vec![text[..end].split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect()]
}

/// The arrows that go up or to a neighbour: who, and what it names.
fn upwards(name: &str, floors: Floors) -> Vec<String> {
    let rooms: BTreeSet<&str> = floors.iter().flat_map(|floor| floor.iter().copied()).collect();
    let floor_of = |room: &str| floors.iter().position(|floor| floor.contains(&room));
    let mut wrong = Vec::new();
    for (file, used) in mentions(name) {
        let room = file.iter().next().map(|f| f.to_string_lossy().trim_end_matches(".rs").to_owned());
        let room = room.filter(|r| r != "lib").unwrap_or_default();
        let from = floor_of(&room).unwrap_or_else(|| panic!("`{name}` has no floor for `{room}`"));
        for path in used {
            let first = path.split("::").next().unwrap_or_default();
            // What is not a room is something that the root itself holds.
            let to = if rooms.contains(first) { first } else { "" };
            if to != room && floor_of(to).is_none_or(|to| to >= from) {
                wrong.push(format!("{}: {path}", file.display()));
            }
        }
    }
    wrong.sort();
    wrong
}

#[test]
fn a_page_knows_the_floors_below_it_and_no_other_capability() {
    let wrong = upwards("web", WEB);
    assert!(wrong.is_empty(), "{} arrows of `web` go up or across: {wrong:#?}", wrong.len());
}

/// What capabilities there are: those that the server is put together from.
fn capabilities() -> Vec<String> {
    let lib = std::fs::read_to_string(root().join("crates/web/src/lib.rs")).expect("a source file");
    let named = lib.split("::CAPABILITY").map(|before| before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')));
    let mut all: Vec<String> = named.filter_map(|mut words| words.next()).map(str::to_owned).collect();
    // What stands after the last one.
    all.pop();
    all.sort_unstable();
    all
}

#[test]
fn a_capability_has_its_room_in_each_layer() {
    let all = capabilities();
    assert!(all.iter().any(|name| name == "govern") && all.len() >= 3, "{all:?}");
    let page = std::fs::read_to_string(root().join("docs/adding-a-capability.md")).expect("a page");
    for name in &all {
        for layer in ["app/src", "store/src", "web/src", "web/templates", "web/locales/en"] {
            let room = root().join("crates").join(layer).join(name);
            assert!(room.is_dir(), "{} is not there", room.display());
        }
        assert!(page.contains(&format!("`{name}`")), "docs/adding-a-capability.md does not name {name}");
    }
}

#[test]
fn what_the_checklist_points_to_is_there() {
    let page = std::fs::read_to_string(root().join("docs/adding-a-capability.md")).expect("a page");
    let paths: Vec<&str> = page.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(paths.len() > 15, "{paths:?}");
    for path in paths {
        assert!(root().join("docs").join(path).exists(), "{path} is not there");
    }
}

#[test]
fn a_template_takes_from_its_own_folder_and_from_what_all_share() {
    let templates = root().join("crates/web/templates");
    let mut folders = vec![templates.clone()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let own = path.strip_prefix(&templates).expect("a file below the folder").iter().next().expect("a folder");
            let text = std::fs::read_to_string(&path).expect("a template");
            for tag in ["extends \"", "include \"", "import \""] {
                for taken in text.split(tag).skip(1).filter_map(|rest| rest.split('/').next()) {
                    seen += 1;
                    assert!(*taken == *own || taken == "ui", "{} takes from `{taken}`", path.display());
                }
            }
        }
    }
    assert!(seen > 40, "{seen} templates take from others");
}

#[test]
fn the_arrows_between_rooms_are_seen() {
    let file = Path::new("ui/frame.rs");
    let seen = |text| used_by(file, text).into_iter().collect::<Vec<_>>();
    assert_eq!(seen("use crate::http::session::SignedIn;"), ["http::session::SignedIn"]);
    assert_eq!(seen("use crate::{WebState, listen::{self, entry}, http::error};"), ["WebState", "http", "listen"]);
    assert_eq!(seen("let a = super::format::count(1);"), ["ui::format::count"]);
    assert_eq!(seen("use super::super::govern::me;"), ["govern::me"]);
    assert_eq!(seen("// as crate::listen::entry does\nlet b = $crate::ui::x();"), Vec::<String>::new());
}

/// Names have the words that the field has for them, so that colleagues find them.
#[test]
fn names_say_min_and_max_request_and_response() {
    let mut folders = vec![root().join("crates"), root().join("bench")];
    let mut odd = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("house.rs") {
                let text = std::fs::read_to_string(&path).expect("a source file");
                let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
                let is_odd = |word: &&str| {
                    let ours = ["MOST_", "LEAST_"].iter().any(|beginning| word.starts_with(beginning));
                    ours || word.ends_with("Given") && word.len() > "Given".len()
                };
                odd.extend(words.filter(is_odd).map(|word| format!("{}: {word}", path.display())));
            }
        }
    }
    assert!(odd.is_empty(), "say MAX_ or MIN_, …Request or …Response: {odd:#?}");
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

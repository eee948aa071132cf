//! Server time and weight of every page that people see, with many feedback behind it.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};

use crate::data;
use crate::http::{Client, FORM, encoded};
use crate::process::{Program, Server};
use crate::results::{Page, Pages, Quantiles, Results};
use crate::steps::{Bench, imported};

pub(crate) const EMAIL: &str = "bench@example.org";
/// How often each page is asked for.
const TIMES: usize = 40;
/// Words to search for, frequent and rare.
const WORDS: &[&str] =
    &["wait", "staff", "appointment", "\"very good\"", "letter -phone", "kind OR helpful", "ambul*", "receipt"];
/// What other websites load.
const FILES: &[&str] = &["/w/v1.js"];

/// A page as people ask for it: `{month}`, `{word}` and `{feedback}` become others each time;
/// `{form}` and `{public}` are a form's id and public key.
struct Asked {
    name: &'static str,
    path: &'static str,
    public: bool,
}

const fn page(name: &'static str, path: &'static str) -> Asked {
    Asked { name, path, public: false }
}

const PAGES: &[Asked] = &[
    Asked { name: "Sign in", path: "/sign-in", public: true },
    page("Overview", "/"),
    page("Overview, another month", "/?period={month}"),
    page("Overview, all time", "/?period=all"),
    page("Explorer", "/understand/explorer"),
    page("Explorer, a month", "/understand/explorer?period={month}"),
    page("Explorer, filtered", "/understand/explorer?period={month}&rating=1&rating=2&channel=web"),
    page("Explorer, searched", "/understand/explorer?q={word}"),
    page("Explorer, compared", "/understand/explorer?period={month}&show=satisfied&compare=year_before&q={word}"),
    page("Themes", "/understand/themes?period={month}"),
    page("Themes, all time", "/understand/themes"),
    page("A theme", "/understand/themes/waiting?period={month}"),
    page("Alerts", "/understand/alerts"),
    page("Drivers", "/understand/drivers"),
    page("Words", "/understand/words?period={month}"),
    page("Words, all time", "/understand/words"),
    page("Who is hit", "/understand/impact?period={month}&says={word}"),
    page("Who is hit, all time", "/understand/impact?says={word}"),
    page("Who is hit, every theme", "/understand/impact?period={month}"),
    page("Who is hit, every theme, all time", "/understand/impact"),
    page("Feedback", "/understand/feedback/{feedback}"),
    page("Saved views", "/understand/views"),
    page("Imports", "/listen/imports"),
    page("Import a file", "/listen/imports/new"),
    page("Entry", "/listen/entry"),
    page("Forms", "/listen/forms"),
    page("A form", "/listen/forms/{form}"),
    Asked { name: "Public form", path: "/f/{public}", public: true },
    page("Settings", "/settings"),
    page("Look", "/settings/branding"),
    page("Codeframe", "/settings/codeframe"),
    page("Retention", "/settings/retention"),
    page("Users", "/settings/users"),
    page("API keys", "/settings/keys"),
    page("Services", "/settings/services"),
    page("Audit trail", "/settings/audit"),
    page("Jobs", "/settings/jobs"),
];

/// Takes the measurements on a store of `import_rows`, which it makes when it is not there.
pub(crate) fn measure(bench: &Bench, results: &mut Results) -> Result<()> {
    let program = imported(bench)?;
    let key = program.key()?;
    let password = administrator(&program)?;
    let form = form(&program.serve()?, &key, &password)?;
    let mut pages = Vec::new();
    for asked in PAGES {
        let server = program.serve()?;
        let measured =
            one(&server, &key, asked, &password, &form).with_context(|| format!("{} failed.", asked.name))?;
        eprintln!(
            "    {:28} first {:4.0} ms, p50 {:4.0} ms, p95 {:4.0} ms, {:6} bytes",
            measured.name,
            measured.first * 1_000.0,
            measured.latency.p50,
            measured.latency.p95,
            measured.weight()
        );
        pages.push(measured);
        server.stop()?;
    }
    let server = program.serve()?;
    let mut files = Vec::new();
    for file in FILES {
        let mut client = Client::browser(server.address, EMAIL, &password)?;
        let answer = client.send("GET", file, "", b"")?;
        if answer.status == 200 {
            files.push(((*file).to_owned(), answer.body.len() as u64));
        }
    }
    server.stop()?;
    results.pages = Some(Pages { rows: bench.import_rows, pages, files });
    Ok(())
}

/// A user who may do everything, with a new password.
pub(crate) fn administrator(program: &Program) -> Result<String> {
    let made = match program.run(&["admin", "user", "create", EMAIL, "--duty", "all"]) {
        Ok(ran) => ran,
        // There from an earlier run.
        Err(_) => program.run(&["admin", "user", "password", EMAIL])?,
    };
    Ok(made.output.split_whitespace().next_back().context("No password was printed.")?.to_owned())
}

/// A one-time link of a user with this address and these duties.
pub(crate) fn link(program: &Program, email: &str, duties: &[&str]) -> Result<String> {
    let duties = duties.iter().flat_map(|duty| ["--duty", duty]);
    let create: Vec<&str> = ["admin", "user", "create", email].into_iter().chain(duties).collect();
    let made = match program.run(&create) {
        Ok(ran) => ran,
        Err(_) => program.run(&["admin", "user", "reset", email])?,
    };
    let link = made.output.split_whitespace().find(|word| word.contains("/join/"));
    Ok(link.context("No link was printed.")?.to_owned())
}

fn one(server: &Server, key: &str, asked: &Asked, password: &str, form: &(String, String)) -> Result<Page> {
    let mut client = if asked.public {
        Client::plain_browser(server.address)
    } else {
        Client::browser(server.address, EMAIL, password)?
    };
    let ids = if asked.path.contains("{feedback}") { some_feedback(server, key)? } else { Vec::new() };
    let address = |n: usize| {
        let month = data::month(n);
        let id = ids.get(n % ids.len().max(1)).map_or("", String::as_str);
        asked
            .path
            .replace("{month}", &month)
            .replace("{word}", &encoded(WORDS[n % WORDS.len()]))
            .replace("{feedback}", id)
            .replace("{form}", &form.0)
            .replace("{public}", &form.1)
    };
    let first = client.get(&address(TIMES))?;
    let mut seconds = Vec::with_capacity(TIMES);
    let (mut slowest, mut longest) = (String::new(), 0.0);
    let mut html = 0;
    for n in 0..TIMES {
        let at = address(n);
        let answer = client.get(&at)?;
        let took = answer.took.as_secs_f64();
        if took > longest {
            (longest, slowest) = (took, at);
        }
        html = html.max(answer.body.len() as u64);
        seconds.push(took);
    }
    let (styles, scripts) = assets(server, asked, password, &address(0))?;
    Ok(Page {
        name: asked.name.to_owned(),
        public: asked.public,
        first: first.took.as_secs_f64(),
        latency: Quantiles::of(&seconds),
        html,
        styles,
        scripts,
        slowest,
    })
}

/// Bytes of the stylesheets and scripts that a page names, compressed.
fn assets(server: &Server, asked: &Asked, password: &str, path: &str) -> Result<(u64, u64)> {
    // Once more as plain text, to read it.
    let mut plain = if asked.public {
        Client::plain_browser(server.address)
    } else {
        Client::browser(server.address, EMAIL, password)?
    };
    let page = String::from_utf8(plain.uncompressed().get(path)?.body).context("The page is not UTF-8.")?;
    let names: BTreeSet<&str> =
        page.split('"').filter(|part| part.starts_with("/assets/")).map(|p| p.split('#').next().unwrap_or(p)).collect();
    let mut browser = Client::plain_browser(server.address);
    let (mut styles, mut scripts) = (0, 0);
    for name in names {
        let bytes = browser.get(name)?.body.len() as u64;
        match name.rsplit('.').next() {
            Some("css") => styles += bytes,
            Some("js") => scripts += bytes,
            _ => {}
        }
    }
    if styles == 0 {
        bail!("{path} has no stylesheet.");
    }
    Ok((styles, scripts))
}

fn some_feedback(server: &Server, key: &str) -> Result<Vec<String>> {
    let answer = server.client(key).get("/api/v1/feedback?limit=40")?;
    let list: serde_json::Value = serde_json::from_slice(&answer.body)?;
    let items = list["items"].as_array().context("There is no list of feedback.")?;
    let ids: Vec<String> = items.iter().filter_map(|i| i["id"].as_str().map(str::to_owned)).collect();
    if ids.is_empty() {
        bail!("The list of feedback is empty.");
    }
    Ok(ids)
}

/// Id and public key of a form, which is made as a person makes one.
fn form(server: &Server, key: &str, password: &str) -> Result<(String, String)> {
    let services: serde_json::Value = serde_json::from_slice(&server.client(key).get("/api/v1/services")?.body)?;
    let service = services["services"][0]["id"].as_str().context("There is no service.")?;
    let body = format!("title=Measured&place={service}&languages=en&languages=cy&rating=five_points");
    let mut browser = Client::browser(server.address, EMAIL, password)?;
    browser.send("POST", "/listen/forms/new", FORM, body.as_bytes())?;
    let mut after = |path: &str, mark: &str| -> Result<String> {
        let page = String::from_utf8(browser.uncompressed().get(path)?.body).context("The page is not UTF-8.")?;
        let found = page.split(mark).skip(1).map(|rest| rest.split(['"', '<', '?', '/']).next().unwrap_or_default());
        found.into_iter().find(|id| id.len() > 8).map(str::to_owned).with_context(|| format!("No {mark} on {path}."))
    };
    let id = after("/listen/forms", "href=\"/listen/forms/")?;
    let public = after(&format!("/listen/forms/{id}"), "/f/")?;
    Ok((id, public))
}

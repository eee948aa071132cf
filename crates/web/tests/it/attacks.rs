//! What somebody with bad intentions sends: words that want to be HTML, addresses that lead elsewhere,
//! cells that want to be formulas, files that want to be large.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use commonweal_app::HookInput;
use commonweal_domain::permission::Scope;
use commonweal_domain::{Actor, BodySettings, Form, FormDesign, FormLanguage, FormTexts, Grants, PageRequest};
use commonweal_testkit::app::{PASSWORD, feedback};
use commonweal_testkit::duties::{ADMINISTRATOR, ANALYST, MANAGER, VIEWER};
use commonweal_testkit::on_both_engines;
use commonweal_web::console_routes;
use commonweal_web::http::security::CONTENT_SECURITY_POLICY;
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use crate::support::{Answer, Server, Visitor};

const FORM: &str = "application/x-www-form-urlencoded";

/// Breaks out of text, attributes of either quote, comments, scripts and titles, if anything lets it.
/// No space in it: words of a search are put together anew.
const EVIL: &str = "--></title></textarea>'\"><x-evil/onclick=alert(1)>{{7*7}}";

/// The same, for what may only have the characters of a name.
const EVIL_NAME: &str = "Evil'\"><x-evil/onclick=alert(1)>";

fn encoded(text: &str) -> String {
    serde_urlencoded::to_string([("", text)]).expect("a text can be written")[1..].to_owned()
}

/// What a browser would make of a page that our policy or good sense forbids.
fn forbidden(page: &str) -> Vec<String> {
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(page);
    let mut found = Vec::new();
    look(&dom.document, &mut found);
    found
}

fn look(node: &Handle, found: &mut Vec<String>) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let element = &*name.local;
        let attrs = attrs.borrow();
        let value = |name: &str| attrs.iter().find(|a| &*a.name.local == name).map(|a| a.value.to_string());
        match element {
            "script" if value("src").is_none_or(|src| !src.starts_with("/assets/")) => {
                found.push("inline script".into())
            }
            "style" | "x-evil" | "iframe" | "object" | "embed" | "base" => found.push(format!("<{element}>")),
            _ => {}
        }
        for attr in attrs.iter() {
            let (name, value) = (&*attr.name.local, attr.value.trim().to_ascii_lowercase());
            let address = matches!(name, "href" | "src" | "action" | "formaction" | "xlink:href" | "data");
            let own = value.starts_with("https://voice.example.org/");
            let foreign = value.contains("://") && !own || value.starts_with("//") || value.starts_with("/\\");
            if name.starts_with("on") || name == "style" || name == "srcdoc" {
                found.push(format!("{element} {name}={value}"));
            } else if address && (value.starts_with("javascript:") || value.starts_with("data:") || foreign) {
                found.push(format!("{element} leads to {value}"));
            }
        }
    }
    for child in node.children.borrow().iter() {
        look(child, found);
    }
}

/// A body whose every word is hostile, and the addresses of all its pages.
async fn hostile(server: &Server) -> Vec<String> {
    let (app, operator) = (&server.test.app, Actor::Operator);
    let (version, _) = app.settings_to_change(&operator).await.expect("settings");
    let settings = BodySettings {
        name: EVIL.to_owned(),
        person_word: EVIL_NAME.to_owned(),
        notice: Some(EVIL.to_owned()),
        ..BodySettings::default()
    };
    app.save_settings(&operator, version, settings).await.expect("names may have any character");
    let items = (0..40).map(|n| {
        feedback()
            .rating(f64::from(1 + n % 5))
            .comment(&format!("{EVIL} number {n}, ann@example.org"))
            .service(EVIL_NAME)
            .touchpoint(EVIL_NAME)
            .area(EVIL_NAME)
            .attribute("age_band", EVIL_NAME)
            .done()
    });
    let receipts = server.test.submit(items.collect()).await;
    server.test.index().await;
    let admin = server.test.user(ADMINISTRATOR).await;
    let own = admin.actor();
    app.save_view(&own, EVIL_NAME, &format!("q={}", encoded(EVIL)), true).await.expect("a view");
    app.add_user(&operator, "evil@example.org", EVIL_NAME, Grants::default()).await.expect("a user");
    app.add_key(&operator, EVIL_NAME, vec![Scope::FeedbackRead], None).await.expect("a key");
    let file = format!("comment,{EVIL_NAME},rating\n{EVIL},{EVIL_NAME},9\nfine,{EVIL_NAME},4\n").replace('"', "");
    let evil_hook = HookInput { name: EVIL_NAME.into(), address: format!("https://example.org/{EVIL}"), kinds: vec![] };
    let (hook, _) = app.add_hook(&operator, &evil_hook).await.expect("a web hook");
    let form = hostile_form(server).await;
    let import = server.staged(&format!("{}.csv", EVIL_NAME.replace('/', "")), &file).await;
    let evil = encoded(EVIL);
    let mut pages: Vec<String> = [
        format!("/sign-in?next=/{evil}"),
        format!("/?service={evil}&touchpoint={evil}&channel={evil}&period={evil}"),
        format!("/understand/explorer?q={evil}"),
        format!("/understand/explorer?q=%22{evil}"),
        format!("/understand/explorer?service={evil}&area={evil}&theme={evil}&language={evil}&url_path={evil}"),
        format!("/understand/explorer?attr.age_band={evil}&attr.{evil}=x"),
        format!("/understand/explorer?by={evil}&show={evil}&order={evil}&compare={evil}&from={evil}&after={evil}"),
        format!("/understand/explorer?{evil}={evil}"),
        format!("/understand/feedback/{}?q={evil}&from={evil}", receipts[0].id),
        format!("/listen/imports?done={evil}"),
        format!("/listen/imports/{}", import.id),
        format!("/settings/hooks/{}", hook.id),
        format!("/settings/hooks/{}/delete", hook.id),
        format!("/understand/views?done={evil}"),
        format!("/listen/forms/{}", form.id),
        format!("/listen/forms/{}/replies", form.id),
        format!("/f/{}", form.key),
        format!("/f/{}?lang=cy&page={evil}&kiosk={evil}&{evil}={evil}", form.key),
        format!("/f/{}?lang={evil}", form.key),
        format!("/f/{}/thanks?lang={evil}", form.key),
        format!("/f/{evil}"),
        format!("/{evil}"),
        format!("/nowhere?{evil}"),
    ]
    .into();
    // Every page without a name in its address, as it is and with what is no part of it.
    for route in console_routes().filter(|r| r.method == "GET" && !r.path.contains('{')) {
        pages.push(route.path.to_owned());
        pages.push(format!("{}?q={evil}&page={evil}&name={evil}&before={evil}", route.path));
    }
    pages
}

/// A public form that asks in hostile words.
async fn hostile_form(server: &Server) -> Form {
    let app = &server.test.app;
    let service = app.add_service(&Actor::Operator, "Parking", &[]).await.expect("a service");
    let texts = || FormTexts { heading: EVIL.into(), rating: EVIL.into(), good: EVIL.into(), better: EVIL.into() };
    let design = FormDesign {
        title: EVIL.to_owned(),
        service: Some(service.id),
        page_report: true,
        consent: true,
        languages: vec![FormLanguage::English, FormLanguage::Welsh],
        texts: [(FormLanguage::English, texts()), (FormLanguage::Welsh, texts())].into(),
        ..FormDesign::default()
    };
    app.add_form(&Actor::Operator, design).await.expect("questions may have any character")
}

async fn send(visitor: &Visitor<'_>, address: &str, kind: &str, body: Vec<u8>, headers: &[(&str, &str)]) -> Answer {
    let mut request = visitor.request(Method::POST, address).header(header::CONTENT_TYPE, kind);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    visitor.server.ask(request.body(Body::from(body)).expect("a valid request")).await
}

/// Hands a file in as the form of the page does.
async fn upload(visitor: &Visitor<'_>, name: &str, contents: &[u8]) -> Answer {
    let mut body =
        format!("--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
    body.extend_from_slice(contents);
    body.extend_from_slice(b"\r\n--b--\r\n");
    send(visitor, "/listen/imports/new", "multipart/form-data; boundary=b", body, &[("sec-fetch-site", "same-origin")])
        .await
}

on_both_engines! {
    async fn what_people_typed_is_never_html(db: TestDb) {
        let server = Server::on(db).await;
        let pages = hostile(&server).await;
        let admin = server.user(ADMINISTRATOR).await;
        let mut seen = 0;
        for address in &pages {
            let answer = admin.get(address).await;
            assert!(!answer.status.is_server_error(), "{address}: {}", answer.text());
            if answer.status.is_redirection() {
                continue;
            }
            let page = answer.text();
            // The preview of a look is a stylesheet, of colours that were checked.
            if answer.header("content-type").starts_with("text/css") {
                assert!(!page.contains("x-evil"), "{address}");
                continue;
            }
            // Events are told by kind and id, as data, for as long as the page is open.
            if address.starts_with("/events") {
                assert_eq!(answer.header("content-type"), "text/event-stream");
                continue;
            }
            assert!(answer.header("content-type").starts_with("text/html"), "{address}");
            assert_eq!(forbidden(&page), Vec::<String>::new(), "{address}");
            assert!(!page.contains("49}}") && !page.contains("{{49"), "{address} works templates out");
            seen += usize::from(page.contains("x-evil"));
        }
        // Not by leaving out what was typed: the name of the body alone stands on every page.
        assert!(seen * 10 >= pages.len() * 8, "{seen} of {} pages show what was typed", pages.len());
    }

    async fn what_was_typed_into_a_form_that_comes_back_is_never_html(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(ADMINISTRATOR).await;
        let evil = encoded(EVIL);
        let fields: Vec<String> = [
            "name", "email", "role", "password", "address", "person_word", "time_zone", "minimum_group", "notice", "version",
            "touchpoints", "scopes", "next", "sentiment", "delimiter", "sheet", "header",
        ]
        .iter()
        .map(|field| format!("{field}={evil}"))
        .collect();
        let form = fields.join("&");
        let mut pages = 0;
        for route in console_routes().filter(|r| r.method == "POST" && !r.path.contains('{') && r.path != "/sign-out") {
            let answer = admin.post(route.path, &form).await;
            assert!(!answer.status.is_server_error(), "{}: {}", route.path, answer.text());
            if answer.header("content-type").starts_with("text/html") && !answer.status.is_redirection() {
                pages += 1;
                assert_eq!(forbidden(&answer.text()), Vec::<String>::new(), "{}", route.path);
            }
        }
        assert!(pages >= 4, "{pages} forms came back");
        let public = hostile_form(&server).await;
        let answers = ["good", "better", "page", "what", "email", "rating", "token", "lang"].map(|f| format!("{f}={evil}"));
        for address in [format!("/f/{}", public.key), format!("/f/{}?lang=cy", public.key)] {
            let answer = send(&server.nobody(), &address, FORM, answers.join("&").into_bytes(), &[]).await;
            assert!(answer.text().contains("x-evil") && answer.status.is_client_error(), "{}", answer.status);
            assert_eq!(forbidden(&answer.text()), Vec::<String>::new(), "{address}");
        }
        let answer = upload(&admin, "x-evil'><x-evil onclick=alert(1)>.png", b"\x89PNG\r\n").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("x-evil"));
        assert_eq!(forbidden(&answer.text()), Vec::<String>::new());
    }

    async fn no_form_of_the_console_is_taken_from_another_website(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(ADMINISTRATOR).await;
        let audited = server.test.app.audit_trail(&Actor::Operator, None, &PageRequest::first(100)).await.expect("a trail").items.len();
        let id = uuid::Uuid::nil().to_string();
        let mut tried = 0;
        for route in console_routes().filter(|r| r.method == "POST") {
            let parts = route.path.split('/').map(|part| if part.starts_with('{') { id.as_str() } else { part });
            let address = parts.collect::<Vec<_>>().join("/");
            for headers in [
                &[("sec-fetch-site", "cross-site")][..],
                &[("sec-fetch-site", "same-site")],
                &[("sec-fetch-site", "cross-site"), ("origin", "https://voice.example.org.evil.example")],
                &[("origin", "https://evil.example")],
                &[("sec-fetch-site", "cross-site"), ("origin", "http://voice.example.org")],
                &[("origin", "https://voice.example.org:8443")],
                &[("origin", "null")],
            ] {
                for kind in [FORM, "text/plain", "multipart/form-data; boundary=b"] {
                    let answer = send(&admin, &address, kind, b"name=Planted".to_vec(), headers).await;
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{address} {headers:?} {kind}");
                    assert!(answer.text().contains("another website"), "{address}: {}", answer.text());
                    tried += 1;
                }
            }
        }
        assert!(tried > 300, "{tried}");
        let after = server.test.app.audit_trail(&Actor::Operator, None, &PageRequest::first(100)).await.expect("a trail").items.len();
        assert_eq!(after, audited, "nothing was done");
        assert_eq!(admin.get("/settings").await.status, StatusCode::OK, "and nobody was signed out");
    }

    async fn nobody_is_sent_to_another_server_by_any_spelling(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(VIEWER).await;
        let mut here = server.nobody();
        here.sign_in(&user.email, PASSWORD, "").await;
        for next in [
            "https://evil.example", "http:evil.example", "https:/evil.example", "//evil.example/%2e%2e", "///evil.example",
            "////evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example",
            "/\r/evil.example", "\t//evil.example", " //evil.example", "\u{a0}//evil.example", "/\u{200b}/evil.example",
            "/\u{2f}/evil.example", "\u{ff0f}/evil.example", "evil.example", "@evil.example", "javascript:alert(1)",
            "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "/%0d%0aSet-Cookie:x=1\r\nSet-Cookie: y=1", ".evil.example",
            "?//evil.example", "#//evil.example", "",
        ] {
            let address = format!("/sign-in?next={}", encoded(next));
            let sent = here.get(&address).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER);
            assert_eq!(sent.location(), "/", "{next:?} when signed in already");
            assert_eq!(sent.header("set-cookie"), "", "{next:?}");
            let page = server.nobody().get(&address).await.text();
            assert!(!page.contains("name=\"next\""), "{next:?} is not carried along");
        }
        // Encoded once more it is a path on this server, and stays one.
        let twice = here.get("/sign-in?next=%2F%252F%252Fevil.example").await;
        assert_eq!(twice.location(), "/%2F%2Fevil.example");
        assert_eq!(here.get(twice.location()).await.status, StatusCode::NOT_FOUND);
        // What a view leads to after it was saved.
        let analyst = server.user(ANALYST).await;
        for address in ["//evil.example", "https://evil.example", "q=a\r\nLocation: https://evil.example", "\\\\evil.example"] {
            let form = serde_urlencoded::to_string([("name", "Mine"), ("address", address)]).expect("a form");
            let answer = analyst.post("/understand/views", &form).await;
            assert!(!answer.status.is_server_error(), "{address:?}");
            assert!(answer.location().is_empty() || answer.location().starts_with("/understand/explorer"), "{address:?}: {}", answer.location());
        }
    }

    async fn no_header_is_written_by_a_visitor(db: TestDb) {
        let server = Server::on(db).await;
        let manager = server.user(MANAGER).await;
        for name in ["a\r\nSet-Cookie: cw=planted.csv", "quo\"te; filename=evil.exe.csv", "../../etc/passwd.csv", "näme 名前.csv", ".csv"] {
    let import = server.staged(name, "comment,rating\nlate,9\n").await;
            let answer = manager.get(&format!("/listen/imports/{}/rejected.csv", import.id)).await;
            assert_eq!(answer.status, StatusCode::OK, "{name:?}: {}", answer.text());
            assert_eq!(answer.header("set-cookie"), "");
            let disposition = answer.header("content-disposition");
            let file = disposition.strip_prefix("attachment; filename=\"").and_then(|d| d.strip_suffix("-rejected.csv\""));
            let file = file.unwrap_or_else(|| panic!("{name:?}: {disposition}"));
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            assert!(!file.is_empty() && !file.starts_with('.') && file.chars().all(plain), "{name:?}: {disposition}");
        }
        // A number that a caller chose for itself could be somebody's name.
        let request = manager.request(Method::GET, "/understand/explorer").header("x-request-id", "chosen").body(Body::empty());
        let answer = server.ask(request.expect("a request")).await;
        assert_ne!(answer.header("x-request-id"), "chosen");
    }

    async fn no_page_may_be_framed_and_no_answer_kept(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(ADMINISTRATOR).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        for (visitor, method, address) in [
            (&admin, Method::GET, "/"),
            (&admin, Method::GET, "/nowhere"),
            (&admin, Method::PUT, "/understand/explorer"),
            (&admin, Method::GET, "/listen/imports/not-an-id"),
            (&admin, Method::GET, "/understand/explorer?q=%22"),
            (&admin, Method::GET, "/understand/explorer/feedback.csv"),
            (&admin, Method::POST, "/understand/views"),
            (&server.nobody(), Method::GET, "/understand/explorer"),
            (&program, Method::GET, "/api/v1/feedback"),
            (&program, Method::GET, "/api/v1/nowhere"),
            (&program, Method::GET, "/assets/nowhere.css"),
        ] {
            let request = visitor.request(method, address).body(Body::empty()).expect("a request");
            let answer = server.ask(request).await;
            assert_eq!(answer.header("content-security-policy"), CONTENT_SECURITY_POLICY, "{address}");
            assert_eq!(answer.header("cache-control"), "no-store", "{address}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{address}");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{address}");
            assert_eq!(answer.header("server"), "", "{address}");
        }
        for part in ["frame-ancestors 'none'", "default-src 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(CONTENT_SECURITY_POLICY.contains(part), "{part}");
        }
        for part in ["unsafe", "*", "data:", "http"] {
            assert!(!CONTENT_SECURITY_POLICY.contains(part), "{part}");
        }
    }

    async fn rows_sent_back_hold_no_formula(db: TestDb) {
        let server = Server::on(db).await;
        let manager = server.user(MANAGER).await;
        let attacks = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1"];
        let rows: String = attacks.iter().map(|a| format!("\"{a}\",2022-02-31,\"{a}\"\n")).collect();
        let file = format!("comment,at,=HYPERLINK(1)\n{rows}fine,2022-02-01,x\n");
        let answer = upload(&manager, "=evil.csv", file.as_bytes()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let here = answer.location().to_owned();
        let said = "col.comment=comment&col.at=at&dates=year_first";
        let begun = manager.post(&format!("{here}/begin"), said).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text());
        let stop = tokio_util::sync::CancellationToken::new();
        while server.test.app.work_once("test", &stop).await.expect("work") {}
        let import = server.test.app.imports(&Actor::Operator, None, &PageRequest::first(10)).await.expect("imports").items.remove(0);
        assert_eq!((import.counts.imported, import.counts.rejected), (1, 6), "{import:?}");
        let text = manager.get(&format!("{here}/rejected.csv")).await.text();
        let mut cells = 0;
        for cell in text.split([',', '\n']) {
            let first = cell.trim_start_matches(['\u{feff}', '"', ' ']).chars().next();
            assert!(!matches!(first, Some('=' | '+' | '-' | '@' | '\t')), "{cell:?} in {text}");
            cells += 1;
        }
        assert!(cells > 24 && text.contains("calc") && text.contains("SUM"), "{text}");
    }

    async fn no_cell_of_a_workbook_is_a_formula(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackExport]).await;
        let attacks = ["=HYPERLINK(\"https://evil.example\",\"click\")", "+1+1", "-2+3", "@SUM(1+1)"];
        server.test.submit(attacks.iter().map(|a| feedback().comment(a).area(a).done()).collect()).await;
        server.test.index().await;
        let answer = program.get("/api/v1/export.xlsx").await;
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(answer.body.to_vec())).expect("a workbook");
        let mut sheets = 0;
        for index in 0..archive.len() {
            let mut part = archive.by_index(index).expect("a part");
            let name = part.name().expect("a name").into_owned();
            let mut text = String::new();
            std::io::Read::read_to_string(&mut part, &mut text).expect("XML");
            sheets += usize::from(name.starts_with("xl/worksheets/sheet"));
            assert!(!text.contains("<f>") && !text.contains("<f "), "{name}: {text}");
            assert!(!text.contains("hyperlink "), "{name}");
        }
        assert!(sheets > 0);
    }

    async fn a_file_that_would_fill_the_machine_is_refused_with_a_sentence(db: TestDb) {
        let server = Server::on(db).await;
        let manager = server.user(MANAGER).await;
        // One cell of half a gigabyte in half a megabyte.
        let mut workbook = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let packed = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        workbook.start_file("xl/workbook.xml", packed).expect("a part");
        std::io::Write::write_all(&mut workbook, b"<workbook><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>").expect("written");
        workbook.start_file("xl/worksheets/sheet1.xml", packed).expect("a part");
        std::io::Write::write_all(&mut workbook, b"<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>").expect("written");
        for _ in 0..512 {
            std::io::Write::write_all(&mut workbook, &vec![b'a'; 1_048_576]).expect("written");
        }
        let bomb = workbook.finish().expect("a workbook").into_inner();
        assert!(bomb.len() < 2_000_000, "{} bytes", bomb.len());
        let answer = upload(&manager, "bomb.xlsx", &bomb).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
        assert!(answer.text().contains("bomb.xlsx"), "{}", answer.text());
        // One line that does not end.
        let mut line = b"comment,rating\n\"".to_vec();
        line.resize(40_000_000, b'a');
        let answer = upload(&manager, "line.csv", &line).await;
        assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY || answer.status == StatusCode::SEE_OTHER, "{}", answer.text());
        if answer.status == StatusCode::SEE_OTHER {
            let page = manager.get(answer.location()).await;
            assert!(page.body.len() < 1_000_000, "{} bytes", page.body.len());
        }
    }

    async fn nothing_outside_the_assets_is_served(db: TestDb) {
        let server = Server::on(db).await;
        for path in [
            "/assets/../Cargo.toml", "/assets/%2e%2e/Cargo.toml", "/assets/..%2fCargo.toml", "/assets/..%5cCargo.toml",
            "/assets/%252e%252e%252fCargo.toml", "/assets//etc/passwd", "/assets/%2fetc%2fpasswd", "/assets/console.css%00.svg",
            "/assets/console.css/..", "/assets/", "/assets", "/assets/.", "/assets/..", "/assets/manifest.json", "/assets/console.css.br",
            "/assets/....//Cargo.toml", "/assets/C:%5cwindows%5cwin.ini",
        ] {
            let answer = server.nobody().get(path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.text());
        }
    }
}

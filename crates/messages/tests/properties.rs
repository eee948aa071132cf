//! What holds for any template and any value: nothing panics, values change no structure, and HTML holds only what it may.

use std::collections::{BTreeMap, BTreeSet};

use commonweal_messages::{
    Block, Downgrade, Encoding, Inline, Look, Rendered, Sms, Template, Values, WIDTH, address_lines,
};
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;

/// Pieces of Markdown, and of what is nearly Markdown.
const PIECES: &[&str] = &[
    "# ",
    "## ",
    "### ",
    "\n",
    "\n\n",
    "* ",
    "1. ",
    "> ",
    "^ ",
    "• ",
    "---\n",
    "===\n",
    "**",
    "*",
    "_",
    "`",
    "```\n",
    "    ",
    "| a | b |\n",
    "|---|---|\n",
    "[",
    "](",
    ")",
    "https://example.org/",
    "http://",
    "mailto:a@example.org",
    "<b>",
    "<!--",
    "<https://example.org>",
    "&amp;",
    "&#xF0000;",
    "\\",
    "((",
    "))",
    "((name))",
    "((name??",
    "((other))",
    "??",
    "word ",
    "ŵ",
    "🙂",
    "\u{f0000}",
    "\u{f0001}",
    "\r\n",
    "\t",
    "![a](cid:x)",
    "[text](https://example.org/?q=((name)))",
    "[r]: https://example.org\n",
    "\0",
    "\u{202e}",
    "((list))",
    "!",
];

/// Templates in which every place where a value may stand is taken.
const PLACES: &str = "# H ((name))\n\nDear ((name)), **((name))** and *((other))*.\n((name))\n\n* ((name))\n* a ((other)) b\n\n1. ((name))\n\n\
    ^ ((name))\n\n| ((name)) | b |\n|---|---|\n| ((other)) | ((name)) |\n\n[((name)) x](https://example.org/a?q=((name))#((other)))\n\n\
    ![((name)) y](cid:z)\n\n((name))((other))\n\nhttps://example.org/((name)) ((name)).";

const ELEMENTS: &[&str] = &[
    "html", "head", "meta", "title", "body", "div", "table", "thead", "tbody", "tr", "td", "th", "p", "h1", "h2", "h3",
    "ul", "ol", "li", "a", "img", "strong", "em", "br", "hr",
];

const ATTRIBUTES: &[&str] = &[
    "lang",
    "dir",
    "charset",
    "name",
    "content",
    "style",
    "role",
    "width",
    "cellpadding",
    "cellspacing",
    "border",
    "bgcolor",
    "align",
    "valign",
    "href",
    "src",
    "alt",
    "scope",
    "start",
];

fn piecemeal() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z]{1,8} ",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Whole blocks, one after the other, so that most of what comes out is a template.
fn written() -> impl Strategy<Value = String> {
    let line = prop::collection::vec(
        prop::sample::select(vec![
            "word ",
            "((name)) ",
            "**((name))** ",
            "*((other)) it* ",
            "((name??a *b* c)) ",
            "((list)) ",
            "[the page](https://example.org/?q=((name))) ",
            "https://example.org/((other)) ",
            "<a@example.org> ",
            "![a ((name))](cid:x) ",
            "&amp; ",
            "\\((x)) ",
            "ŵ🙂 ",
            "`code` ",
            "[((other??x)) y](tel:020 7946 0000) ",
            "**a *b* c** ",
        ]),
        1..6,
    )
    .prop_map(|pieces| pieces.concat().trim().to_owned());
    let block = (line, 0..12_usize).prop_map(|(line, kind)| match kind {
        0 => format!("# {line}"),
        1 => format!("* {line}\n* {line}\n  1. {line}\n  2. ((name))"),
        2 => format!("3. {line}\n\n4. {line}\n\n   {line}"),
        3 => format!("^ {line}\n{line}"),
        4 => format!("| {line} | b |\n|---|---|\n| {line} | ((name)) |\n| | |"),
        5 => format!("> {line}\n>\n> * {line}"),
        6 => "---".to_owned(),
        7 => "((name??Yes\n\n* one\n* two))".to_owned(),
        8 => format!("{line}:\n((list))\n{line}"),
        9 => "((list))".to_owned(),
        _ => line,
    });
    prop::collection::vec(block, 1..10).prop_map(|blocks| blocks.join("\n\n"))
}

/// A value with at least one thing to read in it, so that it stands somewhere.
fn hostile() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='x",
        "# h\n\n* a\n* b\n\n---\n\n> q",
        "**b** _i_ `c` | d | e\n|---|---|",
        "https://evil.example/ www.evil.example <https://evil.example> a@evil.example",
        "((name)) ((other??x)) \u{f0000}\u{f0001}",
        "&lt;b&gt; &#60; &amp;",
        "]](https://evil.example) ![x](https://evil.example/x.png)",
        "</title></table></body></html>",
        "a\r\n\r\nb\n\n\nc\u{2028}d",
        "\u{202e}gpj.exe\u{0}\u{7}",
        "[r]: https://evil.example\n\n[r]",
    ]);
    prop_oneof![fixed.prop_map(str::to_owned), piecemeal(), any::<String>()].prop_map(|value| format!("v{value}"))
}

fn values(name: &str, other: &str) -> Values {
    let mut values = Values::from_pairs([("name", name), ("other", other)]).expect("values");
    values.set("list", vec![name, other]).expect("a value");
    values
}

fn look() -> Look {
    let mut look = Look::new("Anytown <Council>", "en");
    look.preheader = Some("\"A\" & <b>".to_owned());
    look.footer.lines = vec!["<i>line</i>".to_owned()];
    look
}

/// A tree without its words: what a value may not change. Line breaks come with values of several lines.
fn skeleton(blocks: &[Block]) -> String {
    let all = |blocks: &[Vec<Block>]| blocks.iter().map(|blocks| skeleton(blocks)).collect::<Vec<_>>().join(";");
    let cells = |cells: &[Vec<Inline>]| cells.iter().map(|cell| bones(cell)).collect::<Vec<_>>().join(";");
    let one = |block: &Block| match block {
        Block::Paragraph(content) => format!("p({})", bones(content)),
        Block::Heading { level, content } => format!("h{level}({})", bones(content)),
        Block::List { start, items } => format!("l{start:?}({})", all(items)),
        Block::Table { head, rows } => {
            let rows: Vec<String> = rows.iter().map(|row| cells(row)).collect();
            format!("t({}/{})", cells(head), rows.join("/"))
        }
        Block::Quote(blocks) => format!("q({})", skeleton(blocks)),
        Block::Rule => "r".to_owned(),
    };
    blocks.iter().map(one).collect::<Vec<_>>().join(",")
}

fn bones(line: &[Inline]) -> String {
    let mut bones = String::new();
    for one in line {
        match one {
            Inline::Text(_) | Inline::LineBreak => {
                if !bones.ends_with('w') {
                    bones.push('w');
                }
            }
            Inline::Strong(content) => bones.push_str(&format!("s({})", self::bones(content))),
            Inline::Emphasis(content) => bones.push_str(&format!("e({})", self::bones(content))),
            Inline::Link { to, content } => {
                let site: Vec<&str> = to.split(['/', '?', '#']).take(3).collect();
                bones.push_str(&format!("a{site:?}({})", self::bones(content)));
            }
            Inline::Image { source, .. } => bones.push_str(&format!("i[{source}]")),
        }
    }
    bones
}

/// Element names, attribute names, and where links and images lead.
#[derive(Debug, Default, PartialEq)]
struct Page {
    elements: BTreeMap<String, usize>,
    attributes: BTreeSet<String>,
    links: Vec<String>,
    styles: BTreeSet<String>,
}

/// Reads a page; a fault of its writing is one of the test.
fn page(html: &str) -> Result<Page, TestCaseError> {
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
    let errors = dom.errors.borrow();
    prop_assert!(errors.is_empty(), "{errors:?} in {html}");
    let mut page = Page::default();
    look_at(&dom.document, &mut page)?;
    Ok(page)
}

fn look_at(node: &Handle, page: &mut Page) -> Result<(), TestCaseError> {
    match &node.data {
        NodeData::Element { name, attrs, .. } => {
            prop_assert!(ELEMENTS.contains(&&*name.local), "<{}>", name.local);
            *page.elements.entry(name.local.to_string()).or_default() += 1;
            for attribute in attrs.borrow().iter() {
                let name = &*attribute.name.local;
                prop_assert!(ATTRIBUTES.contains(&name), "{name}");
                page.attributes.insert(name.to_owned());
                match name {
                    "href" | "src" => page.links.push(attribute.value.to_string()),
                    "style" => {
                        page.styles.insert(attribute.value.to_string());
                    }
                    _ => {}
                }
            }
        }
        NodeData::Comment { contents } => prop_assert!(false, "a comment: {contents}"),
        NodeData::ProcessingInstruction { .. } => prop_assert!(false, "an instruction"),
        NodeData::Document | NodeData::Doctype { .. } | NodeData::Text { .. } => {}
    }
    for child in node.children.borrow().iter() {
        look_at(child, page)?;
    }
    Ok(())
}

fn check_page(rendered: &Rendered) -> Result<Page, TestCaseError> {
    prop_assert!(!rendered.subject.contains(['\n', '\r']) && !rendered.subject.trim().is_empty());
    let page = page(&rendered.html)?;
    for link in &page.links {
        let allowed = ["https://", "mailto:", "tel:", "cid:"].iter().any(|scheme| link.starts_with(scheme));
        prop_assert!(allowed, "{link}");
        prop_assert!(link.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>')), "{link}");
    }
    for line in rendered.text.lines() {
        // What is longer, not counting how far it is indented, holds a word that can't be broken.
        let line = line.trim_start();
        let is_long = line.chars().count() > WIDTH;
        prop_assert!(!is_long || line.split(' ').any(|word| word.chars().count() > WIDTH / 2), "{line}");
    }
    Ok(page)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_read_or_refused(subject in any::<String>(), body in prop_oneof![piecemeal(), any::<String>()], language in "[a-z]{2}") {
        match Template::parse(&subject, &body) {
            Ok(template) => {
                let read = template.readability(&language);
                prop_assert!(read.sentences <= read.words);
            }
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                for fault in faults {
                    prop_assert!(fault.to_string().len() > 20);
                }
            }
        }
    }

    #[test]
    fn what_is_read_is_written_well(body in prop_oneof![piecemeal(), written()], value in prop_oneof![hostile(), Just("yes".to_owned())]) {
        let Ok(template) = Template::parse("s ((name))", &body) else { return Ok(()) };
        let mut values = values(&value, "yes");
        for field in template.fields() {
            if values.get(&field.name).is_none() {
                values.set(&field.name, value.as_str()).expect("a value");
            }
        }
        match template.render(&values, &look()) {
            Ok(rendered) => {
                check_page(&rendered)?;
            }
            Err(faults) => {
                let codes: Vec<&str> = faults.iter().map(|fault| fault.problem.code()).collect();
                prop_assert!(matches!(codes.as_slice(), ["subject-too-long" | "body-empty"]), "{codes:?}");
            }
        }
    }

    #[test]
    fn values_change_words_and_nothing_else(one in hostile(), other in hostile()) {
        let template = Template::parse("s ((name))", PLACES).expect("a template");
        let harmless = values("Ann", "Lee");
        let hostile = values(&one, &other);
        let wanted = template.blocks(&harmless, "en").expect("blocks");
        let found = template.blocks(&hostile, "en").expect("blocks");
        prop_assert_eq!(skeleton(&found), skeleton(&wanted));

        let calm = template.render(&harmless, &look()).expect("a message");
        let Ok(rendered) = template.render(&hostile, &look()) else { return Ok(()) };
        let (mut wanted, mut found) = (check_page(&calm)?, check_page(&rendered)?);
        for page in [&mut wanted, &mut found] {
            page.elements.remove("br");
            // Where long words may be broken follows from the words.
            page.styles = page.styles.iter().map(|style| style.replace("anywhere", "break-word")).collect();
            page.links.iter_mut().for_each(|link| link.truncate("https://example.org/".len()));
        }
        prop_assert_eq!(found, wanted);
        prop_assert!(!rendered.html.contains("javascript:") || one.contains("javascript:") || other.contains("javascript:"));
    }

    #[test]
    fn parts_add_up_and_each_fits(text in "[a-z€ŵ🙂’\\[\n ]{0,700}", plain in any::<bool>()) {
        let sms = Sms::count(&text, if plain { Downgrade::Typographic } else { Downgrade::Nothing });
        prop_assert_eq!(sms.parts.concat(), sms.text.clone());
        prop_assert_eq!(sms.encoding == Encoding::Gsm7, sms.forcing.is_empty());
        let limit = if sms.parts.len() > 1 { sms.encoding.multiple() } else { sms.encoding.single() };
        for (i, part) in sms.parts.iter().enumerate() {
            // Counted as it is sent, in the encoding of the whole.
            let places: usize = match sms.encoding {
                Encoding::Ucs2 => part.encode_utf16().count(),
                Encoding::Gsm7 => part.chars().map(|c| if "^{}\\[~]|€".contains(c) { 2 } else { 1 }).sum(),
            };
            prop_assert!(places <= limit && places > 0);
            // Only a pair that would straddle leaves a place.
            prop_assert!(i + 1 == sms.parts.len() || places + 1 >= limit);
        }
        if !plain {
            prop_assert_eq!(&sms.text, &text);
        } else {
            prop_assert_eq!(sms.text.matches('ŵ').count(), text.matches('ŵ').count());
        }
    }

    #[test]
    fn addresses_are_taken_or_refused(lines in prop::collection::vec(any::<String>(), 0..10)) {
        if let Ok(tidied) = address_lines(&lines) {
            prop_assert_eq!(address_lines(&tidied), Ok(tidied));
        }
    }
}

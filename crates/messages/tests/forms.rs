//! What is written from a template: blocks, plain text and HTML.

use commonweal_messages::{Block, FooterLink, Inline, Look, Template, Value, Values};

fn look() -> Look {
    let mut look = Look::new("Anytown Council", "en");
    look.preheader = Some("Your new <days>".to_owned());
    look.footer.why = "You get this because you pay council tax in Anytown.".to_owned();
    look.footer.unsubscribe =
        Some(FooterLink { text: "Stop these messages".to_owned(), to: "https://example.org/stop?t=a&b".to_owned() });
    look.footer.postal_address = vec!["Town Hall".to_owned(), "Anytown ZX4 7QT".to_owned()];
    look
}

fn values(pairs: &[(&str, &str)]) -> Values {
    Values::from_pairs(pairs.iter().copied()).expect("values")
}

fn blocks(body: &str, values: &Values) -> Vec<Block> {
    Template::parse_body(body).expect("a template").blocks(values, "en").expect("blocks")
}

fn text(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}

fn paragraph(words: &str) -> Block {
    Block::Paragraph(vec![text(words)])
}

#[test]
fn the_language_of_notify_becomes_blocks() {
    let body = "# Title\n\n^ Inset text\n\n• one\n• two\n\n1. first\n2. second\n\n---\n\nline\nnext";
    let list = |start, items: [&str; 2]| Block::List { start, items: items.map(|item| vec![paragraph(item)]).to_vec() };
    assert_eq!(
        blocks(body, &Values::new()),
        [
            Block::Heading { level: 1, content: vec![text("Title")] },
            Block::Quote(vec![paragraph("Inset text")]),
            list(None, ["one", "two"]),
            list(Some(1), ["first", "second"]),
            Block::Rule,
            Block::Paragraph(vec![text("line"), Inline::LineBreak, text("next")]),
        ]
    );
}

#[test]
fn optional_text_is_shown_when_the_value_is_yes() {
    let body = "Hello((a?? dear)) friend.\n\n((a??Bring *this*.))\n\n((a??Two\n\n* one\n* two))\n\n* x\n* ((a??y))";
    let shown = blocks(body, &values(&[("a", "yes")]));
    assert_eq!(shown.len(), 5);
    assert_eq!(shown[0], paragraph("Hello dear friend."));
    assert_eq!(shown[1], Block::Paragraph(vec![text("Bring "), Inline::Emphasis(vec![text("this")]), text(".")]));
    let hidden = blocks(body, &values(&[("a", "no")]));
    assert_eq!(hidden, [paragraph("Hello friend."), Block::List { start: None, items: vec![vec![paragraph("x")]] }]);
}

#[test]
fn a_list_becomes_points_by_itself_and_words_in_a_sentence() {
    let mut values = values(&[]);
    values.set("things", vec!["*tea*", "", "a\nb"]).expect("a value");
    let points = Block::List {
        start: None,
        items: vec![vec![paragraph("*tea*")], vec![Block::Paragraph(vec![text("a"), Inline::LineBreak, text("b")])]],
    };
    assert_eq!(blocks("((things))", &values), std::slice::from_ref(&points));
    assert_eq!(blocks("Bring: ((things))", &values), [paragraph("Bring:"), points.clone()]);
    assert_eq!(blocks("Bring\n((things))\nsoon", &values), [paragraph("Bring"), points, paragraph("soon")]);
    values.set("things", vec!["a", "b", "c"]).expect("a value");
    assert_eq!(blocks("Bring ((things)).", &values), [paragraph("Bring a, b and c.")]);
    values.set("things", Value::List(Vec::new())).expect("a value");
    assert_eq!(blocks("Bring: ((things))", &values), [paragraph("Bring:")]);
}

#[test]
fn a_value_is_text_whatever_it_says() {
    let hostile = "**x** [a](https://evil.example) <b> https://evil.example # & ((name))";
    let values = values(&[("name", hostile)]);
    assert_eq!(blocks("((name))", &values), [paragraph(hostile)]);
    let rendered = Template::parse("((name))", "# ((name))\n\n[see ((name))](https://example.org/a?q=((name)))")
        .expect("a template")
        .render(&values, &look())
        .expect("a message");
    assert_eq!(rendered.subject, hostile);
    assert!(!rendered.html.contains("evil.example\"") && !rendered.html.contains("<b>"), "{}", rendered.html);
    assert!(
        rendered
            .html
            .contains("<a href=\"https://example.org/a?q=%2A%2Ax%2A%2A%20%5Ba%5D%28https%3A%2F%2Fevil.example")
    );
}

#[test]
fn a_value_that_would_lead_elsewhere_is_refused() {
    let template = Template::parse_body("[it](https://example.org/a/((x))/b)").expect("a template");
    let found = template.blocks(&values(&[("x", "..")]), "en").expect_err("a fault");
    assert_eq!(found[0].problem.code(), "value-in-link");
    assert!(template.blocks(&values(&[("x", "1.5")]), "en").is_ok());
}

#[test]
fn plain_text_reads_well() {
    let body = "# Bin days\n\nDear ((name)), read [the guide](https://example.org/a/very/long/address/that/is/not/broken/anywhere/at/all) before Monday.\n\n## What goes where\n\n| Bin | Day |\n|---|---|\n| Blue | Monday |\n| Green | Friday |\n\n1. Rinse it.\n2. Put it out:\n   * by seven\n   * not before\n\n^ Not on 25 December.\n\n---\n\n![A blue bin](cid:bin)";
    let template = Template::parse("s", body).expect("a template");
    let rendered = template.render(&values(&[("name", "Ann")]), &look()).expect("a message");
    let wanted = "\
Bin days
========

Dear Ann, read the guide:
https://example.org/a/very/long/address/that/is/not/broken/anywhere/at/all
before Monday.


What goes where
---------------

Bin: Blue
Day: Monday

Bin: Green
Day: Friday

1. Rinse it.
2. Put it out:
   * by seven
   * not before

    Not on 25 December.

----------------------------------------

[A blue bin]

----------------------------------------------------------------------------

Anytown Council
You get this because you pay council tax in Anytown.
Stop these messages: https://example.org/stop?t=a&b
Town Hall
Anytown ZX4 7QT
";
    assert_eq!(rendered.text, wanted);
}

#[test]
fn html_says_language_headers_and_where_links_go() {
    let body = "# Days\n\n| | Blue |\n|---|---|\n| Monday | yes |\n\n![A bin](https://example.org/bin.png)\n\n[Pay](https://example.org/?a=1&b=2)";
    let template = Template::parse("Bins & days", body).expect("a template");
    let mut look = look();
    let html = template.render(&Values::new(), &look).expect("a message").html;
    for wanted in [
        "<html lang=\"en\" dir=\"ltr\">",
        "<title>Bins &amp; days</title>",
        "Your new &lt;days&gt;</div>",
        "<th scope=\"col\"",
        "<th scope=\"row\"",
        "<h1 style=",
        "<img src=\"https://example.org/bin.png\" alt=\"A bin\" border=\"0\" style=\"max-width:100%;height:auto;border:0\">",
        "<a href=\"https://example.org/?a=1&amp;b=2\" style=\"color:#1d5fa8;text-decoration:underline\">Pay</a>",
        "<a href=\"https://example.org/stop?t=a&amp;b\"",
        "Town Hall<br>Anytown ZX4 7QT",
        "max-width:580px",
    ] {
        assert!(html.contains(wanted), "{wanted} is not in {html}");
    }
    look.language = "ar".to_owned();
    let html = template.render(&Values::new(), &look).expect("a message").html;
    assert!(
        html.contains("<html lang=\"ar\" dir=\"rtl\">") && html.contains("text-align:right") && !html.contains("left")
    );
}

//! What is said to who writes a template: what is wrong, where, and what to do.

use commonweal_messages::{Fault, Look, MAX_BODY_BYTES, MAX_SUBJECT_CHARS, MAX_VALUE_BYTES, Part, Template, Values};

fn faults(body: &str) -> Vec<Fault> {
    Template::parse_body(body).expect_err("faults")
}

/// Code, line and column of each fault.
fn places(faults: &[Fault]) -> Vec<(&'static str, usize, usize)> {
    let place = |fault: &Fault| {
        let place = fault.place.expect("a place");
        (fault.problem.code(), place.line, place.column)
    };
    faults.iter().map(place).collect()
}

fn advice(body: &str) -> Vec<(&'static str, usize, usize)> {
    places(Template::parse_body(body).expect("a template").advice())
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (body, wanted) in [
        ("", ("body-empty", 1, 1)),
        (" \n\n", ("body-empty", 1, 1)),
        ("---\n\n---", ("body-empty", 1, 1)),
        ("Dear ((name,\n\nhello", ("gap-unclosed", 1, 6)),
        ("a\n\nb (( ))", ("gap-name-empty", 3, 3)),
        ("((x??see ((y))))", ("gap-in-optional", 1, 10)),
        ("one <b>two</b>", ("raw-html", 1, 5)),
        ("<div>\ntwo\n</div>", ("raw-html", 1, 1)),
        ("a <!-- b --> c", ("raw-html", 1, 3)),
        ("## Second first", ("heading-first", 1, 1)),
        ("# One\n\n### Three", ("heading-skips", 3, 1)),
        ("# One\n\n#### Four", ("heading-too-deep", 3, 1)),
        ("see [it](http://example.org/)", ("link-insecure", 1, 5)),
        ("see http://example.org/a.", ("link-insecure", 1, 5)),
        ("[it](javascript:alert)", ("link-scheme", 1, 1)),
        ("[it](page)", ("link-scheme", 1, 1)),
        ("[it](((link)))", ("link-gap", 1, 1)),
        ("[it](https://((name)).example.org/)", ("link-gap", 1, 1)),
        ("[it](https://example.org/((a??b)))", ("link-optional", 1, 1)),
        ("[](https://example.org/)", ("link-empty", 1, 1)),
        ("[((x??see [it](https://example.org/)))](https://example.org/)", ("link-in-link", 1, 1)),
        ("[https://example.org/](https://evil.example/)", ("link-misleads", 1, 1)),
        ("[www.example.org](https://evil.example/)", ("link-misleads", 1, 1)),
        ("![](https://example.org/a.png)", ("image-no-alternative", 1, 1)),
        ("![a](https://example.org/((id)).png)", ("image-gap", 1, 1)),
        ("![a](data:image/png;base64,AAAA)", ("image-scheme", 1, 1)),
        ("a ((x??* one\n* two)) b", ("optional-not-alone", 1, 3)),
        ("((x??Text with <i>))", ("raw-html", 1, 16)),
        ("((x??Text\n\nwith [it](http://example.org)))", ("link-insecure", 3, 6)),
    ] {
        assert!(places(&faults(body)).contains(&wanted), "{body}: {:?}", places(&faults(body)));
    }
}

#[test]
fn all_faults_are_told_in_order_and_in_sentences() {
    let found = Template::parse("a\nb", "### A\n\n<b>x</b> ((").expect_err("faults");
    let sentences: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found[0].place.map(|place| place.part), Some(Part::Subject));
    assert_eq!(sentences[0], "Subject, column 2: A subject is one line. Take the line break out.");
    assert_eq!(
        sentences[1],
        "Line 1, column 1: The first heading has to be the largest: one # before it. People who listen to the message rely on it."
    );
    assert!(sentences[2].starts_with("Line 3, column 1: HTML can't be used here"), "{sentences:?}");
    assert!(
        sentences.last().is_some_and(|last| last.starts_with("Line 3, column 10: These two brackets")),
        "{sentences:?}"
    );
}

#[test]
fn what_would_better_be_otherwise_keeps_nobody_from_sending() {
    assert_eq!(advice("[click here](https://example.org/)"), [("link-vague", 1, 1)]);
    assert_eq!(advice("a\n\n[**Read more!**](https://example.org/)"), [("link-vague", 3, 1)]);
    assert_eq!(advice("[yma](https://example.org/)"), [("link-vague", 1, 1)]);
    assert_eq!(advice("see https://example.org/a."), [("link-bare", 1, 5)]);
    assert_eq!(advice("see <https://example.org/a>"), [("link-bare", 1, 5)]);
    assert_eq!(advice("[https://example.org/a](https://example.org/a)"), [("link-bare", 1, 1)]);
    assert_eq!(advice("# Title\n\nText\n---\n"), [("heading-underlined", 3, 1)]);
    assert_eq!(advice("Write to <ann@example.org> or [the bin calendar](https://example.org/)"), []);
}

#[test]
fn subjects_are_one_line_of_some_length() {
    let code = |subject: &str| Template::parse(subject, "x").map_err(|faults| faults[0].problem.code()).err();
    assert_eq!(code(" "), Some("subject-empty"));
    assert_eq!(code(&"x".repeat(MAX_SUBJECT_CHARS)), None);
    assert_eq!(code(&"x".repeat(MAX_SUBJECT_CHARS + 1)), Some("subject-too-long"));
    assert_eq!(code("a\u{2028}b"), Some("subject-line-break"));
    assert_eq!(code("Hello (("), Some("gap-unclosed"));
}

#[test]
fn what_is_too_large_is_refused() {
    let mut body = "word ".repeat(MAX_BODY_BYTES / 5);
    assert!(Template::parse_body(&body).is_ok());
    body.push_str("and more");
    assert_eq!(places(&faults(&body)), [("body-too-long", 1, 1)]);

    // Two megabytes are soon there when one value is used often; it ends when it is too much.
    let template = Template::parse("s", &"((a)) ".repeat(30_000)).expect("a template");
    let values = Values::from_pairs([("a", "x".repeat(MAX_VALUE_BYTES))]).expect("values");
    let found = template.render(&values, &Look::new("Anytown", "en")).expect_err("a fault");
    assert_eq!(
        found[0].to_string(),
        "The message with its values is larger than 2000000 bytes. Shorten it or its values."
    );

    let names: String = (0..101).map(|n| format!("((n{n})) ")).collect();
    assert_eq!(faults(&names)[0].problem.code(), "too-many-fields");
}

#[test]
fn what_stands_too_deep_is_refused() {
    for body in
        [format!("{} deep", ">".repeat(50_000)), format!("{}deep", "* + ".repeat(30_000)), "*a **b ".repeat(20_000)]
    {
        // The last is no more than text: nothing that begins there ends.
        match Template::parse_body(&body) {
            Ok(template) => assert!(template.blocks(&Values::new(), "en").is_ok()),
            Err(faults) => assert_eq!(faults[0].problem.code(), "too-deep"),
        }
    }
}

#[test]
fn a_message_is_not_written_before_every_value_is_there() {
    let template =
        Template::parse("For ((name))", "Dear ((Name)), ((under 18??ask a parent)) ((date))").expect("a template");
    let fields: Vec<_> = template.fields().iter().map(|field| (field.name.as_str(), field.is_shown)).collect();
    assert_eq!(fields, [("name", true), ("under 18", false), ("date", true)]);
    let values = Values::from_pairs([("NAME", " ")]).expect("values");
    assert_eq!(template.missing(&values), ["under 18", "date"]);
    assert_eq!(template.blank(&values), ["name"]);
    let found = template.render(&values, &Look::new("", "en")).expect_err("faults");
    let codes: Vec<_> = found.iter().map(|fault| fault.problem.code()).collect();
    assert_eq!(codes, ["value-missing", "value-missing", "look-no-name"]);
    assert_eq!(found[0].to_string(), "There is no value for ((under 18)). Give one before the message is sent.");
    assert!(template.blocks(&values, "en").is_err());

    let hidden = Template::parse("s", "((a??Text.))\n\n---").expect("a template");
    let values = Values::from_pairs([("a", "no")]).expect("values");
    let found = hidden.render(&values, &Look::new("Anytown", "en")).expect_err("a fault");
    assert_eq!(found[0].to_string(), "There is nothing in the message. Write what people need to know.");
}

#[test]
fn a_template_is_kept_as_it_was_written() {
    let template = Template::parse("For ((name))", "Dear **((name))**").expect("a template");
    let json = serde_json::to_string(&template).expect("JSON");
    assert_eq!(json, r#"{"subject":"For ((name))","body":"Dear **((name))**"}"#);
    assert_eq!(serde_json::from_str::<Template>(&json).ok(), Some(template));
    let refused = serde_json::from_str::<Template>(r#"{"body":"<b>x"}"#).expect_err("a fault").to_string();
    assert!(refused.contains("Line 1, column 1: HTML can't be used here"), "{refused}");
}

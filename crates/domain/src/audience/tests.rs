use serde_json::json;

use super::*;

fn known() -> Known {
    let of = |all: &[&str]| all.iter().map(ToString::to_string).collect();
    Known {
        attributes: of(&["tenure"]),
        services: of(&["housing-repairs", "parking"]),
        touchpoints: of(&["housing-repairs/wait"]),
        themes: of(&["waiting"]),
    }
}

fn said(rule: &serde_json::Value) -> String {
    let named = |key: &str| match key {
        "housing-repairs" => "Housing repairs".to_owned(),
        other => other.to_owned(),
    };
    Rule::read(rule).expect("a rule").sentence(&Names { service: &named, touchpoint: &named, theme: &named })
}

fn fields(errors: &FieldErrors) -> Vec<(&str, &str)> {
    errors.0.iter().map(|e| (e.field.as_str(), e.code.as_str())).collect()
}

#[test]
fn a_rule_is_said_in_words() {
    let rang = json!({"contact": {"direction": ["in"], "channel": ["phone"], "service": ["housing-repairs"],
        "from": "2026-06-01", "to": "2026-09-01"}});
    assert_eq!(
        said(&json!({"all": [rang, {"language": ["cy"]}]})),
        "People who rang about Housing repairs between 1 June 2026 and 31 August 2026 and want letters in Welsh."
    );
    assert_eq!(
        said(&json!({"all": [{"any": [{"district": ["cf10"]}, {"need": ["bsl", "large_print"]}]},
            {"not": {"any": [{"reach": ["email"]}, {"contact": {"direction": ["out"]}}]}}]})),
        "People who (live in CF10 or need British Sign Language or large print) and (can’t be reached by email and were not \
         contacted)."
    );
    assert_eq!(
        said(
            &json!({"contact": {"theme": ["waiting"], "sentiment": ["negative"], "rating": [1, 2], "from": "2026-06-01"}})
        ),
        "People who had a contact since 1 June 2026 and gave feedback about waiting, that was negative, rated 1 or 2."
    );
    assert_eq!(
        said(&json!({"not": {"attribute": {"name": "tenure", "is": ["Owner"]}}})),
        "People who do not have “tenure: Owner”."
    );
}

#[test]
fn a_rule_is_written_as_it_is_read() {
    let json = json!({"all": [{"contact": {"channel": ["phone"], "from": "2026-06-01"}}, {"not": {"need": ["braille"]}},
        {"any": [{"attribute": {"name": "tenure", "is": ["Owner"]}}, {"reach": ["post"]}]}]});
    let rule = Rule::read(&json).expect("a rule");
    assert_eq!(serde_json::to_value(&rule).expect("JSON"), json);
    assert_eq!(serde_json::from_value::<Rule>(json).expect("a rule"), rule);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let wrong = |json: serde_json::Value| Rule::read(&json).expect_err("refused");
    assert_eq!(
        fields(&wrong(json!({"all": [{"rang": true}, {"need": ["wings"]}]}))),
        [("/all/0/rang", "no_such_condition"), ("/all/1/need", "not_a_rule"),]
    );
    assert_eq!(fields(&wrong(json!({"need": [], "reach": []}))), [("rule", "not_a_rule")]);
    assert_eq!(fields(&wrong(json!({"not": {"contact": {"chanel": ["web"]}}}))), [("/not/contact", "not_a_rule")]);
    assert_eq!(fields(&Rule::read_text("{\"all\": ").expect_err("refused")), [("rule", "not_json")]);

    let refused = |json: serde_json::Value| Rule::read(&json).expect("a rule").check(&known()).expect_err("refused");
    let errors = refused(json!({"all": [
        {"attribute": {"name": "tenur", "is": ["Owner"]}},
        {"contact": {"service": ["parking", "bins"], "touchpoint": ["x"], "theme": ["y"], "rating": [0],
            "from": "2026-06-01", "to": "2026-06-01"}},
        {"any": []},
        {"district": [" "]},
    ]}));
    assert_eq!(
        fields(&errors),
        [
            ("/all/0/attribute/name", "no_such_attribute"),
            ("/all/1/contact/service/1", "no_such_service"),
            ("/all/1/contact/touchpoint/0", "no_such_touchpoint"),
            ("/all/1/contact/theme/0", "no_such_theme"),
            ("/all/1/contact/rating/0", "out_of_range"),
            ("/all/1/contact/to", "ends_before_it_begins"),
            ("/all/2/any", "nothing_asked"),
            ("/all/3/district/0", "nothing_asked"),
        ]
    );
    assert!(errors.0[1].message.contains("“bins”") && errors.0[1].message.contains("housing-repairs"), "{errors}");
}

#[test]
fn a_rule_that_is_too_large_is_refused() {
    let mut deep = json!({"need": ["bsl"]});
    for _ in 0..MAX_DEPTH {
        deep = json!({"not": deep});
    }
    assert!(Rule::read(&deep).expect("a rule").check(&known()).is_ok());
    let deeper = Rule::read(&json!({"not": deep})).expect("a rule");
    assert_eq!(fields(&deeper.check(&known()).expect_err("refused")), [("rule", "too_deep")]);
    // So deep that nobody reads on.
    for _ in 0..200 {
        deep = json!({"not": deep});
    }
    assert_eq!(Rule::read(&deep).expect_err("refused").0[0].code, "too_deep");
    let many = json!({"any": vec![json!({"need": ["bsl"]}); MAX_CONDITIONS + 1]});
    assert_eq!(
        fields(&Rule::read(&many).expect("a rule").check(&known()).expect_err("refused")),
        [("rule", "too_many_conditions")]
    );
    let values = json!({"district": vec!["CF10"; MAX_VALUES + 1]});
    assert_eq!(
        fields(&Rule::read(&values).expect("a rule").check(&known()).expect_err("refused")),
        [("/district", "too_many")]
    );
}

#[test]
fn each_part_of_a_rule_is_found() {
    let rule = Rule::read(&json!({"all": [{"district": ["CF10", "CF11"]},
        {"contact": {"channel": ["phone"], "from": "2026-06-10", "to": "2026-08-05"}}]}))
    .expect("a rule");
    let rule = protected(&rule);
    let parts: Vec<(String, String)> =
        rule.parts().into_iter().map(|part| (part.at, serde_json::to_string(&part.without).expect("JSON"))).collect();
    let district = r#"{"district":["CF10","CF11"]}"#;
    let expected = [
        ("/all/0", r#"{"all":[{"contact":{"channel":["phone"],"from":"2026-06-01","to":"2026-09-01"}}]}"#.to_owned()),
        ("/all/0/district/0", r#"{"all":[{"district":["CF11"]},{"contact":{"channel":["phone"],"from":"2026-06-01","to":"2026-09-01"}}]}"#.to_owned()),
        ("/all/0/district/1", r#"{"all":[{"district":["CF10"]},{"contact":{"channel":["phone"],"from":"2026-06-01","to":"2026-09-01"}}]}"#.to_owned()),
        ("/all/1", format!(r#"{{"all":[{district}]}}"#)),
        ("/all/1/contact/channel", format!(r#"{{"all":[{district},{{"contact":{{"from":"2026-06-01","to":"2026-09-01"}}}}]}}"#)),
        ("/all/1/contact/from", format!(r#"{{"all":[{district},{{"contact":{{"channel":["phone"]}}}}]}}"#)),
        ("/all/1/contact/from", format!(r#"{{"all":[{district},{{"contact":{{"channel":["phone"],"from":"2026-07-01","to":"2026-09-01"}}}}]}}"#)),
        ("/all/1/contact/to", format!(r#"{{"all":[{district},{{"contact":{{"channel":["phone"],"from":"2026-06-01","to":"2026-08-01"}}}}]}}"#)),
    ];
    let expected: Vec<(String, String)> = expected.into_iter().map(|(at, json)| (at.to_owned(), json)).collect();
    assert_eq!(parts, expected);
    let alone = Rule::Need(vec![Need::Bsl]).parts();
    assert_eq!(alone, [Part { at: "rule".to_owned(), without: Rule::All(Vec::new()) }]);
}

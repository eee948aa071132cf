//! What holds for any text: nothing panics, and what is normal stays as it is.

use commonweal_handles::{Country, Problem, address, address_lines, email, phone, postcode, uprn};
use proptest::prelude::*;

/// What readers of addresses and numbers are likeliest to stumble on.
const ODD: &str = "@..--++()/#x<>:;,'\"&%0123456789٠７０²½\u{a0}\u{ad}\u{200b}\u{202e}\u{301}\u{338}\u{345}\u{fe0f}\u{fffd}ßİıſΣςǅéÅ한中ﬁ😡 \t\n\r\u{0}aAzZ";

fn country() -> impl Strategy<Value = Country> {
    prop::sample::select(Country::ALL)
}

fn odd_text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(ODD.chars().collect::<Vec<_>>());
    prop::collection::vec(prop_oneof![6 => odd, 1 => any::<char>()], 0..40).prop_map(String::from_iter)
}

/// Text that comes near to what it should be, so that it gets far into the rules.
fn near() -> impl Strategy<Value = String> {
    let email =
        ("[A-Za-zİΣé0-9.+_-]{1,12}", "[a-zA-Zü0-9.-]{1,14}", "[a-z]{2,4}").prop_map(|(a, b, c)| format!("{a}@{b}.{c}"));
    let code = prop::sample::select(vec![
        "+", "00", "011", "0", "1", "+44", "+1", "+39", "+353", "+34", "+54", "+55", "+52", "+800", "",
    ]);
    let phone = (code, "[0-9 ().-]{4,18}", "( ?(ext\\.?|x) ?[0-9]{0,8})?").prop_map(|(a, b, c)| format!("{a}{b}{c}"));
    let address = "(Flat |Unit #?|)[0-9]{0,5}[a-c]?,? (High|Main|North) (Street|St\\.|Rd)[,\n ]{1,2}(Anytown|NY|Kent)?,? ([A-Z]{1,2}[0-9]{1,2}[A-Z]? ?[0-9][A-Z]{2}|[0-9]{5})?( UK| USA)?";
    prop_oneof![email, phone, address, "[A-Za-z]{1,2}[0-9]{1,2}[A-Za-z]? ?[0-9][A-Za-z]{2}", "[0-9]{1,13}"]
}

fn never_holds(problem: Problem, text: &str) -> bool {
    // A single letter or digit stands in every sentence.
    text.trim().chars().count() < 8 || !problem.to_string().contains(text.trim())
}

/// All rules on one text.
fn check(text: &str, country: Country) -> Result<(), TestCaseError> {
    match email(text) {
        Ok(one) => {
            let again = email(one.normal());
            prop_assert_eq!(again.as_ref().map(|again| again.normal()), Ok(one.normal()));
            prop_assert_eq!(again.as_ref().map(|again| again.shown()), Ok(one.normal()));
            let shown = email(one.shown());
            prop_assert_eq!(shown.as_ref(), Ok(&one));
        }
        Err(problem) => prop_assert!(never_holds(problem, text)),
    }
    match phone(text, country) {
        Ok(one) => {
            for home in Country::ALL {
                let again = phone(one.normal(), *home);
                prop_assert_eq!(again.as_ref().map(|again| again.normal()), Ok(one.normal()), "{}", text);
                prop_assert_eq!(again.map(|again| again.kind()), Ok(one.kind()), "{}", text);
            }
            let shown = phone(one.shown(), country);
            prop_assert_eq!(shown.as_ref().map(|shown| shown.normal()), Ok(one.normal()), "{} {}", text, one.shown());
            prop_assert_eq!(shown.as_ref(), Ok(&one));
        }
        Err(problem) => prop_assert!(never_holds(problem, text)),
    }
    match postcode(text, country) {
        Ok(one) => {
            prop_assert_eq!(postcode(one.normal(), country), Ok(one.clone()));
            prop_assert!(!one.outcode().is_empty() && one.normal().starts_with(one.outcode()));
        }
        Err(problem) => prop_assert!(never_holds(problem, text)),
    }
    match address(text, country) {
        Ok(one) => {
            prop_assert!(!one.lines().is_empty() && one.lines().iter().all(|line| !line.trim().is_empty()));
            prop_assert_eq!(address_lines(text.split('\n'), country), Ok(one));
        }
        Err(problem) => prop_assert!(never_holds(problem, text)),
    }
    if let Ok(one) = uprn(text) {
        prop_assert_eq!(uprn(&one.to_string()), Ok(one));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_taken_or_refused(text in any::<String>(), country in country()) {
        check(&text, country)?;
    }

    #[test]
    fn odd_text_is_taken_or_refused(text in odd_text(), country in country()) {
        check(&text, country)?;
    }

    #[test]
    fn what_comes_near_is_taken_or_refused(text in near(), country in country()) {
        check(&text, country)?;
    }
}

/// Every code of a country there may be, with numbers of every length behind it: here the crate below has panicked before.
#[test]
fn numbers_of_every_country_keep_their_normal_form() {
    let mut taken = 0;
    for code in 1..=999 {
        for national in ["912345", "0312045678", "91120405671"] {
            let text = format!("+{code}{national}");
            let Ok(one) = phone(&text, Country::Gb) else { continue };
            taken += 1;
            assert_eq!(
                phone(one.normal(), Country::Us).map(|again| again.normal().to_owned()).as_deref(),
                Ok(one.normal()),
                "{text}"
            );
        }
    }
    assert!(taken > 50, "{taken} numbers were taken");
}

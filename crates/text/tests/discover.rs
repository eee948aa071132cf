//! Themes of small sets of comments that stand here.

use commonweal_domain::{Budget, Cancelled};
use commonweal_text::discover::{
    AcceptedTheme, CentroidCoder, DiscoverInput, Discovery, Kind, Options, SplitError, discover,
};
use commonweal_text::vectors::{DIMENSIONS, Vectors, cosine};

const WAIT: [&str; 4] = [
    "waiting times are {}",
    "the waiting times at the {} surgery",
    "{} waiting times again",
    "shorter waiting times {}",
];
const STAFF: [&str; 4] =
    ["rude staff {}", "the staff were {} and rude", "rude staff on the {} desk", "such rude staff, {} people"];
const PARKING: [&str; 4] =
    ["no parking {}", "parking charges are {}", "the car park is {}", "could not park, {} parking spaces"];
const POTHOLES: [&str; 4] =
    ["potholes on {} road", "fill the potholes {}", "deep potholes near {}", "road surface full of potholes {}"];
const FILL: [&str; 12] = [
    "really",
    "main",
    "north",
    "today",
    "terribly",
    "front",
    "awfully",
    "this week",
    "station",
    "since March",
    "old",
    "far",
];

/// Comments on the given subjects, each in a dozen forms, and simple answers.
fn comments(subjects: &[[&str; 4]]) -> Vec<String> {
    let mut out = Vec::new();
    for fill in FILL {
        for subject in subjects {
            out.extend(subject.iter().map(|s| s.replace("{}", fill)));
        }
    }
    out.extend(["nothing", "Nothing.", "n/a", "very good", "did not answer"].map(str::to_owned));
    out
}

fn inputs(texts: &[String]) -> Vec<DiscoverInput<'_>> {
    let score = |t: &str| Some(if t.contains("rude") { -0.8 } else { 0.0 });
    texts.iter().map(|text| DiscoverInput { text, sentiment_score: score(text) }).collect()
}

fn found(texts: &[String], options: &Options<'_>) -> Discovery {
    discover(&inputs(texts), options, &Budget::unlimited()).expect("not cancelled")
}

/// Key of the theme whose first word or label holds `word`.
fn key_of(found: &Discovery, word: &str) -> String {
    let of = |t: &&commonweal_text::discover::Theme| {
        t.keywords.first().is_some_and(|k| k.word.starts_with(word)) || t.label.to_lowercase().contains(word)
    };
    found.themes.iter().find(of).map(|t| t.key.clone()).expect("there is such a theme")
}

/// Keys of the themes of the first comment that holds `words`.
fn themes_of(found: &Discovery, texts: &[String], words: &str) -> Vec<String> {
    let at = texts.iter().position(|t| t.contains(words)).expect("there is such a comment");
    found.assignments[at].iter().map(|a| found.themes[a.theme].key.clone()).collect()
}

const FOUR: Options<'_> = Options { k: Some(4), min_size: 3, seed: 1, named: &[] };

#[test]
fn labels_are_phrases_that_people_wrote() {
    let texts = comments(&[WAIT, STAFF, PARKING, POTHOLES]);
    let made = found(&texts, &FOUR);
    let labels: Vec<&str> = made.themes.iter().map(|t| t.label.as_str()).collect();
    assert!(labels.contains(&"Waiting times") && labels.contains(&"Rude staff"), "{labels:?}");
    for theme in made.themes.iter().filter(|t| t.kind == Kind::Topic) {
        let label = theme.label.to_lowercase();
        assert!(texts.iter().any(|t| t.to_lowercase().contains(&label)), "{label}");
        assert!((2..=10).contains(&theme.keywords.len()) && !theme.representatives.is_empty());
    }
}

#[test]
fn sizes_sentiment_and_what_fits_nothing_add_up() {
    let mut texts = comments(&[WAIT, STAFF, PARKING, POTHOLES]);
    texts.push("日本語 です".to_owned());
    let made = found(&texts, &FOUR);
    assert_eq!(made.assignments.len(), texts.len());
    assert_eq!(made.unassigned, made.assignments.iter().filter(|a| a.is_empty()).count());
    assert!(made.assignments.last().is_some_and(Vec::is_empty));
    let sizes: usize = made.themes.iter().map(|t| t.size).sum();
    assert_eq!(sizes, made.assignments.iter().map(Vec::len).sum::<usize>());
    let staff = made.theme(&key_of(&made, "rude")).expect("it has this key");
    assert!(staff.sentiment.is_some_and(|s| s < -0.6));
    assert!(made.assignments.iter().flatten().all(|a| (0.0..=1.0).contains(&a.strength)));
}

#[test]
fn simple_answers_are_kept_out_of_the_topics() {
    let texts = comments(&[WAIT, STAFF, PARKING, POTHOLES]);
    let made = found(&texts, &FOUR);
    assert_eq!(themes_of(&made, &texts, "Nothing."), ["nothing-to-say"]);
    assert_eq!(themes_of(&made, &texts, "n/a"), ["no-answer"]);
    assert_eq!(themes_of(&made, &texts, "very good"), ["general-praise"]);
}

#[test]
fn a_long_comment_may_be_about_several_things() {
    let mut texts = comments(&[WAIT, STAFF, PARKING, POTHOLES]);
    let long =
        "I waited for hours and the waiting times are far too long. There were deep potholes on the road outside.";
    texts.push(long.to_owned());
    let made = found(&texts, &FOUR);
    let keys = themes_of(&made, &texts, "I waited for hours");
    assert!(keys.contains(&key_of(&made, "waiting")) && keys.contains(&key_of(&made, "pothole")), "{keys:?}");
}

#[test]
fn the_same_seed_gives_the_same_themes() {
    let texts = comments(&[WAIT, STAFF, PARKING, POTHOLES]);
    let options = Options { k: None, ..FOUR };
    assert_eq!(found(&texts, &options), found(&texts, &options));
}

#[test]
fn a_name_is_kept_with_another_seed_and_more_comments() {
    let mut first = found(&comments(&[WAIT, STAFF, PARKING]), &Options { k: Some(3), ..FOUR });
    let key = key_of(&first, "rude");
    first.rename(&key, "How staff treat people").expect("it is there");
    let stored = serde_json::to_string(&first).expect("it can be stored");
    let again: Discovery = serde_json::from_str(&stored).expect("it can be read");
    let texts = comments(&[WAIT, STAFF, PARKING, POTHOLES]);
    let second = found(&texts, &Options { seed: 99, named: &again.remember(), ..FOUR });
    assert_eq!(second.theme(&key).map(|t| t.title()), Some("How staff treat people"));
    assert_eq!(themes_of(&second, &texts, "such rude staff"), [key]);
    let keys: std::collections::HashSet<&str> = second.themes.iter().map(|t| t.key.as_str()).collect();
    assert_eq!(keys.len(), second.themes.len());
}

#[test]
fn what_was_dropped_stays_dropped() {
    let texts = comments(&[WAIT, STAFF, PARKING, POTHOLES]);
    let mut first = found(&texts, &FOUR);
    let (before, key) = (first.unassigned, key_of(&first, "pothole"));
    let size = first.theme(&key).map_or(0, |t| t.size);
    first.drop_theme(&key).expect("it is there");
    assert_eq!(first.unassigned, before + size);
    let second = found(&texts, &Options { seed: 7, named: &first.remember(), ..FOUR });
    assert!(second.theme(&key).is_none() && themes_of(&second, &texts, "deep potholes").is_empty());
    assert_eq!(second.remember().iter().filter(|n| n.dropped && n.key == key).count(), 1);
}

#[test]
fn simple_answers_that_were_dropped_or_named_stay_so() {
    let texts = comments(&[WAIT, STAFF]);
    let mut first = found(&texts, &FOUR);
    first.drop_theme("nothing-to-say").expect("it is there");
    first.rename("general-praise", "Thanks").expect("it is there");
    let second = found(&texts, &Options { seed: 2, named: &first.remember(), ..FOUR });
    assert!(second.theme("nothing-to-say").is_none() && themes_of(&second, &texts, "nothing").is_empty());
    let third = found(&texts, &Options { seed: 3, named: &second.remember(), ..FOUR });
    assert_eq!(third.theme("general-praise").map(|t| t.title()), Some("Thanks"));
    assert!(third.theme("nothing-to-say").is_none());
}

#[test]
fn what_was_merged_stays_merged() {
    let texts = comments(&[WAIT, STAFF, PARKING, POTHOLES]);
    let mut first = found(&texts, &FOUR);
    let (a, b) = (key_of(&first, "park"), key_of(&first, "pothole"));
    let sum = first.theme(&a).map_or(0, |t| t.size) + first.theme(&b).map_or(0, |t| t.size);
    first.merge(&[&a, &b]).expect("both are there");
    first.rename(&a, "Roads and parking").expect("it is there");
    assert_eq!((first.theme(&a).map(|t| t.size), first.theme(&b).is_none()), (Some(sum), true));
    let second = found(&texts, &Options { seed: 5, named: &first.remember(), ..FOUR });
    assert_eq!(themes_of(&second, &texts, "deep potholes"), std::slice::from_ref(&a));
    assert_eq!(themes_of(&second, &texts, "parking charges"), std::slice::from_ref(&a));
    assert_eq!(second.theme(&a).map(|t| (t.title(), t.parts.len())), Some(("Roads and parking", 2)));
}

#[test]
fn what_was_split_stays_split() {
    let texts = comments(&[WAIT, STAFF, PARKING, POTHOLES]);
    let mut first = found(&texts, &Options { k: Some(2), ..FOUR });
    let all = first.assignments.iter().filter(|a| !a.is_empty()).count();
    let key = first.themes[0].key.clone();
    let parts = first.split(&key, &inputs(&texts), Some(2), &Budget::unlimited()).expect("it is there");
    assert_eq!(parts.len(), 2);
    assert!(first.theme(&key).is_none() && parts.iter().all(|p| first.theme(p).is_some_and(|t| t.size > 0)));
    assert_eq!(first.assignments.iter().filter(|a| !a.is_empty()).count(), all);
    let second = found(&texts, &Options { k: Some(2), seed: 3, named: &first.remember(), ..FOUR });
    assert!(parts.iter().all(|p| second.theme(p).is_some_and(|t| t.size > 3)), "{parts:?}");
}

#[test]
fn what_is_accepted_codes_new_comments() {
    let mut made = found(&comments(&[WAIT, STAFF, PARKING, POTHOLES]), &FOUR);
    let frame: Vec<AcceptedTheme> = [("waiting", "Waiting"), ("rude", "Manners"), ("pothole", "Roads")]
        .iter()
        .map(|(word, name)| {
            let key = key_of(&made, word);
            made.accept(&key, name, "").expect("it is there")
        })
        .collect();
    let coder = CentroidCoder::new(&frame);
    let first = |text: &str| coder.themes(text).first().map(|(k, _)| (*k).to_owned());
    assert_eq!(first("There is a huge pothole in our street"), Some(frame[2].key.clone()));
    assert_eq!(first("Your receptionist was extremely rude to my mother"), Some(frame[1].key.clone()));
    assert_eq!(first("nothing"), None);
    assert_eq!(first("The library should stock more books in Urdu"), None);
    assert!(coder.themes("waiting times").iter().all(|(_, sure)| (0.5..=1.0).contains(sure)));
}

#[test]
fn an_unknown_key_changes_nothing() {
    let mut made = found(&comments(&[WAIT, STAFF]), &Options { k: Some(2), ..FOUR });
    let before = made.clone();
    assert!(made.rename("no-such", "x").is_err() && made.drop_theme("no-such").is_err());
    assert!(made.merge(&[&before.themes[0].key, "no-such"]).is_err() && made.accept("no-such", "x", "").is_err());
    assert_eq!(made, before);
}

#[test]
fn sets_at_the_edge_are_no_trouble() {
    let none = found(&[], &Options::default());
    assert!(none.themes.is_empty() && none.assignments.is_empty());
    let one = found(&["The bus was late".to_owned()], &Options { min_size: 1, ..Options::default() });
    assert_eq!(one.assignments.len(), 1);
    let same = found(&vec!["The lift is broken again".to_owned(); 300], &Options::default());
    assert_eq!(same.themes.first().map(|t| t.size), Some(300));
    let long = "the ward was cold and noisy at night. ".repeat(20_000);
    let odd = [long, "\u{0}".to_owned(), "🚌🚌".to_owned(), String::new()];
    assert_eq!(found(&odd, &Options { k: Some(50), min_size: 0, ..Options::default() }).assignments.len(), 4);
    let few = comments(&[WAIT]);
    let topics = found(&few, &Options { k: Some(1), ..FOUR }).themes.iter().filter(|t| t.kind == Kind::Topic).count();
    assert_eq!(topics, 1);
    assert_eq!(found(&few, &Options { k: Some(10_000), ..FOUR }).assignments.len(), few.len());
}

#[test]
fn themes_are_found_in_welsh_and_spanish_too() {
    let (cy, es) = (
        ["yn hir", "heddiw", "yn ofnadwy", "eto", "yn y feddygfa", "yn wael"],
        ["hoy", "siempre", "en la estación", "ayer"],
    );
    let of =
        |i: usize| [format!("amser aros {} {i}", cy[i % 6]), format!("los baños están muy sucios {} {i}", es[i % 4])];
    let texts: Vec<String> = (0..24).flat_map(of).collect();
    let made = found(&texts, &Options { k: Some(2), ..FOUR });
    assert!(made.themes.iter().any(|t| t.label == "Amser aros"), "{} {}", made.themes[0].label, made.themes[1].label);
    assert_ne!(themes_of(&made, &texts, "amser aros"), themes_of(&made, &texts, "baños"));
}

#[test]
fn cosines_are_those_of_the_distillation() {
    // From the same file in numpy, by the functions of training/vectors/distill.py.
    let expected = [
        ("The staff were rude", "Receptionist was abrupt and unhelpful", 0.4223),
        ("The staff were rude", "Parking is too expensive", -0.0602),
        ("waiting times", "long delays", 0.7641),
        ("commence", "begin", 0.5918),
        ("Café CAFÉ", "cafe", 1.0),
        ("paramedics arrived", "ambulance crew came", 0.6042),
    ];
    let vectors = Vectors::shared();
    for (a, b, cos) in expected {
        let got = cosine(&vectors.embed(a), &vectors.embed(b));
        assert!((got - cos).abs() < 1e-3, "{a} / {b}: {got}");
    }
}

#[test]
fn what_has_no_known_piece_has_no_vector() {
    let vectors = Vectors::shared();
    assert!(vectors.word("日本").is_none() && vectors.word("").is_none() && vectors.word("pothole").is_some());
    assert_eq!(vectors.embed("… !"), [0.0; DIMENSIONS]);
    assert!(vectors.len() > 30_000 && !vectors.is_empty() && vectors.origin().contains("Apache-2.0"));
}

#[test]
fn finding_themes_ends_where_it_is_given_up() {
    let texts = comments(&[WAIT, STAFF, PARKING, POTHOLES]);
    let whole = Budget::unlimited();
    discover(&inputs(&texts), &FOUR, &whole).expect("not cancelled");
    // Once for each comment as it is read and as it is placed, and in every round between.
    assert!(whole.checks() > texts.len() as u64, "only {} checks", whole.checks());
    for checks in (0..whole.checks()).step_by(7) {
        let budget = Budget::of_checks(checks);
        assert_eq!(discover(&inputs(&texts), &FOUR, &budget), Err(Cancelled));
        assert_eq!(budget.checks(), checks);
    }
}

#[test]
fn parting_a_theme_that_is_given_up_changes_nothing() {
    let texts = comments(&[WAIT, STAFF, PARKING, POTHOLES]);
    let mut discovery = found(&texts, &Options { k: Some(2), ..FOUR });
    let before = discovery.clone();
    let key = before.themes[0].key.clone();
    let outcome = discovery.split(&key, &inputs(&texts), Some(2), &Budget::of_checks(20));
    assert_eq!(outcome, Err(SplitError::Cancelled(Cancelled)));
    assert_eq!(discovery, before);
}

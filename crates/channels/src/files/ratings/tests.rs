use super::*;

fn scale(answers: &[&str], heading: &str) -> Option<Scale> {
    let answers: Vec<(String, usize)> = answers.iter().map(|a| ((*a).to_owned(), 30)).collect();
    find_scale(&answers, heading)
}

fn ends(answers: &[&str], heading: &str) -> Option<(f64, f64)> {
    scale(answers, heading).map(|s| (s.column.worst, s.column.best))
}

#[test]
fn words_are_put_on_their_scale() {
    let s = scale(&["Very good", "Good", "Neither good nor poor", "Poor", "Very poor", "Don't know"], "x")
        .expect("a scale");
    assert_eq!((s.column.worst, s.column.best, s.certain), (1.0, 5.0, true));
    assert_eq!(s.column.words["very good"], 5.0);
    assert_eq!(s.column.words["poor"], 2.0);
    assert!(s.column.no_answer.contains("don't know"));
    assert_eq!(ends(&["Extremely likely", "Likely", "Unlikely"], ""), Some((1.0, 5.0)));
    assert_eq!(ends(&["Fairly satisfied", "Very dissatisfied"], ""), Some((1.0, 5.0)));
    assert_eq!(scale(&["Excellent", "Good", "Poor"], "").expect("a scale").column.words["good"], 3.0);
    assert_eq!(ends(&["Happy", "Neutral", "Unhappy"], ""), Some((1.0, 3.0)));
    assert_eq!(ends(&["👍", "👎"], ""), Some((0.0, 1.0)));
}

#[test]
fn an_answer_that_no_scale_has_is_named() {
    let mut answers: Vec<(String, usize)> = vec![("Good".into(), 50), ("Very poor".into(), 50), ("Meh".into(), 1)];
    let s = find_scale(&answers, "").expect("a scale");
    assert!(s.notes[0].contains("“Meh”"), "{:?}", s.notes);
    answers[2].1 = 500;
    assert_eq!(find_scale(&answers, ""), None);
}

#[test]
fn numbers_are_put_on_the_next_usual_scale() {
    assert_eq!(ends(&["1", "2", "3", "4", "5"], ""), Some((1.0, 5.0)));
    assert_eq!(ends(&["3", "4"], ""), Some((1.0, 5.0)));
    assert_eq!(ends(&["0", "1"], ""), Some((0.0, 1.0)));
    assert_eq!(ends(&["0", "3", "7", "9", "10"], ""), Some((0.0, 10.0)));
    assert_eq!(ends(&["8", "9", "10"], "how likely are you to recommend us"), Some((0.0, 10.0)));
    assert_eq!(ends(&["8", "9", "10"], "score"), Some((1.0, 10.0)));
    assert_eq!(ends(&["12", "55", "100"], "satisfaction score"), Some((0.0, 100.0)));
    assert_eq!(ends(&["12", "55", "100"], "reports"), None);
    assert_eq!(ends(&["71.3", "64.9", "80.25"], "satisfaction"), None);
    assert_eq!(ends(&["-2", "-1", "0", "1", "2"], ""), Some((-2.0, 2.0)));
    assert_eq!(ends(&["4 out of 5", "5 out of 5"], ""), Some((1.0, 5.0)));
    assert_eq!(ends(&["★★★★☆", "★"], ""), Some((1.0, 5.0)));
}

#[test]
fn codes_for_no_answer_lie_off_the_scale() {
    let s = scale(&["1", "2", "3", "4", "5", "9"], "").expect("a scale");
    assert_eq!((s.column.worst, s.column.best), (1.0, 5.0));
    assert!(s.column.no_answer.contains("9") && s.notes[0].contains("(9; 30 times"), "{:?}", s.notes);
    assert_eq!(ends(&["1", "2", "3", "4", "5", "99"], ""), Some((1.0, 5.0)));
    let s = scale(&["-1", "0", "5", "9", "10"], "").expect("a scale");
    assert_eq!((s.column.worst, s.column.best, s.column.no_answer.contains("-1")), (0.0, 10.0, true));
}

#[test]
fn the_codes_of_the_friends_and_family_test_run_backwards() {
    let s = scale(&["1", "2", "5", "6", "7"], "fft categorical answer").expect("a scale");
    assert_eq!((s.column.worst, s.column.best), (5.0, 1.0));
    assert!(s.column.no_answer.contains("6"));
    assert_eq!(ends(&["1", "2", "3", "4", "5"], "rate us 1 very good 5 very poor"), Some((5.0, 1.0)));
    assert_eq!(ends(&["1", "2", "3", "4", "5"], "rate us 1 is worst 5 is best"), Some((1.0, 5.0)));
}

#[test]
fn numbers_with_words_tell_their_direction() {
    assert_eq!(ends(&["1 - Very good", "2 - Good", "5 - Very poor"], ""), Some((5.0, 1.0)));
    let s = scale(&["5 (Very satisfied)", "1 (Very dissatisfied)"], "").expect("a scale");
    assert_eq!((s.column.worst, s.column.best), (1.0, 5.0));
    assert_eq!(s.column.words["5 (very satisfied)"], 5.0);
}

#[test]
fn other_answers_are_no_ratings() {
    assert_eq!(ends(&["North", "South"], ""), None);
    assert_eq!(ends(&["1", "Good"], ""), None);
    assert_eq!(ends(&["12 Main Street", "5 High Road"], ""), None);
}

//! The forms of a word that are found with it: one and several of a thing, and whose it is.
//!
//! Rules of English spelling (and of most plurals in Spanish), not a stemmer: what is searched for is what is typed, in
//! at most a handful of forms, so that nobody wonders why "news" finds what is new.

/// Words that end like a plural and are none, and words of which the plural says something else.
const FIXED: &[&str] = &[
    "across",
    "always",
    "arms",
    "as",
    "bias",
    "brass",
    "bus",
    "canvas",
    "christmas",
    "crisis",
    "customs",
    "does",
    "gas",
    "glasses",
    "good",
    "goods",
    "has",
    "hers",
    "his",
    "its",
    "jobs",
    "lens",
    "mass",
    "new",
    "news",
    "others",
    "ours",
    "pas",
    "perhaps",
    "plus",
    "species",
    "series",
    "sometimes",
    "thanks",
    "this",
    "thus",
    "us",
    "was",
    "whereas",
    "yes",
    "custom",
    "arm",
    "len",
    "thank",
    "it",
    "hi",
    "wa",
    "ha",
    "thi",
    "doe",
];
/// Of these the other form is found, though the rules would not know it.
const KNOWN: &[(&str, &str)] = &[("bus", "buses"), ("gas", "gases"), ("lens", "lenses"), ("job", "jobs")];

/// A folded word and the forms that are found with it, each once; the word comes first.
pub(super) fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    let mut add = |form: String| {
        if form.len() >= 2 && !forms.contains(&form) {
            forms.push(form);
        }
    };
    for (one, several) in KNOWN {
        if word == *one || word == *several {
            add((*one).to_owned());
            add((*several).to_owned());
        }
    }
    if word.len() < 2 || !word.bytes().all(|b| b.is_ascii_lowercase()) || FIXED.contains(&word) {
        return forms;
    }
    for form in [several(word), whose(word)].into_iter().flatten().chain(one(word)) {
        if !FIXED.contains(&form.as_str()) {
            add(form);
        }
    }
    forms
}

fn hisses(word: &str) -> bool {
    ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end))
}

/// What stands before the ending `y` or `ies`, when it is a consonant.
fn before<'a>(word: &'a str, ending: &str) -> Option<&'a str> {
    let stem = word.strip_suffix(ending)?;
    (stem.len() > 1 && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])).then_some(stem)
}

/// `surgery`, `surgeries`; `branch`, `branches`; `nurse`, `nurses`.
fn several(word: &str) -> Option<String> {
    if let Some(stem) = before(word, "y") {
        return Some(format!("{stem}ies"));
    }
    match hisses(word) {
        // More of what is several already: `nurseses`.
        true if one(word).next().is_some() => None,
        true => Some(format!("{word}es")),
        false => Some(format!("{word}s")),
    }
}

/// `GP's` is `gps` when it is compared.
fn whose(word: &str) -> Option<String> {
    (!word.ends_with('s')).then(|| format!("{word}s"))
}

/// What the word may be the several, or the owner, of.
fn one(word: &str) -> impl Iterator<Item = String> {
    let ies = before(word, "ies").map(|stem| format!("{stem}y"));
    let es = word.strip_suffix("es").filter(|stem| hisses(stem) && stem.len() > 2);
    let plain = !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    let s = word.strip_suffix('s').filter(|stem| plain && stem.len() > 1);
    [ies, es.map(str::to_owned), s.map(str::to_owned)].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::forms;

    #[test]
    fn one_and_several_and_whose_are_found_with_each_other() {
        for (typed, found) in [
            ("gp", "gps"),
            ("doctor", "doctors"),
            ("doctors", "doctor"),
            ("surgery", "surgeries"),
            ("surgeries", "surgery"),
            ("surgery", "surgerys"),
            ("bus", "buses"),
            ("buses", "bus"),
            ("branch", "branches"),
            ("branches", "branch"),
            ("nurses", "nurse"),
            ("houses", "house"),
            ("fee", "fees"),
            ("way", "ways"),
            ("movies", "movie"),
            ("calle", "calles"),
        ] {
            assert!(forms(typed).contains(&found.to_owned()), "{typed}: {:?}", forms(typed));
        }
    }

    #[test]
    fn words_that_only_look_so_are_left_alone() {
        for word in ["news", "new", "this", "his", "2024", "a", "tŷ", "always", "good"] {
            assert_eq!(forms(word), [word]);
        }
        assert_eq!(forms("class"), ["class", "classes"]);
        assert_eq!(forms("status"), ["status", "statuses"]);
    }

    proptest::proptest! {
        #[test]
        fn there_are_few_and_the_word_is_first(word in "[a-z]{1,12}") {
            let all = forms(&word);
            proptest::prop_assert!(all.len() <= 6 && all[0] == word, "{all:?}");
        }
    }
}

//! Answers in words that stand for steps of a scale, in the languages that are read here, and faces.
//!
//! Words are compared as [`plain_words`](super::values::plain_words) gives them, without accents.

/// Answers in words from worst to best; several words for one step are separated by `/`.
pub(crate) struct Family {
    /// Whether the words are only used to rate; others also answer other questions, such as how often
    /// somebody takes the bus.
    pub(crate) rates: bool,
    pub(crate) steps: &'static [&'static str],
}

/// On a tie the earlier one is taken.
const FAMILIES: &[Family] = &[
    Family {
        rates: true,
        steps: &[
            "very poor/very bad/gwael iawn/muy malo/muy mala/muy mal/pesimo/pesima",
            "poor/bad/gwael/malo/mala/mal",
            "neither good nor poor/neither good nor bad/neither/ok/okay/average/neutral/ddim yn dda nac yn wael/\
             nac yn dda nac yn wael/gweddol/niwtral/ni bueno ni malo/ni buena ni mala/ni bien ni mal/regular",
            "good/da/bueno/buena/bien",
            "very good/da iawn/muy bueno/muy buena/muy bien",
        ],
    },
    Family {
        rates: true,
        steps: &[
            "very poor/very bad/gwael iawn",
            "poor/bad/gwael",
            "fair/average/ok/okay/satisfactory/adequate/gweddol/canolig/boddhaol",
            "good/da",
            "very good/da iawn",
        ],
    },
    Family {
        rates: true,
        steps: &[
            "poor/very poor/gwael/malo/mala/mal",
            "fair/gweddol/canolig/regular",
            "good/da/bueno/buena/bien",
            "very good/da iawn/muy bueno/muy buena/muy bien",
            "excellent/ardderchog/rhagorol/excelente",
        ],
    },
    Family {
        rates: true,
        steps: &[
            "very poor/terrible/awful/gwael iawn/ofnadwy/muy malo/muy mala/muy mal/pesimo/pesima",
            "poor/bad/gwael/malo/mala/mal",
            "fair/average/ok/okay/satisfactory/acceptable/gweddol/canolig/regular/aceptable/normal",
            "good/da/bueno/buena/bien",
            "excellent/outstanding/ardderchog/rhagorol/excelente",
        ],
    },
    Family {
        rates: true,
        steps: &[
            "very dissatisfied/very unsatisfied/extremely dissatisfied/completely dissatisfied/not at all satisfied/\
             anfodlon iawn/yn anfodlon iawn/hynod anfodlon/hollol anfodlon/muy insatisfecho/muy insatisfecha/\
             muy insatisfecho a/nada satisfecho/nada satisfecha/totalmente insatisfecho/totalmente insatisfecha",
            "dissatisfied/fairly dissatisfied/somewhat dissatisfied/quite dissatisfied/unsatisfied/slightly dissatisfied/\
             anfodlon/yn anfodlon/eithaf anfodlon/gweddol anfodlon/braidd yn anfodlon/insatisfecho/insatisfecha/\
             insatisfecho a/algo insatisfecho/algo insatisfecha/bastante insatisfecho/bastante insatisfecha/\
             poco satisfecho/poco satisfecha",
            "neither satisfied nor dissatisfied/neither satisfied or dissatisfied/neither dissatisfied nor satisfied/neither/\
             neutral/ddim yn fodlon nac yn anfodlon/ddim yn fodlon nag yn anfodlon/nac yn fodlon nac yn anfodlon/\
             heb fod yn fodlon nac yn anfodlon/niwtral/ni satisfecho ni insatisfecho/ni satisfecha ni insatisfecha/\
             ni satisfecho a ni insatisfecho a/neutro/indiferente",
            "satisfied/fairly satisfied/somewhat satisfied/quite satisfied/slightly satisfied/bodlon/yn fodlon/eithaf bodlon/\
             yn eithaf bodlon/gweddol fodlon/satisfecho/satisfecha/satisfecho a/algo satisfecho/algo satisfecha/\
             bastante satisfecho/bastante satisfecha",
            "very satisfied/extremely satisfied/completely satisfied/bodlon iawn/yn fodlon iawn/hynod fodlon/hollol fodlon/\
             muy satisfecho/muy satisfecha/muy satisfecho a/totalmente satisfecho/totalmente satisfecha",
        ],
    },
    Family {
        rates: true,
        steps: &[
            "extremely unlikely/very unlikely/not at all likely/annhebygol iawn/yn annhebygol iawn/hynod annhebygol/\
             ddim yn debygol o gwbl/muy improbable/nada probable/extremadamente improbable",
            "unlikely/fairly unlikely/somewhat unlikely/quite unlikely/annhebygol/eithaf annhebygol/improbable/\
             algo improbable/poco probable",
            "neither likely nor unlikely/neither likely or unlikely/neither unlikely nor likely/neither/neutral/\
             ddim yn debygol nac yn annhebygol/nac yn debygol nac yn annhebygol/ni probable ni improbable",
            "likely/fairly likely/somewhat likely/quite likely/tebygol/yn debygol/eithaf tebygol/probable/bastante probable/\
             algo probable",
            "extremely likely/very likely/tebygol iawn/yn debygol iawn/hynod debygol/muy probable/extremadamente probable",
        ],
    },
    Family {
        rates: true,
        steps: &[
            "strongly disagree/completely disagree/totally disagree/disagree strongly/anghytunon gryf/anghytuno yn gryf/\
             anghytunon llwyr/totalmente en desacuerdo/muy en desacuerdo",
            "disagree/tend to disagree/somewhat disagree/slightly disagree/disagree slightly/anghytuno/tueddu i anghytuno/\
             en desacuerdo/algo en desacuerdo",
            "neither agree nor disagree/neither agree or disagree/neither disagree nor agree/neither/neutral/undecided/\
             ddim yn cytuno nac yn anghytuno/nac yn cytuno nac yn anghytuno/ni de acuerdo ni en desacuerdo",
            "agree/tend to agree/somewhat agree/slightly agree/agree slightly/cytuno/tueddu i gytuno/de acuerdo/\
             algo de acuerdo",
            "strongly agree/completely agree/totally agree/agree strongly/cytunon gryf/cytuno yn gryf/cytunon llwyr/\
             totalmente de acuerdo/muy de acuerdo",
        ],
    },
    Family {
        rates: true,
        steps: &[
            "very difficult/very hard/extremely difficult/anodd iawn/yn anodd iawn/hynod anodd/muy dificil",
            "difficult/fairly difficult/somewhat difficult/quite difficult/hard/anodd/eithaf anodd/braidd yn anodd/dificil/\
             algo dificil/bastante dificil",
            "neither easy nor difficult/neither easy or difficult/neither difficult nor easy/neither/neutral/\
             ddim yn hawdd nac yn anodd/nac yn hawdd nac yn anodd/ni facil ni dificil",
            "easy/fairly easy/somewhat easy/quite easy/hawdd/eithaf hawdd/gweddol hawdd/facil/bastante facil/algo facil",
            "very easy/extremely easy/hawdd iawn/yn hawdd iawn/hynod hawdd/muy facil",
        ],
    },
    Family {
        rates: true,
        steps: &[
            "very unhappy/anhapus iawn/muy descontento/muy descontenta",
            "unhappy/quite unhappy/sad/anhapus/eithaf anhapus/descontento/descontenta",
            "neither happy nor unhappy/neutral/ok/okay/neither/ddim yn hapus nac yn anhapus/ni contento ni descontento",
            "happy/quite happy/hapus/eithaf hapus/contento/contenta",
            "very happy/hapus iawn/muy contento/muy contenta",
        ],
    },
    Family {
        rates: true,
        steps: &[
            "very negative/negyddol iawn/muy negativo/muy negativa",
            "negative/negyddol/negativo/negativa",
            "neutral/mixed/neither/niwtral/cymysg/neutro/neutra",
            "positive/cadarnhaol/positivo/positiva",
            "very positive/cadarnhaol iawn/muy positivo/muy positiva",
        ],
    },
    Family {
        rates: true,
        steps: &["😡/😠/🤬/😭/😤/😫/😩", "🙁/☹/😕/😟/😞/😒/😢", "😐/😑/😶", "🙂/☺/😊/😌", "😀/😃/😄/😁/😍/🤩/😆"],
    },
    Family {
        rates: true, steps: &["🙁/☹/😞/😟/😕/😢/😠/😡", "😐/😑", "🙂/☺/😊/😀/😃/😄"]
    },
    Family { rates: true, steps: &["🙁/☹/😞/😟/😢/😠/😡", "🙂/☺/😊/😀/😃/😄"] },
    Family { rates: true, steps: &["bad/bad with comment/gwael/malo/mala", "good/good with comment/da/bueno/buena"] },
    Family {
        rates: false,
        steps: &[
            "never/byth/nunca",
            "rarely/seldom/anaml/yn anaml/casi nunca/rara vez",
            "sometimes/weithiau/a veces/algunas veces",
            "often/usually/most of the time/yn aml/fel arfer/gan amlaf/casi siempre/a menudo",
            "always/bob amser/wastad/drwyr amser/siempre",
        ],
    },
    Family {
        rates: false,
        steps: &[
            "not at all helpful/not at all/ddim o gwbl/nada",
            "not very helpful/not very/slightly/ddim yn rhyw/poco",
            "somewhat helpful/somewhat/moderately/algo",
            "very helpful/very/iawn/mucho",
            "extremely helpful/extremely/hynod",
        ],
    },
    Family {
        rates: false,
        steps: &[
            "unhappy/sad/dissatisfied/anhapus/anfodlon/descontento/descontenta/insatisfecho/insatisfecha",
            "neutral/ok/okay/neither/niwtral/neutro",
            "happy/satisfied/hapus/bodlon/contento/contenta/satisfecho/satisfecha",
        ],
    },
    Family {
        rates: false,
        steps: &[
            "poor/bad/gwael/malo/mala/mal",
            "average/ok/okay/fair/gweddol/canolig/regular",
            "good/da/bueno/buena/bien",
        ],
    },
    Family {
        rates: false,
        steps: &[
            "not met/did not meet expectations/below expectations",
            "met/met expectations",
            "exceeded/exceeded expectations/above expectations",
        ],
    },
    Family {
        rates: false,
        steps: &[
            "no/no not at all/not at all/na/nac oes/nac ydw/nac ydy/naddo/nage",
            "partly/somewhat/to some extent/yes to some extent/yes partly/partially/rhannol/yn rhannol/i raddau/i ryw raddau/\
             en parte/parcialmente",
            "yes/yes definitely/yes completely/definitely/completely/ie/oes/ydw/ydy/do/si",
        ],
    },
    Family {
        rates: false,
        steps: &[
            "thumbs down/thumb down/dislike/👎/not helpful/unhelpful/not useful/negative",
            "thumbs up/thumb up/like/👍/helpful/useful/positive",
        ],
    },
    Family { rates: false, steps: &["no/na/nac oes/nac ydw/nac ydy/naddo/nage", "yes/ie/oes/ydw/ydy/do/si"] },
];

/// Answers that are no rating.
const NO_ANSWER: &[&str] = &[
    "dont know",
    "don t know",
    "do not know",
    "not sure",
    "unsure",
    "no opinion",
    "not applicable",
    "na not applicable",
    "n a",
    "na",
    "none",
    "prefer not to say",
    "prefer not to answer",
    "rather not say",
    "no answer",
    "not answered",
    "did not answer",
    "refused",
    "declined",
    "declined to answer",
    "no response",
    "no reply",
    "cant say",
    "can t say",
    "does not apply",
    "not stated",
    "not rated",
    "unrated",
    "skipped",
    "blank",
    "dk",
    "no experience",
    "not used",
    "never used",
    "have not used",
    "did not use",
    "didnt use",
    "unknown",
    "null",
    "other",
    "no rating",
    // What a help desk writes where nobody was asked, or nobody answered.
    "offered",
    "unoffered",
    "not offered",
    "ddim yn gwybod",
    "dim yn gwybod",
    "ddim yn siwr",
    "ddim yn berthnasol",
    "amherthnasol",
    "gwell gen i beidio a dweud",
    "maen well gen i beidio a dweud",
    "well gen i beidio dweud",
    "dim ateb",
    "dim barn",
    "heb ei ateb",
    "heb ateb",
    "heb ei ddefnyddio",
    "gwrthod ateb",
    "no se",
    "no sabe",
    "no lo se",
    "no contesta",
    "no sabe no contesta",
    "ns nc",
    "nsnc",
    "ns",
    "nc",
    "no aplica",
    "no procede",
    "prefiero no decirlo",
    "prefiero no responder",
    "prefiero no contestar",
    "sin respuesta",
    "sin opinion",
    "no lo he usado",
    "desconocido",
];

/// Whether these words, as [`plain_words`](super::values::plain_words) gives them, are known to be no rating.
pub(crate) fn is_no_answer(words: &str) -> bool {
    NO_ANSWER.contains(&words)
}

impl Family {
    /// The place of the words from 0 to the number of steps less one.
    pub(crate) fn place(&self, words: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.split('/').any(|w| w == words))
    }

    /// The first word of a step.
    pub(crate) fn name(&self, step: usize) -> &'static str {
        self.steps[step].split('/').next().unwrap_or("")
    }
}

/// The family that knows most of these answers, by how often they occur; the earlier one on a tie.
pub(crate) fn family_of(words: &[(&str, usize)]) -> Option<&'static Family> {
    let known = |f: &Family| words.iter().filter(|(w, _)| f.place(w).is_some()).map(|(_, n)| n).sum::<usize>();
    let all: usize = words.iter().map(|(_, n)| n).sum();
    // Three answers that are all of a scale of three are not a part of one of five.
    let complete = |f: &Family| (0..f.steps.len()).all(|p| words.iter().any(|(w, _)| f.place(w) == Some(p)));
    let (_, best) = FAMILIES.iter().enumerate().max_by_key(|(n, f)| (known(f), complete(f), usize::MAX - n))?;
    (known(best) * 10 >= all * 9 && known(best) > 0).then_some(best)
}

/// Where words lie between worst (0) and best (1) in whichever family has them.
pub(crate) fn fraction_of(words: &str) -> Option<f64> {
    FAMILIES.iter().find_map(|f| Some(f.place(words)? as f64 / (f.steps.len() - 1) as f64))
}

/// The face or thumb that a cell shows, whatever its colour, when it shows nothing but faces of one kind.
pub(crate) fn face_of(cell: &str) -> Option<String> {
    let typed = match cell.trim() {
        ":)" | ":-)" | "=)" => Some('🙂'),
        ":D" | ":-D" => Some('😀'),
        ":|" | ":-|" => Some('😐'),
        ":(" | ":-(" | "=(" => Some('🙁'),
        _ => None,
    };
    if let Some(face) = typed {
        return Some(face.to_string());
    }
    let mut only = None;
    // Colour of the skin, and the mark that asks for a picture.
    for c in cell.chars().filter(|c| !matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}') && !c.is_whitespace()) {
        if c.is_alphanumeric() || c.is_ascii() || only.is_some_and(|o| o != c) {
            return None;
        }
        only = Some(c);
    }
    only.map(String::from).filter(|face| fraction_of(face).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::values::plain_words;

    #[test]
    fn every_word_is_written_as_answers_are_compared() {
        for step in FAMILIES.iter().flat_map(|f| f.steps) {
            for word in step.split('/').filter(|w| w.bytes().any(|b| b.is_ascii_alphabetic())) {
                assert_eq!(word, plain_words(word), "it could never be found");
            }
        }
        assert!(NO_ANSWER.iter().all(|w| *w == plain_words(w)));
    }

    #[test]
    fn one_scale_in_several_languages_is_one() {
        let words =
            ["Eithaf bodlon", "Very dissatisfied", "Muy satisfecha", "Yn fodlon", "Insatisfecho/a"].map(plain_words);
        let family = family_of(&words.each_ref().map(|w| (w.as_str(), 1))).expect("a family");
        assert_eq!(words.each_ref().map(|w| family.place(w)), [Some(3), Some(0), Some(4), Some(3), Some(1)]);
    }

    #[test]
    fn faces_are_read_in_any_colour() {
        assert_eq!(face_of("👍🏾").as_deref(), Some("👍"));
        assert_eq!(face_of(" ☹️ ").as_deref(), Some("☹"));
        assert_eq!(face_of(":-(").as_deref(), Some("🙁"));
        assert_eq!(face_of("🙂🙂").as_deref(), Some("🙂"));
        for other in ["🙂 ok", "🙂🙁", "🎉", "", "5"] {
            assert_eq!(face_of(other), None, "{other}");
        }
    }
}

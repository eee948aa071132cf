//! Whether a machine answers: by what it says of itself first, by what the subject begins with last.

use crate::headers::Headers;

/// By which sign a message was told to be automatic.
pub(crate) fn sign(headers: &Headers) -> Option<&'static str> {
    // RFC 3834, §5: anything but “no”.
    let auto_submitted = headers.first("auto-submitted").or_else(|| headers.first("autosubmitted"));
    if auto_submitted.is_some_and(|value| !value.trim().is_empty() && !word(value).eq_ignore_ascii_case("no")) {
        return Some("Auto-Submitted says so (RFC 3834)");
    }
    // Of before there was a standard.
    const SAYING: &[&str] = &[
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-reply-from",
        "x-autoreply-from",
        "x-autoreply-domain",
        "x-mail-autoreply",
        "x-vacation",
    ];
    if SAYING.iter().any(|name| headers.first(name).is_some_and(|value| !value.eq_ignore_ascii_case("no"))) {
        return Some("a header such as X-Autoreply says so");
    }
    let precedence = word(headers.first("precedence").unwrap_or_default()).to_ascii_lowercase();
    if matches!(precedence.as_str(), "auto_reply" | "auto-reply") {
        return Some("Precedence says so");
    }
    // Exchange and others ask that nothing answers; only machines do.
    if headers.has("x-auto-response-suppress") {
        return Some("X-Auto-Response-Suppress asks that nothing answers");
    }
    if has_empty_path(headers) {
        return Some("it has no address to send errors to (empty Return-Path)");
    }
    let to_many = headers.iter().any(|(name, _)| name.starts_with("list-"));
    if matches!(precedence.as_str(), "bulk" | "junk") && !to_many {
        return Some("Precedence says that it was not written to one person");
    }
    let subject = headers.first("subject").unwrap_or_default();
    begins_like_automatic(subject).then_some("the subject begins as those of automatic replies do")
}

fn word(value: &str) -> &str {
    value.trim().split([';', ' ', '(']).next().unwrap_or_default()
}

/// Whether errors about this message would go nowhere (RFC 5321, §4.5.5).
pub(crate) fn has_empty_path(headers: &Headers) -> bool {
    headers.all("return-path").any(|path| matches!(path.trim(), "<>" | "< >"))
}

/// What subjects of automatic replies begin with, in small letters, as mail programs write them.
const BEGINNINGS: &[&str] = &[
    "automatic reply",
    "automatic response",
    "automated reply",
    "automated response",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto response",
    "auto-response",
    "autoresponse",
    "auto:",
    "out of office",
    "out of the office",
    "out-of-office",
    "vacation reply",
    "away from my mail",
    "away from the office",
    "ateb awtomatig",
    "allan o'r swyddfa",
    "allan o’r swyddfa",
    "automatische antwort",
    "abwesenheitsnotiz",
    "abwesenheitsbenachrichtigung",
    "abwesend:",
    "réponse automatique",
    "absence du bureau",
    "message d'absence",
    "respuesta automática",
    "respuesta automatica",
    "fuera de la oficina",
    "fuera de oficina",
    "risposta automatica",
    "fuori sede",
    "fuori ufficio",
    "resposta automática",
    "ausência temporária",
    "fora do escritório",
    "automatisch antwoord",
    "afwezigheidsbericht",
    "niet aanwezig",
    "autosvar",
    "automatiskt svar",
    "automatisk svar",
    "frånvaro",
    "fravær",
    "automaattinen vastaus",
    "poissa",
    "autoodpowiedź",
    "odpowiedź automatyczna",
    "automatyczna odpowiedź",
    "automatická odpověď",
    "automatikus válasz",
    "răspuns automat",
    "otomatik yanıt",
    "αυτόματη απάντηση",
    "автоответ",
    "автоматический ответ",
    "автоматична відповідь",
    "自動応答",
    "自動返信",
    "自动回复",
    "自動回覆",
    "자동 회신",
    "رد تلقائي",
];

/// Whether a subject is one of an automatic reply.
pub(crate) fn begins_like_automatic(subject: &str) -> bool {
    let subject = subject.trim_start_matches(['[', '(', '*', ' ', '\t', '"', '“']).to_lowercase();
    BEGINNINGS.iter().any(|beginning| subject.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::sign;
    use crate::headers::Headers;

    fn automatic(fields: &[(&str, &str)]) -> bool {
        let mut headers = Headers::default();
        for (name, value) in fields {
            headers.push(name, value);
        }
        sign(&headers).is_some()
    }

    #[test]
    fn machines_are_known_by_what_they_say() {
        for fields in [
            [("Auto-Submitted", "auto-replied (vacation)")],
            [("X-Autoreply", "yes")],
            [("Precedence", "auto_reply")],
            [("Precedence", "bulk")],
            [("X-Auto-Response-Suppress", "All")],
            [("Return-Path", "<>")],
            [("Subject", "Ateb awtomatig: Arolwg")],
            [("Subject", "Automatic reply: Survey")],
        ] {
            assert!(automatic(&fields), "{fields:?}");
        }
        assert!(!automatic(&[("Auto-Submitted", "no"), ("Return-Path", "<ann@x.example>")]));
        assert!(!automatic(&[("Subject", "My automatic door is out of order")]));
        assert!(!automatic(&[("Precedence", "bulk"), ("List-Id", "<news.x.example>")]));
    }
}

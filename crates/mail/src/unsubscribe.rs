//! Whether somebody wants no more messages.
//!
//! The rule is short, so that it can be told to people: the message goes to an address that begins with `unsubscribe` (which is what
//! the `mailto:` of `List-Unsubscribe` is for, RFC 2369), or its subject is such a word and nothing else, or what the person wrote is.

use crate::headers::Headers;

/// Longest text that is compared with the words.
const MAX_BYTES: usize = 60;

/// What people write, and mail programs for them. In small letters, without what stands around.
const WORDS: &[&str] = &[
    "unsubscribe",
    "unsubscribe me",
    "unsubscribe please",
    "please unsubscribe",
    "please unsubscribe me",
    "stop",
    "stop all",
    "stopall",
    "opt out",
    "opt-out",
    "optout",
    "remove",
    "remove me",
    "please remove me",
    "remove me from your list",
    "remove me from this list",
    "remove me from your mailing list",
    "take me off your list",
    "dad-danysgrifio",
    "dad-danysgrifiwch fi",
    "datdanysgrifio",
    "abmelden",
    "abbestellen",
    "austragen",
    "désabonner",
    "désabonnement",
    "se désabonner",
    "désinscription",
    "desabonner",
    "desinscription",
    "darse de baja",
    "cancelar suscripción",
    "cancelar suscripcion",
    "disiscrivimi",
    "disiscriviti",
    "cancellami",
    "annulla iscrizione",
    "cancelar inscrição",
    "cancelar subscrição",
    "descadastrar",
    "afmelden",
    "uitschrijven",
    "avregistrera",
    "avprenumerera",
    "afmeld",
    "avmeld",
    "odhlásit",
    "wypisz",
    "wypisz mnie",
    "dezabonare",
    "отписаться",
    "відписатися",
    "配信停止",
    "退订",
];

/// The address that was written to and says it.
pub(crate) fn address(sent_to: &[String]) -> Option<&String> {
    sent_to.iter().find(|address| {
        let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
        local
            .strip_prefix("unsubscribe")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', '-', '=', '.', '_']))
    })
}

/// Whether a subject or a whole text is such a word. A subject may have a token behind `unsubscribe`, as list programs want it.
pub(crate) fn says(text: &str) -> bool {
    if text.len() > MAX_BYTES {
        return false;
    }
    let text = text.to_lowercase();
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    let text =
        ["re:", "aw:", "sv:", "fwd:", "fw:"].iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text).trim();
    WORDS.contains(&text)
        || text
            .strip_prefix("unsubscribe ")
            .is_some_and(|token| token.chars().any(|c| c.is_ascii_digit()) && !token.contains(' '))
}

/// Whether the subject says it.
pub(crate) fn subject(headers: &Headers) -> bool {
    headers.first("subject").is_some_and(says)
}

#[cfg(test)]
mod tests {
    use super::{address, says};

    #[test]
    fn a_word_alone_says_it_and_a_sentence_does_not() {
        for text in [
            "unsubscribe",
            " STOP ",
            "Unsubscribe.",
            "Re: unsubscribe",
            "unsubscribe 7f3a91",
            "Dad-danysgrifio",
            "Please remove me!",
        ] {
            assert!(says(text), "{text}");
        }
        for text in
            ["How do I unsubscribe?", "Please stop cutting the hedge", "bus stop", "unsubscribe link broken", ""]
        {
            assert!(!says(text), "{text}");
        }
    }

    #[test]
    fn an_address_for_it_says_it() {
        let to = |address: &str| vec![address.to_owned()];
        assert!(address(&to("unsubscribe+7f3a@own.example")).is_some());
        assert!(address(&to("Unsubscribe@own.example")).is_some());
        assert!(address(&to("unsubscribers@own.example")).is_none());
        assert!(address(&to("reply+unsubscribe@own.example")).is_none());
    }
}

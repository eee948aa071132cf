//! The words by which files name channels.

use commonweal_domain::Channel;

use super::values::plain_words;

const CHANNELS: &[(&str, Channel)] = &[
    ("web", Channel::Web),
    ("website", Channel::Web),
    ("web form", Channel::Web),
    ("webform", Channel::Web),
    ("online", Channel::Web),
    ("online form", Channel::Web),
    ("online survey", Channel::Web),
    ("web survey", Channel::Web),
    ("internet", Channel::Web),
    ("digital", Channel::Web),
    ("portal", Channel::Web),
    ("self service", Channel::Web),
    ("desktop", Channel::Web),
    ("browser", Channel::Web),
    ("qr code", Channel::Web),
    ("qr", Channel::Web),
    ("mobile", Channel::MobileApp),
    ("mobile app", Channel::MobileApp),
    ("app", Channel::MobileApp),
    ("ios", Channel::MobileApp),
    ("android", Channel::MobileApp),
    ("email", Channel::Email),
    ("e mail", Channel::Email),
    ("email survey", Channel::Email),
    ("phone", Channel::Phone),
    ("phone call", Channel::Phone),
    ("call", Channel::Phone),
    ("telephone", Channel::Phone),
    ("telephone call", Channel::Phone),
    ("telephone survey", Channel::Phone),
    ("call centre", Channel::Phone),
    ("call center", Channel::Phone),
    ("contact centre", Channel::Phone),
    ("cati", Channel::Phone),
    ("voice", Channel::Phone),
    ("ivr", Channel::AutomatedPhone),
    ("automated phone", Channel::AutomatedPhone),
    ("automated call", Channel::AutomatedPhone),
    ("interactive voice response", Channel::AutomatedPhone),
    ("ivm", Channel::AutomatedPhone),
    ("sms", Channel::Sms),
    ("text", Channel::Sms),
    ("text message", Channel::Sms),
    ("sms text message", Channel::Sms),
    ("whatsapp", Channel::Social),
    ("chat", Channel::LiveChat),
    ("live chat", Channel::LiveChat),
    ("livechat", Channel::LiveChat),
    ("webchat", Channel::LiveChat),
    ("web chat", Channel::LiveChat),
    ("chatbot", Channel::LiveChat),
    ("social", Channel::Social),
    ("social media", Channel::Social),
    ("facebook", Channel::Social),
    ("twitter", Channel::Social),
    ("x", Channel::Social),
    ("instagram", Channel::Social),
    ("nextdoor", Channel::Social),
    ("linkedin", Channel::Social),
    ("in person", Channel::InPerson),
    ("face to face", Channel::InPerson),
    ("facetoface", Channel::InPerson),
    ("f2f", Channel::InPerson),
    ("walk in", Channel::InPerson),
    ("counter", Channel::InPerson),
    ("reception", Channel::InPerson),
    ("visit", Channel::InPerson),
    ("home visit", Channel::InPerson),
    ("capi", Channel::InPerson),
    ("interview", Channel::InPerson),
    ("kiosk", Channel::Kiosk),
    ("tablet", Channel::Kiosk),
    ("tablet kiosk", Channel::Kiosk),
    ("touchscreen", Channel::Kiosk),
    ("terminal", Channel::Kiosk),
    ("letter", Channel::Letter),
    ("post", Channel::Letter),
    ("postal", Channel::Letter),
    ("mail", Channel::Letter),
    ("by post", Channel::Letter),
    ("fax", Channel::Letter),
    ("paper", Channel::Paper),
    ("paper form", Channel::Paper),
    ("paper survey", Channel::Paper),
    ("postal survey", Channel::Paper),
    ("postcard", Channel::Paper),
    ("card", Channel::Paper),
    ("comment card", Channel::Paper),
    ("form", Channel::Paper),
    ("questionnaire", Channel::Paper),
    ("event", Channel::Event),
    ("meeting", Channel::Event),
    ("public meeting", Channel::Event),
    ("workshop", Channel::Event),
    ("other", Channel::Other),
    ("unknown", Channel::Other),
    ("not known", Channel::Other),
    ("not stated", Channel::Other),
    ("widget", Channel::Web),
    ("web widget", Channel::Web),
    ("contact form", Channel::Web),
    ("help centre", Channel::Web),
    ("help center", Channel::Web),
    ("web page", Channel::Web),
    ("e bost", Channel::Email),
    ("ebost", Channel::Email),
    ("gwefan", Channel::Web),
    ("gwe", Channel::Web),
    ("y we", Channel::Web),
    ("ar lein", Channel::Web),
    ("ffurflen we", Channel::Web),
    ("ffurflen ar lein", Channel::Web),
    ("ffon", Channel::Phone),
    ("dros y ffon", Channel::Phone),
    ("galwad ffon", Channel::Phone),
    ("neges destun", Channel::Sms),
    ("sgwrs fyw", Channel::LiveChat),
    ("gwe sgwrs", Channel::LiveChat),
    ("cyfryngau cymdeithasol", Channel::Social),
    ("wyneb yn wyneb", Channel::InPerson),
    ("yn bersonol", Channel::InPerson),
    ("llythyr", Channel::Letter),
    ("drwyr post", Channel::Letter),
    ("papur", Channel::Paper),
    ("ffurflen bapur", Channel::Paper),
    ("digwyddiad", Channel::Event),
    ("arall", Channel::Other),
    ("anhysbys", Channel::Other),
    ("correo electronico", Channel::Email),
    ("correo", Channel::Email),
    ("en linea", Channel::Web),
    ("sitio web", Channel::Web),
    ("pagina web", Channel::Web),
    ("formulario web", Channel::Web),
    ("telefono", Channel::Phone),
    ("por telefono", Channel::Phone),
    ("llamada", Channel::Phone),
    ("llamada telefonica", Channel::Phone),
    ("mensaje de texto", Channel::Sms),
    ("chat en vivo", Channel::LiveChat),
    ("redes sociales", Channel::Social),
    ("en persona", Channel::InPerson),
    ("presencial", Channel::InPerson),
    ("ventanilla", Channel::InPerson),
    ("carta", Channel::Letter),
    ("correo postal", Channel::Letter),
    ("papel", Channel::Paper),
    ("evento", Channel::Event),
    ("otro", Channel::Other),
    ("otros", Channel::Other),
    ("desconocido", Channel::Other),
];

/// Names that say what they mean also among other words: "Phone call (incoming)".
fn telling(name: &str) -> bool {
    name.len() >= 4
        && !matches!(
            name,
            "call"
                | "text"
                | "post"
                | "mail"
                | "card"
                | "form"
                | "visit"
                | "event"
                | "meeting"
                | "voice"
                | "mobile"
                | "other"
                | "terminal"
                | "digital"
                | "portal"
                | "counter"
                | "desktop"
                | "tablet"
                | "unknown"
                | "paper"
                | "interview"
                | "reception"
                | "workshop"
                | "widget"
                | "carta"
                | "correo"
                | "papel"
                | "papur"
                | "otro"
                | "otros"
                | "arall"
                | "evento"
                | "social"
                | "postal"
                | "internet"
                | "browser"
                | "letter"
        )
}

/// The channel that a cell names.
pub(crate) fn channel_of(cell: &str) -> Option<Channel> {
    let words = plain_words(cell);
    let exact = |words: &str| {
        let by_key = || Channel::from_key(&words.replace(' ', "_"));
        CHANNELS.iter().find(|(name, _)| *name == words).map(|(_, c)| *c).or_else(by_key)
    };
    exact(&words).or_else(|| {
        let before_bracket = plain_words(cell.split(['(', '[']).next().unwrap_or_default());
        exact(&before_bracket).or_else(|| within(&words))
    })
}

/// The channel of the longest name among the words, if they name no other.
fn within(words: &str) -> Option<Channel> {
    if words.len() > 40 {
        return None;
    }
    let padded = format!(" {words} ");
    let named = CHANNELS.iter().filter(|(name, _)| telling(name) && padded.contains(&format!(" {name} ")));
    named.max_by_key(|(name, _)| name.len()).map(|(_, channel)| *channel)
}

/// The channel that a cell of a help desk's export names, where "mail" is what comes by email.
pub(crate) fn help_desk_channel_of(cell: &str) -> Option<Channel> {
    if matches!(plain_words(cell).as_str(), "mail" | "mail incoming" | "inbound mail" | "mailbox") {
        return Some(Channel::Email);
    }
    channel_of(cell)
}

/// Whether these headings, as [`plain_words`] gives them, are those of a help desk: tickets have somebody who asks
/// and somebody who answers.
pub(crate) fn is_help_desk<'a>(mut headings: impl Iterator<Item = &'a str>) -> bool {
    const TELLING: &[&str] =
        &["ticket id", "ticket number", "ticket", "requester", "assignee", "requester email", "requester id"];
    headings.any(|h| TELLING.contains(&h))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_known_by_many_names() {
        assert_eq!(channel_of("E-mail"), Some(Channel::Email));
        assert_eq!(channel_of("ONLINE"), Some(Channel::Web));
        assert_eq!(channel_of("Face-to-face"), Some(Channel::InPerson));
        assert_eq!(channel_of("live_chat"), Some(Channel::LiveChat));
        assert_eq!(channel_of("UNKNOWN"), Some(Channel::Other));
        assert_eq!(channel_of("carrier pigeon"), None);
    }

    #[test]
    fn channels_are_known_in_welsh_and_spanish_and_among_other_words() {
        assert_eq!(channel_of("Dros y ffôn"), Some(Channel::Phone));
        assert_eq!(channel_of("Ar-lein"), Some(Channel::Web));
        assert_eq!(channel_of("Teléfono"), Some(Channel::Phone));
        assert_eq!(channel_of("Telephone – outbound"), Some(Channel::Phone));
        assert_eq!(channel_of("Web form (public)"), Some(Channel::Web));
        assert_eq!(channel_of("Live chat, evening"), Some(Channel::LiveChat));
        assert_eq!(channel_of("Form of address"), None);
    }

    #[test]
    fn mail_is_a_letter_except_at_a_help_desk() {
        assert_eq!(channel_of("Mail"), Some(Channel::Letter));
        assert_eq!(help_desk_channel_of("Mail"), Some(Channel::Email));
        assert_eq!(help_desk_channel_of("Letter"), Some(Channel::Letter));
        assert!(is_help_desk(["subject", "requester"].into_iter()) && !is_help_desk(["via", "comment"].into_iter()));
    }
}

//! Words by which mail programs introduce what they quote, in the languages that are met most.

/// A field of a quoted message's head, as it stands above it in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    From,
    To,
    /// When, in the words of a mail program: nobody writes “Sent:” in a form.
    Sent,
    Date,
    Subject,
}

const FROM: &[&str] = &[
    "from",
    "oddi wrth",
    "von",
    "de",
    "expéditeur",
    "da",
    "mittente",
    "van",
    "från",
    "fra",
    "avsändare",
    "lähettäjä",
    "od",
    "nadawca",
    "feladó",
    "de la",
    "från",
    "kimden",
    "gönderen",
    "от",
    "від",
    "от кого",
    "από",
    "发件人",
    "寄件者",
    "差出人",
    "送信元",
    "보낸 사람",
    "من",
];
const TO: &[&str] = &[
    "to",
    "cc",
    "at",
    "i",
    "an",
    "kopie",
    "à",
    "a",
    "destinataire",
    "para",
    "aan",
    "till",
    "til",
    "kopi",
    "kopia",
    "vastaanottaja",
    "kopio",
    "komu",
    "do",
    "dw",
    "címzett",
    "către",
    "kime",
    "alıcı",
    "кому",
    "копия",
    "копія",
    "προς",
    "收件人",
    "抄送",
    "宛先",
    "받는 사람",
    "إلى",
];
const SENT: &[&str] = &[
    "sent",
    "anfonwyd",
    "gesendet",
    "envoyé",
    "enviado",
    "enviado el",
    "enviada em",
    "inviato",
    "verzonden",
    "skickat",
    "sendt",
    "lähetetty",
    "odesláno",
    "wysłano",
    "elküldve",
    "trimis",
    "gönderildi",
    "отправлено",
    "надіслано",
    "στάλθηκε",
    "发送时间",
    "送信日時",
    "보낸 날짜",
];
const DATE: &[&str] = &[
    "date",
    "dyddiad",
    "datum",
    "date d'envoi",
    "fecha",
    "data",
    "dato",
    "päivämäärä",
    "dátum",
    "tarih",
    "дата",
    "ημερομηνία",
    "日期",
    "日時",
    "تاريخ",
];
const SUBJECT: &[&str] = &[
    "subject",
    "pwnc",
    "betreff",
    "objet",
    "sujet",
    "asunto",
    "oggetto",
    "assunto",
    "onderwerp",
    "ämne",
    "emne",
    "aihe",
    "předmět",
    "temat",
    "tárgy",
    "subiect",
    "konu",
    "тема",
    "θέμα",
    "主题",
    "主旨",
    "件名",
    "제목",
    "الموضوع",
];

/// The label with which a line begins, with or without signs for bold.
pub(super) fn label(line: &str) -> Option<Label> {
    let line = line.trim_start_matches([' ', '\t', '*', '_', '>', '|']);
    let (name, _) = line.split_once([':', '：'])?;
    if name.len() > 40 {
        return None;
    }
    let name = name.trim_matches([' ', '\u{a0}', '*', '_']).to_lowercase();
    let is = |list: &[&str]| list.contains(&name.as_str());
    if is(FROM) {
        Some(Label::From)
    } else if is(SUBJECT) {
        Some(Label::Subject)
    } else if is(SENT) {
        Some(Label::Sent)
    } else if is(DATE) {
        Some(Label::Date)
    } else if is(TO) {
        Some(Label::To)
    } else {
        None
    }
}

/// What stands between dashes above a quoted or passed-on message.
pub(super) const ORIGINAL: &[&str] = &[
    "original message",
    "original-message",
    "original email",
    "original e-mail",
    "forwarded message",
    "reply message",
    "begin forwarded message",
    "neges wreiddiol",
    "ursprüngliche nachricht",
    "antwort nachricht",
    "ursprüngliche mail",
    "originalnachricht",
    "weitergeleitete nachricht",
    "message d'origine",
    "message d’origine",
    "message original",
    "message initial",
    "message transféré",
    "mensaje original",
    "mensaje reenviado",
    "messaggio originale",
    "messaggio inoltrato",
    "mensagem original",
    "mensagem encaminhada",
    "oorspronkelijk bericht",
    "doorgestuurd bericht",
    "ursprungligt meddelande",
    "originalmeddelande",
    "vidarebefordrat meddelande",
    "opprinnelig melding",
    "oprindelig meddelelse",
    "videresendt",
    "alkuperäinen viesti",
    "původní zpráva",
    "wiadomość oryginalna",
    "oryginalna wiadomość",
    "eredeti üzenet",
    "mesaj original",
    "orijinal mesaj",
    "исходное сообщение",
    "пересылаемое сообщение",
    "αρχικό μήνυμα",
    "原始邮件",
    "原始郵件",
    "元のメッセージ",
    "original meddelelse",
];

/// Words that say that somebody wrote, at the end of the line that introduces a quotation.
pub(super) const WROTE: &[&str] = &[
    "wrote",
    "writes",
    "said",
    "sent",
    "đã viết",
    "ysgrifennodd",
    "schrieb",
    "geschrieben",
    "a écrit",
    "écrit",
    "escribió",
    "escribio",
    "ha scritto",
    "escreveu",
    "schreef",
    "geschreven",
    "skrev",
    "skrev följande",
    "kirjoitti",
    "napsal",
    "napsala",
    "napsal(a)",
    "napísal",
    "napisał",
    "napisał(a)",
    "napisała",
    "napisano",
    "pisze",
    "írta",
    "a scris",
    "yazdı",
    "şunu yazdı",
    "написал",
    "написал(а)",
    "написала",
    "пишет",
    "писал",
    "написав",
    "έγραψε",
    "写道",
    "寫道",
    "のメッセージ",
    "のメール",
    "書きました",
    "작성",
    "כתב",
    "كتب",
];

/// The same where the name stands behind.
pub(super) const WROTE_BEFORE: &[&str] =
    &[" schrieb ", " skrev ", " schreef ", " ysgrifennodd ", " írta (időpont", " a écrit ", " пишет "];

/// Words with which such a line begins.
pub(super) const ON: &[&str] = &[
    "on ",
    "at ",
    "in ",
    "ar ",
    "am ",
    "den ",
    "le ",
    "el ",
    "il ",
    "em ",
    "a ",
    "op ",
    "på ",
    "dne ",
    "dňa ",
    "w dniu ",
    "dnia ",
    "no dia ",
    "στις ",
    "vào ",
    "pada ",
    "la data ",
    "quoting ",
    "date:",
];

/// Lines that telephones and programs add by themselves: their beginning, and behind `|` what has to stand in them too.
pub(super) const SENT_FROM: &[&str] = &[
    "sent from my ",
    "sent from mail for",
    "sent from outlook",
    "sent from yahoo",
    "sent from samsung",
    "sent from proton",
    "sent from gmail",
    "sent from aol",
    "sent from the all new",
    "sent via |mail",
    "sent via |phone",
    "sent via |app",
    "sent with |mail",
    "sent with |protonmail",
    "sent using |mail",
    "sent using |app",
    "get outlook for ",
    "get bluemail for",
    "yahoo mail: ",
    "sent on the go",
    "anfonwyd o fy",
    "anfonwyd o'm",
    "von meinem |gesendet",
    "von meiner |gesendet",
    "gesendet von ",
    "gesendet mit ",
    "gesendet aus ",
    "diese nachricht wurde von meinem",
    "envoyé de mon ",
    "envoyé depuis ",
    "envoyé à partir ",
    "envoyé avec ",
    "enviado desde ",
    "enviado do ",
    "enviado de ",
    "enviado a partir ",
    "obtener outlook",
    "obter o outlook",
    "inviato da ",
    "inviato dal ",
    "scarica outlook",
    "verzonden vanaf ",
    "verzonden met ",
    "verzonden via ",
    "skickat från ",
    "sendt fra ",
    "hämta outlook",
    "hent outlook",
    "lähetetty |laitteesta",
    "lähetetty |iphone",
    "odesláno z ",
    "wysłane z ",
    "wysłano z ",
    "trimis de pe ",
    "отправлено с ",
    "отправлено из ",
    "надіслано з ",
    "发自我的",
    "從我的",
    "iphoneから送信",
    "나의 iphone에서",
];

#[cfg(test)]
mod tests {
    use super::{Label, label};

    #[test]
    fn labels_are_known_bold_or_not() {
        assert_eq!(label("*From:* Ann"), Some(Label::From));
        assert_eq!(label("Oddi wrth: Ann"), Some(Label::From));
        assert_eq!(label("**Gesendet:** gestern"), Some(Label::Sent));
        assert_eq!(label("Objet : bus"), Some(Label::Subject));
        assert_eq!(label("My question: why"), None);
    }
}

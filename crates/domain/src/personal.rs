//! What says who somebody is, before anybody has read a word of it: names under which personal data is
//! handed in, and addresses of pages that carry it. One list for columns of files and for attributes.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::search::fold_into;

/// Names of people, in lower-case words, `|` between them; so are the others.
pub const PEOPLE: &str = "name|first name|firstname|last name|lastname|surname|forename|full name|given name|family name|\
    middle name|contact name|customer name|your name|patient name|resident name|tenant name|\
    respondent name|recipient first name|recipient last name|caller name|submitted by|created by|author|\
    user name|username|user|screen name|handle|your full name|name of person|names|full names|\
    requester|requestor|requester name|requested by|complainant|complainant name|applicant|applicant name|claimant|\
    claimant name|assignee|assigned to|assigned officer|case officer|case worker|caseworker|case owner|ticket owner|\
    handled by|dealt with by|logged by|reported by|reporter|entered by|raised by|taken by|completed by|updated by|\
    modified by|closed by|officer name|contact person|client name|member name|parent name|child name|\
    landlord name|owner name|manager name|doctor name|driver name|visitor name|advisor name|adviser name|\
    next of kin name|emergency contact|signature|signed by";
/// Their email addresses.
pub const EMAILS: &str =
    "email|e mail|email address|e mail address|your email|contact email|recipient email|customer email";
/// Their phone numbers.
pub const PHONES: &str = "phone|phone number|telephone|telephone number|mobile|mobile number|mobile phone|contact number|\
    phone no|tel|tel no|cell|cell phone|fax";
/// Where they live.
pub const ADDRESSES: &str = "address|home address|street address|postal address|address line 1|address line 2|address 1|address 2|\
    address1|address2|house number|postcode|post code|full postcode|postal code|your postcode|\
    home postcode";
/// When they were born.
pub const BIRTHS: &str = "date of birth|dob|birth date|birthdate|birthday|year of birth";
/// Numbers by which somebody knows them.
pub const NUMBERS: &str = "nhs number|national insurance number|ni number|nino|social security number|ssn|passport number|\
    account number|customer id|customer number|user id|userid|person id|patient id|patient number|\
    client id|member id|tenant id|resident id|uprn|ip|ip address|ipaddress|staff name|staff id|\
    agent name|agent id|employee name|tweet author|account id|contact id|external data reference|\
    cookie id|device id|hospital number|payroll number|network id|browser id|machine id|hardware id|\
    advertising id|mac address|imei|subscriber id|citizen id|national id|identity number|driving licence number|\
    bank account|bank account number|sort code|iban|card number|vehicle registration|number plate|licence plate|\
    assignee id|requester id|submitter id|requester email|employee id|employee number|tenancy number|tenancy reference";

/// All of these in Welsh, without accents.
pub const IN_WELSH: &str = "enw|enwau|enw llawn|enw cyntaf|enw olaf|cyfenw|eich enw|eich enw llawn|enw cyswllt|enwr cwsmer|\
    enwr tenant|enwr preswylydd|enw defnyddiwr|enwr achwynydd|achwynydd|ymgeisydd|wedii aseinio i|\
    swyddog achos|cyflwynwyd gan|cofnodwyd gan|e bost|ebost|cyfeiriad e bost|cyfeiriad ebost|eich e bost|eich ebost|\
    ffon|rhif ffon|eich rhif ffon|ffon symudol|rhif ffon symudol|rhif cyswllt|cyfeiriad|cyfeiriad cartref|\
    eich cyfeiriad|cod post|eich cod post|dyddiad geni|eich dyddiad geni|blwyddyn geni|rhif gig|rhif yswiriant gwladol|\
    rhif yswiriant cenedlaethol|rhif cyfrif|rhif cwsmer|rhif pasbort|cyfeiriad ip|cod didoli";
/// All of these in Spanish, without accents.
pub const IN_SPANISH: &str = "nombre|nombres|nombre completo|apellido|apellidos|primer apellido|segundo apellido|nombre y apellido|\
    nombre y apellidos|su nombre|tu nombre|nombre de pila|nombre de usuario|nombre del cliente|nombre del solicitante|\
    nombre del paciente|nombre de contacto|solicitante|reclamante|denunciante|asignado a|asignada a|enviado por|\
    creado por|registrado por|autor|autora|usuario|correo|correo electronico|email de contacto|direccion de correo|\
    direccion de correo electronico|su correo electronico|telefono|numero de telefono|telefono movil|movil|\
    telefono de contacto|su telefono|direccion|direccion postal|domicilio|su direccion|codigo postal|\
    fecha de nacimiento|ano de nacimiento|dni|nie|nif|dni nie|numero de dni|documento de identidad|numero de documento|\
    pasaporte|numero de pasaporte|numero de la seguridad social|numero de cuenta|cuenta bancaria|numero de cliente|\
    direccion ip|matricula";

/// Words that say who somebody is only where nothing else stands beside them: the name of a park is no name of a
/// person.
const WEAK: &[&str] = &[
    "name",
    "names",
    "user",
    "mobile",
    "phone",
    "address",
    "handle",
    "signature",
    "reporter",
    "applicant",
    "author",
    "enw",
    "enwau",
    "ffon",
    "cyfeiriad",
    "nombre",
    "nombres",
    "direccion",
    "telefono",
    "movil",
    "usuario",
    "autor",
    "correo",
    "matricula",
    "ymgeisydd",
    "solicitante",
    "requester",
    "requestor",
    "complainant",
    "claimant",
    "assignee",
    "achwynydd",
    "reclamante",
];

/// Whether a word of a longer name says nothing by itself.
pub fn is_weak(word: &str) -> bool {
    WEAK.contains(&word)
}

/// What has such a word in it and says something else.
const OTHERS: &str = "postcode district|postcode sector|postcode area|postal district|email body|web address|\
    page address|site address|address type|number of users|user type|customer type";

static PERSONAL: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    [PEOPLE, EMAILS, PHONES, ADDRESSES, BIRTHS, NUMBERS, IN_WELSH, IN_SPANISH]
        .iter()
        .flat_map(|l| l.split('|'))
        .collect()
});

/// Lower-case words of a name; `nhsNumber`, `NHS-number` and `nhs_number` are all `nhs number`.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    let mut open = false;
    for c in name.chars() {
        if c.is_alphanumeric() {
            if !open || (c.is_uppercase() && before.is_lowercase()) {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                fold_into(word, c);
            }
            open = true;
        } else if !matches!(c, '\'' | '’') {
            open = false;
        }
        before = c;
    }
    words
}

/// Whether something of this name is personal data: `email`, `Customer phone number`, `NHS_number`. As in
/// English, the end of a name says what it is; words such as `email` count wherever they stand.
pub fn is_named(name: &str) -> bool {
    let words = words_of(name);
    let mut tokens: Vec<&str> = words.iter().map(String::as_str).collect();
    while tokens.len() > 1 && matches!(tokens[0], "survey" | "the" | "your") {
        tokens.remove(0);
    }
    while tokens.len() > 1 && tokens.last().is_some_and(|t| t.bytes().all(|b| b.is_ascii_digit())) {
        tokens.pop();
    }
    let whole = tokens.join(" ");
    if PERSONAL.contains(whole.as_str()) {
        return true;
    }
    if OTHERS.split('|').any(|other| whole == other || whole.ends_with(&format!(" {other}"))) {
        return false;
    }
    let head = tokens.iter().position(|t| matches!(*t, "of" | "for" | "from" | "by" | "with" | "to" | "about" | "on"));
    let head = &tokens[..head.filter(|at| *at > 0).unwrap_or(tokens.len())];
    let ends = (0..head.len()).any(|from| {
        let phrase = head[from..].join(" ");
        // The name of a park is no name of a person.
        !(from > 0
            && matches!(phrase.as_str(), "name" | "names" | "user" | "author" | "handle" | "signature" | "reporter"))
            && PERSONAL.contains(phrase.as_str())
    });
    ends || tokens.iter().any(|t| PERSONAL.contains(t) && !is_weak(t))
}

/// Parts of a path after which the next one names somebody.
const WHOSE: &[&str] = &[
    "user",
    "users",
    "u",
    "profile",
    "profiles",
    "member",
    "members",
    "account",
    "accounts",
    "person",
    "people",
    "patient",
    "patients",
    "customer",
    "customers",
    "resident",
    "residents",
    "tenant",
    "tenants",
    "author",
    "authors",
    "client",
    "clients",
];
/// What may follow all the same.
const PAGES: &[&str] = &[
    "login",
    "log-in",
    "logout",
    "log-out",
    "signin",
    "sign-in",
    "signup",
    "sign-up",
    "register",
    "registration",
    "settings",
    "new",
    "edit",
    "search",
    "index",
    "index.html",
    "help",
    "password",
    "reset",
    "join",
    "list",
    "all",
    "me",
    "home",
    "overview",
    "details",
    "account",
    "profile",
    "create",
    "update",
    "dashboard",
    "preferences",
    "security",
    "verify",
    "forgot",
    "services",
    "service",
    "benefits",
    "information",
    "contact",
    "about",
    "faq",
];
/// Stands in the place of what was taken out of a path.
pub const TAKEN_OUT: &str = "…";

/// Address of a page without what may say who was there: user and password, query string and fragment,
/// names of users and tokens in its path. What is no address of the web, such as a page's title, stays up
/// to a `?` or `#`.
pub fn page_address(page: &str) -> String {
    let page = page.trim();
    let lower = page.to_ascii_lowercase();
    if ["mailto:", "tel:", "sms:", "data:"].iter().any(|scheme| lower.starts_with(scheme)) {
        return String::new();
    }
    let cuts = if page.contains(' ') { &["?", "#"][..] } else { &["?", "#", "%3f", "%23", ";"] };
    let end = cuts.iter().filter_map(|cut| lower.find(cut)).min().unwrap_or(page.len());
    let page = page[..end].trim_end();
    let (origin, path) = match page.split_once("://") {
        Some((scheme, rest))
            if scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')) =>
        {
            let (host, path) = authority(rest);
            (format!("{}://{}", scheme.to_ascii_lowercase(), host.to_ascii_lowercase()), path)
        }
        _ => match page.strip_prefix("//") {
            Some(rest) => {
                let (host, path) = authority(rest);
                (format!("//{}", host.to_ascii_lowercase()), path)
            }
            // "ann@example.org/x" and "ann:pw@example.org"
            None if !page.starts_with('/') && !page.contains(' ') => {
                let (host, path) = authority(page);
                (host.to_owned(), path)
            }
            None => (String::new(), page),
        },
    };
    let mut out = origin;
    let mut whose = false;
    for (n, part) in path.split(['/', '\\']).enumerate() {
        if n > 0 {
            out.push('/');
        }
        let plain = part.to_ascii_lowercase();
        let named = whose && !part.is_empty() && !PAGES.contains(&plain.as_str());
        if plain.starts_with('~') && plain.len() > 1 {
            out.push('~');
            out.push_str(TAKEN_OUT);
        } else if named || part.contains('@') || plain.contains("%40") || is_token(part) {
            out.push_str(TAKEN_OUT);
        } else {
            out.push_str(part);
        }
        whose = WHOSE.contains(&plain.as_str());
    }
    out
}

/// Host, without who asks it, and path.
fn authority(rest: &str) -> (&str, &str) {
    let (authority, path) = rest.split_at(rest.find(['/', '\\']).unwrap_or(rest.len()));
    (authority.rsplit('@').next().unwrap_or_default(), path)
}

/// Nine digits or more in a row, or a mixture such as a session's: no word of a path.
fn is_token(part: &str) -> bool {
    let (mut run, mut longest, mut switches, mut last) = (0usize, 0usize, 0usize, b'-');
    for b in part.bytes() {
        run = if b.is_ascii_digit() { run + 1 } else { 0 };
        longest = longest.max(run);
        switches += usize::from(b.is_ascii_alphanumeric() && b.is_ascii_digit() != last.is_ascii_digit());
        last = b;
    }
    longest >= 9 || (part.len() >= 16 && switches >= 5 && !part.contains('%'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_personal_data_are_known_in_any_spelling() {
        for name in [
            "email",
            "e_mail",
            "Email Address",
            "customer_email",
            "emailAddress",
            "name",
            "first_name",
            "full name",
            "surname",
            "nhs_number",
            "nhsNumber",
            "NHS number",
            "phone",
            "mobile_number",
            "contact_phone",
            "date_of_birth",
            "dob",
            "postcode",
            "full_postcode",
            "home_address",
            "ip_address",
            "user_id",
            "patient name",
            "email_2",
            "Requester",
            "assigned_to",
            "Cyfenw",
            "Dyddiad geni",
            "Rhif ffôn",
            "Apellidos",
            "Código postal",
            "correo_electronico",
            "Network ID",
        ] {
            assert!(is_named(name), "{name}");
        }
        for name in [
            "age_band",
            "service_name",
            "park_name",
            "postcode_area",
            "postcode_district",
            "tenure",
            "phone_model",
            "user_type",
            "web_address",
            "contact_method",
            "ward",
            "gender",
            "named_person",
            "comment_id",
            "enw_y_parc",
            "nombre_del_centro",
            "direccion_general",
            "",
        ] {
            assert!(!is_named(name), "{name}");
        }
    }

    #[test]
    fn addresses_of_pages_say_where_and_not_who() {
        for (from, to) in [
            ("https://Ann:pw@Council.example:8443/Apply/x?name=ann#top", "https://council.example:8443/Apply/x"),
            ("https://council.example?x=1", "https://council.example"),
            ("//ann@council.example/x", "//council.example/x"),
            ("ftp://ann:pw@council.example/x", "ftp://council.example/x"),
            ("/apply?x", "/apply"),
            ("/apply;jsessionid=1A2B", "/apply"),
            ("/apply%3Femail=ann%40example.org", "/apply"),
            ("https://a.example/users/ann.smith/bins", "https://a.example/users/…/bins"),
            ("https://a.example/account/sign-in", "https://a.example/account/sign-in"),
            ("https://a.example/~ann/x", "https://a.example/~…/x"),
            ("https://a.example/u/ann@example.org/x", "https://a.example/u/…/x"),
            ("https://a.example/letters/9434765919", "https://a.example/letters/…"),
            ("https://a.example/reset/9f3A7bC2d4E6f801", "https://a.example/reset/…"),
            ("mailto:ann@example.org", ""),
            ("ann@example.org", "example.org"),
            ("Apply for a Blue Badge", "Apply for a Blue Badge"),
            ("javascript:alert(1)", "javascript:alert(1)"),
            ("https://www.gov.uk/blue-badge/2024-03-31-news", "https://www.gov.uk/blue-badge/2024-03-31-news"),
        ] {
            assert_eq!(page_address(from), to, "{from}");
            assert_eq!(page_address(&page_address(from)), to, "{from}, twice");
        }
    }
}

//! Mail of any bytes: it is read or refused with a sentence, and what is said of it holds together.
#![no_main]

use commonweal_mail::{Kind, json, read_all, summary};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for (n, mail) in read_all(bytes) {
        let Ok(mail) = mail else { continue };
        let of_person = !matches!(mail.kind, Kind::Bounce | Kind::Complaint | Kind::Other);
        assert!(!of_person || mail.recipients.is_empty(), "a person's words are about no delivery");
        assert!(mail.recipients.iter().all(|recipient| !recipient.address.is_empty()));
        assert!(!json("x.eml", n, &mail).contains('\n'), "one line");
        assert!(!summary("x.eml", n, &mail).is_empty());
    }
});

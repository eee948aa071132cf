//! What is wrong with a value that was given.
//!
//! The sentences are for the person who typed: what is wrong, and what to do. None of them holds the value itself, nor a part
//! of it: problems are written to logs and shown in reports of imports, where personal data has no place.

use crate::Country;
use crate::address::{MAX_ADDRESS_CHARS, MAX_ADDRESS_LINES};
use crate::email::{MAX_EMAIL_BYTES, MAX_LOCAL_BYTES};
use crate::phone::{MAX_EXTENSION_DIGITS, MAX_PHONE_DIGITS, MIN_PHONE_DIGITS};

/// Writes the enum with its sentences and codes from one list.
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident $(($country:ty))?, $code:literal, $sentence:literal $(, $value:expr)*;)+) => {
        /// Why a value can't be taken. Its text never holds the value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
        #[non_exhaustive]
        pub enum Problem {
            $($(#[$doc])* #[error($sentence $(, $value)*)] $name $(($country))?,)+
        }

        impl Problem {
            /// A short name that stays the same when the sentence is put better or in another language.
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)+
                }
            }
        }
    };
}

problems! {
    /// No email address.
    EmailEmpty, "email-empty", "There is no email address here. Type one, or leave it out.";
    /// Longer than mail servers take.
    EmailTooLong, "email-too-long",
        "This email address is too long: at most {} characters, of which {} before the @. Check that only one address was pasted.",
        MAX_EMAIL_BYTES, MAX_LOCAL_BYTES;
    /// A space, or a name beside the address.
    EmailSpace, "email-space", "An email address has no spaces. Type the address alone, without a name beside it.";
    /// No @, or several.
    EmailAt, "email-at", "An email address has exactly one @, with a name before it and a domain after it. Check what was typed.";
    /// Dots where none may be.
    EmailDots, "email-dots",
        "The part before the @ can't begin or end with a dot, nor have two dots in a row. Take the extra dot out.";
    /// A character that mail servers don't take.
    EmailCharacter, "email-character",
        "The part before the @ holds a character that email addresses don't have. Use letters, digits and . _ + - only.";
    /// A domain that can't be one.
    EmailDomain, "email-domain",
        "The part after the @ is not the name of a mail domain, such as example.org. Check it for slips, also at its end.";
    /// A domain that no post reaches from outside.
    EmailUnreachable, "email-unreachable",
        "The domain after the @ exists only inside a network or not at all, so nothing can be sent there. Type another address.";
    /// Typed to get past the field.
    EmailPlaceholder, "email-placeholder",
        "This is a stand-in, not somebody's email address. Leave the field empty when there is none.";
    /// No telephone number.
    PhoneEmpty, "phone-empty", "There is no telephone number here. Type one, or leave it out.";
    /// Something else than digits and what stands between them.
    PhoneCharacter, "phone-character",
        "A telephone number has only digits, spaces, brackets, dots, dashes and a + in front. Take out everything else.";
    /// An extension that can't be one.
    PhoneExtension, "phone-extension",
        "What stands after the word for an extension is not 1 to {} digits. Type it like this: ext. 12.", MAX_EXTENSION_DIGITS;
    /// Too few digits.
    PhoneTooShort, "phone-too-short",
        "This telephone number is too short: with the country's code it needs at least {} digits. Type it whole, with the area code.",
        MIN_PHONE_DIGITS;
    /// Too many digits.
    PhoneTooLong, "phone-too-long",
        "This telephone number is too long: with the country's code it has at most {} digits. Type one number at a time.",
        MAX_PHONE_DIGITS;
    /// No such number.
    PhoneUnknown, "phone-unknown",
        "There is no telephone number like this. Check the digits and the area code; begin a number of another country with + and its code.";
    /// Typed to get past the field.
    PhonePlaceholder, "phone-placeholder",
        "This is a stand-in, not somebody's telephone number. Leave the field empty when there is none.";
    /// No postcode.
    PostcodeEmpty, "postcode-empty", "There is no postcode here. Type one, or leave it out.";
    /// Not the shape of a postcode of this country.
    PostcodeShape(Country), "postcode-shape", "This is not a postcode of {0}. Check it for slips, such as the letter O for a zero.";
    /// A postcode of a territory overseas.
    PostcodeOverseas, "postcode-overseas",
        "This is a postcode of a territory overseas, which is not in the United Kingdom. Keep it as a line of the address.";
    /// No address.
    AddressEmpty, "address-empty", "There is no address here. Type one, or leave it out.";
    /// Longer than addresses are.
    AddressTooLong, "address-too-long",
        "This is too long for an address: at most {} characters in {} lines. Check that only the address was pasted.",
        MAX_ADDRESS_CHARS, MAX_ADDRESS_LINES;
    /// Only a postcode, a town or a country.
    AddressStreetless, "address-streetless",
        "This has no house or street, only what comes after them. Type the whole address; a postcode alone has a field of its own.";
    /// Words that say that there is none.
    AddressPlaceholder, "address-placeholder", "This says that there is no address. Leave the field empty instead.";
    /// Not a UPRN.
    Uprn, "uprn",
        "This is not a Unique Property Reference Number: 1 to {} digits, not all zero. Copy it without spaces or letters.",
        crate::uprn::MAX_UPRN_DIGITS;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_a_code_and_sentences() {
        assert_eq!(Problem::EmailDots.code(), "email-dots");
        let shape = Problem::PostcodeShape(Country::Gb);
        assert_eq!(shape.code(), "postcode-shape");
        assert!(shape.to_string().starts_with("This is not a postcode of the United Kingdom. "), "{shape}");
        assert!(Problem::PhoneTooLong.to_string().contains("at most 15 digits"));
    }
}

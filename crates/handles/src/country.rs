//! The countries whose ways of writing numbers and addresses are known here.
//!
//! A body works in one country, and what people write down without saying so (`020 …`, `M1 1AA`) is meant as it is meant
//! there. A country is here only when its telephone numbers are compared with Google's library in the tests and its
//! postcodes have a grammar: a half-known country would refuse what is right.

use std::fmt;

/// Writes the enum, its keys and its names from one list, so that none of them can be forgotten.
macro_rules! countries {
    ($($(#[$doc:meta])* $name:ident, $key:literal, $english:literal, $phone:ident, $abroad:literal;)+) => {
        /// The country that a body works in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Country {
            $($(#[$doc])* $name,)+
        }

        impl Country {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The key in settings and stores: the two letters of ISO 3166, small.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$name => $key,)+
                }
            }

            /// The country with a key.
            pub fn from_key(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|country| country.key() == key)
            }

            /// As the tables of telephone numbers call it.
            pub(crate) const fn numbering(self) -> phonenumber::country::Id {
                match self {
                    $(Self::$name => phonenumber::country::Id::$phone,)+
                }
            }

            /// What is dialled there before the code of another country, where nobody writes `+`.
            pub(crate) const fn dialled_abroad(self) -> &'static str {
                match self {
                    $(Self::$name => $abroad,)+
                }
            }
        }

        /// Its name as it stands in a sentence.
        impl fmt::Display for Country {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$name => $english,)+
                })
            }
        }
    };
}

countries! {
    /// The United Kingdom.
    Gb, "gb", "the United Kingdom", GB, "00";
    /// Ireland.
    Ie, "ie", "Ireland", IE, "00";
    /// The United States.
    Us, "us", "the United States", US, "011";
    /// Spain.
    Es, "es", "Spain", ES, "00";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_found_by_its_key_and_by_nothing_else() {
        for country in Country::ALL {
            assert_eq!(Country::from_key(country.key()), Some(*country));
        }
        assert_eq!(Country::from_key("gb"), Some(Country::Gb));
        for other in ["", "GB", "uk", "fr", "gb "] {
            assert_eq!(Country::from_key(other), None, "{other:?}");
        }
    }
}

//! Ways to reach somebody, normalised: email addresses, telephone numbers, postcodes, postal addresses.
//!
//! What people type comes in many forms, and the same person's address must be found again whichever form it has. For each kind
//! there is one function from text to a value with two forms: one to show, near to what was typed, and one to compare, the
//! same for all ways of writing the same thing. What can't be used to reach anybody is refused with a [`Problem`], whose sentence says
//! what to do and never holds the value: these are personal data, and problems are logged. For the same reason the values
//! show nothing of themselves when printed for debugging.
//!
//! Pure functions: no store, no network, no clock. Nothing is guessed: a slip is refused and left to the person who can see
//! what was meant.
//!
//! ```
//! use commonweal_handles::{Country, PhoneKind, address, email, phone, postcode, uprn};
//!
//! let ann = email(" <mailto:Ann.Lee@Example.org> ")?;
//! assert_eq!((ann.shown(), ann.normal()), ("Ann.Lee@example.org", "ann.lee@example.org"));
//!
//! let mobile = phone("+44 (0)7700 900123 ext. 4", Country::Gb)?;
//! assert_eq!((mobile.normal(), mobile.shown()), ("+447700900123", "07700 900123 ext. 4"));
//! assert_eq!((mobile.kind(), mobile.extension()), (PhoneKind::Mobile, Some("4")));
//!
//! assert_eq!(postcode("zx47qt", Country::Gb)?.outcode(), "ZX4");
//!
//! let home = address("Flat 3, 12 High Street, Anytown, ZX4 7QT", Country::Gb)?;
//! assert_eq!((home.lines().len(), home.town()), (2, Some("Anytown")));
//! assert_eq!(home.normal(), "flat 3 12 high st anytown zx4 7qt");
//! assert_eq!(uprn("000010001234")?.number(), 10_001_234);
//!
//! let problem = email("ann@example").unwrap_err();
//! assert!(!problem.to_string().contains("ann@"));
//! # Ok::<(), commonweal_handles::Problem>(())
//! ```

mod address;
mod country;
mod email;
mod phone;
mod places;
mod postcode;
mod problem;
mod uprn;

pub use address::{Address, MAX_ADDRESS_CHARS, MAX_ADDRESS_LINES, address, address_lines};
pub use country::Country;
pub use email::{Email, MAX_EMAIL_BYTES, MAX_LOCAL_BYTES, email};
pub use phone::{MAX_EXTENSION_DIGITS, MAX_PHONE_DIGITS, MIN_PHONE_DIGITS, Phone, PhoneKind, phone};
pub use postcode::{Postcode, postcode};
pub use problem::Problem;
pub use uprn::{MAX_UPRN_DIGITS, Uprn, uprn};

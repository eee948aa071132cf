//! Why a letter can't be printed, in sentences that name nobody.

use commonweal_messages::Fault;

use crate::MAX_PAGES;

/// Why a letter can't be printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Programs that read a letter aloud say its title first, so there has to be one (PDF/UA).
    #[error("A letter needs a subject. It is the title of the file, too.")]
    NoSubject,
    /// Nobody can answer it.
    #[error("The letter does not say who it is from.")]
    NoOffice,
    /// There is nothing in it.
    #[error("The letter says nothing.")]
    NoWords,
    /// Post would not find its way.
    #[error("{0}")]
    Address(Fault),
    /// By its number, from 1.
    #[error(
        "Line {0} of the address is too wide for the window of an envelope. Make it shorter, or make two lines of it."
    )]
    AddressLineTooWide(usize),
    /// All lines together.
    #[error("The address is too high for the window of an envelope. Give it fewer lines.")]
    AddressTooHigh,
    /// What stands at the right of the address.
    #[error("The sender’s name and address do not fit beside the address. Give them fewer or shorter lines.")]
    OfficeTooHigh,
    /// The font has nothing for it, or nothing is left to put it over.
    #[error("A letter can’t show the character “{0}” ({code}) where it stands. Write it in another way.", code = code(*.0))]
    Character(char),
    /// Nothing would fit beside what it is indented by.
    #[error("Lists stand within each other so deep that nothing fits beside them. Take some out.")]
    TooDeep,
    /// More than are folded into an envelope.
    #[error("The letter has more than {MAX_PAGES} pages. Make it shorter.")]
    TooManyPages,
    /// What sets or writes the page found something that nobody thought of.
    #[error("The letter could not be set: {0}")]
    Inner(String),
}

fn code(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

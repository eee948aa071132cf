//! The contact ledger's words: channel, direction, function, capacity; a contact as it is handed in.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::person::KnownAs;

/// An enumeration whose values have a stable name and a label for people: what `named!` declares. The label is English; another
/// language finds its own by the two names.
pub trait Named: Copy {
    /// The name of the enumeration itself, as it is written here.
    const NAME: &'static str;

    /// The stable name used in files, URLs and databases.
    fn key(self) -> &'static str;

    /// The name shown to people, in English and in sentence case.
    fn label(self) -> &'static str;
}

/// Declares an enum whose variants have one stable lower-case name in files, URLs and databases,
/// and one label for people.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $key)] $variant),+ }

        impl $name {
            /// Every value, in the order in which people expect them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name used in files, URLs and databases.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// The name shown to people, in sentence case.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// The value with this stable name.
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$variant),)+ _ => None }
            }
        }

        impl $crate::contact::Named for $name {
            const NAME: &'static str = stringify!($name);

            fn key(self) -> &'static str {
                Self::key(self)
            }

            fn label(self) -> &'static str {
                Self::label(self)
            }
        }
    };
}
pub(crate) use named;

named! {
    /// The way by which a contact came or went.
    Channel {
        /// A web page or web form.
        Web = "web", "Web";
        /// An app on a phone or tablet.
        MobileApp = "mobile_app", "Mobile app";
        /// Email.
        Email = "email", "Email";
        /// A call with a human.
        Phone = "phone", "Phone";
        /// A call with a machine.
        AutomatedPhone = "automated_phone", "Automated phone";
        /// Text message.
        Sms = "sms", "SMS";
        /// Live chat.
        LiveChat = "live_chat", "Live chat";
        /// Social media.
        Social = "social", "Social media";
        /// Face to face.
        InPerson = "in_person", "In person";
        /// A kiosk or tablet on a counter.
        Kiosk = "kiosk", "Kiosk";
        /// A letter.
        Letter = "letter", "Letter";
        /// A paper form or questionnaire.
        Paper = "paper", "Paper";
        /// A meeting or event.
        Event = "event", "Event";
        /// Anything else, or not known.
        Other = "other", "Other";
    }
}

named! {
    /// Who spoke to whom.
    Direction {
        /// From the person to the body.
        In = "in", "Incoming";
        /// From the body to the person.
        Out = "out", "Outgoing";
    }
}

named! {
    /// Which of the body's three functions a contact belongs to.
    Function {
        /// Tell people what they need to know.
        Inform = "inform", "Inform";
        /// Ask, discuss, decide together.
        Engage = "engage", "Engage";
        /// Answer questions and put right what went wrong.
        Serve = "serve", "Serve";
    }
}

named! {
    /// Whether the person acts for themselves or as one who has a say.
    Capacity {
        /// Uses a service for themselves.
        Customer = "customer", "Customer";
        /// Has a say in how things are run.
        Citizen = "citizen", "Citizen";
    }
}

/// A contact without feedback as another system hands it in (a call, a delivery, a visit), already
/// parsed and valid. Services and touchpoints are named by their keys or names; the use case finds
/// or creates them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewContact {
    /// The sender's own id. The same source and source id is the same contact.
    pub source_id: Option<String>,
    /// When it happened. The present when unknown.
    pub at: Option<Instant>,
    /// Service, by key or name.
    pub service: Option<String>,
    /// Touchpoint of that service, by key or name.
    pub touchpoint: Option<String>,
    /// Channel.
    pub channel: Channel,
    /// Who spoke to whom.
    pub direction: Direction,
    /// Function of the body.
    pub function: Function,
    /// Capacity of the person.
    pub capacity: Capacity,
    /// Who the person was, if a source knows them.
    pub person: Option<KnownAs>,
}

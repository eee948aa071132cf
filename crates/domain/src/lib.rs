//! Words of the product as types: ids, states, rules, permissions, errors.
//!
//! Owns what every other crate must agree on: what a filter means, what a question and its answer
//! are, which values a channel may have, who may do what. Does no input or output and never reads
//! the clock or the random generator: both are parameters (see [`clock`]).

pub mod approval;
pub mod audience;
pub mod audit;
pub mod branding;
pub mod budget;
pub mod clock;
pub mod colour;
pub mod consent;
pub mod contact;
pub mod correction;
pub mod delivery;
pub mod dispatch;
pub mod duty;
pub mod erasure;
pub mod event;
pub mod feed;
pub mod feedback;
pub mod filter;
pub mod form;
pub mod form_pace;
pub mod gate;
pub mod gateway;
pub mod hold;
pub mod hook;
pub mod ids;
pub mod import;
pub mod invalid;
pub mod keyword;
pub mod lane;
pub mod lattice;
pub mod link;
pub mod mailbox;
pub mod message;
pub mod pace;
pub mod page;
pub mod people_import;
pub mod period;
pub mod permission;
pub mod person;
pub mod person_request;
pub mod personal;
pub mod preferences;
pub mod protect;
pub mod question;
pub mod ramp;
pub mod reading;
pub mod records;
pub mod returned;
pub mod search;
pub mod sender;
pub mod sentence;
pub mod settings;
pub mod standing;
pub mod suppress;
pub mod team;
pub mod topic;
pub mod word_place;

pub use audience::{Audience, Rule};
pub use audit::{AuditAction, Subject};
pub use branding::Branding;
pub use budget::{Budget, Cancelled};
pub use clock::{Clock, IdSource, Instant};
pub use colour::Colour;
pub use consent::{Consent, Pause, Quiet, ToldBy, Wish, WishEntry};
pub use contact::{Capacity, Channel, Direction, Function, Named, NewContact};
pub use correction::{Correction, CorrectionAct, Judgement, NewCorrection, Verdict};
pub use delivery::{Delivery, DeliveryState, Reconciliation};
pub use dispatch::{Dispatch, DispatchState, DryRun, HeldBy, Overlap, Problem};
pub use duty::{Duty, Grant, Grants};
pub use erasure::{ErasedCounts, Erasure, ErasureReason, Extent, Mark, RecordMark, StaysKept};
pub use event::{DeliveryTold, Event, EventKind};
pub use feed::{
    Built, BuiltBecause, Change, ChangeKind, ChangeSubject, FeedPosition, FeedTrail, Followed, SubjectKind,
};
pub use feedback::{Attributes, FeedbackDoc, NewComment, NewFeedback, Rating};
pub use filter::{Clause, Dimension, Filter, TimeRange};
pub use form::{Form, FormAnswer, FormDesign, FormLanguage, FormTexts, RatingStyle};
pub use form_pace::{FormDay, FormPace};
pub use gate::{ContactBudget, LiftReason, SuppressionReason};
pub use gateway::Gateway;
pub use hold::{HandleEntry, HandleState, Hold, HoldReason, HoldTerms};
pub use ids::*;
pub use invalid::{FieldError, FieldErrors};
pub use keyword::Keyword;
pub use lane::Lane;
pub use link::{Decided, LinkChange, LinkEntry, LinkReason, Move, SamePerson, Suggestion};
pub use mailbox::{Mailbox, MailboxSetup};
pub use message::{Message, MessageText, MessageVersion, VersionMade};
pub use pace::Pace;
pub use page::{Cursor, Page, PageRequest, Start};
pub use permission::{Actor, Permission, Wanted};
pub use person::{
    BirthDate, Details, ExternalId, Handle, HandleKind, KnownAs, Lookup, Need, NewPersonRecord, PersonRecord,
};
pub use person_request::{PersonRequest, RequestKind, RequestState};
pub use preferences::Preferences;
pub use ramp::LargeSends;
pub use reading::{Reading, Sentiment};
pub use returned::{Returned, ReturnedKind, ReturnedOutcome};
pub use sender::{Sender, SenderKind, SenderSetup};
pub use sentence::{Argument, Arguments, Sentence};
pub use settings::BodySettings;
pub use standing::{Known, Said, Standing, standing};
pub use team::{Member, Team, TeamFunction};
pub use topic::{Topic, TopicInput, TopicWords};
pub use word_place::WordPlace;

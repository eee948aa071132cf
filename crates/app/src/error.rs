//! Why a use case did not do what was asked: one error for all of them, with a stable code for
//! programs and a sentence for people.

use std::time::Duration;

use commonweal_domain::{Arguments, FieldErrors, Permission, Sentence, sentence};
use commonweal_store::StoreError;

use commonweal_ports::{FileError, IndexError};

/// Result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Code of the error that somebody else did something that this contradicts.
pub(crate) const CONFLICT: &str = "conflict";

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the actor may not know of it.
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    /// It contradicts what is there.
    #[error("{message}")]
    Conflict {
        /// Stable code.
        code: &'static str,
        /// Full sentence with the remedy.
        message: Sentence,
    },
    /// What was handed in is not valid.
    #[error("{0}")]
    Invalid(#[from] FieldErrors),
    /// The actor may not do it.
    #[error("You may not do this. It needs the permission “{}”; ask an administrator.", .0.label())]
    Denied(Permission),
    /// Nobody is signed in, or the key is not known.
    #[error("Sign in, or send an API key that is valid.")]
    Unauthenticated,
    /// The key was good once, and is not any more.
    #[error("{message}")]
    KeyRefused {
        /// Stable code: `key_expired`, `key_revoked`, `key_replaced`.
        code: &'static str,
        /// Full sentence with the remedy.
        message: &'static str,
    },
    /// Too often in too short a time.
    #[error("Too many tries. Wait {retry_after_s} seconds and try again.")]
    TooMany {
        /// Seconds to wait.
        retry_after_s: u64,
    },
    /// The service can't take it now, but will.
    #[error("{message}")]
    Unavailable {
        /// Stable code.
        code: &'static str,
        /// Full sentence with the remedy.
        message: Sentence,
        /// Seconds to wait.
        retry_after_s: u64,
    },
    /// Something is broken here. The sentence for people says nothing of it; the log has the chain.
    #[error("Something went wrong on our side. Try again; if it happens again, tell your administrator the reference.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "not_found",
            Self::Conflict { code, .. } | Self::Unavailable { code, .. } | Self::KeyRefused { code, .. } => code,
            Self::Invalid(_) => "invalid",
            Self::Denied(_) => "denied",
            Self::Unauthenticated => "unauthenticated",
            Self::TooMany { .. } => "too_many",
            Self::Internal(_) => "internal",
        }
    }

    /// What it is about, where the code alone does not say that: `form` for a form that is not there.
    pub fn about(&self) -> Option<&'static str> {
        match self {
            Self::NotFound(what) => Some(what),
            _ => None,
        }
    }

    /// The values in its sentence, for other languages.
    pub fn arguments(&self) -> Arguments {
        match self {
            Self::Conflict { message, .. } => message.arguments.clone(),
            Self::Unavailable { message, retry_after_s, .. } => {
                let mut all = message.arguments.clone();
                all.push(("retry", (*retry_after_s).into()));
                all
            }
            Self::TooMany { retry_after_s } => vec![("retry", (*retry_after_s).into())],
            // The sentence about a permission holds its label, which another language has under its own name.
            Self::Denied(_)
            | Self::NotFound(_)
            | Self::Invalid(_)
            | Self::Unauthenticated
            | Self::KeyRefused { .. }
            | Self::Internal(_) => Arguments::new(),
        }
    }

    /// Wraps an unexpected failure.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// No room on the disk: nothing was taken in, and it may work again soon.
    pub fn disk_full() -> Self {
        Self::Unavailable {
            code: "disk_full",
            message: "There is no room on the server's disk, so nothing was saved. Try again later; the administrator has to make room.".into(),
            retry_after_s: 30,
        }
    }

    /// The database can't be reached.
    pub(crate) fn store_unavailable() -> Self {
        Self::Unavailable {
            code: "store_unavailable",
            message: "The database can't be reached, so nothing was done. Try again in a few seconds.".into(),
            retry_after_s: 5,
        }
    }

    /// A question took longer than it may.
    pub fn out_of_time(limit: Duration) -> Self {
        Self::Unavailable {
            code: "out_of_time",
            message: sentence!(
                "The question took longer than {limit} seconds and was stopped. Narrow it down, for example to a shorter period or one service.",
                limit = limit.as_secs_f64().to_string(),
            ),
            retry_after_s: 60,
        }
    }

    /// A question was in hand when the server was told to stop.
    pub fn stopping() -> Self {
        Self::Unavailable {
            code: "stopping",
            message: "The server is being stopped and answers no more questions. Try again in a minute.".into(),
            retry_after_s: 60,
        }
    }

    /// Work that nobody waits for any more.
    pub(crate) fn given_up() -> Self {
        Self::Unavailable {
            code: "given_up",
            message: "The question was given up before it was answered. Ask it again.".into(),
            retry_after_s: 1,
        }
    }

    /// The queue of waiting writes is full or the service is stopping.
    pub fn busy() -> Self {
        Self::Unavailable {
            code: "busy",
            message: "The server has more to write than it can at the moment, so nothing was saved. Try again in a few seconds.".into(),
            retry_after_s: 2,
        }
    }
}

impl From<StoreError> for Error {
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::NotFound(what) => Self::NotFound(what),
            StoreError::Conflict { what } => Self::Conflict {
                code: CONFLICT,
                message: sentence!(
                    "The {what} was changed or taken by somebody else meanwhile. Load the page again and repeat your change.",
                    what,
                ),
            },
            StoreError::DiskFull(source) => {
                tracing::error!(error = %source, "no room on the disk for the store: intake is refused until there is");
                Self::disk_full()
            }
            busy if busy.is_collision() => {
                tracing::debug!(error = %busy, "two transactions were in each other's way");
                Self::Unavailable {
                    code: crate::change::STORE_BUSY,
                    message:
                        "Somebody else was changing the same thing, so nothing was done. Try again in a few seconds."
                            .into(),
                    retry_after_s: 2,
                }
            }
            StoreError::Unavailable(source) => {
                tracing::error!(error = %source, "the store can't be reached");
                Self::store_unavailable()
            }
            other => Self::internal(other),
        }
    }
}

impl From<IndexError> for Error {
    fn from(e: IndexError) -> Self {
        match e {
            IndexError::TooLarge(what) => Self::Invalid(FieldErrors::one("query", "too_large", what)),
            IndexError::OutOfTime(limit) => Self::out_of_time(limit),
            IndexError::DiskFull(what) => {
                tracing::error!(error = %what, "no room on the disk for the index");
                Self::disk_full()
            }
            IndexError::Building => Self::Unavailable {
                code: "index_building",
                message: "The figures are being built from the database, so there are none yet. What is sent in is taken in meanwhile. Try again in a few minutes.".into(),
                retry_after_s: 30,
            },
            IndexError::Damaged(what) => {
                tracing::error!(damage = %what, "the index is damaged and gives no answers");
                Self::Unavailable {
                    code: "index_damaged",
                    message: "Files of the index are damaged, so no figures are shown until they have been built from the database again. Try again in a few minutes; if it lasts, the administrator runs `commonweal doctor`.".into(),
                    retry_after_s: 30,
                }
            }
            broken @ IndexError::Broken(_) => Self::internal(broken),
        }
    }
}

impl From<FileError> for Error {
    fn from(e: FileError) -> Self {
        match e {
            FileError::Unreadable(sentence) => Self::Invalid(FieldErrors::one("file", "unreadable", sentence)),
            io @ FileError::Io { .. } => Self::internal(io),
        }
    }
}

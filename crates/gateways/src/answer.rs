//! What is the same of all interfaces.

use commonweal_ports::{Carried, WebAnswer, WebClient, WebError, WebRequest};

/// Most bytes of an answer that are read.
pub(crate) const MAX_ANSWER: usize = 4 << 20;

/// A request that did not come to an answer.
pub(crate) enum Silence {
    /// Nothing was sent: why.
    NotSent(String),
    /// It was sent, and what came of it is not known.
    Broken(String),
}

/// Asks, and tells apart whether anything was sent.
pub(crate) async fn ask(web: &dyn WebClient, request: WebRequest) -> Result<WebAnswer, Silence> {
    web.ask(request).await.map_err(|e| match e {
        WebError::Refused(why) | WebError::NotReached(why) => Silence::NotSent(why),
        WebError::Failed(why) => Silence::Broken(why),
    })
}

impl Silence {
    /// Why, either way.
    pub(crate) fn why(self) -> String {
        match self {
            Self::NotSent(why) | Self::Broken(why) => why,
        }
    }

    /// What is certain of a message that met it.
    pub(crate) fn carried(self) -> Carried {
        match self {
            Self::NotSent(why) => Carried::NotTried(why),
            Self::Broken(_) => Carried::Unknown,
        }
    }
}

/// What a status says of a message where the service says no more. Of one that a service had trouble with (500 and above) it is not
/// known whether it was taken.
pub(crate) fn by_status(status: u16, service: &str) -> Carried {
    let refused = |permanent| Carried::Refused { permanent, code: status.to_string(), address: false };
    match status {
        401 | 403 => Carried::NotTried(format!("{service} does not let us in ({status}): check the key.")),
        404 | 405 => Carried::NotTried(format!("There is no such service at the address of {service} ({status}).")),
        300..=399 => Carried::NotTried(format!("{service} has moved ({status}): check its address.")),
        408 | 425 => refused(false),
        429 => Carried::NotTried(format!("{service} takes no more for now (429).")),
        400..=499 => refused(true),
        _ => Carried::Unknown,
    }
}

/// What an answer says, as JSON; nothing where it is none.
pub(crate) fn json(answer: &WebAnswer) -> serde_json::Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

//! What a commit says of itself: how far the store was followed, and when that was.

use commonweal_domain::question::AsOf;
use commonweal_domain::{Followed, Instant};
use commonweal_ports::IndexError;
use serde::{Deserialize, Serialize};

/// Stored as the payload of the commit, so that it changes in one step with the contents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    pub(crate) followed: Followed,
    pub(crate) at: Option<Instant>,
}

impl Stamp {
    /// Reads the payload of a commit; an index without a commit has followed nothing.
    pub(crate) fn read(payload: Option<&str>) -> Result<Self, IndexError> {
        match payload {
            None => Ok(Self::default()),
            Some(json) => serde_json::from_str(json)
                .map_err(|e| IndexError::Broken(format!("the commit does not say how far it followed: {e}"))),
        }
    }

    pub(crate) fn write(&self) -> Result<String, IndexError> {
        serde_json::to_string(self).map_err(|e| IndexError::Broken(e.to_string()))
    }

    pub(crate) fn as_of(&self) -> AsOf {
        AsOf { change: self.followed.position.change, at: self.at }
    }
}

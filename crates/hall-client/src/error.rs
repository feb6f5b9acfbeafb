//! Why a command did not come through.

use hall_api::Problem;
use thiserror::Error;

/// What the hub, or the way to it, answered.
#[derive(Clone, Debug, Error)]
pub enum ClientError {
    /// The hub refused; nothing was changed, unless its status is 500 or above.
    #[error("{} ({}): {}", .0.title_zh, .0.code, .0.title)]
    Refused(Box<Problem>),
    /// No answer within the patience of the command. Whether it was carried out is not known.
    #[error("the hub does not answer: {0}")]
    Away(String),
    /// Something answered that is not a hub of this version.
    #[error("the answer is not a hub's: {0}")]
    Unreadable(String),
    /// The address of the hub cannot be used.
    #[error("{0:?} is no address of a hub: expected one such as http://192.168.1.10:7900")]
    Address(String),
}

impl ClientError {
    /// The stable code of a refusal.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(problem) => Some(&problem.code),
            Self::Away(_) | Self::Unreadable(_) | Self::Address(_) => None,
        }
    }

    /// Whether the command may have been carried out although no answer says so.
    pub fn leaves_open(&self) -> bool {
        match self {
            Self::Away(_) | Self::Unreadable(_) => true,
            Self::Refused(problem) => problem.status >= 500,
            Self::Address(_) => false,
        }
    }

    /// Whether the same command may come through a moment later.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Away(_) => true,
            Self::Refused(problem) => problem.status == 503,
            Self::Unreadable(_) | Self::Address(_) => false,
        }
    }
}

impl From<reqwest::Error> for ClientError {
    fn from(error: reqwest::Error) -> Self {
        // reqwest keeps the cause, such as a refused connection, in its sources.
        let mut text = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Self::Away(text)
    }
}

//! Names of things: cheap to clone, never mixed up with each other.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text as it stands in the plan.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A service (业务): a queue of its own with a number series.
    ServiceId
}
text_id! {
    /// A class of citizen (类别): ordinary, elderly, disabled …
    ClassId
}
text_id! {
    /// A zone (区) of the hall.
    ZoneId
}
text_id! {
    /// A department (部门) that staffs counters.
    DepartmentId
}
text_id! {
    /// What is printed, shown and called: prefix and at least three digits, `A012`. Unique within a business day only.
    TicketNumber
}

text_id! {
    /// A need (需求) of a citizen that staff should know of: low counter, writes, longer time.
    NeedId
}
text_id! {
    /// A route (一票到底) of the plan: several services on one ticket.
    RouteId
}
text_id! {
    /// A language a citizen may be called in, as in BCP 47: `zh`, `en`.
    LanguageId
}
text_id! {
    /// A member of staff, by the number they sign in with (工号).
    StaffId
}
text_id! {
    /// A slip printer, named by its kiosk: `kiosk-1`.
    PrinterId
}
text_id! {
    /// A person as a keyed hash: tells one from another and nothing else.
    PersonHash
}

impl ClassId {
    /// The class of a citizen with no claim to priority; every plan has it.
    pub fn ordinary() -> Self {
        Self::from("ordinary")
    }
}

impl PrinterId {
    const LEN_MAX: usize = 64;

    /// Whether it is 1 to 64 ASCII letters, digits, `-` and `_`: it stands in paths and in labels of metrics.
    pub fn is_well_formed(&self) -> bool {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=Self::LEN_MAX).contains(&self.0.len()) && self.0.bytes().all(fits)
    }
}

impl TicketNumber {
    /// `A012`, and `A1000` after `A999`.
    pub fn new(prefix: &str, count: u32) -> Self {
        Self(format!("{prefix}{count:03}").into())
    }
}

/// A ticket for as long as the hall exists: counts up from 1 and never restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TicketId(pub u64);

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An appointment for as long as the hall exists: counts up from 1 and never restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppointmentId(pub u64);

impl fmt::Display for AppointmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number over a counter (窗口号), 1 to 999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CounterNumber(pub u16);

impl fmt::Display for CounterNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

//! Who is called next, and why. One number orders everything: a ticket's standing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::plan::{Class, Credit};
use crate::{ClassId, ServiceId, TicketId, Timestamp};

/// The moment a ticket counts as having arrived, in milliseconds since 1970; the smallest is called first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Standing(i64);

impl Standing {
    /// A walk-in's: issued time less the credit of its class. "Always first" is before everybody, and among its own
    /// kind still by arrival.
    pub fn walk_in(issued_at: Timestamp, credit: Credit) -> Self {
        match credit {
            Credit::Minutes(minutes) => Self(issued_at.as_ms() - i64::from(minutes) * 60_000),
            Credit::First => Self(issued_at.as_ms() - i64::MAX / 2),
        }
    }
}

/// Why this ticket and no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CallReason {
    /// The longest standing among those the counter serves, by arrival alone.
    Arrival,
    /// The same, with the minutes credited to its class.
    ClassCredit { class: ClassId, credit_min: u32 },
    /// Its class is always first in this hall.
    ClassFirst { class: ClassId },
}

impl CallReason {
    /// The reason a ticket of `class` is called on its standing.
    pub(crate) fn of_standing(class: &Class) -> Self {
        match class.credit_min {
            Credit::Minutes(0) => Self::Arrival,
            Credit::Minutes(credit_min) => Self::ClassCredit { class: class.id.clone(), credit_min },
            Credit::First => Self::ClassFirst { class: class.id.clone() },
        }
    }
}

/// The tickets waiting for one service, in the order of their calling.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    waiting: BTreeSet<Place>,
}

/// Ties of standing go to the earlier ticket.
type Place = (Standing, TicketId);

impl Line {
    pub fn join(&mut self, place: Place) {
        let new = self.waiting.insert(place);
        assert!(new, "ticket {} waits twice", place.1);
    }

    pub fn leave(&mut self, place: Place) {
        let was_here = self.waiting.remove(&place);
        assert!(was_here, "ticket {} was not waiting", place.1);
    }

    /// How many are called before someone at `place`. Counted from the back, where newcomers mostly are.
    pub fn ahead(&self, place: Place) -> u32 {
        (self.waiting.len() - self.waiting.range(place..).count()) as u32
    }

    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = TicketId> {
        self.waiting.iter().map(|place| place.1)
    }

    fn head(&self) -> Option<Place> {
        self.waiting.first().copied()
    }
}

/// The next ticket among `services`: the smallest (standing, ticket) of the heads of their lines.
pub(crate) fn next_of<'a>(
    services: &[ServiceId],
    line: impl Fn(&ServiceId) -> Option<&'a Line>,
) -> Option<TicketId> {
    services.iter().filter_map(|service| line(service)?.head()).min().map(|place| place.1)
}

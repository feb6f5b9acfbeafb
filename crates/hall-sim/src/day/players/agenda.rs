//! What is to happen, in order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hall_core::{TicketId, Timestamp};

/// Something people do of themselves. Visits, desks, breaks and changes by their index in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Happening {
    Arrives(usize),
    /// Has waited long enough for the call to this stop.
    Tires(usize, usize),
    Returns(usize),
    FormDone(usize),
    Opens(usize),
    Closes(usize),
    BreakComes(usize, usize),
    BreakEnds(usize),
    ProfileComes(usize),
    Looks(usize),
    Reaches(usize, TicketId),
    Recalls(usize, TicketId),
    GivesUp(usize, TicketId),
    Ends(usize, TicketId),
}

#[derive(Default)]
pub(super) struct Agenda {
    heap: BinaryHeap<Reverse<(Timestamp, u64, Happening)>>,
    count: u64,
}

impl Agenda {
    /// What is put for the same moment happens in the order of putting.
    pub fn put(&mut self, at: Timestamp, happening: Happening) {
        self.count += 1;
        self.heap.push(Reverse((at, self.count, happening)));
    }

    pub fn next_at(&self) -> Option<Timestamp> {
        self.heap.peek().map(|Reverse((at, ..))| *at)
    }

    /// What was planned first, and for when, unless it is still ahead.
    pub fn take_due(&mut self, now: Timestamp) -> Option<(Timestamp, Happening)> {
        if self.next_at()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse((at, _, happening))| (at, happening))
    }
}

//! What has happened. Events are the journal, the stream and the audit: a name or field once written is kept.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    BusinessDay, CallReason, ClassId, CounterNumber, Plan, ServiceId, Standing, TicketId, TicketNumber,
    Timestamp,
};

/// An event with its place in the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Counts up from 1 without a gap; the `id` of the event stream.
    pub seq: u64,
    /// Hall time at which it was decided.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// A fact. Applying it cannot fail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The hall goes by this plan from now.
    PlanAdopted { plan: Arc<Plan> },
    /// Everything of the day before is gone; counters are closed. `next_ticket` lets a replay begin here.
    DayOpened { day: BusinessDay, next_ticket: TicketId },
    /// No more numbers today.
    DayClosed { day: BusinessDay },
    /// A citizen has a number; `ahead` is how many waited before them at that moment.
    TicketIssued {
        ticket: TicketId,
        number: TicketNumber,
        service: ServiceId,
        class: ClassId,
        standing: Standing,
        ahead: u32,
    },
    /// A ticket is asked to a counter.
    TicketCalled {
        ticket: TicketId,
        number: TicketNumber,
        service: ServiceId,
        counter: CounterNumber,
        reason: CallReason,
    },
    /// The same ticket is asked again; `calls` counts the first call too.
    TicketRecalled {
        ticket: TicketId,
        number: TicketNumber,
        service: ServiceId,
        counter: CounterNumber,
        calls: u32,
    },
    /// The citizen is at the counter.
    ServiceStarted { ticket: TicketId, number: TicketNumber, counter: CounterNumber },
    /// The citizen is served.
    ServiceFinished { ticket: TicketId, number: TicketNumber, counter: CounterNumber },
    /// The citizen did not come.
    TicketMissed { ticket: TicketId, number: TicketNumber, counter: CounterNumber },
    /// The citizen waits for another service, with the standing they had.
    TicketTransferred {
        ticket: TicketId,
        number: TicketNumber,
        counter: CounterNumber,
        from: ServiceId,
        to: ServiceId,
        ahead: u32,
    },
    /// The day ended before the citizen was served.
    TicketExpired { ticket: TicketId, number: TicketNumber },
    /// The counter serves.
    CounterOpened { counter: CounterNumber },
    /// The counter does not serve for now.
    CounterPaused { counter: CounterNumber, reason: String },
    /// The counter does not serve.
    CounterClosed { counter: CounterNumber },
}

//! What has happened. Events are the journal, the stream and the audit: a name or field once written is kept.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::plan::Profile;
use crate::{
    Appointment, AppointmentId, Awaits, BusinessDay, CallReason, Carried, CheckedIn, ClassId, CounterNumber,
    LanguageId, Leg, NeedId, PersonHash, Plan, PrinterId, PrinterReport, ServiceId, SlipOutcome, StaffId,
    Standing, TicketId, TicketNumber, Timestamp, Why,
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
    PlanAdopted {
        plan: Arc<Plan>,
    },
    /// Everything of the day before is gone but what is `carried` over; counters are closed. With `next_ticket` and
    /// `carried` a replay can begin here.
    DayOpened {
        day: BusinessDay,
        next_ticket: TicketId,
        #[serde(default, skip_serializing_if = "Carried::is_empty")]
        carried: Box<Carried>,
    },
    /// No more numbers today.
    DayClosed {
        day: BusinessDay,
    },

    /// A citizen has a number.
    TicketIssued(Box<Issued>),
    /// A citizen without a ticket is served; the number is for the books.
    ServedDirect {
        ticket: TicketId,
        number: TicketNumber,
        service: ServiceId,
        class: ClassId,
        counter: CounterNumber,
    },
    /// A ticket is asked to a counter, and why this one.
    TicketCalled {
        ticket: TicketId,
        number: TicketNumber,
        service: ServiceId,
        counter: CounterNumber,
        reason: CallReason,
        /// The reason in words.
        #[serde(default)]
        why: Why,
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
    ServiceStarted {
        ticket: TicketId,
        number: TicketNumber,
        counter: CounterNumber,
    },
    /// The citizen is served.
    ServiceFinished {
        ticket: TicketId,
        number: TicketNumber,
        counter: CounterNumber,
    },
    /// The citizen did not come; `timed` when the time was up and nobody said so.
    TicketMissed {
        ticket: TicketId,
        number: TicketNumber,
        counter: CounterNumber,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        timed: bool,
    },
    /// The citizen, not served yet, waits for another service, counter or person with the standing they had.
    TicketTransferred {
        ticket: TicketId,
        number: TicketNumber,
        counter: CounterNumber,
        from: ServiceId,
        to: ServiceId,
        #[serde(default)]
        awaits: Awaits,
        ahead: u32,
    },
    /// The citizen is served here and waits for the next leg of the route with the standing they had.
    TicketSentOn {
        ticket: TicketId,
        number: TicketNumber,
        counter: CounterNumber,
        from: ServiceId,
        to: ServiceId,
        #[serde(default)]
        awaits: Awaits,
        /// What follows after `to`.
        #[serde(default)]
        onward: Vec<Leg>,
        ahead: u32,
    },
    /// The citizen is set aside.
    TicketParked {
        ticket: TicketId,
        number: TicketNumber,
        counter: CounterNumber,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remind_at: Option<Timestamp>,
    },
    /// It is time to call a parked citizen back.
    ParkReminded {
        ticket: TicketId,
        number: TicketNumber,
        counter: CounterNumber,
    },
    /// A parked citizen waits again, with the standing they had.
    TicketResumed {
        ticket: TicketId,
        number: TicketNumber,
        #[serde(default)]
        awaits: Awaits,
        ahead: u32,
    },
    /// A citizen who missed the call waits again, set back to `standing`.
    TicketReinstated {
        ticket: TicketId,
        number: TicketNumber,
        standing: Standing,
        #[serde(default)]
        awaits: Awaits,
        ahead: u32,
    },
    /// The counter or person a ticket was sent to has gone: it waits for its service.
    TicketReleased {
        ticket: TicketId,
        number: TicketNumber,
    },
    /// The citizen withdrew.
    TicketCancelled {
        ticket: TicketId,
        number: TicketNumber,
    },
    /// The citizen left without a word.
    TicketAbandoned {
        ticket: TicketId,
        number: TicketNumber,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counter: Option<CounterNumber>,
    },
    /// The day ended before the citizen was served.
    TicketExpired {
        ticket: TicketId,
        number: TicketNumber,
    },

    /// Who took a number now would probably not be served before the close: no more numbers for this service.
    IssuingStopped {
        service: ServiceId,
    },
    /// Numbers for this service again.
    IssuingResumed {
        service: ServiceId,
    },

    /// What became of a copy of the slip: 0 the first one, n the n-th reprint.
    SlipReported {
        ticket: TicketId,
        number: TicketNumber,
        printer: PrinterId,
        copy: u32,
        outcome: SlipOutcome,
    },
    /// The slip is to be printed again; with this one, so many reprints were ordered.
    ReprintOrdered {
        ticket: TicketId,
        number: TicketNumber,
        printer: PrinterId,
        copy: u32,
        /// Who ordered it; absent when it was ordered at the kiosk.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counter: Option<CounterNumber>,
    },
    /// How a printer is.
    PrinterReported {
        printer: PrinterId,
        report: PrinterReport,
    },

    /// The counter serves.
    CounterOpened {
        counter: CounterNumber,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        staff: Option<StaffId>,
    },
    /// The counter does not serve for now.
    CounterPaused {
        counter: CounterNumber,
        reason: String,
    },
    /// The counter does not serve.
    CounterClosed {
        counter: CounterNumber,
    },
    /// What the counter calls for today; none: what the plan says.
    ProfileSet {
        counter: CounterNumber,
        profile: Option<Profile>,
    },

    AppointmentBooked(Appointment),
    AppointmentChanged {
        appointment: AppointmentId,
        slot: Timestamp,
    },
    AppointmentCancelled {
        appointment: AppointmentId,
    },
    /// The day of the appointment ended, and the citizen had not come.
    AppointmentMissed {
        appointment: AppointmentId,
    },

    /// Something that is not for this listener. Never in a journal: it keeps the numbers of a stream without a gap.
    Withheld,
}

/// A ticket as it was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Issued {
    pub ticket: TicketId,
    pub number: TicketNumber,
    pub service: ServiceId,
    pub class: ClassId,
    pub standing: Standing,
    /// How many of the same service were to be called before it at that moment.
    pub ahead: u32,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub priority: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<NeedId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonHash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<CheckedIn>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub onward: Vec<Leg>,
}

//! What terminals and the hub's own clock ask of the hall.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::plan::{HelpWhen, Profile};
use crate::{
    AppointmentId, BusinessDay, ClassId, CounterNumber, LanguageId, NeedId, PersonHash, Plan, PrinterId,
    PrinterReport, RouteId, ServiceId, SlipOutcome, StaffId, TicketId, Timestamp,
};

/// A wish, to be decided by [`Hall::decide`](crate::Hall::decide).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// Go on by this plan from now.
    AdoptPlan {
        plan: Arc<Plan>,
    },
    /// Begin a business day: numbers restart, counters are closed, whatever is left of the day before expires.
    OpenDay {
        day: BusinessDay,
    },
    /// End the business day: no more numbers; those still waiting expire. Who is at a counter is served to the end.
    CloseDay,
    /// Give a citizen a number.
    IssueTicket(Wish),
    /// The citizen withdraws.
    CancelTicket {
        ticket: TicketId,
    },
    /// The citizen has left without a word.
    AbandonTicket {
        ticket: TicketId,
    },
    /// A citizen who missed the call waits again.
    Reinstate {
        ticket: TicketId,
    },
    /// A parked citizen waits again.
    Resume {
        ticket: TicketId,
    },
    /// Tell the counter that a parked citizen is to be called back.
    Remind {
        ticket: TicketId,
    },
    /// No more numbers for a service: who takes one now would probably not be served before the close.
    StopIssuing {
        service: ServiceId,
    },
    /// Numbers for the service again.
    ResumeIssuing {
        service: ServiceId,
    },

    /// What became of a copy of a ticket's slip: 0 the first one, n the n-th reprint. The last word on a copy counts.
    ReportSlip {
        ticket: TicketId,
        printer: PrinterId,
        copy: u32,
        outcome: SlipOutcome,
    },
    /// Print a ticket's slip again, marked as such; ordered at `counter`, or at the kiosk itself.
    Reprint {
        ticket: TicketId,
        printer: PrinterId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counter: Option<CounterNumber>,
    },
    /// How a printer is.
    ReportPrinter {
        printer: PrinterId,
        report: PrinterReport,
    },

    /// Begin or resume serving; `staff` signs in.
    OpenCounter {
        counter: CounterNumber,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        staff: Option<StaffId>,
    },
    /// Stop serving for now; the reason is shown over the counter.
    PauseCounter {
        counter: CounterNumber,
        reason: String,
    },
    /// Stop serving.
    CloseCounter {
        counter: CounterNumber,
    },
    /// What the counter calls for today, whatever the plan says; none: as the plan says.
    SetProfile {
        counter: CounterNumber,
        profile: Option<Profile>,
    },
    /// Help another service today, under a condition.
    HelpService {
        counter: CounterNumber,
        service: ServiceId,
        when: HelpWhen,
    },
    /// Help it no longer.
    StopHelping {
        counter: CounterNumber,
        service: ServiceId,
    },
    /// Call whoever is next for this counter; nobody waiting is no error and no event.
    CallNext {
        counter: CounterNumber,
    },
    /// Call this ticket, waiting or parked.
    CallTicket {
        counter: CounterNumber,
        ticket: TicketId,
    },
    /// Call the same ticket again.
    Recall {
        counter: CounterNumber,
    },
    /// The called citizen is here.
    StartService {
        counter: CounterNumber,
    },
    /// Serve somebody without a ticket.
    ServeDirect {
        counter: CounterNumber,
        service: ServiceId,
        #[serde(default = "ClassId::ordinary")]
        class: ClassId,
    },
    /// The citizen is served, and goes on to the next leg of the route if there is one, unless the route `ends_here`.
    FinishService {
        counter: CounterNumber,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ends_here: bool,
    },
    /// The called citizen did not come; `timed` when nobody said so but the time was up.
    NoShow {
        counter: CounterNumber,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        timed: bool,
    },
    /// Set the citizen aside, a form to fill in; the counter is reminded after so many minutes.
    Park {
        counter: CounterNumber,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remind_after_min: Option<u32>,
    },
    /// Send the citizen on without having served them, keeping the standing.
    Transfer {
        counter: CounterNumber,
        to: Destination,
    },
    /// Served here; the citizen goes on to these services in turn and, with `and_back`, returns to this counter.
    SendOn {
        counter: CounterNumber,
        legs: Vec<ServiceId>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        and_back: bool,
    },

    /// Book a slot.
    BookAppointment(Booking),
    /// Move an appointment to another slot.
    ChangeAppointment {
        appointment: AppointmentId,
        slot: Timestamp,
    },
    CancelAppointment {
        appointment: AppointmentId,
    },
    /// The citizen with the appointment is here: give them a number.
    CheckIn {
        appointment: AppointmentId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<LanguageId>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        needs: Vec<NeedId>,
    },
}

/// What a citizen asks for at the kiosk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wish {
    pub service: ServiceId,
    #[serde(default = "ClassId::ordinary")]
    pub class: ClassId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageId>,
    /// Seen by staff only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<NeedId>,
    /// Where the hall limits numbers a person; required by services that are `real_name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonHash>,
    /// A route of the plan whose first leg is `service`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<RouteId>,
    /// Further services after `service`, on the same ticket; not together with `route`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<ServiceId>,
}

impl Wish {
    /// A number for one service and nothing more.
    pub fn new(service: impl Into<ServiceId>, class: impl Into<ClassId>) -> Self {
        Self {
            service: service.into(),
            class: class.into(),
            language: None,
            needs: Vec::new(),
            person: None,
            route: None,
            then: Vec::new(),
        }
    }
}

/// Where a ticket is transferred to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// Whoever serves this service.
    Service(ServiceId),
    /// This counter and no other, for the service the ticket is for.
    Counter(CounterNumber),
    /// Whichever counter this person has opened, for the service the ticket is for.
    Staff(StaffId),
}

/// What is booked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Booking {
    pub service: ServiceId,
    /// When the slot begins.
    pub slot: Timestamp,
    #[serde(default = "ClassId::ordinary")]
    pub class: ClassId,
    /// The last four digits of the phone, for checking in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_digits: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonHash>,
}

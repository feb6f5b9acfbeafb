//! Why a command was refused: closed, with stable codes. A refusal changes nothing.

mod zh;

use std::fmt;

use thiserror::Error;

use crate::plan::Fault;
use crate::{
    AppointmentId, BusinessDay, ClassId, CounterNumber, LanguageId, NeedId, PrinterCondition, PrinterId,
    RouteId, ServiceId, StaffId, TicketNumber, TimeBand, Timestamp,
};

/// A refusal. `Display` says in English what is wrong; [`zh`](Rejection::zh) says it to people in the hall.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Rejection {
    #[error("no plan has been adopted yet")]
    NoPlan,
    #[error("the plan has {} fault(s): {}", .0.len(), Listed(.0))]
    PlanFaulty(Vec<Fault>),
    #[error("the running day cannot accept this plan, settle what is named or wait for the next day: {}", Listed(.0))]
    PlanConflict(Vec<PlanConflict>),
    #[error("business day {0} is not after the last one")]
    DayNotLater(BusinessDay),
    #[error("no business day is open")]
    DayClosed,
    #[error("there is no service {0}")]
    UnknownService(ServiceId),
    #[error("there is no class {0}")]
    UnknownClass(ClassId),
    #[error("there is no counter {0}")]
    UnknownCounter(CounterNumber),
    #[error("service {0} is outside its hours")]
    ServiceClosed(ServiceId),
    #[error("counter {0} is closed: open it first")]
    CounterClosed(CounterNumber),
    #[error("counter {0} is paused: open it again first")]
    CounterPaused(CounterNumber),
    #[error("counter {0} has a ticket: finish it, transfer it or mark it a no-show first")]
    CounterBusy(CounterNumber),
    #[error("counter {0} has not called a ticket")]
    NothingCalled(CounterNumber),
    #[error("counter {0} is not serving a ticket")]
    NothingServing(CounterNumber),
    #[error("the ticket at counter {counter} has been called {limit} times, the limit: start or no-show")]
    RecallLimit { counter: CounterNumber, limit: u32 },
    #[error("the ticket at counter {0} already is for that service")]
    SameService(CounterNumber),
    #[error("a pause needs a reason of 1 to {limit} visible characters")]
    PauseReason { limit: usize },

    #[error("there is no such ticket today")]
    UnknownTicket,
    #[error("ticket {0} is not waiting")]
    NotWaiting(TicketNumber),
    #[error("ticket {0} was not a no-show: only a missed call can be reinstated")]
    NotMissed(TicketNumber),
    #[error("ticket {0} is not parked")]
    NotParked(TicketNumber),
    #[error("ticket {0} is at a counter: finish it there")]
    AtCounter(TicketNumber),
    #[error("ticket {0} is settled already")]
    Settled(TicketNumber),
    #[error(
        "counter {counter} does not call for ticket {number}: transfer it, or change the counter's services"
    )]
    NotServedHere { counter: CounterNumber, number: TicketNumber },

    #[error("there is no language {0}")]
    UnknownLanguage(LanguageId),
    #[error("there is no need {0}")]
    UnknownNeed(NeedId),
    #[error("there is no route {0}")]
    UnknownRoute(RouteId),
    #[error("route {0} begins with another service, or further services were given beside it")]
    RouteMismatch(RouteId),
    #[error("a route has 1 to {limit} further services, each other than the one before")]
    Legs { limit: usize },
    #[error("service {0} gives numbers to known persons only: send the person")]
    PersonRequired(ServiceId),
    #[error("this person already has number {0} for the service")]
    PersonHasTicket(TicketNumber),
    #[error("this person has had {limit} numbers today, the limit")]
    PersonLimit { limit: u32 },
    #[error("service {service} has given all {tickets} numbers of {hours}")]
    QuotaReached { service: ServiceId, hours: TimeBand, tickets: u32 },
    #[error(
        "service {0} is full today: whoever takes a number now would probably not be served before the close"
    )]
    ServiceFull(ServiceId),

    #[error("staff number {0} must be 1 to 20 visible characters")]
    StaffNumber(StaffId),
    #[error("staff {staff} has opened counter {counter}: close it first")]
    StaffElsewhere { staff: StaffId, counter: CounterNumber },
    #[error("staff {0} has opened no counter")]
    StaffAbsent(StaffId),
    #[error("the ticket is at counter {0} already")]
    SameCounter(CounterNumber),
    #[error("a profile needs at least one service, and each only once")]
    ProfileFaulty,
    #[error("counter {counter} serves {service} itself")]
    OwnService { counter: CounterNumber, service: ServiceId },
    #[error("counter {counter} does not help {service} today")]
    NotHelping { counter: CounterNumber, service: ServiceId },
    #[error("a reminder comes after 1 to {limit} minutes")]
    ParkMinutes { limit: u32 },

    #[error("service {0} takes no appointments")]
    NoAppointments(ServiceId),
    #[error("there is no such appointment")]
    UnknownAppointment,
    #[error("service {service} has no slot at {slot}")]
    NoSuchSlot { service: ServiceId, slot: Timestamp },
    #[error("the slot is taken: all {capacity} places are booked")]
    SlotFull { capacity: u32 },
    #[error("{0} is no working day of the hall")]
    DayOff(BusinessDay),
    #[error("slots are booked at most {limit} day(s) ahead")]
    TooFarAhead { limit: u32 },
    #[error("an appointment is booked, changed and cancelled until {until_min} minutes before it")]
    TooLate { until_min: u32 },
    #[error("appointment {0} is cancelled, missed or checked in already")]
    AppointmentSettled(AppointmentId),
    #[error("the appointment is for {0}, not for today")]
    AppointmentNotToday(BusinessDay),
    #[error("it is too early: check in from {from} on")]
    TooEarly { from: Timestamp },
    #[error("this person has missed {missed} appointments of late and cannot book one")]
    MissedTooOften { missed: u32 },
    #[error("the phone is given by its last four digits")]
    PhoneDigits,

    #[error("a printer is named by 1 to 64 letters, digits, - and _")]
    PrinterName,
    #[error("the report has more unconfirmed jobs than jobs, or a count over 1,000,000")]
    PrinterReportFaulty,
    #[error("the hall has {limit} printers already, the limit: use the name of one of them")]
    PrinterLimit { limit: usize },
    #[error("no printer {0} has reported today: choose another, or start its kiosk")]
    UnknownPrinter(PrinterId),
    #[error("printer {printer} is {condition}: see to it, or choose another")]
    PrinterNotReady { printer: PrinterId, condition: PrinterCondition },
    #[error(
        "the slip of ticket {number} was printed again {limit} times, the limit, lest slips are passed on: \
         write the number down for the citizen"
    )]
    ReprintLimit { number: TicketNumber, limit: usize },
    #[error("no reprint {copy} of ticket {number} was ordered at this printer")]
    SlipNotOrdered { number: TicketNumber, copy: u32 },
}

impl Rejection {
    /// A stable name for programs; texts may change, codes do not.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPlan => "no_plan",
            Self::PlanFaulty(_) => "plan_faulty",
            Self::PlanConflict(_) => "plan_conflict",
            Self::DayNotLater(_) => "day_not_later",
            Self::DayClosed => "day_closed",
            Self::UnknownService(_) => "unknown_service",
            Self::UnknownClass(_) => "unknown_class",
            Self::UnknownCounter(_) => "unknown_counter",
            Self::ServiceClosed(_) => "service_closed",
            Self::CounterClosed(_) => "counter_closed",
            Self::CounterPaused(_) => "counter_paused",
            Self::CounterBusy(_) => "counter_busy",
            Self::NothingCalled(_) => "nothing_called",
            Self::NothingServing(_) => "nothing_serving",
            Self::RecallLimit { .. } => "recall_limit",
            Self::SameService(_) => "same_service",
            Self::PauseReason { .. } => "pause_reason",
            Self::UnknownTicket => "unknown_ticket",
            Self::NotWaiting(_) => "not_waiting",
            Self::NotMissed(_) => "not_missed",
            Self::NotParked(_) => "not_parked",
            Self::AtCounter(_) => "at_counter",
            Self::Settled(_) => "settled",
            Self::NotServedHere { .. } => "not_served_here",
            Self::UnknownLanguage(_) => "unknown_language",
            Self::UnknownNeed(_) => "unknown_need",
            Self::UnknownRoute(_) => "unknown_route",
            Self::RouteMismatch(_) => "route_mismatch",
            Self::Legs { .. } => "legs",
            Self::PersonRequired(_) => "person_required",
            Self::PersonHasTicket(_) => "person_has_ticket",
            Self::PersonLimit { .. } => "person_limit",
            Self::QuotaReached { .. } => "quota_reached",
            Self::ServiceFull(_) => "service_full",
            Self::StaffNumber(_) => "staff_number",
            Self::StaffElsewhere { .. } => "staff_elsewhere",
            Self::StaffAbsent(_) => "staff_absent",
            Self::SameCounter(_) => "same_counter",
            Self::ProfileFaulty => "profile_faulty",
            Self::OwnService { .. } => "own_service",
            Self::NotHelping { .. } => "not_helping",
            Self::ParkMinutes { .. } => "park_minutes",
            Self::NoAppointments(_) => "no_appointments",
            Self::UnknownAppointment => "unknown_appointment",
            Self::NoSuchSlot { .. } => "no_such_slot",
            Self::SlotFull { .. } => "slot_full",
            Self::DayOff(_) => "day_off",
            Self::TooFarAhead { .. } => "too_far_ahead",
            Self::TooLate { .. } => "too_late",
            Self::AppointmentSettled(_) => "appointment_settled",
            Self::AppointmentNotToday(_) => "appointment_not_today",
            Self::TooEarly { .. } => "too_early",
            Self::MissedTooOften { .. } => "missed_too_often",
            Self::PhoneDigits => "phone_digits",
            Self::PrinterName => "printer_name",
            Self::PrinterReportFaulty => "printer_report_faulty",
            Self::PrinterLimit { .. } => "printer_limit",
            Self::UnknownPrinter(_) => "unknown_printer",
            Self::PrinterNotReady { .. } => "printer_not_ready",
            Self::ReprintLimit { .. } => "reprint_limit",
            Self::SlipNotOrdered { .. } => "slip_not_ordered",
        }
    }
}

/// What of the running day stands against a new plan.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PlanConflict {
    #[error("service {service} has {tickets} open ticket(s) and is missing from the plan: serve them first")]
    ServiceInUse { service: ServiceId, tickets: usize },
    #[error(
        "service {service} has {appointments} appointment(s) and is missing from the plan: cancel them first"
    )]
    ServiceBooked { service: ServiceId, appointments: usize },
    #[error("counter {0} is not closed and is missing from the plan: close it first")]
    CounterInUse(CounterNumber),
    #[error("by this plan the day is over, but {waiting} ticket(s) still wait")]
    DayWouldEnd { waiting: usize },
    #[error("the UTC offset differs while a business day is open: wait for the next day")]
    OffsetChanged,
}

struct Listed<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, item) in self.0.iter().enumerate() {
            write!(f, "{}{item}", if i == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

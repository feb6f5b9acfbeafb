//! The rules once more, written as plainly as can be: lists and scans, no index, no cleverness, and of the program
//! nothing but its plain data. Predicts what every command writes into the journal.

mod agreement;
mod appointments;
mod calling;
mod clock;
mod counters;
mod days;
mod numbers;
mod serving;
mod slips;

use std::sync::Arc;

use hall_core::plan::Profile;
use hall_core::{
    Appointment, Awaits, CheckedIn, ClassId, Command, Counter, CounterNumber, CounterState, Day, Event,
    LanguageId, Leg, NeedId, PersonHash, Place, Plan, PrinterId, PrinterReport, ServiceId, SlipOutcome,
    Standing, TicketId, TicketNumber, Timestamp,
};

/// What a command writes into the journal, or the code of its refusal.
pub type Expected = Result<Vec<Event>, &'static str>;

pub const MINUTE_MS: i64 = 60_000;

#[derive(Clone, Default)]
pub struct Reference {
    plan: Option<Arc<Plan>>,
    day: Option<Day>,
    tickets_ever: u64,
    /// Those of today, in the order in which they were given.
    tickets: Vec<Ticket>,
    counters: Vec<(CounterNumber, Counter)>,
    full: Vec<ServiceId>,
    appointments_ever: u64,
    appointments: Vec<Appointment>,
    missed: Vec<(PersonHash, Timestamp)>,
    /// Those of today, with the last report and its time.
    printers: Vec<(PrinterId, PrinterReport, Timestamp)>,
}

#[derive(Clone)]
struct Ticket {
    id: TicketId,
    number: TicketNumber,
    prefix: String,
    service: ServiceId,
    class: ClassId,
    /// Before everybody who is not.
    first: bool,
    /// When it counts as having arrived.
    arrived_ms: i64,
    issued_at: Timestamp,
    waits_from: Timestamp,
    place: Place,
    awaits: Awaits,
    priority: bool,
    reinstated: bool,
    language: Option<LanguageId>,
    needs: Vec<NeedId>,
    person: Option<PersonHash>,
    appointment: Option<CheckedIn>,
    onward: Vec<Leg>,
    /// What a quota counts: the service it was taken for, and at which minute of the day.
    taken: Option<(ServiceId, u16)>,
    /// Its slip and the reprints, each with its number: who prints it, and what came of it.
    copies: Vec<(u32, PrinterId, Option<SlipOutcome>, Timestamp)>,
}

impl Ticket {
    /// In the order of calling: "always first", then who counts as having arrived earlier, then the earlier number.
    fn rank(&self) -> (bool, i64, TicketId) {
        (!self.first, self.arrived_ms, self.id)
    }

    fn is_due(&self, now: Timestamp) -> bool {
        self.first || self.arrived_ms <= now.as_ms()
    }

    fn has_waited_over(&self, minutes: u32, now: Timestamp) -> bool {
        now.as_ms() - self.waits_from.as_ms() > i64::from(minutes) * MINUTE_MS
    }

    fn standing(&self) -> Standing {
        let arrived = Standing::at(Timestamp::from_ms(self.arrived_ms));
        if self.first { arrived.later_ms(-(i64::MAX / 2)) } else { arrived }
    }

    fn is_open(&self) -> bool {
        matches!(self.place, Place::Waiting | Place::AtCounter(_) | Place::Parked { .. })
    }

    /// Why it is not waiting, as far as that matters to whoever wants it to.
    fn not_waiting(&self) -> &'static str {
        match self.place {
            Place::AtCounter(_) => "at_counter",
            Place::Waiting | Place::Parked { .. } | Place::NoShow => "not_waiting",
            Place::Finished | Place::Cancelled | Place::Abandoned | Place::Expired => "settled",
        }
    }
}

impl Reference {
    pub fn carry_out(&mut self, command: &Command, now: Timestamp) -> Expected {
        match command {
            Command::AdoptPlan { plan } => self.adopt_plan(plan, now),
            Command::OpenDay { day } => self.open_day(*day, now),
            Command::CloseDay => self.close_day(),

            Command::IssueTicket(wish) => self.issue(wish, now),
            Command::CancelTicket { ticket } => self.cancel(*ticket),
            Command::AbandonTicket { ticket } => self.abandon(*ticket, now),
            Command::Reinstate { ticket } => self.reinstate(*ticket, now),
            Command::Resume { ticket } => self.resume(*ticket, now),
            Command::Remind { ticket } => self.remind(*ticket),
            Command::StopIssuing { service } => self.stop_issuing(service),
            Command::ResumeIssuing { service } => self.resume_issuing(service),

            Command::ReportSlip { ticket, printer, copy, outcome } => {
                self.report_slip(*ticket, printer, *copy, *outcome, now)
            }
            Command::Reprint { ticket, printer, counter } => self.reprint(*ticket, printer, *counter, now),
            Command::ReportPrinter { printer, report } => self.report_printer(printer, *report, now),

            Command::OpenCounter { counter, staff } => self.open_counter(*counter, staff.as_ref(), now),
            Command::PauseCounter { counter, reason } => self.pause_counter(*counter, reason, now),
            Command::CloseCounter { counter } => self.close_counter(*counter, now),
            Command::SetProfile { counter, profile } => self.set_profile(*counter, profile.clone()),
            Command::HelpService { counter, service, when } => self.help(*counter, service, *when),
            Command::StopHelping { counter, service } => self.stop_helping(*counter, service),

            Command::CallNext { counter } => self.call_next(*counter, now),
            Command::CallTicket { counter, ticket } => self.call_ticket(*counter, *ticket, now),
            Command::Recall { counter } => self.recall(*counter, now),
            Command::StartService { counter } => self.start(*counter, now),
            Command::ServeDirect { counter, service, class } => {
                self.serve_direct(*counter, service, class, now)
            }
            Command::FinishService { counter, ends_here } => self.finish(*counter, *ends_here, now),
            Command::NoShow { counter, timed } => self.no_show(*counter, *timed, now),
            Command::Park { counter, remind_after_min } => self.park(*counter, *remind_after_min, now),
            Command::Transfer { counter, to } => self.transfer(*counter, to, now),
            Command::SendOn { counter, legs, and_back } => self.send_on(*counter, legs, *and_back, now),

            Command::BookAppointment(booking) => self.book(booking, now),
            Command::ChangeAppointment { appointment, slot } => self.change(*appointment, *slot, now),
            Command::CancelAppointment { appointment } => self.cancel_appointment(*appointment, now),
            Command::CheckIn { appointment, language, needs } => {
                self.check_in(*appointment, language.as_ref(), needs, now)
            }
        }
    }

    fn plan(&self) -> Result<Arc<Plan>, &'static str> {
        self.plan.clone().ok_or("no_plan")
    }

    fn is_open(&self) -> bool {
        self.day.is_some_and(|day| day.open)
    }

    fn must_be_open(&self) -> Result<(), &'static str> {
        if self.is_open() { Ok(()) } else { Err("day_closed") }
    }

    fn known_service(&self, id: &ServiceId) -> Result<(), &'static str> {
        let plan = self.plan()?;
        if plan.services.iter().any(|service| service.id == *id) { Ok(()) } else { Err("unknown_service") }
    }

    fn known_class(&self, id: &ClassId) -> Result<(), &'static str> {
        let plan = self.plan()?;
        if plan.classes.iter().any(|class| class.id == *id) { Ok(()) } else { Err("unknown_class") }
    }

    /// Where a ticket of today stands in the list.
    fn ticket(&self, id: TicketId) -> Result<usize, &'static str> {
        self.plan()?;
        self.tickets.iter().position(|ticket| ticket.id == id).ok_or("unknown_ticket")
    }

    fn waiting(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.iter().filter(|ticket| ticket.place == Place::Waiting)
    }

    /// Where a counter stands in the list.
    fn counter(&self, number: CounterNumber) -> Result<usize, &'static str> {
        self.plan()?;
        self.counters.iter().position(|(other, _)| *other == number).ok_or("unknown_counter")
    }

    fn state(&self, number: CounterNumber) -> Result<&CounterState, &'static str> {
        Ok(&self.counters[self.counter(number)?].1.state)
    }

    fn set_state(&mut self, number: CounterNumber, state: CounterState, now: Timestamp) {
        if let Ok(i) = self.counter(number) {
            (self.counters[i].1.state, self.counters[i].1.since) = (state, now);
        }
    }

    /// The ticket called to or served at a counter.
    fn ticket_at(&self, number: CounterNumber) -> Result<usize, &'static str> {
        match self.state(number)? {
            CounterState::Calling { ticket, .. } | CounterState::Serving { ticket } => self.ticket(*ticket),
            _ => Err("nothing_serving"),
        }
    }

    fn served_at(&self, number: CounterNumber) -> Result<usize, &'static str> {
        match self.state(number)? {
            CounterState::Serving { ticket } => self.ticket(*ticket),
            _ => Err("nothing_serving"),
        }
    }

    /// What a counter calls for today.
    fn profile(&self, number: CounterNumber) -> Profile {
        let today = self.counter(number).ok().and_then(|i| self.counters[i].1.profile.clone());
        today.unwrap_or_else(|| self.planned_profile(number))
    }

    fn planned_profile(&self, number: CounterNumber) -> Profile {
        let plan = self.plan.as_ref().unwrap();
        let planned = plan.counters.iter().find(|counter| counter.number == number).unwrap();
        Profile {
            services: planned.services.clone(),
            helps: planned.helps.clone(),
            auto_call: planned.auto_call,
        }
    }

    /// A ticket joins a line; returns how many are called before it there.
    fn wait(&mut self, i: usize, awaits: Awaits, now: Timestamp) -> u32 {
        let ticket = &mut self.tickets[i];
        (ticket.place, ticket.awaits, ticket.waits_from) = (Place::Waiting, awaits, now);
        self.ahead(i)
    }

    fn ahead(&self, i: usize) -> u32 {
        let ticket = &self.tickets[i];
        self.line(&ticket.awaits, &ticket.service).filter(|other| other.rank() < ticket.rank()).count() as u32
    }

    /// Who waits for the same.
    fn line(&self, awaits: &Awaits, service: &ServiceId) -> impl Iterator<Item = &Ticket> {
        self.waiting().filter(move |ticket| {
            ticket.awaits == *awaits && (*awaits != Awaits::Service || ticket.service == *service)
        })
    }

    /// Where a ticket waits that was sent to somebody: for its service when they have gone.
    fn unless_gone(&self, awaits: Awaits) -> Awaits {
        let is_there = match &awaits {
            Awaits::Service => true,
            Awaits::Counter(number) => self.state(*number).is_ok_and(|state| *state != CounterState::Closed),
            Awaits::Staff(staff) => {
                self.counters.iter().any(|(_, counter)| counter.staff.as_ref() == Some(staff))
            }
        };
        if is_there { awaits } else { Awaits::Service }
    }
}

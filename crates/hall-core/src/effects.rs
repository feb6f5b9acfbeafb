//! What an event makes of its ticket and its counter: said once, for the hall and for whoever follows it.

use std::collections::BTreeMap;

use crate::{
    Awaits, CallReason, Counter, CounterNumber, CounterState, Event, Issued, Place, Printer, PrinterId,
    Punctuality, SlipCopy, Standing, Ticket, TicketId, TicketSlip, Timestamp,
};

impl Event {
    /// The ticket this happened to, if it was given before.
    pub fn ticket(&self) -> Option<TicketId> {
        match self {
            Self::TicketCalled { ticket, .. }
            | Self::TicketRecalled { ticket, .. }
            | Self::ServiceStarted { ticket, .. }
            | Self::ServiceFinished { ticket, .. }
            | Self::TicketMissed { ticket, .. }
            | Self::TicketTransferred { ticket, .. }
            | Self::TicketSentOn { ticket, .. }
            | Self::TicketParked { ticket, .. }
            | Self::ParkReminded { ticket, .. }
            | Self::TicketResumed { ticket, .. }
            | Self::TicketReinstated { ticket, .. }
            | Self::TicketReleased { ticket, .. }
            | Self::TicketCancelled { ticket, .. }
            | Self::TicketAbandoned { ticket, .. }
            | Self::TicketExpired { ticket, .. }
            | Self::SlipReported { ticket, .. }
            | Self::ReprintOrdered { ticket, .. } => Some(*ticket),
            _ => None,
        }
    }

    /// The ticket this gives.
    pub fn new_ticket(&self, at: Timestamp) -> Option<Ticket> {
        match self {
            Self::TicketIssued(issued) => Some(issued.as_ticket(at)),
            Self::ServedDirect { ticket, number, service, class, counter } => Some(Ticket {
                id: *ticket,
                number: number.clone(),
                service: service.clone(),
                class: class.clone(),
                standing: Standing::at(at),
                issued_at: at,
                waits_from: at,
                place: Place::AtCounter(*counter),
                awaits: Awaits::Service,
                priority: false,
                reinstated: false,
                language: None,
                needs: Vec::new(),
                person: None,
                appointment: None,
                onward: Vec::new(),
                slip: TicketSlip::default(),
            }),
            _ => None,
        }
    }

    /// What this makes of its [ticket](Self::ticket).
    pub fn act_on(&self, ticket: &mut Ticket, at: Timestamp) {
        match self {
            Self::TicketCalled { counter, .. } => ticket.place = Place::AtCounter(*counter),
            Self::ServiceFinished { .. } => ticket.place = Place::Finished,
            Self::TicketMissed { .. } => ticket.place = Place::NoShow,
            Self::TicketTransferred { to, awaits, .. } => {
                ticket.service = to.clone();
                ticket.wait_for(awaits, at);
            }
            Self::TicketSentOn { to, awaits, onward, .. } => {
                ticket.service = to.clone();
                ticket.onward = onward.clone();
                ticket.wait_for(awaits, at);
            }
            Self::TicketParked { counter, remind_at, .. } => {
                ticket.place = Place::Parked { counter: *counter, remind_at: *remind_at };
            }
            Self::ParkReminded { counter, .. } => {
                ticket.place = Place::Parked { counter: *counter, remind_at: None };
            }
            Self::TicketResumed { awaits, .. } => ticket.wait_for(awaits, at),
            Self::TicketReinstated { standing, awaits, .. } => {
                ticket.standing = *standing;
                ticket.reinstated = true;
                ticket.wait_for(awaits, at);
            }
            Self::TicketReleased { .. } => ticket.awaits = Awaits::Service,
            Self::TicketCancelled { .. } => ticket.place = Place::Cancelled,
            Self::TicketAbandoned { .. } => ticket.place = Place::Abandoned,
            Self::TicketExpired { .. } => ticket.place = Place::Expired,
            Self::SlipReported { printer, copy, outcome, .. } => {
                let reported = SlipCopy { printer: printer.clone(), outcome: Some(*outcome), at };
                ticket.slip.report(*copy, reported);
            }
            Self::ReprintOrdered { printer, .. } => {
                ticket.slip.reprints.push(SlipCopy { printer: printer.clone(), outcome: None, at });
            }
            _ => {}
        }
    }

    /// What this makes of the printers of the day.
    pub fn act_on_printers(&self, printers: &mut BTreeMap<PrinterId, Printer>, at: Timestamp) {
        if let Self::PrinterReported { printer, report } = self {
            printers.insert(printer.clone(), Printer { report: *report, reported_at: at });
        }
    }

    /// The counter this happened at or to.
    pub fn counter(&self) -> Option<CounterNumber> {
        match self {
            Self::TicketCalled { counter, .. }
            | Self::TicketRecalled { counter, .. }
            | Self::ServiceStarted { counter, .. }
            | Self::ServedDirect { counter, .. }
            | Self::ServiceFinished { counter, .. }
            | Self::TicketMissed { counter, .. }
            | Self::TicketTransferred { counter, .. }
            | Self::TicketSentOn { counter, .. }
            | Self::TicketParked { counter, .. }
            | Self::TicketAbandoned { counter: Some(counter), .. }
            | Self::CounterOpened { counter, .. }
            | Self::CounterPaused { counter, .. }
            | Self::CounterClosed { counter }
            | Self::ProfileSet { counter, .. } => Some(*counter),
            _ => None,
        }
    }

    /// What this makes of its [counter](Self::counter).
    pub fn act_on_counter(&self, counter: &mut Counter, at: Timestamp) {
        match self {
            Self::ProfileSet { profile, .. } => {
                counter.profile = profile.clone();
                return;
            }
            Self::CounterOpened { staff, .. } => counter.staff = staff.clone(),
            Self::CounterClosed { .. } => counter.staff = None,
            Self::TicketCalled { reason: CallReason::Ratio { turn, .. }, .. } => counter.turn = *turn,
            _ => {}
        }
        counter.since = at;
        counter.state = match self {
            Self::TicketCalled { ticket, .. } => CounterState::Calling { ticket: *ticket, calls: 1 },
            Self::TicketRecalled { ticket, calls, .. } => {
                CounterState::Calling { ticket: *ticket, calls: *calls }
            }
            Self::ServiceStarted { ticket, .. } | Self::ServedDirect { ticket, .. } => {
                CounterState::Serving { ticket: *ticket }
            }
            Self::CounterPaused { reason, .. } => CounterState::Paused { reason: reason.clone() },
            Self::CounterClosed { .. } => CounterState::Closed,
            _ => CounterState::Idle,
        };
    }
}

impl Issued {
    fn as_ticket(&self, at: Timestamp) -> Ticket {
        let not_due = self.appointment.filter(|checked_in| checked_in.punctuality == Punctuality::Early);
        Ticket {
            id: self.ticket,
            number: self.number.clone(),
            service: self.service.clone(),
            class: self.class.clone(),
            standing: self.standing,
            issued_at: at,
            waits_from: not_due.map_or(at, |checked_in| checked_in.slot.max(at)),
            place: Place::Waiting,
            awaits: Awaits::Service,
            priority: self.priority,
            reinstated: false,
            language: self.language.clone(),
            needs: self.needs.clone(),
            person: self.person.clone(),
            appointment: self.appointment,
            onward: self.onward.clone(),
            slip: TicketSlip::default(),
        }
    }
}

impl Ticket {
    fn wait_for(&mut self, awaits: &Awaits, at: Timestamp) {
        self.place = Place::Waiting;
        self.awaits = awaits.clone();
        self.waits_from = at;
    }
}

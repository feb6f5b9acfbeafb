//! Decisions: what a command makes of the state. Changes nothing.

mod appointments;
mod calling;
mod counters;
mod day;
mod issue;
mod serving;
mod slips;

pub use calling::Calls;
pub use counters::PAUSE_REASON_CHARS_MAX;
pub use issue::LEGS_MAX;

use crate::hall::InForce;
use crate::{
    Command, CounterNumber, CounterState, Event, Hall, Place, Rejection, Ticket, TicketId, Timestamp,
};

type Decision = Result<Vec<Event>, Rejection>;

impl Hall {
    /// What happens if `command` is carried out at `now`, or why it is refused.
    pub fn decide(&self, command: &Command, now: Timestamp) -> Decision {
        match command {
            Command::AdoptPlan { plan } => self.adopt_plan(plan, now),
            Command::OpenDay { day } => self.begin_day(*day),
            Command::CloseDay => self.close_day(),

            Command::IssueTicket(wish) => self.issue_ticket(wish, now),
            Command::CancelTicket { ticket } => self.cancel(*ticket),
            Command::AbandonTicket { ticket } => self.abandon(*ticket),
            Command::Reinstate { ticket } => self.reinstate(*ticket),
            Command::Resume { ticket } => self.resume(*ticket),
            Command::Remind { ticket } => self.remind(*ticket),
            Command::StopIssuing { service } => self.stop_issuing(service),
            Command::ResumeIssuing { service } => self.resume_issuing(service),

            Command::ReportSlip { ticket, printer, copy, outcome } => {
                self.report_slip(*ticket, printer, *copy, *outcome)
            }
            Command::Reprint { ticket, printer, counter } => self.reprint(*ticket, printer, *counter),
            Command::ReportPrinter { printer, report } => self.report_printer(printer, *report),

            Command::OpenCounter { counter, staff } => self.open_counter(*counter, staff.as_ref()),
            Command::PauseCounter { counter, reason } => self.pause_counter(*counter, reason),
            Command::CloseCounter { counter } => self.close_counter(*counter),
            Command::SetProfile { counter, profile } => self.set_profile(*counter, profile.as_ref()),
            Command::HelpService { counter, service, when } => self.help_service(*counter, service, *when),
            Command::StopHelping { counter, service } => self.stop_helping(*counter, service),

            Command::CallNext { counter } => self.call_next(*counter, now),
            Command::CallTicket { counter, ticket } => self.call_ticket(*counter, *ticket),
            Command::Recall { counter } => self.recall(*counter),
            Command::NoShow { counter, timed } => self.no_show(*counter, *timed),
            Command::StartService { counter } => self.start_service(*counter),
            Command::ServeDirect { counter, service, class } => self.serve_direct(*counter, service, class),
            Command::FinishService { counter, ends_here } => self.finish_service(*counter, *ends_here),
            Command::Park { counter, remind_after_min } => self.park(*counter, *remind_after_min, now),
            Command::Transfer { counter, to } => self.transfer(*counter, to),
            Command::SendOn { counter, legs, and_back } => self.send_on(*counter, legs, *and_back),

            Command::BookAppointment(booking) => self.book(booking, now),
            Command::ChangeAppointment { appointment, slot } => {
                self.change_appointment(*appointment, *slot, now)
            }
            Command::CancelAppointment { appointment } => self.cancel_appointment(*appointment, now),
            Command::CheckIn { appointment, language, needs } => {
                self.check_in(*appointment, language.as_ref(), needs, now)
            }
        }
    }

    fn plan_in_force(&self) -> Result<&InForce, Rejection> {
        self.plan.as_ref().ok_or(Rejection::NoPlan)
    }

    fn day_must_be_open(&self) -> Result<(), Rejection> {
        if self.day.is_some_and(|day| day.open) { Ok(()) } else { Err(Rejection::DayClosed) }
    }

    fn state_of(&self, counter: CounterNumber) -> Result<&CounterState, Rejection> {
        self.plan_in_force()?;
        self.counters.get(&counter).map(|counter| &counter.state).ok_or(Rejection::UnknownCounter(counter))
    }

    fn idle_at(&self, counter: CounterNumber) -> Result<(), Rejection> {
        match self.state_of(counter)? {
            CounterState::Idle => Ok(()),
            CounterState::Closed => Err(Rejection::CounterClosed(counter)),
            CounterState::Paused { .. } => Err(Rejection::CounterPaused(counter)),
            CounterState::Calling { .. } | CounterState::Serving { .. } => {
                Err(Rejection::CounterBusy(counter))
            }
        }
    }

    fn called_at(&self, counter: CounterNumber) -> Result<(&Ticket, u32), Rejection> {
        match self.state_of(counter)? {
            CounterState::Calling { ticket, calls } => Ok((self.held(*ticket), *calls)),
            _ => Err(Rejection::NothingCalled(counter)),
        }
    }

    fn served_at(&self, counter: CounterNumber) -> Result<&Ticket, Rejection> {
        match self.state_of(counter)? {
            CounterState::Serving { ticket } => Ok(self.held(*ticket)),
            _ => Err(Rejection::NothingServing(counter)),
        }
    }

    /// The ticket called to or served at a counter.
    fn ticket_at(&self, counter: CounterNumber) -> Result<&Ticket, Rejection> {
        let ticket = self.state_of(counter)?.ticket().ok_or(Rejection::NothingServing(counter))?;
        Ok(self.held(ticket))
    }

    fn held(&self, id: TicketId) -> &Ticket {
        self.tickets.get(&id).unwrap_or_else(|| panic!("a counter holds ticket {id}, which was never issued"))
    }

    fn known(&self, id: TicketId) -> Result<&Ticket, Rejection> {
        self.plan_in_force()?;
        self.tickets.get(&id).ok_or(Rejection::UnknownTicket)
    }
}

/// Why a ticket that should be waiting is not.
fn not_waiting(ticket: &Ticket) -> Rejection {
    let number = ticket.number.clone();
    match ticket.place {
        Place::AtCounter(_) => Rejection::AtCounter(number),
        Place::Waiting | Place::Parked { .. } | Place::NoShow => Rejection::NotWaiting(number),
        Place::Finished | Place::Cancelled | Place::Abandoned | Place::Expired => Rejection::Settled(number),
    }
}

/// Text for a strip over a counter or a list: not empty, not too long, no control characters, none that turn the
/// direction of text.
fn is_showable(text: &str, chars_max: usize) -> bool {
    let is_invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    (1..=chars_max).contains(&text.chars().count()) && !text.chars().any(is_invisible)
}

//! Rules case by case: when, what somebody wants, and everything that has happened since the row before.

mod clock;
mod counters;
mod edges;
mod life;
mod numbers;
mod order;
mod slips;

use hall_core::{
    Booking, Command, CounterNumber, CounterState, Destination, Event, Place, Plan, TicketId, Timestamp, Wish,
};

use crate::plans;
use crate::run::Run;

/// The hour, what somebody wants then (or nothing), and what has happened by then.
type Row<'a> = (&'a str, Option<Command>, &'a str);

/// The hall as it is.
fn usual() -> Table {
    Table(plans::usual())
}

/// A hall that differs from the usual one by `change`.
fn with(change: impl FnOnce(&mut Plan)) -> Table {
    let mut plan = plans::usual();
    change(&mut plan);
    Table(plan)
}

/// A hall in which rows are played, from half past eight on.
struct Table(Plan);

impl Table {
    fn plays(self, rows: &[Row<'_>]) -> Run {
        let mut run = Run::with(self.0, "2026-11-23T08:30:00+08:00");
        for (clock, command, expect) in rows {
            let before = run.journal.len();
            run.pass(at(clock).as_ms() - run.now.as_ms());
            let refusal = command.as_ref().and_then(|command| run.carry_out(command).err());
            run.settle();
            let mut happened: Vec<String> =
                run.journal[before..].iter().map(|record| shown(&record.event)).collect();
            happened.extend(refusal.map(|refusal| refusal.code().to_owned()));
            assert_eq!(happened.join("; "), *expect, "{clock} {command:?}");
        }
        run
    }
}

/// A moment of Monday, 23 November 2026, as in `09:00` or `09:00:30`; `24 09:00` is a day later.
fn at(clock: &str) -> Timestamp {
    let (day, clock) = clock.split_once(' ').unwrap_or(("23", clock));
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    format!("2026-11-{day}T{clock}{seconds}+08:00").parse().unwrap()
}

/// An event in a few words.
fn shown(event: &Event) -> String {
    match event {
        Event::TicketIssued(issued) => format!("{} after {}", issued.number, issued.ahead),
        Event::ServedDirect { number, counter, .. } => format!("{number} served at {counter}"),
        Event::TicketCalled { number, counter, why, .. } => format!("{number} to {counter}, {}", why.en),
        Event::TicketRecalled { number, calls, .. } => format!("{number} called {calls} times"),
        Event::ServiceStarted { number, .. } => format!("{number} served"),
        Event::ServiceFinished { number, .. } => format!("{number} finished"),
        Event::TicketMissed { number, timed, .. } => {
            format!("{number} missed{}", if *timed { " by the clock" } else { "" })
        }
        Event::TicketTransferred { number, to, ahead, .. } => {
            format!("{number} transferred to {to} after {ahead}")
        }
        Event::TicketSentOn { number, to, ahead, .. } => format!("{number} sent on to {to} after {ahead}"),
        Event::TicketParked { number, .. } => format!("{number} parked"),
        Event::ParkReminded { number, .. } => format!("{number} reminded"),
        Event::TicketResumed { number, ahead, .. } => format!("{number} resumed after {ahead}"),
        Event::TicketReinstated { number, ahead, .. } => format!("{number} reinstated after {ahead}"),
        Event::TicketReleased { number, .. } => format!("{number} released"),
        Event::TicketCancelled { number, .. } => format!("{number} cancelled"),
        Event::TicketAbandoned { number, .. } => format!("{number} abandoned"),
        Event::TicketExpired { number, .. } => format!("{number} expired"),
        Event::IssuingStopped { service } => format!("{service} full"),
        Event::IssuingResumed { service } => format!("{service} not full"),
        Event::SlipReported { number, printer, copy, outcome, .. } => {
            format!("{number} copy {copy} {} at {printer}", outcome.as_str())
        }
        Event::ReprintOrdered { number, printer, copy, counter, .. } => {
            let by = counter.map_or(String::new(), |counter| format!(" by {counter}"));
            format!("{number} copy {copy} ordered at {printer}{by}")
        }
        Event::PrinterReported { printer, report } => format!("{printer} {}", report.condition.as_str()),
        Event::CounterOpened { counter, .. } => format!("{counter} open"),
        Event::CounterPaused { counter, reason } => format!("{counter} paused: {reason}"),
        Event::CounterClosed { counter } => format!("{counter} closed"),
        Event::ProfileSet { counter, profile: Some(_) } => format!("{counter} as today"),
        Event::ProfileSet { counter, profile: None } => format!("{counter} as planned"),
        Event::AppointmentBooked(appointment) => format!("booked {}", appointment.id),
        Event::AppointmentMissed { appointment } => format!("appointment {appointment} missed"),
        Event::PlanAdopted { .. } => "plan adopted".to_owned(),
        Event::DayOpened { day, .. } => format!("{day} begins"),
        Event::DayClosed { day } => format!("{day} ends"),
        other => format!("{other:?}"),
    }
}

fn issue(service: &str) -> Option<Command> {
    issue_as(service, "ordinary")
}

fn issue_as(service: &str, class: &str) -> Option<Command> {
    Some(Command::IssueTicket(Wish::new(service, class)))
}

fn issue_with(change: impl FnOnce(&mut Wish)) -> Option<Command> {
    let mut wish = Wish::new("tax", "ordinary");
    change(&mut wish);
    Some(Command::IssueTicket(wish))
}

fn open(counter: u16) -> Option<Command> {
    Some(Command::OpenCounter { counter: CounterNumber(counter), staff: None })
}

fn open_by(counter: u16, staff: &str) -> Option<Command> {
    Some(Command::OpenCounter { counter: CounterNumber(counter), staff: Some(staff.into()) })
}

fn pause(counter: u16) -> Option<Command> {
    Some(Command::PauseCounter { counter: CounterNumber(counter), reason: "午休".into() })
}

fn close(counter: u16) -> Option<Command> {
    Some(Command::CloseCounter { counter: CounterNumber(counter) })
}

fn call(counter: u16) -> Option<Command> {
    Some(Command::CallNext { counter: CounterNumber(counter) })
}

fn call_ticket(counter: u16, ticket: u64) -> Option<Command> {
    Some(Command::CallTicket { counter: CounterNumber(counter), ticket: TicketId(ticket) })
}

fn recall(counter: u16) -> Option<Command> {
    Some(Command::Recall { counter: CounterNumber(counter) })
}

fn start(counter: u16) -> Option<Command> {
    Some(Command::StartService { counter: CounterNumber(counter) })
}

fn finish(counter: u16) -> Option<Command> {
    Some(Command::FinishService { counter: CounterNumber(counter), ends_here: false })
}

fn end_here(counter: u16) -> Option<Command> {
    Some(Command::FinishService { counter: CounterNumber(counter), ends_here: true })
}

fn serve_direct(counter: u16, service: &str) -> Option<Command> {
    let (service, class) = (service.into(), "ordinary".into());
    Some(Command::ServeDirect { counter: CounterNumber(counter), service, class })
}

fn no_show(counter: u16) -> Option<Command> {
    Some(Command::NoShow { counter: CounterNumber(counter), timed: false })
}

fn park(counter: u16, remind_after_min: Option<u32>) -> Option<Command> {
    Some(Command::Park { counter: CounterNumber(counter), remind_after_min })
}

fn transfer(counter: u16, service: &str) -> Option<Command> {
    Some(Command::Transfer { counter: CounterNumber(counter), to: Destination::Service(service.into()) })
}

fn transfer_to(counter: u16, to: Destination) -> Option<Command> {
    Some(Command::Transfer { counter: CounterNumber(counter), to })
}

fn send_on(counter: u16, legs: &[&str], and_back: bool) -> Option<Command> {
    let legs = legs.iter().map(|leg| (*leg).into()).collect();
    Some(Command::SendOn { counter: CounterNumber(counter), legs, and_back })
}

fn cancel(ticket: u64) -> Option<Command> {
    Some(Command::CancelTicket { ticket: TicketId(ticket) })
}

fn abandon(ticket: u64) -> Option<Command> {
    Some(Command::AbandonTicket { ticket: TicketId(ticket) })
}

fn reinstate(ticket: u64) -> Option<Command> {
    Some(Command::Reinstate { ticket: TicketId(ticket) })
}

fn resume(ticket: u64) -> Option<Command> {
    Some(Command::Resume { ticket: TicketId(ticket) })
}

fn book(service: &str, slot: &str) -> Option<Command> {
    Some(Command::BookAppointment(Booking {
        service: service.into(),
        slot: at(slot),
        class: "ordinary".into(),
        phone_digits: None,
        person: None,
    }))
}

fn check_in(appointment: u64) -> Option<Command> {
    let appointment = hall_core::AppointmentId(appointment);
    Some(Command::CheckIn { appointment, language: None, needs: Vec::new() })
}

fn place(run: &Run, ticket: u64) -> Place {
    run.hall.ticket(TicketId(ticket)).unwrap().place
}

fn state(run: &Run, counter: u16) -> CounterState {
    run.hall.counter(CounterNumber(counter)).unwrap().state.clone()
}

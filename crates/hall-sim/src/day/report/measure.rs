//! Records measured one by one, so that a running hub's stream is measured as a journal is.

use std::collections::{BTreeMap, HashMap};

use hall_core::{
    Awaits, BusinessDay, CallReason, Counter, CounterNumber, Event, Issued, Plan, Punctuality, Record,
    ServiceId, TicketId, Timestamp,
};

use super::overtakes::{Count, Line, Waiting};
use super::staffing::Clocked;
use super::{Part, Report, Tickets, Waits};

/// Takes records and reports on them.
pub struct Measure<'a> {
    plan: &'a Plan,
    speed: f64,
    services: HashMap<&'a ServiceId, usize>,
    tickets: HashMap<TicketId, Track>,
    lines: Vec<Line>,
    overtakes: Count,
    clocked: Clocked,
    counted: Tickets,
    day: Option<BusinessDay>,
    last_at: Timestamp,
}

/// What is known of a ticket.
struct Track {
    waiting: Waiting,
    class: Option<usize>,
    /// The service it was taken for, and the one it is for now.
    first: Option<usize>,
    now_for: Option<usize>,
    waits_since: Option<Timestamp>,
    first_wait_ms: Option<i64>,
    waited_ms: i64,
    fate: Fate,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Open,
    Served,
    NoShow,
    Cancelled,
    Abandoned,
    Expired,
}

impl<'a> Measure<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        Self::at_speed(plan, 1.0)
    }

    /// On a hall where people act so many times faster than the clock of the records goes.
    pub fn at_speed(plan: &'a Plan, speed: f64) -> Self {
        Self {
            plan,
            speed,
            services: plan.services.iter().enumerate().map(|(i, service)| (&service.id, i)).collect(),
            tickets: HashMap::new(),
            lines: vec![Line::default(); plan.services.len()],
            overtakes: Count::default(),
            clocked: Clocked::new(plan.hall.utc_offset),
            counted: Tickets::default(),
            day: None,
            last_at: Timestamp::from_ms(0),
        }
    }

    /// What a counter is doing before the first record.
    pub fn begin(&mut self, number: CounterNumber, counter: &Counter) {
        self.clocked.begin(number, counter);
    }

    pub fn take(&mut self, Record { at, event, .. }: &Record) {
        self.last_at = *at;
        self.clocked.take(event, *at);
        self.count(event);
        match event {
            Event::TicketIssued(issued) => self.take_number(issued, *at),
            Event::TicketCalled { ticket, reason, .. } => self.call(*ticket, reason, *at),
            Event::TicketTransferred { ticket, to, awaits, .. }
            | Event::TicketSentOn { ticket, to, awaits, .. } => {
                let service = self.services.get(to).copied();
                self.wait_again(*ticket, awaits, *at, |track| track.now_for = service);
            }
            Event::TicketResumed { ticket, awaits, .. } => self.wait_again(*ticket, awaits, *at, |_| {}),
            Event::TicketReinstated { ticket, awaits, .. } => {
                self.wait_again(*ticket, awaits, *at, |track| {
                    track.fate = Fate::Open;
                    track.waiting.plain = false;
                })
            }
            Event::TicketReleased { ticket, .. } => self.join_line(*ticket),
            Event::ServiceFinished { ticket, .. } => self.settle(*ticket, Fate::Served),
            Event::TicketMissed { ticket, .. } => self.settle(*ticket, Fate::NoShow),
            Event::TicketCancelled { ticket, .. } => self.settle(*ticket, Fate::Cancelled),
            Event::TicketAbandoned { ticket, .. } => self.settle(*ticket, Fate::Abandoned),
            Event::TicketExpired { ticket, .. } => self.settle(*ticket, Fate::Expired),
            _ => {}
        }
    }

    fn count(&mut self, event: &Event) {
        let counted = &mut self.counted;
        let count = match event {
            Event::TicketIssued(issued) => {
                counted.checked_in += usize::from(issued.appointment.is_some());
                &mut counted.issued
            }
            Event::DayOpened { day, carried, .. } => {
                let today = carried.appointments.iter().filter(|it| self.plan.date(it.slot) == *day);
                (counted.booked, self.day) = (today.count(), Some(*day));
                return;
            }
            Event::AppointmentBooked(booked) if self.day == Some(self.plan.date(booked.slot)) => {
                &mut counted.booked
            }
            Event::ServedDirect { .. } => &mut counted.direct,
            Event::TicketCalled { .. } => &mut counted.calls,
            Event::TicketRecalled { .. } => &mut counted.recalls,
            Event::TicketMissed { .. } => &mut counted.missed_calls,
            Event::TicketReinstated { .. } => &mut counted.reinstated,
            Event::TicketTransferred { .. } => &mut counted.transferred,
            Event::TicketSentOn { .. } => &mut counted.sent_on,
            Event::TicketParked { .. } => &mut counted.parked,
            Event::AppointmentMissed { .. } => &mut counted.appointments_missed,
            _ => return,
        };
        *count += 1;
    }

    fn take_number(&mut self, issued: &Issued, at: Timestamp) {
        let early = issued.appointment.filter(|checked_in| checked_in.punctuality == Punctuality::Early);
        let service = self.services.get(&issued.service).copied();
        let waiting = Waiting { arrived: at, ticket: issued.ticket, plain: issued.appointment.is_none() };
        let track = Track {
            waiting,
            class: self.plan.classes.iter().position(|class| class.id == issued.class),
            first: service,
            now_for: service,
            waits_since: Some(early.map_or(at, |checked_in| checked_in.slot.max(at))),
            first_wait_ms: None,
            waited_ms: 0,
            fate: Fate::Open,
        };
        self.tickets.insert(issued.ticket, track);
        self.join_line(issued.ticket);
    }

    fn join_line(&mut self, ticket: TicketId) {
        let Some(track) = self.tickets.get(&ticket) else { return };
        if let Some(line) = track.now_for.and_then(|service| self.lines.get_mut(service)) {
            line.join(track.waiting);
        }
    }

    fn wait_again(
        &mut self,
        ticket: TicketId,
        awaits: &Awaits,
        at: Timestamp,
        change: impl FnOnce(&mut Track),
    ) {
        let Some(track) = self.tickets.get_mut(&ticket) else { return };
        change(track);
        track.waits_since = Some(at);
        if *awaits == Awaits::Service {
            self.join_line(ticket);
        }
    }

    fn call(&mut self, ticket: TicketId, reason: &CallReason, at: Timestamp) {
        let Some(track) = self.tickets.get_mut(&ticket) else { return };
        let Some(since) = track.waits_since.take() else { return };
        let waited_ms = (at.as_ms() - since.as_ms()).max(0);
        track.waited_ms += waited_ms;
        track.first_wait_ms.get_or_insert(waited_ms);
        if let Some(line) = track.now_for.and_then(|service| self.lines.get_mut(service)) {
            line.leave(track.waiting);
            if *reason != CallReason::SentHere {
                self.overtakes.called(track.waiting, line, reason);
            }
        }
    }

    fn settle(&mut self, ticket: TicketId, fate: Fate) {
        let Some(track) = self.tickets.get_mut(&ticket) else { return };
        track.fate = fate;
        track.waits_since = None;
        if let Some(line) = track.now_for.and_then(|service| self.lines.get_mut(service)) {
            line.leave(track.waiting);
        }
    }

    /// The report on all records taken.
    pub fn report(mut self) -> Report {
        for track in self.tickets.values() {
            let count = match track.fate {
                Fate::Open => &mut self.counted.open,
                Fate::Served => &mut self.counted.served,
                Fate::NoShow => &mut self.counted.no_show,
                Fate::Cancelled => &mut self.counted.cancelled,
                Fate::Abandoned => &mut self.counted.abandoned,
                Fate::Expired => &mut self.counted.expired,
            };
            *count += 1;
        }
        let called: Vec<&Track> =
            self.tickets.values().filter(|track| track.first_wait_ms.is_some()).collect();
        let paced = |ms: i64| (ms as f64 * self.speed) as i64;
        let first_waits = |of: &dyn Fn(&Track) -> bool| {
            let waits = called.iter().filter(|track| of(track)).filter_map(|track| track.first_wait_ms);
            Waits::of(waits.map(paced).collect())
        };
        let by_class = self.plan.classes.iter().enumerate().map(|(i, class)| Part {
            id: class.id.clone(),
            name: class.name.clone(),
            name_en: class.name_en.clone(),
            waits: first_waits(&|track| track.class == Some(i)),
        });
        let (by_class, waits) = (by_class.collect(), first_waits(&|_| true));
        Report {
            refused: BTreeMap::new(),
            waits,
            waits_all_legs: Waits::of(called.iter().map(|track| paced(track.waited_ms)).collect()),
            by_class,
            by_service: by_service(self.plan, &called, paced),
            overtakes: self.overtakes.counted(self.speed),
            staffing: self.clocked.until(self.last_at),
            forecast: None,
            tickets: self.counted,
        }
    }
}

fn by_service(plan: &Plan, called: &[&Track], paced: impl Fn(i64) -> i64) -> Vec<Part<ServiceId>> {
    let mut waits = vec![Vec::new(); plan.services.len()];
    for track in called {
        if let (Some(service), Some(ms)) = (track.first, track.first_wait_ms) {
            waits[service].push(paced(ms));
        }
    }
    let called_for = plan.services.iter().zip(waits).filter(|(_, waits)| !waits.is_empty());
    let part = called_for.map(|(service, waits)| Part {
        id: service.id.clone(),
        name: service.name.clone(),
        name_en: service.name_en.clone(),
        waits: Waits::of(waits),
    });
    part.collect()
}

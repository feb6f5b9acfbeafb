//! Citizens and staff of a scenario: what they ask of the hall, and how they take what happens. They act alike on the
//! rules themselves and on a running hub; nothing here knows which it is.

mod agenda;
mod citizens;
mod guide;
mod staff;

use std::collections::HashMap;

use hall_core::{AppointmentId, Command, CounterNumber, Event, Plan, TicketId, Timestamp};

use super::scenario::{Coming, Ending, Scenario, Stop};
use agenda::{Agenda, Happening};
use citizens::{Citizen, Place};
use guide::Guide;
use staff::{Desk, Doing};

/// Between a call nobody follows and the next one, or giving up.
const CALLED_IN_VAIN_MS: i64 = 30_000;
/// Of somebody who is not of the scenario, on a hub that serves others too.
const STRANGER_WALK_MS: i64 = 20_000;
const STRANGER_SERVICE_MS: i64 = 300_000;

/// Something asked of the hall.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub who: Who,
    pub command: Command,
}

/// Who asks: an index of the scenario's visits or shifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Citizen(usize),
    Staff(usize),
}

/// Everybody in a scenario, and how far they have got.
pub struct Players<'a> {
    scenario: &'a Scenario,
    recalls: bool,
    guide: Guide<'a>,
    agenda: Agenda,
    citizens: Vec<Citizen>,
    desks: Vec<Desk>,
    desk_of: HashMap<CounterNumber, usize>,
    holders: HashMap<TicketId, usize>,
    /// Numbers nobody has claimed yet, and whether they have been called.
    unclaimed: HashMap<TicketId, bool>,
    day_over: bool,
}

impl<'a> Players<'a> {
    /// Everybody at the beginning of the day.
    pub fn new(scenario: &'a Scenario, plan: &'a Plan) -> Self {
        let mut agenda = Agenda::default();
        for (i, visit) in scenario.visits.iter().enumerate() {
            if !matches!(visit.coming, Coming::Booked { comes: false, .. }) {
                agenda.put(visit.at, Happening::Arrives(i));
            }
        }
        for (i, shift) in scenario.shifts.iter().enumerate() {
            for spell in &shift.spells {
                agenda.put(spell.opens, Happening::Opens(i));
                agenda.put(spell.closes, Happening::Closes(i));
            }
            for (j, pause) in shift.breaks.iter().enumerate() {
                agenda.put(pause.at, Happening::BreakComes(i, j));
            }
        }
        for (i, (at, ..)) in scenario.profiles.iter().enumerate() {
            agenda.put(*at, Happening::ProfileComes(i));
        }
        let shifts = scenario.shifts.iter().enumerate();
        Self {
            scenario,
            recalls: plan.queue.call_limit > 1,
            guide: Guide::new(plan, scenario),
            agenda,
            citizens: vec![Citizen::default(); scenario.visits.len()],
            desks: scenario.shifts.iter().map(|_| Desk::default()).collect(),
            desk_of: shifts.map(|(i, shift)| (shift.counter, i)).collect(),
            holders: HashMap::new(),
            unclaimed: HashMap::new(),
            day_over: false,
        }
    }

    /// When somebody next does something.
    pub fn next_at(&self) -> Option<Timestamp> {
        self.agenda.next_at()
    }

    /// What is asked next, by `now`; none when nobody asks for anything yet.
    pub fn act(&mut self, now: Timestamp) -> Option<Ask> {
        while let Some((at, happening)) = self.agenda.take_due(now) {
            let ask = self.happen(happening, at, now);
            if let Some(Ask { who: Who::Staff(desk), .. }) = ask {
                self.desks[desk].asking = true;
            }
            if ask.is_some() {
                return ask;
            }
        }
        None
    }

    /// The appointment a citizen has booked.
    pub fn booked(&mut self, visit: usize, appointment: AppointmentId) {
        self.citizens[visit].appointment = Some(appointment);
    }

    /// The number a citizen was given.
    pub fn has_number(&mut self, visit: usize, ticket: TicketId, now: Timestamp) {
        self.holders.insert(ticket, visit);
        self.citizens[visit].ticket = Some(ticket);
        if let Some(called) = self.unclaimed.remove(&ticket) {
            self.take_number(visit, now);
            if called {
                self.hear_call(visit);
            }
        }
    }

    /// Takes in what has happened.
    pub fn heard(&mut self, event: &Event, now: Timestamp) {
        match event {
            Event::DayClosed { .. } => self.day_over = true,
            Event::DayOpened { .. } => self.day_over = false,
            Event::TicketIssued(issued) => match self.holders.get(&issued.ticket) {
                Some(visit) => self.take_number(*visit, now),
                None => _ = self.unclaimed.insert(issued.ticket, false),
            },
            Event::ServedDirect { ticket, counter, .. } => self.meet_directly(*counter, *ticket),
            Event::TicketCalled { ticket, .. } => {
                if let Some(called) = self.unclaimed.get_mut(ticket) {
                    *called = true;
                }
            }
            _ => {}
        }
        if let Some(visit) = event.ticket().and_then(|ticket| self.holders.get(&ticket)) {
            self.follow(*visit, event, now);
        }
        if let Some(desk) = event.counter().and_then(|counter| self.desk_of.get(&counter)) {
            self.turn_to(*desk, event, now);
        }
        self.notice(event, now);
    }

    /// Takes in that something was answered, whatever the answer.
    pub fn answered(&mut self, ask: &Ask) {
        if let Who::Staff(desk) = ask.who {
            self.desks[desk].asking = false;
        }
    }

    /// Takes in that something was refused.
    pub fn refused(&mut self, ask: &Ask, now: Timestamp) {
        match ask.who {
            Who::Citizen(visit) => self.turned_away(visit, &ask.command, now),
            Who::Staff(desk) => self.put_right(desk, &ask.command, now),
        }
    }

    /// Whether the rules may refuse this to people who do nothing wrong.
    pub fn may_be_refused(ask: &Ask) -> bool {
        match ask.command {
            Command::Transfer { .. }
            | Command::SendOn { .. }
            | Command::Park { .. }
            | Command::ServeDirect { .. }
            | Command::SetProfile { .. }
            | Command::CallTicket { .. } => true,
            _ => matches!(ask.who, Who::Citizen(_)),
        }
    }

    fn happen(&mut self, happening: Happening, planned: Timestamp, now: Timestamp) -> Option<Ask> {
        match happening {
            Happening::Arrives(visit) => self.arrive(visit, now),
            Happening::Tires(visit, stop) => self.tire(visit, stop),
            Happening::Returns(visit) => self.come_back(visit),
            Happening::FormDone(visit) => self.form_done(visit, now),
            Happening::Opens(desk) => self.open(desk),
            Happening::Closes(desk) => self.want_to_close(desk, now),
            Happening::BreakComes(desk, pause) => self.want_a_break(desk, pause, now),
            Happening::BreakEnds(desk) => self.end_break(desk),
            Happening::ProfileComes(change) => self.change_profile(change),
            Happening::Looks(desk) => self.look_as_planned(desk, planned, now),
            Happening::Reaches(desk, ticket) => self.reached(desk, ticket),
            Happening::Recalls(desk, ticket) => self.recall(desk, ticket, now),
            Happening::GivesUp(desk, ticket) => self.give_up(desk, ticket),
            Happening::Ends(desk, ticket) => self.end(desk, ticket),
        }
    }

    /// Where a citizen of the scenario is in their way.
    fn stop(&self, visit: usize) -> &'a Stop {
        let stops = &self.scenario.visits[visit].stops;
        &stops[self.citizens[visit].stop.min(stops.len() - 1)]
    }

    fn staff_ask(&self, desk: usize, command: impl FnOnce(CounterNumber) -> Command) -> Option<Ask> {
        let counter = self.scenario.shifts[desk].counter;
        Some(Ask { who: Who::Staff(desk), command: command(counter) })
    }

    /// What staff ask at the end of a stop.
    fn ending(counter: CounterNumber, ticket: TicketId, ending: &Ending) -> Command {
        match ending {
            Ending::Served => Command::FinishService { counter, ends_here: false },
            Ending::ServedForGood => Command::FinishService { counter, ends_here: true },
            Ending::Transferred(to) => Command::Transfer { counter, to: to.clone() },
            Ending::SentOn { legs, and_back } => {
                Command::SendOn { counter, legs: legs.clone(), and_back: *and_back }
            }
            Ending::Parked { away_ms, .. } => {
                let minutes = (away_ms / 60_000).clamp(1, 480) as u32;
                Command::Park { counter, remind_after_min: Some(minutes) }
            }
            Ending::Leaves => Command::AbandonTicket { ticket },
        }
    }

    /// Tells those who could call somebody that there is somebody.
    fn notice(&mut self, event: &Event, now: Timestamp) {
        let (awaits, service) = match event {
            Event::TicketIssued(issued) => (None, Some(&issued.service)),
            Event::TicketTransferred { awaits, to, .. } | Event::TicketSentOn { awaits, to, .. } => {
                (Some(awaits), Some(to))
            }
            Event::TicketResumed { ticket, awaits, .. } | Event::TicketReinstated { ticket, awaits, .. } => {
                (Some(awaits), self.holders.get(ticket).map(|visit| &self.stop(*visit).service))
            }
            Event::TicketReleased { ticket, .. } => {
                (None, self.holders.get(ticket).map(|visit| &self.stop(*visit).service))
            }
            _ => return,
        };
        for desk in self.guide.who_calls(awaits, service, &self.desk_of, self.scenario) {
            self.look_soon(desk, now);
        }
    }

    /// A citizen is done, whatever came of it.
    fn settle(&mut self, visit: usize) {
        let stops = &self.scenario.visits[visit].stops;
        let citizen = &mut self.citizens[visit];
        citizen.place = Place::Gone;
        self.guide.expect_no_longer(&stops[citizen.awaited_from.min(stops.len())..]);
        citizen.awaited_from = stops.len();
    }

    fn is_idle(&self, desk: usize) -> bool {
        self.desks[desk].doing == Doing::Idle
    }
}

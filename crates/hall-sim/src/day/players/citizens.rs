//! Citizens: taking a number, waiting, coming when called or not, going on, losing patience.

use hall_core::{AppointmentId, Command, CounterNumber, Event, TicketId, Timestamp};

use super::agenda::Happening;
use super::staff::Doing;
use super::{Ask, Players, Who};
use crate::day::scenario::{Back, Coming, Ending};

/// Somebody whose call was given up while they were on the way is brought back after so long.
const TOO_SLOW_MS: i64 = 60_000;

/// Where a citizen is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    #[default]
    Away,
    Waiting,
    /// Called, at a counter, or on the way there.
    Called,
    Parked,
    Missing,
    Gone,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Citizen {
    pub place: Place,
    pub ticket: Option<TicketId>,
    pub appointment: Option<AppointmentId>,
    /// The stop they are at, or wait for.
    pub stop: usize,
    /// From which stop on they are still expected; as many as they have when at none.
    pub awaited_from: usize,
    /// Calls to the present stop they have missed.
    pub missed: usize,
    /// Does not come for the present call.
    pub stays_away: bool,
    /// Is to be done at this counter, although there was more to come.
    pub finishes: bool,
    /// The desk of the last call.
    pub desk: Option<usize>,
}

impl Players<'_> {
    pub(super) fn arrive(&mut self, visit: usize, now: Timestamp) -> Option<Ask> {
        let planned = &self.scenario.visits[visit];
        let (who, citizen) = (Who::Citizen(visit), &self.citizens[visit]);
        let command = match (planned.coming, citizen.appointment) {
            (Coming::Direct(counter), _) => {
                self.come_directly(visit, counter, now);
                return None;
            }
            (Coming::Booked { .. }, Some(appointment)) => {
                let (language, needs) = (planned.wish.language.clone(), planned.wish.needs.clone());
                Command::CheckIn { appointment, language, needs }
            }
            _ => Command::IssueTicket(planned.wish.clone()),
        };
        Some(Ask { who, command })
    }

    fn come_directly(&mut self, visit: usize, counter: CounterNumber, now: Timestamp) {
        if let Some(desk) = self.desk_of.get(&counter).copied() {
            self.desks[desk].at_the_counter.push_back(visit);
            self.look_soon(desk, now);
        }
    }

    /// A number was given.
    pub(super) fn take_number(&mut self, visit: usize, now: Timestamp) {
        let planned = &self.scenario.visits[visit];
        self.guide.expect(&planned.stops);
        let citizen = &mut self.citizens[visit];
        (citizen.place, citizen.awaited_from) = (Place::Waiting, 0);
        let due = match planned.coming {
            Coming::Booked { slot, .. } => slot.max(now),
            Coming::WalkIn | Coming::Direct(_) => now,
        };
        self.plan_tiring(visit, due);
    }

    /// Those at a counter without a number have one for the books.
    pub(super) fn meet_directly(&mut self, counter: CounterNumber, ticket: TicketId) {
        let desk = self.desk_of.get(&counter).map(|desk| &mut self.desks[*desk]);
        let Some(visit) = desk.and_then(|desk| desk.at_the_counter.pop_front()) else { return };
        self.holders.insert(ticket, visit);
        let citizen = &mut self.citizens[visit];
        (citizen.ticket, citizen.place, citizen.awaited_from) = (Some(ticket), Place::Called, 1);
        self.guide.expect(&self.scenario.visits[visit].stops[1..]);
    }

    fn plan_tiring(&mut self, visit: usize, from: Timestamp) {
        if let Some(patience) = self.stop(visit).patience {
            let stop = self.citizens[visit].stop;
            self.agenda.put(from.plus_ms(patience.ms), Happening::Tires(visit, stop));
        }
    }

    pub(super) fn tire(&mut self, visit: usize, stop: usize) -> Option<Ask> {
        let citizen = &self.citizens[visit];
        if citizen.place != Place::Waiting || citizen.stop != stop {
            return None;
        }
        let ticket = citizen.ticket?;
        let withdraws = self.stop(visit).patience.is_some_and(|patience| patience.withdraws);
        let command = match withdraws {
            true => Command::CancelTicket { ticket },
            false => Command::AbandonTicket { ticket },
        };
        Some(Ask { who: Who::Citizen(visit), command })
    }

    pub(super) fn come_back(&mut self, visit: usize) -> Option<Ask> {
        let citizen = &self.citizens[visit];
        let ticket = citizen.ticket.filter(|_| citizen.place == Place::Missing)?;
        Some(Ask { who: Who::Citizen(visit), command: Command::Reinstate { ticket } })
    }

    pub(super) fn form_done(&mut self, visit: usize, now: Timestamp) -> Option<Ask> {
        let citizen = &self.citizens[visit];
        let ticket = citizen.ticket.filter(|_| citizen.place == Place::Parked)?;
        let parked_by = &self.scenario.visits[visit].stops[citizen.stop.saturating_sub(1)];
        if let (Ending::Parked { back: Back::IsCalled, .. }, Some(desk)) = (&parked_by.ending, citizen.desk)
            && matches!(self.desks[desk].doing, Doing::Idle | Doing::Busy { .. })
        {
            self.desks[desk].to_call_back.push_back(ticket);
            self.look_soon(desk, now);
            return None;
        }
        Some(Ask { who: Who::Citizen(visit), command: Command::Resume { ticket } })
    }

    /// The call is for them.
    pub(super) fn hear_call(&mut self, visit: usize) {
        let stops = &self.scenario.visits[visit].stops;
        let citizen = &mut self.citizens[visit];
        citizen.place = Place::Called;
        let here = citizen.awaited_from.min(stops.len());
        citizen.awaited_from = (citizen.stop + 1).min(stops.len());
        self.guide.expect_no_longer(&stops[here..citizen.awaited_from.max(here)]);
    }

    /// What has happened to a citizen's ticket.
    pub(super) fn follow(&mut self, visit: usize, event: &Event, now: Timestamp) {
        match event {
            Event::TicketCalled { counter, .. } => {
                self.citizens[visit].desk = self.desk_of.get(counter).copied();
                self.hear_call(visit);
            }
            Event::TicketMissed { .. } => self.miss(visit, now),
            Event::TicketTransferred { .. } | Event::TicketSentOn { .. } => {
                self.go_on(visit, Place::Waiting);
                self.plan_tiring(visit, now);
            }
            Event::TicketParked { .. } => {
                let away_ms = match self.stop(visit).ending {
                    Ending::Parked { away_ms, .. } => away_ms,
                    _ => 0,
                };
                self.go_on(visit, Place::Parked);
                self.agenda.put(now.plus_ms(away_ms), Happening::FormDone(visit));
            }
            Event::TicketResumed { .. } => self.citizens[visit].place = Place::Waiting,
            Event::TicketReinstated { .. } => {
                let stops = &self.scenario.visits[visit].stops;
                let citizen = &mut self.citizens[visit];
                (citizen.place, citizen.awaited_from) = (Place::Waiting, citizen.stop.min(stops.len()));
                self.guide.expect(&stops[citizen.awaited_from..]);
            }
            Event::ServiceFinished { .. }
            | Event::TicketCancelled { .. }
            | Event::TicketAbandoned { .. }
            | Event::TicketExpired { .. } => self.settle(visit),
            _ => {}
        }
    }

    fn miss(&mut self, visit: usize, now: Timestamp) {
        // Somebody on the way whose time was up comes to the counter and is brought back at once.
        let missed = self.citizens[visit].missed.checked_sub(1).and_then(|i| self.stop(visit).misses.get(i));
        let back_after_ms = missed.map_or(Some(TOO_SLOW_MS), |miss| miss.back_after_ms);
        self.settle(visit);
        if let Some(ms) = back_after_ms {
            self.citizens[visit].place = Place::Missing;
            self.agenda.put(now.plus_ms(ms), Happening::Returns(visit));
        }
    }

    /// To the next stop; those who have no other take the last one again.
    fn go_on(&mut self, visit: usize, place: Place) {
        let stops = &self.scenario.visits[visit].stops;
        let citizen = &mut self.citizens[visit];
        (citizen.place, citizen.missed, citizen.stays_away) = (place, 0, false);
        if citizen.stop + 1 < stops.len() {
            citizen.stop += 1;
        } else {
            citizen.awaited_from = citizen.stop;
            self.guide.expect(&stops[citizen.stop..]);
        }
    }

    /// A citizen did not get what they asked for.
    pub(super) fn turned_away(&mut self, visit: usize, command: &Command, now: Timestamp) {
        match command {
            // Whoever cannot check in takes a number like everybody else.
            Command::CheckIn { .. } => {
                self.citizens[visit].appointment = None;
                self.agenda.put(now, Happening::Arrives(visit));
            }
            Command::IssueTicket(_) | Command::Reinstate { .. } => self.settle(visit),
            _ => {}
        }
    }
}

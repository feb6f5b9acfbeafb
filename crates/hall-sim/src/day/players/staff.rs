//! Staff: opening, calling, recalling, giving up, serving, breaks, and going home when nobody is left.

use std::collections::VecDeque;

use hall_core::{Command, Event, TicketId, Timestamp};

use super::agenda::Happening;
use super::citizens::Place;
use super::{Ask, CALLED_IN_VAIN_MS, Players, STRANGER_SERVICE_MS, STRANGER_WALK_MS};
use crate::day::scenario::Ending;

/// How often staff look again who have a reason to, although nobody new has come.
const LOOKS_AGAIN_MS: i64 = 60_000;

/// What a desk is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Doing {
    #[default]
    Closed,
    Paused,
    Idle,
    Busy {
        ticket: TicketId,
        serving: bool,
    },
}

#[derive(Debug, Default)]
pub(super) struct Desk {
    pub doing: Doing,
    /// Citizens without a number.
    pub at_the_counter: VecDeque<usize>,
    /// Parked tickets it is to call back.
    pub to_call_back: VecDeque<TicketId>,
    break_due: Option<usize>,
    wants_to_close: bool,
    /// Spells begun.
    spells: usize,
    /// Has asked for something and not been answered yet.
    pub asking: bool,
    /// When it looks next who is there; an earlier plan replaces a later one.
    looks_at: Option<Timestamp>,
}

impl Players<'_> {
    pub(super) fn open(&mut self, desk: usize) -> Option<Ask> {
        let staff = self.scenario.shifts[desk].staff.clone();
        self.desks[desk].wants_to_close = false;
        self.desks[desk].spells += 1;
        self.staff_ask(desk, |counter| Command::OpenCounter { counter, staff })
    }

    pub(super) fn want_to_close(&mut self, desk: usize, now: Timestamp) -> Option<Ask> {
        self.desks[desk].wants_to_close = true;
        match self.desks[desk].doing {
            Doing::Paused => self.close_or_stay(desk, now),
            Doing::Idle => self.look(desk, now),
            Doing::Closed | Doing::Busy { .. } => None,
        }
    }

    /// Closes, unless somebody may still come for whom the staff stay after their last spell.
    fn close_or_stay(&mut self, desk: usize, now: Timestamp) -> Option<Ask> {
        let last = self.desks[desk].spells >= self.scenario.shifts[desk].spells.len();
        let stays = last && !self.day_over && self.guide.has_yet_to_serve(desk);
        if !stays {
            return self.staff_ask(desk, |counter| Command::CloseCounter { counter });
        }
        if self.desks[desk].doing == Doing::Paused {
            let staff = self.scenario.shifts[desk].staff.clone();
            return self.staff_ask(desk, |counter| Command::OpenCounter { counter, staff });
        }
        self.plan_look(desk, now.plus_ms(LOOKS_AGAIN_MS));
        self.staff_ask(desk, |counter| Command::CallNext { counter })
    }

    pub(super) fn want_a_break(&mut self, desk: usize, pause: usize, now: Timestamp) -> Option<Ask> {
        self.desks[desk].break_due = Some(pause);
        if self.is_idle(desk) { self.look(desk, now) } else { None }
    }

    pub(super) fn end_break(&mut self, desk: usize) -> Option<Ask> {
        let staff = self.scenario.shifts[desk].staff.clone();
        let paused = self.desks[desk].doing == Doing::Paused;
        paused.then(|| self.staff_ask(desk, |counter| Command::OpenCounter { counter, staff }))?
    }

    pub(super) fn change_profile(&mut self, change: usize) -> Option<Ask> {
        let (_, counter, profile) = &self.scenario.profiles[change];
        let desk = *self.desk_of.get(counter)?;
        let profile = profile.clone();
        self.staff_ask(desk, |counter| Command::SetProfile { counter, profile })
    }

    /// Has an idle desk look, a moment later, who is there.
    pub(super) fn look_soon(&mut self, desk: usize, now: Timestamp) {
        self.plan_look(desk, now.plus_ms(self.scenario.shifts[desk].press_ms));
    }

    fn plan_look(&mut self, desk: usize, at: Timestamp) {
        if self.is_idle(desk) && self.desks[desk].looks_at.is_none_or(|planned| at < planned) {
            self.desks[desk].looks_at = Some(at);
            self.agenda.put(at, Happening::Looks(desk));
        }
    }

    pub(super) fn look_as_planned(&mut self, desk: usize, planned: Timestamp, now: Timestamp) -> Option<Ask> {
        if self.desks[desk].looks_at == Some(planned) { self.look(desk, now) } else { None }
    }

    fn look(&mut self, desk: usize, now: Timestamp) -> Option<Ask> {
        self.desks[desk].looks_at = None;
        if !self.is_idle(desk) {
            return None;
        }
        if self.desks[desk].asking {
            self.look_soon(desk, now);
            return None;
        }
        if let Some(pause) = self.desks[desk].break_due {
            let reason = self.scenario.shifts[desk].breaks[pause].reason.clone();
            return self.staff_ask(desk, |counter| Command::PauseCounter { counter, reason });
        }
        if let Some(visit) = self.desks[desk].at_the_counter.front() {
            let wish = &self.scenario.visits[*visit].wish;
            let (service, class) = (wish.service.clone(), wish.class.clone());
            return self.staff_ask(desk, |counter| Command::ServeDirect { counter, service, class });
        }
        while let Some(ticket) = self.desks[desk].to_call_back.pop_front() {
            let visit = self.holders.get(&ticket);
            if visit.is_some_and(|visit| self.citizens[*visit].place == Place::Parked) {
                return self.staff_ask(desk, |counter| Command::CallTicket { counter, ticket });
            }
        }
        if self.desks[desk].wants_to_close {
            return self.close_or_stay(desk, now);
        }
        if self.guide.looks_again(desk) {
            self.plan_look(desk, now.plus_ms(LOOKS_AGAIN_MS));
        }
        self.staff_ask(desk, |counter| Command::CallNext { counter })
    }

    pub(super) fn reached(&mut self, desk: usize, ticket: TicketId) -> Option<Ask> {
        let waits = self.desks[desk].doing == Doing::Busy { ticket, serving: false };
        waits.then(|| self.staff_ask(desk, |counter| Command::StartService { counter }))?
    }

    pub(super) fn recall(&mut self, desk: usize, ticket: TicketId, now: Timestamp) -> Option<Ask> {
        let waits = self.desks[desk].doing == Doing::Busy { ticket, serving: false };
        if waits {
            self.agenda.put(now.plus_ms(CALLED_IN_VAIN_MS), Happening::GivesUp(desk, ticket));
        }
        (waits && self.recalls).then(|| self.staff_ask(desk, |counter| Command::Recall { counter }))?
    }

    /// Nobody came: a no-show or, where serving begins by itself, somebody who has left.
    pub(super) fn give_up(&mut self, desk: usize, ticket: TicketId) -> Option<Ask> {
        match self.desks[desk].doing {
            Doing::Busy { ticket: here, serving: false } if here == ticket => {
                self.staff_ask(desk, |counter| Command::NoShow { counter, timed: false })
            }
            Doing::Busy { ticket: here, serving: true } if here == ticket => {
                self.staff_ask(desk, |_| Command::AbandonTicket { ticket })
            }
            _ => None,
        }
    }

    pub(super) fn end(&mut self, desk: usize, ticket: TicketId) -> Option<Ask> {
        if self.desks[desk].doing != (Doing::Busy { ticket, serving: true }) {
            return None;
        }
        let visit = self.holders.get(&ticket);
        let ending = match visit {
            Some(visit) if self.citizens[*visit].finishes => &Ending::ServedForGood,
            Some(visit) => &self.stop(*visit).ending,
            None => &Ending::Served,
        };
        self.staff_ask(desk, |counter| Self::ending(counter, ticket, ending))
    }

    /// What has happened at a desk.
    pub(super) fn turn_to(&mut self, desk: usize, event: &Event, now: Timestamp) {
        match event {
            Event::TicketCalled { ticket, .. } => {
                self.desks[desk].doing = Doing::Busy { ticket: *ticket, serving: false };
                self.expect_at(desk, *ticket, now);
            }
            Event::TicketRecalled { .. } => {}
            Event::ServiceStarted { ticket, .. } | Event::ServedDirect { ticket, .. } => {
                self.desks[desk].doing = Doing::Busy { ticket: *ticket, serving: true };
                let visit = self.holders.get(ticket);
                let service_ms = visit.map_or(STRANGER_SERVICE_MS, |visit| self.stop(*visit).service_ms);
                let is_there = visit.is_none_or(|visit| !self.citizens[*visit].stays_away);
                if is_there {
                    self.agenda.put(now.plus_ms(service_ms), Happening::Ends(desk, *ticket));
                }
            }
            Event::CounterPaused { .. } => {
                self.desks[desk].doing = Doing::Paused;
                if let Some(pause) = self.desks[desk].break_due.take() {
                    let lasts_ms = self.scenario.shifts[desk].breaks[pause].lasts_ms;
                    self.agenda.put(now.plus_ms(lasts_ms), Happening::BreakEnds(desk));
                }
            }
            Event::CounterClosed { .. } => self.desks[desk].doing = Doing::Closed,
            Event::ProfileSet { counter, profile } => {
                self.guide.change(desk, *counter, profile.as_ref());
                self.look_soon(desk, now);
            }
            _ => {
                self.desks[desk].doing = Doing::Idle;
                self.look_soon(desk, now);
            }
        }
    }

    /// Whether and when the citizen who was called will be here.
    fn expect_at(&mut self, desk: usize, ticket: TicketId, now: Timestamp) {
        let Some(visit) = self.holders.get(&ticket).copied() else {
            self.agenda.put(now.plus_ms(STRANGER_WALK_MS), Happening::Reaches(desk, ticket));
            return;
        };
        let stop = self.stop(visit);
        let citizen = &mut self.citizens[visit];
        citizen.stays_away = citizen.missed < stop.misses.len();
        if citizen.stays_away {
            citizen.missed += 1;
            self.agenda.put(now.plus_ms(CALLED_IN_VAIN_MS), Happening::Recalls(desk, ticket));
        } else {
            self.agenda.put(now.plus_ms(stop.walk_ms), Happening::Reaches(desk, ticket));
        }
    }

    /// Staff did not get what they asked for: a citizen who cannot be sent anywhere is served here.
    pub(super) fn put_right(&mut self, desk: usize, command: &Command, now: Timestamp) {
        match (command, self.desks[desk].doing) {
            (Command::Transfer { .. } | Command::Park { .. }, Doing::Busy { ticket, serving: true }) => {
                self.serve_on(desk, ticket, now);
            }
            (Command::SendOn { .. }, Doing::Busy { ticket, serving: true }) => {
                self.finish_here(desk, ticket, now);
            }
            (Command::ServeDirect { .. }, _) => _ = self.desks[desk].at_the_counter.pop_front(),
            (Command::PauseCounter { .. }, _) => self.desks[desk].break_due = None,
            (Command::CallTicket { ticket, .. }, _) => self.desks[desk].to_call_back.push_back(*ticket),
            _ => {}
        }
        self.plan_look(desk, now.plus_ms(LOOKS_AGAIN_MS));
    }

    fn serve_on(&mut self, desk: usize, ticket: TicketId, now: Timestamp) {
        let Some(visit) = self.holders.get(&ticket).copied() else { return };
        if self.citizens[visit].stop + 1 >= self.scenario.visits[visit].stops.len() {
            return self.finish_here(desk, ticket, now);
        }
        self.citizens[visit].stop += 1;
        self.hear_call(visit);
        let service_ms = self.stop(visit).service_ms;
        self.agenda.put(now.plus_ms(service_ms), Happening::Ends(desk, ticket));
    }

    fn finish_here(&mut self, desk: usize, ticket: TicketId, now: Timestamp) {
        if let Some(visit) = self.holders.get(&ticket) {
            self.citizens[*visit].finishes = true;
            self.agenda.put(now, Happening::Ends(desk, ticket));
        }
    }
}

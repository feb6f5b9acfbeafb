//! What the hall has learnt: how long a call keeps a counter, how soon a free counter calls, and who came lately.
//! Kept across business days, bounded, and the same again when the same events are observed again.

use std::collections::{HashMap, VecDeque};

use hall_core::plan::Service;
use hall_core::{
    Awaits, CallReason, Counter, CounterNumber, CounterState, Event, Place, ServiceId, Standing, Ticket,
    TicketId, Timestamp,
};

use crate::durations::{Durations, Latest};

const HOUR_MS: i64 = 3_600_000;
/// What took longer was forgotten, not served.
const CALL_MS_MAX: i64 = 4 * HOUR_MS;
/// Who came within this time stands for who will come.
const LATELY_MS: i64 = HOUR_MS;
/// Shorter than this says too little about how many come.
const LATELY_MS_MIN: i64 = HOUR_MS / 3;
/// So many who came lately are kept a service.
const COMERS_MAX: usize = 500;

/// The past of a hall, as its forecast needs it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// How long a call kept a counter, until it was free again.
    calls: HashMap<ServiceId, CallTimes>,
    /// How long a free counter took to call somebody who was waiting.
    reactions: Latest,
    counters: HashMap<CounterNumber, Followed>,
    /// Tickets of the day that may still wait.
    tickets: HashMap<TicketId, Ticket>,
    comers: HashMap<ServiceId, VecDeque<Comer>>,
    /// When the first of the day came.
    first_came_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct CallTimes {
    all_day: Latest,
    by_hour: HashMap<u8, Latest>,
}

/// A counter, and the call it is busy with.
#[derive(Clone, Debug, PartialEq)]
struct Followed {
    counter: Counter,
    call: Option<(ServiceId, Timestamp)>,
}

/// Somebody who joined the line of a service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Comer {
    pub at: Timestamp,
    pub standing: Standing,
    pub priority: bool,
}

impl History {
    /// Takes in what happened at `at`. Every event of the hall is to be given, in order; what is not known of a day
    /// that began unseen is left out.
    pub fn observe(&mut self, event: &Event, at: Timestamp) {
        if let Event::DayOpened { .. } = event {
            self.counters.clear();
            self.tickets.clear();
            self.comers.clear();
            self.first_came_at = None;
        }
        if let Event::TicketCalled { ticket, counter, reason, .. } = event {
            self.note_reaction(*ticket, *counter, reason, at);
        }
        self.follow_counter(event, at);
        self.follow_ticket(event, at);
    }

    fn note_reaction(
        &mut self,
        ticket: TicketId,
        counter: CounterNumber,
        reason: &CallReason,
        at: Timestamp,
    ) {
        let by_order = match reason {
            CallReason::Arrival
            | CallReason::ClassCredit { .. }
            | CallReason::ClassFirst { .. }
            | CallReason::WaitLimit { .. }
            | CallReason::Ratio { .. } => true,
            CallReason::Appointment { .. }
            | CallReason::NotDue { .. }
            | CallReason::Help { .. }
            | CallReason::SentHere
            | CallReason::Reinstated
            | CallReason::Chosen
            | CallReason::CalledBack => false,
        };
        let counter = self.counters.get(&counter).map(|followed| &followed.counter);
        let free = counter.filter(|counter| by_order && counter.state == CounterState::Idle);
        if let (Some(free), Some(ticket)) = (free, self.tickets.get(&ticket)) {
            let ms = at.as_ms() - free.since.max(ticket.waits_from).as_ms();
            self.reactions.take(ms.clamp(0, CALL_MS_MAX) as u32);
        }
    }

    fn follow_counter(&mut self, event: &Event, at: Timestamp) {
        let Some(number) = event.counter() else { return };
        let counter = self.counters.entry(number);
        let counter = counter.or_insert_with(|| Followed { counter: Counter::closed(at), call: None });
        event.act_on_counter(&mut counter.counter, at);
        if let Event::TicketCalled { service, .. } | Event::ServedDirect { service, .. } = event {
            counter.call = Some((service.clone(), at));
        }
        if counter.counter.state.ticket().is_none()
            && let Some((service, since)) = counter.call.take()
            && let ms @ 0..=CALL_MS_MAX = at.as_ms() - since.as_ms()
        {
            let times = self.calls.entry(service).or_default();
            times.all_day.take(ms as u32);
            times.by_hour.entry(hour(since)).or_default().take(ms as u32);
        }
    }

    fn follow_ticket(&mut self, event: &Event, at: Timestamp) {
        if let Some(ticket) = event.new_ticket(at) {
            self.first_came_at.get_or_insert(at);
            self.note_comer(&ticket, at);
            self.tickets.insert(ticket.id, ticket);
        }
        let Some(id) = event.ticket() else { return };
        let Some(mut ticket) = self.tickets.remove(&id) else { return };
        let waited = ticket.place == Place::Waiting;
        event.act_on(&mut ticket, at);
        if ticket.place == Place::Waiting && !waited {
            self.note_comer(&ticket, at);
        }
        if ticket.place.is_open() || ticket.place == Place::NoShow {
            self.tickets.insert(id, ticket);
        }
    }

    fn note_comer(&mut self, ticket: &Ticket, at: Timestamp) {
        if ticket.place != Place::Waiting || ticket.awaits != Awaits::Service {
            return;
        }
        let comers = self.comers.entry(ticket.service.clone()).or_default();
        while comers.front().is_some_and(|comer| comer.at < at.plus_ms(-LATELY_MS))
            || comers.len() == COMERS_MAX
        {
            comers.pop_front();
        }
        comers.push_back(Comer { at, standing: ticket.standing, priority: ticket.priority });
    }

    /// How long a call of the service made at `now` keeps a counter: by what was seen at this hour of the day, or at
    /// any, or by the plan.
    pub(crate) fn call_times(&self, service: &Service, now: Timestamp) -> Durations<'_> {
        let seen = self.calls.get(&service.id);
        let this_hour = seen.and_then(|seen| seen.by_hour.get(&hour(now)));
        let all_day = seen.map(|seen| &seen.all_day);
        match this_hour.into_iter().chain(all_day).find(|latest| latest.is_enough()) {
            Some(latest) => latest.durations(),
            None => Durations::planned(service.expected_min, all_day),
        }
    }

    /// How long a free counter takes to call somebody who is waiting, where it does not call by itself.
    pub(crate) fn reactions(&self) -> Durations<'_> {
        self.reactions.durations()
    }

    /// When the call was made that a counter is busy with.
    pub(crate) fn called_at(&self, counter: CounterNumber) -> Option<Timestamp> {
        self.counters.get(&counter)?.call.as_ref().map(|(_, since)| *since)
    }

    /// Who came lately for a service.
    pub(crate) fn comers(&self, service: &ServiceId, now: Timestamp) -> impl Iterator<Item = &Comer> {
        let comers = self.comers.get(service).into_iter().flatten();
        comers.skip_while(move |comer| comer.at < now.plus_ms(-LATELY_MS))
    }

    /// Within how many milliseconds those came.
    pub(crate) fn lately_ms(&self, now: Timestamp) -> i64 {
        let day_ms = self.first_came_at.map_or(0, |at| now.as_ms() - at.as_ms());
        day_ms.clamp(LATELY_MS_MIN, LATELY_MS)
    }
}

/// The hour of the day in UTC: as good as the hall's own to tell hours apart.
fn hour(at: Timestamp) -> u8 {
    (at.as_ms() / HOUR_MS % 24) as u8
}

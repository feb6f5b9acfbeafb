//! A lean copy of a hall, in groups that have nothing to do with each other.

use std::collections::HashMap;

use hall_core::discipline::{Entry, Line};
use hall_core::plan::{CallRule, HelpWhen, Service};
use hall_core::{Counter, CounterNumber, CounterState, Hall, Plan, ServiceId, Standing, TicketId, Timestamp};

use crate::History;
use crate::durations::Durations;
use crate::group::{Busy, Coming, Group, OpenCounter, Waiter};

/// What a forecast is made from.
pub(crate) struct Floor<'a> {
    pub rule: CallRule,
    /// How long a call keeps a counter, by the service's place in the plan.
    pub call_times: Vec<Durations<'a>>,
    /// How long a free counter takes to call, unless it calls by itself.
    pub reactions: Durations<'a>,
    /// Within how many milliseconds the groups' comers came.
    pub lately_ms: i64,
    /// One for every service that an open counter calls for, alone or with others.
    pub groups: Vec<Group>,
}

impl<'a> Floor<'a> {
    /// The hall as it is at `now`.
    pub fn of(hall: &'a Hall, plan: &'a Plan, history: &'a History, now: Timestamp) -> Self {
        let call_times: Vec<_> =
            plan.services.iter().map(|service| history.call_times(service, now)).collect();
        let places = plan.services.iter().enumerate().map(|(place, service)| (&service.id, place)).collect();
        let counters: Vec<_> = hall.counters().filter_map(|it| Open::counter(hall, it, &places)).collect();
        let lines = lines_of_groups(&counters, plan.services.len());
        let mut groups = groups_without_counters(hall, plan, &lines);
        for counter in counters {
            let service_of = |ticket| places.get(&hall.ticket(ticket)?.service).copied();
            let busy = counter.state.state.ticket().and_then(service_of).map(|service| {
                let since = history.called_at(counter.number).unwrap_or(counter.state.since);
                let elapsed_ms = (now.as_ms() - since.as_ms()).clamp(0, u32::MAX.into()) as u32;
                Busy { service, rest: call_times[service].after(elapsed_ms) }
            });
            let sent_here = hall.lines_sent_to(counter.number).filter(|line| !line.is_empty());
            if let Some((group, _)) = counter.services().next().and_then(|service| lines[service]) {
                groups[group].add_counter(&counter, busy, &lines, sent_here, service_of);
            }
        }
        for group in &mut groups {
            group.number_waiters(now);
            group.add_comers(hall, plan, history, now);
        }
        let (reactions, lately_ms) = (history.reactions(), history.lately_ms(now));
        Self { rule: plan.queue.rule, call_times, reactions, lately_ms, groups }
    }
}

/// An open counter and what it calls for, as places in the plan.
struct Open<'a> {
    number: CounterNumber,
    state: &'a Counter,
    auto_call: bool,
    own: Vec<usize>,
    helps: Vec<(usize, HelpWhen)>,
}

impl<'a> Open<'a> {
    fn counter(
        hall: &'a Hall,
        (number, state): (CounterNumber, &'a Counter),
        places: &HashMap<&ServiceId, usize>,
    ) -> Option<Self> {
        match state.state {
            CounterState::Idle | CounterState::Calling { .. } | CounterState::Serving { .. } => {}
            CounterState::Closed | CounterState::Paused { .. } => return None,
        }
        let calls = hall.calls_for(number)?;
        let own = calls.services.iter().filter_map(|service| places.get(service).copied()).collect();
        let helps =
            calls.helps.iter().filter_map(|help| Some((*places.get(&help.service)?, help.when))).collect();
        Some(Self { number, state, auto_call: calls.auto_call, own, helps })
    }

    fn services(&self) -> impl Iterator<Item = usize> {
        self.own.iter().copied().chain(self.helps.iter().map(|(service, _)| *service))
    }
}

/// Group and line of each service that a counter calls for, by its place in the plan.
fn lines_of_groups(counters: &[Open<'_>], services: usize) -> Vec<Option<(usize, u16)>> {
    let mut linked: Vec<Option<usize>> = vec![None; services];
    for counter in counters {
        let Some(first) = counter.services().next() else { continue };
        for service in counter.services() {
            linked[service].get_or_insert(service);
            let (one, other) = (root(&linked, first), root(&linked, service));
            linked[one.max(other)] = Some(one.min(other));
        }
    }
    let mut lines = vec![None; services];
    let (mut groups, mut lengths) = (0, vec![0; services]);
    // A root comes before all that are linked to it.
    for service in (0..services).filter(|service| linked[*service].is_some()) {
        let root = root(&linked, service);
        let group = match lines[root] {
            Some((group, _)) => group,
            None => {
                groups += 1;
                groups - 1
            }
        };
        lines[service] = Some((group, lengths[root]));
        lengths[root] += 1;
    }
    lines
}

fn groups_without_counters(hall: &Hall, plan: &Plan, lines: &[Option<(usize, u16)>]) -> Vec<Group> {
    let count = lines.iter().flatten().map(|(group, _)| group + 1).max().unwrap_or(0);
    let mut groups: Vec<Group> = (0..count).map(|_| Group::default()).collect();
    for (place, service) in plan.services.iter().enumerate() {
        if let Some((group, _)) = lines[place] {
            groups[group].services.push(place);
            groups[group].add_line(hall.line(&service.id), plan.wait_limit_min(service), |_| Some(place));
        }
    }
    groups
}

fn root(linked: &[Option<usize>], mut service: usize) -> usize {
    while let Some(next) = linked[service].filter(|next| *next != service) {
        service = next;
    }
    service
}

impl Group {
    /// Adds a line; its tickets are not in it before they are numbered.
    fn add_line(
        &mut self,
        line: Option<&Line>,
        limit_min: Option<u32>,
        service: impl Fn(TicketId) -> Option<usize>,
    ) -> u16 {
        let place = self.lines.len() as u16;
        let waiting = line.into_iter().flat_map(Line::iter);
        self.waiters.extend(waiting.filter_map(|entry| {
            Some(Waiter { entry: *entry, line: place, service: service(entry.ticket)? })
        }));
        self.lines.push(Line::default());
        self.limits_min.push(limit_min);
        self.callers.push(Vec::new());
        place
    }

    fn add_counter<'a>(
        &mut self,
        counter: &Open<'_>,
        busy: Option<Busy>,
        lines: &[Option<(usize, u16)>],
        sent_here: impl Iterator<Item = &'a Line>,
        service_of: impl Fn(TicketId) -> Option<usize>,
    ) {
        let line = |service: usize| lines[service].map(|(_, line)| line);
        let mut own: Vec<u16> = counter.own.iter().filter_map(|service| line(*service)).collect();
        own.extend(sent_here.map(|line| self.add_line(Some(line), None, &service_of)));
        let helps = counter.helps.iter().filter_map(|(service, when)| Some((line(*service)?, *when)));
        let helps: Vec<_> = helps.collect();
        let place = self.counters.len() as u16;
        for line in own.iter().chain(helps.iter().map(|(line, _)| line)) {
            self.callers[usize::from(*line)].push(place);
        }
        let (turn, auto_call) = (counter.state.turn, counter.auto_call);
        self.counters.push(OpenCounter { own, helps, turn, auto_call, busy });
    }

    /// Numbers those who wait, adds a newcomer for each service, and lets all of them join their lines.
    fn number_waiters(&mut self, now: Timestamp) {
        self.waiters.sort_unstable_by_key(|waiter| waiter.entry.ticket);
        self.tickets = self.waiters.iter().map(|waiter| waiter.entry.ticket).collect();
        let newcomers = self.services.iter().enumerate().map(|(line, service)| Waiter {
            entry: Entry {
                standing: Standing::at(now),
                ticket: TicketId(0),
                waits_from: now,
                priority: false,
            },
            line: line as u16,
            service: *service,
        });
        self.waiters.extend(newcomers);
        for (place, waiter) in self.waiters.iter_mut().enumerate() {
            waiter.entry.ticket = TicketId(place as u64);
            self.lines[usize::from(waiter.line)].join(waiter.entry);
        }
    }

    fn add_comers(&mut self, hall: &Hall, plan: &Plan, history: &History, now: Timestamp) {
        if self.is_at_leisure() {
            return;
        }
        self.last = self.waiters.iter().map(|waiter| waiter.entry.standing).max();
        for (line, place) in self.services.iter().enumerate() {
            let latecomers_matter = self.latecomers_matter(line, plan.queue.rule);
            self.latecomers_matter.push(latecomers_matter);
            let service = &plan.services[*place];
            let Some(until) = gives_numbers_until(hall, plan, service, now) else { continue };
            let comers = history.comers(&service.id, now);
            let comers = comers.filter(|comer| latecomers_matter || comer.standing < Standing::at(comer.at));
            self.comers.extend(comers.map(|comer| Coming {
                at: comer.at,
                standing: comer.standing,
                priority: comer.priority,
                line: line as u16,
                until,
            }));
        }
    }
}

/// Until when numbers are given for a service, if they are now.
fn gives_numbers_until(hall: &Hall, plan: &Plan, service: &Service, now: Timestamp) -> Option<Timestamp> {
    let is_open = hall.day().is_some_and(|day| day.open) && !hall.full().contains(&service.id);
    let (today, minute) = (plan.date(now), now.minute_of_day(plan.hall.utc_offset));
    let hours = plan.hours_on(service, today).filter(|hours| is_open && hours.contains_minute(minute));
    let until_min = hours.map(|hours| hours.to_min).max()?;
    Some(Timestamp::at(today, until_min, plan.hall.utc_offset))
}

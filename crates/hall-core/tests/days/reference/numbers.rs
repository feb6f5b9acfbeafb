//! Numbers: who gets one, who gives theirs back, who is served without one.

use hall_core::plan::{CallRule, Credit};
use hall_core::{
    Awaits, ClassId, CounterNumber, CounterState, Event, Issued, LanguageId, Leg, NeedId, PersonHash, Place,
    Plan, ServiceId, TicketId, TicketNumber, Timestamp, Wish,
};

use super::clock::{is_working_day, local};
use super::{Expected, MINUTE_MS, Reference, Ticket};

impl Reference {
    pub(super) fn issue(&mut self, wish: &Wish, now: Timestamp) -> Expected {
        let plan = self.plan()?;
        self.known_service(&wish.service)?;
        self.known_class(&wish.class)?;
        known_particulars(&plan, wish.language.as_ref(), &wish.needs)?;
        let legs = self.legs_after(&plan, wish)?;
        self.gives_numbers(&plan, &wish.service, now)?;
        self.person_may_take(&plan, &wish.service, wish.person.as_ref())?;

        let minute = local(&plan, now).1;
        let mut ticket = self.new_ticket(&wish.service, &wish.class, now);
        ticket.taken = Some((wish.service.clone(), minute));
        ticket.language = wish.language.clone();
        ticket.needs = wish.needs.clone();
        ticket.person = wish.person.clone();
        ticket.onward = legs.into_iter().map(|service| Leg { service, counter: None }).collect();
        let credit = plan.classes.iter().find(|class| class.id == wish.class).unwrap().credit_min;
        ticket.priority = credit != Credit::Minutes(0);
        if plan.queue.rule == CallRule::Standing {
            ticket.credit(credit);
        }
        Ok(vec![self.give(ticket)])
    }

    /// A number nobody has had today, for somebody who arrives now.
    pub(super) fn new_ticket(&mut self, service: &ServiceId, class: &ClassId, now: Timestamp) -> Ticket {
        let plan = self.plan.clone().unwrap();
        let prefix = &plan.services.iter().find(|other| other.id == *service).unwrap().prefix;
        let given = self.tickets.iter().filter(|ticket| ticket.prefix == *prefix).count();
        self.tickets_ever += 1;
        Ticket {
            id: TicketId(self.tickets_ever),
            number: TicketNumber::from(format!("{prefix}{:03}", given + 1).as_str()),
            prefix: prefix.clone(),
            service: service.clone(),
            class: class.clone(),
            first: false,
            arrived_ms: now.as_ms(),
            issued_at: now,
            waits_from: now,
            place: Place::Waiting,
            awaits: Awaits::Service,
            priority: false,
            reinstated: false,
            language: None,
            needs: Vec::new(),
            person: None,
            appointment: None,
            onward: Vec::new(),
            taken: None,
            copies: Vec::new(),
        }
    }

    pub(super) fn give(&mut self, ticket: Ticket) -> Event {
        self.tickets.push(ticket.clone());
        Event::TicketIssued(Box::new(Issued {
            ticket: ticket.id,
            number: ticket.number.clone(),
            service: ticket.service.clone(),
            class: ticket.class.clone(),
            standing: ticket.standing(),
            ahead: self.ahead(self.tickets.len() - 1),
            priority: ticket.priority,
            language: ticket.language,
            needs: ticket.needs,
            person: ticket.person,
            appointment: ticket.appointment,
            onward: ticket.onward,
        }))
    }

    fn legs_after(&self, plan: &Plan, wish: &Wish) -> Result<Vec<ServiceId>, &'static str> {
        let legs = match &wish.route {
            None => wish.then.clone(),
            Some(id) => {
                let route = plan.routes.iter().find(|route| route.id == *id).ok_or("unknown_route")?;
                if route.legs[0] != wish.service || !wish.then.is_empty() {
                    return Err("route_mismatch");
                }
                route.legs[1..].to_vec()
            }
        };
        if !legs.is_empty() {
            self.known_legs(&wish.service, &legs)?;
        }
        Ok(legs)
    }

    pub(super) fn known_legs(&self, from: &ServiceId, legs: &[ServiceId]) -> Result<(), &'static str> {
        for leg in legs {
            self.known_service(leg)?;
        }
        let mut before = from;
        for leg in legs {
            if leg == before {
                return Err("legs");
            }
            before = leg;
        }
        if (1..=8).contains(&legs.len()) { Ok(()) } else { Err("legs") }
    }

    fn gives_numbers(&self, plan: &Plan, id: &ServiceId, now: Timestamp) -> Result<(), &'static str> {
        let (today, minute) = local(plan, now);
        let works = is_working_day(plan, today);
        if !self.is_open() {
            return Err(if works { "day_closed" } else { "day_off" });
        }
        let service = plan.services.iter().find(|service| service.id == *id).unwrap();
        let usual = if service.hours.is_empty() { &plan.hall.hours } else { &service.hours };
        let mut bands = usual.clone();
        for late in plan.hall.late_hours.iter().chain(&service.late_hours) {
            if late.days.contains(&super::clock::weekday(today)) {
                bands.push(late.hours);
            }
        }
        let within = |band: &hall_core::TimeBand| band.from_min <= minute && minute < band.to_min;
        if !works || !bands.iter().any(within) {
            return Err("service_closed");
        }
        if self.full.contains(id) {
            return Err("service_full");
        }
        for quota in service.quotas.iter().filter(|quota| within(&quota.hours)) {
            let taken = self.tickets.iter().filter_map(|ticket| ticket.taken.as_ref());
            let taken = taken.filter(|(service, minute)| {
                service == id && (quota.hours.from_min..quota.hours.to_min).contains(minute)
            });
            if taken.count() >= quota.tickets as usize {
                return Err("quota_reached");
            }
        }
        Ok(())
    }

    fn person_may_take(
        &self,
        plan: &Plan,
        id: &ServiceId,
        person: Option<&PersonHash>,
    ) -> Result<(), &'static str> {
        let service = plan.services.iter().find(|service| service.id == *id).unwrap();
        if person.is_none() {
            return if service.real_name { Err("person_required") } else { Ok(()) };
        }
        let theirs: Vec<&Ticket> =
            self.tickets.iter().filter(|ticket| ticket.person.as_ref() == person).collect();
        let goes_there = |ticket: &&&Ticket| {
            ticket.is_open() && (ticket.service == *id || ticket.onward.iter().any(|leg| leg.service == *id))
        };
        if theirs.iter().any(|ticket| goes_there(&ticket)) {
            return Err("person_has_ticket");
        }
        match plan.persons.tickets_per_day {
            Some(limit) if theirs.len() >= limit as usize => Err("person_limit"),
            _ => Ok(()),
        }
    }

    pub(super) fn serve_direct(
        &mut self,
        counter: CounterNumber,
        service: &ServiceId,
        class: &ClassId,
        now: Timestamp,
    ) -> Expected {
        self.must_be_idle(counter)?;
        self.must_be_open()?;
        self.known_service(service)?;
        self.known_class(class)?;
        let mut direct = self.new_ticket(service, class, now);
        direct.place = Place::AtCounter(counter);
        let (ticket, number) = (direct.id, direct.number.clone());
        self.tickets.push(direct);
        self.set_state(counter, CounterState::Serving { ticket }, now);
        Ok(vec![Event::ServedDirect {
            ticket,
            number,
            service: service.clone(),
            class: class.clone(),
            counter,
        }])
    }

    pub(super) fn cancel(&mut self, id: TicketId) -> Expected {
        let i = self.ticket(id)?;
        let ticket = &mut self.tickets[i];
        match ticket.place {
            Place::Waiting | Place::Parked { .. } => ticket.place = Place::Cancelled,
            _ => return Err(ticket.not_waiting()),
        }
        Ok(vec![Event::TicketCancelled { ticket: id, number: ticket.number.clone() }])
    }

    pub(super) fn abandon(&mut self, id: TicketId, now: Timestamp) -> Expected {
        let i = self.ticket(id)?;
        let counter = match self.tickets[i].place {
            Place::Waiting | Place::Parked { .. } => None,
            Place::AtCounter(counter) => Some(counter),
            _ => return Err(self.tickets[i].not_waiting()),
        };
        self.tickets[i].place = Place::Abandoned;
        if let Some(counter) = counter {
            self.set_state(counter, CounterState::Idle, now);
        }
        Ok(vec![Event::TicketAbandoned { ticket: id, number: self.tickets[i].number.clone(), counter }])
    }

    pub(super) fn stop_issuing(&mut self, service: &ServiceId) -> Expected {
        self.known_service(service)?;
        self.must_be_open()?;
        if self.full.contains(service) {
            return Ok(Vec::new());
        }
        self.full.push(service.clone());
        Ok(vec![Event::IssuingStopped { service: service.clone() }])
    }

    pub(super) fn resume_issuing(&mut self, service: &ServiceId) -> Expected {
        self.known_service(service)?;
        self.must_be_open()?;
        if !self.full.contains(service) {
            return Ok(Vec::new());
        }
        self.full.retain(|full| full != service);
        Ok(vec![Event::IssuingResumed { service: service.clone() }])
    }
}

impl Ticket {
    /// Counts as having come so much earlier.
    pub(super) fn credit(&mut self, credit: Credit) {
        match credit {
            Credit::First => self.first = true,
            Credit::Minutes(minutes) => self.arrived_ms -= i64::from(minutes) * MINUTE_MS,
        }
    }
}

pub(super) fn known_particulars(
    plan: &Plan,
    language: Option<&LanguageId>,
    needs: &[NeedId],
) -> Result<(), &'static str> {
    if language.is_some_and(|language| !plan.hall.languages.contains(language)) {
        return Err("unknown_language");
    }
    for need in needs {
        if !plan.needs.iter().any(|known| known.id == *need) {
            return Err("unknown_need");
        }
    }
    Ok(())
}

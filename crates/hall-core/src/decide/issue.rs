//! Numbers: who gets one, and who gives theirs back.

use super::{Decision, not_waiting};
use crate::discipline::Standing;
use crate::hall::InForce;
use crate::plan::{CallRule, Class, Credit, Service};
use crate::{
    CheckedIn, ClassId, CounterNumber, Event, Hall, Issued, LanguageId, Leg, NeedId, PersonHash, Place,
    Rejection, ServiceId, TicketId, TicketNumber, Timestamp, Wish,
};

/// Most services that may follow on one ticket.
pub const LEGS_MAX: usize = 8;

impl Hall {
    pub(super) fn issue_ticket(&self, wish: &Wish, now: Timestamp) -> Decision {
        let plan = self.plan_in_force()?;
        let service =
            plan.service(&wish.service).ok_or_else(|| Rejection::UnknownService(wish.service.clone()))?;
        let class = plan.class(&wish.class).ok_or_else(|| Rejection::UnknownClass(wish.class.clone()))?;
        known_particulars(plan, wish.language.as_ref(), &wish.needs)?;
        let onward = legs_after(plan, wish)?;
        self.service_must_give_numbers(plan, service, now)?;
        self.person_may_take(plan, service, wish.person.as_ref())?;
        let (standing, priority) = match (plan.queue.rule, class.credit_min) {
            (CallRule::Standing, credit) => (Standing::walk_in(now, credit), credit != Credit::default()),
            (CallRule::Ratio(_), credit) => (Standing::at(now), credit != Credit::default()),
        };
        Ok(vec![Event::TicketIssued(Box::new(Issued {
            priority,
            language: wish.language.clone(),
            needs: wish.needs.clone(),
            person: wish.person.clone(),
            onward,
            ..self.number(service, class, standing, None)
        }))])
    }

    /// The next number of a service.
    pub(super) fn number(
        &self,
        service: &Service,
        class: &Class,
        standing: Standing,
        appointment: Option<CheckedIn>,
    ) -> Issued {
        let ticket = self.next_ticket;
        Issued {
            ticket,
            number: self.next_number(service),
            service: service.id.clone(),
            class: class.id.clone(),
            standing,
            ahead: self.line(&service.id).map_or(0, |line| line.ahead(standing, ticket)),
            priority: false,
            language: None,
            needs: Vec::new(),
            person: None,
            appointment,
            onward: Vec::new(),
        }
    }

    fn next_number(&self, service: &Service) -> TicketNumber {
        TicketNumber::new(&service.prefix, self.issued.get(&service.prefix).copied().unwrap_or(0) + 1)
    }

    fn service_must_give_numbers(
        &self,
        plan: &InForce,
        service: &Service,
        now: Timestamp,
    ) -> Result<(), Rejection> {
        if self.day_must_be_open().is_err() {
            let today = plan.date(now);
            let works = plan.is_working_day(today);
            return Err(if works { Rejection::DayClosed } else { Rejection::DayOff(today) });
        }
        if !plan.is_open(service, now) {
            return Err(Rejection::ServiceClosed(service.id.clone()));
        }
        if self.full.contains(&service.id) {
            return Err(Rejection::ServiceFull(service.id.clone()));
        }
        let minute = now.minute_of_day(plan.hall.utc_offset);
        for quota in service.quotas.iter().filter(|quota| quota.hours.contains_minute(minute)) {
            let taken = self.taken.get(&service.id);
            let taken = taken.map_or(0, |by_minute| {
                by_minute.range(quota.hours.from_min..quota.hours.to_min).map(|(_, count)| count).sum()
            });
            if taken >= quota.tickets {
                let (service, hours, tickets) = (service.id.clone(), quota.hours, quota.tickets);
                return Err(Rejection::QuotaReached { service, hours, tickets });
            }
        }
        Ok(())
    }

    fn person_may_take(
        &self,
        plan: &InForce,
        service: &Service,
        person: Option<&PersonHash>,
    ) -> Result<(), Rejection> {
        let Some(person) = person else {
            return if service.real_name {
                Err(Rejection::PersonRequired(service.id.clone()))
            } else {
                Ok(())
            };
        };
        let had = self.persons.get(person).map_or(&[][..], Vec::as_slice);
        let open = had.iter().filter_map(|id| self.tickets.get(id)).filter(|ticket| ticket.place.is_open());
        let mut same = open.filter(|ticket| {
            ticket.service == service.id || ticket.onward.iter().any(|leg| leg.service == service.id)
        });
        if let Some(ticket) = same.next() {
            return Err(Rejection::PersonHasTicket(ticket.number.clone()));
        }
        match plan.persons.tickets_per_day {
            Some(limit) if had.len() >= limit as usize => Err(Rejection::PersonLimit { limit }),
            _ => Ok(()),
        }
    }

    pub(super) fn serve_direct(
        &self,
        counter: CounterNumber,
        service: &ServiceId,
        class: &ClassId,
    ) -> Decision {
        self.idle_at(counter)?;
        self.day_must_be_open()?;
        let plan = self.plan_in_force()?;
        let service = plan.service(service).ok_or_else(|| Rejection::UnknownService(service.clone()))?;
        let class = plan.class(class).ok_or_else(|| Rejection::UnknownClass(class.clone()))?;
        Ok(vec![Event::ServedDirect {
            ticket: self.next_ticket,
            number: self.next_number(service),
            service: service.id.clone(),
            class: class.id.clone(),
            counter,
        }])
    }

    pub(super) fn cancel(&self, ticket: TicketId) -> Decision {
        let ticket = self.known(ticket)?;
        match ticket.place {
            Place::Waiting | Place::Parked { .. } => {
                Ok(vec![Event::TicketCancelled { ticket: ticket.id, number: ticket.number.clone() }])
            }
            _ => Err(not_waiting(ticket)),
        }
    }

    pub(super) fn abandon(&self, ticket: TicketId) -> Decision {
        let ticket = self.known(ticket)?;
        let counter = match ticket.place {
            Place::Waiting | Place::Parked { .. } => None,
            Place::AtCounter(counter) => Some(counter),
            _ => return Err(not_waiting(ticket)),
        };
        Ok(vec![Event::TicketAbandoned { ticket: ticket.id, number: ticket.number.clone(), counter }])
    }

    pub(super) fn stop_issuing(&self, service: &ServiceId) -> Decision {
        self.service_of_the_open_day(service)?;
        let stops = !self.full.contains(service);
        Ok(stops.then(|| Event::IssuingStopped { service: service.clone() }).into_iter().collect())
    }

    pub(super) fn resume_issuing(&self, service: &ServiceId) -> Decision {
        self.service_of_the_open_day(service)?;
        let resumes = self.full.contains(service);
        Ok(resumes.then(|| Event::IssuingResumed { service: service.clone() }).into_iter().collect())
    }

    fn service_of_the_open_day(&self, service: &ServiceId) -> Result<(), Rejection> {
        let plan = self.plan_in_force()?;
        plan.service(service).ok_or_else(|| Rejection::UnknownService(service.clone()))?;
        self.day_must_be_open()
    }
}

/// Refuses languages and needs the plan does not know.
pub(super) fn known_particulars(
    plan: &InForce,
    language: Option<&LanguageId>,
    needs: &[NeedId],
) -> Result<(), Rejection> {
    if let Some(language) = language.filter(|language| !plan.hall.languages.contains(language)) {
        return Err(Rejection::UnknownLanguage(language.clone()));
    }
    match needs.iter().find(|need| plan.need(need).is_none()) {
        Some(need) => Err(Rejection::UnknownNeed(need.clone())),
        None => Ok(()),
    }
}

fn legs_after(plan: &InForce, wish: &Wish) -> Result<Vec<Leg>, Rejection> {
    let legs = match &wish.route {
        None if wish.then.is_empty() => return Ok(Vec::new()),
        None => &wish.then,
        Some(id) => {
            let route = plan.route(id).ok_or_else(|| Rejection::UnknownRoute(id.clone()))?;
            if route.legs.first() != Some(&wish.service) || !wish.then.is_empty() {
                return Err(Rejection::RouteMismatch(id.clone()));
            }
            &route.legs[1..]
        }
    };
    known_legs(plan, &wish.service, legs)?;
    Ok(legs.iter().map(|service| Leg { service: service.clone(), counter: None }).collect())
}

/// Refuses legs nobody can go, beginning after `service`.
pub(super) fn known_legs(plan: &InForce, service: &ServiceId, legs: &[ServiceId]) -> Result<(), Rejection> {
    if let Some(unknown) = legs.iter().find(|leg| plan.service(leg).is_none()) {
        return Err(Rejection::UnknownService(unknown.clone()));
    }
    let repeats = std::iter::once(service).chain(legs).zip(legs).any(|(one, next)| one == next);
    if legs.is_empty() || legs.len() > LEGS_MAX || repeats {
        return Err(Rejection::Legs { limit: LEGS_MAX });
    }
    Ok(())
}

//! Whether a hall shows what the reference has come to.

use hall_core::{Hall, Place, Printer, Ticket as Shown, Timestamp};

use super::{Reference, Ticket};

impl Reference {
    /// Compares everything a hall shows.
    pub fn must_agree_with(&self, hall: &Hall) {
        assert_eq!(hall.day(), self.day);
        assert_eq!(hall.plan(), self.plan.as_ref());
        assert_eq!(hall.tickets().count(), self.tickets.len());
        for (i, ticket) in self.tickets.iter().enumerate() {
            let shown = hall.ticket(ticket.id).unwrap();
            assert_eq!(*shown, ticket.shown());
            let ahead = if ticket.place == Place::Waiting { self.ahead(i) } else { 0 };
            assert_eq!(hall.ahead(shown), ahead, "ahead of {}", ticket.number);
        }
        assert!(
            hall.counters()
                .map(|(number, counter)| (number, counter.clone()))
                .eq(self.counters.iter().cloned())
        );
        assert_eq!(hall.printers().len(), self.printers.len());
        for (printer, report, reported_at) in &self.printers {
            assert_eq!(hall.printers()[printer], Printer { report: *report, reported_at: *reported_at });
        }
        assert!(hall.full().iter().all(|service| self.full.contains(service)));
        assert_eq!(hall.full().len(), self.full.len());
        for service in self.plan.iter().flat_map(|plan| &plan.services) {
            let mut line: Vec<&Ticket> = self.line(&hall_core::Awaits::Service, &service.id).collect();
            line.sort_by_key(|ticket| ticket.rank());
            assert_eq!(hall.waiting_count(&service.id), line.len(), "waiting for {}", service.id);
            let shown: Vec<_> = hall.waiting(&service.id).map(|ticket| ticket.id).collect();
            assert_eq!(shown, line.iter().map(|ticket| ticket.id).collect::<Vec<_>>());
        }
        for appointment in &self.appointments {
            assert_eq!(hall.appointment(appointment.id), Some(appointment));
        }
    }

    /// Who would be called to each counter now.
    pub fn must_agree_on_who_is_next(&self, hall: &Hall, now: Timestamp) {
        for (number, _) in hall.counters() {
            let next = hall.next_for(number, now).map(|choice| choice.ticket);
            assert_eq!(next, self.next(number, now).map(|(ticket, _)| ticket), "next for counter {number}");
        }
    }
}

impl Ticket {
    fn shown(&self) -> Shown {
        Shown {
            id: self.id,
            number: self.number.clone(),
            service: self.service.clone(),
            class: self.class.clone(),
            standing: self.standing(),
            issued_at: self.issued_at,
            waits_from: self.waits_from,
            place: self.place,
            awaits: self.awaits.clone(),
            priority: self.priority,
            reinstated: self.reinstated,
            language: self.language.clone(),
            needs: self.needs.clone(),
            person: self.person.clone(),
            appointment: self.appointment,
            onward: self.onward.clone(),
            slip: self.slip_shown(),
        }
    }
}

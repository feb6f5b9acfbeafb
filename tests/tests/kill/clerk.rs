//! A clerk who does everything one can do with tickets, and remembers what the hub acknowledged.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use hall_api::{BookAppointment, CheckIn, IssueTicket, ReportSlip, View};
use hall_client::{ClientError, Hub, Key};
use hall_core::{
    ClassId, CounterNumber, CounterState, Destination, Place, Plan, PrinterCondition, PrinterId,
    PrinterReport, ServiceId, SlipCopy, SlipOutcome, TicketId,
};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

const READY: PrinterReport = PrinterReport {
    condition: PrinterCondition::Ready,
    sheets: 0,
    roll_left: None,
    roll_ends_at: None,
    jobs: 0,
    unconfirmed: 0,
};

/// One counter, with services that no other counter of the test calls for.
pub struct Clerk {
    hub: Hub,
    counter: CounterNumber,
    /// A service of the counter's, and another one for those who are sent on; only this clerk touches either.
    services: [ServiceId; 2],
    random: StdRng,
    /// What was acknowledged last of every ticket.
    pub places: BTreeMap<TicketId, Place>,
    /// How many reprints of each ticket were acknowledged.
    reprints: BTreeMap<TicketId, u32>,
    /// All numbers given.
    pub numbers: Vec<String>,
    pub commands: usize,
    codes: Vec<String>,
}

impl Clerk {
    /// Clerks whose counters and services are all apart from each other.
    pub fn apart(hub: &Hub, plan: &Plan, count: usize, seed: u64) -> Vec<Self> {
        let mut taken = HashSet::new();
        let mut clerks = Vec::new();
        for counter in &plan.counters {
            let Some(one) = counter.services.iter().find(|service| !taken.contains(*service)) else {
                continue;
            };
            let free = |service: &ServiceId| service != one && !taken.contains(service);
            let other = plan.services.iter().map(|service| &service.id).find(|service| free(service));
            let Some(other) = other.filter(|_| clerks.len() < count) else { break };
            let services = [one.clone(), other.clone()];
            taken.extend(services.iter().cloned());
            clerks.push(Self {
                hub: hub.clone(),
                counter: counter.number,
                services,
                random: StdRng::seed_from_u64(seed + clerks.len() as u64),
                places: BTreeMap::new(),
                reprints: BTreeMap::new(),
                numbers: Vec::new(),
                commands: 0,
                codes: Vec::new(),
            });
        }
        clerks
    }

    /// Goes on until told to stop. Everything the hub is asked for is allowed, so a refusal fails the test.
    pub async fn work(mut self, stop: tokio::sync::watch::Receiver<bool>) -> Self {
        let profile = hall_core::plan::Profile { services: self.services.to_vec(), ..Default::default() };
        self.hub.set_profile(self.counter, &profile).await.unwrap();
        self.hub.open_as(self.counter, &format!("G{}", self.counter).as_str().into()).await.unwrap();
        self.hub.report_printer(&self.printer(), READY).await.unwrap();
        while !*stop.borrow() {
            self.one_citizen().await;
        }
        self
    }

    async fn one_citizen(&mut self) {
        let (hub, counter) = (self.hub.clone(), self.counter);
        match self.random.random_range(0..10) {
            0 => return self.appointment().await,
            1 => {
                hub.serve_direct(counter, &self.services[0], &ClassId::ordinary()).await.unwrap();
                hub.finish(counter).await.unwrap();
                self.commands += 2;
                return;
            }
            _ => {}
        }
        let mut wish = IssueTicket::new(self.services[0].clone(), ClassId::ordinary());
        if self.random.random_bool(0.3) {
            wish.then = vec![self.services[1].clone()];
        }
        self.issue(&wish).await;
        if self.random.random_bool(0.2) {
            let Some(ticket) = self.any(|place| place == Place::Waiting) else { return };
            hub.cancel(ticket).await.unwrap();
            self.note(ticket, Place::Cancelled);
        }
        if self.random.random_bool(0.3) {
            self.lose_a_slip().await;
        }
        self.call_and_serve().await;
        self.bring_back().await;
    }

    /// A reprint is ordered, printed and reported.
    async fn lose_a_slip(&mut self) {
        let lost = self.any(|place| matches!(place, Place::Waiting | Place::NoShow));
        let Some(ticket) = lost.filter(|ticket| self.reprints.get(ticket).is_none_or(|copies| *copies < 5))
        else {
            return;
        };
        let (hub, printer) = (self.hub.clone(), self.printer());
        let copy = hub.order_reprint(ticket, &printer, Some(self.counter)).await.unwrap().copy;
        let ordered = self.reprints.entry(ticket).or_default();
        *ordered += 1;
        assert_eq!(copy, *ordered, "ticket {ticket}");
        let report = ReportSlip { printer, copy, outcome: SlipOutcome::Printed };
        hub.report_slip(ticket, &report).await.unwrap();
        self.commands += 2;
    }

    /// One of the clerk's own.
    fn printer(&self) -> PrinterId {
        format!("counter-{}", self.counter).as_str().into()
    }

    async fn issue(&mut self, wish: &IssueTicket) {
        let reply = self.hub.issue(wish).await.unwrap();
        self.numbers.push(reply.ticket.number.to_string());
        self.note(reply.ticket.id, Place::Waiting);
    }

    async fn call_and_serve(&mut self) {
        let (hub, counter) = (self.hub.clone(), self.counter);
        let chosen = self.any(|place| matches!(place, Place::Waiting | Place::Parked { .. }));
        let called = match chosen.filter(|_| self.random.random_bool(0.5)) {
            Some(ticket) => hub.call_ticket(counter, ticket).await.unwrap(),
            None => hub.call_next(counter).await.unwrap(),
        };
        let Some(ticket) = called.ticket.map(|ticket| ticket.id) else { return };
        self.note(ticket, Place::AtCounter(counter));
        match self.random.random_range(0..7) {
            0 => {
                hub.no_show(counter).await.unwrap();
                return self.note(ticket, Place::NoShow);
            }
            1 => {
                hub.park(counter, Some(30)).await.unwrap();
                return self.note(ticket, Place::Parked { counter, remind_at: None });
            }
            2 => {
                hub.abandon(ticket).await.unwrap();
                return self.note(ticket, Place::Abandoned);
            }
            3 => _ = hub.recall(counter).await.unwrap(),
            _ => {}
        }
        hub.start(counter).await.unwrap();
        let serving = snapshot(&hub).await.tickets[&ticket].clone();
        let other = self.services.iter().find(|service| **service != serving.service).cloned().unwrap();
        match self.random.random_range(0..4) {
            0 => {
                hub.transfer(counter, Destination::Service(other)).await.unwrap();
                self.note(ticket, Place::Waiting);
            }
            1 => {
                hub.send_on(counter, &[other], true).await.unwrap();
                self.note(ticket, Place::Waiting);
            }
            2 if !serving.onward.is_empty() => {
                hub.finish(counter).await.unwrap();
                self.note(ticket, Place::Waiting);
            }
            _ => {
                hub.finish_here(counter).await.unwrap();
                self.note(ticket, Place::Finished);
            }
        }
    }

    async fn bring_back(&mut self) {
        let missed = self.any(|place| place == Place::NoShow);
        if let Some(ticket) = missed.filter(|_| self.random.random_bool(0.5)) {
            self.hub.reinstate(ticket).await.unwrap();
            self.note(ticket, Place::Waiting);
        }
        let parked = self.any(|place| matches!(place, Place::Parked { .. }));
        if let Some(ticket) = parked.filter(|_| self.random.random_bool(0.5)) {
            self.hub.resume(ticket).await.unwrap();
            self.note(ticket, Place::Waiting);
        }
    }

    /// Books the first slot of the day with room, or checks in who is booked.
    async fn appointment(&mut self) {
        self.commands += 1;
        if let Some(code) = self.codes.pop() {
            let check_in = CheckIn { code: Some(code), ..CheckIn::default() };
            let reply = self.hub.check_in(&check_in, &Key::random()).await.unwrap();
            self.numbers.push(reply.ticket.number.to_string());
            return self.note(reply.ticket.id, Place::Waiting);
        }
        let today = snapshot(&self.hub).await.day.unwrap().date;
        let (hub, service) = (&self.hub, &self.services[0]);
        let slots = answered(move || hub.slots(service, today)).await;
        let Some(slot) = slots.iter().find(|slot| slot.taken < slot.capacity) else { return };
        let booking = BookAppointment {
            service: self.services[0].clone(),
            slot: slot.at,
            class: ClassId::ordinary(),
            phone: None,
            person: None,
        };
        let booked = self.hub.book(&booking).await.unwrap();
        self.codes.push(booked.appointment.code);
    }

    fn any(&mut self, is: impl Fn(Place) -> bool) -> Option<TicketId> {
        let all: Vec<TicketId> =
            self.places.iter().filter(|(_, place)| is(**place)).map(|(ticket, _)| *ticket).collect();
        all.choose(&mut self.random).copied()
    }

    fn note(&mut self, ticket: TicketId, place: Place) {
        self.commands += 1;
        self.places.insert(ticket, place);
    }

    /// What was acknowledged is what the hub tells.
    pub fn check(&self, view: &View) {
        assert!(
            matches!(view.counter_state(self.counter), CounterState::Idle),
            "counter {}: {:?}",
            self.counter,
            view.counter_state(self.counter)
        );
        for (ticket, expect) in &self.places {
            let found = view.tickets.get(ticket).map(|ticket| ticket.place);
            let agrees = match (expect, found) {
                (Place::Finished | Place::Cancelled | Place::Abandoned, found) => found.is_none(),
                (Place::Parked { .. }, found) => matches!(found, Some(Place::Parked { .. })),
                (expect, found) => found == Some(*expect),
            };
            assert!(agrees, "ticket {ticket}: acknowledged {expect:?}, found {found:?}");
        }
        for (ticket, ordered) in &self.reprints {
            let Some(slip) = view.tickets.get(ticket).map(|ticket| &ticket.slip) else { continue };
            let printed = |copy: &SlipCopy| copy.outcome == Some(SlipOutcome::Printed);
            assert!(
                slip.reprints() == *ordered && slip.reprints.iter().all(printed),
                "ticket {ticket}: acknowledged {ordered} reprints, found {slip:?}"
            );
        }
    }
}

async fn snapshot(hub: &Hub) -> View {
    answered(move || hub.snapshot()).await
}

/// Asks again while the hub is away: only commands are sent again by themselves.
async fn answered<T, F: Future<Output = Result<T, ClientError>>>(ask: impl Fn() -> F) -> T {
    for _ in 0..400 {
        match ask().await {
            Ok(answer) => return answer,
            Err(error) => assert!(error.leaves_open(), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no answer within ten seconds");
}

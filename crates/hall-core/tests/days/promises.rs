//! What the hall promises, whatever happens: each promise is a function that panics when it is broken.

use std::collections::{BTreeMap, HashSet};

use hall_core::plan::{CallRule, Credit, HelpWhen, Profile};
use hall_core::{
    Awaits, CallReason, Command, CounterState, Event, Hall, Place, Plan, Punctuality, Record, Standing,
    Ticket, TicketId, TicketNumber, Timestamp,
};

/// No number is given twice in a business day, and no ticket is made twice ever.
#[derive(Default)]
pub struct Numbers {
    today: HashSet<TicketNumber>,
    last: Option<TicketId>,
}

impl Numbers {
    pub fn no_number_is_given_twice_in_a_day(&mut self, event: &Event) {
        let (ticket, number) = match event {
            Event::DayOpened { .. } => return self.today.clear(),
            Event::TicketIssued(issued) => (issued.ticket, &issued.number),
            Event::ServedDirect { ticket, number, .. } => (*ticket, number),
            _ => return,
        };
        assert!(self.today.insert(number.clone()), "{number} was given twice");
        assert!(Some(ticket) > self.last, "ticket {ticket} was made twice");
        self.last = Some(ticket);
    }
}

/// Every ticket is in exactly one place: in one line, at one counter, set aside, or settled.
pub fn every_ticket_is_in_exactly_one_place(hall: &Hall) {
    let mut found = BTreeMap::<TicketId, Vec<Place>>::new();
    for service in hall.plan().iter().flat_map(|plan| &plan.services) {
        for ticket in hall.waiting(&service.id) {
            assert_eq!(
                (&ticket.service, &ticket.awaits),
                (&service.id, &Awaits::Service),
                "{}",
                ticket.number
            );
            found.entry(ticket.id).or_default().push(Place::Waiting);
        }
    }
    for (number, counter) in hall.counters() {
        for entry in hall.lines_sent_to(number).flat_map(|line| line.iter()) {
            found.entry(entry.ticket).or_default().push(Place::Waiting);
        }
        if let Some(ticket) = counter.state.ticket() {
            found.entry(ticket).or_default().push(Place::AtCounter(number));
        }
    }
    for ticket in hall.tickets() {
        let found = found.remove(&ticket.id).unwrap_or_default();
        match ticket.place {
            Place::Waiting | Place::AtCounter(_) => assert_eq!(found, [ticket.place], "{}", ticket.number),
            _ => assert_eq!(found, [], "{} is {:?}", ticket.number, ticket.place),
        }
    }
    assert!(found.is_empty(), "tickets out of nowhere: {found:?}");
}

/// A counter has at most one ticket, and that ticket is there and nowhere else.
pub fn a_counter_has_at_most_one_ticket(hall: &Hall) {
    let mut held = Vec::new();
    for (number, counter) in hall.counters() {
        if let Some(ticket) = counter.state.ticket() {
            assert_eq!(hall.ticket(ticket).unwrap().place, Place::AtCounter(number));
            assert!(!held.contains(&ticket), "ticket {ticket} is at two counters");
            held.push(ticket);
        }
    }
}

/// Where counters call by themselves, none is idle while somebody waits whom it may call.
pub fn no_counter_idles_while_somebody_waits_for_it(hall: &Hall, now: Timestamp) {
    for (number, counter) in hall.counters() {
        let calls = hall.calls_for(number).unwrap();
        if calls.auto_call && counter.state == CounterState::Idle {
            assert_eq!(hall.next_for(number, now), None, "counter {number} is idle");
        }
    }
}

/// Under the standing rule nobody is overtaken by someone who arrived more than the largest finite credit later,
/// unless that one's class is first, they had waited too long, or staff chose them.
#[derive(Default)]
pub struct Overtaking {
    /// The largest credit of any plan since the day began.
    largest_ms: i64,
    /// Who was given a number before everybody else: what a missed call leaves of that is no credit.
    first: HashSet<TicketId>,
}

impl Overtaking {
    pub fn note(&mut self, event: &Event, hall: &Hall) {
        match event {
            Event::DayOpened { .. } => {
                self.largest_ms = hall.plan().map_or(0, |plan| largest_credit_ms(plan));
                self.first.clear();
            }
            Event::PlanAdopted { plan } => self.largest_ms = self.largest_ms.max(largest_credit_ms(plan)),
            Event::TicketIssued(issued) if issued.standing < Standing::at(Timestamp::from_ms(0)) => {
                self.first.insert(issued.ticket);
            }
            _ => {}
        }
    }

    /// `hall` as it was just before the call.
    pub fn nobody_is_overtaken_by_more_than_the_largest_credit(
        &self,
        hall: &Hall,
        event: &Event,
        now: Timestamp,
    ) {
        let Event::TicketCalled { ticket, counter, reason, .. } = event else { return };
        let by_order = !matches!(
            reason,
            CallReason::WaitLimit { .. }
                | CallReason::Chosen
                | CallReason::CalledBack
                | CallReason::Ratio { .. }
        );
        let called = hall.ticket(*ticket).unwrap();
        if !by_order || self.first.contains(ticket) || hall.plan().unwrap().queue.rule != CallRule::Standing {
            return;
        }
        let calls = hall.calls_for(*counter).unwrap();
        let sent_here = hall.lines_sent_to(*counter).flat_map(|line| line.iter());
        let sent_here = sent_here.map(|entry| hall.ticket(entry.ticket).unwrap());
        let own = calls.services.iter().flat_map(|service| hall.waiting(service)).chain(sent_here);
        let is_early = |ticket: &Ticket| ticket.standing > Standing::at(now);
        if let CallReason::Help { .. } = reason {
            let passed_over = own.filter(|ticket| !is_early(ticket)).map(|ticket| &ticket.number).next();
            assert_eq!(passed_over, None, "waited for counter {counter}, which called {}", called.number);
            let helps = calls
                .helps
                .iter()
                .filter(|help| help.service == called.service || help.when == HelpWhen::OwnEmpty);
            self.must_not_overtake(called, helps.flat_map(|help| hall.waiting(&help.service)));
        } else {
            self.must_not_overtake(called, own);
        }
    }

    fn must_not_overtake<'a>(&self, called: &Ticket, others: impl Iterator<Item = &'a Ticket>) {
        for other in others.filter(|other| !other.reinstated) {
            let later_ms = came(called).as_ms() - came(other).as_ms();
            assert!(
                later_ms <= self.largest_ms,
                "{} overtook {} having come {later_ms} ms later: {called:?} {other:?}",
                called.number,
                other.number
            );
        }
    }
}

/// When somebody came, or, with an appointment and in time for it, was to come.
fn came(ticket: &Ticket) -> Timestamp {
    let early = ticket.appointment.filter(|it| it.punctuality == Punctuality::Early);
    early.map_or(ticket.issued_at, |it| it.slot)
}

fn largest_credit_ms(plan: &Plan) -> i64 {
    let finite = |credit| if let Credit::Minutes(minutes) = credit { minutes } else { 0 };
    let credits = plan.classes.iter().map(|class| finite(class.credit_min));
    i64::from(credits.chain([plan.appointments.credit_min]).max().unwrap()) * 60_000
}

/// Where every counter is open, calls by itself and finishes whom it serves, everybody who waits is called in the end.
pub fn nobody_starves(hall: &Hall, now: Timestamp) {
    let Some(plan) = hall.plan().filter(|_| hall.day().is_some_and(|day| day.open)).cloned() else { return };
    let mut hall = hall.clone();
    let carry_out = |hall: &mut Hall, command: &Command| {
        for event in hall.decide(command, now).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}")) {
            hall.apply(&event, now);
        }
    };
    for counter in &plan.counters {
        let profile = Some(Profile { auto_call: Some(true), ..counter.profile() });
        carry_out(&mut hall, &Command::SetProfile { counter: counter.number, profile });
        carry_out(&mut hall, &Command::OpenCounter { counter: counter.number, staff: None });
    }
    let rounds_max = 20 + 20 * hall.tickets().count();
    for _ in 0..rounds_max {
        for command in hall.due(now) {
            carry_out(&mut hall, &command);
        }
        let counters: Vec<_> =
            hall.counters().map(|(number, counter)| (number, counter.state.clone())).collect();
        for (counter, state) in counters {
            match state {
                CounterState::Calling { .. } => carry_out(&mut hall, &Command::StartService { counter }),
                CounterState::Serving { .. } => {
                    carry_out(&mut hall, &Command::FinishService { counter, ends_here: false });
                }
                _ => {}
            }
        }
        if hall.due(now).is_empty() && hall.counters().all(|(_, counter)| counter.state == CounterState::Idle)
        {
            break;
        }
    }
    for ticket in hall.tickets() {
        assert_ne!(ticket.place, Place::Waiting, "nobody ever calls {}", ticket.number);
    }
}

/// Deciding changes nothing, and the same question has the same answer.
pub fn deciding_changes_nothing(hall: &Hall, command: &Command, now: Timestamp) {
    let before = hall.clone();
    let decision = hall.decide(command, now);
    assert!(*hall == before, "deciding changed the state");
    assert_eq!(hall.decide(command, now), decision, "the same question had another answer");
}

/// The journal gives the hall again: all of it, and all that follows the last plan before the last day.
pub fn a_replay_gives_the_same_hall(journal: &[Record], hall: &Hall) {
    assert!(replay(journal.iter()) == *hall, "replay differs");
    let is_day = |record: &Record| matches!(record.event, Event::DayOpened { .. });
    let is_plan = |record: &&Record| matches!(record.event, Event::PlanAdopted { .. });
    if let Some(day) = journal.iter().rposition(is_day) {
        let plan = journal[..day].iter().rev().find(is_plan);
        assert!(replay(plan.into_iter().chain(&journal[day..])) == *hall, "replay of the last day differs");
    }
}

fn replay<'a>(records: impl Iterator<Item = &'a Record>) -> Hall {
    let mut hall = Hall::default();
    for record in records {
        hall.apply(&record.event, record.at);
    }
    hall
}

/// Every event reads back from JSON as it was written; returns the text.
pub fn an_event_reads_back_as_written(record: &Record) -> String {
    let text = serde_json::to_string(record).unwrap();
    assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), *record, "{text}");
    text
}

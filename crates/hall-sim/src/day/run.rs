//! A scenario carried out on the rules themselves: the real core on simulated time, without a hub and without a clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use hall_core::{BusinessDay, Command, Event, Hall, Plan, Record, Rejection, Timestamp};

use super::foresight::Foresight;
use super::players::{Ask, Players, Who};
use super::report::{Coverage, Report};
use super::scenario::{Coming, Scenario};

const DAY_MS: i64 = 86_400_000;

/// What came of a simulated day.
#[derive(Debug)]
pub struct DayOutcome {
    /// Everything that happened.
    pub journal: Vec<Record>,
    /// What citizens and staff asked for and did not get, by the code of the refusal.
    pub refused: BTreeMap<&'static str, usize>,
    /// Citizens who got no number.
    pub turned_away: usize,
    /// How well waits were foretold; none when nobody was told to wait.
    pub forecast: Option<Coverage>,
}

impl DayOutcome {
    /// The report on the day.
    pub fn report(&self, plan: &Plan) -> Report {
        let refused = self.refused.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect();
        Report { refused, forecast: self.forecast, ..Report::of(&self.journal, plan) }
    }
}

/// Carries a scenario out under the rules of `plan`; `foretells` waits as a hub does, which takes most of the time.
///
/// # Errors
/// When the rules refuse what nobody in a scenario does wrong, such as a faulty plan.
pub fn run(scenario: &Scenario, plan: &Arc<Plan>, foretells: bool) -> Result<DayOutcome, Rejection> {
    let mut day = RunningDay::new(scenario, plan, foretells);
    day.carry_out(&Command::AdoptPlan { plan: plan.clone() }, None)?;
    day.book(scenario);
    day.begin(scenario.day)?;
    day.pass()?;
    Ok(DayOutcome { forecast: day.foresight.and_then(|foresight| foresight.coverage()), ..day.outcome })
}

struct RunningDay<'a> {
    plan: &'a Plan,
    hall: Hall,
    players: Players<'a>,
    foresight: Option<Foresight>,
    now: Timestamp,
    /// Nothing of the day happens from here on.
    ends: Timestamp,
    outcome: DayOutcome,
}

impl<'a> RunningDay<'a> {
    fn new(scenario: &'a Scenario, plan: &'a Plan, foretells: bool) -> Self {
        let journal = Vec::with_capacity(6 * scenario.visits.len());
        Self {
            plan,
            hall: Hall::default(),
            players: Players::new(scenario, plan),
            foresight: foretells.then(|| Foresight::new(plan.day_begins(scenario.day))),
            now: booking_time(plan, scenario.day),
            ends: midnight(plan, scenario.day).plus_ms(DAY_MS),
            outcome: DayOutcome { journal, refused: BTreeMap::new(), turned_away: 0, forecast: None },
        }
    }

    /// Whoever gets no place comes without an appointment.
    fn book(&mut self, scenario: &Scenario) {
        for (index, visit) in scenario.visits.iter().enumerate() {
            let Coming::Booked { slot, .. } = visit.coming else { continue };
            let command = Command::BookAppointment(hall_core::Booking {
                service: visit.wish.service.clone(),
                slot,
                class: visit.wish.class.clone(),
                phone_digits: None,
                person: visit.wish.person.clone(),
            });
            match self.hall.decide(&command, self.now) {
                Ok(events) => events.into_iter().for_each(|event| self.take(event, Some(index))),
                Err(rejection) => self.count_refusal(&rejection),
            }
        }
    }

    fn begin(&mut self, day: BusinessDay) -> Result<(), Rejection> {
        self.now = self.plan.day_begins(day);
        self.settle()?;
        // On a day off nothing is due; then the day is empty.
        if self.hall.day().is_none_or(|open| open.date != day) {
            self.carry_out(&Command::OpenDay { day }, None)?;
        }
        Ok(())
    }

    /// Lets the day pass, from one thing to the next.
    fn pass(&mut self) -> Result<(), Rejection> {
        loop {
            // Whatever was due by now has been carried out.
            let due_at = self.hall.next_deadline(self.now).filter(|at| *at > self.now);
            let Some(next) = due_at.into_iter().chain(self.players.next_at()).min() else { return Ok(()) };
            if next >= self.ends {
                return Ok(());
            }
            self.foretell_until(next)?;
            self.now = next.max(self.now);
            if due_at == Some(self.now) {
                self.settle()?;
            }
            while let Some(ask) = self.players.act(self.now) {
                self.ask(&ask)?;
            }
        }
    }

    fn foretell_until(&mut self, next: Timestamp) -> Result<(), Rejection> {
        while let Some(foresight) = self.foresight.as_mut().filter(|it| it.next_at() <= next) {
            self.now = foresight.next_at().max(self.now);
            for command in foresight.look_ahead(&self.hall, self.plan, self.now) {
                self.carry_out(&command, None)?;
            }
        }
        Ok(())
    }

    fn ask(&mut self, ask: &Ask) -> Result<(), Rejection> {
        let citizen = match ask.who {
            Who::Citizen(visit) => Some(visit),
            Who::Staff(_) => None,
        };
        let carried_out = self.carry_out(&ask.command, citizen);
        self.players.answered(ask);
        match carried_out {
            Err(rejection) if Players::may_be_refused(ask) => {
                self.count_refusal(&rejection);
                self.outcome.turned_away += usize::from(matches!(ask.command, Command::IssueTicket(_)));
                self.players.refused(ask, self.now);
                Ok(())
            }
            Err(rejection) => Err(rejection),
            Ok(()) => self.settle(),
        }
    }

    /// Carries out what the clock demands, until it demands nothing more.
    fn settle(&mut self) -> Result<(), Rejection> {
        loop {
            let due = self.hall.due(self.now);
            if due.is_empty() {
                return Ok(());
            }
            for command in &due {
                self.carry_out(command, None)?;
            }
        }
    }

    fn carry_out(&mut self, command: &Command, citizen: Option<usize>) -> Result<(), Rejection> {
        let events = self.hall.decide(command, self.now)?;
        events.into_iter().for_each(|event| self.take(event, citizen));
        Ok(())
    }

    fn take(&mut self, event: Event, citizen: Option<usize>) {
        match (&event, citizen) {
            (Event::TicketIssued(issued), Some(visit)) => {
                self.players.has_number(visit, issued.ticket, self.now);
            }
            (Event::AppointmentBooked(appointment), Some(visit)) => {
                self.players.booked(visit, appointment.id)
            }
            _ => {}
        }
        self.hall.apply(&event, self.now);
        if let Some(foresight) = &mut self.foresight {
            foresight.observe(&event, self.now);
        }
        self.players.heard(&event, self.now);
        let seq = self.outcome.journal.len() as u64 + 1;
        self.outcome.journal.push(Record { seq, at: self.now, event });
    }

    fn count_refusal(&mut self, rejection: &Rejection) {
        *self.outcome.refused.entry(rejection.code()).or_default() += 1;
    }
}

fn midnight(plan: &Plan, day: BusinessDay) -> Timestamp {
    Timestamp::at(day, 0, plan.hall.utc_offset)
}

/// Early enough that every slot of the day may be booked, as far as the hall lets people book ahead.
fn booking_time(plan: &Plan, day: BusinessDay) -> Timestamp {
    let rules = &plan.appointments;
    let days_ahead = (rules.until_min / (24 * 60) + 1).min(rules.book_days_max);
    midnight(plan, day).plus_ms(-i64::from(days_ahead) * DAY_MS)
}

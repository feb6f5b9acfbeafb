//! Commands drawn at random, with an eye on the hall so that most of them make sense there.

use hall_core::plan::Profile;
use hall_core::{
    AppointmentId, Booking, ClassId, Command, CounterNumber, CounterState, Destination, Event, Hall,
    LanguageId, NeedId, PersonHash, Plan, ServiceId, StaffId, TicketId, Timestamp, Wish,
};

use crate::dice::Dice;
use crate::{plans, slips};

const MINUTE_MS: i64 = 60_000;
/// Of what was seen, so many are remembered.
const SEEN_MAX: usize = 40;

/// How time goes by before a command.
pub enum Gap {
    /// What falls due on the way is done at the moment it is due.
    Passes(i64),
    /// A machine wakes up, or its clock is set forward: what fell due is done afterwards.
    Leaps(i64),
    /// Until something is due.
    ToDeadline,
}

/// What has been seen of late, so that commands can be about it.
#[derive(Default)]
pub struct Stream {
    given: Vec<TicketId>,
    missed: Vec<TicketId>,
    parked: Vec<TicketId>,
    booked: Vec<AppointmentId>,
    /// How busy the day is.
    gap_ms: i64,
    issued_percent: u64,
    /// A hall with more printers than can be kept.
    prints_everywhere: bool,
}

impl Stream {
    /// How busy the coming day is.
    pub fn draw_mood(&mut self, dice: &mut Dice) {
        self.gap_ms = dice.pick(&[5_000, 30_000, 60_000, 120_000]);
        self.issued_percent = dice.pick(&[10, 25, 40]);
        self.prints_everywhere = dice.one_in(15);
        if self.prints_everywhere {
            (self.gap_ms, self.issued_percent) = (5_000, 10);
        }
    }

    pub fn note(&mut self, event: &Event) {
        match event {
            Event::DayOpened { carried, .. } => {
                for seen in [&mut self.given, &mut self.missed, &mut self.parked] {
                    seen.clear();
                }
                self.booked = carried.appointments.iter().map(|it| it.id).collect();
            }
            Event::TicketIssued(issued) => note(&mut self.given, issued.ticket),
            Event::TicketMissed { ticket, .. } => note(&mut self.missed, *ticket),
            Event::TicketParked { ticket, .. } => note(&mut self.parked, *ticket),
            Event::AppointmentBooked(appointment) => note(&mut self.booked, appointment.id),
            _ => {}
        }
    }

    pub fn gap(&self, dice: &mut Dice, hall: &Hall, now: Timestamp) -> Gap {
        let is_open = hall.day().is_some_and(|day| day.open);
        if !is_open && dice.one_in(3) {
            return Gap::ToDeadline;
        }
        let gives_numbers = |plan: &Plan| plan.services.iter().any(|service| plan.is_open(service, now));
        if dice.one_in(20) && !hall.plan().is_some_and(|plan| gives_numbers(plan)) {
            return Gap::Passes(dice.between(5, 40) * MINUTE_MS);
        }
        match dice.below(10_000) {
            0..2_000 => Gap::Passes(0),
            2_000..9_800 => Gap::Passes(dice.between(1, self.gap_ms)),
            9_800..9_840 => Gap::Passes(dice.between(1, 30) * MINUTE_MS),
            // On the dot, where slots begin and limits are reached.
            9_840..9_900 => Gap::Passes(5 * MINUTE_MS - now.as_ms() % (5 * MINUTE_MS)),
            9_900..9_905 => Gap::ToDeadline,
            9_905..9_990 => Gap::Leaps(dice.between(1, 60) * MINUTE_MS),
            9_990..9_997 => Gap::Passes(dice.between(1, 20) * 60 * MINUTE_MS),
            _ => Gap::Leaps(dice.between(12, 100) * 60 * MINUTE_MS),
        }
    }

    pub fn command(&self, dice: &mut Dice, hall: &Hall, now: Timestamp) -> Command {
        if dice.below(100) < self.issued_percent {
            return Command::IssueTicket(self.wish(dice));
        }
        if self.prints_everywhere && !dice.one_in(25) {
            return slips::another_printer(dice, hall);
        }
        match dice.below(1000) {
            0..560 => self.sensible(dice, hall),
            560..600 => self.about_a_slip(dice, hall),
            600..680 => self.whatever(dice),
            680..780 => self.about_a_ticket(dice),
            780..860 => about_a_counter(dice),
            860..980 => self.about_an_appointment(dice, hall, now),
            980..985 => Command::StopIssuing { service: service(dice) },
            985..994 => Command::ResumeIssuing { service: service(dice) },
            _ => about_the_hall(dice, hall),
        }
    }

    fn wish(&self, dice: &mut Dice) -> Wish {
        let mut wish = Wish::new(service(dice), class(dice));
        if dice.one_in(3) {
            wish.person = person(dice);
        }
        match dice.below(14) {
            0 => wish.language = Some(language(dice)),
            1 => wish.needs = vec![need(dice)],
            2 => wish.route = Some(dice.pick(&["move", "move", "unknown"]).into()),
            3 => wish.then = vec![service(dice), service(dice)],
            4 => wish.then = vec!["aid".into()],
            5 if dice.one_in(4) => {
                wish.then = ["tax", "aid"].repeat(5).into_iter().map(ServiceId::from).collect()
            }
            6 if dice.one_in(4) => {
                (wish.service, wish.route, wish.then) =
                    ("property".into(), Some("move".into()), vec!["aid".into()]);
            }
            _ => {}
        }
        wish
    }

    /// What somebody at a counter would most likely do next.
    fn sensible(&self, dice: &mut Dice, hall: &Hall) -> Command {
        let counter = counter(dice);
        let state = hall.counter(counter).map_or(&CounterState::Closed, |counter| &counter.state);
        match (state, dice.below(10)) {
            (CounterState::Idle, _) => Command::CallNext { counter },
            (CounterState::Calling { .. }, 0..5) => Command::StartService { counter },
            (CounterState::Calling { .. }, 5..8) => Command::NoShow { counter, timed: false },
            (CounterState::Calling { .. }, 8) => Command::Recall { counter },
            (CounterState::Calling { .. }, _) => self.transfer(dice, counter),
            (CounterState::Serving { .. }, 0..5) => {
                Command::FinishService { counter, ends_here: dice.one_in(6) }
            }
            (CounterState::Serving { .. }, 5) => self.send_on(dice, counter),
            (CounterState::Serving { .. }, 6) => self.transfer(dice, counter),
            (CounterState::Serving { .. }, 7) => park(dice, counter),
            (CounterState::Serving { .. }, _) => Command::FinishService { counter, ends_here: false },
            (CounterState::Closed | CounterState::Paused { .. }, _) => {
                Command::OpenCounter { counter, staff: staff(dice, counter) }
            }
        }
    }

    /// Whatever can be asked of a counter.
    fn whatever(&self, dice: &mut Dice) -> Command {
        let counter = counter(dice);
        match dice.below(9) {
            0 => Command::CallNext { counter },
            1 => Command::Recall { counter },
            2 => Command::StartService { counter },
            3 => Command::NoShow { counter, timed: dice.one_in(4) },
            4 => Command::FinishService { counter, ends_here: dice.one_in(2) },
            5 => park(dice, counter),
            6 => self.transfer(dice, counter),
            7 => self.send_on(dice, counter),
            _ => Command::ServeDirect { counter, service: service(dice), class: class(dice) },
        }
    }

    fn about_a_ticket(&self, dice: &mut Dice) -> Command {
        let any = self.ticket(dice);
        match dice.below(8) {
            0 => Command::CancelTicket { ticket: any },
            1 => Command::AbandonTicket { ticket: any },
            2..4 => Command::Reinstate { ticket: dice.any(&self.missed).unwrap_or(any) },
            4 => Command::Resume { ticket: dice.any(&self.parked).unwrap_or(any) },
            5 => {
                Command::CallTicket { counter: counter(dice), ticket: dice.any(&self.parked).unwrap_or(any) }
            }
            6 => Command::CallTicket { counter: counter(dice), ticket: any },
            _ => match dice.below(6) {
                0 => Command::Reinstate { ticket: any },
                1 => Command::Resume { ticket: any },
                2 => Command::AbandonTicket { ticket: dice.any(&self.parked).unwrap_or(any) },
                3 => Command::CancelTicket { ticket: dice.any(&self.missed).unwrap_or(any) },
                _ => Command::Remind { ticket: dice.any(&self.parked).unwrap_or(any) },
            },
        }
    }

    fn ticket(&self, dice: &mut Dice) -> TicketId {
        match dice.any(&self.given) {
            Some(ticket) if !dice.one_in(40) => ticket,
            Some(ticket) => TicketId(ticket.0 + 1_000),
            None => TicketId(0),
        }
    }

    fn about_a_slip(&self, dice: &mut Dice, hall: &Hall) -> Command {
        let (printer, ticket) = (slips::printer(dice), self.ticket(dice));
        match dice.below(10) {
            0..2 => Command::ReportPrinter { printer, report: slips::report(dice) },
            2..4 => {
                let seen = self.missed.iter().chain(&self.given);
                let ticket = slips::most_printed(hall, seen).unwrap_or(ticket);
                let known = hall.printers().keys().next().cloned();
                Command::Reprint { ticket, printer: known.unwrap_or(printer), counter: None }
            }
            4..6 => Command::Reprint { ticket, printer, counter: Some(counter(dice)) },
            6..8 => Command::ReportSlip { ticket, printer, copy: 0, outcome: slips::outcome(dice) },
            _ => slips::last_word(dice, hall, ticket, printer),
        }
    }

    fn about_an_appointment(&self, dice: &mut Dice, hall: &Hall, now: Timestamp) -> Command {
        let Some(appointment) = dice.any(&self.booked).filter(|_| dice.one_in(2)) else {
            let (service, class) = (dice.pick(&["property", "tax", "aid", "permit"]).into(), class(dice));
            let phone_digits = dice.pick(&[None, None, None, None, Some("1234"), Some("1234"), Some("12a4")]);
            return Command::BookAppointment(Booking {
                slot: slot(dice, hall, &service, now),
                service,
                class,
                phone_digits: phone_digits.map(str::to_owned),
                person: if dice.one_in(2) { person(dice) } else { None },
            });
        };
        let appointment = if dice.one_in(40) { AppointmentId(0) } else { appointment };
        match dice.below(10) {
            0..7 => Command::CheckIn {
                appointment,
                language: dice.one_in(10).then(|| language(dice)),
                needs: if dice.one_in(10) { vec![need(dice)] } else { Vec::new() },
            },
            7 | 8 => {
                let service = hall.appointment(appointment).map_or("tax".into(), |it| it.service.clone());
                Command::ChangeAppointment { appointment, slot: slot(dice, hall, &service, now) }
            }
            _ => Command::CancelAppointment { appointment },
        }
    }

    fn transfer(&self, dice: &mut Dice, counter: CounterNumber) -> Command {
        let to = match dice.below(7) {
            0..2 => Destination::Counter(self::counter(dice)),
            2..4 => Destination::Staff(StaffId::from(format!("100{}", dice.between(1, 6)).as_str())),
            _ => Destination::Service(service(dice)),
        };
        Command::Transfer { counter, to }
    }

    fn send_on(&self, dice: &mut Dice, counter: CounterNumber) -> Command {
        let legs = (0..dice.pick(&[1, 1, 1, 2, 3, 9, 0])).map(|_| service(dice)).collect();
        Command::SendOn { counter, legs, and_back: dice.one_in(2) }
    }
}

fn about_a_counter(dice: &mut Dice) -> Command {
    let counter = counter(dice);
    match dice.below(10) {
        0..3 => Command::OpenCounter { counter, staff: staff(dice, counter) },
        3 => Command::PauseCounter {
            counter,
            reason: dice.pick(&["午休", " 会议 ", " ", "\u{202e}x"]).into(),
        },
        4..6 => Command::CloseCounter { counter },
        6 => Command::SetProfile { counter, profile: profile(dice) },
        7 => Command::HelpService { counter, service: service(dice), when: plans::help_when(dice) },
        8 => Command::StopHelping { counter, service: service(dice) },
        _ => Command::SetProfile { counter, profile: None },
    }
}

fn about_the_hall(dice: &mut Dice, hall: &Hall) -> Command {
    match dice.below(10) {
        0..6 => Command::AdoptPlan { plan: plans::draw(dice) },
        6 => Command::AdoptPlan { plan: plans::faulty(dice) },
        7 if dice.one_in(3) => Command::CloseDay,
        _ => {
            let last = hall.day().map_or("2026-11-20".parse().unwrap(), |day| day.date);
            let day = if dice.one_in(4) { last.tomorrow().unwrap() } else { last };
            Command::OpenDay { day }
        }
    }
}

fn profile(dice: &mut Dice) -> Option<Profile> {
    let services = (0..dice.pick(&[1, 1, 2, 2, 0])).map(|_| service(dice)).collect();
    let helps = (0..dice.below(2))
        .map(|_| hall_core::plan::Help { service: service(dice), when: plans::help_when(dice) })
        .collect();
    Some(Profile { services, helps, auto_call: dice.pick(&[None, Some(true), Some(false)]) })
}

fn park(dice: &mut Dice, counter: CounterNumber) -> Command {
    let remind_after_min = dice.pick(&[None, Some(1), Some(15), Some(480), Some(0), Some(481)]);
    Command::Park { counter, remind_after_min }
}

/// Most often one that can be booked.
fn slot(dice: &mut Dice, hall: &Hall, service: &ServiceId, now: Timestamp) -> Timestamp {
    let day_ms = 24 * 60 * MINUTE_MS;
    let around = now.plus_ms(dice.pick(&[0, 0, 0, 0, 0, 1, 2]) * day_ms);
    let day = hall.plan().map(|plan| plan.date(around));
    let free = day.map(|day| hall.slots(service, day, now)).unwrap_or_default();
    match dice.any(&free[..free.len().min(6)]) {
        Some(slot) if !dice.one_in(8) => slot.at.plus_ms(dice.pick(&[0, 0, 0, 0, 0, 0, 0, 1, 20 * day_ms])),
        _ => {
            let half_hour_ms = 30 * MINUTE_MS;
            let next = Timestamp::from_ms((now.as_ms() / half_hour_ms + 1) * half_hour_ms);
            next.plus_ms(dice.between(-1, 12) * half_hour_ms + dice.between(0, 2) * day_ms)
        }
    }
}

fn service(dice: &mut Dice) -> ServiceId {
    if dice.one_in(100) {
        return "unknown".into();
    }
    dice.pick(&["property", "property", "tax", "tax", "permit", "aid"]).into()
}

fn class(dice: &mut Dice) -> ClassId {
    if dice.one_in(100) {
        return "unknown".into();
    }
    dice.pick(&["ordinary", "ordinary", "ordinary", "elderly", "elderly", "military"]).into()
}

fn counter(dice: &mut Dice) -> CounterNumber {
    CounterNumber(if dice.one_in(50) { 9 } else { dice.between(1, 5) as u16 })
}

fn staff(dice: &mut Dice, counter: CounterNumber) -> Option<StaffId> {
    let odd = ["", " 1001", "一二三四五六七八九十一二三四五六七八九十一"];
    let staff = match dice.below(40) {
        0 => dice.pick(&odd).to_owned(),
        1..5 => format!("100{}", dice.between(1, 6)),
        5..25 => format!("100{counter}"),
        _ => return None,
    };
    Some(staff.as_str().into())
}

fn person(dice: &mut Dice) -> Option<PersonHash> {
    Some(format!("p{}", dice.below(12)).as_str().into())
}

fn language(dice: &mut Dice) -> LanguageId {
    dice.pick(&["zh", "en", "en", "xx"]).into()
}

fn need(dice: &mut Dice) -> NeedId {
    dice.pick(&["writes", "writes", "unknown"]).into()
}

fn note<T>(seen: &mut Vec<T>, one: T) {
    if seen.len() == SEEN_MAX {
        seen.remove(0);
    }
    seen.push(one);
}

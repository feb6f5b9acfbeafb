//! A hall that takes appointments, with its journal, carried through time the way a hub does it.

use std::sync::{Arc, LazyLock};

use hall_core::{
    AppointmentId, Booking, BusinessDay, Command, Event, Hall, Plan, Record, Rejection, Timestamp,
};

const PLAN: &str = r#"
hall = { name = "试验大厅", name_en = "Test hall", day = "08:00-18:00", hours = ["09:00-12:00", "13:00-17:00"] }
appointments = { credit_min = 10, early_min = 30, grace_min = 15, book_days_max = 7, until_min = 60, missed_max = 2, missed_days = 3 }
calendar = { holidays = "cn", off = ["2026-11-25"] }
classes = [
  { id = "ordinary", name = "普通", name_en = "Ordinary" },
  { id = "elderly", name = "老年人", name_en = "Elderly", credit_min = 20 },
]
needs = [{ id = "writes", name = "书写", name_en = "Writes" }]
zones = [{ id = "A", name = "A区", name_en = "Zone A", floor = "1楼" }]
departments = [{ id = "d", name = "部门", name_en = "Department" }]
counters = [{ number = 1, zone = "A", department = "d", services = ["property", "tax", "permit", "aid"] }]

[[services]]
id = "property"
department = "d"
name = "不动产"
name_en = "Property"
prefix = "A"
expected_min = 10
slots = [{ hours = "09:00-12:00", every_min = 30, capacity = 2 }]

[[services]]
id = "tax"
department = "d"
name = "税务"
name_en = "Tax"
prefix = "B"
expected_min = 5
hours = ["09:00-10:00"]
quotas = [{ hours = "09:00-10:00", tickets = 1 }]
slots = [
  { hours = "09:00-09:30", every_min = 15, capacity = 1 },
  { hours = "14:00-15:00", every_min = 45, capacity = 3 },
]

[[services]]
id = "permit"
department = "d"
name = "许可"
name_en = "Permit"
prefix = "C"
expected_min = 5
real_name = true
slots = [{ hours = "10:00-11:00", every_min = 30, capacity = 1 }]

[[services]]
id = "aid"
department = "d"
name = "救助"
name_en = "Aid"
prefix = "D"
expected_min = 5
"#;

pub fn plan() -> Arc<Plan> {
    static READ: LazyLock<Arc<Plan>> = LazyLock::new(|| Arc::new(Plan::from_toml(PLAN).unwrap()));
    READ.clone()
}

/// A day of November 2026, counted on into December; the 23rd is a Monday, the 25th a day off of the hall's own.
pub fn date(day: &str) -> BusinessDay {
    let first = BusinessDay::constant(2026, 11, 1);
    first + jiff::Span::new().days(day.parse::<i64>().unwrap() - 1)
}

/// `23 10:00` on the hall's wall clock.
pub fn at(text: &str) -> Timestamp {
    let (day, clock) = text.split_once(' ').unwrap();
    format!("{}T{clock}:00+08:00", date(day)).parse().unwrap()
}

pub fn appointment(id: u64) -> AppointmentId {
    AppointmentId(id)
}

/// Of an ordinary citizen who gives neither phone nor person.
pub fn booking(service: &str, slot: &str) -> Booking {
    Booking {
        service: service.into(),
        slot: at(slot),
        class: "ordinary".into(),
        phone_digits: None,
        person: None,
    }
}

/// From Monday at seven on, each command at its time must come to what is said.
pub fn check(script: &[(&str, Command, &str)]) {
    let mut run = Run::new(Plan::clone(&plan()));
    for (clock, command, expect) in script {
        run.pass_to(at(clock));
        let decision = run.carry_out(command);
        assert_eq!(outcome(&decision), *expect, "{command:?} at {clock}");
    }
    run.check_replay();
}

/// What a person would notice of a decision.
pub fn outcome(decision: &Result<Vec<Event>, Rejection>) -> String {
    let events = match decision {
        Err(refusal) => return refusal.code().to_owned(),
        Ok(events) => events,
    };
    match events.as_slice() {
        [] => "nothing".into(),
        [Event::AppointmentBooked(appointment)] => format!("booked {}", appointment.id),
        [Event::AppointmentChanged { appointment, .. }] => format!("changed {appointment}"),
        [Event::AppointmentCancelled { appointment }] => format!("cancelled {appointment}"),
        [Event::TicketIssued(issued)] => match issued.appointment {
            Some(checked_in) => format!("{} {:?}", issued.number, checked_in.punctuality),
            None => issued.number.to_string(),
        },
        _ => "done".into(),
    }
}

pub struct Run {
    pub hall: Hall,
    pub journal: Vec<Record>,
    pub now: Timestamp,
}

impl Run {
    /// On Monday the 23rd at seven.
    pub fn new(plan: Plan) -> Self {
        let mut run = Self { hall: Hall::default(), journal: Vec::new(), now: at("23 07:00") };
        run.carry_out(&Command::AdoptPlan { plan: Arc::new(plan) }).unwrap();
        run
    }

    pub fn carry_out(&mut self, command: &Command) -> Result<Vec<Event>, Rejection> {
        let before = self.hall.clone();
        let decision = self.hall.decide(command, self.now);
        assert_eq!(self.hall, before, "deciding changed the state");
        for event in decision.iter().flatten() {
            let seq = self.journal.len() as u64 + 1;
            self.hall.apply(event, self.now);
            self.journal.push(Record { seq, at: self.now, event: event.clone() });
        }
        decision
    }

    /// Lets time pass, doing what falls due on the way at the moment it is due.
    pub fn pass_to(&mut self, until: Timestamp) {
        while let Some(deadline) = self.hall.next_deadline(self.now).filter(|deadline| *deadline <= until) {
            self.now = deadline.max(self.now);
            assert!(self.catch_up() > 0, "a deadline at {} with nothing due", self.now);
        }
        self.now = until;
    }

    /// Does what is due now; how much that was.
    pub fn catch_up(&mut self) -> usize {
        let mut done = 0;
        loop {
            let due = self.hall.due(self.now);
            if due.is_empty() {
                return done;
            }
            done += due.len();
            for command in due {
                self.carry_out(&command).unwrap();
            }
        }
    }

    /// Read back from the journal, from its beginning or from the last day, the hall is the same.
    pub fn check_replay(&self) {
        let is_day = |record: &Record| matches!(record.event, Event::DayOpened { .. });
        let is_plan = |record: &&Record| matches!(record.event, Event::PlanAdopted { .. });
        let day = self.journal.iter().rposition(is_day).unwrap_or(0);
        let plan = self.journal[..day].iter().rfind(is_plan);
        for journal in [self.journal.iter().collect(), plan.into_iter().chain(&self.journal[day..]).collect()]
        {
            let journal: Vec<&Record> = journal;
            let mut hall = Hall::default();
            for record in journal {
                let text = serde_json::to_string(record).unwrap();
                let read: Record = serde_json::from_str(&text).unwrap();
                assert_eq!(read, *record);
                hall.apply(&read.event, read.at);
            }
            assert_eq!(hall, self.hall, "replay differs");
        }
    }
}

//! What the screen shows, derived from the model: every text ready, nothing left to decide but where it stands.

use std::collections::BTreeMap;
use std::time::Instant;

use hall_client::{DayStage, Link};
use hall_core::plan::{Department, Service};
use hall_core::{DepartmentId, Plan, ServiceId, Timestamp};

use crate::model::{Model, Paper, Stage, Taken};
use crate::wait::{open_counters, wait_min};
use crate::whereabouts::{in_one_line, places};
use crate::words::{self, Language, Words};

/// Everything on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub language: Language,
    pub hall: Words,
    /// `09:30`, empty while unknown.
    pub time: String,
    pub date: Words,
    pub hours: Words,
    pub notice: Option<Notice>,
    /// The printer's trouble, for staff; `true` when nothing can be printed.
    pub printer: Option<(Words, bool)>,
    /// The service a number is being taken for, and whether that takes long.
    pub taking: Option<(ServiceId, bool)>,
    pub message: Option<Words>,
    /// Of what is listed, counted from 0; the view knows how many there are.
    pub page: usize,
    pub left_s: u32,
    pub face: Face,
}

/// A word beside the heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    Away(Words),
    OutsideHours(Words),
}

/// The main part.
#[derive(Clone, Debug, PartialEq)]
pub enum Face {
    /// The hub was never heard of.
    Connecting,
    /// No numbers, with the reason.
    Closed(Words),
    Departments(Vec<DepartmentTile>),
    Services {
        /// Absent in a hall of one department.
        department: Option<Words>,
        tiles: Vec<ServiceTile>,
    },
    Ticket(TicketFacts),
}

/// A department to touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentTile {
    pub id: DepartmentId,
    pub name: Words,
    /// How many wait, or that it is closed now.
    pub status: Words,
    pub open: bool,
}

/// A service to touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceTile {
    pub id: ServiceId,
    pub name: Words,
    pub place: Words,
    /// How many wait, or that it is closed now.
    pub status: Words,
    /// How long that takes, or when it is open.
    pub detail: Words,
    pub open: bool,
}

/// The number and what goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketFacts {
    pub number: String,
    pub service: Words,
    pub ahead: u32,
    pub wait_min: Option<u32>,
    /// A line a zone.
    pub places: Vec<Words>,
    pub paper: Paper,
}

impl Face {
    /// For the log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Connecting => "loading",
            Self::Closed(_) => "closed",
            Self::Departments(_) => "departments",
            Self::Services { .. } => "services",
            Self::Ticket(_) => "ticket",
        }
    }
}

impl Model {
    /// The screen at `at`.
    pub fn shown(&self, at: Instant) -> Shown {
        let plan = self.mirror.plan().filter(|_| self.mirror.link() != Link::Connecting);
        let known = plan.zip(self.mirror.now(at));
        let civil = known.map(|(plan, now)| now.civil(plan.hall.utc_offset));
        Shown {
            language: self.language,
            hall: plan.map(|plan| Words::new(&plan.hall.name, &plan.hall.name_en)).unwrap_or_default(),
            time: civil.map(|civil| civil.strftime("%H:%M").to_string()).unwrap_or_default(),
            date: civil.map(|civil| words::date(civil.date())).unwrap_or_default(),
            hours: plan.map(|plan| words::hall_hours(&plan.hall.hours)).unwrap_or_default(),
            notice: known.and_then(|(plan, now)| self.notice(plan, now)),
            printer: self.printer.and_then(|status| Some((words::printer(status)?, !status.can_print()))),
            taking: self.taking.as_ref().map(|taking| (taking.order.service.clone(), taking.long)),
            message: self.message.clone(),
            page: if matches!(self.stage, Stage::Start) { self.department_page } else { self.service_page },
            left_s: self.left_s,
            face: known.map_or(Face::Connecting, |(plan, now)| self.face(plan, now, at)),
        }
    }

    fn notice(&self, plan: &Plan, now: Timestamp) -> Option<Notice> {
        if self.mirror.link() == Link::Away {
            return Some(Notice::Away(words::reconnecting()));
        }
        let any_open = plan.services.iter().any(|service| plan.is_open(service, now));
        (!any_open).then(|| Notice::OutsideHours(words::outside_hours()))
    }

    fn face(&self, plan: &Plan, now: Timestamp, at: Instant) -> Face {
        if let Stage::Ticket(taken) = &self.stage {
            return Face::Ticket(taken.facts());
        }
        match self.mirror.day_stage(at) {
            DayStage::Open => {}
            DayStage::NotOpenYet => return Face::Closed(words::not_open_yet()),
            DayStage::Ended => return Face::Closed(words::day_ended()),
        }
        match (&self.stage, plan.departments.as_slice()) {
            (Stage::Services(id), _) if plan.department(id).is_some() => Face::Services {
                department: plan.department(id).map(name_of),
                tiles: self.service_tiles(plan, now, id),
            },
            (_, [only]) => {
                Face::Services { department: None, tiles: self.service_tiles(plan, now, &only.id) }
            }
            _ => Face::Departments(self.department_tiles(plan, now)),
        }
    }

    /// Departments in the plan's order; one without services has nothing to offer here.
    fn department_tiles(&self, plan: &Plan, now: Timestamp) -> Vec<DepartmentTile> {
        let mut sums = BTreeMap::<&DepartmentId, (u32, bool)>::new();
        let waiting = self.mirror.view().waiting_counts();
        for service in &plan.services {
            let (people, open) = sums.entry(&service.department).or_default();
            *people += waiting.get(&service.id).copied().unwrap_or(0);
            *open |= plan.is_open(service, now);
        }
        let tile = |department: &Department| {
            let (people, open) = *sums.get(&department.id)?;
            let status = if open { words::waiting(people) } else { words::closed_now() };
            Some(DepartmentTile { id: department.id.clone(), name: name_of(department), status, open })
        };
        plan.departments.iter().filter_map(tile).collect()
    }

    fn service_tiles(&self, plan: &Plan, now: Timestamp, department: &DepartmentId) -> Vec<ServiceTile> {
        let waiting = self.mirror.view().waiting_counts();
        let of_department = plan.services.iter().filter(|service| service.department == *department);
        let tile = |service: &Service| {
            let people = waiting.get(&service.id).copied().unwrap_or(0);
            let open = plan.is_open(service, now);
            let (status, detail) = if open {
                (words::waiting(people), self.open_detail(plan, service, people))
            } else {
                let bands = words::bands(plan.hours(service));
                (words::closed_now(), Words::new(&bands, &bands))
            };
            ServiceTile {
                id: service.id.clone(),
                name: Words::new(&service.name, &service.name_en),
                place: in_one_line(&places(plan, &service.id)),
                status,
                detail,
                open,
            }
        };
        of_department.map(tile).collect()
    }

    fn open_detail(&self, plan: &Plan, service: &Service, people: u32) -> Words {
        let open_counters = open_counters(plan, self.mirror.view(), &service.id);
        match wait_min(service, people, open_counters) {
            _ if open_counters == 0 => words::no_counter_open(),
            Some(wait_min) => words::expected_wait(wait_min),
            None => words::takes(service.expected_min),
        }
    }
}

impl Taken {
    fn facts(&self) -> TicketFacts {
        TicketFacts {
            number: self.number.to_string(),
            service: self.service.clone(),
            ahead: self.ahead,
            wait_min: self.wait_min,
            places: self.places.clone(),
            paper: self.paper,
        }
    }
}

fn name_of(department: &Department) -> Words {
    Words::new(&department.name, &department.name_en)
}

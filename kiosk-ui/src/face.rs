//! What the screen shows, derived from the model: every text ready, nothing left to decide but where it stands.

use std::collections::BTreeMap;
use std::time::Instant;

use hall_api::View;
use hall_client::{DayStage, Link};
use hall_core::plan::{Department, Service};
use hall_core::{BusinessDay, CounterState, DepartmentId, Plan, ServiceId, Timestamp};

use crate::closed::{Closed, Why};
use crate::maintenance::{Pad, Page};
use crate::model::{Model, Stage, Taken};
use crate::openings::{hall_bands, next_opening, service_bands};
use crate::paper::Paper;
use crate::whereabouts::{in_one_line, places};
use crate::words::{self, Language, Message, Words};

/// Everything on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub language: Language,
    pub hall: Words,
    /// `09:30`, empty while unknown.
    pub time: String,
    pub date: Words,
    /// The hall's hours today.
    pub hours: Words,
    pub notice: Option<Notice>,
    /// The printer's trouble, for staff; `true` when nothing can be printed.
    pub printer: Option<(Words, bool)>,
    /// The service a number is being taken for, and whether that takes long.
    pub taking: Option<(ServiceId, bool)>,
    pub message: Option<Message>,
    /// Of what is listed, counted from 0; the view knows how many there are.
    pub page: usize,
    pub left_s: u32,
    pub face: Face,
}

/// A word beside the heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    Away(Words),
    NoNumbers(Words),
    /// There are numbers, on the screen only.
    NoSlips(Words),
}

/// The main part.
#[derive(Clone, Debug, PartialEq)]
pub enum Face {
    /// The hub was never heard of.
    Connecting,
    /// No numbers.
    Closed {
        reason: Words,
        /// When there are numbers.
        when: Words,
    },
    Departments(Vec<DepartmentTile>),
    Services {
        /// Absent in a hall of one department.
        department: Option<Words>,
        tiles: Vec<ServiceTile>,
    },
    Ticket(TicketFacts),
    /// For staff: the code is asked for.
    CodePad(Pad),
    /// For staff.
    Maintenance(Page),
}

/// A department to touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentTile {
    pub id: DepartmentId,
    pub name: Words,
    /// How many wait, or why there are no numbers now.
    pub status: Words,
    pub open: bool,
}

/// A service to touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceTile {
    pub id: ServiceId,
    pub name: Words,
    pub place: Words,
    /// How many wait, or why there are no numbers now.
    pub status: Words,
    /// That no counter serves it yet, or when there are numbers; may be empty.
    pub detail: Words,
    pub open: bool,
}

/// The number and what goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketFacts {
    pub number: String,
    pub service: Words,
    pub ahead: u32,
    /// How long the wait will be, where that can be told.
    pub wait: Option<Words>,
    /// A line a zone.
    pub places: Vec<Words>,
    pub paper: Paper,
}

impl Face {
    /// For the log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Connecting => "loading",
            Self::Closed { .. } => "closed",
            Self::Departments(_) => "departments",
            Self::Services { .. } => "services",
            Self::Ticket(_) => "ticket",
            Self::CodePad(_) => "code",
            Self::Maintenance(_) => "maintenance",
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
            hours: known.map(|(plan, now)| hours_today(plan, plan.date(now))).unwrap_or_default(),
            notice: known.and_then(|(plan, now)| self.notice(plan, now)),
            printer: self
                .printer
                .and_then(|health| Some((words::slips::printer(&health)?, !health.status.can_print()))),
            taking: self.taking.as_ref().map(|taking| (taking.order.service.clone(), taking.long)),
            message: self.message.clone(),
            page: if matches!(self.stage, Stage::Start) { self.department_page } else { self.service_page },
            left_s: self.left_s,
            face: match (self.maintenance.pad(at), self.page(at), known) {
                (Some(pad), _, _) => Face::CodePad(pad),
                (_, Some(page), _) => Face::Maintenance(page),
                (_, _, Some((plan, now))) => self.face(plan, now, at),
                (_, _, None) => Face::Connecting,
            },
        }
    }

    fn notice(&self, plan: &Plan, now: Timestamp) -> Option<Notice> {
        if self.mirror.link() == Link::Away {
            return Some(Notice::Away(words::reconnecting()));
        }
        let closed = plan.services.iter().map(|service| self.closed(plan, service, now));
        if let Some(closed) = closed.collect::<Option<Vec<_>>>() {
            return Some(Notice::NoNumbers(status_of_closed(&closed, words::outside_hours())));
        }
        let cannot_print = self.printer.is_some_and(|health| !health.status.can_print());
        cannot_print.then(|| Notice::NoSlips(words::slips::no_slips()))
    }

    fn face(&self, plan: &Plan, now: Timestamp, at: Instant) -> Face {
        if let Stage::Ticket(taken) = &self.stage {
            return Face::Ticket(taken.facts());
        }
        let today = plan.date(now);
        let next_day = || words::again(next_opening(today, 24 * 60, |day| hall_bands(plan, day)), today);
        match self.mirror.day_stage(at) {
            DayStage::Open => {}
            _ if !plan.is_working_day(today) => {
                return Face::Closed { reason: words::day_off_short(), when: next_day() };
            }
            DayStage::NotOpenYet => {
                return Face::Closed { reason: words::not_open_yet(), when: hours_today(plan, today) };
            }
            DayStage::Ended => return Face::Closed { reason: words::day_ended(), when: next_day() },
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
        let mut services = BTreeMap::<&DepartmentId, Vec<&Service>>::new();
        for service in &plan.services {
            services.entry(&service.department).or_default().push(service);
        }
        let waiting = self.mirror.view().waiting_counts();
        let tile = |department: &Department| {
            let services = services.get(&department.id)?;
            let closed = services.iter().map(|service| self.closed(plan, service, now));
            let closed = closed.collect::<Option<Vec<_>>>();
            let people = || services.iter().filter_map(|service| waiting.get(&service.id)).sum();
            let status = match &closed {
                Some(closed) => status_of_closed(closed, words::closed_now()),
                None => words::waiting(people()),
            };
            let (id, name) = (department.id.clone(), name_of(department));
            Some(DepartmentTile { id, name, status, open: closed.is_none() })
        };
        plan.departments.iter().filter_map(tile).collect()
    }

    fn service_tiles(&self, plan: &Plan, now: Timestamp, department: &DepartmentId) -> Vec<ServiceTile> {
        let view = self.mirror.view();
        let waiting = view.waiting_counts();
        let of_department = plan.services.iter().filter(|service| service.department == *department);
        let tile = |service: &Service| {
            let closed = self.closed(plan, service, now);
            let (status, detail) = match &closed {
                Some(closed) => (closed.status(), closed_detail(closed, plan, service, now)),
                None => {
                    let status = words::waiting(waiting.get(&service.id).copied().unwrap_or(0));
                    let no_counter = !is_served(plan, view, &service.id);
                    (status, no_counter.then(words::no_counter_open).unwrap_or_default())
                }
            };
            ServiceTile {
                id: service.id.clone(),
                name: Words::new(&service.name, &service.name_en),
                place: in_one_line(&places(plan, &service.id)),
                status,
                detail,
                open: closed.is_none(),
            }
        };
        of_department.map(tile).collect()
    }
}

impl Taken {
    fn facts(&self) -> TicketFacts {
        TicketFacts {
            number: self.number.to_string(),
            service: self.service.clone(),
            ahead: self.ahead,
            wait: self.wait.clone(),
            places: self.places.clone(),
            paper: self.paper,
        }
    }
}

fn name_of(department: &Department) -> Words {
    Words::new(&department.name, &department.name_en)
}

fn hours_today(plan: &Plan, today: BusinessDay) -> Words {
    words::hall_hours(&hall_bands(plan, today))
}

/// Of several services, all closed: what is true of each of them.
fn status_of_closed(closed: &[Closed], outside_hours: Words) -> Words {
    let Some((first, others)) = closed.split_first() else { return outside_hours };
    match &first.why {
        _ if others.iter().any(|other| other.status() != first.status()) => words::no_numbers_now(),
        Why::OutsideHours => outside_hours,
        Why::DayOff | Why::Full | Why::UsedUp(_) => first.status(),
    }
}

/// Today's hours, or when there will be numbers again.
fn closed_detail(closed: &Closed, plan: &Plan, service: &Service, now: Timestamp) -> Words {
    match closed.why {
        Why::OutsideHours => {
            let bands = words::bands(&service_bands(plan, service, plan.date(now)));
            Words::new(&bands, &bands)
        }
        Why::DayOff | Why::Full | Why::UsedUp(_) => closed.again(),
    }
}

/// Whether a counter that is open calls for the service today, with or without a citizen.
fn is_served(plan: &Plan, view: &View, service: &ServiceId) -> bool {
    plan.counters.iter().any(|planned| {
        let open = view
            .counters
            .get(&planned.number)
            .filter(|counter| !matches!(counter.state, CounterState::Closed | CounterState::Paused { .. }));
        open.is_some_and(|counter| {
            let (services, helps) = match &counter.profile {
                Some(today) => (&today.services, &today.helps),
                None => (&planned.services, &planned.helps),
            };
            services.contains(service) || helps.iter().any(|help| help.service == *service)
        })
    })
}

//! The faults of a plan, all of them at once.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::hash::Hash;

use thiserror::Error;

use super::{CallRule, HelpWhen, LateHours, Plan, SetBack};
use crate::{
    Calendar, CalendarFault, ClassId, CounterNumber, DepartmentId, LEGS_MAX, ServiceId, TimeBand, ZoneId,
};

/// A fault and where it stands.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{path}: {kind}")]
pub struct Fault {
    /// As in `services[3].prefix`, counted from 0.
    pub path: String,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What can be wrong with a plan that reads well.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum FaultKind {
    #[error("方案至少要有一项 / at least one is needed")]
    Empty,
    #[error("不能为空 / must not be blank")]
    Blank,
    #[error("重复：{0} / {0} is used twice")]
    Duplicate(String),
    #[error("没有业务 {0} / there is no service {0}")]
    UnknownService(ServiceId),
    #[error("没有部门 {0} / there is no department {0}")]
    UnknownDepartment(DepartmentId),
    #[error("没有区 {0} / there is no zone {0}")]
    UnknownZone(ZoneId),
    #[error("没有窗口办理业务 {0} / no counter serves {0}")]
    Unserved(ServiceId),
    #[error("前缀应为一至两个大写字母，而不是 {0} / expected one or two capital letters, found {0:?}")]
    Prefix(String),
    #[error("时段 {0} 与 {1} 重叠 / hours {0} and {1} overlap")]
    OverlappingHours(TimeBand, TimeBand),
    #[error("时段 {0} 超出营业日 {1} / hours {0} reach outside the day {1}")]
    OutsideDay(TimeBand, TimeBand),
    #[error("应在 {1} 至 {2} 之间，而不是 {0} / expected {1} to {2}, found {0}")]
    OutOfRange(u32, u32, u32),
    #[error("缺少普通类别 {0} / the class {0} is missing")]
    NoOrdinaryClass(ClassId),
    #[error("须含 {{code}} / must contain {{code}}")]
    NoCode,
    #[error("不能与 {0} 同时使用 / cannot be used together with {0}")]
    NotTogether(&'static str),
    #[error("{0} 已是该窗口的业务 / the counter serves {0} itself")]
    OwnService(ServiceId),
    #[error("与前一项相同：{0} / {0} follows itself")]
    FollowsItself(ServiceId),
    #[error("{0}")]
    Calendar(CalendarFault),
}

impl Plan {
    /// Every fault of the plan, in the order of the file; none means the hall can run by it.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Faults::default();
        self.check_hall(&mut faults);
        self.check_rules(&mut faults);
        self.check_lists(&mut faults);
        self.check_routes(&mut faults);
        self.check_services(&mut faults);
        self.check_counters(&mut faults);
        faults.0
    }

    fn check_hall(&self, faults: &mut Faults) {
        let hall = &self.hall;
        faults.name("hall", &hall.name, &hall.name_en);
        if hall.hours.is_empty() {
            faults.add("hall.hours", FaultKind::Empty);
        }
        faults.hours("hall.hours", &hall.hours, hall.day);
        if hall.follow_url.as_ref().is_some_and(|url| !url.contains("{code}")) {
            faults.add("hall.follow_url", FaultKind::NoCode);
        }
        faults.late_hours("hall", &hall.late_hours, hall.day);
        if hall.languages.is_empty() {
            faults.add("hall.languages", FaultKind::Empty);
        }
    }

    fn check_rules(&self, faults: &mut Faults) {
        let queue = &self.queue;
        faults.range("queue.call_limit", queue.call_limit, 1, 20);
        faults.range_of("queue.no_show_after_s", queue.no_show_after_s, 10, 3600);
        faults.range_of("queue.start_after_s", queue.start_after_s, 0, 600);
        if queue.no_show_after_s.is_some() && queue.start_after_s.is_some() {
            faults.add("queue.start_after_s", FaultKind::NotTogether("no_show_after_s"));
        }
        faults.range_of("queue.wait_limit_min", queue.wait_limit_min, 1, 480);
        match queue.reinstate {
            SetBack::Minutes(minutes) => faults.range("queue.reinstate.minutes", minutes, 0, 240),
            SetBack::Places(places) => faults.range("queue.reinstate.places", places, 0, 100),
        }
        if let CallRule::Ratio(ratio) = queue.rule {
            faults.range("queue.rule.ratio.priority", ratio.priority, 1, 20);
            faults.range("queue.rule.ratio.ordinary", ratio.ordinary, 1, 20);
        }
        faults.range_of("persons.tickets_per_day", self.persons.tickets_per_day, 1, 50);
        let rules = &self.appointments;
        for (key, found, min, max) in [
            ("credit_min", Some(rules.credit_min), 0, 240),
            ("early_min", Some(rules.early_min), 0, 480),
            ("grace_min", Some(rules.grace_min), 0, 240),
            ("book_days_max", Some(rules.book_days_max), 0, 365),
            ("until_min", Some(rules.until_min), 0, 30 * 24 * 60),
            ("missed_max", rules.missed_max, 1, 50),
            ("missed_days", Some(rules.missed_days), 1, 366),
        ] {
            faults.range_of(&format!("appointments.{key}"), found, min, max);
        }
        for (path, fault) in self.calendar.iter().flat_map(Calendar::faults) {
            faults.add(path, FaultKind::Calendar(fault));
        }
    }

    fn check_lists(&self, faults: &mut Faults) {
        faults.unique("classes", "id", self.classes.iter().map(|class| &class.id));
        faults.unique("zones", "id", self.zones.iter().map(|zone| &zone.id));
        faults.unique("departments", "id", self.departments.iter().map(|department| &department.id));
        for (i, class) in self.classes.iter().enumerate() {
            faults.name(&format!("classes[{i}]"), &class.name, &class.name_en);
        }
        for (i, zone) in self.zones.iter().enumerate() {
            faults.name(&format!("zones[{i}]"), &zone.name, &zone.name_en);
            faults.text(format!("zones[{i}].floor"), &zone.floor);
        }
        for (i, department) in self.departments.iter().enumerate() {
            faults.name(&format!("departments[{i}]"), &department.name, &department.name_en);
        }
        if !self.needs.is_empty() {
            faults.unique("needs", "id", self.needs.iter().map(|need| &need.id));
        }
        for (i, need) in self.needs.iter().enumerate() {
            faults.name(&format!("needs[{i}]"), &need.name, &need.name_en);
        }
        let ordinary = ClassId::ordinary();
        if self.class(&ordinary).is_none() {
            faults.add("classes", FaultKind::NoOrdinaryClass(ordinary));
        }
    }

    fn check_routes(&self, faults: &mut Faults) {
        let services: HashSet<_> = self.services.iter().map(|service| &service.id).collect();
        if !self.routes.is_empty() {
            faults.unique("routes", "id", self.routes.iter().map(|route| &route.id));
        }
        for (i, route) in self.routes.iter().enumerate() {
            faults.name(&format!("routes[{i}]"), &route.name, &route.name_en);
            faults.range(&format!("routes[{i}].legs"), route.legs.len() as u32, 2, LEGS_MAX as u32 + 1);
            for (j, leg) in route.legs.iter().enumerate() {
                let path = format!("routes[{i}].legs[{j}]");
                if !services.contains(leg) {
                    faults.add(path, FaultKind::UnknownService(leg.clone()));
                } else if j > 0 && route.legs[j - 1] == *leg {
                    faults.add(path, FaultKind::FollowsItself(leg.clone()));
                }
            }
        }
    }

    fn check_services(&self, faults: &mut Faults) {
        let departments: HashSet<_> = self.departments.iter().map(|department| &department.id).collect();
        let served: HashSet<_> = self.counters.iter().flat_map(|counter| &counter.services).collect();
        faults.unique("services", "id", self.services.iter().map(|service| &service.id));
        faults.unique("services", "prefix", self.services.iter().map(|service| &service.prefix));
        for (i, service) in self.services.iter().enumerate() {
            let at = |field: &str| format!("services[{i}].{field}");
            faults.name(&format!("services[{i}]"), &service.name, &service.name_en);
            if !departments.contains(&service.department) {
                faults.add(at("department"), FaultKind::UnknownDepartment(service.department.clone()));
            }
            if !is_prefix(&service.prefix) {
                faults.add(at("prefix"), FaultKind::Prefix(service.prefix.clone()));
            }
            if !served.contains(&service.id) {
                faults.add(at("id"), FaultKind::Unserved(service.id.clone()));
            }
            faults.range(&at("expected_min"), service.expected_min, 1, 480);
            faults.hours(&at("hours"), &service.hours, self.hall.day);
            faults.late_hours(&format!("services[{i}]"), &service.late_hours, self.hall.day);
            faults.range_of(&at("wait_limit_min"), service.wait_limit_min, 1, 480);
            for (j, quota) in service.quotas.iter().enumerate() {
                faults.range(&at(&format!("quotas[{j}].tickets")), quota.tickets, 1, 100_000);
            }
            let slots: Vec<_> = service.slots.iter().map(|slots| slots.hours).collect();
            faults.hours(&at("slots"), &slots, self.hall.day);
            for (j, slots) in service.slots.iter().enumerate() {
                faults.range(&at(&format!("slots[{j}].every_min")), slots.every_min, 5, 480);
                faults.range(&at(&format!("slots[{j}].capacity")), slots.capacity, 1, 500);
            }
        }
    }

    fn check_counters(&self, faults: &mut Faults) {
        let services: HashSet<_> = self.services.iter().map(|service| &service.id).collect();
        faults.unique("counters", "number", self.counters.iter().map(|counter| counter.number));
        for (i, counter) in self.counters.iter().enumerate() {
            let at = |field: &str| format!("counters[{i}].{field}");
            let CounterNumber(number) = counter.number;
            faults.range(&at("number"), number.into(), 1, 999);
            if self.zone(&counter.zone).is_none() {
                faults.add(at("zone"), FaultKind::UnknownZone(counter.zone.clone()));
            }
            if self.department(&counter.department).is_none() {
                faults.add(at("department"), FaultKind::UnknownDepartment(counter.department.clone()));
            }
            if counter.services.is_empty() {
                faults.add(at("services"), FaultKind::Empty);
            }
            let mut seen = HashSet::new();
            for (j, service) in counter.services.iter().enumerate() {
                let path = at(&format!("services[{j}]"));
                if !services.contains(service) {
                    faults.add(path, FaultKind::UnknownService(service.clone()));
                } else if !seen.insert(service) {
                    faults.add(path, FaultKind::Duplicate(service.to_string()));
                }
            }
            for (j, help) in counter.helps.iter().enumerate() {
                let path = at(&format!("helps[{j}].service"));
                if !services.contains(&help.service) {
                    faults.add(path, FaultKind::UnknownService(help.service.clone()));
                } else if counter.services.contains(&help.service) {
                    faults.add(path, FaultKind::OwnService(help.service.clone()));
                } else if !seen.insert(&help.service) {
                    faults.add(path, FaultKind::Duplicate(help.service.to_string()));
                }
                if let HelpWhen::WaitedOverMin(minutes) = help.when {
                    faults.range(&at(&format!("helps[{j}].when.waited_over_min")), minutes, 0, 480);
                }
            }
        }
    }
}

fn is_prefix(prefix: &str) -> bool {
    (1..=2).contains(&prefix.len()) && prefix.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, path: impl Into<String>, kind: FaultKind) {
        self.0.push(Fault { path: path.into(), kind });
    }

    fn name(&mut self, path: &str, zh: &str, en: &str) {
        self.text(format!("{path}.name"), zh);
        self.text(format!("{path}.name_en"), en);
    }

    fn text(&mut self, path: String, text: &str) {
        if text.trim().is_empty() {
            self.add(path, FaultKind::Blank);
        }
    }

    fn range(&mut self, path: &str, found: u32, min: u32, max: u32) {
        if !(min..=max).contains(&found) {
            self.add(path, FaultKind::OutOfRange(found, min, max));
        }
    }

    fn range_of(&mut self, path: &str, found: Option<u32>, min: u32, max: u32) {
        if let Some(found) = found {
            self.range(path, found, min, max);
        }
    }

    fn late_hours(&mut self, path: &str, late: &[LateHours], day: TimeBand) {
        for (i, late) in late.iter().enumerate() {
            let path = format!("{path}.late_hours[{i}]");
            if late.days.is_empty() {
                self.add(format!("{path}.days"), FaultKind::Empty);
            }
            if late.hours.from_min < day.from_min || late.hours.to_min > day.to_min {
                self.add(format!("{path}.hours"), FaultKind::OutsideDay(late.hours, day));
            }
        }
    }

    fn unique<T: Eq + Hash + Display>(&mut self, list: &str, field: &str, keys: impl Iterator<Item = T>) {
        let mut seen = HashMap::new();
        let mut count = 0;
        for (i, key) in keys.enumerate() {
            let text = key.to_string();
            self.text(format!("{list}[{i}].{field}"), &text);
            if seen.insert(key, i).is_some() {
                self.add(format!("{list}[{i}].{field}"), FaultKind::Duplicate(text));
            }
            count += 1;
        }
        if count == 0 && field != "prefix" {
            self.add(list, FaultKind::Empty);
        }
    }

    fn hours(&mut self, path: &str, bands: &[TimeBand], day: TimeBand) {
        for (i, band) in bands.iter().enumerate() {
            if band.from_min < day.from_min || band.to_min > day.to_min {
                self.add(format!("{path}[{i}]"), FaultKind::OutsideDay(*band, day));
            }
            if let Some(earlier) = bands[..i].iter().find(|earlier| earlier.overlaps(*band)) {
                self.add(format!("{path}[{i}]"), FaultKind::OverlappingHours(*earlier, *band));
            }
        }
    }
}

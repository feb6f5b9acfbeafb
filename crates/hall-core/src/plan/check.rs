//! The faults of a plan, all of them at once.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::hash::Hash;

use thiserror::Error;

use super::Plan;
use crate::{ClassId, CounterNumber, DepartmentId, ServiceId, TimeBand, ZoneId};

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
}

impl Plan {
    /// Every fault of the plan, in the order of the file; none means the hall can run by it.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Faults::default();
        self.check_hall(&mut faults);
        self.check_lists(&mut faults);
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
        faults.range("queue.call_limit", self.queue.call_limit, 1, 20);
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
        let ordinary = ClassId::ordinary();
        if self.class(&ordinary).is_none() {
            faults.add("classes", FaultKind::NoOrdinaryClass(ordinary));
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

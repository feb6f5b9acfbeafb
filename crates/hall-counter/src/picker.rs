//! What dialogs offer to choose from, and how it is searched.

use hall_api::View;
use hall_core::plan::{Department, Service};
use hall_core::{CounterNumber, CounterState, DepartmentId, Plan, ServiceId, StaffId};

use crate::list::moved;

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    Service(ServiceId),
    Counter(CounterNumber),
    Staff(StaffId),
}

/// What has been typed and chosen so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picker {
    pub(crate) text: String,
    pub(crate) chosen: Option<Pick>,
}

/// Offers under one heading.
pub struct Group<'a> {
    pub heading: Heading<'a>,
    pub offers: Vec<Offer<'a>>,
}

/// What offers have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Heading<'a> {
    Department(&'a Department),
    OpenCounters,
    ClosedCounters,
    Staff,
}

/// One thing to choose.
pub struct Offer<'a> {
    pub pick: Pick,
    /// A prefix or a number: typed in full, it is chosen at once.
    pub code: String,
    /// In Chinese and in English.
    pub names: [&'a str; 2],
    pub note: Note<'a>,
    /// Further names by which it is found.
    department: &'a Department,
}

/// What to know before choosing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Note<'a> {
    /// How many wait for a service.
    Waiting(u32),
    /// A counter, what it does and who is there.
    Counter { number: CounterNumber, state: &'a CounterState, staff: Option<&'a StaffId> },
}

impl Picker {
    /// Takes a choice from the offers as they are.
    pub(crate) fn choose(&mut self, pick: &Pick, offered: &[(Pick, String)]) {
        if offered.iter().any(|(offered, _)| offered == pick) {
            self.chosen = Some(pick.clone());
        }
    }

    /// A code typed in full, or else the first match, is chosen; with nothing typed nothing is, so that Enter alone
    /// sends nobody anywhere. `offered` is what matches the text.
    pub(crate) fn choose_found(&mut self, offered: &[(Pick, String)]) {
        let wanted = self.text.trim();
        let whole = offered.iter().find(|(_, code)| code.eq_ignore_ascii_case(wanted));
        let found = whole.or(offered.first()).filter(|_| !wanted.is_empty());
        self.chosen = found.map(|(pick, _)| pick.clone());
    }

    /// Moves the choice up or down.
    pub(crate) fn move_choice(&mut self, by: i32, offered: &[(Pick, String)]) {
        let at = offered.iter().position(|(pick, _)| Some(pick) == self.chosen.as_ref());
        if let Some(to) = moved(at, by, offered.len()) {
            self.chosen = Some(offered[to].0.clone());
        }
    }

    /// Lets go of what is offered no longer.
    pub(crate) fn settle(&mut self, offered: &[(Pick, String)]) {
        self.chosen.take_if(|chosen| offered.iter().all(|(pick, _)| pick != chosen));
    }

    /// The service chosen.
    pub fn service(&self) -> Option<&ServiceId> {
        match &self.chosen {
            Some(Pick::Service(service)) => Some(service),
            _ => None,
        }
    }
}

impl Offer<'_> {
    /// Whether it can be chosen: nobody is sent to a closed counter.
    pub fn is_free(&self) -> bool {
        !matches!(self.note, Note::Counter { state: CounterState::Closed, .. })
    }

    /// Every word must occur in a name of it or of its department, or begin its code.
    fn matches(&self, words: &[String]) -> bool {
        let names = [self.names[0], self.names[1], &self.department.name, &self.department.name_en];
        let names = names.map(str::to_lowercase);
        let code = self.code.to_lowercase();
        words
            .iter()
            .all(|word| code.starts_with(word) || names.iter().any(|name| name.contains(word.as_str())))
    }
}

/// The groups with those of their offers that match what was typed.
pub(crate) fn found<'a>(groups: Vec<Group<'a>>, text: &str) -> Vec<Group<'a>> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let found = groups.into_iter().map(|mut group| {
        group.offers.retain(|offer| offer.matches(&words));
        group
    });
    found.filter(|group| !group.offers.is_empty()).collect()
}

/// The wanted services by department in the order of the plan, those of `first` before all others.
pub(crate) fn services<'a>(
    plan: &'a Plan,
    view: &View,
    first: Option<&DepartmentId>,
    is_wanted: impl Fn(&Service) -> bool,
) -> Vec<Group<'a>> {
    let waiting = view.waiting_counts();
    let of_department = |department: &'a Department| {
        let services = plan.services.iter().filter(|service| service.department == department.id);
        let offers = services.filter(|service| is_wanted(service)).map(|service| Offer {
            pick: Pick::Service(service.id.clone()),
            code: service.prefix.clone(),
            names: [&service.name, &service.name_en],
            note: Note::Waiting(waiting.get(&service.id).copied().unwrap_or(0)),
            department,
        });
        Group { heading: Heading::Department(department), offers: offers.collect() }
    };
    let (first, others): (Vec<_>, Vec<_>) =
        plan.departments.iter().partition(|department| Some(&department.id) == first);
    first.into_iter().chain(others).map(of_department).collect()
}

/// The other counters: the open ones, and then the closed ones.
pub(crate) fn counters<'a>(plan: &'a Plan, view: &'a View, own: CounterNumber) -> Vec<Group<'a>> {
    let mut groups =
        [Heading::OpenCounters, Heading::ClosedCounters].map(|heading| Group { heading, offers: Vec::new() });
    for counter in plan.counters.iter().filter(|counter| counter.number != own) {
        let Some(department) = plan.department(&counter.department) else { continue };
        let pick = Pick::Counter(counter.number);
        let offer = at_counter(pick, counter.number.to_string(), counter.number, department, view);
        groups[usize::from(!offer.is_free())].offers.push(offer);
    }
    Vec::from(groups)
}

/// Who is signed in at another counter.
pub(crate) fn staff<'a>(plan: &'a Plan, view: &'a View, own: CounterNumber) -> Vec<Group<'a>> {
    let signed_in = view.counters.iter().filter(|(number, _)| **number != own);
    let signed_in = signed_in.filter_map(|(number, counter)| Some((*number, counter.staff.as_ref()?)));
    let offers = signed_in.filter_map(|(number, staff)| {
        let department = plan.department(&plan.counter(number)?.department)?;
        Some(at_counter(Pick::Staff(staff.clone()), staff.to_string(), number, department, view))
    });
    vec![Group { heading: Heading::Staff, offers: offers.collect() }]
}

fn at_counter<'a>(
    pick: Pick,
    code: String,
    number: CounterNumber,
    department: &'a Department,
    view: &'a View,
) -> Offer<'a> {
    let staff = view.counters.get(&number).and_then(|counter| counter.staff.as_ref());
    let note = Note::Counter { number, state: view.counter_state(number), staff };
    Offer { pick, code, names: [&department.name, &department.name_en], note, department }
}

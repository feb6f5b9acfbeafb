//! The list from which a ticket is sent on to another service, and how it is searched.

use hall_core::plan::{Department, Service};
use hall_core::{Plan, ServiceId, Ticket, TicketId};

/// Which ticket is to go, and what has been typed and chosen so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    ticket: TicketId,
    /// What the ticket is for now: not offered.
    held: ServiceId,
    text: String,
    chosen: Option<ServiceId>,
}

impl Transfer {
    pub(crate) fn of(ticket: &Ticket) -> Self {
        Self { ticket: ticket.id, held: ticket.service.clone(), text: String::new(), chosen: None }
    }

    /// Whether this is about `ticket`.
    pub(crate) fn is_of(&self, ticket: Option<&Ticket>) -> bool {
        ticket.is_some_and(|ticket| ticket.id == self.ticket)
    }

    /// The service the ticket would go to.
    pub fn chosen(&self) -> Option<&ServiceId> {
        self.chosen.as_ref()
    }

    /// The departments with those of their services that match what was typed, in the order of the plan.
    pub fn found<'a>(&self, plan: &'a Plan) -> Vec<(&'a Department, Vec<&'a Service>)> {
        let words: Vec<String> = self.text.split_whitespace().map(str::to_lowercase).collect();
        let of_department = |department: &'a Department| {
            let services = plan.services.iter().filter(|service| {
                service.department == department.id
                    && service.id != self.held
                    && matches(department, service, &words)
            });
            (department, services.collect::<Vec<_>>())
        };
        plan.departments.iter().map(of_department).filter(|(_, services)| !services.is_empty()).collect()
    }

    /// Takes what was typed. A prefix typed in full, or else the first match, is chosen; with nothing typed nothing
    /// is, so that Enter alone sends nobody anywhere.
    pub(crate) fn find(&mut self, text: String, plan: &Plan) {
        self.text = text;
        let wanted = self.text.trim();
        let found = self.services(plan);
        let prefixed = found.iter().find(|service| service.prefix.eq_ignore_ascii_case(wanted));
        let chosen = prefixed.or(found.first()).filter(|_| !wanted.is_empty());
        self.chosen = chosen.map(|service| service.id.clone());
    }

    /// Takes a choice from the list as it is.
    pub(crate) fn choose(&mut self, service: &ServiceId, plan: &Plan) {
        if self.services(plan).iter().any(|offered| offered.id == *service) {
            self.chosen = Some(service.clone());
        }
    }

    /// Moves the choice up or down, from the outside onto the first or the last.
    pub(crate) fn move_choice(&mut self, by: i32, plan: &Plan) {
        let found = self.services(plan);
        let Some(last) = found.len().checked_sub(1) else { return };
        let at = found.iter().position(|service| Some(&service.id) == self.chosen.as_ref());
        let to = match at {
            Some(at) => at.saturating_add_signed(by as isize).min(last),
            None if by < 0 => last,
            None => 0,
        };
        self.chosen = Some(found[to].id.clone());
    }

    fn services<'a>(&self, plan: &'a Plan) -> Vec<&'a Service> {
        self.found(plan).into_iter().flat_map(|(_, services)| services).collect()
    }
}

/// Every word must occur in a name of the service or its department, or begin the prefix.
fn matches(department: &Department, service: &Service, words: &[String]) -> bool {
    let names = [&service.name, &service.name_en, &department.name, &department.name_en];
    let names = names.map(|name| name.to_lowercase());
    let prefix = service.prefix.to_lowercase();
    words.iter().all(|word| prefix.starts_with(word) || names.iter().any(|name| name.contains(word.as_str())))
}

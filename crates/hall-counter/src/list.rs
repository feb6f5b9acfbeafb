//! The three lists of tickets at a counter: who waits, who was set aside, who did not come. One row may be chosen, by
//! hand or by its number, and something done about it.

use std::time::{Duration, Instant};

use hall_core::{CounterState, Place, Ticket, TicketId};

use crate::action::Order;
use crate::dialog::{Dialog, Doubt};
use crate::model::Model;

/// A number typed so long ago is another one's.
const TYPING_STAYS: Duration = Duration::from_secs(5);
/// No number is longer.
const TYPED_CHARS_MAX: usize = 8;

/// One of the lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Waiting,
    Parked,
    Missed,
}

/// What can be done about a listed ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowAction {
    /// Call exactly this one, or call it back.
    Call,
    /// Let it wait again after it was set aside.
    Resume,
    /// Let it wait again after a no-show.
    Reinstate,
    /// The citizen withdraws.
    Cancel,
    /// The citizen has left.
    Abandon,
}

/// A step in the lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Turn(Tab),
    /// To the list on the left or on the right.
    TurnBy(i32),
    Choose(TicketId),
    /// Up or down.
    Move(i32),
    /// A letter or digit of a number.
    Type(char),
    Erase,
    Press(RowAction),
    /// Choose nobody.
    Leave,
}

/// Which list is shown, and what is chosen in it.
#[derive(Debug, Default)]
pub struct List {
    pub(crate) tab: Tab,
    pub(crate) chosen: Option<TicketId>,
    typed: String,
    typed_at: Option<Instant>,
}

impl Tab {
    /// Every list, from left to right.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Parked, Self::Missed];

    /// What can be done about its tickets; the first is what Enter does.
    pub fn actions(self) -> &'static [RowAction] {
        match self {
            Self::Waiting => &[RowAction::Call, RowAction::Cancel],
            Self::Parked => &[RowAction::Call, RowAction::Resume, RowAction::Abandon],
            Self::Missed => &[RowAction::Reinstate],
        }
    }
}

impl List {
    /// The number typed so far.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    pub(crate) fn leave(&mut self) {
        self.chosen = None;
        self.typed.clear();
    }

    fn turn(&mut self, tab: Tab) {
        if self.tab != tab {
            self.leave();
        }
        self.tab = tab;
    }
}

impl Model {
    /// The tickets of a list; of those set aside, whoever is to be called back comes first.
    pub(crate) fn listed(&self, tab: Tab) -> Vec<&Ticket> {
        let Some(reach) = self.reach() else { return Vec::new() };
        match tab {
            Tab::Waiting => reach.waiting().into_iter().map(|(ticket, _)| ticket).collect(),
            Tab::Parked => {
                let now = self.mirror.now(self.now);
                let mut parked = reach.parked();
                parked.sort_by_key(|ticket| !self.parked.is_due(ticket, now));
                parked
            }
            Tab::Missed => reach.missed(),
        }
    }

    /// Whether this can be done now about the chosen ticket.
    pub fn may_about_row(&self, action: RowAction) -> bool {
        let chosen = self.chosen();
        self.dialog == Dialog::None && chosen.is_some_and(|ticket| self.is_row_action_allowed(action, ticket))
    }

    pub(crate) fn chosen(&self) -> Option<&Ticket> {
        self.mirror.view().tickets.get(&self.list.chosen?)
    }

    pub(crate) fn step(&mut self, step: Step) -> Option<Order> {
        if self.dialog != Dialog::None || self.planned().is_none() {
            return None;
        }
        match step {
            Step::Turn(tab) => self.list.turn(tab),
            Step::TurnBy(by) => {
                let at = Tab::ALL.iter().position(|tab| *tab == self.list.tab).unwrap_or_default();
                self.list.turn(Tab::ALL[at.saturating_add_signed(by as isize).min(Tab::ALL.len() - 1)]);
            }
            Step::Choose(ticket) => {
                self.list.leave();
                self.list.chosen = Some(ticket);
            }
            Step::Move(by) => self.move_in_list(by),
            Step::Type(c) => self.type_number(c),
            Step::Erase => {
                self.list.typed.pop();
                self.find_typed();
            }
            Step::Press(action) => return self.press_row(action),
            Step::Leave => self.list.leave(),
        }
        None
    }

    /// What Enter does about the chosen ticket.
    pub(crate) fn press_chosen(&mut self) -> Option<Order> {
        self.press_row(self.list.tab.actions()[0])
    }

    /// Puts away a choice that is no longer in the list, and a number that was not typed to its end.
    pub(crate) fn settle_list(&mut self) {
        let tab = self.list.tab;
        if self.list.chosen.is_some_and(|id| self.listed(tab).iter().all(|ticket| ticket.id != id)) {
            self.list.chosen = None;
        }
        let now = self.now;
        if self.list.typed_at.is_some_and(|at| now.saturating_duration_since(at) >= TYPING_STAYS) {
            self.list.typed.clear();
            self.list.typed_at = None;
        }
    }

    fn is_row_action_allowed(&self, action: RowAction, ticket: &Ticket) -> bool {
        let Some(reach) = self.reach() else { return false };
        let idle = *self.state() == CounterState::Idle;
        let allowed = match (action, ticket.place) {
            (RowAction::Call, Place::Waiting) => idle && reach.claim(ticket).is_some(),
            (RowAction::Call, Place::Parked { .. }) => idle && reach.has_parked(ticket),
            (RowAction::Resume | RowAction::Abandon, Place::Parked { .. }) => reach.has_parked(ticket),
            (RowAction::Cancel, Place::Waiting) => true,
            (RowAction::Reinstate, Place::NoShow) => {
                self.is_day_open() && self.plan().is_some_and(|plan| plan.service(&ticket.service).is_some())
            }
            _ => false,
        };
        self.is_ready() && allowed
    }

    fn press_row(&mut self, action: RowAction) -> Option<Order> {
        let ticket = self.chosen().map(|ticket| ticket.id).filter(|_| self.may_about_row(action))?;
        match action {
            RowAction::Call => {
                // The second half of a double press must not start the service.
                self.rest_usual();
                Some(self.ask(Order::CallTicket(ticket)))
            }
            RowAction::Resume => Some(self.ask(Order::Resume(ticket))),
            RowAction::Reinstate => Some(self.ask(Order::Reinstate(ticket))),
            RowAction::Cancel => self.doubt(Doubt::Cancel(ticket)),
            RowAction::Abandon => self.doubt(Doubt::Abandon(ticket)),
        }
    }

    fn move_in_list(&mut self, by: i32) {
        let listed: Vec<_> = self.listed(self.list.tab).iter().map(|ticket| ticket.id).collect();
        let at = listed.iter().position(|id| Some(*id) == self.list.chosen);
        self.list.leave();
        self.list.chosen = moved(at, by, listed.len()).map(|to| listed[to]);
    }

    fn type_number(&mut self, c: char) {
        if self.list.typed.chars().count() < TYPED_CHARS_MAX {
            self.list.typed.push(c.to_ascii_uppercase());
            self.find_typed();
        }
    }

    /// Chooses the ticket whose number was typed, in the list that is shown or else in another.
    fn find_typed(&mut self) {
        self.list.typed_at = Some(self.now);
        let others = Tab::ALL.into_iter().filter(|tab| *tab != self.list.tab);
        let tabs = std::iter::once(self.list.tab).chain(others);
        let mut found = tabs.filter_map(|tab| Some((tab, best_match(&self.list.typed, &self.listed(tab))?)));
        match found.next() {
            Some((tab, ticket)) => (self.list.tab, self.list.chosen) = (tab, Some(ticket)),
            None => self.list.chosen = None,
        }
    }
}

/// One step up or down, from the outside onto the first or the last.
pub(crate) fn moved(at: Option<usize>, by: i32, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    Some(match at {
        Some(at) => at.saturating_add_signed(by as isize).min(last),
        None if by < 0 => last,
        None => 0,
    })
}

/// The number typed in full, zeros and the prefix left out or not, or else the first number that begins so.
fn best_match(typed: &str, tickets: &[&Ticket]) -> Option<TicketId> {
    let (prefix, count) = parts(typed);
    let is_whole = |ticket: &&&Ticket| {
        let (its_prefix, its_count) = parts(ticket.number.as_str());
        its_count == count && (prefix.is_empty() || its_prefix == prefix)
    };
    let begins = |ticket: &&&Ticket| !typed.is_empty() && ticket.number.as_str().starts_with(typed);
    let found = tickets.iter().find(is_whole).or_else(|| tickets.iter().find(begins));
    found.map(|ticket| ticket.id)
}

/// The prefix of a number, and its digits without leading zeros.
fn parts(number: &str) -> (&str, &str) {
    let prefix = number.trim_end_matches(|c: char| c.is_ascii_digit());
    (prefix, number[prefix.len()..].trim_start_matches('0'))
}

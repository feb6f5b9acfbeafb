//! The rows of the list that is shown, and what can be done about the chosen one.

use hall_core::{ClassId, Place, Ticket, TicketId, Timestamp};

use super::{SlipShown, elapsed_ms};
use crate::list::{RowAction, Tab};
use crate::model::Model;
use crate::reach::Claim;

/// One who waits, was set aside, or did not come.
#[derive(Clone, Debug, PartialEq)]
pub struct RowShown {
    pub id: TicketId,
    pub number: String,
    pub service: String,
    /// Empty for the ordinary class.
    pub class: String,
    /// When the appointment is for, `09:30`; empty without one.
    pub appointment: String,
    pub needs: String,
    pub claim: Option<Claim>,
    /// Since the number was taken, or since it was set aside; unknown when this terminal was started later.
    pub minutes: Option<i64>,
    /// When the counter is to be reminded, `09:30`; empty without a reminder to come.
    pub remind_at: String,
    /// Whether it is time to call back.
    pub is_due: bool,
    /// When it was last called, `09:30`; empty for one who waits.
    pub called_at: String,
    /// Whether call-next would call it.
    pub is_next: bool,
    pub slip: SlipShown,
    pub is_chosen: bool,
}

/// The chosen ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenShown {
    pub number: String,
    /// What can be done about it now.
    pub may: Vec<RowAction>,
}

impl Model {
    pub(super) fn rows(&self, now: Option<Timestamp>) -> Vec<RowShown> {
        let Some(reach) = self.reach() else { return Vec::new() };
        let next = self.next();
        let listed = self.listed(self.list.tab).into_iter();
        let row = |ticket: &Ticket| RowShown {
            // Who was set aside here is called back here, whoever it was sent to.
            claim: reach.claim(ticket).filter(|_| self.list.tab != Tab::Parked),
            is_next: next == Some(ticket.id),
            ..self.row(ticket, now)
        };
        listed.map(row).collect()
    }

    fn row(&self, ticket: &Ticket, now: Option<Timestamp>) -> RowShown {
        let is_ordinary = ticket.class == ClassId::ordinary();
        let (since, remind_at) = match ticket.place {
            Place::Parked { remind_at, .. } => (self.parked.since(ticket.id), remind_at),
            _ => (Some(ticket.issued_at), None),
        };
        let calls = &self.mirror.view().calls;
        let called = calls.iter().find(|call| call.ticket == ticket.id && ticket.place == Place::NoShow);
        RowShown {
            id: ticket.id,
            number: ticket.number.to_string(),
            service: self.service_name(&ticket.service),
            class: if is_ordinary { String::new() } else { self.class_name(&ticket.class) },
            appointment: self.appointment(ticket),
            needs: self.needs(&ticket.needs),
            claim: None,
            minutes: since.zip(now).map(|(since, now)| elapsed_ms(since, now) / 60_000),
            remind_at: remind_at.map(|at| self.clock(at)).unwrap_or_default(),
            is_due: self.parked.is_due(ticket, now),
            called_at: called.map(|call| self.clock(call.at)).unwrap_or_default(),
            is_next: false,
            slip: SlipShown::of(&ticket.slip),
            is_chosen: self.list.chosen == Some(ticket.id),
        }
    }

    pub(super) fn chosen_shown(&self) -> Option<ChosenShown> {
        let number = self.chosen()?.number.to_string();
        let actions = self.list.tab.actions().iter().copied();
        Some(ChosenShown { number, may: actions.filter(|action| self.may_about_row(*action)).collect() })
    }
}

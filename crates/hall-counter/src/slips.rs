//! Which reprints this counter has ordered and still waits for.

use std::collections::BTreeSet;

use hall_api::View;
use hall_core::{CounterNumber, Event, PrinterId, Record, SlipOutcome, TicketId, TicketNumber};

/// The slips of the day, as far as their events were heard; copy 0 is the first, copy n the n-th reprint.
#[derive(Debug, Default)]
pub struct Slips {
    awaited: BTreeSet<(TicketId, u32)>,
}

/// What came of a reprint that this counter ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reprinted {
    pub ticket: TicketId,
    pub number: TicketNumber,
    pub printer: PrinterId,
    pub outcome: SlipOutcome,
}

impl Slips {
    /// Takes in the next event, after the view; gives what came of a reprint that `counter` waited for. A ticket that
    /// is settled is forgotten.
    pub(crate) fn take(
        &mut self,
        record: &Record,
        counter: CounterNumber,
        after: &View,
    ) -> Option<Reprinted> {
        if let Some(settled) = record.event.ticket()
            && !after.tickets.contains_key(&settled)
        {
            self.awaited.retain(|(ticket, _)| *ticket != settled);
            return None;
        }
        match &record.event {
            Event::ReprintOrdered { ticket, copy, counter: Some(orderer), .. } if *orderer == counter => {
                self.awaited.insert((*ticket, *copy));
            }
            Event::SlipReported { ticket, number, printer, copy, outcome } => {
                let was_awaited = self.awaited.remove(&(*ticket, *copy));
                let (ticket, number, printer, outcome) = (*ticket, number.clone(), printer.clone(), *outcome);
                return was_awaited.then_some(Reprinted { ticket, number, printer, outcome });
            }
            Event::DayOpened { .. } => *self = Self::default(),
            _ => {}
        }
        None
    }

    /// Takes in a snapshot; gives what came meanwhile of a reprint, the last one of several.
    pub(crate) fn take_snapshot(&mut self, after: &View) -> Option<Reprinted> {
        let mut came = None;
        self.awaited.retain(|(id, copy)| {
            let Some(ticket) = after.tickets.get(id) else { return false };
            let Some(ordered) = ticket.slip.copy(*copy) else { return false };
            let Some(outcome) = ordered.outcome else { return true };
            let (number, printer) = (ticket.number.clone(), ordered.printer.clone());
            came = Some(Reprinted { ticket: *id, number, printer, outcome });
            false
        });
        came
    }
}

//! A slip that is printed again (补打): of which ticket, at which printer, and how far that is.
//! It stays open until the kiosk has spoken; what is ordered and printed comes from the stream.

use hall_core::{Printer, PrinterId, REPRINTS_MAX, SlipOutcome, Ticket, TicketId, TicketSlip};

use crate::action::Order;
use crate::dialog::Dialog;
use crate::list::moved;
use crate::model::Model;

/// Which slip, and what has been chosen so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Reprint {
    ticket: TicketId,
    printer: Option<PrinterId>,
    stage: Stage,
}

/// How far a reprint is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    Choosing,
    /// The hub is asked; the ticket had so many reprints before.
    UnderWay {
        before: u32,
    },
    /// Why the hub refused, in the language of the screen.
    Refused(String),
    /// It may have been ordered or not; the stream will tell.
    NoAnswer {
        before: u32,
    },
    /// The stream has told of it.
    Ordered,
}

impl Reprint {
    pub fn ticket(&self) -> TicketId {
        self.ticket
    }

    /// Where it is to be printed.
    pub fn printer(&self) -> Option<&PrinterId> {
        self.printer.as_ref()
    }

    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    pub(crate) fn is_under_way(&self) -> bool {
        matches!(self.stage, Stage::UnderWay { .. })
    }

    /// The hub has not done it: why, unless there was no answer.
    pub(crate) fn fail(&mut self, refusal: Option<String>) {
        self.stage = match (refusal, &self.stage) {
            (Some(text), _) => Stage::Refused(text),
            (None, Stage::UnderWay { before }) => Stage::NoAnswer { before: *before },
            (None, stage) => stage.clone(),
        };
    }

    fn choose(&mut self, printer: PrinterId) {
        self.printer = Some(printer);
        if !self.is_under_way() {
            self.stage = Stage::Choosing;
        }
    }
}

impl Model {
    /// Whose slip would be printed again: the chosen ticket's, or else that of the ticket at the counter.
    pub(crate) fn reprintable(&self) -> Option<&Ticket> {
        self.chosen().or_else(|| self.mirror.view().ticket_at(self.counter))
    }

    /// The ticket's own printer is chosen, or the only one that can print; where there are others, nobody's slip comes
    /// out by Enter alone where the citizen is not.
    pub(crate) fn reprint_question(&self) -> Option<Dialog> {
        let ticket = self.reprintable()?;
        let offered = self.offered_printers(ticket);
        let mut usable = offered.iter().filter(|(_, printer)| printer.report.condition.can_print());
        let first = usable.next().map(|(id, _)| *id);
        let is_clear = usable.next().is_none() || first == own_printer(&ticket.slip);
        let printer = first.filter(|_| is_clear).cloned();
        Some(Dialog::Reprint(Reprint { ticket: ticket.id, printer, stage: Stage::Choosing }))
    }

    /// The printers of the hall: the ticket's own, the others that can print, and then those that cannot.
    pub(crate) fn offered_printers(&self, ticket: &Ticket) -> Vec<(&PrinterId, &Printer)> {
        let own = own_printer(&ticket.slip);
        let mut printers: Vec<_> = self.mirror.view().printers.iter().collect();
        printers.sort_by_key(|(id, printer)| (Some(*id) != own, !printer.report.condition.can_print(), *id));
        printers
    }

    pub(crate) fn reprint_ticket(&self, reprint: &Reprint) -> Option<&Ticket> {
        self.mirror.view().tickets.get(&reprint.ticket)
    }

    /// Whether there is nothing left to do in the dialog: Enter closes it.
    pub(crate) fn is_reprint_over(&self, reprint: &Reprint) -> bool {
        let latest = self.reprint_ticket(reprint).and_then(|ticket| ticket.slip.latest());
        let outcome = latest.and_then(|copy| copy.outcome);
        reprint.stage == Stage::Ordered && matches!(outcome, None | Some(SlipOutcome::Printed))
    }

    /// Whether it can be ordered as it is chosen.
    pub(crate) fn is_reprint_complete(&self, reprint: &Reprint) -> bool {
        let has_room = |ticket: &Ticket| ticket.slip.reprints.len() < REPRINTS_MAX;
        self.reprint_ticket(reprint).is_some_and(has_room)
            && reprint.printer.as_ref().is_some_and(|printer| self.can_print(printer))
            && !reprint.is_under_way()
    }

    pub(crate) fn choose_printer(&mut self, printer: PrinterId) {
        let can_print = self.can_print(&printer);
        if let Dialog::Reprint(reprint) = &mut self.dialog
            && can_print
        {
            reprint.choose(printer);
        }
    }

    /// Up or down among the printers that can print.
    pub(crate) fn move_printer(&mut self, by: i32) {
        let Dialog::Reprint(reprint) = &self.dialog else { return };
        let Some(ticket) = self.reprint_ticket(reprint) else { return };
        let mut offered = self.offered_printers(ticket);
        offered.retain(|(_, printer)| printer.report.condition.can_print());
        let at = offered.iter().position(|(id, _)| Some(*id) == reprint.printer());
        if let Some(to) = moved(at, by, offered.len()) {
            self.choose_printer(offered[to].0.clone());
        }
    }

    /// Orders the reprint, or closes the dialog when all is done.
    pub(crate) fn confirm_reprint(&mut self) -> Option<Order> {
        let Dialog::Reprint(reprint) = &self.dialog else { return None };
        if self.is_reprint_over(reprint) {
            self.dialog = Dialog::None;
            return None;
        }
        let (ticket, printer) = (reprint.ticket, reprint.printer.clone()?);
        let before = self.reprint_ticket(reprint)?.slip.reprints();
        if let Dialog::Reprint(reprint) = &mut self.dialog {
            reprint.stage = Stage::UnderWay { before };
        }
        Some(self.send(Order::Reprint { ticket, printer }))
    }

    /// Follows the stream, and lets go of a printer that cannot print any more.
    pub(crate) fn settle_reprint(&mut self) {
        let Dialog::Reprint(reprint) = &self.dialog else { return };
        let Some(ticket) = self.reprint_ticket(reprint) else { return };
        let reprints = ticket.slip.reprints();
        let stage = match reprint.stage {
            Stage::UnderWay { before } | Stage::NoAnswer { before } if reprints > before => Stage::Ordered,
            // A snapshot came instead of the event, and does not know of the order.
            Stage::UnderWay { before } if !self.is_asking() => Stage::NoAnswer { before },
            _ => reprint.stage.clone(),
        };
        let printer = reprint.printer.clone().filter(|printer| self.can_print(printer));
        self.dialog = Dialog::Reprint(Reprint { ticket: ticket.id, printer, stage });
    }

    fn can_print(&self, printer: &PrinterId) -> bool {
        let known = self.mirror.view().printers.get(printer);
        known.is_some_and(|printer| printer.report.condition.can_print())
    }
}

/// Where the slip was printed first, as far as that is known.
pub(crate) fn own_printer(slip: &TicketSlip) -> Option<&PrinterId> {
    slip.first.as_ref().or(slip.latest()).map(|copy| &copy.printer)
}

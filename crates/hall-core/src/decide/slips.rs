//! Slips and printers: what kiosks report of them, and slips printed again.

use super::Decision;
use crate::{
    CounterNumber, Event, Hall, PRINTERS_MAX, Place, PrinterId, PrinterReport, REPRINTS_MAX, Rejection,
    SlipOutcome, TicketId,
};

impl Hall {
    /// Whatever has become of the ticket since: what is on paper stays so.
    pub(super) fn report_slip(
        &self,
        ticket: TicketId,
        printer: &PrinterId,
        copy: u32,
        outcome: SlipOutcome,
    ) -> Decision {
        let ticket = self.known(ticket)?;
        must_be_well_formed(printer)?;
        let known = ticket.slip.copy(copy);
        let was_ordered = copy == 0 || known.is_some_and(|ordered| ordered.printer == *printer);
        if !was_ordered {
            return Err(Rejection::SlipNotOrdered { number: ticket.number.clone(), copy });
        }
        if known.is_some_and(|known| known.printer == *printer && known.outcome == Some(outcome)) {
            return Ok(Vec::new());
        }
        let (number, printer) = (ticket.number.clone(), printer.clone());
        Ok(vec![Event::SlipReported { ticket: ticket.id, number, printer, copy, outcome }])
    }

    pub(super) fn reprint(
        &self,
        ticket: TicketId,
        printer: &PrinterId,
        counter: Option<CounterNumber>,
    ) -> Decision {
        let ticket = self.known(ticket)?;
        counter.map_or(Ok(()), |counter| self.state_of(counter).map(|_| ()))?;
        let (number, copy) = (ticket.number.clone(), ticket.slip.reprints() + 1);
        if !ticket.place.is_open() && ticket.place != Place::NoShow {
            return Err(Rejection::Settled(number));
        }
        if ticket.slip.reprints.len() >= REPRINTS_MAX {
            return Err(Rejection::ReprintLimit { number, limit: REPRINTS_MAX });
        }
        let known = self.printers.get(printer);
        let known = known.ok_or_else(|| Rejection::UnknownPrinter(printer.clone()))?;
        let (printer, condition) = (printer.clone(), known.report.condition);
        if !condition.can_print() {
            return Err(Rejection::PrinterNotReady { printer, condition });
        }
        Ok(vec![Event::ReprintOrdered { ticket: ticket.id, number, printer, copy, counter }])
    }

    pub(super) fn report_printer(&self, printer: &PrinterId, report: PrinterReport) -> Decision {
        must_be_well_formed(printer)?;
        if !report.is_plausible() {
            return Err(Rejection::PrinterReportFaulty);
        }
        match self.printers.get(printer) {
            Some(known) if known.report == report => return Ok(Vec::new()),
            None if self.printers.len() >= PRINTERS_MAX => {
                return Err(Rejection::PrinterLimit { limit: PRINTERS_MAX });
            }
            _ => {}
        }
        Ok(vec![Event::PrinterReported { printer: printer.clone(), report }])
    }
}

fn must_be_well_formed(printer: &PrinterId) -> Result<(), Rejection> {
    if printer.is_well_formed() { Ok(()) } else { Err(Rejection::PrinterName) }
}

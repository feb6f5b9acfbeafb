//! Slips and printers.

use hall_core::{
    CounterNumber, Event, Place, PrinterCondition, PrinterId, PrinterReport, SlipCopy, SlipOutcome, TicketId,
    TicketSlip, Timestamp,
};

use super::{Expected, Reference, Ticket};

impl Reference {
    pub(super) fn report_slip(
        &mut self,
        id: TicketId,
        printer: &PrinterId,
        copy: u32,
        outcome: SlipOutcome,
        now: Timestamp,
    ) -> Expected {
        let i = self.ticket(id)?;
        is_a_name(printer)?;
        let ticket = &mut self.tickets[i];
        let known = ticket.copies.iter().position(|(other, ..)| *other == copy);
        match known {
            None if copy > 0 => return Err("slip_not_ordered"),
            None => ticket.copies.push((copy, printer.clone(), Some(outcome), now)),
            Some(known) => {
                let known = &mut ticket.copies[known];
                if copy > 0 && known.1 != *printer {
                    return Err("slip_not_ordered");
                }
                if known.1 == *printer && known.2 == Some(outcome) {
                    return Ok(Vec::new());
                }
                *known = (copy, printer.clone(), Some(outcome), now);
            }
        }
        let (number, printer) = (ticket.number.clone(), printer.clone());
        Ok(vec![Event::SlipReported { ticket: id, number, printer, copy, outcome }])
    }

    pub(super) fn reprint(
        &mut self,
        id: TicketId,
        printer: &PrinterId,
        counter: Option<CounterNumber>,
        now: Timestamp,
    ) -> Expected {
        let i = self.ticket(id)?;
        if let Some(counter) = counter {
            self.counter(counter)?;
        }
        if matches!(
            self.tickets[i].place,
            Place::Finished | Place::Cancelled | Place::Abandoned | Place::Expired
        ) {
            return Err("settled");
        }
        let ordered = self.tickets[i].copies.iter().filter(|(copy, ..)| *copy > 0).count() as u32;
        if ordered == 5 {
            return Err("reprint_limit");
        }
        match self.printers.iter().find(|(name, ..)| name == printer) {
            None => return Err("unknown_printer"),
            Some((_, PrinterReport { condition, .. }, _)) => match condition {
                PrinterCondition::Ready | PrinterCondition::NearEnd => {}
                _ => return Err("printer_not_ready"),
            },
        }
        let (copy, ticket) = (ordered + 1, &mut self.tickets[i]);
        ticket.copies.push((copy, printer.clone(), None, now));
        let (number, printer) = (ticket.number.clone(), printer.clone());
        Ok(vec![Event::ReprintOrdered { ticket: id, number, printer, copy, counter }])
    }

    pub(super) fn report_printer(
        &mut self,
        printer: &PrinterId,
        report: PrinterReport,
        now: Timestamp,
    ) -> Expected {
        is_a_name(printer)?;
        let PrinterReport { sheets, roll_left, jobs, unconfirmed, .. } = report;
        if sheets.max(roll_left.unwrap_or(0)).max(jobs) > 1_000_000 || unconfirmed > jobs {
            return Err("printer_report_faulty");
        }
        let known = self.printers.iter().position(|(name, ..)| name == printer);
        match known {
            Some(i) if self.printers[i].1 == report => return Ok(Vec::new()),
            Some(i) => self.printers[i] = (printer.clone(), report, now),
            None if self.printers.len() == 500 => return Err("printer_limit"),
            None => self.printers.push((printer.clone(), report, now)),
        }
        Ok(vec![Event::PrinterReported { printer: printer.clone(), report }])
    }
}

impl Ticket {
    pub(super) fn slip_shown(&self) -> TicketSlip {
        let mut slip = TicketSlip::default();
        for (copy, printer, outcome, at) in &self.copies {
            let shown = SlipCopy { printer: printer.clone(), outcome: *outcome, at: *at };
            match copy {
                0 => slip.first = Some(shown),
                _ => slip.reprints.push(shown),
            }
        }
        slip
    }
}

fn is_a_name(printer: &PrinterId) -> Result<(), &'static str> {
    let odd = |c: char| !(c.is_ascii_alphabetic() || c.is_ascii_digit() || c == '-' || c == '_');
    let text = printer.as_str();
    if text.is_empty() || text.len() > 64 || text.contains(odd) { Err("printer_name") } else { Ok(()) }
}

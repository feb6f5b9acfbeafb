//! Slips and printers: marks, the printers that are shown, and the dialog for a slip that is printed again.

use hall_core::{Printer, PrinterCondition, PrinterId, REPRINTS_MAX, SlipCopy, SlipOutcome, TicketSlip};

use crate::model::Model;
use crate::printers::{Urgency, worst_first};
use crate::reprint::{Reprint, Stage, own_printer};

/// What staff should know of the slip of a ticket at a glance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlipShown {
    /// The last word on it, where the citizen may be without one.
    pub doubt: Option<SlipOutcome>,
    /// How many reprints were ordered.
    pub reprints: u32,
}

/// One copy of a slip.
#[derive(Clone, Debug, PartialEq)]
pub struct CopyShown {
    pub printer: String,
    /// Absent while it is only ordered.
    pub outcome: Option<SlipOutcome>,
    /// When that was reported, `09:30`; empty when this terminal was started later.
    pub at: String,
}

/// The printer that needs somebody most.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertShown {
    pub printer: String,
    pub condition: PrinterCondition,
    pub urgency: Urgency,
    /// So many slips the roll probably lasts yet, where it is near its end.
    pub left: Option<u32>,
    /// When it probably ends, `09:30`; empty when that is not known.
    pub ends_at: String,
    /// How many more need somebody.
    pub others: usize,
}

/// A printer in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct PrinterShown {
    pub id: PrinterId,
    pub condition: PrinterCondition,
    pub urgency: Urgency,
    pub can_print: bool,
    /// Whether it printed the slip of the ticket in question.
    pub is_own: bool,
    pub is_chosen: bool,
    pub sheets: u32,
    pub left: Option<u32>,
    pub ends_at: String,
    pub jobs: u32,
    /// Share of the jobs that were never acknowledged, `1.2 %`; empty without jobs.
    pub unconfirmed: String,
    pub reported_at: String,
}

/// The dialog for a slip that is printed again.
#[derive(Clone, Debug, PartialEq)]
pub struct ReprintShown {
    pub number: String,
    /// The slip of the number; absent before anything is reported of it.
    pub first: Option<CopyShown>,
    /// The last reprint.
    pub latest: Option<CopyShown>,
    pub reprints: u32,
    pub limit: u32,
    pub printers: Vec<PrinterShown>,
    pub stage: Stage,
    /// Enter closes it.
    pub is_over: bool,
    pub may_confirm: bool,
}

impl SlipShown {
    /// The last copy of which anything is known decides: a reprint is ordered when the one before is not there.
    pub(super) fn of(slip: &TicketSlip) -> Self {
        let copies = (0..=slip.reprints()).rev().filter_map(|copy| slip.copy(copy)?.outcome);
        let last = copies.into_iter().next();
        Self { doubt: last.filter(|outcome| *outcome != SlipOutcome::Printed), reprints: slip.reprints() }
    }
}

impl Model {
    pub(super) fn alert(&self) -> Option<AlertShown> {
        let printers = worst_first(self.mirror.view()).into_iter();
        let mut urgent =
            printers.filter(|(_, printer)| Urgency::of(printer.report.condition).needs_somebody());
        let (id, printer) = urgent.next()?;
        let shown = self.printer_shown(id, printer);
        let is_near_end = shown.condition == PrinterCondition::NearEnd;
        Some(AlertShown {
            printer: id.to_string(),
            condition: shown.condition,
            urgency: shown.urgency,
            left: shown.left.filter(|_| is_near_end),
            ends_at: if is_near_end { shown.ends_at } else { String::new() },
            others: urgent.count(),
        })
    }

    pub(super) fn printers_shown(&self) -> Vec<PrinterShown> {
        let printers = worst_first(self.mirror.view()).into_iter();
        printers.map(|(id, printer)| self.printer_shown(id, printer)).collect()
    }

    pub(super) fn reprint_shown(&self, reprint: &Reprint) -> Option<ReprintShown> {
        let ticket = self.reprint_ticket(reprint)?;
        let slip = &ticket.slip;
        let own = own_printer(slip);
        let printers = self.offered_printers(ticket).into_iter().map(|(id, printer)| PrinterShown {
            is_own: own == Some(id),
            is_chosen: reprint.printer() == Some(id),
            ..self.printer_shown(id, printer)
        });
        Some(ReprintShown {
            number: ticket.number.to_string(),
            first: slip.first.as_ref().map(|copy| self.copy_shown(copy)),
            latest: slip.reprints.last().map(|copy| self.copy_shown(copy)),
            reprints: slip.reprints(),
            limit: REPRINTS_MAX as u32,
            printers: printers.collect(),
            stage: reprint.stage().clone(),
            is_over: self.is_reprint_over(reprint),
            may_confirm: self.may_confirm(),
        })
    }

    fn copy_shown(&self, copy: &SlipCopy) -> CopyShown {
        let at = copy.outcome.map(|_| copy.at);
        CopyShown {
            printer: copy.printer.to_string(),
            outcome: copy.outcome,
            at: at.map(|at| self.clock(at)).unwrap_or_default(),
        }
    }

    fn printer_shown(&self, id: &PrinterId, printer: &Printer) -> PrinterShown {
        let report = &printer.report;
        PrinterShown {
            id: id.clone(),
            condition: report.condition,
            urgency: Urgency::of(report.condition),
            can_print: report.condition.can_print(),
            is_own: false,
            is_chosen: false,
            sheets: report.sheets,
            left: report.roll_left,
            ends_at: report.roll_ends_at.map(|at| self.clock(at)).unwrap_or_default(),
            jobs: report.jobs,
            unconfirmed: percent(report.unconfirmed, report.jobs),
            reported_at: self.clock(printer.reported_at),
        }
    }
}

/// `1.2 %`; empty for a share of nothing.
fn percent(part: u32, whole: u32) -> String {
    match whole {
        0 => String::new(),
        _ => format!("{:.1} %", f64::from(part) * 100.0 / f64::from(whole)),
    }
}

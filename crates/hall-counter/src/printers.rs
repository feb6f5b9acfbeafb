//! The slip printers of the hall: which of them needs somebody, and in which order staff see them.

use std::cmp::Reverse;

use hall_api::View;
use hall_core::{Printer, PrinterCondition, PrinterId};

/// Whether somebody must see to a printer; the most urgent last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    None,
    /// It does not print now, and will again by itself.
    Passing,
    /// Its paper ends soon.
    Soon,
    /// It does not print until somebody comes.
    Now,
}

impl Urgency {
    /// What a condition asks for.
    pub fn of(condition: PrinterCondition) -> Self {
        use PrinterCondition::*;
        match condition {
            Ready => Self::None,
            Overheated | Busy => Self::Passing,
            NearEnd => Self::Soon,
            PaperOut | CoverOpen | Cutter | Jam | Unrecoverable | Offline | Silent | Away => Self::Now,
        }
    }

    /// Whether somebody is to go there.
    pub fn needs_somebody(self) -> bool {
        self >= Self::Soon
    }
}

/// Every printer, the worst first: of those that stand still, the one that has for longest; of those near their end,
/// the one with the least paper.
pub(crate) fn worst_first(view: &View) -> Vec<(&PrinterId, &Printer)> {
    let mut printers: Vec<_> = view.printers.iter().collect();
    printers.sort_by_key(|(id, printer)| {
        let urgency = Urgency::of(printer.report.condition);
        let left = printer.report.roll_left.filter(|_| urgency == Urgency::Soon);
        let since = Some(printer.reported_at).filter(|_| urgency == Urgency::Now);
        (Reverse(urgency), left.unwrap_or(u32::MAX), since, *id)
    });
    printers
}

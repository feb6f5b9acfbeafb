//! Slips and printers in the words of the view.

use std::rc::Rc;

use hall_core::{PrinterCondition, SlipOutcome};
use hall_ui::change_rows;
use slint::VecModel;

use super::view::{self, SlipModel};
use crate::printers::Urgency;
use crate::reprint::Stage;
use crate::screen::{AlertShown, CopyShown, DialogShown, PrinterShown, ReprintShown, Screen, SlipShown};
use crate::slips::Reprinted;

/// The printers of the open dialog: kept, so that only what changes is drawn again.
#[derive(Default)]
pub(super) struct Printers(Rc<VecModel<view::PrinterRow>>);

impl Printers {
    pub fn give_to(&self, global: &SlipModel) {
        global.set_printers(self.0.clone().into());
    }

    pub fn show(&self, global: &SlipModel, screen: &Screen) {
        show_alert(global, screen.alert.as_ref());
        change_rows(&self.0, screen.dialog.printers().iter().map(printer));
        if let DialogShown::Reprint(reprint) = &screen.dialog {
            show_reprint(global, reprint);
        }
    }
}

fn show_alert(global: &SlipModel, alert: Option<&AlertShown>) {
    global.set_has_alert(alert.is_some());
    let Some(alert) = alert else { return };
    global.set_alert(view::PrinterAlert {
        printer: (&alert.printer).into(),
        condition: condition(alert.condition),
        urgency: urgency(alert.urgency),
        left: count_or_none(alert.left),
        ends_at: (&alert.ends_at).into(),
        others: alert.others as i32,
    });
}

fn show_reprint(global: &SlipModel, reprint: &ReprintShown) {
    global.set_number((&reprint.number).into());
    global.set_first(copy(reprint.first.as_ref()));
    global.set_latest(copy(reprint.latest.as_ref()));
    global.set_reprints(reprint.reprints as i32);
    global.set_limit(reprint.limit as i32);
    global.set_over(reprint.is_over);
    let chosen = reprint.printers.iter().find(|printer| printer.is_chosen);
    global.set_any_usable(reprint.printers.iter().any(|printer| printer.can_print));
    global.set_chosen_printer(chosen.map(|printer| printer.id.as_str()).unwrap_or_default().into());
    let (stage, refusal) = match &reprint.stage {
        Stage::Choosing => (view::Stage::Choosing, ""),
        Stage::UnderWay { .. } => (view::Stage::UnderWay, ""),
        Stage::Refused(text) => (view::Stage::Refused, text.as_str()),
        Stage::NoAnswer { .. } => (view::Stage::NoAnswer, ""),
        Stage::Ordered => (view::Stage::Ordered, ""),
    };
    global.set_stage(stage);
    global.set_refusal(refusal.into());
}

fn copy(shown: Option<&CopyShown>) -> view::SlipCopy {
    let Some(shown) = shown else { return view::SlipCopy::default() };
    view::SlipCopy {
        printer: (&shown.printer).into(),
        outcome: shown.outcome.map_or(view::Outcome::Ordered, outcome),
        at: (&shown.at).into(),
    }
}

fn printer(shown: &PrinterShown) -> view::PrinterRow {
    view::PrinterRow {
        printer: shown.id.as_str().into(),
        condition: condition(shown.condition),
        urgency: urgency(shown.urgency),
        can_print: shown.can_print,
        own: shown.is_own,
        chosen: shown.is_chosen,
        sheets: shown.sheets as i32,
        left: count_or_none(shown.left),
        ends_at: (&shown.ends_at).into(),
        jobs: shown.jobs as i32,
        unconfirmed: (&shown.unconfirmed).into(),
        reported_at: (&shown.reported_at).into(),
    }
}

/// What came of a reprint, and the number and the printer of it.
pub(super) fn reprinted(reprinted: &Reprinted) -> (view::Notice, String, String) {
    let kind = match reprinted.outcome {
        SlipOutcome::Printed => view::Notice::Reprinted,
        SlipOutcome::Unconfirmed => view::Notice::ReprintUnconfirmed,
        SlipOutcome::FailedClean | SlipOutcome::FailedPartial => view::Notice::ReprintFailed,
    };
    (kind, reprinted.number.to_string(), reprinted.printer.to_string())
}

pub(super) fn mark(slip: SlipShown) -> view::SlipMark {
    let doubt = slip.doubt.map_or(view::Outcome::Printed, outcome);
    view::SlipMark { doubt, reprints: slip.reprints as i32 }
}

fn outcome(outcome: SlipOutcome) -> view::Outcome {
    match outcome {
        SlipOutcome::Printed => view::Outcome::Printed,
        SlipOutcome::Unconfirmed => view::Outcome::Unconfirmed,
        SlipOutcome::FailedClean => view::Outcome::Failed,
        SlipOutcome::FailedPartial => view::Outcome::Incomplete,
    }
}

fn condition(condition: PrinterCondition) -> view::Condition {
    match condition {
        PrinterCondition::Ready => view::Condition::Ready,
        PrinterCondition::NearEnd => view::Condition::NearEnd,
        PrinterCondition::PaperOut => view::Condition::PaperOut,
        PrinterCondition::CoverOpen => view::Condition::CoverOpen,
        PrinterCondition::Cutter => view::Condition::Cutter,
        PrinterCondition::Jam => view::Condition::Jam,
        PrinterCondition::Overheated => view::Condition::Overheated,
        PrinterCondition::Unrecoverable => view::Condition::Unrecoverable,
        PrinterCondition::Offline => view::Condition::Offline,
        PrinterCondition::Silent => view::Condition::Silent,
        PrinterCondition::Busy => view::Condition::Busy,
        PrinterCondition::Away => view::Condition::Away,
    }
}

fn urgency(urgency: Urgency) -> view::Urgency {
    match urgency {
        Urgency::None => view::Urgency::None,
        Urgency::Passing => view::Urgency::Passing,
        Urgency::Soon => view::Urgency::Soon,
        Urgency::Now => view::Urgency::Now,
    }
}

fn count_or_none(count: Option<u32>) -> i32 {
    count.map_or(-1, |count| i32::try_from(count).unwrap_or(i32::MAX))
}

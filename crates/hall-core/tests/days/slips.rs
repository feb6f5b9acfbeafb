//! What kiosks report of slips and printers, drawn at random.

use hall_core::{
    Command, Hall, Place, PrinterCondition, PrinterId, PrinterReport, SlipOutcome, TicketId, Timestamp,
};

use crate::dice::Dice;

pub fn printer(dice: &mut Dice) -> PrinterId {
    let odd = ["", "取号机", "kiosk 1", "..", &"k".repeat(65)].map(PrinterId::from);
    if dice.one_in(30) { dice.pick(&odd) } else { format!("kiosk-{}", dice.between(1, 3)).as_str().into() }
}

pub fn report(dice: &mut Dice) -> PrinterReport {
    let condition = match dice.below(3) {
        0 => dice.pick(&PrinterCondition::ALL),
        _ => PrinterCondition::Ready,
    };
    let count = |dice: &mut Dice| if dice.one_in(60) { 1_000_001 } else { dice.below(3) as u32 };
    PrinterReport {
        condition,
        sheets: count(dice),
        roll_left: dice.one_in(4).then(|| count(dice)),
        roll_ends_at: dice.one_in(4).then(|| Timestamp::from_ms(1_795_000_000_000)),
        jobs: count(dice),
        unconfirmed: dice.pick(&[0, 0, 0, 0, 1]),
    }
}

/// A printer more, or a report of one that is known.
pub fn another_printer(dice: &mut Dice, hall: &Hall) -> Command {
    let known = hall.printers().len() as u64;
    let n = if dice.one_in(20) { dice.below(known + 1) } else { known };
    Command::ReportPrinter { printer: format!("p{n}").as_str().into(), report: report(dice) }
}

pub fn outcome(dice: &mut Dice) -> SlipOutcome {
    dice.pick(&SlipOutcome::ALL)
}

/// Of those seen who may still be called, whoever has lost the most slips.
pub fn most_printed<'a>(hall: &Hall, seen: impl Iterator<Item = &'a TicketId>) -> Option<TicketId> {
    let seen = seen.filter_map(|id| hall.ticket(*id));
    let may_be_called = seen.filter(|ticket| ticket.place.is_open() || ticket.place == Place::NoShow);
    may_be_called.max_by_key(|ticket| ticket.slip.reprints()).map(|ticket| ticket.id)
}

/// Of the copy that was ordered last, most often by the printer it was ordered from.
pub fn last_word(dice: &mut Dice, hall: &Hall, ticket: TicketId, printer: PrinterId) -> Command {
    let slip = hall.ticket(ticket).map(|ticket| &ticket.slip);
    let ordered = slip.and_then(|slip| Some((slip.reprints(), slip.latest()?.printer.clone())));
    let (copy, printer) = match ordered {
        Some(last) if !dice.one_in(4) => last,
        _ => (dice.below(7) as u32, printer),
    };
    Command::ReportSlip { ticket, printer, copy, outcome: outcome(dice) }
}

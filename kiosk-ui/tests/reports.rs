//! What the hall is told of slips and printer, and slips printed again: with a real hub, a real print journal, and paper.
#![allow(clippy::unwrap_used)]

#[path = "../../crates/hall-client/tests/client/proxy.rs"]
#[allow(dead_code, reason = "hall-client's tests need more of it")]
mod proxy;
mod station;
mod support;

use std::time::Instant;

use hall_core::{CounterNumber, PrinterCondition, SlipOutcome, TicketId};
use hall_kiosk::{Errand, Msg};
use hall_print::{Outcome, Status};
use hall_sim::printer::Condition;
use proxy::Line;
use station::{Errands, NAME, PATIENCE};

const COUNTER: Option<CounterNumber> = Some(CounterNumber(5));

impl Errands {
    /// Waits until the hub knows how this copy ended.
    async fn reported(&self, ticket: TicketId, copy: u32, expect: SlipOutcome) {
        self.hub_knows(&format!("{expect:?} of copy {copy}"), |view| {
            let known = view.tickets.get(&ticket)?.slip.copy(copy)?;
            (known.printer.as_str() == NAME && known.outcome == Some(expect)).then_some(())
        })
        .await;
    }

    /// Waits until the hub knows how the printer is.
    async fn printer_reported(&self, expect: PrinterCondition) {
        self.hub_knows(&format!("{expect:?}"), |view| {
            (view.printers.get(&NAME.into())?.report.condition == expect).then_some(())
        })
        .await;
    }

    async fn reprint_at_a_counter(&self, ticket: TicketId) -> u32 {
        self.elsewhere.order_reprint(ticket, &NAME.into(), COUNTER).await.unwrap().copy
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slips_and_printer_are_reported() {
    let mut errands = Errands::start().await;
    errands.printer_reported(PrinterCondition::Ready).await;
    let first = errands.take("H001").await;
    errands.reported(first, 0, SlipOutcome::Printed).await;
    errands.printer.set(Condition::CoverOpen);
    errands.printer_reported(PrinterCondition::CoverOpen).await;
    errands.order().await;
    let second = errands.reply().await.unwrap().ticket.id;
    errands.reported(second, 0, SlipOutcome::FailedClean).await;
    errands.printer.set(Condition::CoverClosed);
    errands.printer_reported(PrinterCondition::Ready).await;
    let report = errands.hub_knows("the printer", |view| Some(view.printers[&NAME.into()].report)).await;
    assert_eq!((report.sheets, report.jobs, report.unconfirmed), (1, 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_was_away_is_told_when_it_is_back() {
    let mut errands = Errands::start().await;
    errands.printer_reported(PrinterCondition::Ready).await;
    // Slow enough that the line is broken before the slip is printed.
    errands.printer.set(Condition::Baud(1200));
    errands.order().await;
    let ticket = errands.reply().await.unwrap().ticket.id;
    errands.line.set(Line::Refusing);
    errands.line.cut();
    errands.printer.set(Condition::FullSpeed);
    assert_eq!(errands.outcome().await, Outcome::Printed);
    let known = errands.hub_knows("the ticket", |view| view.tickets.get(&ticket).cloned()).await;
    assert_eq!(known.slip.first, None);
    errands.line.set(Line::Passing);
    errands.reported(ticket, 0, SlipOutcome::Printed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_killed_in_the_middle_of_a_slip_reports_it_unconfirmed_and_prints_it_no_second_time() {
    let mut errands = Errands::start().await;
    errands.printer_reported(PrinterCondition::Ready).await;
    errands.printer.set_after(100, Condition::Stopped);
    errands.order().await;
    let ticket = errands.reply().await.unwrap().ticket.id;
    let deadline = Instant::now() + PATIENCE;
    while !std::fs::read_to_string(errands.journal_file()).unwrap().contains("\"sending\"") {
        assert!(Instant::now() < deadline, "nothing is sent");
        tokio::task::yield_now().await;
    }
    errands.kill_and_start_again();
    errands.reported(ticket, 0, SlipOutcome::Unconfirmed).await;
    errands.take("H002").await;
    assert!(errands.printer.take_paper().iter().all(|piece| piece.is_blank()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reprint_ordered_at_a_counter_is_printed_once() {
    let mut errands = Errands::start().await;
    errands.printer_reported(PrinterCondition::Ready).await;
    let ticket = errands.take("H001").await;
    assert_eq!(errands.reprint_at_a_counter(ticket).await, 1);
    errands.expect_paper("H001", true);
    errands.reported(ticket, 1, SlipOutcome::Printed).await;

    // The next one is ordered while the kiosk hears nothing.
    errands.line.set(Line::Refusing);
    errands.line.cut();
    assert_eq!(errands.reprint_at_a_counter(ticket).await, 2);
    errands.line.set(Line::Passing);
    errands.expect_paper("H001", true);
    errands.line.cut();
    errands.reported(ticket, 2, SlipOutcome::Printed).await;

    // Neither the stream nor a new start brings it once more.
    errands.kill_and_start_again();
    errands.printer_is(Status::Ready).await;
    errands.take("H002").await;
    assert!(errands.printer.take_paper().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_nobody_waits_for_any_more_is_not_printed() {
    let mut errands = Errands::start().await;
    errands.printer_reported(PrinterCondition::Ready).await;
    let ticket = errands.take("H001").await;
    errands.reported(ticket, 0, SlipOutcome::Printed).await;
    errands.line.set(Line::Refusing);
    errands.line.cut();
    errands.reprint_at_a_counter(ticket).await;
    errands.restart_hub("2026-11-23T09:33:00+08:00", true).await;
    errands.reported(ticket, 1, SlipOutcome::FailedClean).await;
    errands.take("H002").await;
    assert!(errands.printer.take_paper().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_day_is_told_of_the_printer_anew() {
    let mut errands = Errands::start().await;
    errands.printer_reported(PrinterCondition::Ready).await;
    errands.take("H001").await;
    errands.restart_hub("2026-11-24T09:00:00+08:00", true).await;
    let report = errands
        .hub_knows("the printer on Tuesday", |view| {
            let tuesday = view.day?.date == "2026-11-24".parse().unwrap();
            Some(view.printers.get(&NAME.into())?.report).filter(|_| tuesday)
        })
        .await;
    assert_eq!((report.sheets, report.jobs), (1, 0), "the roll lasts, yesterday's slips do not count");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_print_journal_that_outlives_the_hubs_data_swallows_no_slip() {
    let mut errands = Errands::start().await;
    errands.printer_reported(PrinterCondition::Ready).await;
    let before = errands.take("H001").await;
    errands.restart_hub("2026-11-23T10:30:00+08:00", false).await;
    let after = errands.take("H001").await;
    assert_eq!(before, after, "the same ticket, to the hub");
    errands.reported(after, 0, SlipOutcome::Printed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_at_the_kiosk_print_again_and_test() {
    let mut errands = Errands::start().await;
    errands.printer_reported(PrinterCondition::Ready).await;
    let ticket = errands.take("H001").await;
    errands.send(Errand::Reprint(ticket)).await;
    let reply = |message| match message {
        Msg::ReprintOrdered(reply) => Some(*reply),
        _ => None,
    };
    assert_eq!(errands.wait("reply", reply).await.unwrap().copy, 1);
    errands.expect_paper("H001", true);
    errands.reported(ticket, 1, SlipOutcome::Printed).await;

    errands.send(Errand::PrintTestPage { printed_at: "2026-11-23 09:30:00".into() }).await;
    let test_page = |message| match message {
        Msg::TestPage(outcome) => Some(outcome),
        _ => None,
    };
    assert_eq!(errands.wait("test page", test_page).await, Outcome::Printed);
    let page = errands.printer.take_slip(PATIENCE).unwrap().text();
    assert!(page.contains("测试页") && page.contains("2026-11-23 09:30:00"), "{page}");

    let sheets = |message| match message {
        Msg::Printer(health) => Some(health.sheets),
        _ => None,
    };
    while errands.wait("sheets", sheets).await != 3 {}
    errands.send(Errand::RollChanged).await;
    while errands.wait("sheets", sheets).await != 0 {}
}

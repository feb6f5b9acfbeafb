//! Slips and printers: what is reported, and what is printed again.

use hall_core::PrinterCondition::{self, *};
use hall_core::SlipOutcome::{self, *};
use hall_core::{Hall, PRINTERS_MAX, PrinterReport, REPRINTS_MAX, Record, TicketSlip};

use super::*;

#[test]
fn the_last_word_on_a_copy_counts_and_is_written_once() {
    let run = usual().plays(&[
        ("09:00", slip(1, "kiosk-1", 0, Printed), "unknown_ticket"),
        ("09:00", issue("property"), "A001 after 0"),
        ("09:00", slip(1, "取号机", 0, Printed), "printer_name"),
        ("09:00", slip(1, "kiosk-1", 0, Unconfirmed), "A001 copy 0 unconfirmed at kiosk-1"),
        ("09:00", slip(1, "kiosk-1", 0, Unconfirmed), ""),
        ("09:01", slip(1, "kiosk-1", 0, Printed), "A001 copy 0 printed at kiosk-1"),
        ("09:01", slip(1, "kiosk-2", 0, Printed), "A001 copy 0 printed at kiosk-2"),
        ("09:01", slip(1, "kiosk-1", 1, Printed), "slip_not_ordered"),
    ]);
    for outcome in SlipOutcome::ALL {
        assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.as_str());
    }
    let first = run.hall.ticket(TicketId(1)).unwrap().slip.first.clone().unwrap();
    assert_eq!((first.printer.as_str(), first.outcome), ("kiosk-2", Some(Printed)));
}

#[test]
fn a_reprint_is_numbered_and_only_its_printer_reports_it() {
    let run = usual().plays(&[
        ("09:00", issue("property"), "A001 after 0"),
        ("09:00", reprint(1, "kiosk-1", None), "unknown_printer"),
        ("09:00", printer("kiosk-1", Ready), "kiosk-1 ready"),
        ("09:00", printer("kiosk-2", NearEnd), "kiosk-2 near_end"),
        ("09:00", reprint(2, "kiosk-1", None), "unknown_ticket"),
        ("09:00", reprint(1, "kiosk-1", Some(99)), "unknown_counter"),
        ("09:00", reprint(1, "kiosk-1", Some(2)), "A001 copy 1 ordered at kiosk-1 by 2"),
        ("09:00", reprint(1, "kiosk-2", None), "A001 copy 2 ordered at kiosk-2"),
        ("09:00", slip(1, "kiosk-1", 2, Printed), "slip_not_ordered"),
        ("09:00", slip(1, "kiosk-2", 2, Printed), "A001 copy 2 printed at kiosk-2"),
        ("09:00", slip(1, "kiosk-1", 1, FailedClean), "A001 copy 1 failed_clean at kiosk-1"),
        ("09:00", slip(1, "kiosk-1", 1, FailedClean), ""),
        ("09:00", slip(1, "kiosk-1", 0, FailedPartial), "A001 copy 0 failed_partial at kiosk-1"),
    ]);
    let slip = &run.hall.ticket(TicketId(1)).unwrap().slip;
    let outcomes: Vec<_> = (0..4).map(|copy| slip.copy(copy).map(|copy| copy.outcome)).collect();
    assert_eq!(outcomes, [Some(Some(FailedPartial)), Some(Some(FailedClean)), Some(Some(Printed)), None]);
    assert_eq!((slip.reprints(), slip.latest()), (2, slip.copy(2)));
}

#[test]
fn only_a_printer_that_can_print_is_given_a_reprint() {
    for condition in PrinterCondition::ALL {
        let can_print = matches!(condition, Ready | NearEnd);
        let expect = if can_print { "A001 copy 1 ordered at kiosk-1" } else { "printer_not_ready" };
        let reported = format!("kiosk-1 {}", condition.as_str());
        usual().plays(&[
            ("09:00", issue("property"), "A001 after 0"),
            ("09:00", printer("kiosk-1", condition), &reported),
            ("09:00", reprint(1, "kiosk-1", None), expect),
        ]);
        assert_eq!(serde_json::to_string(&condition).unwrap(), format!("\"{}\"", condition.as_str()));
    }
}

#[test]
fn a_ticket_is_printed_again_while_it_may_still_be_called_and_not_too_often() {
    let open_and_ready = [
        ("09:00", printer("kiosk-1", Ready), "kiosk-1 ready"),
        ("09:00", open(1), "1 open"),
        ("09:00", issue("property"), "A001 after 0"),
    ];
    let ways: [&[Row<'_>]; 3] = [
        &[("09:00", cancel(1), "A001 cancelled")],
        &[("09:00", abandon(1), "A001 abandoned")],
        &[
            ("09:00", call(1), "A001 to 1, by arrival"),
            ("09:00", start(1), "A001 served"),
            ("09:00", reprint(1, "kiosk-1", None), "A001 copy 1 ordered at kiosk-1"),
            ("09:00", finish(1), "A001 finished"),
        ],
    ];
    for way in ways {
        let settled = [("09:01", reprint(1, "kiosk-1", None), "settled")];
        usual().plays(&[&open_and_ready, way, &settled].concat());
    }
    let missed = [("09:00", call(1), "A001 to 1, by arrival"), ("09:00", no_show(1), "A001 missed")];
    let copies: Vec<_> =
        (1..=REPRINTS_MAX).map(|copy| format!("A001 copy {copy} ordered at kiosk-1")).collect();
    let again = copies.iter().map(|expect| ("09:01", reprint(1, "kiosk-1", None), expect.as_str()));
    let once_more = [("09:02", reprint(1, "kiosk-1", None), "reprint_limit")];
    usual().plays(&[&open_and_ready[..], &missed, &again.collect::<Vec<_>>(), &once_more].concat());
}

#[test]
fn a_printer_is_known_by_its_last_report_until_the_next_day_opens() {
    let with = |change: fn(&mut PrinterReport)| {
        let mut report = report(Ready);
        change(&mut report);
        Some(Command::ReportPrinter { printer: "kiosk-1".into(), report })
    };
    let run = usual().plays(&[
        ("09:00", printer("kiosk 1", Ready), "printer_name"),
        ("09:00", with(|report| report.unconfirmed = report.jobs + 1), "printer_report_faulty"),
        ("09:00", with(|report| report.sheets = 1_000_001), "printer_report_faulty"),
        ("09:00", with(|report| report.roll_left = Some(1_000_001)), "printer_report_faulty"),
        ("09:00", with(|report| report.jobs = 1_000_001), "printer_report_faulty"),
        ("09:00", with(|report| report.roll_left = Some(1_000_000)), "kiosk-1 ready"),
        ("09:00", with(|report| report.roll_left = Some(1_000_000)), ""),
        ("09:05", printer("kiosk-1", PaperOut), "kiosk-1 paper_out"),
    ]);
    let known = run.hall.printers()[&"kiosk-1".into()];
    assert_eq!((known.report, known.reported_at), (report(PaperOut), at("09:05")));
    let run = usual().plays(&[
        ("09:05", printer("kiosk-1", Ready), "kiosk-1 ready"),
        ("24 00:10", None, "2026-11-23 ends"),
        ("24 08:30", None, "2026-11-24 begins"),
    ]);
    assert!(run.hall.printers().is_empty());
}

#[test]
fn a_hall_has_so_many_printers_and_no_more() {
    let names: Vec<_> = (0..PRINTERS_MAX).map(|n| (format!("p{n}"), format!("p{n} ready"))).collect();
    let known = names.iter().map(|(name, expect)| ("09:00", printer(name, Ready), expect.as_str()));
    let more =
        [("09:01", printer("another", Ready), "printer_limit"), ("09:01", printer("p7", Away), "p7 away")];
    usual().plays(&known.chain(more).collect::<Vec<_>>());
}

#[test]
fn a_journal_from_before_slips_were_known_reads_as_it_did() {
    let old = r#"{"seq":2,"at":"2026-11-23T01:00:00Z","event":{"type":"ticket_issued","ticket":1,"number":"A001",
        "service":"property","class":"ordinary","standing":1795395600000,"ahead":0}}"#;
    let record: Record = serde_json::from_str(old).unwrap();
    let mut hall = Hall::default();
    hall.apply(&record.event, record.at);
    let ticket = hall.ticket(TicketId(1)).unwrap();
    assert_eq!(ticket.slip, TicketSlip::default());
    let text = serde_json::to_string(ticket).unwrap();
    assert!(!text.contains("slip"), "{text}");
    assert_eq!(serde_json::from_str::<hall_core::Ticket>(&text).unwrap(), *ticket);
}

fn slip(ticket: u64, printer: &str, copy: u32, outcome: SlipOutcome) -> Option<Command> {
    Some(Command::ReportSlip { ticket: TicketId(ticket), printer: printer.into(), copy, outcome })
}

fn reprint(ticket: u64, printer: &str, counter: Option<u16>) -> Option<Command> {
    let (ticket, counter) = (TicketId(ticket), counter.map(CounterNumber));
    Some(Command::Reprint { ticket, printer: printer.into(), counter })
}

fn printer(printer: &str, condition: PrinterCondition) -> Option<Command> {
    Some(Command::ReportPrinter { printer: printer.into(), report: report(condition) })
}

fn report(condition: PrinterCondition) -> PrinterReport {
    PrinterReport { condition, sheets: 12, roll_left: None, roll_ends_at: None, jobs: 10, unconfirmed: 1 }
}

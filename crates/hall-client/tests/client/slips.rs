//! Slips and printers: a lost reply orders no second slip, and a report is written once.

use hall_api::ReportSlip;
use hall_core::{CounterNumber, PrinterCondition, PrinterReport, SlipOutcome};

use crate::commands::{SHORT_BY, hall_and_line};
use crate::hall::wish;

fn ready() -> PrinterReport {
    PrinterReport {
        condition: PrinterCondition::Ready,
        sheets: 7,
        roll_left: Some(900),
        roll_ends_at: None,
        jobs: 7,
        unconfirmed: 0,
    }
}

#[tokio::test]
async fn a_lost_reply_to_a_reprint_orders_no_second_slip() {
    let (hall, proxy, hub) = hall_and_line().await;
    let ticket = hub.issue(&wish("id-card")).await.unwrap().ticket;
    let printer = "kiosk-1".into();
    hub.report_printer(&printer, ready()).await.unwrap();
    for (ordered, short_by) in SHORT_BY.into_iter().enumerate() {
        let counter = Some(CounterNumber(5)).filter(|_| ordered == 1);
        proxy.cut_next_reply(short_by);
        let reply = hub.order_reprint(ticket.id, &printer, counter).await.unwrap();
        assert_eq!((reply.number, reply.copy), (ticket.number.clone(), ordered as u32 + 1));
        let view = hall.view().await;
        assert_eq!(view.tickets[&ticket.id].slip.reprints(), reply.copy, "short by {short_by}");
        assert_eq!(view.seq, reply.seq);
    }
    let facts = hub.slip_facts(ticket.id).await.unwrap();
    assert_eq!((facts.ticket.follow_code, facts.reprints), (ticket.follow_code, SHORT_BY.len() as u32));
    let nowhere = hub.order_reprint(ticket.id, &"kiosk-2".into(), None).await.unwrap_err();
    assert_eq!(nowhere.code(), Some("unknown_printer"));
}

#[tokio::test]
async fn what_is_reported_is_written_once_and_told() {
    let (hall, proxy, hub) = hall_and_line().await;
    let ticket = hub.issue(&wish("id-card")).await.unwrap().ticket.id;
    let report = ReportSlip { printer: "kiosk-1".into(), copy: 0, outcome: SlipOutcome::Unconfirmed };
    proxy.cut_next_reply(usize::MAX);
    let first = hub.report_slip(ticket, &report).await.unwrap();
    assert_eq!(hub.report_slip(ticket, &report).await.unwrap(), first, "known already");
    proxy.cut_next_reply(1);
    let printer = hub.report_printer(&report.printer, ready()).await.unwrap();
    assert_eq!(printer.seq, first.seq + 1);
    let printers = hub.printers().await.unwrap().printers;
    assert_eq!(printers[&report.printer].report, ready());
    let view = hall.view().await;
    assert_eq!((view.seq, &view.printers), (printer.seq, &printers));
    assert_eq!(view.tickets[&ticket].slip.latest().unwrap().outcome, Some(SlipOutcome::Unconfirmed));
}

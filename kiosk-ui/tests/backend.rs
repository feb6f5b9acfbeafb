//! The kiosk's errands with a real hub and a printer on a pseudo-terminal.
#![allow(clippy::unwrap_used)]

#[path = "../../crates/hall-client/tests/client/proxy.rs"]
#[allow(dead_code, reason = "hall-client's tests need more of it")]
mod proxy;
mod station;
mod support;

use hall_api::IssueTicket;
use hall_client::{ClientError, Update};
use hall_core::ClassId;
use hall_kiosk::Msg;
use hall_print::{Outcome, Status};
use hall_sim::printer::Condition;
use proxy::Line;
use station::{Errands, PATIENCE};

#[tokio::test(flavor = "multi_thread")]
async fn the_number_on_the_slip_is_the_hubs() {
    let mut errands = Errands::start().await;
    let snapshot = |message| matches!(message, Msg::Hub(Update::Snapshot(_))).then_some(());
    errands.wait("snapshot", snapshot).await;
    for expect in ["H001", "H002"] {
        errands.order().await;
        assert_eq!(errands.number().await, expect);
        assert_eq!(errands.outcome().await, Outcome::Printed);
        let slip = errands.printer.take_slip(PATIENCE).unwrap().decode().unwrap();
        assert_eq!(slip.largest_line().as_deref(), Some(expect));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_without_paper_takes_nobodys_number() {
    let mut errands = Errands::start().await;
    errands.printer_is(Status::Ready).await;
    errands.printer.set(Condition::PaperOut);
    errands.printer_is(Status::PaperOut).await;
    errands.order().await;
    assert_eq!(errands.number().await, "H001");
    assert!(matches!(errands.outcome().await, Outcome::FailedClean(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_given_without_an_answer_goes_to_who_touches_the_service_next() {
    let mut errands = Errands::start().await;
    errands.line.set(Line::Silent);
    errands.order().await;
    assert!(matches!(errands.reply().await, Err(ClientError::Away(_))));
    let wish = IssueTicket::new("household", ClassId::ordinary());
    let elsewhere = errands.elsewhere.issue(&wish).await.unwrap();
    assert_eq!(elsewhere.ticket.number.as_str(), "H002", "the first was given to the kiosk");
    errands.line.set(Line::Passing);
    for expect in ["H001", "H003"] {
        errands.order().await;
        assert_eq!(errands.number().await, expect);
        let slip = errands.printer.take_slip(PATIENCE).unwrap().decode().unwrap();
        assert_eq!(slip.largest_line().as_deref(), Some(expect));
    }
}

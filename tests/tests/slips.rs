//! A slip from the touch to the hall's knowledge of it, through a kiosk that is killed in the middle.

#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use hall_core::{SlipOutcome, Ticket, TicketNumber};
use hall_sim::demo::Stage;
use hall_sim::demo::terminals::{Kiosk, PATIENCE};
use hall_sim::printer::{Condition, Model, Piece, VirtualPrinter};
use hall_tests::sample_hall;

/// The ticket, once what the hall knows of it is as wanted.
async fn ticket_when(stage: &Stage, number: &str, wanted: impl Fn(&Ticket) -> bool) -> Ticket {
    let deadline = Instant::now() + PATIENCE;
    let number = TicketNumber::from(number);
    loop {
        let view = stage.hub.snapshot().await.unwrap();
        let ticket = view.ticket_numbered(&number).unwrap();
        if wanted(ticket) {
            return ticket.clone();
        }
        assert!(Instant::now() < deadline, "the hall knows {:?} of {number}", ticket.slip);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn copy(ticket: &Ticket, copy: u32) -> Option<SlipOutcome> {
    ticket.slip.copy(copy)?.outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_killed_in_the_middle_of_a_slip_prints_nothing_twice_and_the_hall_knows() {
    let folder = tempfile::tempdir().unwrap();
    let stage =
        Stage::start(&sample_hall("township.toml"), &folder.path().join("data"), folder.path()).unwrap();
    let port = folder.path().join("printer");
    let printer = VirtualPrinter::plug(Model::default(), Some(&port)).unwrap();
    let mut kiosk = Kiosk::start(&stage, &port, folder.path()).unwrap();
    printer.set_after(200, Condition::Stopped);
    kiosk.open_first_department(&stage).unwrap();
    let (_, first, _) = kiosk.take_number().unwrap();
    printer.settle(PATIENCE);
    kiosk.program.kill().unwrap();
    printer.repair();

    let mut kiosk = Kiosk::start(&stage, &port, folder.path()).unwrap();
    let torn = ticket_when(&stage, &first, |ticket| copy(ticket, 0) == Some(SlipOutcome::Unconfirmed)).await;
    kiosk.open_first_department(&stage).unwrap();
    let (_, second, _) = kiosk.take_number().unwrap();
    assert_eq!(kiosk.wait_slip().unwrap(), "Printed");
    ticket_when(&stage, &second, |ticket| copy(ticket, 0) == Some(SlipOutcome::Printed)).await;

    let kiosk_printer = torn.slip.first.unwrap().printer;
    assert!(stage.hub.printers().await.unwrap().printers.contains_key(&kiosk_printer));
    stage.hub.order_reprint(torn.id, &kiosk_printer, None).await.unwrap();
    ticket_when(&stage, &first, |ticket| copy(ticket, 1) == Some(SlipOutcome::Printed)).await;

    let paper = printer.take_paper();
    let of = |number: &str, marked: bool| {
        let shows = |piece: &&Piece| piece.text().contains(number) && piece.is_marked_reprint() == marked;
        paper.iter().filter(shows).count()
    };
    assert!(of(&first, false) <= 1, "{first} was printed twice");
    assert_eq!((of(&first, true), of(&second, false)), (1, 1), "{first} again, {second} once");
    for program in [kiosk.program, stage.program] {
        assert!(program.end().unwrap().success());
    }
}

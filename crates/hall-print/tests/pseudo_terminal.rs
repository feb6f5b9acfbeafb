//! The printer's thread against a virtual printer on a pseudo-terminal: what is printed, and every way it can fail.
#![allow(clippy::unwrap_used)]

use std::cell::Cell;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use hall_print::{
    Ack, Bilingual, Failure, Fault, Flow, Outcome, Printer, Profile, Renderer, Setup, Slip, Status, Template,
};
use hall_sim::printer::{Condition, VirtualPrinter};

const WAIT: Duration = Duration::from_secs(20);
const XON: u8 = 0x11;
const XOFF: u8 = 0x13;

fn slip(number: &str) -> Slip {
    Slip {
        hall: Bilingual::new("滨江新区政务服务中心", "Binjiang Government Service Centre"),
        service: Bilingual::new("不动产登记", "Real estate registration"),
        number: number.into(),
        people_ahead: 12,
        where_to_go: Bilingual::new("A区 1楼 3、4、5号窗口", "Zone A, floor 1, counters 3-5"),
        issued_at: "2026-11-23 09:30".into(),
        follow_code: Some(format!("http://hall.example/t/{number}")),
        notes: vec![Bilingual::new("过号请到咨询台", "Missed your call? Please ask at the desk")],
        ..Slip::default()
    }
}

/// A printer and the statuses it has shown.
struct Bench {
    printer: Printer,
    renderer: Renderer,
    statuses: Receiver<Status>,
    seen: Vec<Status>,
    jobs: Cell<u32>,
}

impl Bench {
    fn new(port: &Path, profile: Profile) -> Self {
        let (shown, statuses) = channel();
        let renderer = Renderer::new(&profile, Template::default());
        let on_status = move |status| shown.send(status).unwrap_or_default();
        let printer = Printer::spawn(Setup::new(port, profile), on_status).unwrap();
        Self { printer, renderer, statuses, seen: Vec::new(), jobs: Cell::new(0) }
    }

    fn ready(port: &Path, profile: Profile) -> Self {
        let mut bench = Self::new(port, profile);
        bench.until(Status::Ready);
        bench
    }

    fn until(&mut self, wanted: Status) {
        let deadline = Instant::now() + WAIT;
        while self.seen.last() != Some(&wanted) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.statuses.recv_timeout(left) {
                Ok(status) => self.seen.push(status),
                Err(_) => panic!("{wanted:?} did not come; seen {:?}", self.seen),
            }
        }
    }

    fn queue(&self, number: &str) -> Receiver<Outcome> {
        self.jobs.update(|jobs| jobs + 1);
        self.printer.print(&self.jobs.get().to_string(), self.renderer.render(&slip(number)).unwrap())
    }

    fn print(&self, number: &str) -> Outcome {
        self.queue(number).recv_timeout(WAIT).unwrap()
    }
}

fn with_ack(ack: Ack) -> Profile {
    let mut profile = Profile::generic();
    profile.status.ack = ack;
    profile.status.ack_ms = 2000;
    profile
}

/// Slow enough that a slip is still being sent when something happens to it.
fn slow_line() -> Profile {
    let mut profile = with_ack(Ack::GsR);
    profile.serial.baud = 38_400;
    profile
}

#[test]
fn a_printed_slip_says_the_ticket() {
    for (ack, expect) in
        [(Ack::GsR, Outcome::Printed), (Ack::ProcessId, Outcome::Printed), (Ack::None, Outcome::Unconfirmed)]
    {
        let virtual_printer = VirtualPrinter::open(None).unwrap();
        let bench = Bench::ready(virtual_printer.path(), with_ack(ack));
        for number in ["A012", "A013"] {
            assert_eq!(bench.print(number), expect, "{ack:?}");
            let slip = virtual_printer.take_slip(WAIT).unwrap().decode().unwrap();
            assert_eq!(slip.largest_line().as_deref(), Some(number));
            assert_eq!(slip.qr(), Some(format!("http://hall.example/t/{number}").as_str()));
            let text = slip.text();
            for part in
                ["滨江新区政务服务中心", "不动产登记", "12人", "A区 1楼 3、4、5号窗口", "过号请到咨询台"]
            {
                assert!(text.contains(part), "{part} is missing in {text}");
            }
        }
    }
}

#[test]
fn the_first_byte_leaves_at_once() {
    let virtual_printer = VirtualPrinter::open(None).unwrap();
    let bench = Bench::ready(virtual_printer.path(), Profile::generic());
    let mut delays_ms = Vec::new();
    for number in ["A001", "A002", "A003", "A004", "A005"] {
        let touched = Instant::now();
        assert_eq!(bench.print(number), Outcome::Printed);
        let slip = virtual_printer.take_slip(WAIT).unwrap();
        delays_ms.push(slip.first_byte.duration_since(touched).as_secs_f64() * 1000.0);
    }
    eprintln!("touch to first byte, ms: {delays_ms:.1?}");
    delays_ms.sort_by(f64::total_cmp);
    assert!(delays_ms[2] < 100.0, "{delays_ms:?}");
}

#[test]
fn what_the_printer_lacks_is_shown_before_anybody_touches() {
    let table = [
        (Condition::PaperNearEnd, Status::NearEnd, Condition::PaperFull),
        (Condition::PaperOut, Status::PaperOut, Condition::PaperFull),
        (Condition::Silent, Status::Fault(Fault::Silent), Condition::Answering),
    ];
    let virtual_printer = VirtualPrinter::open(None).unwrap();
    let mut bench = Bench::ready(virtual_printer.path(), Profile::generic());
    for (bad, shown, good) in table {
        virtual_printer.set(bad);
        bench.until(shown);
        virtual_printer.set(good);
        bench.until(Status::Ready);
    }
}

#[test]
fn a_printer_that_cannot_print_gets_nothing() {
    let table = [
        (Condition::PaperNearEnd, Outcome::Printed),
        (Condition::PaperOut, Outcome::FailedClean(Failure::NotReady)),
        (Condition::CoverOpen, Outcome::FailedClean(Failure::NotReady)),
        (Condition::CutterJammed, Outcome::FailedClean(Failure::NotReady)),
        (Condition::Silent, Outcome::FailedClean(Failure::Silent)),
    ];
    for (condition, expect) in table {
        let virtual_printer = VirtualPrinter::open(None).unwrap();
        let bench = Bench::ready(virtual_printer.path(), Profile::generic());
        virtual_printer.set(condition);
        assert_eq!(bench.print("A012"), expect, "{condition:?}");
        let slip = virtual_printer.take_slip(Duration::ZERO);
        assert_eq!(slip.is_some(), expect == Outcome::Printed, "{condition:?}");
    }
}

#[test]
fn paper_that_ends_inside_a_slip_leaves_it_unconfirmed_and_the_next_one_is_itself() {
    let virtual_printer = VirtualPrinter::open(None).unwrap();
    let mut bench = Bench::ready(virtual_printer.path(), with_ack(Ack::GsR));
    virtual_printer.set_after(200, Condition::PaperOut);
    assert_eq!(bench.print("A012"), Outcome::Unconfirmed);
    bench.until(Status::PaperOut);
    assert_eq!(bench.print("A013"), Outcome::FailedClean(Failure::NotReady));
    virtual_printer.set(Condition::PaperFull);
    bench.until(Status::Ready);
    assert_eq!(bench.print("A014"), Outcome::Printed);
    let numbers: Vec<_> = std::iter::from_fn(|| virtual_printer.take_slip(Duration::ZERO))
        .filter(|piece| !piece.is_blank())
        .map(|piece| piece.largest_line().unwrap())
        .collect();
    assert_eq!(numbers, ["A012", "A014"], "the printer held A012 back and finished it; nothing twice");
}

#[test]
fn a_printer_pulled_inside_a_slip_fails_it_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("printer");
    let virtual_printer = VirtualPrinter::open(Some(&link)).unwrap();
    let mut bench = Bench::ready(&link, slow_line());
    virtual_printer.set_after(150, Condition::Unplugged);
    match bench.print("A012") {
        Outcome::FailedPartial { sent, why: Failure::Away } => assert!(sent >= 150, "only {sent} bytes sent"),
        other => panic!("{other:?}"),
    }
    bench.until(Status::Away);
    assert_eq!(bench.print("A013"), Outcome::FailedClean(Failure::Away));
    virtual_printer.set(Condition::Plugged);
    bench.until(Status::Ready);
    assert_eq!(bench.print("A014"), Outcome::Printed);
    let torn = virtual_printer.take_slip(WAIT).unwrap();
    assert!(torn.bytes.ends_with(&[0x1D, 0x56, 0x42, 0x00]), "the torn slip is cut off");
    let next = virtual_printer.take_slip(WAIT).unwrap().decode().unwrap();
    assert_eq!(next.largest_line().as_deref(), Some("A014"));
    assert!(virtual_printer.take_slip(Duration::ZERO).is_none());
}

#[test]
fn pulled_at_any_byte_the_next_slip_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("printer");
    let virtual_printer = VirtualPrinter::open(Some(&link)).unwrap();
    let mut bench = Bench::ready(&link, slow_line());
    let length = bench.renderer.render(&slip("A012")).unwrap().bytes().len();
    // Inside a size command, a character, the QR code's data and the cut.
    for bytes in [3, 61, length / 2, length - 150, length - 3] {
        virtual_printer.set_after(bytes, Condition::Unplugged);
        let outcome = bench.print("A012");
        assert!(
            matches!(outcome, Outcome::FailedPartial { .. } | Outcome::Unconfirmed),
            "{bytes}: {outcome:?}"
        );
        bench.until(Status::Away);
        virtual_printer.set(Condition::Plugged);
        bench.until(Status::Ready);
        assert_eq!(bench.print("B001"), Outcome::Printed, "pulled after {bytes}");
        let last = std::iter::from_fn(|| virtual_printer.take_slip(Duration::ZERO)).last().unwrap();
        assert_eq!(last.decode().unwrap().largest_line().as_deref(), Some("B001"), "pulled after {bytes}");
    }
}

#[test]
fn a_port_that_is_not_there_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("printer");
    let mut bench = Bench::new(&link, Profile::generic());
    assert_eq!(bench.printer.status(), Status::Away);
    assert_eq!(bench.print("A012"), Outcome::FailedClean(Failure::Away));
    let virtual_printer = VirtualPrinter::open(Some(&link)).unwrap();
    bench.until(Status::Ready);
    assert_eq!(bench.print("A013"), Outcome::Printed);
    drop(virtual_printer);
    bench.until(Status::Away);
}

#[test]
fn xoff_holds_a_slip_back_and_xon_lets_it_go() {
    let virtual_printer = VirtualPrinter::open(None).unwrap();
    let mut profile = with_ack(Ack::GsR);
    profile.serial.flow = Flow::Software;
    let bench = Bench::ready(virtual_printer.path(), profile);
    virtual_printer.set_after(100, Condition::Noise(XOFF));
    let outcome = bench.queue("A012");
    assert!(outcome.recv_timeout(Duration::from_millis(500)).is_err(), "not held back");
    assert!(virtual_printer.take_slip(Duration::ZERO).is_none());
    virtual_printer.set(Condition::Noise(XON));
    assert_eq!(outcome.recv_timeout(WAIT), Ok(Outcome::Printed));
    let piece = virtual_printer.take_slip(WAIT).unwrap();
    assert_eq!(piece.largest_line().as_deref(), Some("A012"));
}

#[test]
fn a_slip_handed_in_twice_is_printed_once() {
    let virtual_printer = VirtualPrinter::open(None).unwrap();
    let bench = Bench::ready(virtual_printer.path(), Profile::generic());
    let job = bench.renderer.render(&slip("A012")).unwrap();
    let outcomes = [(); 3].map(|()| bench.printer.print("A012", job.clone()).recv_timeout(WAIT).unwrap());
    assert_eq!(outcomes, [Outcome::Printed; 3]);
    assert!(virtual_printer.take_slip(WAIT).is_some() && virtual_printer.take_slip(Duration::ZERO).is_none());
}

#[test]
fn the_queue_has_an_end() {
    let virtual_printer = VirtualPrinter::open(None).unwrap();
    virtual_printer.set(Condition::Baud(38_400));
    let bench = Bench::ready(virtual_printer.path(), Profile::generic());
    let outcomes: Vec<_> = (0..20).map(|n| bench.queue(&format!("A{n:03}"))).collect();
    let refused = outcomes
        .iter()
        .filter(|outcome| outcome.recv_timeout(WAIT) == Ok(Outcome::FailedClean(Failure::QueueFull)))
        .count();
    assert!((11..=12).contains(&refused), "{refused} of 20 refused");
}

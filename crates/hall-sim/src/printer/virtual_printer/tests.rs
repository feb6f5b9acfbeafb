use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use super::super::fault::AckFault;
use super::*;

const WAIT: Duration = Duration::from_secs(5);

fn open(path: &Path) -> File {
    OpenOptions::new().read(true).write(true).open(path).unwrap()
}

fn connect(printer: &VirtualPrinter) -> TcpStream {
    let connection = TcpStream::connect(printer.addr().unwrap()).unwrap();
    connection.set_read_timeout(Some(WAIT)).unwrap();
    connection
}

fn print_through(path: &Path, number: &str) {
    let mut port = open(path);
    port.write_all(&[0x10, 4, 1]).unwrap();
    let mut answer = [0];
    port.read_exact(&mut answer).unwrap();
    assert_eq!(answer, [0x16]);
    port.write_all(format!("\x1B@{number}\n\x1DVB\0\x1Dr\x01").as_bytes()).unwrap();
    port.read_exact(&mut answer).unwrap();
}

#[test]
fn programs_come_and_go() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("printer");
    for link in [None, Some(link.as_path())] {
        let printer = VirtualPrinter::open(link).unwrap();
        for number in ["A001", "A002", "A003"] {
            print_through(printer.path(), number);
            let slip = printer.take_slip(WAIT).unwrap();
            assert_eq!(slip.decode().unwrap().text(), number);
        }
    }
    assert!(!link.is_symlink(), "the link goes with the printer");
}

#[test]
fn the_link_goes_when_unplugged_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("printer");
    let printer = VirtualPrinter::open(Some(&link)).unwrap();
    printer.set(Condition::Unplugged);
    wait_until(|| !link.is_symlink());
    printer.set(Condition::Plugged);
    wait_until(|| link.exists());
    print_through(&link, "A001");
}

#[test]
fn a_port_left_closed_is_replaced_behind_the_link() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("printer");
    let _printer = VirtualPrinter::open(Some(&link)).unwrap();
    let first = std::fs::read_link(&link).unwrap();
    print_through(&link, "A001");
    wait_until(|| std::fs::read_link(&link).is_ok_and(|now| now != first));
    print_through(&link, "A002");
}

#[test]
fn a_file_in_the_links_place_is_left_alone() {
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(VirtualPrinter::open(Some(file.path())).is_err());
    assert!(file.path().exists());
}

fn wait_until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + WAIT;
    while !condition() {
        assert!(Instant::now() < deadline, "waited too long");
        thread::yield_now();
    }
}

const SLIP: &[u8] = b"\x1B@A012\nsecond\n\x1DVB\0";

#[test]
fn a_printer_can_be_sent_anywhere() {
    fn check<T: Send + Sync + std::fmt::Debug>() {}
    check::<VirtualPrinter>();
    check::<Model>();
    check::<Fault>();
    check::<Piece>();
}

#[test]
fn a_network_printer_prints_and_answers() {
    let printer = VirtualPrinter::listen(Model::default(), 0).unwrap();
    for _ in 0..2 {
        let mut connection = connect(&printer);
        connection.write_all(&[SLIP, b"\x1Dr\x01"].concat()).unwrap();
        connection.read_exact(&mut [0]).unwrap();
        assert_eq!(printer.take_slip(WAIT).unwrap().text(), "A012\nsecond");
    }
}

#[test]
fn a_network_printer_serves_one_program_at_a_time() {
    let printer = VirtualPrinter::listen(Model::default(), 0).unwrap();
    let mut first = connect(&printer);
    first.write_all(&[0x10, 4, 1]).unwrap();
    first.read_exact(&mut [0]).unwrap();
    let mut second = connect(&printer);
    second.write_all(b"second").unwrap();
    first.write_all(SLIP).unwrap();
    assert_eq!(printer.take_slip(WAIT).unwrap().text(), "A012\nsecond");
    drop(first);
    second.write_all(b"\n\x1DVB\0").unwrap();
    assert_eq!(printer.take_slip(WAIT).unwrap().text(), "second");
}

#[test]
fn a_network_printer_can_go_away_and_come_back() {
    let table = [
        (Condition::Unplugged, Condition::Plugged),
        (Condition::PoweredOff, Condition::PoweredOn),
        (Condition::LineDropped, Condition::Plugged),
    ];
    for (bad, good) in table {
        let printer = VirtualPrinter::listen(Model::default(), 0).unwrap();
        let mut connection = connect(&printer);
        printer.set_after(9, bad);
        connection.write_all(SLIP).unwrap();
        assert!(!matches!(connection.read(&mut [0]), Ok(1..)), "{bad:?}: the connection is dropped");
        let refused = TcpStream::connect(printer.addr().unwrap()).is_err();
        assert_eq!(refused, bad != Condition::LineDropped, "{bad:?}");
        printer.set(good);
        assert!(printer.settle(WAIT));
        connect(&printer).write_all(b"\n\x1DVB\0").unwrap();
        let expect = if bad == Condition::PoweredOff { "A012" } else { "A012\nse" };
        assert_eq!(printer.take_slip(WAIT).unwrap().text(), expect, "{bad:?}");
    }
}

#[test]
fn what_comes_while_the_printer_is_off_is_lost() {
    let printer = VirtualPrinter::open(None).unwrap();
    let mut port = open(printer.path());
    printer.set_after(9, Condition::PoweredOff);
    port.write_all(SLIP).unwrap();
    assert!(printer.settle(WAIT));
    printer.set(Condition::PoweredOn);
    assert!(printer.settle(WAIT));
    port.write_all(b"\x1B@B001\n\x1DVB\0").unwrap();
    assert_eq!(printer.take_slip(WAIT).unwrap().text(), "A012\nB001");
}

#[test]
fn a_line_that_drops_inside_a_slip_leaves_a_torn_piece() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("printer");
    let printer = VirtualPrinter::open(Some(&link)).unwrap();
    let mut port = open(&link);
    printer.set_after(9, Condition::LineDropped);
    port.write_all(SLIP).unwrap();
    assert!(!matches!(port.read(&mut [0]), Ok(1..)), "the port hangs up");
    let paper = printer.take_paper();
    assert_eq!((paper.len(), paper[0].text(), paper[0].is_whole()), (1, "A012".into(), false));
    print_through(&link, "A013");
}

#[test]
fn a_busy_printer_blocks_its_line_and_goes_on() {
    let printer = VirtualPrinter::plug(Model::busy_when_offline(), None).unwrap();
    let mut port = open(printer.path());
    printer.set_after(9, Condition::CoverOpen);
    port.write_all(&[SLIP, &[0x10, 4, 1]].concat()).unwrap();
    assert!(printer.settle(WAIT));
    assert!(printer.take_slip(Duration::ZERO).is_none());
    printer.set(Condition::CoverClosed);
    port.read_exact(&mut [0]).unwrap();
    assert_eq!(printer.take_slip(WAIT).unwrap().text(), "A012\nsecond");
}

#[test]
fn late_answers_come_after_those_of_real_time() {
    let printer = VirtualPrinter::open(None).unwrap();
    printer.set(Condition::Acks(AckFault::LateMs(30)));
    let mut port = open(printer.path());
    let asked = Instant::now();
    port.write_all(b"\x1Dr\x01\x10\x04\x01").unwrap();
    let mut answers = [0; 2];
    port.read_exact(&mut answers).unwrap();
    assert_eq!(answers, [0x16, 0x00]);
    assert!(asked.elapsed() >= Duration::from_millis(30));
}

#[test]
fn a_job_takes_no_time_without_a_baud_rate() {
    const JOBS: u32 = 100;
    let began = Instant::now();
    for _ in 0..JOBS {
        let printer = VirtualPrinter::open(None).unwrap();
        let mut port = open(printer.path());
        let job = [b"\x1B@", &[b'-'; 570][..], SLIP, b"\x1Dr\x01"].concat();
        port.write_all(&job).unwrap();
        port.read_exact(&mut [0]).unwrap();
        assert!(printer.take_slip(WAIT).unwrap().is_whole());
    }
    println!("a printer and a job of 600 bytes: {:.2?}", began.elapsed() / JOBS);
}

//! `print` and `test-page`: paper, words and exit codes.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use hall_sim::printer::{Condition, Model, VirtualPrinter};

use super::{Ran, command, quick_profile, run};

const WAIT: Duration = Duration::from_secs(10);
const SLIP: &str = "docs/samples/slip.toml";

fn print(printer: &VirtualPrinter, file: &str, more: &[&str]) -> Ran {
    let address = match printer.addr() {
        Some(addr) => format!("tcp://{addr}"),
        None => printer.path().display().to_string(),
    };
    run(&[&["print", file, "--printer", &address], more].concat())
}

fn text(printer: &VirtualPrinter) -> String {
    printer.take_slip(WAIT).unwrap().text()
}

#[test]
fn every_kind_of_document_comes_out() {
    let printer = VirtualPrinter::open(None).unwrap();
    let table = [
        ("slip", "A012"),
        ("appointment", "Y7K3M9Q2"),
        ("notice", "一次性告知单"),
        ("calling-sheet", "A023"),
    ];
    for (name, part) in table {
        let printed = print(&printer, &format!("docs/samples/{name}.toml"), &[]);
        assert!(printed.code == 0 && printed.out.contains("已打印"), "{}{}", printed.out, printed.err);
        assert!(text(&printer).contains(part), "{name}");
    }
    let page = run(&["test-page", "--printer", &printer.path().display().to_string()]);
    assert_eq!(page.code, 0);
    assert!(text(&printer).contains("generic-80mm"));
    let network = VirtualPrinter::listen(Model::default(), 0).unwrap();
    assert_eq!(print(&network, SLIP, &[]).code, 0);
    assert!(text(&network).contains("A012"));
}

#[test]
fn a_reprint_is_marked_and_a_template_is_used() {
    let printer = VirtualPrinter::open(None).unwrap();
    assert_eq!(
        print(&printer, SLIP, &["--reprint", "2", "--template", "docs/samples/template.toml"]).code,
        0
    );
    let paper = text(&printer);
    assert!(paper.contains("【补打 第2次】") && paper.contains("前面 Ahead"), "{paper}");
    let wrong = print(&printer, "docs/samples/notice.toml", &["--reprint", "1"]);
    assert!(wrong.code == 1 && wrong.err.contains("--reprint"), "{}", wrong.err);
    assert_eq!(print(&printer, SLIP, &["--reprint", "0"]).code, 2);
    assert!(printer.take_paper().is_empty());
}

#[test]
fn the_exit_code_tells_how_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let quick = quick_profile(folder.path());
    let check = |fault: &str, code: i32, part: &str| {
        let printer = VirtualPrinter::open(None).unwrap();
        printer.happen(fault.parse().unwrap());
        let ended = print(&printer, SLIP, &["--profile", &quick]);
        let text = format!("{}{}", ended.out, ended.err);
        assert!(ended.code == code && text.contains(part), "{fault}: {} {text}", ended.code);
        if code == 4 {
            assert!(printer.take_paper().is_empty());
        }
    };
    check("paper-near-end", 0, "已打印");
    check("ack-missing", 3, "未确认");
    check("paper-out@100", 3, "缺纸");
    check("cover-open@100", 3, "the cover is open");
    check("paper-out", 4, "缺纸");
    check("cover-open", 4, "the cover is open");
    check("silent", 4, "没有回答");
    check("unplugged@50", 5, "只发送了一部分");
}

#[test]
fn a_port_that_is_not_there_is_not_printed_on() {
    let ended = run(&["print", SLIP, "--printer", "/dev/no-such-port"]);
    assert!(ended.code == 4 && ended.err.contains("no such port"), "{}", ended.err);
    let ended = run(&["print", "none.toml", "--printer", "/dev/no-such-port"]);
    assert!(ended.code == 1 && ended.err.contains("none.toml"), "{}", ended.err);
    assert_eq!(run(&["print", SLIP]).code, 2);
}

#[test]
fn a_slip_under_way_is_finished_before_ctrl_c_ends_the_program() {
    let printer = VirtualPrinter::open(None).unwrap();
    printer.set(Condition::Baud(2400));
    let port = printer.path().display().to_string();
    let mut child = command(&["print", SLIP, "--printer", &port])
        .env("RUST_LOG", "hall_print=debug")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("Sending") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "nothing was sent");
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{out}");
    assert!(rest.contains("Ctrl-C"), "{rest}");
    assert!(text(&printer).contains("A012"));
}

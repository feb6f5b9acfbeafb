//! `status` says in words what is wrong, and shows the bytes.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use hall_sim::printer::{Condition, Model, VirtualPrinter};

use super::{command, run};

const WAIT: Duration = Duration::from_secs(20);

#[test]
fn a_condition_is_told_in_words_and_bytes() {
    let table: &[(&[Condition], i32, &str, &str)] = &[
        (&[], 0, "正常 / ready", "16 12 12 12"),
        (&[Condition::PaperNearEnd], 0, "the paper ends soon", "16 12 12 1E"),
        (&[Condition::PaperOut], 1, "缺纸", "1E 32 12 7E"),
        (&[Condition::CoverOpen], 1, "the cover is open", "1E 16 12 12"),
        (&[Condition::CutterJammed], 1, "切刀故障", "1E 52 1A 12"),
        (&[Condition::PaperJammed], 1, "paper jam", "1E 52 16 12"),
        (&[Condition::Silent], 1, "没有回答", "-- -- -- --"),
    ];
    for (conditions, code, words, bytes) in table {
        let printer = VirtualPrinter::open(None).unwrap();
        conditions.iter().for_each(|condition| printer.set(*condition));
        let told = run(&["status", "--printer", &printer.path().display().to_string()]);
        let text = format!("{}{}", told.out, told.err);
        assert!(told.code == *code && text.contains(words) && text.contains(bytes), "{conditions:?}: {text}");
    }
}

#[test]
fn what_it_tells_by_itself_is_shown_too() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("asb.toml");
    std::fs::write(
        &profile,
        "inherits = \"generic-80mm\"\n[status]\nasb = true\n[sources]\nstatus = \"test\"\n",
    )
    .unwrap();
    let printer = VirtualPrinter::listen(Model::default(), 0).unwrap();
    printer.set(Condition::PaperNearEnd);
    let address = format!("tcp://{}", printer.addr().unwrap());
    let told = run(&["status", "--printer", &address, "--profile", &profile.display().to_string()]);
    assert!(told.out.contains("ASB: 10 00 03 0F"), "{}", told.out);
}

#[test]
fn a_port_that_cannot_be_opened_says_what_to_do() {
    let told = run(&["status", "--printer", "/dev/no-such-port"]);
    assert!(told.code == 1 && told.err.contains("no such port"), "{}", told.err);
    let told = run(&["status", "--printer", "tcp://127.0.0.1:1"]);
    assert!(told.code == 1 && told.err.contains("refused"), "{}", told.err);
    let told = run(&["status", "--printer", "http://printer"]);
    assert!(told.code == 2 && told.err.contains("tcp://"), "{}", told.err);
    let told = run(&["status", "--printer", "/dev/no-such-port", "--profile", "none"]);
    assert!(told.code == 1 && told.err.contains("generic-80mm"), "{}", told.err);
}

#[test]
fn changes_are_shown_until_interrupted() {
    let printer = VirtualPrinter::open(None).unwrap();
    let port = printer.path().display().to_string();
    let mut watch =
        command(&["status", "--printer", &port, "--watch"]).stdout(Stdio::piped()).spawn().unwrap();
    let (line, lines) = channel();
    let out = BufReader::new(watch.stdout.take().unwrap());
    let reading =
        thread::spawn(move || out.lines().map_while(Result::ok).for_each(|text| _ = line.send(text)));
    until(&lines, "正常 / ready");
    printer.set(Condition::PaperOut);
    until(&lines, "缺纸");
    printer.set(Condition::PaperFull);
    until(&lines, "正常 / ready");
    let pid = watch.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(watch.wait().unwrap().code(), Some(0));
    reading.join().unwrap();
}

fn until(lines: &Receiver<String>, part: &str) {
    while !lines.recv_timeout(WAIT).unwrap_or_else(|_| panic!("{part} did not come")).contains(part) {}
}

//! How long it takes from a number to the first byte of its slip on the line, journal and questions to the printer
//! included: p99 at most 100 ms. `cargo bench -p hall-print --bench first_byte`
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use hall_print::{Outcome, Printer, Profile, Renderer, Setup, Slip, Template};
use hall_sim::printer::{Model, VirtualPrinter};

#[path = "../tests/samples/mod.rs"]
mod samples;

const SLIPS: usize = 200;
const WAIT: Duration = Duration::from_secs(10);

fn main() {
    for name in ["generic-80mm", "epson-eu-m30", "generic-80mm-ascii"] {
        let mut delays_ms = delays_ms(name);
        delays_ms.sort_by(f64::total_cmp);
        let [p50, p99] = [SLIPS / 2, SLIPS * 99 / 100].map(|at| delays_ms[at]);
        println!(
            "{name}: number to first byte over {SLIPS} slips: p50 {p50:.1} ms, p99 {p99:.1} ms, limit 100 ms"
        );
    }
}

fn delays_ms(name: &str) -> Vec<f64> {
    let folder = tempfile::tempdir().unwrap();
    let profile = Profile::named(name).unwrap();
    let model = if name.ends_with("ascii") { Model::without_chinese() } else { Model::default() };
    let link = folder.path().join("printer");
    let virtual_printer = VirtualPrinter::plug(model, Some(&link)).unwrap();
    let renderer = Renderer::new(&profile, Template::default());
    let setup = Setup::new(link, profile).journal_in(&folder.path().join("journal")).unwrap();
    let printer = Printer::spawn(setup, |_| {}).unwrap();
    let deadline = Instant::now() + WAIT;
    while !printer.status().can_print() {
        assert!(Instant::now() < deadline, "{name}: {:?}", printer.status());
        std::thread::park_timeout(Duration::from_millis(5));
    }
    let delay_ms = |slip: usize| {
        let given = Instant::now();
        let number = format!("A{slip:03}");
        let job = renderer.render(&Slip { number: number.clone(), ..samples::slip() }).unwrap();
        assert_eq!(printer.print(&number, job).recv_timeout(WAIT).unwrap(), Outcome::Printed);
        let piece = virtual_printer.take_slip(WAIT).unwrap();
        piece.first_byte.duration_since(given).as_secs_f64() * 1e3
    };
    (0..SLIPS).map(delay_ms).collect()
}

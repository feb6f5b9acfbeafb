//! A program that prints is killed again and again, at any moment of a slip. The paper shows each slip at most once, and
//! what was told to be printed is on it. `HALL_CRASH_SEED` chooses the moments.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use hall_print::{Bilingual, Outcome, Printer, Profile, Renderer, Setup, Slip, Template};
use hall_sim::printer::{Model, Piece, VirtualPrinter};
use rand::rngs::{StdRng, SysRng};
use rand::{RngExt, SeedableRng};

const KILLS: u32 = 16;
/// Slips to be printed once nobody kills any more.
const LAST: usize = 3;
const WAIT: Duration = Duration::from_secs(60);

fn main() {
    let args: Vec<String> = std::env::args().collect();
    match args.iter().position(|arg| arg == "press") {
        Some(at) => press(Path::new(&args[at + 1]), args[at + 2].parse().unwrap()),
        None => {
            killed_at_any_moment_no_slip_is_printed_twice();
            println!("test killed_at_any_moment_no_slip_is_printed_twice ... ok\n\n1 passed, 0 failed");
        }
    }
}

fn number(slip: usize) -> String {
    format!("A{slip:03}")
}

/// The program that is killed: hands in one slip after another and says what it hears.
fn press(folder: &Path, first: usize) {
    let mut profile = Profile::generic();
    profile.serial.baud = 57_600;
    let renderer = Renderer::new(&profile, Template::default());
    let setup = Setup::new(folder.join("printer"), profile).journal_in(&folder.join("journal")).unwrap();
    let printer = Printer::spawn(setup, |_| {}).unwrap();
    for slip in first.. {
        while !printer.status().can_print() {
            thread::park_timeout(Duration::from_millis(2));
        }
        println!("handed {slip}");
        let job = renderer
            .render(&Slip {
                hall: Bilingual::new("滨江新区政务服务中心", "Binjiang Government Service Centre"),
                number: number(slip),
                follow_code: Some(format!("HTTP://HALL.EXAMPLE/T/{}", number(slip))),
                ..Slip::default()
            })
            .unwrap();
        let outcome = printer.print(&number(slip), job).recv().unwrap();
        println!("told {slip} {}", serde_json::to_string(&outcome).unwrap());
    }
}

/// A run of the program and what it says.
struct Run {
    child: Child,
    lines: Receiver<String>,
}

impl Run {
    fn start(folder: &Path, first: usize) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg("press")
            .arg(folder)
            .arg(first.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = child.stdout.take().unwrap();
        let (said, lines) = channel();
        thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| said.send(line))
        });
        Self { child, lines }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What is known from outside.
#[derive(Default)]
struct Known {
    handed: usize,
    told: BTreeMap<usize, Outcome>,
}

impl Known {
    fn hear(&mut self, line: &str) {
        let mut words = line.splitn(3, ' ');
        let (what, slip) = (words.next(), words.next().and_then(|slip| slip.parse().ok()));
        match (what, slip, words.next()) {
            (Some("handed"), Some(slip), _) => self.handed = slip,
            (Some("told"), Some(slip), Some(outcome)) => {
                self.told.insert(slip, serde_json::from_str(outcome).unwrap());
            }
            _ => panic!("the program said {line:?}"),
        }
    }
}

fn killed_at_any_moment_no_slip_is_printed_twice() {
    let seed = std::env::var("HALL_CRASH_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| StdRng::try_from_rng(&mut SysRng).unwrap().random());
    println!("HALL_CRASH_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("printer");
    let virtual_printer = VirtualPrinter::plug(Model::default(), Some(&link)).unwrap();
    let mut known = Known::default();
    for _ in 0..KILLS {
        // The slip handed in last is handed in again: nobody knows whether it was printed.
        let mut run = Run::start(folder.path(), known.handed);
        known.hear(&run.lines.recv_timeout(WAIT).unwrap());
        let kill_at = Instant::now() + Duration::from_millis(random.random_range(0..250));
        while let Ok(line) = run.lines.recv_timeout(kill_at.saturating_duration_since(Instant::now())) {
            known.hear(&line);
        }
        run.kill();
        run.lines.iter().for_each(|line| known.hear(&line));
    }
    let mut run = Run::start(folder.path(), known.handed);
    let enough = known.handed + LAST;
    while !known.told.contains_key(&enough) {
        known.hear(&run.lines.recv_timeout(WAIT).unwrap());
    }
    run.kill();
    virtual_printer.settle(WAIT);
    judge(&known, &virtual_printer.take_paper(), enough);
}

fn judge(known: &Known, paper: &[Piece], enough: usize) {
    let shows = |piece: &&Piece, slip| piece.text().contains(&number(slip));
    for slip in 0..=known.handed {
        let copies: Vec<&Piece> = paper.iter().filter(|piece| shows(piece, slip)).collect();
        assert!(copies.len() <= 1, "{} is on {} pieces of paper", number(slip), copies.len());
        match known.told.get(&slip) {
            Some(Outcome::Printed) => {
                let code = format!("HTTP://HALL.EXAMPLE/T/{}", number(slip));
                let whole = |piece: &&Piece| piece.is_whole() && piece.qr().as_deref() == Some(&code);
                assert!(copies.iter().any(whole), "{} was told to be printed", number(slip));
            }
            Some(Outcome::FailedClean(why)) => assert!(copies.is_empty(), "{}: {why}", number(slip)),
            _ => {}
        }
    }
    let printed = known.told.values().filter(|outcome| **outcome == Outcome::Printed).count();
    println!(
        "{KILLS} kills, {} slips, {printed} told to be printed: {:?}",
        known.handed,
        known.told.values()
    );
    assert!(
        (enough - LAST + 1..=enough).all(|slip| known.told[&slip] == Outcome::Printed),
        "{:?}",
        known.told
    );
    assert!(known.told.values().any(|outcome| *outcome != Outcome::Printed), "no kill hit a slip");
}

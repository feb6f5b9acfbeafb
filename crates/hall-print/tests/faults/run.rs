//! One run: a slip, faults while it is printed, everything put right again, the next slip, and a look at the paper.

use std::fmt;
use std::time::{Duration, Instant};

use hall_print::{Address, Bilingual, Failure, Outcome, Printer, Renderer, Setup, Slip, Template};
use hall_sim::printer::{Fault, Piece, VirtualPrinter, When};

use crate::families::Family;

/// A kiosk must be told what became of a slip within this time, whatever the printer does.
const TOLD_WITHIN: Duration = Duration::from_secs(12);
const WELL_WITHIN: Duration = Duration::from_secs(30);

/// What happens to the first slip of a run.
#[derive(Clone)]
pub struct Story {
    /// Happens before the slip is sent or while it is.
    pub faults: Vec<Fault>,
}

impl fmt::Debug for Story {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_list().entries(self.faults.iter().map(|Fault { what, when }| (what, when))).finish()
    }
}

pub fn slip(number: &str, reprint: u32) -> Slip {
    Slip {
        hall: Bilingual::new("滨江新区政务服务中心", "Binjiang Government Service Centre"),
        service: Bilingual::new("不动产登记", "Real estate registration"),
        number: number.into(),
        people_ahead: 12,
        where_to_go: Bilingual::new("A区 1楼 3、4、5号窗口", "Zone A, floor 1, counters 3-5"),
        issued_at: "2026-11-23 09:30".into(),
        follow_code: Some(format!("HTTP://HALL.EXAMPLE/T/{number}/{reprint}")),
        notes: vec![Bilingual::new("过号请到咨询台", "Missed your call? Please ask at the desk")],
        reprint,
        ..Slip::default()
    }
}

/// Whether the piece is the slip of this number, whole and without rubbish.
fn is_slip_of(piece: &Piece, number: &str, reprint: u32) -> bool {
    let code = format!("HTTP://HALL.EXAMPLE/T/{number}/{reprint}");
    piece.is_whole() && !piece.has_rubbish() && piece.qr().as_ref() == Some(&code)
}

/// Numbers in the run are `A…`, `B…`; a slip that is all images is told by its code alone.
fn shows_others(piece: &Piece, number: &str) -> bool {
    let others = ["A012", "B001"].into_iter().filter(|other| *other != number);
    let text = piece.text();
    others.into_iter().any(|other| text.contains(other))
}

/// Whether anything of the slip of this number can be seen, without a mark that it was printed before.
fn shows_unmarked(piece: &Piece, number: &str) -> bool {
    let code = piece.qr();
    let by_code = code.as_deref() == Some(&format!("HTTP://HALL.EXAMPLE/T/{number}/0"));
    let by_text = piece.text().contains(number) && !piece.is_marked_reprint();
    by_code || by_text
}

/// What was told of the two slips.
pub struct Told {
    pub first: Outcome,
    /// Of the one printed with everything in order.
    pub next: Outcome,
}

/// Plays the story and says what is wrong with what came of it.
pub fn play(family: &Family, story: &Story) -> Result<Told, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let link = folder.path().join("printer");
    let virtual_printer = if family.networked {
        VirtualPrinter::listen(family.model.clone(), 0)
    } else {
        VirtualPrinter::plug(family.model.clone(), Some(&link))
    }
    .map_err(|error| error.to_string())?;
    let address = match virtual_printer.addr() {
        Some(addr) => Address::Network(addr.to_string()),
        None => Address::from(link),
    };
    let renderer = Renderer::new(&family.profile, Template::default());
    let setup = Setup::new(address, family.profile.clone()).journal_in(&folder.path().join("journal"));
    let printer = Printer::spawn(setup.map_err(|error| error.to_string())?, |_| {});
    let bench =
        Bench { printer: printer.map_err(|error| error.to_string())?, renderer, virtual_printer, family };
    bench.play(story)
}

struct Bench<'a> {
    printer: Printer,
    renderer: Renderer,
    virtual_printer: VirtualPrinter,
    family: &'a Family,
}

impl Bench<'_> {
    fn play(&self, story: &Story) -> Result<Told, String> {
        self.well()?;
        story.faults.iter().for_each(|fault| self.virtual_printer.happen(*fault));
        let first = self.print("A012", 0)?;
        self.virtual_printer.repair();
        let next = self.print_well("B001", 0)?;
        let again = if first == Outcome::Printed { None } else { Some(self.print_well("A012", 1)?) };
        self.virtual_printer.settle(WELL_WITHIN);
        let paper = self.virtual_printer.take_paper();
        let found = judge(&paper, first, next, again, self.family.proves());
        found
            .map(|()| Told { first, next })
            .map_err(|what| format!("{what}; outcomes {first:?}, {next:?}, {again:?}; {}", sketch(&paper)))
    }

    fn print(&self, number: &str, reprint: u32) -> Result<Outcome, String> {
        let job = self.renderer.render(&slip(number, reprint)).map_err(|error| error.to_string())?;
        let outcome = self.printer.print(&format!("{number}/{reprint}"), job);
        outcome.recv_timeout(TOLD_WITHIN).map_err(|_| format!("nothing was told of {number}"))
    }

    /// Prints with everything in order. A machine under load may take an answer for late: then nothing was printed, and the
    /// slip is handed in again.
    fn print_well(&self, number: &str, reprint: u32) -> Result<Outcome, String> {
        let job = self.renderer.render(&slip(number, reprint)).map_err(|error| error.to_string())?;
        let mut outcome = Outcome::FailedClean(Failure::Away);
        for attempt in 0..5 {
            self.well()?;
            let told = self.printer.print(&format!("{number}/{reprint}/{attempt}"), job.clone());
            outcome = told.recv_timeout(TOLD_WITHIN).map_err(|_| format!("nothing was told of {number}"))?;
            if !matches!(outcome, Outcome::FailedClean(_)) {
                break;
            }
        }
        Ok(outcome)
    }

    /// Waits until the printer is known to print. One that says nothing is given the time that others need.
    fn well(&self) -> Result<(), String> {
        let deadline = Instant::now() + WELL_WITHIN;
        while !self.printer.status().can_print() {
            if Instant::now() > deadline {
                return Err(format!("never well again: {:?}", self.printer.status()));
            }
            std::thread::park_timeout(Duration::from_millis(5));
        }
        Ok(())
    }
}

fn judge(
    paper: &[Piece],
    first: Outcome,
    next: Outcome,
    again: Option<Outcome>,
    proves: bool,
) -> Result<(), String> {
    let unmarked = paper.iter().filter(|piece| shows_unmarked(piece, "A012")).count();
    let whole = |number, reprint| {
        let own = |piece: &&Piece| is_slip_of(piece, number, reprint) && !shows_others(piece, number);
        paper.iter().filter(own).count() == 1
    };
    // Of a printer that answers nothing it is not known that it was switched off in the middle of a slip.
    let below = |number| paper.iter().any(|piece| piece.is_whole() && piece.text().contains(number));
    let expect = |right: bool, what: &str| if right { Ok(()) } else { Err(what.to_owned()) };
    expect(unmarked <= 1, "the same slip twice")?;
    match first {
        Outcome::Printed => expect(whole("A012", 0), "said to be printed, and is not")?,
        Outcome::FailedClean(_) => expect(unmarked == 0, "said not to be printed, and is")?,
        Outcome::Unconfirmed | Outcome::FailedPartial { .. } => {}
    }
    let is_itself = |outcome, number, reprint| match outcome {
        Outcome::Printed => whole(number, reprint),
        Outcome::Unconfirmed => whole(number, reprint) || !proves && below(number),
        Outcome::FailedClean(_) | Outcome::FailedPartial { .. } => false,
    };
    expect(is_itself(next, "B001", 0), "the next slip is not itself")?;
    expect(again.is_none_or(|again| is_itself(again, "A012", 1)), "the reprint is not itself")
}

/// The paper in a line, for whoever looks into a failure.
fn sketch(paper: &[Piece]) -> String {
    let piece = |piece: &Piece| {
        let text: String = piece.text().split_whitespace().collect::<Vec<_>>().join(" ");
        let end = if piece.is_whole() { "cut" } else { "torn" };
        format!("[{} | {:?} | {end}, {} bytes]", text, piece.qr(), piece.bytes.len())
    };
    paper.iter().map(piece).collect::<Vec<_>>().join(" ")
}

/// The moments at which something can happen to a slip of so many bytes.
pub fn moments(bytes: usize) -> Vec<When> {
    let mut moments = vec![When::Now];
    moments.extend([1, bytes / 3, 2 * bytes / 3, bytes - 3].map(When::AfterBytes));
    moments.push(When::AtCut);
    moments
}

/// How long the first slip is, for choosing moments inside it.
pub fn length_bytes(family: &Family) -> usize {
    let renderer = Renderer::new(&family.profile, Template::default());
    renderer.render(&slip("A012", 0)).map_or(600, |job| job.bytes().len())
}

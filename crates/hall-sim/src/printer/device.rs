//! The printer's inside, without a line or a clock: takes bytes, gives answers, puts out paper. Off-line it prints
//! nothing and holds back what comes, as a real one does, and goes on where it was.

use std::collections::VecDeque;
use std::time::{Instant, SystemTime};

use super::commands::{Command, RealTime};
use super::fault::{AckFault, Condition, Fault, When};
use super::health::Health;
use super::model::Model;
use super::outbox::{Answer, Outbox};
use super::paper::Piece;
use super::parse::{DLE, Parsed, REAL_TIME_MAX, parse, real_time_at_end};
use super::pile::Pile;
use super::press::Press;

/// A slip longer than this without a cut falls off.
const SLIP_BYTES_MAX: usize = 4 << 20;
const FAULTS_MAX: usize = 256;

const REPAIRS: [Condition; 10] = [
    Condition::FullSpeed,
    Condition::Acks(AckFault::Right),
    Condition::Answering,
    Condition::Reading,
    Condition::PoweredOn,
    Condition::Plugged,
    Condition::JamCleared,
    Condition::CutterFree,
    Condition::PaperFull,
    Condition::CoverClosed,
];

#[derive(Debug, Clone, Copy)]
struct Arrival {
    at: Instant,
    wall: SystemTime,
}

/// A command as it came, waiting for its turn.
#[derive(Debug)]
struct Held {
    /// `None` for bytes that mean nothing.
    command: Option<Command>,
    raw: Vec<u8>,
    arrival: Arrival,
}

#[derive(Debug)]
pub struct Device {
    model: Model,
    health: Health,
    pub plugged: bool,
    /// Counts the times the line was dropped.
    pub drops: u32,
    powered: bool,
    stopped: bool,
    pub baud: Option<u32>,
    /// What `GS a` asked to be told.
    auto_status: u8,
    to_come: Vec<Fault>,
    /// A command that is not complete.
    open: Vec<u8>,
    /// Bytes the open command has at least when it is complete.
    open_needs: usize,
    open_arrival: Option<Arrival>,
    held: VecDeque<Held>,
    held_bytes: usize,
    press: Press,
    slip: Vec<u8>,
    slip_arrival: Option<Arrival>,
    pile: Pile,
    outbox: Outbox,
}

impl Device {
    pub fn new(model: Model) -> Self {
        Self {
            health: Health::default(),
            plugged: true,
            drops: 0,
            powered: true,
            stopped: false,
            baud: None,
            auto_status: 0,
            to_come: Vec::new(),
            open: Vec::new(),
            open_needs: 1,
            open_arrival: None,
            held: VecDeque::new(),
            held_bytes: 0,
            press: Press::new(&model),
            slip: Vec::new(),
            slip_arrival: None,
            pile: Pile::default(),
            outbox: Outbox::default(),
            model,
        }
    }

    pub fn is_powered(&self) -> bool {
        self.powered
    }

    /// Lets something happen, at once or when it is due.
    pub fn happen(&mut self, fault: Fault) {
        if fault.when == When::Now {
            self.set(fault.what);
        } else if self.to_come.len() < FAULTS_MAX {
            self.to_come.push(fault);
        }
    }

    /// Undoes whatever happened to it; nothing that was to come happens any more.
    pub fn repair(&mut self) {
        self.to_come.clear();
        REPAIRS.into_iter().for_each(|repair| self.set(repair));
    }

    pub fn set(&mut self, condition: Condition) {
        let told = self.health.told(self.auto_status);
        self.health.set(condition);
        match condition {
            Condition::Unplugged => self.plugged = false,
            Condition::Plugged => self.plugged = true,
            Condition::LineDropped => self.drops += 1,
            Condition::PoweredOff => self.power_off(),
            Condition::PoweredOn => self.powered = true,
            Condition::Silent => self.outbox.silent = true,
            Condition::Answering => self.outbox.silent = false,
            Condition::Baud(baud) => self.baud = Some(baud),
            Condition::FullSpeed => self.baud = None,
            Condition::Stopped => self.stopped = true,
            Condition::Reading => self.stopped = false,
            Condition::Acks(ack) => self.outbox.acks = ack,
            Condition::StatusSent => self.answer(&self.health.auto_status()),
            Condition::Noise(byte) => self.answer(&[byte]),
            Condition::PaperOut if self.model.forgets_when_paper_ends => self.forget_input(),
            _ => {}
        }
        if self.powered && self.health.told(self.auto_status) != told {
            self.answer(&self.health.auto_status());
        }
        self.go_on();
    }

    fn power_off(&mut self) {
        self.powered = false;
        self.auto_status = 0;
        self.outbox.take();
        self.forget_input();
        self.press.reset();
    }

    fn forget_input(&mut self) {
        self.held.clear();
        self.held_bytes = 0;
        self.close_command();
        self.press.forget_line();
    }

    fn close_command(&mut self) {
        self.open.clear();
        self.open_needs = 1;
        self.open_arrival = None;
    }

    /// How many bytes it is ready to take. Bytes for a printer that is off are taken and lost.
    pub fn room(&self) -> usize {
        let offline = self.health.is_offline();
        if self.stopped && self.powered || offline && self.powered && self.model.busy_when_offline {
            0
        } else if offline && self.powered {
            self.model.buffer_bytes.saturating_sub(self.held_bytes + self.open.len())
        } else {
            usize::MAX
        }
    }

    /// Takes bytes off the line and says how many. Those that come after the cable is pulled are lost.
    pub fn receive(&mut self, bytes: &[u8], at: Instant) -> usize {
        let arrival = Arrival { at, wall: SystemTime::now() };
        let drops = self.drops;
        let mut taken = 0;
        while taken < bytes.len() {
            if !self.plugged || !self.powered || self.drops != drops {
                return bytes.len();
            }
            let rest = &bytes[taken..];
            let portion = self.portion(rest).min(self.room());
            if portion == 0 {
                break;
            }
            self.take(&rest[..portion], arrival);
            taken += portion;
        }
        taken
    }

    /// How many bytes can be taken at once without passing over the end of a command or a fault to come.
    fn portion(&self, rest: &[u8]) -> usize {
        let to_fault = self.to_come.iter().filter_map(|fault| match fault.when {
            When::AfterBytes(bytes) => Some(bytes.saturating_sub(self.slip_bytes_come())),
            _ => None,
        });
        let to_end = self.open_needs.saturating_sub(self.open.len());
        let each =
            if self.model.obeys_inside_data { to_end.min(self.without_real_time(rest)) } else { to_end };
        to_fault.fold(each, usize::min).clamp(1, rest.len())
    }

    /// How many bytes surely end no real-time command.
    fn without_real_time(&self, rest: &[u8]) -> usize {
        let begun = self.open.iter().rev().take(REAL_TIME_MAX).any(|byte| *byte == DLE);
        match rest.iter().position(|byte| *byte == DLE) {
            _ if begun => 1,
            Some(bytes) => bytes,
            None => rest.len(),
        }
    }

    fn take(&mut self, bytes: &[u8], arrival: Arrival) {
        self.open.extend(bytes);
        let began = *self.open_arrival.get_or_insert(arrival);
        if self.model.obeys_inside_data
            && let Some((command, len)) = real_time_at_end(&self.open)
        {
            self.open.truncate(self.open.len() - len);
            if self.open.is_empty() {
                self.close_command();
            }
            self.obey(command);
        } else {
            self.take_commands(began);
        }
        self.faults_after_bytes();
    }

    fn take_commands(&mut self, arrival: Arrival) {
        match parse(&self.open, &self.model) {
            Parsed::Needs(bytes) => self.open_needs = bytes,
            Parsed::Command(Command::RealTime(command), _) => {
                self.close_command();
                self.obey(command);
            }
            Parsed::Command(command, _) => self.hold(Some(command), arrival),
            Parsed::Strange(error, len) => {
                tracing::debug!(%error, "passed over");
                let rest = self.open.split_off(len);
                self.hold(None, arrival);
                for byte in rest {
                    self.take(&[byte], arrival);
                }
            }
        }
    }

    fn hold(&mut self, command: Option<Command>, arrival: Arrival) {
        let raw = std::mem::take(&mut self.open);
        self.close_command();
        self.held_bytes += raw.len();
        self.held.push_back(Held { command, raw, arrival });
        self.go_on();
    }

    /// Bytes the open command still lacks.
    #[cfg(test)]
    pub fn open_lacks(&self) -> usize {
        self.open_needs.saturating_sub(self.open.len())
    }

    /// Bytes in its memory that are not on paper.
    #[cfg(test)]
    pub fn bytes_in_memory(&self) -> usize {
        self.held_bytes + self.open.len()
    }

    fn slip_bytes_come(&self) -> usize {
        self.slip.len() + self.held_bytes + self.open.len()
    }

    fn faults_after_bytes(&mut self) {
        let come = self.slip_bytes_come();
        if self.slip_arrival.is_some() {
            self.faults_due(|when| matches!(when, When::AfterBytes(bytes) if bytes <= come));
        }
    }

    fn faults_due(&mut self, due: impl Fn(When) -> bool) {
        while let Some(index) = self.to_come.iter().position(|fault| due(fault.when)) {
            let fault = self.to_come.remove(index);
            self.set(fault.what);
        }
    }

    fn obey(&mut self, command: RealTime) {
        match command {
            RealTime::Ask(n @ 1..=4) if self.model.answers.real_time[usize::from(n) - 1] => {
                self.answer(&[self.health.real_time(n)]);
            }
            RealTime::RecoverAndClear if self.health.has_error() => self.forget_input(),
            RealTime::Clear => {
                self.forget_input();
                self.answer(&[0x37, 0x25, 0]);
            }
            _ => {}
        }
    }

    /// Works off what was held back.
    fn go_on(&mut self) {
        while self.powered && !self.health.is_offline() {
            let Some(held) = self.held.pop_front() else { return };
            self.held_bytes -= held.raw.len();
            if matches!(held.command, Some(Command::Cut { .. })) {
                self.cut(held);
            } else {
                self.execute(held);
            }
        }
    }

    /// What happens at the cut happens before it: a blade that jams has not cut.
    fn cut(&mut self, cut: Held) {
        self.held_bytes += cut.raw.len();
        self.held.push_front(cut);
        self.faults_due(|when| when == When::AtCut);
        if self.powered
            && !self.health.is_offline()
            && matches!(self.held.front(), Some(Held { command: Some(Command::Cut { .. }), .. }))
            && let Some(cut) = self.held.pop_front()
        {
            self.held_bytes -= cut.raw.len();
            self.execute(cut);
            self.tear_off();
        }
    }

    fn execute(&mut self, Held { command, raw, arrival }: Held) {
        let answers = self.model.answers;
        match command {
            Some(Command::AskPaper) => {
                if answers.transmit_status {
                    self.outbox.acknowledge_paper(self.health);
                }
                return;
            }
            Some(Command::AskDrawer) => {
                if answers.transmit_status {
                    self.answer(&[0]);
                }
                return;
            }
            Some(Command::ProcessId(id)) => return self.outbox.acknowledge_process(id),
            Some(Command::AutoStatus(enabled)) if answers.auto_status => {
                self.auto_status = enabled;
                if enabled != 0 {
                    self.answer(&self.health.auto_status());
                }
            }
            // A slip begins with the last initialisation before anything is printed.
            Some(Command::Initialise) if !self.press.has_paper_out() => {
                self.slip.clear();
                self.slip_arrival = None;
            }
            _ => {}
        }
        self.slip_arrival.get_or_insert(arrival);
        self.slip.extend(raw);
        if let Some(command) = command {
            self.press.print(command);
        }
        if self.slip.len() > SLIP_BYTES_MAX || self.press.is_too_long() {
            self.tear_off();
        }
    }

    /// Takes the paper that hangs out, cut or not, and lays it with the others.
    pub fn tear_off(&mut self) {
        let Some(first) = self.slip_arrival.take() else { return };
        let (slip, bytes) = (self.press.tear_off(), std::mem::take(&mut self.slip));
        self.pile.lay(Piece {
            slip,
            paper_dots: self.model.paper_dots,
            bytes,
            first_byte: first.at,
            first_byte_wall: first.wall,
        });
    }

    /// The oldest piece of paper nobody has taken yet.
    pub fn take_piece(&mut self) -> Option<Piece> {
        self.pile.take()
    }

    /// All paper: every piece cut off, and what hangs out if anything is printed on it.
    pub fn take_paper(&mut self) -> Vec<Piece> {
        if self.press.has_paper_out() {
            self.tear_off();
        }
        std::iter::from_fn(|| self.take_piece()).collect()
    }

    pub fn has_piece(&self) -> bool {
        !self.pile.is_empty()
    }

    pub fn take_answers(&mut self) -> Vec<Answer> {
        self.outbox.take()
    }

    fn answer(&mut self, bytes: &[u8]) {
        if self.powered {
            self.outbox.say(bytes);
        }
    }
}

#[cfg(test)]
mod tests;

//! The printer's inside, without a line or a clock: takes bytes, gives answers, keeps slips. Off-line it goes on
//! answering real-time questions and holds everything else back, as a real one does.

use std::collections::VecDeque;
use std::time::{Instant, SystemTime};

use super::commands::{Command, DecodeError, parse};
use super::decode::{self, Slip};

/// Slips kept until somebody takes them; beyond it the oldest go.
const SLIPS_MAX: usize = 1000;

/// What can happen to a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    PaperFull,
    PaperNearEnd,
    PaperOut,
    CoverOpen,
    CoverClosed,
    CutterJammed,
    CutterFree,
    /// The cable is pulled; the printer stays on.
    Unplugged,
    Plugged,
    /// On the line and answering nothing.
    Silent,
    Answering,
    /// Takes bytes no faster than this.
    Baud(u32),
}

/// The bytes of one slip up to its cut.
#[derive(Debug, Clone)]
pub struct ReceivedSlip {
    pub bytes: Vec<u8>,
    /// When the slip's first byte came, after the last cut.
    pub first_byte: Instant,
    pub first_byte_wall: SystemTime,
}

impl ReceivedSlip {
    pub fn decode(&self) -> Result<Slip, DecodeError> {
        decode::decode(&self.bytes)
    }
}

#[derive(Debug, Clone, Copy)]
struct Arrival {
    at: Instant,
    wall: SystemTime,
}

/// A command as it came.
struct Held {
    command: Command,
    raw: Vec<u8>,
    arrival: Arrival,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Roll {
    Full,
    NearEnd,
    Out,
}

pub struct Device {
    roll: Roll,
    cover_open: bool,
    cutter_jammed: bool,
    pub plugged: bool,
    silent: bool,
    pub baud: Option<u32>,
    /// A condition that comes true once so many bytes of a slip have come.
    trap: Option<(usize, Condition)>,
    open: Vec<u8>,
    open_arrival: Option<Arrival>,
    held: VecDeque<Held>,
    slip: Vec<u8>,
    slip_arrival: Option<Arrival>,
    inked: bool,
    pub slips: VecDeque<ReceivedSlip>,
    /// Answers waiting to go out.
    pub outbox: Vec<u8>,
}

impl Default for Device {
    fn default() -> Self {
        Self {
            roll: Roll::Full,
            cover_open: false,
            cutter_jammed: false,
            plugged: true,
            silent: false,
            baud: None,
            trap: None,
            open: Vec::new(),
            open_arrival: None,
            held: VecDeque::new(),
            slip: Vec::new(),
            slip_arrival: None,
            inked: false,
            slips: VecDeque::new(),
            outbox: Vec::new(),
        }
    }
}

impl Device {
    pub fn set(&mut self, condition: Condition) {
        match condition {
            Condition::PaperFull => self.roll = Roll::Full,
            Condition::PaperNearEnd => self.roll = Roll::NearEnd,
            Condition::PaperOut => self.roll = Roll::Out,
            Condition::CoverOpen => self.cover_open = true,
            Condition::CoverClosed => self.cover_open = false,
            Condition::CutterJammed => self.cutter_jammed = true,
            Condition::CutterFree => self.cutter_jammed = false,
            Condition::Unplugged => self.plugged = false,
            Condition::Plugged => self.plugged = true,
            Condition::Silent => self.silent = true,
            Condition::Answering => self.silent = false,
            Condition::Baud(baud) => self.baud = Some(baud),
        }
        self.go_on();
    }

    pub fn set_after(&mut self, bytes: usize, condition: Condition) {
        self.trap = Some((bytes, condition));
    }

    /// Takes bytes off the line. Bytes that come after the cable is pulled are lost.
    pub fn receive(&mut self, bytes: &[u8], at: Instant) {
        let arrival = Arrival { at, wall: SystemTime::now() };
        for byte in bytes {
            if !self.plugged {
                return;
            }
            self.take(*byte, arrival);
        }
    }

    fn take(&mut self, byte: u8, arrival: Arrival) {
        self.open.push(byte);
        let began = *self.open_arrival.get_or_insert(arrival);
        match parse(&self.open) {
            Ok(None) => {}
            Ok(Some((command, len))) => {
                let raw: Vec<u8> = self.open.drain(..len).collect();
                self.open_arrival = (!self.open.is_empty()).then_some(arrival);
                if let Command::AskRealTime(query) = command {
                    self.answer_real_time(query);
                    return;
                }
                self.held.push_back(Held { command, raw, arrival: began });
                self.go_on();
                // A run of text ends with the byte that begins the next command.
                if !self.open.is_empty() {
                    self.open.clear();
                    self.open_arrival = None;
                    return self.take(byte, arrival);
                }
            }
            Err(error) => {
                tracing::error!(%error, "the virtual printer was sent what it does not know");
                self.slip.append(&mut self.open);
                self.open_arrival = None;
            }
        }
        self.spring_trap();
    }

    fn spring_trap(&mut self) {
        let held: usize = self.held.iter().map(|held| held.raw.len()).sum();
        let come = self.slip.len() + held + self.open.len();
        if let Some((bytes, condition)) = self.trap
            && self.slip_arrival.is_some()
            && come >= bytes
        {
            self.trap = None;
            self.set(condition);
        }
    }

    fn offline(&self) -> bool {
        self.roll == Roll::Out || self.cover_open || self.cutter_jammed
    }

    /// Works off what was held back.
    fn go_on(&mut self) {
        while !self.offline()
            && let Some(held) = self.held.pop_front()
        {
            self.execute(held);
        }
    }

    fn execute(&mut self, Held { command, raw, arrival }: Held) {
        match command {
            Command::AskPaper => return self.answer(&[self.paper_bits(0x03, 0x0C)]),
            Command::ProcessId([d1, d2, d3, d4]) => return self.answer(&[0x37, 0x22, d1, d2, d3, d4, 0]),
            // A slip begins with the last initialisation before anything is printed.
            Command::Initialise if !self.inked => {
                self.slip.clear();
                self.slip_arrival = None;
            }
            Command::Text(_) | Command::Image { .. } | Command::QrPrint | Command::LineFeed => {
                self.inked = true
            }
            _ => {}
        }
        let first = *self.slip_arrival.get_or_insert(arrival);
        self.slip.extend(raw);
        if matches!(command, Command::Cut { .. }) {
            if self.slips.len() == SLIPS_MAX {
                self.slips.pop_front();
            }
            let bytes = std::mem::take(&mut self.slip);
            self.slips.push_back(ReceivedSlip { bytes, first_byte: first.at, first_byte_wall: first.wall });
            self.slip_arrival = None;
            self.inked = false;
        }
    }

    /// `DLE EOT n`: bits 1 and 4 are always set.
    fn answer_real_time(&mut self, query: u8) {
        let bit = |set: bool, bit: u8| if set { bit } else { 0 };
        let status = match query {
            1 => 0x04 | bit(self.offline(), 0x08),
            2 => {
                bit(self.cover_open, 0x04) | bit(self.roll == Roll::Out, 0x20) | bit(self.cutter_jammed, 0x40)
            }
            3 => bit(self.cutter_jammed, 0x08),
            _ => self.paper_bits(0x0C, 0x60),
        };
        self.answer(&[0x12 | status]);
    }

    fn paper_bits(&self, near_end: u8, out: u8) -> u8 {
        match self.roll {
            Roll::Full => 0,
            Roll::NearEnd => near_end,
            Roll::Out => near_end | out,
        }
    }

    fn answer(&mut self, bytes: &[u8]) {
        if !self.silent {
            self.outbox.extend(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLIP: &[u8] = b"\x1B@\x1C&A012\n\n\x1DVB\0";

    fn device() -> Device {
        Device::default()
    }

    fn answers(device: &mut Device, bytes: &[u8]) -> Vec<u8> {
        device.receive(bytes, Instant::now());
        std::mem::take(&mut device.outbox)
    }

    #[test]
    fn status_bits_are_those_of_the_manual() {
        use Condition::*;
        let table = [
            (PaperFull, [0x16, 0x12, 0x12, 0x12]),
            (PaperNearEnd, [0x16, 0x12, 0x12, 0x1E]),
            (PaperOut, [0x1E, 0x32, 0x12, 0x7E]),
            (CoverOpen, [0x1E, 0x16, 0x12, 0x12]),
            (CutterJammed, [0x1E, 0x52, 0x1A, 0x12]),
        ];
        for (condition, expect) in table {
            let mut device = device();
            device.set(condition);
            let bytes = [[0x10, 4, 1], [0x10, 4, 2], [0x10, 4, 3], [0x10, 4, 4]].concat();
            assert_eq!(answers(&mut device, &bytes), expect, "{condition:?}");
        }
    }

    #[test]
    fn slips_are_split_at_the_cut_and_begin_at_their_initialisation() {
        let mut device = device();
        let began = Instant::now();
        device.receive(b"\x1B@\x1C&", began);
        let later = Instant::now();
        for byte in [SLIP, SLIP].concat() {
            device.receive(&[byte], later);
        }
        let slips: Vec<_> =
            device.slips.iter().map(|slip| (slip.bytes.as_slice(), slip.first_byte)).collect();
        assert_eq!(slips, [(SLIP, later), (SLIP, later)]);
    }

    #[test]
    fn off_line_it_answers_and_holds_the_rest_back() {
        let mut device = device();
        device.set_after(6, Condition::PaperOut);
        let bytes = [SLIP, b"\x1Dr\x01", &[0x10, 4, 1]].concat();
        assert_eq!(answers(&mut device, &bytes), [0x1E]);
        assert_eq!(device.slips.len(), 0);
        device.set(Condition::PaperFull);
        assert_eq!(std::mem::take(&mut device.outbox), [0x00]);
        assert_eq!(device.slips[0].bytes, SLIP);
    }

    #[test]
    fn pulled_in_the_middle_it_keeps_what_came() {
        let mut device = device();
        device.set_after(8, Condition::Unplugged);
        device.receive(SLIP, Instant::now());
        device.set(Condition::Plugged);
        device.receive(b"\n\x1DVB\0", Instant::now());
        assert_eq!(device.slips[0].decode().unwrap().text(), "A012");
        device.set_after(7, Condition::Unplugged);
        device.receive(SLIP, Instant::now());
        device.set(Condition::Plugged);
        device.receive(b"\n\x1DVB\0", Instant::now());
        assert_eq!(device.slips[1].decode().unwrap().text(), "A01");
    }

    #[test]
    fn the_process_id_comes_back() {
        assert_eq!(answers(&mut device(), b"\x1D(H\x06\x0000" as &[u8]), b"");
        assert_eq!(answers(&mut device(), b"\x1D(H\x06\x00\x30\x300042"), b"\x37\x220042\0");
    }
}

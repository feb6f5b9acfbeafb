//! What the printer's sensors say, and how it puts that into bytes.
//! Bits from the Epson TM-T88III and SNBC BTP-R880NP manuals; the paper jam from the SNBC BT-T080 manual.

use super::fault::Condition;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Roll {
    #[default]
    Full,
    NearEnd,
    Out,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Health {
    pub roll: Roll,
    pub cover_open: bool,
    pub cutter_jammed: bool,
    pub paper_jammed: bool,
}

/// Of `GS a n`: what is to be told by itself.
const DRAWER: u8 = 0x01;
const ONLINE: u8 = 0x02;
const ERRORS: u8 = 0x04;
const PAPER: u8 = 0x08;

impl Health {
    /// Takes in what concerns it.
    pub fn set(&mut self, condition: Condition) {
        match condition {
            Condition::PaperFull => self.roll = Roll::Full,
            Condition::PaperNearEnd => self.roll = Roll::NearEnd,
            Condition::PaperOut => self.roll = Roll::Out,
            Condition::CoverOpen => self.cover_open = true,
            Condition::CoverClosed => self.cover_open = false,
            Condition::CutterJammed => self.cutter_jammed = true,
            Condition::CutterFree => self.cutter_jammed = false,
            Condition::PaperJammed => self.paper_jammed = true,
            Condition::JamCleared => self.paper_jammed = false,
            _ => {}
        }
    }

    pub fn is_offline(self) -> bool {
        self.roll == Roll::Out || self.cover_open || self.has_error()
    }

    pub fn has_error(self) -> bool {
        self.cutter_jammed || self.paper_jammed
    }

    /// The answer to `DLE EOT n`: bits 1 and 4 are always set.
    pub fn real_time(self, n: u8) -> u8 {
        let bits = match n {
            1 => 0x04 | bit(self.is_offline(), 0x08),
            2 => bit(self.cover_open, 0x04) | bit(self.roll == Roll::Out, 0x20) | bit(self.has_error(), 0x40),
            3 => bit(self.paper_jammed, 0x04) | bit(self.cutter_jammed, 0x08),
            _ => self.paper_bits(0x0C, 0x60),
        };
        0x12 | bits
    }

    /// The answer to `GS r 1`.
    pub fn paper(self) -> u8 {
        self.paper_bits(0x03, 0x0C)
    }

    /// The four bytes of automatic status: printer, errors, paper, and one that says nothing.
    pub fn auto_status(self) -> [u8; 4] {
        [
            0x10 | bit(self.is_offline(), 0x08) | bit(self.cover_open, 0x20),
            bit(self.paper_jammed, 0x04) | bit(self.cutter_jammed, 0x08),
            self.paper_bits(0x03, 0x0C),
            0x0F,
        ]
    }

    /// The part of the automatic status in which a change is told after `GS a enabled`.
    pub fn told(self, enabled: u8) -> [u8; 3] {
        let [printer, errors, paper, _] = self.auto_status();
        let printer_mask = bit(enabled & DRAWER != 0, 0x04) | bit(enabled & ONLINE != 0, 0x28);
        [
            printer & printer_mask,
            errors & bit(enabled & ERRORS != 0, 0xFF),
            paper & bit(enabled & PAPER != 0, 0xFF),
        ]
    }

    fn paper_bits(self, near_end: u8, out: u8) -> u8 {
        match self.roll {
            Roll::Full => 0,
            Roll::NearEnd => near_end,
            Roll::Out => near_end | out,
        }
    }
}

fn bit(set: bool, bit: u8) -> u8 {
    if set { bit } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_bits_are_those_of_the_manual() {
        use Condition::*;
        let table = [
            (PaperFull, [0x16, 0x12, 0x12, 0x12], 0x00, [0x10, 0, 0, 0x0F]),
            (PaperNearEnd, [0x16, 0x12, 0x12, 0x1E], 0x03, [0x10, 0, 0x03, 0x0F]),
            (PaperOut, [0x1E, 0x32, 0x12, 0x7E], 0x0F, [0x18, 0, 0x0F, 0x0F]),
            (CoverOpen, [0x1E, 0x16, 0x12, 0x12], 0x00, [0x38, 0, 0, 0x0F]),
            (CutterJammed, [0x1E, 0x52, 0x1A, 0x12], 0x00, [0x18, 0x08, 0, 0x0F]),
            (PaperJammed, [0x1E, 0x52, 0x16, 0x12], 0x00, [0x18, 0x04, 0, 0x0F]),
        ];
        for (condition, real_time, paper, auto_status) in table {
            let mut health = Health::default();
            health.set(condition);
            assert_eq!([1, 2, 3, 4].map(|n| health.real_time(n)), real_time, "{condition:?}");
            assert_eq!((health.paper(), health.auto_status()), (paper, auto_status), "{condition:?}");
        }
    }

    #[test]
    fn what_was_not_asked_for_is_not_told() {
        let well = Health::default();
        let out = Health { roll: Roll::Out, ..well };
        let near_end = Health { roll: Roll::NearEnd, ..well };
        let table =
            [(ONLINE, out, true), (ONLINE, near_end, false), (PAPER, near_end, true), (ERRORS, out, false)];
        for (enabled, health, told) in table {
            assert_eq!(health.told(enabled) != well.told(enabled), told, "{enabled:02X} {health:?}");
        }
    }
}

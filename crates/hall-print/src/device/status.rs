//! A printer's condition, read from its answers to `DLE EOT` 1-4 and from automatic status, `GS a` (ESC/POS; bits as in
//! the SNBC BT-T080 and Epson manuals).

use crate::profile::StatusSection;

/// What a kiosk or the hall's staff need to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Ready,
    /// Prints, but the roll ends soon: for the hall, not for the citizen.
    NearEnd,
    PaperOut,
    CoverOpen,
    /// The port cannot be opened, or was unplugged.
    Away,
    Fault(Fault),
}

/// What keeps a printer from printing other than paper and cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Cutter,
    /// A recoverable mechanical error; in many printers a paper jam.
    Jam,
    /// Needs service.
    Unrecoverable,
    /// Head too hot or voltage out of range; recovers by itself.
    Overheated,
    /// Off-line for a reason it does not give.
    Offline,
    /// The port is open and nobody answers: switched off, or a cable.
    Silent,
    /// Takes no data.
    Busy,
}

impl Status {
    /// Whether a slip can be expected to come out.
    pub fn can_print(self) -> bool {
        matches!(self, Status::Ready | Status::NearEnd)
    }
}

/// Answers to `DLE EOT` 1-4; `None` where the printer was not asked or did not answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answers {
    pub printer: Option<u8>,
    pub offline: Option<u8>,
    pub error: Option<u8>,
    pub paper: Option<u8>,
}

impl Answers {
    pub fn set(&mut self, query: u8, answer: u8) {
        match query {
            1 => self.printer = Some(answer),
            2 => self.offline = Some(answer),
            3 => self.error = Some(answer),
            _ => self.paper = Some(answer),
        }
    }

    /// The same from automatic status: its bytes carry the answers' bits in other places.
    pub fn of_asb([first, second, third, _]: [u8; 4]) -> Self {
        let moved = |byte: u8, from: u8, to: u8| if byte & from != 0 { to } else { 0 };
        Self {
            printer: Some(moved(first, 0x08, 0x08)),
            offline: Some(moved(first, 0x20, 0x04)),
            error: Some(moved(second, 0x04, 0x04) | second & 0x68),
            paper: Some(moved(third, 0x03, 0x0C) | moved(third, 0x0C, 0x60)),
        }
    }

    /// The one status to show: what a person can put right first. A sensor that the printer lacks says nothing.
    pub fn status(self, sensors: &StatusSection) -> Status {
        let has = |answer: Option<u8>, bits: u8| answer.is_some_and(|byte| byte & bits != 0);
        let table = [
            (has(self.offline, 0x04), Status::CoverOpen),
            (has(self.paper, 0x60) || has(self.offline, 0x20), Status::PaperOut),
            (has(self.error, 0x08), Status::Fault(Fault::Cutter)),
            (has(self.error, 0x20), Status::Fault(Fault::Unrecoverable)),
            (has(self.error, 0x04), Status::Fault(Fault::Jam)),
            (has(self.error, 0x40), Status::Fault(Fault::Overheated)),
            (has(self.offline, 0x40) || has(self.printer, 0x08), Status::Fault(Fault::Offline)),
            (sensors.near_end && has(self.paper, 0x0C), Status::NearEnd),
        ];
        table.into_iter().find(|(applies, _)| *applies).map_or(Status::Ready, |(_, status)| status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    #[test]
    fn answers_name_what_a_person_can_put_right() {
        let table = [
            ([0x16, 0x12, 0x12, 0x12], Status::Ready),
            ([0x16, 0x12, 0x12, 0x1E], Status::NearEnd),
            ([0x1E, 0x32, 0x12, 0x7E], Status::PaperOut),
            ([0x1E, 0x36, 0x12, 0x7E], Status::CoverOpen),
            ([0x1E, 0x52, 0x1A, 0x12], Status::Fault(Fault::Cutter)),
            ([0x1E, 0x52, 0x16, 0x12], Status::Fault(Fault::Jam)),
            ([0x1E, 0x52, 0x32, 0x12], Status::Fault(Fault::Unrecoverable)),
            ([0x1E, 0x52, 0x52, 0x12], Status::Fault(Fault::Overheated)),
            ([0x1E, 0x12, 0x12, 0x12], Status::Fault(Fault::Offline)),
        ];
        let sensors = Profile::generic().status;
        for (bytes, expect) in table {
            let mut answers = Answers::default();
            for (query, byte) in (1..).zip(bytes) {
                answers.set(query, byte);
            }
            assert_eq!(answers.status(&sensors), expect, "{bytes:02X?}");
        }
    }

    #[test]
    fn bits_of_a_sensor_that_is_not_there_say_nothing() {
        let mut answers = Answers::default();
        answers.set(4, 0x1E);
        let mut sensors = Profile::generic().status;
        assert_eq!(answers.status(&sensors), Status::NearEnd);
        sensors.near_end = false;
        assert_eq!(answers.status(&sensors), Status::Ready);
    }

    #[test]
    fn automatic_status_says_the_same() {
        let table = [
            ([0x14, 0x00, 0x00, 0x0F], Status::Ready),
            ([0x14, 0x00, 0x03, 0x0F], Status::NearEnd),
            ([0x1C, 0x00, 0x0F, 0x0F], Status::PaperOut),
            ([0x3C, 0x00, 0x00, 0x0F], Status::CoverOpen),
            ([0x1C, 0x08, 0x00, 0x0F], Status::Fault(Fault::Cutter)),
            ([0x1C, 0x04, 0x00, 0x0F], Status::Fault(Fault::Jam)),
            ([0x1C, 0x20, 0x00, 0x0F], Status::Fault(Fault::Unrecoverable)),
            ([0x1C, 0x40, 0x00, 0x0F], Status::Fault(Fault::Overheated)),
            ([0x1C, 0x00, 0x00, 0x0F], Status::Fault(Fault::Offline)),
        ];
        let sensors = Profile::generic().status;
        for (bytes, expect) in table {
            assert_eq!(Answers::of_asb(bytes).status(&sensors), expect, "{bytes:02X?}");
        }
    }
}

//! How much of the roll is used, and when it will end.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::status::Status;

/// Rolls whose length is remembered: halls buy the same kind again.
const ROLLS_MAX: usize = 5;
/// A roll with fewer sheets was not used up but taken out.
const SHEETS_OF_A_ROLL_MIN: u32 = 50;
/// Sheets by which today's pace is told.
const PACE_SHEETS_MAX: usize = 64;
const PACE_SHEETS_MIN: usize = 10;
/// A pause longer than this is not a part of the pace.
const PACE_GAP_MS_MAX: i64 = 60 * 60 * 1000;

/// The roll in the printer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    /// Printed since it was put in.
    pub sheets: u32,
    dots: u64,
    /// Dots of rolls that ran out, the newest last.
    lengths_dots: VecDeque<u64>,
    /// When the last sheets were printed, Unix time.
    printed_ms: VecDeque<i64>,
}

/// When the roll will end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RollForecast {
    /// Sheets it lasts yet; unknown before the first sheet.
    pub left_sheets: Option<u32>,
    /// At the pace of the last sheets; unknown while there are too few.
    pub ends_in: Option<Duration>,
}

impl Roll {
    /// Another sheet was printed.
    pub fn print(&mut self, paper_dots: u32, at_ms: i64) {
        self.sheets += 1;
        self.dots += u64::from(paper_dots);
        if self.printed_ms.back().is_some_and(|last| at_ms - last > PACE_GAP_MS_MAX) {
            self.printed_ms.clear();
        }
        if self.printed_ms.len() == PACE_SHEETS_MAX {
            self.printed_ms.pop_front();
        }
        self.printed_ms.push_back(at_ms);
    }

    /// Another roll is in. One that ran out tells how long they are.
    pub fn change(&mut self, ran_out: bool) {
        if ran_out && self.sheets >= SHEETS_OF_A_ROLL_MIN {
            if self.lengths_dots.len() == ROLLS_MAX {
                self.lengths_dots.pop_front();
            }
            self.lengths_dots.push_back(self.dots);
        }
        (self.sheets, self.dots) = (0, 0);
    }

    /// By the shortest of the rolls that ran out, or by the length of a new one as the profile says.
    pub fn forecast(&self, new_roll_dots: u64) -> RollForecast {
        if self.sheets == 0 {
            return RollForecast::default();
        }
        let length = self.lengths_dots.iter().min().copied().unwrap_or(new_roll_dots);
        let sheet = (self.dots / u64::from(self.sheets)).max(1);
        let left = length.saturating_sub(self.dots) / sheet;
        let ends_in = self.sheet_ms().map(|ms| Duration::from_millis(left * ms));
        RollForecast { left_sheets: Some(u32::try_from(left).unwrap_or(u32::MAX)), ends_in }
    }

    /// Time from one sheet to the next.
    fn sheet_ms(&self) -> Option<u64> {
        let (first, last) = self.printed_ms.front().zip(self.printed_ms.back())?;
        let gaps =
            self.printed_ms.len().checked_sub(1).filter(|_| self.printed_ms.len() >= PACE_SHEETS_MIN)?;
        u64::try_from(last - first).ok().map(|span| span / gaps as u64)
    }
}

/// Notices from the printer's condition that somebody put another roll in.
#[derive(Debug, Default)]
pub struct RollWatch {
    ran_out: bool,
    near_end: bool,
    opened: bool,
}

impl RollWatch {
    /// Takes in the condition; `Some(ran_out)` when there is another roll.
    pub fn see(&mut self, status: Status) -> Option<bool> {
        match status {
            Status::PaperOut => self.ran_out = true,
            Status::NearEnd if !self.ran_out => {
                self.near_end = true;
                self.opened = false;
            }
            Status::CoverOpen | Status::Away => self.opened |= self.near_end,
            Status::Ready | Status::NearEnd => {
                let Self { ran_out, opened, .. } = std::mem::take(self);
                return (ran_out || opened).then_some(ran_out);
            }
            Status::Fault(_) => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roll(sheets: u32, gap_ms: i64) -> Roll {
        let mut roll = Roll::default();
        (0..sheets).for_each(|sheet| roll.print(1_000, i64::from(sheet) * gap_ms));
        roll
    }

    #[test]
    fn the_end_is_foretold_by_what_sheets_have_taken() {
        let check = |sheets, gap_ms, left: Option<u32>, ends_s: Option<u64>| {
            let RollForecast { left_sheets, ends_in } = roll(sheets, gap_ms).forecast(600_000);
            assert_eq!((left_sheets, ends_in.map(|time| time.as_secs())), (left, ends_s), "{sheets}");
        };
        check(0, 0, None, None);
        check(5, 60_000, Some(595), None);
        check(100, 60_000, Some(500), Some(500 * 60));
        check(700, 60_000, Some(0), Some(0));
        // After a night the pace begins anew.
        let mut roll = roll(100, 60_000);
        roll.print(1_000, 100_000_000);
        assert_eq!(roll.forecast(600_000).ends_in, None);
    }

    #[test]
    fn rolls_that_ran_out_tell_how_long_they_are() {
        let mut roll = roll(400, 60_000);
        roll.change(true);
        assert_eq!(roll.sheets, 0);
        (0..100).for_each(|_| roll.print(1_000, 30_000_000));
        assert_eq!(roll.forecast(600_000).left_sheets, Some(300));
        roll.change(false);
        roll.print(1_000, 30_000_000);
        assert_eq!(roll.forecast(600_000).left_sheets, Some(399), "one taken out early tells nothing");
    }

    #[test]
    fn another_roll_is_noticed() {
        use Status::*;
        let table: &[(&[Status], &[bool])] = &[
            (&[Ready, NearEnd, PaperOut, CoverOpen, Ready], &[true]),
            (&[Ready, PaperOut, Away, NearEnd, Ready], &[true]),
            (&[NearEnd, CoverOpen, Ready], &[false]),
            (&[NearEnd, CoverOpen, NearEnd, Ready], &[]),
            (&[NearEnd, Ready, NearEnd], &[]),
            (&[Ready, CoverOpen, Ready], &[]),
        ];
        for (seen, expect) in table {
            let mut watch = RollWatch::default();
            let changes: Vec<bool> = seen.iter().filter_map(|status| watch.see(*status)).collect();
            assert_eq!(changes, *expect, "{seen:?}");
        }
    }
}

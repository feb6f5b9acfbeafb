//! Turning the pages of what does not fit.

use std::time::{Duration, Instant};

/// Long enough to find one's number among a page of counters.
const PAGE_TIME: Duration = Duration::from_secs(8);

/// Which page is shown, and since when.
#[derive(Debug, Default)]
pub struct Pages {
    page: usize,
    turned_at: Option<Instant>,
}

impl Pages {
    /// Turns to the next of `pages` when its time has come.
    pub fn turn(&mut self, pages: usize, now: Instant) {
        let turned_at = *self.turned_at.get_or_insert(now);
        if pages < 2 {
            *self = Self { page: 0, turned_at: Some(now) };
        } else if now.saturating_duration_since(turned_at) >= PAGE_TIME {
            *self = Self { page: (self.page + 1) % pages, turned_at: Some(now) };
        }
    }

    /// The page among `pages`, counted from 0.
    pub fn current(&self, pages: usize) -> usize {
        self.page.min(pages.saturating_sub(1))
    }
}

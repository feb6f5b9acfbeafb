//! One day of a journal, for looking back: read while a hub may be running on it, and left as it is.

use std::path::Path;

use hall_core::{BusinessDay, Record};
use rusqlite::OptionalExtension;

use crate::HubError;
use crate::data_dir::journal_in;
use crate::journal::{Journal, JournalError};

/// The records of a business day, the last one unless another is asked for: first the plan that was in force when it
/// began, then everything from its opening until the next day opened. `path` is a data directory or the journal in it.
pub fn recorded_day(path: &Path, day: Option<BusinessDay>) -> Result<Vec<Record>, HubError> {
    let file = if path.is_dir() { journal_in(path) } else { path.to_owned() };
    let read = || records(&Journal::open_to_read(&file)?, day);
    read().map_err(|reason| HubError::Journal { path: path.to_owned(), reason })
}

fn records(journal: &Journal, day: Option<BusinessDay>) -> Result<Vec<Record>, JournalError> {
    let connection = journal.connection();
    let opened = "SELECT seq FROM event WHERE kind = 'day_opened' AND (?1 IS NULL OR body ->> 'day' = ?1)
                  ORDER BY seq DESC LIMIT 1";
    let text = day.map(|day| day.to_string());
    let from = connection.query_row(opened, [text], |row| row.get(0)).optional()?;
    let from: u64 = from.ok_or(JournalError::NoSuchDay)?;
    let next = "SELECT min(seq) FROM event WHERE kind = 'day_opened' AND seq > ?1";
    let next: Option<u64> = connection.query_row(next, [from], |row| row.get(0))?;
    let last = match next {
        Some(next) => next - 1,
        None => journal.last_seq()?,
    };
    let mut records = Vec::from_iter(journal.plan_before(from)?);
    journal.replay(from..=last, |entry| records.push(entry.record))?;
    Ok(records)
}

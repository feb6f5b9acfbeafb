//! Brings a database file to the schema this program knows. Refuses what is not a journal, and what a newer program wrote.

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use crate::journal::JournalError;

/// "JHao" in the header of the file, so that no other program's database is taken for a journal.
const APPLICATION_ID: i64 = 0x4A48_616F;

/// The schema, step by step; `user_version` says how many steps a file has made.
const STEPS: &[&str] = &[include_str!("../schema/0001.sql"), include_str!("../schema/0002.sql")];

/// Makes all steps the file lacks, in one transaction. A file that is refused is left as it was.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), JournalError> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(not_a_database)?;
    let made = steps_made(&transaction)?;
    if made < STEPS.len() {
        for step in &STEPS[made..] {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", STEPS.len())?;
    }
    Ok(transaction.commit()?)
}

/// Whether a file has made every step; a file that may not be used is refused as in [`migrate`].
pub(crate) fn is_current(connection: &Connection) -> Result<bool, JournalError> {
    Ok(steps_made(connection)? == STEPS.len())
}

fn steps_made(connection: &Connection) -> Result<usize, JournalError> {
    let id: i64 =
        connection.query_row("PRAGMA application_id", (), |row| row.get(0)).map_err(not_a_database)?;
    let made: usize = connection.query_row("PRAGMA user_version", (), |row| row.get(0))?;
    let tables: u64 = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    let blank = (id, made, tables) == (0, 0, 0);
    if id != APPLICATION_ID && !blank {
        return Err(JournalError::Foreign);
    }
    if made > STEPS.len() {
        return Err(JournalError::Newer { found: made, known: STEPS.len() });
    }
    Ok(made)
}

fn not_a_database(error: rusqlite::Error) -> JournalError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => JournalError::Foreign,
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migrated(prepare: &str) -> (Connection, Result<(), JournalError>) {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(prepare).unwrap();
        let outcome = migrate(&mut connection);
        (connection, outcome)
    }

    #[test]
    fn a_blank_file_becomes_a_journal_and_stays_one() {
        let (mut connection, outcome) = migrated("");
        outcome.unwrap();
        migrate(&mut connection).unwrap();
    }

    #[test]
    fn tokens_made_before_a_role_was_added_stay() {
        let first_step = format!(
            "{}; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;
             INSERT INTO token VALUES (zeroblob(32), 'kiosk', '一楼取号机', 7)",
            STEPS[0]
        );
        let (connection, outcome) = migrated(&first_step);
        outcome.unwrap();
        let token = connection.query_row("SELECT role, name, made_at_ms FROM token", (), |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
        });
        assert_eq!(token.unwrap(), ("kiosk".to_owned(), "一楼取号机".to_owned(), 7));
        let insert = "INSERT INTO token VALUES (randomblob(32), ?1, 'x', 8)";
        for (role, taken) in [("booking", true), ("console", true), ("mayor", false)] {
            assert_eq!(connection.execute(insert, [role]).is_ok(), taken, "{role}");
        }
    }

    #[test]
    fn what_is_no_journal_or_a_newer_one_is_refused_and_left_alone() {
        let newer = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 99");
        for (prepare, expect) in [
            ("CREATE TABLE notes (text)", "不是叫号系统的日志"),
            ("PRAGMA application_id = 77", "不是叫号系统的日志"),
            (newer.as_str(), "版本 99"),
        ] {
            let (connection, outcome) = migrated(prepare);
            let message = outcome.unwrap_err().to_string();
            assert!(message.contains(expect), "{prepare}: {message}");
            let events = "SELECT count(*) FROM sqlite_schema WHERE name = 'event'";
            assert_eq!(connection.query_row(events, (), |row| row.get::<_, i64>(0)).unwrap(), 0);
        }
    }

    #[test]
    fn the_journal_can_only_grow() {
        let (connection, outcome) = migrated("");
        outcome.unwrap();
        connection.execute_batch("INSERT INTO event VALUES (1, 0, 'x', '{}', NULL, NULL)").unwrap();
        for change in ["UPDATE event SET at_ms = 5", "DELETE FROM event"] {
            assert!(connection.execute_batch(change).is_err(), "{change} was done");
        }
    }
}

//! The journal: every event of the hall, in order, in SQLite. A commit is one transaction and is on the disk when
//! [`Journal::append`] returns. Rows are never changed or deleted.

use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hall_core::{Event, Plan, Record, Timestamp};
use rand::TryRng;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Row};
use thiserror::Error;

use crate::json;
use crate::key::{Key, KeyUse};
use crate::migrate::{is_current, migrate};

/// How long to wait for another process (`hall-hub token`) to finish its own short write.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// Pages (of 4 KB) the write-ahead log may reach before it is folded into the file. SQLite's own 1000 makes one commit in
/// a hundred wait for it under load; replaying 32 MB after a crash still takes far less than a second.
const WAL_PAGES_MAX: u32 = 8192;

/// The journal of one data directory, open for writing.
pub(crate) struct Journal {
    connection: Connection,
}

/// A record, and the idempotency key of the command that made it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub record: Record,
    pub used: Option<KeyUse>,
}

/// What a secret is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Secret {
    FollowCodes,
    AppointmentCodes,
    AppointmentPersons,
}

impl Secret {
    fn name(self) -> &'static str {
        match self {
            Self::FollowCodes => "follow_secret",
            Self::AppointmentCodes => "appointment_secret",
            Self::AppointmentPersons => "appointment_person_key",
        }
    }
}

/// Where a replay may begin without changing its outcome.
#[derive(Debug, PartialEq)]
pub(crate) struct ReplayStart {
    /// The last `plan_adopted` before `from`, to be applied first.
    pub plan: Option<Record>,
    /// The last `day_opened`, or the first record.
    pub from: u64,
    /// The `day_opened` before that, or the first record: where the keys still remembered begin.
    pub keys_from: u64,
}

/// Why the journal cannot be used.
#[derive(Debug, Error)]
pub enum JournalError {
    #[error(
        "该文件不是叫号系统的日志，未作改动 / the file is not a journal of this program; it was left alone"
    )]
    Foreign,
    #[error(
        "日志由更新的程序写成（版本 {found}，本程序到 {known}），请升级 hall-hub / a newer program wrote the journal (version {found}, this one knows {known}): upgrade hall-hub"
    )]
    Newer { found: usize, known: usize },
    #[error(
        "日志在第 {seq} 条损坏：{what}；请从备份恢复 / the journal is damaged at record {seq}: {what}; restore it from a backup"
    )]
    Damaged { seq: u64, what: String },
    #[error(
        "此处没有可用的大厅日志，请先在此启动一次主机（hall-hub serve）/ there is no journal of a hall here for this program: start the hub here once first (hall-hub serve)"
    )]
    Missing,
    #[error("日志中没有这个营业日 / the journal has no such business day")]
    NoSuchDay,
    #[error("磁盘已满，请清理空间后重新启动 / the disk is full: free space, then start again")]
    DiskFull,
    #[error("无法读写日志：{0} / the journal cannot be read or written")]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            _ => Self::Sqlite(error),
        }
    }
}

impl Journal {
    /// Opens the journal in `path`, making it when there is none.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        Self::prepare(Connection::open(path)?)
    }

    /// Opens the journal a hub has made in `path`; neither makes nor migrates one.
    pub fn open_existing(path: &Path) -> Result<Self, JournalError> {
        if !path.is_file() {
            return Err(JournalError::Missing);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_WAIT)?;
        match is_current(&connection)? {
            true => Ok(Self { connection }),
            false => Err(JournalError::Missing),
        }
    }

    /// Opens the journal a hub has made in `path`, or is writing, and can change nothing.
    pub fn open_to_read(path: &Path) -> Result<Self, JournalError> {
        if !path.is_file() {
            return Err(JournalError::Missing);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_WAIT)?;
        is_current(&connection)?;
        Ok(Self { connection })
    }

    #[cfg(test)]
    pub fn in_memory() -> Result<Self, JournalError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(mut connection: Connection) -> Result<Self, JournalError> {
        connection.busy_timeout(BUSY_WAIT)?;
        migrate(&mut connection)?;
        connection.query_row("PRAGMA journal_mode = WAL", (), |_| Ok(()))?;
        connection.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON;",
        )?;
        connection.query_row(&format!("PRAGMA wal_autocheckpoint = {WAL_PAGES_MAX}"), (), |_| Ok(()))?;
        Ok(Self { connection })
    }

    /// The connection, for what is kept beside the events.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Writes all entries in one transaction, and with them a moment that counts as reached by the hall; they are on the
    /// disk when this returns.
    pub fn append(&mut self, commit: &[Entry], reached: Option<Timestamp>) -> Result<(), JournalError> {
        let transaction = self.connection.unchecked_transaction()?;
        let mut insert = transaction.prepare_cached(
            "INSERT INTO event (seq, at_ms, kind, body, key, fingerprint) VALUES (?1, ?2, ?3 ->> 'type', ?3, ?4, ?5)",
        )?;
        for Entry { record, used } in commit {
            let key = used.as_ref().map(|used| used.key.as_str());
            let fingerprint = used.as_ref().map(|used| used.fingerprint);
            insert.execute((record.seq, record.at.as_ms(), json::text(&record.event), key, fingerprint))?;
        }
        drop(insert);
        if let Some(reached) = reached {
            let sql = "INSERT OR REPLACE INTO meta (name, value) VALUES ('hall_time_ms', ?1)";
            transaction.prepare_cached(sql)?.execute([reached.as_ms()])?;
        }
        Ok(transaction.commit()?)
    }

    /// Gives every entry in `range` in order.
    pub fn replay(
        &self,
        range: RangeInclusive<u64>,
        mut each: impl FnMut(Entry),
    ) -> Result<(), JournalError> {
        let mut select = self.connection.prepare_cached(
            "SELECT seq, at_ms, body, key, fingerprint FROM event WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq",
        )?;
        let mut rows = select.query((range.start(), range.end()))?;
        let mut expected = *range.start();
        while let Some(row) = rows.next()? {
            if row.get::<_, u64>(0)? != expected {
                return Err(damaged(expected, "缺失 / missing"));
            }
            expected += 1;
            each(entry(row)?);
        }
        match expected.cmp(&(range.end().saturating_add(1))) {
            std::cmp::Ordering::Less => Err(damaged(expected, "缺失 / missing")),
            _ => Ok(()),
        }
    }

    /// The keys used in `range`, with the records made under them.
    pub fn replay_keys(
        &self,
        range: RangeInclusive<u64>,
        mut each: impl FnMut(KeyUse, u64),
    ) -> Result<(), JournalError> {
        let mut select = self.connection.prepare(
            "SELECT key, fingerprint, seq FROM event WHERE seq BETWEEN ?1 AND ?2 AND key IS NOT NULL ORDER BY seq",
        )?;
        let mut rows = select.query((range.start(), range.end()))?;
        while let Some(row) = rows.next()? {
            let seq = row.get(2)?;
            each(KeyUse { key: key(row.get(0)?, seq)?, fingerprint: row.get(1)? }, seq);
        }
        Ok(())
    }

    /// The number of the last record; 0 when there is none.
    pub fn last_seq(&self) -> Result<u64, JournalError> {
        let last: Option<u64> =
            self.connection.query_row("SELECT max(seq) FROM event", (), |row| row.get(0))?;
        Ok(last.unwrap_or(0))
    }

    /// Where a replay can begin: days carry nothing over but the plan and the next ticket id.
    pub fn replay_start(&self) -> Result<ReplayStart, JournalError> {
        let from = self.turning("day_opened", u64::MAX >> 1)?;
        let plan = self.plan_before(from.unwrap_or(0))?;
        let keys_from = self.turning("day_opened", from.unwrap_or(0))?;
        Ok(ReplayStart { plan, from: from.unwrap_or(1), keys_from: keys_from.unwrap_or(1) })
    }

    /// The last adoption of a plan before `seq`.
    pub fn plan_before(&self, seq: u64) -> Result<Option<Record>, JournalError> {
        Ok(match self.turning("plan_adopted", seq)? {
            Some(seq) => Some(self.read(seq, 1)?.remove(0)),
            None => None,
        })
    }

    /// The plan adopted last; none before the first.
    pub fn plan_in_force(&self) -> Result<Option<Arc<Plan>>, JournalError> {
        let Some(seq) = self.turning("plan_adopted", u64::MAX >> 1)? else { return Ok(None) };
        match self.read(seq, 1)?.remove(0).event {
            Event::PlanAdopted { plan } => Ok(Some(plan)),
            _ => Err(damaged(seq, "not a plan")),
        }
    }

    /// `count` records from `first` on.
    pub fn read(&self, first: u64, count: u32) -> Result<Vec<Record>, JournalError> {
        let mut records = Vec::with_capacity(count as usize);
        self.replay(first..=first + u64::from(count) - 1, |entry| records.push(entry.record))?;
        Ok(records)
    }

    /// The last record of a kind before `before`.
    fn turning(&self, kind: &str, before: u64) -> Result<Option<u64>, JournalError> {
        let sql = turning_sql(kind);
        Ok(self.connection.query_row(&sql, [before], |row| row.get(0)).optional()?)
    }

    /// The latest moment the hall is known to have reached; absent before its first record.
    pub fn time_reached(&self) -> Result<Option<Timestamp>, JournalError> {
        let sql =
            "SELECT max(ms) FROM (SELECT at_ms AS ms FROM event WHERE seq = (SELECT max(seq) FROM event)
                   UNION ALL SELECT value FROM meta WHERE name = 'hall_time_ms')";
        let ms: Option<i64> = self.connection.query_row(sql, (), |row| row.get(0))?;
        Ok(ms.map(Timestamp::from_ms))
    }

    /// A secret of this hall that never changes; made when first asked for.
    pub fn secret(&self, of: Secret) -> Result<[u8; 32], JournalError> {
        let name = of.name();
        let sql = "INSERT OR IGNORE INTO meta (name, value) VALUES (?1, ?2)";
        self.connection.execute(sql, (name, random()))?;
        let sql = "SELECT value FROM meta WHERE name = ?1";
        Ok(self.connection.query_row(sql, [name], |row| row.get(0))?)
    }

    /// The key that persons are hashed with on the running day, as it was left; none when no day was open.
    pub fn person_key(&self) -> Result<Option<[u8; 32]>, JournalError> {
        let sql = "SELECT value FROM meta WHERE name = 'person_key'";
        Ok(self.connection.query_row(sql, (), |row| row.get(0)).optional()?)
    }

    /// Destroys the key of the day before, and makes another when a day is `open`. Nothing of the old one is left in
    /// the file: freed bytes are overwritten (`secure_delete`), and the write-ahead log is folded in and emptied.
    pub fn turn_person_key(&self, open: bool) -> Result<Option<[u8; 32]>, JournalError> {
        self.connection.execute("DELETE FROM meta WHERE name = 'person_key'", ())?;
        let key = open.then(random);
        if let Some(key) = key {
            self.connection.execute("INSERT INTO meta (name, value) VALUES ('person_key', ?1)", [key])?;
        }
        self.checkpoint()?;
        Ok(key)
    }

    /// Folds the write-ahead log into the file, so that a stopped hub leaves one file.
    pub fn checkpoint(&self) -> Result<(), JournalError> {
        Ok(self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))?)
    }
}

/// 32 bytes from the operating system that nobody can guess.
///
/// # Panics
/// When the operating system has no randomness to give.
pub(crate) fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    if let Err(error) = rand::rngs::SysRng.try_fill_bytes(&mut bytes) {
        panic!("the operating system gives no random numbers: {error}");
    }
    bytes
}

/// The kind stands in the text, not in a parameter: only so can SQLite see that the partial index serves.
fn turning_sql(kind: &str) -> String {
    format!("SELECT seq FROM event WHERE kind = '{kind}' AND seq < ?1 ORDER BY seq DESC LIMIT 1")
}

fn entry(row: &Row) -> Result<Entry, JournalError> {
    let seq = row.get(0)?;
    let body = row.get_ref(2)?.as_str().map_err(|error| damaged(seq, error))?;
    let event = serde_json::from_str(body).map_err(|error| damaged(seq, error))?;
    let used = match (row.get::<_, Option<String>>(3)?, row.get::<_, Option<i64>>(4)?) {
        (Some(text), Some(fingerprint)) => Some(KeyUse { key: key(text, seq)?, fingerprint }),
        _ => None,
    };
    Ok(Entry { record: Record { seq, at: Timestamp::from_ms(row.get(1)?), event }, used })
}

fn key(text: String, seq: u64) -> Result<Key, JournalError> {
    text.parse().map_err(|_| damaged(seq, format!("key {text:?}")))
}

fn damaged(seq: u64, what: impl ToString) -> JournalError {
    JournalError::Damaged { seq, what: what.to_string() }
}

#[cfg(test)]
mod tests {
    use hall_core::{BusinessDay, CounterNumber, TicketId};

    use super::*;

    fn entry(seq: u64, event: Event) -> Entry {
        Entry { record: Record { seq, at: Timestamp::from_ms(1_000 + seq as i64), event }, used: None }
    }

    fn opened(seq: u64) -> Entry {
        entry(seq, Event::CounterOpened { counter: CounterNumber(3), staff: None })
    }

    #[test]
    fn what_is_appended_is_read_back() {
        let mut journal = Journal::in_memory().unwrap();
        let used = KeyUse { key: "k1".parse().unwrap(), fingerprint: -7 };
        let keyed = Entry { used: Some(used.clone()), ..opened(2) };
        journal.append(&[opened(1), keyed.clone()], None).unwrap();
        journal.append(&[opened(3)], None).unwrap();
        let mut read = Vec::new();
        journal.replay(1..=3, |entry| read.push(entry)).unwrap();
        assert_eq!(read, [opened(1), keyed, opened(3)]);
        let mut keys = Vec::new();
        journal.replay_keys(1..=3, |used, seq| keys.push((used, seq))).unwrap();
        assert_eq!(keys, [(used, 2)]);
        assert_eq!(
            (journal.last_seq().unwrap(), journal.time_reached().unwrap()),
            (3, Some(Timestamp::from_ms(1_003)))
        );
        journal.append(&[], Some(Timestamp::from_ms(9_000))).unwrap();
        assert_eq!(journal.time_reached().unwrap(), Some(Timestamp::from_ms(9_000)));
        assert_eq!(
            journal.secret(Secret::FollowCodes).unwrap(),
            journal.secret(Secret::FollowCodes).unwrap()
        );
    }

    #[test]
    fn the_key_of_a_day_leaves_no_trace_once_it_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        assert_eq!(journal.person_key().unwrap(), None);
        let key = journal.turn_person_key(true).unwrap().unwrap();
        assert_eq!(journal.person_key().unwrap(), Some(key));
        let holds_key = || {
            let files = std::fs::read_dir(folder.path()).unwrap();
            let bytes =
                files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect::<Vec<_>>();
            bytes.windows(key.len()).any(|window| window == key)
        };
        assert!(holds_key(), "a running day's key survives a restart");
        let next = journal.turn_person_key(true).unwrap().unwrap();
        assert!(next != key && !holds_key());
        assert_eq!(journal.turn_person_key(false).unwrap(), None);
        assert_eq!(journal.person_key().unwrap(), None);
    }

    #[test]
    fn a_gap_is_damage_and_a_number_cannot_be_written_twice() {
        let mut journal = Journal::in_memory().unwrap();
        journal.append(&[opened(1), opened(3)], None).unwrap();
        assert!(matches!(journal.replay(1..=3, |_| ()), Err(JournalError::Damaged { seq: 2, .. })));
        assert!(journal.append(&[opened(4), opened(3)], None).is_err());
        assert_eq!(journal.last_seq().unwrap(), 3, "a failed commit leaves nothing");
    }

    #[test]
    fn the_start_of_a_replay_is_found_by_index() {
        let mut journal = Journal::in_memory().unwrap();
        let day = |seq| {
            let day = BusinessDay::constant(2026, 11, seq as i8);
            entry(seq, Event::DayOpened { day, next_ticket: TicketId(1), carried: Box::default() })
        };
        journal.append(&[opened(1), day(2), opened(3), day(4), opened(5)], None).unwrap();
        let start = journal.replay_start().unwrap();
        assert_eq!(start, ReplayStart { plan: None, from: 4, keys_from: 2 });
        let explain = format!("EXPLAIN QUERY PLAN {}", turning_sql("day_opened"));
        let found: String = journal.connection.query_row(&explain, [9], |row| row.get(3)).unwrap();
        assert!(found.contains("event_turning"), "{found}");
    }
}

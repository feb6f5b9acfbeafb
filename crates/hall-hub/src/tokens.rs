//! Tokens of devices: made once, shown once, kept only as SHA-256.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError, RwLock};

use hall_api::Audience;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use sha2::{Digest, Sha256};

use crate::HubError;
use crate::clock::Clock;
use crate::data_dir::journal_in;
use crate::journal::{Journal, JournalError, random};

/// What a device may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// 取号机：取号 / gives tickets
    Kiosk,
    /// 窗口终端：叫号与办理 / works counters
    Counter,
    /// 显示屏与语音：只读 / only looks
    Board,
    /// 预约终端、电话、城市门户：预约与签到 / books appointments and checks in
    Booking,
    /// 管理台：全部 / everything
    Console,
}

impl Role {
    const ALL: [Self; 5] = [Self::Kiosk, Self::Counter, Self::Board, Self::Booking, Self::Console];

    /// May give tickets, and report of slips and printers.
    pub(crate) fn may_issue(self) -> bool {
        matches!(self, Self::Kiosk | Self::Console)
    }

    /// May order slips to be printed again, and see what they say.
    pub(crate) fn may_reprint(self) -> bool {
        matches!(self, Self::Kiosk | Self::Counter | Self::Console)
    }

    /// May see slots and check citizens in.
    pub(crate) fn may_check_in(self) -> bool {
        matches!(self, Self::Kiosk | Self::Booking | Self::Console)
    }

    /// May book, and see who has.
    pub(crate) fn may_book(self) -> bool {
        matches!(self, Self::Booking | Self::Console)
    }

    /// Who listens with it: kiosks and boards stand in front of everybody.
    pub(crate) fn audience(self) -> Audience {
        match self {
            Self::Kiosk | Self::Board => Audience::Public,
            Self::Counter | Self::Booking | Self::Console => Audience::Staff,
        }
    }

    /// May work counters, and what staff do with tickets.
    pub(crate) fn may_serve(self) -> bool {
        matches!(self, Self::Counter | Self::Console)
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Kiosk => "kiosk",
            Self::Counter => "counter",
            Self::Board => "board",
            Self::Booking => "booking",
            Self::Console => "console",
        }
    }
}

/// Makes a token for the device called `name` and gives its text, which is kept nowhere. A hub that runs on the data
/// directory knows the token from then on. Where no hub has run yet, there is nothing to keep a token in.
pub fn add_token(data: &Path, role: Role, name: &str) -> Result<String, HubError> {
    let made = || {
        let token: String = random().iter().map(|byte| format!("{byte:02x}")).collect();
        let now = Clock::starting(None, None).now();
        Journal::open_existing(&journal_in(data))?.connection().execute(
            "INSERT INTO token (hash, role, name, made_at_ms) VALUES (?1, ?2, ?3, ?4)",
            (hash(&token), role.as_str(), name, now.as_ms()),
        )?;
        Ok(token)
    };
    made().map_err(|reason| HubError::Journal { path: data.to_owned(), reason })
}

/// The tokens of a running hub. Looks into the database once for each token, and again for those it does not know.
pub(crate) struct Tokens {
    connection: Mutex<Connection>,
    known: RwLock<HashMap<[u8; 32], Role>>,
}

impl Tokens {
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(Self { connection: Mutex::new(connection), known: RwLock::default() })
    }

    /// The role of a token; none when it was never made.
    pub fn role(&self, token: &str) -> Result<Option<Role>, JournalError> {
        let hash = hash(token);
        if let Some(role) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&hash) {
            return Ok(Some(*role));
        }
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let mut select = connection.prepare_cached("SELECT role FROM token WHERE hash = ?1")?;
        let text: Option<String> = select.query_row([hash], |row| row.get(0)).optional()?;
        let role = text.and_then(|text| Role::ALL.into_iter().find(|role| role.as_str() == text));
        if let Some(role) = role {
            self.known.write().unwrap_or_else(PoisonError::into_inner).insert(hash, role);
        }
        Ok(role)
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

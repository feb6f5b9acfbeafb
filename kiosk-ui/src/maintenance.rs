//! Maintenance (维护): what staff look up and put right at the kiosk itself, behind a code. Closes by itself.

mod code;
mod page;

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

use hall_api::ReprintReply;
use hall_client::ClientError;
use hall_core::TicketId;
use hall_print::Outcome;

use crate::model::{Effect, Errand, Model, Stage};
use crate::words::{Words, maintenance as words};

pub use code::{BadCode, Code};
pub use page::{Pad, Page, Row};

/// Untouched for so long, pad and page close.
const LEFT_S: u32 = 60;
const WRONG_MAX: u32 = 5;
const LOCKED_FOR: Duration = Duration::from_secs(60);

/// What staff do here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handling {
    /// The gesture; without a code configured nothing comes of it.
    Open,
    /// A key of the pad, 0 to 9.
    Digit(u8),
    Erase,
    Enter,
    Act(Action),
}

/// A button of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Reprint(TicketId),
    PrintTestPage,
    RollChanged,
}

/// Where staff are, and how often the code was wrong.
#[derive(Debug, Default)]
pub(crate) struct Maintenance {
    code: Option<Code>,
    wrong: u32,
    locked_until: Option<Instant>,
    open: Open,
    left_s: u32,
}

#[derive(Debug, Default)]
enum Open {
    #[default]
    Closed,
    Pad {
        typed: String,
        note: Option<Words>,
    },
    Page {
        note: Option<Words>,
        /// An action is under way; another one has to wait.
        busy: bool,
    },
}

impl Maintenance {
    pub fn new(code: Option<Code>) -> Self {
        Self { code, ..Self::default() }
    }

    /// Whether it covers the screen.
    pub fn is_open(&self) -> bool {
        !matches!(self.open, Open::Closed)
    }

    pub fn close(&mut self) {
        self.open = Open::Closed;
    }

    pub fn second_passed(&mut self) {
        self.left_s = self.left_s.saturating_sub(1);
        if self.left_s == 0 {
            self.close();
        }
    }

    /// A touch, whatever it is for, keeps it open.
    pub fn touched(&mut self) {
        self.left_s = LEFT_S;
    }

    fn open_pad(&mut self) {
        if self.code.is_some() && !self.is_open() {
            self.open = Open::Pad { typed: String::new(), note: None };
            self.touched();
        }
    }

    fn is_locked(&self, at: Instant) -> bool {
        self.locked_until.is_some_and(|until| at < until)
    }

    fn type_digit(&mut self, digit: u8, at: Instant) {
        let locked = self.is_locked(at);
        if let Open::Pad { typed, note } = &mut self.open
            && !locked
            && digit <= 9
            && typed.len() < Code::LEN_MAX
        {
            typed.push(char::from(b'0' + digit));
            *note = None;
        }
    }

    fn erase(&mut self) {
        if let Open::Pad { typed, .. } = &mut self.open {
            typed.pop();
        }
    }

    fn enter(&mut self, at: Instant) {
        let locked = self.is_locked(at);
        let (Open::Pad { typed, note }, Some(code)) = (&mut self.open, &self.code) else { return };
        if locked || typed.is_empty() {
            return;
        }
        if code.is(typed) {
            self.wrong = 0;
            self.open = Open::Page { note: None, busy: false };
            tracing::info!("maintenance page opened");
            return;
        }
        typed.clear();
        *note = Some(words::wrong_code());
        self.wrong += 1;
        tracing::warn!(wrong = self.wrong, "wrong maintenance code");
        if self.wrong >= WRONG_MAX {
            self.wrong = 0;
            self.locked_until = Some(at + LOCKED_FOR);
        }
    }

    fn begin(&mut self, under_way: Words) -> bool {
        match &mut self.open {
            Open::Page { note, busy } if !*busy => {
                (*note, *busy) = (Some(under_way), true);
                true
            }
            _ => false,
        }
    }

    fn ended(&mut self, how: Words) {
        if let Open::Page { note, busy } = &mut self.open {
            (*note, *busy) = (Some(how), false);
        }
    }
}

impl Model {
    /// What staff do on pad and page.
    pub(crate) fn maintain(&mut self, handling: Handling, at: Instant) -> Vec<Effect> {
        match handling {
            // A citizen is to see their number, and to get it.
            Handling::Open if self.taking.is_some() || matches!(self.stage, Stage::Ticket(_)) => {}
            Handling::Open => {
                self.maintenance.open_pad();
                if self.maintenance.is_open() {
                    self.go_home();
                }
            }
            Handling::Digit(digit) => self.maintenance.type_digit(digit, at),
            Handling::Erase => self.maintenance.erase(),
            Handling::Enter => self.maintenance.enter(at),
            Handling::Act(action) => return self.act(action, at).into_iter().map(Effect::Send).collect(),
        }
        Vec::new()
    }

    fn act(&mut self, action: Action, at: Instant) -> Option<Errand> {
        match action {
            Action::Reprint(ticket) => {
                self.maintenance.begin(words::ordering()).then_some(Errand::Reprint(ticket))
            }
            Action::PrintTestPage => {
                let printed_at = self.wall_clock(at);
                let begun = self.maintenance.begin(words::printing_test_page());
                begun.then_some(Errand::PrintTestPage { printed_at })
            }
            Action::RollChanged => {
                let begun = self.maintenance.begin(words::roll_changed());
                // Nothing is waited for.
                self.maintenance.ended(words::roll_changed());
                begun.then_some(Errand::RollChanged)
            }
        }
    }

    fn wall_clock(&self, at: Instant) -> String {
        let known = self.mirror.plan().zip(self.mirror.now(at));
        let civil = known.map(|(plan, now)| now.civil(plan.hall.utc_offset));
        civil.map(|civil| civil.strftime("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
    }

    pub(crate) fn reprint_ordered(&mut self, reply: &Result<ReprintReply, ClientError>) {
        self.maintenance.ended(match reply {
            Ok(ordered) => words::ordered(&ordered.number, ordered.copy),
            Err(ClientError::Refused(problem)) => Words::new(&problem.title_zh, &problem.title),
            Err(ClientError::Away(_) | ClientError::Unreadable(_) | ClientError::Address(_)) => {
                words::hub_away()
            }
        });
    }

    pub(crate) fn test_page_ended(&mut self, outcome: Outcome) {
        self.maintenance.ended(words::test_page(outcome));
    }
}

/// `test-page`, `reprint-17`: how the view calls it.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reprint(ticket) => write!(f, "reprint-{ticket}"),
            Self::PrintTestPage => f.write_str("test-page"),
            Self::RollChanged => f.write_str("roll-changed"),
        }
    }
}

impl FromStr for Action {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match (text, text.strip_prefix("reprint-")) {
            ("test-page", _) => Ok(Self::PrintTestPage),
            ("roll-changed", _) => Ok(Self::RollChanged),
            (_, Some(ticket)) => ticket.parse().map(|id| Self::Reprint(TicketId(id))).map_err(drop),
            _ => Err(()),
        }
    }
}

//! A word that stays on the screen for a while: about the last press, about somebody set aside, about a reprint.

use std::time::{Duration, Instant};

use hall_client::ClientError;
use hall_core::{CounterState, TicketNumber};
use hall_ui::Lang;

use crate::dialog::Dialog;
use crate::list::Tab;
use crate::model::Model;
use crate::slips::Reprinted;

/// How long it stays.
const NOTICE_STAYS: Duration = Duration::from_secs(10);

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Call-next found nobody.
    NobodyWaits,
    /// Why the hub refused, in the language of the screen.
    Refused(String),
    /// No answer came: the order may or may not have been carried out.
    NoAnswer,
    /// It is time to call these back.
    CallBack(Vec<TicketNumber>),
    /// What came of a reprint whose dialog was closed.
    Reprinted(Reprinted),
}

/// The last word, and since when it stands.
#[derive(Debug, Default)]
pub struct LastWord(Option<(Notice, Instant)>);

impl LastWord {
    fn get(&self) -> Option<Notice> {
        self.0.as_ref().map(|(notice, _)| notice.clone())
    }

    pub(crate) fn take_back(&mut self) {
        self.0 = None;
    }

    /// Goes with time.
    pub(crate) fn settle(&mut self, now: Instant) {
        self.0.take_if(|(_, since)| now.saturating_duration_since(*since) >= NOTICE_STAYS);
    }
}

impl Model {
    /// What is to be said now: the last word, or else, while the counter is idle, whom to call back. The list of those
    /// set aside says that itself.
    pub(crate) fn notice(&self) -> Option<Notice> {
        let idle = *self.state() == CounterState::Idle;
        let notice = self.said.get().or_else(|| self.call_back().filter(|_| idle))?;
        let is_listed = matches!(notice, Notice::CallBack(_)) && self.list.tab == Tab::Parked;
        (!is_listed).then_some(notice)
    }

    pub(crate) fn say(&mut self, notice: Notice) {
        self.said = LastWord(Some((notice, self.now)));
    }

    /// Whom it is time to call back.
    pub(crate) fn call_back(&self) -> Option<Notice> {
        let now = self.mirror.now(self.now);
        let parked = self.listed(Tab::Parked).into_iter();
        let due = parked.filter(|ticket| self.parked.is_due(ticket, now));
        let numbers: Vec<_> = due.map(|ticket| ticket.number.clone()).collect();
        (!numbers.is_empty()).then_some(Notice::CallBack(numbers))
    }

    /// An order that was not carried out: its dialog says so where it is still open.
    pub(crate) fn say_failure(&mut self, error: ClientError) {
        let refusal = match error {
            ClientError::Refused(problem) => Some(match self.lang {
                Lang::Zh => problem.title_zh,
                Lang::En => problem.title,
            }),
            ClientError::Away(_) | ClientError::Unreadable(_) | ClientError::Address(_) => None,
        };
        match &mut self.dialog {
            Dialog::Reprint(reprint) if reprint.is_under_way() => reprint.fail(refusal),
            _ => self.say(refusal.map_or(Notice::NoAnswer, Notice::Refused)),
        }
    }

    /// What came of a reprint: its dialog says so where it is still open.
    pub(crate) fn say_reprinted(&mut self, reprinted: Reprinted) {
        let is_open =
            matches!(&self.dialog, Dialog::Reprint(reprint) if reprint.ticket() == reprinted.ticket);
        if !is_open {
            self.say(Notice::Reprinted(reprinted));
        }
    }
}

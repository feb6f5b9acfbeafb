//! What pad and page show.

use std::time::Instant;

use hall_core::{Place, Timestamp};
use hall_print::{Ended, Health};

use super::{Action, Maintenance, Open};
use crate::model::Model;
use crate::station::{SlipKey, StationFacts, roll_ends_at};
use crate::words::{Words, maintenance as words, slips};

/// Where the code is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pad {
    /// So many digits, none of them shown.
    pub typed: usize,
    pub note: Option<Words>,
    pub locked: bool,
}

/// The page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub rows: Vec<Row>,
    /// The last slips, newest first.
    pub slips: Vec<Row>,
    /// What came of the last action.
    pub note: Option<Words>,
    /// No action is taken now.
    pub busy: bool,
}

/// A line: what it is of, what it says, and perhaps a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub label: Words,
    pub value: Words,
    pub action: Option<(Words, Action)>,
}

impl Maintenance {
    pub(crate) fn pad(&self, at: Instant) -> Option<Pad> {
        let Open::Pad { typed, note } = &self.open else { return None };
        let locked = self.is_locked(at);
        let note = if locked { Some(words::locked()) } else { note.clone() };
        Some(Pad { typed: typed.len(), note, locked })
    }
}

impl Model {
    pub(crate) fn page(&self, at: Instant) -> Option<Page> {
        let Open::Page { note, busy } = &self.maintenance.open else { return None };
        let slips = self.slips.iter().filter_map(|ended| self.slip_row(ended, at)).collect();
        Some(Page { rows: self.rows(at), slips, note: note.clone(), busy: *busy })
    }

    fn rows(&self, at: Instant) -> Vec<Row> {
        let version = Row::new(words::version_label(), words::version());
        let (Some(station), Some(health)) = (&self.station, &self.printer) else {
            return vec![Row::new(words::printer_label(), words::no_printer()), version];
        };
        let StationFacts { name, profile, address } = station;
        let test_page = (words::print_test_page(), Action::PrintTestPage);
        let roll_changed = (words::change_roll(), Action::RollChanged);
        vec![
            Row::new(words::printer_label(), slips::condition(health.status)).with(test_page),
            Row::new(words::roll_label(), self.roll(health, at)).with(roll_changed),
            Row::new(words::unconfirmed_label(), words::unconfirmed(health.unconfirmed, health.jobs)),
            Row::new(words::station_label(), words::same(&format!("{name}, {profile}, {address}"))),
            version,
        ]
    }

    fn roll(&self, health: &Health, at: Instant) -> Words {
        let ends_at = self.mirror.now(at).and_then(|now| Some(self.clock(roll_ends_at(health, now)?, at)));
        words::roll(health.sheets, health.roll.left_sheets, ends_at.as_deref())
    }

    /// A test page has no row: nobody asks for it again here.
    fn slip_row(&self, ended: &Ended, at: Instant) -> Option<Row> {
        let key: SlipKey = ended.key.parse().ok()?;
        let issued = self.clock(key.issued_at, at);
        let label = words::same(&format!("{}  {issued}", key.number));
        let row = Row::new(label, words::copy_ended(key.copy, ended.outcome));
        Some(if self.may_reprint(&key) { row.with(words_and_action(&key)) } else { row })
    }

    /// On the hall's wall clock; with the date unless it is today.
    fn clock(&self, moment: Timestamp, at: Instant) -> String {
        let offset = self.mirror.plan().map(|plan| plan.hall.utc_offset).unwrap_or_default();
        let today = self.mirror.now(at).map(|now| now.civil(offset).date());
        let civil = moment.civil(offset);
        let format = if today == Some(civil.date()) { "%H:%M" } else { "%m-%d %H:%M" };
        civil.strftime(format).to_string()
    }

    /// Of somebody still to be served, and not of a ticket with the same id of other days.
    fn may_reprint(&self, key: &SlipKey) -> bool {
        let ticket = self.mirror.view().tickets.get(&key.ticket);
        ticket.is_some_and(|ticket| {
            ticket.issued_at == key.issued_at && (ticket.place.is_open() || ticket.place == Place::NoShow)
        })
    }
}

fn words_and_action(key: &SlipKey) -> (Words, Action) {
    (words::reprint(&key.number), Action::Reprint(key.ticket))
}

impl Row {
    fn new(label: Words, value: Words) -> Self {
        Self { label, value, action: None }
    }

    fn with(self, action: (Words, Action)) -> Self {
        Self { action: Some(action), ..self }
    }
}

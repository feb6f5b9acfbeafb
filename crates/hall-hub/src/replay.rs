//! The state a journal tells. Days carry nothing over but the plan and the next ticket id, so the last day is enough.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};

use hall_api::View;
use hall_core::{Event, Hall, Record};

use crate::feed::RING_MAX;
use crate::journal::{Entry, Journal, JournalError, ReplayStart};
use crate::key::SeenKeys;

/// The fold of a journal.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Replayed {
    pub hall: Hall,
    pub view: View,
    pub seen_keys: SeenKeys,
    /// The latest records, as many as the feed keeps.
    pub tail: VecDeque<Record>,
}

static REPLAYING: AtomicU64 = AtomicU64::new(0);

/// The record that is being replayed just now. A panic meanwhile means that it does not follow from those before it:
/// the journal is damaged.
pub fn replaying() -> Option<u64> {
    Some(REPLAYING.load(Ordering::Relaxed)).filter(|seq| *seq > 0)
}

impl Replayed {
    /// Replays as little as will do.
    pub fn of(journal: &Journal) -> Result<Self, JournalError> {
        Self::starting_at(journal.replay_start()?, journal)
    }

    fn starting_at(start: ReplayStart, journal: &Journal) -> Result<Self, JournalError> {
        let mut replayed = Self::default();
        replayed.view.seq = start.from - 1;
        journal.replay_keys(start.keys_from..=start.from - 1, |used, seq| {
            replayed.seen_keys.remember(&used, seq);
        })?;
        if let Some(plan) = start.plan {
            replayed.hall.apply(&plan.event, plan.at);
        }
        journal.replay(start.from..=journal.last_seq()?, |entry| replayed.take(entry))?;
        REPLAYING.store(0, Ordering::Relaxed);
        Ok(replayed)
    }

    fn take(&mut self, Entry { record, used }: Entry) {
        REPLAYING.store(record.seq, Ordering::Relaxed);
        self.hall.apply(&record.event, record.at);
        let next = self.view.apply(&record);
        assert!(next, "record {} came after {}", record.seq, self.view.seq);
        if matches!(record.event, Event::DayOpened { .. }) {
            self.seen_keys.begin_day();
        }
        if let Some(used) = &used {
            self.seen_keys.remember(used, record.seq);
        }
        if self.tail.len() == RING_MAX {
            self.tail.pop_front();
        }
        self.tail.push_back(record);
    }
}

#[cfg(test)]
mod tests {
    use hall_core::{BusinessDay, Command, CounterNumber, Plan, Timestamp, Wish};

    use super::*;
    use crate::key::KeyUse;

    /// A journal of some days at one counter, with the plan changed on the way and keys on every ticket.
    fn journal_of(days: i64) -> Journal {
        let mut journal = Journal::in_memory().unwrap();
        let mut plan = Plan::from_toml(include_str!("../tests/hub/plan.toml")).unwrap();
        let mut hall = Hall::default();
        let (counter, mut seq) = (CounterNumber(1), 0);
        for day in 0..days {
            let at: Timestamp = "2026-11-23T09:00:00+08:00".parse().unwrap();
            let at = at.plus_ms(day * 86_400_000);
            let date: BusinessDay = plan.date(at);
            plan.queue.call_limit = 2 + day as u32 / 2;
            let issue = Command::IssueTicket(Wish::new("id-card", "elderly"));
            let commands = [
                Command::AdoptPlan { plan: plan.clone().into() },
                Command::OpenDay { day: date },
                issue.clone(),
                Command::OpenCounter { counter, staff: None },
                Command::CallNext { counter },
                issue.clone(),
                Command::Recall { counter },
                Command::StartService { counter },
                issue,
            ];
            for command in commands {
                let key = KeyUse::new(format!("k{seq}").parse().unwrap(), &command);
                let events = hall.decide(&command, at).unwrap();
                let mut entries = Vec::new();
                for (event, seq) in events.into_iter().zip(seq + 1..) {
                    hall.apply(&event, at);
                    entries.push(Entry { record: Record { seq, at, event }, used: Some(key.clone()) });
                }
                seq += entries.len() as u64;
                journal.append(&entries, None).unwrap();
            }
        }
        journal
    }

    #[test]
    fn replaying_the_last_day_tells_the_same_as_replaying_everything() {
        for days in 1..=4 {
            let journal = journal_of(days);
            let everything = ReplayStart { plan: None, from: 1, keys_from: 1 };
            let full = Replayed::starting_at(everything, &journal).unwrap();
            let mut short = Replayed::of(&journal).unwrap();
            assert_eq!(
                short.tail,
                full.tail.iter().skip(full.tail.len() - short.tail.len()).cloned().collect::<VecDeque<_>>()
            );
            short.tail = full.tail.clone();
            assert_eq!(short, full, "{days} days");
            assert!(days == 1 || journal.replay_start().unwrap().from > 10);
        }
    }

    #[test]
    fn an_empty_journal_tells_of_an_empty_hall() {
        assert_eq!(Replayed::of(&Journal::in_memory().unwrap()).unwrap(), Replayed::default());
    }
}

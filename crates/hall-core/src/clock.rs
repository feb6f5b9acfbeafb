//! What the clock demands: days that begin and end, timers of counters, reminders, and calls that counters make by themselves.

use crate::plan::{HelpWhen, Plan};
use crate::{BusinessDay, Command, CounterNumber, Hall, Timestamp};

/// How far ahead a working day is looked for: no hall is closed for longer.
const DAYS_OFF_MAX: usize = 400;

impl Hall {
    /// The next moment, `now` or later, at which [`due`](Hall::due) may have something to do.
    pub fn next_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let plan = self.plan()?;
        let timers = self.timers().take(1).map(|(at, _)| at);
        let reminder = self.reminders.first().map(|(at, _)| *at);
        let calls = self.restless.iter().filter_map(|counter| self.calls_by_itself_at(*counter, now));
        timers.chain(reminder).chain(self.day_turns_at(plan, now)).map(|at| at.max(now)).chain(calls).min()
    }

    /// What the clock demands at `now`, in order. When it has been carried out, there may be more.
    pub fn due(&self, now: Timestamp) -> Vec<Command> {
        let Some(plan) = self.plan() else { return Vec::new() };
        let mut due: Vec<Command> =
            self.timers().take_while(|(at, _)| *at <= now).map(|(_, command)| command).collect();
        let reminders = self.reminders.iter().take_while(|(at, _)| *at <= now);
        due.extend(reminders.map(|(_, ticket)| Command::Remind { ticket: *ticket }));
        let today = plan.date(now);
        if self.day.is_some_and(|day| day.open && now >= plan.day_ends(day.date)) {
            due.push(Command::CloseDay);
        }
        let within_today = (plan.day_begins(today)..plan.day_ends(today)).contains(&now);
        if within_today && self.day.is_none_or(|day| day.date < today) && plan.is_working_day(today) {
            due.push(Command::OpenDay { day: today });
        }
        if due.is_empty() {
            let restless = self.restless.iter().filter(|counter| self.next_for(**counter, now).is_some());
            due.extend(restless.map(|counter| Command::CallNext { counter: *counter }));
        }
        due
    }

    fn day_turns_at(&self, plan: &Plan, now: Timestamp) -> Option<Timestamp> {
        let today = plan.date(now);
        let last = match self.day {
            Some(day) if day.open => return Some(plan.day_ends(day.date)),
            Some(day) => day.date,
            None => BusinessDay::MIN,
        };
        let earliest = if last >= today || now >= plan.day_ends(today) {
            last.max(today).tomorrow().ok()?
        } else {
            today
        };
        let days = std::iter::successors(Some(earliest), |day| day.tomorrow().ok()).take(DAYS_OFF_MAX);
        days.into_iter().find(|day| plan.is_working_day(*day)).map(|day| plan.day_begins(day))
    }

    /// When called tickets become no-shows or begin to be served by themselves, the earliest first.
    fn timers(&self) -> impl Iterator<Item = (Timestamp, Command)> {
        let rules = self.plan().map(|plan| &plan.queue);
        let timer = rules.and_then(|rules| match (rules.no_show_after_s, rules.start_after_s) {
            (Some(after_s), _) => Some((after_s, true)),
            (None, after_s) => after_s.map(|after_s| (after_s, false)),
        });
        timer.into_iter().flat_map(|(after_s, misses)| {
            self.calling.iter().map(move |(since, counter)| {
                let command = match misses {
                    true => Command::NoShow { counter: *counter, timed: true },
                    false => Command::StartService { counter: *counter },
                };
                (since.plus_ms(i64::from(after_s) * 1_000), command)
            })
        })
    }

    /// When an idle counter that calls by itself will have somebody to call, unless somebody comes.
    fn calls_by_itself_at(&self, counter: CounterNumber, now: Timestamp) -> Option<Timestamp> {
        if self.next_for(counter, now).is_some() {
            return Some(now);
        }
        let heads = self.calls_for(counter)?.helps.iter().filter_map(|help| match help.when {
            HelpWhen::OwnEmpty => None,
            HelpWhen::WaitedOverMin(minutes) => {
                let head = self.line(&help.service)?.head()?;
                Some(head.waits_from.plus_ms(i64::from(minutes) * 60_000 + 1))
            }
        });
        heads.min()
    }
}

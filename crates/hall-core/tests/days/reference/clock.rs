//! What the clock demands, tried out moment by moment.

use hall_core::plan::{HelpWhen, Weekday};
use hall_core::{BusinessDay, Command, CounterNumber, CounterState, Place, Plan, Timestamp};

use super::{MINUTE_MS, Reference};

/// No hall of these tests is closed for longer.
const DAYS_OFF_MAX: usize = 12;

impl Reference {
    /// What is to be done at `now`, in order.
    pub fn due(&self, now: Timestamp) -> Vec<Command> {
        let Some(plan) = self.plan.as_deref() else { return Vec::new() };
        let mut due = Vec::new();
        let mut calling: Vec<_> = self
            .counters
            .iter()
            .filter(|(_, counter)| matches!(counter.state, CounterState::Calling { .. }))
            .collect();
        calling.sort_by_key(|(number, counter)| (counter.since, *number));
        for (number, counter) in calling {
            let passed_ms = now.as_ms() - counter.since.as_ms();
            let has_passed = |after_s: Option<u32>| after_s.is_some_and(|s| passed_ms >= i64::from(s) * 1000);
            if has_passed(plan.queue.no_show_after_s) {
                due.push(Command::NoShow { counter: *number, timed: true });
            }
            if has_passed(plan.queue.start_after_s) {
                due.push(Command::StartService { counter: *number });
            }
        }
        let mut reminders = self.reminders();
        reminders.retain(|(at, _)| *at <= now);
        reminders.sort();
        due.extend(reminders.into_iter().map(|(_, ticket)| Command::Remind { ticket }));

        let (today, minute) = local(plan, now);
        let ends = |day: BusinessDay| Timestamp::at(day, plan.hall.day.to_min, plan.hall.utc_offset);
        if self.day.is_some_and(|day| day.open && ends(day.date) <= now) {
            due.push(Command::CloseDay);
        }
        let is_day = (plan.hall.day.from_min..plan.hall.day.to_min).contains(&minute);
        if is_day && is_working_day(plan, today) && self.day.is_none_or(|day| day.date < today) {
            due.push(Command::OpenDay { day: today });
        }
        if due.is_empty() {
            let idle = self.counters.iter().filter(|(_, counter)| counter.state == CounterState::Idle);
            let calls =
                idle.filter(|(number, _)| self.calls_by_itself(*number) && self.next(*number, now).is_some());
            due.extend(calls.map(|(number, _)| Command::CallNext { counter: *number }));
        }
        due
    }

    /// The first moment, `now` or later, at which anything is due: found by trying all that come into question.
    pub fn next_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let plan = self.plan.as_deref()?;
        let mut moments = vec![now];
        moments.extend(self.reminders().into_iter().map(|(at, _)| at));
        for (number, counter) in &self.counters {
            for after_s in [plan.queue.no_show_after_s, plan.queue.start_after_s].into_iter().flatten() {
                moments.push(counter.since.plus_ms(i64::from(after_s) * 1000));
            }
            if counter.state != CounterState::Idle {
                continue;
            }
            for help in self.profile(*number).helps {
                if let HelpWhen::WaitedOverMin(minutes) = help.when {
                    let waits = self.waiting().filter(|ticket| ticket.service == help.service);
                    moments.extend(waits.map(|t| t.waits_from.plus_ms(i64::from(minutes) * MINUTE_MS + 1)));
                }
            }
        }
        let mut day = self.day.map_or(local(plan, now).0, |day| day.date.min(local(plan, now).0));
        let last = self.day.map_or(day, |day| day.date.max(local(plan, now).0));
        let mut days_after = 0;
        while days_after < DAYS_OFF_MAX {
            for minute in [plan.hall.day.from_min, plan.hall.day.to_min] {
                moments.push(Timestamp::at(day, minute, plan.hall.utc_offset));
            }
            days_after += usize::from(day > last);
            day = day.tomorrow().unwrap();
        }
        moments.sort();
        moments.dedup();
        moments.into_iter().filter(|at| *at >= now).find(|at| !self.due(*at).is_empty())
    }

    fn calls_by_itself(&self, number: CounterNumber) -> bool {
        let plan = self.plan.as_deref().unwrap();
        let planned = plan.counters.iter().find(|planned| planned.number == number).unwrap().auto_call;
        self.profile(number).auto_call.or(planned).unwrap_or(plan.queue.auto_call)
    }

    fn reminders(&self) -> Vec<(Timestamp, hall_core::TicketId)> {
        let remind_at = |place| if let Place::Parked { remind_at, .. } = place { remind_at } else { None };
        self.tickets.iter().filter_map(|ticket| Some((remind_at(ticket.place)?, ticket.id))).collect()
    }
}

/// The date and the minute of the day at the hall.
pub(super) fn local(plan: &Plan, now: Timestamp) -> (BusinessDay, u16) {
    let civil = now.civil(plan.hall.utc_offset);
    (civil.date(), civil.hour() as u16 * 60 + civil.minute() as u16)
}

pub(super) fn weekday(day: BusinessDay) -> Weekday {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    // 1 January 2024 was a Monday.
    let days = day.since(BusinessDay::constant(2024, 1, 1)).unwrap().get_days();
    [Mon, Tue, Wed, Thu, Fri, Sat, Sun][days.rem_euclid(7) as usize]
}

pub(super) fn is_working_day(plan: &Plan, day: BusinessDay) -> bool {
    let Some(calendar) = &plan.calendar else { return true };
    let by_week = calendar.workdays.contains(&weekday(day));
    !calendar.off.contains(&day) && (calendar.work.contains(&day) || by_week)
}

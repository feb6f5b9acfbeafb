//! What a terminal knows of the hall; kept on screen while the hub is away.

use std::sync::Arc;
use std::time::Instant;

use hall_api::View;
use hall_core::{Day, Plan, Timestamp};

use crate::Update;

/// News may be this old when it arrives: the hub shares a snapshot for a second, and networks are slow.
const DELAY_MS_MAX: i64 = 2_000;

/// The connection, as a person should see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Nothing is known yet.
    #[default]
    Connecting,
    /// What is shown is current.
    Connected,
    /// What is shown is what was last known.
    Away,
}

/// How far today's business is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayStage {
    NotOpenYet,
    /// Numbers are given.
    Open,
    Ended,
}

/// The hall as last heard of.
#[derive(Clone, Debug, Default)]
pub struct Mirror {
    plan: Option<Arc<Plan>>,
    view: View,
    link: Link,
    clock: Option<(Timestamp, Instant)>,
}

impl Mirror {
    /// Takes in an update that arrived at `at`.
    pub fn take(&mut self, update: &Update, at: Instant) {
        match update {
            Update::Plan(plan) => {
                // What goes by this plan comes next.
                self.plan = Some(plan.clone());
                return;
            }
            Update::Snapshot(view) => {
                self.view = View::clone(view);
                self.set_clock(view.now, at);
            }
            Update::Record(record) => {
                let in_sequence = self.view.apply(record);
                debug_assert!(in_sequence, "the stream hands on records in sequence");
                self.set_clock(Some(record.at), at);
            }
            Update::Tick(now) => self.set_clock(Some(*now), at),
            Update::Away(_) => {
                // Until the first snapshot there is nothing to keep on screen.
                self.link = if self.link == Link::Connecting { Link::Connecting } else { Link::Away };
                return;
            }
        }
        if self.plan.is_some() && self.clock.is_some() {
            self.link = Link::Connected;
        }
    }

    /// The plan, once known.
    pub fn plan(&self) -> Option<&Arc<Plan>> {
        self.plan.as_ref()
    }

    /// The state as last known; empty at first.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The connection.
    pub fn link(&self) -> Link {
        self.link
    }

    /// The hall's time at `at`, once known. It runs on while the hub is away.
    pub fn now(&self, at: Instant) -> Option<Timestamp> {
        let (then, heard) = self.clock?;
        let elapsed_ms = at.saturating_duration_since(heard).as_millis();
        Some(then.plus_ms(i64::try_from(elapsed_ms).unwrap_or(i64::MAX)))
    }

    /// How far today's business is at `at`. What is known may be of yesterday, which says nothing of today.
    pub fn day_stage(&self, at: Instant) -> DayStage {
        let today = self.plan.as_ref().zip(self.now(at));
        match (self.view.day, today) {
            (Some(Day { open: true, .. }), _) => DayStage::Open,
            (Some(_), None) => DayStage::Ended,
            (Some(day), Some((plan, now))) if day.date >= plan.date(now) => DayStage::Ended,
            (_, Some((plan, now))) if now >= plan.day_ends(plan.date(now)) => DayStage::Ended,
            (_, _) => DayStage::NotOpenYet,
        }
    }

    /// Old records, caught up with, and the network's delays do not turn the clock back. A hub that is really behind
    /// when it returns was started anew with another time, which counts.
    fn set_clock(&mut self, now: Option<Timestamp>, at: Instant) {
        let Some(now) = now else { return };
        let forward = self.now(at).is_none_or(|known| now > known);
        let returned = self.link != Link::Connected;
        if forward || returned && self.now(at).is_some_and(|known| now.plus_ms(DELAY_MS_MAX) < known) {
            self.clock = Some((now, at));
        }
    }
}

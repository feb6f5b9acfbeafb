//! What a board knows and what follows from news: plain Rust, no clock, no Slint types.

mod calls;
mod pages;
mod screen;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use hall_api::Call;
use hall_client::{Mirror, Update};
use hall_core::{Plan, Timestamp, ZoneId};

use calls::RecentCalls;
use pages::Pages;
pub use screen::{CallLine, CounterCell, Doing, Lead, Screen, Stage};

/// News for the board.
#[derive(Clone, Debug)]
pub enum Msg {
    /// The hub said something, heard at `at`.
    Hub { update: Update, at: Instant },
    /// Time passes; sent every second.
    Clock(Instant),
    /// How much the screen holds has changed.
    Room(Room),
}

/// How much the screen holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Calls listed below the newest.
    pub calls: usize,
    /// Counters on a page.
    pub counters: usize,
}

/// What the board has to do beside showing its [`Screen`].
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A new call is on the screen from the next frame on.
    ReportShown(Call),
    /// A new call is to be said; it was made `age` ago.
    Announce { call: Call, age: Duration },
    /// The zone this board was started for is not in the plan.
    ReportUnknownZone { zones: Vec<ZoneId> },
}

/// A board for one zone, or for the whole hall.
#[derive(Debug)]
pub struct Board {
    zone: Option<ZoneId>,
    mirror: Mirror,
    calls: RecentCalls,
    pages: Pages,
    room: Room,
    now: Instant,
}

impl Board {
    /// A board that knows nothing yet; `zone` none for the whole hall.
    pub fn new(zone: Option<ZoneId>, room: Room, now: Instant) -> Self {
        let (mirror, calls, pages) = (Mirror::default(), RecentCalls::default(), Pages::default());
        Self { zone, mirror, calls, pages, room, now }
    }

    /// Takes in news.
    pub fn update(&mut self, message: Msg) -> Vec<Effect> {
        match message {
            Msg::Hub { update, at } => self.hear(&update, at),
            Msg::Clock(now) => {
                self.now = now;
                self.pages.turn(self.page_count(), now);
                Vec::new()
            }
            Msg::Room(room) => {
                self.room = room;
                Vec::new()
            }
        }
    }

    fn hear(&mut self, update: &Update, at: Instant) -> Vec<Effect> {
        self.now = at;
        self.mirror.take(update, at);
        match update {
            Update::Plan(plan) => self.check_zone(plan).into_iter().collect(),
            Update::Snapshot(_) | Update::Record(_) => self.take_calls(),
            Update::Tick(_) | Update::Away(_) => Vec::new(),
        }
    }

    fn check_zone(&self, plan: &Plan) -> Option<Effect> {
        let zone = self.zone.as_ref()?;
        let zones = || plan.zones.iter().map(|zone| zone.id.clone()).collect();
        plan.zone(zone).is_none().then(|| Effect::ReportUnknownZone { zones: zones() })
    }

    fn take_calls(&mut self) -> Vec<Effect> {
        let Some(plan) = self.mirror.plan() else { return Vec::new() };
        let (zone, now) = (self.zone.as_ref(), self.hall_now());
        let news = self.calls.take(
            self.mirror.view(),
            |number| {
                plan.counter(number).is_some_and(|counter| zone.is_none_or(|zone| counter.zone == *zone))
            },
            |call| age(call, now),
            self.now,
        );
        // In a burst, calls already pushed off the list never were on the screen.
        let on_screen: Vec<u64> = self.visible_calls().map(|recent| recent.call.seq).collect();
        let mut effects = Vec::new();
        for call in news {
            effects.push(Effect::Announce { call: call.clone(), age: age(&call, now) });
            if on_screen.contains(&call.seq) {
                effects.push(Effect::ReportShown(call));
            }
        }
        effects
    }

    fn hall_now(&self) -> Option<Timestamp> {
        self.mirror.now(self.now)
    }
}

/// Zero when the hall's time is not known.
fn age(call: &Call, now: Option<Timestamp>) -> Duration {
    let age_ms = now.map_or(0, |now| now.as_ms() - call.at.as_ms());
    Duration::from_millis(u64::try_from(age_ms).unwrap_or(0))
}

//! A day of a hall as data: who comes when, how long everything takes them, when staff are there. Nothing in it depends
//! on the rules of calling, so that two sets of rules can meet the same day.

use hall_core::plan::Profile;
use hall_core::{BusinessDay, CounterNumber, Destination, ServiceId, StaffId, Timestamp, Wish};

/// Everything that people bring into a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    pub day: BusinessDay,
    /// Everybody, by the moment they come.
    pub visits: Vec<Visit>,
    /// One for each counter that is staffed.
    pub shifts: Vec<Shift>,
    /// What counters are told to call for in the course of the day, by moment; none: what the plan says.
    pub profiles: Vec<(Timestamp, CounterNumber, Option<Profile>)>,
}

/// A citizen's visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// When they are at the kiosk or, without a number, at the counter.
    pub at: Timestamp,
    pub coming: Coming,
    pub wish: Wish,
    /// What happens at counters, one after the other; never empty. Should a visit come to more counters than it has
    /// stops, the last one is taken again.
    pub stops: Vec<Stop>,
}

/// How somebody comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coming {
    /// Takes a number.
    WalkIn,
    /// Has booked a slot beforehand and checks in, unless they never come.
    Booked { slot: Timestamp, comes: bool },
    /// Goes straight to a counter.
    Direct(CounterNumber),
}

/// Once at a counter: from the call to leaving it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    pub service: ServiceId,
    /// From the call to being at the counter.
    pub walk_ms: i64,
    /// At the counter.
    pub service_ms: i64,
    /// The calls that are missed, one after the other, before one is followed.
    pub misses: Vec<Miss>,
    /// How long they wait for the call before they go; as long as it takes when absent.
    pub patience: Option<Patience>,
    pub ending: Ending,
}

/// A missed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Miss {
    /// How long after having been given up they come back and are reinstated; never when absent.
    pub back_after_ms: Option<i64>,
}

/// How long somebody waits, from taking the number or from the slot, whichever is later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    pub ms: i64,
    /// Gives the number back instead of just leaving.
    pub withdraws: bool,
}

/// How the time at a counter ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// Served: on to the next leg of the ticket, or home.
    Served,
    /// Served, and whatever the ticket was to go on to is not needed.
    ServedForGood,
    /// Was at the wrong place, and is sent to the right one.
    Transferred(Destination),
    /// Served, and sent on by staff.
    SentOn { legs: Vec<ServiceId>, and_back: bool },
    /// Set aside for so long, to fill in a form.
    Parked { away_ms: i64, back: Back },
    /// Walks away from the counter.
    Leaves,
}

/// How a parked citizen comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// Says so, and waits again.
    Waits,
    /// Is called back by the counter that set them aside.
    IsCalled,
}

/// The day of one counter.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    pub counter: CounterNumber,
    pub staff: Option<StaffId>,
    /// From being free, or seeing somebody come, to pressing call-next.
    pub press_ms: i64,
    /// When it is staffed, in order. Staff stay after the last one until nobody is left for them.
    pub spells: Vec<Spell>,
    /// In order; each begins as soon as the counter is free.
    pub breaks: Vec<Break>,
}

/// A time without a closing in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    pub opens: Timestamp,
    pub closes: Timestamp,
}

/// A pause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    pub at: Timestamp,
    pub lasts_ms: i64,
    /// Shown over the counter.
    pub reason: String,
}

impl Stop {
    /// Somebody who comes when called, is served and goes.
    pub fn plain(service: ServiceId, walk_ms: i64, service_ms: i64) -> Self {
        Self { service, walk_ms, service_ms, misses: Vec::new(), patience: None, ending: Ending::Served }
    }
}

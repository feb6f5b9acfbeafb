//! What terminals and the hub's own clock ask of the hall.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{BusinessDay, ClassId, CounterNumber, Plan, ServiceId};

/// A wish, to be decided by [`Hall::decide`](crate::Hall::decide).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// Go on by this plan from now.
    AdoptPlan { plan: Arc<Plan> },
    /// Begin a business day: numbers restart, counters are closed, whatever is left of the day before expires.
    OpenDay { day: BusinessDay },
    /// End the business day: no more numbers; those still waiting expire. Who is at a counter is served to the end.
    CloseDay,
    /// Give a citizen a number.
    IssueTicket { service: ServiceId, class: ClassId },
    /// Begin or resume serving.
    OpenCounter { counter: CounterNumber },
    /// Stop serving for now; the reason is shown over the counter.
    PauseCounter { counter: CounterNumber, reason: String },
    /// Stop serving.
    CloseCounter { counter: CounterNumber },
    /// Call whoever is next for this counter; nobody waiting is no error and no event.
    CallNext { counter: CounterNumber },
    /// Call the same ticket again.
    Recall { counter: CounterNumber },
    /// The called citizen is here.
    StartService { counter: CounterNumber },
    /// The citizen is served.
    FinishService { counter: CounterNumber },
    /// The called citizen did not come.
    NoShow { counter: CounterNumber },
    /// Send the citizen on to another service, keeping the standing.
    Transfer { counter: CounterNumber, service: ServiceId },
}

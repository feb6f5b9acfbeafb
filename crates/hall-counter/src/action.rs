//! What a clerk can do at a counter, and which of it the counter's state allows: nothing else decides that.

use hall_core::{CounterState, ServiceId};

/// A button of the counter's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Open the counter, or end its pause.
    Open,
    CallNext,
    Recall,
    /// The called citizen has come.
    Start,
    Finish,
    NoShow,
    Transfer,
    Pause,
    Close,
}

/// What the hub is asked to do for this counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    Open,
    CallNext,
    Recall,
    Start,
    Finish,
    NoShow,
    Transfer(ServiceId),
    /// The reason is shown over the counter, 1 to [`hall_core::PAUSE_REASON_CHARS_MAX`] characters.
    Pause(String),
    Close,
}

/// What counts besides the state of the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// How many wait for the services of this counter.
    pub waiting: usize,
    /// How often a ticket may be called in all.
    pub call_limit: u32,
    /// Whether the business day is open: afterwards nobody can wait for another service.
    pub day_open: bool,
}

impl Action {
    /// Every action, in the order of its keys.
    pub const ALL: [Self; 9] = [
        Self::Open,
        Self::CallNext,
        Self::Recall,
        Self::Start,
        Self::Finish,
        Self::NoShow,
        Self::Transfer,
        Self::Pause,
        Self::Close,
    ];

    /// The one action that takes a counter on its usual way: the large button.
    pub fn usual(state: &CounterState) -> Self {
        match state {
            CounterState::Closed | CounterState::Paused { .. } => Self::Open,
            CounterState::Idle => Self::CallNext,
            CounterState::Calling { .. } => Self::Start,
            CounterState::Serving { .. } => Self::Finish,
        }
    }

    /// Whether a counter in `state` can do this.
    pub fn is_allowed(self, state: &CounterState, circumstances: Circumstances) -> bool {
        let Circumstances { waiting, call_limit, day_open } = circumstances;
        match self {
            Self::Open => matches!(state, CounterState::Closed | CounterState::Paused { .. }),
            Self::CallNext => *state == CounterState::Idle && waiting > 0,
            Self::Recall => matches!(state, CounterState::Calling { calls, .. } if *calls < call_limit),
            Self::Start | Self::NoShow => matches!(state, CounterState::Calling { .. }),
            Self::Finish => matches!(state, CounterState::Serving { .. }),
            Self::Transfer => {
                day_open && matches!(state, CounterState::Calling { .. } | CounterState::Serving { .. })
            }
            Self::Pause => *state == CounterState::Idle,
            Self::Close => matches!(state, CounterState::Idle | CounterState::Paused { .. }),
        }
    }

    /// The order that needs nothing more to be said; transfer and pause ask first.
    pub(crate) fn order(self) -> Option<Order> {
        match self {
            Self::Open => Some(Order::Open),
            Self::CallNext => Some(Order::CallNext),
            Self::Recall => Some(Order::Recall),
            Self::Start => Some(Order::Start),
            Self::Finish => Some(Order::Finish),
            Self::NoShow => Some(Order::NoShow),
            Self::Close => Some(Order::Close),
            Self::Transfer | Self::Pause => None,
        }
    }
}

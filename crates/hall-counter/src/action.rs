//! What a clerk can do at a counter, and which of it the counter's state allows: nothing else decides that.

use hall_core::plan::Profile;
use hall_core::{CounterState, Destination, PrinterId, ServiceId, StaffId, TicketId};

/// Something that concerns the counter or the ticket at it, with a button or a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Open the counter, or end its pause.
    Open,
    CallNext,
    Recall,
    /// The called citizen has come.
    Start,
    /// Served; on a route, the ticket goes on.
    Finish,
    NoShow,
    Transfer,
    Pause,
    Close,
    /// Set the ticket aside.
    Park,
    /// Served, and sent on to other services.
    SendOn,
    /// Served, and the route ends here.
    FinishHere,
    /// Serve somebody without a ticket.
    ServeDirect,
    /// The citizen has left.
    Abandon,
    /// What the counter calls for today.
    Profile,
    /// Print the slip of the chosen ticket again, or else of the ticket at the counter.
    Reprint,
    /// Show how the slip printers of the hall are.
    Printers,
}

/// What the hub is asked to do for this counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Whoever is named signs in.
    Open(Option<StaffId>),
    CallNext,
    CallTicket(TicketId),
    Recall,
    Start,
    ServeDirect(ServiceId),
    Finish,
    FinishHere,
    NoShow,
    Park {
        remind_after_min: Option<u32>,
    },
    Transfer(Destination),
    SendOn {
        legs: Vec<ServiceId>,
        and_back: bool,
    },
    /// The reason is shown over the counter, 1 to [`hall_core::PAUSE_REASON_CHARS_MAX`] characters.
    Pause(String),
    Close,
    SetProfile(Profile),
    /// What the plan says counts again.
    ResetProfile,
    Resume(TicketId),
    Reinstate(TicketId),
    Cancel(TicketId),
    Abandon(TicketId),
    Reprint {
        ticket: TicketId,
        printer: PrinterId,
    },
}

/// What counts besides the state of the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// Whether there is somebody for this counter to call.
    pub has_next: bool,
    /// Whether the ticket at the counter has services to go on to.
    pub goes_on: bool,
    /// How often a ticket may be called in all.
    pub call_limit: u32,
    /// Whether the business day is open: afterwards nobody can wait for anything.
    pub day_open: bool,
    /// Whether there is a ticket whose slip could be printed again.
    pub has_slip: bool,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 17] = [
        Self::Open,
        Self::CallNext,
        Self::Recall,
        Self::Start,
        Self::Finish,
        Self::NoShow,
        Self::Transfer,
        Self::Pause,
        Self::Close,
        Self::Park,
        Self::SendOn,
        Self::FinishHere,
        Self::ServeDirect,
        Self::Abandon,
        Self::Profile,
        Self::Reprint,
        Self::Printers,
    ];

    /// Those behind the button "more", in the order of their keys from 1.
    pub const MENU: [Self; 8] = [
        Self::Park,
        Self::SendOn,
        Self::FinishHere,
        Self::ServeDirect,
        Self::Abandon,
        Self::Profile,
        Self::Reprint,
        Self::Printers,
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
        let Circumstances { has_next, goes_on, call_limit, day_open, has_slip } = circumstances;
        let (calling, serving) =
            (matches!(state, CounterState::Calling { .. }), matches!(state, CounterState::Serving { .. }));
        let idle = *state == CounterState::Idle;
        match self {
            Self::Open => matches!(state, CounterState::Closed | CounterState::Paused { .. }),
            Self::CallNext => idle && has_next,
            Self::Recall => matches!(state, CounterState::Calling { calls, .. } if *calls < call_limit),
            Self::Start | Self::NoShow => calling,
            Self::Finish => serving,
            Self::FinishHere => serving && goes_on && day_open,
            Self::SendOn => serving && day_open,
            Self::Transfer | Self::Park => (calling || serving) && day_open,
            Self::Abandon => calling || serving,
            Self::Pause => idle,
            Self::ServeDirect => idle && day_open,
            Self::Close => matches!(state, CounterState::Idle | CounterState::Paused { .. }),
            Self::Reprint => has_slip,
            Self::Profile | Self::Printers => true,
        }
    }
}

//! What staff do at a counter.

use hall_api::{
    CallReply, CallTicket, CounterReply, FinishService, HelpService, OpenCounter, ParkTicket, PauseCounter,
    SendOn, ServeDirect, SetProfile, StopHelping, TicketRef, TransferTicket,
};
use hall_core::plan::{HelpWhen, Profile};
use hall_core::{ClassId, CounterNumber, Destination, ServiceId, StaffId, TicketId};
use reqwest::Method;

use crate::hub::NoBody;
use crate::{ClientError, Hub, Key};

type Done = Result<CounterReply, ClientError>;
type Called = Result<CallReply, ClientError>;

impl Hub {
    /// Opens the counter, or ends its pause.
    pub async fn open(&self, counter: CounterNumber) -> Done {
        self.post_counter(counter, "open", &NoBody {}).await
    }

    /// The same, and signs a member of staff in.
    pub async fn open_as(&self, counter: CounterNumber, staff: &StaffId) -> Done {
        self.post_counter(counter, "open", &OpenCounter { staff: Some(staff.clone()) }).await
    }

    /// Pauses the counter; the reason is shown over it.
    pub async fn pause(&self, counter: CounterNumber, reason: &str) -> Done {
        self.post_counter(counter, "pause", &PauseCounter { reason: reason.to_owned() }).await
    }

    /// Closes the counter.
    pub async fn close(&self, counter: CounterNumber) -> Done {
        self.post_counter(counter, "close", &NoBody {}).await
    }

    /// Calls whoever is next for the counter.
    pub async fn call_next(&self, counter: CounterNumber) -> Called {
        self.post_counter(counter, "call-next", &NoBody {}).await
    }

    /// Calls this ticket, waiting or parked.
    pub async fn call_ticket(&self, counter: CounterNumber, ticket: TicketId) -> Called {
        self.post_counter(counter, "call", &CallTicket { ticket: TicketRef::Id(ticket) }).await
    }

    /// Calls the same ticket again.
    pub async fn recall(&self, counter: CounterNumber) -> Called {
        self.post_counter(counter, "recall", &NoBody {}).await
    }

    /// The called citizen has come.
    pub async fn start(&self, counter: CounterNumber) -> Done {
        self.post_counter(counter, "start", &NoBody {}).await
    }

    /// Serves somebody without a ticket.
    pub async fn serve_direct(&self, counter: CounterNumber, service: &ServiceId, class: &ClassId) -> Done {
        let body = ServeDirect { service: service.clone(), class: class.clone() };
        self.post_counter(counter, "serve-direct", &body).await
    }

    /// The citizen is served, and goes on to the next leg of the route if there is one.
    pub async fn finish(&self, counter: CounterNumber) -> Done {
        self.post_counter(counter, "finish", &NoBody {}).await
    }

    /// The citizen is served, and the route ends here.
    pub async fn finish_here(&self, counter: CounterNumber) -> Done {
        self.post_counter(counter, "finish", &FinishService { ends_here: true }).await
    }

    /// The called citizen did not come.
    pub async fn no_show(&self, counter: CounterNumber) -> Done {
        self.post_counter(counter, "no-show", &NoBody {}).await
    }

    /// Sets the citizen aside.
    pub async fn park(&self, counter: CounterNumber, remind_after_min: Option<u32>) -> Done {
        self.post_counter(counter, "park", &ParkTicket { remind_after_min }).await
    }

    /// Sends the citizen on without having served them.
    pub async fn transfer(&self, counter: CounterNumber, to: Destination) -> Done {
        self.post_counter(counter, "transfer", &TransferTicket::from(to)).await
    }

    /// Served here; the citizen goes on to these services and, with `and_back`, returns.
    pub async fn send_on(&self, counter: CounterNumber, legs: &[ServiceId], and_back: bool) -> Done {
        self.post_counter(counter, "send-on", &SendOn { legs: legs.to_vec(), and_back }).await
    }

    /// Sets what the counter calls for today.
    pub async fn set_profile(&self, counter: CounterNumber, profile: &Profile) -> Done {
        let Profile { services, helps, auto_call } = profile.clone();
        let body = SetProfile { services, helps, auto_call };
        self.send(Method::PUT, &format!("v1/counters/{counter}/profile"), &body, &Key::random()).await
    }

    /// The counter calls for what the plan says again.
    pub async fn reset_profile(&self, counter: CounterNumber) -> Done {
        self.send(Method::DELETE, &format!("v1/counters/{counter}/profile"), &NoBody {}, &Key::random()).await
    }

    /// Helps another service today.
    pub async fn help(&self, counter: CounterNumber, service: &ServiceId, when: HelpWhen) -> Done {
        self.post_counter(counter, "help", &HelpService { service: service.clone(), when }).await
    }

    /// Helps it no longer.
    pub async fn stop_helping(&self, counter: CounterNumber, service: &ServiceId) -> Done {
        self.post_counter(counter, "stop-helping", &StopHelping { service: service.clone() }).await
    }
}

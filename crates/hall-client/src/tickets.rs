//! Tickets that are not at a counter, forecasts, and appointments.

use hall_api::{
    AppointmentReply, BookAppointment, ChangeAppointment, CheckIn, ForecastReply, FreeSlot, IssueReply,
    SlotsReply, TicketReply,
};
use hall_core::{BusinessDay, ServiceId, TicketId, Timestamp};

use crate::hub::NoBody;
use crate::{ClientError, Hub, Key};

impl Hub {
    /// The citizen withdraws.
    pub async fn cancel(&self, ticket: TicketId) -> Result<TicketReply, ClientError> {
        self.post_ticket(ticket, "cancel").await
    }

    /// The citizen has left.
    pub async fn abandon(&self, ticket: TicketId) -> Result<TicketReply, ClientError> {
        self.post_ticket(ticket, "abandon").await
    }

    /// A no-show waits again.
    pub async fn reinstate(&self, ticket: TicketId) -> Result<TicketReply, ClientError> {
        self.post_ticket(ticket, "reinstate").await
    }

    /// A parked citizen waits again.
    pub async fn resume(&self, ticket: TicketId) -> Result<TicketReply, ClientError> {
        self.post_ticket(ticket, "resume").await
    }

    /// How long people will probably wait.
    pub async fn forecast(&self) -> Result<ForecastReply, ClientError> {
        self.get("v1/forecast", &[]).await
    }

    /// The slots of a service.
    pub async fn slots(&self, service: &ServiceId, day: BusinessDay) -> Result<Vec<FreeSlot>, ClientError> {
        let query = [("service", service.as_str()), ("day", &day.to_string())];
        let reply: SlotsReply = self.get("v1/slots", &query).await?;
        Ok(reply.slots)
    }

    /// Books a slot.
    pub async fn book(&self, booking: &BookAppointment) -> Result<AppointmentReply, ClientError> {
        self.post("v1/appointments", booking, &Key::random()).await
    }

    /// Moves an appointment to another slot.
    pub async fn change_appointment(
        &self,
        code: &str,
        slot: Timestamp,
    ) -> Result<AppointmentReply, ClientError> {
        self.post(&format!("v1/appointments/{code}/change"), &ChangeAppointment { slot }, &Key::random())
            .await
    }

    /// Cancels an appointment.
    pub async fn cancel_appointment(&self, code: &str) -> Result<AppointmentReply, ClientError> {
        self.post(&format!("v1/appointments/{code}/cancel"), &NoBody {}, &Key::random()).await
    }

    /// Takes the number of an appointment, or gives the one that was taken with this key.
    pub async fn check_in(&self, check_in: &CheckIn, key: &Key) -> Result<IssueReply, ClientError> {
        self.post("v1/check-in", check_in, key).await
    }

    async fn post_ticket(&self, ticket: TicketId, action: &str) -> Result<TicketReply, ClientError> {
        self.post(&format!("v1/tickets/{ticket}/{action}"), &NoBody {}, &Key::random()).await
    }
}

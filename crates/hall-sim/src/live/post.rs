//! What players ask, as the hub's client puts it.

use std::collections::HashMap;

use hall_api::{BookAppointment, CheckIn, IssueReply, IssueTicket};
use hall_client::{ClientError, Hub, Key};
use hall_core::{AppointmentId, Command, TicketId, Timestamp, Wish};
use hall_forecast::Estimate;

/// The codes of appointments, by the ids the players know them by.
pub(super) type Codes = HashMap<AppointmentId, String>;

/// What the hub answered.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    Number { ticket: TicketId, issued_at: Timestamp, told: Option<Estimate> },
    Done,
}

/// Books a slot; the code of the appointment.
pub(super) async fn book(hub: &Hub, wish: &Wish, slot: Timestamp) -> Result<String, ClientError> {
    let person = wish.person.as_ref().map(ToString::to_string);
    let (service, class) = (wish.service.clone(), wish.class.clone());
    let booked = hub.book(&BookAppointment { service, slot, class, phone: None, person }).await?;
    Ok(booked.appointment.code)
}

/// Posts a command of citizens or staff.
pub(super) async fn post(hub: &Hub, codes: &Codes, command: &Command) -> Result<Answer, ClientError> {
    match command.clone() {
        Command::IssueTicket(wish) => Ok(number(hub.issue(&as_request(wish)).await?)),
        Command::CheckIn { appointment, language, needs } => {
            let code = codes.get(&appointment).cloned();
            let check_in = CheckIn { code, language, needs, ..CheckIn::default() };
            Ok(number(hub.check_in(&check_in, &Key::random()).await?))
        }
        other => post_done(hub, other).await.map(|()| Answer::Done),
    }
}

async fn post_done(hub: &Hub, command: Command) -> Result<(), ClientError> {
    match command {
        Command::CancelTicket { ticket } => hub.cancel(ticket).await.map(drop),
        Command::AbandonTicket { ticket } => hub.abandon(ticket).await.map(drop),
        Command::Reinstate { ticket } => hub.reinstate(ticket).await.map(drop),
        Command::Resume { ticket } => hub.resume(ticket).await.map(drop),
        Command::OpenCounter { counter, staff: Some(staff) } => hub.open_as(counter, &staff).await.map(drop),
        Command::OpenCounter { counter, staff: None } => hub.open(counter).await.map(drop),
        Command::PauseCounter { counter, reason } => hub.pause(counter, &reason).await.map(drop),
        Command::CloseCounter { counter } => hub.close(counter).await.map(drop),
        Command::CallNext { counter } => hub.call_next(counter).await.map(drop),
        Command::CallTicket { counter, ticket } => hub.call_ticket(counter, ticket).await.map(drop),
        Command::Recall { counter } => hub.recall(counter).await.map(drop),
        Command::StartService { counter } => hub.start(counter).await.map(drop),
        Command::ServeDirect { counter, service, class } => {
            hub.serve_direct(counter, &service, &class).await.map(drop)
        }
        Command::FinishService { counter, ends_here: false } => hub.finish(counter).await.map(drop),
        Command::FinishService { counter, ends_here: true } => hub.finish_here(counter).await.map(drop),
        Command::NoShow { counter, .. } => hub.no_show(counter).await.map(drop),
        Command::Park { counter, remind_after_min } => hub.park(counter, remind_after_min).await.map(drop),
        Command::Transfer { counter, to } => hub.transfer(counter, to).await.map(drop),
        Command::SendOn { counter, legs, and_back } => hub.send_on(counter, &legs, and_back).await.map(drop),
        Command::SetProfile { counter, profile: Some(profile) } => {
            hub.set_profile(counter, &profile).await.map(drop)
        }
        Command::SetProfile { counter, profile: None } => hub.reset_profile(counter).await.map(drop),
        other => {
            tracing::debug!(?other, "neither citizens nor staff ask for this");
            Ok(())
        }
    }
}

fn as_request(wish: Wish) -> IssueTicket {
    IssueTicket {
        service: wish.service,
        class: wish.class,
        language: wish.language,
        needs: wish.needs,
        person: wish.person.map(|person| person.to_string()),
        route: wish.route,
        then: wish.then,
    }
}

fn number(reply: IssueReply) -> Answer {
    let ms = |minutes: u32| i64::from(minutes) * 60_000;
    let told = reply.ticket.wait.map(|wait| Estimate { p50_ms: ms(wait.p50_min), p90_ms: ms(wait.p90_min) });
    Answer::Number { ticket: reply.ticket.id, issued_at: reply.ticket.issued_at, told }
}

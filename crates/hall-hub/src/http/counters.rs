//! Counters: what staff do at them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hall_api::{
    CallReply, CallTicket, CalledTicket, CounterReply, CounterTicket, FinishService, GoesOn, HelpService,
    NextReply, NextTicket, OpenCounter, ParkTicket, PauseCounter, SendOn, ServeDirect, SetProfile,
    StopHelping, TransferTicket,
};
use hall_core::plan::Profile;
use hall_core::{Command, CounterNumber, Event};
use utoipa::openapi::HttpMethod::{Delete, Post, Put};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use super::App;
use super::command::{CommandBody, CounterOutcome, at_counter, ticket_id};
use super::extract::{Counter, JsonBody, NoBody, OptionalBody, OptionalKey, RequiredKey};
use super::fault::Fault;
use super::refusal::Refused;
use crate::hall_thread::Outcome;

/// Routes for those who work counters.
pub(crate) fn routes() -> OpenApiRouter<App> {
    at_work().merge(with_a_citizen()).merge(of_the_profile())
}

/// The counter itself, and who is called to it.
fn at_work() -> OpenApiRouter<App> {
    let open = |counter, OptionalBody(OpenCounter { staff })| Command::OpenCounter { counter, staff };
    let pause = |counter, JsonBody(PauseCounter { reason })| Command::PauseCounter { counter, reason };
    let close = |counter, NoBody| Command::CloseCounter { counter };
    let call_next = |counter, NoBody| Command::CallNext { counter };
    let recall = |counter, NoBody| Command::Recall { counter };
    let whoever_is_next = "Calls whoever is next for this counter; `ticket` is null when nobody waits.";
    OpenApiRouter::new()
        .routes(done("open", "Begins or resumes serving; `staff` signs in.", open))
        .routes(done("pause", "Stops serving for now.", pause))
        .routes(done("close", "Stops serving.", close))
        .routes(routes!(show_next))
        .routes(called("call-next", whoever_is_next, call_next))
        .routes(routes!(call_ticket))
        .routes(called("recall", "Calls the same ticket again.", recall))
}

/// What becomes of whoever was called.
fn with_a_citizen() -> OpenApiRouter<App> {
    let start = |counter, NoBody| Command::StartService { counter };
    let no_show = |counter, NoBody| Command::NoShow { counter, timed: false };
    let finish =
        |counter, OptionalBody(FinishService { ends_here })| Command::FinishService { counter, ends_here };
    let park =
        |counter, OptionalBody(ParkTicket { remind_after_min })| Command::Park { counter, remind_after_min };
    let send_on = |counter, JsonBody(SendOn { legs, and_back })| Command::SendOn { counter, legs, and_back };
    let served = "The citizen is served, and goes on to the next service of the route if there is one.";
    let goes_on = "Served here; the citizen goes on to these services in turn and, with `and_back`, returns.";
    OpenApiRouter::new()
        .routes(done("start", "The called citizen is here.", start))
        .routes(done("no-show", "The called citizen did not come.", no_show))
        .routes(routes!(serve_direct))
        .routes(done("finish", served, finish))
        .routes(done("park", "Sets the citizen aside.", park))
        .routes(routes!(transfer))
        .routes(done("send-on", goes_on, send_on))
}

/// What the counter calls for today.
fn of_the_profile() -> OpenApiRouter<App> {
    let set = |counter, JsonBody(SetProfile { services, helps, auto_call })| {
        let profile = Some(Profile { services, helps, auto_call });
        Command::SetProfile { counter, profile }
    };
    let reset = |counter, NoBody| Command::SetProfile { counter, profile: None };
    let help =
        |counter, JsonBody(HelpService { service, when })| Command::HelpService { counter, service, when };
    let stop = |counter, JsonBody(StopHelping { service })| Command::StopHelping { counter, service };
    let as_planned = "The counter calls for what the plan says again.";
    OpenApiRouter::new()
        .routes(at_counter::<_, CounterReply>(Put, "profile", "What the counter calls for today.", set))
        .routes(at_counter::<_, CounterReply>(Delete, "profile", as_planned, reset))
        .routes(done("help", "Helps another service today, under a condition.", help))
        .routes(done("stop-helping", "Helps it no longer.", stop))
}

fn done<B: CommandBody>(
    action: &str,
    summary: &str,
    command: fn(CounterNumber, B) -> Command,
) -> UtoipaMethodRouter<App> {
    at_counter::<B, CounterReply>(Post, action, summary, command)
}

fn called(
    action: &str,
    summary: &str,
    command: fn(CounterNumber, NoBody) -> Command,
) -> UtoipaMethodRouter<App> {
    at_counter::<NoBody, CallReply>(Post, action, summary, command)
}

/// Calls this ticket, waiting or parked, whoever is next.
#[utoipa::path(
    post,
    path = "/v1/counters/{number}/call",
    tag = "counters",
    params(Counter, OptionalKey),
    request_body = CallTicket,
    responses((status = 200, description = "Done, on the disk", body = CallReply), Refused)
)]
async fn call_ticket(
    State(app): State<App>,
    Counter(counter): Counter,
    OptionalKey(key): OptionalKey,
    JsonBody(CallTicket { ticket }): JsonBody<CallTicket>,
) -> Result<Json<CallReply>, Refused> {
    let ticket = ticket_id(&app, Some(ticket)).await?;
    let outcome = app.hall.carry_out(Command::CallTicket { counter, ticket }, key).await?;
    Ok(Json(CallReply::of(counter, outcome)))
}

/// Serves somebody without a ticket; the number is for the books.
#[utoipa::path(
    post,
    path = "/v1/counters/{number}/serve-direct",
    tag = "counters",
    params(Counter, RequiredKey),
    request_body = ServeDirect,
    responses((status = 201, description = "The citizen is being served; on the disk", body = CounterReply), Refused)
)]
async fn serve_direct(
    State(app): State<App>,
    Counter(counter): Counter,
    RequiredKey(key): RequiredKey,
    JsonBody(ServeDirect { service, class }): JsonBody<ServeDirect>,
) -> Result<(StatusCode, Json<CounterReply>), Refused> {
    let outcome = app.hall.carry_out(Command::ServeDirect { counter, service, class }, Some(key)).await?;
    Ok((StatusCode::CREATED, Json(CounterReply::of(counter, outcome))))
}

/// Sends the citizen on without having served them, keeping the standing: to a service, a counter or a person.
#[utoipa::path(
    post,
    path = "/v1/counters/{number}/transfer",
    tag = "counters",
    params(Counter, OptionalKey),
    request_body = TransferTicket,
    responses((status = 200, description = "Done, on the disk", body = CounterReply), Refused)
)]
async fn transfer(
    State(app): State<App>,
    Counter(counter): Counter,
    OptionalKey(key): OptionalKey,
    JsonBody(to): JsonBody<TransferTicket>,
) -> Result<Json<CounterReply>, Refused> {
    let to = to.destination().ok_or(Fault::BadDestination)?;
    let outcome = app.hall.carry_out(Command::Transfer { counter, to }, key).await?;
    Ok(Json(CounterReply::of(counter, outcome)))
}

/// Whom `call-next` would call now, and why; refused when it would be.
#[utoipa::path(
    get,
    path = "/v1/counters/{number}/next",
    tag = "counters",
    params(Counter),
    responses((status = 200, description = "The next ticket, or null", body = NextReply), Refused)
)]
async fn show_next(State(app): State<App>, Counter(counter): Counter) -> Result<Json<NextReply>, Refused> {
    let events = app.hall.look(move |hall, now| hall.decide(&Command::CallNext { counter }, now)).await??;
    let ticket = events.into_iter().find_map(|event| match event {
        Event::TicketCalled { ticket, number, service, reason, why, .. } => {
            Some(NextTicket { id: ticket, number, service, reason, why })
        }
        _ => None,
    });
    Ok(Json(NextReply { counter, ticket }))
}

impl CounterOutcome for CounterReply {
    fn of(counter: CounterNumber, outcome: Outcome) -> Self {
        let ticket = outcome.records.iter().find_map(|record| handled(&record.event));
        Self { counter, ticket, seq: outcome.seq }
    }
}

impl CounterOutcome for CallReply {
    fn of(counter: CounterNumber, outcome: Outcome) -> Self {
        let ticket = outcome.records.into_iter().find_map(|record| asked(record.event));
        Self { counter, ticket, seq: outcome.seq }
    }
}

/// The ticket asked to the counter.
fn asked(event: Event) -> Option<CalledTicket> {
    match event {
        Event::TicketCalled { ticket, number, service, reason, why, .. } => {
            Some(CalledTicket { id: ticket, number, service, calls: 1, reason: Some(reason), why: Some(why) })
        }
        Event::TicketRecalled { ticket, number, service, calls, .. } => {
            Some(CalledTicket { id: ticket, number, service, calls, reason: None, why: None })
        }
        _ => None,
    }
}

/// The ticket the counter had, and where it goes on to.
fn handled(event: &Event) -> Option<CounterTicket> {
    let (id, number, goes_on) = match event {
        Event::ServiceStarted { ticket, number, .. }
        | Event::ServedDirect { ticket, number, .. }
        | Event::ServiceFinished { ticket, number, .. }
        | Event::TicketMissed { ticket, number, .. }
        | Event::TicketParked { ticket, number, .. } => (ticket, number, None),
        Event::TicketTransferred { ticket, number, to, awaits, ahead, .. }
        | Event::TicketSentOn { ticket, number, to, awaits, ahead, .. } => {
            (ticket, number, Some(GoesOn { service: to.clone(), awaits: awaits.clone(), ahead: *ahead }))
        }
        _ => return None,
    };
    Some(CounterTicket { id: *id, number: number.clone(), goes_on })
}

//! Appointments: slots, booking, changing, cancelling, listing, and checking in.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hall_api::{
    AppointmentReply, AppointmentsReply, BookAppointment, BookedAppointment, ChangeAppointment, CheckIn,
    FreeSlot, IssueReply, SlotsReply,
};
use hall_core::{
    Appointment, AppointmentId, AppointmentState, Booking, BusinessDay, Command, Event, Hall, Rejection,
    ServiceId,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::extract::{Asked, Code, JsonBody, NoBody, OptionalKey, RequiredKey};
use super::fault::Fault;
use super::refusal::Refused;
use super::tickets::given;
use crate::hall_thread::{Outcome, Refusal};
use crate::key::Key;

/// Digits of a phone that are kept.
const PHONE_DIGITS: usize = 4;

/// Routes for those who book.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(book_appointment))
        .routes(routes!(list_appointments))
        .routes(routes!(show_appointment))
        .routes(routes!(change_appointment))
        .routes(routes!(cancel_appointment))
}

/// Routes for those who book, and for kiosks.
pub(crate) fn routes_of_check_in() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_slots)).routes(routes!(check_in))
}

/// Which slots.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SlotsOf {
    #[param(value_type = String)]
    service: ServiceId,
    /// `2026-11-23`.
    #[param(value_type = String, format = Date)]
    day: BusinessDay,
}

/// Which appointments.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AppointmentsOf {
    /// `2026-11-23`; today when left out.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<BusinessDay>,
    /// All services when left out.
    #[param(value_type = Option<String>)]
    service: Option<ServiceId>,
}

/// The slots of a service that may still be booked on a day, full ones included, in order; none on a day off.
#[utoipa::path(
    get,
    path = "/v1/slots",
    tag = "appointments",
    params(SlotsOf),
    responses((status = 200, description = "The slots of the day", body = SlotsReply), Refused)
)]
async fn list_slots(
    State(app): State<App>,
    Asked(SlotsOf { service, day }): Asked<SlotsOf>,
) -> Result<Json<SlotsReply>, Refused> {
    let slots = app.hall.look(move |hall, now| {
        let plan = hall.plan().ok_or(Rejection::NoPlan)?;
        match plan.service(&service) {
            None => Err(Rejection::UnknownService(service)),
            Some(known) if known.slots.is_empty() => Err(Rejection::NoAppointments(service)),
            Some(_) => Ok(hall.slots(&service, day, now)),
        }
    });
    let slots = slots.await??.into_iter();
    let slots =
        slots.map(|slot| FreeSlot { at: slot.at, capacity: slot.capacity, taken: slot.taken }).collect();
    Ok(Json(SlotsReply { slots }))
}

/// Books a slot.
#[utoipa::path(
    post,
    path = "/v1/appointments",
    tag = "appointments",
    params(RequiredKey),
    request_body = BookAppointment,
    responses((status = 201, description = "Booked, on the disk", body = AppointmentReply), Refused)
)]
async fn book_appointment(
    State(app): State<App>,
    RequiredKey(key): RequiredKey,
    JsonBody(wish): JsonBody<BookAppointment>,
) -> Result<(StatusCode, Json<AppointmentReply>), Refused> {
    Ok((StatusCode::CREATED, Json(book(&app, wish, key).await?)))
}

/// Books a slot, or gives what was booked with this key.
pub(super) async fn book(app: &App, wish: BookAppointment, key: Key) -> Result<AppointmentReply, Refused> {
    let BookAppointment { service, slot, class, phone, person } = wish;
    let phone_digits = phone.as_deref().map(last_digits).transpose()?;
    let person = person.map(|document| app.persons.booking(&document)).transpose()?;
    let booking = Booking { service, slot, class, phone_digits, person };
    let Outcome { records, seq } = app.hall.carry_out(Command::BookAppointment(booking), Some(key)).await?;
    let booked = records.into_iter().find_map(|record| match record.event {
        Event::AppointmentBooked(appointment) => Some(appointment),
        _ => None,
    });
    Ok(AppointmentReply { appointment: told(app, booked.ok_or_else(Refused::internal)?), seq })
}

/// The appointments of a day, today or later, by slot, whatever became of them.
#[utoipa::path(
    get,
    path = "/v1/appointments",
    tag = "appointments",
    params(AppointmentsOf),
    responses((status = 200, description = "The appointments", body = AppointmentsReply), Refused)
)]
async fn list_appointments(
    State(app): State<App>,
    Asked(AppointmentsOf { day, service }): Asked<AppointmentsOf>,
) -> Result<Json<AppointmentsReply>, Refused> {
    let listed = app.hall.look(move |hall, now| {
        let plan = hall.plan().ok_or(Rejection::NoPlan)?;
        let on_day = hall.appointments_on(day.unwrap_or_else(|| plan.date(now)));
        let wanted = on_day.filter(|it| service.as_ref().is_none_or(|service| it.service == *service));
        Ok::<Vec<_>, Rejection>(wanted.cloned().collect())
    });
    let appointments = listed.await??.into_iter().map(|appointment| told(&app, appointment)).collect();
    Ok(Json(AppointmentsReply { appointments }))
}

/// An appointment.
#[utoipa::path(
    get,
    path = "/v1/appointments/{code}",
    tag = "appointments",
    params(Code),
    responses((status = 200, description = "The appointment", body = BookedAppointment), Refused)
)]
async fn show_appointment(
    State(app): State<App>,
    Code(code): Code,
) -> Result<Json<BookedAppointment>, Refused> {
    let appointment = found(&app, &code).await?;
    Ok(Json(told(&app, appointment)))
}

/// Moves an appointment to another slot.
#[utoipa::path(
    post,
    path = "/v1/appointments/{code}/change",
    tag = "appointments",
    params(Code, OptionalKey),
    request_body = ChangeAppointment,
    responses((status = 200, description = "Moved, on the disk", body = AppointmentReply), Refused)
)]
async fn change_appointment(
    State(app): State<App>,
    Code(code): Code,
    OptionalKey(key): OptionalKey,
    JsonBody(ChangeAppointment { slot }): JsonBody<ChangeAppointment>,
) -> Result<Json<AppointmentReply>, Refused> {
    let before = found(&app, &code).await?;
    let change = Command::ChangeAppointment { appointment: before.id, slot };
    let seq = app.hall.carry_out(change, key).await?.seq;
    // As this command left it: a repeated one is told the same whatever has happened since.
    let changed = Appointment { slot, state: AppointmentState::Booked, ..before };
    Ok(Json(AppointmentReply { appointment: told(&app, changed), seq }))
}

/// Cancels an appointment.
#[utoipa::path(
    post,
    path = "/v1/appointments/{code}/cancel",
    tag = "appointments",
    params(Code, OptionalKey),
    responses((status = 200, description = "Cancelled, on the disk", body = AppointmentReply), Refused)
)]
async fn cancel_appointment(
    State(app): State<App>,
    Code(code): Code,
    OptionalKey(key): OptionalKey,
    _: NoBody,
) -> Result<Json<AppointmentReply>, Refused> {
    let before = found(&app, &code).await?;
    let seq = app.hall.carry_out(Command::CancelAppointment { appointment: before.id }, key).await?.seq;
    let cancelled = Appointment { state: AppointmentState::Cancelled, ..before };
    Ok(Json(AppointmentReply { appointment: told(&app, cancelled), seq }))
}

/// The citizen with the appointment is here: gives them a number.
#[utoipa::path(
    post,
    path = "/v1/check-in",
    tag = "appointments",
    params(RequiredKey),
    request_body = CheckIn,
    responses((status = 201, description = "The ticket, on the disk", body = IssueReply), Refused)
)]
async fn check_in(
    State(app): State<App>,
    RequiredKey(key): RequiredKey,
    JsonBody(mut check_in): JsonBody<CheckIn>,
) -> Result<(StatusCode, Json<IssueReply>), Refused> {
    let outcome = match (check_in.code.take(), check_in.phone_digits.take()) {
        (Some(code), None) => {
            let id = app.booking_codes.id(code.trim()).ok_or(Rejection::UnknownAppointment)?;
            ask(&app, AppointmentId(id), &check_in, &key).await
        }
        (None, Some(digits)) => check_in_by_phone(&app, digits, &check_in, &key).await?,
        _ => return Err(Fault::BadCheckIn.into()),
    };
    match outcome {
        Ok(outcome) => given(&app, outcome),
        Err(refusal) => Err(with_the_time(&app, refusal).await),
    }
}

async fn ask(app: &App, id: AppointmentId, said: &CheckIn, key: &Key) -> Result<Outcome, Refusal> {
    let (language, needs) = (said.language.clone(), said.needs.clone());
    app.hall.carry_out(Command::CheckIn { appointment: id, language, needs }, Some(key.clone())).await
}

/// Finds the one appointment of today that is meant. Those checked in already are asked first: this may be the same
/// request again, which then has its first reply.
async fn check_in_by_phone(
    app: &App,
    digits: String,
    said: &CheckIn,
    key: &Key,
) -> Result<Result<Outcome, Refusal>, Refused> {
    if digits.len() != PHONE_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Rejection::PhoneDigits.into());
    }
    let service = said.service.clone();
    let todays = app.hall.look(move |hall, _| todays_with(hall, &digits, service.as_ref())).await??;
    let with = |state| todays.iter().filter(move |(_, it)| *it == state).map(|(id, _)| *id);
    let mut settled = None;
    for id in with(AppointmentState::CheckedIn) {
        match ask(app, id, said, key).await {
            Ok(outcome) => return Ok(Ok(outcome)),
            Err(refusal) => settled = Some(refusal),
        }
    }
    let mut booked = with(AppointmentState::Booked);
    match (booked.next(), booked.next(), settled) {
        (Some(one), None, _) => Ok(ask(app, one, said, key).await),
        (Some(_), Some(_), _) => Err(Refused::from(Fault::Ambiguous)
            .detail("请提供预约码，或说明业务 / give the code of the appointment, or the service")),
        (None, _, Some(refusal)) => Ok(Err(refusal)),
        (None, _, None) => Err(Rejection::UnknownAppointment.into()),
    }
}

fn todays_with(
    hall: &Hall,
    digits: &str,
    service: Option<&ServiceId>,
) -> Result<Vec<(AppointmentId, AppointmentState)>, Rejection> {
    let today = hall.day().filter(|day| day.open).ok_or(Rejection::DayClosed)?;
    let meant = hall.appointments_on(today.date).filter(|it| {
        it.phone_digits.as_deref() == Some(digits) && service.is_none_or(|service| it.service == *service)
    });
    Ok(meant.map(|it| (it.id, it.state)).collect())
}

/// Says on the hall's clock from when it is not too early.
async fn with_the_time(app: &App, refusal: Refusal) -> Refused {
    let Refusal::Rejected(Rejection::TooEarly { from }) = refusal else { return refusal.into() };
    let clock = app.hall.look(move |hall, _| Some(from.clock(hall.plan()?.hall.utc_offset))).await;
    let refused = Refused::from(refusal);
    match clock {
        Ok(Some(clock)) => refused.detail(format!("{clock} 起可签到 / check in from {clock} on")),
        _ => refused,
    }
}

async fn found(app: &App, code: &str) -> Result<Appointment, Refused> {
    let id = app.booking_codes.id(code).map(AppointmentId).ok_or(Rejection::UnknownAppointment)?;
    let appointment = app.hall.look(move |hall, _| hall.appointment(id).cloned()).await?;
    Ok(appointment.ok_or(Rejection::UnknownAppointment)?)
}

/// An appointment as its holder and the desk may see it.
pub(super) fn told(app: &App, appointment: Appointment) -> BookedAppointment {
    let Appointment { id, service, slot, class, phone_digits, state, person: _ } = appointment;
    BookedAppointment { code: app.booking_codes.code(id.0), service, slot, class, phone_digits, state }
}

/// The last four digits of a phone number, written with whatever stands between.
fn last_digits(phone: &str) -> Result<String, Rejection> {
    let is_between = |c: char| c.is_whitespace() || "+-()（）".contains(c);
    let mut digits: String = phone.chars().filter(|c| !is_between(*c)).collect();
    if digits.len() < PHONE_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Rejection::PhoneDigits);
    }
    Ok(digits.split_off(digits.len() - PHONE_DIGITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_four_digits_of_a_phone_are_kept() {
        for (phone, kept) in [
            ("13800001234", Some("1234")),
            ("+86 138-0000-1234", Some("1234")),
            ("(0871) 6312 0007", Some("0007")),
            ("1234", Some("1234")),
            ("123", None),
            ("", None),
            ("1380000123x", None),
            ("一二三四", None),
        ] {
            assert_eq!(last_digits(phone).ok().as_deref(), kept, "{phone:?}");
        }
    }
}

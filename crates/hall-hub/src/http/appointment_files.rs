//! Appointments as CSV: exported for spreadsheets, imported line by line. Dates and times are the hall's wall clock.

use axum::Json;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::header;
use axum::response::IntoResponse;
use futures_util::{StreamExt, stream};
use hall_api::{BookAppointment, ImportReply, ImportedLine};
use hall_core::{Appointment, AppointmentState, BusinessDay, Plan, Rejection, UtcOffset};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use super::App;
use super::appointments::{book, told};
use super::extract::{Asked, RequiredKey, body, media_type};
use super::fault::Fault;
use super::lines::{Line, lines_of, text_of};
use super::refusal::Refused;
use crate::key::Key;

/// Longest imported file.
const FILE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Most days in one export.
const DAYS_MAX: usize = 366;
/// Lines of a file that are asked of the hall together; far fewer than may wait.
const TOGETHER_MAX: usize = 64;

const HEADING: [&str; 8] = ["code", "service", "service_name", "date", "time", "class", "phone", "state"];

/// Routes for those who book.
pub(crate) fn routes() -> OpenApiRouter<App> {
    let import = routes!(import_appointments).layer(DefaultBodyLimit::max(FILE_BYTES_MAX));
    OpenApiRouter::new().routes(routes!(export_appointments)).routes(import)
}

/// From which day to which.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Days {
    /// `2026-11-23`, today or later; today when left out.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<BusinessDay>,
    /// `2026-11-30`, included; `from` when left out.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<BusinessDay>,
}

/// The appointments of some days, today or later, whatever became of them, as CSV in UTF-8 with a byte order mark.
#[utoipa::path(
    get,
    path = "/v1/appointments.csv",
    tag = "appointments",
    params(Days),
    responses(
        (status = 200, description = "code, service, service_name, date, time, class, phone, state", content_type = "text/csv", body = String),
        Refused
    )
)]
async fn export_appointments(
    State(app): State<App>,
    Asked(Days { from, to }): Asked<Days>,
) -> Result<impl IntoResponse, Refused> {
    let (plan, today) = app
        .hall
        .look(|hall, now| {
            let plan = hall.plan().cloned()?;
            // A day that has ended is known until the next one begins.
            let today = hall.day().map_or(plan.date(now), |day| day.date.min(plan.date(now)));
            Some((plan, today))
        })
        .await?
        .ok_or(Rejection::NoPlan)?;
    let from = from.unwrap_or(today);
    let to = to.unwrap_or(from);
    let mut file =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::from("\u{feff}"));
    let mut written = file.write_record(HEADING);
    for day in days(today, from, to)? {
        // One look a day: nobody waits while a year is put together.
        let of_day =
            app.hall.look(move |hall, _| hall.appointments_on(day).cloned().collect::<Vec<_>>()).await?;
        for appointment in of_day {
            written = written.and_then(|()| file.write_record(row(&app, &plan, appointment)));
        }
    }
    let file = written.ok().and_then(|()| file.into_inner().ok()).ok_or_else(Refused::internal)?;
    let name = format!("attachment; filename=\"appointments-{from}-{to}.csv\"");
    Ok((
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)],
        file,
    ))
}

fn days(today: BusinessDay, from: BusinessDay, to: BusinessDay) -> Result<Vec<BusinessDay>, Refused> {
    let refused = |detail: String| Refused::from(Fault::BadDays).detail(detail);
    if from < today {
        return Err(refused(format!(
            "只有 {today} 及以后的预约 / only appointments of {today} and later are kept at hand"
        )));
    }
    let days = std::iter::successors(Some(from), |day| day.tomorrow().ok());
    let days: Vec<_> = days.take(DAYS_MAX + 1).take_while(|day| *day <= to).collect();
    match days.len() {
        0 => Err(refused("起始日期晚于截止日期 / `from` is after `to`".to_owned())),
        count if count > DAYS_MAX => Err(refused(format!("最多 {DAYS_MAX} 天 / at most {DAYS_MAX} days"))),
        _ => Ok(days),
    }
}

fn row(app: &App, plan: &Plan, appointment: Appointment) -> [String; HEADING.len()] {
    let told = told(app, appointment);
    let at = told.slot.civil(plan.hall.utc_offset);
    let name = plan.service(&told.service).map(|service| service.name.clone());
    let state = match told.state {
        AppointmentState::Booked => "booked",
        AppointmentState::CheckedIn => "checked_in",
        AppointmentState::Cancelled => "cancelled",
        AppointmentState::Missed => "missed",
    };
    [
        told.code,
        told.service.to_string(),
        name.unwrap_or_default(),
        at.date().to_string(),
        told.slot.clock(plan.hall.utc_offset),
        told.class.to_string(),
        told.phone_digits.unwrap_or_default(),
        state.to_owned(),
    ]
}

/// A CSV file, as text.
struct CsvBody(String);

impl<S: Send + Sync> FromRequest<S> for CsvBody {
    type Rejection = Refused;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, Refused> {
        if media_type(request.headers()) != "text/csv" {
            return Err(Refused::from(Fault::NotCsv).detail("send Content-Type: text/csv"));
        }
        let bytes = body(request, state).await?;
        text_of(&bytes).map(Self).ok_or_else(|| {
            Refused::from(Fault::BadCsv)
                .detail("文件应为 UTF-8 或 GB18030 编码 / write it in UTF-8 or GB18030")
        })
    }
}

/// Books every line of a file, each decided on its own.
///
/// Sent again with the same key, a line that was booked is not booked again, and one that was refused is tried again.
#[utoipa::path(
    post,
    path = "/v1/appointments/import",
    tag = "appointments",
    params(RequiredKey),
    request_body(
        content = String,
        content_type = "text/csv",
        description = "A heading with `service`, either `slot` (`2026-11-23 09:30`) or `date` and `time`, and perhaps `class`, `phone` and `person`; what was exported may be imported. At most 2 MB and 5,000 lines, in UTF-8 or GB18030",
        example = "service,slot,class,phone,person\nid-card,2026-11-23 09:30,ordinary,13800001234,\n"
    ),
    responses((status = 200, description = "What became of every line", body = ImportReply), Refused)
)]
async fn import_appointments(
    State(app): State<App>,
    RequiredKey(key): RequiredKey,
    CsvBody(text): CsvBody,
) -> Result<Json<ImportReply>, Refused> {
    let lines = lines_of(&text)?;
    let offset = app
        .hall
        .look(|hall, _| hall.plan().map(|plan| plan.hall.utc_offset))
        .await?
        .ok_or(Rejection::NoPlan)?;
    let lines = lines.into_iter().map(|line| imported(&app, &key, line, offset));
    let lines: Vec<ImportedLine> = stream::iter(lines).buffered(TOGETHER_MAX).collect().await;
    let booked = lines.iter().filter(|line| line.code.is_some()).count() as u32;
    Ok(Json(ImportReply { booked, refused: lines.len() as u32 - booked, lines }))
}

async fn imported(app: &App, key: &Key, line: Line, offset: UtcOffset) -> ImportedLine {
    let number = line.number;
    let booked = async {
        let wish: BookAppointment = line.wish(offset)?;
        book(app, wish, key_of_line(key, number)?).await
    };
    match booked.await {
        Ok(reply) => {
            let code = Some(reply.appointment.code);
            ImportedLine { line: number, code, refusal: None, title: None, title_zh: None }
        }
        Err(refused) => {
            let problem = refused.into_problem();
            let title = match problem.detail {
                Some(detail) if problem.code == Fault::BadLine.code() => {
                    format!("{}: {detail}", problem.title)
                }
                _ => problem.title,
            };
            let (refusal, title_zh) = (Some(problem.code), Some(problem.title_zh));
            ImportedLine { line: number, code: None, refusal, title: Some(title), title_zh }
        }
    }
}

/// A key of its own for every line, so that a file sent again books nothing twice. The file's key goes in as a hash, to
/// be short enough.
fn key_of_line(key: &Key, line: u32) -> Result<Key, Refused> {
    let hash = Sha256::digest(key.as_str());
    let hex: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("import-{hex}-{line}").parse().map_err(|_| Refused::internal())
}

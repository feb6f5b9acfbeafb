//! What the hall's rules refuse, as HTTP tells it: a status for each, and what to do about some.

use axum::http::StatusCode;
use hall_core::Rejection;

/// Makes the list: a status and the rejections that have it. The code of each is its name in snake case.
macro_rules! statuses {
    ($($status:ident: $($name:ident)*;)*) => {
        /// The status a rejection has.
        pub(super) fn status_of(rejection: &Rejection) -> StatusCode {
            match rejection {
                $($(Rejection::$name { .. } => StatusCode::$status,)*)*
            }
        }

        const NAMES: &[&str] = &[$($(stringify!($name),)*)*];
    };
}

statuses! {
    NOT_FOUND: UnknownTicket UnknownAppointment UnknownCounter;
    UNPROCESSABLE_ENTITY:
        UnknownService UnknownClass UnknownLanguage UnknownNeed UnknownRoute RouteMismatch Legs PersonRequired
        StaffNumber PauseReason ParkMinutes ProfileFaulty NoSuchSlot PhoneDigits PlanFaulty PrinterName
        PrinterReportFaulty;
    CONFLICT:
        NoPlan PlanConflict DayNotLater DayClosed DayOff ServiceClosed ServiceFull QuotaReached PersonHasTicket
        PersonLimit CounterClosed CounterPaused CounterBusy NothingCalled NothingServing RecallLimit SameService
        SameCounter NotServedHere OwnService NotHelping StaffElsewhere StaffAbsent NotWaiting NotMissed NotParked
        AtCounter Settled NoAppointments SlotFull TooFarAhead TooLate TooEarly AppointmentSettled
        AppointmentNotToday MissedTooOften PrinterLimit UnknownPrinter PrinterNotReady ReprintLimit SlipNotOrdered;
}

/// The codes of all rejections.
pub(super) fn codes_of_rejections() -> impl Iterator<Item = String> {
    NAMES.iter().map(|name| snake_case(name))
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && i > 0 {
            text.push('_');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

/// What to do about it, where the rejection itself does not say.
pub(super) fn advice(rejection: &Rejection) -> Option<&'static str> {
    Some(match rejection {
        Rejection::ServiceFull(_) => {
            "请明日再来，或预约其他日期 / come back tomorrow, or book an appointment for another day"
        }
        Rejection::QuotaReached { .. } => {
            "请在下一时段取号，或预约 / take a number in a later band of the day, or book an appointment"
        }
        Rejection::ServiceClosed(_) => "办理时间见 GET /v1/hall / the hours are in GET /v1/hall",
        Rejection::PersonHasTicket(_) => "请使用已取的号，或先取消 / use that number, or cancel it first",
        Rejection::PersonLimit { .. } => "请到咨询台 / ask at the information desk",
        Rejection::UnknownTicket => {
            "请核对号码，号码每日重新开始 / check the number: numbers begin anew every day"
        }
        Rejection::StaffAbsent(_) => "请转至业务或窗口 / transfer to a service or a counter instead",
        Rejection::UnknownAppointment => {
            "请核对预约码，或到咨询台 / check the code, or ask at the information desk"
        }
        Rejection::NoSuchSlot { .. } | Rejection::SlotFull { .. } => {
            "请选择其他时段，见 GET /v1/slots / choose another slot: GET /v1/slots"
        }
        Rejection::DayOff(_) => "请选择工作日 / choose a working day",
        Rejection::TooLate { .. } | Rejection::MissedTooOften { .. } => {
            "请直接到大厅取号 / take a number at the hall instead"
        }
        Rejection::UnknownPrinter(_) | Rejection::PrinterNotReady { .. } => {
            "打印机状态见 GET /v1/printers / how each printer is: GET /v1/printers"
        }
        Rejection::AppointmentNotToday(_) => "请改约，或在预约当日再来 / change it, or come back on its day",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_the_name_in_snake_case() {
        let source = include_str!("../../../hall-core/src/rejection.rs");
        let codes =
            source.lines().filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" => \""));
        let codes: Vec<_> = codes.map(|(_, code)| code.trim_end_matches("\",").to_owned()).collect();
        let mut listed: Vec<_> = codes_of_rejections().collect();
        let mut known = codes.clone();
        listed.sort();
        known.sort();
        assert_eq!(listed, known);
    }

    #[test]
    fn a_service_that_is_full_is_told_with_the_next_day() {
        let full = Rejection::ServiceFull("id-card".into());
        assert_eq!(status_of(&full), StatusCode::CONFLICT);
        assert!(full.zh().starts_with("今日已满"));
        assert!(advice(&full).is_some_and(|advice| advice.contains("明日") && advice.contains("tomorrow")));
    }
}

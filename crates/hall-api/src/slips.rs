//! Slips and printers: what kiosks report, slips printed again, and what such a slip says.

use std::collections::BTreeMap;

use hall_core::{
    CounterNumber, Printer, PrinterCondition, PrinterId, PrinterReport, SlipOutcome, TicketId, TicketNumber,
    Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::IssuedTicket;

/// `POST /v1/tickets/{ticket}/slip`: what became of a slip. The last word on a copy counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportSlip {
    /// The printer's name: 1 to 64 letters, digits, `-` and `_`.
    #[schema(value_type = String, example = "kiosk-1")]
    pub printer: PrinterId,
    /// 0 for the slip of the number just taken, n for the n-th reprint.
    #[serde(default)]
    pub copy: u32,
    /// `printed`, `unconfirmed`, `failed_clean` (nothing is on paper) or `failed_partial`.
    #[schema(value_type = String, example = "printed")]
    pub outcome: SlipOutcome,
}

/// `POST /v1/tickets/{ticket}/reprint`: the slip is to be printed again, marked 补打.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderReprint {
    /// A printer that has reported today and can print.
    #[schema(value_type = String, example = "kiosk-1")]
    pub printer: PrinterId,
    /// Who orders it; left out at the kiosk itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u16>)]
    pub counter: Option<CounterNumber>,
}

/// Reply to [`OrderReprint`], 201.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReprintReply {
    #[schema(value_type = u64)]
    pub id: TicketId,
    #[schema(value_type = String, example = "A012")]
    pub number: TicketNumber,
    #[schema(value_type = String, example = "kiosk-1")]
    pub printer: PrinterId,
    /// How many reprints were ordered with this one; stands on the slip, and in the report of it.
    pub copy: u32,
    /// Sequence number of the event, which tells the kiosk.
    pub seq: u64,
}

/// `GET /v1/tickets/{ticket}/slip`: what the slip of a ticket says now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SlipFacts {
    /// With `ahead` and `wait` as they are now.
    pub ticket: IssuedTicket,
    /// How many reprints were ordered.
    pub reprints: u32,
}

/// `PUT /v1/printers/{printer}`: how a printer is. Reported when its condition changes and now and then besides, not
/// with every slip; anew when a day opens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportPrinter {
    /// `ready`, `near_end`, `paper_out`, `cover_open`, `cutter`, `jam`, `overheated`, `unrecoverable`, `offline`,
    /// `silent`, `busy` or `away`.
    #[schema(value_type = String, example = "ready")]
    pub condition: PrinterCondition,
    /// Printed since the roll was changed.
    pub sheets: u32,
    /// So many slips the roll probably lasts yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roll_left: Option<u32>,
    /// When the roll will probably end. RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub roll_ends_at: Option<Timestamp>,
    /// Jobs of this business day.
    pub jobs: u32,
    /// How many of these were never acknowledged.
    pub unconfirmed: u32,
}

/// Reply to [`ReportSlip`] and [`ReportPrinter`], 200.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportReply {
    /// Sequence number of the event; of the last one when all was known.
    pub seq: u64,
}

/// `GET /v1/printers`: every printer that has reported today.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PrintersReply {
    /// By name: the report, and `reported_at`.
    #[schema(value_type = Object)]
    pub printers: BTreeMap<PrinterId, Printer>,
}

impl From<PrinterReport> for ReportPrinter {
    fn from(report: PrinterReport) -> Self {
        let PrinterReport { condition, sheets, roll_left, roll_ends_at, jobs, unconfirmed } = report;
        Self { condition, sheets, roll_left, roll_ends_at, jobs, unconfirmed }
    }
}

impl From<ReportPrinter> for PrinterReport {
    fn from(report: ReportPrinter) -> Self {
        let ReportPrinter { condition, sheets, roll_left, roll_ends_at, jobs, unconfirmed } = report;
        Self { condition, sheets, roll_left, roll_ends_at, jobs, unconfirmed }
    }
}

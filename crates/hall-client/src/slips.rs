//! Slips and printers: what a kiosk reports, and slips printed again.

use hall_api::{
    OrderReprint, PrintersReply, ReportPrinter, ReportReply, ReportSlip, ReprintReply, SlipFacts,
};
use hall_core::{CounterNumber, PrinterId, PrinterReport, TicketId};
use reqwest::Method;

use crate::{ClientError, Hub, Key};

impl Hub {
    /// Reports what became of a slip. Reporting the same again changes nothing.
    pub async fn report_slip(
        &self,
        ticket: TicketId,
        report: &ReportSlip,
    ) -> Result<ReportReply, ClientError> {
        self.post(&format!("v1/tickets/{ticket}/slip"), report, &Key::random()).await
    }

    /// Orders a slip to be printed again; `counter` is who orders it, unless it is ordered at the kiosk.
    pub async fn order_reprint(
        &self,
        ticket: TicketId,
        printer: &PrinterId,
        counter: Option<CounterNumber>,
    ) -> Result<ReprintReply, ClientError> {
        let body = OrderReprint { printer: printer.clone(), counter };
        self.post(&format!("v1/tickets/{ticket}/reprint"), &body, &Key::random()).await
    }

    /// What the slip of a ticket says now.
    pub async fn slip_facts(&self, ticket: TicketId) -> Result<SlipFacts, ClientError> {
        self.get(&format!("v1/tickets/{ticket}/slip"), &[]).await
    }

    /// Reports how a printer is. Reporting the same again changes nothing.
    pub async fn report_printer(
        &self,
        printer: &PrinterId,
        report: PrinterReport,
    ) -> Result<ReportReply, ClientError> {
        let body = ReportPrinter::from(report);
        self.send(Method::PUT, &format!("v1/printers/{printer}"), &body, &Key::random()).await
    }

    /// Every printer that has reported today.
    pub async fn printers(&self) -> Result<PrintersReply, ClientError> {
        self.get("v1/printers", &[]).await
    }
}

//! What the hub counts, in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hall_api::View;
use hall_core::{Event, Printer, PrinterId, SlipOutcome};
use hall_forecast::Tally;

/// Counts since the hub started.
#[derive(Default)]
pub(crate) struct Metrics {
    tickets_issued: AtomicU64,
    calls: AtomicU64,
    /// Reports of slips by outcome, in the order of [`SlipOutcome::ALL`].
    slips: [AtomicU64; SlipOutcome::ALL.len()],
    reprints: AtomicU64,
    commits: AtomicU64,
    events: AtomicU64,
    commit_us: AtomicU64,
    pub subscribers: AtomicU64,
    problems: Mutex<BTreeMap<&'static str, u64>>,
}

/// What is read off at the moment of asking.
pub(crate) struct Gauges {
    pub view: Arc<View>,
    pub uptime: Duration,
    /// Of those who were told to wait, how many were called within it.
    pub forecast: Tally,
    pub forecast_took: Duration,
}

impl Metrics {
    pub fn count_event(&self, event: &Event) {
        match event {
            Event::TicketIssued(_) => self.tickets_issued.fetch_add(1, Relaxed),
            Event::TicketCalled { .. } | Event::TicketRecalled { .. } => self.calls.fetch_add(1, Relaxed),
            Event::SlipReported { outcome, .. } => self.slips[*outcome as usize].fetch_add(1, Relaxed),
            Event::ReprintOrdered { .. } => self.reprints.fetch_add(1, Relaxed),
            _ => 0,
        };
    }

    pub fn count_commit(&self, events: usize, took: Duration) {
        self.commits.fetch_add(1, Relaxed);
        self.events.fetch_add(events as u64, Relaxed);
        self.commit_us.fetch_add(took.as_micros() as u64, Relaxed);
    }

    pub fn count_problem(&self, code: &'static str) {
        let mut problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        *problems.entry(code).or_default() += 1;
    }

    pub fn text(&self, now: &Gauges) -> String {
        let mut families = Families(String::new());
        self.of_the_hub(&mut families, now);
        self.of_slips(&mut families);
        of_the_forecast(&mut families, now);
        of_printers(&mut families, &now.view.printers);
        let problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        let problems = problems.iter().map(|(code, count)| (format!("code=\"{code}\""), count));
        families.many("problems_total", "counter", "Requests refused, by code.", problems);
        families.0
    }

    fn of_the_hub(&self, families: &mut Families, now: &Gauges) {
        let mut one = |name, kind, help, value: u64| families.one(name, kind, help, value);
        one("tickets_issued_total", "counter", "Tickets given.", self.tickets_issued.load(Relaxed));
        one("calls_total", "counter", "Calls and recalls.", self.calls.load(Relaxed));
        one("commits_total", "counter", "Transactions written to the journal.", self.commits.load(Relaxed));
        one("committed_events_total", "counter", "Events in those transactions.", self.events.load(Relaxed));
        one("subscribers", "gauge", "Open event streams.", self.subscribers.load(Relaxed));
        one("seq", "gauge", "Number of the last event.", now.view.seq);
        one("waiting", "gauge", "Citizens waiting.", now.view.waiting().count() as u64);
        one("uptime_seconds", "gauge", "Time since the hub started.", now.uptime.as_secs());
        let commit_s = self.commit_us.load(Relaxed) as f64 / 1e6;
        families.one("commit_seconds_total", "counter", "Time spent writing the journal.", commit_s);
    }

    fn of_slips(&self, families: &mut Families) {
        let slips = SlipOutcome::ALL.iter().zip(&self.slips);
        let slips =
            slips.map(|(outcome, count)| (format!("outcome=\"{}\"", outcome.as_str()), count.load(Relaxed)));
        families.many("slips_total", "counter", "Slips reported, by what became of them.", slips);
        families.one("reprints_total", "counter", "Reprints ordered.", self.reprints.load(Relaxed));
    }
}

fn of_the_forecast(families: &mut Families, now: &Gauges) {
    let Tally { called, within_p50, within_p90 } = now.forecast;
    let told = "Tickets called that had been told how long they would wait.";
    families.one("forecast_told_total", "counter", told, called);
    families.one("forecast_within_p50_total", "counter", "Of these, called within the P50.", within_p50);
    families.one("forecast_within_p90_total", "counter", "Of these, called within the P90.", within_p90);
    if called > 0 {
        let share = within_p90 as f64 / called as f64;
        let help = "Their share; honest is about 0.9.";
        families.one("forecast_coverage_p90", "gauge", help, format_args!("{share:.4}"));
    }
    let took_s = now.forecast_took.as_secs_f64();
    families.one("forecast_seconds", "gauge", "What the last forecast took to compute.", took_s);
}

/// Names of printers need no escaping: the hall takes none that would.
fn of_printers(families: &mut Families, printers: &BTreeMap<PrinterId, Printer>) {
    let conditions = printers.iter().map(|(id, printer)| {
        (format!("printer=\"{id}\",condition=\"{}\"", printer.report.condition.as_str()), 1)
    });
    families.many("printer_condition", "gauge", "How each printer is.", conditions);
    let mut each = |name, help, value: fn(&Printer) -> Option<f64>| {
        let values =
            printers.iter().filter_map(|(id, printer)| Some((format!("printer=\"{id}\""), value(printer)?)));
        families.many(name, "gauge", help, values);
    };
    each("printer_ready", "Whether it can print.", |it| Some(f64::from(it.report.condition.can_print())));
    each("printer_sheets", "Slips since the roll was changed.", |it| Some(f64::from(it.report.sheets)));
    each("printer_roll_left_sheets", "Slips the roll probably lasts yet.", |it| {
        it.report.roll_left.map(f64::from)
    });
    each("printer_roll_ends_timestamp_seconds", "When the roll will probably end.", |it| {
        it.report.roll_ends_at.map(|at| (at.as_ms() / 1_000) as f64)
    });
    each("printer_unconfirmed_ratio", "Share of the day's jobs that were never acknowledged.", |it| {
        Some(f64::from(it.report.unconfirmed) / f64::from(it.report.jobs.max(1)))
    });
}

/// Families of metrics, written one after the other.
struct Families(String);

impl Families {
    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.head(name, kind, help);
        let _ = writeln!(self.0, "hall_{name} {value}");
    }

    /// A value for each set of labels.
    fn many<V: Display>(
        &mut self,
        name: &str,
        kind: &str,
        help: &str,
        values: impl Iterator<Item = (String, V)>,
    ) {
        self.head(name, kind, help);
        for (labels, value) in values {
            let _ = writeln!(self.0, "hall_{name}{{{labels}}} {value}");
        }
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP hall_{name} {help}\n# TYPE hall_{name} {kind}");
    }
}

//! What the hub counts, in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hall_core::Event;
use hall_forecast::Tally;

/// Counts since the hub started.
#[derive(Default)]
pub(crate) struct Metrics {
    tickets_issued: AtomicU64,
    calls: AtomicU64,
    commits: AtomicU64,
    events: AtomicU64,
    commit_us: AtomicU64,
    pub subscribers: AtomicU64,
    problems: Mutex<BTreeMap<&'static str, u64>>,
}

/// What is read off at the moment of asking.
pub(crate) struct Gauges {
    pub seq: u64,
    pub waiting: u32,
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
        let mut text = String::new();
        let mut family = |name: &str, kind: &str, help: &str, value: String| {
            let _ =
                write!(text, "# HELP hall_{name} {help}\n# TYPE hall_{name} {kind}\nhall_{name} {value}\n");
        };
        let count = |counter: &AtomicU64| counter.load(Relaxed).to_string();
        let commit_s = self.commit_us.load(Relaxed) as f64 / 1e6;
        family("tickets_issued_total", "counter", "Tickets given.", count(&self.tickets_issued));
        family("calls_total", "counter", "Calls and recalls.", count(&self.calls));
        family("commits_total", "counter", "Transactions written to the journal.", count(&self.commits));
        family("committed_events_total", "counter", "Events in those transactions.", count(&self.events));
        family("commit_seconds_total", "counter", "Time spent writing them.", commit_s.to_string());
        family("subscribers", "gauge", "Open event streams.", count(&self.subscribers));
        family("seq", "gauge", "Number of the last event.", now.seq.to_string());
        family("waiting", "gauge", "Citizens waiting.", now.waiting.to_string());
        family("uptime_seconds", "gauge", "Time since the hub started.", now.uptime.as_secs().to_string());
        let Tally { called, within_p50, within_p90 } = now.forecast;
        let told = "Tickets called that had been told how long they would wait.";
        family("forecast_told_total", "counter", told, called.to_string());
        family(
            "forecast_within_p50_total",
            "counter",
            "Of these, called within the P50.",
            within_p50.to_string(),
        );
        family(
            "forecast_within_p90_total",
            "counter",
            "Of these, called within the P90.",
            within_p90.to_string(),
        );
        if called > 0 {
            let share = within_p90 as f64 / called as f64;
            family(
                "forecast_coverage_p90",
                "gauge",
                "Their share; honest is about 0.9.",
                format!("{share:.4}"),
            );
        }
        let took_s = now.forecast_took.as_secs_f64();
        family("forecast_seconds", "gauge", "What the last forecast took to compute.", took_s.to_string());
        text.push_str(
            "# HELP hall_problems_total Requests refused, by code.\n# TYPE hall_problems_total counter\n",
        );
        for (code, count) in self.problems.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(text, "hall_problems_total{{code=\"{code}\"}} {count}");
        }
        text
    }
}

//! One day under several sets of rules, side by side.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hall_core::{BusinessDay, Plan};
use serde::Serialize;

use super::report::{Column, Report, table};
use super::rules::Rules;
use super::run::run;
use super::scenario::Scenario;

/// The outcomes of one day.
#[derive(Debug, Serialize)]
pub struct Comparison {
    pub hall: String,
    pub hall_en: String,
    pub day: BusinessDay,
    /// Citizens who come, or would have come.
    pub visitors: usize,
    /// Of a drawn day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    pub outcomes: Vec<Outcome>,
}

/// What came of the day under one set of rules.
#[derive(Debug, Serialize)]
pub struct Outcome {
    pub rules: String,
    pub rules_en: String,
    /// How long simulating the day took; absent for what was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<f64>,
    pub report: Report,
}

impl Comparison {
    pub fn of(plan: &Plan, scenario: &Scenario, seed: Option<u64>) -> Self {
        Self {
            hall: plan.hall.name.clone(),
            hall_en: plan.hall.name_en.clone(),
            day: scenario.day,
            visitors: scenario.visits.len(),
            seed,
            outcomes: Vec::new(),
        }
    }

    /// Adds what has been measured.
    pub fn add(&mut self, (zh, en): (&str, &str), took: Option<Duration>, report: Report) {
        let took_ms = took.map(|took| (took.as_secs_f64() * 10_000.0).round() / 10.0);
        self.outcomes.push(Outcome { rules: zh.to_owned(), rules_en: en.to_owned(), took_ms, report });
    }

    /// Simulates the day under the rules of `plan` and adds what comes of it.
    pub fn add_run(&mut self, name: (&str, &str), plan: &Arc<Plan>, scenario: &Scenario) -> Result<()> {
        let began = Instant::now();
        let outcome = run(scenario, plan, true)?;
        let took = began.elapsed();
        self.add(name, Some(took), outcome.report(plan));
        Ok(())
    }

    /// The same for the rules in a file.
    pub fn add_rules(&mut self, file: &Path, plan: &Plan, scenario: &Scenario) -> Result<()> {
        let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        let rules = Rules::from_toml(&text).with_context(|| file.display().to_string())?;
        let plan = Arc::new(rules.apply_to(plan).with_context(|| file.display().to_string())?);
        self.add_run((&rules.name, &rules.name_en), &plan, scenario)
    }

    /// For a terminal.
    pub fn to_text(&self) -> String {
        let columns: Vec<Column> = self.outcomes.iter().map(Outcome::as_column).collect();
        let seed = self.seed.map(|seed| format!(", 种子 seed {seed}")).unwrap_or_default();
        let took: Vec<String> =
            self.outcomes.iter().filter_map(|it| it.took_ms).map(|ms| format!("{ms:.0} ms")).collect();
        let took = match took.is_empty() {
            true => String::new(),
            false => format!("; 模拟用时 simulated in {}", took.join(", ")),
        };
        format!(
            "{} {}\n{}, 来访 visitors {}{seed}{took}\n\n{}",
            self.hall,
            self.hall_en,
            self.day,
            self.visitors,
            table(&columns)
        )
    }
}

impl Outcome {
    fn as_column(&self) -> Column {
        Column { name: self.rules.clone(), name_en: self.rules_en.clone(), report: self.report.clone() }
    }
}

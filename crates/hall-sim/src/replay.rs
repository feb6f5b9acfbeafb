//! A recorded day beside what it would have been: under the same rules, with one more counter, under other rules.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use hall_core::{BusinessDay, CounterNumber, Record};

use crate::day::compare::Comparison;
use crate::day::report::Report;
use crate::day::{RecordedDay, Scenario};

/// Reads a day from a hub's data folder, its `journal.db`, or a `.jsonl` file of records.
///
/// # Errors
/// When it cannot be read, or the day is not in it.
pub fn recorded(journal: &Path, day: Option<BusinessDay>) -> Result<RecordedDay> {
    let records = if journal.extension().is_some_and(|extension| extension == "jsonl") {
        lines(journal)?
    } else {
        hall_hub::recorded_day(journal, day)?
    };
    RecordedDay::of(records, day).with_context(|| journal.display().to_string())
}

fn lines(path: &Path) -> Result<Vec<Record>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let record = |(i, line)| {
        serde_json::from_str(line).with_context(|| {
            format!("{} 第 {} 行不是记录 / line {} is no record", path.display(), i + 1, i + 1)
        })
    };
    lines.map(record).collect()
}

/// The day as recorded and met again, with a counter more like `extra_counter` and under `rules`, if there are any.
///
/// # Errors
/// When the rules or the counter do not fit the plan of the day.
pub fn replay(
    recorded: &RecordedDay,
    extra_counter: Option<CounterNumber>,
    rules: &[PathBuf],
) -> Result<Comparison> {
    let mut scenario = Scenario::recorded(recorded);
    let mut plan = recorded.plan.clone();
    let mut comparison = Comparison::of(&plan, &scenario, None);
    comparison.add(("原记录", "as recorded"), None, Report::of(&recorded.records, &plan));
    comparison.add_run(("原规则", "same rules"), &plan, &scenario)?;
    if let Some(counter) = extra_counter {
        plan = Arc::new(RecordedDay::with_another(&mut scenario, &plan, counter)?);
        let (zh, en) = (format!("加一窗口(同 {counter})"), format!("one more like {counter}"));
        comparison.add_run((&zh, &en), &plan, &scenario)?;
    }
    for file in rules {
        comparison.add_rules(file, &plan, &scenario)?;
    }
    Ok(comparison)
}

//! A plan as TOML text: what is wrong is said with its line.

use std::fmt;

use thiserror::Error;
use toml::de::{DeTable, DeValue};

use super::{FaultKind, Plan};

/// Why a text is no plan a hall can run by.
#[derive(Debug, Error)]
pub enum PlanError {
    /// Not TOML, or an unknown, missing or misread key: names the line and what was expected.
    #[error("方案读不懂 / the plan cannot be read: {0}")]
    Unreadable(#[from] toml::de::Error),
    /// Reads well, but contradicts itself: every fault.
    #[error("方案有 {} 处错误 / the plan has {} fault(s):\n{}", .0.len(), .0.len(), Lines(.0))]
    Faulty(Vec<PlanFault>),
}

/// A fault with the line of the file it stands on.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("第 {line} 行 / line {line}: {path}: {kind}")]
pub struct PlanFault {
    /// Counted from 1.
    pub line: usize,
    /// As in `services[3].prefix`, counted from 0.
    pub path: String,
    /// What is wrong.
    pub kind: FaultKind,
}

impl Plan {
    /// Reads and checks a plan.
    pub fn from_toml(text: &str) -> Result<Self, PlanError> {
        let plan: Self = toml::from_str(text)?;
        let faults = plan.check();
        if faults.is_empty() {
            return Ok(plan);
        }
        let table = DeTable::parse(text)?;
        let with_line = |fault: super::Fault| {
            let offset = offset_of(&fault.path, &table);
            let line = text[..offset].bytes().filter(|byte| *byte == b'\n').count() + 1;
            PlanFault { line, path: fault.path, kind: fault.kind }
        };
        let mut faults: Vec<PlanFault> = faults.into_iter().map(with_line).collect();
        faults.sort_by_key(|fault| fault.line);
        Err(PlanError::Faulty(faults))
    }
}

/// Where in the text the value at `path` begins, or the innermost part of the path that is there.
fn offset_of(path: &str, table: &toml::Spanned<DeTable>) -> usize {
    let mut offset = table.span().start;
    let mut steps = path.split(['.', '[']).map(|step| step.trim_end_matches(']'));
    let Some(mut value) = steps.next().and_then(|key| table.get_ref().get(key)) else { return offset };
    loop {
        offset = value.span().start;
        let inner = steps.next().and_then(|step| match value.get_ref() {
            DeValue::Table(table) => table.get(step),
            DeValue::Array(array) => step.parse().ok().and_then(|i: usize| array.get(i)),
            _ => None,
        });
        match inner {
            Some(inner) => value = inner,
            None => return offset,
        }
    }
}

struct Lines<'a>(&'a [PlanFault]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|fault| writeln!(f, "  {fault}"))
    }
}

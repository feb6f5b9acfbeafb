//! Another set of rules for the same hall: a `rules.toml`, applied to a copy of the plan.

use std::collections::BTreeMap;
use std::fmt;

use hall_core::plan::{Credit, Fault, QueueRules};
use hall_core::{ClassId, Plan};
use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// In `credits`, every class but ordinary that is not named itself.
const ALL_OTHERS: &str = "*";

/// What is different from the plan. Keys as in a plan; a misspelt one is refused with its line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub name: String,
    pub name_en: String,
    /// Instead of the plan's `[queue]`, all of it.
    queue: Option<QueueRules>,
    /// Minutes or `"first"` by class; `"*"` for every class but ordinary that is not named.
    #[serde(default)]
    credits: BTreeMap<Spanned<String>, Credit>,
    appointments: Option<AppointmentCredit>,
    #[serde(skip)]
    text: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AppointmentCredit {
    credit_min: u32,
}

/// Why rules cannot be applied.
#[derive(Debug, Error)]
pub enum RulesError {
    /// Not TOML, or an unknown, missing or misread key: names the line and what was expected.
    #[error("规则读不懂 / the rules cannot be read: {0}")]
    Unreadable(toml::de::Error),
    /// Names a class that the plan has not.
    #[error("第 {line} 行 / line {line}: 方案没有类别 {class} / the plan has no class {class}")]
    UnknownClass { line: usize, class: String },
    /// The plan would be faulty by these rules.
    #[error("按此规则方案有误 / by these rules the plan has faults:\n{}", Listed(.0))]
    Faulty(Vec<(usize, Fault)>),
}

impl Rules {
    /// Reads rules.
    ///
    /// # Errors
    /// When the text is no rules; the line is named.
    pub fn from_toml(text: &str) -> Result<Self, RulesError> {
        let rules: Self = toml::from_str(text).map_err(RulesError::Unreadable)?;
        Ok(Self { text: text.to_owned(), ..rules })
    }

    /// The plan by these rules.
    ///
    /// # Errors
    /// When they do not fit the plan.
    pub fn apply_to(&self, plan: &Plan) -> Result<Plan, RulesError> {
        let mut plan = plan.clone();
        if let Some(queue) = &self.queue {
            plan.queue = queue.clone();
        }
        if let Some(AppointmentCredit { credit_min }) = self.appointments {
            plan.appointments.credit_min = credit_min;
        }
        if let Some(credit) = self.credits.get(ALL_OTHERS) {
            let others = plan.classes.iter_mut().filter(|class| class.id != ClassId::ordinary());
            others.for_each(|class| class.credit_min = *credit);
        }
        for (id, credit) in self.credits.iter().filter(|(id, _)| id.get_ref() != ALL_OTHERS) {
            let class = plan.classes.iter_mut().find(|class| class.id.as_str() == id.get_ref());
            let unknown = || RulesError::UnknownClass {
                line: self.line_at(id.span().start),
                class: id.get_ref().clone(),
            };
            class.ok_or_else(unknown)?.credit_min = *credit;
        }
        let faults = plan.check();
        if faults.is_empty() {
            return Ok(plan);
        }
        Err(RulesError::Faulty(faults.into_iter().map(|fault| (self.line_of(&fault.path), fault)).collect()))
    }

    fn line_at(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    /// The line of the key at `path`, or of the innermost part of it that is there.
    fn line_of(&self, path: &str) -> usize {
        let Ok(table) = DeTable::parse(&self.text) else { return 1 };
        let mut keys = path.split('.');
        let Some(mut value) = keys.next().and_then(|key| table.get_ref().get(key)) else { return 1 };
        loop {
            let inner = keys.next().and_then(|key| match value.get_ref() {
                DeValue::Table(table) => table.get(key),
                _ => None,
            });
            match inner {
                Some(inner) => value = inner,
                None => return self.line_at(value.span().start),
            }
        }
    }
}

struct Listed<'a>(&'a [(usize, Fault)]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(line, fault)| writeln!(f, "  第 {line} 行 / line {line}: {fault}"))
    }
}

#[cfg(test)]
mod tests {
    use hall_core::plan::{CallRule, Ratio};

    use super::*;

    fn township() -> Plan {
        Plan::from_toml(include_str!("../../../../halls/township.toml")).unwrap()
    }

    fn credits(plan: &Plan) -> Vec<Credit> {
        plan.classes.iter().map(|class| class.credit_min).collect()
    }

    #[test]
    fn rules_change_what_they_name_and_nothing_else() {
        let plan = township();
        let same = Rules::from_toml("name = '同'\nname_en = 'same'").unwrap();
        assert_eq!(same.apply_to(&plan).unwrap(), plan);
        let text = "name = '变'\nname_en = 'changed'\nqueue.rule.ratio = { priority = 2, ordinary = 1 }\n\
                    appointments.credit_min = 0\ncredits = { '*' = 0, elderly = 'first' }";
        let changed = Rules::from_toml(text).unwrap().apply_to(&plan).unwrap();
        assert_eq!(changed.queue.rule, CallRule::Ratio(Ratio { priority: 2, ordinary: 1 }));
        assert_eq!(changed.appointments.credit_min, 0);
        let zero = Credit::Minutes(0);
        assert_eq!(credits(&changed), [zero, Credit::First, zero, zero, zero]);
        let back = Plan { classes: plan.classes.clone(), queue: plan.queue.clone(), ..changed };
        assert_eq!(Plan { appointments: plan.appointments, ..back }, plan);
    }

    #[test]
    fn what_is_wrong_with_rules_is_said_with_its_line() {
        for (text, expect) in [
            ("name = 'a'", "missing field `name_en`"),
            ("name = 'a'\nname_en = 'a'\ncredit = 3", "line 3"),
            ("name = 'a'\nname_en = 'a'\n\ncredits = { elderly = 'last' }", "line 4"),
            ("name = 'a'\nname_en = 'a'\n[queue]\ncall_limits = 3", "line 4"),
            ("name = 'a'\nname_en = 'a'\n[credits]\n'*' = 0\nelderley = 20", "line 5: 方案没有类别 elderley"),
            (
                "name = 'a'\nname_en = 'a'\n[queue]\nreinstate.minutes = 5\ncall_limit = 99",
                "line 5: queue.call_limit",
            ),
            ("name = 'a'\nname_en = 'a'\nappointments.credit_min = 900", "line 3: appointments.credit_min"),
        ] {
            let found = Rules::from_toml(text).and_then(|rules| rules.apply_to(&township()));
            let found = found.expect_err(text).to_string();
            assert!(found.contains(expect), "{text:?}: {found}");
        }
    }

    #[test]
    fn the_sample_rules_fit_every_sample_hall() {
        let halls = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../halls");
        for hall in ["village", "township", "city"] {
            let text = std::fs::read_to_string(halls.join(hall).with_extension("toml")).unwrap();
            let plan = Plan::from_toml(&text).unwrap();
            for rules in ["fifo", "strict", "ratio", "standing"] {
                let text = std::fs::read_to_string(halls.join("rules").join(rules).with_extension("toml"));
                let rules = Rules::from_toml(&text.unwrap()).unwrap();
                rules.apply_to(&plan).unwrap_or_else(|error| panic!("{hall}: {error}"));
            }
        }
    }
}

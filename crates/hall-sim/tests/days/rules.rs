//! The same day under other rules: as different as the rules are.

use std::collections::BTreeMap;

use hall_sim::day::report::Report;
use hall_sim::day::rules::Rules;
use hall_sim::day::{Scenario, run};

use super::{drawn, halls, sample_hall};
use std::sync::Arc;

const RULES: [&str; 4] = ["fifo", "strict", "ratio", "standing"];
const SEEDS: [u64; 3] = [1, 2, 3];

fn report_by(rules: &str, hall: &str, scenario: &Scenario) -> Report {
    let text = std::fs::read_to_string(halls().join("rules").join(rules).with_extension("toml")).unwrap();
    let plan = Arc::new(Rules::from_toml(&text).unwrap().apply_to(&sample_hall(hall)).unwrap());
    run(scenario, &plan, false).unwrap().report(&plan)
}

/// Busy days of a hall under each of the sample rules.
fn reports(hall: &str, visitors: usize) -> BTreeMap<&'static str, Vec<Report>> {
    let plan = sample_hall(hall);
    let days = SEEDS.map(|seed| drawn(&plan, visitors, seed));
    let reports = |rules| days.iter().map(|day| report_by(rules, hall, day)).collect();
    RULES.map(|rules| (rules, reports(rules))).into()
}

fn mean(reports: &[Report], figure: impl Fn(&Report) -> f64) -> f64 {
    reports.iter().map(figure).sum::<f64>() / reports.len() as f64
}

#[test]
fn priority_is_worth_what_the_rules_say() {
    let by_rules = reports("city.toml", 5500);
    let p90 = |rules: &str, class: &str| mean(&by_rules[rules], |it| it.class(class).unwrap().p90_min);
    let (strict, standing) = (p90("strict", "elderly"), p90("standing", "elderly"));
    let (fifo, ratio) = (p90("fifo", "elderly"), p90("ratio", "elderly"));
    println!("elderly P90: strict {strict:.1} standing {standing:.1} ratio {ratio:.1} fifo {fifo:.1}");
    assert!(strict <= standing + 0.5 && standing < fifo, "{strict} {standing} {fifo}");
    assert!(ratio < fifo, "{ratio} {fifo}");
    for rules in ["strict", "ratio", "standing"] {
        let (ordinary, by_arrival) = (p90(rules, "ordinary"), p90("fifo", "ordinary"));
        assert!(ordinary > by_arrival - 1.0, "{rules}: {ordinary} against {by_arrival}: somebody must pay");
    }
}

#[test]
fn nobody_is_overtaken_by_more_than_the_rules_allow() {
    let by_rules = reports("township.toml", 260);
    for report in &by_rules["fifo"] {
        assert_eq!(report.overtakes.by_class.overtaking, 0, "{:?}", report.overtakes);
    }
    // The largest credit of the township.
    for report in &by_rules["standing"] {
        assert!(report.overtakes.by_class.overtaking > 0, "a day too quiet to prove anything");
        assert!(report.overtakes.by_class.lead_max_min <= 20.0, "{:?}", report.overtakes);
    }
    let lead = |rules: &str| mean(&by_rules[rules], |it| it.overtakes.by_class.lead_max_min);
    assert!(lead("strict") > 20.0, "{}", lead("strict"));
}

#[test]
fn the_same_citizens_meet_every_set_of_rules() {
    let by_rules = reports("township.toml", 200);
    let arrivals = |rules: &str| {
        let counts = by_rules[rules].iter().map(|report| &report.tickets);
        counts.map(|it| it.issued + it.direct).collect::<Vec<_>>()
    };
    for rules in RULES {
        assert_eq!(arrivals(rules), arrivals("fifo"), "{rules}");
    }
}

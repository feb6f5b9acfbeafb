//! Where a service is: its zones, floors and counters, said as shortly as people say it.

use hall_core::plan::Zone;
use hall_core::{CounterNumber, Plan, ServiceId};

use crate::words::Words;

/// One line a zone, in the plan's order: `A区 1楼 3-5、8号窗口`.
pub fn places(plan: &Plan, service: &ServiceId) -> Vec<Words> {
    let place = |zone: &Zone| {
        let in_zone = plan.counters_serving(service).filter(|counter| counter.zone == zone.id);
        let counters: Vec<CounterNumber> = in_zone.map(|counter| counter.number).collect();
        (!counters.is_empty()).then(|| place_in(zone, counters))
    };
    plan.zones.iter().filter_map(place).collect()
}

/// All places on one line.
pub fn in_one_line(places: &[Words]) -> Words {
    let join = |text: fn(&Words) -> &str, comma| places.iter().map(text).collect::<Vec<_>>().join(comma);
    Words::new(join(|words| &words.zh, "；"), join(|words| &words.en, "; "))
}

fn place_in(zone: &Zone, mut counters: Vec<CounterNumber>) -> Words {
    counters.sort_unstable();
    let runs = runs(&counters);
    let plural = if counters.len() == 1 { "" } else { "s" };
    Words::new(
        format!("{} {} {}号窗口", zone.name, zone.floor, runs.join("、")),
        format!("{}, {}, counter{plural} {}", zone.name_en, floor_en(&zone.floor), runs.join(", ")),
    )
}

/// Neighbouring numbers as one run from three on: `3-5`, but `3`, `4`.
fn runs(sorted: &[CounterNumber]) -> Vec<String> {
    let mut runs = Vec::new();
    for run in sorted.chunk_by(|a, b| a.0 + 1 == b.0) {
        match run {
            [first, _, .., last] => runs.push(format!("{first}-{last}")),
            short => runs.extend(short.iter().map(CounterNumber::to_string)),
        }
    }
    runs
}

/// `1楼` is floor 1; a floor called otherwise stays as it is.
fn floor_en(floor: &str) -> String {
    match floor.trim_end_matches(['楼', '层']) {
        number if !number.is_empty() && number.is_ascii() => format!("floor {number}"),
        _ => floor.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_three_and_more_are_shortened() {
        let check = |numbers: &[u16], expect: &str| {
            let counters: Vec<_> = numbers.iter().copied().map(CounterNumber).collect();
            assert_eq!(runs(&counters).join("、"), expect);
        };
        check(&[3], "3");
        check(&[3, 4], "3、4");
        check(&[3, 4, 5], "3-5");
        check(&[1, 2, 3, 7, 9, 10, 12, 13, 14], "1-3、7、9、10、12-14");
    }

    #[test]
    fn a_place_is_said_in_both_languages() {
        let check = |floor: &str, numbers: &[u16], zh: &str, en: &str| {
            let zone =
                Zone { id: "A".into(), name: "A区".into(), name_en: "Zone A".into(), floor: floor.into() };
            let counters = numbers.iter().copied().map(CounterNumber).collect();
            assert_eq!(place_in(&zone, counters), Words::new(zh, en));
        };
        check("1楼", &[5, 3, 4], "A区 1楼 3-5号窗口", "Zone A, floor 1, counters 3-5");
        check("B1层", &[8], "A区 B1层 8号窗口", "Zone A, floor B1, counter 8");
        check("夹层", &[8], "A区 夹层 8号窗口", "Zone A, 夹层, counter 8");
    }
}

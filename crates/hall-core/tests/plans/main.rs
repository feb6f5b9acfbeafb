//! The sample halls run as they are, and a broken plan says every fault with its line.

#![allow(clippy::unwrap_used)]

mod rules;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use hall_core::plan::PlanError;
use hall_core::{ClassId, CounterNumber, Plan, Timestamp};

const DESK: &str = r#"hall.name = "白石村"
hall.name_en = "Baishi"
hall.day = "08:00-18:00"
hall.hours = ["09:00-12:00", "13:30-17:00"]
classes = [{ id = "ordinary", name = "普通", name_en = "Ordinary" }]
zones = [{ id = "A", name = "A区", name_en = "Zone A", floor = "1楼" }]
departments = [{ id = "committee", name = "村委会", name_en = "Committee" }]
services = [
    { id = "aid", department = "committee", prefix = "A", expected_min = 10, name = "救助", name_en = "Aid" },
    { id = "land", department = "committee", prefix = "B", expected_min = 20, name = "宅基地", name_en = "Land" },
]
counters = [
    { number = 1, zone = "A", department = "committee", services = ["aid", "land"] },
]
"#;

/// `DESK` as other hands would write it.
const DESK_IN_TABLES: &str = r#"[hall]
name = "白石村"
name_en = "Baishi"
day = "08:00-18:00"
hours = ["09:00-12:00", "13:30-17:00"]
[[classes]]
id = "ordinary"
name = "普通"
name_en = "Ordinary"
[[zones]]
id = "A"
name = "A区"
name_en = "Zone A"
floor = "1楼"
[[departments]]
id = "committee"
name = "村委会"
name_en = "Committee"
[[services]]
id = "aid"
department = "committee"
prefix = "A"
expected_min = 10
name = "救助"
name_en = "Aid"
[[services]]
id = "land"
department = "committee"
prefix = "B"
expected_min = 20
name = "宅基地"
name_en = "Land"
[[counters]]
number = 1
zone = "A"
department = "committee"
services = ["aid", "land"]
"#;

fn halls() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../halls")
}

fn read(path: &Path) -> Plan {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Plan::from_toml(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn sample_halls() -> Vec<(PathBuf, Plan)> {
    let entries = fs::read_dir(halls())
        .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
        .expect("halls/ can be read");
    let mut paths: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.into_iter().map(|path| (path.clone(), read(&path))).collect()
}

/// `DESK` with each `(old, new)` put in.
fn desk(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(DESK.to_owned(), |text, (old, new)| {
        assert_eq!(text.matches(old).count(), 1, "{old:?} must stand once in the desk's plan");
        text.replace(old, new)
    })
}

/// The faults must be exactly these lines of the error, in this order.
fn check_faults(changes: &[(&str, &str)], expect: &[&str]) {
    match Plan::from_toml(&desk(changes)) {
        Err(PlanError::Faulty(faults)) => {
            let found: Vec<String> = faults.iter().map(ToString::to_string).collect();
            assert_eq!(found, expect, "after {changes:?}");
        }
        other => panic!("after {changes:?}: expected faults, found {other:?}"),
    }
}

/// The error must name the line and hold each of `expect`.
fn check_unreadable(change: (&str, &str), line: usize, expect: &[&str]) {
    match Plan::from_toml(&desk(&[change])) {
        Err(error @ PlanError::Unreadable(_)) => {
            let text = error.to_string();
            assert!(text.contains(&format!("line {line},")), "expected line {line} in:\n{text}");
            for part in expect {
                assert!(text.contains(part), "expected {part:?} in:\n{text}");
            }
        }
        other => panic!("after {change:?}: expected an unreadable plan, found {other:?}"),
    }
}

#[test]
fn every_sample_hall_reads_without_faults_and_is_open_on_a_monday_morning() {
    let halls = sample_halls();
    assert!(halls.len() >= 3);
    let monday: Timestamp = "2026-11-23T09:30:00+08:00".parse().unwrap();
    for (path, plan) in halls {
        assert_eq!(plan.check(), [], "{}", path.display());
        for service in &plan.services {
            assert!(plan.is_open(service, monday), "{}: {} is closed", path.display(), service.id);
        }
    }
}

#[test]
fn every_sample_hall_fits_the_kiosk() {
    for (path, plan) in sample_halls() {
        let mut names = HashSet::new();
        let departments = plan.departments.iter().map(|it| (&it.name, &it.name_en, 12, 34));
        let services = plan.services.iter().map(|it| (&it.name, &it.name_en, 14, 40));
        for (zh, en, zh_max, en_max) in departments.chain(services) {
            assert!(zh.chars().count() <= zh_max && en.chars().count() <= en_max, "{zh} / {en} is too long");
            assert!(en.is_ascii() && !zh.is_ascii(), "{zh} / {en}: which is Chinese?");
        }
        for service in &plan.services {
            assert!(names.insert(&service.name), "two services are {}", service.name);
            assert!(names.insert(&service.name_en), "two services are {}", service.name_en);
            assert!((3..=30).contains(&service.expected_min), "{}: {}", path.display(), service.id);
            assert!(!service.prefix.contains(['I', 'O']), "{} reads like a digit", service.prefix);
        }
    }
}

#[test]
fn every_sample_hall_is_furnished_in_order() {
    for (path, plan) in sample_halls() {
        let numbers: Vec<u16> = plan.counters.iter().map(|counter| counter.number.0).collect();
        let expected: Vec<u16> = (1..).take(numbers.len()).collect();
        assert_eq!(numbers, expected, "{}: counters are numbered through", path.display());
        let mut places: Vec<_> = plan.counters.iter().map(|it| (&it.zone, &it.department)).collect();
        places.dedup();
        let distinct: HashSet<_> = places.iter().collect();
        assert_eq!(places.len(), distinct.len(), "{}: a department is scattered", path.display());
        let staffed: HashSet<_> = places.iter().map(|(zone, _)| zone).collect();
        assert_eq!(staffed.len(), plan.zones.len(), "{}: every zone has counters", path.display());
        assert_eq!(plan.class(&ClassId::ordinary()).unwrap().credit_min, Default::default());
    }
}

#[test]
fn the_sample_halls_have_the_size_of_real_ones() {
    let village = read(&halls().join("village.toml"));
    assert_eq!((village.counters.len(), village.zones.len(), village.departments.len()), (1, 1, 1));

    let township = read(&halls().join("township.toml"));
    assert_eq!(township.counters.len(), 6);
    assert!((10..=14).contains(&township.services.len()), "{} services", township.services.len());

    let city = read(&halls().join("city.toml"));
    let floors: HashSet<_> = city.zones.iter().map(|zone| &zone.floor).collect();
    let staffing: HashSet<_> = city.counters.iter().map(|counter| &counter.department).collect();
    assert_eq!((city.counters.len(), city.departments.len()), (231, 52));
    assert_eq!((city.zones.len(), floors.len(), staffing.len()), (4, 3, 52));
    assert!((110..=140).contains(&city.services.len()), "{} services", city.services.len());
    assert_eq!(city.counter(CounterNumber(231)).unwrap().zone, city.zones[3].id);
    let mut busiest: Vec<_> = city.services.iter().map(|it| city.counters_serving(&it.id).count()).collect();
    busiest.sort_unstable();
    assert!(busiest.iter().rev().take(20).all(|count| (5..=15).contains(count)), "{busiest:?}");
}

#[test]
fn an_unknown_key_is_refused_with_its_line_and_what_was_expected() {
    let unknown = |key| format!("unknown field `{key}`");
    check_unreadable(("name = \"救助\"", "nmae = \"救助\""), 9, &[&unknown("nmae"), "`name`", "`prefix`"]);
    check_unreadable(("number = 1", "nr = 1"), 13, &[&unknown("nr"), "`number`", "`services`"]);
    check_unreadable(("hall.day", "hall.days"), 3, &[&unknown("days"), "`day`", "`hours`"]);
    check_unreadable(("counters =", "queue.limit = 3\ncounters ="), 12, &[&unknown("limit"), "`call_limit`"]);
    check_unreadable(("zones =", "colour = 1\nzones ="), 6, &[&unknown("colour"), "`zones`", "`counters`"]);
}

#[test]
fn a_missing_or_misread_value_is_refused_with_its_line() {
    let table: &[((&str, &str), usize, &[&str])] = &[
        (("prefix = \"B\", ", ""), 10, &["missing field `prefix`"]),
        (("\"A\", expected_min = 10", "\"A\", expected_min = \"10\""), 9, &["invalid type", "u32"]),
        (("expected_min = 20", "expected_min = -20"), 10, &["-20", "u32"]),
        (("number = 1", "number = 70000"), 13, &["70000", "u16"]),
        (("\"13:30-17:00\"", "\"17:00-13:30\""), 4, &["09:00-12:00", "17:00-13:30"]),
        (("\"08:00-18:00\"", "\"8-18\""), 3, &["09:00-12:00", "8-18"]),
        (("hall.day", "hall.utc_offset = \"8\"\nhall.day"), 3, &["+08:00"]),
        (("id = \"ordinary\",", "id = \"ordinary\", credit_min = \"always\","), 5, &["\"first\"", "always"]),
        (("id = \"ordinary\",", "id = \"ordinary\", credit_min = 601,"), 5, &["0 to 600", "601"]),
        (("\"aid\", \"land\"]", "\"aid\" \"land\"]"), 13, &["expected"]),
    ];
    for (change, line, expect) in table {
        check_unreadable(*change, *line, expect);
    }
}

#[test]
fn each_fault_is_named_with_its_line() {
    let table: &[((&str, &str), &str)] = &[
        (
            ("\"aid\", \"land\"]", "\"aid\", \"land\", \"tax\"]"),
            "第 13 行 / line 13: counters[0].services[2]: 没有业务 tax / there is no service tax",
        ),
        (
            ("\"aid\", \"land\"]", "\"aid\"]"),
            "第 10 行 / line 10: services[1].id: 没有窗口办理业务 land / no counter serves land",
        ),
        (
            ("\"aid\", \"land\"]", "\"aid\", \"land\", \"aid\"]"),
            "第 13 行 / line 13: counters[0].services[2]: 重复：aid / aid is used twice",
        ),
        (
            ("prefix = \"B\"", "prefix = \"A\""),
            "第 10 行 / line 10: services[1].prefix: 重复：A / A is used twice",
        ),
        (
            ("prefix = \"B\"", "prefix = \"b1\""),
            "第 10 行 / line 10: services[1].prefix: 前缀应为一至两个大写字母，而不是 b1 / \
             expected one or two capital letters, found \"b1\"",
        ),
        (
            ("\"13:30-17:00\"", "\"11:30-17:00\""),
            "第 4 行 / line 4: hall.hours[1]: 时段 09:00-12:00 与 11:30-17:00 重叠 / \
             hours 09:00-12:00 and 11:30-17:00 overlap",
        ),
        (
            ("name = \"救助\"", "hours = [\"07:30-10:00\"], name = \"救助\""),
            "第 9 行 / line 9: services[0].hours[0]: 时段 07:30-10:00 超出营业日 08:00-18:00 / \
             hours 07:30-10:00 reach outside the day 08:00-18:00",
        ),
        (
            ("number = 1,", "number = 1000,"),
            "第 13 行 / line 13: counters[0].number: 应在 1 至 999 之间，而不是 1000 / expected 1 to 999, found 1000",
        ),
        (
            ("number = 1, zone = \"A\"", "number = 1, zone = \"Z\""),
            "第 13 行 / line 13: counters[0].zone: 没有区 Z / there is no zone Z",
        ),
        (
            ("zone = \"A\", department = \"committee\"", "zone = \"A\", department = \"tax\""),
            "第 13 行 / line 13: counters[0].department: 没有部门 tax / there is no department tax",
        ),
        (
            ("id = \"ordinary\"", "id = \"elderly\""),
            "第 5 行 / line 5: classes: 缺少普通类别 ordinary / the class ordinary is missing",
        ),
        (
            ("name = \"宅基地\"", "name = \" \""),
            "第 10 行 / line 10: services[1].name: 不能为空 / must not be blank",
        ),
        (
            ("hall.day", "hall.follow_url = \"http://192.168.1.10/\"\nhall.day"),
            "第 3 行 / line 3: hall.follow_url: 须含 {code} / must contain {code}",
        ),
        (
            ("counters =", "queue.call_limit = 0\ncounters ="),
            "第 12 行 / line 12: queue.call_limit: 应在 1 至 20 之间，而不是 0 / expected 1 to 20, found 0",
        ),
        (
            ("zones = [{ id = \"A\"", "zones = [\n  # 门厅\n  { id = \"B\""),
            "第 15 行 / line 15: counters[0].zone: 没有区 A / there is no zone A",
        ),
    ];
    for (change, expect) in table {
        check_faults(&[*change], &[expect]);
    }
}

#[test]
fn several_faults_are_said_at_once_in_the_order_of_the_file() {
    check_faults(
        &[
            ("\"13:30-17:00\"", "\"11:30-17:00\""),
            ("prefix = \"B\"", "prefix = \"A\""),
            ("expected_min = 20", "expected_min = 0"),
            ("\"aid\", \"land\"]", "\"aid\", \"tax\"]"),
            ("},\n]\ncounters", "},\n\n]\ncounters"),
        ],
        &[
            "第 4 行 / line 4: hall.hours[1]: 时段 09:00-12:00 与 11:30-17:00 重叠 / \
             hours 09:00-12:00 and 11:30-17:00 overlap",
            "第 10 行 / line 10: services[1].prefix: 重复：A / A is used twice",
            "第 10 行 / line 10: services[1].id: 没有窗口办理业务 land / no counter serves land",
            "第 10 行 / line 10: services[1].expected_min: 应在 1 至 480 之间，而不是 0 / expected 1 to 480, found 0",
            "第 14 行 / line 14: counters[0].services[1]: 没有业务 tax / there is no service tax",
        ],
    );
}

#[test]
fn a_plan_written_in_tables_reads_alike_and_names_its_own_lines() {
    assert_eq!(Plan::from_toml(DESK_IN_TABLES).unwrap(), Plan::from_toml(DESK).unwrap());
    let table = [
        ("\"aid\", \"land\"]", "\"aid\"]", "line 27: services[1].id: 没有窗口办理业务 land"),
        ("services = [", "notes = 1\nservices = [", "line 37,"),
    ];
    for (old, new, expect) in table {
        let error = Plan::from_toml(&DESK_IN_TABLES.replace(old, new)).unwrap_err().to_string();
        assert!(error.contains(expect), "expected {expect:?} in:\n{error}");
    }
}

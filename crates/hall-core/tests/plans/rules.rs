//! The rules a hall chooses, read from its plan: what may be said, what is at fault, what time it opens.

use hall_core::plan::{CallRule, HelpWhen, Ratio, SetBack};
use hall_core::{Plan, Timestamp};

use crate::{check_faults, check_unreadable, desk};

/// `DESK` with these lines before its services, and these put into its first service and its counter.
fn with(lines: &str, service: &str, counter: &str) -> String {
    desk(&changes(lines, service, counter).each_ref().map(|(old, new)| (*old, new.as_str())))
}

fn changes(lines: &str, service: &str, counter: &str) -> [(&'static str, String); 3] {
    [
        ("services = [\n", format!("{lines}\nservices = [\n")),
        ("prefix = \"A\"", format!("prefix = \"A\"{service}")),
        ("services = [\"aid\", \"land\"]", format!("services = [\"aid\"]{counter}")),
    ]
}

#[test]
fn what_is_not_said_is_as_it_was() {
    let plan = Plan::from_toml(&desk(&[])).unwrap();
    assert_eq!(plan.queue, Default::default());
    assert_eq!(plan.queue.rule, CallRule::Standing);
    assert_eq!((plan.queue.auto_call, plan.queue.closing_promise), (false, false));
    assert_eq!(plan.hall.languages, ["zh".into(), "en".into()]);
    assert!(plan.calendar.is_none() && plan.needs.is_empty() && plan.routes.is_empty());
    let text = toml::to_string(&plan).unwrap();
    assert_eq!(Plan::from_toml(&text).unwrap(), plan, "a plan reads back as it was written");
}

#[test]
fn every_rule_can_be_chosen() {
    let text = desk(&[
        (
            "services = [\n",
            r#"queue.rule.ratio = { priority = 2, ordinary = 1 }
queue.reinstate.places = 3
queue.no_show_after_s = 120
queue.wait_limit_min = 40
queue.auto_call = true
queue.closing_promise = true
persons.tickets_per_day = 3
appointments = { credit_min = 15, missed_max = 3 }
calendar = { holidays = "cn", off = ["2026-11-24"], years = [{ year = 2027, off = ["2027-01-01..2027-01-03"] }] }
hall.late_hours = [{ days = ["thu"], hours = "17:00-18:00" }]
needs = [{ id = "low-counter", name = "低位窗口", name_en = "Low counter" }]
routes = [{ id = "home", name = "建房", name_en = "House", legs = ["aid", "land", "aid"] }]
services = [
"#,
        ),
        (
            "prefix = \"A\"",
            r#"prefix = "A", wait_limit_min = 30, real_name = true, quotas = [{ hours = "09:00-12:00", tickets = 20 }], slots = [{ hours = "09:00-12:00", every_min = 30, capacity = 4 }]"#,
        ),
        (
            "\n    { number = 1, zone = \"A\", department = \"committee\", services = [\"aid\", \"land\"] },",
            r#"
    { number = 1, zone = "A", department = "committee", services = ["aid"], helps = [{ service = "land", when = { waited_over_min = 30 } }] },
    { number = 2, zone = "A", department = "committee", services = ["land"], helps = [{ service = "aid", when = "own_empty" }], auto_call = false },"#,
        ),
    ]);
    let plan = Plan::from_toml(&text).unwrap();
    assert_eq!(plan.queue.rule, CallRule::Ratio(Ratio { priority: 2, ordinary: 1 }));
    assert_eq!(plan.queue.reinstate, SetBack::Places(3));
    assert_eq!(plan.counters[0].helps[0].when, HelpWhen::WaitedOverMin(30));
    assert_eq!(plan.counters[1].helps[0].when, HelpWhen::OwnEmpty);
    let limits = plan.services.iter().map(|service| plan.wait_limit_min(service)).collect::<Vec<_>>();
    assert_eq!(limits, [Some(30), Some(40)], "a service's own before the hall's");
    assert_eq!(Plan::from_toml(&toml::to_string(&plan).unwrap()).unwrap(), plan);
}

#[test]
fn hours_follow_the_day_of_the_week_and_the_calendar() {
    let lines = r#"hall.late_hours = [{ days = ["thu"], hours = "17:00-18:00" }]
calendar = { holidays = "cn" }"#;
    let plan = Plan::from_toml(&desk(&[("zones =", &format!("{lines}\nzones ="))])).unwrap();
    for (at, open, why) in [
        ("2026-11-26T17:30:00+08:00", true, "late on a Thursday"),
        ("2026-11-25T17:30:00+08:00", false, "not on a Wednesday"),
        ("2026-11-26T12:30:00+08:00", false, "at noon"),
        ("2026-11-28T10:00:00+08:00", false, "on a Saturday"),
        ("2026-10-01T10:00:00+08:00", false, "on the National Day, a Thursday"),
        ("2026-10-10T10:00:00+08:00", true, "on a Saturday made up for it"),
    ] {
        let at: Timestamp = at.parse().unwrap();
        assert_eq!(plan.is_open(&plan.services[0], at), open, "{why}");
    }
    let known = |day: &str| plan.year_without_holidays(day.parse().unwrap());
    assert_eq!(known("2026-11-23"), None);
    assert_eq!(known("2026-12-15"), Some(2027), "in time to do something about it");
    assert_eq!(known("2028-05-05"), Some(2028));
}

#[test]
fn each_fault_of_the_rules_is_named_with_its_line() {
    let table: &[(&str, &str, &str, &[&str])] = &[
        (
            "queue = { no_show_after_s = 60, start_after_s = 0 }",
            "",
            ", helps = [{ service = \"land\", when = \"own_empty\" }]",
            &[
                "第 8 行 / line 8: queue.start_after_s: 不能与 no_show_after_s 同时使用 / cannot be used together with no_show_after_s",
                "第 11 行 / line 11: services[1].id: 没有窗口办理业务 land / no counter serves land",
            ],
        ),
        (
            "routes = [{ id = \"r\", name = \"联办\", name_en = \"Route\", legs = [\"aid\", \"aid\", \"tax\"] }]",
            "",
            ", auto_call = true",
            &[
                "第 8 行 / line 8: routes[0].legs[1]: 与前一项相同：aid / aid follows itself",
                "第 8 行 / line 8: routes[0].legs[2]: 没有业务 tax / there is no service tax",
                "第 11 行 / line 11: services[1].id: 没有窗口办理业务 land / no counter serves land",
            ],
        ),
        (
            "appointments.missed_max = 0",
            ", slots = [{ hours = \"07:00-12:00\", every_min = 1, capacity = 0 }]",
            ", helps = [{ service = \"aid\", when = \"own_empty\" }, { service = \"tax\", when = \"own_empty\" }]",
            &[
                "第 8 行 / line 8: appointments.missed_max: 应在 1 至 50 之间，而不是 0 / expected 1 to 50, found 0",
                "第 10 行 / line 10: services[0].slots[0]: 时段 07:00-12:00 超出营业日 08:00-18:00 / \
                 hours 07:00-12:00 reach outside the day 08:00-18:00",
                "第 10 行 / line 10: services[0].slots[0].every_min: 应在 5 至 480 之间，而不是 1 / expected 5 to 480, found 1",
                "第 10 行 / line 10: services[0].slots[0].capacity: 应在 1 至 500 之间，而不是 0 / expected 1 to 500, found 0",
                "第 11 行 / line 11: services[1].id: 没有窗口办理业务 land / no counter serves land",
                "第 14 行 / line 14: counters[0].helps[0].service: aid 已是该窗口的业务 / the counter serves aid itself",
                "第 14 行 / line 14: counters[0].helps[1].service: 没有业务 tax / there is no service tax",
            ],
        ),
    ];
    for (lines, service, counter, expect) in table {
        let changes = changes(lines, service, counter);
        check_faults(&changes.each_ref().map(|(old, new)| (*old, new.as_str())), expect);
    }
}

#[test]
fn a_misread_rule_is_refused_with_its_line_and_what_was_expected() {
    let table: &[(&str, &[&str])] = &[
        ("queue.rule = \"lottery\"", &["lottery", "`standing`", "`ratio`"]),
        ("queue.reinstate.hours = 1", &["hours", "`minutes`", "`places`"]),
        ("calendar.holidays = \"mars\"", &["mars", "cn"]),
        ("hall.late_hours = [{ days = [\"someday\"], hours = \"17:00-18:00\" }]", &["someday", "`mon`"]),
    ];
    for (line, expect) in table {
        check_unreadable(("zones =", &format!("{line}\nzones =")), 6, expect);
    }
    assert!(Plan::from_toml(&with("", "", ", helps = [{ service = \"land\", when = \"never\" }]")).is_err());
}

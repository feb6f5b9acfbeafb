//! One document of each kind, full enough to show everything.
// Tests and benchmarks use what they need of it.
#![allow(dead_code)]

use hall_print::{Appointment, Bilingual, CallingSheet, Material, Notice, Slip, TestPage};

pub fn slip() -> Slip {
    Slip {
        hall: Bilingual::new("滨江新区政务服务中心", "Binjiang Government Service Centre"),
        service: Bilingual::new("不动产登记", "Real estate registration"),
        number: "A012".into(),
        people_ahead: 12,
        where_to_go: Bilingual::new("A区 1楼 3、4、5号窗口", "Zone A, floor 1, counters 3-5"),
        issued_at: "2026-11-23 09:30".into(),
        expected_wait: Some(Bilingual::new("约 12–25 分钟", "about 12–25 min")),
        follow_code: Some("http://hall.example/t/A012".into()),
        class: Some(Bilingual::new("老年人", "Elderly")),
        notes: vec![Bilingual::new("过号请到咨询台", "Missed your call? Ask at the desk")],
        reprint: 0,
    }
}

/// The slip of an ordinary ticket in a hall without forecasts and pages of its own.
pub fn plain_slip() -> Slip {
    Slip { expected_wait: None, follow_code: None, class: None, ..slip() }
}

pub fn appointment() -> Appointment {
    Appointment {
        hall: slip().hall,
        service: slip().service,
        date: "2026-11-24 星期二".into(),
        time: "09:00–09:30".into(),
        where_to_go: slip().where_to_go,
        code: "Y7K3M9Q2".into(),
        issued_at: "2026-11-23 16:05".into(),
        notes: vec![Bilingual::new("请携带身份证原件", "Please bring your ID card")],
        reprint: 0,
    }
}

pub fn notice(materials: usize) -> Notice {
    let material = |number| Material {
        name: format!("第{number}项：不动产权属证书或者其他权属来源材料（2026年1月1日以后签发）"),
        originals: 1,
        copies: number as u32 % 3,
        remark: if number % 2 == 0 {
            "需加盖公章，有效期 12–25 个工作日".into()
        } else {
            String::new()
        },
    };
    Notice {
        hall: slip().hall,
        matter: Bilingual::new("国有建设用地使用权及房屋所有权转移登记", "Transfer of real estate"),
        department: Bilingual::new("自然资源局", "Natural Resources Bureau"),
        conditions: vec!["买卖双方共同申请，权属清晰，无查封、异议登记".into()],
        materials: (1..=materials).map(material).collect(),
        steps: ["取号", "受理", "审核", "缴费", "领证"].map(String::from).to_vec(),
        time_limits: vec!["法定时限 30 个工作日".into(), "承诺时限 3 个工作日".into()],
        fees: vec!["住宅登记费每件 80 元，非住宅每件 550 元".into()],
        where_to_go: Bilingual::new("A区 1楼 3、4、5号窗口", "Zone A, floor 1, counters 3-5"),
        printed_at: "2026-11-23 09:30".into(),
    }
}

pub fn calling_sheet(numbers: u32) -> CallingSheet {
    CallingSheet {
        hall: slip().hall,
        service: slip().service,
        counters: slip().where_to_go.zh,
        numbers: (1..=numbers).map(|number| format!("A{number:03}")).collect(),
        printed_at: "2026-11-23 09:30".into(),
    }
}

pub fn test_page() -> TestPage {
    TestPage { remark: "/dev/serial/by-path/…".into(), printed_at: "2026-11-23 09:30".into() }
}

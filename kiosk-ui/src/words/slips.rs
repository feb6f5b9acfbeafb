//! What citizens are told of their slip, and staff of the printer.

use hall_print::{Fault, Health, Status};

use super::Words;
use crate::paper::{Hindrance, Paper};

/// What to do about the slip.
pub fn paper(paper: Paper) -> Words {
    let (zh, en) = match paper {
        Paper::NoPrinter => ("请记住您的号码", "Please remember your number"),
        Paper::Printing => ("正在打印，请稍候取票", "Your slip is being printed"),
        Paper::Printed => ("请取走号票", "Please take your slip"),
        Paper::Unconfirmed => (
            "请取走号票；如未出票，可凭号码到咨询台补打",
            "Please take your slip. If there is none, the desk can print it",
        ),
        Paper::Incomplete => (
            "号票或不完整，请记住号码，可到咨询台补打",
            "Your slip may be incomplete. The desk can print it again",
        ),
        Paper::Missing(hindrance) => return missing(hindrance),
    };
    Words::new(zh, en)
}

fn missing(hindrance: Hindrance) -> Words {
    let (zh, en) = match hindrance {
        Hindrance::OutOfPaper => ("打印机缺纸", "Out of paper."),
        Hindrance::CoverOpen => ("打印机盖未合", "Printer cover open."),
        Hindrance::Cutter => ("切纸器故障", "The paper cutter is stuck."),
        Hindrance::Jam => ("打印机卡纸", "Paper is stuck."),
        Hindrance::NotConnected => ("打印机未连接", "Printer not connected."),
        Hindrance::Busy => ("打印机忙", "Printer busy."),
        Hindrance::TooManyWaiting => ("打印任务太多", "Too many slips waiting."),
        Hindrance::TooLate => ("号票打印超时", "Printing took too long."),
        Hindrance::OutOfOrder => ("打印机故障", "Printer not working."),
    };
    Words::new(
        format!("{zh}，请记住号码，可到咨询台补打"),
        format!("{en} Remember your number: the desk can print it"),
    )
}

/// Said before anybody takes a number: there will be no slip, and none is needed.
pub fn no_slips() -> Words {
    Words::new("暂不出票，凭号码办理", "No slips now: your number is enough")
}

/// The printer's condition, for staff; nothing while it is fine.
pub fn printer(health: &Health) -> Option<Words> {
    match (health.status, health.roll.left_sheets) {
        (Status::Ready, _) => None,
        (Status::NearEnd, Some(left)) => {
            Some(Words::new(format!("打印纸将尽，约剩 {left} 张"), format!("Paper low, about {left} left")))
        }
        (status, _) => Some(condition(status)),
    }
}

/// The printer's condition, exactly.
pub fn condition(status: Status) -> Words {
    let (zh, en) = match status {
        Status::Ready => ("打印机正常", "Printer ready"),
        Status::NearEnd => ("打印纸将尽", "Paper low"),
        Status::PaperOut => ("打印机缺纸", "Out of paper"),
        Status::CoverOpen => ("打印机盖未合", "Printer cover open"),
        Status::Away => ("打印机未连接", "Printer not connected"),
        Status::Fault(Fault::Silent) => ("打印机无应答", "Printer not answering"),
        Status::Fault(Fault::Cutter) => ("打印机切刀故障", "Cutter fault"),
        Status::Fault(Fault::Jam) => ("打印机卡纸", "Paper jam"),
        Status::Fault(Fault::Unrecoverable) => ("打印机故障，请断电重启", "Printer fault: switch off and on"),
        Status::Fault(Fault::Overheated) => ("打印头过热", "Print head too hot"),
        Status::Fault(Fault::Offline) => ("打印机脱机", "Printer offline"),
        Status::Fault(Fault::Busy) => ("打印机忙", "Printer busy"),
    };
    Words::new(zh, en)
}

//! What a condition or an outcome is called, Chinese first, and what to do about it.

use hall_print::{Ack, Failure, Fault, Outcome, Status, Verified};

pub fn status(status: Status) -> &'static str {
    match status {
        Status::Ready => "正常 / ready",
        Status::NearEnd => "正常，纸将用尽：备好纸卷 / ready, the paper ends soon: have a roll at hand",
        Status::PaperOut => "缺纸：装上纸卷，合上机盖 / out of paper: put in a roll and close the cover",
        Status::CoverOpen => "机盖打开：合上 / the cover is open: close it",
        Status::Away => "端口不在：检查线缆 / the port is not there: check the cable",
        Status::Fault(fault) => match fault {
            Fault::Cutter => {
                "切刀故障：关机，取出卡住的纸，再开机 / cutter error: switch off, take out stuck paper, switch on"
            }
            Fault::Jam => "卡纸：打开机盖，取出纸 / paper jam: open the cover and take the paper out",
            Fault::Unrecoverable => {
                "故障：关机再开；再现则送修 / error: switch off and on; if it comes back it needs service"
            }
            Fault::Overheated => "打印头过热：稍候自行恢复 / the head is too hot: it recovers by itself",
            Fault::Offline => {
                "脱机，原因不明：查看纸、机盖与指示灯 / off-line for a reason it does not give: look at paper, cover and lamps"
            }
            Fault::Silent => {
                "没有回答：检查电源、线缆与速率（hall-print detect）/ no answer: check power, cable and rate (hall-print detect)"
            }
            Fault::Busy => {
                "不收数据：检查纸、机盖与流控 / takes no data: check paper, cover and flow control"
            }
        },
    }
}

pub fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::Printed => "已打印，打印机已确认 / printed, the printer said so".into(),
        Outcome::Unconfirmed => {
            "未确认：已全部发送，打印机没有确认；看一眼出纸口，确实没有才用 --reprint 1 补打 / unconfirmed: all was sent, the \
             printer did not say what became of it; look for the paper, and only if there is none print with --reprint 1"
                .into()
        }
        Outcome::FailedClean(why) => {
            format!("未打印：{why}；什么也没有发送，可以再打 / not printed: {why}; nothing was sent, it is safe to print again", why = failure(why))
        }
        Outcome::FailedPartial { sent, why } => format!(
            "只发送了一部分（{sent} 字节）：{}；不会自动重打；处理打印机后用 --reprint 1 补打 / sent in part ({sent} bytes): it is not \
             sent again by itself; put the printer right, then print with --reprint 1",
            failure(why)
        ),
    }
}

fn failure(failure: Failure) -> String {
    let zh = match failure {
        Failure::Away => "端口不在",
        Failure::Silent => "打印机没有回答",
        Failure::Busy => "打印机不再收数据",
        Failure::NotReady => "打印机未就绪",
        Failure::QueueFull => "排队的号票过多",
        Failure::Stopped => "打印线程已结束",
        Failure::TooLate => "等待过久",
        Failure::Journal => "日志无法写入",
    };
    format!("{zh} {failure}")
}

pub fn ack(ack: Ack) -> &'static str {
    match ack {
        Ack::ProcessId => "GS ( H",
        Ack::GsR => "GS r",
        Ack::None => "无 none",
    }
}

pub fn verified(verified: Verified) -> &'static str {
    match verified {
        Verified::Hardware => "实机 hardware",
        Verified::Manual => "手册 manual",
        Verified::Unverified => "未核实 unverified",
    }
}

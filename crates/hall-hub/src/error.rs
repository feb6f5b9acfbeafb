//! Why a hub does not start, or stops by itself. Texts are for technicians and say what to do next.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use hall_core::{PlanConflict, Rejection};
use thiserror::Error;

use crate::journal::JournalError;

/// A hub that could not start or go on.
#[derive(Debug, Error)]
pub enum HubError {
    #[error("数据目录 {path} 不可用：{reason} / the data directory cannot be used")]
    DataDir { path: PathBuf, reason: std::io::Error },
    #[error(
        "数据目录 {path} 正被另一个 hall-hub 使用 / another hall-hub is using the data directory: stop it or choose another"
    )]
    InUse { path: PathBuf },
    #[error("{}：{reason}", .path.display())]
    Journal { path: PathBuf, reason: JournalError },
    #[error("{}", plan_refused(.data, .reason))]
    PlanRefused { data: PathBuf, reason: Rejection },
    #[error("无法监听 {address}：{reason} / cannot listen there, nothing was changed")]
    Listen { address: SocketAddr, reason: std::io::Error },
    #[error("线程无法启动：{0} / a thread cannot be started")]
    Thread(std::io::Error),
    #[error("内部错误，主机已停止，请重新启动 / the hub stopped on an internal error: start it again")]
    Panicked,
}

impl HubError {
    /// The exit code of the program, as in `sysexits.h`.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Journal { reason: JournalError::DiskFull | JournalError::Sqlite(_), .. } => 74,
            Self::Journal { reason: JournalError::Missing | JournalError::NoSuchDay, .. } => 66,
            Self::Journal { .. } => 65,
            Self::DataDir { .. } | Self::InUse { .. } => 73,
            Self::PlanRefused { .. } => 78,
            Self::Listen { .. } => 69,
            Self::Thread(_) => 71,
            Self::Panicked => 70,
        }
    }
}

fn plan_refused(data: &Path, rejection: &Rejection) -> String {
    let Rejection::PlanConflict(conflicts) = rejection else {
        return format!(
            "方案未启用，大厅状态未变：{} / the plan was not adopted: {rejection}",
            rejection.zh()
        );
    };
    let listed: String =
        conflicts.iter().map(|conflict| format!("\n  {} / {conflict}", zh(conflict))).collect();
    let print_plan = format!("hall-hub plan --data {}", data.display());
    format!(
        "方案与当前营业日冲突，大厅状态未变 / the running day cannot accept this plan, nothing was changed:{listed}\n\
         请用现行方案启动（由此命令输出：{print_plan}），处理上述各项后再换新方案，或次日再换\n\
         Start with the plan in force (printed by: {print_plan}), settle the above and then change the plan, or change \
         it the next day"
    )
}

fn zh(conflict: &PlanConflict) -> String {
    match conflict {
        PlanConflict::ServiceInUse { service, tickets } => {
            format!("业务 {service} 还有 {tickets} 个号未办结，新方案中却没有它；请先办结")
        }
        PlanConflict::ServiceBooked { service, appointments } => {
            format!("业务 {service} 还有 {appointments} 个预约，新方案中却没有它；请先取消")
        }
        PlanConflict::CounterInUse(counter) => {
            format!("{counter} 号窗口未关闭，新方案中却没有它；请先关闭窗口")
        }
        PlanConflict::DayWouldEnd { waiting } => {
            format!("按新方案今日营业已结束，但还有 {waiting} 个号在等候")
        }
        PlanConflict::OffsetChanged => "营业日未结束，不能改变时差；请待次日".to_owned(),
    }
}

//! Why a hub does not start, or stops by itself. Texts are for technicians and say what to do next.

use std::path::PathBuf;

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
    #[error("方案与当前营业日冲突，大厅状态未变 / the running day cannot accept this plan, nothing was changed:{}", listed(.0))]
    PlanRefused(Rejection),
    #[error("监听失败：{0} / cannot listen")]
    Listen(std::io::Error),
    #[error("线程无法启动：{0} / a thread cannot be started")]
    Thread(std::io::Error),
    #[error("内部错误，服务已停止，请重新启动 / the hub stopped on an internal error: start it again")]
    Panicked,
}

impl HubError {
    /// The exit code of the program, as in `sysexits.h`.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Journal { reason: JournalError::DiskFull | JournalError::Sqlite(_), .. } => 74,
            Self::Journal { .. } => 65,
            Self::DataDir { .. } | Self::InUse { .. } => 73,
            Self::PlanRefused(_) => 78,
            Self::Listen(_) => 69,
            Self::Thread(_) => 71,
            Self::Panicked => 70,
        }
    }
}

fn listed(rejection: &Rejection) -> String {
    match rejection {
        Rejection::PlanConflict(conflicts) => {
            conflicts.iter().map(|conflict| format!("\n  {} / {conflict}", zh(conflict))).collect()
        }
        other => format!("\n  {} / {other}", other.zh()),
    }
}

fn zh(conflict: &PlanConflict) -> String {
    match conflict {
        PlanConflict::ServiceInUse { service, tickets } => {
            format!("业务 {service} 还有 {tickets} 个号未办结，新方案中却没有它；请先办结或结束营业日")
        }
        PlanConflict::CounterInUse(counter) => {
            format!("{counter} 号窗口未关闭，新方案中却没有它；请先关闭窗口")
        }
        PlanConflict::OffsetChanged => "营业日未结束，不能改变时差；请先结束营业日".to_owned(),
    }
}

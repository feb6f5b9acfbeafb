//! Refusals as people in the hall are told of them.

use super::Rejection;

impl Rejection {
    /// What to tell people in the hall, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::NoPlan => "大厅方案尚未载入".into(),
            Self::PlanFaulty(faults) => format!("方案有 {} 处错误", faults.len()),
            Self::PlanConflict(_) => "当前营业日不能接受此方案，请先处理冲突，或次日再启用".into(),
            Self::DayNotLater(day) => format!("营业日 {day} 不晚于上一营业日"),
            Self::DayClosed => "现在不在营业时间".into(),
            Self::UnknownService(service) => format!("没有业务 {service}"),
            Self::UnknownClass(class) => format!("没有类别 {class}"),
            Self::UnknownCounter(counter) => format!("没有 {counter} 号窗口"),
            Self::ServiceClosed(_) => "该业务不在办理时间内".into(),
            Self::CounterClosed(counter) => format!("{counter} 号窗口未开放，请先开窗"),
            Self::CounterPaused(counter) => format!("{counter} 号窗口暂停服务，请先恢复"),
            Self::CounterBusy(counter) => format!("{counter} 号窗口有未办结的号，请先办结、转移或过号"),
            Self::NothingCalled(counter) => format!("{counter} 号窗口没有已叫的号"),
            Self::NothingServing(counter) => format!("{counter} 号窗口没有正在办理的号"),
            Self::RecallLimit { limit, .. } => format!("已叫 {limit} 次，达到上限，请开始办理或过号"),
            Self::SameService(_) => "该号已在此业务中".into(),
            Self::PauseReason { limit } => format!("请填写暂停原因（1 至 {limit} 字）"),
            Self::UnknownTicket => "今日没有此号".into(),
            Self::NotWaiting(number) => format!("{number} 号不在等候中"),
            Self::NotMissed(number) => format!("{number} 号未过号，不能恢复"),
            Self::NotParked(number) => format!("{number} 号未挂起"),
            Self::AtCounter(number) => format!("{number} 号正在窗口办理，请在窗口办结"),
            Self::Settled(number) => format!("{number} 号已办结或已作废"),
            Self::NotServedHere { counter, number } => {
                format!("{counter} 号窗口不办理 {number} 号的业务，请转移或调整窗口业务")
            }
            Self::UnknownLanguage(language) => format!("没有语言 {language}"),
            Self::UnknownNeed(need) => format!("没有需求 {need}"),
            Self::UnknownRoute(route) => format!("没有联办流程 {route}"),
            Self::RouteMismatch(route) => format!("联办流程 {route} 的首项业务与所选不符"),
            Self::Legs { limit } => format!("后续业务应为 1 至 {limit} 项，相邻两项不能相同"),
            Self::PersonRequired(_) => "该业务实行实名取号，请出示证件".into(),
            Self::PersonHasTicket(number) => format!("您已取得该业务的号 {number}"),
            Self::PersonLimit { limit } => format!("您今日已取 {limit} 个号，达到上限"),
            Self::QuotaReached { hours, tickets, .. } => format!("{hours} 的 {tickets} 个号已取完"),
            Self::ServiceFull(_) => "今日已满，请明日再来或预约".into(),
            Self::StaffNumber(_) => "工号应为 1 至 20 个可见字符".into(),
            Self::StaffElsewhere { staff, counter } => {
                format!("工号 {staff} 已在 {counter} 号窗口开窗，请先关窗")
            }
            Self::StaffAbsent(staff) => format!("工号 {staff} 不在任何窗口"),
            Self::SameCounter(counter) => format!("该号已在 {counter} 号窗口"),
            Self::ProfileFaulty => "窗口至少办理一项业务，且不能重复".into(),
            Self::OwnService { counter, .. } => format!("{counter} 号窗口本来就办理该业务"),
            Self::NotHelping { counter, .. } => format!("{counter} 号窗口今日未支援该业务"),
            Self::ParkMinutes { limit } => format!("提醒时间应为 1 至 {limit} 分钟"),
            Self::NoAppointments(_) => "该业务不接受预约".into(),
            Self::UnknownAppointment => "没有此预约".into(),
            Self::NoSuchSlot { .. } => "没有这个预约时段".into(),
            Self::SlotFull { capacity } => format!("该时段 {capacity} 个名额已约满"),
            Self::DayOff(day) => format!("{day} 大厅不办公"),
            Self::TooFarAhead { limit } => format!("最多提前 {limit} 天预约"),
            Self::TooLate { until_min } => format!("须在预约时间 {until_min} 分钟前预约、改约或取消"),
            Self::AppointmentSettled(_) => "该预约已签到、取消或失约".into(),
            Self::AppointmentNotToday(day) => format!("预约日期是 {day}，不是今天"),
            Self::TooEarly { .. } => "签到时间未到，请稍后再来".into(),
            Self::MissedTooOften { missed } => format!("近期失约 {missed} 次，暂不能预约"),
            Self::PhoneDigits => "请填写手机号后四位".into(),
            Self::PrinterName => "打印机名称应为 1 至 64 个字母、数字、- 或 _".into(),
            Self::PrinterReportFaulty => "打印机上报的数量有误".into(),
            Self::PrinterLimit { limit } => format!("大厅已有 {limit} 台打印机，达到上限"),
            Self::UnknownPrinter(printer) => {
                format!("打印机 {printer} 今日未上报，请选择其他打印机，或启动该取号机")
            }
            Self::PrinterNotReady { printer, condition } => {
                format!("打印机 {printer} {}，请处理或选择其他打印机", condition.zh())
            }
            Self::ReprintLimit { number, limit } => {
                format!("{number} 号已补打 {limit} 次，达到上限（防止倒号），请为办事人手写号码")
            }
            Self::SlipNotOrdered { number, copy } => {
                format!("此打印机没有 {number} 号的第 {copy} 次补打任务")
            }
        }
    }
}

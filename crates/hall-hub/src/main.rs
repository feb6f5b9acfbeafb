//! The program: reads its arguments and the plan, runs a hub until it is told to stop, says why when it cannot.

use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use clap::{Parser, Subcommand, ValueEnum};
use hall_core::plan::PlanError;
use hall_core::{Plan, Timestamp};
use hall_hub::{Config, Hub, HubError, Role, add_token, plan_in_force};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// 叫号大厅的主机：一个大厅一个 hall-hub，号码先落盘再应答 / The hub of one hall: every number is on the disk before
/// anyone sees it
#[derive(Parser)]
#[command(version)]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// 运行主机 / run the hub
    Serve(Serve),
    /// 检查方案文件，逐条列出错误及行号 / check a plan, naming every fault with its line
    Check {
        /// 方案文件（TOML）/ the plan
        plan: PathBuf,
    },
    /// 输出数据目录中的现行方案（TOML）/ print the plan in force in a data directory
    Plan {
        /// 数据目录 / the hub's data directory
        #[arg(long)]
        data: PathBuf,
    },
    /// 为设备生成令牌，只显示这一次；须先在数据目录启动过主机，主机运行时也可使用 / make a token for a device, shown only once; the hub must have been started on the data directory before, and may run meanwhile
    Token {
        /// 数据目录 / the hub's data directory
        #[arg(long)]
        data: PathBuf,
        /// 设备用途 / what the device may do
        #[arg(long)]
        role: Role,
        /// 设备名称，如 一楼取号机 / what the device is called
        #[arg(long)]
        name: String,
    },
}

#[derive(clap::Args)]
struct Serve {
    /// 方案文件（TOML）；与现行方案不同时启用新方案 / the plan; adopted when it differs from the one in force
    #[arg(long)]
    plan: PathBuf,
    /// 数据目录，保存日志；不存在则创建 / where the journal is kept; made when missing
    #[arg(long)]
    data: PathBuf,
    /// 监听地址，如 0.0.0.0:7900 / the address to listen on
    #[arg(long)]
    listen: SocketAddr,
    /// 不要求设备令牌，仅用于演示与测试 / ask for no tokens: for demos and tests
    #[arg(long)]
    open_access: bool,
    /// 大厅时钟的起点，如 2026-11-23T09:30:00+08:00；大厅时间从不倒退 / where the hall's clock starts; it never runs backwards
    #[arg(long)]
    now: Option<Timestamp>,
    /// 日志格式 / how log lines are written
    #[arg(long, value_enum, default_value = "text")]
    log_format: LogFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    /// 供人阅读 / for people
    Text,
    /// 每行一个 JSON 对象 / one JSON object a line
    Json,
}

fn main() -> ExitCode {
    let outcome = match Args::parse().task {
        Task::Serve(args) => {
            start_logging(args.log_format);
            serve(args).inspect_err(|error| tracing::error!("{error:#}"))
        }
        Task::Check { plan } => check(&plan).inspect_err(|error| complain(format_args!("{error:#}"))),
        Task::Plan { data } => print_plan(&data).inspect_err(|error| complain(format_args!("{error:#}"))),
        Task::Token { data, role, name } => {
            token(&data, role, &name).inspect_err(|error| complain(format_args!("{error:#}")))
        }
    };
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    match error.downcast_ref::<HubError>() {
        Some(error) => error.exit_code().into(),
        None => ExitCode::FAILURE,
    }
}

fn serve(args: Serve) -> anyhow::Result<()> {
    exit_on_panic();
    let began = Instant::now();
    let plan = read_plan(&args.plan)?;
    let runtime = tokio::runtime::Runtime::new().context("无法启动运行时 / the runtime cannot be started")?;
    let cannot_listen = |reason| HubError::Listen { address: args.listen, reason };
    // Before the hub starts: while another holds the port, this one must not change the journal.
    let listener = runtime.block_on(TcpListener::bind(args.listen)).map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let hub =
        Hub::start(Config { plan, data: args.data.clone(), open_access: args.open_access, now: args.now })?;
    let seq = hub.seq();
    runtime.block_on(async {
        let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        tracing::info!(
            %address,
            plan = %args.plan.display(),
            data = %args.data.display(),
            seq,
            ms = began.elapsed().as_millis() as u64,
            open_access = args.open_access,
            "大厅已就绪 / the hall is ready"
        );
        hub.serve(listener, async move {
            tokio::select! {
                _ = term.recv() => {}
                _ = int.recv() => {}
            }
        })
        .await?;
        tracing::info!("已停止 / stopped");
        Ok(())
    })
}

fn check(path: &Path) -> anyhow::Result<()> {
    let plan = read_plan(path)?;
    println!(
        "方案无误：{}，{} 个窗口，{} 个部门，{} 个区，{} 项业务，{} 个类别",
        plan.hall.name,
        plan.counters.len(),
        plan.departments.len(),
        plan.zones.len(),
        plan.services.len(),
        plan.classes.len()
    );
    println!(
        "The plan is sound: {}, {} counters, {} departments, {} zones, {} services, {} classes",
        plan.hall.name_en,
        plan.counters.len(),
        plan.departments.len(),
        plan.zones.len(),
        plan.services.len(),
        plan.classes.len()
    );
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let today = plan.date(Timestamp::from_ms(since_1970.as_millis() as i64));
    if let Some(year) = plan.year_without_holidays(today) {
        println!("注意：{year} 年的节假日数据尚未载入，按星期推算；请更新程序或方案的 calendar.years");
        println!(
            "Mind: the public holidays of {year} are not known, its days follow the week; update the program or calendar.years"
        );
    }
    Ok(())
}

fn print_plan(data: &Path) -> anyhow::Result<()> {
    let plan = plan_in_force(data)?;
    let text = toml::to_string(&*plan).context("方案无法写成 TOML / the plan cannot be written as TOML")?;
    std::io::stdout().write_all(text.as_bytes()).context("无法输出方案 / the plan cannot be printed")
}

fn token(data: &Path, role: Role, name: &str) -> anyhow::Result<()> {
    println!("{}", add_token(data, role, name)?);
    complain("请立即保存，此令牌不会再次显示 / keep it now: it is not shown again");
    Ok(())
}

fn read_plan(path: &Path) -> anyhow::Result<Plan> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("无法读取方案 {} / the plan cannot be read", path.display()))?;
    Plan::from_toml(&text).map_err(|error| match error {
        PlanError::Unreadable(error) => {
            anyhow::anyhow!("方案 {} 无法识别 / the plan cannot be understood:\n{error}", path.display())
        }
        faulty => anyhow::anyhow!("{}: {faulty}", path.display()),
    })
}

fn start_logging(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let lines = lines.with_ansi(std::io::stderr().is_terminal());
    match format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
}

/// Any panic ends the process: what was in memory is not to be trusted, the journal is.
fn exit_on_panic() {
    std::panic::set_hook(Box::new(|panic| {
        let code = match hall_hub::replaying() {
            Some(seq) => {
                tracing::error!(
                    seq,
                    "日志在第 {seq} 条损坏，请从备份恢复 / the journal is damaged at record {seq}, restore it from a backup: {panic}"
                );
                65
            }
            None => {
                tracing::error!("内部错误，请重新启动 / internal error, start again: {panic}");
                70
            }
        };
        std::process::exit(code);
    }));
}

/// Writes a line to stderr; when that is closed there is nobody left to tell.
fn complain(message: impl Display) {
    let _ = writeln!(std::io::stderr(), "{message}");
}

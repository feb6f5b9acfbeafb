//! `hall-sim`: simulated devices and people, for demos, training and tests.

mod printer_args;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use hall_client::Hub;
use hall_core::{BusinessDay, CounterNumber, Plan};
use hall_sim::crowd::Crowd;
use hall_sim::day::Scenario;
use hall_sim::day::compare::Comparison;
use hall_sim::live::Live;
use hall_sim::{demo, live, load, replay};

/// 模拟的市民、窗口人员与设备 Simulated citizens, staff and devices
#[derive(Parser)]
#[command(version, propagate_version = true)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// 演示整座大厅 Show a whole hall on this computer
    Demo {
        /// 不用显示器，走完一位市民的全程 Without a display: one citizen's way, with pictures, slip and sound
        #[arg(long, requires = "out")]
        headless: bool,
        /// 图片、号票、录音和 summary.json 的文件夹 Folder for pictures, slip, sound and summary.json
        #[arg(long, value_name = "DIR", requires = "headless")]
        out: Option<PathBuf>,
        /// 大厅方案 The hall's plan [default: city.toml of the sample halls]
        #[arg(long, value_name = "FILE")]
        plan: Option<PathBuf>,
        /// 样例大厅的文件夹 Folder of the sample halls
        #[arg(long, value_name = "DIR", default_value = "halls")]
        halls: PathBuf,
    },
    /// 虚拟打印机，可设型号与故障 A virtual slip printer, with its model and faults
    Printer(Box<printer_args::PrinterArgs>),
    /// 向运行中的主机加入模拟的市民和窗口人员 Simulated citizens and staff on a running hub
    Crowd {
        /// 主机地址 Address of the hub
        #[arg(long, value_name = "URL")]
        hub: String,
        /// 设备令牌 The device's token
        #[arg(long)]
        token: Option<String>,
        /// 有人办理的窗口数 Counters that are staffed
        #[arg(long, default_value_t = 24)]
        counters: usize,
    },
    /// 压测：只对本机的主机，数量有限 A bounded load on a hub on this computer
    Load {
        /// 主机地址 Address of the hub
        #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7900")]
        hub: String,
        /// 同时的连接数 Connections at once
        #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=512))]
        connections: u16,
        /// 取号总数 Numbers to take in all
        #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        total: u32,
    },
    /// 在一秒内模拟整个营业日 A whole business day within a second
    Day {
        /// 大厅方案 The hall's plan
        #[arg(long, value_name = "FILE")]
        plan: PathBuf,
        /// 来访人数 Citizens who come
        #[arg(long, default_value_t = 5000, value_parser = clap::value_parser!(u32).range(..=200_000))]
        visitors: u32,
        /// 日期 The date
        #[arg(long, value_name = "DATE", default_value = "2026-11-23")]
        day: BusinessDay,
        /// 随机种子 The same seed gives the same day
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// 同一天改用此规则再模拟，可多次 The same day by these rules too; may be given several times
        #[arg(long, value_name = "RULES")]
        compare: Vec<PathBuf>,
        /// 输出 JSON The figures as JSON
        #[arg(long)]
        json: bool,
    },
    /// 把记录的一天在同样或别的规则下重演 A recorded day again, under the same or other rules
    Replay {
        /// 主机的数据文件夹、journal.db 或 .jsonl A hub's data folder, its journal.db, or records as .jsonl
        journal: PathBuf,
        /// 哪一天，缺省为最后一天 Which day [default: the last one]
        #[arg(long, value_name = "DATE")]
        day: Option<BusinessDay>,
        /// 改用此规则，可多次 Other rules; may be given several times
        #[arg(long, value_name = "RULES")]
        rules: Vec<PathBuf>,
        /// 增开一个与此窗口相同的窗口 One more counter with the services of this one
        #[arg(long, value_name = "COUNTER")]
        extra_counter: Option<u16>,
        /// 输出 JSON The figures as JSON
        #[arg(long)]
        json: bool,
    },
    /// 在运行中的主机上演一天 A drawn day on a running hub
    Live {
        /// 主机地址 Address of the hub
        #[arg(long, value_name = "URL")]
        hub: String,
        /// 管理台的令牌 The token of a console
        #[arg(long, env = "HALL_TOKEN", hide_env_values = true)]
        token: Option<String>,
        /// 来访人数 Citizens who come
        #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=20_000))]
        visitors: u32,
        /// 随机种子 The same seed gives the same citizens and staff
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// 快多少倍：只缩短人的等待，主机时钟照常 How many times faster people act; the hub's clock runs as it does
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=600))]
        speed: u16,
        /// 输出 JSON The figures as JSON
        #[arg(long)]
        json: bool,
    },
}

fn main() -> Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::WARN).init();
    let args = Args::parse();
    tokio::runtime::Runtime::new()?.block_on(run(args.what))
}

async fn run(what: What) -> Result<()> {
    match what {
        What::Demo { out: Some(out), plan, halls, headless: _ } => {
            let summary = demo::headless(&plan.unwrap_or(halls.join("city.toml")), &out).await?;
            println!("{}", serde_json::to_string_pretty(&summary)?);
            Ok(())
        }
        What::Demo { plan, halls, .. } => demo::on_display(&plan.unwrap_or(halls.join("city.toml"))).await,
        What::Printer(args) => printer_args::run(*args),
        What::Crowd { hub, token, counters } => {
            let hub = Hub::new(&hub, token.as_deref())?;
            let plan = Arc::new(hub.plan().await?);
            let crowd = Crowd::around(&plan, &[], counters);
            crowd.fill(&hub, &plan, counters).await?;
            crowd.run(hub, plan).await;
            Ok(())
        }
        What::Load { hub, connections, total } => run_load(&hub, connections.into(), total as usize).await,
        What::Day { plan, visitors, day, seed, compare, json } => {
            let comparison = compare_day(&plan, visitors as usize, day, seed, &compare)?;
            show(&comparison, json)
        }
        What::Replay { journal, day, rules, extra_counter, json } => {
            let recorded = replay::recorded(&journal, day)?;
            show(&replay::replay(&recorded, extra_counter.map(CounterNumber), &rules)?, json)
        }
        What::Live { hub, token, visitors, seed, speed, json } => {
            let hub = Hub::new(&hub, token.as_deref().filter(|token| !token.is_empty()))?;
            let live = Live { visitors: visitors as usize, seed, speed: speed.into() };
            show(&play_live(&hub, live).await?, json)
        }
    }
}

async fn run_load(url: &str, connections: usize, total: usize) -> Result<()> {
    let local =
        ["http://127.", "http://localhost", "http://[::1]"].iter().any(|start| url.starts_with(start));
    ensure!(local, "只压测本机 / a load is only for a hub on this computer: {url}");
    let hub = Hub::new(url, None)?;
    let plan = Arc::new(hub.plan().await?);
    let began = Instant::now();
    let outcome = load::issue(&hub, plan, connections, total, began + Duration::from_secs(120)).await;
    let took = began.elapsed();
    let issued = outcome.acknowledged.len();
    println!(
        "{issued} numbers on {connections} connections in {took:.2?}: {:.0} a second",
        issued as f64 / took.as_secs_f64()
    );
    println!(
        "p50 {:.2?}  p99 {:.2?}  max {:.2?}",
        outcome.latency(0.5),
        outcome.latency(0.99),
        outcome.latency(1.0)
    );
    if let Some(error) = outcome.failed.first() {
        println!("{} got no number; the first: {error}", outcome.failed.len());
    }
    Ok(())
}

fn compare_day(
    plan: &Path,
    visitors: usize,
    day: BusinessDay,
    seed: u64,
    rules: &[PathBuf],
) -> Result<Comparison> {
    let text = std::fs::read_to_string(plan).with_context(|| format!("reading {}", plan.display()))?;
    let plan = Arc::new(Plan::from_toml(&text).with_context(|| plan.display().to_string())?);
    let scenario = Scenario::drawn(&plan, day, visitors, seed);
    ensure!(visitors == 0 || !scenario.visits.is_empty(), "{day} 休息 / the hall does not work on {day}");
    let mut comparison = Comparison::of(&plan, &scenario, Some(seed));
    comparison.add_run(("方案", "as planned"), &plan, &scenario)?;
    for file in rules {
        comparison.add_rules(file, &plan, &scenario)?;
    }
    Ok(comparison)
}

async fn play_live(hub: &Hub, live: Live) -> Result<Comparison> {
    let stop = async { _ = tokio::signal::ctrl_c().await };
    let played = live::play(hub, live, stop, |line| eprintln!("{line}")).await?;
    if live.speed > 1.0 {
        eprintln!(
            "以下分钟数为模拟市民的时间，即主机时钟的 {speed} 倍；主机的分钟数规则(如加分)因此也相当于 {speed} 倍 / minutes below \
             are the citizens', {speed} times the hub's; so the hub's own minutes, such as credits, weigh {speed} times as much",
            speed = live.speed
        );
    }
    let mut comparison = Comparison::of(&played.plan, &played.scenario, Some(live.seed));
    comparison.add(("主机", "on the hub"), None, played.report);
    Ok(comparison)
}

fn show(comparison: &Comparison, json: bool) -> Result<()> {
    let text = if json { serde_json::to_string_pretty(comparison)? + "\n" } else { comparison.to_text() };
    // Whoever reads with `head` has read enough.
    _ = std::io::stdout().write_all(text.as_bytes());
    Ok(())
}

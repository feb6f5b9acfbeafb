//! `hall-sim`: simulated devices and people, for demos, training and tests.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use hall_client::Hub;
use hall_core::Plan;
use hall_sim::crowd::Crowd;
use hall_sim::{day, demo, load, printer};

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
    /// 虚拟打印机 A virtual slip printer on a pseudo-terminal
    Printer {
        /// 串口的固定路径 A stable path for the serial port
        #[arg(long, value_name = "PATH")]
        link: PathBuf,
        /// 每张号票存为 .bin 与 .png Each slip is kept as .bin and .png
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
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
        #[arg(long, default_value_t = 5000)]
        visitors: usize,
        /// 随机种子 The same seed gives the same day
        #[arg(long, default_value_t = 1)]
        seed: u64,
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
        What::Printer { link, out } => Ok(printer::run(&link, &out)?),
        What::Crowd { hub, token, counters } => {
            let hub = Hub::new(&hub, token.as_deref())?;
            let plan = Arc::new(hub.plan().await?);
            let crowd = Crowd::around(&plan, &[], counters);
            crowd.fill(&hub, &plan, counters).await?;
            crowd.run(hub, plan).await;
            Ok(())
        }
        What::Load { hub, connections, total } => run_load(&hub, connections.into(), total as usize).await,
        What::Day { plan, visitors, seed } => run_day(&plan, visitors, seed),
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

fn run_day(plan: &std::path::Path, visitors: usize, seed: u64) -> Result<()> {
    let text = std::fs::read_to_string(plan).with_context(|| format!("reading {}", plan.display()))?;
    let plan = Arc::new(Plan::from_toml(&text)?);
    let began = Instant::now();
    let outcome = day::simulate(plan, "2026-11-23".parse()?, visitors, seed)?;
    let took = began.elapsed();
    let wait_min = |share: f64| {
        let last = outcome.waits_ms.len().saturating_sub(1);
        outcome.waits_ms.get((last as f64 * share) as usize).copied().unwrap_or(0) / 60_000
    };
    println!("{visitors} citizens in {took:.2?}, seed {seed}: {} events", outcome.journal.len());
    println!(
        "{} numbers, {} served, {} no-shows, {} turned away",
        outcome.issued, outcome.finished, outcome.missed, outcome.turned_away
    );
    println!(
        "waits: median {} min, 90 % within {} min, longest {} min",
        wait_min(0.5),
        wait_min(0.9),
        wait_min(1.0)
    );
    Ok(())
}

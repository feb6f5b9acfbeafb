//! `hall-print`: the technician's command for slip printers.

mod command;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use command::{PrinterArgs, check, detect, preview, print, profiles, status, trouble};

/// 号票打印机：检测、状态、测试页、预览、打印 / Slip printers: find them, ask them, try them
#[derive(Parser)]
#[command(version, propagate_version = true)]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// 列出串口，找出打印机及其速率；不在纸上打印 / list the ports, find printers and their rate; prints nothing
    Detect(detect::Args),
    /// 打印机的状态 / how a printer is
    Status {
        #[command(flatten)]
        printer: PrinterArgs,
        /// 一直显示变化，直到 Ctrl-C / show every change until Ctrl-C
        #[arg(long)]
        watch: bool,
    },
    /// 打印测试页 / print a test page
    TestPage {
        #[command(flatten)]
        printer: PrinterArgs,
    },
    /// 打印文件中的号票、告知单、预约凭证或叫号单 / print a slip, notice, appointment or calling sheet from a file
    #[command(after_help = print::EXIT_CODES)]
    Print(print::Args),
    /// 把打印的样子存为图片，不需要打印机 / a picture of what would be printed, without a printer
    Preview(preview::Args),
    /// 内置的打印机型号 / the built-in printer profiles
    Profiles {
        /// 型号名称或文件：显示全部内容与出处 / a profile's name or file: all of it, with its sources
        name: Option<String>,
        /// 输出 JSON / as JSON
        #[arg(long)]
        json: bool,
    },
    /// 检查型号、号票模板或文档文件，逐条列出错误及行号 / check profiles, slip templates and documents, naming every fault with its line
    Check {
        /// 文件（TOML）/ the files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let outcome = match args.task {
        Task::Detect(args) => detect::run(&args),
        Task::Status { printer, watch } => status::run(&printer, watch),
        Task::TestPage { printer } => print::test_page(&printer),
        Task::Print(args) => print::run(&args),
        Task::Preview(args) => preview::run(&args),
        Task::Profiles { name, json } => profiles::run(name.as_deref(), json),
        Task::Check { files } => check::run(&files),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("{}", trouble::explained(&error));
        ExitCode::FAILURE
    })
}

//! Says calls aloud, for trying a loudspeaker or a hall's own recordings: `hall-say A012 3 --lang zh,en`.

use anyhow::{Context, ensure};
use clap::Parser;
use hall_voice::{Announcement, Language, Report, Voice, VoiceConfig};
use std::io::{BufRead, stdin};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::time::Duration;

/// 播报叫号 / Says calls aloud through the default audio device; fails if one was not said.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// 号码与窗口 / ticket number and counter, e.g. `A012 3`; without them, one call a line is read from stdin
    #[arg(value_names = ["NUMBER", "COUNTER"], num_args = 2)]
    call: Vec<String>,
    /// 语言 / languages, in order
    #[arg(long, value_delimiter = ',', default_value = "zh", value_parser = language)]
    lang: Vec<Language>,
    /// 遍数 / readings, 1 to 3
    #[arg(long, default_value_t = 2)]
    times: u8,
    /// 数字 1 读作幺 / read the digit 1 as 幺
    #[arg(long)]
    yao: bool,
    /// 音量 / loudness, 0 to 100 percent
    #[arg(long, default_value_t = 100)]
    volume: u8,
    /// 自录语音包目录 / folder with the hall's own packs
    #[arg(long)]
    packs: Option<PathBuf>,
}

fn language(code: &str) -> Result<Language, String> {
    Language::from_code(code).ok_or_else(|| "zh, en".to_owned())
}

fn main() -> anyhow::Result<ExitCode> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let config = VoiceConfig {
        languages: arguments.lang,
        times: arguments.times,
        yao: arguments.yao,
        volume_percent: arguments.volume,
        packs: arguments.packs,
        ..VoiceConfig::default()
    };
    let (endings, ended) = channel();
    let voice = Voice::start(&config, move |report| {
        print_report(&report);
        match report {
            Report::Started { .. } => {}
            Report::Finished { .. } => drop(endings.send(true)),
            Report::Dropped { .. } => drop(endings.send(false)),
        }
    })?;

    let calls: Box<dyn Iterator<Item = anyhow::Result<String>>> = if arguments.call.is_empty() {
        Box::new(stdin().lock().lines().map(|line| Ok(line?)))
    } else {
        Box::new(std::iter::once(Ok(arguments.call.join(" "))))
    };
    let mut taken = 0;
    for (key, line) in (1..).zip(calls) {
        let line = line?;
        let (number, counter) = line.trim().split_once(' ').context("NUMBER COUNTER")?;
        let call = Announcement::new(key, number, counter.trim().parse()?, Duration::ZERO)?;
        ensure!(voice.announce(call), "{line}: not taken");
        taken += 1;
    }
    let all_said = ended.iter().take(taken).filter(|said| *said).count() == taken;
    Ok(if all_said { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print_report(report: &Report) {
    match report {
        Report::Started { key, call_to_voice, plan } => {
            println!("started {} after {} ms: {}", key.0, call_to_voice.as_millis(), plan.text());
        }
        Report::Finished { key } => println!("finished {}", key.0),
        Report::Dropped { key, why } => println!("dropped {}: {why:?}", key.0),
    }
}

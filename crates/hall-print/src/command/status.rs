//! `status`: a printer's condition in words, with the bytes that told it.

use std::process::ExitCode;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use hall_print::{Address, Answer, Probe, Profile, Status};

use super::{PrinterArgs, interrupts, now, say, trouble, words};

const ASK_EVERY: Duration = Duration::from_secs(1);

pub fn run(args: &PrinterArgs, watch: bool) -> anyhow::Result<ExitCode> {
    let profile = args.profile.load()?;
    if watch {
        return self::watch(&args.printer, &profile);
    }
    let answer = match Probe::open(&args.printer, &profile).and_then(|mut probe| probe.ask()) {
        Ok(answer) => answer,
        Err(error) => anyhow::bail!(trouble::opening(&args.printer, &error)),
    };
    say(&format!("{}: {}", args.printer, words::status(answer.status)));
    say(&raw(&answer));
    Ok(if answer.status.can_print() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn raw(answer: &Answer) -> String {
    let hex = |bytes: &[Option<u8>]| {
        let bytes = bytes.iter().map(|byte| byte.map_or("--".into(), |byte| format!("{byte:02X}")));
        bytes.collect::<Vec<_>>().join(" ")
    };
    let mut text = format!("  DLE EOT 1-4: {}", hex(&answer.real_time));
    if let Some(asb) = answer.asb {
        text += &format!("  自动状态 ASB: {}", hex(&asb.map(Some)));
    }
    text
}

/// Every change until Ctrl-C, also when the printer goes and comes back.
fn watch(address: &Address, profile: &Profile) -> anyhow::Result<ExitCode> {
    let stop = interrupts()?;
    let mut probe = None;
    let mut shown = None;
    loop {
        let asked = match &mut probe {
            Some(open) => Probe::ask(open),
            None => Probe::open(address, profile).and_then(|fresh| probe.insert(fresh).ask()),
        };
        let line = match asked {
            Ok(answer) => format!("{}\n{}", words::status(answer.status), raw(&answer)),
            Err(error) => {
                let was_open = probe.take().is_some();
                if was_open {
                    words::status(Status::Away).to_owned()
                } else {
                    trouble::opening(address, &error)
                }
            }
        };
        if shown.as_ref() != Some(&line) {
            say(&format!("{}  {line}", now()));
            shown = Some(line);
        }
        if !matches!(stop.recv_timeout(ASK_EVERY), Err(RecvTimeoutError::Timeout)) {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

//! The command's parts: each task, and what they share.

pub mod check;
pub mod detect;
mod document;
mod ports;
pub mod preview;
pub mod print;
pub mod profiles;
pub mod status;
mod table;
pub mod trouble;
mod words;

use std::io::Write as _;
use std::sync::mpsc::{Receiver, sync_channel};

use anyhow::Context as _;
use hall_print::{Address, BadAddress, Profile};

/// Which printer, and what is known of it.
#[derive(clap::Args)]
pub struct PrinterArgs {
    /// 串口 /dev/serial/by-path/… 或网络打印机 tcp://主机 / a serial port, or tcp://HOST for a network printer
    #[arg(long, value_name = "PORT", value_parser = address)]
    pub printer: Address,
    #[command(flatten)]
    pub profile: ProfileArg,
}

#[derive(clap::Args)]
pub struct ProfileArg {
    /// 型号：内置名称或 .toml 文件 / its profile: a built-in one's name, or a .toml file
    #[arg(long, value_name = "NAME|FILE", default_value = "generic-80mm")]
    pub profile: String,
}

impl ProfileArg {
    pub fn load(&self) -> Result<Profile, hall_print::Error> {
        Profile::find(&self.profile)
    }
}

fn address(text: &str) -> Result<Address, BadAddress> {
    text.parse()
}

/// Writes to standard output; whoever reads with `head` has read enough.
fn say(text: &str) {
    _ = writeln!(std::io::stdout(), "{text}");
}

/// Ctrl-C and SIGTERM come here instead of ending the program.
fn interrupts() -> anyhow::Result<Receiver<()>> {
    let (sender, receiver) = sync_channel(4);
    ctrlc::set_handler(move || _ = sender.try_send(()))
        .context("无法接管 Ctrl-C / Ctrl-C cannot be taken over")?;
    Ok(receiver)
}

/// This moment on the wall's clock.
fn now() -> String {
    jiff::Zoned::now().strftime("%Y-%m-%d %H:%M:%S").to_string()
}

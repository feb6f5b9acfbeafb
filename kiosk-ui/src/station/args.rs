//! Which printer a kiosk has, as told on its command line.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::Context;
use hall_core::PrinterId;
use hall_print::{Address, Profile, Setup, Template};

use super::Station;

const NAME_LEN_MAX: usize = 64;
const NAME_OF_LAST_RESORT: &str = "kiosk";

/// The printer's part of the arguments; flatten it into the program's.
#[derive(Clone, Debug, clap::Args)]
pub struct PrinterArgs {
    /// 号票打印机：串口路径或 tcp://主机:9100；不给则只在屏幕显示 The slip printer: a serial port or tcp://host:9100; without it numbers are shown on screen only
    #[arg(long, value_name = "ADDRESS", value_parser = Address::from_str)]
    printer: Option<Address>,
    /// 打印机型号：内置名称（如 epson-eu-m30）或文件；默认通用 80 毫米 The printer's profile: a built-in name or a file; a generic 80 mm one by default
    #[arg(long, value_name = "NAME|FILE", requires = "printer")]
    profile: Option<String>,
    /// 号票模板文件 The hall's slip template
    #[arg(long, value_name = "FILE", requires = "printer")]
    template: Option<PathBuf>,
    /// 打印机在大厅中的名称；默认取主机名 By which name the hall knows the printer; by default this computer's
    #[arg(long, value_name = "NAME", requires = "printer", value_parser = printer_name)]
    name: Option<PrinterId>,
    /// 打印日志目录，每台取号机各用一个；默认 ~/.local/state/jiaohao/NAME Folder of the print journal, one a kiosk
    #[arg(long, value_name = "DIR", requires = "printer")]
    data: Option<PathBuf>,
}

impl PrinterArgs {
    /// Starts the station, if there is a printer.
    pub fn station(self) -> anyhow::Result<Option<Station>> {
        let Some(address) = self.printer else { return Ok(None) };
        let profile = match self.profile {
            Some(given) => Profile::find(&given)?,
            None => Profile::generic(),
        };
        let template = match self.template {
            Some(path) => Template::load(&path)?,
            None => Template::default(),
        };
        let name = self.name.unwrap_or_else(|| name_of(&gethostname::gethostname().to_string_lossy()));
        let folder = match self.data {
            Some(folder) => folder,
            None => default_folder(&name)?,
        };
        let setup = Setup::new(address, profile)
            .journal_in(&folder)
            .context("请用 --data DIR 为本机指定可写且独用的目录 / give this kiosk a folder of its own that can be written, with --data DIR")?;
        Ok(Some(Station::start(name, setup, template)?))
    }
}

fn printer_name(text: &str) -> Result<PrinterId, String> {
    let name = PrinterId::from(text);
    if name.is_well_formed() {
        return Ok(name);
    }
    Err("请用 1–64 个字母、数字、- 或 _ / 1 to 64 letters, digits, - or _".into())
}

/// What of a computer's name can be a printer's.
fn name_of(host: &str) -> PrinterId {
    let fits = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let short = host.split('.').next().unwrap_or_default();
    let name: String = short.chars().filter(fits).take(NAME_LEN_MAX).collect();
    PrinterId::from(if name.is_empty() { NAME_OF_LAST_RESORT } else { &name })
}

fn default_folder(name: &PrinterId) -> anyhow::Result<PathBuf> {
    let set = |variable| std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
    let state = set("XDG_STATE_HOME").or_else(|| Some(set("HOME")?.join(".local/state")));
    let state = state.context("没有主目录：请用 --data DIR / there is no home folder: use --data DIR")?;
    Ok(state.join("jiaohao").join(name.as_str()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        printer: PrinterArgs,
    }

    fn start(args: &[&str]) -> anyhow::Result<Option<Station>> {
        Program::try_parse_from([&["kiosk"], args].concat())?.printer.station()
    }

    #[test]
    fn a_printer_is_named_and_kept_by_its_arguments() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let with = |more: &[&str]| {
            let known =
                ["--printer", "tcp://127.0.0.1", "--name", "kiosk-1", "--data", data.to_str().unwrap()];
            start(&[&known, more].concat())
        };
        let station = with(&["--profile", "epson-eu-m30"]).unwrap().unwrap();
        let facts = station.facts();
        assert_eq!((facts.name.as_str(), facts.profile.as_str()), ("kiosk-1", "epson-eu-m30"));
        assert_eq!(facts.address, "tcp://127.0.0.1:9100");
        let check = |more: &[&str], expect: &[&str]| {
            let error = format!("{:#}", with(more).err().unwrap());
            assert!(expect.iter().all(|part| error.contains(part)), "{error}");
        };
        check(&[], &["正被另一程序使用", "in use", "--data"]);
        check(&["--profile", "epson"], &["epson", "内置型号", "generic-80mm"]);
        check(&["--template", "/nowhere/slip.toml"], &["/nowhere/slip.toml"]);
        assert!(start(&[]).unwrap().is_none());
    }

    #[test]
    fn mistakes_are_named() {
        let folder = tempfile::NamedTempFile::new().unwrap();
        let file = folder.path().to_str().unwrap();
        let check = |args: &[&str], expect: &str| {
            let error = format!("{:#}", start(args).err().unwrap());
            assert!(error.contains(expect), "{error}");
        };
        check(&["--profile", "epson-eu-m30"], "--printer");
        check(&["--printer", "usb://1"], "tcp://192.168.1.30:9100");
        check(&["--printer", "/dev/null", "--name", "门口"], "字母");
        check(&["--printer", "/dev/null", "--data", file], "打印日志");
    }

    #[test]
    fn a_computers_name_becomes_a_printers() {
        let check = |host: &str, expect: &str| assert_eq!(name_of(host).as_str(), expect, "{host}");
        check("kiosk-1", "kiosk-1");
        check("kiosk 1.hall.local", "kiosk1");
        check("取号机", "kiosk");
        check("", "kiosk");
        check(&"a".repeat(80), &"a".repeat(64));
    }
}

//! `detect`: which ports have a printer, at which rate, and the line that starts a kiosk with it. Only asks: nothing is
//! put on paper.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use hall_print::{Address, Answer, Flow, Identity, Parity, Probe, Profile, identify};

use super::{ports, say, trouble, words};

#[derive(clap::Args)]
pub struct Args {
    /// 只试这些串口；缺省为本机全部串口 / only these ports [default: every serial port of this machine]
    ports: Vec<PathBuf>,
    /// 网络打印机，可多次 / a network printer, may be given several times
    #[arg(long, value_name = "HOST[:PORT]")]
    tcp: Vec<String>,
    /// 按此型号询问（校验位、流控、速率）/ ask as this profile says: parity, flow control and rates
    #[arg(long, value_name = "NAME|FILE")]
    profile: Option<String>,
}

/// A profile as it was given.
struct Given {
    name: String,
    profile: Profile,
}

/// What was found at an address.
enum Found {
    Printer { baud: Option<u32>, answer: Answer, identity: Option<Identity> },
    Silent { bauds: Vec<u32> },
    InUse(String),
    Trouble(String),
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let all = args.ports.is_empty() && args.tcp.is_empty();
    let serial = if all { ports::list() } else { args.ports.clone() };
    let network = args.tcp.iter().map(|host| format!("tcp://{}", host.trim_start_matches("tcp://")).parse());
    let network = network.collect::<Result<Vec<Address>, _>>()?;
    let addresses: Vec<Address> = serial.into_iter().map(Address::from).chain(network).collect();
    let given = args
        .profile
        .as_ref()
        .map(|name| Profile::find(name).map(|profile| Given { name: name.clone(), profile }));
    let given = given.transpose()?;
    let asking = given.as_ref().map_or_else(as_any_printer, |given| given.profile.clone());
    let found: Vec<Found> = thread::scope(|scope| {
        let threads: Vec<_> =
            addresses.iter().map(|address| scope.spawn(|| look(address, &asking))).collect();
        let lost = || Found::Trouble("内部错误 / internal error".into());
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| lost())).collect()
    });
    for (address, found) in addresses.iter().zip(&found) {
        say(&report(address, found, given.as_ref()));
    }
    if addresses.is_empty() {
        say(
            "本机没有串口：检查线缆，dmesg 可见插入的设备 / this machine has no serial ports: check the cable; dmesg shows what was plugged in",
        );
    }
    for path in ports::usb_printers().iter().filter(|_| all) {
        say(&format!(
            "{}: USB 打印机类接口，不是串口；把打印机改为虚拟串口 / a USB printer interface, not a serial port: set the printer to virtual COM",
            path.display()
        ));
    }
    let any = found.iter().any(|found| matches!(found, Found::Printer { .. }));
    Ok(if any { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn look(address: &Address, asking: &Profile) -> Found {
    let Address::Serial(path) = address else {
        return look_at(address, asking).unwrap_or(Found::Silent { bauds: Vec::new() });
    };
    if let Some(user) = ports::user_of(path) {
        return Found::InUse(user);
    }
    let mut bauds = vec![asking.serial.baud];
    bauds.extend(asking.serial.candidates.iter().filter(|baud| **baud != asking.serial.baud));
    let found = bauds.iter().find_map(|baud| {
        let mut asking = asking.clone();
        asking.serial.baud = *baud;
        look_at(address, &asking)
    });
    found.unwrap_or(Found::Silent { bauds })
}

/// Asks whatever the printer is, at every rate that a built-in profile names, the likeliest first.
fn as_any_printer() -> Profile {
    let mut profile = Profile::generic();
    (profile.serial.parity, profile.serial.flow) = (Parity::None, Flow::None);
    (profile.status.dle_eot, profile.status.asb) = (vec![1, 2, 3, 4], false);
    let bauds = &mut profile.serial.candidates;
    for known in Profile::names().filter_map(|name| Profile::named(name).ok()) {
        for baud in std::iter::once(known.serial.baud).chain(known.serial.candidates) {
            if !bauds.contains(&baud) {
                bauds.push(baud);
            }
        }
    }
    profile
}

/// What answers at this rate; `None` for nothing.
fn look_at(address: &Address, profile: &Profile) -> Option<Found> {
    let answer = match Probe::open(address, profile).and_then(|mut probe| probe.ask()) {
        Ok(answer) => answer,
        Err(error) => return Some(Found::Trouble(trouble::opening(address, &error))),
    };
    if !answer.heard() {
        return None;
    }
    let identity = if answer.status.can_print() { identify(address, &profile.serial).ok() } else { None };
    let baud = matches!(address, Address::Serial(_)).then_some(profile.serial.baud);
    Some(Found::Printer { baud, answer, identity })
}

fn report(address: &Address, found: &Found, given: Option<&Given>) -> String {
    match found {
        Found::Printer { baud, answer, identity } => {
            let name = identity.as_ref().map_or("", |identity| &identity.name);
            let rate = baud.map_or(String::new(), |baud| format!("，{baud} 波特 baud"));
            let name = if name.is_empty() { String::new() } else { format!("，{name}") };
            let mut text = format!("{address}: 打印机 printer{rate}{name}，{}", words::status(answer.status));
            if identity.as_ref().is_some_and(|identity| !identity.answers_gs_r) {
                text += "，不回答 GS r / does not answer GS r";
            }
            text + &how_to_use(address, *baud, identity.as_ref(), given)
        }
        Found::Silent { bauds } if bauds.is_empty() => {
            format!(
                "{address}: 已连接，没有回答；另一程序可能正在使用 / connected, no answer; another program may be using it"
            )
        }
        Found::Silent { bauds } => {
            let bauds = bauds.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
            format!(
                "{address}: 没有回答；检查电源、线缆（接收线也要接）、纸与机盖；已试速率 / no answer: check power, cable (its receiving wire too), \
                 paper and cover; tried at {bauds}"
            )
        }
        Found::InUse(user) => format!("{address}: 正被使用，未询问 / in use by {user}, not asked"),
        Found::Trouble(trouble) => trouble.clone(),
    }
}

/// The kiosk's line, and a profile of one's own where none fits.
fn how_to_use(
    address: &Address,
    baud: Option<u32>,
    identity: Option<&Identity>,
    given: Option<&Given>,
) -> String {
    let profile = match given {
        Some(given) => given.profile.clone(),
        None => suggested(identity.map_or("", |identity| &identity.name)),
    };
    let mut file = given.map_or_else(|| profile.name.clone(), |given| given.name.clone());
    let mut own = String::new();
    if let Some(baud) = baud.filter(|baud| *baud != profile.serial.baud) {
        own += &format!("\n        [serial]\n        baud = {baud}");
    }
    if identity.is_some_and(|identity| !identity.answers_gs_r) && profile.status.ack == hall_print::Ack::GsR {
        own += "\n        [status]\n        ack = \"none\"";
    }
    let mut text = format!("\n    型号 profile: {}", profile.name);
    if !own.is_empty() {
        file = "my-printer.toml".into();
        _ = write!(
            text,
            "，有不同之处，先把以下几行存为 {file} / but it differs: first put these lines into {file}\n        inherits = \"{}\"{own}\
             \n        [sources]{}",
            profile.name,
            sources(&own)
        );
    }
    text + &format!("\n    hall-kiosk --hub http://HUB:7900 --printer {address} --profile {file}")
}

fn sources(own: &str) -> String {
    let stated = ["serial", "status"].into_iter().filter(|section| own.contains(&format!("[{section}]")));
    stated.map(|section| format!("\n        {section} = \"hall-print detect\"")).collect()
}

/// The built-in profile whose model the printer's name contains.
fn suggested(name: &str) -> Profile {
    let plain = |text: &str| text.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "");
    let name = plain(name);
    Profile::names()
        .filter(|profile| !profile.starts_with("generic"))
        .filter_map(|profile| Profile::named(profile).ok())
        .find(|profile| name.contains(&plain(&profile.meta.model)))
        .unwrap_or_else(Profile::generic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printer_that_gives_its_name_has_its_profile() {
        let table = [
            ("EPSON EU-m30", "epson-eu-m30"),
            ("SNBC BTP-R880NP", "snbc-btp-r880np"),
            ("CITIZEN CT-S300", "citizen-ct-s300"),
            ("ACME 1", "generic-80mm"),
            ("", "generic-80mm"),
        ];
        for (name, expect) in table {
            assert_eq!(suggested(name).name, expect, "{name}");
        }
    }

    #[test]
    fn the_likeliest_rate_comes_first_and_each_once() {
        let bauds = as_any_printer().serial.candidates;
        assert_eq!(bauds[..2], [115_200, 9600]);
        let mut once = bauds.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), bauds.len());
        assert!(bauds.len() <= 8, "each takes a quarter of a second: {bauds:?}");
    }
}

//! What stands in the way, and what to do next.

use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::Path;

use hall_print::{Address, Error};

use super::ports;

/// An error at the program's end, with advice where there is one.
pub fn explained(error: &anyhow::Error) -> String {
    let zh = match error.downcast_ref::<Error>() {
        Some(Error::NoFont) => "本机没有中文字体，无法预览：sudo apt install fonts-noto-cjk",
        Some(Error::ReadProfile { .. }) => "型号文件无法读取",
        Some(Error::BadProfile { .. }) => {
            "型号不可用；hall-print profiles 列出内置型号，hall-print check 检查文件"
        }
        Some(Error::ReadTemplate { .. }) => "号票模板无法读取",
        Some(Error::BadTemplate { .. }) => "号票模板有误；hall-print check 列出全部错误",
        Some(Error::TooMany { .. }) => "文档过长",
        Some(Error::Render(_)) => "无法排版",
        Some(Error::Thread(_)) => "打印线程无法启动",
        None => return format!("{error:#}"),
    };
    format!("{zh} / {error:#}")
}

/// Why a printer's line cannot be opened.
pub fn opening(address: &Address, error: &std::io::Error) -> String {
    match address {
        Address::Serial(path) => format!("{address}: {}", serial(path, error)),
        Address::Network(_) => format!("{address}: {}", network(error)),
    }
}

fn serial(path: &Path, error: &std::io::Error) -> String {
    if !path.exists() {
        return format!("没有这个串口 / no such port.{}", known_ports());
    }
    match error.kind() {
        ErrorKind::PermissionDenied => {
            let user = std::env::var("USER").unwrap_or_else(|_| "$USER".into());
            format!(
                "没有权限，运行下面的命令后重新登录 / not allowed: run this, then log out and in again\n    sudo usermod -aG dialout {user}"
            )
        }
        // So serialport says that another program holds the port.
        ErrorKind::NotFound => in_use(path),
        _ => format!("不是可用的串口 / not a serial port that can be used: {error}"),
    }
}

/// The port is held by another program.
pub fn in_use(path: &Path) -> String {
    let user = ports::user_of(path).unwrap_or_else(|| "另一程序 another program".into());
    format!("正被使用 / in use by {user}：先停止它 / stop it first")
}

fn network(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => {
            "拒绝连接：这台设备不收原始打印数据，或端口不是 9100 / refused: it takes no raw printing, or not on this port (usually 9100)"
                .into()
        }
        ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            "没有回应：检查地址、网线与电源 / unreachable: check its address, cable and power".into()
        }
        _ => format!("无法连接 / cannot be reached: {error}"),
    }
}

fn known_ports() -> String {
    let ports = ports::list();
    if ports.is_empty() {
        return " 本机没有串口：检查线缆，dmesg 可见插入的设备 / this machine has none: check the cable; dmesg shows what was plugged in".into();
    }
    let mut text = String::from(" 本机的串口 / the ports of this machine:");
    for port in ports {
        _ = write!(text, "\n    {}", port.display());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_stands_in_the_way_there_is_a_next_step() {
        let table = [
            ("/dev/null", ErrorKind::PermissionDenied, "sudo usermod -aG dialout"),
            ("/dev/null", ErrorKind::NotFound, "stop it first"),
            ("/dev/null", ErrorKind::Other, "not a serial port"),
            ("/dev/no-such-port", ErrorKind::NotFound, "no such port"),
            ("tcp://192.0.2.1", ErrorKind::TimedOut, "check its address"),
            ("tcp://192.0.2.1", ErrorKind::ConnectionRefused, "9100"),
        ];
        for (address, kind, expect) in table {
            let text = opening(&address.parse().unwrap(), &kind.into());
            assert!(text.starts_with(address) && text.contains(expect), "{text}");
        }
        let no_font = explained(&anyhow::Error::from(Error::NoFont));
        assert!(
            no_font.contains("apt install fonts-noto-cjk") && no_font.contains("no Chinese font"),
            "{no_font}"
        );
    }
}

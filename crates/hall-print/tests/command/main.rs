//! `hall-print` as a technician runs it: real processes against virtual printers.
#![allow(clippy::unwrap_used)]

mod detect;
mod files;
mod print;
mod status;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hall-print"));
    command.args(args).current_dir(root()).env_remove("RUST_LOG").env("USER", "kiosk");
    command
}

fn run(args: &[&str]) -> Ran {
    ran(command(args).output().unwrap())
}

fn ran(Output { status, stdout, stderr }: Output) -> Ran {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A profile that waits less long than a printer may take, on a line slow enough for faults inside a slip.
fn quick_profile(folder: &Path) -> String {
    let path = folder.join("quick.toml");
    let text = "inherits = \"generic-80mm\"\n[status]\nack_ms = 700\n[serial]\nbaud = 9600\nwrite_ms = 700\n\
                [sources]\nstatus = \"test\"\nserial = \"test\"\n";
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

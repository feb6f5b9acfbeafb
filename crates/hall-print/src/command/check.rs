//! `check`: every fault of profiles, slip templates and documents, with its line.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use hall_print::{FileFault, Profile, Template};
use toml::Table;

use super::document::{self, Content};
use super::say;

enum Kind {
    Profile,
    Template,
    Document,
}

pub fn run(files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let mut sound = true;
    for file in files {
        let (faults, what) = match faults(file) {
            Ok(found) => found,
            Err(error) => {
                say(&format!("{}: {error:#}", file.display()));
                sound = false;
                continue;
            }
        };
        for FileFault { line, message } in &faults {
            say(&format!("{}:{line}: {message}", file.display()));
        }
        if faults.is_empty() {
            say(&format!("{}: 无误 / sound: {what}", file.display()));
        }
        sound &= faults.is_empty();
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The file's faults, and what it is.
fn faults(file: &Path) -> anyhow::Result<(Vec<FileFault>, String)> {
    let text = std::fs::read_to_string(file).context("无法读取 / cannot be read")?;
    Ok(match kind(&text) {
        Kind::Profile => {
            let faults = Profile::faults(file)?;
            let model = match Profile::load(file) {
                Ok(profile) => format!("{} {}", profile.meta.vendor, profile.meta.model),
                Err(_) => String::new(),
            };
            (faults, format!("打印机型号 printer profile {model}").trim_end().to_owned())
        }
        Kind::Template => (Template::faults(file)?, "号票模板 slip template".into()),
        Kind::Document => match Content::parse(&text) {
            Ok(content) => (Vec::new(), content.name().to_owned()),
            Err(fault) => (vec![fault], String::new()),
        },
    })
}

/// A template is made of `[[slip]]`, `[[large]]`, `[[appointment]]`; a document is one `[slip]`, `[notice]` …
fn kind(text: &str) -> Kind {
    let has_line = |start: &str| text.lines().any(|line| line.trim_start().starts_with(start));
    let Ok(table) = text.parse::<Table>() else {
        return if has_line("[[") { Kind::Template } else { Kind::Profile };
    };
    if table.values().any(toml::Value::is_array) || table.keys().any(|key| key == "large") {
        Kind::Template
    } else if table.keys().any(|key| document::KINDS.contains(&key.as_str())) {
        Kind::Document
    } else {
        Kind::Profile
    }
}

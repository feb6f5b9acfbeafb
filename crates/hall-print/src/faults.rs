//! Everything that is wrong with a file, each fault at its line, for whoever wrote it.

use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

/// A fault and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileFault {
    /// Counted from 1.
    pub line: usize,
    pub message: String,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "第 {line} 行 / line {line}: {}", self.message, line = self.line)
    }
}

/// A file's faults as they are found.
pub struct Faults<'a> {
    text: &'a str,
    found: Vec<FileFault>,
}

impl<'a> Faults<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, found: Vec::new() }
    }

    /// The file as TOML with all its spans. What cannot be read is a fault.
    pub fn read(&mut self) -> Spanned<DeTable<'a>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let at = error.span().unwrap_or(0..0);
            self.add(&at, format!("不是有效的 TOML / not valid TOML: {}", error.message()));
        }
        table
    }

    pub fn add(&mut self, at: &Range<usize>, message: impl Into<String>) {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        self.found.push(FileFault { line: before.matches('\n').count() + 1, message: message.into() });
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// From top to bottom.
    pub fn into_sorted(mut self) -> Vec<FileFault> {
        self.found.sort();
        self.found.dedup();
        self.found
    }
}

/// What a deserializer says of a value, with the Chinese before it.
pub fn explained(message: &str) -> String {
    let kinds = [
        ("unknown field", "没有这个键"),
        ("unknown variant", "没有这个取值"),
        ("invalid type", "类型不对"),
        ("missing field", "缺少这个键"),
    ];
    let kind =
        kinds.iter().find(|(start, _)| message.starts_with(start)).map_or("不可用", |(_, kind)| kind);
    format!("{kind} / {}", message.trim())
}

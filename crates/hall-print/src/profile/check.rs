//! All faults of a profile file at once. Each stated key is tried alone on what the file inherits, so that one mistake
//! hides no other.

use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::Profile;
use super::load::{Chain, GENERIC, overlay, read, source_faults};
use crate::Error;
use crate::faults::{Faults, FileFault, explained};

impl Profile {
    /// Everything that is wrong with a profile file, from top to bottom; empty when it can be used.
    pub fn faults(path: &Path) -> Result<Vec<FileFault>, Error> {
        let text = read(path)?;
        let mut faults = Faults::new(&text);
        let table = faults.read();
        let Ok(own) = text.parse::<Table>() else { return Ok(faults.into_sorted()) };
        let base = base(path, table.get_ref(), &mut faults);
        let stated = stated(table.get_ref(), &mut faults);
        for (section, key) in &stated {
            let value = own.get(*section).and_then(|section| section.get(key.get_ref().as_ref()));
            if let Some(problem) = value.and_then(|value| problem(&base, section, key.get_ref(), value)) {
                faults.add(&key.span(), format!("{section}.{}: {problem}", key.get_ref()));
            }
        }
        for (path, fault) in source_faults(&own) {
            faults.add(&span(table.get_ref(), &path), fault);
        }
        if faults.is_empty()
            && let Err(error) = Self::load(path)
        {
            faults.add(&(0..0), error.to_string());
        }
        Ok(faults.into_sorted())
    }
}

type Key<'a> = (&'a str, &'a Spanned<toml::de::DeString<'a>>);

/// The keys the file states, with their sections.
fn stated<'a>(table: &'a DeTable<'a>, faults: &mut Faults) -> Vec<Key<'a>> {
    let mut stated = Vec::new();
    for (name, section) in table {
        match (name.get_ref().as_ref(), section.get_ref()) {
            ("inherits" | "sources", _) => {}
            (name, DeValue::Table(keys)) => stated.extend(keys.keys().map(|key| (name, key))),
            (other, _) => faults.add(
                &name.span(),
                format!("{other}: 应为一节，如 [serial] / expected a section such as [serial]"),
            ),
        }
    }
    stated
}

/// What the file inherits, complete; the generic printer where it does not say or cannot have it.
fn base(path: &Path, table: &DeTable, faults: &mut Faults) -> Table {
    let generic = || Chain::new(None).inherited("", GENERIC).unwrap_or_default();
    let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == "inherits") else {
        return generic();
    };
    let Some(name) = value.get_ref().as_str() else {
        faults.add(&key.span(), "inherits: 应为型号文件的名称 / expected the name of a profile");
        return generic();
    };
    Chain::new(path.parent()).inherited(&path.display().to_string(), name).unwrap_or_else(|error| {
        faults.add(&key.span(), error.to_string());
        generic()
    })
}

/// Why this one key cannot be used.
fn problem(base: &Table, section: &str, key: &str, value: &Value) -> Option<String> {
    let one = Table::from_iter([(key.to_owned(), value.clone())]);
    let table = overlay(base.clone(), Table::from_iter([(section.to_owned(), Value::Table(one))]));
    match table.try_into::<Profile>() {
        Err(error) => Some(explained(error.message())),
        Ok(profile) => profile.check().err().map(|expected| explained(&expected)),
    }
}

/// Where `section.key` stands.
fn span(table: &DeTable, path: &str) -> Range<usize> {
    let found = path.split_once('.').and_then(|(section, key)| {
        let (_, keys) = table.iter().find(|(name, _)| name.get_ref() == section)?;
        keys.get_ref().as_table()?.keys().find(|name| name.get_ref() == key)
    });
    found.map_or(0..0, Spanned::span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_with_its_line() {
        let text = "inherits = \"generic-80mm\"\n[serial]\nbuad = 9600\nflow = \"rts\"\nbaud = \"fast\"\n\n[paper]\ndots = 100\n[printer]\nx = 1\n[sources]\npaper = \"p. 1\"\nserial = \"p. 2\"\nqr = \"p. 3\"\n";
        check(
            text,
            &[
                (3, "unknown field `buad`"),
                (4, "unknown variant `rts`"),
                (5, "invalid type"),
                (8, "240 to 832"),
                (10, "unknown field `printer`"),
                (10, "printer.x: 没有出处"),
                (14, "sources.\"qr\""),
            ],
        );
    }

    #[test]
    fn what_cannot_be_read_or_inherited_is_named_too() {
        check("[serial\nbaud = 1\n", &[(1, "not valid TOML")]);
        check("\ninherits = \"nothing\"\n", &[(2, "nothing.toml")]);
        check("inherits = 80\n", &[(1, "the name of a profile")]);
        check("[meta]\nvendor = \"generic\"\n", &[(1, "missing field")]);
        check("inherits = \"sprt-sp\"\n[serial]\nbaud = 9600\n", &[(3, "\"serial.baud\" =")]);
        check("inherits = \"sprt-sp\"\n", &[]);
    }

    fn check(text: &str, expect: &[(usize, &str)]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.toml");
        std::fs::write(&path, text).unwrap();
        let faults = Profile::faults(&path).unwrap();
        let lines: Vec<_> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, expect.iter().map(|(line, _)| *line).collect::<Vec<_>>(), "{faults:#?}");
        for (line, part) in expect {
            assert!(
                faults.iter().any(|fault| fault.line == *line && fault.message.contains(part)),
                "{part}: {faults:#?}"
            );
        }
    }
}

//! A profile as a technician reads it: each key with its value, the file that states it, and its source.

use std::path::Path;

use toml::{Table, Value};

use super::Profile;
use super::load::{Chain, built_in, is_file, read};
use crate::Error;

/// One key of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// `serial.baud`
    pub key: String,
    /// As TOML.
    pub value: String,
    /// The profile that states it: this one, or one that it inherits.
    pub stated_in: String,
    pub source: Option<String>,
}

impl Profile {
    /// Everything a built-in profile or a profile file says, as given to [`Profile::find`]: its own facts over inherited
    /// ones, and the names of those it inherits, the nearest first.
    pub fn facts(given: &str) -> Result<(Vec<Fact>, Vec<String>), Error> {
        let path = Path::new(given);
        let chain = if is_file(given) {
            let mut chain = Chain::new(path.parent());
            chain.complete(given, &read(path)?)?;
            chain
        } else {
            let mut chain = Chain::new(None);
            chain.complete(given, built_in(given).unwrap_or_default())?;
            chain
        };
        let mut facts: Vec<Fact> = Vec::new();
        for fact in chain.layers.iter().flat_map(|(name, table)| stated(name, table)) {
            match facts.iter_mut().find(|known| known.key == fact.key) {
                Some(known) => *known = fact,
                None => facts.push(fact),
            }
        }
        let inherited = chain.layers.into_iter().rev().skip(1).map(|(name, _)| name).collect();
        Ok((facts, inherited))
    }
}

fn stated(name: &str, table: &Table) -> Vec<Fact> {
    let sources = table.get("sources").and_then(Value::as_table);
    let source = |key: &str| sources?.get(key)?.as_str().map(str::to_owned);
    let sections = table.iter().filter(|(section, _)| *section != "sources");
    sections
        .filter_map(|(section, keys)| Some((section, keys.as_table()?)))
        .flat_map(|(section, keys)| {
            keys.iter().map(move |(key, value)| (section, format!("{section}.{key}"), value))
        })
        .map(|(section, key, value)| Fact {
            value: value.to_string(),
            stated_in: name.to_owned(),
            source: source(&key).or_else(|| source(section)),
            key,
        })
        .collect()
}

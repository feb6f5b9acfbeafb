//! Profile files: those built into the program and a hall's own, what one inherits from another, and the rule that
//! every fact has a source.

use std::path::Path;

use toml::{Table, Value};

use super::Profile;
use crate::Error;

/// How many profiles may stand above one another.
const DEPTH_MAX: usize = 4;
pub(super) const GENERIC: &str = "generic-80mm";

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../printer-profiles/", $name, ".toml")))),*]
    };
}

const BUILT_IN: &[(&str, &str)] = built_in![
    "generic-80mm",
    "generic-58mm",
    "generic-80mm-ascii",
    "cashino-kp-628e",
    "citizen-ct-s300",
    "custom-vkp80ii",
    "epson-eu-m30",
    "snbc-bt-t080",
    "snbc-btp-r880np",
    "sprt-sp",
    "star-tsp2000",
    "xprinter-xp-80",
];

impl Profile {
    /// A common 80 mm ESC/POS printer with a Chinese ROM.
    pub fn generic() -> Self {
        match Self::named(GENERIC) {
            Ok(profile) => profile,
            Err(error) => unreachable!("the built-in profiles are tested: {error}"),
        }
    }

    /// The names of the built-in profiles.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// A built-in profile, `epson-eu-m30`.
    pub fn named(name: &str) -> Result<Self, Error> {
        let text = built_in(name).ok_or_else(|| Error::BadProfile {
            name: name.to_owned(),
            message: format!(
                "不是内置型号 / not one of the built-in profiles: {}",
                Self::names().collect::<Vec<_>>().join(", ")
            ),
        })?;
        Self::parse(name, text, None)
    }

    /// A profile as it is given on a command line: the name of a built-in one, or a file that ends in `.toml`.
    pub fn find(given: &str) -> Result<Self, Error> {
        if is_file(given) { Self::load(Path::new(given)) } else { Self::named(given) }
    }

    /// Reads a profile file. It may inherit files beside it and the built-in ones. Errors name the file and the key.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text = read(path)?;
        let mut profile = Self::parse(&path.display().to_string(), &text, path.parent())?;
        if let Some(stem) = path.file_stem() {
            profile.name = stem.to_string_lossy().into_owned();
        }
        Ok(profile)
    }

    fn parse(name: &str, text: &str, folder: Option<&Path>) -> Result<Self, Error> {
        let table = Chain::new(folder).complete(name, text)?;
        let bad = |message| Error::BadProfile { name: name.to_owned(), message };
        let mut profile: Profile =
            table.try_into().map_err(|error: toml::de::Error| bad(error.to_string()))?;
        profile.check().map_err(bad)?;
        profile.name = name.to_owned();
        Ok(profile)
    }
}

pub(super) fn is_file(given: &str) -> bool {
    given.ends_with(".toml") || given.contains('/')
}

pub(super) fn built_in(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

pub(super) fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path)
        .map_err(|source| Error::ReadProfile { path: path.display().to_string(), source })
}

/// The profiles read so far, each inheriting the next.
pub(super) struct Chain<'a> {
    /// Where inherited files are looked for before the built-in ones.
    folder: Option<&'a Path>,
    names: Vec<String>,
    /// What each file states itself, the one that all others inherit first.
    pub layers: Vec<(String, Table)>,
}

impl<'a> Chain<'a> {
    pub fn new(folder: Option<&'a Path>) -> Self {
        Self { folder, names: Vec::new(), layers: Vec::new() }
    }

    /// The file's own table over all that it inherits.
    pub fn complete(&mut self, name: &str, text: &str) -> Result<Table, Error> {
        let bad = |message: String| Error::BadProfile { name: name.to_owned(), message };
        let mut own: Table = text.parse().map_err(|error: toml::de::Error| bad(error.to_string()))?;
        let base = own.remove("inherits");
        if let Some((_, fault)) = source_faults(&own).into_iter().next() {
            return Err(bad(fault));
        }
        let inherited = match base {
            None => Table::new(),
            Some(Value::String(base)) => self.inherited(name, &base)?,
            Some(other) => return Err(bad(format!("inherits = {other}: expected the name of a profile"))),
        };
        self.layers.push((stem(name).to_owned(), own.clone()));
        Ok(overlay(inherited, own))
    }

    /// All of `base`, which the profile `name` inherits.
    pub fn inherited(&mut self, name: &str, base: &str) -> Result<Table, Error> {
        let bad = |message: String| Error::BadProfile { name: name.to_owned(), message };
        if self.names.iter().any(|known| known == base) || stem(name) == base {
            return Err(bad(format!("inherits = {base:?}: it inherits itself")));
        }
        self.names.push(base.to_owned());
        if self.names.len() > DEPTH_MAX {
            return Err(bad(format!(
                "inherits = {base:?}: more than {DEPTH_MAX} profiles one above the other"
            )));
        }
        let text = self.find(base)?.ok_or_else(|| {
            let known = Profile::names().collect::<Vec<_>>().join(", ");
            bad(format!("inherits = {base:?}: neither a file {base}.toml beside it nor one of {known}"))
        })?;
        self.complete(base, &text)
    }

    fn find(&self, name: &str) -> Result<Option<String>, Error> {
        let beside = self.folder.map(|folder| folder.join(format!("{name}.toml")));
        match beside.filter(|path| path.is_file()) {
            Some(path) => read(&path).map(Some),
            None => Ok(built_in(name).map(str::to_owned)),
        }
    }
}

pub(super) fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file)
}

/// `own` over `base`, section by section, key by key.
pub(super) fn overlay(mut base: Table, own: Table) -> Table {
    for (key, value) in own {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => *under = overlay(std::mem::take(under), over),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
    base
}

/// What is wrong with the sources: at which key of the file, and how. Each stated key has a source, by its path or its
/// section, and each source belongs to a stated key. A generic base describes no model and needs none.
pub(super) fn source_faults(own: &Table) -> Vec<(String, String)> {
    let section = |name: &str| own.get(name).and_then(Value::as_table);
    let empty = Table::new();
    let sources = section("sources").unwrap_or(&empty);
    let stated: Vec<(&String, String)> = own
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "meta" | "sources"))
        .filter_map(|(name, value)| Some((name, value.as_table()?)))
        .flat_map(|(name, keys)| keys.keys().map(move |key| (name, format!("{name}.{key}"))))
        .collect();
    let belongs =
        |source: &&String| stated.iter().any(|(section, path)| source == section || *source == path);
    let astray = sources.keys().filter(|source| !belongs(source)).map(|source| {
        let message = format!(
            "sources.{source:?}: 本文件没有写这个键，删去出处或写上键 / no such key is stated in this file: remove the source or state the key"
        );
        (format!("sources.{source}"), message)
    });
    let generic =
        section("meta").and_then(|meta| meta.get("vendor")).and_then(Value::as_str) == Some("generic");
    let has_source =
        |(section, path): &&(&String, String)| sources.contains_key(*section) || sources.contains_key(path);
    let missing = stated.iter().filter(|key| !generic && !has_source(key)).map(|(_, path)| {
        let message = format!(
            "{path}: 没有出处；在 [sources] 下加 / no source; add under [sources]: \"{path}\" = \"手册与页码 manual, page\""
        );
        (path.clone(), message)
    });
    astray.chain(missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_in_the_folder_is_built_in_and_can_be_used() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../printer-profiles");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ext| ext == "toml"))
            .map(|path| {
                let loaded = Profile::load(&path).unwrap();
                assert_eq!(Profile::named(&loaded.name).unwrap(), loaded);
                loaded.name
            })
            .collect();
        let mut built_in: Vec<_> = Profile::names().collect();
        names.sort();
        built_in.sort();
        assert_eq!(names, built_in);
        assert!(names.len() >= 12, "{names:?}");
    }

    #[test]
    fn a_profile_states_only_what_differs() {
        let text = "inherits = \"generic-80mm\"\n[serial]\nbaud = 19200\n[sources]\nserial = \"p. 1\"";
        let profile = Profile::parse("test", text, None).unwrap();
        let mut expect = Profile::generic();
        expect.serial.baud = 19200;
        expect.name = "test".into();
        expect.sources.insert("serial".into(), "p. 1".into());
        assert_eq!(profile, expect);
    }

    #[test]
    fn mistakes_are_named() {
        let table = [
            ("[serial]\nbuad = 9600", "serial", "unknown field `buad`"),
            ("[printer]\nx = 1", "printer", "unknown field `printer`"),
            ("[paper]\ndots = 100", "paper", "paper.dots"),
            ("[text]\ncoverage = \"big5\"", "text", "unknown variant `big5`"),
            ("[text]\nkanji_on = \"1C2\"", "text", "1C 26"),
            ("[status]\ndle_eot = [5]", "status", "status.dle_eot"),
            ("[cut\n", "cut", "line 2"),
            ("[serial]\nbaud = 9600", "paper", "sources.\"paper\""),
            ("[serial]\nbaud = 9600\nflow = \"none\"", "serial.baud", "serial.flow: 没有出处"),
        ];
        for (text, source, expect) in table {
            let text = format!("inherits = \"generic-80mm\"\n{text}\n[sources]\n\"{source}\" = \"p. 1\"\n");
            let message = Profile::parse("test", &text, None).unwrap_err().to_string();
            assert!(message.contains(expect), "{message:?} should name {expect}");
        }
        assert!(Profile::named("epson").unwrap_err().to_string().contains("epson-eu-m30"));
    }

    #[test]
    fn a_chain_of_profiles_has_an_end() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, base: &str| {
            let path = folder.path().join(format!("{name}.toml"));
            std::fs::write(&path, format!("inherits = \"{base}\"\n")).unwrap();
            path
        };
        let check = |path: &Path, expect: Option<&str>| match (Profile::load(path), expect) {
            (Ok(_), None) => {}
            (Err(error), Some(part)) => assert!(error.to_string().contains(part), "{error}"),
            (other, expect) => panic!("{path:?}: {other:?}, expected {expect:?}"),
        };
        check(&write("a", "sprt-sp"), None);
        check(&write("b", "a"), None);
        check(&write("c", "b"), None);
        check(&write("d", "c"), Some("more than 4"));
        check(&write("self", "self"), Some("inherits itself"));
        write("x", "y");
        check(&write("y", "x"), Some("inherits itself"));
        check(&write("z", "nothing"), Some("nothing.toml"));
    }
}

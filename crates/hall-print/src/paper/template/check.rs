//! All faults of a template file at once.

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::{Entry, ITEMS_MAX, Source, known};
use crate::faults::{Faults, FileFault, explained};
use crate::{Error, Template};

impl Template {
    /// Everything that is wrong with a template file, from top to bottom; empty when it can be used.
    pub fn faults(path: &Path) -> Result<Vec<FileFault>, Error> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::ReadTemplate { path: name.clone(), source })?;
        let mut faults = Faults::new(&text);
        let table = faults.read();
        let source = Source { name: &name, text: &text, folder: path.parent() };
        for (part, items) in table.get_ref() {
            let known = match part.get_ref().as_ref() {
                "slip" | "large" => known::SLIP,
                "appointment" => known::APPOINTMENT,
                other => {
                    faults.add(&part.span(), format!("没有这个部分 / there is no [[{other}]]: expected [[slip]], [[large]] or [[appointment]]"));
                    continue;
                }
            };
            match items.get_ref().as_array() {
                Some(items) if items.len() > ITEMS_MAX => {
                    faults.add(
                        &part.span(),
                        format!("内容过多 / {} items are too many, at most {ITEMS_MAX}", items.len()),
                    );
                }
                Some(items) => items.iter().for_each(|item| check(item, &source, known, &mut faults)),
                None => {
                    faults.add(&part.span(), format!("写成 / write [[{}]] above each item", part.get_ref()));
                }
            }
        }
        Ok(faults.into_sorted())
    }
}

/// Key after key that cannot be used, then the item as a whole.
fn check(item: &Spanned<DeValue>, source: &Source, known: &[&str], faults: &mut Faults) {
    let Some(keys) = item.get_ref().as_table() else {
        return faults.add(&item.span(), "应为一节 / expected a section such as [[slip]]");
    };
    let mut keys: DeTable = keys.clone();
    let whole = keys.len();
    loop {
        let table = Spanned::new(item.span(), DeValue::Table(keys.clone()));
        let error = match Entry::deserialize(ValueDeserializer::from(table)) {
            Ok(entry) if keys.len() == whole => {
                if let Err(message) = source.item(entry, known) {
                    faults.add(&item.span(), explained(&message));
                }
                return;
            }
            Ok(_) => return,
            Err(error) => error,
        };
        let at = error.span().unwrap_or_else(|| item.span());
        faults.add(&at, explained(error.message()));
        let before = keys.len();
        keys = keys
            .into_iter()
            .filter(|(key, value)| !key.span().contains(&at.start) && !value.span().contains(&at.start))
            .collect();
        if keys.len() == before {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_with_its_line() {
        let text = "[[slip]]\ntext = \"{number}\"\nsiez = 8\nalign = \"middle\"\n\n[[slip]]\ntext = \"{nubmer}\"\n\n[[slips]]\nrule = true\n\n[large]\nrule = true\n\n[[appointment]]\ntext = \"a\"\nrule = true\n";
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("slip.toml");
        std::fs::write(&path, text).unwrap();
        let faults = Template::faults(&path).unwrap();
        let expect = [
            (3, "unknown field `siez`"),
            (4, "unknown variant `middle`"),
            (6, "{nubmer}"),
            (9, "no [[slips]]"),
            (12, "[[large]]"),
            (15, "exactly one of"),
        ];
        assert_eq!(faults.len(), expect.len(), "{faults:#?}");
        for (fault, (line, part)) in faults.iter().zip(expect) {
            assert!(fault.line == line && fault.message.contains(part), "{line} {part}: {fault:?}");
        }
        std::fs::write(&path, include_str!("default.toml")).unwrap();
        assert_eq!(Template::faults(&path).unwrap(), []);
    }
}

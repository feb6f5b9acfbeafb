//! A hall's slip template: TOML that says what stands on a slip, in which order, size and language.
//! Strict keys; every error names its line. Two kinds of slip (ordinary and large print) and the appointment's
//! confirmation are templates; a file may give any of them, the others stay as built in.

mod check;

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::bitmap::Bitmap;
use super::fill::{Text, known};
use super::sheet::{Align, Style};
use crate::Error;

const BUILT_IN: &str = include_str!("template/default.toml");
const ITEMS_MAX: usize = 100;
const GAP_DOTS_MAX: u32 = 500;
const LOGO_SIDE_MAX: u32 = 4000;
/// Of 203 dpi.
const DOTS_PER_MM: u32 = 8;

/// What stands on slips, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub(super) slip: Vec<Item>,
    pub(super) large: Vec<Item>,
    pub(super) appointment: Vec<Item>,
}

/// One block of a template. It vanishes when all values it names are absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub kind: Kind,
    pub style: Style,
    /// Blank dots above and below, which vanish with it.
    pub before: u32,
    pub after: u32,
    /// Stands only where this value does.
    pub when: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Text(Text),
    Row { label: Text, value: Text },
    Rule,
    Gap(u32),
    Qr(Text),
    Barcode(Text),
    Logo(Bitmap),
    Reprint,
    Cut,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    slip: Option<Vec<Spanned<Entry>>>,
    large: Option<Vec<Spanned<Entry>>>,
    appointment: Option<Vec<Spanned<Entry>>>,
}

/// An item as written: one key says what it is, the others how it looks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    text: Option<String>,
    label: Option<String>,
    value: Option<String>,
    rule: Option<bool>,
    gap: Option<u32>,
    qr: Option<String>,
    barcode: Option<String>,
    logo: Option<String>,
    width_mm: Option<u32>,
    reprint: Option<bool>,
    cut: Option<bool>,
    size: Option<u8>,
    fit: Option<u8>,
    bold: Option<bool>,
    align: Option<Align>,
    before: Option<u32>,
    after: Option<u32>,
    when: Option<String>,
}

impl Default for Template {
    /// The slip of a hall that has no template of its own.
    fn default() -> Self {
        let items =
            |entries, known| Source { name: "default", text: BUILT_IN, folder: None }.items(entries, known);
        let parts = toml::from_str::<File>(BUILT_IN).map_err(|error| error.to_string()).and_then(|file| {
            let part = |part: Option<_>, known| items(part.unwrap_or_default(), known);
            Ok(Self {
                slip: part(file.slip, known::SLIP).map_err(|error| error.to_string())?,
                large: part(file.large, known::SLIP).map_err(|error| error.to_string())?,
                appointment: part(file.appointment, known::APPOINTMENT).map_err(|error| error.to_string())?,
            })
        });
        match parts {
            Ok(template) => template,
            Err(error) => unreachable!("the built-in template is tested: {error}"),
        }
    }
}

impl Template {
    /// Reads a template file. Logos are looked for beside it.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::ReadTemplate { path: name.clone(), source })?;
        Self::parse(&Source { name: &name, text: &text, folder: path.parent() })
    }

    fn parse(source: &Source) -> Result<Self, Error> {
        let file: File = toml::from_str(source.text).map_err(|error| Error::BadTemplate {
            name: source.name.to_owned(),
            message: error.to_string(),
        })?;
        let mut template = Self::default();
        for (part, entries, known) in [
            (&mut template.slip, file.slip, known::SLIP),
            (&mut template.large, file.large, known::SLIP),
            (&mut template.appointment, file.appointment, known::APPOINTMENT),
        ] {
            if let Some(entries) = entries {
                *part = source.items(entries, known)?;
            }
        }
        Ok(template)
    }
}

/// The file being read.
struct Source<'a> {
    name: &'a str,
    text: &'a str,
    folder: Option<&'a Path>,
}

impl Source<'_> {
    fn items(&self, entries: Vec<Spanned<Entry>>, known: &[&str]) -> Result<Vec<Item>, Error> {
        if entries.len() > ITEMS_MAX {
            return Err(self.bad(format!("{} items are too many, at most {ITEMS_MAX}", entries.len())));
        }
        entries
            .into_iter()
            .map(|entry| {
                let line = self.text[..entry.span().start].matches('\n').count() + 1;
                self.item(entry.into_inner(), known)
                    .map_err(|message| self.bad(format!("line {line}: {message}")))
            })
            .collect()
    }

    fn bad(&self, message: String) -> Error {
        Error::BadTemplate { name: self.name.to_owned(), message }
    }

    fn item(&self, entry: Entry, known: &[&str]) -> Result<Item, String> {
        let style = Style {
            size: range("size", entry.size.unwrap_or(1), 8)?,
            fit: entry.fit.map(|fit| range("fit", fit, entry.size.unwrap_or(1))).transpose()?,
            bold: entry.bold.unwrap_or(false),
            align: entry.align.unwrap_or(Align::Centre),
        };
        let (before, after) = (entry.before.unwrap_or(0), entry.after.unwrap_or(0));
        if before.max(after).max(entry.gap.unwrap_or(0)) > GAP_DOTS_MAX {
            return Err(format!("before, after and gap: at most {GAP_DOTS_MAX} dots"));
        }
        if let Some(when) = &entry.when
            && !known.contains(&when.as_str())
        {
            return Err(format!("when = {when:?}: expected one of {}", known.join(", ")));
        }
        let when = entry.when.clone();
        Ok(Item { kind: self.kind(entry, known)?, style, before, after, when })
    }

    fn kind(&self, entry: Entry, known: &[&str]) -> Result<Kind, String> {
        let text = |text: &str| Text::parse(text, known);
        let Entry { text: line, label, value, rule, gap, qr, barcode, logo, width_mm, reprint, cut, .. } =
            entry;
        let mut kinds = Vec::new();
        if let Some(line) = line {
            kinds.push(Kind::Text(text(&line)?));
        }
        match (label, value) {
            (Some(label), Some(value)) => {
                kinds.push(Kind::Row { label: text(&label)?, value: text(&value)? })
            }
            (None, None) => {}
            _ => return Err("label and value belong together".into()),
        }
        if let Some(gap) = gap {
            kinds.push(Kind::Gap(gap));
        }
        if let Some(data) = qr {
            kinds.push(Kind::Qr(text(&data)?));
        }
        if let Some(data) = barcode {
            kinds.push(Kind::Barcode(text(&data)?));
        }
        match (logo, width_mm) {
            (Some(file), Some(width_mm)) => kinds.push(Kind::Logo(self.logo(&file, width_mm)?)),
            (None, None) => {}
            _ => return Err("logo and width_mm belong together".into()),
        }
        for (stated, kind) in [(rule, Kind::Rule), (reprint, Kind::Reprint), (cut, Kind::Cut)] {
            if stated == Some(true) {
                kinds.push(kind);
            }
        }
        match kinds.len() {
            1 => Ok(kinds.remove(0)),
            _ => Err(
                "expected exactly one of text, label and value, rule, gap, qr, barcode, logo, reprint, cut"
                    .into(),
            ),
        }
    }

    /// A PNG in black and white, scaled to its width on paper.
    fn logo(&self, file: &str, width_mm: u32) -> Result<Bitmap, String> {
        let width = range("width_mm", width_mm, 72)? * DOTS_PER_MM;
        let path = self.folder.unwrap_or(Path::new(".")).join(file);
        let bad = |reason: String| format!("logo {}: {reason}", path.display());
        let mut reader = image::ImageReader::open(&path).map_err(|error| bad(error.to_string()))?;
        let mut limits = image::Limits::default();
        (limits.max_image_width, limits.max_image_height) = (Some(LOGO_SIDE_MAX), Some(LOGO_SIDE_MAX));
        reader.limits(limits);
        let picture = reader.decode().map_err(|error| bad(error.to_string()))?;
        let height = (picture.height() * width).div_ceil(picture.width().max(1)).min(LOGO_SIDE_MAX);
        let filter = image::imageops::FilterType::Triangle;
        let scaled = picture.resize_exact(width, height, filter).to_luma_alpha8();
        let mut bitmap = Bitmap::new(width, height);
        for (x, y, image::LumaA([luma, alpha])) in scaled.enumerate_pixels() {
            // Transparent is paper.
            if *alpha >= 128 && *luma < 128 {
                bitmap.ink(x as i32, y as i32);
            }
        }
        Ok(bitmap)
    }
}

fn range<T: Copy + PartialOrd + From<u8> + std::fmt::Display>(
    key: &str,
    value: T,
    max: T,
) -> Result<T, String> {
    if value >= T::from(1) && value <= max {
        Ok(value)
    } else {
        Err(format!("{key} = {value}: expected 1 to {max}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, folder: Option<&Path>) -> Result<Template, Error> {
        Template::parse(&Source { name: "test", text, folder })
    }

    #[test]
    fn what_a_file_leaves_out_stays_as_built_in() {
        let template = parse("[[slip]]\ntext = \"{number}\"\nsize = 8\n", None).unwrap();
        assert_eq!(template.slip.len(), 1);
        assert_eq!(template.large, Template::default().large);
        assert!(template.large.len() > 5 && template.appointment.len() > 5);
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let table = [
            ("[[slip]]\ntext = \"{number}\"\nsiez = 8", "line 3", "unknown field `siez`"),
            ("[[slips]]\n", "line 1", "unknown field `slips`"),
            ("[[slip]]\nrule = true\n\n[[slip]]\ntext = \"{nubmer}\"", "line 4", "{number}"),
            ("[[slip]]\ntext = \"a {hall\"", "line 1", "}"),
            ("[[slip]]\ntext = \"a\"\nrule = true", "line 1", "exactly one of"),
            ("[[slip]]\nlabel = \"a\"", "line 1", "belong together"),
            ("[[slip]]\ntext = \"a\"\nsize = 9", "line 1", "1 to 8"),
            ("[[slip]]\ngap = 501", "line 1", "500 dots"),
            ("[[slip]]\ntext = \"a\"\nwhen = \"clas\"", "line 1", "class"),
            ("[[slip]]\ntext = \"a\"\nalign = \"middle\"", "line 3", "unknown variant `middle`"),
            ("[[slip]]\nlogo = \"none.png\"\nwidth_mm = 30", "line 1", "none.png"),
            ("[[slip]]\nlogo = \"none.png\"\nwidth_mm = 90", "line 1", "1 to 72"),
            ("[[appointment]]\ntext = \"{ahead}\"", "line 1", "{date}"),
        ];
        for (text, line, expect) in table {
            let message = parse(text, None).unwrap_err().to_string();
            assert!(message.contains(line) && message.contains(expect), "{message:?}: {line}, {expect}");
        }
    }

    #[test]
    fn a_logo_is_black_and_white_and_as_wide_as_stated() {
        let folder = tempfile::tempdir().unwrap();
        let mut picture = image::GrayImage::from_pixel(20, 10, image::Luma([255]));
        (0..20).for_each(|x| picture.put_pixel(x, 0, image::Luma([0])));
        picture.save(folder.path().join("logo.png")).unwrap();
        let text = "[[slip]]\nlogo = \"logo.png\"\nwidth_mm = 10\n";
        let template = parse(text, Some(folder.path())).unwrap();
        let Kind::Logo(logo) = &template.slip[0].kind else { panic!("{template:?}") };
        assert_eq!((logo.width_dots(), logo.rows()), (80, 40));
        assert!(logo.is_inked(40, 0) && !logo.is_inked(40, 20));
    }
}

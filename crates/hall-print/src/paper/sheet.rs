//! The blocks a document is made of, and a sheet that puts text into them so that every line fits the paper.

use super::bitmap::Bitmap;
use super::pages::LEADING_DOTS;
use super::slip::Bilingual;
use super::wrap::{text_columns, wrap, wrap_full};

/// Longer texts are cut.
const TEXT_CHARS_MAX: usize = 400;
const SIZE_MAX: u8 = 8;

/// One thing on the paper, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Line(Line),
    /// A line of dashes across the paper.
    Rule,
    /// Blank paper.
    Gap {
        dots: u32,
    },
    Qr {
        data: String,
    },
    /// CODE128.
    Barcode {
        data: String,
    },
    Picture {
        bitmap: Bitmap,
        align: Align,
    },
    Cut,
}

/// One line of text that fits the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    /// Stands at the right edge.
    pub right: String,
    /// Magnification of width and height, 1 to 8.
    pub scale: u8,
    pub bold: bool,
    pub align: Align,
}

impl Line {
    /// The line as text alone, with spaces up to the right edge.
    pub fn padded(&self, columns: u32) -> String {
        if self.right.is_empty() {
            return self.text.clone();
        }
        let taken = text_columns(&self.text) + text_columns(&self.right);
        let space = (columns / u32::from(self.scale)).saturating_sub(taken);
        format!("{}{}{}", self.text, " ".repeat(space as usize), self.right)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    Left,
    #[serde(alias = "center")]
    Centre,
    Right,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Magnification, 1 to 8.
    pub size: u8,
    /// The size it may shrink to so as to stay on one line.
    pub fit: Option<u8>,
    pub bold: bool,
    pub align: Align,
}

impl Style {
    pub const NORMAL: Style = Style { size: 1, fit: None, bold: false, align: Align::Centre };

    pub const fn size(self, size: u8) -> Self {
        Self { size, ..self }
    }

    pub const fn fit(self, fit: u8) -> Self {
        Self { fit: Some(fit), ..self }
    }

    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub const fn left(self) -> Self {
        Self { align: Align::Left, ..self }
    }

    /// The size at which a text of so many columns stays on one line, as far as it may shrink.
    fn size_for(self, taken: u32, columns: u32) -> u8 {
        // A Hanzi must fit.
        let size = self.size.clamp(1, SIZE_MAX).min((columns / 2).max(1) as u8);
        match self.fit {
            None => size,
            Some(least) => (columns / taken.max(1)).clamp(least.clamp(1, size).into(), size.into()) as u8,
        }
    }
}

/// Paper being filled from the top.
pub struct Sheet {
    /// One-byte characters of normal width in a line.
    pub columns: u32,
    pub blocks: Vec<Block>,
}

impl Sheet {
    pub fn new(columns: u32) -> Self {
        Self { columns, blocks: Vec::new() }
    }

    pub fn text(&mut self, text: &str, style: Style) {
        let text = clip(text);
        let scale = style.size_for(text_columns(text.trim()), self.columns);
        for (index, text) in wrap(&text, self.columns / u32::from(scale)).into_iter().enumerate() {
            if index > 0 {
                self.leading(scale);
            }
            self.line(text, String::new(), Style { size: scale, ..style });
        }
    }

    /// Chinese, and English of half the size under it.
    pub fn bilingual(&mut self, text: &Bilingual, style: Style) {
        self.text(&text.zh, style);
        self.text(&text.en, Style { size: (style.size / 2).max(1), fit: None, bold: false, ..style });
    }

    /// A paragraph with a hanging mark, `1. `.
    pub fn item(&mut self, mark: &str, text: &str) {
        let indent = text_columns(mark);
        let mut mark = mark.to_owned();
        for line in wrap_full(&clip(text), self.columns - indent) {
            self.line(format!("{mark}{line}"), String::new(), Style::NORMAL.left());
            mark = " ".repeat(indent as usize);
        }
    }

    /// A label at the left edge and its value at the right one; under it when both do not fit one line.
    pub fn row(&mut self, label: &str, value: &str, style: Style) {
        let (label, value) = (clip(label).trim().to_owned(), clip(value).trim().to_owned());
        let scale = style.size_for(text_columns(&label) + text_columns(&value) + 1, self.columns);
        let style = Style { size: scale, align: Align::Left, ..style };
        let columns = self.columns / u32::from(scale);
        if text_columns(&label) + text_columns(&value) < columns {
            self.line(label, value, style);
        } else {
            self.text(&label, style);
            for part in wrap(&value, columns) {
                self.leading(scale);
                self.line(String::new(), part, style);
            }
        }
    }

    /// A rule with room above and below.
    pub fn rule(&mut self) {
        self.gap(8);
        self.blocks.push(Block::Rule);
        self.gap(8);
    }

    pub fn gap(&mut self, dots: u32) {
        if dots > 0 {
            self.blocks.push(Block::Gap { dots });
        }
    }

    /// Room within a text of several lines in large type, whose cells touch.
    fn leading(&mut self, scale: u8) {
        if scale > 1 {
            self.gap(LEADING_DOTS);
        }
    }

    fn line(&mut self, text: String, right: String, Style { size, bold, align, .. }: Style) {
        self.blocks.push(Block::Line(Line { text, right, scale: size, bold, align }));
    }
}

/// A clean text that is not longer than any line of a slip needs to be.
fn clip(text: &str) -> String {
    clean(text).chars().take(TEXT_CHARS_MAX).collect()
}

/// A text that cannot be taken for a command and shows as it is: no control characters, nothing invisible, and ￥ for
/// the ¥ that no Chinese ROM has.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !invisible(*c))
        .map(|c| match c {
            '¥' => '￥',
            '\u{A0}' => ' ',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

fn invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

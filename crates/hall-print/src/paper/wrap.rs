//! Width of text in dots, and lines that fit: Hanzi break anywhere, Latin words and numbers stay whole,
//! no line begins with closing punctuation.

/// Font A of ESC/POS: 12 dots; a Hanzi is two of them.
pub const COLUMN_DOTS: u32 = 12;

/// Columns a printer gives the character: one where GB18030 has one byte, which is ASCII, otherwise two.
pub fn columns(c: char) -> u32 {
    if c.is_ascii() { 1 } else { 2 }
}

/// Columns of a whole text at normal width.
pub fn text_columns(text: &str) -> u32 {
    text.chars().map(columns).sum()
}

/// Breaks `text` into lines of at most `columns_max`, as few as possible and of even length.
pub fn wrap(text: &str, columns_max: u32) -> Vec<String> {
    let pieces = pieces(text, columns_max);
    let lines = fill(&pieces, columns_max);
    if lines.len() <= 1 {
        return lines;
    }
    (columns_max / 2..columns_max)
        .map(|narrower| fill(&pieces, narrower))
        .find(|even| even.len() == lines.len() && widest(even) <= columns_max)
        .unwrap_or(lines)
}

fn widest(lines: &[String]) -> u32 {
    lines.iter().map(|line| text_columns(line)).max().unwrap_or(0)
}

fn fill(pieces: &[String], columns_max: u32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces {
        if !line.is_empty() && text_columns(&line) + text_columns(piece.trim_end()) > columns_max {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        line.push_str(piece);
    }
    let rest = line.trim_end();
    if !rest.is_empty() {
        lines.push(rest.to_owned());
    }
    lines
}

/// The pieces a line may be broken between; each carries the spaces and closing marks that follow it.
fn pieces(text: &str, columns_max: u32) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut previous = ' ';
    for c in text.trim().chars() {
        let joins = match pieces.last() {
            None => false,
            Some(piece) => {
                let fits = text_columns(piece.trim_end()) + columns(c) <= columns_max;
                c == ' ' || fits && (closes(c) || opens(previous) || in_word(previous) && in_word(c))
            }
        };
        match pieces.last_mut() {
            Some(piece) if joins => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        previous = c;
    }
    pieces
}

fn in_word(c: char) -> bool {
    c.is_ascii_graphic()
}

fn closes(c: char) -> bool {
    "，。、；：！？）》」』】”’％号楼".contains(c)
}

fn opens(c: char) -> bool {
    "（《「『【“‘￥".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_break_where_a_reader_would() {
        let table: &[(&str, u32, &[&str])] = &[
            ("不动产登记", 24, &["不动产登记"]),
            ("不动产登记", 6, &["不动产", "登记"]),
            ("A区 1楼 3、4、5号窗口", 16, &["A区 1楼 3、", "4、5号窗口"]),
            ("Real Estate Registration", 16, &["Real Estate", "Registration"]),
            ("请到咨询台，谢谢", 10, &["请到咨询", "台，谢谢"]),
            ("ABCDEFGHIJ", 4, &["ABCD", "EFGH", "IJ"]),
            ("", 24, &[]),
        ];
        for (text, columns_max, expect) in table {
            let lines = wrap(text, *columns_max);
            assert_eq!(lines, *expect, "{text} in {columns_max}");
            assert!(widest(&lines) <= *columns_max);
        }
    }

    #[test]
    fn width_is_what_a_gb18030_printer_gives() {
        for (text, expect) in [("A012", 4), ("窗口", 4), ("é·—…", 8), ("𬭚", 2)] {
            assert_eq!(text_columns(text), expect, "{text}");
        }
    }
}

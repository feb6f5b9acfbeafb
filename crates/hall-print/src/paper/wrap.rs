//! Width of text in columns, and lines that fit: Hanzi break anywhere, tokens stay whole, no line begins with closing
//! punctuation.
//!
//! A token is what a reader takes in at once: a run of ASCII letters, digits and marks (`A012`, `2026-11-23`, `9:30`),
//! such runs joined by a dash, a colon or 、 between letters or digits (`3、4`, `12–25`), with the unit behind the last
//! digit (`12–25 分钟`, `3 个工作日`), and dates (`2026年11月23日`). A word stays with the number after it where both fit
//! one line (`floor 1`). A token wider than the paper breaks at spaces and after 、; what is still too wide, anywhere.

/// Behind a number, with or without a space.
const UNITS: [&str; 31] = [
    "个工作日",
    "工作日",
    "分钟",
    "小时",
    "人民币",
    "平方米",
    "号",
    "楼",
    "层",
    "区",
    "人",
    "位",
    "元",
    "份",
    "页",
    "张",
    "次",
    "天",
    "岁",
    "年",
    "月",
    "日",
    "时",
    "点",
    "分",
    "秒",
    "个",
    "％",
    "℃",
    "min",
    "h",
];
/// A number may follow these within a date or a time.
const DATE_UNITS: &str = "年月日时点分";
const CONNECTORS: &str = "–—~～〜、：．／－";

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

/// Breaks `text` into lines that are filled before the next one begins, as a paragraph is set.
pub fn wrap_full(text: &str, columns_max: u32) -> Vec<String> {
    fill(&pieces(text, columns_max), columns_max)
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
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let len = token_len(rest).max(first.len_utf8());
        let (token, after) = rest.split_at(len);
        rest = after;
        let (head, tail) = match split_wide(token, columns_max) {
            parts if parts.is_empty() => continue,
            mut parts => (parts.remove(0), parts),
        };
        match pieces.last_mut() {
            Some(piece) if joins(piece, &head, columns_max) => piece.push_str(&head),
            _ => pieces.push(head),
        }
        pieces.extend(tail);
    }
    pieces
}

fn joins(piece: &str, next: &str, columns_max: u32) -> bool {
    if next == " " {
        return true;
    }
    let fits = text_columns(piece) + text_columns(next) <= columns_max;
    let word =
        piece.strip_suffix(' ').is_some_and(|piece| piece.ends_with(|c: char| c.is_ascii_alphabetic()));
    let numbered = word && next.starts_with(|c: char| c.is_ascii_digit());
    fits && (next.chars().all(closes) || piece.ends_with(opens) || numbered)
}

/// Length in bytes of the token that `text` begins with; 0 when it begins with none.
fn token_len(text: &str) -> usize {
    let mut len = 0;
    loop {
        len += text[len..].find(|c: char| !c.is_ascii_graphic()).unwrap_or(text.len() - len);
        let (taken, after) = text.split_at(len);
        let Some(last) = taken.chars().next_back() else { return 0 };
        if last.is_ascii_alphanumeric()
            && let Some(connector) = after.chars().next().filter(|c| CONNECTORS.contains(*c))
            && after[connector.len_utf8()..].starts_with(|c: char| c.is_ascii_alphanumeric())
        {
            len += connector.len_utf8();
            continue;
        }
        if !last.is_ascii_digit() {
            return len;
        }
        let Some(unit) = unit_len(after) else { return len };
        len += unit;
        let dated = text[..len].ends_with(|c| DATE_UNITS.contains(c));
        if !(dated && text[len..].starts_with(|c: char| c.is_ascii_digit())) {
            return len;
        }
    }
}

/// Length of a unit and the space before it.
fn unit_len(after: &str) -> Option<usize> {
    let text = after.strip_prefix(' ').unwrap_or(after);
    let unit = UNITS.iter().find(|unit| text.starts_with(**unit))?;
    let whole = !unit.is_ascii() || !text[unit.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
    whole.then_some(after.len() - text.len() + unit.len())
}

/// A token too wide for the paper in parts that fit it: a list's items, or as much as fits.
fn split_wide(token: &str, columns_max: u32) -> Vec<String> {
    if text_columns(token) <= columns_max {
        return vec![token.to_owned()];
    }
    let mut parts: Vec<String> = Vec::new();
    for item in token.split_inclusive([' ', '、']) {
        if text_columns(item.trim_end()) <= columns_max {
            parts.push(item.to_owned());
            continue;
        }
        let mut part = String::new();
        for c in item.chars() {
            if text_columns(&part) + columns(c) > columns_max && !part.is_empty() {
                parts.push(std::mem::take(&mut part));
            }
            part.push(c);
        }
        parts.push(part);
    }
    parts
}

fn closes(c: char) -> bool {
    "，。、；：！？）》」』】”’％号楼".contains(c)
}

fn opens(c: char) -> bool {
    "（《「『【“‘￥".contains(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_fit_and_break_where_a_reader_would() {
        let table: &[(&str, u32, &[&str])] = &[
            ("不动产登记", 24, &["不动产登记"]),
            ("不动产登记", 6, &["不动产", "登记"]),
            ("A区 1楼 3、4、5号窗口", 16, &["A区 1楼", "3、4、5号窗口"]),
            ("1楼 101、102、103、104号窗口", 16, &["1楼 101、102、", "103、104号窗口"]),
            ("预计约 12–25 分钟", 12, &["预计约", "12–25 分钟"]),
            ("about 12–25 min", 10, &["about", "12–25 min"]),
            ("Zone A, floor 1, counters 3-5", 24, &["Zone A, floor 1,", "counters 3-5"]),
            ("请于2026年11月23日 9:30到", 16, &["请于", "2026年11月23日", "9:30到"]),
            ("受理后3个工作日办结", 16, &["受理后", "3个工作日办结"]),
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

    #[test]
    fn no_token_is_broken_and_nothing_is_lost() {
        let token = prop_oneof![
            "[A-Z]{1,2}[0-9]{3,4}",
            "20[0-9]{2}-[01][0-9]-[0-3][0-9]",
            "[0-9]{1,2}:[0-5][0-9]",
            "[0-9]{1,3}–[0-9]{1,3} (分钟|min)",
            "[0-9]、[0-9]、[0-9]{1,2}号",
            "[0-9]{1,2}月[0-9]{1,2}日",
            "[0-9]{1,2} ?个工作日",
        ];
        let filler = prop_oneof!["[请到窗口办理登记，。）（]{1,6}", " [a-z]{1,12} ", " "];
        let texts = prop::collection::vec((filler, token), 1..8);
        proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }, |(parts in texts, columns_max in 16u32..48)| {
            let text: String = parts.iter().map(|(filler, token)| format!("{filler}{token} ")).collect();
            for lines in [wrap(&text, columns_max), wrap_full(&text, columns_max)] {
                prop_assert!(widest(&lines) <= columns_max, "{lines:?}");
                for (_, token) in &parts {
                    prop_assert!(lines.iter().any(|line| line.contains(token)), "{token} is broken: {lines:?}");
                }
                let bare = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
                prop_assert_eq!(bare(&lines.concat()), bare(&text));
            }
        });
    }

    #[test]
    fn any_text_fits() {
        proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }, |(text in any::<String>(), columns_max in 2u32..48)| {
            prop_assert!(widest(&wrap(&text, columns_max)) <= columns_max);
        });
    }
}

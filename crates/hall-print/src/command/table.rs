//! Columns that line up, Chinese and Latin mixed.

use unicode_width::UnicodeWidthStr;

/// Rows as lines, every column as wide as its widest cell.
pub fn lines(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| {
            let space = " ".repeat(width - cell.width());
            format!("{cell}{space}")
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_twice_as_wide() {
        let rows = [["名称 name", "1"], ["纸", "2"], ["abc", "3"]].map(|row| row.map(String::from).to_vec());
        assert_eq!(lines(&rows), ["名称 name  1", "纸         2", "abc        3"]);
    }
}

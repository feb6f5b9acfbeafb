//! Lists on the screen.

use slint::{Model as _, VecModel};

/// Makes `rows` the `wanted` ones, touching only those that differ: only they are drawn again, and a list stays where
/// it was scrolled to.
pub fn change_rows<T: Clone + PartialEq + 'static>(rows: &VecModel<T>, wanted: impl IntoIterator<Item = T>) {
    let mut count = 0;
    for row in wanted {
        match rows.row_data(count) {
            Some(shown) if shown == row => {}
            Some(_) => rows.set_row_data(count, row),
            None => rows.push(row),
        }
        count += 1;
    }
    while rows.row_count() > count {
        rows.remove(rows.row_count() - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_the_wanted_ones() {
        let rows = VecModel::default();
        for wanted in [&["A001", "A002"][..], &["A002"], &["A002", "B001", "A003"], &["B001"], &[]] {
            change_rows(&rows, wanted.iter().copied());
            assert_eq!(rows.iter().collect::<Vec<_>>(), wanted);
        }
    }
}

use std::fmt::Display;

/// Columns of text.
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
    is_right_aligned: bool,
}

impl Table {
    /// A table without rows, whose columns are aligned to the left.
    pub fn new() -> Table {
        Table::default()
    }

    /// A table whose columns after the first are aligned to the right.
    pub fn of_numbers() -> Table {
        Table { is_right_aligned: true, ..Table::default() }
    }

    /// Adds a row below the others.
    pub fn add(&mut self, row: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(row.into_iter().map(|cell| shown(&cell.into())).collect());
    }

    fn widths(&self) -> Vec<usize> {
        let n_columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        let width = |column| cells(column).map(|cell| cell.chars().count()).max().unwrap_or_default();
        (0..n_columns).map(width).collect()
    }
}

impl Display for Table {
    /// The rows between two empty lines.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let widths = self.widths();
        for row in &self.rows {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
                let is_right = self.is_right_aligned && column > 0;
                if is_right { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
            write!(f, "\n{}", cells.collect::<Vec<_>>().join("   ").trim_end())?;
        }
        f.write_str("\n")
    }
}

/// The width that a cell has at most: a label may have any length.
const MAX_CELL: usize = 48;

/// A cell as it is shown: a tab or a line end would break the table, and characters that do not show hide a difference.
fn shown(cell: &str) -> String {
    let is_hidden = |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}');
    let mut shown = String::new();
    for c in cell.chars() {
        if is_hidden(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    if shown.chars().count() > MAX_CELL {
        shown = shown.chars().take(MAX_CELL - 1).chain(['…']).collect();
    }
    shown
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::title;

    #[test]
    fn tables_are_laid_out_as_in_spacy() {
        let mut table = Table::of_numbers();
        table.add(["", "P", "R"]);
        table.add(["PERSON", "44.23", "57.50"]);
        table.add(["ORG", "0.00", "100.00"]);
        expect![[r#"

            =============================== NER (per type) ===============================

                         P        R
            PERSON   44.23    57.50
            ORG       0.00   100.00
        "#]]
        .assert_eq(&format!("{}\n{table}", title("NER (per type)")));
    }
}

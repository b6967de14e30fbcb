//! Damages to the lines of tables.

use ner_cpython::PythonRandom;

use super::good::{Good, below};
use super::lines::{joined, lines};

/// One cell of one line.
pub(super) fn drop_cell(good: &Good, random: &mut PythonRandom) -> Option<Vec<u8>> {
    let mut lines = lines(good)?;
    let index = below(random, lines.len());
    let cell = below(random, 3);
    let line = without_cell(good, lines[index], |n_cells| cell.min(n_cells - 1))?;
    lines[index] = &line;
    joined(&lines)
}

/// The last cell of all lines: an export without that column.
pub(super) fn drop_column(good: &Good, _: &mut PythonRandom) -> Option<Vec<u8>> {
    let mut n_cut = 0;
    let without = |line: &str| match without_cell(good, line, |n_cells| n_cells - 1) {
        Some(cut) => {
            n_cut += 1;
            cut
        }
        None => line.to_owned(),
    };
    let text: String = lines(good)?.into_iter().map(without).collect();
    (n_cut > 0).then(|| text.into_bytes())
}

/// A line without the cell that `choose` takes of so many; `None` if it has no two, or is a comment without one.
fn without_cell(good: &Good, line: &str, choose: impl Fn(usize) -> usize) -> Option<String> {
    let separator = separator(good, line)?;
    let mut is_quoted = false;
    // Of tables with commas alone a cell may be quoted.
    let is_end = |c| {
        is_quoted ^= c == '"' && separator == ',';
        c == separator && !is_quoted
    };
    let mut cells: Vec<_> = line.trim_end().split(is_end).collect();
    (cells.len() > 1 && !line.starts_with('#')).then(|| cells.remove(choose(cells.len())))?;
    Some(cells.join(&separator.to_string()) + "\n")
}

/// What stands between the cells of a line, if the format has cells.
fn separator(good: &Good, line: &str) -> Option<char> {
    match good.reading.format.as_str() {
        "csv" => Some(','),
        "brat" | "conll" | "conllu" | "iob" => Some(if line.contains('\t') { '\t' } else { ' ' }),
        _ => None,
    }
}

use ner_cpython::strip;

use super::split::Split;
use crate::tags::Tag;

/// Lines by which is known what columns hold.
const N_ROWS: usize = 1000;

/// Lines by which the number of columns is known; in a longer file most lines have what most of these have.
const N_COUNTED: usize = 100_000;

/// The first rows of a file, and what its columns hold as far as these show it.
pub(super) struct FirstRows<'a> {
    pub(super) split: Split,
    /// The number of columns that most lines have.
    pub(super) n_columns: usize,
    /// Those that most lines have not are left out.
    pub(super) rows: Vec<FirstRow<'a>>,
    /// The first line of the file that cannot be a comment.
    first_line: &'a str,
}

pub(super) struct FirstRow<'a> {
    pub(super) line: &'a str,
    pub(super) cells: Vec<&'a str>,
    /// The place in its sentence.
    index: usize,
}

impl<'a> FirstRows<'a> {
    pub(super) fn of<I: Iterator<Item = &'a str> + Clone>(sentences: I) -> FirstRows<'a> {
        let lines = || sentences.clone().flat_map(|sentence| sentence.split('\n'));
        let split = Split::of(lines().filter(is_plain).take(N_ROWS));
        let n_columns = most_columns(split, lines());
        let mut rows = Vec::new();
        for sentence in sentences.clone() {
            let lines = sentence.split('\n').filter(is_plain).map(|line| (line, split.cells(line).collect()));
            let lines = lines.filter(|(_, cells): &(_, Vec<_>)| cells.len() == n_columns).enumerate();
            rows.extend(lines.map(|(index, (line, cells))| FirstRow { line, cells, index }).take(N_ROWS));
            if rows.len() >= N_ROWS {
                break;
            }
        }
        FirstRows { split, n_columns, rows, first_line: lines().find(is_plain).unwrap_or_default() }
    }

    /// The cells of a column.
    pub(super) fn column(&self, column: usize) -> impl Iterator<Item = &'a str> {
        self.rows.iter().map(move |row| row.cells[column])
    }

    /// Whether most cells of a column are tags that say something.
    pub(super) fn holds_tags(&self, column: usize) -> bool {
        let n_tags = self.column(column).filter(|cell| Tag::parse(cell).is_some()).count();
        let says = |cell| !matches!(Tag::parse(cell), None | Some(Tag::Unknown));
        n_tags * 2 >= self.rows.len() && self.column(column).any(says)
    }

    /// Whether a column counts the tokens of each sentence.
    pub(super) fn is_running_number(&self, column: usize) -> bool {
        let Some(start) = self.rows.first().and_then(|row| row.cells[column].parse::<usize>().ok()) else {
            return false;
        };
        let counts = |row: &FirstRow<'_>| row.cells[column].parse() == Ok(start + row.index);
        start <= 1 && self.rows.iter().all(counts) && self.rows.iter().any(|row| row.index > 0)
    }

    /// Takes off the row that names the columns, if the first line of the file does: it has a usual name and no tag.
    pub(super) fn take_header(&mut self) -> Option<&'a str> {
        const NAMES: [&str; 11] =
            ["token", "tokens", "word", "words", "form", "text", "tag", "tags", "label", "labels", "ner"];
        let is_name = |cell: &&str| NAMES.contains(&cell.to_lowercase().as_str());
        let first = self.rows.first().filter(|row| row.line == self.first_line)?;
        if !first.cells.iter().any(is_name) || first.cells.iter().any(|cell| Tag::parse(cell).is_some()) {
            return None;
        }
        let header = self.rows.remove(0);
        for row in self.rows.iter_mut().take_while(|row| row.index > 0) {
            row.index -= 1;
        }
        Some(header.line)
    }
}

/// Whether a line cannot be a comment.
fn is_plain(line: &&str) -> bool {
    !line.starts_with('#') && !strip(line).is_empty()
}

/// The number of columns of most lines; of several such numbers the greatest.
fn most_columns<'a>(split: Split, lines: impl Iterator<Item = &'a str>) -> usize {
    let mut n_lines = Vec::new();
    for line in lines.filter(is_plain).take(N_COUNTED) {
        let n_columns = split.cells(line).count();
        if n_lines.len() <= n_columns {
            n_lines.resize(n_columns + 1, 0_usize);
        }
        n_lines[n_columns] += 1;
    }
    (0..n_lines.len()).max_by_key(|&n_columns| n_lines[n_columns]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_number_starts_again_in_each_sentence() {
        let check = |sentences: &[&str], expected| {
            let rows = FirstRows::of(sentences.iter().copied());
            assert_eq!(rows.is_running_number(0), expected, "{sentences:?}");
        };
        check(&["1 a O\n2 b O", "1 c O"], true);
        check(&["0 a O\n1 b O"], true);
        check(&["1 a O", "1 b O"], false);
        check(&["1 a O\n3 b O"], false);
        check(&["# O\n1 O\nin O"], false);
    }

    #[test]
    fn most_lines_have_the_number_of_columns() {
        let check = |text: &str, expected| assert_eq!(FirstRows::of([text].into_iter()).n_columns, expected);
        check("# a b c d\na b O\nc d O\ne f", 3);
        check("a O\nb c O", 3);
        check("", 0);
    }
}

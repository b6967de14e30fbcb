use super::split::Split;
use crate::FormatError;
use crate::source::Source;
use crate::tags::{Scheme, Tag};

/// Where the columns of a file lie that are read.
pub(super) struct Columns {
    pub(super) split: Split,
    /// The columns of each line.
    pub(super) count: usize,
    pub(super) word: usize,
    pub(super) pos: Option<usize>,
    pub(super) tag: usize,
    /// The scheme of the tags, if the options name it.
    pub(super) scheme: Option<Scheme>,
}

/// What is read of a line.
pub(super) struct Row<'a> {
    pub(super) word: &'a str,
    /// Part of speech; `-` where the file has none.
    pub(super) pos: &'a str,
    pub(super) tag: &'a str,
}

impl Columns {
    /// The lines of a sentence that are no comments.
    pub(super) fn lines<'a>(&self, sentence: &'a str) -> impl Iterator<Item = &'a str> {
        let mut is_first = true;
        sentence.split('\n').filter(move |line| {
            let is_token = !line.starts_with('#') || !self.is_comment(line, is_first);
            is_first &= !is_token;
            is_token
        })
    }

    /// Whether a line that begins with `#` is a comment and not that word.
    fn is_comment(&self, line: &str, is_before_tokens: bool) -> bool {
        let is_tag =
            |cell: &str| self.scheme.map_or_else(|| Tag::parse(cell), |scheme| scheme.tag(cell)).is_some();
        let cells: Vec<_> = self.split.cells(line).collect();
        let is_odd = cells.len() != self.count;
        if is_before_tokens {
            return is_odd || !is_tag(cells[self.tag]);
        }
        // A word of the sentence may have lost a cell. It is not passed over then.
        is_odd && !cells.last().is_some_and(|cell| is_tag(cell))
    }

    /// The cells of a line. Fails if it has another number of columns than most lines, or no word.
    pub(super) fn row<'a>(&self, source: &Source, line: &'a str) -> Result<Row<'a>, FormatError> {
        let mut row = Row { word: "", pos: "-", tag: "" };
        let mut n_columns = 0;
        for cell in self.split.cells(line) {
            if n_columns == self.word {
                row.word = cell;
            } else if n_columns == self.tag {
                row.tag = cell;
            } else if self.pos == Some(n_columns) {
                row.pos = cell;
            }
            n_columns += 1;
        }
        if n_columns != self.count {
            return Err(self.wrong_count(source, line, n_columns));
        }
        for (cell, column, name) in [(row.word, self.word, "token"), (row.tag, self.tag, "tag")] {
            if cell.is_empty() {
                let column = column + 1;
                let message = format!(
                    "column {column}, of the {name}s, is empty; write a {name} there, or name the column with --{name}-column"
                );
                return Err(source.error(line, Some("E903"), message));
            }
        }
        Ok(row)
    }

    fn wrong_count(&self, source: &Source, line: &str, n_columns: usize) -> FormatError {
        let mend = match (n_columns < self.count, self.split) {
            (true, _) => "a cell is missing",
            (false, Split::WhiteSpace) => "if a word holds a space, put tabs between the columns",
            (false, Split::Tabs) => "it has a tab too many",
        };
        let (count, split) = (self.count, self.split.text());
        let columns = if n_columns == 1 { "column" } else { "columns" };
        let message = format!("{n_columns} {columns} {split}, most lines have {count}; {mend}: {line:?}");
        source.error(line, Some("E903"), message)
    }
}

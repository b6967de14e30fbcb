use ner_cpython::is_space;

/// What stands between the columns of a file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// Tabs alone, so that a cell may hold spaces.
    Tabs,
    WhiteSpace,
}

impl Split {
    /// What parts the columns of a file with these lines: tabs if most have one.
    pub(super) fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Split {
        let (mut n_lines, mut n_tabbed) = (0, 0);
        for line in lines {
            n_lines += 1;
            n_tabbed += usize::from(trim_end(line).contains('\t'));
        }
        if n_tabbed * 2 > n_lines { Split::Tabs } else { Split::WhiteSpace }
    }

    /// The cells of a line, without white space around them. Tabs at its end part nothing.
    pub(super) fn cells(self, line: &str) -> Cells<'_> {
        Cells { split: self, rest: Some(trim_end(line)) }
    }

    /// In messages, behind a number of columns.
    pub(super) fn text(self) -> &'static str {
        match self {
            Split::Tabs => "between tabs",
            Split::WhiteSpace => "between white space",
        }
    }
}

/// Where the first white space lies.
// By bytes, as below: most cells are short and of ASCII, and finding their ends is most of the work of reading a file.
fn space_in(text: &str) -> Option<usize> {
    let at = text.bytes().position(|byte| !byte.is_ascii_graphic())?;
    text[at..].find(is_space).map(|after| at + after)
}

fn trim_end(line: &str) -> &str {
    line.trim_end_matches(is_space)
}

/// The cells of a line, from left to right.
pub(super) struct Cells<'a> {
    split: Split,
    rest: Option<&'a str>,
}

impl<'a> Iterator for Cells<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.take()?;
        let cell = match self.split {
            Split::Tabs => {
                let end = rest.bytes().position(|byte| byte == b'\t');
                self.rest = end.map(|end| &rest[end + 1..]);
                return Some(ner_cpython::strip(&rest[..end.unwrap_or(rest.len())]));
            }
            Split::WhiteSpace => rest.trim_start_matches(is_space),
        };
        let end = space_in(cell);
        self.rest = end.map(|end| &cell[end..]);
        Some(&cell[..end.unwrap_or(cell.len())]).filter(|cell| !cell.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, split: Split, expected: &[&str]) {
        assert_eq!(Split::of([line].into_iter()), split);
        assert_eq!(split.cells(line).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn cells_lie_between_tabs_or_white_space() {
        check("Mira  NNP\u{a0}O ", Split::WhiteSpace, &["Mira", "NNP", "O"]);
        check("Köln\u{7f}é\u{1f}B-LOC", Split::WhiteSpace, &["Köln\u{7f}é", "B-LOC"]);
        check(" Mira O\t", Split::WhiteSpace, &["Mira", "O"]);
        check("New Tovo\t\t B-LOC\t", Split::Tabs, &["New Tovo", "", "B-LOC"]);
        check("\tO", Split::Tabs, &["", "O"]);
        check("", Split::WhiteSpace, &[]);
    }
}

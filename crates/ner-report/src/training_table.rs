/// The table of a run's evaluations: column titles and widths.
#[derive(Clone, Debug)]
pub(crate) struct TrainingTable {
    columns: Vec<Column>,
}

#[derive(Clone, Debug)]
struct Column {
    title: String,
    width: usize,
}

const MAX_TITLE: usize = 13;

impl TrainingTable {
    /// The table with these losses and scores.
    pub(crate) fn new(components: &[String], scores: &[String]) -> TrainingTable {
        let losses = components.iter().map(|component| Column::new(&format!("Loss {component}"), 8));
        let scores = scores.iter().map(|score| Column::new(score, 6));
        let columns = [Column::new("E", 3), Column::new("#", 6)].into_iter().chain(losses).chain(scores);
        TrainingTable { columns: columns.chain([Column::new("Score", 6)]).collect() }
    }

    /// The titles.
    pub(crate) fn header(&self) -> String {
        self.joined(self.columns.iter().map(|Column { title, width }| format!("{title:width$}")))
    }

    /// The line below the titles.
    pub(crate) fn rule(&self) -> String {
        self.joined(self.columns.iter().map(|column| "-".repeat(column.width)))
    }

    /// A row of values.
    pub(crate) fn row(&self, values: impl IntoIterator<Item = String>) -> String {
        let cells = self.columns.iter().zip(values);
        self.joined(cells.map(|(Column { width, .. }, value)| format!("{value:>width$}")))
    }

    fn joined(&self, cells: impl Iterator<Item = String>) -> String {
        cells.collect::<Vec<_>>().join("  ")
    }
}

impl Column {
    fn new(title: &str, min_width: usize) -> Column {
        let title = match title.chars().count() > MAX_TITLE {
            true => title.chars().take(MAX_TITLE - 3).chain("...".chars()).collect(),
            false => title.to_owned(),
        };
        Column { width: title.chars().count().max(min_width), title: title.to_uppercase() }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_titles_and_long_titles_are_cut() {
        let scores = ["speed".to_owned(), "token_accuracy".to_owned()];
        let table = TrainingTable::new(&["transformer".to_owned(), "ner".to_owned()], &scores);
        let row = table.row(["0", "1234567", "1.00", "2.00", "30000.00", "99.00", "0.99"].map(str::to_owned));
        let lines = [table.header(), table.rule(), row].map(|line| format!("{line}|\n")).concat();
        expect![[r#"
            E    #       LOSS TRANS...  LOSS NER  SPEED   TOKEN_ACCU...  SCORE |
            ---  ------  -------------  --------  ------  -------------  ------|
              0  1234567           1.00      2.00  30000.00          99.00    0.99|
        "#]]
        .assert_eq(&lines);
    }
}

use serde_json::{Value, json};

/// The measurements of one quantity, run by run.
pub(super) struct Row {
    name: String,
    unit: &'static str,
    pub(super) ours: Vec<f64>,
    /// Of spaCy, or of what the name says.
    pub(super) other: Vec<f64>,
}

impl Row {
    pub(super) fn new(name: String, unit: &'static str) -> Row {
        Row { name, unit, ours: Vec::new(), other: Vec::new() }
    }

    pub(super) fn only(name: &str, unit: &'static str, value: f64) -> Row {
        Row { name: name.to_owned(), unit, ours: vec![value], other: Vec::new() }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "name": self.name,
            "unit": self.unit,
            "ours": median(&self.ours),
            "other": median(&self.other),
            "ratio": self.ratio(),
            "runs": self.ours.len(),
        })
    }

    /// How many times better ours is, run by run: more of what is counted a second, less of what is spent.
    fn ratio(&self) -> Option<f64> {
        // A ratio for each run, then their median: a drift of the machine's speed cancels out within a run.
        let is_spent = ["s", "ms", "MB"].contains(&self.unit);
        let pairs = self.ours.iter().zip(&self.other);
        let ratios = pairs.map(|(ours, other)| if is_spent { other / ours } else { ours / other });
        median(&ratios.collect::<Vec<_>>())
    }
}

/// Prints a table in Markdown.
#[expect(clippy::print_stdout, reason = "the table is what the task is asked for")]
pub(super) fn print(rows: &[Row]) {
    println!("| what | unit | ours | spaCy | ratio |\n|---|---|---:|---:|---:|");
    for row in rows {
        let number = |value: Option<f64>| value.map_or_else(String::new, digits);
        let ratio = row.ratio().map_or_else(String::new, |ratio| format!("{ratio:.1}"));
        let (ours, other) = (number(median(&row.ours)), number(median(&row.other)));
        println!("| {} | {} | {ours} | {other} | {ratio} |", row.name, row.unit);
    }
}

fn digits(value: f64) -> String {
    if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_say_how_many_times_better_ours_is() {
        let row = |unit, ours: &[f64], other: &[f64]| Row {
            name: String::new(),
            unit,
            ours: ours.to_vec(),
            other: other.to_vec(),
        };
        assert_eq!(row("words/s", &[10.0, 30.0, 20.0], &[1.0, 2.0, 4.0]).ratio(), Some(10.0));
        assert_eq!(row("s", &[2.0, 4.0], &[20.0, 20.0]).ratio(), Some(7.5));
        assert_eq!(row("s", &[2.0], &[]).ratio(), None);
    }
}

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde_json::Value;

use crate::{LogRow, TrainingError};

/// A file with one line of JSON for each evaluation.
#[derive(Debug)]
pub(crate) struct LogFile {
    path: PathBuf,
    file: File,
}

impl LogFile {
    /// Opens a new file, in a new folder if need be.
    pub(crate) fn create(path: &Path) -> Result<LogFile, TrainingError> {
        let parent = path.parent().unwrap_or(path);
        fs::create_dir_all(parent)
            .and_then(|()| File::create_new(path))
            .map(|file| LogFile { path: path.to_owned(), file })
            .map_err(|source| failed(path, source))
    }

    /// Adds a line.
    pub(crate) fn write(&mut self, row: &LogRow) -> Result<(), TrainingError> {
        self.file.write_all(to_json(row).as_bytes()).map_err(|source| failed(&self.path, source))
    }
}

fn failed(path: &Path, source: io::Error) -> TrainingError {
    TrainingError::LogFile { path: path.to_owned(), source }
}

/// A line of the file, with the keys in spaCy's order.
fn to_json(LogRow { epoch, step, losses, scores, score }: &LogRow) -> String {
    let (losses, scores, score) = (object(losses), object(scores), number(*score));
    format!(
        "{{\"epoch\":{epoch},\"step\":{step},\"losses\":{losses},\"scores\":{scores},\"score\":{score}}}\n"
    )
}

fn object(numbers: &IndexMap<String, f64>) -> String {
    let pairs =
        numbers.iter().map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), number(*value)));
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
}

/// `value` as spaCy's JSON writer puts it: never more than ten decimal places, never an exponent unless the number is
/// huge. JSON has no infinity; it becomes null.
fn number(value: f64) -> String {
    if !value.is_finite() || value.abs() >= 1e16 {
        return Value::from(value).to_string();
    }
    // Adding 0 turns -0 into 0.
    let places = format!("{:.10}", value + 0.0);
    let digits = places.trim_end_matches('0');
    if digits.ends_with('.') { format!("{digits}0") } else { digits.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_at_most_ten_places() {
        // Written by srsly.json_dumps, but for NaN, at which it fails.
        let numbers = [0.1 + 0.2, 1e-11, 1.6e-10, -0.0, 12345.0, 1e15, 1e-3, f64::NAN];
        let texts = ["0.3", "0.0", "0.0000000002", "0.0", "12345.0", "1000000000000000.0", "0.001", "null"];
        assert_eq!(numbers.map(number), texts);
    }
}

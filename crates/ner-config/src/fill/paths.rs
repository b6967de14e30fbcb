//! Paths of Windows in which a backslash was taken for the begin of an escape.

use crate::path::join;
use crate::problems::Problems;
use crate::{ConfigError, Document, Table, Value};

/// A problem for each value that begins with the letter of a drive and has lost a backslash, or keeps its quotes since it
/// is no JSON.
// Nothing but a path begins so, and neither form of it can lead to a file.
pub(super) fn check(document: &Document, problems: &mut Problems) {
    check_table(document.root(), "", problems);
}

fn check_table(table: &Table, parent: &str, problems: &mut Problems) {
    for (key, value) in table {
        let path = join(parent, key);
        match value {
            Value::Table(table) => check_table(table, &path, problems),
            Value::String(text) => problems.extend(as_written(text).map(|written| {
                let message = format!(
                    "backslashes count as escapes inside quotes, found {written}; write / or \\\\ in place of each"
                );
                ConfigError::Value { path, message }
            })),
            _ => {}
        }
    }
}

/// The text of the file, if it is such a path.
fn as_written(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"').unwrap_or(text);
    let rest = inner.strip_prefix(|letter: char| letter.is_ascii_alphabetic())?.strip_prefix(':')?;
    let is_no_json = inner.len() < text.len() && rest.contains('\\');
    let has_lost_one = inner.len() == text.len() && rest.contains(char::is_control);
    let escape = |character: char| match character {
        '\u{8}' => "\\b".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        other if other.is_control() => other.escape_debug().to_string(),
        other => other.to_string(),
    };
    match (is_no_json, has_lost_one) {
        (true, _) => Some(text.to_owned()),
        (_, true) => Some(format!("\"{}\"", text.chars().map(escape).collect::<String>())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_broken_paths_are_found() {
        for (text, written) in [
            ("\"C:\\data\\new\"", Some("\"C:\\data\\new\"")),
            ("C:\new\train.spacy", Some("\"C:\\new\\train.spacy\"")),
            ("C:\\data\\new", None),
            ("C:/data", None),
            ("${paths.root}\\new", None),
            ("Note:\nthis", None),
        ] {
            assert_eq!(as_written(text).as_deref(), written);
        }
    }
}

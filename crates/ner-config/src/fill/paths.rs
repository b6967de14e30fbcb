//! Paths that cannot be meant.

use crate::path::join;
use crate::problems::Problems;
use crate::{ConfigError, Document, ResolvedConfig, Table, Value};

/// A problem for each value that begins with the letter of a drive and has lost a backslash, or keeps its quotes since it
/// is no JSON: a path of Windows in which a backslash was taken for the begin of an escape.
// Nothing but a path begins so, and neither form of it can lead to a file.
pub(super) fn check(document: &Document, problems: &mut Problems) {
    check_table(document.root(), "", problems);
}

/// A problem for each corpus whose path is an empty text, as a script gives that lacks a variable.
pub(super) fn check_corpora(config: &ResolvedConfig, problems: &mut Problems) {
    let corpora = config.get("corpora").and_then(Value::as_table).into_iter().flatten();
    let is_empty = |block: &Value| block.as_table().and_then(|block| block.get("path")) == Some(&"".into());
    let empty = corpora.filter(|(_, block)| is_empty(block)).map(|(name, _)| ConfigError::Value {
        path: format!("corpora.{name}.path"),
        message: format!(
            "expected a file or a directory, found an empty text; give one, for instance with --paths.{name}"
        ),
    });
    problems.extend(empty);
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

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use ner_config::{Document, Value as ConfigValue};
use ner_corpus::CorpusSummary;
use ner_doc::{Doc, Example};
use ner_formats::{Opened, json_values};
use serde_json::Value;

use super::Item;
use crate::StudyError;

/// Which documents stay on one side when a corpus is cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// Those of one text: what was learned by heart says nothing about others.
    Text,
    /// So many that follow each other, as the sentences of a document do that was cut up.
    Consecutive(usize),
    /// Those with one value of this key, with dots between the levels: of the records of a JSON file, such as `meta.source`,
    /// or of the user data in a `.spacy` file.
    Key(String),
}

/// The groups of a corpus, in the order of their first documents. `keys` holds the value of each record by its text.
pub(crate) fn group(
    examples: &[Example],
    by: &GroupBy,
    keys: &HashMap<String, String>,
) -> Result<Vec<Item>, StudyError> {
    let mut groups: Vec<Item> = Vec::new();
    let mut index_of: HashMap<String, usize> = HashMap::new();
    for (number, example) in examples.iter().enumerate() {
        let name = match by {
            GroupBy::Text => example.reference.text(),
            GroupBy::Consecutive(n) => (number / (*n).max(1)).to_string(),
            GroupBy::Key(key) => {
                value_of(&example.reference, key, keys).ok_or_else(|| no_value(number, example, key))?
            }
        };
        let index = *index_of.entry(name).or_insert_with(|| {
            groups.push(Item::default());
            groups.len() - 1
        });
        groups[index].documents.push(number);
        add_labels(&mut groups[index].labels, example);
    }
    Ok(groups)
}

fn add_labels(labels: &mut BTreeMap<String, usize>, example: &Example) {
    let mut summary = CorpusSummary::default();
    summary.add(example);
    summary.entities.into_iter().for_each(|(label, count)| *labels.entry(label).or_default() += count);
}

fn no_value(number: usize, example: &Example, key: &str) -> StudyError {
    let text: String = example.reference.text().chars().take(60).collect();
    StudyError::Groups {
        key: key.to_owned(),
        message: format!(
            "document {} ({text:?}) has no such key, neither in the user data of a .spacy file nor in a JSON record of its text; \
             name another key, or give a number to group so many documents that follow each other",
            number + 1
        ),
    }
}

fn value_of(doc: &Doc, key: &str, keys: &HashMap<String, String>) -> Option<String> {
    if let Some(value) = in_user_data(doc, key) {
        return Some(value);
    }
    keys.get(&doc.text()).or_else(|| keys.get(&of_words(&doc.words()))).cloned()
}

/// The value of a key in the user data, which spaCy keeps as MessagePack: `doc.user_data["key"]`, or the extension `doc._.key`.
fn in_user_data(doc: &Doc, key: &str) -> Option<String> {
    let data = rmpv::decode::read_value(&mut doc.user_data.as_slice()).ok()?;
    let mut value = &data;
    for (level, name) in key.split('.').enumerate() {
        let entries = value.as_map()?;
        // spaCy: the extension has the key ("._.", name, start, end) (tokens/underscore.py).
        let is_extension = |entry: &rmpv::Value| {
            let parts = entry.as_array().map(Vec::as_slice).unwrap_or_default();
            level == 0 && parts.get(1).and_then(rmpv::Value::as_str) == Some(name)
        };
        value = &entries.iter().find(|(entry, _)| entry.as_str() == Some(name) || is_extension(entry))?.1;
    }
    Some(value.to_string())
}

/// A key under which the words of a document without a text are found; no text has this character.
fn of_words(words: &[&str]) -> String {
    format!("\0{}", words.join("\0"))
}

/// The values of a key in the records of the JSON files that a corpus is read from, by the text of the record. Other files
/// have none.
pub(crate) fn texts_of_records(
    config: &Document,
    corpus: &str,
    key: &str,
) -> Result<HashMap<String, String>, StudyError> {
    let config = config.resolve()?;
    let path = config.get(&format!("{corpus}.path")).and_then(ConfigValue::as_str).map(PathBuf::from);
    let mut keys = HashMap::new();
    for file in path.map(|path| files(&path)).transpose()?.into_iter().flatten() {
        let opened = Opened::open(&file, None)?;
        if !opened.head().trim_ascii_start().starts_with(b"{")
            && !opened.head().trim_ascii_start().starts_with(b"[")
        {
            continue;
        }
        for record in json_values(opened)? {
            let (_, record) = record?;
            let value = key.split('.').try_fold(&record, |value, name| value.get(name));
            if let (Some(text), Some(value)) = (text_of(&record), value) {
                keys.insert(text, value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            }
        }
    }
    Ok(keys)
}

fn files(path: &Path) -> Result<Vec<PathBuf>, StudyError> {
    Ok(if path.is_dir() { ner_files::files_below(path)? } else { vec![path.to_owned()] })
}

/// The text of a record, or its words.
fn text_of(record: &Value) -> Option<String> {
    if let Some(text) = record.get("text").and_then(Value::as_str) {
        return Some(text.to_owned());
    }
    let word = |token: &'_ Value| token.as_str().or_else(|| token.get("text")?.as_str()).map(str::to_owned);
    let words: Vec<String> = record.get("tokens")?.as_array()?.iter().map(word).collect::<Option<_>>()?;
    Some(of_words(&words.iter().map(String::as_str).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ner_vocab::Vocab;

    use super::*;

    fn document(words: &[&str], user_data: &[(rmpv::Value, rmpv::Value)]) -> Doc {
        let vocab = Vocab::new("en").unwrap_or_else(|| unreachable!());
        let mut doc = Doc::from_words(Arc::new(vocab), words, &[]);
        let data = rmpv::Value::Map(user_data.to_vec());
        rmpv::encode::write_value(&mut doc.user_data, &data).unwrap_or_else(|_| unreachable!());
        doc
    }

    #[test]
    fn a_key_is_found_where_spacy_keeps_it() {
        let value = |text: &str| rmpv::Value::from(text);
        let extension =
            rmpv::Value::Array(vec![value("._."), value("site"), rmpv::Value::Nil, rmpv::Value::Nil]);
        let meta = rmpv::Value::Map(vec![(value("source"), value("x"))]);
        let doc = document(&["a"], &[(extension, 7.into()), (value("meta"), meta)]);
        assert_eq!(in_user_data(&doc, "site"), Some("7".to_owned()));
        assert_eq!(in_user_data(&doc, "meta.source"), Some("\"x\"".to_owned()));
        assert_eq!(in_user_data(&doc, "source"), None);
    }

    #[test]
    fn documents_of_a_text_or_of_a_place_are_a_group() {
        let example = |word: &str| Example::new(document(&[word], &[]), document(&[word], &[]));
        let examples = ["a", "b", "a", "c"].map(example);
        let groups = |by: GroupBy| -> Vec<Vec<usize>> {
            let groups = group(&examples, &by, &HashMap::new()).unwrap_or_default();
            groups.into_iter().map(|group| group.documents).collect()
        };
        assert_eq!(groups(GroupBy::Text), [vec![0, 2], vec![1], vec![3]]);
        assert_eq!(groups(GroupBy::Consecutive(3)), [vec![0, 1, 2], vec![3]]);
    }
}

use std::path::Path;

use ner_doc::{DocError, Example};
use ner_evaluation::Span;
use ner_files::FileError;
use ner_formats::JsonlWriter;
use serde_json::{Map, Value, json};

use crate::StudyError;

/// Writes predicted documents as JSON Lines: `ents` with the prediction, and `gold` with the annotation beside it.
pub(super) fn write_predictions(examples: &[Example], file: &Path) -> Result<(), StudyError> {
    ner_files::write(file, |out| {
        let mut writer = JsonlWriter::new(out, file).with_tokens();
        for example in examples {
            let fields = Map::from_iter([("gold".to_owned(), gold(example)?)]);
            writer.write(&example.predicted, fields)?;
        }
        Ok::<_, StudyError>(())
    })
}

/// The true entities; null if nothing is known of them.
fn gold(example: &Example) -> Result<Value, DocError> {
    let doc = &example.reference;
    Ok(if doc.has_entity_annotation() { json!(Span::all(doc, &doc.entities()?)) } else { Value::Null })
}

/// Joins the predictions of folds in the order of the corpus: `order` names for each document its fold, from 0.
pub(crate) fn join_predictions(
    folds: &[impl AsRef<Path>],
    order: &[usize],
    file: &Path,
) -> Result<(), StudyError> {
    let texts = folds.iter().map(|fold| ner_files::read(fold.as_ref()));
    let texts: Vec<Vec<u8>> = texts.collect::<Result<_, FileError>>()?;
    let mut lines: Vec<_> = texts.iter().map(|text| text.split_inclusive(|&byte| byte == b'\n')).collect();
    ner_files::write(file, |out| {
        let in_order = order.iter().filter_map(|&fold| lines[fold].next());
        for line in in_order {
            out.write_all(line).map_err(FileError::io(file))?;
        }
        Ok::<_, StudyError>(())
    })
}
